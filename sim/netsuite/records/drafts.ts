// Is what a body refers to allowed here, and which transaction does it make? References, OneWorld rules, periods and
// exact amounts of sales documents.
import type { Account } from '../account.ts';
import { multiply, percentOf, rateOf, toMinor } from '../amounts.ts';
import { closedPeriod, duplicate, invalidContent, invalidField, userError } from '../errors.ts';
import { type Body, idOf, type Master, nameOf } from '../masters.ts';
import { emptyLine, kinds, type Line, type Transaction } from '../transactions.ts';
import { dayOf } from '../zone.ts';

export const itemsOf = (body: Body, list: string): Body[] | undefined =>
  (body[list] as { items?: Body[] } | null | undefined)?.items;

/** Finds what a reference points to; NetSuite refuses anything else as an invalid field value. */
export function resolve(
  account: Account,
  kind: string,
  ref: unknown,
  field: string,
  path = field,
): Master | undefined {
  if (ref === undefined || ref === null) return undefined;
  const { id, externalId } = ref as { id?: string; externalId?: string };
  const found =
    externalId !== undefined
      ? account.masters.byExternalId(kind, externalId)
      : account.masters.get(kind, Number(id));
  if (!found)
    throw externalId === undefined
      ? invalidField(field, id, path)
      : invalidContent(`Invalid reference key ${externalId} for ${field}.`, path);
  return found;
}

export function checkExternalId(account: Account, record: string, externalId: unknown): string | undefined {
  if (externalId === undefined || externalId === null || externalId === '') return undefined;
  const text = String(externalId);
  if (!/^[A-Za-z0-9_-]+$/.test(text))
    throw userError(
      'Invalid external ID. Only letters, digits, underscores and hyphens are allowed.',
      'externalId',
    );
  if (account.transactions.findExternal(kinds[record]!.type, text) !== undefined) throw duplicate();
  return text;
}

/** Documents of the sales side, which a locked receivable closes out; journals and deposits still may be dated there. */
const receivableRecords = new Set([
  'cashSale',
  'invoice',
  'creditMemo',
  'cashRefund',
  'customerPayment',
  'customerRefund',
  'customerDeposit',
]);

/** The open posting period of a day, or the period the caller names. */
export function periodOf(
  account: Account,
  day: string,
  { named, record }: { named?: unknown; record: string },
): number {
  const wanted = resolve(account, 'accountingperiod', named, 'postingPeriod');
  const period =
    wanted ??
    account.masters
      .all('accountingperiod')
      .find(({ body }) => String(body['startDate']) <= day && day <= String(body['endDate']));
  if (
    !period ||
    period.body['closed'] === true ||
    period.body['allLocked'] === true ||
    (period.body['arLocked'] === true && receivableRecords.has(record))
  )
    throw closedPeriod();
  return period.id;
}

export function newTransaction(account: Account, record: string, body: Body): Transaction {
  const now = account.now();
  const externalId = checkExternalId(account, record, body['externalId']);
  const tranDate = String(body['tranDate'] ?? dayOf(account.zone, now));
  const kind = kinds[record]!;
  const currency = resolve(account, 'currency', body['currency'], 'currency');
  const facts = account.masters.currency(currency?.id ?? 1)!;
  const subsidiary = resolve(account, 'subsidiary', body['subsidiary'], 'subsidiary')?.id;
  return {
    id: account.transactions.nextId(),
    type: kind.type,
    record,
    tranId: typeof body['tranId'] === 'string' ? body['tranId'] : account.transactions.nextNumber(record),
    externalId,
    status: 'A',
    tranDate,
    entity: undefined,
    currency: facts.id,
    precision: facts.precision,
    exchangeRate:
      typeof body['exchangeRate'] === 'number'
        ? body['exchangeRate']
        : rateIn(account, facts.rate, subsidiary),
    subsidiary,
    location: resolve(account, 'location', body['location'], 'location')?.id,
    total: 0,
    tax: 0,
    shipping: 0,
    unpaid: 0,
    period: kind.posting ? periodOf(account, tranDate, { named: body['postingPeriod'], record }) : undefined,
    shipMethod: undefined,
    createdFrom: undefined,
    createdMs: now,
    modifiedMs: now,
    lastLine: 0,
    body: restOf(body),
    lines: [],
  };
}

/** Books are kept in the currency of the subsidiary: its own currency has the rate 1. */
export function rateIn(account: Account, rate: number, subsidiary: number | undefined): number {
  const own = idOf(
    account.masters.get('subsidiary', subsidiary ?? 0)?.body['currency'] as { id?: string } | undefined,
  );
  const base = own === undefined ? 1 : (account.masters.currency(own)?.rate ?? 1);
  return Math.round((rate / base) * 1e8) / 1e8;
}

