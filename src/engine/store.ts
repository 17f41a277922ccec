// How do records enter the queue, get claimed and come back? The row of sync_records is also the queue: a claim is a
// lease, and every move writes its event in the same transaction. How they are settled: settlements/store.ts.

import { type Db, sql } from '../db/pool.ts';
import { inTurns, runRows, type Value, valuesList } from '../db/rows.ts';
import { resolveEmptyProblems } from '../problems/store.ts';

/** What lists and filters need to know of a record, taken from its document. */
export interface RecordFacts {
  readonly currency?: string | null;
  readonly totalMinor?: bigint | null;
  readonly marketplace?: string | null;
  readonly orderStatus?: string | null;
  readonly fulfilledBy?: string | null;
  readonly placedAt?: Date | null;
  readonly shipByAt?: Date | null;
  readonly labels?: readonly string[];
}

export interface RecordIn extends RecordFacts {
  readonly key: string;
  readonly version: Date;
  readonly documentId: bigint;
  readonly priority: 0 | 1 | 2;
  /** Documents of lesser quality (report rows) do not replace an equal version of better quality. */
  readonly lesser?: boolean;
}

export interface ClaimedRecord {
  readonly id: bigint;
  readonly flowId: string;
  readonly key: string;
  readonly version: Date;
  readonly documentId: bigint;
  readonly attempts: number;
  readonly leaseNumber: number;
  /** The state it was claimed from: `verifying` means a write may already have happened. */
  readonly from: string;
  readonly externalId: string | null;
  readonly remoteKind: string | null;
  readonly remoteId: string | null;
  readonly remoteNumber: string | null;
  readonly applied: Readonly<Record<string, unknown>>;
  readonly problemId: bigint | null;
  readonly labels: readonly string[];
  readonly updatedAt: Date;
}

/**
 * Stores new versions and queues them. A record that is running is marked dirty and queued again when it settles; an
 * older or equal version changes nothing. Returns how many records were new or renewed.
 */
export async function queueRecords(
  tx: Db,
  flowId: string,
  records: readonly RecordIn[],
  via: string,
  now: Date,
): Promise<number> {
  let moved = 0;
  // Rows are locked in the order of their keys: two pages stored side by side never wait for each other in a circle.
  const sorted = [...records].sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
  for (const turn of inTurns(sorted)) {
    const rows = await runRows<{ id: bigint }>(
      tx,
      queueing(turn.length),
      [flowId, now.toISOString(), JSON.stringify({ via })],
      turn.map(queuedRow),
    );
    moved += rows.length;
  }
  return moved;
}

const queuedTypes =
  'text,timestamptz,bigint,smallint,boolean,char(3),bigint,text,text,text,text[],timestamptz,timestamptz'.split(
    ',',
  );

function queuedRow(record: RecordIn): readonly Value[] {
  return [
    record.key,
    record.version.toISOString(),
    record.documentId.toString(),
    record.priority,
    record.lesser ?? false,
    record.currency ?? null,
    record.totalMinor?.toString() ?? null,
    record.marketplace ?? null,
    record.orderStatus ?? null,
    record.fulfilledBy ?? null,
    record.labels ?? [],
    record.placedAt?.toISOString() ?? null,
    record.shipByAt?.toISOString() ?? null,
  ];
}

/** $1 flow, $2 now, $3 what the event tells, then the rows. */
const queueing = (count: number): string => `
  WITH r (key, version, document_id, priority, lesser, currency, total_minor, marketplace, order_status, fulfilled_by, labels,
      placed_at, ship_by_at) AS (VALUES ${valuesList(queuedTypes, count, 3)}),
  moved AS (
    INSERT INTO sync_records AS s (flow_id, key, version, document_id, state, priority, due_at, currency, total_minor, marketplace,
      order_status, fulfilled_by, labels, placed_at, ship_by_at, created_at, updated_at)
    SELECT $1, r.key, r.version, r.document_id, 'queued', r.priority, $2::timestamptz, r.currency, r.total_minor, r.marketplace,
      r.order_status, r.fulfilled_by, r.labels, r.placed_at, r.ship_by_at, $2::timestamptz, $2::timestamptz
    FROM r
    ON CONFLICT (flow_id, key) DO UPDATE SET
      version = excluded.version, document_id = excluded.document_id, updated_at = excluded.updated_at,
      state = CASE WHEN s.state = 'running' THEN s.state ELSE 'queued' END,
      dirty = s.state = 'running',
      priority = LEAST(excluded.priority, CASE WHEN s.state IN ('done', 'skipped') THEN 2 ELSE s.priority END),
      due_at = excluded.due_at, attempts = CASE WHEN s.state = 'running' THEN s.attempts ELSE 0 END, reason = NULL,
      currency = excluded.currency, total_minor = COALESCE(excluded.total_minor, s.total_minor), marketplace = excluded.marketplace,
      order_status = excluded.order_status, fulfilled_by = excluded.fulfilled_by, labels = excluded.labels,
      placed_at = excluded.placed_at, ship_by_at = excluded.ship_by_at
    WHERE NOT (s.state = 'skipped' AND s.applied ? 'skippedBy')
      AND (excluded.version > s.version
        OR (excluded.version = s.version AND excluded.document_id > s.document_id
          AND NOT (SELECT lesser FROM r WHERE r.key = excluded.key LIMIT 1)))
    RETURNING s.id, (s.xmax = 0) AS fresh, s.state)
  INSERT INTO record_events (record_id, at, kind, to_state, actor, detail)
  SELECT id, $2::timestamptz, CASE WHEN fresh THEN 'received' ELSE 'renewed' END, state, 'crossdock', $3::jsonb FROM moved
  RETURNING record_id AS id`;

