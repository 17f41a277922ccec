// Which accounts are connected, and do they work?

import { Button, Card, Group, Stack, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { call, type Json, queries } from '../../api.ts';
import { Act } from '../../parts/act.tsx';
import { Asked } from '../../parts/asked.tsx';
import { PageHead } from '../../parts/page.tsx';
import { State } from '../../parts/state.tsx';
import { Steps, Trouble } from '../../parts/trouble.tsx';
import { t } from '../../words/index.ts';
import { said, saidProblem } from '../../words/server.ts';

export function ConnectionsPage() {
  return (
    <Stack>
      <PageHead title={t('shell.connections')} />
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
            {t('connections.test')}
          </Button>
          <Act
            label={connection.state === 'active' ? t('connections.pause') : t('connections.resume')}
            path={`/connections/${connection.id}/${connection.state === 'active' ? 'pause' : 'resume'}`}
          />
        </Group>
      </Group>
      {connection.stateReason?.message && <Text mt="xs">{said(connection.stateReason.message)}</Text>}
      {test.error && <Trouble error={test.error} />}
      {test.data &&
        (test.data.ok ? (
          <Text mt="xs">{[t('connections.works'), ...test.data.report.warnings].join(' ')}</Text>
        ) : (
          <>
            <Text mt="xs" fw={600}>
              {saidProblem(test.data.problem)}
            </Text>
            <Steps steps={test.data.problem.nextSteps} />
          </>
        ))}
    </Card>
  );
}
