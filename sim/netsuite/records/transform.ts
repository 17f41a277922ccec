// Which record can be made from which? The transforms of the documented table that a marketplace connector uses.
import type { Account } from '../account.ts';
import { multiply } from '../amounts.ts';
import type { Role } from '../auth/roles.ts';
import { Refusal, userError } from '../errors.ts';
import type { Body } from '../masters.ts';
import { emptyLine, type Line, type Transaction } from '../transactions.ts';
import { addLine, createTransaction, creationKeys, finishSale } from './create.ts';
import { applyCustomer, itemsOf, newTransaction, saleLine } from './drafts.ts';
import { fulfilOrder } from './fulfil.ts';
import { applyCredit, createPayment } from './money.ts';
import { isApproved, orderStatus } from './status.ts';

const targets: Readonly<Record<string, readonly string[]>> = {
  salesOrder: ['itemFulfillment', 'invoice', 'cashSale', 'returnAuthorization'],
  invoice: ['creditMemo', 'customerPayment', 'returnAuthorization'],
  cashSale: ['cashRefund', 'returnAuthorization'],
  returnAuthorization: ['itemReceipt', 'creditMemo', 'cashRefund'],
};

export function transform(
  account: Account,
  source: Transaction,
  target: string,
  body: Body,
  role: Role,
): Transaction {
  if (!targets[source.record]?.includes(target))
    throw new Refusal(
      400,
      'INVALID_REQUEST',
      `Error while accessing a resource. The record ${source.record} can not be transformed to ${target}.`,
    );
  if (target === 'itemFulfillment') return fulfilOrder(account, source, body);
  if (target === 'itemReceipt') return receiveReturn(account, source, body);
  if (target === 'customerPayment') return payInvoice(account, source, body);
  return copySale(account, source, target, body, role);
}

/** From a customer record: a sale whose customer is known. */
export const fromCustomer = (
  account: Account,
  customer: number,
  target: string,
  body: Body,
  role: Role,
): Transaction =>
  createTransaction(
    account,
    target,
    { ...body, [target === 'customerPayment' ? 'customer' : 'entity']: { id: String(customer) } },
    role,
  );

function payInvoice(account: Account, invoice: Transaction, body: Body): Transaction {
  const t = createPayment(account, {
    currency: { id: String(invoice.currency) },
    ...body,
    customer: { id: String(invoice.entity) },
    apply: body['apply'] ?? { items: [{ doc: { id: String(invoice.id) }, apply: true }] },
  });
  t.createdFrom = invoice.id;
  account.transactions.link(invoice, t, [{ previous: 0, next: 0 }], 'Payment');
  return t;
}

/**
 * Units of a source line that are still to be billed, refunded or returned. An order is billed for what has shipped, as
 * long as the account does not invoice in advance of fulfillment.
 */
function openOf(source: Transaction, line: Line, billing: boolean): number {
  if (line.itemType === 'Discount') return line.billed === 0 ? 1 : 0;
  if (source.record !== 'salesOrder') return Math.max(0, line.quantity - line.billed);
  const due = (billing && line.fulfillable) || line.closed ? line.shipped : line.quantity;
  return Math.max(0, due - line.billed);
}

function copySale(
  account: Account,
  source: Transaction,
  target: string,
  body: Body,
  role: Role,
): Transaction {
  const billing = source.record === 'salesOrder' && target !== 'returnAuthorization';
  if (billing && !isApproved(source)) throw userError('This order can not be billed in its present status.');
  const t = newTransaction(account, target, { ...body, currency: { id: String(source.currency) } });
  applyCustomer(
    account,
    t,
    { ...body, currency: { id: String(source.currency) }, entity: { id: String(source.entity) } },
    source,
  );
  t.createdFrom = source.id;
  for (const [field, value] of Object.entries(source.body))
    if (
      /^custbody_|^shippingAddress$|^otherRefNum$|^memo$/.test(field) ||
      (billing && /^(shippingCost|handlingCost)$/.test(field))
    )
      t.body[field] ??= value;
  const named = new Map(
    (itemsOf(body, 'item') ?? [])
      .filter((one) => one['line'] !== undefined || one['orderLine'] !== undefined)
      .map((one) => [Number(one['orderLine'] ?? one['line']), one]),
  );
  const links: { previous: number; next: number }[] = [];
  for (const line of source.lines) {
    const wish = named.get(line.line);
    const open = openOf(source, line, billing);
    const wished = wish?.['quantity'];
    const quantity = line.itemType === 'Discount' ? open : typeof wished === 'number' ? wished : open;
    // A line set to zero stays behind: that is how a part is refunded or billed.
    if (quantity === 0 || line.kitMemberOf !== undefined || (typeof wished === 'number' && wished === 0))
      continue;
    if (quantity > open)
      throw userError(
        `The quantity ${quantity} exceeds what is open of this line (${open}).`,
        'item.quantity',
      );
    const copy = addLine(t, copyLine(account, t, line, quantity, wish));
    links.push({ previous: line.line, next: copy.line });
    if (target !== 'returnAuthorization') line.billed += line.itemType === 'Discount' ? 1 : quantity;
  }
  (itemsOf(body, 'item') ?? []).forEach((one, at) => {
    if (one['line'] === undefined && one['orderLine'] === undefined && one['item'] !== undefined)
      addLine(t, saleLine(account, t, one, at));
  });
  if (t.lines.length === 0)
    throw userError('You must enter at least one line item for this transaction.', 'item');
  finishSale(account, t, body, role, source);
  account.transactions.link(source, t, links, linkTypes[target] ?? 'SaleRet');
  if (target === 'creditMemo' && source.record === 'invoice')
    applyCredit(
      account,
      t,
      body['apply']
        ? body
        : {
            apply: {
              items: [
                {
                  doc: { id: String(source.id) },
                  apply: true,
                  amount: Math.min(t.total, source.unpaid) / 10 ** t.precision,
                },
              ],
            },
          },
    );
  finishSource(account, source, target);
  return t;
}

