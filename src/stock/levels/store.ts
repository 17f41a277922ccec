// What does the ERP have, what is promised already, and which figures follow? Changes are stored with what changed and
// taken with what was worked out from them.
import { type Db, inTransaction, sql } from '../../db/pool.ts';
import { moveCursor } from '../../engine/tasks/store.ts';
import type { Offer, StockBook } from '../../flows/stock/book.ts';
import type { StockPlace } from '../store.ts';

type LevelBook = Pick<StockBook, 'keepLevels' | 'releaseCommitted' | 'rework'>;

export function levelBook(place: StockPlace): LevelBook {
  const { db, clock, flowId, erpConnectionId } = place;
  return {
    keepLevels: (levels, readAt, cursor) =>
      inTransaction(db, async (tx) => {
        const rows = levels.map((level) => ({
          item_id: level.itemId,
          location_id: level.locationId,
          available: level.available,
        }));
        // An older reading never replaces a newer one: two workers may read at once.
        const { rows: moved } = await sql<{ item_id: string }>`
          WITH before AS (
            SELECT l.item_id, l.location_id, l.available FROM stock_levels l WHERE l.connection_id = ${erpConnectionId}
              AND l.item_id = ANY(${[...new Set(levels.map((level) => level.itemId))]}::text[])),
          kept AS (
            INSERT INTO stock_levels AS l (connection_id, item_id, location_id, available, read_at)
            SELECT ${erpConnectionId}, r.item_id, r.location_id, r.available, ${readAt}
            FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS r(item_id text, location_id text, available bigint)
            ON CONFLICT (connection_id, item_id, location_id) DO UPDATE SET available = excluded.available, read_at = excluded.read_at
              WHERE l.read_at <= excluded.read_at
            RETURNING l.item_id, l.location_id, l.available)
          SELECT DISTINCT k.item_id FROM kept k LEFT JOIN before b USING (item_id, location_id) WHERE b.available IS DISTINCT FROM k.available`.execute(
          tx,
        );
        await markItems(
          tx,
          erpConnectionId,
          moved.map((row) => row.item_id),
        );
        if (cursor) await moveCursor(tx, flowId, cursor.name, cursor.value, clock.now());
        return moved.length;
      }),
    releaseCommitted: (committedBefore) =>
      inTransaction(db, async (tx) => {
        const { rows } = await sql<{ connection_id: string; sku: string }>`
          DELETE FROM reservations v USING sync_records r, flows f
          WHERE f.id = v.flow_id AND f.erp_connection_id = ${erpConnectionId} AND r.flow_id = v.flow_id AND r.key = v.order_key
            AND ((r.remote_id IS NOT NULL AND r.done_at < ${committedBefore})
              OR (r.state = 'skipped' AND r.order_status <> 'pending' AND r.updated_at < ${committedBefore}))
          RETURNING f.channel_connection_id AS connection_id, v.sku`.execute(tx);
        await markReserved(tx, erpConnectionId, rows);
        return rows.length;
      }),
    rework: (limit, work) => inTransaction(db, (tx) => rework(tx, place, limit, work)),
  };
}

/** Every stock flow of this ERP hears of a changed item, whatever channel it serves. */
async function markItems(tx: Db, erpConnectionId: string, itemIds: readonly string[]): Promise<void> {
  if (itemIds.length === 0) return;
  await sql`INSERT INTO stock_changes (flow_id, kind, key)
    SELECT f.id, 'item', i FROM flows f, unnest(${[...itemIds]}::text[]) i
    WHERE f.kind = 'stock.export' AND f.erp_connection_id = ${erpConnectionId} ON CONFLICT DO NOTHING`.execute(
    tx,
  );
}

async function markReserved(
  tx: Db,
  erpConnectionId: string,
  rows: readonly { readonly connection_id: string; readonly sku: string }[],
): Promise<void> {
  if (rows.length === 0) return;
  await sql`INSERT INTO stock_changes (flow_id, kind, connection_id, key)
    SELECT DISTINCT f.id, 'sku', r.connection_id, r.sku FROM flows f, jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS r(connection_id text, sku text)
    WHERE f.kind = 'stock.export' AND f.erp_connection_id = ${erpConnectionId} ON CONFLICT DO NOTHING`.execute(
    tx,
  );
}

