// Which documents book one order's money, or one refund's? Payments on invoices, credit memos with refunds, cash refunds;
// an order whose books do not fit is held with the arithmetic shown, never forced. Called by plan.ts per group.

import { formatMoney } from '../core/money.ts';
import type { BilledDocument, BookDraft, BookLine, BookRef } from '../erp/books.ts';
import { classInfo, type RowClass } from './classes.ts';
import type { Group } from './gather.ts';
import type { Planning, RefundBooked } from './plan.ts';
import type { Posting } from './posting.ts';

export type Outcome = Posting | 'journal' | { readonly orderWanted: string };

/** Money for an order: net of promotions and of tax that Amazon keeps; in model fees-on-orders net of fees too. */
export function planOrder(planning: Planning, group: Group): Outcome {
  const { settings, surroundings } = planning;
  const fees = sumOf(group, 'order-fee');
  const gross = group.minor - fees;
  const order = surroundings.orders.get(group.orderId);
  const has = order && order.invoices.length + order.cashSales.length + order.salesOrders.length > 0;
  if (gross === 0n && fees === 0n)
    return nothing(group, order ? firstRef(order.invoices, order.cashSales) : []);
  // Money that goes back, or fees alone, cannot be received on an invoice: the journal takes them by class.
  if (group.minor <= 0n || gross <= 0n) return 'journal';
  if (!has) return { orderWanted: group.orderId };
  const cashSale = order.cashSales[0];
  if (order.invoices.length === 0 && cashSale) return onCashSale(planning, group, cashSale, gross, fees);
  return onInvoices(planning, group, order.invoices, order.salesOrders, gross, fees);

  function onInvoices(
    { account, draftBase, money }: Planning,
    { orderId, day, marketplace }: Group,
    invoices: readonly BilledDocument[],
    salesOrders: readonly {
      readonly id: string;
      readonly customerId: string;
      readonly unbilledShipped: boolean;
    }[],
    grossMinor: bigint,
    feeMinor: bigint,
  ): Outcome {
    const drafts: BookDraft[] = [];
    const payId = draftBase(`PAY-${orderId}-${day}`, day, `order ${orderId}`, true);
    const toBill = salesOrders.find((one) => one.unbilledShipped);
    const known = surroundings.booked.has(payId.externalId);
    const openOf = (one: BilledDocument) =>
      known ? one.total.minor : one.open.minor - (planning.taken.get(one.id) ?? 0n);
    const open = [...invoices].filter((one) => openOf(one) > 0n).sort((a, b) => (a.date < b.date ? -1 : 1));
    const available = open.reduce((sum, one) => sum + openOf(one), 0n);
    const apply: { document: BookRef; amount: { minor: bigint; currency: string } }[] = [];
    let customerId = open[0]?.customerId;
    let rest = grossMinor;
    if (available < grossMinor && toBill) {
      const bill = draftBase(`INV-${orderId}`, day, `order ${orderId}`, true);
      drafts.push({ ...bill, kind: 'invoice', salesOrderId: toBill.id });
      apply.push({
        document: { kind: 'invoice', externalId: bill.externalId },
        amount: money(grossMinor - available),
      });
      rest = available;
      customerId ??= toBill.customerId;
    } else if (available < grossMinor)
      return held(
        planning,
        group,
        'ORDER_OVERPAID',
        available === 0n && invoices.length > 0
          ? `The invoice of order ${orderId} is paid already, and ${amount(planning, grossMinor)} arrived.`
          : invoices.length === 0
            ? `Order ${orderId} is in the books and not billed; ${amount(planning, grossMinor)} arrived.`
            : `${amount(planning, grossMinor)} arrived for order ${orderId}, and its invoices have ${amount(planning, available)} open.`,
      );
    for (const one of open) {
      const part = min(rest, openOf(one));
      if (part > 0n) planning.taken.set(one.id, (planning.taken.get(one.id) ?? 0n) + part);
      if (part > 0n) apply.push({ document: { kind: 'invoice', id: one.id }, amount: money(part) });
      rest -= part;
    }
    // Fees as lines make the invoice smaller: the payment is what is left of it.
    if (feeMinor !== 0n) {
      const target = apply.reduce((most, one) => (one.amount.minor > most.amount.minor ? one : most));
      if (target.amount.minor + feeMinor <= 0n)
        return held(
          planning,
          group,
          'FEES_ABOVE_INVOICE',
          `The fees of order ${orderId} (${amount(planning, -feeMinor)}) are more than one invoice holds.`,
        );
      const base = draftBase(`FEE-${orderId}-${day}`, day, `fees of order ${orderId}`, true);
      drafts.push({
        ...base,
        kind: 'order-fees',
        document: target.document,
        lines: feeLines(planning, group, base.externalId),
        total: money(feeMinor),
      });
      target.amount = money(target.amount.minor + feeMinor);
    }
    drafts.push({
      ...payId,
      kind: 'customer-payment',
      customerId: customerId ?? '',
      ...(open[0] ? { receivableAccountId: open[0].accountId } : {}),
      ...(settings.undeposited ? {} : { accountId: account('clearing', marketplace) }),
      amount: money(grossMinor + feeMinor),
      apply,
    });
    return {
      ...shell(group, 'payment', payId.date),
      through: settings.undeposited ? 'undeposited' : 'clearing',
      drafts,
    };
  }
}

