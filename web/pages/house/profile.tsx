// What does one keep for oneself? What one is told, password, second factor, sessions.
import {
  ActionIcon,
  Button,
  Checkbox,
  Group,
  MultiSelect,
  PasswordInput,
  Stack,
  Text,
  TextInput,
} from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { renderSVG } from 'uqr';
import type { Subscription } from '../../../src/api/contract/alerts.ts';
import type { FactorOffer, OwnSession } from '../../../src/api/contract/people.ts';
import { type CauseClass, causeClass } from '../../../src/api/contract/problems.ts';
import type { Me } from '../../../src/api/contract/session.ts';
import { ask, call, queries } from '../../api.ts';
import { Asked } from '../../parts/asked.tsx';
import { Icon } from '../../parts/icon.tsx';
import { Id } from '../../parts/id.tsx';
import { PageHead, Section } from '../../parts/page.tsx';
import { toast } from '../../parts/toast.tsx';
import { Trouble } from '../../parts/trouble.tsx';
import { ago, t, timeZone } from '../../words/index.ts';

export function ProfilePage() {
  const me = useQuery(ask<Me>('/me')).data;
  return (
    <Stack gap="xl">
      <PageHead title={t('house.profile')} hint={[me?.name, me?.email].filter(Boolean).join(' · ')} />
      {me?.needsFactor && (
        <Text fw={600} role="alert">
          {t('house.needsFactor')}
        </Text>
      )}
      {me && <Factor on={me.hasFactor} />}
      <Asked<Subscription> path="/me/subscription">{(one) => <Told kept={one} />}</Asked>
      <Password />
      <Sessions />
    </Stack>
  );
}

