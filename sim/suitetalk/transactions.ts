// What happens when a document is written? NetSuite's own checks, exact totals, stock, and the status machine (netsuite.md §1.9, §8).
import { multiply, toMinor, toText } from './amounts.ts';
import { closedPeriod, duplicate, invalidField, notFound, userError } from './errors.ts';
import { bodyFields, columnFields } from './schema.ts';
import type { Json, World } from './world.ts';
import { dayOf } from './zone.ts';

export const types: Readonly<Record<string, { readonly type: string; readonly prefix: string; readonly sign: 1 | -1 }>> = {
  salesorder: { type: 'SalesOrd', prefix: 'SO', sign: -1 },
  cashsale: { type: 'CashSale', prefix: 'CS', sign: -1 },
  invoice: { type: 'CustInvc', prefix: 'INV', sign: -1 },
  itemfulfillment: { type: 'ItemShip', prefix: 'IF', sign: 1 },
};

const idOf = (value: unknown): string | undefined => {
  if (value === null || value === undefined) return undefined;
  if (typeof value === 'object') return (value as Json)['id'] === undefined ? undefined : String((value as Json)['id']);
  return String(value);
};

export interface Line {
  line: number;
  item: number;
  itemName: string;
  quantity: number;
  quantityFulfilled: number;
  amountMinor: number;
  rate: number;
  location: number | null;
  isClosed: boolean;
  description: string | null;
  custom: Json;
  orderLine?: number;
}

/** Creates a sales document; returns its id. Throws Refusal in NetSuite's words. */
export function createDocument(world: World, kind: string, body: Json, links: { from?: number } = {}): number {
  const externalId = typeof body['externalId'] === 'string' ? body['externalId'] : null;
  if (externalId !== null && world.byExternalId(kind, externalId) !== undefined) throw duplicate();
  const customer = requiredCustomer(world, body);
  const subsidiary = Number(idOf(body['subsidiary']) ?? idOf((customer.record['subsidiary'] as Json) ?? '1') ?? 1);
  const customerSubsidiary = Number(idOf(customer.record['subsidiary']) ?? 1);
  if (idOf(body['subsidiary']) !== undefined && world.row('SELECT id FROM subsidiary WHERE id = ?', subsidiary) === undefined) throw invalidField('subsidiary', subsidiary);
  if (subsidiary !== customerSubsidiary) throw userError('The subsidiary restrictions on this record are incompatible with those defined for the customer.', 'subsidiary');
  const currency = currencyOf(world, body, customer.record, subsidiary);
  const date = typeof body['tranDate'] === 'string' ? body['tranDate'] : dayOf(world.zone, world.clock.now());
  if (!/^\d{4}-\d{2}-\d{2}$/.test(date)) throw invalidField('tranDate', date);
  const posting = kind !== 'salesorder';
  if (posting) openPeriod(world, date);
  const location = locationOf(world, body['location'], subsidiary, 'location');
  const shipMethod = idOf(body['shipMethod']);
  if (shipMethod !== undefined && world.row('SELECT id FROM shipitem WHERE id = ?', shipMethod) === undefined) throw invalidField('shipMethod', shipMethod);
  const lines = linesOf(world, body, { subsidiary, location, precision: currency.precision, posting });
  const total = lines.reduce((sum, line) => sum + line.amountMinor, 0) + taxOf(world, body, currency.precision);
  const id = world.nextId('transaction');
  const status = kind === 'salesorder' ? (idOf(body['orderStatus']) ?? 'A') : kind === 'invoice' ? 'A' : 'C';
  if (kind === 'salesorder' && status !== 'A' && status !== 'B') throw invalidField('orderStatus', status);
  const record: Json = { ...body, lines, subsidiary, currency: currency.symbol, precision: currency.precision, totalMinor: total, status, tranDate: date, entity: customer.id, createdDate: world.clock.now(), ...(links.from ? { createdFrom: links.from } : {}) };
  delete record['item'];
  store(world, kind, id, externalId, record);
  for (const line of lines) {
    if (line.location === null) continue;
    if (posting) world.moveStock(line.item, line.location, { onHand: -line.quantity });
    else if (status === 'B') world.moveStock(line.item, line.location, { committed: line.quantity });
  }
  return id;
}

