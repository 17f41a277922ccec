// Why does this listing show seven? The steps from NetSuite's shelves to the figure, what was told, and the SKU's own rules.
import { Alert, Button, Checkbox, Group, NumberInput, SimpleGrid, Stack, Table, Text } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useState } from 'react';
import type { StockDetail, StockRulesOfSku, StockStepShown } from '../../../src/api/contract/stock.ts';
import { ask, call, queries } from '../../api.ts';
import { Act } from '../../parts/act.tsx';
import { Asked } from '../../parts/asked.tsx';
import { Id } from '../../parts/id.tsx';
import { PageLink } from '../../parts/link.tsx';
import { PageHead, Section } from '../../parts/page.tsx';
import { toast } from '../../parts/toast.tsx';
import { Trouble } from '../../parts/trouble.tsx';
import { count, moment, t } from '../../words/index.ts';
import { StockState } from './state.tsx';

const figure = { textAlign: 'right', fontVariantNumeric: 'tabular-nums' } as const;

export function StockOnePage() {
  const { connectionId = '', sku = '' } = useParams({ strict: false }) as Record<string, string>;
  const path = `/stock/${encodeURIComponent(connectionId)}/${encodeURIComponent(sku)}`;
  return <Asked<StockDetail> path={path}>{(detail) => <One path={path} detail={detail} />}</Asked>;
}

function One({ path, detail }: { readonly path: string; readonly detail: StockDetail }) {
  const { listing, why } = detail;
  return (
    <Stack>
      <PageHead
        title={listing.sku}
        name={<Id value={listing.sku} />}
        hint={
          <>
            <PageLink to="/stock">{t('stock.back')}</PageLink> · <span dir="auto">{listing.title}</span>
          </>
        }
        actions={
          <>
            <StockState state={listing.state} />
            {listing.wanted !== null && (
              <Act
                label={t('stock.tellAgain')}
                path={`${path}/tell`}
                body={{}}
                said={() => t('stock.tellAgainSaid')}
              />
            )}
          </>
        }
      />
      {listing.problem && (
        <Alert color="red" title={t('stock.refused')}>
          {listing.problem.message}
          {listing.dueAt && (
            <Text size="sm" mt={4}>
              {t('stock.nextTry', { moment: moment(listing.dueAt) })}
            </Text>
          )}
        </Alert>
      )}
      {listing.state === 'marketplace' ? (
        <Alert>{t('stock.whyMarketplace')}</Alert>
      ) : (
        <SimpleGrid cols={{ base: 1, md: 2 }} spacing="lg">
          <Section
            title={
              listing.wanted === null
                ? t('stock.whyUnknown')
                : t('stock.why', { quantity: count(listing.wanted) })
            }
          >
            <Why detail={detail} steps={why} />
          </Section>
          <Section title={t('stock.rules')}>
            <Rules path={path} rules={listing.rules} />
          </Section>
          <Section title={t('stock.levels')}>
            <Levels detail={detail} />
          </Section>
          <Section title={t('stock.history')}>
            <History detail={detail} />
          </Section>
        </SimpleGrid>
      )}
    </Stack>
  );
}

/** Names of locations, as far as NetSuite gives them now; else their ids. */
function usePlaces(erpConnectionId: string | null): (id: string) => string {
  const { data } = useQuery({
    ...ask<{ items: readonly { id: string; name: string }[] }>(
      `/connections/${encodeURIComponent(erpConnectionId ?? '')}/choices/location`,
    ),
    enabled: erpConnectionId !== null,
    staleTime: 10 * 60_000,
    retry: false,
  });
  return (id) => data?.items.find((place) => place.id === id)?.name ?? id;
}

