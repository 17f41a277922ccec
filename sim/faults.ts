// What goes wrong on purpose? A plan of rates and rules, changeable while a simulator runs, and a count of what it did.
import { makeRandom } from './random.ts';

/**
 * Faults of the wire. “before” means that nothing was done, “after” that the work was done and its answer is lost. “slow”
 * waits before the work, “late” after it; “twice” does the work two times, as a proxy that sends again.
 */
export const wireFaults = [
  '429',
  '500-before',
  '500-after',
  'reset-before',
  'reset-after',
  'slow',
  'late',
  'twice',
  'truncate',
  'html-503',
  'expired-token',
] as const;
export type WireFault = (typeof wireFaults)[number];

/** One fault at one call: the `on`-th call of an operation since the plan was set, and `times` calls from there. */
export interface FaultRule {
  readonly operation: string;
  readonly on: number;
  readonly do: WireFault;
  readonly times?: number;
}

/** Rates are probabilities per call; a world may know further keys, such as `hint-lost`. */
export interface FaultPlan {
  readonly rates?: Readonly<Record<string, number>>;
  /** Virtual milliseconds that a slow answer takes longer. */
  readonly slowMs?: number;
  readonly rules?: readonly FaultRule[];
  /** Operations that rates apply to; a trailing * stands for any ending. All operations when absent. */
  readonly only?: readonly string[];
}

export interface Faults {
  plan(): FaultPlan;
  setPlan(plan: FaultPlan): void;
  /** Draws the fault, if any, for the next call of an operation. */
  draw(operation: string): WireFault | undefined;
  /** Draws a fault of the world, such as a lost notification, and counts it. */
  happens(key: string): boolean;
  slowMs(): number;
  counts(): {
    readonly total: number;
    readonly byFault: Record<string, number>;
    readonly byOperation: Record<string, Record<string, number>>;
  };
}

const matches = (pattern: string, operation: string) =>
  pattern.endsWith('*') ? operation.startsWith(pattern.slice(0, -1)) : pattern === operation;

/** Reads a plan from JSON and says in a sentence what is wrong with it. */
export function parseFaultPlan(value: unknown): FaultPlan {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new TypeError('A fault plan is an object with rates, slowMs and rules.');
  const plan = value as FaultPlan;
  for (const [key, rate] of Object.entries(plan.rates ?? {}))
    if (typeof rate !== 'number' || rate < 0 || rate > 1)
      throw new TypeError(`The rate of ${key} must be between 0 and 1.`);
  for (const rule of plan.rules ?? []) {
    if (typeof rule.operation !== 'string' || !(rule.on >= 1))
      throw new TypeError('A rule needs an operation and the number of the call it strikes, from 1.');
    if (!wireFaults.includes(rule.do))
      throw new TypeError(`${String(rule.do)} is not a fault; known are ${wireFaults.join(', ')}.`);
  }
  return plan;
}

/** Faults for one simulator; the same seed strikes the same calls. */
export function makeFaults(seed: string | number = 1, initial: FaultPlan = {}): Faults {
  const random = makeRandom(`faults/${seed}`);
  let plan = parseFaultPlan(initial);
  let callsOf = new Map<string, number>();
  const byFault: Record<string, number> = {};
  const byOperation: Record<string, Record<string, number>> = {};
  let total = 0;
  const count = (fault: string, operation: string) => {
    total++;
    byFault[fault] = (byFault[fault] ?? 0) + 1;
    byOperation[operation] ??= {};
    byOperation[operation][fault] = (byOperation[operation][fault] ?? 0) + 1;
  };
  const drawOne = (operation: string): WireFault | undefined => {
    const call = (callsOf.get(operation) ?? 0) + 1;
    callsOf.set(operation, call);
    for (const rule of plan.rules ?? [])
      if (matches(rule.operation, operation) && call >= rule.on && call < rule.on + (rule.times ?? 1))
        return rule.do;
    if (plan.only && !plan.only.some((pattern) => matches(pattern, operation))) return undefined;
    for (const fault of wireFaults) if (plan.rates?.[fault] && random.chance(plan.rates[fault])) return fault;
    return undefined;
  };
  return {
    plan: () => plan,
    setPlan: (next) => {
      plan = parseFaultPlan(next);
      callsOf = new Map();
    },
    draw: (operation) => {
      const fault = drawOne(operation);
      if (fault) count(fault, operation);
      return fault;
    },
    happens: (key) => {
      const rate = plan.rates?.[key];
      if (!rate || !random.chance(rate)) return false;
      count(key, 'world');
      return true;
    },
    slowMs: () => plan.slowMs ?? 10_000,
    counts: () => ({ total, byFault: { ...byFault }, byOperation: structuredClone(byOperation) }),
  };
}
