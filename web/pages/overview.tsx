// What is waiting, moving, done and parked; each number opens the records behind it.
import { Alert, Anchor, Card, Group, SimpleGrid, Stack, Table, Text, Title } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { Json } from '../api.ts';
import { Asked, State } from '../parts.tsx';
import { count, t } from '../words.ts';

const groups = {
  waiting: ['queued', 'waiting', 'verifying'],
  moving: ['running', 'pending'],
  done: ['done'],
  parked: ['parked'],
  skipped: ['skipped'],
} as const;

export function Overview({ demo }: { readonly demo: boolean }) {
  return (
    <Stack gap="lg">
      <Title order={1} size="h2">
        {t('overview')}
      </Title>
      {demo && <Alert variant="light">{t('demo')}</Alert>}
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
            component={Link}
            to={`/records?state=${states.join(',')}` as string}
            td="none"
            c="inherit"
          >
            <Text size="sm" c="dimmed">
              {t(name as keyof typeof groups)}
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
              {count(sum(states, 'today'))} {t('today')}
            </Text>
          </Card>
        ))}
      </SimpleGrid>
      <SimpleGrid cols={{ base: 1, md: 2 }}>
        <Card withBorder>
          <Text fw={600}>{t('saleToErp')}</Text>
          <Group mt="xs" gap="xl">
            <Text>
              {t('median')}{' '}
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
            {t('atRisk')}
          </Text>
          <Anchor component={Link} to={'/records?atRisk=true' as string}>
            {count(overview.atRisk?.n)} {t('atRiskHint')}
          </Anchor>
        </Card>
        <Card withBorder>
          <Text fw={600} mb="xs">
            {t('causes')}
          </Text>
          {overview.causes.length === 0 ? (
            <Text c="dimmed">{t('nothingParked')}</Text>
          ) : (
            overview.causes.map((cause: Json) => (
              <Group key={cause.id} justify="space-between" wrap="nowrap">
                <Anchor component={Link} to={'/problems' as string} size="sm" lineClamp={1}>
                  {cause.message}
                </Anchor>
                <Text size="sm">{count(cause.n)}</Text>
              </Group>
            ))
          )}
        </Card>
      </SimpleGrid>
      <Card withBorder>
        <Text fw={600} mb="xs">
          {t('health')}
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
