// How does the console talk to the server? The public API alone; refusals carry what to do next. A question's key begins
// with the first word of its path, so that a live event can name what has changed (shell/live.ts).
import { QueryClient, queryOptions } from '@tanstack/react-query';

// biome-ignore lint/suspicious/noExplicitAny: pages that still read answers field by field; typed ones use call<Answer>().
export type Json = any;

export class Refusal extends Error {
  readonly nextSteps: readonly string[];
  readonly status: number;
  readonly code: string;
  readonly field: string | undefined;
  constructor(
    status: number,
    parsed: { title?: string; nextSteps?: readonly string[]; code?: string; field?: string },
  ) {
    super(parsed.title ?? '');
    this.status = status;
    this.nextSteps = parsed.nextSteps ?? [];
    this.code = parsed.code ?? '';
    this.field = parsed.field;
  }
}

/** The server cannot be reached at all: stopped, restarted, or the network is gone. */
export class Unreachable extends Error {}

export const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 2_000,
      gcTime: 10 * 60_000,
      retry: (failures, error) => !(error instanceof Refusal) && failures < 2,
    },
  },
});

let csrf = '';

export async function call<Answer = Json>(
  method: string,
  path: string,
  body?: unknown,
  signal?: AbortSignal,
): Promise<Answer> {
  const answer = await fetch(`/api/v1${path}`, {
    method,
    headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), 'x-csrf': csrf },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    ...(signal ? { signal } : {}),
  }).catch((error: unknown) => {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new Unreachable();
  });
  const parsed = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Refusal(answer.status, parsed);
  if (typeof parsed?.csrf === 'string') csrf = parsed.csrf;
  return parsed;
}

/** A question to the API as TanStack Query wants it: `useQuery(ask<Answer>('/records/12'))`. */
export const ask = <Answer = Json>(path: string) =>
  queryOptions<Answer>({
    queryKey: [subjectOf(path), path],
    queryFn: ({ signal }) => call<Answer>('GET', path, undefined, signal),
  });
export const subjectOf = (path: string): string => path.split(/[/?]/)[1] ?? '';

/** Path and query with only the values that are given. */
export function withQuery(path: string, values: Readonly<Record<string, unknown>>): string {
  const given = Object.entries(values).filter(
    ([, value]) => value !== undefined && value !== null && value !== '',
  );
  const text = new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString();
  return text === '' ? path : `${path}?${text}`;
}

/** Who is signed in. */
export interface Me {
  readonly name: string;
  readonly scopes: readonly string[];
  readonly demo: boolean;
  readonly seesPersonal: boolean;
}
export const askMe = () => ({ ...ask<Me>('/me'), retry: false, staleTime: 60_000 });
