// How did sales become this deposit, what is in the books of it, and does it tie? Every figure opens the rows behind it.
import { Alert, Anchor, Button, Group, ScrollArea, Stack, Table, Text } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { call } from '../../api.ts';
import { Act } from '../../parts/act.tsx';
import { Asked, Lines } from '../../parts/asked.tsx';
import { Id } from '../../parts/id.tsx';
import { PageLink } from '../../parts/link.tsx';
import { PageHead, Section } from '../../parts/page.tsx';
import { State } from '../../parts/state.tsx';
import { Trouble } from '../../parts/trouble.tsx';
import { count, minorText, moment, money, t } from '../../words/index.ts';
import { said, saidProblem } from '../../words/server.ts';
import { Certified } from './page.tsx';
import type { SettlementDetail, ShownCheck, ShownDocument, ShownRow } from './shapes.ts';

const figure = { textAlign: 'right', fontVariantNumeric: 'tabular-nums', whiteSpace: 'nowrap' } as const;

export function SettlementPage() {
  const { flowId = '', id = '' } = useParams({ strict: false }) as Record<string, string>;
  const query = `?flow=${encodeURIComponent(flowId)}`;
  return (
    <Asked<SettlementDetail> path={`/settlements/${id}${query}`}>
      {(detail) => <One detail={detail} base={`/settlements/${id}`} query={query} />}
    </Asked>
  );
}

function One({
  detail,
  base,
  query,
}: {
  readonly detail: SettlementDetail;
  readonly base: string;
  readonly query: string;
}) {
  const { settlement } = detail;
  const waiting = detail.postings.filter((posting) => posting.needsApproval && !posting.approvedBy).length;
  return (
    <Stack>
      <PageHead
        title={settlement.settlementId}
        name={<Id value={settlement.settlementId} />}
        hint={
          <>
            <PageLink to="/settlements">{t('settlements.back')}</PageLink> · {moment(settlement.startAt)} –{' '}
            {moment(settlement.endAt)}
          </>
        }
        actions={
          <>
            {settlement.state && <State state={settlement.state} />}
            <Certified certified={settlement.certified} />
            {waiting > 0 && (
              <Act
                label={t('settlements.approve')}
                path={`${base}/approve${query}`}
                body={{}}
                said={(answer) => t('settlements.approvedSaid', { count: Number(answer.approved ?? 0) })}
              />
            )}
            <Act
              label={t('settlements.prove')}
              path={`${base}/prove${query}`}
              body={{}}
              said={() => t('settlements.provedSaid')}
            />
          </>
        }
      />
      {settlement.problem?.message && (
        <Alert color="red" title={saidProblem(settlement.problem)}>
          {settlement.recordId && (
            <PageLink to={`/records/${settlement.recordId}`}>{t('settlements.toRecord')}</PageLink>
          )}
        </Alert>
      )}
      {settlement.editions > 1 && (
        <Alert color="yellow">{t('settlements.editions', { count: settlement.editions })}</Alert>
      )}
      <Waterfall detail={detail} base={base} query={query} />
      <Postings detail={detail} />
      <Checks detail={detail} base={base} query={query} />
    </Stack>
  );
}