/** Takes up to `limit` due records of a flow under a lease; most urgent first, then longest due. */
export async function claimRecords(
  db: Db,
  flowId: string,
  claim: { readonly limit: number; readonly workerId: string; readonly now: Date; readonly leaseUntil: Date },
): Promise<readonly ClaimedRecord[]> {
  const { rows } = await sql<ClaimedRow>`
    WITH due AS (
      SELECT id, state FROM sync_records
      WHERE flow_id = ${flowId} AND state IN ('queued', 'waiting', 'verifying', 'pending') AND due_at <= ${claim.now}
      ORDER BY priority, due_at LIMIT ${claim.limit} FOR UPDATE SKIP LOCKED)
    UPDATE sync_records s SET state = 'running', lease_by = ${claim.workerId}, lease_until = ${claim.leaseUntil},
      lease_number = lease_number + 1, dirty = false
    FROM due WHERE s.id = due.id
    RETURNING s.id, s.flow_id, s.key, s.version, s.document_id, s.attempts, s.lease_number, due.state AS from_state, s.external_id,
      s.remote_kind, s.remote_id, s.remote_number, s.applied, s.problem_id, s.labels, s.updated_at, s.priority`.execute(
    db,
  );
  return rows
    .sort((a, b) => a.priority - b.priority || Number(a.id - b.id))
    .map((row) => ({
      id: row.id,
      flowId: row.flow_id,
      key: row.key,
      version: row.version,
      documentId: row.document_id,
      attempts: row.attempts,
      leaseNumber: row.lease_number,
      from: row.from_state,
      externalId: row.external_id,
      remoteKind: row.remote_kind,
      remoteId: row.remote_id,
      remoteNumber: row.remote_number,
      applied: row.applied,
      problemId: row.problem_id,
      labels: row.labels,
      updatedAt: row.updated_at,
    }));
}

interface ClaimedRow {
  id: bigint;
  flow_id: string;
  key: string;
  version: Date;
  document_id: bigint;
  attempts: number;
  lease_number: number;
  from_state: string;
  external_id: string | null;
  remote_kind: string | null;
  remote_id: string | null;
  remote_number: string | null;
  applied: Record<string, unknown>;
  problem_id: bigint | null;
  labels: string[];
  updated_at: Date;
  priority: number;
}

/** Prolongs the leases of what a worker really still holds; a record whose outcome was lost is not among them. */
export async function prolongLeases(
  db: Db,
  workerId: string,
  ids: readonly bigint[],
  until: Date,
): Promise<void> {
  if (ids.length === 0) return;
  // A row that is locked is being settled just now: it needs no longer lease, and waiting for it could be a deadlock.
  await sql`UPDATE sync_records SET lease_until = ${until} WHERE id IN (
    SELECT id FROM sync_records WHERE state = 'running' AND lease_by = ${workerId} AND id = ANY(${ids.map(String)}::bigint[])
    FOR UPDATE SKIP LOCKED)`.execute(db);
}

/**
 * Gives back what dead workers held. Such a record may have been sent, so it goes to `verifying`: it is looked up
 * before anything is sent again. A worker that starts under an id gives back what its predecessor of that id held.
 */
export async function returnLeases(db: Db, now: Date, workerId?: string): Promise<number> {
  const { rows } = await sql<{ id: bigint }>`
    WITH returned AS (
      UPDATE sync_records SET state = 'verifying', due_at = ${now}, lease_by = NULL, lease_until = NULL, dirty = false
      WHERE state = 'running' AND (lease_until < ${now} OR lease_by = ${workerId ?? ''}) RETURNING id)
    INSERT INTO record_events (record_id, at, kind, from_state, to_state, actor, detail)
    SELECT id, ${now}, 'lease-returned', 'running', 'verifying', 'crossdock', '{}'::jsonb FROM returned RETURNING record_id AS id`.execute(
    db,
  );
  return rows.length;
}

