// Which payouts were there, are they in the books, do they tie? One settlement: one.tsx.
import { Badge, ScrollArea, Table } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { ask } from '../../api.ts';
import { Lines } from '../../parts/asked.tsx';
import { Empty } from '../../parts/empty.tsx';
import { PageLink } from '../../parts/link.tsx';
import { PageHead } from '../../parts/page.tsx';
import { State } from '../../parts/state.tsx';
import { Trouble } from '../../parts/trouble.tsx';
import { minorText, moment, money, t } from '../../words/index.ts';
import type { SettlementLine } from './shapes.ts';

const figure = { textAlign: 'right', fontVariantNumeric: 'tabular-nums', whiteSpace: 'nowrap' } as const;
const whole = { whiteSpace: 'nowrap' } as const;

export function SettlementsPage() {
  const { data, error, refetch } = useQuery({
    ...ask<{ items: readonly SettlementLine[] }>('/settlements'),
    refetchInterval: 15_000,
  });
  return (
    <>
      <PageHead title={t('settlements.title')} hint={t('settlements.hint')} />
      {error && <Trouble error={error} retry={() => void refetch()} />}
      {!data && !error && <Lines count={8} height={28} />}
      {data && data.items.length === 0 && (
        <Empty icon="settlements" title={t('settlements.none')}>
          {t('settlements.noneStep')}
        </Empty>
      )}
      {data && data.items.length > 0 && (
        <ScrollArea viewportProps={{ tabIndex: 0 }}>
          <Table highlightOnHover miw={760}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th scope="col">{t('settlements.number')}</Table.Th>
                <Table.Th scope="col">{t('settlements.period')}</Table.Th>
                <Table.Th scope="col">{t('settlements.deposit')}</Table.Th>
                <Table.Th scope="col" style={figure}>
                  {t('settlements.total')}
                </Table.Th>
                <Table.Th scope="col" style={figure}>
                  {t('settlements.open')}
                </Table.Th>
                <Table.Th scope="col">{t('settlements.state')}</Table.Th>
                <Table.Th scope="col">{t('settlements.certificate')}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {data.items.map((line) => (
                <Table.Tr key={`${line.flowId}/${line.settlementId}`}>
                  <Table.Td style={whole}>
                    <PageLink
                      to={`/settlements/${encodeURIComponent(line.flowId)}/${line.settlementId}`}
                      ff="monospace"
                    >
                      {line.settlementId}
                    </PageLink>
                  </Table.Td>
                  <Table.Td style={whole}>
                    {moment(line.startAt)} – {moment(line.endAt)}
                  </Table.Td>
                  <Table.Td style={whole}>{moment(line.depositAt)}</Table.Td>
                  <Table.Td style={figure}>
                    {money(minorText(line.totalMinor, line.currency), line.currency)}
                  </Table.Td>
                  <Table.Td style={figure}>
                    {money(minorText(line.openMinor, line.currency), line.currency)}
                  </Table.Td>
                  <Table.Td>{line.state ? <State state={line.state} /> : '–'}</Table.Td>
                  <Table.Td>
                    <Certified certified={line.certified} />
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </ScrollArea>
      )}
    </>
  );
}

export const Certified = ({ certified }: { readonly certified: boolean }) => (
  <Badge
    variant="light"
    radius="sm"
    color={certified ? 'teal' : 'gray'}
    c="var(--mantine-color-text)"
    style={{ textTransform: 'none' }}
  >
    {certified ? t('settlements.certified') : t('settlements.notCertified')}
  </Badge>
);