const linkTypes: Readonly<Record<string, string>> = {
  invoice: 'OrdBill',
  cashSale: 'OrdBill',
  returnAuthorization: 'SaleRet',
  creditMemo: 'SaleRet',
  cashRefund: 'SaleRet',
};

function copyLine(
  account: Account,
  t: Transaction,
  line: Line,
  quantity: number,
  wish: Body | undefined,
): Line {
  const whole = quantity === line.quantity || line.itemType === 'Discount';
  const copy: Line = {
    ...line,
    body: { ...line.body },
    key: account.transactions.nextKey(),
    quantity: line.itemType === 'Discount' ? 0 : quantity,
    amount: whole ? line.amount : multiply(line.rate ?? 0, quantity, t.precision),
    tax: whole ? line.tax : 0,
    fulfillable: false,
    shipped: 0,
    billed: 0,
    committed: 0,
    backordered: 0,
    picked: 0,
    packed: 0,
    closed: false,
    createdFrom: t.createdFrom,
    orderLine: line.line,
  };
  if (!wish) return copy;
  const { line: _line, orderLine: _orderLine, quantity: _quantity, item: _item, ...changes } = wish;
  return Object.keys(changes).length === 0
    ? copy
    : { ...saleLine(account, t, changes, 0, copy), key: copy.key };
}

function finishSource(account: Account, source: Transaction, target: string): void {
  // The invoice may have been written meanwhile by a credit that was applied to it.
  const fresh = source.record === 'invoice' ? account.transactions.load(source.id) : undefined;
  if (fresh) {
    source.unpaid = fresh.unpaid;
    source.status = fresh.status;
  }
  if (source.record === 'salesOrder' && target !== 'returnAuthorization') source.status = orderStatus(source);
  if (source.record === 'returnAuthorization' && source.lines.every((line) => line.billed >= line.quantity))
    source.status = 'G';
  source.modifiedMs = account.now();
  account.transactions.update(source);
}

function receiveReturn(account: Account, source: Transaction, body: Body): Transaction {
  if (source.status !== 'B' && source.status !== 'D')
    throw userError('This return can not be received in its present status.');
  const t = newTransaction(account, 'itemReceipt', { ...body, currency: { id: String(source.currency) } });
  Object.assign(t, {
    entity: source.entity,
    subsidiary: source.subsidiary,
    createdFrom: source.id,
    status: 'C',
  });
  const named = new Map(
    (itemsOf(body, 'item') ?? []).map((one) => [Number(one['orderLine'] ?? one['line']), one]),
  );
  const links: { previous: number; next: number }[] = [];
  let cost = 0;
  for (const line of source.lines) {
    const wish = named.get(line.line);
    const item = account.masters.item(line.item ?? 0);
    const open = line.quantity - line.shipped;
    const quantity = typeof wish?.['quantity'] === 'number' ? wish['quantity'] : open;
    if (
      wish?.['itemReceive'] === false ||
      quantity <= 0 ||
      !item ||
      (!item.stocked && item.itemType !== 'Kit')
    )
      continue;
    if (quantity > open)
      throw userError(
        `You can not receive ${quantity} of this line: only ${open} are open.`,
        'item.quantity',
      );
    const location = Number(
      (wish?.['location'] as { id?: string } | undefined)?.id ?? line.location ?? source.location ?? 0,
    );
    const copy = addLine(t, {
      ...emptyLine(),
      key: account.transactions.nextKey(),
      item: item.id,
      itemType: item.itemType,
      quantity,
      location,
      createdFrom: source.id,
      orderLine: line.line,
    });
    if (wish?.['restock'] !== false) {
      account.stock.receive(copy, item.id, location, quantity);
      cost += item.costMinor * quantity;
    }
    line.shipped += quantity;
    links.push({ previous: line.line, next: copy.line });
  }
  if (links.length === 0)
    throw userError('You must have at least one valid line item for this transaction.', 'item');
  account.transactions.insert(t);
  account.transactions.link(source, t, links, 'RcptRet');
  account.ledger.post(t, account.ledger.account('inventory'), [
    { account: account.ledger.account('cogs'), minor: -cost },
  ]);
  source.status = source.lines.every(
    (line) => !account.masters.item(line.item ?? 0)?.stocked || line.shipped >= line.quantity,
  )
    ? 'F'
    : 'D';
  source.modifiedMs = account.now();
  account.transactions.update(source);
  account.created(t.id, t.type, creationKeys(t));
  return t;
}
