// Sales orders, cash sales and invoices over the record service: planned by pure code, created once by external id,
// looked up many at a time. Twice is harmless: the external id is unique and a duplicate is adopted (netsuite.md §1.3).
import { OutcomeUnknownError, RecordError } from '../../core/errors.ts';
import { decimalsOf, formatMoney, type Money, parseMoney } from '../../core/money.ts';
import type { Tools } from '../../http/tools.ts';
import type {
  DocumentDraft,
  DocumentKind,
  DocumentLineState,
  DocumentPlan,
  DocumentStore,
  ErpField,
  FoundDocument,
} from '../erp.ts';
import { toNetSuiteAddress } from './addresses.ts';
import { type NetSuiteClient, recordHeaders } from './client.ts';
import { faultOf, isDuplicate, netsuiteRefusal } from './errors.ts';
import { externalId } from './external-ids.ts';
import { spell } from './fields.ts';
import type { NetSuiteBucket } from './limits.ts';
import type { SessionTime } from './session-time.ts';
import type { NetSuiteSettings } from './settings.ts';
import { inLists, marks, type Row, suiteql } from './suiteql.ts';
import { kindOfType, kinds, readAs, recordWithLines, statusOf } from './wire.ts';

/** Internal id by ISO symbol; differs from account to account. */
export type CurrencyIds = ReadonlyMap<string, string>;

export interface NetSuiteParts {
  readonly client: NetSuiteClient;
  readonly settings: NetSuiteSettings;
  readonly tools: Tools<NetSuiteBucket>;
  readonly time: SessionTime;
  /** Read once per session, before the first document is planned. */
  readonly currencies: () => Promise<CurrencyIds>;
  /** The account's own description of a kind of document, read once per session. */
  readonly fields: (kind: DocumentKind) => Promise<readonly ErpField[]>;
}

