// How is a transaction kept? One object with its lines while it is worked on; rows of the SuiteQL tables at rest.
import type { DatabaseSync, SQLInputValue, SQLOutputValue } from 'node:sqlite';
import { toNumber } from './amounts.ts';
import type { Body } from './masters.ts';
import { customBodyFields, customLineFields, tables } from './schema.ts';
import { momentOf, momentOfDay, msOf } from './suiteql/moments.ts';
import { dayOf } from './zone.ts';

export interface Line {
  /** REST `line`, SuiteQL `id`. Never reused within a transaction. */
  line: number;
  key: number;
  item: number | undefined;
  itemType: string;
  quantity: number;
  rate: number | undefined;
  /** Minor units of the transaction's currency. */
  amount: number;
  tax: number;
  price: number | undefined;
  location: number | undefined;
  description: string | undefined;
  fulfillable: boolean;
  closed: boolean;
  shipped: number;
  billed: number;
  committed: number;
  backordered: number;
  picked: number;
  packed: number;
  createdFrom: number | undefined;
  orderLine: number | undefined;
  kitMemberOf: number | undefined;
  cogs: boolean;
  account: number | undefined;
  body: Body;
}

export interface Transaction {
  id: number;
  type: string;
  record: string;
  tranId: string;
  externalId: string | undefined;
  status: string;
  tranDate: string;
  entity: number | undefined;
  currency: number;
  precision: number;
  exchangeRate: number;
  subsidiary: number | undefined;
  location: number | undefined;
  total: number;
  tax: number;
  /** Shipping and handling cost of the header, minor units. */
  shipping: number;
  unpaid: number;
  period: number | undefined;
  shipMethod: number | undefined;
  createdFrom: number | undefined;
  createdMs: number;
  modifiedMs: number;
  lastLine: number;
  body: Body;
  lines: Line[];
}

/** REST record → SuiteQL type, number prefix, and the sign of its lines in SuiteQL (sales are negative). */
export const kinds: Readonly<
  Record<
    string,
    {
      readonly type: string;
      readonly prefix: string;
      readonly sign: 1 | -1;
      readonly posting: boolean;
      readonly label: string;
    }
  >
> = {
  salesOrder: { type: 'SalesOrd', prefix: 'SO', sign: -1, posting: false, label: 'Sales Order' },
  cashSale: { type: 'CashSale', prefix: 'CS', sign: -1, posting: true, label: 'Cash Sale' },
  invoice: { type: 'CustInvc', prefix: 'INV', sign: -1, posting: true, label: 'Invoice' },
  itemFulfillment: { type: 'ItemShip', prefix: 'IF', sign: -1, posting: true, label: 'Item Fulfillment' },
  itemReceipt: { type: 'ItemRcpt', prefix: 'IR', sign: 1, posting: true, label: 'Item Receipt' },
  creditMemo: { type: 'CustCred', prefix: 'CM', sign: 1, posting: true, label: 'Credit Memo' },
  cashRefund: { type: 'CashRfnd', prefix: 'CR', sign: 1, posting: true, label: 'Cash Refund' },
  returnAuthorization: {
    type: 'RtnAuth',
    prefix: 'RMA',
    sign: 1,
    posting: false,
    label: 'Return Authorization',
  },
  customerPayment: { type: 'CustPymt', prefix: 'PYMT', sign: 1, posting: true, label: 'Payment' },
  customerRefund: { type: 'CustRfnd', prefix: 'RFND', sign: 1, posting: true, label: 'Customer Refund' },
  customerDeposit: { type: 'CustDep', prefix: 'CD', sign: 1, posting: true, label: 'Customer Deposit' },
  journalEntry: { type: 'Journal', prefix: 'JE', sign: 1, posting: true, label: 'Journal' },
  deposit: { type: 'Deposit', prefix: 'DEP', sign: 1, posting: true, label: 'Deposit' },
  inventoryAdjustment: {
    type: 'InvAdjst',
    prefix: 'IA',
    sign: 1,
    posting: true,
    label: 'Inventory Adjustment',
  },
};
export const recordOfType: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(kinds).map(([record, { type }]) => [type, record]),
);

export interface TransactionStore {
  nextId(): number;
  /** Transactions there were when the account was opened. */
  lastCount(): number;
  nextKey(): number;
  nextNumber(record: string): string;
  load(id: number): Transaction | undefined;
  findExternal(type: string, externalId: string): number | undefined;
  insert(transaction: Transaction): void;
  /** Writes header and lines anew after a change. */
  update(transaction: Transaction): void;
  remove(transaction: Transaction): void;
  link(
    previous: Transaction,
    next: Transaction,
    lines: readonly { readonly previous: number; readonly next: number }[],
    linkType: string,
  ): void;
}

