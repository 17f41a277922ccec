// One field's own rule: a fixed value, a lookup, or an expression; checked as it is typed, and tried on real orders.
import {
  Button,
  Code,
  Group,
  Modal,
  NativeSelect,
  Radio,
  Stack,
  Table,
  Text,
  Textarea,
  TextInput,
} from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { ChangePreview, Flow, MappingField, OverrideFault } from '../../../src/api/contract/flows.ts';
import type { Questions } from '../../../src/api/contract/setup.ts';
import { ask, call, queries } from '../../api.ts';
import { toast } from '../../parts/toast.tsx';
import { Steps, Trouble } from '../../parts/trouble.tsx';
import { t } from '../../words/index.ts';
import { ListField } from '../setup/fields.tsx';
import { fieldName } from './names.ts';

type Kind = 'constant' | 'lookup' | 'expression';
const facts = [
  'order.marketplaceName',
  'order.fulfilledBy',
  'order.prime',
  'order.business',
  'order.shipService',
  'order.shipTo.state',
  'order.shipTo.country',
  'order.total',
  'order.lines',
];
const lineFacts = ['line.sku', 'line.role', 'line.quantity', 'line.description'];
/** Orders tried while one types; enough to meet the usual kinds, few enough to answer at once. */
const triedOrders = 25;

