// What can be done with one problem or many: retry, ignore, assign, skip. What touches many says how many first.
import { Button, Group, Menu, Stack, Text, Textarea } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Problem } from '../../../src/api/contract/problems.ts';
import { Confirm } from '../../parts/confirm.tsx';
import { Icon } from '../../parts/icon.tsx';
import { toast } from '../../parts/toast.tsx';
import { t } from '../../words/index.ts';
import { act, askNames } from './questions.ts';

export type Asking = 'retry' | 'ignore' | 'skip' | undefined;
const recordsOf = (problems: readonly Problem[]): number =>
  problems.reduce((sum, one) => sum + Number(one.parked), 0);

export async function retryNow(problems: readonly Problem[]): Promise<void> {
  const { retried } = await act<{ retried: number }>(
    'retry',
    problems.map((one) => one.id),
  );
  toast(t('problems.retried', { count: retried }));
}

export async function assign(problems: readonly Problem[], assignee: string | null): Promise<void> {
  const before = problems.map((one) => ({ id: one.id, assignee: one.assignee }));
  await act(
    'assign',
    problems.map((one) => one.id),
    { assignee },
  );
  const undo = async () => {
    for (const one of before) await act('assign', [one.id], { assignee: one.assignee });
  };
  toast(
    assignee === null ? t('problems.unassignedSaid') : t('problems.assignedSaid', { name: assignee }),
    undo,
  );
}

export async function unignore(problems: readonly Problem[]): Promise<void> {
  const { moved } = await act<{ moved: number }>(
    'unignore',
    problems.map((one) => one.id),
  );
  toast(t('problems.unignoredSaid', { count: moved }));
}

export async function markDone(problems: readonly Problem[]): Promise<void> {
  await act(
    'resolve',
    problems.map((one) => one.id),
  );
  toast(t('problems.doneSaid'));
}

/** The names of those who can be given something, in a menu. */
export function AssignMenu({
  problems,
  opened,
  setOpened,
  children,
}: {
  readonly problems: readonly Problem[];
  readonly opened: boolean;
  readonly setOpened: (opened: boolean) => void;
  readonly children: React.ReactNode;
}) {
  const names = useQuery({ ...askNames(), enabled: opened });
  return (
    <Menu opened={opened} onChange={setOpened} position="bottom-start" width={230}>
      <Menu.Target>{children}</Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{t('problems.assignTo')}</Menu.Label>
        {(names.data?.items ?? []).map((name) => (
          <Menu.Item
            key={name}
            leftSection={<Icon name="person" size={15} />}
            onClick={() => void assign(problems, name)}
          >
            {name}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item onClick={() => void assign(problems, null)}>{t('problems.nobody')}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

/** The questions before an act, for one problem or for many. */
export function Questions({
  problems,
  asking,
  close,
  done,
}: {
  readonly problems: readonly Problem[];
  readonly asking: Asking;
  readonly close: () => void;
  readonly done?: () => void;
}) {
  const [reason, setReason] = useState('');
  const records = recordsOf(problems);
  const ids = problems.map((one) => one.id);
  const after = () => {
    setReason('');
    done?.();
  };
  const ignore = async () => {
    const { moved } = await act<{ moved: number }>('ignore', ids, { reason });
    toast(t('problems.ignoredSaid', { count: moved }), () => act('unignore', ids));
    after();
  };
  const skip = async () => {
    const { moved } = await act<{ moved: number }>('skip', ids, { reason });
    toast(t('problems.skippedSaid', { count: moved }));
    after();
  };
  const why = (
    <Textarea
      label={t('problems.reason')}
      description={t('problems.reasonHint')}
      value={reason}
      onChange={(event) => setReason(event.currentTarget.value)}
      required
      minLength={3}
      maxLength={500}
      autosize
      data-autofocus
    />
  );
  const short = reason.trim().length < 3;
  return (
    <>
      <Confirm
        opened={asking === 'retry'}
        title={t('problems.retryTitle')}
        label={t('problems.retryAll', { count: records })}
        run={async () => {
          await retryNow(problems);
          after();
        }}
        close={close}
      >
        <Text size="sm">{t('problems.retryHint')}</Text>
      </Confirm>
      <Confirm
        opened={asking === 'ignore'}
        title={t('problems.ignoreTitle')}
        label={t('problems.ignoreCount', { count: problems.length })}
        disabled={short}
        run={ignore}
        close={close}
      >
        <Stack gap="xs">
          <Text size="sm">{t('problems.ignoreHint')}</Text>
          {why}
        </Stack>
      </Confirm>
      <Confirm
        opened={asking === 'skip'}
        title={t('problems.skipTitle')}
        label={t('problems.skipCount', { count: records })}
        danger
        disabled={short}
        run={skip}
        close={close}
      >
        <Stack gap="xs">
          <Text size="sm">{t('problems.skipHint')}</Text>
          {why}
        </Stack>
      </Confirm>
    </>
  );
}

/** What stands at the foot of the list while some are ticked. */
export function Bulk({
  problems,
  clear,
}: {
  readonly problems: readonly Problem[];
  readonly clear: () => void;
}) {
  const [asking, setAsking] = useState<Asking>();
  const [assigning, setAssigning] = useState(false);
  const ignored = problems.every((one) => one.state === 'ignored');
  return (
    <section className="cd-bulkbar" aria-label={t('problems.bulk')}>
      <Text size="sm" fw={600}>
        {t('problems.selected', { count: problems.length })}
      </Text>
      <Group gap="xs">
        {recordsOf(problems) > 0 && (
          <Button size="xs" leftSection={<Icon name="retry" size={15} />} onClick={() => setAsking('retry')}>
            {t('problems.retryAll', { count: recordsOf(problems) })}
          </Button>
        )}
        {ignored ? (
          <Button size="xs" variant="default" onClick={() => void unignore(problems).then(clear)}>
            {t('problems.unignore')}
          </Button>
        ) : (
          <Button size="xs" variant="default" onClick={() => setAsking('ignore')}>
            {t('problems.ignore')}
          </Button>
        )}
        <AssignMenu problems={problems} opened={assigning} setOpened={setAssigning}>
          <Button size="xs" variant="default">
            {t('problems.assign')}
          </Button>
        </AssignMenu>
        <Button size="xs" variant="subtle" color="gray" c="var(--mantine-color-text)" onClick={clear}>
          {t('problems.clearSelection')}
        </Button>
      </Group>
      <Questions problems={problems} asking={asking} close={() => setAsking(undefined)} done={clear} />
    </section>
  );
}
