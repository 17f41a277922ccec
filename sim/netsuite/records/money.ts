// What happens when money itself is booked? Payments, refunds, journals and deposits, with the refusals of a real account:
// what does not balance, exceeds what is due, or names an account of another kind or currency.
import type { Account } from '../account.ts';
import { toMinor } from '../amounts.ts';
import type { Role } from '../auth/roles.ts';
import { invalidField, userError } from '../errors.ts';
import { cashAccount } from '../ledger.ts';
import { type Body, idOf, nameOf } from '../masters.ts';
import { emptyLine, type Line, type Transaction } from '../transactions.ts';
import { applyCustomer, itemsOf, moneyAccount, newTransaction, rateIn } from './drafts.ts';

/** More lines than this time out or are refused in a real account (netsuite.md 1.13). */
const journalLinesMax = 1_000;
const cashTypes = ['Bank', 'CredCard', 'OthCurrAsset'];

/** Adds lines with numbers that were never used before in this transaction. */
function addLine(t: Transaction, line: Line): Line {
  line.line = ++t.lastLine;
  t.lines.push(line);
  return line;
}

export function storeMoney(
  account: Account,
  t: Transaction,
  main: number,
  postings: readonly { account: number; minor: number }[],
): Transaction {
  account.transactions.insert(t);
  account.ledger.post(t, main, postings);
  account.created(t.id, t.type, [
    t.externalId && `externalId:${t.externalId}`,
    t.body['custbody_mkt_order_id'] ? `order:${t.body['custbody_mkt_order_id']}` : undefined,
  ]);
  return t;
}

const amountOf = (t: Transaction, value: unknown, path: string): number => {
  const minor = toMinor(value ?? 0, t.precision);
  if (minor === undefined || minor < 0) throw invalidField(path.split('.').at(-1)!, value, path);
  return minor;
};

