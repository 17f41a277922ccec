// Which SKUs are offered at the channel, which items are behind them, and what are kits made of?
import { type Db, inTransaction, sql } from '../../db/pool.ts';
import type { KnownListing, StockBook } from '../../flows/stock/book.ts';
import type { StockPlace } from '../store.ts';

type ListingBook = Pick<
  StockBook,
  | 'keepListings'
  | 'seenListings'
  | 'listings'
  | 'kitMembers'
  | 'keepKitMembers'
  | 'recipeVersion'
  | 'markEverything'
>;

/** Rows written by one statement. */
const chunk = 5_000;

export function listingBook({
  db,
  clock,
  flowId,
  channelConnectionId,
  erpConnectionId,
}: StockPlace): ListingBook {
  return {
    keepListings: (listings, seenAt, complete) =>
      inTransaction(db, async (tx) => {
        const now = clock.now();
        let changed = 0;
        for (let start = 0; start < listings.length; start += chunk) {
          const rows = listings.slice(start, start + chunk).map((listing) => ({
            sku: listing.sku,
            fulfilment: listing.fulfilment,
            status: listing.active ? 'active' : 'inactive',
            title: listing.title,
            asin: listing.asin ?? null,
            product_type: listing.productType ?? null,
            quantity: listing.quantity ?? null,
            item_id: listing.itemId ?? null,
            item_name: listing.itemName ?? null,
            units: listing.units,
          }));
          // `updated_at` moves only when the recipe does: a new quantity at the channel changes nothing we work out.
          const { rows: moved } = await sql<{ sku: string }>`
            WITH kept AS (
              INSERT INTO listings AS l (connection_id, sku, fulfilment, status, title, asin, product_type, channel_quantity, seen_at, item_id, item_name, units, updated_at)
              SELECT ${channelConnectionId}, r.sku, r.fulfilment, r.status, r.title, r.asin, r.product_type, r.quantity, ${seenAt}, r.item_id, r.item_name, r.units, ${now}
              FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS r(sku text, fulfilment text, status text, title text, asin text, product_type text,
                quantity int, item_id text, item_name text, units int)
              ON CONFLICT (connection_id, sku) DO UPDATE SET fulfilment = excluded.fulfilment, status = excluded.status, title = excluded.title,
                asin = COALESCE(excluded.asin, l.asin), product_type = COALESCE(excluded.product_type, l.product_type),
                channel_quantity = excluded.channel_quantity, seen_at = excluded.seen_at, item_id = excluded.item_id, item_name = excluded.item_name, units = excluded.units,
                updated_at = CASE WHEN (l.fulfilment, l.status, l.item_id, l.units) IS DISTINCT FROM (excluded.fulfilment, excluded.status, excluded.item_id, excluded.units)
                  THEN excluded.updated_at ELSE l.updated_at END
              RETURNING l.sku, l.updated_at)
            SELECT sku FROM kept WHERE updated_at = ${now}`.execute(tx);
          changed += moved.length;
          await markSkus(
            tx,
            flowId,
            channelConnectionId,
            moved.map((row) => row.sku),
          );
        }
        if (complete) {
          const { rows: gone } = await sql<{
            sku: string;
          }>`UPDATE listings SET status = 'gone', updated_at = ${now}
            WHERE connection_id = ${channelConnectionId} AND seen_at < ${seenAt} AND status <> 'gone' RETURNING sku`.execute(
            tx,
          );
          changed += gone.length;
          await markSkus(
            tx,
            flowId,
            channelConnectionId,
            gone.map((row) => row.sku),
          );
        }
        return changed;
      }),
    async listings() {
      const { rows } = await sql<{
        sku: string;
        fulfilment: KnownListing['fulfilment'];
        status: KnownListing['status'];
        item_id: string | null;
        units: number;
        product_type: string | null;
        rules: KnownListing['rules'];
      }>`SELECT sku, fulfilment, status, item_id, units, product_type, rules FROM listings WHERE connection_id = ${channelConnectionId} ORDER BY units, sku`.execute(
        db,
      );
      return rows.map((row) => ({
        sku: row.sku,
        fulfilment: row.fulfilment,
        status: row.status,
        units: row.units,
        rules: row.rules,
        ...(row.item_id === null ? {} : { itemId: row.item_id }),
        ...(row.product_type === null ? {} : { productType: row.product_type }),
      }));
    },
    async kitMembers() {
      const { rows } = await sql<{ kit_id: string; item_id: string; quantity: number }>`
        SELECT kit_id, item_id, quantity FROM kit_members WHERE connection_id = ${erpConnectionId} ORDER BY kit_id, item_id`.execute(
        db,
      );
      return rows.map((row) => ({ kitId: row.kit_id, itemId: row.item_id, quantity: row.quantity }));
    },
    keepKitMembers: (members) =>
      inTransaction(db, async (tx) => {
        const rows = members.map((one) => ({
          kit_id: one.kitId,
          item_id: one.itemId,
          quantity: one.quantity,
        }));
        const table = sql`jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS r(kit_id text, item_id text, quantity int)`;
        const { rows: changed } = await sql<{ kit_id: string }>`
          WITH gone AS (DELETE FROM kit_members m WHERE connection_id = ${erpConnectionId}
              AND NOT EXISTS (SELECT 1 FROM ${table} WHERE r.kit_id = m.kit_id AND r.item_id = m.item_id) RETURNING kit_id),
            kept AS (INSERT INTO kit_members AS m (connection_id, kit_id, item_id, quantity)
              SELECT ${erpConnectionId}, r.kit_id, r.item_id, r.quantity FROM ${table}
              ON CONFLICT (connection_id, kit_id, item_id) DO UPDATE SET quantity = excluded.quantity WHERE m.quantity <> excluded.quantity RETURNING kit_id)
          SELECT kit_id FROM gone UNION SELECT kit_id FROM kept`.execute(tx);
        if (changed.length === 0) return;
        await sql`UPDATE listings SET updated_at = ${clock.now()} WHERE connection_id = ${channelConnectionId}
          AND item_id = ANY(${changed.map((row) => row.kit_id)}::text[])`.execute(tx);
        await sql`INSERT INTO stock_changes (flow_id, kind, key) SELECT ${flowId}, 'item', k FROM unnest(${changed.map((row) => row.kit_id)}::text[]) k
          ON CONFLICT DO NOTHING`.execute(tx);
      }),
    async recipeVersion() {
      const { rows } = await sql<{ version: string | null }>`
        SELECT max(updated_at)::text || '/' || count(*) AS version FROM listings WHERE connection_id = ${channelConnectionId}`.execute(
        db,
      );
      return rows[0]?.version ?? '';
    },
    async seenListings() {
      const { rows } = await sql<{
        sku: string;
        fulfilment: KnownListing['fulfilment'];
        status: string;
        title: string;
        asin: string | null;
        product_type: string | null;
        channel_quantity: number | null;
        seen_at: Date;
      }>`SELECT sku, fulfilment, status, title, asin, product_type, channel_quantity, seen_at FROM listings
        WHERE connection_id = ${channelConnectionId} AND status <> 'gone' ORDER BY sku`.execute(db);
      return {
        seenAt: rows.reduce((latest, row) => (row.seen_at > latest ? row.seen_at : latest), new Date(0)),
        listings: rows.map((row) => ({
          sku: row.sku,
          fulfilment: row.fulfilment,
          active: row.status === 'active',
          title: row.title,
          ...(row.asin === null ? {} : { asin: row.asin }),
          ...(row.product_type === null ? {} : { productType: row.product_type }),
          ...(row.channel_quantity === null ? {} : { quantity: row.channel_quantity }),
        })),
      };
    },
    async markEverything() {
      await sql`INSERT INTO stock_changes (flow_id, kind) VALUES (${flowId}, 'all') ON CONFLICT DO NOTHING`.execute(
        db,
      );
    },
  };
}

