// What does the account know that mapping an order needs? Lookups, overrides, items, customers and numbers, read once for
// a batch of orders.
import type { Order } from '../../core/order.ts';
import type { ErpItem } from '../../erp/erp.ts';
import type { OpenFlow } from '../flow.ts';
import { chooseCustomer } from './choose-customer.ts';
import type { OrderContext } from './document-context.ts';
import { itemNamesOf } from './document-items.ts';
import { type NumberPool, numberPool } from './document-numbers.ts';
import type { OrdersSettings } from './settings.ts';

export type ContextOf = (order: Order) => Promise<OrderContext>;

/** `dry`: for showing what would be sent; then no customer is made. */
export async function contextFor(
  flow: OpenFlow<OrdersSettings>,
  orders: readonly Order[],
  { dry = false }: { readonly dry?: boolean } = {},
): Promise<ContextOf> {
  const lookups = await flow.lookups();
  const overrides = await flow.overrides();
  const { settings } = flow;
  const names = [...new Set(orders.flatMap((order) => itemNamesOf(order, { settings, lookups })))];
  const items: ReadonlyMap<string, ErpItem> =
    names.length === 0 ? new Map() : await flow.erp.items.byNames(names);
  const numbers = await numbersFor(flow, items);
  const customers = new Map<string, Promise<string>>();
  return async (order) => {
    const customer = chooseCustomer(flow, order);
    let customerId = customers.get(customer.key);
    if (customerId === undefined) {
      customerId = dry ? Promise.resolve(customer.preview) : customer.ensure();
      customers.set(customer.key, customerId);
    }
    return {
      settings,
      lookups,
      overrides,
      items,
      customerId: await customerId,
      timeZone: flow.erpReport?.timeZone ?? 'UTC',
      suiteTax: flow.erpReport?.suiteTax ?? false,
      accountId: flow.channelConnectionId,
      now: flow.clock.now(),
      ...(numbers ? { numbers } : {}),
    };
  };
}

/** Only asked for when a batch holds a tracked item that the marketplace may have shipped. */
async function numbersFor(
  { settings, erp }: OpenFlow<OrdersSettings>,
  items: ReadonlyMap<string, ErpItem>,
): Promise<NumberPool | undefined> {
  const tracked = [...items.values()].filter((item) => item.lotTracked || item.serialTracked);
  const locations = new Set(
    Object.values(settings.marketplaces).flatMap((market) => market.marketplaceLocationId ?? []),
  );
  if (tracked.length === 0 || locations.size === 0 || settings.numbers !== 'assign') return undefined;
  return numberPool(
    await erp.items.numbers(
      tracked.map((item) => item.id),
      [...locations],
    ),
  );
}
