// Which programs may come in, what may each do, and until when?
import {
  ActionIcon,
  Button,
  Checkbox,
  Group,
  NumberInput,
  Stack,
  Table,
  Text,
  TextInput,
} from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Token } from '../../../src/api/contract/house.ts';
import { askMe, call, queries } from '../../api.ts';
import { Asked } from '../../parts/asked.tsx';
import { Empty } from '../../parts/empty.tsx';
import { Icon } from '../../parts/icon.tsx';
import { PageHead, Section } from '../../parts/page.tsx';
import { Trouble } from '../../parts/trouble.tsx';
import { ago, day, listed, t } from '../../words/index.ts';
import { ShownOnce } from './once.tsx';

const scopes = ['read', 'write', 'edit', 'approve', 'admin', 'personal'] as const;
const again = () => queries.invalidateQueries({ queryKey: ['tokens'] });

export function TokensPage() {
  const mine = useQuery(askMe()).data?.scopes ?? [];
  const [name, setName] = useState('');
  const [chosen, setChosen] = useState<readonly string[]>(['read']);
  const [days, setDays] = useState<number | string>(365);
  const [secret, setSecret] = useState<string>();
  const make = useMutation({
    mutationFn: () =>
      call<{ token: string }>('POST', '/tokens', {
        name,
        scopes: chosen,
        expiresInDays: Number(days) || 365,
      }),
    onSuccess: ({ token }) => {
      setSecret(token);
      setName('');
      return again();
    },
  });
  const revoke = useMutation({
    mutationFn: (id: string) => call('DELETE', `/tokens/${id}`),
    onSuccess: again,
  });
  return (
    <Stack>
      <PageHead title={t('house.tokens')} />
      {revoke.error && <Trouble error={revoke.error} />}
      <Asked<{ items: Token[] }> path="/tokens">
        {({ items }) =>
          items.length === 0 ? (
            <Empty icon="tokens" title={t('house.noTokens')} />
          ) : (
            <section className="cd-scroll" aria-label={t('house.tokens')} tabIndex={-1}>
              <Table>
                <Table.Thead>
                  <Table.Tr>
                    <Table.Th>{t('house.tokenName')}</Table.Th>
                    <Table.Th>{t('house.scopes')}</Table.Th>
                    <Table.Th>{t('house.madeBy')}</Table.Th>
                    <Table.Th>{t('house.lastUsed')}</Table.Th>
                    <Table.Th>{t('house.expires')}</Table.Th>
                    <Table.Td />
                  </Table.Tr>
                </Table.Thead>
                <Table.Tbody>
                  {items.map((one) => (
                    <Table.Tr key={one.id}>
                      <Table.Td>{one.name}</Table.Td>
                      <Table.Td>{listed(one.scopes.map((scope) => t(`house.scope_${scope}`)))}</Table.Td>
                      <Table.Td>{one.createdBy}</Table.Td>
                      <Table.Td>{one.lastUsedAt ? ago(one.lastUsedAt) : t('house.never')}</Table.Td>
                      <Table.Td>{one.expiresAt ? day(one.expiresAt) : t('house.never')}</Table.Td>
                      <Table.Td>
                        <ActionIcon
                          aria-label={t('house.revoke', { name: one.name })}
                          onClick={() => revoke.mutate(one.id)}
                        >
                          <Icon name="cross" size={15} />
                        </ActionIcon>
                      </Table.Td>
                    </Table.Tr>
                  ))}
                </Table.Tbody>
              </Table>
            </section>
          )
        }
      </Asked>
      <Section title={t('house.newToken')}>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            make.mutate();
          }}
        >
          <Stack gap="sm" maw={520}>
            <TextInput
              label={t('house.tokenName')}
              required
              minLength={2}
              value={name}
              onChange={(event) => setName(event.currentTarget.value)}
            />
            <Checkbox.Group
              label={t('house.scopes')}
              value={[...chosen]}
              onChange={(value) => setChosen(value)}
            >
              <Group gap="md" mt={6}>
                {scopes
                  .filter((scope) => mine.includes(scope))
                  .map((scope) => (
                    <Checkbox key={scope} value={scope} label={t(`house.scope_${scope}`)} />
                  ))}
              </Group>
            </Checkbox.Group>
            <NumberInput
              label={t('house.expiresIn')}
              min={1}
              max={3650}
              value={days}
              onChange={setDays}
              w={160}
            />
            {make.error && <Trouble error={make.error} />}
            <Group>
              <Button type="submit" loading={make.isPending} disabled={chosen.length === 0}>
                {t('house.newToken')}
              </Button>
            </Group>
          </Stack>
        </form>
      </Section>
      <ShownOnce title={t('house.newToken')} value={secret} close={() => setSecret(undefined)}>
        <Text size="sm">{t('house.tokenShown')}</Text>
      </ShownOnce>
    </Stack>
  );
}
