// Do the amounts agree to the cent? The marketplace's, Crossdock's and NetSuite's, line by line, with the proof below.
import { ActionIcon, Group, Table, Text, Tooltip } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { Amounts, RemoteDocument } from '../../../src/api/contract/records.ts';
import { ask } from '../../api.ts';
import { isZero } from '../../parts/decimal.ts';
import { Moment } from '../../parts/figures.tsx';
import { Icon } from '../../parts/icon.tsx';
import { Panel } from '../../parts/panel.tsx';
import { Trouble } from '../../parts/trouble.tsx';
import { count, money, t } from '../../words/index.ts';
import { type SumRow, sumsOf } from './sums.ts';

export const askRemote = (id: string) => ({
  ...ask<RemoteDocument>(`/records/${id}/remote`),
  // NetSuite is asked when a person looks, not at every change here.
  meta: { live: false },
  staleTime: 60_000,
  retry: false,
});

/** `recordId` is given once the record has a document in NetSuite: it is read from there. */
export function AmountsPanel({
  amounts,
  recordId,
}: {
  readonly amounts: Amounts;
  readonly recordId?: string | undefined;
}) {
  const remote = useQuery({ ...askRemote(recordId ?? ''), enabled: recordId !== undefined });
  const sums = sumsOf(amounts, remote.data);
  const show = (amount: string | null) =>
    amount === null ? (
      <Text span c="dimmed" size="sm">
        –
      </Text>
    ) : (
      money(amount, amounts.currency)
    );
  return (
    <Panel
      title={t('record.amounts')}
      aside={
        recordId !== undefined && (
          <Group gap={4}>
            <Text size="xs" c="dimmed" role="status">
              {remote.isFetching ? (
                t('record.readingErp')
              ) : remote.data ? (
                <>
                  {t('record.readErp')} <Moment at={remote.data.readAt} form="exact" />
                </>
              ) : null}
            </Text>
            <Tooltip label={t('record.readAgain')}>
              <ActionIcon size="sm" aria-label={t('record.readAgain')} onClick={() => void remote.refetch()}>
                <Icon name="retry" size={14} />
              </ActionIcon>
            </Tooltip>
          </Group>
        )
      }
    >
      <div className="cd-scroll" tabIndex={0}>
        <Table className="cd-amounts" miw={520}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t('record.line')}</Table.Th>
              <Table.Th ta="right">{t('record.atChannel')}</Table.Th>
              <Table.Th ta="right">Crossdock</Table.Th>
              <Table.Th ta="right">NetSuite</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {sums.rows.map((row) => (
              <Table.Tr key={row.key} data-line={row.key}>
                <Table.Th scope="row" fw={400}>
                  <LineName row={row} />
                </Table.Th>
                <Table.Td ta="right">{show(row.channel)}</Table.Td>
                <Table.Td ta="right">
                  {row.role === 'kept-tax' ? (
                    <Text span size="xs" c="dimmed">
                      {t('record.notBooked')}
                    </Text>
                  ) : (
                    show(row.document)
                  )}
                </Table.Td>
                <Table.Td ta="right">{show(row.erp)}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
          <Table.Tfoot>
            <Table.Tr data-line="total">
              <Table.Th scope="row">{t('record.total')}</Table.Th>
              <Table.Td ta="right">{show(sums.total.channel)}</Table.Td>
              <Table.Td ta="right">{show(sums.total.document)}</Table.Td>
              <Table.Td ta="right">{show(sums.total.erp)}</Table.Td>
            </Table.Tr>
            {!isZero(amounts.keptTax) && (
              <Table.Tr data-line="kept">
                <Table.Th scope="row" fw={400}>
                  {t('record.lessKept')}
                </Table.Th>
                <Table.Td ta="right">{show(`-${amounts.keptTax}`)}</Table.Td>
                <Table.Td />
                <Table.Td />
              </Table.Tr>
            )}
            <Table.Tr data-line="proof">
              <Table.Th scope="row">{t('record.toBook')}</Table.Th>
              <Table.Td ta="right">{show(sums.expected)}</Table.Td>
              <Table.Td ta="right">
                <Fits fits={sums.documentFits} />
              </Table.Td>
              <Table.Td ta="right">
                <Fits fits={sums.erpFits} />
              </Table.Td>
            </Table.Tr>
          </Table.Tfoot>
        </Table>
      </div>
      {remote.error && <Trouble error={remote.error} retry={() => void remote.refetch()} />}
    </Panel>
  );
}

const LineName = ({ row }: { readonly row: SumRow }) => (
  <>
    {row.quantity !== null && row.role === 'item' && (
      <span className="cd-number">{count(row.quantity)} × </span>
    )}
    {row.role === 'item'
      ? (row.label ?? row.sku)
      : t(`record.role_${row.role.replaceAll('-', '_') as 'discount'}`)}
    {(row.sku || row.role === 'only-erp') && (
      <Text size="xs" c="dimmed" className="cd-mono">
        {row.role === 'only-erp' ? row.label : row.sku}
      </Text>
    )}
  </>
);

const Fits = ({ fits }: { readonly fits: boolean | null }) =>
  fits === null ? (
    <Text span c="dimmed" size="sm">
      –
    </Text>
  ) : (
    <span className="cd-fits" data-fits={fits}>
      <Icon name={fits ? 'check' : 'cross'} size={15} />
      {t(fits ? 'record.fits' : 'record.differs')}
    </span>
  );
