// Would real recent orders fit? Each is mapped as a dry run with the answers given so far, and compared with what the
// marketplace says: total, tax, lines, quantities, mapped fields. Nothing is written anywhere.
import { asSyncError } from '../../core/errors.ts';
import { formatMoney, type Money, parseMoney, total } from '../../core/money.ts';
import type { Order } from '../../core/order.ts';
import type { OpenFlow } from '../../flows/flow.ts';
import type { MappedOrder } from '../../flows/orders/document-context.ts';
import { gateOrder } from '../../flows/orders/gate-order.ts';
import { contextFor } from '../../flows/orders/order-context.ts';
import { orderToDocument } from '../../flows/orders/order-to-document.ts';
import type { OrdersSettings } from '../../flows/orders/settings.ts';
import type { Lookups } from '../../mapping/mapping.ts';
import { plainProblem } from '../dry-run.ts';
import type { ComparedOrder, Comparison, Readiness } from '../operations.ts';

export const comparisonNames = ['total', 'tax', 'lines', 'quantities', 'fields'] as const;

export async function checkReadiness(
  flow: OpenFlow<OrdersSettings>,
  raws: readonly unknown[],
): Promise<Readiness> {
  const orders = raws.map((raw) => {
    try {
      return { order: flow.channel.orders!.toOrder(raw) };
    } catch (thrown) {
      return { problem: plainProblem(asSyncError(thrown)) };
    }
  });
  const contextOf = await contextFor(
    flow,
    orders.flatMap(({ order }) => (order ? [order] : [])),
    { dry: true },
  );
  const lookups = await flow.lookups();
  const compared: ComparedOrder[] = [];
  for (const { order, problem } of orders) {
    if (!order) {
      compared.push({ orderId: '', verdict: 'unfit', checks: [], problem: problem! });
      continue;
    }
    const base = {
      orderId: order.id,
      marketplace: order.marketplace.name,
      fulfilledBy: order.fulfilledBy,
      placedAt: order.placedAt.toISOString(),
      currency: order.currency,
    };
    const passage = gateOrder(order, flow.settings, false);
    if (passage.kind === 'skip') {
      compared.push({ ...base, verdict: 'left-out', reason: passage.reason, checks: [] });
      continue;
    }
    try {
      const mapped = orderToDocument(order, await contextOf(order));
      // The exact request is built too: a field the account does not have shows here and not on the first day.
      await flow.erp.documents.plan(mapped.draft);
      const checks = compare(order, mapped, lookups);
      compared.push({
        ...base,
        documentKind: mapped.draft.kind,
        verdict: checks.every((check) => check.equal) ? 'fits' : 'unfit',
        checks,
        ...(mapped.remarks.length > 0 ? { reason: mapped.remarks.join(' ') } : {}),
      });
    } catch (thrown) {
      compared.push({ ...base, verdict: 'unfit', checks: [], problem: plainProblem(asSyncError(thrown)) });
    }
  }
  return summary(compared, flow.clock.now());
}

function summary(orders: readonly ComparedOrder[], now: Date): Readiness {
  const count = (verdict: ComparedOrder['verdict']) => orders.filter((one) => one.verdict === verdict).length;
  return {
    at: now.toISOString(),
    fits: count('fits'),
    unfit: count('unfit'),
    leftOut: count('left-out'),
    tallies: Object.fromEntries(
      comparisonNames.map((name) => {
        const checks = orders.flatMap((one) => one.checks.filter((check) => check.name === name));
        return [name, { compared: checks.length, equal: checks.filter((check) => check.equal).length }];
      }),
    ),
    orders,
  };
}

/** The marketplace's figure beside what would be booked. Both sides are added up here anew, not copied from the mapping. */
function compare(order: Order, mapped: MappedOrder, lookups: Lookups): readonly Comparison[] {
  const { draft, arithmetic } = mapped;
  const money = (name: Comparison['name'], expected: string, actual: string): Comparison => ({
    name,
    expected,
    actual,
    equal: expected === actual,
  });
  const amounts = [...draft.lines, ...(draft.taxOverride ?? [])].map((line) => line.amount);
  const kept = parseMoney(arithmetic.marketplaceTax, order.currency);
  const sold = order.lines.filter((line) => line.quantity > 0);
  const products = draft.lines.filter((line) => line.role === 'item');
  const units = sold.reduce(
    (sum, line) => sum + line.quantity * (lookups.get('item-alias')?.get(line.sku)?.multiplier ?? 1),
    0,
  );
  const quantity = products.reduce((sum, line) => sum + line.quantity, 0);
  const unset = unsetFields(mapped, (lookups.get('ship-method')?.size ?? 0) > 0);
  return [
    money('total', arithmetic.marketplaceTotal, formatMoney(total([...amounts, kept], order.currency))),
    money('tax', taxOf(order), taxBooked(order, mapped)),
    {
      name: 'lines',
      expected: String(sold.length),
      actual: String(products.length),
      equal: sold.length === products.length,
    },
    { name: 'quantities', expected: String(units), actual: String(quantity), equal: units === quantity },
    { name: 'fields', expected: '', actual: unset.join(', '), equal: unset.length === 0 },
  ];
}

const sumText = (amounts: readonly Money[], currency: string) => formatMoney(total(amounts, currency));

/** Tax on top of the prices, as the marketplace states it. */
const taxOf = (order: Order): string =>
  sumText(
    order.lines.filter((line) => !line.taxIncluded).map((line) => line.tax),
    order.currency,
  );

/** Where that tax went: kept by the marketplace, on tax lines, or over what SuiteTax calculates. */
const taxBooked = (order: Order, { draft, arithmetic }: MappedOrder): string =>
  sumText(
    [
      ...draft.lines.filter((line) => line.role === 'tax').map((line) => line.amount),
      ...(draft.taxOverride ?? []).map((tax) => tax.amount),
      parseMoney(arithmetic.marketplaceTax, order.currency),
    ],
    order.currency,
  );

/** Fields the account expects that stayed empty. */
function unsetFields({ draft }: MappedOrder, shipMethodsChosen: boolean): readonly string[] {
  const wanted: readonly (keyof typeof draft)[] = [
    'customerId',
    'locationId',
    ...(draft.kind === 'sales-order' ? (['shipTo'] as const) : []),
    ...(draft.kind === 'sales-order' && shipMethodsChosen ? (['shipMethodId'] as const) : []),
  ];
  return wanted.filter((name) => draft[name] === undefined || draft[name] === '');
}
