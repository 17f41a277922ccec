// What may be done with problems: retry, ignore, take up again, assign, comment, correct one document. What resolves
// itself is in problems/upkeep.ts.
import { writeAudit } from '../../audit/store.ts';
import { listConnections } from '../../connections/store.ts';
import { inTransaction } from '../../db/pool.ts';
import { requeueRecords, skipRecords } from '../../engine/store.ts';
import { assignProblems, moveProblems, tellProblems } from '../../problems/desk/store.ts';
import { erps } from '../connectors.ts';
import { type OperateParts, refuse } from './parts.ts';

export interface ProblemOperations {
  /** Puts all parked records of problems back into the queue; returns how many. */
  retryProblems(ids: readonly string[], actor: string): Promise<number>;
  /** Takes all parked records of problems out of their flows, with the reason on each. */
  skipProblems(ids: readonly string[], reason: string, actor: string): Promise<number>;
  ignoreProblems(ids: readonly string[], reason: string, actor: string): Promise<number>;
  unignoreProblems(ids: readonly string[], actor: string): Promise<number>;
  /** Marks tasks as done, and problems that no record has any more. */
  resolveProblems(ids: readonly string[], actor: string): Promise<number>;
  assignProblems(ids: readonly string[], assignee: string | null, actor: string): Promise<number>;
  commentProblem(id: string, text: string, actor: string): Promise<void>;
  /** For each problem the address at which the ERP shows what it is about, where there is one. */
  remoteLinks(problems: readonly LinkableProblem[]): Promise<readonly (string | undefined)[]>;
}

export interface LinkableProblem {
  readonly erpConnectionId: string | null;
  readonly facts: Readonly<Record<string, unknown>>;
}

/** Records moved in one transaction: a hundred thousand at once would hold their rows for as long as it takes. */
const portion = 5_000;

export function problemOperations(parts: OperateParts): ProblemOperations {
  const { db, clock } = parts;
  const audit = (tx: typeof db, actor: string, action: string, ids: readonly string[], detail: object = {}) =>
    writeAudit(tx, {
      at: clock.now(),
      actor,
      action,
      subject: ids.length === 1 ? `problem:${ids[0]}` : 'problems',
      detail: { ...(ids.length === 1 ? {} : { problems: ids }), ...detail },
    });
  const move = (
    ids: readonly string[],
    to: 'open' | 'ignored' | 'resolved',
    reason: string | null,
    actor: string,
  ) =>
    inTransaction(db, async (tx) => {
      const moved = await moveProblems(tx, ids, to, { reason, by: actor, now: clock.now() });
      if (moved.length === 0)
        throw refuse(
          'PROBLEM_UNKNOWN',
          ids.length === 1
            ? `Problem ${ids[0]} cannot be ${to === 'open' ? 'taken up again' : to}: it is closed already, or records still wait for it.`
            : 'None of these problems can be moved: they are closed already, or records still wait for them.',
          ['Reload the list.'],
        );
      const action = to === 'open' ? 'problem.unignored' : `problem.${to}`;
      await audit(tx, actor, action, moved, reason === null ? {} : { reason });
      return moved.length;
    });
  /** In portions, each with its share of the history; the audit line says what was asked before the first one moves. */
  const inPortions = async (
    ids: readonly string[],
    actor: string,
    words: { readonly action: string; readonly kind: 'retried' | 'skipped'; readonly detail: object },
    moveSome: (tx: typeof db, problemId: string) => Promise<number>,
  ) => {
    await audit(db, actor, words.action, ids, words.detail);
    let total = 0;
    for (const problemId of ids) {
      let ofThis = 0;
      for (let moved = portion; moved === portion; ofThis += moved) {
        moved = await inTransaction(db, (tx) => moveSome(tx, problemId));
        parts.wake();
      }
      if (ofThis > 0)
        await tellProblems(db, [problemId], {
          kind: words.kind,
          actor,
          at: clock.now(),
          detail: { ...words.detail, count: ofThis },
        });
      total += ofThis;
    }
    return total;
  };
  return {
    retryProblems: (ids, actor) =>
      inPortions(ids, actor, { action: 'problem.retried', kind: 'retried', detail: {} }, (tx, problemId) =>
        requeueRecords(tx, { problemId, state: 'parked', limit: portion }, clock.now(), actor),
      ),
    skipProblems: (ids, reason, actor) =>
      inPortions(
        ids,
        actor,
        { action: 'problem.skipped', kind: 'skipped', detail: { reason } },
        (tx, problemId) => skipRecords(tx, { problemId, limit: portion }, reason, clock.now(), actor),
      ),
    ignoreProblems: (ids, reason, actor) => move(ids, 'ignored', reason, actor),
    unignoreProblems: (ids, actor) => move(ids, 'open', null, actor),
    resolveProblems: (ids, actor) => move(ids, 'resolved', null, actor),
    assignProblems: (ids, assignee, actor) =>
      inTransaction(db, async (tx) => {
        const moved = await assignProblems(tx, ids, assignee, actor, clock.now());
        if (moved > 0) await audit(tx, actor, 'problem.assigned', ids, { assignee });
        return moved;
      }),
    commentProblem: (id, text, actor) =>
      tellProblems(db, [id], { kind: 'comment', actor, at: clock.now(), detail: { text } }),
    async remoteLinks(problems) {
      const rows = new Map((await listConnections(db)).map((row) => [row.id, row]));
      return problems.map(({ erpConnectionId, facts }) => {
        const row = erpConnectionId === null ? undefined : rows.get(erpConnectionId);
        return row && typeof facts['item'] === 'string'
          ? erps[row.connector]?.itemPage?.(row.settings as never, facts['item'])
          : undefined;
      });
    },
  };
}
