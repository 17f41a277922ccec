// Something that is shown once: a link, a token, a secret. It stays until it is closed.
import { Modal, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { Id } from '../../parts/id.tsx';
import { t } from '../../words/index.ts';

export const ShownOnce = ({
  title,
  value,
  children,
  close,
}: {
  readonly title: string;
  readonly value: string | undefined;
  readonly children?: ReactNode;
  readonly close: () => void;
}) => (
  <Modal
    opened={value !== undefined}
    onClose={close}
    title={title}
    closeButtonProps={{ 'aria-label': t('shell.close') }}
  >
    <Stack gap="sm">
      <Text size="sm" component="div">
        {children}
      </Text>
      {value && <Id value={value} />}
    </Stack>
  </Modal>
);
