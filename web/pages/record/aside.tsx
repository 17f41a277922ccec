// What belongs to the record: ids and places in both systems, facts, related records, buyer data on demand, notes.

import { Button, Stack, Text, Textarea } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import type { RecordDetail, RecordPlaces } from '../../../src/api/contract/records.ts';
import { ask, askMe, call, queries } from '../../api.ts';
import { Code } from '../../parts/code.tsx';
import { Confirm } from '../../parts/confirm.tsx';
import { Moment, Money } from '../../parts/figures.tsx';
import { flowName } from '../../parts/flow.ts';
import { Id } from '../../parts/id.tsx';
import { PageLink } from '../../parts/link.tsx';
import { useMarketplaces } from '../../parts/marketplaces.ts';
import { Panel } from '../../parts/panel.tsx';
import { State } from '../../parts/state.tsx';
import { Trouble } from '../../parts/trouble.tsx';
import { isKey, t } from '../../words/index.ts';
import { said } from '../../words/server.ts';
import { labelName } from '../records/columns.tsx';

export function Facts({ detail }: { readonly detail: RecordDetail }) {
  const { record } = detail;
  const places = useQuery(ask<RecordPlaces>(`/records/${record.id}/places`)).data;
  const marketplace = useMarketplaces();
  const order = record.key.split('/')[0]!;
  const kind = `record.kind_${record.remoteKind?.replaceAll('-', '_')}`;
  return (
    <Panel title={t('record.facts')}>
      <dl className="cd-facts">
        <Fact name={t('record.orderId')}>
          <Id value={order} href={places?.channel ?? undefined} />
        </Fact>
        <Fact
          name={
            record.remoteKind
              ? isKey(kind)
                ? t(kind as 'record.kind_invoice')
                : record.remoteKind
              : t('record.netsuiteId')
          }
        >
          <Id value={record.remoteId} href={places?.erp ?? undefined} />
        </Fact>
        {record.remoteNumber && (
          <Fact name={t('record.netsuiteNumber')}>
            <Id value={record.remoteNumber} />
          </Fact>
        )}
        <Fact name="externalId">
          <Id value={record.externalId} />
        </Fact>
        <Fact name={t('record.flow')}>{flowName(record.flowKind)}</Fact>
        {record.marketplace && <Fact name={t('record.channel')}>{marketplace(record.marketplace)}</Fact>}
        {record.totalMinor !== null && (
          <Fact name={t('record.channelTotal')}>
            <Money minor={record.totalMinor} currency={record.currency} />
          </Fact>
        )}
        {record.placedAt && (
          <Fact name={t('record.placed')}>
            <Moment at={record.placedAt} />
          </Fact>
        )}
        {record.shipByAt && (
          <Fact name={t('record.shipBy')}>
            <Moment at={record.shipByAt} />
          </Fact>
        )}
        {record.labels.length > 0 && (
          <Fact name={t('record.labels')}>{record.labels.map(labelName).join(', ')}</Fact>
        )}
      </dl>
    </Panel>
  );
}

const Fact = ({ name, children }: { readonly name: string; readonly children: ReactNode }) => (
  <>
    <dt>{name}</dt>
    <dd>{children}</dd>
  </>
);

export const Related = ({ detail }: { readonly detail: RecordDetail }) =>
  detail.related.length === 0 ? null : (
    <Panel title={t('record.related')}>
      <Stack gap={8}>
        {detail.related.map((one) => (
          <div key={one.id}>
            <div className="cd-row">
              <PageLink to={`/records/${one.id}`} size="sm">
                {flowName(one.flowKind)}
              </PageLink>
              <Text size="sm" component="div">
                <State state={one.state} />
              </Text>
            </div>
            <Text size="xs" c="dimmed" className="cd-wrap">
              {one.reason ? said(one.reason) : one.key}
            </Text>
          </div>
        ))}
      </Stack>
    </Panel>
  );

/** The buyer's data is asked for by itself, by people who may see it, and each look is kept. */
export function BuyerData({ detail }: { readonly detail: RecordDetail }) {
  const me = useQuery(askMe()).data;
  const document = detail.documents.find((one) => one.hasPersonal);
  const [asking, setAsking] = useState(false);
  const [shown, setShown] = useState<unknown>();
  if (!document) return null;
  return (
    <Panel title={t('record.buyer')}>
      {shown === undefined ? (
        <Stack gap="xs" align="flex-start">
          <Text size="sm" c="dimmed">
            {me?.seesPersonal ? t('record.buyerHint') : t('record.buyerForbidden')}
          </Text>
          {me?.seesPersonal && (
            <Button size="xs" variant="default" onClick={() => setAsking(true)}>
              {t('record.showBuyer')}
            </Button>
          )}
        </Stack>
      ) : (
        <Stack gap="xs" align="stretch">
          <Code value={shown} label={t('record.buyer')} height={260} />
          <Button size="xs" variant="default" onClick={() => setShown(undefined)}>
            {t('record.hideBuyer')}
          </Button>
        </Stack>
      )}
      <Confirm
        opened={asking}
        title={t('record.showBuyer')}
        label={t('record.showBuyer')}
        run={async () => {
          const { personal } = await call<{ personal: unknown }>('GET', `/documents/${document.id}/personal`);
          setShown(personal ?? {});
        }}
        close={() => setAsking(false)}
      >
        <Text size="sm">{t('record.buyerAsk')}</Text>
      </Confirm>
    </Panel>
  );
}

export function Notes({ detail, mayWrite }: { readonly detail: RecordDetail; readonly mayWrite: boolean }) {
  const [text, setText] = useState('');
  const add = useMutation({
    mutationFn: () => call('POST', `/records/${detail.record.id}/notes`, { text }),
    onSuccess: () => {
      setText('');
      return queries.invalidateQueries({ queryKey: ['records', `/records/${detail.record.id}`] });
    },
  });
  return (
    <Panel title={t('record.notes')}>
      <Stack gap="xs">
        {detail.notes.map((note) => (
          <div key={`${note.at} ${note.author}`}>
            <Text size="xs" c="dimmed">
              {note.author} · <Moment at={note.at} form="ago" />
            </Text>
            <Text size="sm" className="cd-wrap" style={{ whiteSpace: 'pre-wrap' }}>
              {note.text}
            </Text>
          </div>
        ))}
        {detail.notes.length === 0 && !mayWrite && (
          <Text size="sm" c="dimmed">
            {t('record.noNotes')}
          </Text>
        )}
        {mayWrite && (
          <form
            onSubmit={(event) => {
              event.preventDefault();
              if (text.trim() !== '') add.mutate();
            }}
          >
            <Textarea
              aria-label={t('record.addNote')}
              placeholder={t('record.addNote')}
              autosize
              minRows={1}
              maxRows={8}
              maxLength={4_000}
              value={text}
              onChange={(event) => setText(event.currentTarget.value)}
              onKeyDown={(event) => {
                if (event.key === 'Enter' && (event.ctrlKey || event.metaKey))
                  event.currentTarget.form?.requestSubmit();
              }}
            />
            {text !== '' && (
              <Button size="xs" mt="xs" type="submit" loading={add.isPending}>
                {t('record.saveNote')}
              </Button>
            )}
          </form>
        )}
        {add.error && <Trouble error={add.error} />}
      </Stack>
    </Panel>
  );
}
