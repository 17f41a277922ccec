// What do the pages of problems ask, and what do they change?
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import type { Problem, ProblemDetail, ProblemPage } from '../../../src/api/contract/problems.ts';
import { call, queries, withQuery } from '../../api.ts';
import type { UrlValues } from '../../parts/url.ts';
import { t } from '../../words/index.ts';

export const filterNames = ['q', 'class', 'assignee', 'flow', 'code', 'kind'] as const;

export const askProblems = (values: UrlValues, limit: number) => {
  const path = withQuery('/problems', {
    state: values['state'] ?? 'open',
    sort: values['sort'],
    ...Object.fromEntries(filterNames.map((name) => [name, values[name]])),
    limit,
  });
  return queryOptions<ProblemPage>({
    queryKey: ['problems', path],
    queryFn: ({ signal }) => call<ProblemPage>('GET', path, undefined, signal),
    placeholderData: keepPreviousData,
  });
};

export const askProblem = (id: string) =>
  queryOptions<ProblemDetail>({
    queryKey: ['problems', `/problems/${id}`],
    queryFn: ({ signal }) => call<ProblemDetail>('GET', `/problems/${id}`, undefined, signal),
  });

export const askNames = () =>
  queryOptions<{ items: string[] }>({
    queryKey: ['people', '/people/names'],
    queryFn: () => call('GET', '/people/names'),
    staleTime: 60_000,
  });

export const refresh = () =>
  Promise.all([
    queries.invalidateQueries({ queryKey: ['problems'] }),
    queries.invalidateQueries({ queryKey: ['records'] }),
    queries.invalidateQueries({ queryKey: ['overview'] }),
  ]);

/** One act on several problems; afterwards what is shown is asked for again. */
export async function act<Answer>(verb: string, ids: readonly string[], body: object = {}): Promise<Answer> {
  const answer = await call<Answer>('POST', `/problems/${verb}`, { ids, ...body });
  await refresh();
  return answer;
}

/** A lookup's name as the catalogue has it. */
export const className = (problem: Pick<Problem, 'class'>): string =>
  t(`problems.class_${problem.class.replaceAll('-', '_')}` as 'problems.class_value');
