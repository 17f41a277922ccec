// What does a PATCH change? Fields that are named; lines by their key, others appended, all replaced when asked.
import type { Account } from '../account.ts';
import type { Role } from '../auth/roles.ts';
import { duplicate, invalidField, userError } from '../errors.ts';
import type { Body } from '../masters.ts';
import type { Transaction } from '../transactions.ts';
import { addLine, postSale, saveAddress } from './create.ts';
import { applyCustomer, itemsOf, periodOf, resolve, restOf, saleLine, total } from './drafts.ts';
import { advance, saveTracking, shipStatusOf, undoFulfilment } from './fulfil.ts';
import { orderStatus } from './status.ts';

export interface Change {
  readonly body: Body;
  /** Sublists and fields to be replaced as a whole (`?replace=`). */
  readonly replace: ReadonlySet<string>;
  readonly role: Role;
}

const note = (account: Account, t: Transaction, field: string, before: unknown, after: unknown) => {
  if (before === after) return;
  account.db
    .prepare(
      'INSERT INTO ns_systemnote ([date], field, oldvalue, newvalue, recordid, recordtypeid, context, type) VALUES (?, ?, ?, ?, ?, -30, ?, 4)',
    )
    .run(
      `@${new Date(account.now()).toISOString()}`,
      field,
      before === undefined ? null : String(before),
      after === undefined ? null : String(after),
      t.id,
      'REST',
    );
};

export function updateTransaction(account: Account, t: Transaction, change: Change): void {
  const { body } = change;
  if (body['externalId'] !== undefined && body['externalId'] !== t.externalId) {
    const text = body['externalId'] === null ? undefined : String(body['externalId']);
    if (text !== undefined && account.transactions.findExternal(t.type, text) !== undefined)
      throw duplicate();
    t.externalId = text;
  }
  if (typeof body['tranId'] === 'string') t.tranId = body['tranId'];
  if (typeof body['tranDate'] === 'string' && body['tranDate'] !== t.tranDate) t.tranDate = body['tranDate'];
  if (t.period !== undefined)
    t.period = periodOf(account, t.tranDate, { named: body['postingPeriod'], record: t.record });
  if (body['location'] !== undefined)
    t.location = resolve(account, 'location', body['location'], 'location')?.id;
  if (body['shipMethod'] !== undefined)
    t.shipMethod = resolve(account, 'shipitem', body['shipMethod'], 'shipMethod')?.id;
  for (const [field, value] of Object.entries(restOf(body))) mergeField(t, field, value, change.replace);
  for (const [field, value] of Object.entries(body)) if (value === null) delete t.body[field];
  for (const field of change.replace) if (!(field in body) && field !== 'item') delete t.body[field];
  t.modifiedMs = account.now();
  if (t.record === 'itemFulfillment') updateFulfilment(account, t, body);
  else if (t.record in saleRecords) updateSale(account, t, change);
  account.transactions.update(t);
  saveAddress(account, t);
}

const saleRecords: Readonly<Record<string, true>> = {
  salesOrder: true,
  cashSale: true,
  invoice: true,
  creditMemo: true,
  cashRefund: true,
  returnAuthorization: true,
};

/** Addresses are merged; sublists are appended to unless they are replaced. */
function mergeField(t: Transaction, field: string, value: unknown, replace: ReadonlySet<string>): void {
  const items = (value as { items?: Body[] } | null)?.items;
  if (items && !replace.has(field)) {
    const before = (t.body[field] as { items?: Body[] } | undefined)?.items ?? [];
    t.body[field] = { items: [...before, ...items] };
  } else if (field === 'shippingAddress' || field === 'billingAddress')
    t.body[field] = { ...(t.body[field] as Body | undefined), ...(value as Body) };
  else t.body[field] = value;
}

function updateFulfilment(account: Account, t: Transaction, body: Body): void {
  const wanted = shipStatusOf(body);
  if (wanted !== undefined && !['A', 'B', 'C'].includes(wanted)) throw invalidField('shipStatus', wanted);
  if (wanted !== undefined && wanted !== t.status) {
    const order = account.transactions.load(t.createdFrom ?? 0);
    if (!order) throw userError('The order of this fulfillment no longer exists.');
    note(account, t, 'TRANDOC.KSTATUS', t.status, wanted);
    advance(account, t, order, wanted);
    order.modifiedMs = account.now();
    account.transactions.update(order);
  }
  saveTracking(account, t);
}

