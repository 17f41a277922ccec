// Shipped fulfilments become shipment confirmations, at most once per package content. Reads: erp/netsuite/fulfilments.ts ·
// maps: fulfilment-to-shipments.ts, carrier.ts · tells: tell-parcels.ts, channels/amazon/shipments.ts · proves: prove-shipment.ts.
import { RecordError } from '../../core/errors.ts';
import type { Order } from '../../core/order.ts';
import type { Fulfilment } from '../../core/shipment.ts';
import type { Delivered } from '../../engine/attempt.ts';
import type { FlowKind, KnownOrder, OpenFlow, RecordWithDocument } from '../flow.ts';
import { type Carrier, carrierOf } from './carrier.ts';
import { parcelsOf } from './fulfilment-to-shipments.ts';
import { warnOfLateShipments } from './late-risk.ts';
import { proved } from './prove-shipment.ts';
import { type ShipmentsSettings, shipmentsSettings } from './settings.ts';
import { tellParcels } from './tell-parcels.ts';

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
    ...(settings.lateRiskHours === 0
      ? []
      : [
          {
            name: 'late-risk',
            title: 'Look for orders that must ship soon',
            everySeconds: 900,
            firstAfterSeconds: 60,
            run: warnOfLateShipments,
          },
        ]),
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

async function deliverOne(
  flow: OpenFlow<ShipmentsSettings>,
  of: RecordWithDocument,
  fulfilment: Fulfilment,
  known: KnownOrder | undefined,
): Promise<Delivered> {
  const now = flow.clock.now();
  if (!known) {
    const sought = Number(of.record.applied['sought'] ?? 0);
    if (sought < 5) {
      await flow.journal.wantOrders([fulfilment.channelOrderId], 'read-back', now);
      return {
        state: 'waiting',
        reason: 'The order is not known here yet; it is being read.',
        at: new Date(now.getTime() + 2 * minuteMs),
        applied: { sought: sought + 1 },
      };
    }
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
  const notOurs = reasonNotToTell(order, fulfilment);
  if (notOurs) return { state: 'skipped', reason: notOurs };
  const waiting = waitForTracking(flow, fulfilment, now);
  if (waiting) return waiting;
  const units = (known.applied['units'] ?? {}) as Readonly<Record<string, number>>;
  const lookups = await flow.lookups();
  const carrier = carrierOf(fulfilment.shipMethod, lookups, flow.settings.unmappedCarrier);
  const itemNames = Object.fromEntries(
    order.lines.map((line) => [line.id, lookups.get('item-alias')?.get(line.sku)?.value ?? line.sku]),
  );
  const { parcels, assumed } = parcelsOf(fulfilment, order, units, itemNames);
  if (assumed && flow.settings.unknownContents === 'park') throw contentsUnknown(fulfilment);
  if (carrier.isOther)
    await flow.journal.reportTask(of.record.id, `carrier/${carrier.name ?? ''}`, carrierOther(carrier));
  const outcome = await tellParcels(flow, of, { order, fulfilment, parcels, carrier, now });
  if ('waiting' in outcome) return outcome.waiting;
  const { told } = outcome;
  return proved(flow, {
    order: known,
    told,
    parcels: parcels.length,
    labels: [...(carrier.isOther ? ['carrier-other'] : []), ...(assumed ? ['contents-assumed'] : [])],
  });
}

function contentsUnknown(fulfilment: Fulfilment): RecordError {
  return new RecordError(
    'PACKAGE_CONTENTS_UNKNOWN',
    `Fulfilment ${fulfilment.number} left in ${fulfilment.packages.length} packages that do not say what each holds.`,
    {
      field: 'packages',
      nextSteps: [
        'Write the contents into each package’s description in the ERP, such as “SKU-1 x 2, SKU-2”; it is then sent by itself.',
        'Or let Crossdock spread the units over the packages (setting unknownContents).',
      ],
      facts: { fulfilment: fulfilment.number, cause: 'contents-unknown' },
    },
  );
}

/** Parcels told as “Other” count against the seller's valid-tracking rate: the map is worth completing (features.md #48). */
function carrierOther({ name = '' }: Carrier): RecordError {
  return new RecordError(
    'CARRIER_OTHER',
    `Shipments by “${name}” are told to the marketplace as carrier “Other”, which hurts the valid-tracking rate.`,
    {
      field: 'carrierCode',
      nextSteps: [
        `Add a row for “${name}” under Lookups → carrier, with the marketplace’s name of the carrier.`,
      ],
      facts: { lookup: 'carrier', key: name, cause: `carrier/${name}` },
    },
  );
}

function reasonNotToTell(order: Order, fulfilment: Fulfilment): string | undefined {
  if (fulfilment.externalId?.startsWith('XD-'))
    return 'Booked from the marketplace’s own parcel; it knows it already.';
  if (order.labelledByMarketplace)
    return 'The marketplace’s own carrier took it with the marketplace’s label.';
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