/** The order was sold as a cash sale: its money is in clearing, or in undeposited funds, already. */
function onCashSale(
  planning: Planning,
  group: Group,
  cashSale: BilledDocument,
  gross: bigint,
  fees: bigint,
): Outcome {
  const { orderId, day, marketplace } = group;
  const clearing = planning.account('clearing', marketplace);
  if (!cashSale.undeposited && cashSale.accountId !== clearing)
    return held(
      planning,
      group,
      'CASH_SALE_ELSEWHERE',
      `The cash sale of order ${orderId} was booked to an account that is neither clearing nor undeposited funds.`,
    );
  const feesIdOf = (one: Group) =>
    planning.draftBase(`FEE-${orderId}-${one.day}`, one.day, `fees of order ${orderId}`, true);
  const feesId = feesIdOf(group);
  const sameOrder = [...planning.gathered.groups.values()].filter(
    (one) => one.kind === 'order' && one.orderId === orderId,
  );
  // Fee lines that are on the cash sale already have changed its total.
  const expected = sameOrder.reduce((sum, one) => {
    const feesOfOne = sumOf(one, 'order-fee');
    return sum + one.minor - (planning.surroundings.booked.has(feesIdOf(one).externalId) ? 0n : feesOfOne);
  }, 0n);
  if (cashSale.total.minor !== expected)
    return held(
      planning,
      group,
      'CASH_SALE_DIFFERS',
      `The cash sale of order ${orderId} is ${formatMoney(cashSale.total)}, and ${amount(planning, gross)} arrived for it.`,
    );
  if (sameOrder.length > 1 && cashSale.undeposited)
    return held(
      planning,
      group,
      'CASH_SALE_IN_PARTS',
      `The money for order ${orderId} arrives in ${sameOrder.length} parts, and its cash sale can only be deposited whole.`,
    );
  const tie: BookRef = { kind: 'cash-sale', id: cashSale.id };
  return {
    ...shell(group, 'payment', day),
    through: cashSale.undeposited ? 'undeposited' : 'none',
    drafts:
      fees === 0n
        ? []
        : [
            {
              ...feesId,
              kind: 'order-fees',
              document: tie,
              lines: feeLines(planning, group, feesId.externalId),
              total: planning.money(fees),
            },
          ],
    ties: [tie],
  };
}

/** Money back to the buyer: by the record the sale was booked as. */
export function planRefund(planning: Planning, group: Group, booked: RefundBooked[]): Outcome {
  const { surroundings, settings } = planning;
  const { orderId, day, marketplace } = group;
  const fees = sumOf(group, 'refund-fee');
  const owed = -(group.minor - fees);
  // The buyer's money came earlier, from Finances: the rows are tied to that, and nothing is booked twice.
  if (settings.refundsFrom === 'finances') {
    const at = booked.findIndex((one) => one.orderId === orderId && one.minor === -group.minor);
    if (at >= 0) {
      const [found] = booked.splice(at, 1);
      return {
        ...shell(group, 'refund', day),
        through: 'none',
        drafts: [],
        ties: [{ kind: found!.kind, externalId: found!.externalId }],
      };
    }
  }
  if (group.minor === 0n && owed === 0n) return nothing(group, []);
  if (owed <= 0n || group.minor >= 0n) return 'journal';
  const order = surroundings.orders.get(orderId);
  const invoice = order?.invoices[0];
  const cashSale = order?.cashSales[0];
  const toBill = order?.salesOrders.find((one) => one.unbilledShipped);
  const suffix = `${orderId}-${group.key.slice(`refund:${orderId}:`.length)}`;
  const lines = refundLines(planning, group);
  const total = planning.money(-group.minor);
  const clearing = planning.account('clearing', marketplace);
  if (!invoice && cashSale) {
    const base = planning.draftBase(`CR-${suffix}`, day, `refund of order ${orderId}`, true);
    return {
      ...shell(group, 'refund', base.date),
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
        planning,
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
    ...shell(group, 'refund', memo.date),
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

function sumOf(group: Group, treatment: string): bigint {
  let sum = 0n;
  for (const [rowClass, { minor }] of group.classes)
    if (classInfo(rowClass).treatment === treatment) sum += minor;
  return sum;
}

function shell(group: Group, kind: 'payment' | 'refund', date: string): Posting {
  return {
    key: `${kind}:${group.key.slice(group.key.indexOf(':') + 1)}`,
    kind,
    title: `${kind === 'payment' ? 'Payment for' : 'Refund of'} order ${group.orderId}`,
    marketplace: group.marketplace,
    date,
    ...(date === group.day ? {} : { belongsTo: group.day }),
    minor: group.minor,
    rows: group.rows,
    groups: [group.key],
    through: 'clearing',
    drafts: [],
    ties: [],
    state: 'ready',
    needsApproval: false,
  };
}

function held(_planning: Planning, group: Group, code: string, message: string): Posting {
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
