// What does Amazon pay out, and how is it told? Periods of fourteen days per marketplace close as time passes; each becomes
// one flat-file V2 report that getReports lists for ninety days and nobody can request.
import { Buffer } from 'node:buffer';
import { dayMs } from '../clock.ts';
import { type Call, json, type Route, readJson } from '../http.ts';
import type { Json } from './generate.ts';
import type { EventDetail, Money, MoneyClass, MoneyRow } from './money.ts';

export const settlementReportType = 'GET_V2_SETTLEMENT_REPORT_DATA_FLAT_FILE_V2';
const periodMs = 14 * dayMs;
const reportAfterMs = 3 * 3_600_000;
/** A Sunday: periods of the first marketplace count from here, those of the second a week later. */
const anchorMs = Date.UTC(2024, 0, 7);

/** A row of a settlement with everything the file says of it. */
export interface SettledRow extends MoneyRow {
  readonly type: string;
  readonly orderId: string;
  readonly atMs: number;
  readonly detail: Omit<EventDetail, 'rows'>;
  readonly marketName: string;
}

export interface Settlement {
  readonly id: string;
  readonly market: string;
  readonly currency: string;
  readonly startsMs: number;
  readonly endsMs: number;
  readonly depositsMs: number;
  readonly total: number;
  readonly reserve: number;
  readonly rows: readonly SettledRow[];
}

/** Closes every period whose end has come, marketplace by marketplace, oldest first. */
export function closePeriods(money: Money, now: number): void {
  const { world } = money;
  for (const [index, market] of world.shop.marketplaces.entries()) {
    const anchor = anchorMs + index * 7 * dayMs;
    const first = world.one('SELECT min(posted) AS at FROM money WHERE market = ?', market.id)?.['at'];
    if (first === null || first === undefined) continue;
    const known = money.state(`periodsUntil/${market.id}`);
    let period = known === undefined ? Math.floor((Number(first) - anchor) / periodMs) : Number(known);
    for (; anchor + (period + 1) * periodMs <= now; period++)
      closePeriod(money, market, { period, startsMs: anchor + period * periodMs });
    money.setState(`periodsUntil/${market.id}`, String(period));
  }
}

function closePeriod(
  money: Money,
  market: { id: string; currency: string; name: string },
  { period, startsMs }: { period: number; startsMs: number },
): void {
  const { world } = money;
  const endsMs = startsMs + periodMs - 1_000;
  const random = money.random(`settlement/${market.id}/${period}`);
  const id = `${random.integer(17, 28)}${random.digits(9)}`;
  const events = money.events(
    'market = ? AND released <= ? AND settlement IS NULL ORDER BY released, id',
    market.id,
    endsMs,
  );
  const before = world.one(
    'SELECT reserve, total FROM settlements WHERE market = ? ORDER BY ends DESC LIMIT 1',
    market.id,
  );
  // Some accounts spell the marketplace with a capital, others without.
  const marketName = period % 3 === 0 ? market.name.toLowerCase() : market.name;
  const own = (description: string, minor: number, kind: MoneyClass, atMs: number): SettledRow => ({
    amountType: 'other-transaction',
    description,
    minor,
    class: kind,
    type: 'other-transaction',
    orderId: '',
    atMs,
    detail: {},
    marketName: '',
  });
  const rows: SettledRow[] = [];
  const owed = Number(before?.['total'] ?? 0);
  // What the seller owed was charged to the card: both halves are told, and cancel out.
  if (owed < 0)
    rows.push(
      own('Payable to Amazon', owed, 'payable', startsMs),
      own('Successful charge', -owed, 'payable', startsMs + dayMs),
    );
  const held = Number(before?.['reserve'] ?? 0);
  if (held !== 0) rows.push(own('Previous Reserve Amount Balance', held, 'reserve', startsMs));
  for (const event of events) {
    const { rows: parts, ...detail } = event.detail;
    const named = detail.namesMarket ?? event.orderId !== '';
    for (const part of parts)
      rows.push({
        ...part,
        type: event.type,
        orderId: event.orderId,
        atMs: event.releasedMs,
        detail,
        marketName: named ? marketName : '',
      });
    world.run('UPDATE money SET settlement = ? WHERE id = ?', id, event.id);
  }
  if (rows.length === 0) return;
  // Once in a while a removal bill eats the period's sales: the payout is negative.
  const sum = () => rows.reduce((total, row) => total + row.minor, 0);
  if (period % 11 === 4 && sum() > 0) {
    const bill = own('DisposalComplete', -sum() - random.integer(500, 4_000), 'removal', endsMs - 3_600_000);
    const { type, orderId, atMs, detail, marketName: _named, ...row } = bill;
    const key = `removal/${id}`;
    money.book({
      key,
      type,
      postedMs: atMs,
      releasedMs: atMs,
      market: market.id,
      currency: market.currency,
      orderId,
      detail: { ...detail, namesMarket: false, rows: [row] },
    });
    world.run('UPDATE money SET settlement = ? WHERE key = ?', id, key);
    rows.push(bill);
  }
  const earned = sum();
  const reserve = earned > 0 && random.chance(0.7) ? Math.round((earned * random.integer(3, 18)) / 100) : 0;
  if (reserve !== 0) rows.push(own('Current Reserve Amount', -reserve, 'reserve', endsMs));
  const total = earned - reserve;
  world.run(
    'INSERT INTO settlements (id, market, currency, starts, ends, deposits, total, reserve, rows) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
    id,
    market.id,
    market.currency,
    startsMs,
    endsMs,
    startsMs + periodMs + 2 * dayMs,
    total,
    reserve,
    JSON.stringify(rows),
  );
  const report = (name: string, createdMs: number) =>
    world.run(
      'INSERT INTO settlement_reports (id, settlement, created) VALUES (?, ?, ?)',
      name,
      id,
      createdMs,
    );
  report(`7${random.digits(11)}`, endsMs + reportAfterMs);
  // The same settlement may be told twice, under another report id.
  if (period % 5 === 2) report(`7${random.digits(11)}`, endsMs + 2 * reportAfterMs);
}

