// The console's shell: who is here, where they are, and what changes while they look.
import '@mantine/core/styles.css';
import './styles.css';
import {
  ActionIcon,
  Alert,
  AppShell,
  Box,
  Burger,
  Button,
  Card,
  Center,
  createTheme,
  Group,
  MantineProvider,
  NavLink,
  PasswordInput,
  Stack,
  Text,
  TextInput,
  Title,
  useMantineColorScheme,
} from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { QueryClientProvider, useMutation, useQuery } from '@tanstack/react-query';
import {
  createRootRoute,
  createRoute,
  createRouter,
  Link,
  Outlet,
  RouterProvider,
  useLocation,
} from '@tanstack/react-router';
import { StrictMode, useEffect, useState } from 'react';
import { createRoot } from 'react-dom/client';
import { call, listen, queries } from './api.ts';
import { Overview } from './pages/overview.tsx';
import { RecordPage } from './pages/record.tsx';
import { Records } from './pages/records.tsx';
import { Connections, Flows, ImportPage, Problems } from './pages/work.tsx';
import { Trouble } from './parts.tsx';
import { switchLocale, t } from './words.ts';

const theme = createTheme({
  primaryColor: 'indigo',
  primaryShade: { light: 7, dark: 8 },
  fontFamily: 'Inter, system-ui, sans-serif',
  defaultRadius: 'md',
  autoContrast: true,
});
const pages = [
  ['/', 'overview'],
  ['/records', 'records'],
  ['/problems', 'problems'],
  ['/flows', 'flows'],
  ['/connections', 'connections'],
  ['/import', 'importOrders'],
] as const;

function Shell() {
  const me = useQuery({ queryKey: ['/me'], queryFn: () => call('GET', '/me'), retry: false });
  if (me.isPending) return null;
  return me.data ? <House me={me.data} /> : <Door />;
}

function House({ me }: { readonly me: { readonly name: string } }) {
  const [opened, { toggle, close }] = useDisclosure();
  const { pathname } = useLocation();
  const { toggleColorScheme } = useMantineColorScheme();
  useEffect(listen, []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the menu closes when the page changes.
  useEffect(close, [pathname]);
  return (
    <AppShell
      header={{ height: 52 }}
      navbar={{ width: 210, breakpoint: 'sm', collapsed: { mobile: !opened } }}
      padding="md"
    >
      <AppShell.Header>
        <Group h="100%" px="md" justify="space-between" wrap="nowrap">
          <Group wrap="nowrap">
            <Burger opened={opened} onClick={toggle} hiddenFrom="sm" size="sm" aria-label="Menu" />
            <Text fw={700}>Crossdock</Text>
          </Group>
          <Group gap="xs" wrap="nowrap">
            <Button variant="subtle" size="compact-sm" onClick={switchLocale}>
              {t('language')}
            </Button>
            <ActionIcon variant="subtle" onClick={toggleColorScheme} aria-label={t('theme')}>
              ◐
            </ActionIcon>
            <Text size="sm" visibleFrom="sm">
              {me.name}
            </Text>
            <Button
              variant="subtle"
              size="compact-sm"
              onClick={() => void call('DELETE', '/session').then(() => location.assign('/'))}
            >
              {t('signOut')}
            </Button>
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="xs">
        {pages.map(([path, word]) => (
          <NavLink
            key={path}
            component={Link}
            to={path as string}
            label={t(word)}
            active={path === '/' ? pathname === '/' : pathname.startsWith(path)}
          />
        ))}
      </AppShell.Navbar>
      <AppShell.Main id="content">
        <Box maw={1200} mx="auto">
          <Outlet />
        </Box>
      </AppShell.Main>
    </AppShell>
  );
}

/** Sign-in, or the owner's account by the one-time link. */
function Door() {
  const link = new URLSearchParams(location.search).get('link');
  const session = useQuery({ queryKey: ['/session'], queryFn: () => call('GET', '/session') });
  const [form, setForm] = useState({ name: '', email: '', password: '' });
  const enter = useMutation({
    mutationFn: () =>
      call(
        'POST',
        link ? '/setup' : '/session',
        link ? { ...form, link } : { email: form.email, password: form.password },
      ),
    onSuccess: () => location.assign('/'),
  });
  const set = (name: keyof typeof form) => (event: { currentTarget: { value: string } }) =>
    setForm({ ...form, [name]: event.currentTarget.value });
  return (
    <Center mih="100vh" p="md" component="main">
      <Card withBorder w={380} maw="100%" p="lg">
        <form
          onSubmit={(event) => {
            event.preventDefault();
            enter.mutate();
          }}
        >
          <Stack>
            <Title order={1} size="h3">
              {link ? t('makeOwner') : 'Crossdock'}
            </Title>
            {link && <Text size="sm">{t('setupHint')}</Text>}
            {!link && session.data?.needsOwner && <Alert>{t('noLink')}</Alert>}
            {link && (
              <TextInput
                label={t('name')}
                value={form.name}
                onChange={set('name')}
                required
                autoComplete="name"
              />
            )}
            <TextInput
              label={t('email')}
              type="email"
              value={form.email}
              onChange={set('email')}
              required
              autoComplete="username"
            />
            <PasswordInput
              label={t('password')}
              value={form.password}
              onChange={set('password')}
              required
              minLength={link ? 12 : 1}
              autoComplete={link ? 'new-password' : 'current-password'}
            />
            {enter.error && <Trouble error={enter.error} />}
            <Button type="submit" loading={enter.isPending}>
              {link ? t('makeOwner') : t('signIn')}
            </Button>
            <Button variant="subtle" size="compact-sm" onClick={switchLocale}>
              {t('language')}
            </Button>
          </Stack>
        </form>
      </Card>
    </Center>
  );
}

function OverviewPage() {
  const me = useQuery({ queryKey: ['/me'], queryFn: () => call('GET', '/me') });
  return <Overview demo={me.data?.demo === true} />;
}

const root = createRootRoute({
  component: Shell,
  errorComponent: ({ error }) => <Trouble error={error as Error} retry={() => location.reload()} />,
  notFoundComponent: () => <Text>{t('none')}</Text>,
});
const route = (path: string, component: () => React.ReactNode) =>
  createRoute({ getParentRoute: () => root, path, component });
const router = createRouter({
  routeTree: root.addChildren([
    route('/', OverviewPage),
    route('/setup', OverviewPage),
    route('/records', Records),
    route('/records/$id', RecordPage),
    route('/problems', Problems),
    route('/flows', Flows),
    route('/connections', Connections),
    route('/import', ImportPage),
  ]),
});

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <MantineProvider theme={theme} defaultColorScheme="auto">
      <QueryClientProvider client={queries}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
);
