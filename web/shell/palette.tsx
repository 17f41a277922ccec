// Everything by keyboard: go to a page, find an order by any id, do what this page offers.
import { Modal, TextInput, useMantineColorScheme } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type KeyboardEvent, type ReactNode, useEffect, useId, useState } from 'react';
import { ask, type Me, withQuery } from '../api.ts';
import { Icon, type IconName } from '../parts/icon.tsx';
import { State } from '../parts/state.tsx';
import { chooseLanguage, language, t } from '../words/index.ts';
import { shortcuts } from './keys.ts';
import { pagesFor, signOut } from './navigation.tsx';

interface Entry {
  readonly id: string;
  readonly group: string;
  readonly icon: IconName;
  readonly text: string;
  readonly aside?: ReactNode;
  readonly run: () => void;
}
interface Found {
  readonly items: readonly {
    readonly id: string;
    readonly key: string;
    readonly state: string;
    readonly flowId: string;
  }[];
}
const searchedFrom = 3;

export function Palette({
  me,
  opened,
  close,
  openHelp,
}: {
  readonly me: Me;
  readonly opened: boolean;
  readonly close: () => void;
  readonly openHelp: () => void;
}) {
  return (
    <Modal.Root
      opened={opened}
      onClose={close}
      size="lg"
      yOffset="12vh"
      centered={false}
      transitionProps={{ duration: 80 }}
    >
      <Modal.Overlay />
      <Modal.Content aria-label={t('shell.palette')}>
        <Modal.Body p={0}>{opened && <Finder me={me} close={close} openHelp={openHelp} />}</Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}

function Finder({
  me,
  close,
  openHelp,
}: {
  readonly me: Me;
  readonly close: () => void;
  readonly openHelp: () => void;
}) {
  const [text, setText] = useState('');
  const [at, setAt] = useState(0);
  const listId = useId();
  const entries = useEntries(me, text.trim(), openHelp);
  const chosen = Math.min(at, entries.length - 1);
  useEffect(() => {
    document.getElementById(`${listId}-${chosen}`)?.scrollIntoView({ block: 'nearest' });
  }, [chosen, listId]);
  const run = (entry: Entry | undefined) => {
    if (!entry) return;
    close();
    // After the dialog has gone: it gives the focus back first.
    setTimeout(entry.run, 0);
  };
  const press = (event: KeyboardEvent) => {
    const move = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (move !== undefined) {
      event.preventDefault();
      setAt((chosen + move + entries.length) % Math.max(1, entries.length));
    } else if (event.key === 'Enter') {
      event.preventDefault();
      run(entries[chosen]);
    }
  };
  return (
    <>
      <TextInput
        data-autofocus
        variant="unstyled"
        size="md"
        px="md"
        py={4}
        leftSection={<Icon name="search" />}
        leftSectionWidth={44}
        placeholder={t('shell.paletteHint')}
        aria-label={t('shell.paletteHint')}
        role="combobox"
        aria-expanded="true"
        aria-controls={listId}
        aria-activedescendant={entries.length > 0 ? `${listId}-${chosen}` : undefined}
        value={text}
        onChange={(event) => {
          setText(event.currentTarget.value);
          setAt(0);
        }}
        onKeyDown={press}
      />
      <div className="cd-palette" id={listId} role="listbox" aria-label={t('shell.palette')}>
        {entries.map((entry, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the field above has the keys (aria-activedescendant).
          // biome-ignore lint/a11y/useFocusableInteractive: an option of a combobox is not focused itself.
          <div
            key={entry.id}
            id={`${listId}-${index}`}
            role="option"
            aria-selected={index === chosen}
            className="cd-option"
            onClick={() => run(entry)}
            onMouseMove={() => setAt(index)}
          >
            <Icon name={entry.icon} />
            <span className="cd-option-text">{entry.text}</span>
            {entry.aside ?? <span className="cd-option-aside">{entry.group}</span>}
          </div>
        ))}
        {entries.length === 0 && <p className="cd-option-none">{t('shell.paletteNone')}</p>}
      </div>
    </>
  );
}

function useEntries(me: Me, text: string, openHelp: () => void): readonly Entry[] {
  const navigate = useNavigate();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const [wanted] = useDebouncedValue(text, 120);
  const { data } = useQuery({
    ...ask<Found>(withQuery('/records', { q: wanted, limit: 8 })),
    enabled: wanted.length >= searchedFrom,
    placeholderData: keepPreviousData,
  });
  const go = (to: string) => () => void navigate({ to: to as string });
  const fixed: Entry[] = [
    ...pagesFor(me).map((page) => ({
      id: page.path,
      group: t('shell.goTo'),
      icon: page.icon ?? ('records' as const),
      text: t(page.name as 'shell.overview'),
      run: go(page.path),
    })),
    ...shortcuts()
      .filter(({ keys }) => !keys.startsWith('g ') && keys !== 'mod+k')
      .map(({ keys, label, run }) => ({
        id: `key ${keys}`,
        group: t('shell.here'),
        icon: 'keyboard' as const,
        text: t(label as 'shell.keys'),
        aside: <kbd className="cd-keys">{keys}</kbd>,
        run: keys === '?' ? openHelp : run,
      })),
    {
      id: 'language',
      group: t('shell.setting'),
      icon: 'language',
      text: language() === 'en' ? 'Français' : 'English',
      run: () => chooseLanguage(language() === 'en' ? 'fr' : 'en'),
    },
    {
      id: 'theme',
      group: t('shell.setting'),
      icon: colorScheme === 'dark' ? 'sun' : 'moon',
      text: t(colorScheme === 'dark' ? 'shell.theme_light' : 'shell.theme_dark'),
      run: () => setColorScheme(colorScheme === 'dark' ? 'light' : 'dark'),
    },
    { id: 'out', group: t('shell.setting'), icon: 'out', text: t('shell.signOut'), run: signOut },
  ];
  const low = text.toLowerCase();
  const fitting = fixed.filter((entry) => entry.text.toLowerCase().includes(low));
  const found: Entry[] =
    text.length < searchedFrom
      ? []
      : (data?.items ?? []).map((record) => ({
          id: `record ${record.id}`,
          group: '',
          icon: 'records',
          text: record.key,
          aside: <State state={record.state} />,
          run: go(`/records/${record.id}`),
        }));
  const all: Entry[] =
    text.length < searchedFrom
      ? []
      : [
          {
            id: 'search',
            group: t('shell.records'),
            icon: 'search',
            text: t('shell.searchFor', { text }),
            run: () => void navigate({ to: '/records' as string, search: { q: text } as never }),
          },
        ];
  return [...found, ...fitting, ...all];
}
