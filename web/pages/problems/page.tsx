// What must a person decide? Problems grouped by cause, each with what to do and the button that does it.
import { Button, Card, Group, NumberInput, Select, Stack, Text, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { call, type Json, queries } from '../../api.ts';
import { Act } from '../../parts/act.tsx';
import { Asked } from '../../parts/asked.tsx';
import { PageLink } from '../../parts/link.tsx';
import { PageHead } from '../../parts/page.tsx';
import { Steps, Trouble } from '../../parts/trouble.tsx';
import { count, moment, t } from '../../words/index.ts';

export function ProblemsPage() {
  const [state, setState] = useState('open');
  return (
    <Stack>
      <Group justify="space-between">
        <PageHead title={t('shell.problems')} />
        <Select
          aria-label={t('problems.state')}
          value={state}
          onChange={(value) => setState(value ?? 'open')}
          data={[
            { value: 'open', label: t('problems.openProblems') },
            { value: 'ignored', label: t('problems.ignored') },
            { value: 'resolved', label: t('problems.resolved') },
          ]}
        />
      </Group>
      <Asked path={`/problems?state=${state}`}>
        {({ items }) =>
          items.length === 0 ? (
            <Text c="dimmed">{t('problems.nothingParked')}</Text>
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
            {problem.code} · {count(problem.records)} {t('problems.seen')} · {moment(problem.firstSeenAt)} –{' '}
            {moment(problem.lastSeenAt)}
          </Text>
        </Stack>
        <Group wrap="nowrap">
          {Number(problem.records) > 0 && (
            <Act label={t('problems.retryAll')} path={`/problems/${problem.id}/retry`} />
          )}
          {problem.state === 'open' && problem.kind === 'task' && (
            <Act label={t('problems.resolve')} path={`/problems/${problem.id}/resolve`} />
          )}
        </Group>
      </Group>
      <Steps steps={problem.nextSteps} />
      {problem.facts?.lookup && problem.state === 'open' && <LookupForm problem={problem} />}
      {problem.exampleId && (
        <PageLink to={`/records/${problem.exampleId}`} ff="monospace">
          {problem.exampleKey}
        </PageLink>
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
          label={problem.facts.lookup === 'item-alias' ? t('problems.addAlias') : problem.facts.lookup}
          value={value}
          onChange={(event) => setValue(event.currentTarget.value)}
          required
        />
        {problem.facts.lookup === 'item-alias' && (
          <NumberInput
            label={t('problems.units')}
            min={1}
            w={90}
            value={multiplier}
            onChange={setMultiplier}
          />
        )}
        <Button type="submit" loading={save.isPending}>
          {t('problems.save')}
        </Button>
      </Group>
      {save.error && <Trouble error={save.error} />}
    </form>
  );
}
