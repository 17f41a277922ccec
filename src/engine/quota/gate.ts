// When may a call go out? Rates are tokens in the database; concurrency is this worker's share of the account's slots.
// A call that is sure to be refused is never made: it waits, or its record does.
import type { Clock } from '../../core/clock.ts';
import { ThrottledError } from '../../core/errors.ts';
import type { Db } from '../../db/pool.ts';
import type { Gate } from '../../http/send.ts';
import type { Limit, Priority } from '../../http/tools.ts';
import * as store from './store.ts';

const rank: Readonly<Record<Priority, number>> = { urgent: 0, normal: 1, background: 2 };
/** A slot freed by success earns one more after this many (additive increase; netsuite.md §4). */
const successesPerSlot = 50;

interface Slots {
  /** The account's limit, shared by all workers. */
  max: number;
  /** Lowered after a refusal, grown back by successes. */
  allowed: number;
  inFlight: number;
  successes: number;
  readonly waiting: { rank: number; go: () => void }[];
}

/** A gate over the published limits of every open connection, with what the vendors taught us since. */
export class QuotaGate implements Gate {
  readonly #db: Db;
  readonly #clock: Clock;
  readonly #limits = new Map<string, Limit>();
  readonly #slots = new Map<string, Slots>();
  /** Buckets known to be empty until a moment: asking the database again before is useless. */
  readonly #emptyUntil = new Map<string, number>();
  readonly #learned = new Map<string, number>();
  #workers = 1;
  readonly #stop = new AbortController();

  constructor(db: Db, clock: Clock) {
    this.#db = db;
    this.#clock = clock;
  }

  /** Declares a connection's limits before its first call. */
  async open(connectionId: string, limits: Readonly<Record<string, Limit>>): Promise<void> {
    for (const [bucket, limit] of Object.entries(limits)) {
      await store.ensureBucket(this.#db, connectionId, bucket, limit, this.#clock.now());
      this.#limits.set(`${connectionId}/${bucket}`, limit);
      if (limit.kind === 'concurrency') {
        await store.setConcurrency(this.#db, connectionId, bucket, limit.max);
        this.#slots.set(`${connectionId}/${bucket}`, {
          max: limit.max,
          allowed: limit.max,
          inFlight: 0,
          successes: 0,
          waiting: [],
        });
      }
    }
  }

  /** The program ends: nobody waits for quota any more, what waited is put off as if the wait were too long. */
  stop(): void {
    this.#stop.abort();
  }

  setWorkers(count: number): void {
    this.#workers = count;
    for (const slots of this.#slots.values()) this.#admit(slots);
  }

  async enter(connectionId: string, bucket: string, priority: Priority, waitMaxMs: number) {
    const key = `${connectionId}/${bucket}`;
    const limit = this.#limits.get(key);
    if (limit === undefined) throw new Error(`The bucket ${bucket} is not declared by ${connectionId}.`);
    if (limit.kind === 'concurrency') return this.#enterSlot(key, priority);
    await this.#takeToken(connectionId, bucket, waitMaxMs);
    return () => undefined;
  }

  async #takeToken(connectionId: string, bucket: string, waitMaxMs: number): Promise<void> {
    const key = `${connectionId}/${bucket}`;
    const deadline = this.#clock.now().getTime() + waitMaxMs;
    for (;;) {
      const now = this.#clock.now();
      let waitMs = (this.#emptyUntil.get(key) ?? 0) - now.getTime();
      if (waitMs <= 0) {
        const grant = await store.takeToken(this.#db, connectionId, bucket, now);
        if (grant.granted) return;
        waitMs = Math.ceil(grant.waitSeconds * 1000);
        this.#emptyUntil.set(key, now.getTime() + waitMs);
      }
      if (now.getTime() + waitMs > deadline || this.#stop.signal.aborted)
        throw new ThrottledError(
          'QUOTA_SPENT',
          `The quota for ${bucket} is spent; the next call is possible in ${Math.ceil(waitMs / 1000)} s.`,
          new Date(now.getTime() + waitMs),
        );
      await this.#clock.sleep(waitMs, this.#stop.signal);
    }
  }

  #share(slots: Slots): number {
    return Math.max(1, Math.floor(Math.min(slots.max, slots.allowed) / this.#workers));
  }

  async #enterSlot(key: string, priority: Priority) {
    const slots = this.#slots.get(key)!;
    if (slots.inFlight >= this.#share(slots))
      await new Promise<void>((go) => {
        const place = slots.waiting.findIndex((other) => other.rank > rank[priority]);
        slots.waiting.splice(place < 0 ? slots.waiting.length : place, 0, { rank: rank[priority], go });
      });
    else slots.inFlight++;
    return (outcome: 'ok' | 'refused') => {
      slots.inFlight--;
      if (outcome === 'ok' && slots.allowed < slots.max && ++slots.successes >= successesPerSlot) {
        slots.allowed++;
        slots.successes = 0;
      }
      this.#admit(slots);
    };
  }

  #admit(slots: Slots): void {
    while (slots.waiting.length > 0 && slots.inFlight < this.#share(slots)) {
      slots.inFlight++;
      slots.waiting.shift()!.go();
    }
  }

  async refused(connectionId: string, bucket: string, until: Date): Promise<void> {
    const key = `${connectionId}/${bucket}`;
    const slots = this.#slots.get(key);
    if (slots) {
      // Somebody else uses the account too: half of what was in flight, then grow again (netsuite.md §4).
      slots.allowed = Math.max(1, Math.floor(Math.min(slots.allowed, slots.inFlight) / 2));
      slots.successes = 0;
    } else this.#emptyUntil.set(key, until.getTime());
    await store.emptyBucket(
      this.#db,
      connectionId,
      bucket,
      slots ? this.#clock.now() : until,
      this.#clock.now(),
    );
  }

  async learn(
    connectionId: string,
    bucket: string,
    limit: { perSecond?: number; max?: number },
  ): Promise<void> {
    const key = `${connectionId}/${bucket}`;
    const known = this.#limits.get(key);
    const told = limit.perSecond ?? limit.max ?? 0;
    if (known === undefined || told <= 0) return;
    if (this.#learned.get(key) === told) return;
    this.#learned.set(key, told);
    if (known.kind === 'rate' && limit.perSecond !== undefined) {
      await store.learnRate(this.#db, connectionId, bucket, limit.perSecond, known.burst);
      this.#emptyUntil.delete(key);
    }
    const slots = this.#slots.get(key);
    if (slots && limit.max !== undefined) {
      slots.max = Math.floor(limit.max);
      slots.allowed = slots.max;
      await store.setConcurrency(this.#db, connectionId, bucket, slots.max);
      this.#admit(slots);
    }
  }
}