export function documentStore(parts: NetSuiteParts): DocumentStore {
  const { client, settings, tools } = parts;
  const pathOf = (kind: DocumentKind, id: string) => `/services/rest/record/v1/${kinds[kind].record}/${id}`;
  const read = async (kind: DocumentKind, id: string) => {
    const answer = await client({
      method: 'GET',
      path: `${pathOf(kind, id)}?expandSubResources=true`,
      about: `${kinds[kind].record} ${id}`,
    });
    return answer.status === 404
      ? undefined
      : readAs(recordWithLines, answer.json(), `The ${kinds[kind].record} ${id}`);
  };
  const patch = async (kind: DocumentKind, id: string, body: object) => {
    // A change of fields to given values does no harm when repeated, so a lost answer is simply asked again.
    await client({ method: 'PATCH', path: pathOf(kind, id), body, about: `${kinds[kind].record} ${id}` });
  };
  const flags = (custom: Readonly<Record<string, boolean | string>> | undefined) =>
    customBody(settings, custom ?? {});
  return {
    find: (keys) => findDocuments(parts, keys),
    async findFresh(kind, id) {
      const record = await read(kind, `eid:${externalId(id)}`);
      return (
        record && {
          id: record.id,
          number: record.tranId ?? record.id,
          kind,
          externalId: record.externalId ?? id,
          matchedBy: 'external-id',
          status: statusOf(kind, record.status?.id),
        }
      );
    },
    plan: async (draft) =>
      planDocument(draft, settings, await parts.currencies(), await ownFields(parts, draft)),
    async create(draft) {
      const plan = planDocument(draft, settings, await parts.currencies(), await ownFields(parts, draft));
      const answer = await client({
        method: 'POST',
        path: plan.path,
        body: plan.body,
        write: true,
        about: `the ${kinds[draft.kind].record} of order ${draft.channelOrderId}`,
      });
      const id = /\/(\d+)$/.exec(answer.headers['location'] ?? '')?.[1];
      if (id !== undefined) return { id, adopted: false };
      if (answer.status >= 400 && !isDuplicate(faultOf(answer)))
        throw (
          netsuiteRefusal(answer, { write: true, now: tools.now(), about: plan.path }) ??
          new RecordError('REFUSED_BY_ERP', `NetSuite answered ${answer.status}.`)
        );
      const existing = await this.findFresh(draft.kind, draft.externalId);
      if (existing) return { id: existing.id, adopted: true };
      throw new OutcomeUnknownError(
        'ANSWER_LOST',
        `NetSuite says that ${draft.externalId} exists but does not show it yet.`,
        { facts: { side: 'erp' } },
      );
    },
    async read(kind, id) {
      const record = await read(kind, id);
      if (!record)
        throw new RecordError(
          'DOCUMENT_DELETED',
          `The ${kinds[kind].record} ${id} is no longer in NetSuite.`,
          {
            nextSteps: ['Restore it in NetSuite, or skip this record: Crossdock does not make it again.'],
            facts: { document: id, cause: 'deleted' },
          },
        );
      const lines = (record.item?.items ?? []).map((line): DocumentLineState => {
        const channelLineId = settings.fields.lineId === '' ? undefined : line[settings.fields.lineId];
        return {
          line: line.line,
          itemId: line.item?.id ?? '',
          quantity: line.quantity ?? 0,
          quantityFulfilled: line.quantityFulfilled ?? 0,
          closed: line.isClosed ?? false,
          amount: String(line.amount ?? ''),
          ...(typeof channelLineId === 'string' ? { channelLineId } : {}),
        };
      });
      const currency =
        record.currency?.refName && /^[A-Z]{3}$/.test(record.currency.refName)
          ? record.currency.refName
          : 'USD';
      return {
        status: statusOf(kind, record.status?.id),
        total: decimalMoney(String(record.total ?? '0'), currency),
        lines,
      };
    },
    async closeLines(id, lines, custom) {
      await patch('sales-order', id, {
        ...flags(custom),
        item: { items: lines.map((line) => ({ line, isClosed: true })) },
      });
    },
    setFields: (kind, id, custom) =>
      Object.keys(flags(custom)).length === 0 ? Promise.resolve() : patch(kind, id, flags(custom)),
    async amend(id, { shipTo, quantities }) {
      await patch('sales-order', id, {
        ...(shipTo ? { shippingAddress: toNetSuiteAddress(shipTo) } : {}),
        ...(quantities
          ? {
              item: {
                items: quantities.map((line) => ({
                  line: line.line,
                  quantity: line.quantity,
                  rate: Number(line.rate),
                  amount: decimalNumber(line.amount),
                })),
              },
            }
          : {}),
      });
    },
    cancelledSince: (from) => cancelledSince(parts, from),
    ensureCustomer: (customer) => ensureCustomer(parts, customer),
  };
}

/** JSON numbers whose decimal text is exact: money has at most three decimals and 15 digits, which a double keeps. */
const decimalNumber = (amount: Money): number => Number(formatMoney(amount));

/** NetSuite may give more decimals than the currency has; only zeros may be cut. */
function decimalMoney(text: string, currency: string): Money {
  const [whole = '0', fraction = ''] = text.split('.');
  return parseMoney(`${whole}.${fraction.slice(0, decimalsOf(currency)).padEnd(1, '0')}`, currency);
}

function customBody(
  settings: NetSuiteSettings,
  custom: Readonly<Record<string, string | number | boolean>>,
): Record<string, unknown> {
  const names: Readonly<Record<string, string>> = settings.fields;
  return Object.fromEntries(
    Object.entries(custom).flatMap(([name, value]) => (names[name] ? [[names[name], value]] : [])),
  );
}

/** Fields the owner added carry their script id; the others are named by the settings. */
const isOwn = (name: string): boolean => /^cust(body|col)/.test(name);
type OwnFields = ReadonlyMap<string, ErpField>;

/** The description is read only for documents that have own fields, so that all others cost no call. */
async function ownFields(parts: NetSuiteParts, draft: DocumentDraft): Promise<OwnFields> {
  const names = [draft.custom, ...draft.lines.map((line) => line.custom)].flatMap(Object.keys);
  if (!names.some(isOwn)) return new Map();
  return new Map((await parts.fields(draft.kind)).map((field) => [field.id, field]));
}

