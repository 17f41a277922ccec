// What does a flow do by itself? Its due tasks (sweeps, notices, checks), each under a lease, each a run with its counts.
import { asSyncError, type SyncError, ThrottledError } from '../core/errors.ts';
import type { FlowTask } from '../flows/flow.ts';
import { errand } from '../http/send.ts';
import { backoff } from './attempt.ts';
import { leaseMs, lookMs, type Pump } from './pump.ts';
import {
  beginRun,
  claimTask,
  declareTasks,
  endRun,
  finishTask,
  prolongTask,
  type TaskClaim,
} from './tasks/store.ts';

const dayMs = 86_400_000;

/** Declares the flow's tasks and runs them when they are due, until the pump stops. */
export async function pumpTasks(pump: Pump): Promise<void> {
  const { parts, flow, kind, open, stop } = pump;
  const { db, clock, workerId } = parts;
  const tasks = new Map(kind.tasks(open.settings).map((task) => [task.name, task]));
  const running = new Set<Promise<void>>();
  while (pump.live()) {
    const now = clock.now();
    const claim = await claimTask(db, flow.id, workerId, now, new Date(now.getTime() + leaseMs));
    const task = claim && tasks.get(claim.task);
    if (!claim || !task) {
      // A task that this version no longer has is put off for a day.
      if (claim) await finishTask(db, claim, new Date(now.getTime() + dayMs), null);
      await clock.sleep(lookMs, stop);
      continue;
    }
    const run = runTask(pump, claim, task).finally(() => running.delete(run));
    running.add(run);
  }
  await Promise.all(running);
}

/** Makes the rows of a flow's tasks, before the first is claimed. */
export async function declareTasksOf({ parts, flow, kind, open }: Pump): Promise<void> {
  const now = parts.clock.now().getTime();
  const tasks = kind.tasks(open.settings).map((task) => ({
    name: task.name,
    everySeconds: task.everySeconds,
    firstAt: new Date(now + task.firstAfterSeconds * 1000),
  }));
  await declareTasks(parts.db, flow.id, tasks);
}

async function runTask(pump: Pump, claim: TaskClaim, task: FlowTask<unknown>): Promise<void> {
  const { db, clock, workerId } = pump.parts;
  const startedAt = clock.now();
  const runId = await beginRun(db, claim.flowId, claim.task, 'schedule', startedAt);
  const prolong = () =>
    void prolongTask(db, claim, workerId, new Date(clock.now().getTime() + leaseMs)).catch(() => undefined);
  const prolonging = setInterval(prolong, Math.max(50, clock.toRealMs(leaseMs / 4)));
  let nextAt = new Date(startedAt.getTime() + claim.everySeconds * 1000);
  try {
    const result = await errand.run(
      { runId, priority: claim.task === 'sweep' ? 'normal' : 'background' },
      () => task.run(pump.open, { signal: pump.stop }),
    );
    if (result.continueAt) nextAt = result.continueAt;
    const outcome = result.continueAt ? 'waiting' : 'done';
    await endRun(db, runId, { at: clock.now(), outcome, counts: result.counts });
  } catch (thrown) {
    nextAt = await failed(pump, { error: asSyncError(thrown), runId, nextAt });
  } finally {
    clearInterval(prolonging);
    await finishTask(db, claim, nextAt, runId);
  }
}

async function failed(
  { parts, flow, breakOff }: Pump,
  { error, runId, nextAt }: { readonly error: SyncError; readonly runId: bigint; readonly nextAt: Date },
): Promise<Date> {
  const now = parts.clock.now();
  await endRun(parts.db, runId, {
    at: now,
    outcome: error instanceof ThrottledError ? 'waiting' : 'failed',
    counts: {},
    error: { code: error.code, message: error.message, nextSteps: error.nextSteps },
  });
  if (error instanceof ThrottledError) return error.retryAt;
  parts.log('warn', error.message, { flow: flow.id, code: error.code });
  if (error.action === 'pause') await breakOff(error);
  // A task is never given up: the cursor stands, the next try reads the same again.
  return new Date(Math.min(nextAt.getTime(), backoff(now, 1).getTime()));
}
