// What would nobody notice because nothing happens? Orders that fall silent, tokens that end.
import { type Db, sql } from '../../db/pool.ts';

export interface Silence {
  readonly flowId: string;
  readonly connectionId: string;
  /** Hours since the last order was placed. */
  readonly hours: number;
  /** How many were placed in the same hours of the days before, on average. */
  readonly normal: number;
}

/** For each running order flow: how long nothing has come, and how much comes at this time of day otherwise. */
export async function readSilences(db: Db, now: Date, days: number): Promise<readonly Silence[]> {
  const { rows } = await sql<Silence>`
    WITH flow AS (
      SELECT f.id, f.channel_connection_id, (SELECT max(r.placed_at) FROM sync_records r WHERE r.flow_id = f.id AND r.placed_at <= ${now}) AS last,
        (SELECT min(r.placed_at) FROM sync_records r WHERE r.flow_id = f.id) AS first
      FROM flows f JOIN connections c ON c.id = f.channel_connection_id
      WHERE f.kind = 'orders.import' AND f.state = 'active' AND c.state = 'active')
    SELECT flow.id AS "flowId", flow.channel_connection_id AS "connectionId", extract(epoch FROM ${now}::timestamptz - flow.last)::float8 / 3600 AS hours,
      COALESCE((SELECT avg(n)::float8 FROM (
        SELECT (SELECT count(*) FROM sync_records r WHERE r.flow_id = flow.id
          AND r.placed_at > flow.last - make_interval(days => d) AND r.placed_at <= ${now}::timestamptz - make_interval(days => d)) AS n
        FROM generate_series(1, ${days}::int) d WHERE flow.last - make_interval(days => d) >= flow.first) day), 0) AS normal
    FROM flow WHERE flow.last IS NOT NULL`.execute(db);
  return rows;
}

export async function endingTokens(db: Db, now: Date, days: number) {
  const { rows } = await sql<{
    name: string;
    expiresAt: Date;
  }>`SELECT name, expires_at AS "expiresAt" FROM api_tokens
    WHERE revoked_at IS NULL AND expires_at > ${now} AND expires_at <= ${new Date(now.getTime() + days * 24 * 3_600_000)} ORDER BY expires_at`.execute(
    db,
  );
  return rows;
}
