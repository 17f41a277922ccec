// How is NetSuite asked for many things in one call? SuiteQL with bound values; rows are texts in lower-case names.
import { z } from 'zod';
import type { NetSuiteClient } from './client.ts';
import { readAs } from './wire.ts';

const answer = z.object({
  items: z.array(z.record(z.string(), z.unknown())),
  hasMore: z.boolean().nullish(),
});
/** The most a page may hold (netsuite.md §2.1). */
const pageSize = 1000;
/** Values bound in one IN list; several lists are separate queries. */
export const listMax = 400;

export type Row = Readonly<Record<string, string | undefined>>;

/** All rows of a query, page by page; the query must order by something unique. */
export async function suiteql(
  client: NetSuiteClient,
  query: string,
  params: readonly (string | number)[],
  about: string,
): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (let offset = 0; ; offset += pageSize) {
    const got = await client({
      method: 'POST',
      path: `/services/rest/query/v1/suiteql?limit=${pageSize}&offset=${offset}`,
      headers: { prefer: 'transient' },
      body: { q: query, params: params.map(String) },
      about,
    });
    const page = readAs(answer, got.json(), `The answer about ${about}`);
    for (const item of page.items)
      rows.push(
        Object.fromEntries(
          Object.entries(item)
            .filter(([name]) => name !== 'links')
            .map(([name, value]) => [
              name,
              value === null || value === undefined ? undefined : String(value),
            ]),
        ),
      );
    if (!page.hasMore) return rows;
  }
}

/** `?,?,…` for a list of bound values. */
export const marks = (count: number): string => Array.from({ length: count }, () => '?').join(',');

export function inLists<Value>(values: readonly Value[], max = listMax): readonly (readonly Value[])[] {
  const lists: Value[][] = [];
  for (let start = 0; start < values.length; start += max) lists.push(values.slice(start, start + max));
  return lists;
}
