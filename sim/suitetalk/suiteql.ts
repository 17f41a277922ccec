// How does SuiteQL run? A tokenizer turns its Oracle-like dialect into SQLite's, whose engine does the work (netsuite.md §2).
import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import { Refusal } from './errors.ts';
import { fromWallMs, toWallMs } from './zone.ts';

export interface SuiteQl {
  run(query: string, params: readonly string[], page: { limit: number; offset: number }): { items: Record<string, unknown>[]; total: number };
}

export interface SuiteQlOptions {
  readonly db: DatabaseSync;
  readonly zone: string;
  readonly now: () => number;
  /** Display text of a referenced id, for BUILTIN.DF. */
  readonly display: (field: string, id: unknown) => string | null;
}

/** Dates print in the account's format unless TO_CHAR says otherwise (netsuite.md §2.1). */
const dateColumns = new Set(['trandate', 'shipdate', 'createddate', 'lastmodifieddate', 'startdate', 'enddate', 'duedate', 'deleteddate']);
const rowsMax = 100_000;

export function makeSuiteQl({ db, zone, now, display }: SuiteQlOptions): SuiteQl {
  registerFunctions(db, { zone, display });
  const translated = new Map<string, string>();
  return {
    run(query, params, { limit, offset }) {
      let sql = translated.get(query);
      if (sql === undefined) {
        sql = translate(query, { zone, now });
        if (translated.size > 500) translated.clear();
        translated.set(query, sql);
      }
      try {
        const statement = db.prepare(`SELECT * FROM (${sql}) LIMIT ? OFFSET ?`);
        const rows = statement.all(...(params as readonly SQLInputValue[]), limit + 1, offset) as Record<string, unknown>[];
        const total = rows.length > limit || offset > 0 ? Math.min(rowsMax, Number((db.prepare(`SELECT count(*) AS n FROM (${sql})`).get(...(params as readonly SQLInputValue[])) as { n: number }).n)) : rows.length;
        return { items: rows.slice(0, limit).map(toItem), total };
      } catch (error) {
        throw searchError(error);
      }
    },
  };
}

/** All values are texts, names are lower case, nulls are left out, every item has links (netsuite.md §2.1). */
function toItem(row: Record<string, unknown>): Record<string, unknown> {
  const item: Record<string, unknown> = { links: [] };
  for (const [name, value] of Object.entries(row)) {
    if (value === null || value === undefined || name === '_rowid') continue;
    const key = name.toLowerCase();
    item[key] = dateColumns.has(key) ? accountDate(value) : String(value);
  }
  return item;
}

function accountDate(value: unknown): string {
  const day = typeof value === 'number' ? new Date(value).toISOString().slice(0, 10) : String(value);
  const match = /^(\d{4})-(\d{2})-(\d{2})/.exec(day);
  return match ? `${Number(match[2])}/${Number(match[3])}/${match[1]}` : day;
}

const invalid = (description: string, status = 400) =>
  new Refusal(status, status === 500 ? 'UNEXPECTED_ERROR' : 'INVALID_PARAMETER', `Invalid search query. Detailed unprocessed description follows. Search error occurred: ${description}`);

function searchError(error: unknown): Error {
  const message = error instanceof Error ? error.message : String(error);
  const column = /no such column: (?:\w+\.)?(\w+)/i.exec(message)?.[1];
  if (column?.toLowerCase() === 'shipstatus') return new Refusal(500, 'UNEXPECTED_ERROR', 'An unexpected error occurred. Error ID: jk2h7shipstatus');
  if (column) return invalid(`Field '${column}' not found. Please check the field name.`);
  const table = /no such table: (\w+)/i.exec(message)?.[1];
  if (table) return invalid(`Record '${table}' was not found.`);
  const fn = /no such function: (\w+)/i.exec(message)?.[1];
  if (fn) return invalid(`Unknown identifier '${fn}'.`);
  if (error instanceof Refusal) return error;
  return invalid(`Invalid or unsupported search. ${message}`);
}

type Token = { kind: 'word' | 'text' | 'number' | 'mark' | 'space'; text: string };

export function tokenize(query: string): Token[] {
  const tokens: Token[] = [];
  const pattern = /(\s+|--[^\n]*)|('(?:[^']|'')*')|("(?:[^"]|"")*")|([A-Za-z_][\w$#]*)|(\d+(?:\.\d+)?)|(<>|!=|<=|>=|\|\||.)/gs;
  for (const match of query.matchAll(pattern)) {
    const [text, space, single, double, word, number] = match;
    tokens.push({ kind: space ? 'space' : single ? 'text' : double || word ? 'word' : number ? 'number' : 'mark', text });
  }
  return tokens;
}

