// Which documents book one order's money, or one refund's? Payments on invoices, credit memos with refunds, cash refunds;
// an order whose books do not fit is held with the arithmetic shown, never forced. Called by plan.ts per group.

import { formatMoney, type Money } from '../core/money.ts';
import type { BilledDocument, BookDraft, BookLine, BookRef, OrderInBooks } from '../erp/books.ts';
import { classInfo, type RowClass } from './classes.ts';
import type { Group } from './gather.ts';
import type { Planning, RefundBooked } from './plan.ts';
import type { Posting } from './posting.ts';

export type Outcome = Posting | 'journal' | { readonly orderWanted: string };

/** Money for an order, net of promotions and of tax that Amazon keeps; with its fees in model fees-on-orders. */
export function planOrder(planning: Planning, group: Group, fees: Group | undefined): Outcome {
  const order = planning.surroundings.orders.get(group.orderId);
  if (group.minor === 0n) return nothing(group, order ? firstRef(order.invoices, order.cashSales) : []);
  // Money that goes back without being a refund cannot be received on an invoice: the journal takes it by class.
  if (group.minor < 0n) return 'journal';
  if (!order || order.invoices.length + order.cashSales.length + order.salesOrders.length === 0)
    return { orderWanted: group.orderId };
  const cashSale = order.cashSales[0];
  if (order.invoices.length === 0 && cashSale) return onCashSale(planning, group, fees, cashSale);
  return onInvoices(planning, group, fees, order);
}

function onInvoices(
  planning: Planning,
  group: Group,
  riding: Group | undefined,
  { invoices, salesOrders }: OrderInBooks,
): Outcome {
  const gross = group.minor;
  const { settings, surroundings, draftBase, money, account } = planning;
  const { orderId, day, marketplace } = group;
  const payment = draftBase(`PAY-${orderId}-${day}`, day, `order ${orderId}`, true);
  const feeBase = draftBase(`FEE-${orderId}-${day}`, day, `fees of order ${orderId}`, true);
  const paid = surroundings.booked.has(payment.externalId);
  // After the deposit is booked, undeposited funds would never be gathered: a late payment goes to clearing, which the
  // deposit has drawn already.
  const undeposited = settings.undeposited && (paid || !depositBooked(planning));
  // Fee lines that stand on the invoice already have made it smaller.
  const feesThere = riding !== undefined && surroundings.booked.has(feeBase.externalId);
  const needed = feesThere ? gross + riding.minor : gross;
  const openOf = (one: BilledDocument) =>
    paid ? one.total.minor : one.open.minor - (planning.taken.get(one.id) ?? 0n);
  const open = invoices.filter((one) => openOf(one) > 0n).sort((a, b) => (a.date < b.date ? -1 : 1));
  const available = open.reduce((sum, one) => sum + openOf(one), 0n);
  const toBill = salesOrders.find((one) => one.unbilledShipped);
  if (available < needed && !toBill && !paid)
    return held(group, 'ORDER_OVERPAID', overpaid(planning, orderId, invoices, available, needed));
  const drafts: BookDraft[] = [];
  const apply: { document: BookRef; amount: Money }[] = [];
  let rest = needed;
  for (const one of open) {
    const part = min(rest, openOf(one));
    if (part <= 0n) continue;
    planning.taken.set(one.id, (planning.taken.get(one.id) ?? 0n) + part);
    apply.push({ document: { kind: 'invoice', id: one.id }, amount: money(part) });
    rest -= part;
  }
  if (rest > 0n && toBill) {
    const bill = draftBase(`INV-${orderId}`, day, `order ${orderId}`, true);
    drafts.push({ ...bill, kind: 'invoice', salesOrderId: toBill.id });
    apply.push({ document: { kind: 'invoice', externalId: bill.externalId }, amount: money(rest) });
  }
  // Fees as lines make the invoice smaller: the payment is what is left of it.
  if (riding && riding.minor !== 0n) {
    const target = apply.reduce((most, one) => (one.amount.minor > most.amount.minor ? one : most));
    if (!feesThere && target.amount.minor + riding.minor <= 0n)
      return held(
        group,
        'FEES_ABOVE_INVOICE',
        `The fees of order ${orderId} (${amount(planning, -riding.minor)}) are more than one of its invoices holds.`,
      );
    if (!feesThere) target.amount = money(target.amount.minor + riding.minor);
    drafts.push({
      ...feeBase,
      kind: 'order-fees',
      document: target.document,
      lines: feeLines(planning, riding, feeBase.externalId),
      total: money(riding.minor),
    });
  }
  drafts.push({
    ...payment,
    kind: 'customer-payment',
    customerId: open[0]?.customerId ?? toBill?.customerId ?? invoices[0]?.customerId ?? '',
    ...(open[0] ? { receivableAccountId: open[0].accountId } : {}),
    ...(undeposited ? {} : { accountId: account('clearing', marketplace) }),
    amount: money(gross + (riding?.minor ?? 0n)),
    apply,
  });
  return {
    ...shell(group, 'payment', payment.date, riding),
    through: undeposited ? 'undeposited' : 'clearing',
    drafts,
  };
}

