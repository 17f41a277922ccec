// What is old enough to go? Documents and the trail of requests, after the days the owner set; never what a record still
// stands on. In small batches, each a transaction of its own, so that no work waits for it.
import { type Db, sql } from '../../db/pool.ts';

export interface KeepDays {
  /** Documents as they came. */
  readonly documents: number;
  /** Requests with their answers, runs, and figures of stock that were sent. */
  readonly trail: number;
}

export interface Forgotten {
  readonly documents: number;
  readonly exchanges: number;
  readonly runs: number;
  readonly tellings: number;
}

const dayMs = 24 * 60 * 60_000;
export const batchSize = 1_000;

/** Only one worker at a time removes what is old; the number is arbitrary but ours. */
const sweepLock = 7_361_004;

/**
 * Removes what is older than `keep` says; undefined when another worker is at it. A document stays while a record points
 * at it, and the newest of each order, settlement or other key stays while the key has a record.
 */
export async function forgetOld(db: Db, keep: KeepDays, now: Date): Promise<Forgotten | undefined> {
  const trail = new Date(now.getTime() - keep.trail * dayMs);
  const sweeps = {
    documents: () => sweepDocuments(db, new Date(now.getTime() - keep.documents * dayMs)),
    exchanges: () => sweep(db, 'exchanges', 'at', trail),
    runs: () => sweep(db, 'runs', 'started_at', trail),
    tellings: () => sweep(db, 'stock_tellings', 'at', trail),
  };
  const gone = { documents: 0, exchanges: 0, runs: 0, tellings: 0 };
  for (const [name, run] of Object.entries(sweeps)) {
    const count = await run();
    if (count === undefined) return undefined;
    gone[name as keyof Forgotten] = count;
  }
  return gone;
}

type Batch = { readonly gone: number; readonly last: bigint | null };

/** Goes up the ids, which grow with time, until a whole batch is young; undefined when another worker sweeps. */
async function inBatches(
  db: Db,
  take: (tx: Db, after: bigint) => Promise<Batch>,
): Promise<number | undefined> {
  let gone = 0;
  for (let after = 0n; ; ) {
    const batch = await db.transaction().execute(async (tx) => {
      const { rows } = await sql<{
        mine: boolean;
      }>`SELECT pg_try_advisory_xact_lock(${sweepLock}) AS mine`.execute(tx);
      return rows[0]!.mine ? take(tx, after) : undefined;
    });
    if (batch === undefined) return undefined;
    gone += batch.gone;
    if (batch.last === null) return gone;
    after = batch.last;
  }
}

const sweepDocuments = (db: Db, before: Date) =>
  inBatches(db, async (tx, after) => {
    const { rows } = await sql<{ gone: bigint; last: bigint | null }>`
      WITH batch AS (SELECT id, connection_id, kind, key, received_at FROM documents WHERE id > ${after} ORDER BY id LIMIT ${batchSize}),
      gone AS (DELETE FROM documents d USING batch b WHERE d.id = b.id AND b.received_at < ${before}
        AND NOT EXISTS (SELECT 1 FROM sync_records r WHERE r.document_id = b.id)
        AND (EXISTS (SELECT 1 FROM documents n WHERE n.connection_id = b.connection_id AND n.kind = b.kind AND n.key = b.key
              AND (n.version, n.id) > (d.version, d.id))
          OR NOT EXISTS (SELECT 1 FROM sync_records r WHERE r.key = b.key))
        RETURNING 1)
      SELECT (SELECT count(*) FROM gone) AS gone, (SELECT max(id) FROM batch WHERE received_at < ${before}) AS last`.execute(
      tx,
    );
    return { gone: Number(rows[0]!.gone), last: rows[0]!.last };
  });

/** The last run of each task stays: it says how the task stands. */
const sweep = (
  db: Db,
  table: 'exchanges' | 'runs' | 'stock_tellings',
  moment: 'at' | 'started_at',
  before: Date,
) =>
  inBatches(db, async (tx, after) => {
    const spared =
      table === 'runs'
        ? sql`AND d.finished_at IS NOT NULL AND NOT EXISTS (SELECT 1 FROM flow_tasks t WHERE t.last_run_id = d.id)`
        : sql``;
    const { rows } = await sql<{ gone: bigint; last: bigint | null }>`
      WITH batch AS (SELECT id, ${sql.ref(moment)} AS at FROM ${sql.table(table)} WHERE id > ${after} ORDER BY id LIMIT ${batchSize}),
      gone AS (DELETE FROM ${sql.table(table)} d USING batch b WHERE d.id = b.id AND b.at < ${before} ${spared} RETURNING 1)
      SELECT (SELECT count(*) FROM gone) AS gone, (SELECT max(id) FROM batch WHERE at < ${before}) AS last`.execute(
      tx,
    );
    return { gone: Number(rows[0]!.gone), last: rows[0]!.last };
  });
