// Which parcels did the marketplace ship or label itself, and are they booked beside the sales order? FBA and Seller
// Fulfilled Prime parcels become fulfilments with the marketplace's date and tracking; each once by its external id.
import { RecordError } from '../../core/errors.ts';
import type { Order, OrderPackage } from '../../core/order.ts';
import type { DocumentKind, DocumentLineState, FulfilmentDraft } from '../../erp/erp.ts';
import type { OpenFlow } from '../flow.ts';
import { dayIn } from './document-kind.ts';
import { numberPool } from './document-numbers.ts';
import { externalIdOf } from './order-to-document.ts';
import type { OrdersSettings } from './settings.ts';

interface Booking {
  readonly kind: DocumentKind;
  readonly id: string;
  readonly remembered: Readonly<Record<string, unknown>>;
}

export interface Booked {
  readonly reason: string;
  readonly applied: Readonly<Record<string, unknown>>;
  readonly task?: RecordError;
}

/** Whether the marketplace's parcels of this order are ours to book (features.md §4.1: SFP, FBA as sales order, #51, #52). */
export function booksShipments(
  order: Order,
  settings: OrdersSettings,
  remembered: Readonly<Record<string, unknown>>,
): boolean {
  if (order.status !== 'shipped' && order.status !== 'partially-shipped') return false;
  if (order.fulfilledBy === 'marketplace') return settings.shipped === 'fulfil' && order.status === 'shipped';
  if (order.sellerFulfilledPrime || order.labelledByMarketplace) return settings.shipped === 'fulfil';
  return settings.fulfilShippedMerchant && remembered['firstSeenShipped'] === true;
}

export async function bookShipments(
  flow: OpenFlow<OrdersSettings>,
  order: Order,
  { kind, id, remembered }: Booking,
): Promise<Booked | undefined> {
  if (kind !== 'sales-order' || !booksShipments(order, flow.settings, remembered)) return undefined;
  const before = (remembered['fulfilments'] ?? {}) as Readonly<Record<string, string>>;
  const parcels = shippedParcels(order).filter((parcel) => !(parcel.reference in before));
  if (parcels.length === 0) return undefined;
  const { lines } = await flow.erp.documents.read('sales-order', id);
  const units = (remembered['units'] ?? {}) as Readonly<Record<string, number>>;
  const fulfilments: Record<string, string> = { ...before };
  let open = openLines(lines);
  for (const parcel of parcels) {
    const drafted = fulfilmentOf(order, parcel, {
      open,
      units,
      zone: flow.settings.marketplaces[order.marketplace.id]?.timeZone ?? flow.erpReport?.timeZone ?? 'UTC',
    });
    if (!drafted) continue;
    try {
      const draft = await withNumbers(flow, order, drafted, lines);
      fulfilments[parcel.reference] = (await flow.erp.documents.fulfil(id, draft)).id;
    } catch (thrown) {
      if (!(thrown instanceof RecordError)) throw thrown;
      return { reason: '', applied: { fulfilments }, task: bookedByHand(order, parcel, thrown) };
    }
    open = open.map((line) => ({
      ...line,
      open: line.open - (drafted.lines.find((one) => one.line === line.line)?.quantity ?? 0),
    }));
  }
  const count = Object.keys(fulfilments).length - Object.keys(before).length;
  return count === 0
    ? undefined
    : { reason: `${count} shipment(s) of the marketplace booked.`, applied: { fulfilments } };
}

interface OpenLine {
  readonly line: number;
  readonly channelLineId: string;
  readonly itemId: string;
  readonly open: number;
}

function openLines(lines: readonly DocumentLineState[]): readonly OpenLine[] {
  return lines.flatMap((line) =>
    line.channelLineId === undefined || !isGoods(line.channelLineId) || line.closed
      ? []
      : [
          {
            line: line.line,
            channelLineId: line.channelLineId,
            itemId: line.itemId,
            open: line.quantity - line.quantityFulfilled,
          },
        ],
  );
}

