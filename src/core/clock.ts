// What time is it, and how long do we wait? The only file that asks the machine, so that time can be scaled.

export interface Clock {
  now(): Date;
  /** Resolves after `ms` of this clock's time, or at once when `signal` aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** Real milliseconds that `ms` of this clock's time take. */
  toRealMs(ms: number): number;
}

/** Node's timers hold at most 2^31-1 ms; a longer wait is cut and the caller asks again. */
const timerMaxMs = 2_000_000_000;

/**
 * A clock that runs `scale` times as fast as the wall since `origin`. Scale 1 is the wall itself. Simulators take the
 * same two figures, so that a day of quotas passes for both in minutes (proof import-rate).
 */
export function makeClock(scale = 1, originMs = 0): Clock {
  const now = () =>
    scale === 1 && originMs === 0 ? new Date() : new Date(originMs + (Date.now() - originMs) * scale);
  const toRealMs = (ms: number) => ms / scale;
  return {
    now,
    toRealMs,
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        if (signal?.aborted || ms <= 0) return void resolve();
        const timer = setTimeout(done, Math.min(toRealMs(ms), timerMaxMs));
        function done() {
          clearTimeout(timer);
          signal?.removeEventListener('abort', done);
          resolve();
        }
        signal?.addEventListener('abort', done, { once: true });
      }),
  };
}
