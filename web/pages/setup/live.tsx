// Step 5: going live, pausing, and rolling back: what was made stands here, and what may be undone.
import { Checkbox, Group, List, Stack, Table, Text, Title } from '@mantine/core';
import { useInfiniteQuery, useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type { Made, Setup } from '../../../src/api/contract/setup.ts';
import { call, queries, withQuery } from '../../api.ts';
import { Act } from '../../parts/act.tsx';
import { Lines } from '../../parts/asked.tsx';
import { Confirm } from '../../parts/confirm.tsx';
import { Money } from '../../parts/figures.tsx';
import { ButtonLink, PageLink } from '../../parts/link.tsx';
import { toast } from '../../parts/toast.tsx';
import { Trouble } from '../../parts/trouble.tsx';
import { isKey, moment, t } from '../../words/index.ts';
import { ActionButton, Foot } from './fields.tsx';
import type { OrderAnswers } from './questions.tsx';
import { refresh, type StepProps } from './questions-of.ts';

export function LiveStep({ setup, go }: StepProps) {
  const [asking, setAsking] = useState<'live' | 'roll' | undefined>(undefined);
  const act = async (word: string) => {
    await call('POST', `/setups/${setup.id}/${word}`);
    await queries.invalidateQueries();
    await refresh();
  };
  const orders = setup.answers['orders'] as OrderAnswers | undefined;
  const waits = setup.state === 'open' || setup.state === 'rolled-back';
  return (
    <Stack component="section" aria-label={t('setup.lTitle')}>
      <Title order={2} size="h4">
        {t('setup.lTitle')}
      </Title>
      {setup.state === 'rolled-back' && <Text role="status">{t('setup.lRolled')}</Text>}
      {setup.state === 'paused' && <Text role="status">{t('setup.lPaused')}</Text>}
      {setup.state === 'live' && setup.liveAt && (
        <Text role="status" fw={600}>
          {t('setup.lLive', { when: moment(setup.liveAt) })}{' '}
          {setup.liveBy && t('setup.lLiveBy', { name: setup.liveBy })}
        </Text>
      )}
      {setup.state === 'open' && orders && <Prospect setup={setup} orders={orders} />}
      <Group>
        {waits && (
          <ActionButton disabled={!setup.readiness} onClick={() => setAsking('live')}>
            {setup.state === 'open' ? t('setup.lGo') : t('setup.lAgain')}
          </ActionButton>
        )}
        {setup.state === 'live' && (
          <Act size="sm" label={t('setup.lPause')} path={`/setups/${setup.id}/pause`} />
        )}
        {setup.state === 'paused' && (
          <Act size="sm" variant="filled" label={t('setup.lResume')} path={`/setups/${setup.id}/resume`} />
        )}
        {(setup.state === 'live' || setup.state === 'paused') && (
          <>
            <ActionButton variant="default" onClick={() => setAsking('roll')}>
              {t('setup.lRoll')}
            </ActionButton>
            <ButtonLink to="/" variant="default">
              {t('setup.lOverview')}
            </ButtonLink>
            <ButtonLink
              to="/records"
              search={{ flow: `${setup.channelConnectionId}:orders.import` }}
              variant="default"
            >
              {t('setup.lRecords')}
            </ButtonLink>
          </>
        )}
      </Group>
      <Confirm
        opened={asking === 'live'}
        title={t('setup.lTitle')}
        label={t('setup.lGo')}
        run={() => act('go-live')}
        close={() => setAsking(undefined)}
      >
        <Text size="sm">{t('setup.lGoText')}</Text>
      </Confirm>
      <Confirm
        opened={asking === 'roll'}
        title={t('setup.lRollTitle')}
        label={t('setup.lRoll')}
        danger
        run={() => act('roll-back')}
        close={() => setAsking(undefined)}
      >
        <Text size="sm">{t('setup.lRollText')}</Text>
      </Confirm>
      {setup.liveAt && <MadeDocuments setup={setup} />}
      {waits && (
        <Foot>
          <ActionButton variant="default" onClick={() => go('check')}>
            {t('setup.back')}
          </ActionButton>
          <span />
        </Foot>
      )}
    </Stack>
  );
}

const Prospect = ({ setup, orders }: { readonly setup: Setup; readonly orders: OrderAnswers }) => (
  <div>
    <Text>{t('setup.lReady')}</Text>
    <List size="sm">
      <List.Item>{t('setup.lOrders', { when: moment(orders.goLiveAt) })}</List.Item>
      <List.Item>{orders.confirmShipments ? t('setup.lShip') : t('setup.lShipNo')}</List.Item>
      {orders.tellCancellations && <List.Item>{t('setup.lCancel')}</List.Item>}
    </List>
    {(setup.readiness?.unfit ?? 0) > 0 && (
      <Text size="sm" mt="xs">
        {t('setup.lUnfit')}
      </Text>
    )}
  </div>
);

const kindName = (kind: string): string => {
  const key = `setup.kind_${kind}`;
  return isKey(key) ? t(key as 'setup.kind_invoice') : kind;
};

type Outcome = { readonly recordId: string; readonly undone: boolean; readonly reason: string };

function MadeDocuments({ setup }: { readonly setup: Setup }) {
  const path = `/setups/${setup.id}/made`;
  const made = useInfiniteQuery({
    queryKey: ['setups', path],
    queryFn: ({ pageParam }) => call<Made>('GET', withQuery(path, { cursor: pageParam })),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
  });
  const [chosen, setChosen] = useState<readonly string[] | undefined>(undefined);
  const [asking, setAsking] = useState(false);
  const [outcomes, setOutcomes] = useState<readonly Outcome[]>([]);
  const undo = useMutation({
    mutationFn: async (ids: readonly string[]) => {
      const all: Outcome[] = [];
      // Few at a time: each is read and closed in NetSuite before the next.
      for (let from = 0; from < ids.length; from += 20) {
        const { items } = await call<{ items: readonly Outcome[] }>('POST', `/setups/${setup.id}/undo`, {
          recordIds: ids.slice(from, from + 20),
        });
        all.push(...items);
        setOutcomes([...all]);
      }
      return all;
    },
    onSuccess: (all) => {
      const undone = all.filter((one) => one.undone).length;
      toast(
        [
          t('setup.lUndoDone', { count: undone }),
          ...(undone < all.length ? [t('setup.lKept', { count: all.length - undone })] : []),
        ].join(', '),
      );
      setChosen([]);
      return queries.invalidateQueries();
    },
  });
  if (!made.data) return made.error ? <Trouble error={made.error} /> : <Lines count={4} />;
  const items = made.data.pages.flatMap((page) => page.items);
  const counts = made.data.pages[0]!.counts;
  const undoable = items.filter((one) => one.mayUndo);
  const selected = (chosen ?? undoable.map((one) => one.recordId)).filter((id) =>
    undoable.some((one) => one.recordId === id),
  );
  const may = setup.state === 'rolled-back';
  const reasonOf = new Map(outcomes.map((one) => [one.recordId, one]));
  return (
    <section aria-label={t('setup.lMade')}>
      <Title order={3} size="h5" mb="xs">
        {t('setup.lMade')}
      </Title>
      {items.length === 0 ? (
        <Text c="dimmed">{t('setup.lMadeNone')}</Text>
      ) : (
        <Stack gap="sm">
          <List size="sm">
            {counts.map((one) => (
              <List.Item key={`${one.kind} ${one.adopted} ${one.undone}`}>
                {kindName(one.kind)}: {t('setup.lMadeCount', { count: one.n })}
                {one.adopted ? ` · ${t('setup.lAdopted')}` : ''}
                {one.undone ? ` · ${t('setup.lUndone')}` : ''}
              </List.Item>
            ))}
          </List>
          {may && (
            <>
              <Text size="sm">
                {t('setup.lUndoable', { count: undoable.length })}. {t('setup.lPosted')}
              </Text>
              <div>
                <ActionButton
                  color="red"
                  variant="light"
                  disabled={selected.length === 0}
                  loading={undo.isPending}
                  onClick={() => setAsking(true)}
                >
                  {t('setup.lUndo', { count: selected.length })}
                </ActionButton>
              </div>
              {undo.error && <Trouble error={undo.error} />}
            </>
          )}
          <Table.ScrollContainer minWidth={520}>
            <Table>
              <Table.Thead>
                <Table.Tr>
                  {may && <Table.Th w={36}> </Table.Th>}
                  <Table.Th>{t('setup.cOrder')}</Table.Th>
                  <Table.Th>{t('setup.lKind')}</Table.Th>
                  <Table.Th>{t('setup.lNumber')}</Table.Th>
                  <Table.Th ta="right">{t('setup.lTotal')}</Table.Th>
                  <Table.Th>{t('setup.lState')}</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {items.map((one) => {
                  const outcome = reasonOf.get(one.recordId);
                  return (
                    <Table.Tr key={one.recordId}>
                      {may && (
                        <Table.Td>
                          <Checkbox
                            aria-label={t('setup.lSelect', { order: one.channelOrderId })}
                            disabled={!one.mayUndo}
                            checked={selected.includes(one.recordId)}
                            onChange={(event) =>
                              setChosen(
                                event.currentTarget.checked
                                  ? [...selected, one.recordId]
                                  : selected.filter((id) => id !== one.recordId),
                              )
                            }
                          />
                        </Table.Td>
                      )}
                      <Table.Td>
                        <PageLink to={`/records/${one.recordId}`} ff="monospace" size="sm">
                          {one.channelOrderId}
                        </PageLink>
                      </Table.Td>
                      <Table.Td>{kindName(one.kind)}</Table.Td>
                      <Table.Td>{one.number}</Table.Td>
                      <Table.Td ta="right">
                        <Money minor={one.totalMinor} currency={one.currency} />
                      </Table.Td>
                      <Table.Td>
                        {one.undone ? t('setup.lUndone') : one.adopted ? t('setup.lAdopted') : ''}
                        {outcome && !outcome.undone ? outcome.reason : ''}
                      </Table.Td>
                    </Table.Tr>
                  );
                })}
              </Table.Tbody>
            </Table>
          </Table.ScrollContainer>
          {made.hasNextPage && (
            <div>
              <ActionButton
                variant="default"
                loading={made.isFetchingNextPage}
                onClick={() => void made.fetchNextPage()}
              >
                {t('setup.lMore')}
              </ActionButton>
            </div>
          )}
        </Stack>
      )}
      <Confirm
        opened={asking}
        title={t('setup.lUndoTitle')}
        label={t('setup.lUndo', { count: selected.length })}
        danger
        run={() => undo.mutateAsync(selected)}
        close={() => setAsking(false)}
      >
        <Text size="sm">{t('setup.lUndoText')}</Text>
      </Confirm>
    </section>
  );
}