const clock = (minute: number | null): string =>
  minute === null
    ? ''
    : `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
const minuteOf = (text: string): number | null => {
  const [hours, minutes] = text.split(':').map(Number);
  return text === '' || hours === undefined || minutes === undefined ? null : hours * 60 + minutes;
};

function Told({ kept }: { readonly kept: Subscription }) {
  const [form, setForm] = useState(kept);
  const set = (change: Partial<Subscription>) => setForm({ ...form, ...change });
  const save = useMutation({
    mutationFn: () => {
      const quiet = form.quietFrom !== null && form.quietUntil !== null;
      return call('PUT', '/me/subscription', {
        ...form,
        quietFrom: quiet ? form.quietFrom : null,
        quietUntil: quiet ? form.quietUntil : null,
        timeZone: timeZone(),
      });
    },
    onSuccess: () => toast(t('house.saved')),
  });
  return (
    <Section title={t('house.myAlerts')}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate();
        }}
      >
        <Stack gap="sm" maw={560}>
          <Checkbox
            label={t('house.digest')}
            checked={form.digest}
            onChange={(event) => set({ digest: event.currentTarget.checked })}
          />
          <Checkbox
            label={t('house.urgent')}
            checked={form.urgent}
            onChange={(event) => set({ urgent: event.currentTarget.checked })}
          />
          <MultiSelect
            label={t('house.onlyClasses')}
            clearable
            value={form.classes}
            onChange={(classes) => set({ classes: classes as CauseClass[] })}
            data={causeClass.options.map((value) => ({
              value,
              label: t(`problems.class_${value.replaceAll('-', '_')}` as 'problems.class_value'),
            }))}
          />
          <Group align="flex-end" role="group" aria-label={t('house.quiet')}>
            <TextInput
              type="time"
              label={`${t('house.quiet')} – ${t('house.quietFrom')}`}
              value={clock(form.quietFrom)}
              onChange={(event) => set({ quietFrom: minuteOf(event.currentTarget.value) })}
            />
            <TextInput
              type="time"
              label={t('house.quietUntil')}
              value={clock(form.quietUntil)}
              onChange={(event) => set({ quietUntil: minuteOf(event.currentTarget.value) })}
            />
          </Group>
          <Checkbox
            label={t('house.urgentInQuiet')}
            checked={form.urgentInQuiet}
            onChange={(event) => set({ urgentInQuiet: event.currentTarget.checked })}
          />
          {save.error && <Trouble error={save.error} />}
          <Group>
            <Button type="submit" loading={save.isPending}>
              {t('shell.save')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Section>
  );
}

function Factor({ on }: { readonly on: boolean }) {
  const [password, setPassword] = useState('');
  const [code, setCode] = useState('');
  const [codes, setCodes] = useState<readonly string[]>([]);
  const again = () => queries.invalidateQueries({ queryKey: ['me'] });
  const begin = useMutation({
    mutationFn: () => call<FactorOffer>('POST', '/me/factor', { password }),
    onSuccess: () => setPassword(''),
  });
  const prove = useMutation({
    mutationFn: () => call<{ codes: string[] }>('POST', '/me/factor/proof', { code }),
    onSuccess: (answer) => {
      setCodes(answer.codes);
      begin.reset();
      return again();
    },
  });
  const remove = useMutation({
    mutationFn: () => call('DELETE', '/me/factor', { password }),
    onSuccess: () => {
      setPassword('');
      setCodes([]);
      return again();
    },
  });
  const trouble = begin.error ?? prove.error ?? remove.error;
  return (
    <Section title={t('house.factor')}>
      <Stack gap="sm" maw={560}>
        <Text size="sm">
          <b>{on ? t('house.factorOn') : t('house.factorOff')}.</b> {t('house.factorHint')}
        </Text>
        {codes.length > 0 && (
          <div role="status">
            <Text fw={600} size="sm">
              {t('house.recovery')}
            </Text>
            <Text size="sm">{t('house.recoveryHint')}</Text>
            <Id value={codes.join(' ')} />
          </div>
        )}
        {begin.data ? (
          <form
            onSubmit={(event) => {
              event.preventDefault();
              prove.mutate();
            }}
          >
            <Stack gap="sm">
              <Text size="sm">{t('house.factorScan')}</Text>
              <img
                alt={t('house.factorScan')}
                width={190}
                height={190}
                src={`data:image/svg+xml;utf8,${encodeURIComponent(renderSVG(begin.data.uri))}`}
              />
              <Id value={begin.data.secret} />
              <Group align="flex-end">
                <TextInput
                  label={t('house.factorNumber')}
                  inputMode="numeric"
                  autoComplete="one-time-code"
                  required
                  value={code}
                  onChange={(event) => setCode(event.currentTarget.value)}
                />
                <Button type="submit" loading={prove.isPending}>
                  {t('house.factorProve')}
                </Button>
              </Group>
            </Stack>
          </form>
        ) : (
          <form
            onSubmit={(event) => {
              event.preventDefault();
              if (on) remove.mutate();
              else begin.mutate();
            }}
          >
            <Group align="flex-end">
              <PasswordInput
                label={t('house.currentPassword')}
                w={260}
                required
                autoComplete="current-password"
                value={password}
                onChange={(event) => setPassword(event.currentTarget.value)}
                visibilityToggleButtonProps={{ 'aria-label': t('shell.showPassword') }}
              />
              <Button
                type="submit"
                variant={on ? 'default' : 'filled'}
                loading={begin.isPending || remove.isPending}
              >
                {on ? t('house.factorRemove') : t('house.factorBegin')}
              </Button>
            </Group>
          </form>
        )}
        {trouble && <Trouble error={trouble} />}
      </Stack>
    </Section>
  );
}

function Password() {
  const [form, setForm] = useState({ current: '', password: '' });
  const save = useMutation({
    mutationFn: () => call('POST', '/me/password', form),
    onSuccess: () => {
      toast(t('house.passwordChanged'));
      setForm({ current: '', password: '' });
    },
  });
  const toggle = { 'aria-label': t('shell.showPassword') };
  return (
    <Section title={t('house.changePassword')}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate();
        }}
      >
        <Stack gap="sm" maw={360}>
          <PasswordInput
            label={t('house.currentPassword')}
            required
            autoComplete="current-password"
            value={form.current}
            onChange={(event) => setForm({ ...form, current: event.currentTarget.value })}
            visibilityToggleButtonProps={toggle}
          />
          <PasswordInput
            label={t('house.newPassword')}
            description={t('house.passwordRule')}
            required
            minLength={12}
            autoComplete="new-password"
            value={form.password}
            onChange={(event) => setForm({ ...form, password: event.currentTarget.value })}
            visibilityToggleButtonProps={toggle}
          />
          {save.error && <Trouble error={save.error} />}
          <Group>
            <Button type="submit" loading={save.isPending}>
              {t('house.changePassword')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Section>
  );
}

function Sessions() {
  const end = useMutation({
    mutationFn: (path: string) => call('DELETE', path),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['me'] }),
  });
  return (
    <Section
      title={t('house.sessions')}
      actions={
        <Button size="compact-sm" variant="default" onClick={() => end.mutate('/me/sessions')}>
          {t('house.endOthers')}
        </Button>
      }
    >
      {end.error && <Trouble error={end.error} />}
      <Asked<{ items: OwnSession[] }> path="/me/sessions">
        {({ items }) =>
          items.map((one) => (
            <Group key={one.id} gap="sm" mb={4} wrap="nowrap">
              <Text size="sm" className="cd-wrap">
                {one.agent} · {ago(one.seenAt)} {one.current && <b>({t('house.thisOne')})</b>}
              </Text>
              {!one.current && (
                <ActionIcon aria-label={t('house.end')} onClick={() => end.mutate(`/me/sessions/${one.id}`)}>
                  <Icon name="cross" size={14} />
                </ActionIcon>
              )}
            </Group>
          ))
        }
      </Asked>
    </Section>
  );
}
