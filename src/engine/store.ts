// How do records enter, get claimed, and get settled? The row of sync_records is also the queue: a claim is a lease,
// a settlement is fenced by the lease's number, and every move writes its event in the same transaction.
import { type Db, inTransaction, sql } from '../db/pool.ts';
import type { Exchange } from '../http/send.ts';
import { noteProblem, resolveEmptyProblems } from '../problems/store.ts';
import type { Verdict } from './attempt.ts';

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
  if (records.length === 0) return 0;
  const rows = records.map((record) => ({
    key: record.key,
    version: record.version.toISOString(),
    document_id: record.documentId.toString(),
    priority: record.priority,
    lesser: record.lesser ?? false,
    currency: record.currency ?? null,
    total_minor: record.totalMinor?.toString() ?? null,
    marketplace: record.marketplace ?? null,
    order_status: record.orderStatus ?? null,
    fulfilled_by: record.fulfilledBy ?? null,
    placed_at: record.placedAt?.toISOString() ?? null,
    ship_by_at: record.shipByAt?.toISOString() ?? null,
    labels: record.labels ?? [],
  }));
  const { rows: moved } = await sql<{ id: bigint; fresh: boolean; state: string }>`
    INSERT INTO sync_records AS s (flow_id, key, version, document_id, state, priority, due_at, currency, total_minor, marketplace,
      order_status, fulfilled_by, labels, placed_at, ship_by_at, created_at, updated_at)
    SELECT ${flowId}, r.key, r.version, r.document_id, 'queued', r.priority, ${now}, r.currency, r.total_minor, r.marketplace,
      r.order_status, r.fulfilled_by, ARRAY(SELECT jsonb_array_elements_text(r.labels)), r.placed_at, r.ship_by_at, ${now}, ${now}
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS r(key text, version timestamptz, document_id bigint, priority smallint,
      lesser boolean, currency char(3), total_minor bigint, marketplace text, order_status text, fulfilled_by text, labels jsonb,
      placed_at timestamptz, ship_by_at timestamptz)
    ORDER BY r.key
    ON CONFLICT (flow_id, key) DO UPDATE SET
      version = excluded.version, document_id = excluded.document_id, updated_at = ${now},
      state = CASE WHEN s.state = 'running' THEN s.state ELSE 'queued' END,
      dirty = s.state = 'running',
      priority = LEAST(excluded.priority, CASE WHEN s.state IN ('done', 'skipped') THEN 2 ELSE s.priority END),
      due_at = ${now}, attempts = CASE WHEN s.state = 'running' THEN s.attempts ELSE 0 END, reason = NULL,
      currency = excluded.currency, total_minor = COALESCE(excluded.total_minor, s.total_minor), marketplace = excluded.marketplace,
      order_status = excluded.order_status, fulfilled_by = excluded.fulfilled_by, labels = excluded.labels,
      placed_at = excluded.placed_at, ship_by_at = excluded.ship_by_at
    WHERE NOT (s.state = 'skipped' AND s.applied ? 'skippedBy')
      AND (excluded.version > s.version
        OR (excluded.version = s.version AND excluded.document_id > s.document_id
          AND NOT (SELECT lesser FROM jsonb_to_recordset(${JSON.stringify(rows.map(({ key, lesser }) => ({ key, lesser })))}::jsonb)
            AS q(key text, lesser boolean) WHERE q.key = excluded.key LIMIT 1)))
    RETURNING s.id, (s.xmax = 0) AS fresh, s.state`.execute(tx);
  if (moved.length > 0)
    await sql`INSERT INTO record_events (record_id, at, kind, from_state, to_state, actor, detail)
      SELECT e.id, ${now}, CASE WHEN e.fresh THEN 'received' ELSE 'renewed' END, NULL, e.state, 'crossdock', ${JSON.stringify({ via })}::jsonb
      FROM jsonb_to_recordset(${JSON.stringify(moved.map((row) => ({ ...row, id: row.id.toString() })))}::jsonb)
        AS e(id bigint, fresh boolean, state text)`.execute(tx);
  return moved.length;
}

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
  await sql`UPDATE sync_records SET lease_until = ${until}
    WHERE state = 'running' AND lease_by = ${workerId} AND id = ANY(${ids.map(String)}::bigint[])`.execute(
    db,
  );
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

