// What can a person do with a problem, and what is remembered of it? Close, reopen, give away, comment, cure; every act
// writes the problem's history in the same transaction.
import { type Db, sql } from '../../db/pool.ts';

export type ProblemEventKind =
  | 'retried'
  | 'probed'
  | 'cured'
  | 'edited'
  | 'ignored'
  | 'unignored'
  | 'assigned'
  | 'comment'
  | 'skipped'
  | 'resolved';

export interface ProblemEvent {
  readonly kind: ProblemEventKind;
  readonly actor: string;
  readonly at: Date;
  readonly detail?: Readonly<Record<string, unknown>>;
}

export async function tellProblems(tx: Db, ids: readonly string[], event: ProblemEvent): Promise<void> {
  if (ids.length === 0) return;
  await sql`INSERT INTO problem_events (problem_id, at, actor, kind, detail)
    SELECT id, ${event.at}, ${event.actor}, ${event.kind}, ${JSON.stringify(event.detail ?? {})}::jsonb
    FROM problems WHERE id = ANY(${[...ids]}::bigint[])`.execute(tx);
}

/** Moves problems between open and ignored, or resolves tasks; returns those that really moved. */
export async function moveProblems(
  tx: Db,
  ids: readonly string[],
  to: 'open' | 'ignored' | 'resolved',
  { reason, by, now }: { readonly reason: string | null; readonly by: string; readonly now: Date },
): Promise<readonly string[]> {
  const closes = to !== 'open';
  const { rows } = await sql<{ id: bigint }>`
    UPDATE problems SET state = ${to}, close_reason = ${reason}, closed_by = ${closes ? by : null},
      closed_at = ${closes ? now : null}::timestamptz
    WHERE id = ANY(${[...ids]}::bigint[]) AND state <> 'resolved' AND state <> ${to}
      AND (${to} <> 'resolved' OR kind = 'task' OR NOT EXISTS (SELECT 1 FROM sync_records r WHERE r.problem_id = problems.id))
    RETURNING id`.execute(tx);
  const moved = rows.map((row) => row.id.toString());
  const kind = to === 'open' ? 'unignored' : to;
  await tellProblems(tx, moved, { kind, actor: by, at: now, ...(reason ? { detail: { reason } } : {}) });
  return moved;
}

export async function assignProblems(
  tx: Db,
  ids: readonly string[],
  assignee: string | null,
  by: string,
  now: Date,
): Promise<number> {
  const { rows } = await sql<{ id: bigint }>`UPDATE problems SET assignee = ${assignee}
    WHERE id = ANY(${[...ids]}::bigint[]) AND assignee IS DISTINCT FROM ${assignee} RETURNING id`.execute(tx);
  await tellProblems(
    tx,
    rows.map((row) => row.id.toString()),
    { kind: 'assigned', actor: by, at: now, detail: { assignee } },
  );
  return rows.length;
}

/** Parked records whose problem names just this lookup and key, and their problems: a saved row is their cure. */
export async function curedByLookup(
  tx: Db,
  connectionId: string,
  lookup: string,
  key: string,
): Promise<{ readonly records: readonly string[]; readonly problems: readonly string[] }> {
  const { rows } = await sql<{ id: bigint; problem_id: bigint | null }>`
    SELECT r.id, r.problem_id FROM sync_records r JOIN flows f ON f.id = r.flow_id
    WHERE f.channel_connection_id = ${connectionId} AND r.state = 'parked' AND r.problem -> 'facts' ->> 'lookup' = ${lookup}
      AND (${key} = '*' OR r.problem -> 'facts' ->> 'key' = ${key})`.execute(tx);
  return {
    records: rows.map((row) => row.id.toString()),
    problems: [
      ...new Set(rows.flatMap((row) => (row.problem_id === null ? [] : [row.problem_id.toString()]))),
    ],
  };
}

/** The problems that records have now. */
export async function problemsOfRecords(tx: Db, recordIds: readonly string[]): Promise<readonly string[]> {
  const { rows } = await sql<{ problem_id: bigint }>`
    SELECT DISTINCT problem_id FROM sync_records WHERE id = ANY(${[...recordIds]}::bigint[]) AND problem_id IS NOT NULL`.execute(
    tx,
  );
  return rows.map((row) => row.problem_id.toString());
}

export interface Probe {
  readonly problemId: string;
  readonly recordId: string;
}

/** The first pause before one record is tried again by itself; it doubles with each try, up to a day. */
const probeAfterMinutes = 15;

/**
 * Takes the problems whose time has come for one careful try: the oldest record of each. A problem whose last probe has
 * passed gives back all its records instead.
 */
export async function dueProbes(
  tx: Db,
  classes: readonly string[],
  now: Date,
): Promise<{ readonly probes: readonly Probe[]; readonly passed: readonly string[] }> {
  const passed = await sql<{ id: bigint }>`
    UPDATE problems p SET probe_record_id = NULL FROM sync_records r
    WHERE r.id = p.probe_record_id AND p.state = 'open' AND r.state IN ('done', 'pending') AND r.problem_id IS DISTINCT FROM p.id
      AND EXISTS (SELECT 1 FROM sync_records o WHERE o.problem_id = p.id AND o.state = 'parked')
    RETURNING p.id`.execute(tx);
  const { rows } = await sql<{ id: bigint; record_id: bigint }>`
    WITH due AS (
      SELECT p.id, (SELECT r.id FROM sync_records r WHERE r.problem_id = p.id AND r.state = 'parked' ORDER BY r.id LIMIT 1) AS record_id
      FROM problems p WHERE p.state = 'open' AND p.kind = 'error' AND p.class = ANY(${[...classes]}::text[])
        AND COALESCE(p.probe_at, p.last_seen_at) + make_interval(mins => LEAST(1440, ${probeAfterMinutes} * power(2, LEAST(p.probes, 7))::int)) <= ${now}
      ORDER BY p.id LIMIT 100 FOR UPDATE SKIP LOCKED)
    UPDATE problems p SET probe_record_id = due.record_id, probe_at = ${now}, probes = p.probes + 1
    FROM due WHERE p.id = due.id AND due.record_id IS NOT NULL RETURNING p.id, due.record_id`.execute(tx);
  return {
    probes: rows.map((row) => ({ problemId: row.id.toString(), recordId: row.record_id.toString() })),
    passed: passed.rows.map((row) => row.id.toString()),
  };
}
