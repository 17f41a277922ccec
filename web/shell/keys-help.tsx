// Which keys do something here? The page's own and those that work everywhere.
import { Group, Modal, Stack } from '@mantine/core';
import { t } from '../words/index.ts';
import { shortcuts } from './keys.ts';
import { modKey } from './navigation.tsx';

export const KeysHelp = ({ opened, close }: { readonly opened: boolean; readonly close: () => void }) => (
  <Modal
    opened={opened}
    onClose={close}
    title={t('shell.keys')}
    closeButtonProps={{ 'aria-label': t('shell.close') }}
  >
    <Stack gap={6} component="ul" m={0} p={0} style={{ listStyle: 'none' }}>
      {opened &&
        shortcuts().map(({ keys, label }) => (
          <Group key={keys} justify="space-between" component="li" wrap="nowrap">
            <span>{t(label as 'shell.keys')}</span>
            <span>
              {keys.split(/ |\+/).map((key) => (
                <kbd key={key} className="cd-keys" style={{ marginLeft: 4 }}>
                  {key === 'mod'
                    ? modKey
                    : key === 'Enter'
                      ? '↵'
                      : key.length === 1
                        ? key.toUpperCase()
                        : key}
                </kbd>
              ))}
            </span>
          </Group>
        ))}
    </Stack>
  </Modal>
);
