// How does a verdict reach the database? Many in one transaction with their attempts, events, problems and exchanges; each
// fenced by its lease's number, so that a worker that lost a record has nothing to say about it any more.
import { type Db, inTransaction } from '../../db/pool.ts';
import { inTurns, runRows, type Value, valuesList } from '../../db/rows.ts';
import type { Exchange } from '../../http/exchange.ts';
import { noteProblem, resolveEmptyProblems } from '../../problems/store.ts';
import type { Verdict } from '../attempt.ts';
import type { ClaimedRecord } from '../store.ts';

export interface Settlement {
  readonly record: ClaimedRecord;
  readonly verdict: Verdict;
  readonly startedAt: Date;
  readonly finishedAt: Date;
}

type Place = (flowId: string) => { readonly channelConnectionId: string };

/** Writes verdicts, attempts, events, problems and exchanges of many records in one transaction. */
export async function settleRecords(
  db: Db,
  settlements: readonly Settlement[],
  exchanges: readonly Exchange[],
  place: Place,
): Promise<void> {
  await inTransaction(db, async (tx) => {
    await writeExchanges(tx, exchanges);
    for (const turn of inTurns(settlements)) {
      const rows: (readonly Value[])[] = [];
      for (const settlement of turn)
        rows.push(settledRow(settlement, await noteProblems(tx, settlement, place)));
      const settled = await runRows<{ id: bigint }>(tx, settling(turn.length), [], rows);
      const mine = new Set(settled.map(({ id }) => id));
      const left = turn.flatMap(({ record }) =>
        record.problemId !== null && mine.has(record.id) ? [record.problemId] : [],
      );
      await resolveEmptyProblems(tx, [...new Set(left)], turn[0]!.finishedAt, 'crossdock');
    }
  });
}

/** Opens or counts the problems of a verdict; returns the one its record is parked with. */
async function noteProblems(
  tx: Db,
  { record, verdict: { state, problem, delivered }, finishedAt }: Settlement,
  place: Place,
): Promise<bigint | null> {
  const where = { flowId: record.flowId, connectionId: place(record.flowId).channelConnectionId };
  if (delivered?.task)
    await noteProblem(tx, { ...where, kind: 'task', subject: record.key }, delivered.task, finishedAt);
  return problem && state === 'parked'
    ? noteProblem(tx, { ...where, kind: 'error' }, problem, finishedAt)
    : null;
}

const settledTypes =
  'bigint,int,text,timestamptz,timestamptz,timestamptz,boolean,text,text,text,text,jsonb,text[],bigint,jsonb,text,text,text,text'.split(
    ',',
  );

function settledRow(
  { record, verdict, startedAt, finishedAt }: Settlement,
  problemId: bigint | null,
): readonly Value[] {
  const { delivered, problem } = verdict;
  return [
    record.id.toString(),
    record.leaseNumber,
    verdict.state,
    verdict.at?.toISOString() ?? null,
    startedAt.toISOString(),
    finishedAt.toISOString(),
    verdict.countsAsAttempt,
    delivered?.externalId ?? null,
    delivered?.remote?.kind ?? null,
    delivered?.remote?.id ?? null,
    delivered?.remote?.number ?? null,
    delivered?.applied ? JSON.stringify(delivered.applied) : null,
    delivered?.labels ?? null,
    problemId?.toString() ?? null,
    problem
      ? JSON.stringify({
          code: problem.code,
          message: problem.message,
          field: problem.field,
          nextSteps: problem.nextSteps,
          facts: problem.facts,
        })
      : null,
    delivered?.reason ?? null,
    record.from,
    problem?.code ?? null,
    problem?.message ?? null,
  ];
}

/** A record that another worker has taken over meanwhile is not among `moved`, and nothing is told of it. One that is only
 * put off has not passed yet: its problem stays open until it has. */
const settling = (count: number): string => `
  WITH r (id, lease_number, state, due_at, started_at, at, counts, external_id, remote_kind, remote_id, remote_number, applied,
      labels, problem_id, problem, reason, from_state, code, message) AS (VALUES ${valuesList(settledTypes, count)}),
  moved AS (
    UPDATE sync_records s SET
      state = CASE WHEN s.dirty AND r.state IN ('done', 'skipped', 'parked', 'pending') THEN 'queued' ELSE r.state END,
      due_at = CASE WHEN s.dirty THEN r.at ELSE COALESCE(r.due_at, r.at) END,
      attempts = CASE WHEN r.state IN ('done', 'pending', 'skipped') THEN 0 WHEN r.counts THEN s.attempts + 1 ELSE s.attempts END,
      lease_by = NULL, lease_until = NULL, dirty = false, updated_at = r.at,
      external_id = COALESCE(r.external_id, s.external_id), remote_kind = COALESCE(r.remote_kind, s.remote_kind),
      remote_id = COALESCE(r.remote_id, s.remote_id), remote_number = COALESCE(r.remote_number, s.remote_number),
      applied = CASE WHEN r.applied IS NULL THEN s.applied ELSE s.applied || r.applied END,
      labels = CASE WHEN r.labels IS NULL THEN s.labels ELSE ARRAY(SELECT DISTINCT unnest(s.labels || r.labels)) END,
      problem_id = CASE WHEN r.state IN ('waiting', 'verifying', 'queued') THEN s.problem_id ELSE r.problem_id END, problem = r.problem, reason = r.reason,
      done_at = CASE WHEN r.state = 'done' THEN COALESCE(s.done_at, r.at) ELSE s.done_at END
    FROM r WHERE s.id = r.id AND s.lease_number = r.lease_number AND s.state = 'running'
    RETURNING s.id, s.state),
  tried AS (
    INSERT INTO attempts (record_id, started_at, finished_at, outcome, code, message)
    SELECT r.id, r.started_at, r.at, r.state, r.code, r.message FROM r JOIN moved USING (id)),
  told AS (
    INSERT INTO record_events (record_id, at, kind, from_state, to_state, actor, detail)
    SELECT r.id, r.at, 'settled', r.from_state, moved.state, 'crossdock',
      jsonb_strip_nulls(jsonb_build_object('reason', r.reason, 'code', r.code, 'until', r.due_at, 'remoteId', r.remote_id))
    FROM r JOIN moved USING (id))
  SELECT id FROM moved`;

const exchangeTypes = 'text,bigint,bigint,timestamptz,text,text,text,json,int,json,int,text'.split(',');

/** Keeps calls with their answers; they belong to a record, a run or neither. */
export async function writeExchanges(tx: Db, exchanges: readonly Exchange[]): Promise<void> {
  for (const turn of inTurns(exchanges))
    await runRows(
      tx,
      `INSERT INTO exchanges (connection_id, record_id, run_id, at, bucket, method, url, request, status, response, duration_ms, failure)
      VALUES ${valuesList(exchangeTypes, turn.length)}`,
      [],
      turn.map((one) => [
        one.connectionId,
        one.recordId?.toString() ?? null,
        one.runId?.toString() ?? null,
        one.at.toISOString(),
        one.bucket,
        one.method,
        one.url,
        one.request,
        one.status,
        one.response,
        one.durationMs,
        one.failure,
      ]),
    );
}
