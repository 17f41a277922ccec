// What was a mapping at any moment, and what did each change do? Read off the overrides that were ever in force. Pure.
import type { Override } from './mapping.ts';

/** An override with the end of its time, when it has one. */
export interface PastOverride extends Override {
  readonly until?: Date;
  readonly endedBy?: string;
}

type Rule = Pick<Override, 'kind' | 'value'>;

export interface MappingVersion {
  readonly at: Date;
  readonly by: string;
  readonly changes: readonly {
    readonly field: string;
    readonly before: Rule | null;
    readonly after: Rule | null;
  }[];
}

export const sameRule = (a: Rule, b: Rule): boolean => a.kind === b.kind && a.value === b.value;

/** The overrides in force at a moment, by field; one that began at that very moment is in force. */
export function inForceAt(history: readonly PastOverride[], moment: Date): ReadonlyMap<string, Override> {
  const time = moment.getTime();
  return new Map(
    history
      .filter((one) => one.at.getTime() <= time && (one.until === undefined || one.until.getTime() > time))
      .map((one) => [one.field, one]),
  );
}

/** Every moment at which something changed, the latest first, with what changed. */
export function versionsOf(history: readonly PastOverride[]): readonly MappingVersion[] {
  const moments = new Map<number, string>();
  for (const one of history) {
    if (one.until) moments.set(one.until.getTime(), one.endedBy ?? '');
  }
  // Who began a rule also ended the one before it.
  for (const one of history) moments.set(one.at.getTime(), one.by);
  const plain = (one: Override | undefined): Rule | null =>
    one ? { kind: one.kind, value: one.value } : null;
  return [...moments]
    .sort(([a], [b]) => b - a)
    .flatMap(([time, by]) => {
      const before = inForceAt(history, new Date(time - 1));
      const after = inForceAt(history, new Date(time));
      const changes = [...new Set([...before.keys(), ...after.keys()])].sort().flatMap((field) => {
        const [was, is] = [before.get(field), after.get(field)];
        return was && is && sameRule(was, is) ? [] : [{ field, before: plain(was), after: plain(is) }];
      });
      return changes.length === 0 ? [] : [{ at: new Date(time), by, changes }];
    });
}
