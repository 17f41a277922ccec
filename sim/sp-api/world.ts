// What is in the simulated Amazon account? Orders as documents in SQLite, things that happen to them as time passes, and
// a record of every shipment confirmation received.
import { createHash } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import type { SimClock } from '../clock.ts';
import { makeRandom } from '../random.ts';
import { makeShop, type Shop } from '../shop.ts';
import { type Json, makeOrder, type OrderKind, usualMix } from './generate.ts';
import { Listings } from './listings.ts';

export type AmazonOrder = Json & { orderId: string; createdTime: string; lastUpdatedTime: string };

const schema = `
CREATE TABLE IF NOT EXISTS orders (id TEXT PRIMARY KEY, updated INTEGER NOT NULL, created INTEGER NOT NULL, marketplace TEXT, status TEXT, fulfilledby TEXT, kind TEXT, json TEXT NOT NULL) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS orders_updated ON orders (updated, id);
CREATE TABLE IF NOT EXISTS effects (seq INTEGER PRIMARY KEY, at INTEGER NOT NULL, id TEXT NOT NULL, what TEXT NOT NULL, json TEXT);
CREATE INDEX IF NOT EXISTS effects_at ON effects (at);
CREATE TABLE IF NOT EXISTS confirmations (seq INTEGER PRIMARY KEY, at INTEGER NOT NULL, id TEXT NOT NULL, reference TEXT NOT NULL, content TEXT NOT NULL, status INTEGER NOT NULL, json TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS state (name TEXT PRIMARY KEY, value TEXT NOT NULL);
`;

/** Amazon shows a confirmation on the order some seconds later (spapi.md §3.1: asynchronously). */
const confirmationLagMs = 4_000;

export class AmazonWorld {
  readonly shop: Shop;
  readonly clock: SimClock;
  readonly listings: Listings;
  readonly #db: DatabaseSync;
  readonly #random;
  readonly #prepared = new Map<string, StatementSync>();
  /** Called whenever time has passed, for work that ends by itself. */
  due: () => void = () => undefined;
  /** Called when an order changed, for notices. */
  changed: (order: AmazonOrder) => void = () => undefined;

  constructor(clock: SimClock, seed: string | number, data: string | undefined) {
    this.clock = clock;
    this.shop = makeShop(seed);
    if (data) mkdirSync(data, { recursive: true });
    this.#db = new DatabaseSync(data ? join(data, 'amazon.db') : ':memory:');
    this.#db.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; ${schema}`);
    const drawn = Number(this.one("SELECT value FROM state WHERE name = 'drawn'")?.['value'] ?? 0);
    this.#random = makeRandom(`amazon/${seed}/${drawn}`);
    this.run("INSERT OR REPLACE INTO state (name, value) VALUES ('drawn', ?)", String(drawn + 1));
    this.listings = new Listings(this);
  }

