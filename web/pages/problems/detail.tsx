// One problem: what happened, what takes it away, how it was cured last time, which records wait, and its story.
import { ActionIcon, Badge, Button, Group, Menu, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Problem } from '../../../src/api/contract/problems.ts';
import { askMe } from '../../api.ts';
import { Lines } from '../../parts/asked.tsx';
import { flowNameOfId } from '../../parts/flow.ts';
import { Icon } from '../../parts/icon.tsx';
import { Id } from '../../parts/id.tsx';
import { PageLink } from '../../parts/link.tsx';
import { Section } from '../../parts/page.tsx';
import { State } from '../../parts/state.tsx';
import { Trouble } from '../../parts/trouble.tsx';
import { useKeys } from '../../shell/keys.ts';
import { ago, exactMoment, moment, t } from '../../words/index.ts';
import { saidProblem, saidSteps } from '../../words/server.ts';
import { type Asking, AssignMenu, Questions, retryNow, unignore } from './acts.tsx';
import { EditDialog } from './edit.tsx';
import { FixIt } from './fix.tsx';
import { History } from './history.tsx';
import { askProblem, className } from './questions.ts';

export function Detail({ id }: { readonly id: string }) {
  const { data, error, refetch } = useQuery(askProblem(id));
  if (error && !data) return <Trouble error={error} retry={() => void refetch()} />;
  if (!data) return <Lines count={8} />;
  return <Shown key={id} problem={data.problem} events={data.events} />;
}

function Shown({
  problem,
  events,
}: {
  readonly problem: Problem;
  readonly events: Parameters<typeof History>[0]['events'];
}) {
  const scopes = useQuery(askMe()).data?.scopes ?? [];
  const mayWrite = scopes.includes('write');
  const [asking, setAsking] = useState<Asking>();
  const [assigning, setAssigning] = useState(false);
  const [editing, setEditing] = useState(false);
  const mayEdit =
    scopes.includes('edit') &&
    problem.kind === 'error' &&
    problem.exampleId !== null &&
    Number(problem.parked) > 0 &&
    problem.flowId?.endsWith('orders.import') === true;
  const focus = (selector: string) => document.querySelector<HTMLElement>(selector)?.focus();
  useKeys([
    {
      keys: 'r',
      label: 'problems.keyRetry',
      run: () => mayWrite && Number(problem.parked) > 0 && void retryNow([problem]),
    },
    { keys: 'i', label: 'problems.keyIgnore', run: () => mayWrite && setAsking('ignore') },
    { keys: 'm', label: 'problems.keyAssign', run: () => mayWrite && setAssigning(true) },
    { keys: 'c', label: 'problems.keyComment', run: () => focus('[data-comment]') },
    { keys: 'e', label: 'problems.keyEdit', run: () => mayEdit && setEditing(true) },
    { keys: 'f', label: 'problems.keyFix', run: () => focus('[data-fix]') },
  ]);
  return (
    <article aria-label={saidProblem(problem)}>
      <Stack gap="md">
        <header>
          <Group gap={8} mb={6}>
            <State state={problem.state} />
            {problem.urgent && (
              <Badge color="red" tt="none">
                {t('problems.urgent')}
              </Badge>
            )}
            <Badge color="gray" tt="none" c="var(--mantine-color-text)">
              {problem.kind === 'task' ? t('problems.task') : className(problem)}
            </Badge>
          </Group>
          <Title order={2} size="h4" className="cd-wrap">
            {saidProblem(problem)}
          </Title>
          <Facts problem={problem} />
        </header>
        {problem.allFail && (
          <div className="cd-note" data-tone="warn">
            <Text size="sm" fw={600}>
              {t('problems.allFail')}
            </Text>
            <Text size="sm">{t('problems.allFailHint')}</Text>
          </div>
        )}
        <Section
          title={t('problems.whatToDo')}
          actions={
            mayWrite && (
              <Acts problem={problem} assigning={assigning} setAssigning={setAssigning} ask={setAsking} />
            )
          }
        >
          {problem.state === 'resolved' ? (
            <Text size="sm">{closed(problem)}</Text>
          ) : (
            <Stack gap="sm">
              {problem.state === 'ignored' && <Text size="sm">{closed(problem)}</Text>}
              <ul className="cd-steps">
                {saidSteps(problem.nextSteps).map((step) => (
                  <li key={step}>{step}</li>
                ))}
              </ul>
              <FixIt
                problem={problem}
                mayWrite={mayWrite}
                mayAdmin={scopes.includes('admin')}
                edit={mayEdit ? () => setEditing(true) : undefined}
              />
            </Stack>
          )}
          <Past problem={problem} />
        </Section>
        <History id={problem.id} events={events} mayWrite={mayWrite} />
        <Support problem={problem} />
      </Stack>
      <Questions problems={[problem]} asking={asking} close={() => setAsking(undefined)} />
      {editing && problem.exampleId && (
        <EditDialog
          recordId={problem.exampleId}
          orderKey={problem.exampleKey ?? ''}
          start={String(problem.facts['sku'] ?? problem.field ?? '')}
          close={() => setEditing(false)}
        />
      )}
    </article>
  );
}

