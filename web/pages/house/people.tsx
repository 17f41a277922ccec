// Who may come in, and with what rights? Invite, change, disable, reset; the rule of the second factor; the access review.
import {
  ActionIcon,
  Button,
  Checkbox,
  Group,
  Menu,
  Modal,
  Select,
  Stack,
  Switch,
  Table,
  Text,
  TextInput,
} from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type { OneTimeLink, People, Person, Rights, Role } from '../../../src/api/contract/people.ts';
import { call, queries } from '../../api.ts';
import { Asked } from '../../parts/asked.tsx';
import { Icon } from '../../parts/icon.tsx';
import { PageHead, Section } from '../../parts/page.tsx';
import { toast } from '../../parts/toast.tsx';
import { Trouble } from '../../parts/trouble.tsx';
import { ago, moment, t } from '../../words/index.ts';
import { ShownOnce } from './once.tsx';

const roles: readonly Role[] = ['owner', 'administrator', 'operator', 'viewer'];
const rights = ['seesPersonal', 'editsDocuments', 'approvesPostings'] as const;
const roleData = () => roles.map((value) => ({ value, label: t(`house.role_${value}`) }));
const again = () => queries.invalidateQueries({ queryKey: ['people'] });

export function PeoplePage() {
  const [inviting, setInviting] = useState(false);
  const [link, setLink] = useState<OneTimeLink>();
  const change = useMutation({
    mutationFn: (one: { method: string; path: string; body?: unknown }) =>
      call<Partial<OneTimeLink>>(one.method, one.path, one.body),
    onSuccess: (answer) => {
      if (answer.url) setLink(answer as OneTimeLink);
      else toast(t('house.saved'));
      return again();
    },
  });
  return (
    <Stack>
      <PageHead
        title={t('house.people')}
        actions={
          <>
            <Button variant="default" size="xs" component="a" href="/api/v1/people/access-review.csv">
              {t('house.accessReview')}
            </Button>
            <Button size="xs" onClick={() => setInviting(true)}>
              {t('house.invite')}
            </Button>
          </>
        }
      />
      {change.error && <Trouble error={change.error} />}
      <Asked<People> path="/people">
        {(people) => (
          <>
            <section className="cd-scroll" aria-label={t('house.people')} tabIndex={-1}>
              <Table>
                <Table.Thead>
                  <Table.Tr>
                    <Table.Th>{t('house.person')}</Table.Th>
                    <Table.Th>{t('house.role')}</Table.Th>
                    <Table.Th>{t('house.rights')}</Table.Th>
                    <Table.Th>{t('house.factor')}</Table.Th>
                    <Table.Th>{t('house.lastSeen')}</Table.Th>
                    <Table.Td />
                  </Table.Tr>
                </Table.Thead>
                <Table.Tbody>
                  {people.items.map((person) => (
                    <Row key={person.id} person={person} run={(one) => change.mutate(one)} />
                  ))}
                </Table.Tbody>
              </Table>
            </section>
            {people.invitations.length > 0 && (
              <Section title={t('house.open')}>
                {people.invitations.map((one) => (
                  <Group key={one.email} gap="sm">
                    <Text size="sm">
                      {one.email} · {t(`house.role_${one.role}`)} · {moment(one.expiresAt)}
                    </Text>
                    <ActionIcon
                      aria-label={t('house.withdraw', { email: one.email })}
                      onClick={() =>
                        change.mutate({
                          method: 'DELETE',
                          path: `/people/invitations/${encodeURIComponent(one.email)}`,
                        })
                      }
                    >
                      <Icon name="cross" size={14} />
                    </ActionIcon>
                  </Group>
                ))}
              </Section>
            )}
            <Switch
              label={t('house.requireFactor')}
              description={t('house.requireFactorHint')}
              checked={people.requireFactor}
              onChange={(event) =>
                change.mutate({
                  method: 'PUT',
                  path: '/people/policy',
                  body: { requireFactor: event.currentTarget.checked },
                })
              }
            />
          </>
        )}
      </Asked>
      {inviting && (
        <Invite
          close={() => setInviting(false)}
          made={(one) => {
            setInviting(false);
            setLink(one);
          }}
        />
      )}
      <ShownOnce title={t('house.link')} value={link?.url} close={() => setLink(undefined)}>
        {t('house.linkHint', { when: moment(link?.expiresAt) })} {link?.mailed && t('house.linkMailed')}
      </ShownOnce>
    </Stack>
  );
}

