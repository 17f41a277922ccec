// How does one part of a worker tell another that there is something to do? A bell that nobody can miss: who looked
// before it rang does not sleep after it.
import type { Clock } from '../core/clock.ts';

export class Bell {
  #rung = 0;
  readonly #sleepers = new Set<AbortController>();

  /** How often it has rung; taken before looking for work, and given back to `wait`. */
  get rung(): number {
    return this.#rung;
  }

  ring(): void {
    this.#rung++;
    for (const sleeper of this.#sleepers) sleeper.abort();
  }

  /** Sleeps until it rings, `ms` of the clock have passed or `stop` aborts; not at all if it rang since `heard`. */
  async wait(
    heard: number,
    ms: number,
    { clock, stop }: { readonly clock: Clock; readonly stop: AbortSignal },
  ) {
    if (heard !== this.#rung || stop.aborted) return;
    const sleeper = new AbortController();
    const wake = () => sleeper.abort();
    this.#sleepers.add(sleeper);
    stop.addEventListener('abort', wake, { once: true });
    await clock.sleep(ms, sleeper.signal);
    stop.removeEventListener('abort', wake);
    this.#sleepers.delete(sleeper);
  }
}
