// The causes: what happened in a line, how many records, since when, who has it.
import { Checkbox, Group, Text } from '@mantine/core';
import { useEffect, useRef } from 'react';
import type { Problem } from '../../../src/api/contract/problems.ts';
import { PlainLink } from '../../parts/link.tsx';
import type { UrlValues } from '../../parts/url.ts';
import { ago, count, t } from '../../words/index.ts';
import { saidProblem } from '../../words/server.ts';
import { className } from './questions.ts';

export function CauseList({
  rows,
  active,
  ticked,
  toggle,
  all,
  search,
}: {
  readonly rows: readonly Problem[];
  readonly active: string | undefined;
  readonly ticked: ReadonlySet<string>;
  readonly toggle: (row: Problem) => void;
  readonly all: () => void;
  readonly search: UrlValues;
}) {
  const box = useRef<HTMLUListElement>(null);
  useEffect(() => {
    if (active) box.current?.querySelector(`[data-id="${active}"]`)?.scrollIntoView({ block: 'nearest' });
  }, [active]);
  return (
    <>
      <Group px={10} pb={6}>
        <Checkbox
          size="xs"
          label={t('problems.selectAll')}
          checked={ticked.size === rows.length}
          indeterminate={ticked.size > 0 && ticked.size < rows.length}
          onChange={all}
        />
      </Group>
      <ul className="cd-causes" ref={box}>
        {rows.map((row) => (
          <li key={row.id} data-id={row.id} data-active={row.id === active || undefined}>
            <Checkbox
              size="xs"
              aria-label={t('problems.selectOne', { title: saidProblem(row) })}
              checked={ticked.has(row.id)}
              onChange={() => toggle(row)}
            />
            <PlainLink
              to={`/problems/${row.id}`}
              search={search}
              className="cd-cause"
              aria-current={row.id === active ? 'true' : undefined}
            >
              <Cause row={row} />
            </PlainLink>
          </li>
        ))}
      </ul>
    </>
  );
}

function Cause({ row }: { readonly row: Problem }) {
  const records = Number(row.records);
  return (
    <>
      <span className="cd-cause-title" data-urgent={row.urgent || undefined}>
        {saidProblem(row)}
      </span>
      {records > 0 && (
        <span className="cd-cause-count" title={t('problems.records', { count: records })}>
          {count(records)}
        </span>
      )}
      <Text span size="xs" c="dimmed" className="cd-cause-more">
        {row.urgent && <b className="cd-urgent">{t('problems.urgent')} · </b>}
        {row.kind === 'task' ? t('problems.task') : className(row)} · {ago(row.lastSeenAt)}
        {row.assignee && ` · ${row.assignee}`}
        {row.exampleKey && ` · ${row.exampleKey}`}
      </Text>
    </>
  );
}