/** Pure: the exact request of a document, and for each of its paths the draft value it carries. */
export function planDocument(
  draft: DocumentDraft,
  settings: NetSuiteSettings,
  currencies: CurrencyIds,
  own: OwnFields = new Map(),
): DocumentPlan {
  const from: Record<string, string> = {};
  const body: Record<string, unknown> = {};
  const put = (path: string, value: unknown, draftPath: string) => {
    if (value === undefined) return;
    body[path] = value;
    from[path] = draftPath;
  };
  const id = (value: string | undefined) => (value === undefined ? undefined : { id: value });
  put('externalId', externalId(draft.externalId), 'externalId');
  put('entity', id(draft.customerId), 'customerId');
  put('subsidiary', id(draft.subsidiaryId), 'subsidiaryId');
  put('tranDate', draft.date, 'date');
  put('shipDate', draft.shipDate, 'shipDate');
  put('otherRefNum', draft.reference, 'reference');
  put('memo', draft.memo, 'memo');
  put('location', id(draft.locationId), 'locationId');
  put('department', id(draft.departmentId), 'departmentId');
  put('class', id(draft.classId), 'classId');
  put('salesChannel', id(draft.salesChannelId), 'salesChannelId');
  if (draft.kind === 'sales-order') {
    put('orderStatus', id(draft.orderStatus), 'orderStatus');
    put('shipMethod', id(draft.shipMethodId), 'shipMethodId');
  }
  if (draft.kind === 'cash-sale') {
    put('paymentMethod', id(draft.paymentMethodId), 'paymentMethodId');
    if (draft.depositAccountId) put('account', id(draft.depositAccountId), 'depositAccountId');
    else put('undepFunds', { id: 'true' }, 'depositAccountId');
  }
  // NetSuite would mail the buyer's relay address otherwise (netsuite.md §8 row 22).
  put('toBeEmailed', false, 'fixed');
  if (draft.shipTo) put('shippingAddress', toNetSuiteAddress(draft.shipTo), 'shipTo');
  for (const [name, value] of Object.entries(customBody(settings, draft.custom))) put(name, value, 'custom');
  for (const [name, value] of Object.entries(draft.custom))
    if (isOwn(name)) put(name, spell(own.get(name), name, String(value)), `custom.${name}`);
  body['item'] = {
    items: draft.lines.map((line, index) => lineOf(line, index, { draft, settings, from, own })),
  };
  if (draft.taxOverride) {
    put('taxDetailsOverride', true, 'taxOverride');
    put(
      'taxDetails',
      {
        items: draft.taxOverride.map((tax) => ({
          taxDetailsReference: tax.lineKey,
          taxType: { id: tax.taxTypeId },
          taxCode: { id: tax.taxCodeId },
          taxRate: Number(tax.rate),
          taxBasis: basisOf(draft, tax.lineKey),
          taxAmount: decimalNumber(tax.amount),
        })),
      },
      'taxOverride',
    );
  }
  return {
    method: 'POST',
    path: `/services/rest/record/v1/${kinds[draft.kind].record}`,
    headers: recordHeaders,
    body: { ...body, ...currencyOf(draft, currencies, from) },
    from,
  };
}

function currencyOf(
  draft: DocumentDraft,
  ids: CurrencyIds,
  from: Record<string, string>,
): Record<string, unknown> {
  const id = ids.get(draft.currency);
  if (id === undefined)
    throw new RecordError('CURRENCY_UNKNOWN', `NetSuite has no currency ${draft.currency}.`, {
      field: 'currency',
      nextSteps: [
        `Add ${draft.currency} under Lists → Accounting → Currencies in NetSuite, and to the customer, then retry.`,
      ],
      facts: { currency: draft.currency, cause: draft.currency },
    });
  from['currency'] = 'currency';
  return { currency: { id } };
}

