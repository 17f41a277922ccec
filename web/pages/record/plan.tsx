// What would be sent for an order, how it adds up, and where each value comes from.
import { Card, ScrollArea, SimpleGrid, Stack, Table, Text } from '@mantine/core';
import type { Json } from '../../api.ts';
import { Code } from '../../parts/code.tsx';
import { Steps } from '../../parts/trouble.tsx';
import { money, t } from '../../words/index.ts';

export function Plan({ plan }: { readonly plan: Json }) {
  const sums = plan.arithmetic;
  return (
    <Stack>
      <Text fw={600}>
        {plan.decision} {plan.reason ? `– ${plan.reason}` : ''}
      </Text>
      {plan.problem && <Steps steps={plan.problem.nextSteps} />}
      {sums && (
        <Card withBorder>
          <Text fw={600}>{t('record.amounts')}</Text>
          <Table>
            <Table.Tbody>
              {sums.lines.map((line: Json) => (
                <Table.Tr key={line.label}>
                  <Table.Td>{line.label}</Table.Td>
                  <Table.Td ta="right">{money(line.amount, sums.currency)}</Table.Td>
                </Table.Tr>
              ))}
              {(['documentSum', 'marketplaceTotal', 'marketplaceTax', 'difference'] as const).map(
                (word, index) => (
                  <Table.Tr key={word}>
                    <Table.Th scope="row">{t(`record.${word}`)}</Table.Th>
                    <Table.Td ta="right" fw={600}>
                      {money(
                        [sums.sum, sums.marketplaceTotal, sums.marketplaceTax, sums.difference][index],
                        sums.currency,
                      )}
                    </Table.Td>
                  </Table.Tr>
                ),
              )}
            </Table.Tbody>
          </Table>
        </Card>
      )}
      {plan.request && (
        <SimpleGrid cols={{ base: 1, lg: 2 }}>
          <Code value={plan.request.body} />
          <ScrollArea h={420} viewportProps={{ tabIndex: 0 }}>
            <Table>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>{t('record.field')}</Table.Th>
                  <Table.Th>{t('record.origin')}</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {Object.entries(plan.origins).map(([path, origin]) => (
                  <Table.Tr key={path}>
                    <Table.Td ff="monospace" fz="xs">
                      {path}
                    </Table.Td>
                    <Table.Td fz="sm">{(origin as Json).words}</Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </ScrollArea>
        </SimpleGrid>
      )}
    </Stack>
  );
}
