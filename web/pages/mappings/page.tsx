// How does each field of each document get its value, and what is my own rule? Fields by document, and their history.
import {
  Button,
  Group,
  NativeSelect,
  SegmentedControl,
  Select,
  Stack,
  Table,
  Text,
  Title,
} from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Flow, MappingField, OwnField } from '../../../src/api/contract/flows.ts';
import { ask } from '../../api.ts';
import { Asked, Lines } from '../../parts/asked.tsx';
import { Empty } from '../../parts/empty.tsx';
import { PageLink } from '../../parts/link.tsx';
import { PageHead } from '../../parts/page.tsx';
import { useUrl } from '../../parts/url.ts';
import { isKey, moment, t } from '../../words/index.ts';
import { Editor } from './editor.tsx';
import { History } from './history.tsx';
import { fieldName } from './names.ts';

const ruleOf = (field: MappingField): string => {
  const key = `mappings.rule_${field.field}`;
  return isKey(key) ? t(key as 'mappings.rule_memo') : field.own ? t('mappings.ownRule') : field.rule;
};

export function MappingsPage() {
  const [url, setUrl] = useUrl();
  return (
    <Stack>
      <PageHead title={t('mappings.title')} hint={t('mappings.hint')} />
      <Asked<{ items: readonly Flow[] }> path="/flows">
        {({ items }) => {
          const flows = items.filter(
            (one) => one.kind === 'orders.import' || one.kind === 'shipments.export',
          );
          const flow = flows.find((one) => one.id === url['flow']) ?? flows[0];
          if (!flow)
            return (
              <Empty icon="mappings" title={t('mappings.noFlow')}>
                {t('mappings.noFlowHint')}
              </Empty>
            );
          return (
            <>
              <NativeSelect
                maw={420}
                label={t('mappings.flow')}
                value={flow.id}
                onChange={(event) => setUrl({ flow: event.currentTarget.value, target: undefined })}
                data={flows.map((one) => one.id)}
              />
              <Fields
                key={flow.id}
                flow={flow}
                target={url['target']}
                show={(target) => setUrl({ target })}
              />
            </>
          );
        }}
      </Asked>
    </Stack>
  );
}

function Fields({
  flow,
  target,
  show,
}: {
  readonly flow: Flow;
  readonly target: string | undefined;
  readonly show: (target: string) => void;
}) {
  const path = `/flows/${encodeURIComponent(flow.id)}`;
  const [edited, setEdited] = useState<MappingField | undefined>(undefined);
  const targets = flow.kind === 'orders.import' ? ['sales-order', 'cash-sale', 'invoice'] : ['shipment'];
  const chosen = target && targets.includes(target) ? target : targets[0]!;
  const orders = flow.kind === 'orders.import';
  return (
    <>
      {targets.length > 1 && (
        <SegmentedControl
          aria-label={t('mappings.target')}
          style={{ alignSelf: 'flex-start' }}
          value={chosen}
          onChange={show}
          data={targets.map((one) => ({
            value: one,
            label: t(`mappings.target_${one}` as 'mappings.target_invoice'),
          }))}
        />
      )}
      <Asked<{ items: readonly MappingField[] }> path={`${path}/fields`} skeleton={<Lines count={12} />}>
        {({ items }) => (
          <>
            {(['body', 'line'] as const).map((on) => (
              <section key={on} aria-label={t(`mappings.${on}`)}>
                <Title order={2} size="h5" mb="xs">
                  {t(`mappings.${on}`)}
                </Title>
                <Table.ScrollContainer minWidth={640}>
                  <Table>
                    <Table.Thead>
                      <Table.Tr>
                        <Table.Th w={170}>{t('mappings.field')}</Table.Th>
                        <Table.Th>{t('mappings.rule')}</Table.Th>
                        <Table.Th w="30%">{t('mappings.yours')}</Table.Th>
                        <Table.Th w={150}> </Table.Th>
                      </Table.Tr>
                    </Table.Thead>
                    <Table.Tbody>
                      {items
                        .filter((one) => one.on === on && one.targets.includes(chosen))
                        .map((one) => (
                          <Row key={one.field} field={one} flow={flow} edit={() => setEdited(one)} />
                        ))}
                    </Table.Tbody>
                  </Table>
                </Table.ScrollContainer>
              </section>
            ))}
            {orders && (
              <AddField
                path={path}
                taken={items.map((one) => one.field)}
                add={(own) =>
                  setEdited({
                    field: own.id,
                    on: own.on,
                    targets,
                    rule: '',
                    by: 'override',
                    own: true,
                  })
                }
              />
            )}
            {orders && <History path={path} />}
            {edited && <Editor flow={flow} field={edited} close={() => setEdited(undefined)} />}
          </>
        )}
      </Asked>
    </>
  );
}

