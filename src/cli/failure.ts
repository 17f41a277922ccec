// How does a command end? 0 done, 1 it could not be done and the sentence says why, 2 it was not asked rightly, 70 our bug.
import { CommanderError } from 'commander';
import { SyncError } from '../core/errors.ts';

/** Something that can be expected: shown as a sentence with what to do next, never as a stack. */
export class Failure extends Error {
  readonly code: string;
  readonly nextSteps: readonly string[];
  readonly exitCode: number;
  constructor(code: string, message: string, nextSteps: readonly string[] = [], exitCode = 1) {
    super(message);
    this.code = code;
    this.nextSteps = nextSteps;
    this.exitCode = exitCode;
  }
}

/** The command line itself is wrong. */
export const misused = (message: string, nextSteps: readonly string[] = []): Failure =>
  new Failure('USAGE', message, nextSteps, 2);

interface Ending {
  readonly exitCode: number;
  readonly code: string;
  readonly message: string;
  readonly nextSteps: readonly string[];
}

export function endingOf(thrown: unknown): Ending {
  if (thrown instanceof CommanderError)
    return {
      exitCode: thrown.exitCode === 0 ? 0 : 2,
      code: 'USAGE',
      // Commander has told the person already.
      message: '',
      nextSteps: [],
    };
  if (thrown instanceof Failure || (thrown instanceof SyncError && thrown.action !== 'stop'))
    return {
      exitCode: thrown instanceof Failure ? thrown.exitCode : 1,
      code: thrown.code,
      message: thrown.message,
      nextSteps: thrown.nextSteps,
    };
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  const ours =
    thrown instanceof SyncError || ['TypeError', 'ReferenceError', 'RangeError'].includes(error.name);
  return ours
    ? {
        exitCode: 70,
        code: 'UNEXPECTED',
        message: `Crossdock met something it did not expect: ${error.message}`,
        nextSteps: ['Report it with what you typed; --verbose shows where it happened.'],
      }
    : { exitCode: 1, code: 'FAILED', message: error.message, nextSteps: [] };
}
