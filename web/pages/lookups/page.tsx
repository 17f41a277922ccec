// Which rows do my lookups have, and what would a change of them do? A table with search, edited in place, every act undoable.
import { Button, Group, Modal, NativeSelect, Stack, Table, Text, TextInput, Title } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useInfiniteQuery, useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Choice, Connection, Lookup, LookupDone } from '../../../src/api/contract/connections.ts';
import type { Flow } from '../../../src/api/contract/flows.ts';
import { ask, call, queries, withQuery } from '../../api.ts';
import { Asked, Lines } from '../../parts/asked.tsx';
import { Empty } from '../../parts/empty.tsx';
import { PageHead } from '../../parts/page.tsx';
import { Trouble } from '../../parts/trouble.tsx';
import { useUrl } from '../../parts/url.ts';
import { isKey, moment, t } from '../../words/index.ts';
import { ItemField, ListField } from '../setup/fields.tsx';
import { Changes } from './changes.tsx';
import { ImportFile } from './import-file.tsx';
import { told } from './told.ts';

/** Tables that mappings and flows know by themselves; the owner may add others. */
const known = ['item-alias', 'ship-method', 'carrier', 'cancel-reason'] as const;
/** Lists of the books that the values of a table are chosen from. */
const lists: Readonly<Record<string, string>> = {
  'ship-method': 'ship-method',
  location: 'location',
  'tax-code': 'tax-code',
};
const listOf = (table: string): string | undefined =>
  lists[table] ?? (table.startsWith('location') ? 'location' : undefined);
const word = (part: string, table: string): string => {
  const key = `lookups.${part}_${table}`;
  return isKey(key)
    ? t(key as 'lookups.key_carrier')
    : part === 'table'
      ? table
      : t(`lookups.${part}` as 'lookups.key');
};

export function LookupsPage() {
  const [url, setUrl] = useUrl();
  return (
    <Stack>
      <PageHead title={t('lookups.title')} hint={t('lookups.hint')} />
      <Asked<{ items: readonly Connection[] }> path="/connections">
        {({ items }) => {
          const shops = items.filter((one) => one.side === 'channel');
          const shop = shops.find((one) => one.id === url['connection']) ?? shops[0];
          if (!shop) return <Empty icon="lookups" title={t('lookups.noConnection')} />;
          return (
            <Tables
              key={shop.id}
              shop={shop}
              table={url['table'] ?? 'item-alias'}
              search={url['q'] ?? ''}
              pick={
                shops.length > 1 ? (
                  <NativeSelect
                    label={t('lookups.connection')}
                    value={shop.id}
                    onChange={(event) => setUrl({ connection: event.currentTarget.value })}
                    data={shops.map((one) => ({ value: one.id, label: one.title }))}
                  />
                ) : null
              }
              show={setUrl}
            />
          );
        }}
      </Asked>
    </Stack>
  );
}

function Tables({
  shop,
  table,
  search,
  pick,
  show,
}: {
  readonly shop: Connection;
  readonly table: string;
  readonly search: string;
  readonly pick: React.ReactNode;
  readonly show: (change: Readonly<Record<string, string | undefined>>) => void;
}) {
  const base = `/connections/${shop.id}`;
  const { data: sizes } = useQuery(
    ask<{ items: readonly { name: string; rows: number }[] }>(`${base}/lookup-tables`),
  );
  const { data: flows } = useQuery(ask<{ items: readonly Flow[] }>('/flows'));
  const erp = flows?.items.find((one) => one.channelConnectionId === shop.id)?.erpConnectionId;
  const [naming, setNaming] = useState(false);
  const [name, setName] = useState('');
  const [importing, setImporting] = useState(false);
  const names = [...new Set([...known, ...(sizes?.items ?? []).map((one) => one.name), table])];
  return (
    <>
      <Group align="end">
        {pick}
        <NativeSelect
          label={t('lookups.table')}
          value={table}
          onChange={(event) =>
            event.currentTarget.value === '+'
              ? setNaming(true)
              : show({ table: event.currentTarget.value, q: undefined })
          }
          data={[
            ...names.map((one) => ({
              value: one,
              label: `${word('table', one)} · ${t('lookups.rows', {
                count: sizes?.items.find((size) => size.name === one)?.rows ?? 0,
              })}`,
            })),
            { value: '+', label: t('lookups.newTable') },
          ]}
        />
        <TextInput
          type="search"
          label={t('lookups.search')}
          value={search}
          onChange={(event) => show({ q: event.currentTarget.value || undefined })}
        />
        <Button
          variant="default"
          component="a"
          href={`/api/v1${base}/lookups/${table}/csv`}
          download={`${table}.csv`}
        >
          {t('lookups.export')}
        </Button>
        <Button variant="default" onClick={() => setImporting(true)}>
          {t('lookups.import')}
        </Button>
      </Group>
      <Rows key={table} base={base} table={table} search={search} erp={erp} />
      <Changes base={base} table={table} />
      {importing && (
        <ImportFile
          base={base}
          table={table}
          title={word('table', table)}
          close={() => setImporting(false)}
        />
      )}
      <Modal
        opened={naming}
        onClose={() => setNaming(false)}
        title={t('lookups.newTable')}
        closeButtonProps={{ 'aria-label': t('mappings.close') }}
      >
        <form
          onSubmit={(event) => {
            event.preventDefault();
            setNaming(false);
            show({ table: name, q: undefined });
          }}
        >
          <Group align="end">
            <TextInput
              label={t('lookups.tableName')}
              description={t('mappings.tableHelp')}
              required
              pattern="[a-z][a-z0-9\-]{1,40}"
              data-autofocus
              value={name}
              onChange={(event) => setName(event.currentTarget.value)}
            />
            <Button type="submit">{t('lookups.save')}</Button>
          </Group>
        </form>
      </Modal>
    </>
  );
}