/** An account of a named kind; a bank account takes only its own currency. */
export function moneyAccount(
  account: Account,
  t: Transaction,
  ref: unknown,
  { field, path = field, types }: { field: string; path?: string; types?: readonly string[] },
): Master | undefined {
  const master = resolve(account, 'account', ref, field, path);
  if (!master) return undefined;
  if (account.masters.inactive(master)) throw userError(`The account ${nameOf(master)} is inactive.`, path);
  const type = (master.body['acctType'] as { id?: string } | undefined)?.id ?? '';
  if (types && !types.includes(type)) throw invalidField(field, master.id, path);
  const currency = idOf(master.body['currency']);
  if (currency !== undefined && currency !== t.currency)
    throw userError(
      'The account currency does not match the currency of the transaction. Choose an account in the same currency.',
      path,
    );
  const owners = account.masters.subsidiariesOf(master);
  if (t.subsidiary !== undefined && owners.length > 0 && !owners.includes(t.subsidiary))
    throw invalidField(field, master.id, path);
  return master;
}

/** Fields that have columns of their own are not kept twice. */
const ownColumns = new Set([
  'id',
  'externalId',
  'tranId',
  'tranDate',
  'entity',
  'currency',
  'exchangeRate',
  'subsidiary',
  'location',
  'postingPeriod',
  'shipMethod',
  'createdFrom',
  'status',
  'orderStatus',
  'shipStatus',
  'item',
]);
export const restOf = (body: Body): Body =>
  Object.fromEntries(Object.entries(body).filter(([name, value]) => !ownColumns.has(name) && value !== null));

/** Fills customer, subsidiary, currency and locations of a sales document by the rules of a OneWorld account. */
export function applyCustomer(account: Account, t: Transaction, body: Body, from?: Transaction): Master {
  const { masters } = account;
  const customer = resolve(
    account,
    'customer',
    body['entity'] ?? (from?.entity === undefined ? undefined : { id: String(from.entity) }),
    'entity',
  );
  if (!customer) throw userError('Please enter value(s) for: Customer.', 'entity');
  if (masters.inactive(customer)) throw userError(`The customer ${nameOf(customer)} is inactive.`, 'entity');
  t.entity = customer.id;
  const own = masters.subsidiariesOf(customer);
  if (t.subsidiary !== undefined && !own.includes(t.subsidiary))
    throw invalidField('subsidiary', t.subsidiary);
  t.subsidiary ??= from?.subsidiary ?? own[0];
  const currencies = masters.currenciesOf(customer);
  const currency = body['currency'] ? t.currency : (from?.currency ?? currencies[0] ?? t.currency);
  if (!currencies.includes(currency)) throw invalidField('currency', currency);
  const facts = masters.currency(currency)!;
  t.currency = facts.id;
  t.precision = facts.precision;
  if (typeof body['exchangeRate'] !== 'number')
    t.exchangeRate = from?.exchangeRate ?? rateIn(account, facts.rate, t.subsidiary);
  t.location ??= from?.location;
  checkLocation(account, t, t.location, 'location');
  t.shipMethod = resolve(account, 'shipitem', body['shipMethod'], 'shipMethod')?.id ?? from?.shipMethod;
  for (const [field, kind] of [
    ['department', 'department'],
    ['class', 'classification'],
    ['salesChannel', 'saleschannel'],
    ['paymentMethod', 'paymentmethod'],
    ['account', 'account'],
    ['terms', 'term'],
    ['discountItem', 'item'],
  ] as const)
    resolve(account, kind, body[field], field);
  return customer;
}

export function checkLocation(
  account: Account,
  t: Transaction,
  location: number | undefined,
  path: string,
): void {
  const master = location === undefined ? undefined : account.masters.get('location', location);
  if (!master) return;
  if (account.masters.inactive(master)) throw userError(`The location ${nameOf(master)} is inactive.`, path);
  const [owner] = account.masters.subsidiariesOf(master);
  if (owner !== undefined && t.subsidiary !== undefined && owner !== t.subsidiary)
    throw invalidField('location', location, path);
}

/** Reads one line of a sales document; `before` is the line it changes. */
export function saleLine(account: Account, t: Transaction, source: Body, at: number, before?: Line): Line {
  const path = `item.items[${at}]`;
  const line: Line = before
    ? { ...before, body: { ...before.body } }
    : { ...emptyLine(), line: 0, key: account.transactions.nextKey(), quantity: 1 };
  const named = resolve(account, 'item', source['item'], 'item', `${path}.item`);
  if (!named && line.item === undefined) throw userError('Please choose an item to add.', `${path}.item`);
  const item = account.masters.item(named?.id ?? line.item!)!;
  if (named || !before) checkItem(item, t, path);
  line.item = item.id;
  line.itemType = item.itemType;
  line.fulfillable = item.fulfillable && t.record === 'salesOrder';
  const location = resolve(account, 'location', source['location'], 'location', `${path}.location`);
  if (location) line.location = location.id;
  line.location ??= item.fulfillable ? t.location : undefined;
  checkLocation(account, t, line.location, `${path}.location`);
  if (source['description'] !== undefined)
    line.description = source['description'] === null ? undefined : String(source['description']);
  line.description ??= before ? undefined : descriptionOf(account, item.id);
  if (typeof source['isClosed'] === 'boolean') line.closed = source['isClosed'];
  for (const field of Object.keys(source))
    if (!lineColumns.has(field) && source[field] !== undefined) line.body[field] = source[field];
  resolve(account, 'department', source['department'], 'department', `${path}.department`);
  resolve(account, 'classification', source['class'], 'class', `${path}.class`);
  if (account.suiteTax === false)
    resolve(account, 'salestaxitem', source['taxCode'], 'taxCode', `${path}.taxCode`);
  applyPrice(account, t, line, source, { item, path, changed: before !== undefined });
  line.tax = legacyTax(account, line);
  return line;
}

