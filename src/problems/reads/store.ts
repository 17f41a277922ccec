// What does the list of problems show, and the page of one? Reads only. Records are counted, never capped: the index over
// (problem, state) answers for a hundred thousand of them.
import { CamelCasePlugin } from 'kysely';
import { type Db, sql } from '../../db/pool.ts';

const named = (db: Db): Db => db.withPlugin(new CamelCasePlugin({ maintainNestedObjectKeys: true })) as Db;

export interface ProblemQuery {
  readonly state: 'open' | 'ignored' | 'resolved';
  readonly q?: string | undefined;
  readonly class?: string | undefined;
  readonly flow?: string | undefined;
  readonly connection?: string | undefined;
  readonly kind?: string | undefined;
  readonly code?: string | undefined;
  /** A person's name, or `nobody`. */
  readonly assignee?: string | undefined;
  readonly sort: 'latest' | 'most' | 'oldest';
  /** How many items stand before this page. */
  readonly offset: number;
  readonly limit: number;
}

export interface ProblemRow {
  readonly id: bigint;
  readonly flowId: string | null;
  readonly connectionId: string | null;
  readonly erpConnectionId: string | null;
  readonly kind: 'error' | 'task';
  readonly code: string;
  readonly class: string;
  readonly urgent: boolean;
  readonly message: string;
  readonly field: string | null;
  readonly nextSteps: string[];
  readonly facts: Record<string, unknown>;
  readonly state: ProblemQuery['state'];
  readonly seen: number;
  readonly firstSeenAt: Date;
  readonly lastSeenAt: Date;
  readonly assignee: string | null;
  readonly closedAt: Date | null;
  readonly closedBy: string | null;
  readonly closeReason: string | null;
  readonly records: bigint;
  readonly parked: bigint;
  readonly exampleId: bigint | null;
  readonly exampleKey: string | null;
  readonly comments: number;
  /** Nothing of the flow has passed since this began: the set-up is at fault rather than one document. */
  readonly allFail: boolean;
}

/** Whose records are told by a problem that counts none: a task is about the one record in its facts. */
const columns =
  sql.raw(`p.id, p.flow_id, COALESCE(p.connection_id, f.channel_connection_id) AS connection_id, f.erp_connection_id,
  p.kind, p.code, p.class, p.urgent, p.message, p.field, p.next_steps, p.facts, p.state, p.seen, p.first_seen_at, p.last_seen_at,
  p.assignee, p.closed_at, p.closed_by, p.close_reason, COALESCE(c.records, 0) AS records, COALESCE(c.parked, 0) AS parked,
  COALESCE(e.id, t.id) AS example_id, COALESCE(e.key, t.key) AS example_key,
  (SELECT count(*)::int FROM problem_events v WHERE v.problem_id = p.id AND v.kind = 'comment') AS comments,
  p.kind = 'error' AND p.state = 'open' AND COALESCE(c.parked, 0) >= 3 AND p.first_seen_at > COALESCE(l.done_at, '-infinity'::timestamptz) AS all_fail`);
const joins = sql.raw(`LEFT JOIN flows f ON f.id = p.flow_id
  LEFT JOIN LATERAL (SELECT r.id, r.key FROM sync_records r WHERE r.problem_id = p.id ORDER BY r.id DESC LIMIT 1) e ON true
  LEFT JOIN LATERAL (SELECT r.id, r.key FROM sync_records r WHERE p.kind = 'task' AND r.flow_id = p.flow_id AND r.key = p.facts ->> 'order' LIMIT 1) t ON true
  LEFT JOIN LATERAL (SELECT max(d.done_at) AS done_at FROM (
    SELECT r.done_at FROM sync_records r WHERE r.flow_id = p.flow_id AND r.state = 'done' ORDER BY r.id DESC LIMIT 200) d) l ON true`);
const counted = sql.raw(`counted AS (
  SELECT problem_id, count(*) AS records, count(*) FILTER (WHERE state = 'parked') AS parked FROM sync_records
  WHERE problem_id IS NOT NULL GROUP BY problem_id)`);

