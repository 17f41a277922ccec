// Small parts of the set-up's forms: buttons of one height, a choice from a list of the account, a value to copy.
import { Button, type ButtonProps, CopyButton, Group, NativeSelect, Select, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type ComponentPropsWithoutRef, useState } from 'react';
import type { Choice } from '../../../src/api/contract/connections.ts';
import type { Questions } from '../../../src/api/contract/setup.ts';
import { ask, withQuery } from '../../api.ts';
import { t } from '../../words/index.ts';

export const ActionButton = (
  props: ButtonProps & Omit<ComponentPropsWithoutRef<'button'>, keyof ButtonProps>,
) => <Button {...props} />;

export const CopyText = ({ value, label }: { readonly value: string; readonly label?: string }) => (
  <CopyButton value={value} timeout={1_500}>
    {({ copied, copy }) => (
      <Button size="xs" variant="default" onClick={copy}>
        {copied ? t('setup.copied') : (label ?? t('setup.copy'))}
      </Button>
    )}
  </CopyButton>
);

type List = Questions['lists'][string];

export const nameOf = (choice: Choice): string =>
  choice.note && choice.note !== choice.name ? `${choice.name} · ${choice.note}` : choice.name;

/** One of a list read out of the account; short lists are plain selects, as fast by keyboard as by mouse. */
export function ListField({
  label,
  help,
  list,
  value,
  suggested,
  required = false,
  empty,
  onChange,
}: {
  readonly label: string;
  readonly help?: string | undefined;
  readonly list: List | undefined;
  readonly value: string | undefined;
  /** The value is ours until the person has seen it. */
  readonly suggested?: boolean;
  readonly required?: boolean;
  readonly empty?: string;
  readonly onChange: (value: string | undefined) => void;
}) {
  const description = list?.unavailable
    ? t('setup.unavailable', { reason: list.unavailable })
    : suggested
      ? t('setup.qSuggested')
      : help;
  const data = (list?.items ?? []).map((choice) => ({ value: choice.id, label: nameOf(choice) }));
  if (data.length > 40)
    return (
      <Select
        label={label}
        description={description}
        withAsterisk={required}
        searchable
        clearable={!required}
        nothingFoundMessage={t('setup.nothingFound')}
        placeholder={empty ?? t('setup.choose')}
        data={data}
        value={value ?? null}
        onChange={(next) => onChange(next ?? undefined)}
      />
    );
  return (
    <NativeSelect
      label={label}
      description={description}
      withAsterisk={required}
      value={value ?? ''}
      onChange={(event) => onChange(event.currentTarget.value || undefined)}
      data={[{ value: '', label: empty ?? t('setup.choose') }, ...data]}
    />
  );
}

/** An item of the account, searched by name: accounts have thousands. The answer is the item's name. */
export function ItemField({
  connectionId,
  label,
  description,
  value,
  required = false,
  onChange,
}: {
  readonly connectionId: string;
  readonly label: string;
  readonly description?: string | undefined;
  readonly value: string | undefined;
  readonly required?: boolean;
  readonly onChange: (value: string | undefined) => void;
}) {
  const [search, setSearch] = useState('');
  const asked = search === (value ?? '') ? '' : search;
  const { data } = useQuery({
    ...ask<{ items: readonly Choice[] }>(
      withQuery(`/connections/${connectionId}/choices/item`, { q: asked || undefined }),
    ),
    staleTime: 60_000,
    placeholderData: (before) => before,
  });
  const names = new Map((data?.items ?? []).map((item) => [item.name, nameOf(item)]));
  if (value && !names.has(value)) names.set(value, value);
  return (
    <Select
      label={label}
      description={description}
      withAsterisk={required}
      searchable
      clearable={!required}
      placeholder={t('setup.search')}
      nothingFoundMessage={t('setup.nothingFound')}
      data={[...names].map(([name, text]) => ({ value: name, label: text }))}
      value={value ?? null}
      onSearchChange={setSearch}
      filter={({ options }) => options}
      onChange={(next) => onChange(next ?? undefined)}
    />
  );
}

export const Fact = ({ name, children }: { readonly name: string; readonly children: React.ReactNode }) => (
  <>
    <dt>{name}</dt>
    <dd>{children}</dd>
  </>
);

export const Warnings = ({ warnings }: { readonly warnings: readonly string[] }) =>
  warnings.length === 0 ? null : (
    <div>
      <Text size="sm" fw={600}>
        {t('setup.attention')}
      </Text>
      <ul className="su-todo">
        {warnings.map((warning) => (
          <li key={warning}>{warning}</li>
        ))}
      </ul>
    </div>
  );

export const Foot = ({ children }: { readonly children: React.ReactNode }) => (
  <Group className="su-foot" justify="space-between">
    {children}
  </Group>
);
