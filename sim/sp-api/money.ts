// What did each shipment, refund and claim do to the seller's balance at simulated Amazon? Money follows from the orders
// of the world: every package books a sale, some sales come back. Fees without an order: fees.ts; payouts: settlements.ts.
import { createHash } from 'node:crypto';
import { dayMs } from '../clock.ts';
import { makeRandom, type Random } from '../random.ts';
import { bookAccountFees } from './fees.ts';
import type { Json } from './generate.ts';
import { bookReturn } from './returns.ts';
import { afterwards, type Sale, saleOf, saleRows, whatFollows } from './sales.ts';
import { closePeriods } from './settlements.ts';
import type { AmazonOrder, AmazonWorld } from './world.ts';

/** What a row is to the seller's books: the simulator's own word, for truth and not for the file. */
export type MoneyClass =
  | 'sales'
  | 'shipping-income'
  | 'gift-wrap-income'
  | 'discounts'
  | 'tax'
  | 'tax-withheld'
  | 'returns'
  | 'chargebacks'
  | 'referral-fees'
  | 'fulfilment-fees'
  | 'shipping-chargeback'
  | 'other-fees'
  | 'storage'
  | 'subscription'
  | 'advertising'
  | 'promotion-fees'
  | 'inbound'
  | 'removal'
  | 'postage'
  | 'reimbursements'
  | 'other-income'
  | 'liquidation'
  | 'loan'
  | 'reserve'
  | 'payable';

/** One line of the settlement to be. */
export interface MoneyRow {
  readonly amountType: string;
  readonly description: string;
  readonly minor: number;
  readonly class: MoneyClass;
  readonly itemCode?: string;
  readonly sku?: string;
  readonly quantity?: number;
  readonly promotionId?: string;
}

export interface MoneyEvent {
  readonly id: number;
  readonly key: string;
  /** The settlement's word for it: Order, Refund, ServiceFee, other-transaction, … */
  readonly type: string;
  readonly postedMs: number;
  /** When the money becomes available; later than posted when it is deferred. */
  readonly releasedMs: number;
  readonly deferral: 'DD7' | 'B2B' | null;
  readonly market: string;
  readonly currency: string;
  readonly orderId: string;
  readonly detail: EventDetail;
  readonly settlement: string | null;
}

export interface EventDetail {
  readonly rows: readonly MoneyRow[];
  readonly merchantOrderId?: string;
  readonly shipmentId?: string;
  readonly adjustmentId?: string;
  readonly fulfilment?: 'AFN' | 'MFN';
  /** Some rows name no marketplace, even with an order. */
  readonly namesMarket?: boolean;
}

const hourMs = 3_600_000;

const schema = [
  `CREATE TABLE IF NOT EXISTS money (id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, type TEXT NOT NULL, posted INTEGER NOT NULL, released INTEGER NOT NULL, deferral TEXT, market TEXT NOT NULL, currency TEXT NOT NULL, orderid TEXT NOT NULL, detail TEXT NOT NULL, settlement TEXT)`,
  'CREATE INDEX IF NOT EXISTS money_open ON money (market, released) WHERE settlement IS NULL',
  'CREATE INDEX IF NOT EXISTS money_posted ON money (posted, id)',
  'CREATE INDEX IF NOT EXISTS money_settlement ON money (settlement, released, id)',
  'CREATE INDEX IF NOT EXISTS money_order ON money (orderid)',
  // Inside a trigger the policy of the outer statement holds: OR IGNORE would not ignore (sqlite.org/lang_createtrigger).
  'CREATE TABLE IF NOT EXISTS money_due (id TEXT PRIMARY KEY) WITHOUT ROWID',
  'DROP TRIGGER IF EXISTS money_due_new',
  `CREATE TRIGGER money_due_new AFTER INSERT ON orders WHEN NEW.status IN ('SHIPPED', 'PARTIALLY_SHIPPED') BEGIN INSERT INTO money_due (id) SELECT NEW.id WHERE NOT EXISTS (SELECT 1 FROM money_due WHERE id = NEW.id); END`,
  'DROP TRIGGER IF EXISTS money_due_changed',
  `CREATE TRIGGER money_due_changed AFTER UPDATE ON orders WHEN NEW.status IN ('SHIPPED', 'PARTIALLY_SHIPPED') BEGIN INSERT INTO money_due (id) SELECT NEW.id WHERE NOT EXISTS (SELECT 1 FROM money_due WHERE id = NEW.id); END`,
  `CREATE TABLE IF NOT EXISTS settlements (id TEXT PRIMARY KEY, market TEXT NOT NULL, currency TEXT NOT NULL, starts INTEGER NOT NULL, ends INTEGER NOT NULL, deposits INTEGER NOT NULL, total INTEGER NOT NULL, reserve INTEGER NOT NULL, rows TEXT NOT NULL)`,
  `CREATE TABLE IF NOT EXISTS settlement_reports (id TEXT PRIMARY KEY, settlement TEXT NOT NULL, created INTEGER NOT NULL)`,
  `CREATE TABLE IF NOT EXISTS returned (key TEXT PRIMARY KEY, at INTEGER NOT NULL, byamazon INTEGER NOT NULL, json TEXT NOT NULL)`,
];

