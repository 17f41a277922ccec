// How do verdicts reach the database without a transaction each? Gathered for a moment and written together; a
// delivery counts as settled only when its group is committed.
import type { Clock } from '../core/clock.ts';
import type { Db } from '../db/pool.ts';
import type { Exchange } from '../http/exchange.ts';
import { type Settlement, settleRecords, writeExchanges } from './settlements/store.ts';

/** A group is written when it has this many, or after this long, whichever comes first. */
const groupMax = 100;
/** A record waits so long for company; it holds no slot of the ERP meanwhile. */
const groupMs = 80;
/** Exchanges that belong to no settlement (sweeps, checks) are written this often. */
const looseMs = 500;
/** Tries to write a group before its leases are left to run out. */
const triesMax = 5;

export class Settler {
  readonly #db: Db;
  readonly #clock: Clock;
  readonly #place: (flowId: string) => { readonly channelConnectionId: string };
  #waiting: { settlement: Settlement; settled: () => void; failed: (error: unknown) => void }[] = [];
  #exchanges = new Map<bigint, Exchange[]>();
  #loose: Exchange[] = [];
  #timer: NodeJS.Timeout | undefined;
  #looseTimer: NodeJS.Timeout | undefined;
  #writing: Promise<void> | undefined;

  constructor(db: Db, clock: Clock, place: (flowId: string) => { readonly channelConnectionId: string }) {
    this.#db = db;
    this.#clock = clock;
    this.#place = place;
  }

  /** Keeps an exchange until its record settles, or writes it soon when it has none. */
  readonly record = (exchange: Exchange): void => {
    if (exchange.recordId === null) {
      this.#loose.push(exchange);
      this.#looseTimer ??= setTimeout(() => void this.#flushLoose(), looseMs);
      return;
    }
    const known = this.#exchanges.get(exchange.recordId);
    if (known) known.push(exchange);
    else this.#exchanges.set(exchange.recordId, [exchange]);
  };

  /** Resolves once the verdict is committed; rejects when it could not be, and the lease will return the record. */
  settle(settlement: Settlement): Promise<void> {
    return new Promise((settled, failed) => {
      this.#waiting.push({ settlement, settled, failed });
      if (this.#waiting.length >= groupMax) this.#flush();
      else this.#timer ??= setTimeout(() => this.#flush(), groupMs);
    });
  }

  /** One group at a time: what arrives while one is written makes the next, so that groups grow with the load. */
  #flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#writing ??= this.#writeAll().finally(() => (this.#writing = undefined));
  }

  async #writeAll(): Promise<void> {
    while (this.#waiting.length > 0) {
      const group = this.#waiting.splice(0, groupMax);
      const exchanges = group.flatMap(({ settlement }) => {
        const own = this.#exchanges.get(settlement.record.id) ?? [];
        this.#exchanges.delete(settlement.record.id);
        return own;
      });
      try {
        await this.#write(group, exchanges);
        for (const one of group) one.settled();
      } catch (error) {
        for (const one of group) one.failed(error);
      }
    }
  }

  /** A page that is stored meanwhile may lock the same rows in another order; PostgreSQL then ends one of both: tried again. */
  async #write(
    group: readonly { readonly settlement: Settlement }[],
    exchanges: readonly Exchange[],
  ): Promise<void> {
    for (let tries = 1; ; tries++) {
      try {
        await settleRecords(
          this.#db,
          group.map((one) => one.settlement),
          exchanges,
          this.#place,
        );
        return;
      } catch (error) {
        if (tries >= triesMax) throw error;
        await new Promise((resolve) => setTimeout(resolve, 50 * tries));
      }
    }
  }

  async #flushLoose(): Promise<void> {
    clearTimeout(this.#looseTimer);
    this.#looseTimer = undefined;
    const exchanges = this.#loose.splice(0);
    if (exchanges.length === 0) return;
    await writeExchanges(this.#db, exchanges).catch((error: unknown) => {
      // The log of calls is for reading, not for correctness: work goes on, the loss is told.
      process.emitWarning(
        `${exchanges.length} exchanges could not be kept at ${this.#clock.now().toISOString()}: ${String(error)}`,
      );
    });
  }

  async close(): Promise<void> {
    this.#flush();
    await this.#writing;
    await this.#flushLoose();
  }
}
