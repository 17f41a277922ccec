// Which columns can the list of records show, and how is each written?
import { Text } from '@mantine/core';
import type { RecordRow } from '../../../src/api/contract/records.ts';
import { Moment, Money } from '../../parts/figures.tsx';
import { flowNameOfId } from '../../parts/flow.ts';
import { PageLink, type Search } from '../../parts/link.tsx';
import type { ListColumn } from '../../parts/list.tsx';
import { State } from '../../parts/state.tsx';
import { isKey, t } from '../../words/index.ts';
import { said, saidProblem } from '../../words/server.ts';

export const columnIds = [
  'key',
  'flow',
  'state',
  'total',
  'channel',
  'document',
  'placed',
  'shipBy',
  'updated',
  'done',
  'reason',
  'labels',
  'fulfilledBy',
  'externalId',
] as const;
export type ColumnId = (typeof columnIds)[number];
export const usualColumns: readonly ColumnId[] = [
  'key',
  'state',
  'total',
  'channel',
  'document',
  'placed',
  'reason',
];

/** The columns of the address, those that exist, in the list's own order; the order id always stands first. */
export function chosenColumns(text: string | undefined): readonly ColumnId[] {
  const wanted = text?.split(',');
  const chosen = columnIds.filter(
    (id) => id === 'key' || (wanted ? wanted.includes(id) : usualColumns.includes(id)),
  );
  return chosen;
}

export interface ColumnTools {
  readonly marketplace: (id: string | null) => string;
  /** The list's filter goes along, so that the record's page knows what comes before and after. */
  readonly search: Search;
}

/** Why a record stands where it stands, in a sentence. */
export const whyOf = (row: RecordRow): string =>
  row.state === 'parked' && row.problem ? saidProblem(row.problem) : said(row.reason ?? '');

export const labelName = (label: string): string => {
  const key = `records.label_${label.replaceAll('-', '_')}`;
  return isKey(key) ? t(key as 'records.label_gift') : label;
};

export function columnsOf(
  ids: readonly ColumnId[],
  { marketplace, search }: ColumnTools,
): readonly ListColumn<RecordRow>[] {
  const all: Readonly<Record<ColumnId, Omit<ListColumn<RecordRow>, 'id' | 'title'>>> = {
    key: {
      width: 'minmax(176px, 1fr)',
      cell: (row) => (
        <PageLink to={`/records/${row.id}`} search={search} className="cd-mono" c="inherit" fw={500}>
          {row.key}
        </PageLink>
      ),
    },
    flow: { width: 'minmax(150px, 1fr)', cell: (row) => flowNameOfId(row.flowId) },
    state: { width: '146px', cell: (row) => <State state={row.state} /> },
    total: {
      width: '100px',
      right: true,
      cell: (row) => <Money minor={row.totalMinor} currency={row.currency} />,
    },
    channel: { width: '112px', cell: (row) => marketplace(row.marketplace) },
    document: {
      width: '96px',
      cell: (row) => <span className="cd-mono">{row.remoteNumber ?? row.remoteId ?? '–'}</span>,
    },
    placed: { width: '124px', cell: (row) => <Moment at={row.placedAt} form="short" /> },
    shipBy: { width: '124px', cell: (row) => <Moment at={row.shipByAt} form="short" /> },
    updated: { width: '124px', cell: (row) => <Moment at={row.updatedAt} form="short" /> },
    done: { width: '124px', cell: (row) => <Moment at={row.doneAt} form="short" /> },
    reason: {
      width: 'minmax(200px, 2.4fr)',
      cell: (row) => (
        <Text span size="sm" c={row.state === 'parked' ? undefined : 'dimmed'} title={whyOf(row)}>
          {whyOf(row)}
        </Text>
      ),
    },
    labels: { width: '140px', cell: (row) => row.labels.map(labelName).join(', ') },
    fulfilledBy: {
      width: '130px',
      cell: (row) =>
        row.fulfilledBy === 'merchant' || row.fulfilledBy === 'marketplace'
          ? t(`records.by_${row.fulfilledBy}`)
          : '–',
    },
    externalId: { width: '270px', cell: (row) => <span className="cd-mono">{row.externalId ?? '–'}</span> },
  };
  return ids.map((id) => ({ id, title: t(`records.column_${id}`), ...all[id] }));
}