function requiredCustomer(world: World, body: Json): { id: number; record: Json } {
  const reference = body['entity'];
  if (reference === undefined) throw userError('Please enter value(s) for: Customer', 'entity');
  const external = typeof reference === 'object' && reference !== null ? (reference as Json)['externalId'] : undefined;
  const id = external === undefined ? Number(idOf(reference)) : world.byExternalId('customer', String(external));
  const record = id === undefined ? undefined : world.record('customer', id);
  if (id === undefined || record === undefined) throw invalidField('entity', idOf(reference) ?? String(external));
  if (record['isInactive'] === true) throw userError('The customer is inactive.', 'entity');
  return { id, record };
}

function currencyOf(world: World, body: Json, customer: Json, subsidiary: number): { symbol: string; precision: number; id: number } {
  const wanted = idOf(body['currency']);
  const row = wanted === undefined
    ? world.row('SELECT c.id, c.symbol, c.currencyprecision FROM currency c JOIN subsidiary s ON s.currency = c.id WHERE s.id = ?', subsidiary)
    : world.row('SELECT id, symbol, currencyprecision FROM currency WHERE id = ?', wanted);
  if (row === undefined) throw invalidField('currency', wanted);
  const symbol = String(row['symbol']);
  const allowed = customer['currencies'];
  if (Array.isArray(allowed) && !allowed.includes(symbol)) throw userError('Invalid currency reference key. The customer does not accept this currency.', 'currency');
  return { symbol, precision: Number(row['currencyprecision']), id: Number(row['id']) };
}

function openPeriod(world: World, date: string): void {
  const period = world.row("SELECT closed FROM accountingperiod WHERE startdate <= ? AND enddate >= ? AND isyear = 'F'", date, date);
  if (period === undefined || period['closed'] === 'T') throw closedPeriod();
}

function locationOf(world: World, reference: unknown, subsidiary: number, path: string): number | null {
  const id = idOf(reference);
  if (id === undefined) return null;
  const row = world.row('SELECT id, subsidiary, isinactive FROM location WHERE id = ?', id);
  if (row === undefined) throw invalidField('location', id, path);
  if (row['isinactive'] === 'T') throw userError('The location is inactive.', path);
  if (Number(row['subsidiary']) !== subsidiary) throw invalidField('location', id, path);
  return Number(row['id']);
}

interface LineWorld {
  readonly subsidiary: number;
  readonly location: number | null;
  readonly precision: number;
  readonly posting: boolean;
}

function linesOf(world: World, body: Json, { subsidiary, location, precision, posting }: LineWorld): Line[] {
  const items = ((body['item'] as Json | undefined)?.['items'] ?? []) as Json[];
  if (items.length === 0) throw userError('You must enter at least one line item for this transaction.', 'item');
  return items.map((line, index) => {
    const path = `item.items[${index}]`;
    const wanted = idOf(line['item']);
    const row = wanted === undefined ? undefined : world.row('SELECT id, itemid, isinactive, matrixtype, islotitem, itemtype FROM item WHERE id = ?', wanted);
    if (row === undefined) throw invalidField('item', wanted, `${path}.item`);
    if (row['isinactive'] === 'T') throw userError(`The item ${String(row['itemid'])} is inactive.`, `${path}.item`);
    if (row['matrixtype'] === 'PARENT') throw invalidField('item', wanted, `${path}.item`);
    if (posting && row['islotitem'] === 'T' && line['inventoryDetail'] === undefined) throw userError('Please configure the inventory detail for this line.', path);
    const quantity = Number(line['quantity'] ?? 1);
    if (!(quantity > 0)) throw userError('Please enter a valid quantity.', `${path}.quantity`);
    const amountMinor = line['amount'] === undefined ? multiply(line['rate'] ?? 0, quantity, precision) : toMinor(line['amount'], precision);
    if (amountMinor === undefined) throw invalidField('amount', line['amount'], `${path}.amount`);
    return {
      line: index + 1, item: Number(row['id']), itemName: String(row['itemid']), quantity, quantityFulfilled: 0, amountMinor, rate: Number(line['rate'] ?? 0),
      location: row['itemtype'] === 'InvtPart' || row['itemtype'] === 'Kit' ? (locationOf(world, line['location'], subsidiary, `${path}.location`) ?? location) : null,
      isClosed: false, description: typeof line['description'] === 'string' ? line['description'] : null,
      custom: Object.fromEntries(Object.entries(line).filter(([name]) => name.startsWith('custcol'))),
    };
  });
}

