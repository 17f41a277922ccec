// The list of records: filters stand in the URL, so that a view can be sent to a colleague.
import { Button, Group, ScrollArea, Select, Stack, Table, Text, TextInput } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { call, type Json } from '../../api.ts';
import { PageLink } from '../../parts/link.tsx';
import { PageHead } from '../../parts/page.tsx';
import { State } from '../../parts/state.tsx';
import { Trouble } from '../../parts/trouble.tsx';
import { useUrl } from '../../parts/url.ts';
import { minorText, moment, money, t, tState } from '../../words/index.ts';

const states = ['queued', 'running', 'waiting', 'verifying', 'pending', 'parked', 'done', 'skipped'];

export function RecordsPage() {
  const [search, change] = useUrl();
  const set = (name: string, value: string | null) => change({ [name]: value || undefined });
  const filter = Object.entries(search).flatMap(([name, value]) =>
    value ? [[name, String(value)]] : [],
  ) as [string, string][];
  const { data, error, fetchNextPage, hasNextPage, refetch } = useInfiniteQuery({
    queryKey: ['records', search],
    queryFn: ({ pageParam }) =>
      call(
        'GET',
        `/records?${new URLSearchParams([...filter, ...(pageParam ? ([['cursor', pageParam]] as [string, string][]) : [])])}`,
      ),
    initialPageParam: '',
    getNextPageParam: (page: Json) => page.next ?? undefined,
  });
  const rows = data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Stack>
      <PageHead title={t('shell.records')} />
      <Group>
        <TextInput
          aria-label={t('records.search')}
          placeholder={t('records.search')}
          defaultValue={search['q'] ?? ''}
          onChange={(event) => set('q', event.currentTarget.value)}
          w={280}
        />
        <Select
          aria-label={t('records.state')}
          placeholder={t('records.state')}
          clearable
          data={states.map((state) => ({ value: state, label: tState(state) }))}
          value={search['state'] && !String(search['state']).includes(',') ? String(search['state']) : null}
          onChange={(value) => set('state', value)}
        />
      </Group>
      {error && <Trouble error={error} retry={() => void refetch()} />}
      <ScrollArea viewportProps={{ tabIndex: 0 }}>
        <Table highlightOnHover miw={720}>
          <Table.Thead>
            <Table.Tr>
              {(['order', 'state', 'total', 'document', 'updated', 'reason'] as const).map((word) => (
                <Table.Th key={word}>{t(`records.${word}`)}</Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows.map((row: Json) => (
              <Table.Tr key={row.id}>
                <Table.Td>
                  <PageLink to={`/records/${row.id}`} ff="monospace">
                    {row.key}
                  </PageLink>
                </Table.Td>
                <Table.Td>
                  <State state={row.state} />
                </Table.Td>
                <Table.Td ta="right" style={{ fontVariantNumeric: 'tabular-nums' }}>
                  {money(minorText(row.totalMinor, row.currency), row.currency)}
                </Table.Td>
                <Table.Td>{row.remoteNumber ?? row.remoteId ?? '–'}</Table.Td>
                <Table.Td>{moment(row.updatedAt)}</Table.Td>
                <Table.Td>
                  <Text size="sm" lineClamp={1}>
                    {row.state === 'parked' ? row.problem?.message : row.reason}
                  </Text>
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </ScrollArea>
      {data && rows.length === 0 && <Text c="dimmed">{t('shell.none')}</Text>}
      {hasNextPage && (
        <Button variant="default" onClick={() => void fetchNextPage()}>
          {t('shell.more')}
        </Button>
      )}
    </Stack>
  );
}
