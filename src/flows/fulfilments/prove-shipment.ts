// Does the marketplace's own order show what was told? Only then is a shipment done.
import { RecordError } from '../../core/errors.ts';
import type { Order } from '../../core/order.ts';
import type { Delivered } from '../../engine/attempt.ts';
import type { KnownOrder, OpenFlow } from '../flow.ts';
import type { ShipmentsSettings } from './settings.ts';
import type { Told, ToldPackage } from './tell-parcels.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

/** The package stands on the order with its tracking; an order shipped whole whose packages are not given counts too. */
function isShown(order: Order, one: ToldPackage): boolean {
  if (order.packages.length === 0) return order.status === 'shipped';
  const parcel = order.packages.find((candidate) => candidate.reference === String(one.reference));
  return (
    parcel !== undefined &&
    (one.trackingNumber === undefined ||
      parcel.trackingNumber === undefined ||
      parcel.trackingNumber === one.trackingNumber)
  );
}

/** Accepted is not proved: the record is done when the marketplace's order shows every package. */
export async function proved(
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
  const shown = open.filter(([, one]) => isShown(order, one));
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
  const alreadyShown = open.every((one) => isShown(known.order, one));
  if (alreadyShown || now.getTime() - lastAt < flow.settings.proofAfterMinutes * minuteMs) return undefined;
  return flow.channel.orders!.one(known.order.id);
}
