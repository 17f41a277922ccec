// Who moves the records? A worker: for every runnable flow one pump that claims and delivers, one that runs due tasks,
// one that reads single orders. It knows nothing about what it moves. Next: attempt.ts, store.ts.
import type { Clock } from '../core/clock.ts';
import { asSyncError, type SyncError, ThrottledError } from '../core/errors.ts';
import type { Db } from '../db/pool.ts';
import type { FlowKind, OpenFlow, RecordWithDocument } from '../flows/flow.ts';
import { errand } from '../http/send.ts';
import type { Priority } from '../http/tools.ts';
import { attempt, backoff, type Verdict, verdictOf } from './attempt.ts';
import type { QuotaGate } from './quota/gate.ts';
import { beat, leave } from './quota/store.ts';
import type { Settler } from './settler.ts';
import { type ClaimedRecord, claimRecords, nextDue, prolongLeases, returnLeases } from './store.ts';
import {
  beginRun,
  claimFetches,
  claimTask,
  declareTasks,
  dropFetch,
  endRun,
  type FlowRow,
  finishTask,
  listFlows,
  postponeFetch,
  prolongTask,
  returnTasks,
  type TaskClaim,
} from './tasks/store.ts';

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
  readonly log: (level: 'info' | 'warn' | 'error', message: string, detail?: object) => void;
}

/** Records claimed together; item and duplicate look-ups are shared by a batch. */
const batchMax = 200;
/** Records under way in one flow of one worker: two batches, so that one looks up while the other writes. */
const underWayMax = 400;
const leaseMs = 120_000;
const beatMs = 5_000;
/** How often new flows, changed states and due tasks are looked for, in the program's clock. */
const lookMs = 1_000;
const attemptsMax = 8;

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
    this.#running = Promise.all([this.#keepBeating(), this.#keepLooking()]);
  }

  /** Stops claiming, waits for what is under way, gives the rest back. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await Promise.all([...this.#pumps.values()].map((pump) => pump.stop()));
    await this.#running;
    await leave(this.#parts.db, this.#parts.workerId);
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
    let round = 0;
    while (!this.#stop.signal.aborted) {
      await this.#parts.clock.sleep(beatMs, this.#stop.signal);
      await this.#beat().catch((error: unknown) =>
        this.#parts.log('error', 'The database does not answer.', { error: String(error) }),
      );
      if (round++ % 120 === 0)
        await this.#parts
          .upkeep()
          .catch((error: unknown) => this.#parts.log('error', 'Upkeep failed.', { error: String(error) }));
    }
  }

  async #keepLooking(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      await this.look().catch((error: unknown) =>
        this.#parts.log('error', 'Flows could not be read.', { error: String(error) }),
      );
      await this.#parts.clock.sleep(lookMs, this.#stop.signal);
    }
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

  /** Something was queued from outside (API, CLI): do not wait for the next look. */
  wake(): void {
    for (const pump of this.#pumps.values()) pump.wake();
  }
}

/** Everything one worker does for one flow. */
class FlowPump {
  readonly #parts: WorkerParts;
  readonly #flow: FlowRow;
  readonly #fingerprint: string;
  readonly #stop = new AbortController();
  readonly #underWay = new Set<Promise<void>>();
  #count = 0;
  #wake = new AbortController();
  #running: Promise<unknown> = Promise.resolve();
  /** Ids of the records this pump has claimed and not yet settled. */
  readonly held = new Set<bigint>();
  broken = false;

  constructor(parts: WorkerParts, flow: FlowRow) {
    this.#parts = parts;
    this.#flow = flow;
    this.#fingerprint = JSON.stringify(flow.settings);
  }

  matches(flow: FlowRow): boolean {
    return JSON.stringify(flow.settings) === this.#fingerprint;
  }

  wake(): void {
    this.#wake.abort();
  }

