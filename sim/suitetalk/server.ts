// What does the simulated NetSuite answer? REST record service, SuiteQL, tokens, metadata, governance, and its control interface.
import { join } from 'node:path';
import { mkdirSync } from 'node:fs';
import { makeSimClock, type SimClock } from '../clock.ts';
import { type Faults, makeFaults } from '../faults.ts';
import { type Answer, type Call, json, readJson, type Route, startSimServer } from '../http.ts';
import { type Accounts, makeAccounts } from './auth.ts';
import { concurrencyRefused, duplicate, errorAnswer, forbidden, invalidLogin, invalidParameter, notFound, Refusal, refusalAnswer, unexpectedError, userError } from './errors.ts';
import { bodyFields, columnFields } from './schema.ts';
import { makeSuiteQl } from './suiteql.ts';
import { createDocument, fulfil, type Line, patchDocument, setTracking, shown, store, types } from './transactions.ts';
import { startWarehouse } from './warehouse.ts';
import { type Json, openWorld, type World } from './world.ts';

export interface NetSuiteOptions {
  readonly port?: number;
  readonly data?: string;
  readonly seed?: string | number;
  readonly scale?: number;
  readonly origin?: number;
  /** Calls at once that the account allows. */
  readonly concurrency?: number;
  readonly latencyMs?: number;
  readonly suiteTax?: boolean;
  readonly suiteqlLagMs?: number;
  readonly warehouseAfterSeconds?: number;
}

/** REST names of the records that exist here, by lower-case name. */
const recordNames: Readonly<Record<string, string>> = Object.fromEntries(
  ['salesOrder', 'cashSale', 'invoice', 'itemFulfillment', 'customer', 'inventoryItem', 'lotNumberedInventoryItem', 'kitItem', 'otherChargeSaleItem', 'location', 'subsidiary', 'currency', 'account'].map((name) => [name.toLowerCase(), name]),
);
/** Property names of sales documents (REST API Browser 2026.1, the members a connector sets). */
const documentFields = new Set(
  ['externalId', 'entity', 'subsidiary', 'tranDate', 'shipDate', 'otherRefNum', 'memo', 'message', 'email', 'currency', 'exchangeRate', 'location', 'department', 'class', 'salesChannel', 'orderStatus', 'shipMethod', 'shippingCost', 'handlingCost', 'paymentMethod', 'account', 'undepFunds', 'toBeEmailed', 'shippingAddress', 'billingAddress', 'item', 'taxDetailsOverride', 'taxDetails', 'customForm', 'terms', 'tranId', 'dueDate', 'shipComplete', 'shipStatus', 'package', ...bodyFields].map((name) => name.toLowerCase()),
);
const lineFields = new Set(['item', 'line', 'orderLine', 'itemReceive', 'quantity', 'rate', 'amount', 'price', 'description', 'location', 'department', 'class', 'isClosed', 'units', 'commitInventory', 'inventoryDetail', 'taxDetailsReference', 'taxCode', ...columnFields].map((name) => name.toLowerCase()));
const customerFields = new Set(['externalId', 'isPerson', 'companyName', 'firstName', 'lastName', 'entityId', 'subsidiary', 'currency', 'email', 'phone', 'emailTransactions', 'isInactive', 'comments', 'category'].map((name) => name.toLowerCase()));
/** Which permission a record needs. */
const permissionOf: Readonly<Record<string, string>> = { salesorder: 'TRAN_SALESORD', cashsale: 'TRAN_CASHSALE', invoice: 'TRAN_CUSTINVC', itemfulfillment: 'TRAN_ITEMSHIP', customer: 'LIST_CUSTJOB' };
const tablePermission: readonly (readonly [RegExp, string])[] = [
  [/\bitem\b/i, 'LIST_ITEM'], [/\blocation\b/i, 'LIST_LOCATION'], [/\bcustomer\b/i, 'LIST_CUSTJOB'], [/\btransaction\b/i, 'TRAN_SALESORD'], [/\bcurrency\b/i, 'LIST_CURRENCY'], [/\bshipitem\b/i, 'LIST_SHIPITEM'],
];

export interface NetSuiteSimulator {
  readonly url: string;
  readonly world: World;
  readonly accounts: Accounts;
  readonly faults: Faults;
  close(): Promise<void>;
}

