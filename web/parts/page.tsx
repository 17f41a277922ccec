// The head of every page: its name (also the tab's), what can be done on it. After a move the focus stands on the name.
import { Group, Text, Title } from '@mantine/core';
import { type ReactNode, useEffect, useRef } from 'react';
import { t } from '../words/index.ts';

/** The browser itself handles the page that was opened; a later one must be told to a screen reader, once. */
let told = location.pathname;

export function PageHead({
  title,
  name,
  hint,
  actions,
}: {
  readonly title: string;
  /** What stands in place of the plain title: an id with its copy button. */
  readonly name?: ReactNode;
  readonly hint?: ReactNode;
  readonly actions?: ReactNode;
}) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} · Crossdock`;
  }, [title]);
  useEffect(() => {
    if (location.pathname !== told) heading.current?.focus({ preventScroll: true });
    told = location.pathname;
  }, []);
  return (
    <Group justify="space-between" align="flex-start" gap="sm" mb={4}>
      <div style={{ minWidth: 0, flex: '1 1 220px' }}>
        <Title order={1} size="h3" ref={heading} tabIndex={-1} className="cd-wrap">
          {name ?? title}
        </Title>
        {hint && (
          <Text size="sm" c="dimmed" component="div">
            {hint}
          </Text>
        )}
      </div>
      {actions && <Group gap="xs">{actions}</Group>}
    </Group>
  );
}

/** A titled part of a page. */
export const Section = ({
  title,
  actions,
  children,
}: {
  readonly title: string;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}) => (
  <section className="cd-section" aria-label={title}>
    <Group justify="space-between" mb="xs" gap="xs">
      <Title order={2} size="h5">
        {title}
      </Title>
      {actions}
    </Group>
    {children}
  </section>
);

export const PageSkeleton = () => <span role="status" aria-label={t('shell.loading')} />;
