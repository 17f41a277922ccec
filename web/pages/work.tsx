// Problems, flows, connections and import: where a person decides something.
import {
  Button,
  Card,
  FileButton,
  Group,
  NumberInput,
  Select,
  Stack,
  Table,
  Text,
  Textarea,
  TextInput,
  Title,
} from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { call, type Json, queries } from '../api.ts';
import { Asked, State, Steps, Trouble } from '../parts.tsx';
import { count, moment, t } from '../words.ts';
import { Plan } from './record.tsx';

function Act({
  label,
  method = 'POST',
  path,
  body,
}: {
  readonly label: string;
  readonly method?: string;
  readonly path: string;
  readonly body?: unknown;
}) {
  const act = useMutation({
    mutationFn: () => call(method, path, body),
    onSuccess: () => queries.invalidateQueries(),
  });
  return (
    <>
      <Button size="xs" variant="default" loading={act.isPending} onClick={() => act.mutate()}>
        {label}
      </Button>
      {act.error && <Trouble error={act.error} />}
    </>
  );
}

export function Problems() {
  const [state, setState] = useState('open');
  return (
    <Stack>
      <Group justify="space-between">
        <Title order={1} size="h2">
          {t('problems')}
        </Title>
        <Select
          aria-label={t('state')}
          value={state}
          onChange={(value) => setState(value ?? 'open')}
          data={[
            { value: 'open', label: t('openProblems') },
            { value: 'ignored', label: t('ignored') },
            { value: 'resolved', label: t('resolved') },
          ]}
        />
      </Group>
      <Asked path={`/problems?state=${state}`}>
        {({ items }) =>
          items.length === 0 ? (
            <Text c="dimmed">{t('nothingParked')}</Text>
          ) : (
            items.map((problem: Json) => <ProblemCard key={problem.id} problem={problem} />)
          )
        }
      </Asked>
    </Stack>
  );
}

function ProblemCard({ problem }: { readonly problem: Json }) {
  return (
    <Card withBorder>
      <Group justify="space-between" align="start" wrap="nowrap">
        <Stack gap={2}>
          <Text fw={600}>{problem.message}</Text>
          <Text size="sm" c="dimmed">
            {problem.code} · {count(problem.records)} {t('seen')} · {moment(problem.firstSeenAt)} –{' '}
            {moment(problem.lastSeenAt)}
          </Text>
        </Stack>
        <Group wrap="nowrap">
          {Number(problem.records) > 0 && (
            <Act label={t('retryAll')} path={`/problems/${problem.id}/retry`} />
          )}
          {problem.state === 'open' && problem.kind === 'task' && (
            <Act label={t('resolve')} path={`/problems/${problem.id}/resolve`} />
          )}
        </Group>
      </Group>
      <Steps steps={problem.nextSteps} />
      {problem.facts?.lookup && problem.state === 'open' && <LookupForm problem={problem} />}
      {problem.exampleId && (
        <Link
          to={`/records/${problem.exampleId}` as string}
          style={{ marginTop: 8, fontFamily: 'monospace' }}
        >
          {problem.exampleKey}
        </Link>
      )}
    </Card>
  );
}

