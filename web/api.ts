// How does the console talk to the server? The public API alone; refusals carry what to do next.
import { QueryClient } from '@tanstack/react-query';

// biome-ignore lint/suspicious/noExplicitAny: answers are read field by field; the server validates them.
export type Json = any;

export class Refusal extends Error {
  readonly nextSteps: readonly string[];
  readonly status: number;
  constructor(status: number, title: string, nextSteps: readonly string[]) {
    super(title);
    this.status = status;
    this.nextSteps = nextSteps;
  }
}

export const queries = new QueryClient({ defaultOptions: { queries: { retry: 1, staleTime: 2_000 } } });
let csrf = '';

export async function call(method: string, path: string, body?: unknown): Promise<Json> {
  const answer = await fetch(`/api/v1${path}`, {
    method,
    headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), 'x-csrf': csrf },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const parsed = await answer.json().catch(() => ({}));
  if (!answer.ok)
    throw new Refusal(answer.status, parsed.title ?? `HTTP ${answer.status}`, parsed.nextSteps ?? []);
  if (typeof parsed?.csrf === 'string') csrf = parsed.csrf;
  return parsed;
}

/** The server says only that something changed; what is on the screen is asked for again. */
export function listen(): () => void {
  const events = new EventSource('/api/v1/events');
  events.addEventListener('changed', () => void queries.invalidateQueries());
  return () => events.close();
}
