// What does a flow do by itself, how far has it read, and what did each reading bring? Schedules, cursors, runs, and
// the orders that are to be read one by one.
import { type Db, sql } from '../../db/pool.ts';

export interface FlowRow {
  readonly id: string;
  readonly kind: string;
  readonly channelConnectionId: string;
  readonly erpConnectionId: string;
  readonly settings: unknown;
  readonly state: 'active' | 'paused';
}

/** Every flow, and whether it may work: itself active and both its connections too. */
export async function listFlows(db: Db): Promise<readonly (FlowRow & { readonly runnable: boolean })[]> {
  const { rows } = await sql<{
    id: string;
    kind: string;
    channel_connection_id: string;
    erp_connection_id: string;
    settings: unknown;
    state: 'active' | 'paused';
    runnable: boolean;
  }>`SELECT f.id, f.kind, f.channel_connection_id, f.erp_connection_id, f.settings, f.state,
      f.state = 'active' AND c.state = 'active' AND e.state = 'active' AS runnable
    FROM flows f JOIN connections c ON c.id = f.channel_connection_id JOIN connections e ON e.id = f.erp_connection_id
    ORDER BY f.id`.execute(db);
  return rows.map((row) => ({
    id: row.id,
    kind: row.kind,
    channelConnectionId: row.channel_connection_id,
    erpConnectionId: row.erp_connection_id,
    settings: row.settings,
    state: row.state,
    runnable: row.runnable,
  }));
}

export async function saveFlowRow(tx: Db, flow: Omit<FlowRow, 'state'>, now: Date): Promise<void> {
  await sql`INSERT INTO flows (id, kind, channel_connection_id, erp_connection_id, settings, state, created_at, updated_at)
    VALUES (${flow.id}, ${flow.kind}, ${flow.channelConnectionId}, ${flow.erpConnectionId}, ${JSON.stringify(flow.settings)}::jsonb, 'active', ${now}, ${now})
    ON CONFLICT (id) DO UPDATE SET settings = excluded.settings, updated_at = ${now}`.execute(tx);
}

export async function setFlowRowState(
  tx: Db,
  flowId: string,
  state: 'active' | 'paused',
  reason: string | null,
  now: Date,
): Promise<void> {
  await sql`UPDATE flows SET state = ${state}, state_reason = ${reason}, updated_at = ${now} WHERE id = ${flowId}`.execute(
    tx,
  );
}

/** Declares the tasks of a flow; a changed interval takes effect at once, the next moment is kept when it is sooner. */
export async function declareTasks(
  db: Db,
  flowId: string,
  tasks: readonly { readonly name: string; readonly everySeconds: number; readonly firstAt: Date }[],
): Promise<void> {
  for (const task of tasks)
    await sql`INSERT INTO flow_tasks (flow_id, task, every_seconds, next_at) VALUES (${flowId}, ${task.name}, ${task.everySeconds}, ${task.firstAt})
      ON CONFLICT (flow_id, task) DO UPDATE SET every_seconds = excluded.every_seconds,
        next_at = CASE WHEN flow_tasks.every_seconds <> excluded.every_seconds THEN LEAST(flow_tasks.next_at, excluded.next_at) ELSE flow_tasks.next_at END`.execute(
      db,
    );
}

export interface TaskClaim {
  readonly flowId: string;
  readonly task: string;
  readonly everySeconds: number;
}

/** Takes one due task of a flow under a lease, or none. */
export async function claimTask(
  db: Db,
  flowId: string,
  workerId: string,
  now: Date,
  leaseUntil: Date,
): Promise<TaskClaim | undefined> {
  const { rows } = await sql<{ flow_id: string; task: string; every_seconds: number }>`
    UPDATE flow_tasks SET lease_by = ${workerId}, lease_until = ${leaseUntil}
    WHERE (flow_id, task) = (SELECT flow_id, task FROM flow_tasks
      WHERE flow_id = ${flowId} AND next_at <= ${now} AND (lease_until IS NULL OR lease_until < ${now})
      ORDER BY next_at LIMIT 1 FOR UPDATE SKIP LOCKED)
    RETURNING flow_id, task, every_seconds`.execute(db);
  const row = rows[0];
  return row && { flowId: row.flow_id, task: row.task, everySeconds: row.every_seconds };
}

