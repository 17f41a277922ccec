// One order, one page: six stations, amounts to the cent, documents, requests, and what would be sent with every origin.
import { Button, Card, Group, SimpleGrid, Stack, Tabs, Text, Timeline } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { call, type Json, queries } from '../../api.ts';
import { Asked } from '../../parts/asked.tsx';
import { Code } from '../../parts/code.tsx';
import { Id } from '../../parts/id.tsx';
import { PageLink } from '../../parts/link.tsx';
import { PageHead } from '../../parts/page.tsx';
import { State } from '../../parts/state.tsx';
import { Steps, Trouble } from '../../parts/trouble.tsx';
import { moment, t, tState } from '../../words/index.ts';
import { Plan } from './plan.tsx';

export function RecordPage() {
  const { id } = useParams({ strict: false }) as { id: string };
  return <Asked path={`/records/${id}`}>{(answer) => <Whole id={id} answer={answer} />}</Asked>;
}

/** How far the record has come on its six stations. */
function reached(record: Json): number {
  if (record.state === 'done') return 6;
  if (record.state === 'pending' || record.remoteId) return 5;
  if (record.state === 'skipped') return 3;
  if (record.state === 'parked') return record.problem?.code === 'DOCUMENT_UNREADABLE' ? 1 : 3;
  return record.state === 'queued' ? 1 : 4;
}

function Whole({ id, answer }: { readonly id: string; readonly answer: Json }) {
  const { record, events, attempts, related, documents } = answer;
  const retry = useMutation({
    mutationFn: () => call('POST', '/records/retry', { ids: [id] }),
    onSuccess: () => queries.invalidateQueries(),
  });
  const stations = ['received', 'understood', 'decided', 'mapped', 'sent', 'confirmed'] as const;
  const at = reached(record);
  return (
    <Stack>
      <Group justify="space-between">
        <Group>
          <PageHead title={record.key} name={<Id value={record.key} />} />
          <State state={record.state} />
        </Group>
        <Button
          onClick={() => retry.mutate()}
          loading={retry.isPending}
          disabled={['queued', 'running'].includes(record.state)}
        >
          {t('record.retry')}
        </Button>
      </Group>
      {retry.error && <Trouble error={retry.error} />}
      <Text>{record.reason}</Text>
      <SimpleGrid cols={{ base: 3, sm: 6 }} component="ol" style={{ listStyle: 'none', padding: 0 }}>
        {stations.map((station, index) => (
          <Card
            key={station}
            withBorder
            p="xs"
            component="li"
            bg={index < at ? 'var(--mantine-color-teal-light)' : undefined}
          >
            <Text size="sm" fw={600}>
              {index < at ? '✓ ' : ''}
              {t(`record.${station}`)}
            </Text>
          </Card>
        ))}
      </SimpleGrid>
      {record.problem && record.state === 'parked' && (
        <Card withBorder>
          <Text fw={600}>{record.problem.message}</Text>
          <Steps steps={record.problem.nextSteps ?? []} />
        </Card>
      )}
      <Group gap="xl">
        <Text size="sm">
          NetSuite <Id value={record.remoteId} />
        </Text>
        <Text size="sm">
          externalId <Id value={record.externalId} />
        </Text>
        <Text size="sm">{record.labels?.join(' · ')}</Text>
      </Group>
      <Tabs defaultValue="timeline" keepMounted={false}>
        <Tabs.List>
          {(['timeline', 'plan', 'documents', 'exchanges', 'related'] as const).map((tab) => (
            <Tabs.Tab key={tab} value={tab}>
              {t(`record.${tab}`)}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value="timeline" pt="md">
          <Timeline bulletSize={14} active={events.length}>
            {events.map((event: Json) => (
              <Timeline.Item key={event.id} title={event.toState ? tState(event.toState) : event.kind}>
                <Text size="sm" c="dimmed">
                  {moment(event.at)} · {event.actor} {event.detail?.reason ?? event.detail?.via ?? ''}
                </Text>
              </Timeline.Item>
            ))}
          </Timeline>
          {attempts
            .filter((one: Json) => one.message)
            .map((one: Json) => (
              <Text key={one.startedAt} size="sm" mt="xs">
                {moment(one.finishedAt)} {one.code}: {one.message}
              </Text>
            ))}
        </Tabs.Panel>
        <Tabs.Panel value="plan" pt="md">
          {record.flowId.endsWith('orders.import') ? (
            <Asked path={`/records/${id}/plan`}>{(plan) => <Plan plan={plan} />}</Asked>
          ) : (
            <Text>{t('shell.none')}</Text>
          )}
        </Tabs.Panel>
        <Tabs.Panel value="documents" pt="md">
          {documents.map((document: Json) => (
            <Stack key={document.id} gap={4}>
              <Text size="sm" c="dimmed">
                {moment(document.receivedAt)} · {document.via}
              </Text>
              <Code value={document.kept} />
            </Stack>
          ))}
        </Tabs.Panel>
        <Tabs.Panel value="exchanges" pt="md">
          <Asked path={`/records/${id}/exchanges`}>
            {({ items }) =>
              items.map((one: Json) => (
                <Stack key={one.id} gap={4} mb="md">
                  <Text size="sm" fw={600}>
                    {one.method} {one.url} → {one.status ?? one.failure} ({one.durationMs} ms)
                  </Text>
                  <Code value={one.request} />
                  {one.response && <Code value={one.response} />}
                </Stack>
              ))
            }
          </Asked>
        </Tabs.Panel>
        <Tabs.Panel value="related" pt="md">
          {related.map((one: Json) => (
            <Group key={one.id}>
              <PageLink to={`/records/${one.id}`}>{one.key}</PageLink>
              <Text size="sm">{one.flowId}</Text>
              <State state={one.state} />
            </Group>
          ))}
          {related.length === 0 && <Text c="dimmed">{t('shell.none')}</Text>}
        </Tabs.Panel>
      </Tabs>
    </Stack>
  );
}
