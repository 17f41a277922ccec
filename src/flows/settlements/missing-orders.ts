// Which orders of a settlement were looked for in vain? Missing ones are fetched from the marketplace first; only those that
// came and are held, or that do not come in time, count as sought.
import type { OrderInBooks } from '../../erp/books.ts';
import type { SettlementPlan } from '../../ledger/posting.ts';
import type { OpenFlow } from '../flow.ts';
import type { SettlementsSettings } from './settings.ts';

const minuteMs = 60_000;
/** States in which an order will not enter the books by itself. */
const stuck = new Set(['parked', 'skipped']);

export async function soughtOrders(
  flow: OpenFlow<SettlementsSettings>,
  settlementId: string,
  wanted: readonly string[],
): Promise<ReadonlySet<string>> {
  if (wanted.length === 0) return new Set();
  const known = await flow.journal.orders(wanted);
  const before = await flow.settlements.sought(settlementId);
  const now = flow.clock.now().getTime();
  const patience = flow.settings.ordersWaitMinutes * minuteMs;
  const sought = new Set<string>();
  const ask: string[] = [];
  for (const id of wanted) {
    const order = known.get(id);
    const since = before.get(id);
    if (since === undefined) ask.push(id);
    if (order && stuck.has(order.state)) sought.add(id);
    else if (since !== undefined && now - since.getTime() > patience) sought.add(id);
  }
  // Orders that are here and held are not fetched again: another copy would be held for the same reason.
  await flow.journal.wantOrdersOfShop(ask.filter((id) => !known.has(id)));
  if (ask.length > 0) await flow.settlements.noteSought(settlementId, ask);
  return sought;
}

/** Orders whose sales order is in the books and whose bill is still to come: the posting waits for it, but not for ever. */
export async function unripeOrders(
  flow: OpenFlow<SettlementsSettings>,
  settlementId: string,
  of: { readonly plan: SettlementPlan; readonly orders: ReadonlyMap<string, OrderInBooks> },
): Promise<readonly string[]> {
  const unripe = [
    ...new Set(
      of.plan.postings
        .filter((posting) => posting.state === 'suspended')
        .flatMap((posting) => posting.groups.map((group) => group.split(':')[1] ?? ''))
        .filter((id) => {
          const order = of.orders.get(id);
          return (
            order && order.salesOrders.length > 0 && order.invoices.length + order.cashSales.length === 0
          );
        }),
    ),
  ];
  if (unripe.length === 0) return [];
  const before = await flow.settlements.sought(settlementId);
  await flow.settlements.noteSought(
    settlementId,
    unripe.filter((id) => !before.has(id)),
  );
  const now = flow.clock.now().getTime();
  const patience = flow.settings.ordersWaitMinutes * minuteMs;
  return unripe.filter((id) => now - (before.get(id)?.getTime() ?? now) <= patience);
}
