// What happens when a transaction is created? Checks, amounts, then its effects on stock, books and other documents.
import type { Account } from '../account.ts';
import { toMinor } from '../amounts.ts';
import type { Role } from '../auth/roles.ts';
import { invalidField, userError } from '../errors.ts';
import { cashAccount } from '../ledger.ts';
import { type Body, idOf } from '../masters.ts';
import { emptyLine, type Line, type Transaction } from '../transactions.ts';
import { applyCustomer, itemsOf, newTransaction, resolve, saleLine, total } from './drafts.ts';
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
  if (record === 'journalEntry') return createJournal(account, body);
  if (record === 'deposit') return createDeposit(account, body);
  if (record === 'customerPayment') return createPayment(account, body);
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
  t.unpaid = t.record === 'invoice' ? t.total : 0;
  const cost = moveGoods(account, t, from);
  if (t.record === 'salesOrder' && t.status === 'B') {
    account.stock.commit(t);
    t.status = orderStatus(t);
  }
  account.transactions.insert(t);
  saveAddress(account, t);
  postSale(account, t, cost);
  account.created(t.id, t.type, creationKeys(t));
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

/** Cash sales and invoices without an order relieve stock at once; those from an order leave it to the shipment. */
function moveGoods(account: Account, t: Transaction, from: Transaction | undefined): number {
  if ((t.record !== 'cashSale' && t.record !== 'invoice') || from?.record === 'salesOrder') return 0;
  return t.lines.reduce((cost, line) => cost + account.stock.relieve(t, line, line.quantity), 0);
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

function createJournal(account: Account, body: Body): Transaction {
  const t = newTransaction(account, 'journalEntry', body);
  if (t.subsidiary === undefined) throw userError('Please enter value(s) for: Subsidiary.', 'subsidiary');
  const items = itemsOf(body, 'line') ?? [];
  let balance = 0;
  const postings = items.map((source, index) => {
    const master = resolve(account, 'account', source['account'], 'account', `line.items[${index}].account`);
    if (!master) throw userError('Please enter value(s) for: Account.', `line.items[${index}].account`);
    const amount =
      (toMinor(source['debit'] ?? 0, t.precision) ?? 0) - (toMinor(source['credit'] ?? 0, t.precision) ?? 0);
    if (master.id === account.ledger.account('receivable') && !source['entity'])
      throw userError('Please enter value(s) for: Name.', `line.items[${index}].entity`);
    balance += amount;
    t.total += Math.max(0, amount);
    addLine(t, {
      ...emptyLine(),
      key: account.transactions.nextKey(),
      amount,
      account: master.id,
      description: source['memo'] === undefined ? undefined : String(source['memo']),
      body: source,
    });
    return { account: master.id, minor: account.ledger.toBase(t, amount) };
  });
  if (items.length < 2 || balance !== 0)
    throw userError('The amounts in a journal entry must balance.', 'line');
  t.status = 'B';
  return store(account, t, postings[0]!.account, postings);
}

function store(
  account: Account,
  t: Transaction,
  main: number,
  postings: readonly { account: number; minor: number }[],
): Transaction {
  account.transactions.insert(t);
  account.ledger.post(t, main, postings);
  account.created(t.id, t.type, creationKeys(t));
  return t;
}

function createDeposit(account: Account, body: Body): Transaction {
  const t = newTransaction(account, 'deposit', body);
  const bank = resolve(account, 'account', body['account'], 'account');
  if (!bank) throw userError('Please enter value(s) for: Account.', 'account');
  const { ledger } = account;
  const postings: { account: number; minor: number }[] = [];
  (itemsOf(body, 'payment') ?? []).forEach((one, index) => {
    if (one['deposit'] === false) return;
    const payment = account.transactions.load(Number(one['id']));
    const waits =
      payment &&
      ((payment.type === 'CashSale' && payment.status === 'C') ||
        ((payment.type === 'CustPymt' || payment.type === 'CashRfnd') && payment.status === 'A'));
    if (!waits) throw invalidField('payment', one['id'], `payment.items[${index}].id`);
    payment.status = 'B';
    payment.modifiedMs = account.now();
    account.transactions.update(payment);
    const amount = payment.type === 'CashRfnd' ? -payment.total : payment.total;
    t.total += amount;
    postings.push({ account: ledger.account('undeposited'), minor: -ledger.toBase(t, amount) });
  });
  for (const [list, sign] of [
    ['other', 1],
    ['cashback', -1],
  ] as const)
    (itemsOf(body, list) ?? []).forEach((one, index) => {
      const master = resolve(
        account,
        'account',
        one['account'],
        'account',
        `${list}.items[${index}].account`,
      );
      if (!master) throw userError('Please enter value(s) for: Account.', `${list}.items[${index}].account`);
      const amount = sign * (toMinor(one['amount'], t.precision) ?? 0);
      t.total += amount;
      addLine(t, {
        ...emptyLine(),
        key: account.transactions.nextKey(),
        amount,
        account: master.id,
        body: one,
      });
      postings.push({ account: master.id, minor: -ledger.toBase(t, amount) });
    });
  t.status = 'A';
  return store(account, t, bank.id, postings);
}

/** A payment pays the invoices it is applied to. */
export function createPayment(account: Account, body: Body): Transaction {
  const t = newTransaction(account, 'customerPayment', body);
  applyCustomer(account, t, { ...body, entity: body['customer'] });
  t.body['customer'] = { id: String(t.entity) };
  const applied = applyTo(account, t, body);
  t.total = body['payment'] === undefined ? applied : (toMinor(body['payment'], t.precision) ?? 0);
  if (t.total <= 0) throw userError('Please enter value(s) for: Payment Amount.', 'payment');
  if (applied > t.total) throw userError('You cannot apply more than your total payments.', 'apply');
  t.status = body['account'] ? 'B' : 'A';
  return store(account, t, cashAccount(t, account.ledger), [
    { account: account.ledger.account('receivable'), minor: -account.ledger.toBase(t, t.total) },
  ]);
}

/** Reduces what is unpaid of the invoices in the apply list; answers the sum in minor units. */
export function applyTo(account: Account, t: Transaction, body: Body): number {
  let sum = 0;
  (itemsOf(body, 'apply') ?? []).forEach((one, index) => {
    if (one['apply'] === false) return;
    const invoice = account.transactions.load(idOf(one['doc']) ?? 0);
    if (invoice?.type !== 'CustInvc' || invoice.entity !== t.entity)
      throw invalidField('doc', idOf(one['doc']), `apply.items[${index}].doc`);
    const amount = one['amount'] === undefined ? invoice.unpaid : (toMinor(one['amount'], t.precision) ?? 0);
    if (amount > invoice.unpaid)
      throw userError('The amount applied exceeds the amount due.', `apply.items[${index}].amount`);
    invoice.unpaid -= amount;
    invoice.status = invoice.unpaid === 0 ? 'B' : 'A';
    invoice.modifiedMs = account.now();
    account.transactions.update(invoice);
    sum += amount;
  });
  return sum;
}

function createCustomerDeposit(account: Account, body: Body): Transaction {
  const t = newTransaction(account, 'customerDeposit', body);
  applyCustomer(account, t, { ...body, entity: body['customer'] });
  t.body['customer'] = { id: String(t.entity) };
  t.total = toMinor(body['payment'], t.precision) ?? 0;
  if (t.total <= 0) throw userError('Please enter value(s) for: Payment Amount.', 'payment');
  t.status = 'A';
  return store(account, t, cashAccount(t, account.ledger), [
    { account: account.ledger.account('customerDeposits'), minor: -account.ledger.toBase(t, t.total) },
  ]);
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
  return store(account, t, main.id, [
    { account: account.ledger.account('inventory'), minor: Math.round(cost) },
  ]);
}