export class Money {
  readonly world: AmazonWorld;
  readonly seed: string;

  constructor(world: AmazonWorld, seed: string | number) {
    this.world = world;
    this.seed = String(seed);
    for (const statement of schema) world.run(statement);
  }

  random(label: string): Random {
    return makeRandom(`money/${this.seed}/${label}`);
  }

  state(name: string): string | undefined {
    const value = this.world.one('SELECT value FROM state WHERE name = ?', name)?.['value'];
    return value === undefined ? undefined : String(value);
  }
  setState(name: string, value: string): void {
    this.world.run('INSERT OR REPLACE INTO state (name, value) VALUES (?, ?)', name, value);
  }

  /** Brings the books up to now: sales of what was shipped, fees of the days gone by, payouts of closed periods. */
  advance(): void {
    const { world } = this;
    const now = world.clock.now();
    world.run('BEGIN');
    for (const row of world.all('SELECT id FROM money_due ORDER BY id')) {
      const order = world.order(String(row['id']));
      if (order) this.#bookOrder(order);
    }
    world.run('DELETE FROM money_due');
    bookAccountFees(this, now);
    closePeriods(this, now);
    world.run('COMMIT');
  }

  book(event: Omit<MoneyEvent, 'id' | 'settlement' | 'deferral'> & { deferral?: 'DD7' | 'B2B' }): void {
    if (event.detail.rows.length === 0) return;
    this.world.run(
      'INSERT OR IGNORE INTO money (key, type, posted, released, deferral, market, currency, orderid, detail) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
      event.key,
      event.type,
      event.postedMs,
      event.releasedMs,
      event.deferral ?? null,
      event.market,
      event.currency,
      event.orderId,
      JSON.stringify(event.detail),
    );
  }

  events(where: string, ...params: unknown[]): MoneyEvent[] {
    return this.world.all(`SELECT * FROM money WHERE ${where}`, ...params).map(toEvent);
  }

