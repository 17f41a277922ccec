// A titled card: the unit that overviews and details are made of.
import { Card, Group, Text } from '@mantine/core';
import type { ReactNode } from 'react';

export const Panel = ({
  title,
  aside,
  children,
}: {
  readonly title: string;
  readonly aside?: ReactNode;
  readonly children: ReactNode;
}) => (
  <Card component="section" aria-label={title} h="100%">
    <Group justify="space-between" mb="xs" gap="xs">
      <Text component="h2" fw={600} size="sm" m={0}>
        {title}
      </Text>
      {aside}
    </Group>
    {children}
  </Card>
);
