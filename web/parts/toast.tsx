// Says what was done, and offers to undo it. Read out politely; stays while the pointer or the focus is on it.
import { ActionIcon, Button, Group, Paper, Text } from '@mantine/core';
import { useEffect, useState, useSyncExternalStore } from 'react';
import { t } from '../words/index.ts';
import { Icon } from './icon.tsx';
import './parts.css';

interface Toast {
  readonly id: number;
  readonly text: string;
  readonly undo?: (() => Promise<unknown>) | undefined;
}
const staysMs = 8_000;
let toasts: readonly Toast[] = [];
let last = 0;
const watchers = new Set<() => void>();
function set(next: readonly Toast[]): void {
  toasts = next;
  for (const tell of watchers) tell();
}

/** “12 records will be tried again.” with an undo where there is one. */
export function toast(text: string, undo?: () => Promise<unknown>): void {
  last += 1;
  set([...toasts.slice(-2), { id: last, text, undo }]);
}
const drop = (id: number) => set(toasts.filter((one) => one.id !== id));

export function Toasts() {
  const shown = useSyncExternalStore(
    (tell) => {
      watchers.add(tell);
      return () => watchers.delete(tell);
    },
    () => toasts,
  );
  return (
    <div className="cd-toasts" role="status" aria-live="polite">
      {shown.map((one) => (
        <One key={one.id} toast={one} />
      ))}
    </div>
  );
}

function One({ toast: one }: { readonly toast: Toast }) {
  const [held, setHeld] = useState(false);
  useEffect(() => {
    if (held) return;
    const timer = setTimeout(() => drop(one.id), staysMs);
    return () => clearTimeout(timer);
  }, [held, one.id]);
  const undo = async () => {
    drop(one.id);
    await one.undo?.().catch((error: Error) => toast(error.message || t('shell.failed')));
  };
  return (
    <Paper
      withBorder
      shadow="md"
      p="xs"
      pl="md"
      onMouseEnter={() => setHeld(true)}
      onMouseLeave={() => setHeld(false)}
      onFocus={() => setHeld(true)}
      onBlur={() => setHeld(false)}
    >
      <Group wrap="nowrap" gap="sm">
        <Text size="sm" className="cd-wrap">
          {one.text}
        </Text>
        {one.undo && (
          <Button size="compact-sm" variant="light" onClick={() => void undo()}>
            {t('shell.undo')}
          </Button>
        )}
        <ActionIcon aria-label={t('shell.close')} onClick={() => drop(one.id)}>
          <Icon name="cross" size={14} />
        </ActionIcon>
      </Group>
    </Paper>
  );
}