function Why({ detail, steps }: { readonly detail: StockDetail; readonly steps: readonly StockStepShown[] }) {
  const place = usePlaces(detail.listing.erpConnectionId);
  const most = Math.max(1, ...steps.map((step) => step.left));
  if (steps.length === 0) return <Text c="dimmed">{t('stock.whyUnknown')}</Text>;
  return (
    <Stack gap="xs">
      <Table aria-label={t('stock.step')}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">{t('stock.step')}</Table.Th>
            <Table.Th scope="col" style={figure}>
              {t('stock.change')}
            </Table.Th>
            <Table.Th scope="col" style={figure}>
              {t('stock.left')}
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {steps.map((step, index) => (
            <Table.Tr key={`${step.kind} ${step.locationId ?? index}`}>
              <Table.Td>
                {wordsOf(step, place)}
                <div
                  aria-hidden
                  style={{
                    height: 4,
                    marginTop: 4,
                    borderRadius: 2,
                    width: `${(100 * step.left) / most}%`,
                    background: `var(--mantine-color-${step.units < 0 ? 'orange' : 'teal'}-5)`,
                  }}
                />
              </Table.Td>
              <Table.Td style={figure}>
                {step.units > 0 ? `+${count(step.units)}` : count(step.units)}
              </Table.Td>
              <Table.Td style={figure}>{count(step.left)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      {steps.some((step) => step.kind === 'no-item') && <Text size="sm">{t('stock.noItemStep')}</Text>}
      {detail.reservedBy.length > 0 && (
        <Text size="sm">
          {t('stock.reserved')}:{' '}
          {detail.reservedBy.map((one, index) => (
            <span key={`${one.recordId} ${one.orderId}`}>
              {index > 0 ? ', ' : ''}
              <PageLink to={`/records/${one.recordId}`}>{one.orderId}</PageLink> ({count(one.quantity)})
            </span>
          ))}
        </Text>
      )}
    </Stack>
  );
}

function wordsOf(step: StockStepShown, place: (id: string) => string): string {
  switch (step.kind) {
    case 'location':
      return t('stock.step.location', { place: place(step.locationId ?? '') });
    case 'reserved':
      return t('stock.step.reserved', { count: step.orderIds?.length ?? 1 });
    default:
      return t(`stock.step.${step.kind}`);
  }
}

function Levels({ detail }: { readonly detail: StockDetail }) {
  const place = usePlaces(detail.listing.erpConnectionId);
  return (
    <Stack gap="xs">
      <Text size="sm">
        {t('stock.parts')}:{' '}
        {detail.parts
          .map((part) => t('stock.part', { quantity: part.quantity, item: nameOf(detail, part.itemId) }))
          .join(' + ') || '–'}
      </Text>
      {detail.sharedWith.length > 0 && (
        <Text size="sm">
          {t('stock.sharedWith')}:{' '}
          {detail.sharedWith.map((sku, index) => (
            <span key={sku}>
              {index > 0 ? ', ' : ''}
              <PageLink
                to={`/stock/${encodeURIComponent(detail.listing.connectionId)}/${encodeURIComponent(sku)}`}
              >
                {sku}
              </PageLink>
            </span>
          ))}
        </Text>
      )}
      <Table>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">{t('stock.item')}</Table.Th>
            <Table.Th scope="col">{t('stock.place')}</Table.Th>
            <Table.Th scope="col" style={figure}>
              {t('stock.available')}
            </Table.Th>
            <Table.Th scope="col">{t('stock.readAt')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {detail.levels.map((level) => (
            <Table.Tr key={`${level.itemId}/${level.locationId}`}>
              <Table.Td>{nameOf(detail, level.itemId)}</Table.Td>
              <Table.Td>{place(level.locationId)}</Table.Td>
              <Table.Td style={figure}>{count(level.available)}</Table.Td>
              <Table.Td>{moment(level.readAt)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Stack>
  );
}

const nameOf = ({ listing }: StockDetail, itemId: string): string =>
  itemId === listing.itemId ? (listing.itemName ?? itemId) : itemId;

function History({ detail }: { readonly detail: StockDetail }) {
  if (detail.tellings.length === 0) return <Text c="dimmed">{t('stock.nothingTold')}</Text>;
  return (
    <Table>
      <Table.Thead>
        <Table.Tr>
          <Table.Th scope="col">{t('stock.when')}</Table.Th>
          <Table.Th scope="col" style={figure}>
            {t('stock.quantity')}
          </Table.Th>
          <Table.Th scope="col">{t('stock.via')}</Table.Th>
          <Table.Th scope="col">{t('stock.outcome')}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {detail.tellings.map((telling) => (
          <Table.Tr key={`${telling.at} ${telling.quantity} ${telling.outcome}`}>
            <Table.Td>{moment(telling.at)}</Table.Td>
            <Table.Td style={figure}>{count(telling.quantity)}</Table.Td>
            <Table.Td>{t(`stock.via.${telling.via}`)}</Table.Td>
            <Table.Td>
              {t(`stock.outcome.${telling.outcome}`)}
              {telling.message ? ` – ${telling.message}` : ''}
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

const numbers = ['bufferUnits', 'bufferPercent', 'minimumToList', 'maximumToList'] as const;

function Rules({ path, rules }: { readonly path: string; readonly rules: StockRulesOfSku }) {
  const [form, setForm] = useState<Record<string, number | '' | boolean>>({ ...rules });
  const save = useMutation({
    mutationFn: (next: StockRulesOfSku) => call('PUT', `${path}/rules`, next),
    onSuccess: (_answer, next) => {
      toast(t('stock.savedSaid'), async () => {
        await call('PUT', `${path}/rules`, rules);
        setForm({ ...rules });
        await queries.invalidateQueries({ queryKey: ['stock'] });
      });
      setForm({ ...next });
      return queries.invalidateQueries({ queryKey: ['stock'] });
    },
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        const given = numbers.filter((name) => typeof form[name] === 'number');
        save.mutate({
          ...Object.fromEntries(given.map((name) => [name, form[name]])),
          ...(form['stopSell'] === true ? { stopSell: true } : {}),
        });
      }}
    >
      <Stack gap="xs">
        <Text size="sm" c="dimmed">
          {t('stock.rulesHint')}
        </Text>
        <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="xs">
          {numbers.map((name) => (
            <NumberInput
              key={name}
              size="xs"
              label={t(`stock.${name}`)}
              min={name === 'maximumToList' ? 1 : 0}
              {...(name === 'bufferPercent' ? { max: 100 } : {})}
              allowDecimal={false}
              value={typeof form[name] === 'number' ? form[name] : ''}
              onChange={(value) => setForm({ ...form, [name]: typeof value === 'number' ? value : '' })}
            />
          ))}
        </SimpleGrid>
        <Checkbox
          label={t('stock.stopSell')}
          checked={form['stopSell'] === true}
          onChange={(event) => setForm({ ...form, stopSell: event.currentTarget.checked })}
        />
        {save.error && <Trouble error={save.error} />}
        <Group>
          <Button type="submit" size="xs" loading={save.isPending}>
            {t('stock.saveRules')}
          </Button>
          <PageLink to="/flows">{t('shell.flows')}</PageLink>
        </Group>
      </Stack>
    </form>
  );
}