  #bookOrder(order: AmazonOrder): void {
    for (const parcel of (order['packages'] ?? []) as Json[]) this.#bookPackage(order, parcel);
    if ((order['salesChannel'] as Json)['channelName'] === 'NON_AMAZON') this.#bookOutside(order);
  }

  #bookPackage(order: AmazonOrder, parcel: Json): void {
    const reference = String(parcel['packageReferenceId']);
    const key = `ship/${order.orderId}/${reference}`;
    if (this.world.one('SELECT 1 FROM money WHERE key = ?', key)) return;
    const sale = saleOf(order, parcel);
    if (!sale) return;
    const random = this.random(key);
    const postedMs = Math.max(
      Date.parse(String(parcel['shipTime'] ?? order.lastUpdatedTime)),
      Date.parse(order.createdTime),
    );
    const business = ((order['programs'] ?? []) as string[]).includes('AMAZON_BUSINESS');
    const deferral = business && random.chance(0.5) ? 'B2B' : random.chance(0.85) ? 'DD7' : undefined;
    const deliveredMs = postedMs + random.integer(30, 100) * hourMs;
    const releasedMs =
      deferral === 'B2B' ? deliveredMs + 14 * dayMs : deferral ? deliveredMs + 7 * dayMs : postedMs;
    const common = {
      market: sale.market,
      currency: sale.currency,
      orderId: order.orderId,
    };
    const detail = {
      shipmentId: `D${createHash('sha256').update(key).digest('base64url').replace(/[-_]/g, 'x').slice(0, 8)}`,
      fulfilment: sale.byAmazon ? ('AFN' as const) : ('MFN' as const),
      ...(sale.merchantOrderId ? { merchantOrderId: sale.merchantOrderId } : {}),
    };
    this.book({
      ...common,
      key,
      type: 'Order',
      postedMs,
      releasedMs,
      ...(deferral ? { deferral } : {}),
      detail: { ...detail, rows: sale.lines.flatMap((line) => saleRows(line, sale)) },
    });
    this.#bookAfterwards(sale, { key, deliveredMs, common, detail, random });
  }

  /** Refunds, claims, retrocharges and reimbursements that some sales bring later. */
  #bookAfterwards(
    sale: Sale,
    of: {
      key: string;
      deliveredMs: number;
      common: { market: string; currency: string; orderId: string };
      detail: EventDetail | Omit<EventDetail, 'rows'>;
      random: Random;
    },
  ): void {
    const { random, deliveredMs, common, detail } = of;
    const line = random.pick(sale.lines);
    if (line.item === 0) return;
    const what = random.weighted(afterwards);
    if (what === 'nothing') return;
    const postedMs = deliveredMs + random.integer(20, 21 * 24) * hourMs;
    const later = whatFollows(what, { sale, line, random });
    if (!later) return;
    const { type, rows, units, ...more } = later;
    this.book({
      ...common,
      key: `${what}/${of.key}`,
      type,
      postedMs,
      releasedMs: postedMs,
      detail: { ...detail, adjustmentId: random.digits(12), ...more, rows },
    });
    if (units !== undefined && random.chance(0.8))
      bookReturn(this, {
        sale,
        line,
        units,
        atMs: postedMs + random.integer(-72, 120) * hourMs,
        orderId: common.orderId,
      });
  }

  /** A sale elsewhere that Amazon only shipped: no price, but its fee. */
  #bookOutside(order: AmazonOrder): void {
    const market = String((order['salesChannel'] as Json)['marketplaceId']);
    const facts = this.world.shop.marketplaces.find((one) => one.id === market);
    if (!facts) return;
    const at = Date.parse(order.lastUpdatedTime);
    this.book({
      key: `mcf/${order.orderId}`,
      type: 'Order',
      postedMs: at,
      releasedMs: at,
      market,
      currency: facts.currency,
      orderId: order.orderId,
      detail: {
        fulfilment: 'AFN',
        namesMarket: false,
        rows: (order['orderItems'] as Json[]).map((item) => ({
          amountType: 'ItemFees',
          description: 'FBAPerUnitFulfillmentFee',
          minor: -589 * Number(item['quantityOrdered']),
          class: 'fulfilment-fees' as const,
          itemCode: String(item['orderItemId']),
          sku: String((item['product'] as Json)['sellerSku']),
          quantity: Number(item['quantityOrdered']),
        })),
      },
    });
  }
}

function toEvent(row: Json): MoneyEvent {
  return {
    id: Number(row['id']),
    key: String(row['key']),
    type: String(row['type']),
    postedMs: Number(row['posted']),
    releasedMs: Number(row['released']),
    deferral: row['deferral'] === null ? null : (String(row['deferral']) as 'DD7' | 'B2B'),
    market: String(row['market']),
    currency: String(row['currency']),
    orderId: String(row['orderid']),
    detail: JSON.parse(String(row['detail'])) as EventDetail,
    settlement: row['settlement'] === null ? null : String(row['settlement']),
  };
}
