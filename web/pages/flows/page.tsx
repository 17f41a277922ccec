// What does each flow do, when did it last run and when will it again?
import { Card, Group, Stack, Table, Text, VisuallyHidden } from '@mantine/core';
import type { Json } from '../../api.ts';
import { Act } from '../../parts/act.tsx';
import { Asked } from '../../parts/asked.tsx';
import { PageHead } from '../../parts/page.tsx';
import { State } from '../../parts/state.tsx';
import { moment, t } from '../../words/index.ts';

export function FlowsPage() {
  return (
    <Stack>
      <PageHead title={t('shell.flows')} />
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
                  label={flow.state === 'active' ? t('flows.pause') : t('flows.resume')}
                  path={`/flows/${encodeURIComponent(flow.id)}/${flow.state === 'active' ? 'pause' : 'resume'}`}
                />
              </Group>
              <Table mt="sm">
                <Table.Thead>
                  <Table.Tr>
                    <Table.Th>{t('flows.task')}</Table.Th>
                    <Table.Th>{t('flows.nextRun')}</Table.Th>
                    <Table.Th>
                      <VisuallyHidden>{t('flows.run')}</VisuallyHidden>
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
                          label={t('flows.run')}
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
