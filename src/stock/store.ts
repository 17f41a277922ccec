// Where does the stock flow keep what it knows? Every figure has a version; one update per SKU may be under way; what
// changed is stored with the change and taken with the new figures. Schema: db/migrations/0090-stock.sql.
import type { Clock } from '../core/clock.ts';
import { type Db, inTransaction, sql } from '../db/pool.ts';
import type { StockBook, TakenOffer } from '../flows/stock/book.ts';
import { feedBook } from './feeds/store.ts';
import { levelBook } from './levels/store.ts';
import { listingBook } from './listings/store.ts';

export interface StockPlace {
  readonly db: Db;
  readonly clock: Clock;
  readonly flowId: string;
  readonly channelConnectionId: string;
  readonly erpConnectionId: string;
}

export function makeStockBook(place: StockPlace): StockBook {
  return { ...listingBook(place), ...levelBook(place), ...offerBook(place), ...feedBook(place) };
}

type OfferBook = Pick<
  StockBook,
  'knownUntil' | 'due' | 'take' | 'settle' | 'lose' | 'putBack' | 'loseExpired' | 'drifted' | 'tellAgain'
>;

function offerBook({ db, clock, flowId, channelConnectionId }: StockPlace): OfferBook {
  return {
    async knownUntil(tasks) {
      const { rows } = await sql<{ levels: Date | null; orders: Date | null }>`
        SELECT (SELECT moved_at FROM cursors WHERE flow_id = ${flowId} AND name = 'levels') AS levels,
          (SELECT min(read_at) FROM (
            SELECT (SELECT max(r.finished_at) FROM runs r WHERE r.flow_id = f.id AND r.task = ANY(${[...tasks]}::text[]) AND r.outcome = 'done') AS read_at
            FROM flows f WHERE f.kind = 'orders.import' AND f.channel_connection_id = ${channelConnectionId} AND f.state = 'active') o) AS orders`.execute(
        db,
      );
      const [row] = rows;
      return {
        ...(row?.levels ? { levels: row.levels } : {}),
        ...(row?.orders ? { orders: row.orders } : {}),
      };
    },
    async due(limit, which) {
      const now = clock.now();
      const { rows } = await sql<{
        sku: string;
        wanted: number;
        wanted_version: bigint;
        told: number | null;
        product_type: string | null;
        total: bigint;
      }>`SELECT o.sku, o.wanted, o.wanted_version, o.told, l.product_type, count(*) OVER () AS total
        FROM stock_offers o JOIN listings l ON l.connection_id = ${channelConnectionId} AND l.sku = o.sku
        WHERE o.flow_id = ${flowId} AND o.wanted_version > o.told_version AND o.sending_version IS NULL AND o.due_at <= ${now}
          AND l.fulfilment = 'merchant' AND l.status <> 'gone' AND (${which === 'all'} OR o.wanted < COALESCE(o.told, 0))
        ORDER BY (o.wanted < COALESCE(o.told, 0)) DESC, (o.wanted = 0) DESC, o.wanted_at, o.sku LIMIT ${limit}`.execute(
        db,
      );
      return {
        count: Number(rows[0]?.total ?? 0n),
        first: rows.map((row) => ({
          ...toTaken(row.sku, row.wanted, row.wanted_version, row.product_type),
          ...(row.told === null ? {} : { told: row.told }),
        })),
      };
    },
    take: (skus, until, feed) =>
      inTransaction(db, async (tx) => {
        const now = clock.now();
        let feedId: bigint | undefined;
        if (feed) {
          const { rows } = await sql<{
            id: bigint;
          }>`INSERT INTO stock_feeds (flow_id, state, skus, created_at, look_at)
            VALUES (${flowId}, 'sending', ${skus.length}, ${now}, ${until}) RETURNING id`.execute(tx);
          feedId = rows[0]!.id;
        }
        const { rows } = await sql<{
          sku: string;
          wanted: number;
          wanted_version: bigint;
          product_type: string | null;
        }>`UPDATE stock_offers o SET sending = o.wanted, sending_version = o.wanted_version, sending_until = ${until}, feed_id = ${feedId ?? null}
          FROM listings l WHERE l.connection_id = ${channelConnectionId} AND l.sku = o.sku AND l.fulfilment = 'merchant'
            AND o.flow_id = ${flowId} AND o.sku = ANY(${[...skus]}::text[]) AND o.sending_version IS NULL AND o.wanted_version > o.told_version
          RETURNING o.sku, o.wanted, o.wanted_version, l.product_type`.execute(tx);
        return {
          offers: rows.map((row) => toTaken(row.sku, row.wanted, row.wanted_version, row.product_type)),
          ...(feedId === undefined ? {} : { feedId }),
        };
      }),
    settle: (outcomes, via, retryAt) =>
      inTransaction(db, (tx) => settleOffers(tx, { flowId, now: clock.now(), via, retryAt }, outcomes)),
    async lose(offers, via, at) {
      await inTransaction(db, async (tx) => {
        await freeOffers(tx, flowId, offers, at);
        await tell(
          tx,
          flowId,
          offers.map((offer) => ({ ...offer, outcome: 'lost' as const })),
          via,
          clock.now(),
        );
      });
    },
    putBack: (offers, at) => freeOffers(db, flowId, offers, at),
    async loseExpired(at) {
      const { rows } = await sql<{
        sku: string;
      }>`UPDATE stock_offers SET sending = NULL, sending_version = NULL, sending_until = NULL, due_at = ${at}
        WHERE flow_id = ${flowId} AND sending_version IS NOT NULL AND feed_id IS NULL AND sending_until < ${clock.now()} RETURNING sku`.execute(
        db,
      );
      return rows.length;
    },
    async drifted(toldBefore) {
      const { rows } = await sql<{ sku: string; told: number; shown: number }>`
        SELECT o.sku, o.told, l.channel_quantity AS shown FROM stock_offers o
        JOIN listings l ON l.connection_id = ${channelConnectionId} AND l.sku = o.sku
        WHERE o.flow_id = ${flowId} AND o.sending_version IS NULL AND o.told_version = o.wanted_version AND o.told_at < ${toldBefore}
          AND l.seen_at > o.told_at AND l.channel_quantity IS NOT NULL AND l.channel_quantity <> o.told AND l.status <> 'gone'
        ORDER BY o.sku`.execute(db);
      return rows;
    },
    async tellAgain(skus) {
      await sql`UPDATE stock_offers SET wanted_version = wanted_version + 1, wanted_at = ${clock.now()}, due_at = ${clock.now()}
        WHERE flow_id = ${flowId} AND sku = ANY(${[...skus]}::text[])`.execute(db);
    },
  };
}

