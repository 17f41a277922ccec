// Which versions did the mapping have, what did each change, and how does one go back?
import { Button, Group, Stack, Text, Title } from '@mantine/core';
import { useState } from 'react';
import type { MappingVersion } from '../../../src/api/contract/flows.ts';
import { call, queries } from '../../api.ts';
import { Asked } from '../../parts/asked.tsx';
import { Confirm } from '../../parts/confirm.tsx';
import { toast } from '../../parts/toast.tsx';
import { moment, t } from '../../words/index.ts';
import { fieldName } from './names.ts';

type Rule = MappingVersion['changes'][number]['before'];
const said = (rule: Rule): string =>
  rule
    ? `${t(`mappings.kind_${rule.kind}` as 'mappings.kind_constant')}: ${rule.value}`
    : t('mappings.builtIn');

export function History({ path }: { readonly path: string }) {
  const [back, setBack] = useState<MappingVersion | undefined>(undefined);
  return (
    <section aria-label={t('mappings.history')}>
      <Title order={2} size="h5" mb="xs">
        {t('mappings.history')}
      </Title>
      <Asked<{ items: readonly MappingVersion[] }> path={`${path}/versions`}>
        {({ items }) =>
          items.length === 0 ? (
            <Text size="sm" c="dimmed">
              {t('mappings.noHistory')}
            </Text>
          ) : (
            <Stack gap="xs" component="ol" style={{ listStyle: 'none', margin: 0, padding: 0 }}>
              {items.map((version, index) => (
                <li key={version.at}>
                  <Group justify="space-between" align="start" wrap="nowrap">
                    <div style={{ minWidth: 0 }}>
                      <Text size="sm" fw={600}>
                        {moment(version.at)} · {version.by}
                        {index === 0 && ` · ${t('mappings.current')}`}
                      </Text>
                      {version.changes.map((change) => (
                        <Text key={change.field} size="sm" className="cd-wrap">
                          {fieldName(change.field)}: <del>{said(change.before)}</del> → {said(change.after)}
                        </Text>
                      ))}
                    </div>
                    {index > 0 && (
                      <Button
                        size="compact-sm"
                        variant="default"
                        aria-label={`${t('mappings.goBack')}: ${moment(version.at)}`}
                        onClick={() => setBack(version)}
                      >
                        {t('mappings.goBack')}
                      </Button>
                    )}
                  </Group>
                </li>
              ))}
            </Stack>
          )
        }
      </Asked>
      <Confirm
        opened={back !== undefined}
        title={t('mappings.goBackTitle')}
        label={t('mappings.goBack')}
        run={async () => {
          await call('POST', `${path}/versions/revert`, { at: back!.at });
          toast(t('mappings.goneBack'));
          await queries.invalidateQueries();
        }}
        close={() => setBack(undefined)}
      >
        <Text size="sm">{back && t('mappings.goBackText', { when: moment(back.at) })}</Text>
      </Confirm>
    </section>
  );
}