function updateSale(account: Account, t: Transaction, change: Change): void {
  const { body, role } = change;
  if (body['entity'] !== undefined || body['currency'] !== undefined)
    applyCustomer(account, t, {
      currency: { id: String(t.currency) },
      ...body,
      entity: body['entity'] ?? { id: String(t.entity) },
    });
  const before = t.status;
  const letter = (body['orderStatus'] as { id?: string } | undefined)?.id;
  if (letter !== undefined && t.record === 'salesOrder') approve(t, letter, role);
  const lines = itemsOf(body, 'item');
  if (lines || change.replace.has('item')) updateLines(account, t, lines ?? [], change.replace.has('item'));
  const wasTotal = t.total;
  total(account, t);
  if (t.record === 'invoice') t.unpaid += t.total - wasTotal;
  if (t.record === 'salesOrder') {
    for (const line of t.lines) if (line.closed || t.status === 'A') account.stock.release(t, line);
    if (t.status !== 'A' && t.status !== 'C') account.stock.commit(t);
    t.status = orderStatus(t);
    note(account, t, 'TRANDOC.KSTATUS', before, t.status);
  } else if (t.total !== wasTotal) postSale(account, t, account.ledger.costOf(t.id));
}

function approve(t: Transaction, letter: string, role: Role): void {
  if (letter !== 'A' && letter !== 'B') throw invalidField('orderStatus', letter);
  if (letter === 'B' && t.status === 'A') {
    if (!role.permissions.has('TRAN_SALESORDAPPRV'))
      throw userError('Your current role does not have permission to perform this action.', 'orderStatus');
    t.status = 'B';
  } else if (letter === 'A' && t.status !== 'A') {
    if (t.status !== 'B') throw invalidField('orderStatus', letter);
    t.status = 'A';
  }
}

function updateLines(account: Account, t: Transaction, items: readonly Body[], replaceAll: boolean): void {
  const kept = new Set<number>();
  items.forEach((source, at) => {
    const key = source['line'] === undefined ? undefined : Number(source['line']);
    const index = key === undefined ? -1 : t.lines.findIndex((line) => line.line === key);
    if (key !== undefined && index < 0) throw invalidField('line', key, `item.items[${at}].line`);
    const before = t.lines[index];
    const line = saleLine(account, t, source, at, before);
    if (before) {
      const done = Math.max(line.picked, line.billed);
      if (line.itemType !== 'Discount' && line.quantity < done)
        throw userError(
          `The quantity can not be less than ${done}, which was fulfilled or billed already.`,
          `item.items[${at}].quantity`,
        );
      t.lines[index] = line;
      kept.add(line.line);
    } else kept.add(addLine(t, line).line);
  });
  if (!replaceAll) return;
  for (const line of t.lines)
    if (!kept.has(line.line)) {
      if (line.picked > 0 || line.billed > 0)
        throw userError('A line that was fulfilled or billed can not be removed.', 'item');
      account.stock.release(t, line);
    }
  t.lines = t.lines.filter((line) => kept.has(line.line));
  if (t.lines.length === 0)
    throw userError('You must enter at least one line item for this transaction.', 'item');
}

/** Deletes a transaction as the UI would: not while others depend on it. */
export function deleteTransaction(account: Account, t: Transaction): void {
  const dependent = account.db
    .prepare('SELECT 1 AS n FROM ns_nexttransactionlinelink WHERE previousdoc = ?')
    .get(t.id);
  if (dependent)
    throw userError(
      'This transaction cannot be deleted because it is linked to by one or more transactions.',
    );
  if (t.period !== undefined) periodOf(account, t.tranDate, { record: t.record });
  if (t.record === 'itemFulfillment') undoFulfilment(account, t);
  if (t.record === 'salesOrder') for (const line of t.lines) account.stock.release(t, line);
  if ((t.record === 'cashSale' || t.record === 'invoice') && t.createdFrom === undefined)
    for (const line of t.lines)
      if (line.item !== undefined && line.location !== undefined)
        account.stock.receive(line, line.item, line.location, line.quantity);
  if (t.createdFrom !== undefined && (t.record === 'cashSale' || t.record === 'invoice')) unbill(account, t);
  account.transactions.remove(t);
  account.db
    .prepare(
      'INSERT INTO ns_deletedrecord (recordid, scriptid, type, deleteddate, context, name, iscustomlist) VALUES (?, ?, ?, ?, ?, ?, ?)',
    )
    .run(
      t.id,
      t.record.toLowerCase(),
      t.record,
      `@${new Date(account.now()).toISOString()}`,
      'REST',
      t.tranId,
      'F',
    );
}

function unbill(account: Account, t: Transaction): void {
  const order = account.transactions.load(t.createdFrom ?? 0);
  if (!order) return;
  for (const line of t.lines) {
    const source = order.lines.find((one) => one.line === line.orderLine);
    if (source) source.billed -= source.itemType === 'Discount' ? 1 : line.quantity;
  }
  if (order.record === 'salesOrder') order.status = orderStatus({ ...order, status: 'B' });
  account.transactions.update(order);
}
