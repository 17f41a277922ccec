// Shipped fulfilments become shipment confirmations, at most once per package content. Reads: erp/netsuite/fulfilments.ts ·
// maps: fulfilment-to-shipments.ts, carrier.ts · writes: channels/amazon/shipments.ts · proved by the marketplace's own order.
import { createHash } from 'node:crypto';
import { RecordError } from '../../core/errors.ts';
import type { Order } from '../../core/order.ts';
import type { Fulfilment, ShipmentConfirmation } from '../../core/shipment.ts';
import type { Delivered } from '../../engine/attempt.ts';
import type { FlowKind, KnownOrder, OpenFlow, RecordWithDocument } from '../flow.ts';
import { carrierOf } from './carrier.ts';
import { type ParcelPlan, parcelsOf } from './fulfilment-to-shipments.ts';
import { type ShipmentsSettings, shipmentsSettings } from './settings.ts';

const hourMs = 60 * 60_000;
const minuteMs = 60_000;

export const exportShipments: FlowKind<ShipmentsSettings> = {
  id: 'shipments.export',
  title: 'Confirm shipments',
  settings: shipmentsSettings,
  tasks: (settings) => [
    {
      name: 'fulfilments',
      title: 'Look for shipped fulfilments',
      everySeconds: settings.everySeconds,
      firstAfterSeconds: 0,
      run: readFulfilments,
    },
  ],
  deliver: deliverShipments,
};

async function readFulfilments(flow: OpenFlow<ShipmentsSettings>) {
  const cursor = await flow.journal.cursor<{ readonly from: string }>('fulfilments');
  const { fulfilments, seenUntil } = await flow.erp.fulfilments.changedSince(
    new Date(cursor?.from ?? flow.settings.startAt),
  );
  const documents = fulfilments.map((fulfilment) => ({
    key: `${fulfilment.channelOrderId}/${fulfilment.id}`,
    updatedAt: fulfilment.modifiedAt,
    raw: fulfilment,
  }));
  const renewed = await flow.journal.take({
    kind: 'fulfilment',
    via: 'erp',
    documents,
    priority: 0,
    cursor: { name: 'fulfilments', value: { from: seenUntil.toISOString() } },
  });
  return { counts: renewed > 0 ? { fulfilments: documents.length, renewed } : {} };
}

async function deliverShipments(flow: OpenFlow<ShipmentsSettings>, records: readonly RecordWithDocument[]) {
  const fulfilments = records.map((of) => ({ of, fulfilment: toFulfilment(of.raw) }));
  const orders = await flow.journal.orders(fulfilments.map(({ fulfilment }) => fulfilment.channelOrderId));
  const results = new Map<bigint, () => Promise<Delivered>>();
  for (const { of, fulfilment } of fulfilments)
    results.set(of.record.id, () => deliverOne(flow, of, fulfilment, orders.get(fulfilment.channelOrderId)));
  return results;
}

/** Dates come back from the archive as text. */
export function toFulfilment(raw: unknown): Fulfilment {
  const stored = raw as Omit<Fulfilment, 'shippedOn' | 'modifiedAt'> & {
    readonly shippedOn: string;
    readonly modifiedAt: string;
  };
  return { ...stored, shippedOn: new Date(stored.shippedOn), modifiedAt: new Date(stored.modifiedAt) };
}

/** What the record remembers per package: the content last sent, whether its answer came, whether it was proved. */
interface ToldPackage {
  readonly reference: number;
  readonly content: string;
  readonly state: 'sending' | 'accepted' | 'proved';
  readonly at: string;
}
type Told = Readonly<Record<string, ToldPackage>>;