function translate(query: string, { zone, now }: { zone: string; now: () => number }): string {
  const tokens = tokenize(query.trim().replace(/;\s*$/, ''));
  if (tokens.find((token) => token.kind === 'word')?.text.toLowerCase() !== 'select') throw invalid('Only SELECT is supported.');
  const out: string[] = [];
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i]!;
    const lower = token.text.toLowerCase();
    if (token.kind !== 'word') {
      out.push(token.text);
      continue;
    }
    const rest = tokens.slice(i, i + 12).filter((next) => next.kind !== 'space').map((next) => next.text.toLowerCase());
    const previous = tokens.slice(0, i).findLast((before) => before.kind !== 'space')?.text;
    if (lower === 'limit' && previous !== '.') throw invalid("Invalid or unsupported search. 'LIMIT' is not supported.");
    if (lower === 'fetch' && rest[1] === 'first' && rest[3]?.startsWith('row') && rest[4] === 'only') {
      out.push(`LIMIT ${rest[2]}`);
      i = skip(tokens, i, 5);
    } else if (lower === 'builtin' && rest[1] === '.' && rest[2] === 'df') {
      const start = skip(tokens, i, 4);
      let end = start;
      while (end < tokens.length && tokens[end]!.text !== ')') end++;
      const field = tokens.slice(start, end).map((part) => part.text).join('').trim();
      out.push(`builtin_df('${field.split('.').at(-1)!.toLowerCase()}', ${field.replace(/\btransaction\b/gi, '"transaction"')})`);
      i = end;
    } else if (lower === 'sessiontimezone') out.push(`'${zone}'`);
    else if (lower === 'sysdate' || lower === 'current_date') out.push(String(now()));
    else if (lower === 'transaction') out.push('"transaction"');
    else out.push(token.text);
  }
  return out.join('');
}

/** Index of the token before the one that follows `count` tokens that are not spaces. */
function skip(tokens: readonly Token[], from: number, count: number): number {
  let left = count;
  let at = from;
  while (at < tokens.length && left > 0) if (tokens[at++]!.kind !== 'space') left--;
  return count === 4 ? at : at - 1;
}

function registerFunctions(db: DatabaseSync, { zone, display }: Pick<SuiteQlOptions, 'zone' | 'display'>): void {
  const pure = { deterministic: true } as const;
  db.function('nvl', pure, (value: unknown, other: unknown) => (value ?? other) as SQLInputValue);
  db.function('decode', { ...pure, varargs: true }, (...args: unknown[]) => {
    const [value, ...rest] = args;
    for (let i = 0; i + 1 < rest.length; i += 2) if (rest[i] === value) return rest[i + 1] as SQLInputValue;
    return (rest.length % 2 === 1 ? rest.at(-1) : null) as SQLInputValue;
  });
  db.function('sys_extract_utc', pure, (value: unknown) => (value === null ? null : `utc:${String(value)}`));
  db.function('to_date', pure, (text: unknown) => (text === null ? null : String(text).slice(0, 10)));
  db.function('to_timestamp', { ...pure, varargs: true }, (...args: unknown[]) => (args[0] === null ? null : fromWallMs(zone, Date.parse(`${String(args[0]).trim().replace(' ', 'T')}Z`))));
  db.function('to_char', { ...pure, varargs: true }, (...args: unknown[]) => {
    const [value, format] = args;
    if (value === null || value === undefined) return null;
    if (format === undefined) return String(value);
    return formatMoment(value, String(format), zone);
  });
  db.function('builtin_df', (field: unknown, id: unknown) => (id === null ? null : display(String(field), id)));
}

function formatMoment(value: unknown, format: string, zone: string): string {
  const text = String(value);
  const ms = text.startsWith('utc:') ? Number(text.slice(4)) : typeof value === 'number' ? toWallMs(zone, value) : Date.parse(`${text.slice(0, 10)}T00:00:00Z`);
  const iso = new Date(ms).toISOString();
  return format
    .replaceAll('"', '')
    .replace(/YYYY/i, iso.slice(0, 4))
    .replace(/HH24/i, iso.slice(11, 13))
    .replace(/MI/, iso.slice(14, 16))
    .replace(/SS/, iso.slice(17, 19))
    .replace(/MM/, iso.slice(5, 7))
    .replace(/DD/, iso.slice(8, 10));
}
