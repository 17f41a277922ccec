// Corrects single values of one document: a search over its values, what changed marked, a dry run before it is saved.
import { Button, Group, Modal, Skeleton, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { DocumentValues } from '../../../src/api/contract/problems.ts';
import type { DryRun } from '../../../src/api/contract/records.ts';
import { ask, call } from '../../api.ts';
import { toast } from '../../parts/toast.tsx';
import { Steps, Trouble } from '../../parts/trouble.tsx';
import { isKey, t } from '../../words/index.ts';
import { saidProblem, saidSteps } from '../../words/server.ts';
import { refresh } from './questions.ts';

const shownMax = 40;

export function EditDialog({
  recordId,
  orderKey,
  start,
  close,
}: {
  readonly recordId: string;
  readonly orderKey: string;
  /** What to search for at first: the field that the problem names. */
  readonly start: string;
  readonly close: () => void;
}) {
  const values = useQuery(ask<DocumentValues>(`/records/${recordId}/values`));
  const [find, setFind] = useState(start);
  const [changed, setChanged] = useState<ReadonlyMap<string, string>>(new Map());
  const [reason, setReason] = useState('');
  const changes = [...changed].map(([path, value]) => ({ path, value }));
  const preview = useMutation({
    mutationFn: () => call<DryRun>('POST', `/records/${recordId}/edit/preview`, { changes }),
  });
  const save = useMutation({
    mutationFn: () => call('POST', `/records/${recordId}/edit`, { changes, reason }),
    onSuccess: async () => {
      toast(t('problems.editSaid'));
      close();
      await refresh();
    },
  });
  const all = values.data?.values ?? [];
  const words = find.trim().toLowerCase();
  const fitting = all.filter(
    (one) => changed.has(one.path) || `${one.path} ${one.value}`.toLowerCase().includes(words),
  );
  const list = fitting.length === 0 ? all : fitting;
  const set = (path: string, before: string, value: string) => {
    const next = new Map(changed);
    if (value === before) next.delete(path);
    else next.set(path, value);
    setChanged(next);
    preview.reset();
  };
  return (
    <Modal
      opened
      onClose={close}
      size="xl"
      title={t('problems.editTitle', { key: orderKey })}
      closeButtonProps={{ 'aria-label': t('shell.close') }}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate();
        }}
      >
        <Stack gap="sm">
          <Text size="sm" c="dimmed">
            {t('problems.editHint')}
          </Text>
          <TextInput
            label={t('problems.editFind')}
            value={find}
            onChange={(event) => setFind(event.currentTarget.value)}
            data-autofocus
          />
          {values.error && <Trouble error={values.error} />}
          {!values.data && !values.error && <Skeleton height={200} />}
          <div className="cd-values">
            {list.slice(0, shownMax).map((one) => {
              const now = changed.get(one.path);
              return (
                <TextInput
                  key={one.path}
                  label={<span className="cd-mono">{one.path}</span>}
                  value={now ?? one.value}
                  description={now === undefined ? undefined : t('problems.editWas', { value: one.value })}
                  data-changed={now === undefined ? undefined : true}
                  onChange={(event) => set(one.path, one.value, event.currentTarget.value)}
                />
              );
            })}
          </div>
          {list.length > shownMax && (
            <Text size="xs" c="dimmed">
              {t('problems.editShown', { shown: shownMax, count: list.length })}
            </Text>
          )}
          {preview.data && <Outcome plan={preview.data} />}
          <Textarea
            label={t('problems.reason')}
            description={t('problems.reasonHint')}
            value={reason}
            required
            minLength={3}
            maxLength={500}
            autosize
            onChange={(event) => setReason(event.currentTarget.value)}
          />
          {(preview.error ?? save.error) && <Trouble error={(preview.error ?? save.error)!} />}
          <Group justify="flex-end">
            <Button
              variant="default"
              disabled={changes.length === 0}
              loading={preview.isPending}
              onClick={() => preview.mutate()}
            >
              {t('problems.editPreview')}
            </Button>
            <Button
              type="submit"
              loading={save.isPending}
              disabled={changes.length === 0 || reason.trim().length < 3}
            >
              {changes.length === 0
                ? t('problems.editNone')
                : t('problems.editNow', { count: changes.length })}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

function Outcome({ plan }: { readonly plan: DryRun }) {
  const key = `problems.previewDecision_${plan.decision}`;
  return (
    <div className="cd-note" role="status">
      <Text size="sm" fw={600}>
        {isKey(key) ? t(key as 'problems.previewDecision_create') : t('problems.previewDecision_other')}{' '}
        {plan.decision === 'create' && t('problems.editPasses')}
      </Text>
      {plan.problem && (
        <>
          <Text size="sm">{saidProblem(plan.problem)}</Text>
          <Steps steps={saidSteps(plan.problem.nextSteps)} />
        </>
      )}
    </div>
  );
}