const lineColumns = new Set([
  'item',
  'line',
  'lineUniqueKey',
  'orderLine',
  'quantity',
  'rate',
  'amount',
  'price',
  'description',
  'location',
  'isClosed',
  'links',
  'isOpen',
]);
const descriptionOf = (account: Account, item: number): string | undefined => {
  const text = account.masters.get('item', item)?.body['salesDescription'];
  return typeof text === 'string' ? text : undefined;
};

function checkItem(
  item: {
    readonly name: string;
    readonly id: number;
    readonly inactive: boolean;
    readonly matrixParent: boolean;
    readonly subsidiaries: readonly number[];
  },
  t: Transaction,
  path: string,
): void {
  if (item.inactive)
    throw userError(
      `The item ${item.name} is inactive and can not be used on a transaction.`,
      `${path}.item`,
    );
  if (item.matrixParent) throw invalidField('item', item.id, `${path}.item`);
  if (t.subsidiary !== undefined && item.subsidiaries.length > 0 && !item.subsidiaries.includes(t.subsidiary))
    throw invalidField('item', item.id, `${path}.item`);
}

/** The price level fills the rate unless the price is custom (-1); an amount that is given stands as it is. */
function applyPrice(
  account: Account,
  t: Transaction,
  line: Line,
  source: Body,
  {
    item,
    path,
    changed,
  }: { item: { discount: boolean; prices: ReadonlyMap<string, number> }; path: string; changed: boolean },
): void {
  const quantity = source['quantity'];
  if (typeof quantity === 'number') line.quantity = item.discount ? 0 : quantity;
  else if (item.discount) line.quantity = 0;
  if (line.quantity < 0) throw userError('You cannot enter a negative quantity.', `${path}.quantity`);
  const level = idOf(source['price']) ?? (changed ? line.price : undefined);
  if (level !== undefined && level !== -1 && !account.masters.get('pricelevel', level))
    throw invalidField('price', level, `${path}.price`);
  const listed = level === -1 ? undefined : item.prices.get(`${level ?? 1}/${t.currency}`);
  const { rate, amount } = source;
  if (typeof rate === 'number' && (level === -1 || listed === undefined || typeof amount === 'number'))
    line.rate = rate;
  else if (!changed && listed !== undefined) line.rate = listed / 10 ** t.precision;
  line.price = level ?? (changed ? line.price : typeof rate === 'number' || listed === undefined ? -1 : 1);
  if (typeof amount === 'number') {
    line.amount = toMinor(amount, t.precision) ?? 0;
    if (typeof rate !== 'number') line.rate = rateOf(line.amount, line.quantity || 1, t.precision);
  } else if (!changed || 'rate' in source || 'quantity' in source || 'price' in source) {
    if (line.rate === undefined) throw userError('Please enter value(s) for: Amount.', `${path}.amount`);
    line.amount = multiply(line.rate, item.discount ? 1 : line.quantity, t.precision);
  }
}

function legacyTax(account: Account, line: Line): number {
  if (account.suiteTax || line.body['isTaxable'] === false) return 0;
  const code = idOf(line.body['taxCode']);
  const rate =
    line.body['taxRate1'] ??
    (code === undefined ? undefined : account.masters.get('salestaxitem', code)?.body['rate']);
  return rate === undefined ? 0 : percentOf(line.amount, rate);
}

/** Sums lines, discount, shipping and tax of a sales document. */
export function total(account: Account, t: Transaction): void {
  const { body } = t;
  const minor = (value: unknown) => toMinor(value, t.precision) ?? 0;
  const subtotal = t.lines.reduce((sum, line) => sum + (line.kitMemberOf === undefined ? line.amount : 0), 0);
  if (body['discountItem'] && body['discountRate'] !== undefined)
    body['discountTotal'] = body['discountRate'];
  t.shipping = minor(body['shippingCost']) + minor(body['handlingCost']);
  t.tax = t.lines.reduce((sum, line) => sum + line.tax, 0);
  if (account.suiteTax) t.tax = body['taxDetailsOverride'] === true ? overriddenTax(t) : 0;
  t.total = subtotal + minor(body['discountTotal']) + t.shipping + t.tax;
}

function overriddenTax(t: Transaction): number {
  const references = new Set(
    t.lines.map((line) => line.body['taxDetailsReference']).filter((one) => one !== undefined),
  );
  let sum = 0;
  (itemsOf(t.body, 'taxDetails') ?? []).forEach((detail, index) => {
    const reference = detail['taxDetailsReference'];
    if (reference === undefined || !references.has(reference))
      throw invalidField('taxDetailsReference', reference, `taxDetails.items[${index}].taxDetailsReference`);
    sum += toMinor(detail['taxAmount'], t.precision) ?? 0;
  });
  return sum;
}
