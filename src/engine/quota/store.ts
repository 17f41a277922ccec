// Where are a vendor's quotas kept? In rows, because they belong to the seller's account and not to a process.
import { type Db, sql } from '../../db/pool.ts';
import type { Limit } from '../../http/tools.ts';

export interface Grant {
  readonly granted: boolean;
  /** Seconds of the program's clock until a token will be there, when not granted. */
  readonly waitSeconds: number;
}

/** Makes sure a bucket exists; what was learnt about an existing one is kept. */
export async function ensureBucket(
  db: Db,
  connectionId: string,
  bucket: string,
  limit: Limit,
  now: Date,
): Promise<void> {
  const burst = limit.kind === 'rate' ? limit.burst : limit.max;
  const perSecond = limit.kind === 'rate' ? limit.perSecond : 0;
  await sql`INSERT INTO quotas (connection_id, bucket, kind, tokens, per_second, burst, as_of)
    VALUES (${connectionId}, ${bucket}, ${limit.kind}, ${burst}, ${perSecond}, ${burst}, ${now})
    ON CONFLICT DO NOTHING`.execute(db);
}

/** Takes one token if there is one: one statement, so that no two workers take the same. */
export async function takeToken(db: Db, connectionId: string, bucket: string, now: Date): Promise<Grant> {
  const { rows } = await sql<{
    granted: boolean;
    tokens: number;
    per_second: number;
    blocked_seconds: number;
  }>`
    WITH refilled AS (
      SELECT connection_id, bucket, per_second, blocked_until,
        LEAST(burst, tokens + per_second * GREATEST(0, EXTRACT(EPOCH FROM ${now}::timestamptz - as_of)))::double precision AS available
      FROM quotas WHERE connection_id = ${connectionId} AND bucket = ${bucket} FOR UPDATE),
    taken AS (
      UPDATE quotas q SET tokens = r.available - 1, as_of = GREATEST(q.as_of, ${now}), spent = spent + 1
      FROM refilled r
      WHERE q.connection_id = r.connection_id AND q.bucket = r.bucket AND r.available >= 1
        AND (r.blocked_until IS NULL OR r.blocked_until <= ${now})
      RETURNING q.bucket)
    SELECT EXISTS (SELECT 1 FROM taken) AS granted, available AS tokens, per_second,
      COALESCE(GREATEST(0, EXTRACT(EPOCH FROM blocked_until - ${now}::timestamptz)), 0)::double precision AS blocked_seconds
    FROM refilled`.execute(db);
  const row = rows[0];
  if (row === undefined) throw new Error(`No quota is known for ${connectionId} ${bucket}.`);
  if (row.granted) return { granted: true, waitSeconds: 0 };
  const refill = row.per_second > 0 ? Math.max(0, 1 - row.tokens) / row.per_second : 60;
  return { granted: false, waitSeconds: Math.max(row.blocked_seconds, refill) };
}

/** The vendor said 429: whatever we believed, nothing is left until `until`. */
export async function emptyBucket(
  db: Db,
  connectionId: string,
  bucket: string,
  until: Date,
  now: Date,
): Promise<void> {
  await sql`UPDATE quotas SET tokens = CASE WHEN kind = 'rate' THEN 0 ELSE tokens END, as_of = ${now}, refused = refused + 1,
      blocked_until = GREATEST(blocked_until, ${until})
    WHERE connection_id = ${connectionId} AND bucket = ${bucket}`.execute(db);
}

/** A rate the vendor told us in an answer; a raised rate raises the burst too, since neither is published then. */
export async function learnRate(
  db: Db,
  connectionId: string,
  bucket: string,
  perSecond: number,
  burstAtLeast: number,
): Promise<void> {
  await sql`UPDATE quotas SET per_second = ${perSecond}::double precision, burst = GREATEST(${burstAtLeast}::double precision, ${perSecond}::double precision),
      tokens = CASE WHEN ${perSecond}::double precision > burst THEN ${perSecond}::double precision ELSE tokens END
    WHERE connection_id = ${connectionId} AND bucket = ${bucket} AND kind = 'rate'`.execute(db);
}

export async function setConcurrency(
  db: Db,
  connectionId: string,
  bucket: string,
  max: number,
): Promise<void> {
  await sql`UPDATE quotas SET burst = ${max}::double precision, tokens = ${max}::double precision
    WHERE connection_id = ${connectionId} AND bucket = ${bucket} AND kind = 'concurrency' AND burst <> ${max}::double precision`.execute(
    db,
  );
}

/** Says this worker is alive and returns how many are: they share concurrency limits evenly. */
export async function beat(
  db: Db,
  worker: { id: string; host: string },
  now: Date,
  deadAfterMs: number,
): Promise<number> {
  await sql`INSERT INTO workers (id, host, started_at, seen_at) VALUES (${worker.id}, ${worker.host}, ${now}, ${now})
    ON CONFLICT (id) DO UPDATE SET seen_at = ${now}`.execute(db);
  const limit = new Date(now.getTime() - deadAfterMs);
  await sql`DELETE FROM workers WHERE seen_at < ${limit}`.execute(db);
  const { rows } = await sql<{ n: number }>`SELECT count(*)::int AS n FROM workers`.execute(db);
  return Math.max(1, rows[0]?.n ?? 1);
}

export async function leave(db: Db, workerId: string): Promise<void> {
  await sql`DELETE FROM workers WHERE id = ${workerId}`.execute(db);
}

/** Workers that were seen after this moment. */
export async function workersSince(db: Db, since: Date): Promise<readonly string[]> {
  const { rows } = await sql<{
    id: string;
  }>`SELECT id FROM workers WHERE seen_at > ${since} ORDER BY id`.execute(db);
  return rows.map((row) => row.id);
}
