// Step 4: real recent orders as a dry run: what fits, what does not, and how to mend it right here.
import { Collapse, Group, NativeSelect, SegmentedControl, Stack, Table, Text, Title } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type { ComparedOrder, Readiness } from '../../../src/api/contract/setup.ts';
import { call } from '../../api.ts';
import { Lines } from '../../parts/asked.tsx';
import { Empty } from '../../parts/empty.tsx';
import { Moment } from '../../parts/figures.tsx';
import { toast } from '../../parts/toast.tsx';
import { Steps, Trouble } from '../../parts/trouble.tsx';
import { isKey, money, shortMoment, t } from '../../words/index.ts';
import { ActionButton, Foot, ItemField } from './fields.tsx';
import { refresh, type StepProps } from './questions-of.ts';

const names = ['total', 'tax', 'lines', 'quantities', 'fields'] as const;

export function CheckStep({ setup, go }: StepProps) {
  const [last, setLast] = useState('25');
  const run = useMutation({
    mutationFn: () => call<Readiness>('POST', `/setups/${setup.id}/check`, { last: Number(last) }),
    onSuccess: refresh,
  });
  const readiness = run.data ?? setup.readiness;
  return (
    <Stack component="section" aria-label={t('setup.cTitle')}>
      <div>
        <Title order={2} size="h4">
          {t('setup.cTitle')}
        </Title>
        <Text size="sm" c="dimmed">
          {t('setup.cIntro')}
        </Text>
      </div>
      <Group align="end">
        <NativeSelect
          label={t('setup.cCount')}
          value={last}
          onChange={(event) => setLast(event.currentTarget.value)}
          data={['10', '25', '50', '100']}
        />
        <ActionButton
          variant={readiness ? 'default' : 'filled'}
          loading={run.isPending}
          onClick={() => run.mutate()}
        >
          {readiness ? t('setup.cAgain') : t('setup.cRun')}
        </ActionButton>
        {readiness && (
          <Text size="sm" c="dimmed">
            <Moment at={readiness.at} form="ago" />
          </Text>
        )}
      </Group>
      {run.error && <Trouble error={run.error} />}
      {run.isPending && !readiness && <Lines count={6} />}
      {readiness && (
        <Result
          setupChannel={setup.channelConnectionId!}
          erp={setup.erpConnectionId!}
          readiness={readiness}
        />
      )}
      <Foot>
        <ActionButton variant="default" onClick={() => go('questions')}>
          {t('setup.back')}
        </ActionButton>
        <ActionButton disabled={!readiness} onClick={() => go('live')}>
          {t('setup.next')}
        </ActionButton>
      </Foot>
    </Stack>
  );
}