const depositBooked = (planning: Planning): boolean =>
  planning.surroundings.booked.has(planning.draftBase('DEP', '', '', false).externalId);

function overpaid(
  planning: Planning,
  orderId: string,
  invoices: readonly BilledDocument[],
  available: bigint,
  needed: bigint,
): string {
  const arrived = amount(planning, needed);
  if (invoices.length === 0) return `Order ${orderId} is in the books and not billed; ${arrived} arrived.`;
  return available === 0n
    ? `The invoice of order ${orderId} is paid already, and ${arrived} arrived.`
    : `${arrived} arrived for order ${orderId}, and its invoices have ${amount(planning, available)} open.`;
}

/** The order was sold as a cash sale: its money is in clearing, or in undeposited funds, already. */
function onCashSale(
  planning: Planning,
  group: Group,
  riding: Group | undefined,
  cashSale: BilledDocument,
): Outcome {
  const { orderId, day, marketplace } = group;
  const { groups } = planning.gathered;
  if (!cashSale.undeposited && cashSale.accountId !== planning.account('clearing', marketplace))
    return held(
      group,
      'CASH_SALE_ELSEWHERE',
      `The cash sale of order ${orderId} was booked to an account that is neither clearing nor undeposited funds.`,
    );
  const feesOf = (one: Group) =>
    planning.draftBase(`FEE-${orderId}-${one.day}`, one.day, `fees of order ${orderId}`, true);
  const sameOrder = [...groups.values()].filter((one) => one.kind === 'order' && one.orderId === orderId);
  // Fee lines that are on the cash sale already have changed its total.
  const expected = sameOrder.reduce((sum, one) => {
    const there = planning.surroundings.booked.has(feesOf(one).externalId);
    return sum + one.minor + (there ? (groups.get(`fee:${one.key}`)?.minor ?? 0n) : 0n);
  }, 0n);
  if (cashSale.total.minor !== expected)
    return held(
      group,
      'CASH_SALE_DIFFERS',
      `The cash sale of order ${orderId} is ${formatMoney(cashSale.total)}, and ${amount(planning, expected)} arrived for it.`,
    );
  if (sameOrder.length > 1 && cashSale.undeposited)
    return held(
      group,
      'CASH_SALE_IN_PARTS',
      `The money for order ${orderId} arrives in ${sameOrder.length} parts, and its cash sale can only be deposited whole.`,
    );
  if (cashSale.undeposited && depositBooked(planning) && cashSale.open.minor > 0n)
    return held(
      group,
      'CASH_SALE_LATE',
      `The cash sale of order ${orderId} came after the settlement’s deposit; it still lies in undeposited funds.`,
    );
  const tie: BookRef = { kind: 'cash-sale', id: cashSale.id };
  const carried = riding && riding.minor !== 0n ? riding : undefined;
  const base = feesOf(group);
  return {
    ...shell(group, 'payment', day, riding),
    through: cashSale.undeposited ? 'undeposited' : 'none',
    drafts: carried
      ? [
          {
            ...base,
            kind: 'order-fees',
            document: tie,
            lines: feeLines(planning, carried, base.externalId),
            total: planning.money(carried.minor),
          },
        ]
      : [],
    ties: [tie],
  };
}

