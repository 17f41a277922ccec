// What is waiting, moving, done and parked; each number opens the records behind it.
import { Alert, Card, Group, SimpleGrid, Stack, Table, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { askMe, type Json } from '../../api.ts';
import { Asked } from '../../parts/asked.tsx';
import { PageLink, PlainLink } from '../../parts/link.tsx';
import { PageHead } from '../../parts/page.tsx';
import { State } from '../../parts/state.tsx';
import { count, t } from '../../words/index.ts';

const groups = {
  waiting: ['queued', 'waiting', 'verifying'],
  moving: ['running', 'pending'],
  done: ['done'],
  parked: ['parked'],
  skipped: ['skipped'],
} as const;

export function OverviewPage() {
  const demo = useQuery(askMe()).data?.demo === true;
  return (
    <Stack gap="lg">
      <PageHead title={t('shell.overview')} />
      {demo && <Alert variant="light">{t('overview.demo')}</Alert>}
      <Asked path="/overview">{(overview) => <Figures overview={overview} />}</Asked>
    </Stack>
  );
}

function Figures({ overview }: { readonly overview: Json }) {
  const sum = (states: readonly string[], name: string) =>
    overview.states
      .filter((row: Json) => states.includes(row.state))
      .reduce((total: number, row: Json) => total + Number(row[name]), 0);
  return (
    <Stack gap="lg">
      <SimpleGrid cols={{ base: 2, sm: 3, lg: 5 }}>
        {Object.entries(groups).map(([name, states]) => (
          <Card
            key={name}
            withBorder
            td="none"
            c="inherit"
            renderRoot={(props) => (
              <PlainLink {...props} to="/records" search={{ state: states.join(',') }} />
            )}
          >
            <Text size="sm" c="dimmed">
              {t(`overview.${name as keyof typeof groups}`)}
            </Text>
            <Text
              fz={32}
              fw={650}
              style={{ fontVariantNumeric: 'tabular-nums' }}
              c={name === 'parked' && sum(states, 'n') > 0 ? 'red' : undefined}
            >
              {count(sum(states, 'n'))}
            </Text>
            <Text size="xs" c="dimmed">
              {count(sum(states, 'today'))} {t('overview.today')}
            </Text>
          </Card>
        ))}
      </SimpleGrid>
      <SimpleGrid cols={{ base: 1, md: 2 }}>
        <Card withBorder>
          <Text fw={600}>{t('overview.saleToErp')}</Text>
          <Group mt="xs" gap="xl">
            <Text>
              {t('overview.median')}{' '}
              <b>
                {overview.latency?.median === null ? '–' : `${Number(overview.latency.median).toFixed(1)} s`}
              </b>
            </Text>
            <Text>
              p95{' '}
              <b>{overview.latency?.p95 === null ? '–' : `${Number(overview.latency.p95).toFixed(1)} s`}</b>
            </Text>
          </Group>
          <Text fw={600} mt="md">
            {t('overview.atRisk')}
          </Text>
          <PageLink to="/records" search={{ atRisk: true }}>
            {count(overview.atRisk?.n)} {t('overview.atRiskHint')}
          </PageLink>
        </Card>
        <Card withBorder>
          <Text fw={600} mb="xs">
            {t('overview.causes')}
          </Text>
          {overview.causes.length === 0 ? (
            <Text c="dimmed">{t('overview.nothingParked')}</Text>
          ) : (
            overview.causes.map((cause: Json) => (
              <Group key={cause.id} justify="space-between" wrap="nowrap">
                <PageLink to="/problems" size="sm" lineClamp={1}>
                  {cause.message}
                </PageLink>
                <Text size="sm">{count(cause.n)}</Text>
              </Group>
            ))
          )}
        </Card>
      </SimpleGrid>
      <Card withBorder>
        <Text fw={600} mb="xs">
          {t('overview.health')}
        </Text>
        <Table>
          <Table.Tbody>
            {overview.connections.map((connection: Json) => (
              <Table.Tr key={connection.id}>
                <Table.Td>{connection.title}</Table.Td>
                <Table.Td>
                  <State state={connection.state} />
                </Table.Td>
                <Table.Td>{connection.stateReason?.message}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Card>
    </Stack>
  );
}
