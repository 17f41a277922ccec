// What may be done with problems: ignore, resolve, assign.
import { writeAudit } from '../../audit/store.ts';
import { inTransaction } from '../../db/pool.ts';
import { assignProblemRow, closeProblemRow } from '../../problems/desk/store.ts';
import type { Operations } from '../operations.ts';
import { type OperateParts, refuse } from './parts.ts';

export function problemOperations({
  db,
  clock,
}: OperateParts): Pick<Operations, 'ignoreProblem' | 'resolveProblem' | 'assignProblem'> {
  const close = async (
    problemId: string,
    state: 'ignored' | 'resolved',
    reason: string | null,
    actor: string,
  ) =>
    inTransaction(db, async (tx) => {
      if (!(await closeProblemRow(tx, problemId, state, reason, actor, clock.now())))
        throw refuse('PROBLEM_UNKNOWN', `There is no open problem ${problemId}.`);
      await writeAudit(tx, {
        at: clock.now(),
        actor,
        action: `problem.${state}`,
        subject: `problem:${problemId}`,
        detail: { reason },
      });
    });
  return {
    ignoreProblem: (problemId, reason, actor) => close(problemId, 'ignored', reason, actor),
    resolveProblem: (problemId, actor) => close(problemId, 'resolved', null, actor),
    assignProblem: (problemId, assignee, actor) =>
      inTransaction(db, async (tx) => {
        if (!(await assignProblemRow(tx, problemId, assignee)))
          throw refuse('PROBLEM_UNKNOWN', `There is no problem ${problemId}.`);
        await writeAudit(tx, {
          at: clock.now(),
          actor,
          action: 'problem.assigned',
          subject: `problem:${problemId}`,
          detail: { assignee },
        });
      }),
  };
}
