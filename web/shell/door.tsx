// Sign-in, or the owner's account by the one-time link.
import {
  Alert,
  Button,
  Card,
  Center,
  Group,
  PasswordInput,
  Stack,
  Text,
  TextInput,
  Title,
} from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { LinkInfo } from '../../src/api/contract/people.ts';
import { ask, call, Refusal } from '../api.ts';
import { Trouble } from '../parts/trouble.tsx';
import { chooseLanguage, languages, t, useLanguage } from '../words/index.ts';

export function Door() {
  const link = new URLSearchParams(location.search).get('link');
  const session = useQuery(ask<{ needsOwner: boolean }>('/session'));
  const language = useLanguage();
  const [form, setForm] = useState({ name: '', email: '', password: '', code: '' });
  const info = useQuery({ ...ask<LinkInfo>(`/setup/${link}`), enabled: link !== null, retry: false }).data;
  // An invitation is for one address, and its name can be taken as it is.
  const email = info?.email ?? form.email;
  const name = form.name === '' ? (info?.name ?? '') : form.name;
  const reset = info?.purpose === 'reset';
  const enter = useMutation({
    mutationFn: () =>
      call(
        'POST',
        link ? '/setup' : '/session',
        link
          ? { name, email, password: form.password, link }
          : { email, password: form.password, ...(form.code === '' ? {} : { code: form.code }) },
      ),
    onSuccess: () => location.assign(link ? '/' : location.href),
  });
  const asksCode =
    form.code !== '' ||
    (enter.error instanceof Refusal && ['CODE_NEEDED', 'CODE_WRONG'].includes(enter.error.code));
  const title = reset
    ? t('house.resetTitle')
    : info?.purpose === 'invite'
      ? t('house.welcome')
      : link
        ? t('shell.makeOwner')
        : t('shell.signIn');
  useEffect(() => {
    document.title = `${title} · Crossdock`;
  }, [title]);
  const set = (name: keyof typeof form) => (event: { currentTarget: { value: string } }) =>
    setForm({ ...form, [name]: event.currentTarget.value });
  return (
    <Center mih="100vh" p="md" component="main" className="cd-side">
      <Card w={400} maw="100%" p="xl">
        <form
          onSubmit={(event) => {
            event.preventDefault();
            enter.mutate();
          }}
        >
          <Stack>
            <div>
              <Text fw={700} c="dimmed" size="sm">
                Crossdock
              </Text>
              <Title order={1} size="h3">
                {title}
              </Title>
            </div>
            {info?.purpose === 'owner' && <Text size="sm">{t('shell.setupHint')}</Text>}
            {!link && session.data?.needsOwner && <Alert variant="light">{t('shell.noLink')}</Alert>}
            {link && !reset && (
              <TextInput
                label={t('shell.name')}
                value={name}
                onChange={set('name')}
                required
                autoComplete="name"
              />
            )}
            <TextInput
              label={t('shell.email')}
              type="email"
              value={email}
              readOnly={info?.email != null}
              onChange={set('email')}
              required
              autoComplete="username"
            />
            <PasswordInput
              label={t('shell.password')}
              value={form.password}
              onChange={set('password')}
              required
              minLength={link ? 12 : 1}
              autoComplete={link ? 'new-password' : 'current-password'}
              visibilityToggleButtonProps={{ 'aria-label': t('shell.showPassword') }}
            />
            {asksCode && (
              <TextInput
                label={t('house.codeLabel')}
                value={form.code}
                onChange={set('code')}
                inputMode="numeric"
                autoComplete="one-time-code"
                required
              />
            )}
            {enter.error && <Trouble error={enter.error} />}
            <Button type="submit" loading={enter.isPending}>
              {title}
            </Button>
            <Group gap={4} justify="center">
              {languages.map(({ id, name }) => (
                <Button
                  key={id}
                  lang={id}
                  size="compact-sm"
                  variant={id === language ? 'light' : 'subtle'}
                  color="gray"
                  c="var(--mantine-color-text)"
                  aria-pressed={id === language}
                  onClick={() => chooseLanguage(id)}
                >
                  {name}
                </Button>
              ))}
            </Group>
          </Stack>
        </form>
      </Card>
    </Center>
  );
}
