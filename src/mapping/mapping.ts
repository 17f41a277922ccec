// How does one shape become another, and why is a value what it is? Fields are code; the owner's overrides are data
// and win; every value carries its origin.
import { RecordError } from '../core/errors.ts';
import { evaluate } from './expression.ts';

/** Where a value comes from, for the person who asks. */
export interface Origin {
  readonly kind: 'rule' | 'setting' | 'lookup' | 'override' | 'document' | 'account';
  readonly words: string;
  /** Where it can be changed: `setting:items.discount`, `lookup:item-alias/AB-1`, `override:location`. */
  readonly place?: string;
}

export interface Traced<Value> {
  readonly value: Value;
  readonly origin: Origin;
}

export type Lookups = ReadonlyMap<
  string,
  ReadonlyMap<string, { readonly value: string; readonly multiplier: number }>
>;

export interface Override {
  readonly id: string;
  readonly field: string;
  readonly kind: 'constant' | 'lookup' | 'expression';
  readonly value: string;
  readonly by: string;
  readonly at: Date;
}

export const traced = <Value>(value: Value, origin: Origin): Traced<Value> => ({ value, origin });
export const fromRule = <Value>(value: Value, words: string): Traced<Value> =>
  traced(value, { kind: 'rule', words });
export const fromDocument = <Value>(value: Value, words: string): Traced<Value> =>
  traced(value, { kind: 'document', words });
export const fromSetting = <Value>(value: Value, name: string): Traced<Value> =>
  traced(value, { kind: 'setting', words: `Setting “${name}”`, place: `setting:${name}` });

/** The row of a lookup table for a key, else its `*` row. */
export function lookUp(
  lookups: Lookups,
  name: string,
  key: string,
): Traced<{ readonly value: string; readonly multiplier: number }> | undefined {
  const table = lookups.get(name);
  for (const wanted of [key, '*']) {
    const row = table?.get(wanted);
    if (row)
      return traced(row, {
        kind: 'lookup',
        words: `Lookup “${name}”, row “${wanted}”`,
        place: `lookup:${name}/${wanted}`,
      });
  }
  return undefined;
}

/**
 * The value of a field: the owner's override when there is one, else the built-in rule. `facts` gives what expressions
 * may read, and is asked only when there is one. An override that yields nothing (`null` or an empty text) removes the value.
 */
export function fieldValue(
  field: string,
  rule: () => Traced<string | undefined>,
  {
    overrides,
    lookups,
    facts,
  }: {
    readonly overrides: readonly Override[];
    readonly lookups: Lookups;
    readonly facts: () => Readonly<Record<string, unknown>>;
  },
): Traced<string | undefined> {
  const override = overrides.find((candidate) => candidate.field === field);
  if (override === undefined) return rule();
  const origin: Origin = {
    kind: 'override',
    words: `Override by ${override.by} on ${override.at.toISOString().slice(0, 10)}: ${override.kind} ${override.value}`,
    place: `override:${field}`,
  };
  const value = overriddenValue(field, override, lookups, facts);
  return traced(value === null || value === '' ? undefined : value, origin);
}

function overriddenValue(
  field: string,
  override: Override,
  lookups: Lookups,
  facts: () => Readonly<Record<string, unknown>>,
): string | null {
  if (override.kind === 'constant') return override.value;
  if (override.kind === 'expression') return evaluate(override.value, facts(), field);
  // A lookup override is written `table by expression`: `location-by-state by order.shipTo.state`.
  const [table = '', keyExpression = ''] = override.value.split(/ by (.*)/s);
  const key = evaluate(keyExpression, facts(), field) ?? '';
  const row = lookUp(lookups, table.trim(), key);
  if (row === undefined)
    throw new RecordError(
      'LOOKUP_MISSING',
      `The lookup “${table}” has no row for “${key}”, needed for ${field}.`,
      {
        field,
        nextSteps: [
          `Add a row for “${key}” under Lookups → ${table}.`,
          'Or add a row “*” that answers for all others.',
        ],
        facts: { lookup: table, key, cause: `${table}/${key}` },
      },
    );
  return row.value.value;
}