function Waterfall({
  detail,
  base,
  query,
}: {
  readonly detail: SettlementDetail;
  readonly base: string;
  readonly query: string;
}) {
  const { settlement, waterfall } = detail;
  const [opened, setOpened] = useState<string>();
  const amount = (minor: string | number) =>
    money(minorText(String(minor), settlement.currency), settlement.currency);
  let sum = 0;
  const steps = waterfall.map((step) => {
    const from = sum;
    sum += Number(step.minor);
    return { ...step, from, to: sum };
  });
  const low = Math.min(0, ...steps.map((step) => step.to));
  const span = Math.max(1, Math.max(...steps.map((step) => Math.max(step.from, step.to))) - low);
  const part = (value: number) => `${(100 * (value - low)) / span}%`;
  const openStep = steps.find((step) => step.class === opened);
  return (
    <Section title={t('settlements.waterfall')}>
      <ScrollArea viewportProps={{ tabIndex: 0 }}>
        <Table miw={640}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">{t('settlements.step')}</Table.Th>
              <Table.Th scope="col" aria-hidden w="35%" />
              <Table.Th scope="col" style={figure}>
                {t('settlements.amount')}
              </Table.Th>
              <Table.Th scope="col" style={figure}>
                {t('settlements.running')}
              </Table.Th>
              <Table.Th scope="col" style={figure}>
                {t('settlements.rows')}
              </Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {steps.map((step) => (
              <Table.Tr key={step.class}>
                <Table.Td>{said(step.title)}</Table.Td>
                <Table.Td aria-hidden>
                  <div style={{ position: 'relative', height: 12 }}>
                    <div
                      style={{
                        position: 'absolute',
                        top: 0,
                        bottom: 0,
                        borderRadius: 2,
                        left: part(Math.min(step.from, step.to)),
                        width: `${Math.max(0.4, (100 * Math.abs(step.to - step.from)) / span)}%`,
                        background: `var(--mantine-color-${step.to < step.from ? 'orange' : 'teal'}-5)`,
                      }}
                    />
                  </div>
                </Table.Td>
                <Table.Td style={figure}>{amount(step.minor)}</Table.Td>
                <Table.Td style={figure}>{amount(step.to)}</Table.Td>
                <Table.Td style={figure}>
                  <Anchor
                    component="button"
                    type="button"
                    size="sm"
                    aria-expanded={opened === step.class}
                    aria-label={t('settlements.rowsOf', { title: said(step.title) })}
                    onClick={() => setOpened(opened === step.class ? undefined : step.class)}
                  >
                    {count(step.rows)}
                  </Anchor>
                </Table.Td>
              </Table.Tr>
            ))}
            <Table.Tr>
              <Table.Th scope="row" colSpan={2}>
                {t('settlements.sum', { date: moment(settlement.depositAt) })}
              </Table.Th>
              <Table.Th style={figure}>{amount(settlement.totalMinor)}</Table.Th>
              <Table.Th style={figure}>{amount(sum)}</Table.Th>
              <Table.Th style={figure}>{count(settlement.rows)}</Table.Th>
            </Table.Tr>
          </Table.Tbody>
        </Table>
      </ScrollArea>
      {openStep && (
        <Rows
          key={openStep.class}
          title={t('settlements.rowsOf', { title: said(openStep.title) })}
          path={`${base}/rows${query}&class=${encodeURIComponent(openStep.class)}`}
          currency={settlement.currency}
          close={() => setOpened(undefined)}
        />
      )}
    </Section>
  );
}