/** Money back to the buyer: by the record the sale was booked as. */
export function planRefund(
  planning: Planning,
  group: Group,
  fees: Group | undefined,
  booked: RefundBooked[],
): Outcome {
  const { surroundings, settings } = planning;
  const { orderId, day, marketplace } = group;
  // The buyer's money came earlier, from Finances: the rows are tied to that, and nothing is booked twice.
  if (settings.refundsFrom === 'finances') {
    const at = booked.findIndex((one) => one.orderId === orderId && one.minor === -group.minor);
    if (at >= 0) {
      const [found] = booked.splice(at, 1);
      return {
        ...shell(group, 'refund', day),
        through: 'none',
        ties: [{ kind: found!.kind, externalId: found!.externalId }],
      };
    }
  }
  if (group.minor === 0n) return nothing(group, []);
  if (group.minor > 0n) return 'journal';
  const order = surroundings.orders.get(orderId);
  const invoice = order?.invoices[0];
  const cashSale = order?.cashSales[0];
  const toBill = order?.salesOrders.find((one) => one.unbilledShipped);
  const suffix = `${orderId}-${group.key.slice(`refund:${orderId}:`.length)}`;
  const lines = [...refundLines(planning, group), ...(fees ? refundLines(planning, fees) : [])];
  const total = planning.money(-(group.minor + (fees?.minor ?? 0n)));
  const clearing = planning.account('clearing', marketplace);
  if (!invoice && cashSale) {
    const base = planning.draftBase(`CR-${suffix}`, day, `refund of order ${orderId}`, true);
    return {
      ...shell(group, 'refund', base.date, fees),
      drafts: [
        {
          ...base,
          kind: 'cash-refund',
          customerId: cashSale.customerId,
          accountId: clearing,
          ...method(planning),
          origin: { kind: 'cash-sale', id: cashSale.id },
          lines,
          total,
        },
      ],
    };
  }
  const customerId = invoice?.customerId ?? toBill?.customerId;
  if (customerId === undefined) {
    if (order && order.salesOrders.length > 0)
      return held(
        group,
        'REFUND_BEFORE_SHIPPING',
        `Order ${orderId} is refunded and neither shipped nor billed in the books.`,
      );
    return { orderWanted: orderId };
  }
  const memo = planning.draftBase(`CM-${suffix}`, day, `refund of order ${orderId}`, true);
  const refund = planning.draftBase(`RF-${suffix}`, day, `refund of order ${orderId}`, true);
  const receivable = invoice ? { receivableAccountId: invoice.accountId } : {};
  return {
    ...shell(group, 'refund', memo.date, fees),
    drafts: [
      {
        ...memo,
        kind: 'credit-memo',
        customerId,
        ...receivable,
        ...(invoice ? { origin: { kind: 'invoice', id: invoice.id } as const } : {}),
        lines,
        total,
        apply: [],
      },
      {
        ...refund,
        kind: 'customer-refund',
        customerId,
        ...receivable,
        accountId: clearing,
        ...method(planning),
        amount: total,
        apply: [{ document: { kind: 'credit-memo', externalId: memo.externalId }, amount: total }],
      },
    ],
  };
}

const method = ({ settings }: Planning) =>
  settings.paymentMethodId ? { paymentMethodId: settings.paymentMethodId } : {};

