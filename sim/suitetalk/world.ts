// What is in the simulated account? Masters seeded from the shop, records as JSON beside their SuiteQL rows, stock that moves.
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import type { SimClock } from '../clock.ts';
import { makeShop, type Shop } from '../shop.ts';
import { bodyFields, columnFields, schema } from './schema.ts';

export type Json = Record<string, unknown>;

export interface World {
  readonly db: DatabaseSync;
  readonly clock: SimClock;
  readonly shop: Shop;
  readonly zone: string;
  readonly suiteTax: boolean;
  readonly oneWorld: boolean;
  run(sql: string, ...params: unknown[]): void;
  row(sql: string, ...params: unknown[]): Json | undefined;
  rows(sql: string, ...params: unknown[]): Json[];
  nextId(kind: string): number;
  record(kind: string, id: number): Json | undefined;
  byExternalId(kind: string, externalId: string): number | undefined;
  saveRecord(kind: string, id: number, externalId: string | null, record: Json): void;
  /** Moves stock of an item (kits through their members): on hand and committed. */
  moveStock(itemId: number, locationId: number, change: { onHand?: number; committed?: number }): void;
  /** Everything of one request together or not at all. */
  atomically<Result>(work: () => Result): Result;
}

export interface WorldOptions {
  readonly clock: SimClock;
  readonly seed: string | number;
  readonly file?: string;
  readonly suiteTax?: boolean;
  readonly zone?: string;
}

export function openWorld(options: WorldOptions): World {
  const db = new DatabaseSync(options.file ?? ':memory:');
  db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA case_sensitive_like = ON;');
  const shop = makeShop(options.seed);
  const fresh = db.prepare("SELECT name FROM sqlite_master WHERE name = '_records'").get() === undefined;
  if (fresh) db.exec(schema);
  const prepared = new Map<string, StatementSync>();
  const statement = (sql: string): StatementSync => {
    let known = prepared.get(sql);
    if (known === undefined) prepared.set(sql, (known = db.prepare(sql)));
    return known;
  };
  const bound = (params: readonly unknown[]) => params.map((value) => (typeof value === 'boolean' ? (value ? 'T' : 'F') : (value ?? null))) as SQLInputValue[];
  let depth = 0;
  const world: World = {
    db,
    clock: options.clock,
    shop,
    zone: options.zone ?? 'America/Los_Angeles',
    suiteTax: options.suiteTax ?? false,
    oneWorld: true,
    run: (sql, ...params) => void statement(sql).run(...bound(params)),
    row: (sql, ...params) => statement(sql).get(...bound(params)) as Json | undefined,
    rows: (sql, ...params) => statement(sql).all(...bound(params)) as Json[],
    nextId(kind) {
      const row = world.row("INSERT INTO _state (name, value) VALUES ('id/' || ?, '1000') ON CONFLICT (name) DO UPDATE SET value = value + 1 RETURNING value", kind);
      return Number(row!['value']);
    },
    record(kind, id) {
      const row = world.row('SELECT json FROM _records WHERE kind = ? AND id = ?', kind, id);
      return row === undefined ? undefined : (JSON.parse(String(row['json'])) as Json);
    },
    byExternalId(kind, externalId) {
      const row = world.row('SELECT id FROM _records WHERE kind = ? AND externalid = ?', kind, externalId);
      return row === undefined ? undefined : Number(row['id']);
    },
    saveRecord: (kind, id, externalId, record) =>
      world.run('INSERT INTO _records (kind, id, externalid, json) VALUES (?, ?, ?, ?) ON CONFLICT (kind, id) DO UPDATE SET externalid = excluded.externalid, json = excluded.json', kind, id, externalId, JSON.stringify(record)),
    moveStock(itemId, locationId, change) {
      const members = world.rows('SELECT item, quantity FROM kititemmember WHERE parentitem = ?', itemId);
      if (members.length > 0) {
        for (const member of members)
          world.moveStock(Number(member['item']), locationId, { onHand: (change.onHand ?? 0) * Number(member['quantity']), committed: (change.committed ?? 0) * Number(member['quantity']) });
        return;
      }
      world.run(
        `UPDATE aggregateItemLocation SET quantityonhand = quantityonhand + ?, quantitycommitted = quantitycommitted + ?,
          quantityavailable = quantityavailable + ? - ?, lastquantityavailablechange = ? WHERE item = ? AND location = ?`,
        change.onHand ?? 0, change.committed ?? 0, change.onHand ?? 0, change.committed ?? 0, options.clock.now(), itemId, locationId,
      );
    },
    atomically(work) {
      if (depth > 0) return work();
      depth++;
      db.exec('BEGIN');
      try {
        const result = work();
        db.exec('COMMIT');
        return result;
      } catch (error) {
        db.exec('ROLLBACK');
        throw error;
      } finally {
        depth--;
      }
    },
  };
  if (fresh) world.atomically(() => seed(world));
  return world;
}

