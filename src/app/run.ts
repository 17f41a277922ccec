// How does a process end? What was started is stopped in reverse order, whenever Ctrl-C comes: while it runs, half-way
// through its start, or twice because npm passes it on as well.

export interface Run {
  /** Says how to stop what was just started. */
  started(stop: () => Promise<void> | void): void;
}

/** Asked to stop while starting. */
class Stopped extends Error {}

/** A second signal this long after the first means: now. npm and the terminal send the first one twice. */
const impatientAfterMs = 1_500;

/** Starts, waits for Ctrl-C, stops. Rejects when the start fails; what was begun is stopped all the same. */
export async function runUntilAsked(
  say: (text: string) => void,
  begin: (run: Run) => Promise<void>,
): Promise<void> {
  const stops: (() => Promise<void> | void)[] = [];
  let askedAt: number | undefined;
  let ask: () => void = () => undefined;
  const asked = new Promise<void>((resolve) => {
    ask = resolve;
  });
  const onSignal = () => {
    if (askedAt === undefined) {
      askedAt = performance.now();
      say('\nStopping. What is under way is finished first.');
      ask();
    } else if (performance.now() - askedAt > impatientAfterMs) process.exit(130);
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, onSignal);
  try {
    await begin({
      started(stop) {
        stops.unshift(stop);
        if (askedAt !== undefined) throw new Stopped();
      },
    });
    await asked;
  } catch (error) {
    if (!(error instanceof Stopped)) throw error;
  } finally {
    for (const stop of stops) {
      try {
        await stop();
      } catch (error) {
        say(`One part did not stop in good order: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, onSignal);
    // Everything is stopped and written; an idle connection that is kept for reuse must not hold the process for its time.
    if (askedAt !== undefined) setImmediate(() => process.exit());
  }
}
