// A value chosen from a list of the ERP, searched there as one types; what is typed can be used as it is.
import { Combobox, InputBase, Loader, ScrollArea, Text, useCombobox } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Choice } from '../../../src/api/contract/connections.ts';
import { call, withQuery } from '../../api.ts';
import { t } from '../../words/index.ts';

export function ChoiceInput({
  connectionId,
  list,
  label,
  description,
  value,
  change,
  autoFocus,
}: {
  readonly connectionId: string;
  readonly list: string;
  readonly label: string;
  readonly description?: string;
  /** What is shown: the name of the choice, or typed text. */
  readonly value: string;
  readonly change: (name: string, choice: Choice | undefined) => void;
  readonly autoFocus?: boolean;
}) {
  const box = useCombobox({ onDropdownClose: () => box.resetSelectedOption() });
  const [search] = useDebouncedValue(value, 180);
  const [touched, setTouched] = useState(false);
  const found = useQuery({
    queryKey: ['connections', 'choices', connectionId, list, search],
    queryFn: ({ signal }) =>
      call<{ items: Choice[] }>(
        'GET',
        withQuery(`/connections/${encodeURIComponent(connectionId)}/choices/${list}`, {
          q: search,
          limit: 50,
        }),
        undefined,
        signal,
      ),
    enabled: touched,
    staleTime: 60_000,
    retry: 0,
    meta: { live: false },
  });
  const items = found.data?.items ?? [];
  const exact = items.some((one) => one.name === value);
  const pick = (id: string) => {
    const choice = items.find((one) => one.id === id);
    change(choice?.name ?? value, choice);
    box.closeDropdown();
  };
  return (
    <Combobox store={box} onOptionSubmit={pick}>
      <Combobox.Target>
        <InputBase
          label={label}
          description={found.isError ? t('problems.listAbsent') : description}
          value={value}
          placeholder={t('problems.typeToSearch')}
          required
          autoComplete="off"
          data-fix
          data-autofocus={autoFocus || undefined}
          rightSection={found.isFetching ? <Loader size={14} /> : <Combobox.Chevron />}
          rightSectionPointerEvents="none"
          onFocus={() => {
            setTouched(true);
            box.openDropdown();
          }}
          onClick={() => box.openDropdown()}
          onBlur={() => box.closeDropdown()}
          onChange={(event) => {
            change(event.currentTarget.value, undefined);
            box.openDropdown();
            box.updateSelectedOptionIndex();
          }}
        />
      </Combobox.Target>
      <Combobox.Dropdown>
        <Combobox.Options aria-label={label}>
          <ScrollArea.Autosize mah={260} type="auto">
            {items.map((one) => (
              <Combobox.Option key={one.id} value={one.id}>
                <Text size="sm" span>
                  {one.name}
                </Text>
                {one.note && (
                  <Text size="xs" c="dimmed" span ml={8}>
                    {one.note}
                  </Text>
                )}
              </Combobox.Option>
            ))}
            {items.length === 0 && !found.isFetching && (
              <Combobox.Empty>{t('problems.nothingFound')}</Combobox.Empty>
            )}
            {!exact && value !== '' && items.length > 0 && (
              <Combobox.Option value="">{t('problems.useTyped', { text: value })}</Combobox.Option>
            )}
          </ScrollArea.Autosize>
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  );
}