export interface Settlement {
  readonly record: ClaimedRecord;
  readonly verdict: Verdict;
  readonly startedAt: Date;
  readonly finishedAt: Date;
}

/** Writes verdicts, attempts, events, problems and exchanges of many records in one transaction. */
export async function settleRecords(
  db: Db,
  settlements: readonly Settlement[],
  exchanges: readonly Exchange[],
  place: (flowId: string) => { readonly channelConnectionId: string },
): Promise<void> {
  await inTransaction(db, async (tx) => {
    await writeExchanges(tx, exchanges);
    if (settlements.length === 0) return;
    const rows = [];
    for (const settlement of settlements) rows.push(await settledRow(tx, settlement, place));
    const { rows: moved } = await sql<{ id: bigint; state: string }>`
      UPDATE sync_records s SET
        state = CASE WHEN s.dirty AND r.state IN ('done', 'skipped', 'parked', 'pending') THEN 'queued' ELSE r.state END,
        due_at = CASE WHEN s.dirty THEN r.at ELSE COALESCE(r.due_at, r.at) END,
        attempts = CASE WHEN r.state IN ('done', 'pending', 'skipped') THEN 0 WHEN r.counts THEN s.attempts + 1 ELSE s.attempts END,
        lease_by = NULL, lease_until = NULL, dirty = false, updated_at = r.at,
        external_id = COALESCE(r.external_id, s.external_id), remote_kind = COALESCE(r.remote_kind, s.remote_kind),
        remote_id = COALESCE(r.remote_id, s.remote_id), remote_number = COALESCE(r.remote_number, s.remote_number),
        applied = CASE WHEN r.applied IS NULL THEN s.applied ELSE s.applied || r.applied END,
        labels = CASE WHEN r.labels IS NULL THEN s.labels ELSE ARRAY(SELECT DISTINCT unnest(s.labels || ARRAY(SELECT jsonb_array_elements_text(r.labels)))) END,
        problem_id = CASE WHEN r.keeps_problem THEN s.problem_id ELSE r.problem_id END,
        problem = CASE WHEN r.keeps_problem THEN s.problem ELSE r.problem END,
        reason = r.reason, done_at = CASE WHEN r.state = 'done' THEN COALESCE(s.done_at, r.at) ELSE s.done_at END
      FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS r(id bigint, lease_number int, state text, due_at timestamptz, at timestamptz,
        counts boolean, external_id text, remote_kind text, remote_id text, remote_number text, applied jsonb, labels jsonb,
        problem_id bigint, problem jsonb, keeps_problem boolean, reason text)
      WHERE s.id = r.id AND s.lease_number = r.lease_number AND s.state = 'running'
      RETURNING s.id, s.state`.execute(tx);
    const states = new Map(moved.map((row) => [row.id.toString(), row.state]));
    // A record that another worker has taken over meanwhile is not ours to speak of: fenced by its lease number.
    const mine = rows
      .filter((row) => states.has(row.id))
      .map((row) => ({ ...row, settled: states.get(row.id) }));
    await writeHistory(tx, mine);
    const left = settlements
      .filter(({ record }) => record.problemId !== null && states.has(record.id.toString()))
      .map(({ record }) => record.problemId!);
    await resolveEmptyProblems(tx, [...new Set(left)], settlements[0]!.finishedAt, 'crossdock');
  });
}