export function readSettlement(money: Money, id: string): Settlement | undefined {
  const row = money.world.one('SELECT * FROM settlements WHERE id = ?', id);
  return row && toSettlement(row);
}
export const readSettlements = (money: Money): Settlement[] =>
  money.world.all('SELECT * FROM settlements ORDER BY ends, id').map(toSettlement);

const toSettlement = (row: Json): Settlement => ({
  id: String(row['id']),
  market: String(row['market']),
  currency: String(row['currency']),
  startsMs: Number(row['starts']),
  endsMs: Number(row['ends']),
  depositsMs: Number(row['deposits']),
  total: Number(row['total']),
  reserve: Number(row['reserve']),
  rows: JSON.parse(String(row['rows'])) as SettledRow[],
});

export const settlementColumns = [
  'settlement-id',
  'settlement-start-date',
  'settlement-end-date',
  'deposit-date',
  'total-amount',
  'currency',
  'transaction-type',
  'order-id',
  'merchant-order-id',
  'adjustment-id',
  'shipment-id',
  'marketplace-name',
  'amount-type',
  'amount-description',
  'amount',
  'fulfillment-id',
  'posted-date',
  'posted-date-time',
  'order-item-code',
  'merchant-order-item-id',
  'merchant-adjustment-item-id',
  'sku',
  'quantity-purchased',
  'promotion-id',
] as const;

/** How a marketplace writes numbers, moments and letters. */
export interface FileLocale {
  readonly decimal: '.' | ',';
  readonly dates: 'iso' | 'dotted';
  readonly encoding: 'utf8' | 'latin1';
}
const usual: Readonly<Record<string, FileLocale>> = {
  USD: { decimal: '.', dates: 'iso', encoding: 'utf8' },
  GBP: { decimal: '.', dates: 'dotted', encoding: 'latin1' },
};
const localeOf = (money: Money, settlement: Settlement): FileLocale => {
  const set = money.state(`locale/${settlement.market}`);
  return set === undefined
    ? (usual[settlement.currency] ?? { decimal: ',', dates: 'dotted', encoding: 'utf8' })
    : (JSON.parse(set) as FileLocale);
};

/** The report's bytes; the same settlement gives the same bytes every time. */
export function settlementFile(money: Money, settlement: Settlement): Buffer {
  const locale = localeOf(money, settlement);
  const amount = (minor: number) =>
    `${minor < 0 ? '-' : ''}${Math.floor(Math.abs(minor) / 100)}${locale.decimal}${String(Math.abs(minor) % 100).padStart(2, '0')}`;
  const moment = (ms: number) => {
    const [day = '', time = ''] = new Date(ms).toISOString().slice(0, 19).split('T');
    return `${writeDay(day, locale)} ${time} UTC`;
  };
  const line = (cells: Partial<Record<(typeof settlementColumns)[number], string>>) =>
    settlementColumns.map((name) => cells[name] ?? '').join('\t');
  const lines = [
    settlementColumns.join('\t'),
    line({
      'settlement-id': settlement.id,
      'settlement-start-date': moment(settlement.startsMs),
      'settlement-end-date': moment(settlement.endsMs),
      'deposit-date': moment(settlement.depositsMs),
      'total-amount': amount(settlement.total),
      currency: settlement.currency,
    }),
    ...settlement.rows.map((row) =>
      line({
        'settlement-id': settlement.id,
        'transaction-type': row.type,
        'order-id': row.orderId,
        'merchant-order-id': row.detail.merchantOrderId ?? '',
        'adjustment-id': row.detail.adjustmentId ?? '',
        'shipment-id': row.detail.shipmentId ?? '',
        'marketplace-name': row.marketName,
        'amount-type': row.amountType,
        'amount-description': row.description,
        amount: amount(row.minor),
        'fulfillment-id': row.detail.fulfilment ?? '',
        'posted-date': writeDay(new Date(row.atMs).toISOString().slice(0, 10), locale),
        'posted-date-time': moment(row.atMs),
        'order-item-code': row.itemCode ?? '',
        sku: row.sku ?? '',
        'quantity-purchased': row.quantity === undefined ? '' : String(row.quantity),
        'promotion-id': row.promotionId ?? '',
      }),
    ),
  ];
  return Buffer.from(`${lines.join('\n')}\n`, locale.encoding);
}

