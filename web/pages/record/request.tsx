// What was sent, what would be sent now, and how the two differ; each value with its origin.

import { SegmentedControl, Stack, Table, Text } from '@mantine/core';
import { useState } from 'react';
import type { DryRun, Exchange } from '../../../src/api/contract/records.ts';
import { Code } from '../../parts/code.tsx';
import { Moment } from '../../parts/figures.tsx';
import { Panel } from '../../parts/panel.tsx';
import { isKey, t } from '../../words/index.ts';
import { said } from '../../words/server.ts';
import { differencesOf } from './flatten.ts';
import { OriginJson } from './origin-json.tsx';

type Form = 'sent' | 'now' | 'difference';

/** The request that made the document: the last write that was answered well. */
export const sentOf = (exchanges: readonly Exchange[], erpConnectionId: string): Exchange | undefined =>
  exchanges.find(
    (one) =>
      one.connectionId === erpConnectionId &&
      one.method === 'POST' &&
      one.status !== null &&
      one.status < 300 &&
      !one.url.includes('suiteql') &&
      bodyOf(one) !== undefined,
  );
export const bodyOf = (exchange: Exchange): unknown => {
  const body = (exchange.request as { body?: unknown } | null)?.body;
  return body !== null && typeof body === 'object' ? body : undefined;
};

export function RequestPanel({
  plan,
  sent,
  context,
}: {
  readonly plan: DryRun;
  readonly sent: Exchange | undefined;
  readonly context: { readonly flowId: string; readonly connectionId: string };
}) {
  const [form, setForm] = useState<Form>(sent ? 'sent' : 'now');
  const sentBody = sent && bodyOf(sent);
  const differences = sentBody && plan.request ? differencesOf(sentBody, plan.request.body) : undefined;
  const decision = `record.decision_${plan.decision}`;
  return (
    <Panel
      title={t('record.request')}
      aside={
        sent && (
          <SegmentedControl
            size="xs"
            maw="100%"
            style={{ overflowX: 'auto' }}
            aria-label={t('record.request')}
            value={form}
            onChange={(value) => setForm(value as Form)}
            data={[
              { value: 'sent', label: t('record.sentThen') },
              { value: 'now', label: t('record.plan') },
              {
                value: 'difference',
                label: differences
                  ? t('record.differenceCount', { count: differences.length })
                  : t('record.difference'),
              },
            ]}
          />
        )
      }
    >
      <Stack gap="xs">
        {form === 'sent' && sent && (
          <>
            <Text size="sm" c="dimmed" className="cd-wrap">
              {sent.method} {pathOf(sent.url)} → {sent.status} · <Moment at={sent.at} form="exact" />
            </Text>
            <OriginJson value={sentBody} origins={plan.origins} context={context} />
          </>
        )}
        {form === 'now' && (
          <>
            <Text size="sm">
              <b>{isKey(decision) ? t(decision as 'record.decision_create') : plan.decision}</b>
              {plan.reason ? ` ${said(plan.reason)}` : ''}
            </Text>
            {plan.request && (
              <>
                <Text size="sm" c="dimmed" className="cd-wrap">
                  {plan.request.method} {pathOf(plan.request.path)}
                </Text>
                <OriginJson value={plan.request.body} origins={plan.origins} context={context} />
              </>
            )}
          </>
        )}
        {form === 'difference' &&
          (differences ? (
            <Differences list={differences} />
          ) : (
            <Text size="sm" c="dimmed">
              {t('record.notComparable')}
            </Text>
          ))}
      </Stack>
    </Panel>
  );
}

const pathOf = (url: string): string =>
  URL.canParse(url) ? new URL(url).pathname + new URL(url).search : url;

function Differences({ list }: { readonly list: ReturnType<typeof differencesOf> }) {
  const show = (value: unknown) => (value === undefined ? '–' : JSON.stringify(value));
  if (list.length === 0) return <Text size="sm">{t('record.sameNow')}</Text>;
  return (
    <div className="cd-scroll" tabIndex={0}>
      <Table miw={520}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('record.field')}</Table.Th>
            <Table.Th>{t('record.sentThen')}</Table.Th>
            <Table.Th>{t('record.plan')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody className="cd-mono">
          {list.map((one) => (
            <Table.Tr key={one.path}>
              <Table.Th scope="row" fw={400} className="cd-wrap">
                {one.path}
              </Table.Th>
              <Table.Td className="cd-wrap cd-was">{show(one.before)}</Table.Td>
              <Table.Td className="cd-wrap cd-now">{show(one.after)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </div>
  );
}

/** One exchange with its request and answer, redacted. */
export const ExchangeDetail = ({ exchange }: { readonly exchange: Exchange }) => (
  <Stack gap={6} mt={6}>
    <Code
      value={exchange.request}
      label={t('record.requestOf', { path: pathOf(exchange.url) })}
      height={280}
    />
    {exchange.response !== null && (
      <Code
        value={exchange.response}
        label={t('record.answerOf', { path: pathOf(exchange.url) })}
        height={280}
      />
    )}
  </Stack>
);
export { pathOf };
