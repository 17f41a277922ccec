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
export async function ordersByKey(db: Db, channelConnectionId: string, keys: readonly string[]): Promise<readonly OrderRow[]> {
  const { rows } = await sql<{ id: bigint; key: string; state: string; document_id: bigint; remote_id: string | null; applied: Record<string, unknown> }>`
    SELECT r.id, r.key, r.state, r.document_id, r.remote_id, r.applied FROM sync_records r JOIN flows f ON f.id = r.flow_id
    WHERE f.kind = 'orders.import' AND f.channel_connection_id = ${channelConnectionId} AND r.key = ANY(${[...keys]}::text[])`.execute(db);
  return rows.map((row) => ({ id: row.id, key: row.key, state: row.state, documentId: row.document_id, remoteId: row.remote_id, applied: row.applied }));
}

export async function doneSince(db: Db, flowId: string, since: Date, afterId: bigint, limit: number) {
  const { rows } = await sql<{ id: bigint; key: string; external_id: string; remote_id: string; remote_kind: string }>`
    SELECT id, key, external_id, remote_id, remote_kind FROM sync_records
    WHERE flow_id = ${flowId} AND state = 'done' AND updated_at >= ${since} AND id > ${afterId} AND remote_id IS NOT NULL AND external_id IS NOT NULL
    ORDER BY id LIMIT ${limit}`.execute(db);
  return rows.map((row) => ({ id: row.id, key: row.key, externalId: row.external_id, remoteId: row.remote_id, remoteKind: row.remote_kind }));
}

/** Gives a package its number once; asked again, or by two workers at a time, it is the same. */
export async function packageReference(db: Db, connectionId: string, channelOrderId: string, packageKey: string): Promise<number> {
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
