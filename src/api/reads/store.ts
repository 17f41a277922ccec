// What do lists and pages show? Reads only; every change goes through operations.ts. Records, overview and saved views have
// folders of their own beside this file.
import { type Db, sql } from '../../db/pool.ts';
import { named, type Paging, pack, page, rowNumber, unpack } from './paging.ts';

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

export async function listQuotas(db: Db) {
  const { rows } =
    await sql`SELECT connection_id, bucket, kind, tokens, per_second, burst, as_of, spent, refused FROM quotas WHERE connection_id IN (SELECT id FROM connections) ORDER BY 1, 2`.execute(
      named(db),
    );
  return rows;
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

export async function listAudit(db: Db, { cursor, limit, q }: Paging & { readonly q?: string | undefined }) {
  const like = q ? `%${q.replace(/[\\%_]/g, '\\$&')}%` : null;
  const before = rowNumber(cursor);
  const { rows } = await sql<{ id: bigint }>`SELECT id, at, actor, action, subject, detail FROM audit_log
    WHERE (${before}::bigint IS NULL OR id < ${before}::bigint)
      AND (${like}::text IS NULL OR actor ILIKE ${like} OR action ILIKE ${like} OR subject ILIKE ${like} OR detail::text ILIKE ${like})
    ORDER BY id DESC LIMIT ${limit + 1}`.execute(db);
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
