// What do lists and pages show? Reads only; every change goes through operations.ts. Rows leave here under the names of
// the contract (contract/*.ts): `flow_id` becomes `flowId`.
import { CamelCasePlugin } from 'kysely';
import { type Db, sql } from '../../db/pool.ts';

const named = (db: Db): Db => db.withPlugin(new CamelCasePlugin({ maintainNestedObjectKeys: true })) as Db;

export interface Paging {
  readonly cursor?: string | undefined;
  readonly limit: number;
}

/** One row more than a page was read: it tells whether there is a next page, which begins after `mark` of the last item. */
function page<Row>(rows: readonly Row[], limit: number, mark: (row: Row) => string) {
  const items = rows.slice(0, limit);
  return { items, next: rows.length > limit ? mark(items.at(-1)!) : null };
}

/** A cursor made of several values; what a caller made up is no cursor. */
const pack = (...values: readonly string[]): string =>
  Buffer.from(JSON.stringify(values)).toString('base64url');
function unpack(cursor: string | undefined, length: number): (string | null)[] {
  if (cursor === undefined) return Array(length).fill(null);
  try {
    const values: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    if (
      Array.isArray(values) &&
      values.length === length &&
      values.every((value) => typeof value === 'string')
    )
      return values;
  } catch {
    // Told below.
  }
  throw new CursorError();
}

/** The API answers it with 400. */
export class CursorError extends Error {
  readonly statusCode = 400;
  constructor() {
    super('This cursor is none that Crossdock gave. Take `next` of the page before, or begin without one.');
  }
}
const rowNumber = (cursor: string | undefined): string | null => {
  if (cursor !== undefined && !/^\d{1,18}$/.test(cursor)) throw new CursorError();
  return cursor ?? null;
};

export interface RecordQuery extends Paging {
  readonly state?: string;
  readonly flow?: string;
  readonly q?: string;
  readonly problem?: string;
  readonly marketplace?: string;
  readonly atRisk?: boolean;
}

const columns =
  sql.raw(`r.id, r.flow_id, r.key, r.state, r.version, r.attempts, r.external_id, r.remote_kind, r.remote_id, r.remote_number, r.reason, r.problem, r.problem_id, r.currency, r.total_minor,
  r.marketplace, r.order_status, r.fulfilled_by, r.labels, r.placed_at, r.ship_by_at, r.done_at, r.due_at, r.created_at, r.updated_at`);

/** A page of records, newest first; `q` is any id of either system, by its beginning. */
export async function listRecords(db: Db, query: RecordQuery, now: Date) {
  const states = query.state?.split(',').filter(Boolean) ?? [];
  const prefix = query.q ? `${query.q.replace(/[\\%_]/g, '\\$&')}%` : null;
  const soon = new Date(now.getTime() + 24 * 3_600_000);
  const before = rowNumber(query.cursor);
  const { rows } = await sql<Record<string, unknown> & { id: bigint }>`SELECT ${columns} FROM sync_records r
    WHERE (${states.length === 0} OR r.state = ANY(${states}::text[])) AND (${query.flow ?? null}::text IS NULL OR r.flow_id = ${query.flow ?? null})
      AND (${query.problem ?? null}::bigint IS NULL OR r.problem_id = ${query.problem ?? null}::bigint) AND (${query.marketplace ?? null}::text IS NULL OR r.marketplace = ${query.marketplace ?? null})
      AND (NOT ${query.atRisk ?? false} OR (r.ship_by_at IS NOT NULL AND r.ship_by_at < ${soon}))
      AND (${prefix}::text IS NULL OR r.key LIKE ${prefix} OR r.remote_id = ${query.q ?? ''} OR r.remote_number = ${query.q ?? ''} OR r.external_id = ${query.q ?? ''})
      AND (${before}::bigint IS NULL OR r.id < ${before}::bigint)
    ORDER BY r.id DESC LIMIT ${query.limit + 1}`.execute(named(db));
  return page(rows, query.limit, (row) => row.id.toString());
}

