// The frame around every page: navigation at the side, the page in the middle, palette and shortcuts at hand.
import { Alert, AppShell, Box, Burger, Group, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { Outlet, useLocation, useNavigate } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import type { Me } from '../api.ts';
import { pages } from '../routes.tsx';
import { t } from '../words/index.ts';
import { useKeyboard, useKeys } from './keys.ts';
import { KeysHelp } from './keys-help.tsx';
import { useConnected, useLive } from './live.ts';
import { Navigation } from './navigation.tsx';
import { Palette } from './palette.tsx';

export function House({ me }: { readonly me: Me }) {
  const [menu, { toggle, close }] = useDisclosure();
  const [palette, setPalette] = useState(false);
  const [help, setHelp] = useState(false);
  const { pathname } = useLocation();
  const navigate = useNavigate();
  useLive();
  useKeyboard();
  useKeys([
    { keys: 'mod+k', label: 'shell.palette', run: () => setPalette(true) },
    { keys: '?', label: 'shell.keys', run: () => setHelp(true) },
    ...pages
      .filter((page) => page.letter)
      .map((page) => ({
        keys: `g ${page.letter}`,
        label: page.name,
        run: () => void navigate({ to: page.path as string }),
      })),
  ]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the menu closes when the page changes.
  useEffect(close, [pathname]);
  return (
    <AppShell
      header={{ height: { base: 52, sm: 0 } }}
      navbar={{ width: 228, breakpoint: 'sm', collapsed: { mobile: !menu } }}
      padding={{ base: 'sm', sm: 'lg' }}
    >
      <a href="#content" className="cd-skip">
        {t('shell.skipToContent')}
      </a>
      <AppShell.Header hiddenFrom="sm" className="cd-side">
        <Group h="100%" px="sm" justify="space-between" wrap="nowrap">
          <Group gap="xs" wrap="nowrap">
            <Burger
              opened={menu}
              onClick={toggle}
              size="sm"
              aria-label={t('shell.menu')}
              aria-expanded={menu}
            />
            <Text fw={700}>Crossdock</Text>
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="sm" className="cd-side">
        <Navigation me={me} openPalette={() => setPalette(true)} openHelp={() => setHelp(true)} />
      </AppShell.Navbar>
      <AppShell.Main id="content" tabIndex={-1}>
        <Box maw={1320} mx="auto">
          <Stale />
          <Outlet />
        </Box>
      </AppShell.Main>
      <Palette me={me} opened={palette} close={() => setPalette(false)} openHelp={() => setHelp(true)} />
      <KeysHelp opened={help} close={() => setHelp(false)} />
    </AppShell>
  );
}

/** Says that what is shown may be old, once the stream of changes has been away for a while. */
function Stale() {
  const connected = useConnected();
  const [shown, setShown] = useState(false);
  useEffect(() => {
    if (connected) return setShown(false);
    const timer = setTimeout(() => setShown(true), 5_000);
    return () => clearTimeout(timer);
  }, [connected]);
  return shown ? (
    <Alert color="yellow" variant="light" mb="md" role="status" title={t('shell.stale')}>
      {t('shell.staleStep')}
    </Alert>
  ) : null;
}
