// Who ships in the simulated account? A warehouse that picks approved orders after a while, in one or two parcels.
import { makeRandom } from '../random.ts';
import { fulfil, type Line } from './transactions.ts';
import type { World } from './world.ts';

const carriers: Readonly<Record<string, (digits: string) => string>> = {
  'UPS Ground': (digits) => `1Z${digits.slice(0, 16)}`,
  'FedEx 2Day': (digits) => digits.slice(0, 12),
  'USPS Priority': (digits) => `9400${digits.slice(0, 18)}`,
  'DPD Next Day': (digits) => `1550${digits.slice(0, 10)}`,
  'Royal Mail 24': (digits) => `RM${digits.slice(0, 9)}GB`,
};

/** Ships orders that are open for longer than `afterSeconds` of the world's time. */
export function startWarehouse(world: World, afterSeconds: number): { stop(): void } {
  const random = makeRandom('warehouse');
  const timer = setInterval(() => shipDue(world, afterSeconds, random), Math.max(50, world.clock.toRealMs(2_000)));
  return { stop: () => clearInterval(timer) };
}

export function shipDue(world: World, afterSeconds: number, random: ReturnType<typeof makeRandom>): number {
  const before = world.clock.now() - afterSeconds * 1000;
  const due = world.rows(`SELECT id, shipmethod FROM "transaction" WHERE type = 'SalesOrd' AND status IN ('B', 'D') AND lastmodifieddate <= ? AND custbody_mkt_fulfillment = 'MFN' ORDER BY id LIMIT 50`, before);
  let shipped = 0;
  for (const row of due) {
    const orderId = Number(row['id']);
    const open = ((world.record('salesorder', orderId)?.['lines'] ?? []) as Line[]).filter((line) => line.location !== null && !line.isClosed && line.quantityFulfilled < line.quantity);
    if (open.length === 0) continue;
    const partial = open.length > 1 && random.chance(0.25);
    const lines = partial ? open.slice(0, 1) : open;
    const method = String(world.row('SELECT itemid FROM shipitem WHERE id = ?', row['shipmethod'])?.['itemid'] ?? 'USPS Priority');
    const parcels = !partial && open.reduce((sum, line) => sum + line.quantity, 0) > 1 && random.chance(0.15) ? 2 : 1;
    const number = carriers[method] ?? carriers['USPS Priority']!;
    try {
      world.atomically(() =>
        fulfil(world, orderId, {
          shipStatus: { id: 'C' },
          item: { items: lines.map((line) => ({ orderLine: line.line, itemReceive: true, quantity: line.quantity - line.quantityFulfilled })) },
          package: { items: Array.from({ length: parcels }, () => ({ packageTrackingNumber: number(random.digits(20)) })) },
        }),
      );
      shipped++;
    } catch (error) {
      // An order changed between the list and the shipment; the next round sees its new state.
      if (!(error instanceof Error)) throw error;
    }
  }
  return shipped;
}
