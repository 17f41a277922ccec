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

export interface ParcelsPlan {
  readonly parcels: readonly ParcelPlan[];
  /** The parcels do not say what they hold, so that it was spread over them. */
  readonly assumed: boolean;
}

/** What one fulfilment says about one order, package by package. `units`: stock units per ordered unit of a line. */
export function parcelsOf(
  fulfilment: Fulfilment,
  order: Order,
  units: Readonly<Record<string, number>>,
  itemNames: Readonly<Record<string, string>> = {},
): ParcelsPlan {
  const lines = orderedUnits(withLineIds(fulfilment, order, itemNames), order, units);
  const described = readContents(fulfilment, order, { lines, units });
  const contents = described ?? spread(fulfilment, lines);
  const plan = contents.map((held, index) => ({
    packageKey: `${fulfilment.id}/${index + 1}`,
    trackingNumber: fulfilment.packages[index]?.trackingNumber,
    lines: [...held].map(([lineId, quantity]) => ({ lineId, quantity })),
  }));
  return {
    parcels: plan.filter((parcel) => parcel.lines.length > 0),
    assumed: described === undefined && plan.length > 1,
  };
}

/**
 * Orders that another tool wrote carry no line ids of ours: a line is then the one order item that is sold as its item,
 * when there is exactly one. `itemNames`: what each order item is called in the ERP.
 */
function withLineIds(
  fulfilment: Fulfilment,
  order: Order,
  itemNames: Readonly<Record<string, string>>,
): Fulfilment {
  return {
    ...fulfilment,
    lines: fulfilment.lines.map((line) => {
      if (line.channelLineId !== undefined || line.itemName === undefined) return line;
      const matches = order.lines.filter((one) => (itemNames[one.id] ?? one.sku) === line.itemName);
      return matches.length === 1 ? { ...line, channelLineId: matches[0]!.id } : line;
    }),
  };
}

type Contents = ReadonlyMap<string, number>;
interface OrderedUnits {
  readonly lineId: string;
  readonly quantity: number;
}

/**
 * Nobody says which package holds what. Every package but the last gets one unit, the last gets the rest: totals per line
 * are right, and each tracking number is told.
 */
function spread(fulfilment: Fulfilment, lines: readonly OrderedUnits[]): readonly Contents[] {
  const allUnits = lines.reduce((sum, line) => sum + line.quantity, 0);
  const count = Math.max(1, Math.min(fulfilment.packages.length, allUnits));
  const queue = lines.flatMap((line) => Array.from({ length: line.quantity }, () => line.lineId));
  return Array.from({ length: count }, (_, index) => {
    const held = new Map<string, number>();
    for (const lineId of index === count - 1 ? queue.splice(0) : queue.splice(0, 1))
      held.set(lineId, (held.get(lineId) ?? 0) + 1);
    return held;
  });
}

/** “CD-1001 x 2, CD-1002”: what packers wrote on the parcels, taken only when it makes exactly what the fulfilment ships. */
function readContents(
  fulfilment: Fulfilment,
  order: Order,
  {
    lines,
    units,
  }: { readonly lines: readonly OrderedUnits[]; readonly units: Readonly<Record<string, number>> },
): readonly Contents[] | undefined {
  if (fulfilment.packages.length < 2) return undefined;
  const left = new Map(lines.map((line) => [line.lineId, line.quantity]));
  // A word may name several lines, such as two lines of one SKU: the first with enough left gets it.
  const named = lines.flatMap(({ lineId }) => {
    const sku = order.lines.find((line) => line.id === lineId)?.sku ?? '';
    const item = fulfilment.lines.find((line) => line.channelLineId === lineId)?.itemName ?? '';
    return [
      { lineId, name: sku.toLowerCase(), per: 1 },
      ...(item === '' || item === sku ? [] : [{ lineId, name: item.toLowerCase(), per: units[lineId] ?? 1 }]),
    ];
  });
  const contents: Contents[] = [];
  for (const parcel of fulfilment.packages) {
    const held = new Map<string, number>();
    for (const part of (parcel.description ?? '').split(/[,;\n]+/)) {
      const [, before, name = '', after] =
        /^\s*(?:(\d+)\s*[x×*]\s*)?(.+?)(?:\s*[x×*]\s*(\d+))?\s*$/i.exec(part) ?? [];
      const wanted = Number(before ?? after ?? 1);
      const match = named.find(
        (one) => one.name === name.toLowerCase() && (left.get(one.lineId) ?? 0) * one.per >= wanted,
      );
      if (!match || wanted % match.per !== 0) return undefined;
      const quantity = wanted / match.per;
      left.set(match.lineId, left.get(match.lineId)! - quantity);
      held.set(match.lineId, (held.get(match.lineId) ?? 0) + quantity);
    }
    contents.push(held);
  }
  return [...left.values()].every((quantity) => quantity === 0) ? contents : undefined;
}

function orderedUnits(
  fulfilment: Fulfilment,
  order: Order,
  units: Readonly<Record<string, number>>,
): readonly OrderedUnits[] {
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
          'Make sure the custom column for the order-item id is set in the NetSuite connection and filled on the order, or that each item stands on one line of the order only.',
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
