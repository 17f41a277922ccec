// Where can one go, and how is the console set? Pages in three groups, search, language, light, who is signed in.
import {
  ActionIcon,
  Divider,
  Group,
  Menu,
  NavLink,
  ScrollArea,
  Text,
  UnstyledButton,
  useMantineColorScheme,
} from '@mantine/core';
import { Link, useLocation } from '@tanstack/react-router';
import { call, type Me } from '../api.ts';
import { Icon } from '../parts/icon.tsx';
import { type Page, pages } from '../routes.tsx';
import { chooseLanguage, languages, t, timeZone, useLanguage } from '../words/index.ts';

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
      <Menu position="top-start" width={230}>
        <Menu.Target>
          <UnstyledButton className="cd-account">
            <Icon name="person" />
            <span>{me.name}</span>
          </UnstyledButton>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>{t('shell.language')}</Menu.Label>
          {languages.map(({ id, name }) => (
            <Menu.Item
              key={id}
              lang={id}
              role="menuitemradio"
              aria-checked={id === language}
              rightSection={id === language ? <Icon name="check" size={15} /> : undefined}
              onClick={() => chooseLanguage(id)}
            >
              {name}
            </Menu.Item>
          ))}
          <Menu.Divider />
          <Menu.Label>{t('shell.theme')}</Menu.Label>
          {(['light', 'dark', 'auto'] as const).map((one) => (
            <Menu.Item
              key={one}
              role="menuitemradio"
              aria-checked={one === colorScheme}
              rightSection={one === colorScheme ? <Icon name="check" size={15} /> : undefined}
              onClick={() => setColorScheme(one)}
            >
              {t(`shell.theme_${one}`)}
            </Menu.Item>
          ))}
          <Menu.Divider />
          <Menu.Label>{t('shell.zone', { zone: timeZone() })}</Menu.Label>
          <Menu.Item onClick={signOut} leftSection={<Icon name="out" size={15} />}>
            {t('shell.signOut')}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <ActionIcon aria-label={t('shell.keys')} onClick={openHelp} visibleFrom="sm">
        <Icon name="keyboard" />
      </ActionIcon>
    </Group>
  );
}