export async function startNetSuite(options: NetSuiteOptions = {}): Promise<NetSuiteSimulator> {
  const clock = makeSimClock({ ...(options.scale ? { scale: options.scale } : {}), ...(options.origin ? { originMs: options.origin } : {}) });
  if (options.data) mkdirSync(options.data, { recursive: true });
  const seed = options.seed ?? 1;
  const world = openWorld({ clock, seed, ...(options.data ? { file: join(options.data, 'netsuite.db') } : {}), ...(options.suiteTax ? { suiteTax: true } : {}) });
  const accounts = makeAccounts(world, String(seed));
  const faults = makeFaults(`netsuite/${seed}`);
  const governor = { limit: options.concurrency ?? 15, foreign: 0, inFlight: 0 };
  const suiteql = makeSuiteQl({ db: world.db, zone: world.zone, now: () => clock.now(), display: (field, id) => displayOf(world, field, id) });
  const context: Context = { world, accounts, suiteql, governor };
  const server = await startSimServer({
    ...(options.port === undefined ? {} : { port: options.port }),
    clock,
    faults,
    latencyMs: options.latencyMs ?? 0,
    routes: [...vendorRoutes(context), ...controlRoutes(context)],
    vendorAnswers: (fault) => (fault === '429' ? concurrencyRefused() : fault === 'expired-token' ? invalidLogin() : unexpectedError('sim-fault')),
    unknownRoute: () => errorAnswer(404, 'NONEXISTENT_ID', 'The requested resource does not exist.'),
    stamp: () => ({ 'x-n-operationid': `sim-${Math.trunc(performance.now() * 1000)}` }),
    admit(call) {
      if (call.operation === 'oauth2.token') return () => undefined;
      if (governor.inFlight + governor.foreign >= governor.limit) return concurrencyRefused();
      governor.inFlight++;
      return () => void governor.inFlight--;
    },
  });
  const warehouse = options.warehouseAfterSeconds ? startWarehouse(world, options.warehouseAfterSeconds) : undefined;
  return {
    url: server.url,
    world,
    accounts,
    faults,
    async close() {
      warehouse?.stop();
      await server.close();
      world.db.close();
    },
  };
}

interface Context {
  readonly world: World;
  readonly accounts: Accounts;
  readonly suiteql: ReturnType<typeof makeSuiteQl>;
  readonly governor: { limit: number; foreign: number; inFlight: number };
}

/** Login first, then the work; refusals become NetSuite's error bodies. */
function guarded({ world, accounts }: Context, work: (call: Call, role: Set<string>) => Answer): (call: Call) => Answer {
  return (call) => {
    const login = accounts.login(call);
    if (login === undefined) return invalidLogin();
    try {
      return world.atomically(() => work(call, accounts.denied.get(login.role) ?? new Set()));
    } catch (error) {
      if (error instanceof Refusal) return refusalAnswer(error);
      if (error instanceof SyntaxError) return errorAnswer(400, 'INVALID_CONTENT', 'The request body is not valid JSON.');
      throw error;
    }
  };
}

function vendorRoutes(context: Context): Route[] {
  const { world, accounts, suiteql, governor } = context;
  const record = '/services/rest/record/v1';
  return [
    { operation: 'oauth2.token', method: 'POST', path: '/services/rest/auth/oauth2/v1/token', handle: (call) => accounts.token(call) },
    { operation: 'suiteql', method: 'POST', path: '/services/rest/query/v1/suiteql', handle: guarded(context, (call, denied) => runSuiteQl(call, denied, { world, suiteql })) },
    { operation: 'governanceLimits', method: 'GET', path: '/services/rest/system/v1/governanceLimits', handle: guarded(context, () => json(200, { accountConcurrencyLimit: governor.limit, accountUnallocatedConcurrencyLimit: governor.limit })) },
    { operation: 'metadata', method: 'GET', path: `${record}/metadata-catalog/:name`, handle: guarded(context, (call) => metadata(world, call)) },
    { operation: (call) => `${String(call.params['record']).toLowerCase()}.transform`, method: 'POST', path: `${record}/:record/:id/!transform/:target`, handle: guarded(context, (call, denied) => transform(world, call, denied)) },
    { operation: (call) => `${String(call.params['record']).toLowerCase()}.create`, method: 'POST', path: `${record}/:record`, handle: guarded(context, (call, denied) => create(world, call, denied)) },
    { operation: (call) => `${String(call.params['record']).toLowerCase()}.list`, method: 'GET', path: `${record}/:record`, handle: guarded(context, (call) => list(world, call)) },
    { operation: (call) => `${String(call.params['record']).toLowerCase()}.get`, method: 'GET', path: `${record}/:record/:id`, handle: guarded(context, (call, denied) => get(world, call, denied)) },
    { operation: (call) => `${String(call.params['record']).toLowerCase()}.lines`, method: 'GET', path: `${record}/:record/:id/item`, handle: guarded(context, (call, denied) => json(200, ((get(world, { ...call, query: new URLSearchParams('expandSubResources=true') }, denied).body as Json)['item']) as Json)) },
    { operation: (call) => `${String(call.params['record']).toLowerCase()}.update`, method: 'PATCH', path: `${record}/:record/:id`, handle: guarded(context, (call, denied) => update(world, call, denied)) },
    { operation: (call) => `${String(call.params['record']).toLowerCase()}.upsert`, method: 'PUT', path: `${record}/:record/:id`, handle: guarded(context, (call, denied) => upsert(world, call, denied)) },
    { operation: (call) => `${String(call.params['record']).toLowerCase()}.delete`, method: 'DELETE', path: `${record}/:record/:id`, handle: guarded(context, (call, denied) => remove(world, call, denied)) },
  ];
}

