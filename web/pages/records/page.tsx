// The list of records: instant at any size, filters and columns in the address, everything by keyboard.
import { ActionIcon, Button, Checkbox, Group, Popover, Stack, Text, Tooltip } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useCallback, useMemo, useRef, useState } from 'react';
import type { RecordRow } from '../../../src/api/contract/records.ts';
import { askMe } from '../../api.ts';
import { Block } from '../../parts/asked.tsx';
import { Empty } from '../../parts/empty.tsx';
import { Money } from '../../parts/figures.tsx';
import { Icon } from '../../parts/icon.tsx';
import { ButtonLink, PageLink } from '../../parts/link.tsx';
import { List, type ListHandle } from '../../parts/list.tsx';
import { useMarketplaces } from '../../parts/marketplaces.ts';
import { PageHead } from '../../parts/page.tsx';
import { State } from '../../parts/state.tsx';
import { Trouble } from '../../parts/trouble.tsx';
import { useUrl } from '../../parts/url.ts';
import { useKeys } from '../../shell/keys.ts';
import { t } from '../../words/index.ts';
import { Bulk, download, exportPath, nobody, type Selection } from './bulk.tsx';
import { chosenColumns, columnIds, columnsOf, usualColumns, whyOf } from './columns.tsx';
import { filterOf } from './filter.ts';
import { Chips, Filters } from './filters.tsx';
import { useCount, useNews, useRows } from './rows.ts';
import { Views } from './views.tsx';
import './records.css';

export function RecordsPage() {
  const [values, change] = useUrl();
  const filter = filterOf(values);
  const mayWrite = useQuery(askMe()).data?.scopes.includes('write') === true;
  const total = useCount(filter);
  const query = useRows(filter);
  const { rows, data, error, hasNextPage, isFetchingNextPage, fetchNextPage } = query;
  const { news, refresh } = useNews(filter, data?.pages.length ?? 0);
  const [selection, setSelection] = useState<Selection>(nobody);
  const field = useRef<HTMLInputElement>(null);
  const list = useRef<ListHandle>(null);
  const narrow = useMediaQuery('(max-width: 700px)', undefined, { getInitialValueInEffect: false }) ?? false;
  const marketplace = useMarketplaces();
  const active = useActive(rows.length, list);
  // From the selection as it is at that moment: a row drawn earlier may call it.
  const toggle = (row: RecordRow | undefined) =>
    row &&
    setSelection((now) => {
      const ids = new Set(now.ids);
      if (!ids.delete(row.id)) ids.add(row.id);
      return { ids, all: false };
    });
  const selectLoaded = () =>
    setSelection(
      selection.ids.size === rows.length ? nobody : { ids: new Set(rows.map((row) => row.id)), all: false },
    );
  useKeys([
    { keys: '/', label: 'records.keySearch', run: () => field.current?.focus() },
    { keys: 'j', label: 'records.keyNext', run: () => active.move(1) },
    { keys: 'k', label: 'records.keyPrevious', run: () => active.move(-1) },
    { keys: 'x', label: 'records.keySelect', run: () => toggle(rows[active.index() ?? -1]) },
    { keys: 'a', label: 'records.keyAll', run: selectLoaded },
    { keys: 'Escape', label: 'records.clearSelection', run: () => setSelection(nobody) },
  ]);
  const end = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage]);
  const chosen = chosenColumns(values['columns']);
  const columnKey = `${values['columns']} ${JSON.stringify(filter)} ${marketplace('')} ${marketplace('ATVPDKIKX0DER')}`;
  // biome-ignore lint/correctness/useExhaustiveDependencies: rows that have not changed are not drawn again while one scrolls.
  const columns = useMemo(() => columnsOf(chosen, { marketplace, search: filter }), [columnKey]);
  return (
    <div className="cd-records">
      <PageHead
        title={t('shell.records')}
        hint={
          total &&
          (total.more
            ? t('records.countMore', { count: total.count })
            : t('records.count', { count: total.count }))
        }
        actions={
          <>
            {news && (
              <Button size="xs" variant="light" onClick={refresh} leftSection={<Icon name="up" size={15} />}>
                {t('records.news')}
              </Button>
            )}
            <Columns chosen={chosen} change={(columns) => change({ columns })} />
            <Tooltip label={t('records.exportAll')}>
              <ActionIcon
                size="lg"
                aria-label={t('records.exportAll')}
                onClick={() => download(exportPath(filter))}
              >
                <Icon name="export" />
              </ActionIcon>
            </Tooltip>
          </>
        }
      />
      <Views filter={filter} columns={values['columns']} mayWrite={mayWrite} />
      <Filters filter={filter} change={change} field={field} />
      <Chips filter={filter} change={change} />
      {error && !data && <Trouble error={error} retry={() => void query.refetch()} />}
      {!data && !error && <Block height={500} />}
      {data && rows.length === 0 && <Nothing filtered={Object.keys(filter).length > 0} />}
      {rows.length > 0 && (
        <List<RecordRow>
          rows={rows}
          keyOf={(row) => row.id}
          columns={columns}
          label={t('shell.records')}
          total={total?.more ? undefined : total?.count}
          rowHeight={narrow ? 72 : 40}
          narrow={narrow}
          narrowRow={(row) => <Narrow row={row} filter={filter} />}
          lead={(row, _index, selected) => (
            <input
              type="checkbox"
              className="cd-check"
              aria-label={t('records.selectOne', { key: row.key })}
              checked={selected}
              onChange={() => toggle(row)}
            />
          )}
          leadHead={
            <Checkbox
              size="xs"
              aria-label={t('records.keyAll')}
              checked={selection.all || selection.ids.size === rows.length}
              indeterminate={!selection.all && selection.ids.size > 0 && selection.ids.size < rows.length}
              onChange={selectLoaded}
            />
          }
          isSelected={(row) => selection.all || selection.ids.has(row.id)}
          onEnd={end}
          handle={list}
          footer={
            <Text size="xs" c="dimmed" ta="center" p="sm" role="status">
              {isFetchingNextPage
                ? t('shell.loading')
                : hasNextPage
                  ? ''
                  : t('records.end', { count: rows.length })}
            </Text>
          }
        />
      )}
      {(selection.all || selection.ids.size > 0) && (
        <Bulk
          selection={selection}
          filter={filter}
          loaded={rows.length}
          total={total}
          select={setSelection}
          mayWrite={mayWrite}
        />
      )}
    </div>
  );
}

