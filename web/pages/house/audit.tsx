// Who did what? The log, newest first, with a proof that nobody has changed it.
import { Button, Group, Stack, Table, Text, TextInput } from '@mantine/core';
import { useInfiniteQuery, useMutation } from '@tanstack/react-query';
import type { AuditEntry } from '../../../src/api/contract/house.ts';
import { call, withQuery } from '../../api.ts';
import { Lines } from '../../parts/asked.tsx';
import { PageHead } from '../../parts/page.tsx';
import { Trouble } from '../../parts/trouble.tsx';
import { useUrl } from '../../parts/url.ts';
import { exactMoment, t } from '../../words/index.ts';

export function AuditPage() {
  const [values, change] = useUrl();
  const q = values['q'] ?? '';
  const list = useInfiniteQuery({
    queryKey: ['audit', q],
    queryFn: ({ pageParam, signal }) =>
      call<{ items: AuditEntry[]; next: string | null }>(
        'GET',
        withQuery('/audit', { q, cursor: pageParam, limit: 100 }),
        undefined,
        signal,
      ),
    initialPageParam: '',
    getNextPageParam: (page) => page.next ?? undefined,
  });
  const verify = useMutation({
    mutationFn: () => call<{ rows: number; brokenAt?: string }>('GET', '/audit/verify'),
  });
  const rows = list.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Stack>
      <PageHead
        title={t('house.audit')}
        actions={
          <>
            <Button size="xs" variant="default" loading={verify.isPending} onClick={() => verify.mutate()}>
              {t('house.verify')}
            </Button>
            <Button size="xs" variant="default" component="a" href={withQuery('/api/v1/audit.csv', { q })}>
              {t('house.exportCsv')}
            </Button>
          </>
        }
      />
      {verify.data && (
        <Text role="status" fw={600} c={verify.data.brokenAt ? 'var(--cd-bad)' : 'var(--cd-good)'}>
          {verify.data.brokenAt
            ? t('house.brokenAt', { id: verify.data.brokenAt })
            : t('house.verified', { count: verify.data.rows })}
        </Text>
      )}
      <Group role="search">
        <TextInput
          aria-label={t('house.auditFilter')}
          placeholder={t('house.auditFilter')}
          w={360}
          value={q}
          onChange={(event) => change({ q: event.currentTarget.value })}
        />
      </Group>
      {(list.error ?? verify.error) && <Trouble error={(list.error ?? verify.error)!} />}
      {!list.data && !list.error && <Lines />}
      <section className="cd-scroll" aria-label={t('house.audit')} tabIndex={-1}>
        <Table>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t('house.when')}</Table.Th>
              <Table.Th>{t('house.who')}</Table.Th>
              <Table.Th>{t('house.what')}</Table.Th>
              <Table.Th>{t('house.about')}</Table.Th>
              <Table.Th>{t('house.detail')}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows.map((row) => (
              <Table.Tr key={row.id}>
                <Table.Td style={{ whiteSpace: 'nowrap' }}>{exactMoment(row.at)}</Table.Td>
                <Table.Td>{row.actor}</Table.Td>
                <Table.Td className="cd-mono">{row.action}</Table.Td>
                <Table.Td className="cd-mono cd-wrap">{row.subject}</Table.Td>
                <Table.Td className="cd-mono cd-wrap">
                  {Object.keys(row.detail).length > 0 ? JSON.stringify(row.detail) : ''}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </section>
      {list.hasNextPage && (
        <Button variant="subtle" loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
          {t('shell.more')}
        </Button>
      )}
    </Stack>
  );
}
