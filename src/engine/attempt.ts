// What becomes of a record after one try? The only place where an error turns into a state; nothing below it
// catches, nothing above it guesses.
import { asSyncError, type SyncError, ThrottledError } from '../core/errors.ts';
import type { RecordState } from './states.ts';

/** What a delivery reached when it did not throw. */
export interface Delivered {
  readonly state: 'done' | 'skipped' | 'pending' | 'waiting';
  /** Why skipped or waiting, or what was done (`created`, `adopted`, `cancelled`), as a short sentence. */
  readonly reason?: string;
  readonly at?: Date;
  readonly remote?: { readonly kind: string; readonly id: string; readonly number?: string };
  readonly externalId?: string;
  /** Merged into what the record remembers of its effects. */
  readonly applied?: Readonly<Record<string, unknown>>;
  readonly labels?: readonly string[];
  /** Something a person should decide although the record itself is done. */
  readonly task?: SyncError;
}

/** Where a record goes next, and why. The store writes it in one transaction with its events and attempt. */
export interface Verdict {
  readonly state: RecordState;
  readonly at: Date | undefined;
  readonly countsAsAttempt: boolean;
  readonly problem: SyncError | undefined;
  readonly pausesConnection: boolean;
  readonly delivered: Delivered | undefined;
}

export interface History {
  readonly attempts: number;
  readonly attemptsMax: number;
  readonly now: Date;
}

/** Runs one delivery and decides what becomes of the record. */
export async function attempt(deliver: () => Promise<Delivered>, history: History): Promise<Verdict> {
  try {
    const delivered = await deliver();
    return {
      state: delivered.state,
      at: delivered.at,
      countsAsAttempt: delivered.state !== 'waiting',
      problem: undefined,
      pausesConnection: false,
      delivered,
    };
  } catch (thrown) {
    return verdictOf(asSyncError(thrown), history);
  }
}

/** The table of classes: what the engine does about each. */
export function verdictOf(error: SyncError, { attempts, attemptsMax, now }: History): Verdict {
  const verdict = (state: RecordState, rest: Partial<Verdict>): Verdict => ({
    state,
    at: undefined,
    countsAsAttempt: true,
    problem: undefined,
    pausesConnection: false,
    delivered: undefined,
    ...rest,
  });
  switch (error.action) {
    case 'wait':
      return verdict('waiting', {
        at: error instanceof ThrottledError ? error.retryAt : now,
        countsAsAttempt: false,
        problem: error,
      });
    case 'retry':
      return attempts + 1 < attemptsMax
        ? verdict('waiting', { at: backoff(now, attempts), problem: error })
        : verdict('parked', { problem: error });
    case 'verify':
      // A lost answer is never given up on: looking it up is harmless, sending it twice is not.
      return verdict('verifying', { at: backoff(now, Math.min(attempts, 4)), problem: error });
    case 'pause':
      return verdict('queued', { countsAsAttempt: false, problem: error, pausesConnection: true });
    case 'park':
    case 'stop':
      return verdict('parked', { problem: error });
  }
}

/** 5 s, 10 s, 20 s … capped at one hour. */
export function backoff(now: Date, attempts: number): Date {
  return new Date(now.getTime() + Math.min(5_000 * 2 ** attempts, 3_600_000));
}