function kindOf(call: Call, denied: Set<string>): string {
  const kind = String(call.params['record']).toLowerCase();
  if (!(kind in recordNames)) throw new Refusal(404, 'INVALID_PARAMETER', `Record type '${String(call.params['record'])}' does not exist.`);
  const permission = permissionOf[kind];
  if (permission && denied.has(permission)) throw forbidden(`Permission Violation: You need a higher level of the '${permission}' permission to access this page.`);
  return kind;
}

function idOf(world: World, kind: string, text: string): number {
  const id = text.toLowerCase().startsWith('eid:') ? world.byExternalId(kind, text.slice(4)) : Number(text);
  if (id === undefined || !Number.isInteger(id)) throw notFound();
  return id;
}

/** Names in any case; unknown ones are an error, a warning header, or nothing, as the caller asks (netsuite.md §1.2). */
function normalised(call: Call, body: Json, kind: string): { body: Json; warnings: string[] } {
  const known = kind === 'customer' ? customerFields : documentFields;
  const mode = String(call.headers['x-netsuite-propertynamevalidation'] ?? 'warning').toLowerCase();
  const warnings: string[] = [];
  const clean = (holder: Json, allowed: ReadonlySet<string>, path: string): Json =>
    Object.fromEntries(
      Object.entries(holder).filter(([name]) => {
        if (allowed.has(name.toLowerCase())) return true;
        if (mode === 'error') throw new Refusal(400, 'INVALID_CONTENT', `Error while accessing a resource. Unknown property '${name}': invalid field name for record ${recordNames[kind]}.`, { path: path + name });
        warnings.push(name);
        return false;
      }),
    );
  const cleaned = clean(body, known, '');
  const items = (cleaned['item'] as Json | undefined)?.['items'];
  if (Array.isArray(items)) cleaned['item'] = { items: items.map((line, index) => clean(line as Json, lineFields, `item.items[${index}].`)) };
  return { body: cleaned, warnings };
}

const located = (call: Call, kind: string, id: number, warnings: readonly string[] = []): Answer => ({
  status: 204,
  headers: { location: `${call.baseUrl}/services/rest/record/v1/${recordNames[kind]}/${id}`, ...(warnings.length > 0 ? { 'x-netsuite-propertyvalidation': warnings.join(', ') } : {}) },
});

function create(world: World, call: Call, denied: Set<string>): Answer {
  const kind = kindOf(call, denied);
  const { body, warnings } = normalised(call, readJson<Json>(call), kind);
  if (kind === 'customer') return located(call, kind, saveCustomer(world, body), warnings);
  if (!(kind in types) || kind === 'itemfulfillment') throw userError(`Records of type ${recordNames[kind]} cannot be created here.`);
  return located(call, kind, createDocument(world, kind, body), warnings);
}

