// Which lists does one look at every day? Those everybody needs, and those that somebody kept under a name.
import { ActionIcon, Button, Checkbox, Group, Menu, Modal, Stack, TextInput } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { View } from '../../../src/api/contract/views.ts';
import { ask, call, queries } from '../../api.ts';
import { Icon } from '../../parts/icon.tsx';
import { PlainLink } from '../../parts/link.tsx';
import { toast } from '../../parts/toast.tsx';
import { Trouble } from '../../parts/trouble.tsx';
import { t } from '../../words/index.ts';
import { type Filter, queryOf } from './filter.ts';

type Shown = Pick<View, 'name' | 'query'> & Partial<View>;

const fixed = (): readonly Shown[] => [
  { name: t('records.viewAll'), query: '' },
  { name: t('records.viewParked'), query: 'state=parked' },
  { name: t('records.viewMoving'), query: 'state=queued%2Crunning%2Cwaiting%2Cverifying%2Cpending' },
  { name: t('records.viewAtRisk'), query: 'atRisk=true' },
];

export function Views({
  filter,
  columns,
  mayWrite,
}: {
  readonly filter: Filter;
  readonly columns: string | undefined;
  readonly mayWrite: boolean;
}) {
  const { data } = useQuery(ask<{ items: readonly View[] }>('/views?page=records'));
  const [saving, setSaving] = useState(false);
  const here = queryOf(filter, columns);
  const views: readonly Shown[] = [...fixed(), ...(data?.items ?? [])];
  const mine = data?.items.find((view) => view.query === here);
  const known = views.some((view) => view.query === here);
  return (
    <Group gap={4} justify="space-between" wrap="nowrap" align="flex-start">
      <nav className="cd-tabs" aria-label={t('records.views')}>
        {views.map((view) => (
          <Tab key={view.id ?? view.name} name={view.name} query={view.query} active={view.query === here} />
        ))}
        {!known && (
          <span className="cd-tab" data-active>
            {t('records.viewThis')}
          </span>
        )}
      </nav>
      {mayWrite && (
        <Group gap={4} wrap="nowrap">
          {!known && (
            <Button
              size="compact-sm"
              variant="subtle"
              leftSection={<Icon name="star" size={15} />}
              onClick={() => setSaving(true)}
            >
              {t('records.saveView')}
            </Button>
          )}
          {mine && <Manage view={mine} />}
        </Group>
      )}
      <Save opened={saving} close={() => setSaving(false)} query={here} />
    </Group>
  );
}

const Tab = ({
  name,
  query,
  active,
}: {
  readonly name: string;
  readonly query: string;
  readonly active: boolean;
}) => (
  <span className="cd-tab" data-active={active || undefined}>
    <PlainLink
      to="/records"
      search={Object.fromEntries(new URLSearchParams(query))}
      aria-current={active ? 'page' : undefined}
    >
      {name}
    </PlainLink>
  </span>
);

const askAgain = () => queries.invalidateQueries({ queryKey: ['views'] });

function Save({
  opened,
  close,
  query,
}: {
  readonly opened: boolean;
  readonly close: () => void;
  readonly query: string;
}) {
  const [name, setName] = useState('');
  const [shared, setShared] = useState(false);
  const save = useMutation({
    mutationFn: () => call('POST', '/views', { page: 'records', name, query, shared }),
    onSuccess: () => {
      close();
      setName('');
      return askAgain();
    },
  });
  return (
    <Modal
      opened={opened}
      onClose={close}
      title={t('records.saveView')}
      closeButtonProps={{ 'aria-label': t('shell.close') }}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate();
        }}
      >
        <Stack>
          <TextInput
            label={t('records.viewName')}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            required
            maxLength={60}
            data-autofocus
          />
          <Checkbox
            label={t('records.viewShared')}
            checked={shared}
            onChange={(event) => setShared(event.currentTarget.checked)}
          />
          {save.error && <Trouble error={save.error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              {t('shell.cancel')}
            </Button>
            <Button type="submit" loading={save.isPending}>
              {t('shell.save')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

/** Share or remove the view that is shown. Removing can be undone. */
function Manage({ view }: { readonly view: View }) {
  const put = (shared: boolean) =>
    call('POST', '/views', { page: 'records', name: view.name, query: view.query, shared }).then(askAgain);
  const remove = async () => {
    await call('DELETE', `/views/${view.id}`);
    await askAgain();
    toast(t('records.viewRemoved', { name: view.name }), () => put(view.shared));
  };
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon aria-label={t('records.manageView', { name: view.name })}>
          <Icon name="more" />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {view.mine && (
          <Menu.Item onClick={() => void put(!view.shared)}>
            {t(view.shared ? 'records.unshare' : 'records.share')}
          </Menu.Item>
        )}
        <Menu.Item onClick={() => void remove().catch((error: Error) => toast(error.message))}>
          {t('records.removeView')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
