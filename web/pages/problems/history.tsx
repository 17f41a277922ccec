// What happened to the problem, and what people wrote: one story, the latest at the end, a comment to add.
import { Button, Group, Text, Textarea } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type { ProblemEvent } from '../../../src/api/contract/problems.ts';
import { call } from '../../api.ts';
import { Section } from '../../parts/page.tsx';
import { Trouble } from '../../parts/trouble.tsx';
import { ago, exactMoment, listed, t } from '../../words/index.ts';
import { refresh } from './questions.ts';

export function History({
  id,
  events,
  mayWrite,
}: {
  readonly id: string;
  readonly events: readonly ProblemEvent[];
  readonly mayWrite: boolean;
}) {
  const [text, setText] = useState('');
  const add = useMutation({
    mutationFn: () => call('POST', `/problems/${id}/notes`, { text }),
    onSuccess: () => {
      setText('');
      return refresh();
    },
  });
  return (
    <Section title={t('problems.history')}>
      <ol className="cd-history">
        {events.map((event) => (
          <li key={event.id} data-kind={event.kind}>
            <Text size="sm" className="cd-wrap">
              <b>{event.actor === 'crossdock' ? 'Crossdock' : event.actor}</b> {saidEvent(event)}{' '}
              <Text span c="dimmed" size="xs" title={exactMoment(event.at)}>
                {ago(event.at)}
              </Text>
            </Text>
            {event.kind === 'comment' && (
              <Text size="sm" className="cd-comment cd-wrap">
                {String(event.detail['text'] ?? '')}
              </Text>
            )}
          </li>
        ))}
      </ol>
      {mayWrite && (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            add.mutate();
          }}
        >
          <Textarea
            aria-label={t('problems.comment')}
            placeholder={t('problems.commentHint')}
            value={text}
            autosize
            minRows={2}
            maxLength={4000}
            data-comment
            onChange={(event) => setText(event.currentTarget.value)}
          />
          {add.error && <Trouble error={add.error} />}
          <Group justify="flex-end" mt="xs">
            <Button
              type="submit"
              size="xs"
              variant="default"
              loading={add.isPending}
              disabled={text.trim() === ''}
            >
              {t('problems.addComment')}
            </Button>
          </Group>
        </form>
      )}
    </Section>
  );
}

/** What an event says after its actor’s name. */
export function saidEvent({ kind, detail }: Pick<ProblemEvent, 'kind' | 'detail'>): string {
  const text = (name: string) => String(detail[name] ?? '');
  const count = Number(detail['count'] ?? 0);
  switch (kind) {
    case 'retried':
      return t('problems.event_retried', { count });
    case 'skipped':
      return t('problems.event_skipped', { count, reason: text('reason') });
    case 'ignored':
      return t('problems.event_ignored', { reason: text('reason') });
    case 'assigned':
      return detail['assignee']
        ? t('problems.event_assigned', { name: text('assignee') })
        : t('problems.event_unassigned');
    case 'cured':
      return detail['by'] === 'lookup'
        ? t('problems.event_cured_lookup', {
            key: text('key'),
            value: text('value'),
            lookup: text('lookup'),
          })
        : t('problems.event_cured');
    case 'edited': {
      const changes = (detail['changes'] ?? []) as readonly { path: string }[];
      return t('problems.event_edited', {
        paths: listed(changes.map((one) => one.path)),
        order: text('order'),
        reason: text('reason'),
      });
    }
    case 'opened':
      return t('problems.event_opened');
    case 'probed':
      return t('problems.event_probed');
    case 'unignored':
      return t('problems.event_unignored');
    case 'comment':
      return t('problems.event_comment');
    default:
      return t('problems.event_resolved');
  }
}
