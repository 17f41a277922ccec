// Which bulk updates are under way at the channel? A feed is written down before it is sent; its SKUs stay taken until
// the channel has said what became of it.
import { inTransaction, sql } from '../../db/pool.ts';
import type { StockBook } from '../../flows/stock/book.ts';
import { type StockPlace, settleOffers } from '../store.ts';

type FeedBook = Pick<
  StockBook,
  'oldestFeed' | 'feedsSince' | 'feedSubmitted' | 'feedLooked' | 'feedDone' | 'feedLost' | 'knownTickets'
>;

export function feedBook({ db, clock, flowId }: StockPlace): FeedBook {
  return {
    async oldestFeed() {
      const { rows } = await sql<{
        id: bigint;
        state: 'sending' | 'working';
        ticket: string | null;
        created_at: Date;
        look_at: Date;
        looks: number;
      }>`SELECT id, state, ticket, created_at, look_at, looks FROM stock_feeds
        WHERE flow_id = ${flowId} AND state IN ('sending', 'working') ORDER BY id LIMIT 1`.execute(db);
      const [row] = rows;
      return (
        row && {
          id: row.id,
          state: row.state,
          createdAt: row.created_at,
          lookAt: row.look_at,
          looks: row.looks,
          ...(row.ticket === null ? {} : { ticket: row.ticket }),
        }
      );
    },
    async feedsSince(from) {
      const { rows } = await sql<{
        count: bigint;
      }>`SELECT count(*) AS count FROM stock_feeds WHERE flow_id = ${flowId} AND created_at > ${from}`.execute(
        db,
      );
      return Number(rows[0]?.count ?? 0n);
    },
    async feedSubmitted(feedId, ticket, lookAt) {
      await sql`UPDATE stock_feeds SET state = 'working', ticket = ${ticket}, look_at = ${lookAt} WHERE id = ${feedId} AND state = 'sending'`.execute(
        db,
      );
    },
    async feedLooked(feedId, lookAt) {
      await sql`UPDATE stock_feeds SET look_at = ${lookAt}, looks = looks + 1 WHERE id = ${feedId}`.execute(
        db,
      );
    },
    feedDone: (feedId, refused, retryAt) =>
      inTransaction(db, async (tx) => {
        const now = clock.now();
        const { rows } = await sql<{
          sku: string;
          sending: number;
          sending_version: bigint;
        }>`SELECT sku, sending, sending_version FROM stock_offers WHERE feed_id = ${feedId} AND flow_id = ${flowId}`.execute(
          tx,
        );
        const messages = new Map(refused.map((one) => [one.sku, one.message ?? 'Refused without a reason.']));
        await settleOffers(
          tx,
          { flowId, now, via: 'bulk', retryAt },
          rows.map((row) => ({
            sku: row.sku,
            quantity: row.sending,
            version: Number(row.sending_version),
            accepted: !messages.has(row.sku),
            ...(messages.has(row.sku) ? { message: messages.get(row.sku)! } : {}),
          })),
        );
        await sql`UPDATE stock_feeds SET state = 'done', done_at = ${now}, refused = ${refused.length} WHERE id = ${feedId}`.execute(
          tx,
        );
      }),
    feedLost: (feedId, at) =>
      inTransaction(db, async (tx) => {
        await sql`UPDATE stock_offers SET sending = NULL, sending_version = NULL, sending_until = NULL, feed_id = NULL, due_at = ${at}
          WHERE flow_id = ${flowId} AND feed_id = ${feedId}`.execute(tx);
        await sql`UPDATE stock_feeds SET state = 'lost', done_at = ${clock.now()} WHERE id = ${feedId}`.execute(
          tx,
        );
      }),
    async knownTickets() {
      const { rows } = await sql<{
        ticket: string;
      }>`SELECT ticket FROM stock_feeds WHERE flow_id = ${flowId} AND ticket IS NOT NULL ORDER BY id DESC LIMIT 1000`.execute(
        db,
      );
      return new Set(rows.map((row) => row.ticket));
    },
  };
}