  start(): void {
    this.#running = this.#run().catch(async (thrown: unknown) => {
      this.broken = true;
      const error = asSyncError(thrown);
      this.#parts.log('error', error.message, { flow: this.#flow.id, code: error.code });
      if (error.action === 'pause') await this.#parts.breakConnection(this.#flow, error);
      else await this.#parts.clock.sleep(5_000, this.#stop.signal);
    });
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    this.wake();
    await this.#running;
    await Promise.all(this.#underWay);
  }

  async #run(): Promise<void> {
    const { db, clock, kinds } = this.#parts;
    const kind = kinds[this.#flow.kind] as FlowKind<unknown> | undefined;
    if (!kind) throw new Error(`The kind of flow ${this.#flow.kind} is not known.`);
    const open = (await this.#parts.openFlow(this.#flow, () => this.wake())) as OpenFlow<unknown>;
    const now = clock.now().getTime();
    await declareTasks(
      db,
      this.#flow.id,
      kind.tasks(open.settings).map((task) => ({
        name: task.name,
        everySeconds: task.everySeconds,
        firstAt: new Date(now + task.firstAfterSeconds * 1000),
      })),
    );
    await Promise.all([this.#pumpRecords(kind, open), this.#pumpTasks(kind, open), this.#pumpFetches(open)]);
  }

  get #live(): boolean {
    return !this.#stop.signal.aborted && !this.broken;
  }

  async #pumpRecords(kind: FlowKind<unknown>, open: OpenFlow<unknown>): Promise<void> {
    const { db, clock, workerId } = this.#parts;
    while (this.#live) {
      const room = Math.min(batchMax, underWayMax - this.#count);
      if (room < batchMax / 2) {
        await Promise.race(this.#underWay);
        continue;
      }
      const now = clock.now();
      this.#wake = new AbortController();
      const claimed = await claimRecords(db, this.#flow.id, {
        limit: room,
        workerId,
        now,
        leaseUntil: new Date(now.getTime() + leaseMs),
      });
      if (claimed.length === 0) {
        const due = await nextDue(db, this.#flow.id);
        const waitMs = Math.min(
          Math.max((due?.getTime() ?? Number.POSITIVE_INFINITY) - clock.now().getTime(), 50),
          lookMs,
        );
        await clock.sleep(waitMs, AbortSignal.any([this.#stop.signal, this.#wake.signal]));
        continue;
      }
      this.#count += claimed.length;
      for (const record of claimed) this.held.add(record.id);
      const batch = this.#deliverBatch(kind, open, claimed).finally(() => {
        this.#count -= claimed.length;
        this.#underWay.delete(batch);
      });
      this.#underWay.add(batch);
    }
  }

  async #deliverBatch(
    kind: FlowKind<unknown>,
    open: OpenFlow<unknown>,
    claimed: readonly ClaimedRecord[],
  ): Promise<void> {
    const { clock } = this.#parts;
    const startedAt = clock.now();
    let answers: ReadonlyMap<bigint, () => Promise<import('./attempt.ts').Delivered>>;
    try {
      const documents = await this.#parts.readDocuments(open as OpenFlow<never>, claimed);
      answers = await errand.run({ priority: priorityOf(kind) }, () => kind.deliver(open, documents));
    } catch (thrown) {
      answers = new Map(claimed.map((record) => [record.id, () => Promise.reject(thrown)]));
    }
    await Promise.all(
      claimed.map(async (record) => {
        const deliver =
          answers.get(record.id) ??
          (() => Promise.reject(new Error('The flow gave no answer for this record.')));
        const verdict = await errand.run({ recordId: record.id, priority: priorityOf(kind) }, () =>
          attempt(deliver, { attempts: record.attempts, attemptsMax, now: clock.now() }),
        );
        await this.#settle(record, verdict, startedAt);
      }),
    );
  }

  async #settle(record: ClaimedRecord, verdict: Verdict, startedAt: Date): Promise<void> {
    const { clock, settler, log } = this.#parts;
    try {
      await settler.settle({ record, verdict, startedAt, finishedAt: clock.now() });
    } catch (error) {
      // Not committed: the lease runs out and the record is looked up before anything is sent again.
      log('error', `The outcome of ${record.key} could not be written; it is looked up again.`, {
        error: String(error),
      });
    }
    this.held.delete(record.id);
    if (verdict.pausesConnection && verdict.problem && !this.broken) {
      this.broken = true;
      await this.#parts.breakConnection(this.#flow, verdict.problem);
    }
  }

  async #pumpTasks(kind: FlowKind<unknown>, open: OpenFlow<unknown>): Promise<void> {
    const { db, clock, workerId } = this.#parts;
    const tasks = new Map(kind.tasks(open.settings).map((task) => [task.name, task]));
    const running = new Set<Promise<void>>();
    while (this.#live) {
      const now = clock.now();
      const claim = await claimTask(db, this.#flow.id, workerId, now, new Date(now.getTime() + leaseMs));
      const task = claim && tasks.get(claim.task);
      if (!claim || !task) {
        if (claim) await finishTask(db, claim, new Date(now.getTime() + 86_400_000), null);
        await clock.sleep(lookMs, this.#stop.signal);
        continue;
      }
      const run = this.#runTask(open, claim, task.run).finally(() => running.delete(run));
      running.add(run);
    }
    await Promise.all(running);
  }

  async #runTask(
    open: OpenFlow<unknown>,
    claim: TaskClaim,
    run: (
      flow: OpenFlow<unknown>,
      request: { signal: AbortSignal },
    ) => Promise<{ counts: Readonly<Record<string, number>>; continueAt?: Date }>,
  ): Promise<void> {
    const { db, clock, workerId } = this.#parts;
    const startedAt = clock.now();
    const runId = await beginRun(db, claim.flowId, claim.task, 'schedule', startedAt);
    const prolonging = setInterval(
      () =>
        void prolongTask(db, claim, workerId, new Date(clock.now().getTime() + leaseMs)).catch(
          () => undefined,
        ),
      Math.max(50, clock.toRealMs(leaseMs / 4)),
    );
    let nextAt = new Date(startedAt.getTime() + claim.everySeconds * 1000);
    try {
      const result = await errand.run(
        { runId, priority: claim.task === 'sweep' ? 'normal' : 'background' },
        () => run(open, { signal: this.#stop.signal }),
      );
      if (result.continueAt) nextAt = result.continueAt;
      await endRun(db, runId, {
        at: clock.now(),
        outcome: result.continueAt ? 'waiting' : 'done',
        counts: result.counts,
      });
    } catch (thrown) {
      nextAt = await this.#taskFailed(asSyncError(thrown), runId, nextAt);
    } finally {
      clearInterval(prolonging);
      await finishTask(db, claim, nextAt, runId);
    }
  }

  async #taskFailed(error: SyncError, runId: bigint, nextAt: Date): Promise<Date> {
    const { db, clock, log } = this.#parts;
    const now = clock.now();
    await endRun(db, runId, {
      at: now,
      outcome: error instanceof ThrottledError ? 'waiting' : 'failed',
      counts: {},
      error: { code: error.code, message: error.message, nextSteps: error.nextSteps },
    });
    if (error instanceof ThrottledError) return error.retryAt;
    log('warn', error.message, { flow: this.#flow.id, code: error.code });
    if (error.action === 'pause') {
      this.broken = true;
      await this.#parts.breakConnection(this.#flow, error);
    }
    // A task is never given up: the cursor stands, the next try reads the same again.
    return new Date(Math.min(nextAt.getTime(), backoff(now, 1).getTime()));
  }

  /** Reads orders one by one, as fast as the quota for it allows. */
  async #pumpFetches(open: OpenFlow<unknown>): Promise<void> {
    const source = open.channel.orders;
    if (this.#flow.kind !== 'orders.import' || !source) return;
    const { db, clock } = this.#parts;
    while (this.#live) {
      const now = clock.now();
      const fetches = await claimFetches(db, this.#flow.id, 8, now, new Date(now.getTime() + leaseMs));
      if (fetches.length === 0) {
        await clock.sleep(lookMs, AbortSignal.any([this.#stop.signal, this.#wake.signal]));
        continue;
      }
      let resumeAt: Date | undefined;
      await Promise.all(
        fetches.map(async (fetch) => {
          try {
            const document = await errand.run({ priority: 'urgent' }, () => source.one(fetch.key));
            if (document)
              await open.journal.take({
                kind: 'order',
                via: 'single',
                documents: [document],
                priority: 0,
                answers: fetch.key,
              });
            else await dropFetch(db, this.#flow.id, fetch.key);
          } catch (thrown) {
            const error = asSyncError(thrown);
            const at =
              error instanceof ThrottledError
                ? error.retryAt
                : (verdictOf(error, { attempts: 1, attemptsMax, now: clock.now() }).at ??
                  backoff(clock.now(), 5));
            await postponeFetch(db, this.#flow.id, fetch.key, error instanceof ThrottledError ? now : at);
            if (error instanceof ThrottledError) resumeAt = error.retryAt;
            if (error.action === 'pause' && !this.broken) {
              this.broken = true;
              await this.#parts.breakConnection(this.#flow, error);
            }
          }
        }),
      );
      if (resumeAt) await clock.sleep(resumeAt.getTime() - clock.now().getTime(), this.#stop.signal);
    }
  }
}

function priorityOf(kind: FlowKind<unknown>): Priority {
  return kind.id === 'shipments.export' ? 'urgent' : 'normal';
}
