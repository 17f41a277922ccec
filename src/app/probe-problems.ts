// What goes away without anybody pressing a button? From time to time one record of a cause is tried again; when it passes,
// all others follow. A broken connection is tested again until it works.

import type { Clock } from '../core/clock.ts';
import { curedElsewhere } from '../core/error-codes.ts';
import { type Db, inTransaction } from '../db/pool.ts';
import { dueProbes, tellProblems } from '../problems/desk/store.ts';

export interface UpkeepParts {
  readonly db: Db;
  readonly clock: Clock;
  /** Puts records back into the queue, in the caller's transaction. */
  readonly requeue: (tx: Db, recordIds: readonly string[], now: Date) => Promise<number>;
  readonly retryProblems: (ids: readonly string[], actor: string) => Promise<number>;
  readonly wake: () => void;
}

/** Returns how many causes were probed and how many were found to be gone. */
export async function probeProblems(
  parts: UpkeepParts,
): Promise<{ readonly probed: number; readonly gone: number }> {
  const now = parts.clock.now();
  const { probed, passed } = await inTransaction(parts.db, async (tx) => {
    const due = await dueProbes(tx, [...curedElsewhere], now);
    await parts.requeue(
      tx,
      due.probes.map((probe) => probe.recordId),
      now,
    );
    await tellProblems(
      tx,
      due.probes.map((probe) => probe.problemId),
      { kind: 'probed', actor: 'crossdock', at: now },
    );
    return { probed: due.probes.length, passed: due.passed };
  });
  // The cause is gone: what waited for it goes on, all of it.
  if (passed.length > 0) await parts.retryProblems(passed, 'crossdock');
  if (probed > 0) parts.wake();
  return { probed, gone: passed.length };
}