function closed(problem: Problem): string {
  const when = moment(problem.closedAt);
  const reason = problem.closeReason ? ` – ${problem.closeReason}` : '';
  if (problem.state === 'ignored')
    return t('problems.ignoredBy', { name: problem.closedBy ?? '', when }) + reason;
  return problem.closedBy === 'crossdock' || problem.closedBy === 'check'
    ? t('problems.closedSelf', { when })
    : t('problems.closedBy', { name: problem.closedBy ?? '', when });
}

function Facts({ problem }: { readonly problem: Problem }) {
  const parked = Number(problem.parked);
  const retrying = Number(problem.records) - parked;
  return (
    <dl className="cd-facts">
      {problem.kind === 'error' && (
        <div>
          <dt>{t('shell.records')}</dt>
          <dd>
            {Number(problem.records) > 0 ? (
              <PageLink to="/records" search={{ problem: problem.id }}>
                {t('problems.records', { count: Number(problem.records) })}
              </PageLink>
            ) : (
              t('problems.records', { count: 0 })
            )}
            {retrying > 0 && ` (${t('problems.retrying', { count: retrying })})`}
          </dd>
        </div>
      )}
      <div>
        <dt>{t('problems.firstSeen')}</dt>
        <dd title={exactMoment(problem.firstSeenAt)}>{ago(problem.firstSeenAt)}</dd>
      </div>
      <div>
        <dt>{t('problems.lastSeen')}</dt>
        <dd title={exactMoment(problem.lastSeenAt)}>{ago(problem.lastSeenAt)}</dd>
      </div>
      {problem.exampleId && (
        <div>
          <dt>{t('problems.example')}</dt>
          <dd>
            <PageLink to={`/records/${problem.exampleId}`} ff="monospace">
              {problem.exampleKey}
            </PageLink>
          </dd>
        </div>
      )}
      {problem.flowId && (
        <div>
          <dt>{t('problems.flow')}</dt>
          <dd>{flowNameOfId(problem.flowId)}</dd>
        </div>
      )}
      {!problem.flowId && problem.connectionId && (
        <div>
          <dt>{t('problems.connection')}</dt>
          <dd>{problem.connectionId}</dd>
        </div>
      )}
      <div>
        <dt>{t('problems.assignee')}</dt>
        <dd>{problem.assignee ?? t('problems.nobody')}</dd>
      </div>
    </dl>
  );
}

function Acts({
  problem,
  assigning,
  setAssigning,
  ask,
}: {
  readonly problem: Problem;
  readonly assigning: boolean;
  readonly setAssigning: (on: boolean) => void;
  readonly ask: (asking: Asking) => void;
}) {
  if (problem.state === 'resolved') return null;
  return (
    <Group gap={6}>
      <AssignMenu problems={[problem]} opened={assigning} setOpened={setAssigning}>
        <Button size="compact-sm" variant="default">
          {t('problems.assign')}
        </Button>
      </AssignMenu>
      {problem.state === 'ignored' ? (
        <Button size="compact-sm" variant="default" onClick={() => void unignore([problem])}>
          {t('problems.unignore')}
        </Button>
      ) : (
        <Button size="compact-sm" variant="default" onClick={() => ask('ignore')}>
          {t('problems.ignore')}
        </Button>
      )}
      {Number(problem.parked) > 0 && (
        <Menu position="bottom-end" width={240}>
          <Menu.Target>
            <ActionIcon aria-label={t('problems.more')}>
              <Icon name="more" />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item leftSection={<Icon name="skip" size={15} />} onClick={() => ask('skip')}>
              {t('problems.skip')}
            </Menu.Item>
            <Menu.Item
              leftSection={<Icon name="export" size={15} />}
              component="a"
              href={`/api/v1/problems/records.csv?problem=${problem.id}`}
            >
              {t('problems.exportAll')}
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      )}
    </Group>
  );
}

/** How a problem like this one went away the last time. */
function Past({ problem }: { readonly problem: Problem }) {
  const { pastCure } = problem;
  if (!pastCure || pastCure.problemId === problem.id) return null;
  const { detail, actor, kind } = pastCure;
  const when = ago(pastCure.at);
  const text = (name: string) => String(detail[name] ?? '');
  const sentence =
    kind === 'edited'
      ? t('problems.past_edited', { actor, when })
      : kind === 'skipped'
        ? t('problems.past_skipped', { actor, reason: text('reason'), when })
        : detail['by'] === 'lookup'
          ? t('problems.past_lookup', {
              actor,
              key: text('key'),
              value: text('value'),
              lookup: text('lookup'),
              when,
            })
          : t('problems.past_setting', { actor, when });
  return (
    <Text size="sm" c="dimmed" mt="sm">
      <b>{t('problems.lastTime')}:</b> {sentence}
    </Text>
  );
}

/** What a person of support asks for: out of the way until it is opened. */
function Support({ problem }: { readonly problem: Problem }) {
  return (
    <details className="cd-support">
      <summary>{t('problems.technical')}</summary>
      <dl className="cd-facts">
        <div>
          <dt>{t('problems.codeName')}</dt>
          <dd>
            <Id value={problem.code} />
          </dd>
        </div>
        {problem.field && (
          <div>
            <dt>{t('problems.field')}</dt>
            <dd className="cd-mono">{problem.field}</dd>
          </div>
        )}
        <div>
          <dt>{t('problems.lastSeen')}</dt>
          <dd>
            {exactMoment(problem.lastSeenAt)} · {t('problems.times', { count: problem.seen })}
          </dd>
        </div>
      </dl>
    </details>
  );
}