function Row({
  field,
  flow,
  edit,
}: {
  readonly field: MappingField;
  readonly flow: Flow;
  readonly edit: () => void;
}) {
  const name = fieldName(field.field);
  return (
    <Table.Tr>
      <Table.Td style={{ verticalAlign: 'top' }}>
        <Text size="sm" fw={600} className="cd-wrap">
          {name}
        </Text>
      </Table.Td>
      <Table.Td style={{ verticalAlign: 'top' }}>
        <Text
          size="sm"
          c={field.override ? 'dimmed' : undefined}
          td={field.override ? 'line-through' : undefined}
        >
          {ruleOf(field)}
        </Text>
      </Table.Td>
      <Table.Td style={{ verticalAlign: 'top' }}>
        {field.override && (
          <>
            <Text size="sm">{t(`mappings.kind_${field.override.kind}` as 'mappings.kind_constant')}</Text>
            <Text size="sm" ff="monospace" className="cd-wrap">
              {field.override.value}
            </Text>
            <Text size="xs" c="dimmed">
              {t('mappings.overriddenBy', { name: field.override.by })} · {moment(field.override.at)}
            </Text>
          </>
        )}
      </Table.Td>
      <Table.Td style={{ verticalAlign: 'top' }} ta="right">
        {field.by === 'override' ? (
          <Button
            size="compact-sm"
            variant="default"
            aria-label={t('mappings.changeField', { field: name })}
            onClick={edit}
          >
            {t('mappings.change')}
          </Button>
        ) : field.by === 'lookup' ? (
          <PageLink
            to="/lookups"
            search={{ connection: flow.channelConnectionId, table: field.place ?? '' }}
            size="sm"
          >
            {t('mappings.byLookup', { lookup: field.place ?? '' })}
          </PageLink>
        ) : field.by === 'setting' ? (
          <PageLink to={`/flows/${encodeURIComponent(flow.id)}`} size="sm">
            {t('mappings.bySetting')}
          </PageLink>
        ) : (
          <Text size="sm" c="dimmed">
            {t('mappings.fixed')}
          </Text>
        )}
      </Table.Td>
    </Table.Tr>
  );
}

function AddField({
  path,
  taken,
  add,
}: {
  readonly path: string;
  readonly taken: readonly string[];
  readonly add: (field: OwnField) => void;
}) {
  const [opened, setOpened] = useState(false);
  const { data } = useQuery({
    ...ask<{ items: readonly OwnField[] }>(`${path}/own-fields`),
    enabled: opened,
    staleTime: 60_000,
  });
  const free = (data?.items ?? []).filter((one) => !taken.includes(one.id));
  return (
    <Group align="end">
      {opened ? (
        <Select
          w={420}
          maw="100%"
          label={t('mappings.add')}
          description={t('mappings.addHelp')}
          searchable
          autoFocus
          placeholder={t('lookups.choose')}
          nothingFoundMessage={t('mappings.noOwn')}
          data={(['body', 'line'] as const).map((on) => ({
            group: t(`mappings.${on}`),
            items: free
              .filter((one) => one.on === on)
              .map((one) => ({ value: one.id, label: `${one.title} (${one.id})` })),
          }))}
          value={null}
          onChange={(id) => {
            const own = free.find((one) => one.id === id);
            if (!own) return;
            setOpened(false);
            add(own);
          }}
        />
      ) : (
        <Button variant="default" onClick={() => setOpened(true)}>
          {t('mappings.add')}
        </Button>
      )}
    </Group>
  );
}
