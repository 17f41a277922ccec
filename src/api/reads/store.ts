// What do lists and pages show? Reads only; every change goes through operations.ts.
import { type Db, sql } from '../../db/pool.ts';

export interface RecordQuery {
  readonly state?: string;
  readonly flow?: string;
  readonly q?: string;
  readonly problem?: string;
  readonly marketplace?: string;
  readonly atRisk?: boolean;
  readonly cursor?: string;
  readonly limit: number;
}

const columns =
  sql.raw(`r.id, r.flow_id, r.key, r.state, r.version, r.attempts, r.external_id, r.remote_kind, r.remote_id, r.remote_number, r.reason, r.problem, r.problem_id, r.currency, r.total_minor,
  r.marketplace, r.order_status, r.fulfilled_by, r.labels, r.placed_at, r.ship_by_at, r.done_at, r.due_at, r.created_at, r.updated_at`);

/** A page of records, newest first; `q` is any id of either system, by its beginning. */
export async function listRecords(db: Db, query: RecordQuery, now: Date) {
  const states = query.state?.split(',').filter(Boolean) ?? [];
  const prefix = query.q ? `${query.q.replace(/[\\%_]/g, '\\$&')}%` : null;
  const soon = new Date(now.getTime() + 24 * 3_600_000);
  const { rows } = await sql<Record<string, unknown> & { id: bigint }>`SELECT ${columns} FROM sync_records r
    WHERE (${states.length === 0} OR r.state = ANY(${states}::text[])) AND (${query.flow ?? null}::text IS NULL OR r.flow_id = ${query.flow ?? null})
      AND (${query.problem ?? null}::bigint IS NULL OR r.problem_id = ${query.problem ?? null}::bigint) AND (${query.marketplace ?? null}::text IS NULL OR r.marketplace = ${query.marketplace ?? null})
      AND (NOT ${query.atRisk ?? false} OR (r.ship_by_at IS NOT NULL AND r.ship_by_at < ${soon}))
      AND (${prefix}::text IS NULL OR r.key LIKE ${prefix} OR r.remote_id = ${query.q ?? ''} OR r.remote_number = ${query.q ?? ''} OR r.external_id = ${query.q ?? ''})
      AND (${query.cursor ?? null}::bigint IS NULL OR r.id < ${query.cursor ?? null}::bigint)
    ORDER BY r.id DESC LIMIT ${query.limit + 1}`.execute(db);
  const items = rows.slice(0, query.limit);
  return { items, next: rows.length > query.limit ? items.at(-1)!.id.toString() : null };
}

export async function readRecord(db: Db, id: string) {
  const { rows } = await sql<
    Record<string, unknown> & { id: bigint; key: string; flow_id: string; document_id: bigint }
  >`SELECT ${columns}, r.document_id, r.applied FROM sync_records r WHERE r.id = ${id}::bigint`.execute(db);
  const record = rows[0];
  if (!record) return undefined;
  const [events, attempts, related, notes, documents] = await Promise.all([
    sql`SELECT id, at, kind, from_state, to_state, actor, detail FROM record_events WHERE record_id = ${record.id} ORDER BY id LIMIT 500`.execute(
      db,
    ),
    sql`SELECT started_at, finished_at, outcome, code, message FROM attempts WHERE record_id = ${record.id} ORDER BY id DESC LIMIT 100`.execute(
      db,
    ),
    sql`SELECT id, flow_id, key, state, reason, updated_at FROM sync_records WHERE (key = ${record.key.split('/')[0]} OR key LIKE ${`${record.key.split('/')[0]}/%`}) AND id <> ${record.id} ORDER BY id LIMIT 50`.execute(
      db,
    ),
    sql`SELECT at, author, text FROM notes WHERE subject = ${`record:${id}`} ORDER BY id`.execute(db),
    sql`SELECT d.id, d.version, d.via, d.received_at, d.kept, d.personal IS NOT NULL AS has_personal FROM documents d JOIN flows f ON f.id = ${record.flow_id} AND d.connection_id = f.channel_connection_id WHERE d.key = ${record.key} ORDER BY d.id DESC LIMIT 20`.execute(
      db,
    ),
  ]);
  return {
    record,
    events: events.rows,
    attempts: attempts.rows,
    related: related.rows,
    notes: notes.rows,
    documents: documents.rows,
  };
}