const writeDay = (day: string, locale: FileLocale): string =>
  locale.dates === 'iso' ? day : day.split('-').reverse().join('.');

/** Reports that Amazon made by itself, newest first; older than ninety days are gone. */
export function settlementReports(
  money: Money,
  now: number,
): { id: string; settlement: string; createdMs: number }[] {
  return money.world
    .all(
      'SELECT id, settlement, created FROM settlement_reports WHERE created <= ? AND created > ? ORDER BY created DESC, id',
      now,
      now - 90 * dayMs,
    )
    .map((row) => ({
      id: String(row['id']),
      settlement: String(row['settlement']),
      createdMs: Number(row['created']),
    }));
}

/** The truth about payouts to the cent, and the means to add an event or to change how files are written. */
export function settlementControls(money: Money): Route[] {
  const control = (method: string, path: string, handle: (call: Call) => unknown): Route => ({
    operation: `_sim${path}`,
    method,
    path: `/_sim${path}`,
    handle: (call) => {
      money.world.settle();
      money.advance();
      const result = handle(call);
      return result === undefined ? json(404, { error: 'There is no such settlement.' }) : json(200, result);
    },
  });
  return [
    control('GET', '/settlements', () => ({ items: readSettlements(money).map(truthOf) })),
    control('GET', '/settlements/:id', (call) => {
      const settlement = readSettlement(money, String(call.params['id']));
      return settlement && { ...truthOf(settlement), lines: settlement.rows };
    }),
    control('PUT', '/settlements/locale', (call) => {
      const { marketplaceId, ...locale } = readJson<{ marketplaceId: string } & FileLocale>(call);
      money.setState(`locale/${marketplaceId}`, JSON.stringify(locale));
      return locale;
    }),
    control('POST', '/money', (call) => {
      const body = readJson<{ marketplaceId: string; type: string; orderId?: string; rows: MoneyRow[] }>(
        call,
      );
      const market = money.world.shop.marketplaces.find((one) => one.id === body.marketplaceId)!;
      const at = money.world.clock.now();
      const key = `given/${at}/${Number(money.world.one('SELECT count(*) AS n FROM money')!['n'])}`;
      money.book({
        key,
        type: body.type,
        postedMs: at,
        releasedMs: at,
        market: market.id,
        currency: market.currency,
        orderId: body.orderId ?? '',
        detail: { rows: body.rows },
      });
      return { key };
    }),
    control('GET', '/money', () => ({
      markets: money.world.shop.marketplaces.map((one) => balanceOf(money, one)),
    })),
  ];
}

const sumBy = <T>(rows: readonly T[], key: (row: T) => string, minor: (row: T) => number) => {
  const sums: Record<string, number> = {};
  for (const row of rows) sums[key(row)] = (sums[key(row)] ?? 0) + minor(row);
  return sums;
};

function truthOf(settlement: Settlement) {
  const { rows, ...head } = settlement;
  return {
    ...head,
    rows: rows.length,
    byClass: sumBy(
      rows,
      (row) => row.class,
      (row) => row.minor,
    ),
    byTriple: sumBy(
      rows,
      (row) => `${row.type}|${row.amountType}|${row.description}`,
      (row) => row.minor,
    ),
    orders: new Set(rows.filter((row) => row.type === 'Order').map((row) => row.orderId)).size,
  };
}

/** earned = deferred + released and not yet paid + held in reserve + paid out: all by the clock of the world. */
function balanceOf(money: Money, market: { id: string; currency: string }) {
  const now = money.world.clock.now();
  const events = money.events('market = ? AND posted <= ?', market.id, now);
  const sum = (some: typeof events) =>
    some.reduce((total, event) => total + event.detail.rows.reduce((all, row) => all + row.minor, 0), 0);
  const settlements = readSettlements(money).filter((one) => one.market === market.id);
  return {
    marketplaceId: market.id,
    currency: market.currency,
    earned: sum(events),
    deferred: sum(events.filter((event) => event.releasedMs > now)),
    open: sum(events.filter((event) => event.releasedMs <= now && event.settlement === null)),
    reserve: settlements.at(-1)?.reserve ?? 0,
    paid: settlements.reduce((total, one) => total + one.total, 0),
  };
}