/** Lines of a refund by item and part; positive is what the buyer gets. Quantity 1 of a refund item: stock never moves. */
function refundLines(planning: Planning, group: Group): BookLine[] {
  const lines: BookLine[] = [];
  for (const [key, item] of group.items) {
    const parts = new Map<string, { minor: bigint; titles: Set<string> }>();
    for (const [rowClass, minor] of item.classes) {
      const role = refundItem(rowClass);
      const part = parts.get(role) ?? { minor: 0n, titles: new Set<string>() };
      part.minor -= minor;
      part.titles.add(classInfo(rowClass).title);
      parts.set(role, part);
    }
    for (const [role, { minor, titles }] of parts) {
      if (minor === 0n) continue;
      lines.push({
        key: `${key}:${role}`,
        itemId: planning.item(role),
        quantity: 1,
        amount: planning.money(minor),
        description: `${[...titles].join(', ')}${item.sku ? `: ${item.quantity || ''} ${item.sku}`.replace(':  ', ': ') : ''}`,
      });
    }
  }
  return lines;
}

function refundItem(rowClass: RowClass): string {
  const { treatment, role } = classInfo(rowClass);
  if (treatment === 'refund-fee') return role;
  if (treatment === 'refund-tax' || treatment === 'refund-withheld') return 'refund-tax';
  switch (rowClass) {
    case 'refund.principal':
      return 'refund';
    case 'refund.shipping':
    case 'refund.gift-wrap':
      return 'refund-shipping';
    case 'refund.discount':
      return 'refund-discount';
    case 'chargeback.principal':
      return 'chargeback';
    default:
      return 'refund-other';
  }
}

function feeLines(planning: Planning, group: Group, externalId: string): BookLine[] {
  return [...group.classes]
    .filter(([rowClass, { minor }]) => classInfo(rowClass).treatment === 'order-fee' && minor !== 0n)
    .map(([rowClass, { minor }]) => ({
      key: `${externalId}:${rowClass}`,
      itemId: planning.item(classInfo(rowClass).role),
      quantity: 1,
      amount: planning.money(minor),
      description: classInfo(rowClass).title,
    }));
}

function shell(group: Group, kind: 'payment' | 'refund', date: string, fees?: Group): Posting {
  return {
    key: `${kind}:${group.key.slice(group.key.indexOf(':') + 1)}`,
    kind,
    title: `${kind === 'payment' ? 'Payment for' : 'Refund of'} order ${group.orderId}`,
    marketplace: group.marketplace,
    date,
    ...(date === group.day ? {} : { belongsTo: group.day }),
    minor: group.minor + (fees?.minor ?? 0n),
    rows: group.rows + (fees?.rows ?? 0),
    groups: fees ? [group.key, fees.key] : [group.key],
    through: 'clearing',
    drafts: [],
    ties: [],
    state: 'ready',
    needsApproval: false,
  };
}

function held(group: Group, code: string, message: string): Posting {
  return {
    ...shell(group, group.kind === 'refund' ? 'refund' : 'payment', group.day),
    state: 'suspended',
    reason: {
      code,
      message,
      nextSteps: [
        `Open order ${group.orderId} in the books and compare it with the settlement’s rows.`,
        'Correct it there and plan the settlement again; nothing was booked for this order.',
      ],
    },
  };
}

const nothing = (group: Group, ties: readonly BookRef[]): Posting => ({
  ...shell(group, group.kind === 'refund' ? 'refund' : 'payment', group.day),
  kind: 'nothing',
  title: `Order ${group.orderId}: nothing is paid`,
  ties,
});

function firstRef(invoices: readonly BilledDocument[], cashSales: readonly BilledDocument[]): BookRef[] {
  if (invoices[0]) return [{ kind: 'invoice', id: invoices[0].id }];
  return cashSales[0] ? [{ kind: 'cash-sale', id: cashSales[0].id }] : [];
}

const amount = ({ currency }: Planning, minor: bigint): string =>
  `${formatMoney({ minor, currency })} ${currency}`;
const min = (a: bigint, b: bigint): bigint => (a < b ? a : b);