async function settledRow(
  tx: Db,
  { record, verdict, startedAt, finishedAt }: Settlement,
  place: (flowId: string) => { readonly channelConnectionId: string },
) {
  const { delivered, problem } = verdict;
  let problemId: bigint | null = null;
  if (problem && verdict.state === 'parked')
    problemId = await noteProblem(
      tx,
      { flowId: record.flowId, connectionId: place(record.flowId).channelConnectionId, kind: 'error' },
      problem,
      finishedAt,
    );
  if (delivered?.task)
    await noteProblem(
      tx,
      {
        flowId: record.flowId,
        connectionId: place(record.flowId).channelConnectionId,
        kind: 'task',
        subject: record.key,
      },
      delivered.task,
      finishedAt,
    );
  return {
    id: record.id.toString(),
    lease_number: record.leaseNumber,
    state: verdict.state,
    due_at: verdict.at?.toISOString() ?? null,
    at: finishedAt.toISOString(),
    started_at: startedAt.toISOString(),
    counts: verdict.countsAsAttempt,
    external_id: delivered?.externalId ?? null,
    remote_kind: delivered?.remote?.kind ?? null,
    remote_id: delivered?.remote?.id ?? null,
    remote_number: delivered?.remote?.number ?? null,
    applied: delivered?.applied ?? null,
    labels: delivered?.labels ?? null,
    problem_id: problemId?.toString() ?? null,
    problem: problem
      ? {
          code: problem.code,
          message: problem.message,
          field: problem.field,
          nextSteps: problem.nextSteps,
          facts: problem.facts,
        }
      : null,
    keeps_problem: false,
    reason: delivered?.reason ?? null,
    from_state: record.from,
    code: problem?.code ?? null,
    message: problem?.message ?? null,
  };
}

async function writeHistory(tx: Db, rows: readonly object[]): Promise<void> {
  const json = JSON.stringify(rows);
  await sql`INSERT INTO attempts (record_id, started_at, finished_at, outcome, code, message)
    SELECT r.id, r.started_at, r.at, r.state, r.code, r.message FROM jsonb_to_recordset(${json}::jsonb)
      AS r(id bigint, started_at timestamptz, at timestamptz, state text, code text, message text)`.execute(
    tx,
  );
  await sql`INSERT INTO record_events (record_id, at, kind, from_state, to_state, actor, detail)
    SELECT r.id, r.at, 'settled', r.from_state, r.settled, 'crossdock',
      jsonb_strip_nulls(jsonb_build_object('reason', r.reason, 'code', r.code, 'until', r.due_at, 'remoteId', r.remote_id))
    FROM jsonb_to_recordset(${json}::jsonb)
      AS r(id bigint, at timestamptz, from_state text, settled text, reason text, code text, due_at timestamptz, remote_id text)`.execute(
    tx,
  );
}

export async function writeExchanges(tx: Db, exchanges: readonly Exchange[]): Promise<void> {
  if (exchanges.length === 0) return;
  const rows = exchanges.map((one) => ({
    connection_id: one.connectionId,
    record_id: one.recordId?.toString() ?? null,
    run_id: one.runId?.toString() ?? null,
    at: one.at.toISOString(),
    bucket: one.bucket,
    method: one.method,
    url: one.url,
    request: one.request,
    status: one.status,
    response: one.response,
    duration_ms: one.durationMs,
    failure: one.failure,
  }));
  await sql`INSERT INTO exchanges (connection_id, record_id, run_id, at, bucket, method, url, request, status, response, duration_ms, failure)
    SELECT * FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS r(connection_id text, record_id bigint, run_id bigint, at timestamptz,
      bucket text, method text, url text, request jsonb, status int, response jsonb, duration_ms int, failure text)`.execute(
    tx,
  );
}

/** Puts records back into the queue because a person asked (or their flow or lookups changed). */
export async function requeueRecords(
  tx: Db,
  filter: {
    readonly ids?: readonly string[];
    readonly flowId?: string;
    readonly state?: string;
    readonly problemId?: string;
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
      FOR UPDATE SKIP LOCKED),
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
  filter: { readonly ids?: readonly string[]; readonly problemId?: string },
  reason: string,
  now: Date,
  actor: string,
): Promise<number> {
  const { rows } = await sql<{ id: bigint; problem_id: bigint | null }>`
    WITH chosen AS (
      SELECT id, state, problem_id FROM sync_records WHERE state IN ('queued', 'waiting', 'verifying', 'pending', 'parked')
        AND (${filter.ids ?? null}::bigint[] IS NULL OR id = ANY(${filter.ids ?? null}::bigint[]))
        AND (${filter.problemId ?? null}::bigint IS NULL OR problem_id = ${filter.problemId ?? null}::bigint)
      FOR UPDATE SKIP LOCKED),
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
