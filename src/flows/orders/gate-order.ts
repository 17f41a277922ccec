// May this order be imported, now or ever? A pure table of reasons; nothing is dropped without one.
import type { Order } from '../../core/order.ts';
import type { OrdersSettings } from './settings.ts';

export type Passage = { readonly kind: 'go' } | { readonly kind: 'skip'; readonly reason: string };

const skip = (reason: string): Passage => ({ kind: 'skip', reason });
const go: Passage = { kind: 'go' };

/** Rules of features.md §4.1: merchant orders when they can be shipped, marketplace-shipped ones once shipped. */
export function gateOrder(order: Order, settings: OrdersSettings, alreadyImported: boolean): Passage {
  if (alreadyImported) return go;
  if (order.soldElsewhere)
    return skip(
      'Sold on another channel and only shipped by the marketplace; imported from where it was sold.',
    );
  if (!(order.marketplace.id in settings.marketplaces))
    return skip(`The marketplace ${order.marketplace.name} is not switched on in this flow.`);
  if (order.placedAt.getTime() < Date.parse(settings.goLiveAt))
    return skip('Placed before the go-live date of this flow.');
  if (order.replaces !== undefined && settings.replacements === 'skip')
    return skip('Replacement orders are switched off in this flow.');
  switch (order.status) {
    case 'pending-availability':
    case 'pending':
      return skip('Still pending at the marketplace; it is imported as soon as it is released.');
    case 'cancelled':
      return skip('Cancelled at the marketplace before it was imported.');
    case 'unfulfillable':
      return skip('The marketplace cannot fulfil it.');
    case 'unshipped':
      return order.fulfilledBy === 'merchant'
        ? go
        : skip('The marketplace has not shipped it yet; it is imported once shipped.');
    case 'partially-shipped':
      return order.fulfilledBy === 'merchant'
        ? go
        : skip('The marketplace has shipped only a part; it is imported once all is shipped.');
    case 'shipped':
      if (order.fulfilledBy === 'merchant' && !settings.importShippedMerchant)
        return skip('Already shipped when first seen; importing such orders is switched off in this flow.');
      return go;
  }
}