export interface OpenLine {
  readonly lineId: string;
  readonly sku: string;
  readonly quantity: number;
}

/**
 * Writes what open orders hold, in the transaction that stores the orders: from then on no figure promises it again.
 * An order without open lines (cancelled, shipped, the marketplace's own) holds nothing.
 */
export async function reserve(
  tx: Db,
  flowId: string,
  orders: readonly {
    readonly key: string;
    readonly lines: readonly OpenLine[];
    /** SKUs of an order that was cancelled just now: the channel took their units and may not have put them back. */
    readonly cancelledSkus: readonly string[];
  }[],
  now: Date,
): Promise<void> {
  const keys = orders.map((order) => order.key);
  const { rows: flows } = await sql<{ erp_connection_id: string; channel_connection_id: string }>`
    SELECT f.erp_connection_id, f.channel_connection_id FROM flows f WHERE f.id = ${flowId}
      AND EXISTS (SELECT 1 FROM flows s WHERE s.kind = 'stock.export' AND s.erp_connection_id = f.erp_connection_id)`.execute(
    tx,
  );
  const flow = flows[0];
  if (flow === undefined || keys.length === 0) return;
  const rows = orders.flatMap((order) =>
    order.lines.map((line) => ({
      order_key: order.key,
      line_id: line.lineId,
      sku: line.sku,
      quantity: line.quantity,
    })),
  );
  // An order that the ERP has committed is counted there; only its becoming smaller matters any more.
  const { rows: changed } = await sql<{ sku: string }>`
    WITH wanted AS (
      SELECT r.* FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS r(order_key text, line_id text, sku text, quantity int)
      WHERE NOT EXISTS (SELECT 1 FROM sync_records s WHERE s.flow_id = ${flowId} AND s.key = r.order_key AND s.remote_id IS NOT NULL)
        OR EXISTS (SELECT 1 FROM reservations v WHERE v.flow_id = ${flowId} AND v.order_key = r.order_key AND v.line_id = r.line_id)),
    freed AS (
      DELETE FROM reservations v WHERE v.flow_id = ${flowId} AND v.order_key = ANY(${keys}::text[])
        AND NOT EXISTS (SELECT 1 FROM wanted w WHERE w.order_key = v.order_key AND w.line_id = v.line_id) RETURNING sku),
    held AS (
      INSERT INTO reservations AS v (flow_id, order_key, line_id, sku, quantity, since)
      SELECT ${flowId}, w.order_key, w.line_id, w.sku, w.quantity, ${now} FROM wanted w
      ON CONFLICT (flow_id, order_key, line_id) DO UPDATE SET sku = excluded.sku, quantity = excluded.quantity
        WHERE (v.sku, v.quantity) IS DISTINCT FROM (excluded.sku, excluded.quantity)
      RETURNING sku)
    SELECT sku FROM freed UNION SELECT sku FROM held`.execute(tx);
  const again = [...new Set(orders.flatMap((order) => order.cancelledSkus))];
  if (again.length > 0)
    await sql`INSERT INTO stock_changes (flow_id, kind, connection_id, key)
      SELECT f.id, 'again', ${flow.channel_connection_id}, s FROM flows f, unnest(${again}::text[]) s
      WHERE f.kind = 'stock.export' AND f.channel_connection_id = ${flow.channel_connection_id} ON CONFLICT DO NOTHING`.execute(
      tx,
    );
  await markReserved(
    tx,
    flow.erp_connection_id,
    changed.map(({ sku }) => ({ connection_id: flow.channel_connection_id, sku })),
  );
}

