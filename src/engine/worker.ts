// Who moves the records? A worker: it says that it lives, keeps its leases, and opens a pump for every flow that may
// work. It knows nothing about what it moves. Next: flow-pump.ts, attempt.ts, store.ts.
import type { Clock } from '../core/clock.ts';
import type { SyncError } from '../core/errors.ts';
import type { Db } from '../db/pool.ts';
import type { FlowKind, OpenFlow, RecordWithDocument } from '../flows/flow.ts';
import { FlowPump } from './flow-pump.ts';
import { leaseMs, lookMs } from './pump.ts';
import type { QuotaGate } from './quota/gate.ts';
import { beat, leave } from './quota/store.ts';
import type { Settler } from './settler.ts';
import { type ClaimedRecord, prolongLeases, returnLeases } from './store.ts';
import { type FlowRow, listFlows, returnTasks } from './tasks/store.ts';

export interface WorkerParts {
  readonly db: Db;
  readonly clock: Clock;
  readonly workerId: string;
  readonly host: string;
  readonly gate: QuotaGate;
  readonly settler: Settler;
  readonly kinds: Readonly<Record<string, FlowKind<never>>>;
  /** Opens a flow with its sessions; throws ConnectionError when a connection cannot be opened. */
  readonly openFlow: (flow: FlowRow, wake: () => void) => Promise<OpenFlow<never>>;
  readonly readDocuments: (
    flow: OpenFlow<never>,
    records: readonly ClaimedRecord[],
  ) => Promise<readonly RecordWithDocument[]>;
  /** Stops everything on a connection and tells its owner. */
  readonly breakConnection: (flow: FlowRow, error: SyncError) => Promise<void>;
  /** Regular upkeep that belongs to no flow: expiring personal data, old runs. */
  readonly upkeep: () => Promise<void>;
  /** Tells people what they want to be told; asked every few seconds. */
  readonly tell: () => Promise<void>;
  readonly log: (level: 'info' | 'warn' | 'error', message: string, detail?: object) => void;
}

const beatMs = 5_000;
/** What is urgent is told within this. */
const tellMs = 10_000;
/** Upkeep every ten minutes. */
const beatsPerUpkeep = 120;

export class Worker {
  readonly #parts: WorkerParts;
  readonly #stop = new AbortController();
  readonly #pumps = new Map<string, FlowPump>();
  #running: Promise<unknown> = Promise.resolve();

  constructor(parts: WorkerParts) {
    this.#parts = parts;
  }

  async start(): Promise<void> {
    const { db, clock, workerId, log } = this.#parts;
    await returnTasks(db, workerId);
    const returned = await returnLeases(db, clock.now(), workerId);
    if (returned > 0) log('info', `${returned} records of the last run are looked up again.`);
    await this.#beat();
    this.#running = Promise.all([this.#keepBeating(), this.#keepLooking(), this.#keepTelling()]);
  }

  /** Stops claiming, waits for what is under way, gives the rest back. */
  async stop(): Promise<void> {
    this.#stop.abort();
    this.#parts.gate.stop();
    await Promise.all([...this.#pumps.values()].map((pump) => pump.stop()));
    await this.#running;
    await leave(this.#parts.db, this.#parts.workerId);
  }

  /** Something was queued from outside (API, CLI): do not wait for the next look. */
  wake(): void {
    for (const pump of this.#pumps.values()) pump.wake();
  }

  async #beat(): Promise<void> {
    const { db, clock, workerId, host, gate } = this.#parts;
    const now = clock.now();
    gate.setWorkers(await beat(db, { id: workerId, host }, now, leaseMs));
    const held = [...this.#pumps.values()].flatMap((pump) => [...pump.held]);
    await prolongLeases(db, workerId, held, new Date(now.getTime() + leaseMs));
    await returnLeases(db, now);
  }

  async #keepBeating(): Promise<void> {
    for (let round = 0; !this.#stop.signal.aborted; round++) {
      await this.#parts.clock.sleep(beatMs, this.#stop.signal);
      await this.#beat().catch(this.#tell('The database does not answer.'));
      if (round % beatsPerUpkeep === 0) await this.#parts.upkeep().catch(this.#tell('Upkeep failed.'));
    }
  }

  async #keepTelling(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      await this.#parts.tell().catch(this.#tell('People could not be told.'));
      await this.#parts.clock.sleep(tellMs, this.#stop.signal);
    }
  }

  async #keepLooking(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      await this.look().catch(this.#tell('Flows could not be read.'));
      await this.#parts.clock.sleep(lookMs, this.#stop.signal);
    }
  }

  #tell(what: string): (error: unknown) => void {
    return (error) => this.#parts.log('error', what, { error: String(error) });
  }

  /** Opens pumps for flows that may work and closes those that may not, or whose settings changed. */
  async look(): Promise<void> {
    const flows = await listFlows(this.#parts.db);
    const wanted = new Map(flows.filter((flow) => flow.runnable).map((flow) => [flow.id, flow]));
    for (const [id, pump] of this.#pumps) {
      const flow = wanted.get(id);
      if (flow && pump.matches(flow) && !pump.broken) continue;
      this.#pumps.delete(id);
      await pump.stop();
    }
    for (const flow of wanted.values()) {
      if (this.#pumps.has(flow.id) || this.#stop.signal.aborted) continue;
      const pump = new FlowPump(this.#parts, flow);
      this.#pumps.set(flow.id, pump);
      pump.start();
    }
  }
}