const columnsOf = (table: string) => tables[table]!.map((column) => column.split(' ')[0]!);
const insertSql = (table: string) =>
  `INSERT OR REPLACE INTO ns_${table} (${columnsOf(table)
    .map((name) => `[${name}]`)
    .join(', ')}) VALUES (${columnsOf(table)
    .map(() => '?')
    .join(', ')})`;
const bodyFields = Object.keys(customBodyFields);
const lineFields = Object.keys(customLineFields);
const flag = (value: boolean) => (value ? 'T' : 'F');
const customValue = (value: unknown): SQLInputValue =>
  typeof value === 'boolean' ? flag(value) : value === undefined || value === null ? null : String(value);
const refNumber = (value: unknown): SQLInputValue => {
  const id = Number((value as { id?: string } | undefined)?.id);
  return Number.isInteger(id) ? id : null;
};

export function openTransactions(db: DatabaseSync, zone: string): TransactionStore {
  const max = (sql: string) => Number(db.prepare(sql).get()?.['n'] ?? 0);
  let lastId = Math.max(
    max('SELECT max(id) AS n FROM ns_transaction'),
    max('SELECT max(recordid) AS n FROM ns_deletedrecord'),
    1000,
  );
  const countAtStart = max('SELECT count(*) AS n FROM ns_transaction');
  let lastKey = max('SELECT max(uniquekey) AS n FROM ns_transactionline');
  const numbers = new Map(
    Object.entries(kinds).map(([record, { type, prefix }]) => [
      record,
      Math.max(
        1000,
        max(
          `SELECT max(CAST(substr(tranid, ${prefix.length + 1}) AS INTEGER)) AS n FROM ns_transaction WHERE type = '${type}'`,
        ),
      ),
    ]),
  );
  const putHeader = db.prepare(insertSql('transaction'));
  const putLine = db.prepare(insertSql('transactionline'));
  const dropLines = db.prepare('DELETE FROM ns_transactionline WHERE [transaction] = ?');
  const readHeader = db.prepare('SELECT * FROM ns_transaction WHERE id = ?');
  const readLines = db.prepare(
    "SELECT * FROM ns_transactionline WHERE [transaction] = ? AND mainline = 'F' AND taxline = 'F' AND iscogs = 'F' ORDER BY linesequencenumber",
  );
  const external = db.prepare('SELECT id FROM ns_transaction WHERE type = ? AND externalid = ?');
  const putLink = db.prepare(
    'INSERT INTO ns_nexttransactionlinelink (previousdoc, previousline, previoustype, previousdate, nextdoc, nextline, nexttype, nextdate, linktype) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
  );
  const removal = [
    'DELETE FROM ns_transaction WHERE id = ?',
    'DELETE FROM ns_transactionline WHERE [transaction] = ?',
    'DELETE FROM ns_nexttransactionlinelink WHERE nextdoc = ?',
    'DELETE FROM ns_trackingnumbermap WHERE [transaction] = ?',
    'DELETE FROM ns_transactionaccountingline WHERE [transaction] = ?',
    'DELETE FROM ns_demand WHERE tran = ?',
  ].map((sql) => db.prepare(sql));
  const dayMoments = new Map<string, string>();
  const dayMoment = (day: string): string => {
    let moment = dayMoments.get(day);
    if (!moment) {
      moment = momentOfDay(zone, day);
      dayMoments.set(day, moment);
    }
    return moment;
  };

  const writeHeader = (t: Transaction) => {
    const { body } = t;
    const kind = kinds[t.record]!;
    const total = toNumber(t.total, t.precision);
    const day = (value: unknown) => (typeof value === 'string' ? dayMoment(value) : null);
    const text = (value: unknown): SQLInputValue =>
      value === undefined || value === null ? null : String(value);
    const address = body['shippingAddress'] ? t.id : null;
    const base = Math.round(total * t.exchangeRate * 100) / 100;
    const open = t.type === 'CustInvc' || t.type === 'CustCred';
    const paid = open ? toNumber(t.total - t.unpaid, t.precision) : null;
    putHeader.run(
      t.id,
      t.tranId,
      t.tranId.replace(/\D/g, ''),
      t.externalId ?? null,
      text(body['otherRefNum']),
      t.type,
      t.record.toLowerCase(),
      kind.prefix,
      t.status,
      dayMoment(t.tranDate),
      t.entity ?? null,
      text(body['memo']),
      text(body['email']),
      t.currency,
      t.exchangeRate,
      total,
      base,
      open ? toNumber(t.unpaid, t.precision) : null,
      paid,
      t.period ?? null,
      flag(kind.posting),
      day(body['shipDate']),
      day(body['dueDate']),
      address,
      null,
      t.shipMethod ?? null,
      momentOf(t.createdMs),
      momentOf(t.modifiedMs),
      null,
      'F',
      'F',
      refNumber(body['paymentMethod']),
      refNumber(body['salesChannel']),
      null,
      ...bodyFields.map((name) => customValue(body[name])),
      t.record,
      JSON.stringify(body),
      t.total,
      t.tax,
      t.shipping,
      t.precision,
      t.subsidiary ?? null,
      t.location ?? null,
      t.lastLine,
      t.createdMs,
      t.createdFrom ?? null,
    );
  };
  const writeLine = (
    t: Transaction,
    l: Line,
    sequence: number,
    modified: string,
    main: { main: boolean; tax: boolean; cogs: boolean },
  ) => {
    const { sign } = kinds[t.record]!;
    const money = l.amount === 0 ? 0 : sign * toNumber(l.amount, t.precision) * (main.main ? -1 : 1);
    const shownQuantity =
      main.main || main.tax || l.quantity === 0 ? null : sign * l.quantity * (main.cogs ? -1 : 1);
    const lineType = main.main ? null : main.tax ? 'TAX' : main.cogs ? 'COGS' : 'ITEM';
    putLine.run(
      l.line,
      l.key,
      sequence,
      t.id,
      l.item ?? null,
      shownQuantity,
      l.shipped,
      l.billed,
      l.committed,
      l.backordered,
      l.picked,
      l.packed,
      l.rate ?? null,
      money,
      money,
      l.location ?? null,
      t.subsidiary ?? null,
      refNumber(l.body['department']),
      refNumber(l.body['class']),
      t.entity ?? null,
      l.createdFrom ?? null,
      flag(l.closed),
      flag(l.fulfillable && l.shipped >= l.quantity),
      flag(l.fulfillable),
      flag(l.kitMemberOf !== undefined),
      l.kitMemberOf ?? null,
      'F',
      flag(main.main),
      flag(main.tax),
      flag(main.cogs),
      lineType,
      modified,
      l.description ?? null,
      l.price ?? null,
      l.account ?? null,
      'F',
      flag(main.cogs),
      refNumber(l.body['commitInventory']),
      typeof l.body['expectedShipDate'] === 'string' ? dayMoment(l.body['expectedShipDate']) : null,
      null,
      l.itemType || null,
      null,
      ...lineFields.map((name) => customValue(l.body[name])),
      JSON.stringify(l.body),
      l.amount,
      l.tax,
      l.orderLine ?? null,
    );
  };
  const writeLines = (t: Transaction, keys: { readonly main: number; readonly tax: number }) => {
    const modified = momentOf(t.modifiedMs);
    writeLine(
      t,
      {
        ...emptyLine(),
        line: 0,
        key: keys.main,
        amount: t.total,
        location: t.location,
        createdFrom: t.createdFrom,
      },
      0,
      modified,
      { main: true, tax: false, cogs: false },
    );
    let sequence = 0;
    for (const line of t.lines)
      writeLine(t, line, ++sequence, modified, { main: false, tax: false, cogs: line.cogs });
    if (t.tax !== 0)
      writeLine(
        t,
        { ...emptyLine(), line: t.lastLine + 1000, key: keys.tax, amount: t.tax },
        ++sequence,
        modified,
        { main: false, tax: true, cogs: false },
      );
    // Cost of goods sold has hidden lines of its own, which readers must leave out.
    if (t.type === 'ItemShip' && t.status === 'C')
      for (const line of t.lines)
        if (line.itemType === 'InvtPart')
          writeLine(
            t,
            { ...line, line: line.line + 2000, key: ++lastKey, amount: 0, orderLine: undefined },
            ++sequence,
            modified,
            { main: false, tax: false, cogs: true },
          );
  };
  const mainKey = db.prepare(
    "SELECT uniquekey AS n FROM ns_transactionline WHERE [transaction] = ? AND mainline = 'T'",
  );

  return {
    nextId: () => ++lastId,
    lastCount: () => countAtStart,
    nextKey: () => ++lastKey,
    nextNumber: (record) => {
      const next = numbers.get(record)! + 1;
      numbers.set(record, next);
      return `${kinds[record]!.prefix}${next}`;
    },
    load: (id) => {
      const row = readHeader.get(id);
      return row ? toTransaction(row, readLines.all(id), zone) : undefined;
    },
    findExternal: (type, externalId) => {
      const id = external.get(type, externalId)?.['id'];
      return id === undefined ? undefined : Number(id);
    },
    insert: (t) => {
      writeHeader(t);
      writeLines(t, { main: ++lastKey, tax: ++lastKey });
    },
    update: (t) => {
      const main = Number(mainKey.get(t.id)?.['n'] ?? ++lastKey);
      dropLines.run(t.id);
      writeHeader(t);
      writeLines(t, { main, tax: ++lastKey });
    },
    remove: (t) => {
      for (const statement of removal) statement.run(t.id);
    },
    link: (previous, next, lines, linkType) => {
      for (const line of lines)
        putLink.run(
          previous.id,
          line.previous,
          previous.type,
          dayMoment(previous.tranDate),
          next.id,
          line.next,
          next.type,
          dayMoment(next.tranDate),
          linkType,
        );
    },
  };
}