function taxOf(world: World, body: Json, precision: number): number {
  if (body['taxDetailsOverride'] !== true) return 0;
  if (!world.suiteTax) throw userError('SuiteTax is not enabled in this account.', 'taxDetailsOverride');
  return (((body['taxDetails'] as Json | undefined)?.['items'] ?? []) as Json[]).reduce((sum, tax) => sum + (toMinor(tax['taxAmount'], precision) ?? 0), 0);
}

/** Writes a record and its SuiteQL rows. */
export function store(world: World, kind: string, id: number, externalId: string | null, record: Json): void {
  const { type, prefix, sign } = types[kind]!;
  const now = world.clock.now();
  const precision = Number(record['precision'] ?? 2);
  record['tranId'] ??= `${prefix}${id}`;
  record['lastModifiedDate'] = now;
  world.saveRecord(kind, id, externalId, record);
  const currencyId = world.row('SELECT id FROM currency WHERE symbol = ?', record['currency'] ?? 'USD')?.['id'];
  world.run(
    `INSERT OR REPLACE INTO "transaction" (id, tranid, transactionnumber, externalid, otherrefnum, type, recordtype, status, trandate, entity, memo, currency, exchangerate, foreigntotal, posting, shipdate, shipmethod, createddate, lastmodifieddate, ${bodyFields.join(', ')}, _visible)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '1', ?, ?, ?, ?, ?, ?, ${bodyFields.map(() => '?').join(', ')}, ?)`,
    id, record['tranId'], String(id), externalId, record['otherRefNum'], type, kind, record['status'], record['tranDate'], record['entity'], record['memo'], currencyId,
    toText(Number(record['totalMinor'] ?? 0), precision), kind === 'salesorder' ? 'F' : 'T', record['shipDate'], idOf(record['shipMethod']), record['createdDate'], now, ...bodyFields.map((name) => textOf(record[name])), now,
  );
  world.run('DELETE FROM transactionline WHERE "transaction" = ?', id);
  const insert = `INSERT INTO transactionline ("transaction", id, uniquekey, linesequencenumber, item, quantity, quantityshiprecv, quantitybilled, rate, foreignamount, netamount, location, subsidiary, createdfrom, isclosed, kitcomponent, assemblycomponent, mainline, taxline, iscogs, transactionlinetype, linelastmodifieddate, ${columnFields.join(', ')})
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'F', ?, 'F', 'F', ?, ?, ${columnFields.map(() => '?').join(', ')})`;
  const createdFrom = record['createdFrom'] ?? null;
  world.run(insert, id, 0, id * 1000, 0, null, null, null, null, null, toText(Number(record['totalMinor'] ?? 0), precision), null, idOf(record['location']), record['subsidiary'], createdFrom, 'F', 'F', 'T', null, now, ...columnFields.map(() => null));
  for (const line of (record['lines'] ?? []) as Line[])
    world.run(insert, id, line.line, id * 1000 + line.line, line.line, line.item, sign * line.quantity, line.quantityFulfilled, 0, String(line.rate), toText(sign * line.amountMinor, precision), null, line.location, record['subsidiary'], createdFrom, line.isClosed, 'F', 'F', 'ITEM', now, ...columnFields.map((name) => textOf(line.custom[name])));
}

function textOf(value: unknown): string | null {
  if (value === undefined || value === null) return null;
  return typeof value === 'boolean' ? (value ? 'T' : 'F') : typeof value === 'object' ? (idOf(value) ?? null) : String(value);
}

