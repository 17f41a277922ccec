// How does a fulfilment become packages as the marketplace wants them told? Pure: lines matched by order-item id,
// stock units divided back into ordered units, units spread over packages.
import { RecordError } from '../../core/errors.ts';
import type { Order } from '../../core/order.ts';
import type { Fulfilment } from '../../core/shipment.ts';

export interface ParcelPlan {
  /** Unique within the order: fulfilment and number of the package. */
  readonly packageKey: string;
  readonly trackingNumber: string | undefined;
  readonly lines: readonly { readonly lineId: string; readonly quantity: number }[];
}

/** What one fulfilment says about one order, package by package. `units`: stock units per ordered unit of a line. */
export function parcelsOf(
  fulfilment: Fulfilment,
  order: Order,
  units: Readonly<Record<string, number>>,
): readonly ParcelPlan[] {
  const lines = orderedUnits(fulfilment, order, units);
  const packages = fulfilment.packages.length > 0 ? fulfilment.packages : [undefined];
  const allUnits = lines.reduce((sum, line) => sum + line.quantity, 0);
  // The ERP does not say which package holds what. Every package but the last gets one unit, the last gets the rest:
  // totals per line are right, and each tracking number is told (docs/concepts/shipments.md).
  const told = packages.slice(0, Math.max(1, Math.min(packages.length, allUnits)));
  const queue = lines.flatMap((line) => Array.from({ length: line.quantity }, () => line.lineId));
  return told.map((parcel, index) => {
    const share = index === told.length - 1 ? queue.splice(0) : queue.splice(0, 1);
    const quantities = new Map<string, number>();
    for (const lineId of share) quantities.set(lineId, (quantities.get(lineId) ?? 0) + 1);
    return {
      packageKey: `${fulfilment.id}/${index + 1}`,
      trackingNumber: parcel?.trackingNumber,
      lines: [...quantities].map(([lineId, quantity]) => ({ lineId, quantity })),
    };
  });
}

function orderedUnits(fulfilment: Fulfilment, order: Order, units: Readonly<Record<string, number>>) {
  const stock = new Map<string, number>();
  for (const line of fulfilment.lines) {
    const lineId = line.channelLineId;
    // Charges (discount, shipping, gift wrap) have ids of their own and are never shipped.
    if (lineId === undefined || lineId.includes(':')) continue;
    stock.set(lineId, (stock.get(lineId) ?? 0) + line.quantity);
  }
  if (stock.size === 0)
    throw new RecordError(
      'SHIPMENT_LINES_UNKNOWN',
      `No line of fulfilment ${fulfilment.number} carries an order-item id of order ${order.id}.`,
      {
        field: 'lines',
        nextSteps: [
          'Make sure the custom column for the order-item id is set in the NetSuite connection and filled on the order.',
          'Confirm this shipment at the marketplace by hand, then skip the record.',
        ],
        facts: { fulfilment: fulfilment.number, order: order.id, cause: 'no-line-ids' },
      },
    );
  return [...stock].map(([lineId, quantity]) => {
    const known = order.lines.find((line) => line.id === lineId);
    if (!known)
      throw new RecordError(
        'SHIPMENT_LINE_UNKNOWN',
        `Fulfilment ${fulfilment.number} ships order item ${lineId}, which order ${order.id} does not have.`,
        {
          field: 'lines',
          nextSteps: [
            'Compare the order in the ERP with the marketplace; fetch the order again if it changed.',
          ],
          facts: { fulfilment: fulfilment.number, order: order.id, line: lineId, cause: 'line-unknown' },
        },
      );
    const perUnit = units[lineId] ?? 1;
    if (quantity % perUnit !== 0)
      throw new RecordError(
        'SHIPMENT_PARTIAL_PACK',
        `Fulfilment ${fulfilment.number} ships ${quantity} of ${known.sku}, which is sold in packs of ${perUnit}.`,
        {
          field: 'quantity',
          nextSteps: [
            'Ship whole packs: correct the fulfilment in the ERP; the corrected one is read again.',
          ],
          facts: { fulfilment: fulfilment.number, sku: known.sku, quantity, pack: perUnit, cause: known.sku },
        },
      );
    return { lineId, quantity: quantity / perUnit };
  });
}