/** Writes what a delivery is about to do, before it does it, so that a killed process leaves a trace. */
export async function noteIntent(
  db: Db,
  record: ClaimedRecord,
  intent: Readonly<Record<string, unknown>>,
): Promise<boolean> {
  const result = await sql`UPDATE sync_records SET applied = applied || ${JSON.stringify(intent)}::jsonb
    WHERE id = ${record.id} AND lease_number = ${record.leaseNumber} AND state = 'running'`.execute(db);
  return (result.numAffectedRows ?? 0n) > 0n;
}

/** Puts records back into the queue because a person asked (or their flow or lookups changed). */
export async function requeueRecords(
  tx: Db,
  filter: {
    readonly ids?: readonly string[];
    readonly flowId?: string;
    readonly state?: string;
    readonly problemId?: string;
    /** At most so many; asked again until none is left. */
    readonly limit?: number;
  },
  now: Date,
  actor: string,
): Promise<number> {
  // The record keeps its problem until it settles: a problem is resolved by success, not by hope.
  const { rows } = await sql<{ id: bigint }>`
    WITH chosen AS (
      SELECT id, state FROM sync_records
      WHERE state IN ('parked', 'skipped', 'done', 'waiting', 'verifying', 'pending')
        AND (${filter.ids ?? null}::bigint[] IS NULL OR id = ANY(${filter.ids ?? null}::bigint[]))
        AND (${filter.flowId ?? null}::text IS NULL OR flow_id = ${filter.flowId ?? null})
        AND (${filter.state ?? null}::text IS NULL OR state = ${filter.state ?? null})
        AND (${filter.problemId ?? null}::bigint IS NULL OR problem_id = ${filter.problemId ?? null}::bigint)
      LIMIT ${filter.limit ?? null} FOR UPDATE SKIP LOCKED),
    moved AS (
      UPDATE sync_records s SET
        state = CASE WHEN c.state = 'verifying' THEN 'verifying' ELSE 'queued' END, due_at = ${now}, attempts = 0, priority = 0,
        applied = s.applied - 'skippedBy', updated_at = ${now}
      FROM chosen c WHERE s.id = c.id RETURNING s.id, c.state AS was, s.state),
    told AS (
      INSERT INTO record_events (record_id, at, kind, from_state, to_state, actor)
      SELECT id, ${now}, 'retried', was, state, ${actor} FROM moved)
    SELECT id FROM moved`.execute(tx);
  return rows.length;
}

/** Takes records out of the flow with a person's reason. */
export async function skipRecords(
  tx: Db,
  filter: { readonly ids?: readonly string[]; readonly problemId?: string; readonly limit?: number },
  reason: string,
  now: Date,
  actor: string,
): Promise<number> {
  const { rows } = await sql<{ id: bigint; problem_id: bigint | null }>`
    WITH chosen AS (
      SELECT id, state, problem_id FROM sync_records WHERE state IN ('queued', 'waiting', 'verifying', 'pending', 'parked')
        AND (${filter.ids ?? null}::bigint[] IS NULL OR id = ANY(${filter.ids ?? null}::bigint[]))
        AND (${filter.problemId ?? null}::bigint IS NULL OR problem_id = ${filter.problemId ?? null}::bigint)
      LIMIT ${filter.limit ?? null} FOR UPDATE SKIP LOCKED),
    moved AS (
      UPDATE sync_records s SET state = 'skipped', reason = ${reason}, updated_at = ${now}, problem_id = NULL, problem = NULL,
        applied = s.applied || jsonb_build_object('skippedBy', ${actor}::text)
      FROM chosen c WHERE s.id = c.id RETURNING s.id, c.state AS was, c.problem_id),
    told AS (
      INSERT INTO record_events (record_id, at, kind, from_state, to_state, actor, detail)
      SELECT id, ${now}, 'skipped', was, 'skipped', ${actor}, jsonb_build_object('reason', ${reason}::text) FROM moved)
    SELECT id, problem_id FROM moved`.execute(tx);
  await resolveEmptyProblems(
    tx,
    [...new Set(rows.flatMap((row) => (row.problem_id === null ? [] : [row.problem_id])))],
    now,
    actor,
  );
  return rows.length;
}

/** The earliest moment at which a record of the flow becomes due, for a worker that has nothing to do. */
export async function nextDue(db: Db, flowId: string): Promise<Date | undefined> {
  const { rows } = await sql<{ due_at: Date | null }>`SELECT min(due_at) AS due_at FROM sync_records
    WHERE flow_id = ${flowId} AND state IN ('queued', 'waiting', 'verifying', 'pending')`.execute(db);
  return rows[0]?.due_at ?? undefined;
}