const currencies: readonly (readonly [string, string, number])[] = [['USD', 'US Dollar', 2], ['GBP', 'British Pound', 2], ['JPY', 'Japanese Yen', 0], ['BRL', 'Brazilian Real', 2], ['TRY', 'Turkish Lira', 2], ['EUR', 'Euro', 2]];
const accounts: readonly (readonly [string, string, string])[] = [['1000', 'Checking', 'Bank'], ['1050', 'Undeposited Funds', 'Bank'], ['1100', 'Accounts Receivable', 'AcctRec'], ['1120', 'Amazon Clearing', 'Bank'], ['1300', 'Inventory', 'OthCurrAsset'], ['4000', 'Sales', 'Income'], ['5000', 'Cost of Goods Sold', 'COGS']];
const itemTypes = { inventory: 'InvtPart', lot: 'InvtPart', kit: 'Kit', 'matrix-child': 'InvtPart', 'matrix-parent': 'InvtPart' } as const;
const recordKinds = { inventory: 'inventoryitem', lot: 'lotnumberedinventoryitem', kit: 'kititem', 'matrix-child': 'inventoryitem', 'matrix-parent': 'inventoryitem' } as const;

function seed(world: World): void {
  const { shop, run } = world;
  const now = world.clock.now();
  currencies.forEach(([symbol, name, precision], index) => run("INSERT INTO currency (id, symbol, name, exchangerate, currencyprecision) VALUES (?, ?, ?, '1', ?)", index + 1, symbol, name, precision));
  shop.subsidiaries.forEach((subsidiary, index) => {
    run('INSERT INTO subsidiary (id, name, currency, parent) VALUES (?, ?, ?, NULL)', index + 1, subsidiary.name, subsidiary.currency === 'USD' ? 1 : 2);
    world.saveRecord('subsidiary', index + 1, null, { name: subsidiary.name });
  });
  const subsidiaryId = (key: string) => shop.subsidiaries.findIndex((one) => one.key === key) + 1;
  shop.locations.forEach((location, index) => {
    run('INSERT INTO location (id, name, subsidiary) VALUES (?, ?, ?)', index + 1, location.name, subsidiaryId(location.subsidiary));
    world.saveRecord('location', index + 1, null, { name: location.name });
  });
  shop.shipMethods.forEach((name, index) => run('INSERT INTO shipitem (id, itemid) VALUES (?, ?)', 2201 + index, name));
  accounts.forEach(([number, name, type], index) => run('INSERT INTO account (id, acctnumber, fullname, accttype) VALUES (?, ?, ?, ?)', index + 1, number, name, type));
  ['Sales', 'Operations'].forEach((name, index) => run('INSERT INTO department (id, name) VALUES (?, ?)', index + 1, name));
  ['Marketplace', 'Retail'].forEach((name, index) => run('INSERT INTO classification (id, name) VALUES (?, ?)', index + 1, name));
  ['Cash', 'Amazon'].forEach((name, index) => run('INSERT INTO paymentmethod (id, name) VALUES (?, ?)', index + 1, name));
  ['Amazon US', 'Amazon UK'].forEach((name, index) => run('INSERT INTO saleschannel (id, name) VALUES (?, ?)', index + 1, name));
  for (const name of [...bodyFields, ...columnFields]) run('INSERT INTO customfield (scriptid, name) VALUES (?, ?)', name.toUpperCase(), name.replace(/^cust(body|col)_mkt_/, '').replaceAll('_', ' '));
  seedCustomers(world, subsidiaryId);
  seedItems(world, now);
  seedPeriods(world, now);
}

