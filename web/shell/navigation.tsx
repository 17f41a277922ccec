// Where can one go, and how is the console set? Pages in three groups, search, language, light, who is signed in.
import {
  ActionIcon,
  Button,
  Divider,
  Group,
  NavLink,
  Popover,
  Radio,
  ScrollArea,
  Stack,
  Text,
  UnstyledButton,
  useMantineColorScheme,
} from '@mantine/core';
import { Link, useLocation } from '@tanstack/react-router';
import { call, type Me } from '../api.ts';
import { Icon } from '../parts/icon.tsx';
import { type Page, pages } from '../routes.tsx';
import { chooseLanguage, type Language, languages, t, timeZone, useLanguage } from '../words/index.ts';

const groups = ['daily', 'set-up', 'house'] as const;
export const modKey = /Mac|iPhone|iPad/.test(navigator.platform) ? '⌘' : 'Ctrl';
export const pagesFor = (me: Me): readonly Page[] =>
  pages.filter((page) => page.group && (!page.needs || me.scopes.includes(page.needs)));

export function Navigation({
  me,
  openPalette,
  openHelp,
}: {
  readonly me: Me;
  readonly openPalette: () => void;
  readonly openHelp: () => void;
}) {
  const { pathname } = useLocation();
  const here = (path: string) =>
    path === '/'
      ? pathname === '/' || pathname === '/setup'
      : pathname === path || pathname.startsWith(`${path}/`);
  const mine = pagesFor(me);
  return (
    <>
      <Text fw={700} px={10} pb="sm" visibleFrom="sm">
        Crossdock
      </Text>
      <UnstyledButton className="cd-find" onClick={openPalette}>
        <Icon name="search" size={16} />
        <span>{t('shell.find')}</span>
        <kbd className="cd-keys">{modKey} K</kbd>
      </UnstyledButton>
      <ScrollArea flex={1} type="auto" offsetScrollbars={false}>
        <nav aria-label={t('shell.navigation')} className="cd-nav">
          {groups.map((group, index) => {
            const list = mine.filter((page) => page.group === group);
            return list.length === 0 ? null : (
              <div key={group}>
                {index > 0 && <Divider my={8} />}
                {list.map((page) => (
                  <NavLink
                    key={page.path}
                    label={t(page.name as 'shell.overview')}
                    leftSection={<Icon name={page.icon ?? 'records'} />}
                    active={here(page.path)}
                    aria-current={here(page.path) ? 'page' : undefined}
                    renderRoot={(props) => <Link {...props} to={page.path as string} />}
                  />
                ))}
              </div>
            );
          })}
        </nav>
      </ScrollArea>
      <Account me={me} openHelp={openHelp} />
    </>
  );
}

export const signOut = () => void call('DELETE', '/session').then(() => location.assign('/'));

function Account({ me, openHelp }: { readonly me: Me; readonly openHelp: () => void }) {
  const language = useLanguage();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <Group wrap="nowrap" justify="space-between" pt="xs" gap="xs">
      <Popover position="top-start" width={240} shadow="md" trapFocus>
        <Popover.Target>
          <UnstyledButton className="cd-account">
            <Icon name="person" />
            <span>{me.name}</span>
          </UnstyledButton>
        </Popover.Target>
        <Popover.Dropdown aria-label={me.name}>
          <Stack gap="sm">
            <Radio.Group
              size="xs"
              label={t('shell.language')}
              value={language}
              onChange={(id) => chooseLanguage(id as Language)}
            >
              <Stack gap={6} mt={4}>
                {languages.map(({ id, name }) => (
                  <Radio key={id} size="xs" value={id} label={name} lang={id} />
                ))}
              </Stack>
            </Radio.Group>
            <Radio.Group
              size="xs"
              label={t('shell.theme')}
              value={colorScheme}
              onChange={(one) => setColorScheme(one as 'auto')}
            >
              <Stack gap={6} mt={4}>
                {(['light', 'dark', 'auto'] as const).map((one) => (
                  <Radio key={one} size="xs" value={one} label={t(`shell.theme_${one}`)} />
                ))}
              </Stack>
            </Radio.Group>
            <Text size="xs" c="dimmed">
              {t('shell.zone', { zone: timeZone() })}
            </Text>
            <Button size="xs" variant="default" onClick={signOut} leftSection={<Icon name="out" size={15} />}>
              {t('shell.signOut')}
            </Button>
          </Stack>
        </Popover.Dropdown>
      </Popover>
      <ActionIcon aria-label={t('shell.keys')} onClick={openHelp} visibleFrom="sm">
        <Icon name="keyboard" />
      </ActionIcon>
    </Group>
  );
}