export async function readRecord(plain: Db, id: string) {
  const db = named(plain);
  const { rows } = await sql<
    Record<string, unknown> & { id: bigint; key: string; flowId: string }
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
    sql`SELECT d.id, d.version, d.via, d.received_at, d.kept, d.personal IS NOT NULL AS has_personal FROM documents d JOIN flows f ON f.id = ${record.flowId} AND d.connection_id = f.channel_connection_id WHERE d.key = ${record.key} ORDER BY d.id DESC LIMIT 20`.execute(
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

export async function readExchanges(db: Db, recordId: string, { cursor, limit }: Paging) {
  const before = rowNumber(cursor);
  const { rows } = await sql<{
    id: bigint;
  }>`SELECT id, connection_id, at, bucket, method, url, request, status, response, duration_ms, failure FROM exchanges
    WHERE record_id = ${recordId}::bigint AND (${before}::bigint IS NULL OR id < ${before}::bigint) ORDER BY id DESC LIMIT ${limit + 1}`.execute(
    named(db),
  );
  return page(rows, limit, (row) => row.id.toString());
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

export async function readOverview(plain: Db, now: Date) {
  const db = named(plain);
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
      named(db),
    );
  return rows;
}

const problemColumns =
  sql.raw(`p.id, p.flow_id, p.connection_id, p.kind, p.code, p.message, p.field, p.next_steps, p.facts, p.state, p.seen, p.first_seen_at, p.last_seen_at, p.assignee, p.close_reason,
      (SELECT count(*) FROM sync_records r WHERE r.problem_id = p.id) AS records, (SELECT r.id FROM sync_records r WHERE r.problem_id = p.id ORDER BY r.id LIMIT 1) AS example_id, (SELECT r.key FROM sync_records r WHERE r.problem_id = p.id ORDER BY r.id LIMIT 1) AS example_key`);

export async function listProblems(db: Db, { state, cursor, limit }: Paging & { readonly state: string }) {
  const [at, id] = unpack(cursor, 2);
  const { rows } = await sql<{ id: bigint; lastSeenAt: Date }>`SELECT ${problemColumns} FROM problems p
    WHERE p.state = ${state} AND (${at}::timestamptz IS NULL OR (p.last_seen_at, p.id) < (${at}::timestamptz, ${id}::bigint))
    ORDER BY p.last_seen_at DESC, p.id DESC LIMIT ${limit + 1}`.execute(named(db));
  return page(rows, limit, (row) => pack(row.lastSeenAt.toISOString(), row.id.toString()));
}

export async function readProblem(db: Db, id: string) {
  const [problems, notes] = await Promise.all([
    sql`SELECT ${problemColumns} FROM problems p WHERE p.id = ${id}::bigint`.execute(named(db)),
    sql`SELECT at, author, text FROM notes WHERE subject = ${`problem:${id}`} ORDER BY id`.execute(db),
  ]);
  const [problem] = problems.rows;
  return problem && { problem, notes: notes.rows };
}

export async function listFlowDetails(plain: Db) {
  const db = named(plain);
  const [flows, tasks, runs, cursors] = await Promise.all([
    sql<{
      id: string;
    }>`SELECT id, kind, channel_connection_id, erp_connection_id, settings, state, state_reason, updated_at FROM flows ORDER BY id`.execute(
      db,
    ),
    sql<{
      flowId: string;
    }>`SELECT flow_id, task, every_seconds, next_at, lease_by, last_run_id FROM flow_tasks ORDER BY flow_id, task`.execute(
      db,
    ),
    sql<{
      flowId: string;
    }>`SELECT id, flow_id, task, started_at, finished_at, outcome, counts, error, asked_by FROM runs WHERE counts <> '{}'::jsonb OR outcome <> 'done' ORDER BY id DESC LIMIT 60`.execute(
      db,
    ),
    sql<{
      flowId: string;
    }>`SELECT flow_id, name, value, moved_at FROM cursors ORDER BY flow_id, name`.execute(db),
  ]);
  const of = <Row extends { flowId: string }>(rows: readonly Row[], id: string) =>
    rows.filter((row) => row.flowId === id);
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
      named(db),
    );
  return rows;
}

export async function listLookups(
  db: Db,
  connectionId: string,
  {
    name,
    q,
    cursor,
    limit,
  }: Paging & { readonly name?: string | undefined; readonly q?: string | undefined },
) {
  const [afterName, afterKey] = unpack(cursor, 2);
  const within = q === undefined ? null : `%${q.replace(/[%_]/g, '$&')}%`;
  const { rows } = await sql<{ name: string; key: string }>`
    SELECT name, key, value, multiplier, note, updated_by, updated_at FROM lookups
    WHERE connection_id = ${connectionId} AND (${name ?? null}::text IS NULL OR name = ${name ?? null})
      AND (${within}::text IS NULL OR key ILIKE ${within} OR value ILIKE ${within} OR note ILIKE ${within})
      AND (${afterName}::text IS NULL OR (name, key) > (${afterName}, ${afterKey}))
    ORDER BY name, key LIMIT ${limit + 1}`.execute(named(db));
  return page(rows, limit, (row) => pack(row.name, row.key));
}

export async function listAudit(db: Db, { cursor, limit }: Paging) {
  const before = rowNumber(cursor);
  const { rows } = await sql<{ id: bigint }>`SELECT id, at, actor, action, subject, detail FROM audit_log
    WHERE (${before}::bigint IS NULL OR id < ${before}::bigint) ORDER BY id DESC LIMIT ${limit + 1}`.execute(
    db,
  );
  return page(rows, limit, (row) => row.id.toString());
}

/** One mark per subject that pages show; it changes whenever something of that subject has. */
export async function changeMarks(db: Db): Promise<Readonly<Record<string, string>>> {
  const { rows } = await sql<Record<string, string | null>>`SELECT
    (SELECT max(id) FROM record_events)::text AS records,
    concat_ws('/', (SELECT max(last_seen_at) FROM problems), (SELECT max(closed_at) FROM problems)) AS problems,
    (SELECT max(updated_at) FROM connections)::text AS connections,
    (SELECT max(updated_at) FROM flows)::text AS flows`.execute(db);
  return Object.fromEntries(Object.entries(rows[0] ?? {}).map(([name, mark]) => [name, mark ?? '']));
}
