// Which customers, items, locations and other lists does the account have? Kept in memory and in tables for SuiteQL.
import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import { toMinor } from './amounts.ts';
import { tables } from './schema.ts';
import { momentOf, momentOfDay } from './suiteql/moments.ts';

export type Body = Record<string, unknown>;
export type Ref = { readonly id: string };

/** One record of a list; `body` holds its REST fields. */
export interface Master {
  readonly id: number;
  readonly kind: string;
  /** REST record name, such as inventoryItem. */
  record: string;
  externalId: string | undefined;
  body: Body;
  modifiedMs: number;
}

/** What sales documents ask of an item, worked out once. */
export interface ItemFacts {
  readonly id: number;
  readonly name: string;
  readonly itemType: string;
  readonly fulfillable: boolean;
  readonly stocked: boolean;
  readonly lot: boolean;
  readonly matrixParent: boolean;
  readonly inactive: boolean;
  readonly discount: boolean;
  readonly subsidiaries: readonly number[];
  readonly components: readonly { readonly item: number; readonly quantity: number }[];
  /** Minor units by `level/currency`. */
  readonly prices: ReadonlyMap<string, number>;
  readonly incomeAccount: number;
  readonly assetAccount: number;
  readonly cogsAccount: number;
  /** Average cost in minor units of the base currency. */
  readonly costMinor: number;
}

export interface CurrencyFacts {
  readonly id: number;
  readonly symbol: string;
  readonly precision: number;
  readonly rate: number;
}

/** REST record → internal item type in SuiteQL. */
export const itemTypes: Readonly<Record<string, string>> = {
  inventoryItem: 'InvtPart',
  lotNumberedInventoryItem: 'InvtPart',
  assemblyItem: 'Assembly',
  kitItem: 'Kit',
  nonInventorySaleItem: 'NonInvtPart',
  serviceSaleItem: 'Service',
  otherChargeSaleItem: 'OthCharge',
  discountItem: 'Discount',
};

/** Kind of list by REST record. */
export const kindOfRecord: Readonly<Record<string, string>> = {
  ...Object.fromEntries(Object.keys(itemTypes).map((record) => [record, 'item'])),
  customer: 'customer',
  location: 'location',
  subsidiary: 'subsidiary',
  currency: 'currency',
  shipItem: 'shipitem',
  account: 'account',
  department: 'department',
  classification: 'classification',
  priceLevel: 'pricelevel',
  accountingPeriod: 'accountingperiod',
  paymentMethod: 'paymentmethod',
  salesChannel: 'saleschannel',
  salesTaxItem: 'salestaxitem',
  term: 'term',
};

export const idOf = (ref: unknown): number | undefined => {
  const value = typeof ref === 'object' && ref !== null ? (ref as Body)['id'] : ref;
  const id = typeof value === 'string' || typeof value === 'number' ? Number(value) : Number.NaN;
  return Number.isInteger(id) ? id : undefined;
};
const listOf = (value: unknown): Body[] => ((value as { items?: Body[] } | undefined)?.items ?? []) as Body[];
const flag = (value: unknown): 'T' | 'F' => (value === true || value === 'T' ? 'T' : 'F');
export const nameOf = (master: Master): string =>
  String(
    master.body['itemId'] ??
      master.body['symbol'] ??
      master.body['name'] ??
      master.body['companyName'] ??
      master.body['entityId'] ??
      master.body['periodName'] ??
      master.body['acctName'] ??
      master.id,
  );

export interface Masters {
  get(kind: string, id: number): Master | undefined;
  byExternalId(kind: string, externalId: string): Master | undefined;
  byName(kind: string, name: string): Master | undefined;
  all(kind: string): readonly Master[];
  save(master: Omit<Master, 'id' | 'modifiedMs'> & { id?: number }): Master;
  remove(kind: string, id: number): void;
  item(id: number): ItemFacts | undefined;
  currency(id: number): CurrencyFacts | undefined;
  inactive(master: Master): boolean;
  /** Currencies a customer may buy in. */
  currenciesOf(customer: Master): readonly number[];
  subsidiariesOf(master: Master): readonly number[];
}

