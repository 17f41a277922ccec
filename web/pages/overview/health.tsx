// What needs a person, what is under way, do the connections work, and how much of the quotas is in use?
import { Progress, Stack, Table, Text } from '@mantine/core';
import type { Overview } from '../../../src/api/contract/overview.ts';
import { Empty } from '../../parts/empty.tsx';
import { Moment } from '../../parts/figures.tsx';
import { flowName } from '../../parts/flow.ts';
import { PageLink } from '../../parts/link.tsx';
import { Panel } from '../../parts/panel.tsx';
import { State } from '../../parts/state.tsx';
import { ago, count, t, tState } from '../../words/index.ts';
import { said, saidProblem } from '../../words/server.ts';

interface Part {
  readonly overview: Overview;
}

export const Causes = ({ overview }: Part) => (
  <Panel
    title={t('overview.parkedByCause')}
    aside={
      <PageLink to="/problems" size="sm">
        {t('overview.allProblems')}
      </PageLink>
    }
  >
    {overview.causes.length === 0 ? (
      <Empty title={t('overview.nothingParked')}>{t('overview.nothingParkedHint')}</Empty>
    ) : (
      <Table>
        <Table.Tbody>
          {overview.causes.map((cause) => (
            <Table.Tr key={cause.id}>
              <Table.Td pl={0}>
                <span className="cd-wrap">{saidProblem(cause)}</span>
                <Text size="xs" c="dimmed">
                  <Moment at={cause.lastSeenAt} form="ago" />
                </Text>
              </Table.Td>
              <Table.Td ta="right" pr={0} className="cd-number" style={{ whiteSpace: 'nowrap' }}>
                {cause.kind === 'task' ? (
                  <Text span size="xs" c="dimmed">
                    {t('overview.task')}
                  </Text>
                ) : (
                  <PageLink to="/records" search={{ problem: cause.id }}>
                    {count(cause.n)}
                  </PageLink>
                )}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    )}
  </Panel>
);

const shown = [['queued', 'running'], ['waiting', 'verifying', 'pending'], ['parked'], ['done']] as const;

export function UnderWay({ overview }: Part) {
  const flows = [...new Map(overview.states.map((row) => [row.flowId, row.kind]))];
  const of = (flowId: string, states: readonly string[]) =>
    overview.states
      .filter((row) => row.flowId === flowId && states.includes(row.state))
      .reduce((sum, row) => sum + row.n, 0);
  return (
    <Panel title={t('overview.underWay')}>
      <div className="cd-scroll" tabIndex={0}>
        <Table>
          <Table.Thead>
            <Table.Tr>
              <Table.Th pl={0}>{t('overview.flow')}</Table.Th>
              {shown.map((states) => (
                <Table.Th key={states[0]} ta="right">
                  {tState(states[0])}
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody className="cd-number">
            {flows.map(([flowId, kind]) => (
              <Table.Tr key={flowId}>
                <Table.Th scope="row" pl={0} fw={400}>
                  {flowName(kind)}
                </Table.Th>
                {shown.map((states) => (
                  <Table.Td key={states[0]} ta="right">
                    <Count n={of(flowId, states)} search={{ flow: flowId, state: states.join(',') }} />
                  </Table.Td>
                ))}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </div>
    </Panel>
  );
}

const Count = ({ n, search }: { readonly n: number; readonly search: Readonly<Record<string, string>> }) =>
  n === 0 ? (
    <Text span c="dimmed" size="sm">
      0
    </Text>
  ) : (
    <PageLink to="/records" search={search} size="sm">
      {count(n)}
    </PageLink>
  );

export const Connections = ({ overview }: Part) => (
  <Panel
    title={t('overview.connections')}
    aside={
      <PageLink to="/connections" size="sm">
        {t('shell.details')}
      </PageLink>
    }
  >
    <Stack gap="sm">
      {overview.connections.map((connection) => (
        <div key={connection.id}>
          <div className="cd-row">
            <Text fw={500} size="sm">
              {connection.title}
            </Text>
            <Text size="sm" component="div">
              <State state={connection.state} />
            </Text>
          </div>
          {connection.stateReason?.message && (
            <Text size="sm" className="cd-wrap">
              {said(connection.stateReason.message)}
            </Text>
          )}
          <Text size="xs" c="dimmed">
            {[
              connection.checkedAt
                ? t('overview.checked', { ago: ago(connection.checkedAt) })
                : t('overview.unchecked'),
              ...(connection.certificateExpiresAt
                ? [t('overview.expires', { ago: ago(connection.certificateExpiresAt) })]
                : []),
              ...connection.warnings,
            ].join(' · ')}
          </Text>
        </div>
      ))}
    </Stack>
  </Panel>
);

/** Share of a quota that is used up now: tokens come back with time. */
function used(quota: Overview['quotas'][number], now: number): number {
  if (quota.kind === 'concurrency') return Math.max(0, quota.burst - quota.tokens) / Math.max(1, quota.burst);
  const since = Math.max(0, (now - new Date(quota.asOf).getTime()) / 1_000);
  const tokens = Math.min(quota.burst, quota.tokens + since * quota.perSecond);
  return 1 - Math.max(0, tokens) / Math.max(1, quota.burst);
}

export function Quotas({ overview }: Part) {
  const now = new Date(overview.now).getTime();
  const busiest = overview.quotas
    .map((quota) => ({ quota, share: used(quota, now) }))
    .sort((a, b) => b.share - a.share || Number(b.quota.spent) - Number(a.quota.spent))
    .slice(0, 6);
  return (
    <Panel title={t('overview.quotas')}>
      {busiest.length === 0 ? (
        <Text size="sm" c="dimmed">
          {t('overview.quotasFree')}
        </Text>
      ) : (
        <Stack gap="xs">
          {busiest.map(({ quota, share }) => (
            <div key={`${quota.connectionId}/${quota.bucket}`}>
              <div className="cd-row">
                <Text size="sm" className="cd-mono">
                  {quota.bucket}
                </Text>
                <Text size="xs" c="dimmed" className="cd-number">
                  {t('overview.quotaOf', {
                    used: count(Math.round(share * quota.burst)),
                    total: count(quota.burst),
                  })}
                  {Number(quota.refused) > 0 &&
                    ` · ${t('overview.refused', { count: Number(quota.refused) })}`}
                </Text>
              </div>
              <Progress
                value={share * 100}
                size={5}
                color={share > 0.9 ? 'red' : share > 0.7 ? 'yellow' : 'indigo'}
                aria-label={`${quota.connectionId} ${quota.bucket}`}
              />
            </div>
          ))}
        </Stack>
      )}
    </Panel>
  );
}
