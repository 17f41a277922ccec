// What does one worker do for one flow? It opens it, then three pumps run side by side: records, due tasks, single
// orders. A flow that cannot be opened rests and is tried again at the next look.
import { asSyncError, type SyncError } from '../core/errors.ts';
import type { FlowKind, OpenFlow } from '../flows/flow.ts';
import { Bell } from './bell.ts';
import { pumpFetches } from './fetch-pump.ts';
import type { Pump } from './pump.ts';
import { pumpRecords } from './record-pump.ts';
import { declareTasksOf, pumpTasks } from './task-pump.ts';
import type { FlowRow } from './tasks/store.ts';
import type { WorkerParts } from './worker.ts';

/** A flow that failed to open is left alone this long. */
const restMs = 5_000;

export class FlowPump {
  readonly #parts: WorkerParts;
  readonly #flow: FlowRow;
  readonly #fingerprint: string;
  readonly #stop = new AbortController();
  readonly #bell = new Bell();
  #running: Promise<unknown> = Promise.resolve();
  /** Ids of the records this pump has claimed and not yet settled. */
  readonly held = new Set<bigint>();
  broken = false;
  #ended = false;

  constructor(parts: WorkerParts, flow: FlowRow) {
    this.#parts = parts;
    this.#flow = flow;
    this.#fingerprint = JSON.stringify(flow.settings);
  }

  matches(flow: FlowRow): boolean {
    return JSON.stringify(flow.settings) === this.#fingerprint;
  }

  wake(): void {
    this.#bell.ring();
  }

  start(): void {
    this.#running = this.#run().catch(async (thrown: unknown) => {
      const error = asSyncError(thrown);
      this.#parts.log('error', error.message, { flow: this.#flow.id, code: error.code });
      if (error.action === 'pause') return this.#breakOff(error);
      this.broken = true;
      await this.#parts.clock.sleep(restMs, this.#stop.signal);
    });
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    const kind = this.#parts.kinds[this.#flow.kind] as FlowKind<unknown> | undefined;
    if (!kind) throw new Error(`The kind of flow ${this.#flow.kind} is not known.`);
    const open = (await this.#parts.openFlow(this.#flow, () => this.wake())) as OpenFlow<unknown>;
    const pump: Pump = {
      parts: this.#parts,
      flow: this.#flow,
      kind,
      open,
      bell: this.#bell,
      stop: this.#stop.signal,
      live: () => !this.#stop.signal.aborted && !this.broken && !this.#ended,
      breakOff: (error) => this.#breakOff(error),
    };
    await declareTasksOf(pump);
    // One that fails ends the others too, but what they have under way is finished before the flow is opened again.
    const pumps = [pumpRecords(pump, this.held), pumpTasks(pump), pumpFetches(pump)];
    for (const one of pumps) one.catch(() => (this.#ended = true));
    await Promise.allSettled(pumps);
    await Promise.all(pumps);
  }

  async #breakOff(error: SyncError): Promise<void> {
    if (this.broken) return;
    this.broken = true;
    await this.#parts.breakConnection(this.#flow, error);
  }
}
