// A CSV into a lookup: what it would add, change and remove stands here first; a file with a fault changes nothing.
import { Button, Checkbox, FileInput, Group, List, Modal, Stack, Text } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { LookupDone, LookupPreview } from '../../../src/api/contract/connections.ts';
import { call, queries } from '../../api.ts';
import { Trouble } from '../../parts/trouble.tsx';
import { t } from '../../words/index.ts';
import { told } from './told.ts';

const shownRows = 8;

export function ImportFile({
  base,
  table,
  title,
  close,
}: {
  readonly base: string;
  readonly table: string;
  readonly title: string;
  readonly close: () => void;
}) {
  const [csv, setCsv] = useState<string | undefined>(undefined);
  const [replace, setReplace] = useState(false);
  const path = `${base}/lookups/${table}/csv`;
  const preview = useQuery({
    queryKey: ['connections', path, 'preview', csv, replace],
    queryFn: () => call<LookupPreview>('POST', `${path}/preview`, { csv, replace }),
    enabled: csv !== undefined,
    gcTime: 0,
  });
  const save = useMutation({
    mutationFn: () => call<LookupDone>('POST', path, { csv, replace }),
    onSuccess: async (done) => {
      told(base, t('lookups.rows', { count: size }), done);
      await queries.invalidateQueries();
      close();
    },
  });
  const plan = preview.data;
  const size = plan ? plan.added.length + plan.changed.length + plan.removed.length : 0;
  return (
    <Modal
      opened
      onClose={close}
      size="lg"
      title={t('lookups.importTitle', { table: title })}
      closeButtonProps={{ 'aria-label': t('mappings.close') }}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate();
        }}
      >
        <Stack>
          <FileInput
            label={t('lookups.file')}
            description={t('lookups.fileHelp')}
            accept=".csv,.txt,.tsv,text/csv"
            data-autofocus
            onChange={(file) => void file?.text().then(setCsv)}
          />
          <Checkbox
            label={t('lookups.replace')}
            checked={replace}
            onChange={(event) => setReplace(event.currentTarget.checked)}
          />
          {preview.error && <Trouble error={preview.error} />}
          {plan && (
            <div role="status">
              {plan.faults.length > 0 ? (
                <>
                  <Text fw={600} c="red">
                    {t('lookups.refused')}
                  </Text>
                  <List size="sm">
                    {plan.faults.slice(0, 20).map((fault) => (
                      <List.Item key={`${fault.line} ${fault.reason}`}>
                        {t('lookups.faultLine', { line: fault.line })}: {fault.reason}
                      </List.Item>
                    ))}
                  </List>
                </>
              ) : size === 0 ? (
                <Text>{t('lookups.nothingToDo')}</Text>
              ) : (
                <>
                  <Part
                    name={t('lookups.previewAdded')}
                    rows={plan.added.map((row) => `${row.key}: ${row.value}`)}
                  />
                  <Part
                    name={t('lookups.previewChanged')}
                    rows={plan.changed.map(
                      ({ before, after }) => `${after.key}: ${before.value} → ${after.value}`,
                    )}
                  />
                  <Part
                    name={t('lookups.previewRemoved')}
                    rows={plan.removed.map((row) => `${row.key}: ${row.value}`)}
                  />
                  <Text size="sm" c="dimmed">
                    {t('lookups.previewUnchanged')}: {plan.unchanged}
                  </Text>
                </>
              )}
            </div>
          )}
          {save.error && <Trouble error={save.error} />}
          <Group justify="end">
            <Button variant="default" onClick={close}>
              {t('lookups.cancel')}
            </Button>
            <Button
              type="submit"
              disabled={!plan || plan.faults.length > 0 || size === 0}
              loading={save.isPending}
            >
              {t('lookups.importRows', { count: size })}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

const Part = ({ name, rows }: { readonly name: string; readonly rows: readonly string[] }) =>
  rows.length === 0 ? null : (
    <div>
      <Text size="sm" fw={600}>
        {name}: {rows.length}
      </Text>
      {rows.slice(0, shownRows).map((row) => (
        <Text key={row} size="sm" className="cd-wrap">
          {row}
        </Text>
      ))}
      {rows.length > shownRows && <Text size="sm">…</Text>}
    </div>
  );
