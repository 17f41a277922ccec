// What happened, when, by whom, and how long did it take? Moves, attempts and requests in one line of time; a request
// opens to its exact question and answer.
import { Text } from '@mantine/core';
import { useState } from 'react';
import type { Exchange, RecordDetail } from '../../../src/api/contract/records.ts';
import { Moment } from '../../parts/figures.tsx';
import { Icon, type IconName } from '../../parts/icon.tsx';
import { Panel } from '../../parts/panel.tsx';
import { duration, isKey, t, tState } from '../../words/index.ts';
import { said as saidByServer, saidProblem } from '../../words/server.ts';
import { ExchangeDetail, pathOf } from './request.tsx';

interface Happening {
  readonly key: string;
  readonly at: string;
  readonly icon: IconName;
  readonly tone?: 'good' | 'bad' | undefined;
  readonly title: string;
  readonly who?: string;
  readonly text?: string | undefined;
  readonly tookMs?: number;
  readonly exchange?: Exchange;
}

export function Timeline({
  detail,
  exchanges,
}: {
  readonly detail: RecordDetail;
  readonly exchanges: readonly Exchange[];
}) {
  const moments = momentsOf(detail, exchanges);
  return (
    <Panel title={t('record.timeline')}>
      <ol className="cd-timeline">
        {moments.map((moment, index) => (
          <Item key={moment.key} moment={moment} since={moments[index - 1]?.at} />
        ))}
      </ol>
    </Panel>
  );
}

function momentsOf(
  { events, attempts, documents, deeds }: RecordDetail,
  exchanges: readonly Exchange[],
): readonly Happening[] {
  const list: Happening[] = [
    ...documents.map(
      (document): Happening => ({
        key: `document ${document.id}`,
        at: document.receivedAt,
        icon: 'import',
        title: t('record.documentCame'),
        text: said(`record.via_${document.via.replaceAll('-', '_')}`, document.via),
      }),
    ),
    ...events
      .filter((event) => event.kind !== 'received')
      .map(
        (event): Happening => ({
          key: `event ${event.id}`,
          at: event.at,
          icon: event.toState === 'done' ? 'check' : event.toState === 'parked' ? 'problems' : 'right',
          tone: event.toState === 'done' ? 'good' : event.toState === 'parked' ? 'bad' : undefined,
          title: event.toState
            ? t('record.became', { state: tState(event.toState) })
            : said(`record.event_${event.kind}`, event.kind),
          ...(event.actor === 'crossdock' ? {} : { who: event.actor }),
          text: textOf(event.detail),
        }),
      ),
    ...attempts.map(
      (attempt, index): Happening => ({
        key: `attempt ${index}`,
        at: attempt.startedAt,
        icon: 'play',
        tone: attempt.message ? 'bad' : undefined,
        title: t('record.attempt'),
        text: attempt.message
          ? saidProblem({ code: attempt.code ?? undefined, message: attempt.message })
          : undefined,
        tookMs: new Date(attempt.finishedAt).getTime() - new Date(attempt.startedAt).getTime(),
      }),
    ),
    ...exchanges.map(
      (exchange): Happening => ({
        key: `exchange ${exchange.id}`,
        at: new Date(new Date(exchange.at).getTime()).toISOString(),
        icon: 'flows',
        tone: exchange.status === null || exchange.status >= 400 ? 'bad' : undefined,
        title: `${exchange.method} ${pathOf(exchange.url)}`,
        text: exchange.failure ?? `HTTP ${exchange.status}`,
        tookMs: exchange.durationMs,
        exchange,
      }),
    ),
    ...deeds.map(
      (deed, index): Happening => ({
        key: `deed ${index}`,
        at: deed.at,
        icon: 'eye',
        title: said(`record.deed_${deed.action.replaceAll(/\W/g, '_')}`, deed.action),
        who: deed.actor,
      }),
    ),
  ];
  return list.sort((a, b) => a.at.localeCompare(b.at));
}

const said = (key: string, plain: string): string => (isKey(key) ? t(key as 'record.timeline') : plain);
function textOf(detail: Readonly<Record<string, unknown>>): string | undefined {
  const { reason, message, note } = detail as { reason?: unknown; message?: unknown; note?: unknown };
  const plain = reason ?? message ?? note;
  const text = typeof plain === 'string' ? saidByServer(plain) : plain;
  return typeof text === 'string' ? text : undefined;
}

function Item({ moment, since }: { readonly moment: Happening; readonly since: string | undefined }) {
  const [open, setOpen] = useState(false);
  const waited = since ? new Date(moment.at).getTime() - new Date(since).getTime() : 0;
  return (
    <li data-tone={moment.tone}>
      {waited >= 60_000 && (
        <Text size="xs" c="dimmed" className="cd-timeline-wait">
          {t('record.later', { time: duration(waited) })}
        </Text>
      )}
      <span className="cd-timeline-mark">
        <Icon name={moment.icon} size={13} />
      </span>
      <div className="cd-timeline-body">
        <div className="cd-row">
          {moment.exchange ? (
            <button
              type="button"
              className="cd-timeline-open cd-mono"
              aria-expanded={open}
              onClick={() => setOpen(!open)}
            >
              {moment.title}
            </button>
          ) : (
            <Text size="sm" fw={500} className="cd-wrap">
              {moment.title}
              {moment.who && (
                <Text span size="sm" c="dimmed">
                  {' '}
                  · {moment.who}
                </Text>
              )}
            </Text>
          )}
          <Text size="xs" c="dimmed" className="cd-number">
            {moment.tookMs !== undefined && `${duration(moment.tookMs)} · `}
            <Moment at={moment.at} form="exact" />
          </Text>
        </div>
        {moment.text && (
          <Text size="sm" c="dimmed" className="cd-wrap">
            {moment.text}
          </Text>
        )}
        {open && moment.exchange && <ExchangeDetail exchange={moment.exchange} />}
      </div>
    </li>
  );
}
