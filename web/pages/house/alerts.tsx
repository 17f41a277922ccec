// Who is told by which server? The house's mail server, what is watched, webhooks, and what became of each message.
import {
  ActionIcon,
  Button,
  Checkbox,
  Group,
  NumberInput,
  PasswordInput,
  Select,
  Stack,
  Table,
  Text,
  TextInput,
} from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Alerts, TestOutcome } from '../../../src/api/contract/alerts.ts';
import { ask, call, queries } from '../../api.ts';
import { Asked } from '../../parts/asked.tsx';
import { Icon } from '../../parts/icon.tsx';
import { PageHead, Section } from '../../parts/page.tsx';
import { toast } from '../../parts/toast.tsx';
import { Trouble } from '../../parts/trouble.tsx';
import { exactMoment, t } from '../../words/index.ts';
import { ShownOnce } from './once.tsx';

const again = () => queries.invalidateQueries({ queryKey: ['alerts'] });
const told = (outcome: TestOutcome) =>
  toast(outcome.sent ? t('house.testSent') : t('house.testFailed', { error: outcome.error ?? '' }));

export const AlertsPage = () => (
  <Stack gap="xl">
    <PageHead title={t('house.alerts')} />
    <Asked<Alerts> path="/alerts">
      {(alerts) => (
        <>
          <Mail mail={alerts.mail} />
          <Watch watch={alerts.watch} />
          <Webhooks webhooks={alerts.webhooks} />
          <Deliveries deliveries={alerts.deliveries} />
        </>
      )}
    </Asked>
  </Stack>
);

function Mail({ mail }: { readonly mail: Alerts['mail'] }) {
  const me = useQuery(ask<{ email: string | null }>('/me')).data;
  const [form, setForm] = useState({
    host: mail?.host ?? '',
    port: mail?.port ?? 587,
    security: mail?.security ?? ('starttls' as const),
    user: mail?.user ?? '',
    from: mail?.from ?? '',
    password: '',
  });
  const save = useMutation({
    mutationFn: () => {
      const { password, ...settings } = form;
      return call('PUT', '/alerts/mail', { ...settings, ...(password === '' ? {} : { password }) });
    },
    onSuccess: () => {
      toast(t('house.saved'));
      return again();
    },
  });
  const test = useMutation({
    mutationFn: () => call<TestOutcome>('POST', '/alerts/test', { to: me?.email }),
    onSuccess: (outcome) => {
      told(outcome);
      return again();
    },
  });
  const set = (change: Partial<typeof form>) => setForm({ ...form, ...change });
  return (
    <Section title={t('house.mailServer')}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate();
        }}
      >
        <Stack gap="sm" maw={640}>
          <Group grow align="flex-start">
            <TextInput
              label={t('house.host')}
              required
              value={form.host}
              onChange={(event) => set({ host: event.currentTarget.value })}
            />
            <NumberInput
              label={t('house.port')}
              min={1}
              max={65535}
              value={form.port}
              onChange={(port) => set({ port: Number(port) })}
            />
            <Select
              label={t('house.security')}
              allowDeselect={false}
              value={form.security}
              onChange={(security) => set({ security: (security ?? 'starttls') as typeof form.security })}
              data={(['starttls', 'tls', 'none'] as const).map((value) => ({
                value,
                label: t(`house.security_${value}`),
              }))}
            />
          </Group>
          <Group grow align="flex-start">
            <TextInput
              label={t('house.user')}
              value={form.user}
              onChange={(event) => set({ user: event.currentTarget.value })}
            />
            <PasswordInput
              label={t('house.mailPassword')}
              description={mail?.hasPassword ? t('house.passwordKept') : undefined}
              autoComplete="new-password"
              value={form.password}
              onChange={(event) => set({ password: event.currentTarget.value })}
              visibilityToggleButtonProps={{ 'aria-label': t('shell.showPassword') }}
            />
            <TextInput
              label={t('house.from')}
              required
              value={form.from}
              onChange={(event) => set({ from: event.currentTarget.value })}
            />
          </Group>
          {(save.error ?? test.error) && <Trouble error={(save.error ?? test.error)!} />}
          <Group>
            <Button type="submit" loading={save.isPending}>
              {t('shell.save')}
            </Button>
            {mail && me?.email && (
              <Button variant="default" loading={test.isPending} onClick={() => test.mutate()}>
                {t('house.test')}
              </Button>
            )}
          </Group>
        </Stack>
      </form>
    </Section>
  );
}