async function deliverOne(
  flow: OpenFlow<ShipmentsSettings>,
  of: RecordWithDocument,
  fulfilment: Fulfilment,
  known: KnownOrder | undefined,
): Promise<Delivered> {
  const now = flow.clock.now();
  if (!known) {
    await flow.journal.wantOrders([fulfilment.channelOrderId], 'read-back', now);
    if (of.record.attempts < 5)
      return {
        state: 'waiting',
        reason: 'The order is not known here yet; it is being read.',
        at: new Date(now.getTime() + 2 * minuteMs),
      };
    throw new RecordError(
      'SHIPMENT_ORDER_UNKNOWN',
      `Fulfilment ${fulfilment.number} belongs to order ${fulfilment.channelOrderId}, which the marketplace account does not show.`,
      {
        nextSteps: [
          `Fetch order ${fulfilment.channelOrderId} by its id under Flows → Import orders.`,
          'If it belongs to another account, skip this record.',
        ],
        facts: { fulfilment: fulfilment.number, order: fulfilment.channelOrderId, cause: 'order-unknown' },
      },
    );
  }
  const { order } = known;
  const notOurs = reasonNotToTell(order);
  if (notOurs) return { state: 'skipped', reason: notOurs };
  const waiting = waitForTracking(flow, fulfilment, now);
  if (waiting) return waiting;
  const units = (known.applied['units'] ?? {}) as Readonly<Record<string, number>>;
  const lookups = await flow.lookups();
  const carrier = carrierOf(fulfilment.shipMethod, lookups, flow.settings.unmappedCarrier);
  let told = (of.record.applied['packages'] ?? {}) as Told;
  const parcels = parcelsOf(fulfilment, order, units);
  for (const parcel of parcels) {
    const reference = await flow.journal.packageReference(order.id, parcel.packageKey);
    const shipment = toShipment(order, fulfilment, parcel, { reference, carrier, now });
    const content = contentOf(shipment);
    const before = told[parcel.packageKey];
    if (before?.content === content && before.state !== 'sending') continue;
    if (shownBy(order, shipment)) {
      told = { ...told, [parcel.packageKey]: { reference, content, state: 'proved', at: now.toISOString() } };
      continue;
    }
    if (before?.content === content && before.state === 'sending') {
      // An earlier try may have arrived: only the marketplace's own order, read some time after it, can tell.
      const readableAt = new Date(Date.parse(before.at) + flow.settings.proofAfterMinutes * minuteMs);
      if (now < readableAt)
        return {
          state: 'waiting',
          reason: 'The answer was lost; the marketplace’s order is read before anything is sent again.',
          at: readableAt,
          applied: { packages: told },
        };
      const document = await flow.channel.orders!.one(order.id);
      if (document && shownBy(flow.channel.orders!.toOrder(document.raw), shipment)) {
        told = {
          ...told,
          [parcel.packageKey]: { reference, content, state: 'proved', at: now.toISOString() },
        };
        continue;
      }
    }
    const plan = flow.channel.shipments!.plan(shipment);
    const sending: ToldPackage = { reference, content, state: 'sending', at: now.toISOString() };
    told = { ...told, [parcel.packageKey]: sending };
    if (!(await flow.journal.noteIntent(of.record, { packages: told })))
      return { state: 'waiting', at: now, reason: 'Another worker has taken over.' };
    await flow.channel.shipments!.send(plan);
    told = { ...told, [parcel.packageKey]: { ...sending, state: 'accepted' } };
    await flow.journal.noteIntent(of.record, { packages: told });
  }
  return proved(flow, {
    order: known,
    told,
    parcels: parcels.length,
    labels: carrier.isOther ? ['carrier-other'] : [],
  });
}

function reasonNotToTell(order: Order): string | undefined {
  if (order.fulfilledBy === 'marketplace') return 'The marketplace shipped it itself.';
  if (order.sellerFulfilledPrime)
    return 'Seller Fulfilled Prime: the marketplace has the tracking from its own labels.';
  if (order.status === 'cancelled')
    throw new RecordError(
      'SHIPPED_AFTER_CANCELLATION',
      `Order ${order.id} was shipped although the marketplace has cancelled it.`,
      {
        nextSteps: [
          'Recall the parcel; the marketplace will not pay for it.',
          'Then skip this record with a note.',
        ],
        facts: { order: order.id, cause: 'shipped-after-cancellation' },
      },
    );
  return undefined;
}

function waitForTracking(
  flow: OpenFlow<ShipmentsSettings>,
  fulfilment: Fulfilment,
  now: Date,
): Delivered | undefined {
  if (fulfilment.packages.some((parcel) => parcel.trackingNumber !== '')) return undefined;
  const until = fulfilment.modifiedAt.getTime() + flow.settings.noTrackingWaitHours * hourMs;
  if (now.getTime() < until)
    return {
      state: 'waiting',
      reason: 'No tracking number yet; the fulfilment is read again when it changes.',
      at: new Date(until),
    };
  throw new RecordError(
    'TRACKING_MISSING',
    `Fulfilment ${fulfilment.number} has no tracking number after ${flow.settings.noTrackingWaitHours} hours; the marketplace does not accept a confirmation without one.`,
    {
      field: 'trackingNumber',
      nextSteps: ['Enter the tracking number on the fulfilment in the ERP; it is then sent by itself.'],
      facts: { fulfilment: fulfilment.number, cause: 'tracking-missing' },
    },
  );
}

