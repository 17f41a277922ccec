// A button that asks the API for something and shows what came of it.
import { Button, type ButtonProps } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { call, type Json, queries } from '../api.ts';
import { toast } from './toast.tsx';
import { Trouble } from './trouble.tsx';

export function Act({
  label,
  method = 'POST',
  path,
  body,
  said,
  ...rest
}: {
  readonly label: string;
  readonly method?: string;
  readonly path: string;
  readonly body?: unknown;
  /** What to say when it worked. */
  readonly said?: (answer: Json) => string;
} & Omit<ButtonProps, 'children'>) {
  const act = useMutation({
    mutationFn: () => call(method, path, body),
    onSuccess: (answer) => {
      if (said) toast(said(answer));
      return queries.invalidateQueries();
    },
  });
  return (
    <>
      <Button size="xs" variant="default" {...rest} loading={act.isPending} onClick={() => act.mutate()}>
        {label}
      </Button>
      {act.error && <Trouble error={act.error} />}
    </>
  );
}
