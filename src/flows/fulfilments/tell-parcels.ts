// How is each parcel told at most once per content? The intent is written before the call; after a lost answer only the
// marketplace's own order can tell whether it arrived.
import { createHash } from 'node:crypto';
import type { Order } from '../../core/order.ts';
import type { Fulfilment, ShipmentConfirmation } from '../../core/shipment.ts';
import type { Delivered } from '../../engine/attempt.ts';
import type { OpenFlow, RecordWithDocument } from '../flow.ts';
import type { Carrier } from './carrier.ts';
import type { ParcelPlan } from './fulfilment-to-shipments.ts';
import type { ShipmentsSettings } from './settings.ts';

const minuteMs = 60_000;

/** What the record remembers per package: the content last sent, whether its answer came, whether it was proved. */
export interface ToldPackage {
  readonly reference: number;
  readonly content: string;
  readonly trackingNumber?: string;
  readonly state: 'sending' | 'accepted' | 'proved';
  readonly at: string;
}
export type Told = Readonly<Record<string, ToldPackage>>;

interface Telling {
  readonly order: Order;
  readonly fulfilment: Fulfilment;
  readonly parcels: readonly ParcelPlan[];
  readonly carrier: Carrier;
  readonly now: Date;
}
type Outcome = { readonly told: Told } | { readonly waiting: Delivered };

export async function tellParcels(
  flow: OpenFlow<ShipmentsSettings>,
  of: RecordWithDocument,
  { order, fulfilment, parcels, carrier, now }: Telling,
): Promise<Outcome> {
  let told = (of.record.applied['packages'] ?? {}) as Told;
  let edited = false;
  for (const parcel of parcels) {
    const reference = await flow.journal.packageReference(order.id, parcel.packageKey);
    const shipment = toShipment(order, fulfilment, parcel, { reference, carrier, now });
    const content = contentOf(shipment, fulfilment.shippedOn);
    const before = told[parcel.packageKey];
    if (before?.content === content && before.state !== 'sending') continue;
    const entry = { reference, content, trackingNumber: shipment.trackingNumber, at: now.toISOString() };
    // What is known of the order may be older than an edit: it proves a parcel only when none was told before.
    if (before === undefined && shownBy(order, shipment)) {
      told = { ...told, [parcel.packageKey]: { ...entry, state: 'proved' } };
      continue;
    }
    if (before?.content === content) {
      const outcome = await lookAgain(flow, { order, shipment, before, told, now });
      if ('waiting' in outcome) return outcome;
      if (outcome.arrived) {
        told = { ...told, [parcel.packageKey]: { ...entry, state: 'proved' } };
        continue;
      }
    }
    // Units moved from one parcel to another: the smaller one must be shown before the larger one fits.
    if (edited && !fits(order, shipment)) {
      const readAt = new Date(now.getTime() + flow.settings.proofAfterMinutes * minuteMs);
      await flow.journal.wantOrders([order.id], 'read-back', now);
      return {
        waiting: {
          state: 'waiting',
          reason:
            'Units moved between packages; the marketplace must show the first before the next is told.',
          at: readAt,
          applied: { packages: told },
        },
      };
    }
    told = { ...told, [parcel.packageKey]: { ...entry, state: 'sending' } };
    if (!(await flow.journal.noteIntent(of.record, { packages: told })))
      return { waiting: { state: 'waiting', at: now, reason: 'Another worker has taken over.' } };
    await flow.channel.shipments!.send(flow.channel.shipments!.plan(shipment));
    told = { ...told, [parcel.packageKey]: { ...entry, state: 'accepted' } };
    await flow.journal.noteIntent(of.record, { packages: told });
    edited ||= before !== undefined;
  }
  return { told };
}

/** An earlier try may have arrived: only the marketplace's own order, read some time after it, can tell. */
async function lookAgain(
  flow: OpenFlow<ShipmentsSettings>,
  {
    order,
    shipment,
    before,
    told,
    now,
  }: {
    readonly order: Order;
    readonly shipment: ShipmentConfirmation;
    readonly before: ToldPackage;
    readonly told: Told;
    readonly now: Date;
  },
): Promise<{ readonly waiting: Delivered } | { readonly arrived: boolean }> {
  const readableAt = new Date(Date.parse(before.at) + flow.settings.proofAfterMinutes * minuteMs);
  if (now < readableAt)
    return {
      waiting: {
        state: 'waiting',
        reason: 'The answer was lost; the marketplace’s order is read before anything is sent again.',
        at: readableAt,
        applied: { packages: told },
      },
    };
  const document = await flow.channel.orders!.one(order.id);
  return {
    arrived: document !== undefined && shownBy(flow.channel.orders!.toOrder(document.raw), shipment),
  };
}

/** Whether a parcel fits beside the others that the marketplace shows. */
function fits(order: Order, shipment: ShipmentConfirmation): boolean {
  return shipment.lines.every((line) => {
    const others = order.packages
      .filter((parcel) => parcel.reference !== shipment.packageReference)
      .flatMap((parcel) => parcel.lines)
      .reduce((sum, one) => sum + (one.lineId === line.lineId ? one.quantity : 0), 0);
    const ordered = order.lines.find((one) => one.id === line.lineId)?.quantity ?? 0;
    return others + line.quantity <= ordered;
  });
}

function toShipment(
  order: Order,
  fulfilment: Fulfilment,
  parcel: ParcelPlan,
  { reference, carrier, now }: { readonly reference: number; readonly carrier: Carrier; readonly now: Date },
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

/** Two confirmations with the same content are the same; the day counts, not the moment that was kept within bounds. */
export function contentOf(shipment: ShipmentConfirmation, shippedOn: Date): string {
  const told = { ...shipment, shippedAt: shippedOn.toISOString().slice(0, 10) };
  return createHash('sha256').update(JSON.stringify(told)).digest('base64url').slice(0, 22);
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
