// What happens when a transaction is created? Checks, amounts, then its effects on stock, books and other documents.
import type { Account } from '../account.ts';
import { toMinor } from '../amounts.ts';
import type { Role } from '../auth/roles.ts';
import { invalidField, userError } from '../errors.ts';
import { cashAccount } from '../ledger.ts';
import { type Body, idOf } from '../masters.ts';
import { emptyLine, type Line, type Transaction } from '../transactions.ts';
import { applyCustomer, itemsOf, newTransaction, resolve, saleLine, total } from './drafts.ts';
import {
  applyCredit,
  createCustomerDeposit,
  createCustomerRefund,
  createDeposit,
  createJournal,
  createPayment,
  storeMoney,
} from './money.ts';
import { orderStatus } from './status.ts';

const sales = new Set([
  'salesOrder',
  'cashSale',
  'invoice',
  'creditMemo',
  'cashRefund',
  'returnAuthorization',
]);

export function createTransaction(account: Account, record: string, body: Body, role: Role): Transaction {
  if (sales.has(record)) return createSale(account, record, body, role);
  if (record === 'journalEntry') return createJournal(account, body, role);
  if (record === 'deposit') return createDeposit(account, body);
  if (record === 'customerPayment') return createPayment(account, body);
  if (record === 'customerRefund') return createCustomerRefund(account, body);
  if (record === 'customerDeposit') return createCustomerDeposit(account, body);
  if (record === 'inventoryAdjustment') return createAdjustment(account, body);
  throw userError(`A record of the type ${record} can only be created by transforming another record.`);
}

/** Adds lines with numbers that were never used before in this transaction. */
export function addLine(t: Transaction, line: Line): Line {
  line.line = ++t.lastLine;
  t.lines.push(line);
  return line;
}

function createSale(account: Account, record: string, body: Body, role: Role): Transaction {
  const t = newTransaction(account, record, body);
  applyCustomer(account, t, body);
  const items = itemsOf(body, 'item') ?? [];
  if (items.length === 0)
    throw userError('You must enter at least one line item for this transaction.', 'item');
  for (const [index, source] of items.entries()) addLine(t, saleLine(account, t, source, index));
  return finishSale(account, t, body, role);
}

/** Status, totals, rows and effects of a sales document whose lines are complete. */
export function finishSale(
  account: Account,
  t: Transaction,
  body: Body,
  role: Role,
  from?: Transaction,
): Transaction {
  total(account, t);
  if (t.record === 'salesOrder') t.status = wantedStatus(body, role);
  else if (t.record === 'returnAuthorization') t.status = orderLetter(body) ?? 'B';
  else t.status = t.record === 'cashSale' ? (body['account'] ? 'B' : 'C') : 'A';
  t.unpaid = t.record === 'invoice' || t.record === 'creditMemo' ? t.total : 0;
  const cost = moveGoods(account, t, from);
  if (t.record === 'salesOrder' && t.status === 'B') {
    account.stock.commit(t);
    t.status = orderStatus(t);
  }
  account.transactions.insert(t);
  saveAddress(account, t);
  postSale(account, t, cost);
  account.created(t.id, t.type, creationKeys(t));
  if (t.record === 'creditMemo' && from === undefined) applyCredit(account, t, body);
  return t;
}

export const creationKeys = (t: Transaction): (string | undefined)[] => [
  t.externalId && `externalId:${t.externalId}`,
  t.body['custbody_mkt_order_id'] ? `order:${t.body['custbody_mkt_order_id']}` : undefined,
];

const orderLetter = (body: Body): string | undefined =>
  (body['orderStatus'] as { id?: string } | undefined)?.id;

function wantedStatus(body: Body, role: Role): 'A' | 'B' {
  const wanted = orderLetter(body) ?? 'A';
  if (wanted !== 'A' && wanted !== 'B') throw invalidField('orderStatus', wanted);
  if (wanted === 'B' && !role.permissions.has('TRAN_SALESORDAPPRV'))
    throw userError('Your current role does not have permission to perform this action.', 'orderStatus');
  return wanted;
}