function seedCustomers(world: World, subsidiaryId: (key: string) => number): void {
  const rows = [
    ...world.shop.customers.map((customer) => ({ name: customer.name, subsidiary: subsidiaryId(customer.subsidiary), currencies: [customer.subsidiary === 'us' ? 'USD' : 'GBP'] })),
    { name: 'Amazon Marketplace (other)', subsidiary: 1, currencies: currencies.map(([symbol]) => symbol) },
  ];
  rows.forEach((customer, index) => {
    const id = 1201 + index;
    world.run('INSERT INTO customer (id, entityid, companyname, subsidiary, lastmodifieddate) VALUES (?, ?, ?, ?, ?)', id, `C${id}`, customer.name, customer.subsidiary, world.clock.now());
    world.saveRecord('customer', id, null, { companyName: customer.name, isPerson: false, subsidiary: { id: String(customer.subsidiary) }, currencies: customer.currencies });
  });
  world.run("INSERT INTO _state (name, value) VALUES ('id/customer', '1300')");
}

function seedItems(world: World, now: number): void {
  const { shop, run } = world;
  const ids = new Map<string, number>();
  let next = 101;
  for (const item of shop.items) ids.set(item.itemName, next++);
  const insert = (id: number, name: string, display: string, type: string, more: { parent?: number | null; inactive?: boolean; lot?: boolean; matrix?: string | null; upc?: string } = {}) =>
    run('INSERT INTO item (id, itemid, displayname, itemtype, parent, isinactive, islotitem, isserialitem, matrixtype, upccode, lastmodifieddate) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)', id, name, display, type, more.parent ?? null, more.inactive ? 'T' : 'F', more.lot ? 'T' : 'F', 'F', more.matrix ?? null, more.upc ?? null, now);
  for (const item of shop.items) {
    const id = ids.get(item.itemName)!;
    insert(id, item.itemName, item.title, itemTypes[item.kind], { parent: item.parent ? (ids.get(item.parent) ?? null) : null, inactive: !item.active, lot: item.kind === 'lot', matrix: item.kind === 'matrix-parent' ? 'PARENT' : item.kind === 'matrix-child' ? 'CHILD' : null, upc: item.upc });
    world.saveRecord(recordKinds[item.kind], id, null, { itemId: item.itemName, displayName: item.title, upcCode: item.upc, isInactive: !item.active });
    for (const [line, component] of (item.components ?? []).entries()) run('INSERT INTO kititemmember (parentitem, item, quantity, linenumber) VALUES (?, ?, ?, ?)', id, ids.get(component.itemName), component.quantity, line + 1);
    if (item.kind === 'kit' || item.kind === 'matrix-parent') continue;
    for (const [index, location] of shop.locations.entries()) {
      const onHand = item.onHand[location.key] ?? 250;
      run('INSERT INTO aggregateItemLocation (item, location, quantityavailable, quantityonhand, quantitycommitted, quantitybackordered, lastquantityavailablechange) VALUES (?, ?, ?, ?, 0, 0, ?)', id, index + 1, onHand, onHand, now);
    }
  }
  for (const name of shop.specialItems) {
    const id = next++;
    insert(id, name, name, name.includes('Discount') ? 'Discount' : 'OthCharge');
    world.saveRecord('otherchargesaleitem', id, null, { itemId: name });
  }
}

/** The last 36 months; those more than 24 months back are closed. */
function seedPeriods(world: World, now: number): void {
  const today = new Date(now);
  for (let back = 36; back >= -6; back--) {
    const start = new Date(Date.UTC(today.getUTCFullYear(), today.getUTCMonth() - back, 1));
    const end = new Date(Date.UTC(start.getUTCFullYear(), start.getUTCMonth() + 1, 0));
    const closed = back > 24 ? 'T' : 'F';
    world.run(
      "INSERT INTO accountingperiod (id, periodname, startdate, enddate, closed, alllocked, arlocked, aplocked, isposting, isyear, isquarter) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'T', 'F', 'F')",
      100 - back, start.toLocaleString('en-US', { month: 'short', year: 'numeric', timeZone: 'UTC' }), start.toISOString().slice(0, 10), end.toISOString().slice(0, 10), closed, closed, closed, closed,
    );
  }
}