function toShipment(
  order: Order,
  fulfilment: Fulfilment,
  parcel: ParcelPlan,
  {
    reference,
    carrier,
    now,
  }: { readonly reference: number; readonly carrier: ReturnType<typeof carrierOf>; readonly now: Date },
): ShipmentConfirmation {
  return {
    channelOrderId: order.id,
    marketplaceId: order.marketplace.id,
    packageReference: String(reference),
    carrierCode: carrier.code,
    ...(carrier.name === undefined ? {} : { carrierName: carrier.name }),
    ...(carrier.method === undefined ? {} : { shippingMethod: carrier.method }),
    trackingNumber: parcel.trackingNumber ?? '',
    shippedAt: shipMoment(order, fulfilment, now),
    lines: parcel.lines,
  };
}

/** Marketplaces refuse a ship date before the purchase or in the future (spapi.md §3.1); the day of the fulfilment is kept within. */
function shipMoment(order: Order, fulfilment: Fulfilment, now: Date): Date {
  const wanted = fulfilment.shippedOn.getTime();
  const earliest = order.placedAt.getTime() + minuteMs;
  const latest = Math.min(now.getTime(), fulfilment.modifiedAt.getTime()) - minuteMs;
  return new Date(Math.max(earliest, Math.min(wanted, Math.max(latest, earliest))));
}

/** Two confirmations with the same content are the same confirmation. */
export function contentOf(shipment: ShipmentConfirmation): string {
  return createHash('sha256').update(JSON.stringify(shipment)).digest('base64url').slice(0, 22);
}

/** The marketplace's own order shows the package: the only proof that counts. */
function shownBy(order: Order, shipment: ShipmentConfirmation): boolean {
  return order.packages.some(
    (parcel) =>
      parcel.trackingNumber === shipment.trackingNumber &&
      shipment.lines.every((line) =>
        parcel.lines.some((shown) => shown.lineId === line.lineId && shown.quantity === line.quantity),
      ),
  );
}

/** Accepted is not proved: the record is done when the marketplace's order shows every package. */
async function proved(
  flow: OpenFlow<ShipmentsSettings>,
  {
    order: known,
    told,
    parcels,
    labels,
  }: {
    readonly order: KnownOrder;
    readonly told: Told;
    readonly parcels: number;
    readonly labels: readonly string[];
  },
): Promise<Delivered> {
  const now = flow.clock.now();
  const document = await orderSince(flow, known, told, now);
  const order = document ? flow.channel.orders!.toOrder(document.raw) : known.order;
  const open = Object.entries(told).filter(([, one]) => one.state !== 'proved');
  const shown = open.filter(
    ([, one]) =>
      order.packages.some((parcel) => parcel.reference === String(one.reference)) ||
      order.status === 'shipped',
  );
  const packages: Told = {
    ...told,
    ...Object.fromEntries(
      shown.map(([key, one]) => [key, { ...one, state: 'proved' as const, at: now.toISOString() }]),
    ),
  };
  if (shown.length === open.length)
    return {
      state: 'done',
      reason: `${parcels} package(s) confirmed; the marketplace’s order shows them.`,
      applied: { packages },
      labels,
      remote: { kind: 'shipment', id: known.order.id },
    };
  const firstAt = Math.min(...open.map(([, one]) => Date.parse(one.at)));
  if (now.getTime() - firstAt > 24 * hourMs)
    throw new RecordError(
      'SHIPMENT_NOT_SHOWN',
      `The marketplace accepted the shipment of order ${known.order.id} a day ago but its order does not show it.`,
      {
        nextSteps: [
          'Look at the order at the marketplace; confirm it there by hand if it is still open, then retry this record.',
        ],
        facts: { order: known.order.id, cause: 'not-shown' },
      },
    );
  return {
    state: 'pending',
    reason: 'Sent and accepted; waiting until the marketplace’s order shows it.',
    at: new Date(now.getTime() + flow.settings.proofAfterMinutes * minuteMs),
    applied: { packages },
    labels,
  };
}

/** The order as read after the confirmation: a sweep may have brought it already, else one read is spent. */
async function orderSince(flow: OpenFlow<ShipmentsSettings>, known: KnownOrder, told: Told, now: Date) {
  const open = Object.values(told).filter((one) => one.state !== 'proved');
  if (open.length === 0) return undefined;
  const lastAt = Math.max(...open.map((one) => Date.parse(one.at)));
  const alreadyShown = open.every((one) =>
    known.order.packages.some((parcel) => parcel.reference === String(one.reference)),
  );
  if (alreadyShown || now.getTime() - lastAt < flow.settings.proofAfterMinutes * minuteMs) return undefined;
  return flow.channel.orders!.one(known.order.id);
}