/**
 * Cash sales and invoices without an order relieve stock at once; those from an order leave it to the shipment. Credits
 * and refunds put units back on the shelf, unless a return authorization has received them.
 */
function moveGoods(account: Account, t: Transaction, from: Transaction | undefined): number {
  if (t.record === 'cashSale' || t.record === 'invoice')
    return from?.record === 'salesOrder'
      ? 0
      : t.lines.reduce((cost, line) => cost + account.stock.relieve(t, line, line.quantity), 0);
  if ((t.record !== 'creditMemo' && t.record !== 'cashRefund') || from?.record === 'returnAuthorization')
    return 0;
  let cost = 0;
  for (const line of t.lines) {
    const item = account.masters.item(line.item ?? 0);
    if (!item?.stocked || line.quantity === 0 || line.location === undefined) continue;
    account.stock.receive(line, item.id, line.location, line.quantity);
    cost -= item.costMinor * line.quantity;
  }
  return cost;
}

export function postSale(account: Account, t: Transaction, cost: number): void {
  const { ledger } = account;
  if (t.record === 'salesOrder' || t.record === 'returnAuthorization') return;
  const receivable = idOf(t.body['account']) ?? ledger.account('receivable');
  const refund = t.record === 'creditMemo' || t.record === 'cashRefund';
  const main = t.record === 'cashSale' || t.record === 'cashRefund' ? cashAccount(t, ledger) : receivable;
  ledger.post(t, main, [...ledger.saleLines(t, refund ? -1 : 1), ...ledger.costs(cost)]);
}

const addressStatements = new WeakMap<Account, { run(...values: (string | number | null)[]): unknown }>();
export function saveAddress(account: Account, t: Transaction): void {
  const address = t.body['shippingAddress'] as Body | undefined;
  if (!address) return;
  let put = addressStatements.get(account);
  if (!put) {
    put = account.db.prepare(
      'INSERT OR REPLACE INTO ns_transactionshippingaddress VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
    );
    addressStatements.set(account, put);
  }
  const text = (name: string) =>
    address[name] === undefined || address[name] === null ? null : String(address[name]);
  const country = address['country'] as { id?: string } | string | undefined;
  put.run(
    t.id,
    text('addressee'),
    text('attention'),
    text('addr1'),
    text('addr2'),
    text('addr3'),
    text('addrPhone'),
    text('addrText'),
    text('city'),
    text('state'),
    text('zip'),
    typeof country === 'object' ? (country.id ?? null) : (country ?? null),
    address['override'] === true ? 'T' : 'F',
  );
}

function createAdjustment(account: Account, body: Body): Transaction {
  const t = newTransaction(account, 'inventoryAdjustment', body);
  const main = resolve(account, 'account', body['account'], 'account');
  if (!main) throw userError('Please enter value(s) for: Adjustment Account.', 'account');
  let cost = 0;
  (itemsOf(body, 'inventory') ?? []).forEach((one, index) => {
    const path = `inventory.items[${index}]`;
    const item = resolve(account, 'item', one['item'], 'item', `${path}.item`);
    const location = resolve(
      account,
      'location',
      one['location'] ?? body['adjLocation'],
      'location',
      `${path}.location`,
    );
    const quantity = Number(one['adjustQtyBy']);
    if (!item || !location || !Number.isFinite(quantity))
      throw userError('Please enter value(s) for: Item, Location, Adjust Qty. By.', path);
    const line = addLine(t, {
      ...emptyLine(),
      key: account.transactions.nextKey(),
      item: item.id,
      itemType: account.masters.item(item.id)!.itemType,
      quantity: Math.abs(quantity),
      location: location.id,
      body: one,
    });
    const unit = toMinor(one['unitCost'], 2) ?? account.masters.item(item.id)!.costMinor;
    if (quantity < 0) account.stock.relieve(t, line, -quantity);
    else account.stock.receive(line, item.id, location.id, quantity);
    cost += unit * quantity;
  });
  t.status = 'A';
  return storeMoney(account, t, main.id, [
    { account: account.ledger.account('inventory'), minor: Math.round(cost) },
  ]);
}
