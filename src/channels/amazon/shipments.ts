// How is a shipment told? Orders v0 confirmShipment, one call a package; what Amazon would refuse is refused here first.
import { RecordError } from '../../core/errors.ts';
import type { ShipmentConfirmation } from '../../core/shipment.ts';
import type { PlannedRequest, ShipmentSink } from '../channel.ts';
import type { AmazonClient } from './client.ts';

export function shipmentSink(client: AmazonClient): ShipmentSink {
  return {
    plan: planConfirmation,
    async send(plan) {
      await client({
        bucket: 'orders.confirmShipment',
        method: 'POST',
        path: plan.path,
        body: plan.body,
        write: true,
        about: `the shipment of order ${plan.path.split('/')[4] ?? ''}`,
        waitMaxMs: 10_000,
      });
    },
  };
}

/** Pure. Rules: spapi.md §3.1; packageReferenceId must be a JSON string of a positive number. */
export function planConfirmation(shipment: ShipmentConfirmation): PlannedRequest {
  const refuse = (field: string, message: string, step: string) =>
    new RecordError('SHIPMENT_INVALID', message, {
      field,
      nextSteps: [step],
      facts: { order: shipment.channelOrderId, cause: field },
    });
  if (!/^[1-9]\d*$/.test(shipment.packageReference))
    throw refuse(
      'packageReferenceId',
      'A package needs a positive whole number as its reference.',
      'Retry the record.',
    );
  if (shipment.trackingNumber === '')
    throw refuse(
      'trackingNumber',
      'A package needs a tracking number.',
      'Enter it on the fulfilment in the ERP.',
    );
  if (shipment.lines.length === 0)
    throw refuse(
      'orderItems',
      'A package needs at least one order item.',
      'Check the fulfilment in the ERP.',
    );
  if (shipment.carrierCode === 'Other' && !shipment.carrierName)
    throw refuse(
      'carrierName',
      'The carrier “Other” needs a name.',
      'Map the ship method under Lookups → carrier.',
    );
  return {
    method: 'POST',
    path: `/orders/v0/orders/${encodeURIComponent(shipment.channelOrderId)}/shipmentConfirmation`,
    headers: { 'content-type': 'application/json' },
    body: {
      marketplaceId: shipment.marketplaceId,
      packageDetail: {
        packageReferenceId: shipment.packageReference,
        carrierCode: shipment.carrierCode,
        ...(shipment.carrierName === undefined ? {} : { carrierName: shipment.carrierName }),
        ...(shipment.shippingMethod === undefined ? {} : { shippingMethod: shipment.shippingMethod }),
        trackingNumber: shipment.trackingNumber,
        shipDate: shipment.shippedAt.toISOString(),
        orderItems: shipment.lines.map((line) => ({ orderItemId: line.lineId, quantity: line.quantity })),
      },
    },
  };
}