export async function readExchanges(db: Db, recordId: string) {
  const { rows } =
    await sql`SELECT id, connection_id, at, bucket, method, url, request, status, response, duration_ms, failure FROM exchanges WHERE record_id = ${recordId}::bigint ORDER BY id DESC LIMIT 100`.execute(
      db,
    );
  return rows;
}

export async function addNote(
  db: Db,
  subject: string,
  author: string,
  text: string,
  now: Date,
): Promise<void> {
  await sql`INSERT INTO notes (subject, at, author, text) VALUES (${subject}, ${now}, ${author}, ${text})`.execute(
    db,
  );
}

export async function readOverview(db: Db, now: Date) {
  const day = new Date(now.getTime() - 24 * 3_600_000);
  const [states, hours, latency, risk, causes, connections, quotas] = await Promise.all([
    sql`SELECT flow_id, state, count(*) AS n, count(*) FILTER (WHERE updated_at >= ${day}) AS today FROM sync_records GROUP BY 1, 2 ORDER BY 1, 2`.execute(
      db,
    ),
    sql`SELECT date_trunc('hour', placed_at) AS hour, marketplace, count(*) AS n FROM sync_records WHERE placed_at >= ${day} GROUP BY 1, 2 ORDER BY 1`.execute(
      db,
    ),
    sql`SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM done_at - created_at)) AS median, percentile_cont(0.95) WITHIN GROUP (ORDER BY extract(epoch FROM done_at - created_at)) AS p95
      FROM sync_records WHERE done_at >= ${day} AND order_status IS NOT NULL`.execute(db),
    sql`SELECT count(*) AS n FROM sync_records WHERE ship_by_at IS NOT NULL AND ship_by_at < ${new Date(now.getTime() + 24 * 3_600_000)} AND state <> 'skipped'`.execute(
      db,
    ),
    sql`SELECT p.id, p.code, p.message, count(r.id) AS n FROM problems p LEFT JOIN sync_records r ON r.problem_id = p.id WHERE p.state = 'open' GROUP BY p.id ORDER BY count(r.id) DESC, p.id DESC LIMIT 10`.execute(
      db,
    ),
    sql`SELECT id, side, connector, title, state, state_reason, demo, checked_at FROM connections ORDER BY id`.execute(
      db,
    ),
    listQuotas(db),
  ]);
  return {
    now,
    states: states.rows,
    hours: hours.rows,
    latency: latency.rows[0],
    atRisk: risk.rows[0],
    causes: causes.rows,
    connections: connections.rows,
    quotas,
  };
}

export async function listQuotas(db: Db) {
  const { rows } =
    await sql`SELECT connection_id, bucket, kind, tokens, per_second, burst, as_of, spent, refused FROM quotas WHERE connection_id IN (SELECT id FROM connections) ORDER BY 1, 2`.execute(
      db,
    );
  return rows;
}

export async function listProblems(db: Db, state: string) {
  const { rows } =
    await sql`SELECT p.id, p.flow_id, p.connection_id, p.kind, p.code, p.message, p.field, p.next_steps, p.facts, p.state, p.seen, p.first_seen_at, p.last_seen_at, p.assignee, p.close_reason,
      (SELECT count(*) FROM sync_records r WHERE r.problem_id = p.id) AS records, (SELECT r.id FROM sync_records r WHERE r.problem_id = p.id ORDER BY r.id LIMIT 1) AS example_id, (SELECT r.key FROM sync_records r WHERE r.problem_id = p.id ORDER BY r.id LIMIT 1) AS example_key
    FROM problems p WHERE p.state = ${state} ORDER BY p.last_seen_at DESC LIMIT 500`.execute(db);
  return rows;
}

