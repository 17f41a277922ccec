// What must a person see and decide? One row per cause: same flow, same code, same message without its particulars. Next:
// desk/store.ts, what people do with a problem.
import { createHash } from 'node:crypto';
import { classOf, isUrgent } from '../core/error-codes.ts';
import type { SyncError } from '../core/errors.ts';
import { type Db, sql } from '../db/pool.ts';

export interface ProblemPlace {
  readonly flowId: string | null;
  readonly connectionId: string | null;
  readonly kind: 'error' | 'task';
  /** Distinguishes tasks that concern one record each. */
  readonly subject?: string;
}

/** The cause behind a message: particulars such as order ids, amounts and dates do not make another cause. */
export function fingerprintOf(place: ProblemPlace, error: SyncError): string {
  const cause = typeof error.facts['cause'] === 'string' ? (error.facts['cause'] as string) : undefined;
  const normal = cause ?? error.message.replace(/\d{3}-\d{7}-\d{7}/g, '#').replace(/-?\d+([.,]\d+)*/g, '#');
  const text = [place.flowId, place.connectionId, place.kind, place.subject ?? '', error.code, normal].join(
    '\0',
  );
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}

/** Opens the problem or counts it once more; returns its id. An ignored problem stays ignored. */
export async function noteProblem(tx: Db, place: ProblemPlace, error: SyncError, now: Date): Promise<bigint> {
  const { rows } = await sql<{ id: bigint }>`
    WITH noted AS (
      INSERT INTO problems (flow_id, connection_id, kind, fingerprint, code, class, urgent, message, field, next_steps, facts, state, first_seen_at, last_seen_at)
      VALUES (${place.flowId}, ${place.connectionId}, ${place.kind}, ${fingerprintOf(place, error)}, ${error.code}, ${classOf(error.code)},
        ${isUrgent(error.code)}, ${error.message}, ${error.field ?? null}, ${JSON.stringify(error.nextSteps)}::jsonb,
        ${JSON.stringify(error.facts)}::jsonb, 'open', ${now}, ${now})
      ON CONFLICT (fingerprint) WHERE state <> 'resolved'
      DO UPDATE SET seen = problems.seen + 1, last_seen_at = ${now}
      RETURNING id, seen),
    told AS (
      INSERT INTO problem_events (problem_id, at, actor, kind) SELECT id, ${now}, 'crossdock', 'opened' FROM noted WHERE seen = 1)
    SELECT id FROM noted`.execute(tx);
  return rows[0]!.id;
}

/** A problem that is one while it lasts: opened, its words renewed, and closed by itself when there is none any more. */
export async function restateProblem(
  tx: Db,
  place: ProblemPlace,
  code: string,
  error: SyncError | undefined,
  now: Date,
): Promise<void> {
  if (error === undefined) {
    await sql`UPDATE problems SET state = 'resolved', closed_at = ${now}, closed_by = 'crossdock'
      WHERE flow_id IS NOT DISTINCT FROM ${place.flowId} AND code = ${code} AND kind = ${place.kind} AND state <> 'resolved'`.execute(
      tx,
    );
    return;
  }
  const id = await noteProblem(tx, place, error, now);
  await sql`UPDATE problems SET message = ${error.message}, next_steps = ${JSON.stringify(error.nextSteps)}::jsonb,
      facts = ${JSON.stringify(error.facts)}::jsonb WHERE id = ${id}`.execute(tx);
}

/** Closes problems that no record has any more: they resolved themselves. Connection problems are closed by their check. */
export async function resolveEmptyProblems(
  tx: Db,
  ids: readonly bigint[],
  now: Date,
  by: string,
): Promise<void> {
  if (ids.length === 0) return;
  await sql`WITH closed AS (
      UPDATE problems p SET state = 'resolved', closed_at = ${now}, closed_by = ${by}
      WHERE id = ANY(${ids.map(String)}::bigint[]) AND state <> 'resolved' AND kind = 'error'
        AND NOT EXISTS (SELECT 1 FROM sync_records r WHERE r.problem_id = p.id) RETURNING id)
    INSERT INTO problem_events (problem_id, at, actor, kind) SELECT id, ${now}, ${by}, 'resolved' FROM closed`.execute(
    tx,
  );
}

/** Closes the open problems of a connection: its check passed again. */
export async function resolveConnectionProblems(
  tx: Db,
  connectionId: string,
  now: Date,
  by: string,
): Promise<void> {
  await sql`WITH closed AS (
      UPDATE problems SET state = 'resolved', closed_at = ${now}, closed_by = ${by}
      WHERE connection_id = ${connectionId} AND flow_id IS NULL AND kind = 'error' AND state <> 'resolved' AND code <> ${expiryCode} RETURNING id)
    INSERT INTO problem_events (problem_id, at, actor, kind) SELECT id, ${now}, ${by}, 'resolved' FROM closed`.execute(
    tx,
  );
}

/** A secret that ends soon is no fault of the connection: only its renewal closes this. */
export const expiryCode = 'SECRET_ENDS_SOON';

export async function resolveExpiryProblems(
  tx: Db,
  connectionId: string,
  now: Date,
  by: string,
): Promise<void> {
  await sql`UPDATE problems SET state = 'resolved', closed_at = ${now}, closed_by = ${by}
    WHERE connection_id = ${connectionId} AND code = ${expiryCode} AND state <> 'resolved'`.execute(tx);
}
