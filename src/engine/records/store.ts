// Which records does a flow ask for besides those it is given? Orders by id, finished ones, package numbers.
import { type Db, sql } from '../../db/pool.ts';

export interface OrderRow {
  readonly id: bigint;
  readonly key: string;
  readonly state: string;
  readonly documentId: bigint;
  readonly remoteId: string | null;
  readonly applied: Readonly<Record<string, unknown>>;
}

/** Records of the orders flow of a channel connection, by order id. */
export async function ordersByKey(
  db: Db,
  channelConnectionId: string,
  keys: readonly string[],
): Promise<readonly OrderRow[]> {
  const { rows } = await sql<{
    id: bigint;
    key: string;
    state: string;
    document_id: bigint;
    remote_id: string | null;
    applied: Record<string, unknown>;
  }>`
    SELECT r.id, r.key, r.state, r.document_id, r.remote_id, r.applied FROM sync_records r JOIN flows f ON f.id = r.flow_id
    WHERE f.kind = 'orders.import' AND f.channel_connection_id = ${channelConnectionId} AND r.key = ANY(${[...keys]}::text[])`.execute(
    db,
  );
  return rows.map((row) => ({
    id: row.id,
    key: row.key,
    state: row.state,
    documentId: row.document_id,
    remoteId: row.remote_id,
    applied: row.applied,
  }));
}

export async function doneSince(db: Db, flowId: string, since: Date, afterId: bigint, limit: number) {
  const { rows } = await sql<{
    id: bigint;
    key: string;
    external_id: string;
    remote_id: string;
    remote_kind: string;
    applied: Record<string, unknown>;
  }>`
    SELECT id, key, external_id, remote_id, remote_kind, applied FROM sync_records
    WHERE flow_id = ${flowId} AND state = 'done' AND updated_at >= ${since} AND id > ${afterId} AND remote_id IS NOT NULL AND external_id IS NOT NULL
    ORDER BY id LIMIT ${limit}`.execute(db);
  return rows.map((row) => ({
    id: row.id,
    key: row.key,
    externalId: row.external_id,
    remoteId: row.remote_id,
    remoteKind: row.remote_kind,
    applied: row.applied,
  }));
}

/** Keys that a flow does not know, or knows in an older version only. */
export async function behind(
  db: Db,
  flowId: string,
  documents: readonly { readonly key: string; readonly updatedAt: Date }[],
): Promise<readonly string[]> {
  if (documents.length === 0) return [];
  const rows = documents.map(({ key, updatedAt }) => ({ key, version: updatedAt.toISOString() }));
  const { rows: found } = await sql<{ key: string }>`
    SELECT d.key FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS d(key text, version timestamptz)
    WHERE NOT EXISTS (SELECT 1 FROM sync_records r WHERE r.flow_id = ${flowId} AND r.key = d.key
      AND date_trunc('second', r.version) >= date_trunc('second', d.version)) ORDER BY d.key`.execute(db);
  return found.map((row) => row.key);
}

/** Open merchant orders of a channel connection whose last ship moment is near or past. */
export async function dueToShip(db: Db, channelConnectionId: string, before: Date) {
  const { rows } = await sql<{ key: string; ship_by_at: Date; state: string }>`
    SELECT r.key, r.ship_by_at, r.state FROM sync_records r JOIN flows f ON f.id = r.flow_id
    WHERE f.kind = 'orders.import' AND f.channel_connection_id = ${channelConnectionId} AND r.ship_by_at < ${before}
      AND r.state <> 'skipped'
      AND NOT EXISTS (SELECT 1 FROM sync_records s JOIN flows g ON g.id = s.flow_id
        WHERE g.kind = 'shipments.export' AND g.channel_connection_id = f.channel_connection_id
          AND s.key LIKE r.key || '/%' AND s.state IN ('done', 'pending'))
    ORDER BY r.ship_by_at LIMIT 500`.execute(db);
  return rows.map((row) => ({ key: row.key, shipBy: row.ship_by_at, state: row.state }));
}

/** Gives a package its number once; asked again, or by two workers at a time, it is the same. */
export async function packageReference(
  db: Db,
  connectionId: string,
  channelOrderId: string,
  packageKey: string,
): Promise<number> {
  for (;;) {
    const { rows } = await sql<{ reference: number }>`
      WITH known AS (SELECT reference FROM package_references
        WHERE connection_id = ${connectionId} AND channel_order_id = ${channelOrderId} AND package_key = ${packageKey}),
      given AS (INSERT INTO package_references (connection_id, channel_order_id, package_key, reference)
        SELECT ${connectionId}, ${channelOrderId}, ${packageKey},
          (SELECT COALESCE(max(reference), 0) + 1 FROM package_references WHERE connection_id = ${connectionId} AND channel_order_id = ${channelOrderId})
        WHERE NOT EXISTS (SELECT 1 FROM known)
        ON CONFLICT DO NOTHING RETURNING reference)
      SELECT reference FROM known UNION ALL SELECT reference FROM given`.execute(db);
    const row = rows[0];
    if (row) return row.reference;
  }
}

export interface StoredRecord {
  readonly id: bigint;
  readonly flowId: string;
  readonly key: string;
  readonly documentId: bigint;
  readonly remoteKind: string | null;
  readonly remoteId: string | null;
  readonly remoteNumber: string | null;
}

export async function recordById(db: Db, id: string): Promise<StoredRecord | undefined> {
  if (!/^\d{1,18}$/.test(id)) return undefined;
  const { rows } =
    await sql<StoredRow>`SELECT id, flow_id, key, document_id, remote_kind, remote_id, remote_number FROM sync_records WHERE id = ${id}::bigint`.execute(
      db,
    );
  return rows.map(toStored)[0];
}

/** Records of a flow by key, or the newest ones that have reached the ERP. */
export async function ordersOf(
  db: Db,
  flowId: string,
  keys: readonly string[] | undefined,
  last = 1_000,
): Promise<readonly StoredRecord[]> {
  const { rows } =
    await sql<StoredRow>`SELECT id, flow_id, key, document_id, remote_kind, remote_id, remote_number FROM sync_records
    WHERE flow_id = ${flowId} AND CASE WHEN ${keys === undefined} THEN state IN ('done', 'parked') ELSE key = ANY(${[...(keys ?? [])]}::text[]) END
    ORDER BY id DESC LIMIT ${last}`.execute(db);
  return rows.map(toStored);
}

interface StoredRow {
  id: bigint;
  flow_id: string;
  key: string;
  document_id: bigint;
  remote_kind: string | null;
  remote_id: string | null;
  remote_number: string | null;
}

function toStored(row: StoredRow): StoredRecord {
  return {
    id: row.id,
    flowId: row.flow_id,
    key: row.key,
    documentId: row.document_id,
    remoteKind: row.remote_kind,
    remoteId: row.remote_id,
    remoteNumber: row.remote_number,
  };
}