/** The row that j and k stand on: where the focus is, or where they just sent it (it arrives a frame later). */
function useActive(length: number, list: React.RefObject<ListHandle | null>) {
  const sent = useRef<number | undefined>(undefined);
  const index = (): number | undefined => {
    const row = document.activeElement?.closest('[data-index]');
    return row ? Number(row.getAttribute('data-index')) : sent.current;
  };
  return {
    index,
    move(step: number) {
      const now = index();
      const next = now === undefined ? 0 : Math.max(0, Math.min(length - 1, now + step));
      sent.current = next;
      if (length > 0) list.current?.focus(next);
    },
  };
}

const Narrow = ({ row, filter }: { readonly row: RecordRow; readonly filter: object }) => (
  <span className="cd-narrow">
    <span>
      <PageLink
        to={`/records/${row.id}`}
        search={filter as Record<string, string>}
        className="cd-mono"
        c="inherit"
        fw={500}
      >
        {row.key}
      </PageLink>
      <Money minor={row.totalMinor} currency={row.currency} />
    </span>
    <span>
      <State state={row.state} />
      <span className="cd-narrow-why">{whyOf(row)}</span>
    </span>
  </span>
);

function Columns({
  chosen,
  change,
}: {
  readonly chosen: readonly string[];
  readonly change: (columns: string | undefined) => void;
}) {
  const put = (id: string) => {
    const next = columnIds.filter((one) => (one === id ? !chosen.includes(one) : chosen.includes(one)));
    change(next.join(',') === usualColumns.join(',') ? undefined : next.join(','));
  };
  return (
    <Popover position="bottom-end" shadow="md" trapFocus>
      <Popover.Target>
        <ActionIcon size="lg" aria-label={t('records.columns')} visibleFrom="sm">
          <Icon name="columns" />
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown aria-label={t('records.columns')}>
        <Stack gap={8}>
          {columnIds
            .filter((id) => id !== 'key')
            .map((id) => (
              <Checkbox
                key={id}
                size="xs"
                label={t(`records.column_${id}`)}
                checked={chosen.includes(id)}
                onChange={() => put(id)}
              />
            ))}
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}

const Nothing = ({ filtered }: { readonly filtered: boolean }) => (
  <Empty icon="search" title={filtered ? t('records.noneFit') : t('records.noneYet')}>
    {filtered ? t('records.noneFitHint') : t('records.noneYetHint')}
    <Group justify="center" mt="sm">
      <ButtonLink to={filtered ? '/records' : '/connections'} size="xs" variant="default">
        {filtered ? t('records.showAll') : t('shell.connections')}
      </ButtonLink>
    </Group>
  </Empty>
);
