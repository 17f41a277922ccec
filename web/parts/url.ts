// Filters live in the address: a view can be reloaded, kept, and sent to a colleague.
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback } from 'react';

export type UrlValues = Readonly<Record<string, string | undefined>>;

/** The address's values as texts, and a way to change some of them; replaced, so that “back” leaves the page. */
export function useUrl(): readonly [UrlValues, (change: UrlValues) => void] {
  const raw = useSearch({ strict: false }) as Record<string, unknown>;
  const navigate = useNavigate();
  const values: UrlValues = Object.fromEntries(
    Object.entries(raw).flatMap(([name, value]) =>
      value === undefined || value === null || value === '' ? [] : [[name, String(value)]],
    ),
  );
  const change = useCallback(
    (next: UrlValues) =>
      void navigate({
        to: '.',
        replace: true,
        resetScroll: false,
        search: (old: Record<string, unknown>) =>
          Object.fromEntries(
            Object.entries({ ...old, ...next }).filter(([, value]) => value !== undefined && value !== ''),
          ),
      } as never),
    [navigate],
  );
  return [values, change];
}
