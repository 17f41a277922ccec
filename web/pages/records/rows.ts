// Where do the rows come from? Pages of a hundred, each beginning after the last row of the one before.
import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { RecordList, RecordRow } from '../../../src/api/contract/records.ts';
import { ask, call, queries, withQuery } from '../../api.ts';
import { onChange } from '../../shell/live.ts';
import type { Filter } from './filter.ts';

const pageSize = 100;
const listKey = (filter: Filter) => ['records', 'list', filter] as const;

export function useRows(filter: Filter) {
  const query = useInfiniteQuery({
    queryKey: listKey(filter),
    queryFn: ({ pageParam, signal }) =>
      call<RecordList>(
        'GET',
        withQuery('/records', { ...filter, limit: pageSize, cursor: pageParam }),
        undefined,
        signal,
      ),
    initialPageParam: '',
    getNextPageParam: (page) => page.next ?? undefined,
    placeholderData: keepPreviousData,
    // Many loaded pages would all be asked again at each change; see useNews.
    meta: { live: false },
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 60_000,
  });
  const rows = query.data?.pages.flatMap((page) => page.items) ?? [];
  return { ...query, rows };
}

/** Something changed: a list of which only the first page is loaded is read again; a longer one offers to. */
export function useNews(
  filter: Filter,
  pages: number,
): { readonly news: boolean; readonly refresh: () => void } {
  const [news, setNews] = useState(false);
  const key = JSON.stringify(filter);
  const refresh = () => {
    setNews(false);
    void queries.resetQueries({ queryKey: listKey(filter), exact: true });
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: the filter is told apart by its text.
  useEffect(() => setNews(false), [key]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the filter is told apart by its text.
  useEffect(
    () =>
      onChange('records', () => {
        if (pages <= 1) void queries.invalidateQueries({ queryKey: listKey(filter), exact: true });
        else setNews(true);
      }),
    [key, pages],
  );
  return { news, refresh };
}

/** Shows at once what was just asked for; the server's word follows. */
export function showAs(filter: Filter, ids: ReadonlySet<string>, change: Partial<RecordRow>): void {
  queries.setQueryData<{ pages: RecordList[]; pageParams: unknown[] }>(listKey(filter), (data) =>
    data
      ? {
          ...data,
          pages: data.pages.map((page) => ({
            ...page,
            items: page.items.map((row) => (ids.has(row.id) ? { ...row, ...change } : row)),
          })),
        }
      : data,
  );
}

interface Counted {
  readonly count: number;
  readonly more: boolean;
}
export const useCount = (filter: Filter) =>
  useQuery({
    ...ask<Counted>(withQuery('/records/count', { ...filter, sort: undefined })),
    placeholderData: keepPreviousData,
  }).data;
export const countExactly = (filter: Filter): Promise<Counted> =>
  call<Counted>('GET', withQuery('/records/count', { ...filter, sort: undefined, exact: true }));
