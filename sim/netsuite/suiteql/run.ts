// How is a SuiteQL query answered over REST? Prefer: transient, pages of at most 1,000, text values, lower-case names.
import type { DatabaseSync, SQLInputValue, SQLOutputValue, StatementSync } from 'node:sqlite';
import type { Answer, Call } from '../../http.ts';
import type { Role } from '../auth/roles.ts';
import { forbidden, invalidParameter, Refusal } from '../errors.ts';
import { accountDate, isMoment } from './moments.ts';
import { queryError } from './tokens.ts';
import { type Translated, translate } from './translate.ts';

const pageMax = 1000;
/** Oracle: a query gives at most 100,000 rows, however it is paged. */
const rowsMax = 100_000;

export interface QueryDesk {
  answer(call: Call, role: Role): Answer;
  select(query: string, params: readonly unknown[], role: Role): Record<string, string>[];
}

interface Prepared {
  readonly translated: Translated;
  readonly page: StatementSync;
  readonly count: StatementSync;
  readonly names: readonly string[];
}

export function makeQueryDesk(options: {
  readonly db: DatabaseSync;
  readonly zone: string;
  readonly beforeQuery: () => void;
}): QueryDesk {
  const { db, zone } = options;
  /** A role whose permissions change becomes another object. */
  const preparedOf = new WeakMap<Role, Map<string, Prepared>>();
  const counters = new Map<number, number>();
  db.function('sim_rownum', { deterministic: false }, (key) => {
    const next = (counters.get(Number(key)) ?? 0) + 1;
    counters.set(Number(key), next);
    return next;
  });

  const prepare = (query: string, role: Role): Prepared => {
    let prepared = preparedOf.get(role);
    if (!prepared) {
      prepared = new Map();
      preparedOf.set(role, prepared);
    }
    const known = prepared.get(query);
    if (known) return known;
    const translated = translate(query, role);
    const { sql } = translated;
    try {
      const page = db.prepare(`${sql} LIMIT ? OFFSET ?`);
      const count = db.prepare(`SELECT count(*) AS n FROM (${sql})`);
      const one = { translated, page, count, names: columnNames(page) };
      if (prepared.size > 500) prepared.clear();
      prepared.set(query, one);
      return one;
    } catch (cause) {
      throw toRefusal(cause);
    }
  };

  const run = (query: string, params: readonly unknown[], role: Role, limit: number, offset: number) => {
    options.beforeQuery();
    const { translated, page, count, names } = prepare(query, role);
    if (params.length !== translated.marks)
      throw queryError(
        `Search error occurred: Invalid number of parameters. Expected: ${translated.marks}. Provided: ${params.length}.`,
      );
    const values = params.map(bind);
    const most = Math.min(rowsMax, translated.fetch ?? rowsMax);
    const take = Math.max(0, Math.min(limit, most - offset));
    counters.clear();
    try {
      const rows = page.all(...values, take, translated.skip + offset);
      let total = offset + rows.length;
      if (rows.length === take || (rows.length === 0 && offset > 0)) {
        counters.clear();
        const n = Number(count.get(...values)?.['n'] ?? 0) - translated.skip;
        total = Math.max(0, Math.min(most, n));
      }
      return { total, items: rows.map((row) => render(row, names)) };
    } catch (cause) {
      throw toRefusal(cause);
    }
  };

  const render = (row: Record<string, SQLOutputValue>, names: readonly string[]) => {
    const item: Record<string, unknown> = { links: [] };
    let i = 0;
    for (const value of Object.values(row)) {
      const name = names[i++]!;
      if (value === null) continue;
      item[name] = isMoment(value) ? accountDate(zone, value) : plain(value);
    }
    return item;
  };

  return {
    answer: (call, role) => {
      if (!role.permissions.has('REPO_ANALYTICS'))
        throw forbidden(
          "Permission Violation: You need the 'SuiteAnalytics Workbook' permission to access this page.",
        );
      const prefer = String(call.headers['prefer'] ?? '')
        .split(',')
        .map((part) => part.trim().toLowerCase());
      if (!prefer.includes('transient'))
        throw new Refusal(
          400,
          'INVALID_HEADER',
          "The required request header 'Prefer' is missing or invalid. The value must be 'transient'.",
        );
      const { q, params } = readQuery(call);
      const limit = readNumber(call, 'limit', pageMax);
      const offset = readNumber(call, 'offset', 0);
      if (limit < 1 || limit > pageMax)
        throw invalidParameter('The limit parameter must be between 1 and 1000.');
      if (offset % limit !== 0)
        throw invalidParameter('The offset parameter must be divisible by the limit parameter.');
      if (offset >= rowsMax)
        throw invalidParameter(
          'The query returned more rows than can be paged: at most 100000 rows are available.',
        );
      const { items, total } = run(q, params, role, limit, offset);
      const hasMore = offset + items.length < total && items.length > 0;
      return {
        status: 200,
        headers: {
          'content-type': 'application/vnd.oracle.resource+json; type=collection; charset=UTF-8',
          'preference-applied': 'transient',
        },
        body: Buffer.from(
          JSON.stringify({
            links: pageLinks(`${call.baseUrl}${call.path}`, limit, offset, total, hasMore),
            count: items.length,
            hasMore,
            items,
            offset,
            totalResults: total,
          }),
        ),
      };
    },
    select: (query, params, role) => run(query, params, role, rowsMax, 0).items as Record<string, string>[],
  };
}

