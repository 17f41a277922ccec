// One order, one page: where it stands and why, the amounts to the cent, the exact request with the origin of each value,
// everything that happened, and what belongs to it.
import { ActionIcon, Button, Grid, Group, Stack, Text, Textarea, Tooltip } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useNavigate, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import type { DryRun, Exchange, RecordDetail } from '../../../src/api/contract/records.ts';
import { ask, askMe, call, queries, withQuery } from '../../api.ts';
import { Block } from '../../parts/asked.tsx';
import { Code } from '../../parts/code.tsx';
import { Confirm } from '../../parts/confirm.tsx';
import { Moment } from '../../parts/figures.tsx';
import { flowName } from '../../parts/flow.ts';
import { Icon } from '../../parts/icon.tsx';
import { Id } from '../../parts/id.tsx';
import { PageLink } from '../../parts/link.tsx';
import { PageHead } from '../../parts/page.tsx';
import { Panel } from '../../parts/panel.tsx';
import { State } from '../../parts/state.tsx';
import { toast } from '../../parts/toast.tsx';
import { Steps, Trouble } from '../../parts/trouble.tsx';
import { useUrl } from '../../parts/url.ts';
import { useKeys } from '../../shell/keys.ts';
import { t } from '../../words/index.ts';
import { said, saidProblem } from '../../words/server.ts';
import { type Filter, filterOf } from '../records/filter.ts';
import { AmountsPanel } from './amounts.tsx';
import { BuyerData, Facts, Notes, Related } from './aside.tsx';
import { RequestPanel, sentOf } from './request.tsx';
import { Stations, stationsOf } from './stations.tsx';
import { Timeline } from './timeline.tsx';
import './record.css';

export function RecordPage() {
  const { id } = useParams({ strict: false }) as { id: string };
  const [values] = useUrl();
  const { data, error, refetch } = useQuery(ask<RecordDetail>(`/records/${id}`));
  if (data) return <Whole key={id} detail={data} filter={filterOf(values)} />;
  if (error) return <Trouble error={error} retry={() => void refetch()} />;
  return (
    <Stack>
      <PageHead title={t('shell.records')} />
      <Block height={92} />
      <Block height={320} />
    </Stack>
  );
}

const planned = 'orders.import';

function Whole({ detail, filter }: { readonly detail: RecordDetail; readonly filter: Filter }) {
  const { record } = detail;
  const mayWrite = useQuery(askMe()).data?.scopes.includes('write') === true;
  const exchanges =
    useQuery(ask<{ items: readonly Exchange[] }>(`/records/${record.id}/exchanges?limit=200`)).data?.items ??
    [];
  const context = { flowId: record.flowId, connectionId: record.channelConnectionId };
  return (
    <Stack gap="md">
      <Head detail={detail} filter={filter} mayWrite={mayWrite} />
      {record.state === 'parked' && record.problem && (
        <div className="cd-problem" role="status">
          <Text fw={600} className="cd-wrap">
            {saidProblem(record.problem)}
          </Text>
          <Steps steps={record.problem.nextSteps ?? []} />
          {record.problemId && (
            <PageLink to="/records" search={{ problem: record.problemId }} size="sm">
              {t('record.sameCause')}
            </PageLink>
          )}
        </div>
      )}
      <Stations stations={stationsOf(detail, exchanges)} />
      <Grid gap="md">
        <Grid.Col span={{ base: 12, lg: 8 }}>
          <Stack gap="md">
            {record.flowKind === planned && (
              <Planned detail={detail} exchanges={exchanges} context={context} />
            )}
            <Timeline detail={detail} exchanges={exchanges} />
            <Documents detail={detail} />
          </Stack>
        </Grid.Col>
        <Grid.Col span={{ base: 12, lg: 4 }}>
          <Stack gap="md">
            <Facts detail={detail} />
            <Related detail={detail} />
            <Notes detail={detail} mayWrite={mayWrite} />
            <BuyerData detail={detail} />
          </Stack>
        </Grid.Col>
      </Grid>
    </Stack>
  );
}

/** Amounts and request come from the dry run, which asks NetSuite for its items: the page does not wait for them. */
function Planned({
  detail,
  exchanges,
  context,
}: {
  readonly detail: RecordDetail;
  readonly exchanges: readonly Exchange[];
  readonly context: { readonly flowId: string; readonly connectionId: string };
}) {
  const { record } = detail;
  const { data, error, refetch } = useQuery({
    ...ask<DryRun>(`/records/${record.id}/plan`),
    meta: { live: false },
    staleTime: 30_000,
    retry: false,
  });
  if (error) return <Trouble error={error} retry={() => void refetch()} />;
  if (!data)
    return (
      <>
        <Block height={280} />
        <Block height={420} />
      </>
    );
  return (
    <>
      {data.amounts && (
        <AmountsPanel amounts={data.amounts} recordId={record.remoteId ? record.id : undefined} />
      )}
      {(data.request || exchanges.length > 0) && (
        <RequestPanel
          key={record.id}
          plan={data}
          sent={sentOf(exchanges, record.erpConnectionId)}
          context={context}
        />
      )}
    </>
  );
}