/** The cure right where the problem stands: a row in the lookup it names. */
function LookupForm({ problem }: { readonly problem: Json }) {
  const [value, setValue] = useState('');
  const [multiplier, setMultiplier] = useState<number | string>(1);
  const save = useMutation({
    mutationFn: () =>
      call('PUT', `/connections/${problem.connectionId}/lookups`, {
        name: problem.facts.lookup,
        key: problem.facts.key,
        value,
        multiplier: Number(multiplier),
      }),
    onSuccess: () => queries.invalidateQueries(),
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      <Group align="end" mt="sm">
        <TextInput
          label={problem.facts.lookup === 'item-alias' ? t('addAlias') : problem.facts.lookup}
          value={value}
          onChange={(event) => setValue(event.currentTarget.value)}
          required
        />
        {problem.facts.lookup === 'item-alias' && (
          <NumberInput label={t('units')} min={1} w={90} value={multiplier} onChange={setMultiplier} />
        )}
        <Button type="submit" loading={save.isPending}>
          {t('save')}
        </Button>
      </Group>
      {save.error && <Trouble error={save.error} />}
    </form>
  );
}

export function Flows() {
  return (
    <Stack>
      <Title order={1} size="h2">
        {t('flows')}
      </Title>
      <Asked path="/flows">
        {({ items }) =>
          items.map((flow: Json) => (
            <Card key={flow.id} withBorder>
              <Group justify="space-between">
                <Group>
                  <Text fw={600}>{flow.id}</Text>
                  <State state={flow.state} />
                </Group>
                <Act
                  label={flow.state === 'active' ? t('pause') : t('resume')}
                  path={`/flows/${encodeURIComponent(flow.id)}/${flow.state === 'active' ? 'pause' : 'resume'}`}
                />
              </Group>
              <Table mt="sm">
                <Table.Thead>
                  <Table.Tr>
                    <Table.Th>{t('task')}</Table.Th>
                    <Table.Th>{t('nextRun')}</Table.Th>
                    <Table.Th>
                      <span hidden>{t('run')}</span>
                    </Table.Th>
                  </Table.Tr>
                </Table.Thead>
                <Table.Tbody>
                  {flow.tasks.map((task: Json) => (
                    <Table.Tr key={task.task}>
                      <Table.Td>{task.task}</Table.Td>
                      <Table.Td>{moment(task.nextAt)}</Table.Td>
                      <Table.Td>
                        <Act
                          label={t('run')}
                          path={`/flows/${encodeURIComponent(flow.id)}/run`}
                          body={{ task: task.task }}
                        />
                      </Table.Td>
                    </Table.Tr>
                  ))}
                </Table.Tbody>
              </Table>
              {flow.runs.slice(0, 5).map((run: Json) => (
                <Text key={run.id} size="sm" c="dimmed">
                  {moment(run.startedAt)} {run.task} {run.outcome} {JSON.stringify(run.counts)}{' '}
                  {run.error?.message ?? ''}
                </Text>
              ))}
            </Card>
          ))
        }
      </Asked>
    </Stack>
  );
}

export function Connections() {
  return (
    <Stack>
      <Title order={1} size="h2">
        {t('connections')}
      </Title>
      <Asked path="/connections">
        {({ items }) =>
          items.map((connection: Json) => <ConnectionCard key={connection.id} connection={connection} />)
        }
      </Asked>
    </Stack>
  );
}

function ConnectionCard({ connection }: { readonly connection: Json }) {
  const test = useMutation({
    mutationFn: () => call('POST', '/connections/test', { id: connection.id }),
    onSuccess: () => queries.invalidateQueries(),
  });
  return (
    <Card withBorder>
      <Group justify="space-between">
        <Group>
          <Text fw={600}>{connection.title}</Text>
          <State state={connection.state} />
        </Group>
        <Group>
          <Button size="xs" loading={test.isPending} onClick={() => test.mutate()}>
            {t('test')}
          </Button>
          <Act
            label={connection.state === 'active' ? t('pause') : t('resume')}
            path={`/connections/${connection.id}/${connection.state === 'active' ? 'pause' : 'resume'}`}
          />
        </Group>
      </Group>
      {connection.stateReason?.message && <Text mt="xs">{connection.stateReason.message}</Text>}
      {test.error && <Trouble error={test.error} />}
      {test.data &&
        (test.data.ok ? (
          <Text mt="xs">{[t('works'), ...test.data.report.warnings].join(' ')}</Text>
        ) : (
          <>
            <Text mt="xs" fw={600}>
              {test.data.problem.message}
            </Text>
            <Steps steps={test.data.problem.nextSteps} />
          </>
        ))}
    </Card>
  );
}

export function ImportPage() {
  const [text, setText] = useState('');
  return (
    <Asked path="/flows">
      {({ items }) => (
        <ImportForm
          flowId={items.find((flow: Json) => flow.kind === 'orders.import')?.id ?? ''}
          text={text}
          setText={setText}
        />
      )}
    </Asked>
  );
}

function ImportForm({
  flowId,
  text,
  setText,
}: {
  readonly flowId: string;
  readonly text: string;
  readonly setText: (text: string) => void;
}) {
  const preview = useMutation({ mutationFn: () => call('POST', '/orders/plan', { flowId, text }) });
  const take = useMutation({ mutationFn: () => call('POST', '/orders/import', { flowId, text }) });
  return (
    <Stack>
      <Title order={1} size="h2">
        {t('importOrders')}
      </Title>
      <Textarea
        label={t('paste')}
        minRows={8}
        autosize
        maxRows={20}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        ff="monospace"
      />
      <Group>
        <FileButton onChange={(file) => void file?.text().then(setText)} accept="application/json">
          {(props) => (
            <Button variant="default" {...props}>
              JSON…
            </Button>
          )}
        </FileButton>
        <Button
          variant="default"
          loading={preview.isPending}
          onClick={() => preview.mutate()}
          disabled={text === ''}
        >
          {t('preview')}
        </Button>
        <Button loading={take.isPending} onClick={() => take.mutate()} disabled={preview.data === undefined}>
          {t('importNow')}
        </Button>
      </Group>
      {(preview.error ?? take.error) && <Trouble error={(preview.error ?? take.error)!} />}
      {take.data?.records.map((record: Json) => (
        <Link key={record.recordId} to={`/records/${record.recordId}` as string}>
          {record.channelOrderId}
        </Link>
      ))}
      {preview.data?.plans.map((plan: Json) => (
        <Plan key={plan.channelOrderId} plan={plan} />
      ))}
    </Stack>
  );
}
