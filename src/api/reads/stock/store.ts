// What do the pages of stock show? Reads only.
import { CamelCasePlugin } from 'kysely';
import { type Db, sql } from '../../../db/pool.ts';
import type { OfferState } from '../../contract/stock.ts';

const named = (db: Db): Db => db.withPlugin(new CamelCasePlugin({ maintainNestedObjectKeys: true })) as Db;

const from = sql.raw(`FROM listings l
  LEFT JOIN flows f ON f.kind = 'stock.export' AND f.channel_connection_id = l.connection_id
  LEFT JOIN stock_offers o ON o.flow_id = f.id AND o.sku = l.sku`);
const stateOf =
  sql.raw(`CASE WHEN l.status = 'gone' THEN 'gone' WHEN l.fulfilment = 'marketplace' THEN 'marketplace'
  WHEN o.problem IS NOT NULL THEN 'refused' WHEN o.sending_version IS NOT NULL THEN 'sending' WHEN l.item_id IS NULL THEN 'no-item'
  WHEN o.sku IS NULL OR o.wanted_version > o.told_version THEN 'waiting' ELSE 'told' END`);
const columns =
  sql.raw(`l.connection_id, l.sku, l.title, l.asin, l.item_id, l.item_name, l.units, l.channel_quantity,
  o.wanted, o.told, o.told_at`);

export interface StockQuery {
  readonly q?: string | undefined;
  readonly state?: OfferState | undefined;
  readonly connection?: string | undefined;
  readonly cursor?: string | undefined;
  readonly limit: number;
}

/** A page of listings in the order of their SKUs; the cursor is the last one shown. */
export async function listStock(plain: Db, query: StockQuery) {
  const db = named(plain);
  const text = query.q?.replace(/[\\%_]/g, '\\$&') ?? null;
  const { rows } = await sql<{ sku: string; connectionId: string }>`
    SELECT ${columns}, ${stateOf} AS state ${from}
    WHERE (${query.connection ?? null}::text IS NULL OR l.connection_id = ${query.connection ?? null})
      AND (${text}::text IS NULL OR l.sku ILIKE ${`${text}%`} OR l.title ILIKE ${`%${text}%`} OR l.item_name ILIKE ${`${text}%`})
      AND (${query.state ?? null}::text IS NULL OR ${stateOf} = ${query.state ?? null})
      AND (${query.state ?? null}::text = 'gone' OR l.status <> 'gone')
      AND (${query.cursor ?? null}::text IS NULL OR l.sku || chr(1) || l.connection_id > ${query.cursor ?? null})
    ORDER BY l.sku || chr(1) || l.connection_id LIMIT ${query.limit + 1}`.execute(db);
  const items = rows.slice(0, query.limit);
  const last = items.at(-1);
  return { items, next: rows.length > query.limit && last ? `${last.sku}\u0001${last.connectionId}` : null };
}

export async function stockCounts(db: Db) {
  const { rows } = await sql<{
    state: OfferState;
    count: bigint;
  }>`SELECT ${stateOf} AS state, count(*) AS count ${from} GROUP BY 1`.execute(db);
  const { rows: flows } = await sql<{ id: string; connection_id: string; stopped: boolean }>`
    SELECT id, channel_connection_id AS connection_id, COALESCE((settings->>'stopSell')::boolean, false) AS stopped FROM flows WHERE kind = 'stock.export' ORDER BY id`.execute(
    db,
  );
  return {
    counts: Object.fromEntries(rows.map((row) => [row.state, Number(row.count)])),
    stopped: flows.filter((flow) => flow.stopped).map((flow) => flow.id),
    flows: flows.map((flow) => ({ id: flow.id, connectionId: flow.connection_id })),
  };
}

export async function readStock(plain: Db, connectionId: string, sku: string) {
  const db = named(plain);
  const { rows } = await sql<Record<string, unknown>>`
    SELECT ${columns}, ${stateOf} AS state, f.id AS flow_id, f.erp_connection_id, l.seen_at, l.rules, o.problem, o.why,
      CASE WHEN o.wanted_version > o.told_version THEN o.due_at END AS due_at
    ${from} WHERE l.connection_id = ${connectionId} AND l.sku = ${sku}`.execute(db);
  const row = rows[0];
  if (row === undefined) return undefined;
  const { why, ...listing } = row;
  const { erpConnectionId } = row;
  const { rows: parts } = await sql<{ itemId: string; quantity: number }>`
    SELECT m.item_id, m.quantity * l.units AS quantity FROM listings l JOIN kit_members m ON m.connection_id = ${erpConnectionId} AND m.kit_id = l.item_id
      WHERE l.connection_id = ${connectionId} AND l.sku = ${sku}
    UNION ALL SELECT l.item_id, l.units FROM listings l WHERE l.connection_id = ${connectionId} AND l.sku = ${sku} AND l.item_id IS NOT NULL
      AND NOT EXISTS (SELECT 1 FROM kit_members m WHERE m.connection_id = ${erpConnectionId} AND m.kit_id = l.item_id)`.execute(
    db,
  );
  const items = parts.map((part) => part.itemId);
  const [levels, shared, reserved, tellings] = await Promise.all([
    sql`SELECT item_id, location_id, available::int AS available, read_at FROM stock_levels
      WHERE connection_id = ${erpConnectionId} AND item_id = ANY(${items}::text[]) ORDER BY item_id, location_id`.execute(
      db,
    ),
    sql<{
      sku: string;
    }>`SELECT DISTINCT l.sku FROM listings l LEFT JOIN kit_members m ON m.connection_id = ${erpConnectionId} AND m.kit_id = l.item_id
      WHERE l.connection_id = ${connectionId} AND l.sku <> ${sku} AND l.fulfilment = 'merchant' AND l.status <> 'gone'
        AND COALESCE(m.item_id, l.item_id) = ANY(${items}::text[]) ORDER BY l.sku LIMIT 50`.execute(db),
    sql`SELECT v.order_key AS order_id, r.id::text AS record_id, v.quantity FROM reservations v
      JOIN flows f ON f.id = v.flow_id JOIN sync_records r ON r.flow_id = v.flow_id AND r.key = v.order_key
      JOIN listings l ON l.connection_id = f.channel_connection_id AND l.sku = v.sku
      LEFT JOIN kit_members m ON m.connection_id = ${erpConnectionId} AND m.kit_id = l.item_id
      WHERE f.erp_connection_id = ${erpConnectionId} AND COALESCE(m.item_id, l.item_id) = ANY(${items}::text[])
      GROUP BY v.order_key, r.id, v.line_id, v.quantity ORDER BY r.id DESC LIMIT 50`.execute(db),
    sql`SELECT at, quantity, via, outcome, message FROM stock_tellings WHERE flow_id = ${listing['flowId']} AND sku = ${sku} ORDER BY id DESC LIMIT 50`.execute(
      db,
    ),
  ]);
  return {
    listing,
    why: (why ?? []) as unknown[],
    levels: levels.rows,
    parts,
    sharedWith: shared.rows.map((one) => one.sku),
    reservedBy: reserved.rows,
    tellings: tellings.rows,
  };
}