export async function listFlowDetails(db: Db) {
  const [flows, tasks, runs, cursors] = await Promise.all([
    sql<{
      id: string;
    }>`SELECT id, kind, channel_connection_id, erp_connection_id, settings, state, state_reason, updated_at FROM flows ORDER BY id`.execute(
      db,
    ),
    sql<{
      flow_id: string;
    }>`SELECT flow_id, task, every_seconds, next_at, lease_by, last_run_id FROM flow_tasks ORDER BY flow_id, task`.execute(
      db,
    ),
    sql<{
      flow_id: string;
    }>`SELECT id, flow_id, task, started_at, finished_at, outcome, counts, error, asked_by FROM runs WHERE counts <> '{}'::jsonb OR outcome <> 'done' ORDER BY id DESC LIMIT 60`.execute(
      db,
    ),
    sql<{
      flow_id: string;
    }>`SELECT flow_id, name, value, moved_at FROM cursors ORDER BY flow_id, name`.execute(db),
  ]);
  const of = <Row extends { flow_id: string }>(rows: readonly Row[], id: string) =>
    rows.filter((row) => row.flow_id === id);
  return flows.rows.map((flow) => ({
    ...flow,
    tasks: of(tasks.rows, flow.id),
    runs: of(runs.rows, flow.id),
    cursors: of(cursors.rows, flow.id),
  }));
}

export async function listConnectionDetails(db: Db) {
  const { rows } =
    await sql`SELECT id, side, connector, title, settings, state, state_reason, report, checked_at, demo, updated_at FROM connections ORDER BY id`.execute(
      db,
    );
  return rows;
}

export async function listLookups(db: Db, connectionId: string, name: string | undefined) {
  const { rows } =
    await sql`SELECT name, key, value, multiplier, note, updated_by, updated_at FROM lookups WHERE connection_id = ${connectionId} AND (${name ?? null}::text IS NULL OR name = ${name ?? null}) ORDER BY name, key LIMIT 5000`.execute(
      db,
    );
  return rows;
}

export async function listAudit(db: Db, cursor: string | undefined) {
  const { rows } = await sql<{
    id: bigint;
  }>`SELECT id, at, actor, action, subject, detail FROM audit_log WHERE (${cursor ?? null}::bigint IS NULL OR id < ${cursor ?? null}::bigint) ORDER BY id DESC LIMIT 100`.execute(
    db,
  );
  return { items: rows, next: rows.length === 100 ? rows.at(-1)!.id.toString() : null };
}

/** Changes whenever something that pages show has changed. */
export async function changeMark(db: Db): Promise<string> {
  const { rows } = await sql<{
    mark: string;
  }>`SELECT concat_ws('/', (SELECT max(id) FROM record_events), (SELECT max(last_seen_at) FROM problems), (SELECT max(closed_at) FROM problems), (SELECT max(updated_at) FROM connections), (SELECT max(updated_at) FROM flows)) AS mark`.execute(
    db,
  );
  return rows[0]?.mark ?? '';
}

/** Keeps the answer to a POST under its caller's key; returns what is kept already. */
export async function claimIdempotencyKey(
  db: Db,
  actor: string,
  key: string,
  requestHash: Buffer,
  now: Date,
): Promise<{
  readonly fresh: boolean;
  readonly same: boolean;
  readonly status: number | null;
  readonly response: unknown;
}> {
  await sql`DELETE FROM idempotency_keys WHERE at < ${new Date(now.getTime() - 24 * 3_600_000)}`.execute(db);
  const inserted =
    await sql`INSERT INTO idempotency_keys (actor, key, request_hash, at) VALUES (${actor}, ${key}, ${requestHash}, ${now}) ON CONFLICT DO NOTHING`.execute(
      db,
    );
  if ((inserted.numAffectedRows ?? 0n) > 0n) return { fresh: true, same: true, status: null, response: null };
  const { rows } = await sql<{
    request_hash: Buffer;
    status: number | null;
    response: unknown;
  }>`SELECT request_hash, status, response FROM idempotency_keys WHERE actor = ${actor} AND key = ${key}`.execute(
    db,
  );
  const row = rows[0]!;
  return {
    fresh: false,
    same: row.request_hash.equals(requestHash),
    status: row.status,
    response: row.response,
  };
}

export async function keepAnswer(
  db: Db,
  actor: string,
  key: string,
  status: number,
  response: unknown,
): Promise<void> {
  await sql`UPDATE idempotency_keys SET status = ${status}, response = ${JSON.stringify(response)}::jsonb WHERE actor = ${actor} AND key = ${key}`.execute(
    db,
  );
}