function Row({
  person,
  run,
}: {
  readonly person: Person;
  readonly run: (one: { method: string; path: string; body?: unknown }) => void;
}) {
  const patch = (body: object) => run({ method: 'PATCH', path: `/people/${person.id}`, body });
  const post = (verb: string) => run({ method: 'POST', path: `/people/${person.id}/${verb}` });
  return (
    <Table.Tr>
      <Table.Td>
        <b>{person.name}</b> {person.disabledAt && `(${t('house.disabled')})`}
        <Text size="xs" c="dimmed">
          {person.email}
        </Text>
      </Table.Td>
      <Table.Td>
        <Select
          size="xs"
          w={150}
          aria-label={`${t('house.role')}: ${person.name}`}
          allowDeselect={false}
          value={person.role}
          onChange={(role) => role && patch({ role })}
          data={roleData()}
        />
      </Table.Td>
      <Table.Td>
        {rights.map((right) => (
          <Checkbox
            key={right}
            size="xs"
            my={3}
            label={t(`house.${right}`)}
            checked={person[right]}
            onChange={(event) => patch({ [right]: event.currentTarget.checked })}
          />
        ))}
      </Table.Td>
      <Table.Td>{person.hasFactor ? t('house.factorOn') : t('house.factorOff')}</Table.Td>
      <Table.Td>{person.lastSeenAt ? ago(person.lastSeenAt) : t('house.never')}</Table.Td>
      <Table.Td>
        <Menu position="bottom-end">
          <Menu.Target>
            <ActionIcon aria-label={t('house.actions', { name: person.name })}>
              <Icon name="more" />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item onClick={() => post('reset')}>{t('house.resetLink')}</Menu.Item>
            <Menu.Item onClick={() => post('sign-out')}>{t('house.endSessions')}</Menu.Item>
            {person.hasFactor && (
              <Menu.Item onClick={() => patch({ removeFactor: true })}>{t('house.removeFactor')}</Menu.Item>
            )}
            <Menu.Item onClick={() => patch({ disabled: !person.disabledAt })}>
              {person.disabledAt ? t('house.enable') : t('house.disable')}
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      </Table.Td>
    </Table.Tr>
  );
}

function Invite({ close, made }: { readonly close: () => void; readonly made: (link: OneTimeLink) => void }) {
  const [form, setForm] = useState<{ email: string; name: string; role: Role } & Rights>({
    email: '',
    name: '',
    role: 'operator',
    seesPersonal: false,
    editsDocuments: false,
    approvesPostings: false,
  });
  const send = useMutation({
    mutationFn: () => call<OneTimeLink>('POST', '/people/invitations', form),
    onSuccess: (link) => {
      void again();
      made(link);
    },
  });
  return (
    <Modal
      opened
      onClose={close}
      title={t('house.inviteTitle')}
      closeButtonProps={{ 'aria-label': t('shell.close') }}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          send.mutate();
        }}
      >
        <Stack gap="sm">
          <TextInput
            label={t('shell.name')}
            required
            value={form.name}
            onChange={(event) => setForm({ ...form, name: event.currentTarget.value })}
            data-autofocus
          />
          <TextInput
            label={t('shell.email')}
            type="email"
            required
            value={form.email}
            onChange={(event) => setForm({ ...form, email: event.currentTarget.value })}
          />
          <Select
            label={t('house.role')}
            allowDeselect={false}
            value={form.role}
            onChange={(role) => setForm({ ...form, role: (role ?? 'viewer') as Role })}
            data={roleData()}
          />
          {rights.map((right) => (
            <Checkbox
              key={right}
              label={t(`house.${right}`)}
              checked={form[right]}
              onChange={(event) => setForm({ ...form, [right]: event.currentTarget.checked })}
            />
          ))}
          {send.error && <Trouble error={send.error} />}
          <Button type="submit" loading={send.isPending}>
            {t('house.invite')}
          </Button>
        </Stack>
      </form>
    </Modal>
  );
}
