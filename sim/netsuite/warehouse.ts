// Who ships the orders? A warehouse that takes approved open orders after some time, sometimes in parts or in several
// packages, with tracking numbers as carriers write them.
import { makeRandom, type Random } from '../random.ts';
import type { Account } from './account.ts';
import type { Role } from './auth/roles.ts';
import { Refusal } from './errors.ts';
import { nameOf } from './masters.ts';
import { fulfilOrder } from './records/fulfil.ts';
import type { Transaction } from './transactions.ts';

export interface Package {
  readonly trackingNumber?: string;
  readonly weight?: number;
  readonly description?: string;
}

/** A tracking number in the form of the ship method's carrier. */
export function trackingNumber(random: Random, method: string): string {
  if (/ups/i.test(method) && !/usps/i.test(method)) return `1Z${random.digits(6)}${random.digits(10)}`;
  if (/fedex/i.test(method)) return `7${random.digits(11)}`;
  if (/usps/i.test(method)) return `9400${random.digits(18)}`;
  if (/royal/i.test(method)) return `RM${random.digits(9)}GB`;
  if (/dpd/i.test(method)) return `1550${random.digits(10)}`;
  return `TRK${random.digits(12)}`;
}

export interface ShipRequest {
  /** Quantities by order line; all that is open and committed when absent. */
  readonly lines?: readonly { readonly line: number; readonly quantity?: number }[];
  readonly packages?: readonly Package[];
  readonly shipStatus?: 'A' | 'B' | 'C';
}

export interface Warehouse {
  ship(orderId: number, request?: ShipRequest): Transaction;
  /** Ships every order that has waited long enough; answers how many shipments were made. */
  work(): number;
}

/** How often an order leaves in two shipments, and a shipment in two packages. */
const splitShipment = 0.15;
const splitPackages = 0.15;
/** Orders looked at in one round, so that one round stays short. */
const roundMax = 200;

export function makeWarehouse(
  account: Account,
  options: { readonly afterMs: number; readonly seed: string | number; readonly role: Role },
): Warehouse {
  const random = makeRandom(`warehouse/${options.seed}`);
  const waiting = account.db.prepare(
    "SELECT t.id AS id, t.status AS status, t._createdms AS createdms, t.lastmodifieddate AS modified FROM ns_transaction t WHERE t.type = 'SalesOrd' AND t.status IN ('B', 'D', 'E') AND t._createdms <= ? AND EXISTS (SELECT 1 FROM ns_transactionline l WHERE l.[transaction] = t.id AND l.quantitycommitted > 0) ORDER BY t.id LIMIT ?",
  );

  const ship = (orderId: number, request: ShipRequest = {}): Transaction => {
    const order = account.transactions.load(orderId);
    if (order?.type !== 'SalesOrd') throw new Error(`There is no sales order with the id ${orderId}.`);
    const method =
      order.shipMethod === undefined ? '' : nameOf(account.masters.get('shipitem', order.shipMethod)!);
    // Chance depends on the order alone, so that a restart does not repeat tracking numbers.
    const own = random.derive(`${orderId}/${order.lines.reduce((sum, line) => sum + line.picked, 0)}`);
    const wanted = request.lines && new Map(request.lines.map(({ line, quantity }) => [line, quantity]));
    const items = order.lines
      .filter((line) => line.fulfillable && !line.closed)
      .flatMap((line): Record<string, unknown>[] => {
        const most = account.fulfilCommittedOnly
          ? account.stock.shippable(order, line)
          : line.quantity - line.picked;
        const chosen = wanted && !wanted.has(line.line) ? 0 : (wanted?.get(line.line) ?? most);
        if (chosen <= 0) return [{ orderLine: line.line, itemReceive: false }];
        const detail = lotDetail(account, line.item, line.location ?? order.location, chosen);
        return [
          {
            orderLine: line.line,
            itemReceive: true,
            quantity: chosen,
            ...(detail ? { inventoryDetail: detail } : {}),
          },
        ];
      });
    const packages: readonly Package[] = request.packages ?? packed(account, own, order, items, method);
    const body: Record<string, unknown> = {
      item: { items },
      shipStatus: { id: request.shipStatus ?? 'C' },
      package: {
        items: packages.map((one, index) => ({
          packageTrackingNumber: one.trackingNumber ?? trackingNumber(own, method),
          packageWeight: one.weight ?? 1 + index,
          packageDescr: one.description ?? method,
        })),
      },
    };
    return account.change(() => fulfilOrder(account, order, body));
  };

  const work = (): number => {
    let made = 0;
    for (const row of waiting.all(account.now() - options.afterMs, roundMax)) {
      const id = Number(row['id']);
      // The rest of a split order waits as long again.
      if (
        row['status'] !== 'B' &&
        Date.parse(String(row['modified']).slice(1)) > account.now() - options.afterMs
      )
        continue;
      const order = account.transactions.load(id);
      if (!order) continue;
      const open = order.lines.filter((line) => line.fulfillable && !line.closed && line.committed > 0);
      const part =
        open.length > 1 && row['status'] === 'B' && random.derive(`split/${id}`).chance(splitShipment)
          ? open.slice(0, 1).map(({ line }) => ({ line }))
          : undefined;
      try {
        ship(id, part ? { lines: part } : {});
        made++;
      } catch (cause) {
        if (!(cause instanceof Refusal)) throw cause;
      }
    }
    return made;
  };
  return { ship, work };
}

/** One package as a rule; where there are two, some packers write on each what it holds and some do not. */
function packed(
  account: Account,
  random: Random,
  order: Transaction,
  items: readonly Record<string, unknown>[],
  method: string,
): readonly Package[] {
  const units = items.flatMap((one) => {
    const line = order.lines.find((candidate) => candidate.line === one['orderLine']);
    const name = account.masters.item(line?.item ?? 0)?.name ?? '';
    return Array.from({ length: Number(one['quantity'] ?? 0) }, () => name);
  });
  const split = random.chance(splitPackages) && units.length > 1;
  const shares = split ? [units.slice(0, 1), units.slice(1)] : [units];
  const writes = split && random.chance(0.5);
  return shares.map((share) => ({
    trackingNumber: trackingNumber(random, method),
    ...(writes
      ? {
          description: [...new Set(share)]
            .map((name) => `${name} x ${share.filter((one) => one === name).length}`)
            .join(', '),
        }
      : {}),
  }));
}

/** The lots a picker takes: those that expire first. */
function lotDetail(
  account: Account,
  itemId: number | undefined,
  location: number | undefined,
  quantity: number,
): object | undefined {
  const item = account.masters.item(itemId ?? 0);
  if (!item?.lot || location === undefined) return undefined;
  let left = quantity;
  const items: object[] = [];
  const lots = account.db.prepare(
    'SELECT b.inventorynumber AS lot, b.quantityonhand AS quantity FROM ns_inventorybalance b JOIN ns_inventorynumber n ON n.id = b.inventorynumber WHERE b.item = ? AND b.location = ? AND b.quantityonhand > 0 ORDER BY n.expirationdate, n.id',
  );
  for (const row of lots.all(item.id, location)) {
    const taken = Math.min(left, Number(row['quantity']));
    if (taken > 0) items.push({ issueInventoryNumber: { id: String(row['lot']) }, quantity: taken });
    left -= taken;
  }
  return { inventoryAssignment: { items } };
}