export async function markSkus(
  tx: Db,
  flowId: string,
  connectionId: string,
  skus: readonly string[],
): Promise<void> {
  if (skus.length === 0) return;
  await sql`INSERT INTO stock_changes (flow_id, kind, connection_id, key)
    SELECT ${flowId}, 'sku', ${connectionId}, s FROM unnest(${[...skus]}::text[]) s ON CONFLICT DO NOTHING`.execute(
    tx,
  );
}

/** The owner's rules for one SKU; its figure is worked out anew. False when there is no such listing. */
export async function saveListingRules(
  tx: Db,
  connectionId: string,
  sku: string,
  rules: { readonly [Rule in keyof KnownListing['rules']]: KnownListing['rules'][Rule] | undefined },
  now: Date,
): Promise<boolean> {
  const { rows } = await sql<{
    sku: string;
  }>`UPDATE listings SET rules = ${JSON.stringify(rules)}::jsonb, updated_at = ${now}
    WHERE connection_id = ${connectionId} AND sku = ${sku} RETURNING sku`.execute(tx);
  if (rows.length === 0) return false;
  await sql`INSERT INTO stock_changes (flow_id, kind, connection_id, key)
    SELECT id, 'sku', ${connectionId}, ${sku} FROM flows WHERE kind = 'stock.export' AND channel_connection_id = ${connectionId} ON CONFLICT DO NOTHING`.execute(
    tx,
  );
  return true;
}

/** Sends the figure once more although it has not changed; what is under way for it is not touched. */
export async function tellOnceMore(tx: Db, connectionId: string, sku: string, now: Date): Promise<boolean> {
  const { rows } = await sql<{
    sku: string;
  }>`UPDATE stock_offers o SET wanted_version = wanted_version + 1, wanted_at = ${now}, due_at = ${now}
    FROM flows f, listings l WHERE f.id = o.flow_id AND f.channel_connection_id = ${connectionId} AND l.connection_id = ${connectionId} AND l.sku = o.sku
      AND l.fulfilment = 'merchant' AND o.sku = ${sku} RETURNING o.sku`.execute(tx);
  return rows.length > 0;
}

/** The emergency stop of a stock flow, on or off: every figure is worked out anew. False when there is no such flow. */
export async function setStopSell(tx: Db, flowId: string, on: boolean, now: Date): Promise<boolean> {
  const { rows } = await sql<{
    id: string;
  }>`UPDATE flows SET settings = settings || jsonb_build_object('stopSell', ${on}::boolean), updated_at = ${now}
    WHERE id = ${flowId} AND kind = 'stock.export' RETURNING id`.execute(tx);
  return rows.length > 0;
}
