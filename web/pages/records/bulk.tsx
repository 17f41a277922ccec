// What may be done with many records at once? With those that are ticked, or with all that fit the filter; what touches
// many says how many first.
import { Button, Group, Paper, Stack, Text, Textarea } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { call, queries, withQuery } from '../../api.ts';
import { Confirm } from '../../parts/confirm.tsx';
import { Icon } from '../../parts/icon.tsx';
import { toast } from '../../parts/toast.tsx';
import { t } from '../../words/index.ts';
import type { Filter } from './filter.ts';
import { countExactly, showAs } from './rows.ts';

export interface Selection {
  readonly ids: ReadonlySet<string>;
  /** Everything that fits the filter, also what is not loaded. */
  readonly all: boolean;
}
export const nobody: Selection = { ids: new Set(), all: false };

const idsAtOnce = 500;

export function Bulk({
  selection,
  filter,
  loaded,
  total,
  select,
  mayWrite,
}: {
  readonly selection: Selection;
  readonly filter: Filter;
  readonly loaded: number;
  readonly total: { readonly count: number; readonly more: boolean } | undefined;
  readonly select: (selection: Selection) => void;
  readonly mayWrite: boolean;
}) {
  const [asking, setAsking] = useState<'retry' | 'skip' | undefined>();
  const [reason, setReason] = useState('');
  const exact = useQuery({
    queryKey: ['records', 'exact', filter],
    queryFn: () => countExactly(filter),
    enabled: selection.all,
  });
  const count = selection.all ? exact.data?.count : selection.ids.size;
  const chosen = selection.all ? { filter } : { ids: [...selection.ids] };
  const done = () => {
    select(nobody);
    void queries.invalidateQueries({ queryKey: ['records'] });
  };
  const retry = async () => {
    const { retried } = await call<{ retried: number }>('POST', '/records/retry', chosen);
    showAs(filter, selection.ids, { state: 'queued' });
    toast(t('records.retried', { count: retried }));
    done();
  };
  const skip = async () => {
    const { skipped } = await call<{ skipped: number }>('POST', '/records/skip', { ...chosen, reason });
    const ids = selection.all ? undefined : [...selection.ids];
    showAs(filter, selection.ids, { state: 'skipped', reason });
    toast(
      t('records.skippedNow', { count: skipped }),
      ids &&
        (() =>
          call('POST', '/records/retry', { ids }).then(() =>
            queries.invalidateQueries({ queryKey: ['records'] }),
          )),
    );
    setReason('');
    done();
  };
  const n = count ?? 0;
  return (
    <>
      <Paper className="cd-bulk" shadow="md" withBorder role="region" aria-label={t('records.selection')}>
        <Text size="sm" fw={600}>
          {count === undefined ? t('records.counting') : t('records.selected', { count })}
        </Text>
        {!selection.all && selection.ids.size >= loaded && (total?.more || (total?.count ?? 0) > loaded) && (
          <Button
            size="compact-sm"
            variant="subtle"
            onClick={() => select({ ids: selection.ids, all: true })}
          >
            {t('records.selectAllFitting')}
          </Button>
        )}
        <Group gap="xs">
          {mayWrite && (
            <>
              <Button
                size="xs"
                leftSection={<Icon name="retry" size={15} />}
                onClick={() => (n > 1 || selection.all ? setAsking('retry') : void retry())}
              >
                {t('records.retry')}
              </Button>
              <Button
                size="xs"
                variant="default"
                leftSection={<Icon name="skip" size={15} />}
                onClick={() => setAsking('skip')}
              >
                {t('records.skip')}
              </Button>
            </>
          )}
          <Button
            size="xs"
            variant="default"
            leftSection={<Icon name="export" size={15} />}
            onClick={() => void save(selection, filter)}
          >
            {t('records.export')}
          </Button>
          <Button
            size="xs"
            variant="subtle"
            color="gray"
            c="var(--mantine-color-text)"
            onClick={() => select(nobody)}
          >
            {t('records.clearSelection')}
          </Button>
        </Group>
      </Paper>
      <Confirm
        opened={asking === 'retry'}
        title={t('records.retryTitle')}
        label={t('records.retryCount', { count: n })}
        disabled={count === undefined}
        run={retry}
        close={() => setAsking(undefined)}
      >
        <Text size="sm">{t('records.retryHint')}</Text>
      </Confirm>
      <Confirm
        opened={asking === 'skip'}
        title={t('records.skipTitle')}
        label={t('records.skipCount', { count: n })}
        danger
        disabled={count === undefined || reason.trim().length < 3}
        run={skip}
        close={() => setAsking(undefined)}
      >
        <Stack gap="xs">
          <Text size="sm">{t('records.skipHint')}</Text>
          <Textarea
            label={t('records.skipReason')}
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
            required
            minLength={3}
            maxLength={500}
            autosize
            data-autofocus
          />
        </Stack>
      </Confirm>
    </>
  );
}

/** The whole filter is streamed by the server; ticked records come in a few answers that are joined here. */
async function save(selection: Selection, filter: Filter): Promise<void> {
  if (selection.all) return download(exportPath(filter));
  const ids = [...selection.ids];
  const parts: string[] = [];
  for (let from = 0; from < ids.length; from += idsAtOnce) {
    const answer = await fetch(exportPath({ ids: ids.slice(from, from + idsAtOnce).join(',') }));
    if (!answer.ok) return toast(t('shell.failed'));
    const text = await answer.text();
    parts.push(from === 0 ? text : text.slice(text.indexOf('\n') + 1));
  }
  const url = URL.createObjectURL(new Blob(parts, { type: 'text/csv' }));
  download(url);
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

export const exportPath = (filter: Readonly<Record<string, unknown>>): string =>
  `/api/v1${withQuery('/records/export', filter)}`;

export function download(url: string): void {
  const link = document.createElement('a');
  link.href = url;
  link.download = 'records.csv';
  link.click();
}