/** PATCH: keyed lines are edited, unkeyed ones appended, body fields set; closing every line closes the order (netsuite.md §1.4). */
export function patchDocument(world: World, kind: string, id: number, body: Json): void {
  const record = world.record(kind, id);
  if (record === undefined) throw notFound();
  const lines = record['lines'] as Line[];
  const precision = Number(record['precision']);
  for (const change of ((body['item'] as Json | undefined)?.['items'] ?? []) as Json[]) {
    const line = lines.find((candidate) => candidate.line === Number(change['line']));
    if (line === undefined) throw invalidField('line', change['line'], 'item.items');
    const wasOpen = line.isClosed ? 0 : line.quantity - line.quantityFulfilled;
    if (change['isClosed'] !== undefined) line.isClosed = change['isClosed'] === true;
    if (change['quantity'] !== undefined) {
      if (Number(change['quantity']) < line.quantityFulfilled) throw userError('The quantity may not be less than the quantity fulfilled.', 'item.items');
      line.quantity = Number(change['quantity']);
    }
    if (change['amount'] !== undefined) line.amountMinor = toMinor(change['amount'], precision) ?? line.amountMinor;
    if (change['rate'] !== undefined) line.rate = Number(change['rate']);
    for (const [name, value] of Object.entries(change)) if (name.startsWith('custcol')) line.custom[name] = value;
    const open = line.isClosed ? 0 : line.quantity - line.quantityFulfilled;
    if (record['status'] !== 'A' && line.location !== null && open !== wasOpen) world.moveStock(line.item, line.location, { committed: open - wasOpen });
  }
  for (const [name, value] of Object.entries(body)) if (name !== 'item') record[name] = name === 'tranDate' ? value : value;
  record['totalMinor'] = lines.reduce((sum, line) => sum + line.amountMinor, 0);
  if (kind === 'salesorder') record['status'] = orderStatus(record);
  store(world, kind, id, (record['externalId'] as string | undefined) ?? null, record);
}

const shippable = (line: Line): boolean => line.location !== null;

/** A pending approval, B pending fulfilment, D partially fulfilled, F pending billing, H closed (netsuite.md §2.2). */
export function orderStatus(record: Json): string {
  const lines = (record['lines'] as Line[]).filter(shippable);
  if (record['status'] === 'C') return 'C';
  const closed = (record['lines'] as Line[]).every((line) => line.isClosed);
  if (closed && lines.every((line) => line.quantityFulfilled === 0)) return 'H';
  const open = lines.filter((line) => !line.isClosed && line.quantityFulfilled < line.quantity);
  const shipped = lines.some((line) => line.quantityFulfilled > 0);
  if (shipped && open.length === 0) return 'F';
  if (shipped) return 'D';
  return record['status'] === 'A' ? 'A' : 'B';
}

