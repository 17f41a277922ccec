// Must a document be read back that was stored a moment ago? No: what was understood while storing it is handed on to
// its delivery, once. Only a short while and only so many: the archive has them all, this merely saves the way there.
import type { Order } from '../core/order.ts';

export interface TakenOrder {
  readonly via: string;
  readonly order: Order;
}

/** About 5 kB each; the document itself is not kept. */
const takenMax = 500;
/** Another worker may have delivered what is not asked for by then. */
const keptMs = 15_000;

export class JustTaken {
  readonly #taken = new Map<bigint, TakenOrder & { readonly until: number }>();

  /** Keeps the order of a stored document, unless there are many already: the first ones are delivered first. */
  put(documentId: bigint, taken: TakenOrder): void {
    const now = performance.now();
    if (this.#taken.size >= takenMax) this.#forget(now);
    if (this.#taken.size < takenMax) this.#taken.set(documentId, { ...taken, until: now + keptMs });
  }

  /** Hands it on, once. */
  take(documentId: bigint): TakenOrder | undefined {
    const taken = this.#taken.get(documentId);
    this.#taken.delete(documentId);
    return taken;
  }

  #forget(now: number): void {
    for (const [id, { until }] of this.#taken) {
      // Oldest first: the rest is younger still.
      if (until > now) return;
      this.#taken.delete(id);
    }
  }
}