export function createJournal(account: Account, body: Body, role: Role): Transaction {
  const t = newTransaction(account, 'journalEntry', body);
  if (t.subsidiary === undefined) throw userError('Please enter value(s) for: Subsidiary.', 'subsidiary');
  const items = itemsOf(body, 'line') ?? [];
  if (items.length > journalLinesMax)
    throw userError(
      `A journal entry can have at most ${journalLinesMax} lines. Split it into several entries.`,
      'line',
    );
  let balance = 0;
  const postings = items.map((source, index) => {
    const path = `line.items[${index}]`;
    const master = moneyAccount(account, t, source['account'], { field: 'account', path: `${path}.account` });
    if (!master) throw userError('Please enter value(s) for: Account.', `${path}.account`);
    const amount =
      amountOf(t, source['debit'], `${path}.debit`) - amountOf(t, source['credit'], `${path}.credit`);
    if (source['debit'] && source['credit'])
      throw userError('A line has either a debit or a credit.', `${path}.debit`);
    const type = (master.body['acctType'] as { id?: string }).id;
    if ((type === 'AcctRec' || type === 'AcctPay') && !source['entity'])
      throw userError('Please enter value(s) for: Name.', `${path}.entity`);
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
  const approval = (body['approvalStatus'] as { id?: string } | undefined)?.id;
  const pending = body['approved'] === false || approval === '1';
  if (!pending && !role.permissions.has('TRAN_JOURNALAPPRV'))
    throw userError('Your current role does not have permission to perform this action.', 'approvalStatus');
  t.status = pending ? 'A' : 'B';
  const stored = storeMoney(account, t, postings[0]!.account, pending ? [] : balanced(postings));
  if (typeof body['reversalDate'] === 'string' && !pending) reverse(account, t, body, postings);
  return stored;
}

/** Cents that the conversion to the books' currency leaves go to the largest line. */
function balanced<P extends { readonly account: number; readonly minor: number }>(lines: readonly P[]): P[] {
  const rest = lines.reduce((sum, { minor }) => sum + minor, 0);
  if (rest === 0) return [...lines];
  const largest = lines.reduce((best, one) => (Math.abs(one.minor) > Math.abs(best.minor) ? one : best));
  return lines.map((one) => (one === largest ? { ...one, minor: one.minor - rest } : one));
}

/** The entry that takes a journal back on its reversal date. */
function reverse(
  account: Account,
  t: Transaction,
  body: Body,
  postings: readonly { account: number; minor: number }[],
): void {
  if (String(body['reversalDate']) <= t.tranDate)
    throw userError('The reversal date must be after the date of the entry.', 'reversalDate');
  const back = newTransaction(account, 'journalEntry', {
    tranDate: body['reversalDate'],
    subsidiary: body['subsidiary'],
    currency: body['currency'],
    exchangeRate: t.exchangeRate,
    memo: body['memo'],
  });
  back.createdFrom = t.id;
  back.status = 'B';
  back.total = t.total;
  for (const line of t.lines)
    addLine(back, { ...line, key: account.transactions.nextKey(), amount: -line.amount });
  storeMoney(
    account,
    back,
    postings[0]!.account,
    balanced(postings.map((one) => ({ ...one, minor: -one.minor }))),
  );
}

export function createDeposit(account: Account, body: Body): Transaction {
  const t = newTransaction(account, 'deposit', body);
  const bank = moneyAccount(account, t, body['account'], { field: 'account', types: ['Bank', 'CredCard'] });
  if (!bank) throw userError('Please enter value(s) for: Account.', 'account');
  t.subsidiary ??= account.masters.subsidiariesOf(bank)[0];
  if (typeof body['exchangeRate'] !== 'number')
    t.exchangeRate = rateIn(account, account.masters.currency(t.currency)!.rate, t.subsidiary);
  const { ledger } = account;
  const postings: { account: number; minor: number }[] = [];
  (itemsOf(body, 'payment') ?? []).forEach((one, index) => {
    if (one['deposit'] === false) return;
    const payment = account.transactions.load(Number(one['id']));
    const waits =
      payment &&
      payment.currency === t.currency &&
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
      const path = `${list}.items[${index}].account`;
      const master = moneyAccount(account, t, one['account'], { field: 'account', path });
      if (!master) throw userError('Please enter value(s) for: Account.', path);
      const amount = sign * (toMinor(one['amount'], t.precision) ?? 0);
      t.total += amount;
      addLine(t, {
        ...emptyLine(),
        key: account.transactions.nextKey(),
        amount: -amount,
        account: master.id,
        description: one['memo'] === undefined ? undefined : String(one['memo']),
        body: one,
      });
      postings.push({ account: master.id, minor: -ledger.toBase(t, amount) });
    });
  if (postings.length === 0)
    throw userError('You must enter at least one line item for this transaction.', 'payment');
  t.status = 'A';
  return storeMoney(account, t, bank.id, postings);
}

const receivableOf = (account: Account, t: Transaction, body: Body): number =>
  moneyAccount(account, t, body['aracct'], { field: 'aracct', types: ['AcctRec'] })?.id ??
  account.ledger.account('receivable');

/** A payment pays the invoices it is applied to. */
export function createPayment(account: Account, body: Body): Transaction {
  const t = newTransaction(account, 'customerPayment', body);
  applyCustomer(account, t, { ...body, entity: body['customer'] });
  t.body['customer'] = { id: String(t.entity) };
  moneyAccount(account, t, body['account'], { field: 'account', types: cashTypes });
  const applied = applyTo(account, t, body);
  t.total = body['payment'] === undefined ? applied : (toMinor(body['payment'], t.precision) ?? 0);
  if (t.total <= 0) throw userError('Please enter value(s) for: Payment Amount.', 'payment');
  if (applied > t.total) throw userError('You cannot apply more than your total payments.', 'apply');
  t.status = body['account'] ? 'B' : 'A';
  return storeMoney(account, t, cashAccount(t, account.ledger), [
    { account: receivableOf(account, t, body), minor: -account.ledger.toBase(t, t.total) },
  ]);
}

/** A refund pays out the credits it is applied to; it cannot be made without any. */
export function createCustomerRefund(account: Account, body: Body): Transaction {
  const t = newTransaction(account, 'customerRefund', body);
  applyCustomer(account, t, { ...body, entity: body['customer'] });
  t.body['customer'] = { id: String(t.entity) };
  const from = moneyAccount(account, t, body['account'], { field: 'account', types: cashTypes });
  if (!from) throw userError('Please enter value(s) for: Account.', 'account');
  (itemsOf(body, 'apply') ?? []).forEach((one, index) => {
    if (one['apply'] === false) return;
    const path = `apply.items[${index}]`;
    const credit = document(account, one['doc']);
    if (credit?.type !== 'CustCred' || credit.entity !== t.entity || credit.currency !== t.currency)
      throw invalidField('doc', idOf(one['doc']), `${path}.doc`);
    const amount = one['amount'] === undefined ? credit.unpaid : amountOf(t, one['amount'], `${path}.amount`);
    if (amount > credit.unpaid)
      throw userError('The amount applied exceeds the credit that is left.', `${path}.amount`);
    settleDocument(account, credit, amount);
    t.total += amount;
  });
  if (t.total <= 0)
    throw userError('You must select at least one credit to refund before saving this transaction.', 'apply');
  t.status = 'A';
  return storeMoney(account, t, from.id, [
    { account: receivableOf(account, t, body), minor: account.ledger.toBase(t, t.total) },
  ]);
}

/** A document named by its id or its external id. */
function document(account: Account, ref: unknown): Transaction | undefined {
  const id = idOf(ref) ?? (typeof ref === 'number' ? ref : undefined);
  if (id !== undefined) return account.transactions.load(id);
  const externalId = (ref as { externalId?: string } | undefined)?.externalId;
  if (externalId === undefined) return undefined;
  for (const type of ['CustInvc', 'CustCred']) {
    const found = account.transactions.findExternal(type, externalId);
    if (found !== undefined) return account.transactions.load(found);
  }
  return undefined;
}

function settleDocument(account: Account, t: Transaction, amount: number): void {
  t.unpaid -= amount;
  t.status = t.unpaid === 0 ? 'B' : 'A';
  t.modifiedMs = account.now();
  account.transactions.update(t);
}

/** Reduces what is unpaid of the invoices in the apply list; answers the sum in minor units. */
export function applyTo(account: Account, t: Transaction, body: Body): number {
  let sum = 0;
  (itemsOf(body, 'apply') ?? []).forEach((one, index) => {
    if (one['apply'] === false) return;
    const path = `apply.items[${index}]`;
    const invoice = document(account, one['doc']);
    if (invoice?.type !== 'CustInvc' || invoice.entity !== t.entity || invoice.currency !== t.currency)
      throw invalidField('doc', idOf(one['doc']), `${path}.doc`);
    const amount =
      one['amount'] === undefined ? invoice.unpaid : amountOf(t, one['amount'], `${path}.amount`);
    if (amount > invoice.unpaid)
      throw userError('The amount applied exceeds the amount due.', `${path}.amount`);
    settleDocument(account, invoice, amount);
    sum += amount;
  });
  return sum;
}

/** A credit memo of its own, applied to invoices at once when asked. */
export function applyCredit(account: Account, t: Transaction, body: Body): void {
  const applied = applyTo(account, t, body);
  if (applied > t.unpaid) throw userError('You cannot apply more than the credit memo is worth.', 'apply');
  if (applied > 0) settleDocument(account, t, applied);
}

export function createCustomerDeposit(account: Account, body: Body): Transaction {
  const t = newTransaction(account, 'customerDeposit', body);
  const customer = applyCustomer(account, t, { ...body, entity: body['customer'] });
  t.body['customer'] = { id: String(t.entity) };
  t.total = toMinor(body['payment'], t.precision) ?? 0;
  if (t.total <= 0)
    throw userError(`Please enter value(s) for: Payment Amount (${nameOf(customer)}).`, 'payment');
  t.status = 'A';
  return storeMoney(account, t, cashAccount(t, account.ledger), [
    { account: account.ledger.account('customerDeposits'), minor: -account.ledger.toBase(t, t.total) },
  ]);
}