function Watch({ watch }: { readonly watch: Alerts['watch'] }) {
  const [form, setForm] = useState(watch);
  const save = useMutation({
    mutationFn: () => call('PUT', '/alerts/watch', form),
    onSuccess: () => toast(t('house.saved')),
  });
  return (
    <Section title={t('house.watch')}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate();
        }}
      >
        <Group align="flex-end">
          <NumberInput
            label={t('house.silenceHours')}
            min={1}
            max={72}
            value={form.silenceHours}
            onChange={(value) => setForm({ ...form, silenceHours: Number(value) || 3 })}
          />
          <NumberInput
            label={t('house.tokenDays')}
            min={1}
            max={90}
            value={form.tokenDays}
            onChange={(value) => setForm({ ...form, tokenDays: Number(value) || 14 })}
          />
          <Button type="submit" loading={save.isPending}>
            {t('shell.save')}
          </Button>
        </Group>
        {save.error && <Trouble error={save.error} />}
      </form>
    </Section>
  );
}

function Webhooks({ webhooks }: { readonly webhooks: Alerts['webhooks'] }) {
  const [form, setForm] = useState({ name: '', url: '', digest: true, urgent: true });
  const [secret, setSecret] = useState<string>();
  const add = useMutation({
    mutationFn: () => call<{ secret: string }>('POST', '/alerts/webhooks', form),
    onSuccess: (answer) => {
      setSecret(answer.secret);
      setForm({ ...form, name: '', url: '' });
      return again();
    },
  });
  const test = useMutation({
    mutationFn: (id: string) => call<TestOutcome>('POST', `/alerts/webhooks/${id}/test`),
    onSuccess: told,
  });
  const remove = useMutation({
    mutationFn: (id: string) => call('DELETE', `/alerts/webhooks/${id}`),
    onSuccess: again,
  });
  const trouble = add.error ?? test.error ?? remove.error;
  return (
    <Section title={t('house.webhooks')}>
      {webhooks.map((one) => (
        <Group key={one.id} gap="sm" mb={6}>
          <Text size="sm" className="cd-wrap">
            {one.name} · {one.url}
          </Text>
          <Button size="compact-sm" variant="default" onClick={() => test.mutate(one.id)}>
            {t('house.testOne')}
          </Button>
          <ActionIcon
            aria-label={t('house.remove', { name: one.name })}
            onClick={() => remove.mutate(one.id)}
          >
            <Icon name="cross" size={15} />
          </ActionIcon>
        </Group>
      ))}
      <form
        onSubmit={(event) => {
          event.preventDefault();
          add.mutate();
        }}
      >
        <Group align="flex-end">
          <TextInput
            label={t('shell.name')}
            required
            value={form.name}
            onChange={(event) => setForm({ ...form, name: event.currentTarget.value })}
          />
          <TextInput
            label={t('house.url')}
            type="url"
            required
            value={form.url}
            onChange={(event) => setForm({ ...form, url: event.currentTarget.value })}
          />
          <Checkbox
            label={t('house.kind_digest')}
            checked={form.digest}
            onChange={(event) => setForm({ ...form, digest: event.currentTarget.checked })}
          />
          <Checkbox
            label={t('house.kind_urgent')}
            checked={form.urgent}
            onChange={(event) => setForm({ ...form, urgent: event.currentTarget.checked })}
          />
          <Button type="submit" loading={add.isPending}>
            {t('house.addWebhook')}
          </Button>
        </Group>
      </form>
      {trouble && <Trouble error={trouble} />}
      <ShownOnce title={t('house.addWebhook')} value={secret} close={() => setSecret(undefined)}>
        {t('house.secretShown')}
      </ShownOnce>
    </Section>
  );
}

const Deliveries = ({ deliveries }: { readonly deliveries: Alerts['deliveries'] }) => (
  <Section title={t('house.deliveries')}>
    {deliveries.length === 0 ? (
      <Text size="sm" c="dimmed">
        {t('house.noDeliveries')}
      </Text>
    ) : (
      <section className="cd-scroll" aria-label={t('house.deliveries')} tabIndex={-1}>
        <Table>
          <Table.Tbody>
            {deliveries.map((one) => (
              <Table.Tr key={one.id}>
                <Table.Td>{exactMoment(one.at)}</Table.Td>
                <Table.Td>{t(`house.kind_${one.kind}`)}</Table.Td>
                <Table.Td>{one.target}</Table.Td>
                <Table.Td className="cd-wrap">{one.subject}</Table.Td>
                <Table.Td>
                  {t(`house.delivery_${one.state}`)} {one.error && `– ${one.error}`}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </section>
    )}
  </Section>
);
