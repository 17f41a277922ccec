// Where does each value of a request come from? The document with values that can be pointed at or walked with the arrow
// keys; beside it the rule, setting, lookup row or override behind the value, and the way to change it.

import { Text } from '@mantine/core';
import { type KeyboardEvent, type ReactNode, useState } from 'react';
import type { DryRun } from '../../../src/api/contract/records.ts';
import { PageLink } from '../../parts/link.tsx';
import { isKey, t } from '../../words/index.ts';
import { said } from '../../words/server.ts';
import { leavesOf } from './flatten.ts';
import { placeOf } from './places.ts';

type Origins = DryRun['origins'];
interface Context {
  readonly flowId: string;
  readonly connectionId: string;
}

export function OriginJson({
  value,
  origins,
  context,
}: {
  readonly value: unknown;
  readonly origins: Origins;
  readonly context: Context;
}) {
  const paths = leavesOf(value).map((leaf) => leaf.path);
  const [at, setAt] = useState(paths[0] ?? '');
  const press = (event: KeyboardEvent<HTMLElement>) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const next = paths[Math.max(0, Math.min(paths.length - 1, paths.indexOf(at) + step))];
    if (next === undefined) return;
    setAt(next);
    event.currentTarget.querySelector<HTMLElement>(`[data-path="${CSS.escape(next)}"]`)?.focus();
  };
  return (
    <div className="cd-origin">
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the arrow keys move between the buttons inside. */}
      <div className="cd-origin-json" onKeyDown={press}>
        <Node value={value} path="" depth={0} at={at} setAt={setAt} origins={origins} last />
      </div>
      <OriginCard path={at} origins={origins} context={context} />
    </div>
  );
}

interface NodeProps {
  readonly value: unknown;
  readonly path: string;
  readonly depth: number;
  readonly at: string;
  readonly setAt: (path: string) => void;
  readonly origins: Origins;
  readonly name?: string;
  readonly last: boolean;
}

const pad = (depth: number) => ({ paddingLeft: `${depth * 1.3}em` });

function Node(props: NodeProps): ReactNode {
  const { value, path, depth, name, last } = props;
  const label = name === undefined ? null : <span className="cd-code-name">"{name}": </span>;
  const comma = last ? '' : ',';
  const isList = Array.isArray(value);
  if (isList || (value !== null && typeof value === 'object')) {
    const entries: readonly (readonly [string, unknown])[] = isList
      ? value.map((one, index) => [String(index), one] as const)
      : Object.entries(value as object);
    if (entries.length > 0)
      return (
        <>
          <div style={pad(depth)}>
            {label}
            {isList ? '[' : '{'}
          </div>
          {entries.map(([key, one], index) => (
            <Node
              {...props}
              key={key}
              value={one}
              path={isList ? `${path}[${key}]` : path === '' ? key : `${path}.${key}`}
              depth={depth + 1}
              name={isList ? undefined : key}
              last={index === entries.length - 1}
            />
          ))}
          <div style={pad(depth)}>
            {isList ? ']' : '}'}
            {comma}
          </div>
        </>
      );
  }
  return (
    <div style={pad(depth)}>
      {label}
      <Value {...props} />
      {comma}
    </div>
  );
}

function Value({ value, path, at, setAt, origins }: NodeProps) {
  const origin = originAt(origins, path);
  return (
    <button
      type="button"
      className="cd-origin-value"
      data-kind={origin?.kind}
      data-path={path}
      data-on={path === at || undefined}
      tabIndex={path === at ? 0 : -1}
      aria-label={`${path}: ${JSON.stringify(value)}. ${said(origin?.words ?? '')}`}
      onMouseEnter={() => setAt(path)}
      onFocus={() => setAt(path)}
      onClick={() => setAt(path)}
    >
      {JSON.stringify(value)}
    </button>
  );
}

/** The origin of a value, or of the part of the document it stands in. */
function originAt(origins: Origins, path: string): Origins[string] | undefined {
  for (let here = path; here !== ''; here = here.replace(/[.[]?[^.[]*$/, '')) {
    const found = origins[here] ?? origins[`body.${here}`];
    if (found) return found;
  }
  return undefined;
}

function OriginCard({
  path,
  origins,
  context,
}: {
  readonly path: string;
  readonly origins: Origins;
  readonly context: Context;
}) {
  const origin = originAt(origins, path);
  const place = origin?.place ? placeOf(origin.place, context) : undefined;
  const kind = `record.origin_${origin?.kind ?? 'none'}`;
  return (
    <aside className="cd-origin-card" aria-label={t('record.origin')}>
      <Text size="xs" c="dimmed" className="cd-mono cd-wrap">
        {path}
      </Text>
      {origin ? (
        <>
          <Text size="xs" fw={600} tt="uppercase" c="dimmed" mt={6}>
            {isKey(kind) ? t(kind as 'record.origin_rule') : origin.kind}
          </Text>
          <Text size="sm">{said(origin.words)}</Text>
          {place && (
            <PageLink to={place.to} search={place.search} size="sm">
              {t('record.change')}
            </PageLink>
          )}
        </>
      ) : (
        <Text size="sm" mt={6}>
          {t('record.origin_none')}
        </Text>
      )}
    </aside>
  );
}