export async function listProblems(db: Db, query: ProblemQuery) {
  const like = query.q ? `%${query.q.replace(/[\\%_]/g, '\\$&')}%` : null;
  const key = query.q ? `${query.q.replace(/[\\%_]/g, '\\$&')}%` : null;
  const wanted = sql`p.state = ${query.state}
      AND (${query.class ?? null}::text IS NULL OR p.class = ${query.class ?? null})
      AND (${query.kind ?? null}::text IS NULL OR p.kind = ${query.kind ?? null})
      AND (${query.code ?? null}::text IS NULL OR p.code = ${query.code ?? null})
      AND (${query.flow ?? null}::text IS NULL OR p.flow_id = ${query.flow ?? null})
      AND (${query.connection ?? null}::text IS NULL OR p.connection_id = ${query.connection ?? null})
      AND (${query.assignee ?? null}::text IS NULL OR p.assignee IS NOT DISTINCT FROM NULLIF(${query.assignee ?? null}, 'nobody'))
      AND (${like}::text IS NULL OR p.message ILIKE ${like} OR p.code ILIKE ${like} OR p.facts::text ILIKE ${like}
        OR p.id IN (SELECT r.problem_id FROM sync_records r WHERE r.key LIKE ${key} AND r.problem_id IS NOT NULL))`;
  const order =
    query.sort === 'most'
      ? sql.raw('COALESCE(c.records, 0) DESC, p.last_seen_at DESC, p.id DESC')
      : query.sort === 'oldest'
        ? sql.raw('p.first_seen_at, p.id')
        : sql.raw('p.urgent DESC, p.last_seen_at DESC, p.id DESC');
  const [{ rows }, totals] = await Promise.all([
    sql<ProblemRow>`WITH ${counted},
      chosen AS (SELECT p.id FROM problems p LEFT JOIN counted c ON c.problem_id = p.id WHERE ${wanted}
        ORDER BY ${order} OFFSET ${query.offset} LIMIT ${query.limit + 1})
      SELECT ${columns} FROM problems p JOIN chosen x ON x.id = p.id LEFT JOIN counted c ON c.problem_id = p.id ${joins}
      ORDER BY ${order}`.execute(named(db)),
    countProblems(db),
  ]);
  return {
    items: rows.slice(0, query.limit),
    next: rows.length > query.limit ? String(query.offset + query.limit) : null,
    totals,
  };
}

/** How many problems each tab holds, and the records that wait for a person. */
export async function countProblems(db: Db) {
  const { rows } = await sql<{
    open: number;
    ignored: number;
    resolved: number;
    parked: bigint;
  }>`SELECT count(*) FILTER (WHERE state = 'open')::int AS open, count(*) FILTER (WHERE state = 'ignored')::int AS ignored,
      count(*) FILTER (WHERE state = 'resolved')::int AS resolved,
      (SELECT count(*) FROM sync_records WHERE problem_id IS NOT NULL AND state = 'parked') AS parked FROM problems`.execute(
    db,
  );
  return rows[0]!;
}

export async function readProblem(db: Db, id: string) {
  const { rows } = await sql<ProblemRow>`WITH counted AS (
      SELECT problem_id, count(*) AS records, count(*) FILTER (WHERE state = 'parked') AS parked FROM sync_records
      WHERE problem_id = ${id}::bigint GROUP BY problem_id)
    SELECT ${columns} FROM problems p LEFT JOIN counted c ON c.problem_id = p.id ${joins} WHERE p.id = ${id}::bigint`.execute(
    named(db),
  );
  const problem = rows[0];
  if (!problem) return undefined;
  const events = await sql<{
    id: bigint;
    at: Date;
    actor: string;
    kind: string;
    detail: Record<string, unknown>;
  }>`SELECT id, at, actor, kind, detail FROM problem_events WHERE problem_id = ${id}::bigint ORDER BY id DESC LIMIT 500`.execute(
    named(db),
  );
  return { problem, events: events.rows.reverse() };
}

export interface PastCure {
  readonly code: string;
  readonly problemId: bigint;
  readonly actor: string;
  readonly at: Date;
  readonly kind: string;
  readonly detail: Record<string, unknown>;
}

/** The latest thing a person did so that a problem of the same code went away. */
export async function pastCures(db: Db, codes: readonly string[]): Promise<ReadonlyMap<string, PastCure>> {
  if (codes.length === 0) return new Map();
  const { rows } = await sql<PastCure>`
    SELECT DISTINCT ON (p.code) p.code, p.id AS problem_id, v.actor, v.at, v.kind, v.detail
    FROM problems p JOIN problem_events v ON v.problem_id = p.id AND v.kind IN ('cured', 'edited', 'skipped')
    WHERE p.state = 'resolved' AND p.code = ANY(${[...codes]}::text[]) ORDER BY p.code, v.id DESC`.execute(
    named(db),
  );
  return new Map(rows.map((row) => [row.code, row]));
}

/** A problem's records, a portion at a time, for files of any length. */
export async function* problemRecords(db: Db, problemId: string | undefined, state: string | undefined) {
  let after = 0n;
  for (;;) {
    const { rows } = await sql<{
      id: bigint;
      problemId: bigint;
      flowId: string;
      key: string;
      state: string;
      code: string;
      message: string;
      field: string | null;
      currency: string | null;
      totalMinor: bigint | null;
      placedAt: Date | null;
      updatedAt: Date;
      assignee: string | null;
    }>`SELECT r.id, r.problem_id, r.flow_id, r.key, r.state, p.code, COALESCE(r.problem ->> 'message', p.message) AS message,
        p.field, r.currency, r.total_minor, r.placed_at, r.updated_at, p.assignee
      FROM sync_records r JOIN problems p ON p.id = r.problem_id
      WHERE r.id > ${after} AND r.problem_id IS NOT NULL
        AND (${problemId ?? null}::bigint IS NULL OR r.problem_id = ${problemId ?? null}::bigint)
        AND (${state ?? null}::text IS NULL OR p.state = ${state ?? null})
      ORDER BY r.id LIMIT 2000`.execute(named(db));
    yield* rows;
    const last = rows.at(-1);
    if (last === undefined || rows.length < 2000) return;
    after = last.id;
  }
}
