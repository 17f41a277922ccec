// What was changed in a lookup, by whom, and how is it taken back? One line per act.
import { Button, Group, Stack, Text, Title } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import type { LookupChange } from '../../../src/api/contract/connections.ts';
import { call, queries } from '../../api.ts';
import { Asked } from '../../parts/asked.tsx';
import { toast } from '../../parts/toast.tsx';
import { Trouble } from '../../parts/trouble.tsx';
import { moment, t } from '../../words/index.ts';

type Row = LookupChange['rows'][number]['before'];
const said = (row: Row): string =>
  row ? `${row.value}${(row.multiplier ?? 1) === 1 ? '' : ` × ${row.multiplier}`}` : '–';
/** An import may hold thousands of rows; the first ones show what it was. */
const shownRows = 5;

export function Changes({ base, table }: { readonly base: string; readonly table: string }) {
  const undo = useMutation({
    mutationFn: (changeId: string) => call('POST', `${base}/lookup-changes/${changeId}/undo`),
    onSuccess: () => {
      toast(t('lookups.undone'));
      return queries.invalidateQueries();
    },
  });
  return (
    <section aria-label={t('lookups.history')}>
      <Title order={2} size="h5" mb="xs">
        {t('lookups.history')}
      </Title>
      {undo.error && <Trouble error={undo.error} />}
      <Asked<{ items: readonly LookupChange[] }> path={`${base}/lookups/${table}/changes`}>
        {({ items }) =>
          items.length === 0 ? (
            <Text size="sm" c="dimmed">
              {t('lookups.noHistory')}
            </Text>
          ) : (
            <Stack gap="xs">
              {items.map((act) => (
                <Group key={act.changeId} justify="space-between" align="start" wrap="nowrap">
                  <div style={{ minWidth: 0 }}>
                    <Text size="sm" fw={600}>
                      {moment(act.at)} · {act.by} · {t(`lookups.via_${act.via}`)} ·{' '}
                      {t('lookups.rows', { count: act.rows.length })}
                    </Text>
                    {act.rows.slice(0, shownRows).map((row) => (
                      <Text key={row.key} size="sm" className="cd-wrap">
                        {row.key}: {said(row.before)} → {said(row.after)}
                      </Text>
                    ))}
                  </div>
                  <Button
                    size="compact-sm"
                    variant="default"
                    aria-label={t('lookups.undoOf', { when: moment(act.at) })}
                    onClick={() => undo.mutate(act.changeId)}
                  >
                    {t('lookups.undo')}
                  </Button>
                </Group>
              ))}
            </Stack>
          )
        }
      </Asked>
    </section>
  );
}
