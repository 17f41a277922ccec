// Nothing here: say why, and what can be done about it.
import { Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { Icon, type IconName } from './icon.tsx';
import './parts.css';

export const Empty = ({
  icon = 'check',
  title,
  children,
}: {
  readonly icon?: IconName;
  readonly title: string;
  readonly children?: ReactNode;
}) => (
  <div className="cd-empty">
    <Icon name={icon} size={26} />
    <Text fw={600}>{title}</Text>
    {children && (
      <Text size="sm" c="dimmed" component="div" maw={460}>
        {children}
      </Text>
    )}
  </div>
);
