// Whose customer record carries the order? One per account and marketplace, or a business buyer's by VAT number, or one
// per buyer (features.md §4.2). The buyer's data stays on the order's address.
import { createHash } from 'node:crypto';
import type { Order } from '../../core/order.ts';
import type { DocumentStore } from '../../erp/erp.ts';
import type { OpenFlow } from '../flow.ts';
import type { OrdersSettings } from './settings.ts';

export interface ChosenCustomer {
  /** The same for every order that shares the customer. */
  readonly key: string;
  /** Its id; made once by its external id when the account has none. */
  ensure(): Promise<string>;
  /** For dry runs: the id when it is known already, else a name that says it would be made. */
  readonly preview: string;
}

type Wanted = Parameters<DocumentStore['ensureCustomer']>[0];
const customerIds = new Map<string, string>();

export function chooseCustomer(
  flow: Pick<OpenFlow<OrdersSettings>, 'id' | 'settings' | 'channelConnectionId' | 'erp'>,
  order: Order,
): ChosenCustomer {
  const wanted = ownCustomer(flow, order);
  const fixed = flow.settings.marketplaces[order.marketplace.id]?.customerId;
  if (!wanted.own && fixed) return { key: `fixed/${fixed}`, ensure: async () => fixed, preview: fixed };
  const key = `${flow.id}/${wanted.customer.externalId}`;
  return {
    key,
    preview: customerIds.get(key) ?? `(to be made: ${wanted.customer.externalId})`,
    async ensure() {
      const known = customerIds.get(key);
      if (known !== undefined) return known;
      const id = await flow.erp.documents.ensureCustomer(wanted.customer);
      customerIds.set(key, id);
      return id;
    },
  };
}

const hashed = (text: string) =>
  createHash('sha256').update(text.trim().toLowerCase()).digest('hex').slice(0, 24);

/** `own` when the order goes to a customer of its buyer rather than to the marketplace's. */
function ownCustomer(
  { settings, channelConnectionId }: Pick<OpenFlow<OrdersSettings>, 'settings' | 'channelConnectionId'>,
  order: Order,
): { readonly own: boolean; readonly customer: Wanted } {
  const market = settings.marketplaces[order.marketplace.id];
  const channel = order.channel.toUpperCase();
  const shared = {
    currency: order.currency,
    ...(market?.subsidiaryId ? { subsidiaryId: market.subsidiaryId } : {}),
  };
  if (settings.businessCustomers === 'by-vat-number' && order.business && order.vatNumber)
    return {
      own: true,
      customer: {
        externalId: `XD-${channel}-V-${hashed(order.vatNumber)}`,
        name: order.company ?? `Business buyer ${order.vatNumber}`,
        ...shared,
        vatNumber: order.vatNumber,
        matchExisting: true,
      },
    };
  // Without the buyer's alias there is nobody to tell apart: such orders go to the marketplace's customer.
  if (settings.customers === 'per-buyer' && order.buyer?.email !== undefined) {
    const externalId = `XD-${channel}-B-${hashed(order.buyer.email)}`;
    const [firstName = '', ...rest] = (order.buyer.name ?? order.shipTo?.name ?? '').split(' ');
    return {
      own: true,
      customer: {
        externalId,
        name: order.company ?? `${order.buyer.name ?? 'Amazon buyer'} ${externalId.slice(-8)}`,
        ...shared,
        email: order.buyer.email,
        ...(order.company
          ? {}
          : { person: { firstName: firstName || 'Amazon', lastName: rest.join(' ') || 'Buyer' } }),
        matchExisting: true,
      },
    };
  }
  return {
    own: false,
    customer: {
      externalId: `XD-${channel}-${channelConnectionId}-${market?.code ?? order.marketplace.id}`,
      name: `${order.marketplace.name} ${channelConnectionId}`,
      ...shared,
    },
  };
}