function Rows({
  title,
  path,
  currency,
  close,
}: {
  readonly title: string;
  readonly path: string;
  readonly currency: string;
  readonly close: () => void;
}) {
  const list = useInfiniteQuery({
    queryKey: ['settlements', path],
    queryFn: ({ pageParam, signal }) =>
      call<{ items: readonly ShownRow[]; next: string | null }>(
        'GET',
        path + (pageParam ? `&cursor=${pageParam}` : ''),
        undefined,
        signal,
      ),
    initialPageParam: '',
    getNextPageParam: (page) => page.next ?? undefined,
  });
  const rows = list.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Stack gap="xs" mt="sm" component="section" aria-label={title}>
      <Group justify="space-between">
        <Text fw={600} size="sm">
          {title}
        </Text>
        <Button size="compact-xs" variant="default" onClick={close}>
          {t('settlements.hide')}
        </Button>
      </Group>
      {list.error && <Trouble error={list.error} retry={() => void list.refetch()} />}
      {list.isPending && <Lines count={4} />}
      {list.data && rows.length === 0 && <Text c="dimmed">{t('settlements.noRows')}</Text>}
      {rows.length > 0 && (
        <ScrollArea.Autosize mah={360} viewportProps={{ tabIndex: 0 }}>
          <Table miw={640}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th scope="col" style={figure}>
                  {t('settlements.row')}
                </Table.Th>
                <Table.Th scope="col">{t('settlements.posted')}</Table.Th>
                <Table.Th scope="col">{t('settlements.order')}</Table.Th>
                <Table.Th scope="col">{t('settlements.words')}</Table.Th>
                <Table.Th scope="col" style={figure}>
                  {t('settlements.amount')}
                </Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {rows.map((row) => (
                <Table.Tr key={row.rowNumber}>
                  <Table.Td style={figure}>{count(row.rowNumber)}</Table.Td>
                  <Table.Td style={{ whiteSpace: 'nowrap' }}>
                    {row.postedAt ? moment(row.postedAt) : '–'}
                  </Table.Td>
                  <Table.Td ff="monospace" fz="sm">
                    {row.orderId || '–'}
                  </Table.Td>
                  <Table.Td>
                    {[row.transactionType, row.amountType, row.amountDescription].filter(Boolean).join(' / ')}
                  </Table.Td>
                  <Table.Td style={figure}>{money(minorText(row.minor, currency), currency)}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </ScrollArea.Autosize>
      )}
      {list.hasNextPage && (
        <Button size="xs" variant="default" onClick={() => void list.fetchNextPage()}>
          {t('settlements.more')}
        </Button>
      )}
    </Stack>
  );
}

function Postings({ detail }: { readonly detail: SettlementDetail }) {
  const { currency } = detail.settlement;
  if (detail.postings.length === 0) return null;
  return (
    <Section title={t('settlements.postings')}>
      <ScrollArea.Autosize mah={480} viewportProps={{ tabIndex: 0 }}>
        <Table miw={640}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">{t('settlements.posting')}</Table.Th>
              <Table.Th scope="col">{t('settlements.date')}</Table.Th>
              <Table.Th scope="col">{t('settlements.state')}</Table.Th>
              <Table.Th scope="col">{t('settlements.documents')}</Table.Th>
              <Table.Th scope="col" style={figure}>
                {t('settlements.amount')}
              </Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {detail.postings.map((posting) => (
              <Table.Tr key={posting.key}>
                <Table.Td>
                  {said(posting.title)}
                  {posting.reason?.message && (
                    <Text size="xs" c="dimmed">
                      {saidProblem(posting.reason)}
                    </Text>
                  )}
                </Table.Td>
                <Table.Td style={{ whiteSpace: 'nowrap' }}>{posting.date}</Table.Td>
                <Table.Td>
                  <State state={posting.state} />
                  {posting.needsApproval && (
                    <Text size="xs">
                      {posting.approvedBy
                        ? t('settlements.approvedBy', { name: posting.approvedBy })
                        : t('settlements.needsApproval')}
                    </Text>
                  )}
                </Table.Td>
                <Table.Td>
                  {(posting.documents as readonly ShownDocument[]).map((document) => (
                    <div key={document.externalId}>
                      <Id value={document.externalId} /> · {document.id}
                    </div>
                  ))}
                </Table.Td>
                <Table.Td style={figure}>{money(minorText(posting.minor, currency), currency)}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </ScrollArea.Autosize>
    </Section>
  );
}

function Checks({
  detail,
  base,
  query,
}: {
  readonly detail: SettlementDetail;
  readonly base: string;
  readonly query: string;
}) {
  const checks = detail.checks as readonly ShownCheck[];
  return (
    <Section
      title={t('settlements.checks')}
      actions={
        detail.settlement.certified ? (
          <Group gap="xs">
            <Anchor size="sm" href={`/api/v1${base}/certificate.pdf${query}`} download>
              {t('settlements.pdf')}
            </Anchor>
            <Anchor
              size="sm"
              href={`/api/v1${base}/certificate${query}`}
              download={`settlement-${detail.settlement.settlementId}.json`}
            >
              {t('settlements.json')}
            </Anchor>
          </Group>
        ) : null
      }
    >
      {checks.length === 0 ? (
        <Text c="dimmed">{t('settlements.noChecks')}</Text>
      ) : (
        <Table>
          <Table.Tbody>
            {checks.map((check) => (
              <Table.Tr key={check.id}>
                <Table.Td style={{ whiteSpace: 'nowrap' }}>
                  {check.holds ? `✓ ${t('settlements.holds')}` : `✗ ${t('settlements.fails')}`}
                </Table.Td>
                <Table.Th scope="row" fw={500}>
                  {said(check.title)}
                </Table.Th>
                <Table.Td>{said(check.found)}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
    </Section>
  );
}
