// How does the page stay true while somebody looks at it? The server says which subjects changed (server-sent events);
// what is on the screen of those is asked for again, at most every two seconds.
import { useEffect, useSyncExternalStore } from 'react';
import { queries } from '../api.ts';

/** Answers that change with a subject besides its own. */
const touches: Readonly<Record<string, readonly string[]>> = {
  records: ['records', 'overview', 'problems'],
  problems: ['problems', 'overview'],
  connections: ['connections', 'overview', 'quotas'],
  flows: ['flows', 'overview', 'mappings'],
};
const pauseMs = 2_000;

let connected = true;
const watchers = new Set<() => void>();
function setConnected(now: boolean): void {
  if (now === connected) return;
  connected = now;
  for (const tell of watchers) tell();
}
/** False while the stream is broken: what is shown may be old. */
export const useConnected = (): boolean =>
  useSyncExternalStore(
    (tell) => {
      watchers.add(tell);
      return () => watchers.delete(tell);
    },
    () => connected,
  );

/** For lists that decide themselves what to do about a change. */
const listeners = new Set<readonly [string, () => void]>();
export function onChange(subject: string, run: () => void): () => void {
  const listener = [subject, run] as const;
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

export function useLive(): void {
  useEffect(() => {
    const events = new EventSource('/api/v1/events');
    const changed = new Set<string>();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const refresh = () => {
      timer = undefined;
      if (document.hidden) return;
      const subjects = new Set(changed);
      changed.clear();
      for (const [subject, run] of listeners) if (subjects.has(subject)) run();
      void queries.invalidateQueries({
        predicate: ({ queryKey, meta }) => meta?.['live'] !== false && subjects.has(String(queryKey[0])),
      });
    };
    const later = () => {
      timer ??= setTimeout(refresh, pauseMs);
    };
    events.addEventListener('changed', (event) => {
      const { subjects } = JSON.parse(event.data) as { subjects: readonly string[] };
      for (const subject of subjects)
        for (const touched of touches[subject] ?? [subject]) changed.add(touched);
      if (timer === undefined) refresh();
      else later();
      later();
    });
    events.addEventListener('open', () => setConnected(true));
    events.addEventListener('error', () => setConnected(false));
    const seen = () => !document.hidden && changed.size > 0 && refresh();
    document.addEventListener('visibilitychange', seen);
    return () => {
      events.close();
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', seen);
    };
  }, []);
}