  #statement(sql: string): StatementSync {
    let known = this.#prepared.get(sql);
    if (known === undefined) {
      known = this.#db.prepare(sql);
      this.#prepared.set(sql, known);
    }
    return known;
  }
  run(sql: string, ...params: unknown[]): void {
    this.#statement(sql).run(...(params as SQLInputValue[]));
  }
  one(sql: string, ...params: unknown[]): Json | undefined {
    return this.#statement(sql).get(...(params as SQLInputValue[])) as Json | undefined;
  }
  all(sql: string, ...params: unknown[]): Json[] {
    return this.#statement(sql).all(...(params as SQLInputValue[])) as Json[];
  }
  exec(sql: string): void {
    this.#db.exec(sql);
  }
  /** Many writes as one. */
  together(work: () => void): void {
    this.#db.exec('BEGIN');
    work();
    this.#db.exec('COMMIT');
  }
  close(): void {
    this.#db.close();
  }

  order(id: string): AmazonOrder | undefined {
    const row = this.one('SELECT json FROM orders WHERE id = ?', id);
    return row === undefined ? undefined : (JSON.parse(String(row['json'])) as AmazonOrder);
  }

  save(order: AmazonOrder, kind?: string): void {
    const fulfilment = (order['fulfillment'] ?? {}) as Json;
    this.run(
      'INSERT INTO orders (id, updated, created, marketplace, status, fulfilledby, kind, json) VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET updated = excluded.updated, status = excluded.status, json = excluded.json',
      order.orderId,
      Date.parse(order.lastUpdatedTime),
      Date.parse(order.createdTime),
      ((order['salesChannel'] as Json)['marketplaceId'] ?? '') as string,
      String(fulfilment['fulfillmentStatus'] ?? 'UNSHIPPED'),
      String(fulfilment['fulfilledBy'] ?? 'MERCHANT'),
      kind ?? 'given',
      JSON.stringify(order),
    );
    this.changed(order);
  }

  /** Marks an order as updated now and stores it. */
  touch(order: AmazonOrder): void {
    order.lastUpdatedTime = new Date(this.clock.now()).toISOString();
    this.save(order);
  }

  /** Orders that arrived over the last `spreadHours`, up to now. */
  generate({
    count,
    spreadHours = 24,
    mix = usualMix,
    onlyKnownItems = false,
  }: {
    count: number;
    spreadHours?: number;
    mix?: Partial<Record<OrderKind, number>>;
    /** Leaves out what NetSuite cannot book: unknown SKUs and the inactive item. */
    onlyKnownItems?: boolean;
  }): void {
    const now = this.clock.now();
    this.#db.exec('BEGIN');
    const told = this.changed;
    this.changed = () => undefined;
    for (let index = 0; index < count; index++) {
      // The last three minutes stay empty: the world is quiet when a proof begins.
      const updatedMs = now - 180_000 - Math.floor(this.#random.next() * spreadHours * 3_600_000);
      const kind = this.#random.weighted(mix);
      const { document } = makeOrder(this.shop, this.#random, {
        placedMs: updatedMs - this.#random.integer(60_000, 7_200_000),
        updatedMs,
        kind,
        onlyKnownItems,
      });
      this.save(document as AmazonOrder, kind);
    }
    this.changed = told;
    this.#db.exec('COMMIT');
  }

  /** One order placed this moment; most begin as pending and go on by themselves. */
  arrive(): void {
    const final = this.#random.weighted({
      ...usualMix,
      'mfn-shipped': 0,
      'mfn-partial': 0,
      'fba-pending': 0,
      pending: 0,
    } as Record<OrderKind, number>);
    this.#place(final, this.shop);
  }

  /** A merchant-fulfilled order of some of these SKUs, placed this moment; undefined when too few are shown. */
  place(skus: readonly string[]): string | undefined {
    const template = this.shop.items[0]!;
    const items = skus.map((sku) => {
      const row = this.one('SELECT asin, title, price FROM listings WHERE sku = ?', sku);
      const price = Number(row?.['price'] ?? 1_000);
      return {
        ...template,
        sku,
        itemName: sku,
        title: String(row?.['title'] ?? sku),
        asin: String(row?.['asin'] ?? template.asin),
        prices: { USD: price, GBP: price },
      };
    });
    // Of the first marketplace: its warehouse is the one whose stock these listings show.
    const market = this.shop.marketplaces[0]!;
    return this.#place('mfn-unshipped', {
      ...this.shop,
      items,
      aliases: [],
      unknownSkus: [],
      marketplaces: [market, market],
    });
  }

  #place(final: OrderKind, shop: Shop): string | undefined {
    const now = this.clock.now();
    const { document } = makeOrder(shop, this.#random, { placedMs: now, updatedMs: now, kind: final });
    const order = document as AmazonOrder;
    const byAmazon = (order['fulfillment'] as Json)['fulfilledBy'] === 'AMAZON';
    const lines = (order['orderItems'] as Json[]).map((item) => ({
      sku: String((item['product'] as Json)['sellerSku']),
      quantity: Number(item['quantityOrdered']),
    }));
    if (!byAmazon && !this.listings.sell(lines, order.orderId)) return undefined;
    const waits = this.#random.integer(5, final === 'fba-shipped' ? 40 : 20) * 1000;
    const later = structuredClone(order);
    (order['fulfillment'] as Json)['fulfillmentStatus'] = 'PENDING';
    delete order['proceeds'];
    order['packages'] = [];
    for (const item of order['orderItems'] as Json[]) delete item['proceeds'];
    this.save(order, final);
    this.#later(waits, order.orderId, 'release', later);
    if (final === 'mfn-unshipped' && this.#random.chance(0.03))
      this.#later(waits + 30_000, order.orderId, 'wish');
    if (final === 'mfn-unshipped' && this.#random.chance(0.03))
      this.#later(waits + 25_000, order.orderId, 'cancel');
    return order.orderId;
  }

  #later(ms: number, id: string, what: string, json?: Json): void {
    this.run(
      'INSERT INTO effects (at, id, what, json) VALUES (?, ?, ?, ?)',
      this.clock.now() + ms,
      id,
      what,
      json ? JSON.stringify(json) : null,
    );
  }

  /** Lets everything happen whose time has come. */
  settle(): void {
    this.listings.settle();
    this.due();
    for (const row of this.all(
      'SELECT seq, id, what, json FROM effects WHERE at <= ? ORDER BY at, seq LIMIT 500',
      this.clock.now(),
    )) {
      this.run('DELETE FROM effects WHERE seq = ?', row['seq']);
      const order = this.order(String(row['id']));
      const json = row['json'] === null ? undefined : (JSON.parse(String(row['json'])) as Json);
      if (order === undefined) continue;
      if (row['what'] === 'release' && json) this.touch({ ...(json as AmazonOrder) });
      else if (row['what'] === 'cancel') this.cancel(order, 'BUYER');
      else if (row['what'] === 'wish') this.requestCancellation(order);
      else if (row['what'] === 'shipped' && json) this.#showPackage(order, json);
    }
  }

  cancel(order: AmazonOrder, by: 'BUYER' | 'MERCHANT'): boolean {
    const fulfilment = order['fulfillment'] as Json;
    if (['SHIPPED', 'PARTIALLY_SHIPPED', 'CANCELLED'].includes(String(fulfilment['fulfillmentStatus'])))
      return false;
    fulfilment['fulfillmentStatus'] = 'CANCELLED';
    for (const item of order['orderItems'] as Json[]) {
      item['cancellation'] = {
        cancellationExecution: {
          cancelledBy: by,
          cancelReason: by === 'BUYER' ? 'BUYER_CANCELLED' : 'NO_INVENTORY',
        },
      };
      item['fulfillment'] = { ...(item['fulfillment'] as Json), quantityUnfulfilled: 0 };
    }
    this.touch(order);
    return true;
  }

  requestCancellation(order: AmazonOrder): void {
    if ((order['fulfillment'] as Json)['fulfillmentStatus'] !== 'UNSHIPPED') return;
    for (const item of order['orderItems'] as Json[])
      item['cancellation'] = {
        cancellationRequest: { requester: 'BUYER', cancelReason: 'ORDERED_BY_MISTAKE' },
      };
    this.touch(order);
  }

  /** confirmShipment as documented; returns a refusal or undefined when accepted (spapi.md §3.1). */
  confirm(order: AmazonOrder, body: Json): { status: number; code: string; message: string } | undefined {
    const detail = (body['packageDetail'] ?? {}) as Json;
    const refuse = (message: string, code = 'InvalidInput') => ({ status: 400, code, message });
    const reference = detail['packageReferenceId'];
    const fulfilment = order['fulfillment'] as Json;
    if (typeof reference !== 'string' || !/^[1-9]\d*$/.test(reference))
      return refuse('packageReferenceId must be a string holding a positive number.');
    for (const name of ['carrierCode', 'trackingNumber', 'shipDate'])
      if (typeof detail[name] !== 'string' || detail[name] === '') return refuse(`${name} is required.`);
    if (detail['carrierCode'] === 'Other' && !detail['carrierName'])
      return refuse('carrierName is required when carrierCode is Other.');
    if (body['marketplaceId'] !== (order['salesChannel'] as Json)['marketplaceId'])
      return refuse('marketplaceId does not match the order.');
    const shipDate = Date.parse(String(detail['shipDate']));
    if (!(shipDate >= Date.parse(order.createdTime)))
      return refuse('shipDate must not be before the purchase date.');
    if (shipDate > this.clock.now()) return refuse('shipDate must not be in the future.');
    if (fulfilment['fulfilledBy'] === 'AMAZON') return refuse('The order is fulfilled by Amazon.');
    if (['CANCELLED', 'PENDING'].includes(String(fulfilment['fulfillmentStatus'])))
      return refuse(`The order is ${String(fulfilment['fulfillmentStatus'])}.`);
    const items = order['orderItems'] as Json[];
    const known = ((order['packages'] ?? []) as Json[]).find(
      (parcel) => parcel['packageReferenceId'] === reference,
    );
    const lines = (detail['orderItems'] ?? []) as { orderItemId: string; quantity: number }[];
    if (lines.length === 0) return refuse('orderItems is required.');
    for (const line of lines) {
      const item = items.find((candidate) => candidate['orderItemId'] === line.orderItemId);
      if (item === undefined) return refuse(`Order item ${line.orderItemId} does not belong to the order.`);
      const inOthers = ((order['packages'] ?? []) as Json[])
        .filter((parcel) => parcel !== known)
        .flatMap((parcel) => parcel['packageItems'] as { orderItemId: string; quantity: number }[])
        .filter((one) => one.orderItemId === line.orderItemId)
        .reduce((sum, one) => sum + one.quantity, 0);
      if (inOthers + line.quantity > Number(item['quantityOrdered']))
        return known
          ? refuse('The quantity exceeds what was ordered.')
          : refuse('PackageToUpdateNotFound: the items are already fulfilled.', 'PackageToUpdateNotFound');
    }
    const content = createHash('sha256')
      .update(
        JSON.stringify([order.orderId, reference, detail['carrierCode'], detail['trackingNumber'], lines]),
      )
      .digest('hex')
      .slice(0, 16);
    this.run(
      'INSERT INTO confirmations (at, id, reference, content, status, json) VALUES (?, ?, ?, ?, 204, ?)',
      this.clock.now(),
      order.orderId,
      reference,
      content,
      JSON.stringify(body),
    );
    this.#later(confirmationLagMs, order.orderId, 'shipped', detail);
    return undefined;
  }

  #showPackage(order: AmazonOrder, detail: Json): void {
    order['packages'] ??= [];
    const packages = order['packages'] as Json[];
    const shown: Json = {
      packageReferenceId: detail['packageReferenceId'],
      createdTime: new Date(this.clock.now()).toISOString(),
      packageStatus: { status: 'SHIPPED' },
      carrier: detail['carrierCode'] === 'Other' ? detail['carrierName'] : detail['carrierCode'],
      shipTime: detail['shipDate'],
      shippingService: detail['shippingMethod'] ?? 'Standard',
      trackingNumber: detail['trackingNumber'],
      packageItems: detail['orderItems'],
    };
    const at = packages.findIndex((parcel) => parcel['packageReferenceId'] === detail['packageReferenceId']);
    if (at >= 0) packages[at] = shown;
    else packages.push(shown);
    let open = 0;
    for (const item of order['orderItems'] as Json[]) {
      const shipped = packages
        .flatMap((parcel) => parcel['packageItems'] as { orderItemId: string; quantity: number }[])
        .filter((one) => one.orderItemId === item['orderItemId'])
        .reduce((sum, one) => sum + one.quantity, 0);
      const left = Math.max(0, Number(item['quantityOrdered']) - shipped);
      item['fulfillment'] = {
        ...(item['fulfillment'] as Json),
        quantityFulfilled: shipped,
        quantityUnfulfilled: left,
      };
      open += left;
    }
    (order['fulfillment'] as Json)['fulfillmentStatus'] = open === 0 ? 'SHIPPED' : 'PARTIALLY_SHIPPED';
    this.touch(order);
  }
}
