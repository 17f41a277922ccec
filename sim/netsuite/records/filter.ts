// Which records does `q=` select? The query language of collections: `tranDate AFTER "1/31/2026" AND memo CONTAIN x`.
import { Refusal } from '../errors.ts';
import type { Body } from '../masters.ts';

export type Predicate = (record: Body) => boolean;

const wrong = (detail: string) =>
  new Refusal(
    400,
    'INVALID_PARAMETER',
    `Error while accessing a resource. Invalid query parameter q: ${detail}`,
  );

function words(query: string): string[] {
  const found = query.match(/"(?:[^"\\]|\\.)*"|[()[\],]|[^\s()[\],"]+/g);
  return found ?? [];
}

/** Dates are in the account's format, M/D/YYYY. */
function toDay(text: string): string {
  const match = /^(\d{1,2})\/(\d{1,2})\/(\d{4})$/.exec(text);
  if (!match) throw wrong(`"${text}" is not a date in the format M/D/YYYY.`);
  return `${match[3]}-${match[1]!.padStart(2, '0')}-${match[2]!.padStart(2, '0')}`;
}

const plain = (raw: unknown): unknown =>
  typeof raw === 'object' && raw !== null && 'id' in raw ? (raw as { id: unknown }).id : raw;
const lower = (raw: unknown) => String(raw ?? '').toLowerCase();
const day = (raw: unknown) => String(raw ?? '').slice(0, 10);

type Operator = (value: unknown, wanted: readonly string[]) => boolean;
const first = (wanted: readonly string[]) => wanted[0] ?? '';
const operators: Readonly<Record<string, Operator>> = {
  EMPTY: (value) => value === undefined || value === '',
  IS: (value, wanted) => lower(value) === lower(first(wanted)),
  CONTAIN: (value, wanted) => lower(value).includes(lower(first(wanted))),
  START_WITH: (value, wanted) => lower(value).startsWith(lower(first(wanted))),
  ENDWITH: (value, wanted) => lower(value).endsWith(lower(first(wanted))),
  ANY_OF: (value, wanted) => wanted.some((one) => lower(value) === lower(one)),
  EQUAL: (value, wanted) => Number(value) === Number(first(wanted)),
  GREATER: (value, wanted) => Number(value) > Number(first(wanted)),
  GREATER_OR_EQUAL: (value, wanted) => Number(value) >= Number(first(wanted)),
  LESS: (value, wanted) => Number(value) < Number(first(wanted)),
  LESS_OR_EQUAL: (value, wanted) => Number(value) <= Number(first(wanted)),
  BETWEEN: (value, wanted) => Number(value) >= Number(wanted[0]) && Number(value) <= Number(wanted[1]),
  WITHIN: (value, wanted) => Number(value) >= Number(wanted[0]) && Number(value) <= Number(wanted[1]),
  AFTER: (value, wanted) => day(value) > toDay(first(wanted)),
  BEFORE: (value, wanted) => value !== undefined && day(value) < toDay(first(wanted)),
  ON: (value, wanted) => day(value) === toDay(first(wanted)),
  ON_OR_AFTER: (value, wanted) => day(value) >= toDay(first(wanted)),
  ON_OR_BEFORE: (value, wanted) => value !== undefined && day(value) <= toDay(first(wanted)),
};

/** Reads a filter; AND binds tighter than OR. `known` tells which properties may be filtered. */
export function readFilter(query: string, known: (field: string) => string | undefined): Predicate {
  const tokens = words(query);
  let at = 0;
  const unquote = (text: string) => (text.startsWith('"') ? text.slice(1, -1).replace(/\\(.)/g, '$1') : text);
  const primary = (): Predicate => {
    if (tokens[at] === '(') {
      at++;
      const inner = either();
      if (tokens[at++] !== ')') throw wrong('a closing parenthesis is missing.');
      return inner;
    }
    const field = known(tokens[at++] ?? '');
    if (field === undefined)
      throw wrong(`the property ${tokens[at - 1]} does not exist or can not be filtered.`);
    const word = (tokens[at++] ?? '').toUpperCase();
    const negative = word.endsWith('_NOT');
    const operator = operators[negative ? word.slice(0, -4) : word];
    if (!operator) throw wrong(`${word} is not an operator.`);
    const wanted: string[] = [];
    if (tokens[at] === '[') {
      for (at++; at < tokens.length && tokens[at] !== ']'; at++)
        if (tokens[at] !== ',') wanted.push(unquote(tokens[at]!));
      at++;
    } else if (!word.startsWith('EMPTY')) {
      if (tokens[at] === undefined) throw wrong('a value is missing.');
      wanted.push(unquote(tokens[at++]!));
    }
    return (record) => operator(plain(record[field]), wanted) !== negative;
  };
  const both = (): Predicate => {
    let left = primary();
    while (tokens[at]?.toUpperCase() === 'AND') {
      at++;
      const [before, right] = [left, primary()];
      left = (record) => before(record) && right(record);
    }
    return left;
  };
  const either = (): Predicate => {
    let left = both();
    while (tokens[at]?.toUpperCase() === 'OR') {
      at++;
      const [before, right] = [left, both()];
      left = (record) => before(record) || right(record);
    }
    return left;
  };
  const predicate = either();
  if (at < tokens.length) throw wrong(`unexpected ${tokens[at]}.`);
  return predicate;
}