function Result({
  readiness,
  setupChannel,
  erp,
}: {
  readonly readiness: Readiness;
  readonly setupChannel: string;
  readonly erp: string;
}) {
  const [shown, setShown] = useState<'all' | ComparedOrder['verdict']>(readiness.unfit > 0 ? 'unfit' : 'all');
  if (readiness.orders.length === 0) return <Empty title={t('setup.cNone')} />;
  const orders = readiness.orders.filter((one) => shown === 'all' || one.verdict === shown);
  return (
    <Stack>
      <div role="status">
        <Text fw={600}>{t('setup.cFits', { count: readiness.fits })}</Text>
        {readiness.unfit > 0 && (
          <Text>
            {t('setup.cUnfit', { count: readiness.unfit })}. {t('setup.cUnfitHint')}
          </Text>
        )}
        {readiness.leftOut > 0 && (
          <Text size="sm" c="dimmed">
            {t('setup.cLeftOut', { count: readiness.leftOut })}
          </Text>
        )}
      </div>
      <ul className="su-tallies">
        {names.map((name) => {
          const tally = readiness.tallies[name] ?? { compared: 0, equal: 0 };
          return (
            <li key={name}>
              <strong>{t(`setup.compare_${name}`)}</strong>
              <span className="cd-state" data-tone={tally.equal === tally.compared ? 'good' : 'bad'}>
                {t('setup.equalOf', { equal: tally.equal, compared: tally.compared })}
              </span>
            </li>
          );
        })}
      </ul>
      <SegmentedControl
        aria-label={t('setup.cVerdict')}
        style={{ alignSelf: 'flex-start' }}
        value={shown}
        onChange={(value) => setShown(value as 'all')}
        data={[
          { value: 'all', label: t('setup.filterAll') },
          { value: 'unfit', label: t('setup.verdict_unfit') },
          { value: 'fits', label: t('setup.verdict_fits') },
          { value: 'left-out', label: t('setup.verdict_left-out') },
        ]}
      />
      <Table.ScrollContainer minWidth={560}>
        <Table>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t('setup.cOrder')}</Table.Th>
              <Table.Th>{t('setup.cVerdict')}</Table.Th>
              <Table.Th>{t('setup.cDocument')}</Table.Th>
              <Table.Th>{t('setup.cDetail')}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {orders.map((order) => (
              <Order key={order.orderId} order={order} channel={setupChannel} erp={erp} />
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </Stack>
  );
}

function Order({
  order,
  channel,
  erp,
}: {
  readonly order: ComparedOrder;
  readonly channel: string;
  readonly erp: string;
}) {
  const [opened, setOpened] = useState(false);
  const tone = order.verdict === 'fits' ? 'good' : order.verdict === 'unfit' ? 'bad' : 'rest';
  const kind = `setup.kind_${order.documentKind}`;
  return (
    <Table.Tr>
      <Table.Td style={{ verticalAlign: 'top' }}>
        <Text size="sm" ff="monospace">
          {order.orderId}
        </Text>
        <Text size="xs" c="dimmed">
          {order.marketplace} · {shortMoment(order.placedAt)}
        </Text>
      </Table.Td>
      <Table.Td style={{ verticalAlign: 'top' }}>
        <span className="cd-state" data-tone={tone}>
          {t(`setup.verdict_${order.verdict}`)}
        </span>
      </Table.Td>
      <Table.Td style={{ verticalAlign: 'top' }}>
        {isKey(kind) ? t(kind as 'setup.kind_invoice') : '–'}
      </Table.Td>
      <Table.Td style={{ verticalAlign: 'top' }}>
        {order.problem && (
          <>
            <Text size="sm">{order.problem.message}</Text>
            <Steps steps={order.problem.nextSteps} />
            {order.problem.facts['lookup'] === 'item-alias' && (
              <Alias sku={String(order.problem.facts['key'])} channel={channel} erp={erp} />
            )}
          </>
        )}
        {order.reason && <Text size="sm">{order.reason}</Text>}
        {order.checks.length > 0 && (
          <>
            <ActionButton
              size="compact-xs"
              variant="subtle"
              aria-expanded={opened}
              onClick={() => setOpened(!opened)}
            >
              {`${t('setup.cDetail')}: ${order.orderId}`}
            </ActionButton>
            <Collapse expanded={opened}>
              <Compared order={order} />
            </Collapse>
          </>
        )}
      </Table.Td>
    </Table.Tr>
  );
}

const fieldName = (name: string): string => {
  const key = `setup.field_${name.trim()}`;
  return isKey(key) ? t(key as 'setup.field_shipTo') : name;
};

const Compared = ({ order }: { readonly order: ComparedOrder }) => (
  <table className="su-compare">
    <thead>
      <tr>
        <th> </th>
        <th scope="col">{t('setup.cAmazonSays')}</th>
        <th scope="col">{t('setup.cWouldBook')}</th>
      </tr>
    </thead>
    <tbody>
      {order.checks.map((check) => {
        const figure = (text: string) =>
          check.name === 'total' || check.name === 'tax' ? money(text, order.currency) : text || '–';
        return (
          <tr key={check.name}>
            <th scope="row">{t(`setup.compare_${check.name}`)}</th>
            <td>{check.name === 'fields' ? '' : figure(check.expected)}</td>
            <td>
              <span className="cd-state" data-tone={check.equal ? 'good' : 'bad'}>
                {check.name !== 'fields'
                  ? figure(check.actual)
                  : check.equal
                    ? t('setup.verdict_fits')
                    : t('setup.cUnset', { fields: check.actual.split(',').map(fieldName).join(', ') })}
              </span>
            </td>
          </tr>
        );
      })}
    </tbody>
  </table>
);

/** The usual cure right here: which NetSuite item a SKU is. */
function Alias({
  sku,
  channel,
  erp,
}: {
  readonly sku: string;
  readonly channel: string;
  readonly erp: string;
}) {
  const [item, setItem] = useState<string | undefined>(undefined);
  const save = useMutation({
    mutationFn: () =>
      call('PUT', `/connections/${channel}/lookups`, { name: 'item-alias', key: sku, value: item }),
    onSuccess: () => toast(t('setup.cAliasSaved', { sku, item: item ?? '' })),
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      <Group align="end" mt="xs">
        <ItemField connectionId={erp} label={t('setup.cAlias', { sku })} value={item} onChange={setItem} />
        <ActionButton type="submit" variant="default" disabled={!item} loading={save.isPending}>
          {t('setup.cAliasSave')}
        </ActionButton>
      </Group>
      {save.error && <Trouble error={save.error} />}
    </form>
  );
}