/** `<order item>` or `report:<n>`; charges carry a further part. */
const isGoods = (lineId: string) => /^(report:\d+|[^:]+)$/.test(lineId);

interface Parcel extends OrderPackage {
  /** The marketplace does not say what it holds: everything that is open. */
  readonly whole: boolean;
}

/** Parcels that have left; without any, a shipped order left in one parcel that nothing is known of. */
function shippedParcels(order: Order): readonly Parcel[] {
  const left = order.packages.filter(
    (parcel) => parcel.shippedAt !== undefined && parcel.status !== 'CANCELLED',
  );
  if (left.length > 0) return left.map((parcel) => ({ ...parcel, whole: parcel.lines.length === 0 }));
  return order.status === 'shipped'
    ? [{ reference: 'ALL', shippedAt: order.updatedAt, lines: [], whole: true }]
    : [];
}

/** Pure: one parcel as a fulfilment, or undefined when nothing of it is open any more. */
export function fulfilmentOf(
  order: Order,
  parcel: Parcel,
  {
    open,
    units,
    zone,
  }: {
    readonly open: readonly OpenLine[];
    readonly units: Readonly<Record<string, number>>;
    readonly zone: string;
  },
): FulfilmentDraft | undefined {
  const lines = open.flatMap((line) => {
    const told = parcel.lines
      .filter((one) => one.lineId === line.channelLineId)
      .reduce((sum, one) => sum + one.quantity * (units[one.lineId] ?? 1), 0);
    const quantity = Math.min(line.open, parcel.whole ? line.open : told);
    return quantity > 0 ? [{ line: line.line, quantity }] : [];
  });
  if (lines.length === 0) return undefined;
  const taken = new Set(lines.map((line) => line.line));
  return {
    externalId: `${externalIdOf(order)}-IF-${parcel.reference}`,
    date: dayIn(parcel.shippedAt ?? order.updatedAt, zone),
    lines,
    leaveOpen: open.filter((line) => line.open > 0 && !taken.has(line.line)).map((line) => line.line),
    packages: parcel.trackingNumber
      ? [
          {
            trackingNumber: parcel.trackingNumber,
            ...(parcel.carrier ? { description: parcel.carrier } : {}),
          },
        ]
      : [],
  };
}

/** Lots and serial numbers of tracked items, first to expire first, at the location the order ships from. */
async function withNumbers(
  flow: OpenFlow<OrdersSettings>,
  order: Order,
  draft: FulfilmentDraft,
  lines: readonly DocumentLineState[],
): Promise<FulfilmentDraft> {
  const market = flow.settings.marketplaces[order.marketplace.id];
  const location = order.fulfilledBy === 'marketplace' ? market?.marketplaceLocationId : market?.locationId;
  const itemOf = (line: number) => lines.find((one) => one.line === line)?.itemId ?? '';
  const items = await flow.erp.items.byIds(draft.lines.map(({ line }) => itemOf(line)));
  const tracked = [...items.values()].filter((item) => item.lotTracked || item.serialTracked);
  if (tracked.length === 0 || location === undefined) return draft;
  const pool = numberPool(
    await flow.erp.items.numbers(
      tracked.map((item) => item.id),
      [location],
    ),
  );
  return {
    ...draft,
    lines: draft.lines.map((line) => {
      const item = tracked.find((one) => one.id === itemOf(line.line));
      const numbers = item && pool.take(item.id, location, line.quantity);
      return numbers ? { ...line, numbers } : line;
    }),
  };
}

function bookedByHand(order: Order, parcel: Parcel, why: RecordError): RecordError {
  return new RecordError(
    'SHIPMENT_NOT_BOOKED',
    `The marketplace shipped parcel ${parcel.reference} of order ${order.id}, but its fulfilment could not be booked. ${why.message}`,
    {
      ...(why.field === undefined ? {} : { field: why.field }),
      nextSteps: [...why.nextSteps.slice(0, 1), 'Fulfil the sales order in the ERP, then resolve this task.'],
      facts: { order: order.id, parcel: parcel.reference, why: why.code },
    },
  );
}
