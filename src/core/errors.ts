// What can go wrong, classed by what the engine must do about it. Every code has a paragraph in error-codes.ts.
import { redactText } from './redact.ts';

export interface ErrorDetails {
  /** What the person reading this can do; each begins with a verb. */
  readonly nextSteps?: readonly string[];
  /** The field at fault, in the words of the screen or of the vendor's document. */
  readonly field?: string;
  /** Figures and ids for the reader (an arithmetic, a SKU); never secrets, never buyer data. */
  readonly facts?: Readonly<Record<string, unknown>>;
  readonly cause?: unknown;
}

/**
 * Every failure the engine can act on. A class says what the engine must DO; `code` says what happened; `message`
 * and `nextSteps` are written for the shop's owner. Secrets are cut out of the message here, once.
 */
export abstract class SyncError extends Error {
  abstract readonly action: 'retry' | 'wait' | 'verify' | 'park' | 'pause' | 'stop';
  readonly code: string;
  readonly nextSteps: readonly string[];
  readonly field: string | undefined;
  readonly facts: Readonly<Record<string, unknown>>;

  constructor(code: string, message: string, details: ErrorDetails = {}) {
    super(redactText(message), { cause: details.cause });
    this.name = new.target.name;
    this.code = code;
    this.nextSteps = details.nextSteps ?? [];
    this.field = details.field;
    this.facts = details.facts ?? {};
  }
}

/** The same call may succeed later: retry with backoff, counting the attempt. */
export class TransientError extends SyncError {
  readonly action = 'retry';
}

/** The other side asked us to slow down, or our own quota says so: wait until `retryAt`; not counted. */
export class ThrottledError extends SyncError {
  readonly action = 'wait';
  readonly retryAt: Date;
  constructor(code: string, message: string, retryAt: Date, details: ErrorDetails = {}) {
    super(code, message, details);
    this.retryAt = retryAt;
  }
}

/** A write may or may not have happened: look it up by its key before trying again. */
export class OutcomeUnknownError extends SyncError {
  readonly action = 'verify';
}

/** This record cannot pass as it is: park it for a person; the others go on. */
export class RecordError extends SyncError {
  readonly action = 'park';
}

/** The account, not the record, is at fault: pause every flow on this connection and tell its owner. */
export class ConnectionError extends SyncError {
  readonly action = 'pause';
}

/** Our own invariant is broken: park and alert; continuing could do harm. */
export class BugError extends SyncError {
  readonly action = 'stop';
}

/** Anything else that was thrown is, until proved otherwise, our own mistake. */
export function asSyncError(thrown: unknown): SyncError {
  if (thrown instanceof SyncError) return thrown;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return new BugError('UNEXPECTED', `Crossdock met something it did not expect: ${message}`, {
    nextSteps: ['Retry the record; if it happens again, report it with the record’s page.'],
    cause: thrown,
  });
}
