// Something did not work: what, and what to do next. Never a code or a stack alone.
import { Alert, Button, List } from '@mantine/core';
import { Refusal, Unreachable } from '../api.ts';
import { t } from '../words/index.ts';
import { saidProblem, saidSteps } from '../words/server.ts';

export function Trouble({
  error,
  retry,
}: {
  readonly error: Error;
  readonly retry?: (() => void) | undefined;
}) {
  const { title, steps } = told(error);
  return (
    <Alert color="red" variant="light" title={title} my="sm" role="alert" className="cd-wrap">
      {steps.length > 0 && (
        <List size="sm" spacing={2}>
          {steps.map((step) => (
            <List.Item key={step}>{step}</List.Item>
          ))}
        </List>
      )}
      {retry && (
        <Button mt="sm" size="xs" variant="default" onClick={retry}>
          {t('shell.reload')}
        </Button>
      )}
    </Alert>
  );
}

function told(error: Error): { title: string; steps: readonly string[] } {
  if (error instanceof Refusal)
    return {
      title:
        error.message === '' ? t('shell.failed') : saidProblem({ code: error.code, message: error.message }),
      steps: saidSteps(error.nextSteps),
    };
  if (error instanceof Unreachable)
    return { title: t('shell.unreachable'), steps: [t('shell.unreachableStep')] };
  return { title: t('shell.unexpected'), steps: [t('shell.unexpectedStep')] };
}

export const Steps = ({ steps }: { readonly steps: readonly string[] }) =>
  steps.length === 0 ? null : (
    <div>
      <p className="cd-label">{t('shell.nextSteps')}</p>
      <List size="sm" spacing={2}>
        {saidSteps(steps).map((step) => (
          <List.Item key={step}>{step}</List.Item>
        ))}
      </List>
    </div>
  );
