// The small parts that every page is made of.
import { Alert, Anchor, Badge, Button, CopyButton, Group, List, Loader, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { call, type Json, Refusal } from './api.ts';
import { t, tState } from './words.ts';

const colours: Readonly<Record<string, string>> = {
  done: 'teal',
  parked: 'red',
  skipped: 'gray',
  running: 'blue',
  queued: 'blue',
  waiting: 'yellow',
  verifying: 'yellow',
  pending: 'yellow',
  active: 'teal',
  broken: 'red',
  paused: 'gray',
};

export const State = ({ state }: { readonly state: string }) => (
  <Badge
    variant="light"
    color={colours[state] ?? 'gray'}
    radius="sm"
    style={{ textTransform: 'none' }}
    c="var(--mantine-color-text)"
  >
    {tState(state)}
  </Badge>
);

export const Id = ({ value }: { readonly value: string | null | undefined }) =>
  value ? (
    <CopyButton value={value}>
      {({ copied, copy }) => (
        <Anchor
          component="button"
          type="button"
          onClick={copy}
          ff="monospace"
          fz="sm"
          title={t('copy')}
          aria-label={`${t('copy')} ${value}`}
          c="inherit"
        >
          {copied ? t('copied') : value}
        </Anchor>
      )}
    </CopyButton>
  ) : (
    <span>–</span>
  );

export function Trouble({ error, retry }: { readonly error: Error; readonly retry?: () => void }) {
  const steps = error instanceof Refusal ? error.nextSteps : [];
  return (
    <Alert color="red" title={error.message || t('failed')} my="md">
      <List size="sm">
        {steps.map((step) => (
          <List.Item key={step}>{step}</List.Item>
        ))}
      </List>
      {retry && (
        <Button mt="sm" size="xs" variant="default" onClick={retry}>
          {t('reload')}
        </Button>
      )}
    </Alert>
  );
}

/** Asks the API and shows loading, trouble or the answer. */
export function Asked({
  path,
  children,
}: {
  readonly path: string;
  readonly children: (answer: Json) => ReactNode;
}) {
  const { data, error, refetch } = useQuery({ queryKey: [path], queryFn: () => call('GET', path) });
  if (error && !data) return <Trouble error={error} retry={() => void refetch()} />;
  if (data === undefined)
    return (
      <Group p="xl" role="status">
        <Loader size="sm" />
        <Text>{t('loading')}</Text>
      </Group>
    );
  return children(data);
}

export const Steps = ({ steps }: { readonly steps: readonly string[] }) => (
  <Stack gap={4} mt="xs">
    <Text fw={600} size="sm">
      {t('nextSteps')}
    </Text>
    <List size="sm" spacing={2}>
      {steps.map((step) => (
        <List.Item key={step}>{step}</List.Item>
      ))}
    </List>
  </Stack>
);

export const Code = ({ value }: { readonly value: unknown }) => (
  // A scrolling region must be reachable by keyboard.
  <pre
    tabIndex={0}
    style={{
      overflow: 'auto',
      maxHeight: 420,
      fontSize: 12,
      padding: 12,
      borderRadius: 8,
      border: '1px solid var(--mantine-color-default-border)',
    }}
  >
    {typeof value === 'string' ? value : JSON.stringify(value, null, 2)}
  </pre>
);