function saveCustomer(world: World, body: Json, id?: number): number {
  const externalId = typeof body['externalId'] === 'string' ? body['externalId'] : null;
  if (id === undefined && externalId !== null && world.byExternalId('customer', externalId) !== undefined) throw duplicate();
  if (id === undefined && body['isPerson'] !== true && !body['companyName']) throw userError('You must enter a value for Company Name.', 'companyName');
  if (id === undefined && world.oneWorld && body['subsidiary'] === undefined) throw userError('Please enter value(s) for: Primary Subsidiary', 'subsidiary');
  const known = id === undefined ? {} : (world.record('customer', id) ?? {});
  const currency = (body['currency'] as Json | undefined)?.['id'];
  const symbol = currency === undefined ? undefined : world.row('SELECT symbol FROM currency WHERE id = ?', currency)?.['symbol'];
  const record: Json = { ...known, ...body, ...(symbol ? { currencies: [symbol] } : {}) };
  const made = id ?? world.nextId('customer');
  const name = record['companyName'] ?? [record['firstName'], record['lastName']].filter(Boolean).join(' ');
  world.saveRecord('customer', made, externalId ?? (known['externalId'] as string | undefined) ?? null, record);
  world.run('INSERT OR REPLACE INTO customer (id, entityid, externalid, companyname, email, subsidiary, lastmodifieddate) VALUES (?, ?, ?, ?, ?, ?, ?)', made, `C${made}`, externalId, name, record['email'], (record['subsidiary'] as Json | undefined)?.['id'], world.clock.now());
  return made;
}

function get(world: World, call: Call, denied: Set<string>): Answer {
  const kind = kindOf(call, denied);
  if (call.query.has('fields') && call.query.has('expandSubResources')) throw invalidParameter('The parameters fields and expandSubResources cannot be used together.');
  const id = idOf(world, kind, String(call.params['id']));
  const record = world.record(kind, id);
  if (record === undefined) throw notFound();
  if (kind in types) return json(200, shown(world, kind, id, record, call.query.get('expandSubResources') === 'true'));
  const { currencies: _hidden, ...visible } = record;
  return json(200, { links: [], id: String(id), ...visible });
}

function list(world: World, call: Call): Answer {
  const kind = kindOf(call, new Set());
  const limit = Math.min(1000, Number(call.query.get('limit') ?? 1000));
  const offset = Number(call.query.get('offset') ?? 0);
  if (offset % limit !== 0) throw invalidParameter('The offset must be a multiple of the limit.');
  const rows = world.rows('SELECT id FROM _records WHERE kind = ? ORDER BY id LIMIT ? OFFSET ?', kind, limit + 1, offset);
  const total = Number(world.row('SELECT count(*) AS n FROM _records WHERE kind = ?', kind)!['n']);
  const href = (id: unknown) => `${call.baseUrl}/services/rest/record/v1/${recordNames[kind]}/${String(id)}`;
  const items = rows.slice(0, limit).map((row) => ({ links: [{ rel: 'self', href: href(row['id']) }], id: String(row['id']) }));
  return json(200, { links: [], count: items.length, hasMore: rows.length > limit, items, offset, totalResults: total });
}

function update(world: World, call: Call, denied: Set<string>): Answer {
  const kind = kindOf(call, denied);
  const id = idOf(world, kind, String(call.params['id']));
  const { body, warnings } = normalised(call, readJson<Json>(call), kind);
  if (kind === 'customer') saveCustomer(world, body, id);
  else if (kind in types) patchDocument(world, kind, id, body);
  else throw userError(`Records of type ${recordNames[kind]} cannot be changed here.`);
  return located(call, kind, id, warnings);
}

function upsert(world: World, call: Call, denied: Set<string>): Answer {
  const kind = kindOf(call, denied);
  const text = String(call.params['id']);
  if (!text.toLowerCase().startsWith('eid:')) throw invalidParameter('PUT is only possible with an external id.');
  const { body, warnings } = normalised(call, readJson<Json>(call), kind);
  const externalId = text.slice(4);
  const known = world.byExternalId(kind, externalId);
  if (kind === 'customer') return located(call, kind, saveCustomer(world, { ...body, externalId }, known), warnings);
  if (known === undefined) return located(call, kind, createDocument(world, kind, { ...body, externalId }), warnings);
  patchDocument(world, kind, known, body);
  return located(call, kind, known, warnings);
}

function remove(world: World, call: Call, denied: Set<string>): Answer {
  const kind = kindOf(call, denied);
  deleteRecord(world, kind, idOf(world, kind, String(call.params['id'])));
  return { status: 204 };
}

function deleteRecord(world: World, kind: string, id: number): void {
  if (world.record(kind, id) === undefined) throw notFound();
  world.run('DELETE FROM _records WHERE kind = ? AND id = ?', kind, id);
  world.run('DELETE FROM "transaction" WHERE id = ?', id);
  world.run('DELETE FROM transactionline WHERE "transaction" = ?', id);
  world.run("INSERT INTO deletedrecord (recordid, type, deleteddate, context) VALUES (?, ?, ?, 'UI')", id, kind, world.clock.now());
}

