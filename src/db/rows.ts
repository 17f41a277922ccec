// How are many rows written by one statement? As a VALUES list of bound texts, written out here: one round trip, nothing
// is escaped or parsed twice, and PostgreSQL sees plain rows.
import { CompiledQuery } from 'kysely';
import type { Db } from './pool.ts';

export type Value = string | number | boolean | Uint8Array | readonly string[] | null;

/** PostgreSQL binds at most 65,535 values in a statement; longer lists are written in turns of this many rows. */
export const rowsMax = 1_000;

/**
 * `($3::bigint, $4::text), ($5, $6)` for rows of the given column types, numbered after `given` values that stand before
 * them. Types stand in the first row only: PostgreSQL takes them for the others.
 */
export function valuesList(types: readonly string[], count: number, given = 0): string {
  const rows: string[] = [];
  let number = given;
  for (let row = 0; row < count; row++)
    rows.push(`(${types.map((type) => (row === 0 ? `$${++number}::${type}` : `$${++number}`)).join(', ')})`);
  return rows.join(', ');
}

/** Runs a statement as written, with `given` values bound first and those of all rows after them. */
export async function runRows<Row>(
  db: Db,
  statement: string,
  given: readonly Value[],
  rows: readonly (readonly Value[])[],
): Promise<readonly Row[]> {
  const values = given.concat(...rows);
  return (await db.executeQuery<Row>(CompiledQuery.raw(statement, values))).rows;
}

/** Long lists in turns that PostgreSQL can bind. */
export function inTurns<Row>(rows: readonly Row[]): readonly (readonly Row[])[] {
  if (rows.length <= rowsMax) return rows.length === 0 ? [] : [rows];
  const turns: (readonly Row[])[] = [];
  for (let start = 0; start < rows.length; start += rowsMax) turns.push(rows.slice(start, start + rowsMax));
  return turns;
}
