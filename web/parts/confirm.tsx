// Asks before something that cannot be undone, and says what will happen to how many.
import { Button, Group, Modal, Stack } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { t } from '../words/index.ts';
import { Trouble } from './trouble.tsx';

export function Confirm({
  opened,
  title,
  children,
  label,
  danger = false,
  disabled = false,
  run,
  close,
}: {
  readonly opened: boolean;
  readonly title: string;
  readonly children?: ReactNode;
  /** What the button does, in words: “Skip 12 records”, never “OK”. */
  readonly label: string;
  readonly danger?: boolean;
  readonly disabled?: boolean;
  readonly run: () => Promise<unknown>;
  readonly close: () => void;
}) {
  const act = useMutation({ mutationFn: run, onSuccess: close });
  return (
    <Modal
      opened={opened}
      onClose={close}
      title={title}
      closeButtonProps={{ 'aria-label': t('shell.close') }}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          act.mutate();
        }}
      >
        <Stack>
          {children}
          {act.error && <Trouble error={act.error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              {t('shell.cancel')}
            </Button>
            <Button
              type="submit"
              color={danger ? 'red' : undefined}
              loading={act.isPending}
              disabled={disabled}
              data-autofocus
            >
              {label}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