/** salesOrder → itemFulfillment: open lines unless told otherwise; only status C relieves stock (netsuite.md §1.9). */
export function fulfil(world: World, orderId: number, body: Json): number {
  const order = world.record('salesorder', orderId);
  if (order === undefined) throw notFound();
  if (order['status'] !== 'B' && order['status'] !== 'D') throw userError('This record can not be transformed: the order is not pending fulfillment.');
  const externalId = typeof body['externalId'] === 'string' ? body['externalId'] : null;
  if (externalId !== null && world.byExternalId('itemfulfillment', externalId) !== undefined) throw duplicate();
  const lines = order['lines'] as Line[];
  const wanted = (body['item'] as Json | undefined)?.['items'] as Json[] | undefined;
  const chosen: { line: Line; quantity: number }[] = [];
  for (const line of lines) {
    if (!shippable(line) || line.isClosed) continue;
    const wish = wanted?.find((candidate) => Number(candidate['orderLine']) === line.line);
    if (wanted && wish === undefined && wanted.some((candidate) => candidate['itemReceive'] !== false)) continue;
    if (wish?.['itemReceive'] === false) continue;
    const open = line.quantity - line.quantityFulfilled;
    const quantity = Number(wish?.['quantity'] ?? open);
    if (quantity > open) throw userError('The quantity to fulfill exceeds the remaining quantity.', 'item.items');
    if (quantity > 0) chosen.push({ line, quantity });
  }
  if (chosen.length === 0) throw userError('You must fulfill at least one line.', 'item');
  const status = idOf(body['shipStatus']) ?? 'C';
  const id = world.nextId('transaction');
  const record: Json = {
    createdFrom: orderId, entity: order['entity'], status, shipStatus: status, tranDate: body['tranDate'] ?? dayOf(world.zone, world.clock.now()), currency: order['currency'], precision: order['precision'], subsidiary: order['subsidiary'], totalMinor: 0,
    shipMethod: order['shipMethod'], createdDate: world.clock.now(), packages: ((body['package'] as Json | undefined)?.['items'] ?? []) as Json[], ...(externalId ? { externalId } : {}),
    lines: chosen.map(({ line, quantity }, index): Line => ({ ...line, line: index + 1, orderLine: line.line, quantity, quantityFulfilled: 0, amountMinor: 0, custom: {} })),
  };
  store(world, 'itemfulfillment', id, externalId, record);
  setTracking(world, id, (record['packages'] as Json[]).map((parcel) => String(parcel['packageTrackingNumber'] ?? '')));
  chosen.forEach(({ line, quantity }, index) => {
    world.run("INSERT INTO NextTransactionLineLink (previousdoc, previousline, nextdoc, nextline, linktype) VALUES (?, ?, ?, ?, 'ShipRcpt')", orderId, line.line, id, index + 1);
    if (status !== 'C') return;
    line.quantityFulfilled += quantity;
    world.moveStock(line.item, line.location!, { onHand: -quantity, committed: -quantity });
  });
  order['status'] = orderStatus(order);
  store(world, 'salesorder', orderId, (order['externalId'] as string | undefined) ?? null, order);
  return id;
}

export function setTracking(world: World, fulfilmentId: number, numbers: readonly string[]): void {
  world.run('DELETE FROM TrackingNumberMap WHERE "transaction" = ?', fulfilmentId);
  for (const number of numbers) {
    if (number === '') continue;
    const id = world.nextId('tracking');
    world.run('INSERT INTO trackingnumber (id, trackingnumber) VALUES (?, ?)', id, number);
    world.run('INSERT INTO TrackingNumberMap ("transaction", trackingnumber) VALUES (?, ?)', fulfilmentId, id);
  }
}

/** The record as REST shows it. */
export function shown(world: World, kind: string, id: number, record: Json, expand: boolean): Json {
  const { lines, precision, totalMinor, currency, ...rest } = record;
  const places = Number(precision ?? 2);
  const currencyRow = world.row('SELECT id FROM currency WHERE symbol = ?', currency);
  const number = (minor: number) => Number(toText(minor, places));
  const items = ((lines ?? []) as Line[]).map((line) => ({
    line: line.line, item: { id: String(line.item), refName: line.itemName }, quantity: line.quantity, quantityFulfilled: line.quantityFulfilled, rate: line.rate, amount: number(line.amountMinor), isClosed: line.isClosed,
    ...(line.location === null ? {} : { location: { id: String(line.location) } }), ...(line.description === null ? {} : { description: line.description }), ...(line.orderLine === undefined ? {} : { orderLine: line.orderLine }), ...line.custom,
  }));
  return {
    links: [], id: String(id), ...rest, entity: { id: String(rest['entity']) }, subsidiary: { id: String(rest['subsidiary']) }, status: { id: rest['status'] }, total: number(Number(totalMinor ?? 0)),
    currency: { id: String(currencyRow?.['id'] ?? ''), refName: currency }, createdDate: new Date(Number(rest['createdDate'])).toISOString(), lastModifiedDate: new Date(Number(rest['lastModifiedDate'])).toISOString(),
    item: expand ? { links: [], count: items.length, hasMore: false, items, offset: 0, totalResults: items.length } : { links: [{ rel: 'self', href: `/services/rest/record/v1/${kind}/${id}/item` }] },
  };
}
