// What does each pump of a flow stand on? The flow as opened, the program's parts, and the shared word whether work may
// go on. record-pump.ts delivers, task-pump.ts runs what is due, fetch-pump.ts reads single orders.
import type { SyncError } from '../core/errors.ts';
import type { FlowKind, OpenFlow } from '../flows/flow.ts';
import type { Bell } from './bell.ts';
import type { FlowRow } from './tasks/store.ts';
import type { WorkerParts } from './worker.ts';

export interface Pump {
  readonly parts: WorkerParts;
  readonly flow: FlowRow;
  readonly kind: FlowKind<unknown>;
  readonly open: OpenFlow<unknown>;
  /** Rings when something was queued. */
  readonly bell: Bell;
  /** Aborts when the worker stops or the flow may no longer work. */
  readonly stop: AbortSignal;
  /** False once the worker stops or the connection broke: nothing new is begun. */
  live(): boolean;
  /** The account itself refuses: the connection rests and its owner is told, once. */
  breakOff(error: SyncError): Promise<void>;
}

/** How long a claim holds without being prolonged. */
export const leaseMs = 120_000;
/** How often new flows, changed states and due work are looked for, in the program's clock. */
export const lookMs = 1_000;
/** Tries of a record before a person is asked. */
export const attemptsMax = 8;
