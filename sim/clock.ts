// What time is it in the simulated world? Virtual time runs `scale` times as fast as the machine's clock.

export const dayMs = 86_400_000;

/** The clock of a simulated world; every duration a world talks about is virtual. */
export interface SimClock {
  readonly scale: number;
  readonly originMs: number;
  /** Virtual milliseconds since 1970. */
  now(): number;
  /** Moves the world forward without waiting. */
  advance(ms: number): void;
  /** How far the world was moved by hand; a world that survives a restart keeps this. */
  advancedMs(): number;
  /** Real milliseconds that a virtual duration takes. */
  toRealMs(virtualMs: number): number;
  /** Waits for a virtual duration. */
  sleep(virtualMs: number): Promise<void>;
}

/**
 * Two processes given the same origin and scale agree on the time: now = origin + (machine time − origin) × scale.
 */
export function makeSimClock(
  options: { scale?: number; originMs?: number; advancedMs?: number } = {},
): SimClock {
  const scale = options.scale ?? 1;
  const originMs = options.originMs ?? Date.now();
  let advanced = options.advancedMs ?? 0;
  if (!(scale > 0)) throw new RangeError(`The scale of a clock must be positive, not ${scale}.`);
  const toRealMs = (virtualMs: number) => virtualMs / scale;
  return {
    scale,
    originMs,
    now: () => Math.floor(originMs + (Date.now() - originMs) * scale + advanced),
    advance: (ms) => {
      if (!(ms >= 0)) throw new RangeError('A clock only moves forward.');
      advanced += ms;
    },
    advancedMs: () => advanced,
    toRealMs,
    sleep: (virtualMs) => new Promise((resolve) => setTimeout(resolve, toRealMs(virtualMs))),
  };
}
