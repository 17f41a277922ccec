// How is the list narrowed? A field for any id, the filters of daily work beside it, the rarer ones behind a button; what
// is in force stands below, each to be taken away.
import { ActionIcon, Button, Group, Popover, Select, Stack, Text, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { type RefObject, useEffect, useState } from 'react';
import { ask } from '../../api.ts';
import { flowName } from '../../parts/flow.ts';
import { Icon } from '../../parts/icon.tsx';
import { askMarketplaces, useMarketplaces } from '../../parts/marketplaces.ts';
import type { UrlValues } from '../../parts/url.ts';
import { day, shortMoment, t, tState } from '../../words/index.ts';
import { labelName } from './columns.tsx';
import { type Filter, type FilterName, labels, states } from './filter.ts';

interface FilterProps {
  readonly filter: Filter;
  readonly change: (values: UrlValues) => void;
}
interface FlowList {
  readonly items: readonly { readonly id: string; readonly kind: string }[];
}

export function Filters({
  filter,
  change,
  field,
}: FilterProps & { readonly field: RefObject<HTMLInputElement | null> }) {
  const [text, setText] = useState(filter.q ?? '');
  const send = useDebouncedCallback((q: string) => change({ q: q.trim() || undefined }), 180);
  // The address changed elsewhere: “back”, a saved view, a chip taken away.
  useEffect(() => setText((now) => (now.trim() === (filter.q ?? '') ? now : (filter.q ?? ''))), [filter.q]);
  const one = filter.state && !filter.state.includes(',') ? filter.state : null;
  return (
    <Group gap="xs">
      <TextInput
        ref={field}
        aria-label={t('records.search')}
        placeholder={t('records.search')}
        leftSection={<Icon name="search" size={16} />}
        rightSection={
          text ? (
            <ActionIcon
              size="sm"
              aria-label={t('records.clearSearch')}
              onClick={() => {
                setText('');
                change({ q: undefined });
              }}
            >
              <Icon name="cross" size={14} />
            </ActionIcon>
          ) : (
            <kbd className="cd-keys">/</kbd>
          )
        }
        value={text}
        onChange={(event) => {
          setText(event.currentTarget.value);
          send(event.currentTarget.value);
        }}
        onKeyDown={(event) => event.key === 'Escape' && event.currentTarget.blur()}
        className="cd-search"
      />
      <Select
        aria-label={t('records.state')}
        placeholder={t('records.anyState')}
        clearable
        w={170}
        data={states.map((state) => ({ value: state, label: tState(state) }))}
        value={one}
        onChange={(state) => change({ state: state ?? undefined })}
        clearButtonProps={{ 'aria-label': t('records.clearState') }}
      />
      <More filter={filter} change={change} />
    </Group>
  );
}

/** Days in the reader's zone become moments: the first of a day, the first of the day after. */
const dayStart = (text: string, plus = 0): string | undefined => {
  const [year, month, date] = text.split('-').map(Number);
  return year && month && date ? new Date(year, month - 1, date + plus).toISOString() : undefined;
};
function dayText(moment: string | undefined, minus = 0): string {
  if (!moment) return '';
  const at = new Date(new Date(moment).getTime() - minus);
  const two = (value: number) => String(value).padStart(2, '0');
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
}

function More({ filter, change }: FilterProps) {
  const flows = useQuery(ask<FlowList>('/flows'));
  const markets = useQuery(askMarketplaces());
  const set = (name: FilterName) => (value: string | null) => change({ [name]: value || undefined });
  const choice = (name: FilterName, label: string, data: readonly { value: string; label: string }[]) => (
    <Select
      size="xs"
      label={label}
      clearable
      clearButtonProps={{ 'aria-label': t('records.clear', { name: label }) }}
      comboboxProps={{ withinPortal: false }}
      data={[...data]}
      value={filter[name] ?? null}
      onChange={set(name)}
    />
  );
  const date = (label: string, value: string, put: (text: string) => void) => (
    <TextInput
      size="xs"
      type="date"
      label={label}
      value={value}
      onChange={(event) => put(event.currentTarget.value)}
    />
  );
  return (
    <Popover position="bottom-start" shadow="md" trapFocus width={320} withinPortal>
      <Popover.Target>
        <Button variant="default" leftSection={<Icon name="filter" size={15} />}>
          {t('records.filters')}
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label={t('records.filters')}>
        <Stack gap="xs">
          {choice(
            'flow',
            t('records.column_flow'),
            (flows.data?.items ?? []).map(({ id, kind }) => ({
              value: id,
              label: `${flowName(kind)} (${id.split(':')[0]})`,
            })),
          )}
          {choice(
            'marketplace',
            t('records.column_channel'),
            (markets.data?.items ?? []).map(({ id, name }) => ({ value: id, label: name })),
          )}
          {choice(
            'fulfilledBy',
            t('records.column_fulfilledBy'),
            (['merchant', 'marketplace'] as const).map((one) => ({
              value: one,
              label: t(`records.by_${one}`),
            })),
          )}
          {choice(
            'label',
            t('records.column_labels'),
            labels.map((label) => ({ value: label, label: labelName(label) })),
          )}
          <Group grow gap="xs">
            {date(t('records.placedFrom'), dayText(filter.placedFrom), (text) =>
              change({ placedFrom: dayStart(text) }),
            )}
            {date(t('records.placedTo'), dayText(filter.placedTo, 1), (text) =>
              change({ placedTo: dayStart(text, 1) }),
            )}
          </Group>
          <Group grow gap="xs">
            {date(t('records.doneFrom'), dayText(filter.doneFrom), (text) =>
              change({ doneFrom: dayStart(text) }),
            )}
            {date(t('records.doneTo'), dayText(filter.doneTo, 1), (text) =>
              change({ doneTo: dayStart(text, 1) }),
            )}
          </Group>
          {choice(
            'sort',
            t('records.sort'),
            (['newest', 'oldest', 'placed', 'done', 'ship-by'] as const).map((one) => ({
              value: one,
              label: t(`records.sort_${one === 'ship-by' ? 'shipBy' : one}`),
            })),
          )}
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}

/** What is in force besides the search, each with a button that takes it away. */
export function Chips({ filter, change }: FilterProps) {
  const marketplace = useMarketplaces();
  const words: Partial<Record<FilterName, (value: string) => string>> = {
    state: (value) => value.split(',').map(tState).join(', '),
    flow: (value) => `${flowName(value.split(':').at(-1) ?? value)} (${value.split(':')[0]})`,
    marketplace,
    fulfilledBy: (value) => t(value === 'merchant' ? 'records.by_merchant' : 'records.by_marketplace'),
    label: labelName,
    placedFrom: (value) => t('records.chipPlacedFrom', { day: exactDay(value) }),
    placedTo: (value) => t('records.chipPlacedTo', { day: exactDay(value) }),
    doneFrom: (value) => t('records.chipDoneFrom', { day: exactDay(value) }),
    doneTo: (value) => t('records.chipDoneTo', { day: exactDay(value) }),
    problem: (value) => t('records.chipProblem', { id: value }),
    atRisk: () => t('records.viewAtRisk'),
    overdue: () => t('records.viewOverdue'),
    sort: (value) => t(`records.sort_${value === 'ship-by' ? 'shipBy' : (value as 'newest')}`),
  };
  const shown = Object.entries(filter).filter(
    // The search and a single state stand in their own fields above.
    ([name, value]) => name !== 'q' && !(name === 'state' && !value.includes(',')),
  ) as [FilterName, string][];
  if (shown.length === 0) return null;
  return (
    <Group gap={6} component="ul" m={0} p={0} style={{ listStyle: 'none' }} aria-label={t('records.inForce')}>
      {shown.map(([name, value]) => {
        const text = words[name]?.(value) ?? value;
        return (
          <li key={name} className="cd-chip">
            <Text span size="xs">
              {text}
            </Text>
            <button
              type="button"
              aria-label={t('records.clear', { name: text })}
              onClick={() => change({ [name]: undefined })}
            >
              <Icon name="cross" size={12} />
            </button>
          </li>
        );
      })}
    </Group>
  );
}

/** A day when the moment is its first, else the moment itself: the chart's hours are no days. */
function exactDay(value: string): string {
  const at = new Date(value);
  return at.getHours() + at.getMinutes() + at.getSeconds() === 0 ? day(at) : shortMoment(at);
}