const toTaken = (sku: string, quantity: number, version: bigint, productType: string | null): TakenOffer => ({
  sku,
  quantity,
  version: Number(version),
  ...(productType === null ? {} : { productType }),
});

interface Settling {
  readonly flowId: string;
  readonly now: Date;
  readonly via: 'single' | 'bulk';
  readonly retryAt: (refusals: number) => Date;
}

/** Writes outcomes; the version fences an outcome that comes after its lease was given up. */
export async function settleOffers(
  tx: Db,
  { flowId, now, via, retryAt }: Settling,
  outcomes: readonly {
    readonly sku: string;
    readonly version: number;
    readonly quantity: number;
    readonly accepted: boolean;
    readonly message?: string;
  }[],
): Promise<void> {
  if (outcomes.length === 0) return;
  const rows = outcomes.map(({ sku, version, quantity, accepted, message }) => ({
    sku,
    version,
    quantity,
    accepted,
    message: message ?? null,
  }));
  const { rows: refused } = await sql<{ sku: string; refusals: number }>`
    UPDATE stock_offers o SET sending = NULL, sending_version = NULL, sending_until = NULL, feed_id = NULL,
      told = CASE WHEN r.accepted THEN r.quantity ELSE o.told END,
      told_version = CASE WHEN r.accepted THEN GREATEST(o.told_version, r.version) ELSE o.told_version END,
      told_at = CASE WHEN r.accepted THEN ${now} ELSE o.told_at END, told_via = CASE WHEN r.accepted THEN ${via} ELSE o.told_via END,
      refusals = CASE WHEN r.accepted THEN 0 ELSE o.refusals + 1 END,
      problem = CASE WHEN r.accepted THEN NULL ELSE jsonb_build_object('message', r.message, 'at', ${now}::timestamptz) END
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS r(sku text, version bigint, quantity int, accepted boolean, message text)
    WHERE o.flow_id = ${flowId} AND o.sku = r.sku AND o.sending_version = r.version
    RETURNING CASE WHEN r.accepted THEN NULL ELSE o.sku END AS sku, o.refusals`.execute(tx);
  const later = refused
    .filter((row) => row.sku !== null)
    .map((row) => ({ sku: row.sku, at: retryAt(row.refusals).toISOString() }));
  if (later.length > 0)
    await sql`UPDATE stock_offers o SET due_at = r.at FROM jsonb_to_recordset(${JSON.stringify(later)}::jsonb) AS r(sku text, at timestamptz)
      WHERE o.flow_id = ${flowId} AND o.sku = r.sku`.execute(tx);
  await tell(
    tx,
    flowId,
    outcomes.map((one) => ({ ...one, outcome: one.accepted ? ('accepted' as const) : ('refused' as const) })),
    via,
    now,
  );
}

async function freeOffers(tx: Db, flowId: string, offers: readonly TakenOffer[], at: Date): Promise<void> {
  const rows = offers.map(({ sku, version }) => ({ sku, version }));
  await sql`UPDATE stock_offers o SET sending = NULL, sending_version = NULL, sending_until = NULL, feed_id = NULL, due_at = ${at}
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS r(sku text, version bigint)
    WHERE o.flow_id = ${flowId} AND o.sku = r.sku AND o.sending_version = r.version`.execute(tx);
}

async function tell(
  tx: Db,
  flowId: string,
  tellings: readonly {
    readonly sku: string;
    readonly quantity: number;
    readonly version: number;
    readonly outcome: 'accepted' | 'refused' | 'lost';
    readonly message?: string;
  }[],
  via: 'single' | 'bulk',
  now: Date,
): Promise<void> {
  const rows = tellings.map(({ sku, quantity, version, outcome, message }) => ({
    sku,
    quantity,
    version,
    outcome,
    message: message ?? null,
  }));
  await sql`INSERT INTO stock_tellings (flow_id, sku, at, quantity, version, via, outcome, message)
    SELECT ${flowId}, r.sku, ${now}, r.quantity, r.version, ${via}, r.outcome, r.message
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS r(sku text, quantity int, version bigint, outcome text, message text)`.execute(
    tx,
  );
}
