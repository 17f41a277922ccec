// Asks the API and shows what it is: a skeleton of the same size while it loads, trouble with its next step, or the answer.
import { Skeleton, Stack, VisuallyHidden } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { ask, type Json } from '../api.ts';
import { t } from '../words/index.ts';
import { Trouble } from './trouble.tsx';

export function Asked<Answer = Json>({
  path,
  skeleton,
  children,
}: {
  readonly path: string;
  readonly skeleton?: ReactNode;
  readonly children: (answer: Answer) => ReactNode;
}) {
  const { data, error, refetch } = useQuery(ask<Answer>(path));
  if (data === undefined)
    return error ? <Trouble error={error} retry={() => void refetch()} /> : (skeleton ?? <Lines />);
  return children(data);
}

/** Grey lines where text will stand. */
export const Lines = ({ count = 6, height = 20 }: { readonly count?: number; readonly height?: number }) => (
  <Stack gap="sm" role="status">
    <VisuallyHidden>{t('shell.loading')}</VisuallyHidden>
    {Array.from({ length: count }, (_, index) => index).map((index) => (
      <Skeleton key={`line ${index}`} height={height} radius="sm" width={`${100 - ((index * 17) % 40)}%`} />
    ))}
  </Stack>
);

/** A block of a known height: what comes later takes exactly its place. */
export const Block = ({ height }: { readonly height: number }) => (
  <div role="status" aria-label={t('shell.loading')}>
    <Skeleton height={height} radius="md" />
  </div>
);