export function openMasters(db: DatabaseSync, zone: string, now: () => number): Masters {
  const kinds = new Map<string, Map<number, Master>>();
  const external = new Map<string, Master>();
  const names = new Map<string, Master>();
  const facts = new Map<number, ItemFacts>();
  const currencies = new Map<number, CurrencyFacts>();
  const highest = new Map<string, number>();

  const remember = (master: Master) => {
    let list = kinds.get(master.kind);
    if (!list) {
      list = new Map();
      kinds.set(master.kind, list);
    }
    list.set(master.id, master);
    if (master.externalId) external.set(`${master.kind}/${master.externalId}`, master);
    names.set(`${master.kind}/${nameOf(master)}`, master);
    highest.set(master.kind, Math.max(highest.get(master.kind) ?? 0, master.id));
    if (master.kind === 'item') facts.delete(master.id);
    if (master.kind === 'currency') currencies.delete(master.id);
  };
  for (const row of db.prepare('SELECT kind, body FROM ns_master ORDER BY id').all())
    remember(JSON.parse(String(row['body'])) as Master);

  const insertMaster = db.prepare(
    'INSERT OR REPLACE INTO ns_master (kind, id, externalid, body) VALUES (?, ?, ?, ?)',
  );
  const replaceRow = (table: string, row: Readonly<Record<string, SQLInputValue | undefined>>) => {
    const names = Object.keys(row);
    db.prepare(
      `INSERT OR REPLACE INTO ns_${table} (${names.map((name) => `[${name}]`).join(', ')}) VALUES (${names.map(() => '?').join(', ')})`,
    ).run(...names.map((name) => row[name] ?? null));
  };

  const get = (kind: string, id: number) => kinds.get(kind)?.get(id);
  const masters: Masters = {
    get,
    byExternalId: (kind, externalId) => external.get(`${kind}/${externalId}`),
    byName: (kind, name) => names.get(`${kind}/${name}`),
    all: (kind) => [...(kinds.get(kind)?.values() ?? [])],
    save: (draft) => {
      const id = draft.id ?? (highest.get(draft.kind) ?? 0) + 1;
      const before = get(draft.kind, id);
      if (before?.externalId) external.delete(`${draft.kind}/${before.externalId}`);
      if (before) names.delete(`${draft.kind}/${nameOf(before)}`);
      const master: Master = { ...draft, id, modifiedMs: now() };
      insertMaster.run(master.kind, id, master.externalId ?? null, JSON.stringify(master));
      remember(master);
      writeRows(master, { db, zone, replaceRow });
      return master;
    },
    remove: (kind, id) => {
      const master = get(kind, id);
      if (!master) return;
      kinds.get(kind)?.delete(id);
      names.delete(`${kind}/${nameOf(master)}`);
      if (master.externalId) external.delete(`${kind}/${master.externalId}`);
      facts.delete(id);
      db.prepare('DELETE FROM ns_master WHERE kind = ? AND id = ?').run(kind, id);
      if (tables[kind]) db.prepare(`DELETE FROM ns_${kind} WHERE id = ?`).run(id);
    },
    item: (id) => {
      let one = facts.get(id);
      const master = one ? undefined : get('item', id);
      if (master) {
        one = itemFacts(master, masters);
        facts.set(id, one);
      }
      return one;
    },
    currency: (id) => {
      let one = currencies.get(id);
      const master = one ? undefined : get('currency', id);
      if (master) {
        one = {
          id,
          symbol: String(master.body['symbol']),
          precision: Number(master.body['currencyPrecision'] ?? 2),
          rate: Number(master.body['exchangeRate'] ?? 1),
        };
        currencies.set(id, one);
      }
      return one;
    },
    inactive: (master) => flag(master.body['isInactive']) === 'T',
    currenciesOf: (customer) => [
      ...new Set(
        [
          idOf(customer.body['currency']),
          ...listOf(customer.body['currencyList']).map((line) => idOf(line['currency'])),
        ].filter((id) => id !== undefined),
      ),
    ],
    subsidiariesOf: (master) => {
      const list = master.body['subsidiary'];
      const own = Array.isArray((list as { items?: unknown })?.items) ? listOf(list).map(idOf) : [idOf(list)];
      return own.filter((id) => id !== undefined);
    },
  };
  return masters;
}

function itemFacts(master: Master, masters: Masters): ItemFacts {
  const { body, record } = master;
  const itemType = itemTypes[record] ?? 'NonInvtPart';
  const stocked = itemType === 'InvtPart' || itemType === 'Assembly';
  const matrixParent = body['matrixType'] === 'PARENT';
  const prices = new Map<string, number>();
  for (const line of listOf(body['price'])) {
    const currency = idOf(line['currencyPage']) ?? 0;
    const minor = toMinor(line['price'], masters.currency(currency)?.precision ?? 2);
    if (minor !== undefined) prices.set(`${idOf(line['priceLevel'])}/${currency}`, minor);
  }
  return {
    id: master.id,
    name: String(body['itemId']),
    itemType,
    fulfillable: (stocked && !matrixParent) || itemType === 'Kit',
    stocked: stocked && !matrixParent,
    lot: record === 'lotNumberedInventoryItem',
    matrixParent,
    inactive: flag(body['isInactive']) === 'T',
    discount: itemType === 'Discount',
    subsidiaries: masters.subsidiariesOf(master),
    components: listOf(body['member']).map((line) => ({
      item: idOf(line['item']) ?? 0,
      quantity: Number(line['quantity']),
    })),
    prices,
    incomeAccount: idOf(body['incomeAccount']) ?? idOf(body['account']) ?? 0,
    assetAccount: idOf(body['assetAccount']) ?? 0,
    cogsAccount: idOf(body['cogsAccount']) ?? 0,
    costMinor: toMinor(body['averageCost'], 2) ?? 0,
  };
}

