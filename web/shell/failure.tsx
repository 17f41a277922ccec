// A page broke: what now? The rest of the console stays usable; a new version of the console is told apart from a fault.
import { Button, Group, Stack, Text } from '@mantine/core';
import type { ErrorComponentProps } from '@tanstack/react-router';
import { Refusal, Unreachable } from '../api.ts';
import { Empty } from '../parts/empty.tsx';
import { ButtonLink } from '../parts/link.tsx';
import { PageHead } from '../parts/page.tsx';
import { Trouble } from '../parts/trouble.tsx';
import { t } from '../words/index.ts';

/** A page's file that is no longer on the server: Crossdock was updated while this tab was open. */
const outdated = (error: Error): boolean =>
  /dynamically imported module|Importing a module script failed|error loading dynamically/i.test(
    error.message,
  );

export function Failure({ error, reset }: ErrorComponentProps) {
  const fault = error instanceof Error ? error : new Error(String(error));
  if (fault instanceof Refusal || fault instanceof Unreachable)
    return <Trouble error={fault} retry={reset} />;
  const old = outdated(fault);
  return (
    <div role="alert">
      <Empty icon="problems" title={old ? t('shell.updated') : t('shell.pageBroke')}>
        <Stack gap="sm" align="center">
          <Text size="sm">{old ? t('shell.updatedStep') : t('shell.pageBrokeStep')}</Text>
          <Group gap="xs" justify="center">
            <Button size="xs" onClick={() => location.reload()}>
              {t('shell.reloadPage')}
            </Button>
            <ButtonLink size="xs" variant="default" to="/">
              {t('shell.toOverview')}
            </ButtonLink>
          </Group>
          {!old && (
            <details>
              <summary>{t('shell.forSupport')}</summary>
              <Text size="xs" ff="monospace" className="cd-wrap">
                {fault.message}
              </Text>
            </details>
          )}
        </Stack>
      </Empty>
    </div>
  );
}

export const Missing = () => (
  <>
    <PageHead title={t('shell.missing')} />
    <ButtonLink size="xs" variant="default" to="/" mt="sm">
      {t('shell.toOverview')}
    </ButtonLink>
  </>
);