export const emptyLine = (): Line => ({
  line: 0,
  key: 0,
  item: undefined,
  itemType: '',
  quantity: 0,
  rate: undefined,
  amount: 0,
  tax: 0,
  price: undefined,
  location: undefined,
  description: undefined,
  fulfillable: false,
  closed: false,
  shipped: 0,
  billed: 0,
  committed: 0,
  backordered: 0,
  picked: 0,
  packed: 0,
  createdFrom: undefined,
  orderLine: undefined,
  kitMemberOf: undefined,
  cogs: false,
  account: undefined,
  body: {},
});

type Row = Record<string, SQLOutputValue>;
const number = (value: SQLOutputValue | undefined): number => Number(value ?? 0);
const maybe = (value: SQLOutputValue | undefined): number | undefined =>
  value === null || value === undefined ? undefined : Number(value);
const maybeText = (value: SQLOutputValue | undefined): string | undefined =>
  value === null || value === undefined ? undefined : String(value);

function toTransaction(row: Row, lines: readonly Row[], zone: string): Transaction {
  const precision = number(row['_precision']);
  return {
    id: number(row['id']),
    type: String(row['type']),
    record: String(row['_record']),
    tranId: String(row['tranid']),
    externalId: maybeText(row['externalid']),
    status: String(row['status']),
    tranDate: dayOf(zone, msOf(String(row['trandate']))),
    entity: maybe(row['entity']),
    currency: number(row['currency']),
    precision,
    exchangeRate: number(row['exchangerate']),
    subsidiary: maybe(row['_subsidiary']),
    location: maybe(row['_location']),
    total: number(row['_total']),
    tax: number(row['_tax']),
    shipping: number(row['_shipping']),
    unpaid: Math.round(number(row['foreignamountunpaid']) * 10 ** precision),
    period: maybe(row['postingperiod']),
    shipMethod: maybe(row['shipmethod']),
    createdFrom: maybe(row['_from']),
    createdMs: number(row['_createdms']),
    modifiedMs: msOf(String(row['lastmodifieddate'])),
    lastLine: number(row['_lastline']),
    body: JSON.parse(String(row['_body'])) as Body,
    lines: lines.map(toLine),
  };
}

function toLine(row: Row): Line {
  return {
    line: number(row['id']),
    key: number(row['uniquekey']),
    item: maybe(row['item']),
    itemType: String(row['itemtype'] ?? ''),
    quantity: Math.abs(number(row['quantity'])),
    rate: maybe(row['rate']),
    amount: number(row['_amount']),
    tax: number(row['_tax']),
    price: maybe(row['price']),
    location: maybe(row['location']),
    description: maybeText(row['memo']),
    fulfillable: row['fulfillable'] === 'T',
    closed: row['isclosed'] === 'T',
    shipped: number(row['quantityshiprecv']),
    billed: number(row['quantitybilled']),
    committed: number(row['quantitycommitted']),
    backordered: number(row['quantitybackordered']),
    picked: number(row['quantitypicked']),
    packed: number(row['quantitypacked']),
    createdFrom: maybe(row['createdfrom']),
    orderLine: maybe(row['_orderline']),
    kitMemberOf: maybe(row['kitmemberof']),
    cogs: false,
    account: maybe(row['expenseaccount']),
    body: JSON.parse(String(row['_body'])) as Body,
  };
}