interface RowContext {
  readonly db: DatabaseSync;
  readonly zone: string;
  readonly replaceRow: (table: string, row: Readonly<Record<string, SQLInputValue | undefined>>) => void;
}

const text = (value: unknown): string | undefined =>
  value === undefined || value === null ? undefined : String(value);

/** Writes what SuiteQL shows of a master: fields whose lower-case name is a column, and the tables beside it. */
function writeRows(master: Master, context: RowContext): void {
  const { body, kind, id } = master;
  const { replaceRow, zone } = context;
  const columns = new Set((tables[kind] ?? []).map((column) => column.split(' ')[0]!));
  const row: Record<string, SQLInputValue | undefined> = { id };
  const put = (name: string, value: SQLInputValue | undefined) => {
    if (columns.has(name) && value !== undefined) row[name] = value;
  };
  for (const [field, value] of Object.entries(body)) {
    if (typeof value === 'boolean') put(field.toLowerCase(), flag(value));
    else if (typeof value === 'string' || typeof value === 'number')
      put(
        field.toLowerCase(),
        /date$/i.test(field) && /^\d{4}-\d\d-\d\d$/.test(String(value))
          ? momentOfDay(zone, String(value))
          : value,
      );
    else if (typeof value === 'object' && value !== null && 'id' in value) {
      const idText = String((value as Ref).id);
      put(field.toLowerCase(), /^\d+$/.test(idText) ? Number(idText) : idText);
    }
  }
  put('externalid', master.externalId);
  put('fullname', text(body['fullName'] ?? body['acctName'] ?? body['name'] ?? body['itemId']));
  put('name', text(body['name'] ?? body['acctName']));
  put('isinactive', flag(body['isInactive']));
  put('lastmodifieddate', momentOf(master.modifiedMs));
  if (kind === 'item') itemRows(master, context, put);
  if (kind === 'customer') customerRows(master, context, put);
  if (kind === 'location') put('subsidiary', text(idOf(body['subsidiary'])));
  if (kind === 'account') put('accttype', text((body['acctType'] as Ref | undefined)?.id));
  if (tables[kind]) replaceRow(kind, row);
}

function itemRows(
  master: Master,
  { db, replaceRow }: RowContext,
  put: (name: string, value: SQLInputValue | undefined) => void,
): void {
  const { id, body, record } = master;
  put('itemtype', itemTypes[record]);
  put('subtype', /SaleItem$/.test(record) ? 'Sale' : undefined);
  put('islotitem', flag(record === 'lotNumberedInventoryItem'));
  put('isserialitem', 'F');
  put(
    'isfulfillable',
    flag(['inventoryItem', 'lotNumberedInventoryItem', 'kitItem', 'assemblyItem'].includes(record)),
  );
  put('description', text(body['salesDescription']));
  put(
    'subsidiary',
    listOf(body['subsidiary'])
      .map((ref) => String(ref['id']))
      .join(', '),
  );
  put('fullname', text(body['itemId']));
  put('expenseaccount', idOf(body['cogsAccount']));
  db.prepare('DELETE FROM ns_pricing WHERE item = ?').run(id);
  db.prepare('DELETE FROM ns_kititemmember WHERE parentitem = ?').run(id);
  for (const line of listOf(body['price']))
    replaceRow('pricing', {
      item: id,
      pricelevel: idOf(line['priceLevel']),
      currency: idOf(line['currencyPage']),
      quantity: 0,
      unitprice: Number(line['price']),
    });
  for (const [index, line] of listOf(body['member']).entries())
    replaceRow('kititemmember', {
      parentitem: id,
      item: idOf(line['item']),
      quantity: Number(line['quantity']),
      linenumber: index + 1,
    });
}

function customerRows(
  master: Master,
  { db, replaceRow }: RowContext,
  put: (name: string, value: SQLInputValue | undefined) => void,
): void {
  const { id, body } = master;
  put(
    'altname',
    text(body['companyName']) ?? [body['firstName'], body['lastName']].filter(Boolean).join(' '),
  );
  put('datecreated', momentOf(master.modifiedMs));
  db.prepare('DELETE FROM ns_customercurrencies WHERE customer = ?').run(id);
  db.prepare('DELETE FROM ns_customersubsidiaryrelationship WHERE entity = ?').run(id);
  const currencies = new Set([
    idOf(body['currency']),
    ...listOf(body['currencyList']).map((line) => idOf(line['currency'])),
  ]);
  for (const currency of currencies)
    if (currency !== undefined) replaceRow('customercurrencies', { customer: id, currency });
  const subsidiary = idOf(body['subsidiary']);
  if (subsidiary !== undefined)
    replaceRow('customersubsidiaryrelationship', { entity: id, subsidiary, isprimarysub: 'T' });
}