function transform(world: World, call: Call, denied: Set<string>): Answer {
  const kind = kindOf(call, denied);
  const target = String(call.params['target']).toLowerCase();
  const id = idOf(world, kind, String(call.params['id']));
  if (kind !== 'salesorder') throw userError('This record can not be transformed.');
  const body = call.body.length > 0 ? readJson<Json>(call) : {};
  if (target === 'itemfulfillment') return located(call, target, fulfil(world, id, body));
  if (target !== 'invoice' && target !== 'cashsale') throw userError(`A sales order can not be transformed to ${String(call.params['target'])}.`);
  const order = world.record('salesorder', id);
  if (order === undefined) throw notFound();
  const lines = (order['lines'] as Line[]).filter((line) => !line.isClosed);
  const made = createDocument(world, target, { ...body, entity: { id: String(order['entity']) }, subsidiary: { id: String(order['subsidiary']) }, otherRefNum: order['otherRefNum'], item: { items: lines.map((line) => ({ item: { id: line.item }, quantity: line.quantity, rate: line.rate, amount: line.amountMinor / 10 ** Number(order['precision']), inventoryDetail: {} })) } }, { from: id });
  order['status'] = 'G';
  store(world, 'salesorder', id, (order['externalId'] as string | undefined) ?? null, order);
  return located(call, target, made);
}

function runSuiteQl(call: Call, denied: Set<string>, { suiteql }: { world: World; suiteql: ReturnType<typeof makeSuiteQl> }): Answer {
  if (!String(call.headers['prefer'] ?? '').split(/[,;]\s*/).includes('transient')) throw new Refusal(400, 'INVALID_HEADER', "The 'Prefer' header must be 'transient'.");
  const { q, params = [] } = readJson<{ q: string; params?: unknown[] }>(call);
  const limit = Math.min(1000, Number(call.query.get('limit') ?? 1000));
  const offset = Number(call.query.get('offset') ?? 0);
  if (!(limit > 0) || offset % limit !== 0) throw invalidParameter('The offset must be a multiple of the limit.');
  const missing = tablePermission.find(([pattern, permission]) => denied.has(permission) && pattern.test(q));
  if (missing) throw new Refusal(400, 'INVALID_PARAMETER', `Invalid search query. Detailed unprocessed description follows. Search error occurred: Record '${missing[0].source.replaceAll('\\b', '')}' was not found.`);
  const { items, total } = suiteql.run(q, params.map(String), { limit, offset });
  const hasMore = offset + items.length < total;
  const self = `${call.baseUrl}/services/rest/query/v1/suiteql`;
  return json(200, { links: [{ rel: 'self', href: `${self}?limit=${limit}&offset=${offset}` }, ...(hasMore ? [{ rel: 'next', href: `${self}?limit=${limit}&offset=${offset + limit}` }] : [])], count: items.length, hasMore, items, offset, totalResults: total });
}

function metadata(world: World, call: Call): Answer {
  const name = String(call.params['name']).toLowerCase();
  if (!(name in recordNames)) throw notFound();
  const fields = name === 'customer' ? customerFields : documentFields;
  const properties = Object.fromEntries([...fields].filter((field) => world.suiteTax || !field.startsWith('taxdetails')).map((field) => [field.startsWith('cust') ? field : field === 'taxdetails' ? 'taxDetails' : field, { type: 'string', nullable: true, ...(field.startsWith('cust') ? { 'x-ns-custom-field': true } : {}) }]));
  const item = { type: 'object', properties: Object.fromEntries(columnFields.map((field) => [field, { type: 'string', 'x-ns-custom-field': true }])) };
  return json(200, { type: 'object', properties: { ...properties, item }, 'x-ns-filterable': ['id', 'externalId', 'tranDate'] }, { 'content-type': 'application/schema+json' });
}

function displayOf(world: World, field: string, id: unknown): string | null {
  const tables: Readonly<Record<string, string>> = { subsidiary: 'name', location: 'name', currency: 'symbol', entity: 'companyname', department: 'name', class: 'name' };
  const table = field === 'entity' ? 'customer' : field === 'class' ? 'classification' : field;
  const column = tables[field];
  return column === undefined ? String(id) : String(world.row(`SELECT ${column} AS name FROM ${table} WHERE id = ?`, id)?.['name'] ?? id);
}