interface Draft {
  readonly key: string;
  readonly value: string;
  readonly multiplier: number;
  readonly note: string;
}
const noRow: Draft = { key: '', value: '', multiplier: 1, note: '' };

function Rows({
  base,
  table,
  search,
  erp,
}: {
  readonly base: string;
  readonly table: string;
  readonly search: string;
  readonly erp: string | undefined;
}) {
  const [q] = useDebouncedValue(search, 250);
  const [edited, setEdited] = useState<string | undefined>(undefined);
  const path = `${base}/lookups`;
  const rows = useInfiniteQuery({
    queryKey: ['connections', path, table, q],
    queryFn: ({ pageParam }) =>
      call<{ items: readonly Lookup[]; next: string | null }>(
        'GET',
        withQuery(path, { name: table, q, cursor: pageParam, limit: 100 }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
    placeholderData: (before) => before,
  });
  const list = listOf(table);
  const { data: choices } = useQuery({
    ...ask<{ items: readonly Choice[] }>(`/connections/${erp}/choices/${list}`),
    enabled: erp !== undefined && list !== undefined,
    staleTime: 60_000,
  });
  const remove = useMutation({
    mutationFn: (key: string) =>
      call<LookupDone>('DELETE', `${base}/lookups/${table}/${encodeURIComponent(key)}`),
    onSuccess: (done, key) => {
      told(base, t('lookups.removed', { key }), done);
      return queries.invalidateQueries();
    },
  });
  const items = rows.data?.pages.flatMap((page) => page.items) ?? [];
  const named = (id: string) => choices?.items.find((one) => one.id === id)?.name;
  const form = { base, table, erp, choices };
  return (
    <>
      <section aria-label={t('lookups.addTitle')}>
        <RowForm {...form} key={items.length} start={noRow} label={t('lookups.add')} done={() => undefined} />
      </section>
      {remove.error && <Trouble error={remove.error} />}
      {!rows.data ? (
        rows.error ? (
          <Trouble error={rows.error} />
        ) : (
          <Lines count={8} />
        )
      ) : items.length === 0 ? (
        <Text c="dimmed">{q ? t('lookups.noneFound') : t('lookups.empty')}</Text>
      ) : (
        <Table.ScrollContainer minWidth={620}>
          <Table>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{word('key', table)}</Table.Th>
                <Table.Th>{word('value', table)}</Table.Th>
                {table === 'item-alias' && <Table.Th ta="right">{t('lookups.units')}</Table.Th>}
                <Table.Th>{t('lookups.note')}</Table.Th>
                <Table.Th>{t('lookups.changed')}</Table.Th>
                <Table.Th> </Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {items.map((row) =>
                edited === row.key ? (
                  <Table.Tr key={row.key}>
                    <Table.Td colSpan={6}>
                      <RowForm
                        {...form}
                        start={row}
                        fixedKey
                        label={t('lookups.save')}
                        done={() => setEdited(undefined)}
                        cancel={() => setEdited(undefined)}
                      />
                    </Table.Td>
                  </Table.Tr>
                ) : (
                  <Table.Tr key={row.key}>
                    <Table.Td ff="monospace" className="cd-wrap">
                      {row.key === '*' ? `* (${t('lookups.others')})` : row.key}
                    </Table.Td>
                    <Table.Td className="cd-wrap">
                      {named(row.value) ?? row.value}
                      {named(row.value) && (
                        <Text span size="xs" c="dimmed">
                          {' '}
                          {row.value}
                        </Text>
                      )}
                    </Table.Td>
                    {table === 'item-alias' && <Table.Td ta="right">{row.multiplier}</Table.Td>}
                    <Table.Td className="cd-wrap">{row.note}</Table.Td>
                    <Table.Td>
                      <Text size="xs" c="dimmed">
                        {row.updatedBy} · {moment(row.updatedAt)}
                      </Text>
                    </Table.Td>
                    <Table.Td>
                      <Group gap={4} wrap="nowrap" justify="end">
                        <Button
                          size="compact-sm"
                          variant="default"
                          aria-label={t('lookups.editKey', { key: row.key })}
                          onClick={() => setEdited(row.key)}
                        >
                          {t('lookups.edit')}
                        </Button>
                        <Button
                          size="compact-sm"
                          variant="subtle"
                          aria-label={t('lookups.removeKey', { key: row.key })}
                          onClick={() => remove.mutate(row.key)}
                        >
                          {t('lookups.remove')}
                        </Button>
                      </Group>
                    </Table.Td>
                  </Table.Tr>
                ),
              )}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
      {rows.hasNextPage && (
        <div>
          <Button
            variant="default"
            loading={rows.isFetchingNextPage}
            onClick={() => void rows.fetchNextPage()}
          >
            {t('lookups.more')}
          </Button>
        </div>
      )}
    </>
  );
}

function RowForm({
  base,
  table,
  erp,
  choices,
  start,
  fixedKey = false,
  label,
  done,
  cancel,
}: {
  readonly base: string;
  readonly table: string;
  readonly erp: string | undefined;
  readonly choices: { readonly items: readonly Choice[] } | undefined;
  readonly start: Draft;
  readonly fixedKey?: boolean;
  readonly label: string;
  readonly done: () => void;
  readonly cancel?: () => void;
}) {
  const [row, setRow] = useState<Draft>(start);
  const set = (part: Partial<Draft>) => setRow({ ...row, ...part });
  const save = useMutation({
    mutationFn: () =>
      call<LookupDone>('PUT', `${base}/lookups`, {
        name: table,
        key: row.key.trim(),
        value: row.value,
        multiplier: row.multiplier,
        note: row.note,
      }),
    onSuccess: async (answer) => {
      told(base, t('lookups.saved', { key: row.key }), answer);
      if (!fixedKey) setRow(noRow);
      await queries.invalidateQueries();
      done();
    },
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      <Group align="end" gap="xs">
        {fixedKey ? (
          <Title order={3} size="sm" ff="monospace" mb={8}>
            {row.key}
          </Title>
        ) : (
          <TextInput
            label={word('key', table)}
            required
            value={row.key}
            onChange={(event) => set({ key: event.currentTarget.value })}
          />
        )}
        {table === 'item-alias' && erp ? (
          <ItemField
            connectionId={erp}
            label={word('value', table)}
            required
            value={row.value || undefined}
            onChange={(value) => set({ value: value ?? '' })}
          />
        ) : choices ? (
          <ListField
            label={word('value', table)}
            list={{ items: [...choices.items] }}
            required
            value={row.value || undefined}
            onChange={(value) => set({ value: value ?? '' })}
          />
        ) : (
          <TextInput
            label={word('value', table)}
            required
            value={row.value}
            onChange={(event) => set({ value: event.currentTarget.value })}
          />
        )}
        {table === 'item-alias' && (
          <TextInput
            label={t('lookups.units')}
            type="number"
            min={1}
            step={1}
            w={90}
            value={row.multiplier}
            onChange={(event) => set({ multiplier: Number(event.currentTarget.value) || 1 })}
          />
        )}
        <TextInput
          label={t('lookups.note')}
          value={row.note}
          onChange={(event) => set({ note: event.currentTarget.value })}
        />
        <Button
          type="submit"
          variant={fixedKey ? 'filled' : 'default'}
          disabled={!row.key || !row.value}
          loading={save.isPending}
        >
          {label}
        </Button>
        {cancel && (
          <Button variant="subtle" onClick={cancel}>
            {t('lookups.cancel')}
          </Button>
        )}
      </Group>
      {save.error && <Trouble error={save.error} />}
    </form>
  );
}
