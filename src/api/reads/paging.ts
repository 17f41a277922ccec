// How is a long list handed out in pages? By the place of the last row seen, never by counting rows from the top.
import { CamelCasePlugin } from 'kysely';
import type { Db } from '../../db/pool.ts';

/** Rows leave under the names of the contract (contract/*.ts): `flow_id` becomes `flowId`. */
export const named = (db: Db): Db =>
  db.withPlugin(new CamelCasePlugin({ maintainNestedObjectKeys: true })) as Db;

export interface Paging {
  readonly cursor?: string | undefined;
  readonly limit: number;
}

/** One row more than a page was read: it tells whether there is a next page, which begins after `mark` of the last item. */
export function page<Row>(rows: readonly Row[], limit: number, mark: (row: Row) => string) {
  const items = rows.slice(0, limit);
  return { items, next: rows.length > limit ? mark(items.at(-1)!) : null };
}

/** A cursor made of several values; what a caller made up is no cursor. */
export const pack = (...values: readonly string[]): string =>
  Buffer.from(JSON.stringify(values)).toString('base64url');
export function unpack(cursor: string | undefined, length: number): (string | null)[] {
  if (cursor === undefined) return Array(length).fill(null);
  try {
    const values: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    if (
      Array.isArray(values) &&
      values.length === length &&
      values.every((value) => typeof value === 'string')
    )
      return values;
  } catch {
    // Told below.
  }
  throw new CursorError();
}

/** The API answers it with 400. */
export class CursorError extends Error {
  readonly statusCode = 400;
  constructor() {
    super('This cursor is none that Crossdock gave. Take `next` of the page before, or begin without one.');
  }
}
export const rowNumber = (cursor: string | undefined): string | null => {
  if (cursor !== undefined && !/^\d{1,18}$/.test(cursor)) throw new CursorError();
  return cursor ?? null;
};