function controlRoutes({ world, accounts, governor }: Context): Route[] {
  const control = (method: string, path: string, handle: (call: Call) => unknown): Route => ({
    operation: `_sim${path}`,
    method,
    path: `/_sim${path}`,
    handle: (call) => {
      try {
        return json(200, world.atomically(() => handle(call)) ?? {});
      } catch (error) {
        if (error instanceof Refusal) return refusalAnswer(error);
        throw error;
      }
    },
  });
  const names = (table: string, column: string) => Object.fromEntries(world.rows(`SELECT id, ${column} AS name FROM ${table}`).map((row) => [String(row['name']), String(row['id'])]));
  return [
    control('POST', '/certificates', (call) => accounts.registerCertificate(readJson<{ pem: string; role?: string }>(call).pem, readJson<{ role?: string }>(call).role)),
    control('POST', '/roles', (call) => {
      const { role = 'crossdock', without = [] } = readJson<{ role?: string; without?: string[] }>(call);
      accounts.denied.set(role, new Set(without));
      return { role, without };
    }),
    control('GET', '/directory', () => ({ customers: names('customer', 'companyname'), locations: names('location', 'name'), subsidiaries: Object.fromEntries(world.shop.subsidiaries.map((one, index) => [one.key.toUpperCase(), String(index + 1)])), shipMethods: names('shipitem', 'itemid') })),
    control('GET', '/aliases', () => world.shop.aliases.map(({ sku, itemName, unitsPerSku }) => ({ sku, itemName, unitsPerSku }))),
    control('PUT', '/governor', (call) => Object.assign(governor, readJson<{ limit?: number; foreign?: number }>(call))),
    control('GET', '/transactions', (call) => transactionsOf(world, call)),
    control('POST', '/fulfil', (call) => {
      const { orderId, body = {} } = readJson<{ orderId: number; body?: Json }>(call);
      return { id: fulfil(world, orderId, body) };
    }),
    control('POST', '/fulfilments/:id/tracking', (call) => {
      const id = Number(call.params['id']);
      const record = world.record('itemfulfillment', id);
      if (record === undefined) throw notFound();
      setTracking(world, id, readJson<{ numbers: string[] }>(call).numbers);
      store(world, 'itemfulfillment', id, null, record);
      return { id };
    }),
    control('POST', '/orders/:id/close', (call) => {
      const id = Number(call.params['id']);
      const lines = (world.record('salesorder', id)?.['lines'] ?? []) as Line[];
      patchDocument(world, 'salesorder', id, { item: { items: lines.map((line) => ({ line: line.line, isClosed: true })) } });
      return { id };
    }),
    control('POST', '/records/:kind/:id/delete', (call) => deleteRecord(world, String(call.params['kind']).toLowerCase(), Number(call.params['id']))),
    control('POST', '/periods/:id/close', (call) => world.run("UPDATE accountingperiod SET closed = 'T' WHERE id = ?", call.params['id'])),
    control('POST', '/items/:name/inactivate', (call) => world.run("UPDATE item SET isinactive = 'T' WHERE itemid = ?", call.params['name'])),
  ];
}

/** Readable truth for proofs: documents with lines, oldest first, `after` an id. */
function transactionsOf(world: World, call: Call): unknown {
  const after = Number(call.query.get('after') ?? 0);
  const limit = Math.min(2000, Number(call.query.get('limit') ?? 1000));
  const type = call.query.get('type');
  const rows = world.rows(`SELECT id, recordtype, type, tranid, externalid, otherrefnum, status, foreigntotal, ${bodyFields.join(', ')} FROM "transaction" WHERE id > ? AND (? IS NULL OR type = ?) ORDER BY id LIMIT ?`, after, type, type, limit);
  const items = rows.map((row) => {
    const record = world.record(String(row['recordtype']), Number(row['id'])) ?? {};
    return {
      ...row,
      currency: record['currency'],
      entity: record['entity'],
      tranDate: record['tranDate'],
      createdFrom: record['createdFrom'] ?? null,
      shippingAddress: record['shippingAddress'] ?? null,
      createdAt: record['createdDate'],
      lines: ((record['lines'] ?? []) as Line[]).map((line) => ({ line: line.line, item: line.itemName, quantity: line.quantity, quantityFulfilled: line.quantityFulfilled, amountMinor: line.amountMinor, isClosed: line.isClosed, location: line.location, lineId: line.custom['custcol_mkt_line_id'] ?? null })),
    };
  });
  return { items, next: items.length === limit ? items.at(-1)!['id' as never] : null };
}

export type { SimClock };
