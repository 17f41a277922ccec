// Which facts of the order stand on the document, and which may an owner's expression read? No buyer data in either. Pure.
import { formatMoney, isZero, type Money } from '../../core/money.ts';
import type { Order } from '../../core/order.ts';
import type { OrderContext } from './document-context.ts';

export function customFields(
  order: Order,
  { accountId }: OrderContext,
  droppedTax: Money,
): Record<string, string> {
  return {
    channel: order.channel,
    account: accountId,
    orderId: order.id,
    marketplace: order.marketplace.id,
    fulfillment: order.sellerFulfilledPrime ? 'SFP' : order.fulfilledBy === 'merchant' ? 'MFN' : 'FBA',
    ...(isZero(droppedTax) ? {} : { taxTotal: formatMoney(droppedTax) }),
    ...(order.purchaseOrderNumber ? { purchaseOrder: order.purchaseOrderNumber } : {}),
    ...(order.vatNumber ? { vatNumber: order.vatNumber } : {}),
    ...(order.replaces ? { replaces: order.replaces } : {}),
    ...(order.shipBy?.latest ? { shipBy: order.shipBy.latest.toISOString() } : {}),
  };
}

/** What an owner's expression may read; money as decimal text, buyer data not at all. */
export function expressionFacts(order: Order): Record<string, unknown> {
  return {
    id: order.id,
    channel: order.channel,
    marketplace: order.marketplace.id,
    marketplaceName: order.marketplace.name,
    status: order.status,
    fulfilledBy: order.fulfilledBy,
    prime: order.programs.includes('PRIME'),
    sellerFulfilledPrime: order.sellerFulfilledPrime,
    business: order.business,
    replacement: order.replaces !== undefined,
    programs: [...order.programs],
    currency: order.currency,
    total: order.total ? formatMoney(order.total) : '',
    shipService: order.shipService ?? '',
    purchaseOrderNumber: order.purchaseOrderNumber ?? '',
    shipTo: {
      state: order.shipTo?.state ?? '',
      country: order.shipTo?.country ?? '',
      city: order.shipTo?.city ?? '',
    },
    lines: order.lines.map((line) => ({
      sku: line.sku,
      quantity: line.quantity,
      price: formatMoney(line.price),
    })),
  };
}