function lineOf(
  line: DocumentDraft['lines'][number],
  index: number,
  {
    draft,
    settings,
    from,
    own,
  }: { draft: DocumentDraft; settings: NetSuiteSettings; from: Record<string, string>; own: OwnFields },
): Record<string, unknown> {
  const path = `item.items[${index}]`;
  for (const [name, source] of [
    ['item', 'itemId'],
    ['quantity', 'quantity'],
    ['rate', 'rate'],
    ['amount', 'amount'],
    ['location', 'locationId'],
  ] as const)
    from[`${path}.${name}`] = `lines[${index}].${source}`;
  const custom = Object.fromEntries(
    Object.entries(line.custom).flatMap(([name, value]) => {
      if (isOwn(name)) {
        from[`${path}.${name}`] = `lines[${index}].custom.${name}`;
        return [[name, spell(own.get(name), name, String(value))]];
      }
      const field = (settings.fields as Readonly<Record<string, string>>)[name];
      if (!field) return [];
      from[`${path}.${field}`] = `lines[${index}].custom`;
      return [[field, value]];
    }),
  );
  return {
    item: { id: line.itemId },
    quantity: line.quantity,
    // Price level −1 is “custom”: any other would overwrite rate and amount (netsuite.md §8 row 15).
    price: { id: '-1' },
    rate: Number(line.rate),
    amount: decimalNumber(line.amount),
    ...(line.description === undefined ? {} : { description: line.description }),
    ...(line.locationId === undefined ? {} : { location: { id: line.locationId } }),
    ...(line.departmentId === undefined ? {} : { department: { id: line.departmentId } }),
    ...(line.classId === undefined ? {} : { class: { id: line.classId } }),
    ...(draft.taxOverride?.some((tax) => tax.lineKey === line.key) ? { taxDetailsReference: line.key } : {}),
    ...custom,
  };
}

function basisOf(draft: DocumentDraft, lineKey: string): number {
  const line = draft.lines.find((candidate) => candidate.key === lineKey);
  return line ? decimalNumber(line.amount) : 0;
}

/** One query finds what we wrote (external id) and what others wrote (order id); documents made from an order are not mistaken for it. */
async function findDocuments(
  { client, settings }: NetSuiteParts,
  keys: Parameters<DocumentStore['find']>[0],
): Promise<ReadonlyMap<string, FoundDocument>> {
  const found = new Map<string, FoundDocument>();
  const orderField = settings.fields.orderId;
  const lists = inLists(keys, 200);
  await Promise.all(
    lists.map(async (list) => {
      const ids = list.map((key) => externalId(key.externalId));
      const orders = list.map((key) => key.channelOrderId);
      const columns = `t.id, t.tranid, t.type, t.externalid, t.otherrefnum, t.status, t.foreigntotal, c.symbol AS currency${orderField ? `, t.${orderField} AS channelorder` : ''}`;
      const rows = await suiteql(
        client,
        `SELECT ${columns} FROM transaction t LEFT JOIN currency c ON c.id = t.currency WHERE t.type IN ('SalesOrd','CashSale','CustInvc') AND (t.externalid IN (${marks(ids.length)}) OR t.otherrefnum IN (${marks(orders.length)})${orderField ? ` OR t.${orderField} IN (${marks(orders.length)})` : ''}) ORDER BY t.id`,
        [...ids, ...orders, ...(orderField ? orders : [])],
        'documents by external id',
      );
      for (const key of list) {
        const match = bestMatch(rows, key);
        if (match) found.set(key.externalId, match);
      }
    }),
  );
  return found;
}