export function Editor({
  flow,
  field,
  close,
}: {
  readonly flow: Flow;
  readonly field: MappingField;
  readonly close: () => void;
}) {
  const path = `/flows/${encodeURIComponent(flow.id)}`;
  const before = field.override;
  const [kind, setKind] = useState<Kind>((before?.kind as Kind | undefined) ?? 'constant');
  const [constant, setConstant] = useState(before?.kind === 'constant' ? before.value : '');
  const [[table, key], setLookup] = useState<readonly [string, string]>(
    before?.kind === 'lookup' ? splitLookup(before.value) : ['', 'order.shipTo.state'],
  );
  const [expression, setExpression] = useState(before?.kind === 'expression' ? before.value : '');
  const value =
    kind === 'constant'
      ? constant
      : kind === 'lookup'
        ? table && key
          ? `${table} by ${key}`
          : ''
        : expression;
  const [settled] = useDebouncedValue(value, 400);
  const wanted = { field: field.field, kind, value: settled };
  const check = useQuery({
    queryKey: ['flows', path, 'check', wanted],
    queryFn: () => call<{ fault: OverrideFault | null }>('POST', `${path}/overrides/check`, wanted),
    enabled: settled !== '',
    staleTime: 30_000,
  });
  const fault = settled === value ? check.data?.fault : undefined;
  const usable = value !== '' && settled === value && check.data?.fault === null;
  const preview = useQuery({
    queryKey: ['flows', path, 'preview', wanted],
    queryFn: () => call<ChangePreview>('POST', `${path}/preview`, { overrides: [wanted], last: triedOrders }),
    enabled: usable,
    staleTime: 30_000,
  });
  const name = fieldName(field.field);
  const put = (rule: { kind: string; value: string }) =>
    call('PUT', `${path}/overrides`, { field: field.field, kind: rule.kind, value: rule.value });
  const drop = () => call('DELETE', `${path}/overrides/${encodeURIComponent(field.field)}`);
  const back = async () => {
    await (before ? put(before) : drop());
    await queries.invalidateQueries();
  };
  const save = useMutation({
    mutationFn: () => put({ kind, value }),
    onSuccess: async () => {
      toast(t('mappings.saved', { field: name }), back);
      await queries.invalidateQueries();
      close();
    },
  });
  const remove = useMutation({
    mutationFn: drop,
    onSuccess: async () => {
      toast(t('mappings.removed', { field: name }), back);
      await queries.invalidateQueries();
      close();
    },
  });
  return (
    <Modal
      opened
      onClose={close}
      size="xl"
      title={t('mappings.changeField', { field: name })}
      closeButtonProps={{ 'aria-label': t('mappings.close') }}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (usable) save.mutate();
        }}
      >
        <Stack>
          <Radio.Group
            label={t('mappings.kindLabel')}
            value={kind}
            onChange={(next) => setKind(next as Kind)}
          >
            <Group mt={6}>
              {(['constant', 'lookup', 'expression'] as const).map((one) => (
                <Radio key={one} value={one} label={t(`mappings.kind_${one}`)} />
              ))}
            </Group>
          </Radio.Group>
          {kind === 'constant' && (
            <Constant flow={flow} field={field} value={constant} onChange={setConstant} />
          )}
          {kind === 'lookup' && (
            <LookupRule flow={flow} table={table} keyText={key} onChange={(a, b) => setLookup([a, b])} />
          )}
          {kind === 'expression' && (
            <Textarea
              label={t('mappings.expression')}
              autosize
              minRows={2}
              spellCheck={false}
              styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
              value={expression}
              onChange={(event) => setExpression(event.currentTarget.value)}
              placeholder={'order.shipTo.state == "CA" ? "12" : "7"'}
            />
          )}
          {kind !== 'constant' && (
            <Text size="sm" c="dimmed" component="div">
              {t('mappings.reads')}:{' '}
              {[...facts, ...(field.on === 'line' ? lineFacts : [])].map((one) => (
                <Code key={one} mr={4}>
                  {one}
                </Code>
              ))}
            </Text>
          )}
          <div role="status">
            {settled !== value && value !== '' && <Text size="sm">{t('mappings.checking')}</Text>}
            {fault && <Fault fault={fault} text={value} />}
            {usable && <Text size="sm">{t('mappings.fits')}</Text>}
          </div>
          {usable && preview.data && <Preview preview={preview.data} />}
          {(check.error ?? preview.error ?? save.error ?? remove.error) && (
            <Trouble error={(check.error ?? preview.error ?? save.error ?? remove.error)!} />
          )}
          <Group justify="space-between">
            {before ? (
              <Button variant="subtle" color="red" loading={remove.isPending} onClick={() => remove.mutate()}>
                {t('mappings.remove')}
              </Button>
            ) : (
              <span />
            )}
            <Button type="submit" disabled={!usable} loading={save.isPending}>
              {t('mappings.save')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

const splitLookup = (value: string): readonly [string, string] => {
  const [table = '', key = ''] = value.split(/ by (.*)/s);
  return [table, key];
};

/** The place of a mistake, marked in the text itself. */
function Fault({ fault, text }: { readonly fault: OverrideFault; readonly text: string }) {
  const { start, end } = fault;
  return (
    <>
      <Text size="sm" fw={600} c="red">
        {fault.message}
      </Text>
      {start !== undefined && end !== undefined && (
        <Text size="sm" component="p" my={4}>
          {t('mappings.mistakeAt', { at: start + 1 })}:{' '}
          <Code>
            {text.slice(0, start)}
            <mark>{text.slice(start, Math.max(end, start + 1)) || '⎵'}</mark>
            {text.slice(Math.max(end, start + 1))}
          </Code>
        </Text>
      )}
      <Steps steps={fault.nextSteps} />
    </>
  );
}

function Constant({
  flow,
  field,
  value,
  onChange,
}: {
  readonly flow: Flow;
  readonly field: MappingField;
  readonly value: string;
  readonly onChange: (value: string) => void;
}) {
  const { data } = useQuery({
    ...ask<Questions['lists'][string]>(`/connections/${flow.erpConnectionId}/choices/${field.choices}`),
    enabled: field.choices !== undefined,
    staleTime: 60_000,
  });
  return field.choices ? (
    <ListField
      label={t('mappings.value')}
      list={data}
      value={value || undefined}
      onChange={(next) => onChange(next ?? '')}
    />
  ) : (
    <TextInput
      label={t('mappings.value')}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}

function LookupRule({
  flow,
  table,
  keyText,
  onChange,
}: {
  readonly flow: Flow;
  readonly table: string;
  readonly keyText: string;
  readonly onChange: (table: string, key: string) => void;
}) {
  const { data } = useQuery(
    ask<{ items: readonly { name: string; rows: number }[] }>(
      `/connections/${flow.channelConnectionId}/lookup-tables`,
    ),
  );
  return (
    <Group grow align="start">
      <NativeSelect
        label={t('mappings.table')}
        value={table}
        onChange={(event) => onChange(event.currentTarget.value, keyText)}
        data={[
          { value: '', label: t('lookups.choose') },
          ...(data?.items ?? []).map((one) => ({
            value: one.name,
            label: `${one.name} · ${t('lookups.rows', { count: one.rows })}`,
          })),
        ]}
      />
      <TextInput
        label={t('mappings.key')}
        value={keyText}
        spellCheck={false}
        onChange={(event) => onChange(table, event.currentTarget.value)}
      />
    </Group>
  );
}

const shown = (value: unknown): string =>
  value === null || value === undefined || value === ''
    ? t('mappings.empty')
    : typeof value === 'object'
      ? JSON.stringify(value)
      : String(value);

export function Preview({ preview }: { readonly preview: ChangePreview }) {
  const { compared, changed } = preview;
  return (
    <section aria-label={t('mappings.preview')}>
      <Text size="sm" fw={600} role="status">
        {changed.length === 0
          ? t('mappings.nothingChanges', { count: compared })
          : `${t('mappings.wouldChange', { count: changed.length })} (${t('mappings.previewLast')}: ${compared})`}
      </Text>
      {changed.length > 0 && (
        <Table.ScrollContainer minWidth={480} mah={280}>
          <Table fz="sm">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t('mappings.order')}</Table.Th>
                <Table.Th>{t('mappings.field')}</Table.Th>
                <Table.Th>{t('mappings.before')}</Table.Th>
                <Table.Th>{t('mappings.after')}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {changed.map((order) =>
                order.problem ? (
                  <Table.Tr key={order.recordId}>
                    <Table.Td ff="monospace">{order.channelOrderId}</Table.Td>
                    <Table.Td colSpan={3}>
                      <Text size="sm" c="red">
                        {order.problem.message}
                      </Text>
                    </Table.Td>
                  </Table.Tr>
                ) : (
                  order.differences.map((one, index) => (
                    <Table.Tr key={`${order.recordId} ${one.path}`}>
                      <Table.Td ff="monospace">{index === 0 ? order.channelOrderId : ''}</Table.Td>
                      <Table.Td>{fieldName(one.path)}</Table.Td>
                      <Table.Td>{shown(one.before)}</Table.Td>
                      <Table.Td fw={600}>{shown(one.after)}</Table.Td>
                    </Table.Tr>
                  ))
                ),
              )}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
    </section>
  );
}