function Head({
  detail,
  filter,
  mayWrite,
}: {
  readonly detail: RecordDetail;
  readonly filter: Filter;
  readonly mayWrite: boolean;
}) {
  const { record } = detail;
  const navigate = useNavigate();
  const near = useQuery(
    ask<{ previous: string | null; next: string | null }>(
      withQuery(`/records/${record.id}/neighbours`, filter),
    ),
  ).data;
  const go = (id: string | null | undefined) =>
    id && void navigate({ to: `/records/${id}` as string, search: filter as never, replace: true });
  const retry = useMutation({
    mutationFn: () => call('POST', '/records/retry', { ids: [record.id] }),
    // Shown at once: the queue takes it for certain, and the server's word follows.
    onMutate: () => show(record.id, { state: 'queued' }),
    onSuccess: () => toast(t('record.retried')),
    onSettled: () => queries.invalidateQueries({ queryKey: ['records'] }),
  });
  const [skipping, setSkipping] = useState(false);
  const busy = record.state === 'queued' || record.state === 'running';
  useKeys([
    { keys: 'j', label: 'record.next', run: () => go(near?.next) },
    { keys: 'k', label: 'record.previous', run: () => go(near?.previous) },
    ...(mayWrite && !busy ? [{ keys: 'r', label: 'record.retry' as const, run: () => retry.mutate() }] : []),
    {
      keys: 'u',
      label: 'record.toList',
      run: () => void navigate({ to: '/records' as string, search: filter as never }),
    },
  ]);
  const step = (label: string, icon: 'up' | 'down', id: string | null | undefined) => (
    <Tooltip label={label}>
      <ActionIcon size="lg" aria-label={label} disabled={!id} onClick={() => go(id)}>
        <Icon name={icon} />
      </ActionIcon>
    </Tooltip>
  );
  return (
    <>
      <PageHead
        title={record.key}
        name={
          <Group gap="sm" component="span">
            <Id value={record.key} />
            <Text span size="sm" fw={400}>
              <State state={record.state} />
            </Text>
          </Group>
        }
        hint={
          <>
            <PageLink to="/records" search={filter} size="sm" underline="always">
              {t('shell.records')}
            </PageLink>{' '}
            · {flowName(record.flowKind)}
            {record.state !== 'parked' && record.reason && <> · {said(record.reason)}</>}
          </>
        }
        actions={
          <>
            {step(t('record.previous'), 'up', near?.previous)}
            {step(t('record.next'), 'down', near?.next)}
            {mayWrite && (
              <>
                {!['done', 'skipped', 'running'].includes(record.state) && (
                  <Button
                    variant="default"
                    onClick={() => setSkipping(true)}
                    leftSection={<Icon name="skip" size={15} />}
                  >
                    {t('records.skip')}
                  </Button>
                )}
                <Button
                  onClick={() => retry.mutate()}
                  loading={retry.isPending}
                  disabled={busy}
                  leftSection={<Icon name="retry" size={15} />}
                >
                  {t('record.retry')}
                </Button>
              </>
            )}
          </>
        }
      />
      {retry.error && <Trouble error={retry.error} />}
      <Skip id={record.id} opened={skipping} close={() => setSkipping(false)} />
    </>
  );
}

const show = (id: string, change: Partial<RecordDetail['record']>) =>
  queries.setQueryData<RecordDetail>(ask(`/records/${id}`).queryKey as never, (old) =>
    old ? { ...old, record: { ...old.record, ...change } } : old,
  );

function Skip({
  id,
  opened,
  close,
}: {
  readonly id: string;
  readonly opened: boolean;
  readonly close: () => void;
}) {
  const [reason, setReason] = useState('');
  const again = () => queries.invalidateQueries({ queryKey: ['records'] });
  return (
    <Confirm
      opened={opened}
      title={t('records.skipTitle')}
      label={t('records.skipCount', { count: 1 })}
      danger
      disabled={reason.trim().length < 3}
      run={async () => {
        await call('POST', '/records/skip', { ids: [id], reason });
        toast(t('records.skippedNow', { count: 1 }), () =>
          call('POST', '/records/retry', { ids: [id] }).then(again),
        );
        setReason('');
        await again();
      }}
      close={close}
    >
      <Stack gap="xs">
        <Text size="sm">{t('records.skipHint')}</Text>
        <Textarea
          label={t('records.skipReason')}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
          required
          maxLength={500}
          autosize
          data-autofocus
        />
      </Stack>
    </Confirm>
  );
}

/** The documents as they came, the newest open. */
const Documents = ({ detail }: { readonly detail: RecordDetail }) =>
  detail.documents.length === 0 ? null : (
    <Panel title={t('record.documents')}>
      <Stack gap="xs">
        {detail.documents.map((document, index) => (
          <details
            key={document.id}
            open={index === 0 && detail.documents.length === 1 && detail.record.flowKind !== planned}
          >
            <summary>
              <Text span size="sm">
                {t('record.version')} <Moment at={document.version} form="exact" />
              </Text>
            </summary>
            <Code value={document.kept} label={t('record.documents')} />
          </details>
        ))}
      </Stack>
    </Panel>
  );