/** Our own external id first; else the oldest document of the order, a sales order before the invoice made from it. */
function bestMatch(
  rows: readonly Row[],
  key: { readonly externalId: string; readonly channelOrderId: string },
): FoundDocument | undefined {
  const own = rows.find((row) => row['externalid'] === externalId(key.externalId));
  const others = rows.filter(
    (row) =>
      (row['otherrefnum'] === key.channelOrderId || row['channelorder'] === key.channelOrderId) &&
      !(row['externalid'] ?? '').startsWith('XD-'),
  );
  const row = own ?? others.find((other) => other['type'] === 'SalesOrd') ?? others[0];
  const kind = kindOfType(row?.['type']);
  if (!row || !kind) return undefined;
  const currency = row['currency'];
  return {
    id: row['id'] ?? '',
    number: row['tranid'] ?? row['id'] ?? '',
    kind,
    matchedBy: own ? 'external-id' : 'channel-order-id',
    status: statusOf(kind, row['status']),
    ...(row['externalid'] ? { externalId: row['externalid'] } : {}),
    ...(row['foreigntotal'] && currency ? { total: decimalMoney(row['foreigntotal'], currency) } : {}),
  };
}

async function cancelledSince(
  { client, settings, time }: NetSuiteParts,
  from: Date,
): ReturnType<DocumentStore['cancelledSince']> {
  const orderColumn = settings.fields.orderId || 'otherrefnum';
  const channel = settings.fields.channel
    ? `t.${settings.fields.channel} IS NOT NULL`
    : "t.externalid LIKE 'XD-%'";
  const rows = await suiteql(
    client,
    `SELECT t.id, t.externalid, t.${orderColumn} AS channelorder, t.status, TO_CHAR(SYS_EXTRACT_UTC(t.lastmodifieddate),'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS modified,
      (SELECT SUM(NVL(l.quantityshiprecv,0)) FROM transactionline l WHERE l.transaction = t.id AND l.mainline = 'F' AND l.taxline = 'F') AS shipped
      FROM transaction t WHERE t.type = 'SalesOrd' AND t.status IN ('C','H') AND ${channel} AND t.lastmodifieddate >= TO_TIMESTAMP(?, 'YYYY-MM-DD HH24:MI:SS') ORDER BY t.id`,
    [await time.literal(from)],
    'cancelled orders',
  );
  return rows.flatMap((row) =>
    row['channelorder']
      ? [
          {
            id: row['id'] ?? '',
            channelOrderId: row['channelorder'],
            modifiedAt: new Date(row['modified'] ?? 0),
            status: statusOf('sales-order', row['status']),
            fulfilledQuantity: Math.abs(Number(row['shipped'] ?? 0)),
            ...(row['externalid'] ? { externalId: row['externalid'] } : {}),
          },
        ]
      : [],
  );
}

async function ensureCustomer(
  { client, settings, currencies }: NetSuiteParts,
  customer: Parameters<DocumentStore['ensureCustomer']>[0],
): Promise<string> {
  const id = externalId(customer.externalId);
  const known = async () => {
    const [row] = await suiteql(client, 'SELECT id FROM customer WHERE externalid = ?', [id], 'the customer');
    return row?.['id'];
  };
  const existing = await known();
  if (existing) return existing;
  const currency = (await currencies()).get(customer.currency);
  // An upsert by external id: twice makes one customer, so a lost answer is simply asked again.
  const answer = await client({
    method: 'PUT',
    path: `/services/rest/record/v1/customer/eid:${id}`,
    body: {
      ...(customer.person
        ? { isPerson: true, firstName: customer.person.firstName, lastName: customer.person.lastName }
        : { isPerson: false, companyName: customer.name }),
      ...(customer.subsidiaryId ? { subsidiary: { id: customer.subsidiaryId } } : {}),
      ...(currency ? { currency: { id: currency } } : {}),
      ...(customer.email ? { email: customer.email } : {}),
      emailTransactions: false,
    },
    about: 'the customer',
  });
  const made = /\/(\d+)$/.exec(answer.headers['location'] ?? '')?.[1] ?? (await known());
  if (made === undefined)
    throw new RecordError('CUSTOMER_MISSING', 'NetSuite did not say which customer it made.', {
      nextSteps: ['Choose a customer for the marketplace under Flows → Orders, then retry.'],
      facts: { account: settings.accountId, cause: 'customer' },
    });
  return made;
}