export async function prolongTask(db: Db, claim: TaskClaim, workerId: string, until: Date): Promise<void> {
  await sql`UPDATE flow_tasks SET lease_until = ${until} WHERE flow_id = ${claim.flowId} AND task = ${claim.task} AND lease_by = ${workerId}`.execute(
    db,
  );
}

/** Leases on tasks held by a predecessor with the same worker id, or expired, are simply free again. */
export async function returnTasks(db: Db, workerId: string): Promise<void> {
  await sql`UPDATE flow_tasks SET lease_by = NULL, lease_until = NULL WHERE lease_by = ${workerId}`.execute(
    db,
  );
}

export async function finishTask(
  tx: Db,
  claim: TaskClaim,
  nextAt: Date,
  runId: bigint | null,
): Promise<void> {
  await sql`UPDATE flow_tasks SET lease_by = NULL, lease_until = NULL, next_at = ${nextAt}, last_run_id = COALESCE(${runId}, last_run_id)
    WHERE flow_id = ${claim.flowId} AND task = ${claim.task}`.execute(tx);
}

/** Asks for a task now; returns false when the flow has no such task. */
export async function hastenTask(db: Db, flowId: string, task: string, now: Date): Promise<boolean> {
  const result =
    await sql`UPDATE flow_tasks SET next_at = LEAST(next_at, ${now}) WHERE flow_id = ${flowId} AND task = ${task}`.execute(
      db,
    );
  return (result.numAffectedRows ?? 0n) > 0n;
}

export async function beginRun(
  db: Db,
  flowId: string,
  task: string,
  askedBy: string,
  now: Date,
): Promise<bigint> {
  const { rows } = await sql<{ id: bigint }>`INSERT INTO runs (flow_id, task, started_at, asked_by)
    VALUES (${flowId}, ${task}, ${now}, ${askedBy}) RETURNING id`.execute(db);
  return rows[0]!.id;
}

export async function endRun(
  db: Db,
  runId: bigint,
  end: {
    readonly at: Date;
    readonly outcome: 'done' | 'waiting' | 'failed';
    readonly counts: Readonly<Record<string, number>>;
    readonly error?: unknown;
  },
): Promise<void> {
  await sql`UPDATE runs SET finished_at = ${end.at}, outcome = ${end.outcome}, counts = ${JSON.stringify(end.counts)}::jsonb,
    error = ${end.error === undefined ? null : JSON.stringify(end.error)}::jsonb WHERE id = ${runId}`.execute(
    db,
  );
}

/** Runs that brought nothing are remembered for a day only; the others stay. */
export async function forgetEmptyRuns(db: Db, before: Date): Promise<void> {
  await sql`DELETE FROM runs r WHERE finished_at < ${before} AND outcome = 'done' AND counts = '{}'::jsonb
    AND NOT EXISTS (SELECT 1 FROM flow_tasks t WHERE t.last_run_id = r.id)`.execute(db);
  await sql`DELETE FROM exchanges WHERE record_id IS NULL AND at < ${before}`.execute(db);
}

export async function readCursor<Value>(db: Db, flowId: string, name: string): Promise<Value | undefined> {
  const { rows } = await sql<{
    value: Value;
  }>`SELECT value FROM cursors WHERE flow_id = ${flowId} AND name = ${name}`.execute(db);
  return rows[0]?.value;
}

/** Moves a cursor; called in the transaction that stores what was read. */
export async function moveCursor(
  tx: Db,
  flowId: string,
  name: string,
  value: object,
  now: Date,
): Promise<void> {
  await sql`INSERT INTO cursors (flow_id, name, value, moved_at) VALUES (${flowId}, ${name}, ${JSON.stringify(value)}::jsonb, ${now})
    ON CONFLICT (flow_id, name) DO UPDATE SET value = excluded.value, moved_at = excluded.moved_at`.execute(
    tx,
  );
}

export async function dropCursor(tx: Db, flowId: string, name: string): Promise<void> {
  await sql`DELETE FROM cursors WHERE flow_id = ${flowId} AND name = ${name}`.execute(tx);
}