async function rework(
  tx: Db,
  { clock, flowId, erpConnectionId }: StockPlace,
  limit: number,
  work: Parameters<StockBook['rework']>[1],
): Promise<{ changes: number; offers: number }> {
  const { rows: changes } = await sql<{ kind: string; connection_id: string; key: string }>`
    DELETE FROM stock_changes c USING (SELECT kind, connection_id, key FROM stock_changes WHERE flow_id = ${flowId} LIMIT ${limit} FOR UPDATE SKIP LOCKED) d
    WHERE c.flow_id = ${flowId} AND c.kind = d.kind AND c.connection_id = d.connection_id AND c.key = d.key
    RETURNING c.kind, c.connection_id, c.key`.execute(tx);
  if (changes.length === 0) return { changes: 0, offers: 0 };
  const offers = await work(
    {
      everything: changes.some((change) => change.kind === 'all'),
      itemIds: changes.filter((change) => change.kind === 'item').map((change) => change.key),
      skus: changes
        .filter((change) => change.kind === 'sku')
        .map((change) => ({ connectionId: change.connection_id, sku: change.key })),
    },
    {
      async levels(itemIds, locationIds) {
        const { rows } = await sql<{ item_id: string; location_id: string; available: bigint }>`
          SELECT item_id, location_id, available FROM stock_levels WHERE connection_id = ${erpConnectionId}
            AND item_id = ANY(${[...itemIds]}::text[]) AND location_id = ANY(${[...locationIds]}::text[])`.execute(
          tx,
        );
        return rows.map((row) => ({
          itemId: row.item_id,
          locationId: row.location_id,
          available: Number(row.available),
        }));
      },
      async reserved() {
        const { rows } = await sql<{
          connection_id: string;
          order_key: string;
          sku: string;
          quantity: number;
        }>`
          SELECT f.channel_connection_id AS connection_id, v.order_key, v.sku, v.quantity
          FROM reservations v JOIN flows f ON f.id = v.flow_id WHERE f.erp_connection_id = ${erpConnectionId}
          ORDER BY v.order_key, v.line_id`.execute(tx);
        return rows.map((row) => ({
          connectionId: row.connection_id,
          orderId: row.order_key,
          sku: row.sku,
          quantity: row.quantity,
        }));
      },
      async foreignParts(connectionId, skus) {
        const { rows } = await sql<{ sku: string; item_id: string; units: number }>`
          SELECT sku, item_id, units FROM listings WHERE connection_id = ${connectionId} AND sku = ANY(${[...skus]}::text[]) AND item_id IS NOT NULL`.execute(
          tx,
        );
        return new Map(rows.map((row) => [row.sku, { itemId: row.item_id, units: row.units }]));
      },
    },
  );
  const again = changes.filter((change) => change.kind === 'again').map((change) => change.key);
  // The figure is the same, what the channel shows is not.
  if (again.length > 0)
    await sql`UPDATE stock_offers SET wanted_version = wanted_version + 1, wanted_at = ${clock.now()}
      WHERE flow_id = ${flowId} AND sku = ANY(${again}::text[]) AND wanted_version = told_version`.execute(
      tx,
    );
  return { changes: changes.length, offers: await keepOffers(tx, flowId, offers, clock.now()) };
}

/** A figure that differs gets a new version; an equal one only its reasons. */
async function keepOffers(tx: Db, flowId: string, offers: readonly Offer[], now: Date): Promise<number> {
  let changed = 0;
  for (let start = 0; start < offers.length; start += 5_000) {
    const rows = offers
      .slice(start, start + 5_000)
      .map((offer) => ({ sku: offer.sku, wanted: offer.quantity, why: offer.why }));
    const { rows: moved } = await sql<{ moved: boolean }>`
      INSERT INTO stock_offers AS o (flow_id, sku, wanted, wanted_at, why, due_at)
      SELECT ${flowId}, r.sku, r.wanted, ${now}, r.why, ${now} FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS r(sku text, wanted int, why jsonb)
      ON CONFLICT (flow_id, sku) DO UPDATE SET wanted = excluded.wanted, why = excluded.why,
        wanted_version = o.wanted_version + (o.wanted <> excluded.wanted)::int,
        wanted_at = CASE WHEN o.wanted <> excluded.wanted AND o.wanted_version = o.told_version THEN excluded.wanted_at ELSE o.wanted_at END
        WHERE o.wanted <> excluded.wanted OR o.why <> excluded.why
      RETURNING o.wanted_at = ${now} AS moved`.execute(tx);
    changed += moved.filter((row) => row.moved).length;
  }
  return changed;
}