function readQuery(call: Call): { q: string; params: readonly unknown[] } {
  let body: unknown;
  try {
    body = JSON.parse(call.body.toString('utf8'));
  } catch {
    throw new Refusal(400, 'INVALID_CONTENT', 'The request body is not valid JSON.');
  }
  const { q, params } = (body ?? {}) as { q?: unknown; params?: unknown };
  if (typeof q !== 'string' || q.trim() === '')
    throw new Refusal(
      400,
      'INVALID_CONTENT',
      "The request body must contain the property 'q' with the query.",
    );
  if (params !== undefined && !Array.isArray(params))
    throw new Refusal(400, 'INVALID_CONTENT', "The property 'params' must be an array.");
  return { q, params: params ?? [] };
}

function readNumber(call: Call, name: string, absent: number): number {
  const text = call.query.get(name);
  if (text === null) return absent;
  if (!/^\d+$/.test(text)) throw invalidParameter(`Invalid value of the query parameter ${name}: ${text}.`);
  return Number(text);
}

/** Links of a page: itself, its neighbours, the first and the last. */
export function pageLinks(
  url: string,
  limit: number,
  offset: number,
  total: number,
  hasMore: boolean,
): object[] {
  const link = (rel: string, at: number) => ({ rel, href: `${url}?limit=${limit}&offset=${at}` });
  const links: object[] = [];
  if (hasMore)
    links.push(
      link('next', offset + limit),
      link('last', Math.max(0, Math.floor((total - 1) / limit) * limit)),
    );
  if (offset > 0) links.push(link('first', 0), link('previous', Math.max(0, offset - limit)));
  links.push(link('self', offset));
  return links;
}

/** Floats lose the dust of sums in base two; NetSuite computes in decimals. */
const plain = (value: SQLOutputValue): string =>
  typeof value === 'number' && !Number.isInteger(value) ? String(Number(value.toFixed(8))) : String(value);

function bind(value: unknown): SQLInputValue {
  if (typeof value === 'boolean') return value ? 'T' : 'F';
  if (value === null || typeof value === 'string' || typeof value === 'number') return value;
  throw queryError('Search error occurred: A parameter must be a text or a number.');
}

/** Unnamed expressions are called expr1, expr2, … by their place. */
function columnNames(statement: StatementSync): string[] {
  return statement
    .columns()
    .map(({ name }, index) => (/^[A-Za-z_][\w$]*$/.test(name) ? name.toLowerCase() : `expr${index + 1}`));
}

function toRefusal(cause: unknown): Error {
  if (cause instanceof Refusal) return cause;
  const message = cause instanceof Error ? cause.message : String(cause);
  const column = /no such column: (?:\w+\.)*"?(\w+)"?/i.exec(message)?.[1]?.toLowerCase();
  // Seen live by public projects: this column breaks the server instead of being refused.
  if (column === 'shipstatus')
    return new Refusal(500, 'UNEXPECTED_ERROR', 'An unexpected error occurred. Error ID: shpstat0001');
  if (column) {
    const qualified = /no such column: \w+\./i.test(message);
    return queryError(
      qualified
        ? `Search error occurred: Field '${column}' not found.`
        : `Search error occurred: Unknown identifier '${column}'`,
    );
  }
  const table = /no such table: (\w+)/i.exec(message)?.[1];
  if (table) return queryError(`Search error occurred: Record '${table.toLowerCase()}' was not found.`);
  const name = /no such function: (\w+)/i.exec(message)?.[1];
  if (name) return queryError(`Search error occurred: Unknown function '${name}'.`);
  return queryError(`Search error occurred: Invalid or unsupported search (${message})`);
}
