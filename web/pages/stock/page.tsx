// What does every listing show? States as filters, one row a SKU, the emergency stop. One SKU: one.tsx.
import { Alert, Button, Group, ScrollArea, Stack, Table, Text, TextInput } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { OfferState, StockRow, StockSummary } from '../../../src/api/contract/stock.ts';
import { ask, call, queries, withQuery } from '../../api.ts';
import { Lines } from '../../parts/asked.tsx';
import { Confirm } from '../../parts/confirm.tsx';
import { Empty } from '../../parts/empty.tsx';
import { PageLink } from '../../parts/link.tsx';
import { PageHead } from '../../parts/page.tsx';
import { toast } from '../../parts/toast.tsx';
import { Trouble } from '../../parts/trouble.tsx';
import { useUrl } from '../../parts/url.ts';
import { count, moment, t } from '../../words/index.ts';
import { StockState } from './state.tsx';

const states: readonly OfferState[] = [
  'told',
  'waiting',
  'sending',
  'refused',
  'no-item',
  'marketplace',
  'gone',
];

export function StockPage() {
  const [search, change] = useUrl();
  const summary = useQuery({ ...ask<StockSummary>('/stock/summary'), refetchInterval: 10_000 });
  const list = useInfiniteQuery({
    queryKey: ['stock', search],
    queryFn: ({ pageParam, signal }) =>
      call<{ items: readonly StockRow[]; next: string | null }>(
        'GET',
        withQuery('/stock', { ...search, cursor: pageParam }),
        undefined,
        signal,
      ),
    initialPageParam: '',
    getNextPageParam: (page) => page.next ?? undefined,
    refetchInterval: 15_000,
  });
  const rows = list.data?.pages.flatMap((page) => page.items) ?? [];
  const narrowed = Boolean(search['q'] || search['state']);
  return (
    <Stack>
      <PageHead title={t('stock.title')} hint={t('stock.hint')} actions={<Stops summary={summary.data} />} />
      {(summary.data?.stopped.length ?? 0) > 0 && (
        <Alert color="red" title={t('stock.stopped')} role="status" />
      )}
      <Group gap="xs" role="group" aria-label={t('stock.state')}>
        {[undefined, ...states].map((state) => (
          <Button
            key={state ?? 'all'}
            size="xs"
            variant={search['state'] === state ? 'filled' : 'default'}
            aria-pressed={search['state'] === state}
            onClick={() => change({ state })}
          >
            {state === undefined ? t('stock.all') : t(`stock.is.${state}`)}
            {summary.data && (
              <Text span size="xs" ml={6} style={{ fontVariantNumeric: 'tabular-nums' }}>
                {count(numberOf(summary.data, state))}
              </Text>
            )}
          </Button>
        ))}
      </Group>
      <TextInput
        aria-label={t('stock.search')}
        placeholder={t('stock.search')}
        defaultValue={search['q'] ?? ''}
        onChange={(event) => change({ q: event.currentTarget.value || undefined })}
        maw={320}
      />
      {list.error && <Trouble error={list.error} retry={() => void list.refetch()} />}
      {list.isPending ? <Lines count={10} height={28} /> : <Rows rows={rows} />}
      {list.data && rows.length === 0 && (
        <Empty icon="stock" title={narrowed ? t('stock.none') : t('stock.noneYet')}>
          {narrowed ? null : t('stock.noneYetStep')}
        </Empty>
      )}
      {list.hasNextPage && (
        <Button variant="default" loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
          {t('shell.more')}
        </Button>
      )}
    </Stack>
  );
}

const numberOf = ({ counts }: StockSummary, state: OfferState | undefined): number =>
  state === undefined
    ? states.filter((one) => one !== 'gone').reduce((sum, one) => sum + (counts[one] ?? 0), 0)
    : (counts[state] ?? 0);

function Rows({ rows }: { readonly rows: readonly StockRow[] }) {
  if (rows.length === 0) return null;
  const figure = { textAlign: 'right', fontVariantNumeric: 'tabular-nums' } as const;
  const whole = { whiteSpace: 'nowrap' } as const;
  return (
    <ScrollArea viewportProps={{ tabIndex: 0 }}>
      <Table highlightOnHover miw={760}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">{t('stock.sku')}</Table.Th>
            <Table.Th scope="col">{t('stock.name')}</Table.Th>
            <Table.Th scope="col">{t('stock.item')}</Table.Th>
            <Table.Th scope="col">{t('stock.state')}</Table.Th>
            <Table.Th scope="col" style={figure}>
              {t('stock.wanted')}
            </Table.Th>
            <Table.Th scope="col" style={figure}>
              {t('stock.told')}
            </Table.Th>
            <Table.Th scope="col">{t('stock.toldAt')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((row) => (
            <Table.Tr key={`${row.connectionId}/${row.sku}`}>
              <Table.Td style={whole}>
                <PageLink
                  to={`/stock/${encodeURIComponent(row.connectionId)}/${encodeURIComponent(row.sku)}`}
                  ff="monospace"
                >
                  {row.sku}
                </PageLink>
              </Table.Td>
              <Table.Td>
                <Text size="sm" lineClamp={1} dir="auto" title={row.title}>
                  {row.title}
                </Text>
              </Table.Td>
              <Table.Td style={whole}>
                {row.itemName ?? '–'}
                {row.units > 1 ? ` × ${count(row.units)}` : ''}
              </Table.Td>
              <Table.Td>
                <StockState state={row.state} />
              </Table.Td>
              <Table.Td style={figure}>{row.wanted === null ? '–' : count(row.wanted)}</Table.Td>
              <Table.Td style={figure}>{row.told === null ? '–' : count(row.told)}</Table.Td>
              <Table.Td style={whole}>{row.toldAt === null ? '–' : moment(row.toldAt)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </ScrollArea>
  );
}

/** The emergency stop of each stock flow. */
function Stops({ summary }: { readonly summary: StockSummary | undefined }) {
  const [asking, setAsking] = useState<{ readonly flowId: string; readonly on: boolean }>();
  if (!summary) return null;
  return (
    <>
      {summary.flows.map(({ id, connectionId }) => {
        const stopped = summary.stopped.includes(id);
        return (
          <Button
            key={id}
            size="xs"
            variant="default"
            onClick={() => setAsking({ flowId: id, on: !stopped })}
          >
            {stopped ? t('stock.resume') : t('stock.stop')}
            {summary.flows.length > 1 ? ` · ${connectionId}` : ''}
          </Button>
        );
      })}
      <Confirm
        opened={asking !== undefined}
        danger={asking?.on ?? false}
        title={asking?.on ? t('stock.stopTitle') : t('stock.resumeTitle')}
        label={asking?.on ? t('stock.stop') : t('stock.resume')}
        close={() => setAsking(undefined)}
        run={async () => {
          if (!asking) return;
          await call('POST', `/flows/${encodeURIComponent(asking.flowId)}/stop-sell`, { on: asking.on });
          toast(asking.on ? t('stock.stoppedSaid') : t('stock.resumedSaid'));
          await queries.invalidateQueries({ queryKey: ['stock'] });
        }}
      >
        <Text size="sm">{asking?.on ? t('stock.stopText') : t('stock.resumeText')}</Text>
      </Confirm>
    </>
  );
}