export interface Fetch {
  readonly key: string;
  readonly reason: 'hint' | 'asked' | 'address' | 'read-back';
  readonly priority: 0 | 1 | 2;
  readonly wantedSince: Date;
}

/** Asks for orders to be read one by one. A wish already known is only made more urgent. */
export async function wantOrders(
  tx: Db,
  flowId: string,
  fetches: readonly Fetch[],
  now: Date,
): Promise<void> {
  if (fetches.length === 0) return;
  const rows = fetches.map((fetch) => ({
    key: fetch.key,
    reason: fetch.reason,
    priority: fetch.priority,
    wanted_since: fetch.wantedSince.toISOString(),
  }));
  await sql`INSERT INTO fetches AS f (flow_id, key, reason, priority, due_at, wanted_since)
    SELECT ${flowId}, r.key, min(r.reason), min(r.priority), ${now}, max(r.wanted_since)
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS r(key text, reason text, priority smallint, wanted_since timestamptz)
    GROUP BY r.key ORDER BY r.key
    ON CONFLICT (flow_id, key) DO UPDATE SET priority = LEAST(f.priority, excluded.priority), due_at = LEAST(f.due_at, excluded.due_at),
      wanted_since = GREATEST(f.wanted_since, excluded.wanted_since)`.execute(tx);
}

/** Asks the orders flows of a channel connection to read orders that another flow needs. */
export async function wantOrdersOfShop(
  db: Db,
  channelConnectionId: string,
  keys: readonly string[],
  now: Date,
): Promise<void> {
  const { rows } = await sql<{ id: string }>`
    SELECT id FROM flows WHERE kind = 'orders.import' AND channel_connection_id = ${channelConnectionId} ORDER BY id`.execute(
    db,
  );
  for (const { id } of rows)
    await wantOrders(
      db,
      id,
      keys.map((key) => ({ key, reason: 'asked' as const, priority: 1 as const, wantedSince: now })),
      now,
    );
}

/** Drops wishes that what is stored already answers: the version here is not older than the notice. */
export async function dropAnsweredFetches(tx: Db, flowId: string): Promise<void> {
  await sql`DELETE FROM fetches f USING sync_records r, documents d
    WHERE f.flow_id = ${flowId} AND r.flow_id = f.flow_id AND r.key = f.key AND d.id = r.document_id
      AND ((f.reason = 'hint' AND r.version >= f.wanted_since AND d.via <> 'report')
        OR (f.reason = 'address' AND d.via <> 'report'))`.execute(tx);
}

export async function claimFetches(
  db: Db,
  flowId: string,
  limit: number,
  now: Date,
  leaseUntil: Date,
): Promise<readonly Fetch[]> {
  const { rows } = await sql<{
    key: string;
    reason: Fetch['reason'];
    priority: 0 | 1 | 2;
    wanted_since: Date;
  }>`
    UPDATE fetches f SET lease_until = ${leaseUntil}, attempts = attempts + 1
    FROM (SELECT flow_id, key FROM fetches WHERE flow_id = ${flowId} AND due_at <= ${now} AND (lease_until IS NULL OR lease_until < ${now})
      ORDER BY priority, due_at LIMIT ${limit} FOR UPDATE SKIP LOCKED) due
    WHERE f.flow_id = due.flow_id AND f.key = due.key
    RETURNING f.key, f.reason, f.priority, f.wanted_since`.execute(db);
  return rows
    .sort((a, b) => a.priority - b.priority)
    .map((row) => ({
      key: row.key,
      reason: row.reason,
      priority: row.priority,
      wantedSince: row.wanted_since,
    }));
}

export async function dropFetch(tx: Db, flowId: string, key: string): Promise<void> {
  await sql`DELETE FROM fetches WHERE flow_id = ${flowId} AND key = ${key}`.execute(tx);
}

export async function postponeFetch(db: Db, flowId: string, key: string, dueAt: Date): Promise<void> {
  await sql`UPDATE fetches SET lease_until = NULL, due_at = ${dueAt} WHERE flow_id = ${flowId} AND key = ${key}`.execute(
    db,
  );
}
