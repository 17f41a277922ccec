// What is the difference between the settings in force and those of a file? Pure, so that plan and apply cannot disagree.
import { z } from 'zod';
import { Failure } from './failure.ts';
import { type LookupRow, lookupChanges } from './lookups.ts';

const connection = z.strictObject({
  id: z.string(),
  connector: z.string(),
  title: z.string(),
  settings: z.unknown(),
  /** May be given by hand for a new connection; an export never has them. */
  secrets: z.unknown().optional(),
});
const flow = z.strictObject({
  id: z.string(),
  kind: z.string(),
  channelConnectionId: z.string(),
  erpConnectionId: z.string(),
  settings: z.unknown(),
});
const override = z.strictObject({ field: z.string(), kind: z.string(), value: z.string() });
const lookup = z.strictObject({
  name: z.string(),
  key: z.string(),
  value: z.string(),
  multiplier: z.number().int().positive().default(1),
  note: z.string().default(''),
});
const house = z.strictObject({
  connections: z.array(connection).default([]),
  flows: z.array(flow).default([]),
  overrides: z.record(z.string(), z.array(override)).default({}),
  lookups: z.record(z.string(), z.array(lookup)).default({}),
});
export type House = z.infer<typeof house>;

export function readHouse(input: unknown, file: string): House {
  const parsed = house.safeParse(input);
  if (parsed.success) return parsed.data;
  throw new Failure(
    'FILE_INVALID',
    `${file} is not a file of settings: ${parsed.error.issues.map((issue) => `${issue.path.join('.') || 'whole'} ${issue.message}`).join('; ')}.`,
    ['Begin from: crossdock config export FILE'],
  );
}

interface Request {
  readonly method: 'POST' | 'PUT' | 'DELETE';
  readonly path: string;
  readonly body?: unknown;
}
export interface Change {
  readonly act: 'make' | 'change' | 'remove';
  readonly subject: string;
  readonly detail: string;
  readonly requests: readonly Request[];
  readonly lookups?: {
    readonly connection: string;
    readonly saved: readonly LookupRow[];
    readonly removed: readonly LookupRow[];
  };
}

/** JSON with sorted names: settings are the same whatever order they are written in. */
function plain(value: unknown): string {
  return JSON.stringify(value, (_name, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}

/** Names of settings that differ, for the eye. */
function differing(before: unknown, after: unknown): string {
  const names = (value: unknown) => (typeof value === 'object' && value !== null ? Object.keys(value) : []);
  const pick = (value: unknown, name: string) => (value as Record<string, unknown> | undefined)?.[name];
  return [...new Set([...names(before), ...names(after)])]
    .filter((name) => plain(pick(before, name)) !== plain(pick(after, name)))
    .join(', ');
}

/** In the order in which they can be done: a flow needs its connections, an override its flow. */
export function planChanges(have: House, want: House, prune: boolean): readonly Change[] {
  return [
    ...connectionChanges(have, want),
    ...flowChanges(have, want),
    ...overrideChanges(have, want, prune),
    ...lookupTableChanges(have, want, prune),
  ];
}

function connectionChanges(have: House, want: House): Change[] {
  return want.connections.flatMap((one): Change[] => {
    const before = have.connections.find((other) => other.id === one.id);
    const { secrets, ...rest } = one;
    if (before && plain(before) === plain(rest) && secrets === undefined) return [];
    return [
      {
        act: before ? 'change' : 'make',
        subject: `connection ${one.id}`,
        detail: before
          ? [differing(before.settings, one.settings), ...(secrets === undefined ? [] : ['secrets'])]
              .filter(Boolean)
              .join(', ')
          : one.connector,
        requests: [{ method: 'PUT', path: '/connections', body: one }],
      },
    ];
  });
}

function flowChanges(have: House, want: House): Change[] {
  return want.flows.flatMap((one): Change[] => {
    const before = have.flows.find((other) => other.id === one.id);
    if (before && plain(before) === plain(one)) return [];
    return [
      {
        act: before ? 'change' : 'make',
        subject: `flow ${one.id}`,
        detail: before ? differing(before.settings, one.settings) : one.kind,
        requests: [{ method: 'POST', path: '/flows', body: one }],
      },
    ];
  });
}

function overrideChanges(have: House, want: House, prune: boolean): Change[] {
  return Object.entries(want.overrides).flatMap(([flowId, rows]) => {
    const path = `/flows/${encodeURIComponent(flowId)}/overrides`;
    const known = have.overrides[flowId] ?? [];
    const changed = rows
      .filter((row) => !known.some((other) => plain(other) === plain(row)))
      .map(
        (row): Change => ({
          act: known.some((other) => other.field === row.field) ? 'change' : 'make',
          subject: `override ${flowId}/${row.field}`,
          detail: `${row.kind} ${row.value}`,
          requests: [{ method: 'PUT', path, body: row }],
        }),
      );
    const gone = prune ? known.filter((row) => !rows.some((other) => other.field === row.field)) : [];
    return [
      ...changed,
      ...gone.map(
        (row): Change => ({
          act: 'remove',
          subject: `override ${flowId}/${row.field}`,
          detail: `${row.kind} ${row.value}`,
          requests: [{ method: 'DELETE', path: `${path}/${encodeURIComponent(row.field)}` }],
        }),
      ),
    ];
  });
}

function lookupTableChanges(have: House, want: House, prune: boolean): Change[] {
  return Object.entries(want.lookups).flatMap(([connectionId, rows]): Change[] => {
    const { saved, removed } = lookupChanges(have.lookups[connectionId] ?? [], rows, prune);
    if (saved.length + removed.length === 0) return [];
    return [
      {
        act: 'change',
        subject: `lookups of ${connectionId}`,
        detail: `${saved.length} rows saved, ${removed.length} removed`,
        requests: [],
        lookups: { connection: connectionId, saved, removed },
      },
    ];
  });
}
