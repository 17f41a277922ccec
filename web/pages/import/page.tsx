// What would become of orders that are pasted or dropped here? A preview first, then the same way as from the channel.
import { Button, FileButton, Group, Stack, Textarea } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { call, type Json } from '../../api.ts';
import { Asked } from '../../parts/asked.tsx';
import { PageLink } from '../../parts/link.tsx';
import { PageHead } from '../../parts/page.tsx';
import { Trouble } from '../../parts/trouble.tsx';
import { t } from '../../words/index.ts';
import { Plan } from '../record/plan.tsx';

export function ImportPage() {
  const [text, setText] = useState('');
  return (
    <Asked path="/flows">
      {({ items }) => (
        <ImportForm
          flowId={items.find((flow: Json) => flow.kind === 'orders.import')?.id ?? ''}
          text={text}
          setText={setText}
        />
      )}
    </Asked>
  );
}

function ImportForm({
  flowId,
  text,
  setText,
}: {
  readonly flowId: string;
  readonly text: string;
  readonly setText: (text: string) => void;
}) {
  const preview = useMutation({ mutationFn: () => call('POST', '/orders/plan', { flowId, text }) });
  const take = useMutation({ mutationFn: () => call('POST', '/orders/import', { flowId, text }) });
  return (
    <Stack>
      <PageHead title={t('shell.import')} />
      <Textarea
        label={t('imports.paste')}
        minRows={8}
        autosize
        maxRows={20}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        ff="monospace"
      />
      <Group>
        <FileButton onChange={(file) => void file?.text().then(setText)} accept="application/json">
          {(props) => (
            <Button variant="default" {...props}>
              JSON…
            </Button>
          )}
        </FileButton>
        <Button
          variant="default"
          loading={preview.isPending}
          onClick={() => preview.mutate()}
          disabled={text === ''}
        >
          {t('imports.preview')}
        </Button>
        <Button loading={take.isPending} onClick={() => take.mutate()} disabled={preview.data === undefined}>
          {t('imports.importNow')}
        </Button>
      </Group>
      {(preview.error ?? take.error) && <Trouble error={(preview.error ?? take.error)!} />}
      {take.data?.records.map((record: Json) => (
        <PageLink key={record.recordId} to={`/records/${record.recordId}`}>
          {record.channelOrderId}
        </PageLink>
      ))}
      {preview.data?.plans.map((plan: Json) => (
        <Plan key={plan.channelOrderId} plan={plan} />
      ))}
    </Stack>
  );
}
