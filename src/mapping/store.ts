// Where do the owner's lookups and overrides live? In rows, versioned by never being deleted while they were in force.
import { type Db, sql } from '../db/pool.ts';
import type { CsvRow } from './lookup-csv.ts';
import type { Lookups, Override } from './mapping.ts';
import type { PastOverride } from './versions.ts';

export async function readLookups(db: Db, connectionId: string): Promise<Lookups> {
  const { rows } = await sql<{ name: string; key: string; value: string; multiplier: number }>`
    SELECT name, key, value, multiplier FROM lookups WHERE connection_id = ${connectionId}`.execute(db);
  const tables = new Map<string, Map<string, { value: string; multiplier: number }>>();
  for (const row of rows) {
    const table = tables.get(row.name) ?? new Map<string, { value: string; multiplier: number }>();
    table.set(row.key, { value: row.value, multiplier: row.multiplier });
    tables.set(row.name, table);
  }
  return tables;
}

export async function saveLookupRow(
  tx: Db,
  connectionId: string,
  row: {
    readonly name: string;
    readonly key: string;
    readonly value: string;
    readonly multiplier: number;
    readonly note: string;
  },
  actor: string,
  now: Date,
): Promise<void> {
  await sql`INSERT INTO lookups (connection_id, name, key, value, multiplier, note, updated_by, updated_at)
    VALUES (${connectionId}, ${row.name}, ${row.key}, ${row.value}, ${row.multiplier}, ${row.note}, ${actor}, ${now})
    ON CONFLICT (connection_id, name, key) DO UPDATE SET value = excluded.value, multiplier = excluded.multiplier,
      note = excluded.note, updated_by = excluded.updated_by, updated_at = excluded.updated_at`.execute(tx);
}

export async function readOverrides(db: Db, flowId: string): Promise<readonly Override[]> {
  const { rows } = await sql<{
    id: bigint;
    field: string;
    kind: Override['kind'];
    value: string;
    created_by: string;
    created_at: Date;
  }>`
    SELECT id, field, kind, value, created_by, created_at FROM overrides WHERE flow_id = ${flowId} AND retired_at IS NULL`.execute(
    db,
  );
  return rows.map((row) => ({
    id: row.id.toString(),
    field: row.field,
    kind: row.kind,
    value: row.value,
    by: row.created_by,
    at: row.created_at,
  }));
}

/** Puts an override in force; the one before it is retired and kept. */
export async function saveOverrideRow(
  tx: Db,
  flowId: string,
  override: { readonly field: string; readonly kind: string; readonly value: string },
  actor: string,
  now: Date,
): Promise<void> {
  await retireOverrideRow(tx, flowId, override.field, actor, now);
  await sql`INSERT INTO overrides (flow_id, field, kind, value, created_by, created_at)
    VALUES (${flowId}, ${override.field}, ${override.kind}, ${override.value}, ${actor}, ${now})`.execute(tx);
}

export async function retireOverrideRow(
  tx: Db,
  flowId: string,
  field: string,
  actor: string,
  now: Date,
): Promise<void> {
  await sql`UPDATE overrides SET retired_at = ${now}, retired_by = ${actor}
    WHERE flow_id = ${flowId} AND field = ${field} AND retired_at IS NULL`.execute(tx);
}

/** Every override a flow ever had, the oldest first. */
export async function readOverrideHistory(db: Db, flowId: string): Promise<readonly PastOverride[]> {
  const { rows } = await sql<{
    id: bigint;
    field: string;
    kind: Override['kind'];
    value: string;
    by: string;
    at: Date;
    until: Date | null;
    ended_by: string | null;
  }>`SELECT id, field, kind, value, created_by AS by, created_at AS at, retired_at AS until, retired_by AS ended_by
    FROM overrides WHERE flow_id = ${flowId} ORDER BY id`.execute(db);
  return rows.map(({ id, until, ended_by, ...row }) => ({
    ...row,
    id: id.toString(),
    ...(until ? { until } : {}),
    ...(ended_by ? { endedBy: ended_by } : {}),
  }));
}

export async function readLookupTable(
  db: Db,
  connectionId: string,
  name: string,
): Promise<readonly CsvRow[]> {
  const { rows } = await sql<CsvRow>`SELECT key, value, multiplier, note FROM lookups
    WHERE connection_id = ${connectionId} AND name = ${name} ORDER BY key`.execute(db);
  return rows;
}

export interface RowChange {
  readonly key: string;
  readonly before: CsvRow | null;
  readonly after: CsvRow | null;
}

/** Changes rows of a table as one act and notes what each was and became; returns the act's number. */
export async function changeLookups(
  tx: Db,
  table: { readonly connectionId: string; readonly name: string },
  rows: readonly { readonly key: string; readonly after: CsvRow | null }[],
  act: { readonly actor: string; readonly via: 'edit' | 'import' | 'undo' | 'set-up'; readonly now: Date },
): Promise<string> {
  const { connectionId, name } = table;
  const next = await sql<{ id: bigint }>`SELECT nextval('lookup_change_ids') AS id`.execute(tx);
  const changeId = next.rows[0]!.id.toString();
  const json = JSON.stringify(rows);
  await sql`INSERT INTO lookup_changes (change_id, connection_id, name, key, before, after, at, by, via)
    SELECT ${changeId}::bigint, ${connectionId}, ${name}, r.key,
      (SELECT jsonb_build_object('key', l.key, 'value', l.value, 'multiplier', l.multiplier, 'note', l.note) FROM lookups l
        WHERE l.connection_id = ${connectionId} AND l.name = ${name} AND l.key = r.key),
      NULLIF(r.after, 'null'::jsonb), ${act.now}, ${act.actor}, ${act.via}
    FROM jsonb_to_recordset(${json}::jsonb) AS r(key text, after jsonb)`.execute(tx);
  await sql`DELETE FROM lookups l USING jsonb_to_recordset(${json}::jsonb) AS r(key text, after jsonb)
    WHERE l.connection_id = ${connectionId} AND l.name = ${name} AND l.key = r.key AND NULLIF(r.after, 'null'::jsonb) IS NULL`.execute(
    tx,
  );
  await sql`INSERT INTO lookups (connection_id, name, key, value, multiplier, note, updated_by, updated_at)
    SELECT ${connectionId}, ${name}, r.key, r.after ->> 'value', (r.after ->> 'multiplier')::int, COALESCE(r.after ->> 'note', ''), ${act.actor}, ${act.now}
    FROM jsonb_to_recordset(${json}::jsonb) AS r(key text, after jsonb) WHERE NULLIF(r.after, 'null'::jsonb) IS NOT NULL
    ON CONFLICT (connection_id, name, key) DO UPDATE SET value = excluded.value, multiplier = excluded.multiplier,
      note = excluded.note, updated_by = excluded.updated_by, updated_at = excluded.updated_at`.execute(tx);
  return changeId;
}

export interface ChangeRow extends RowChange {
  readonly changeId: bigint;
  readonly name: string;
  readonly at: Date;
  readonly by: string;
  readonly via: string;
}

/** The latest acts on a table, or the rows of one act. */
export async function readLookupChanges(
  db: Db,
  connectionId: string,
  of: { readonly name: string } | { readonly changeId: string },
  acts = 50,
): Promise<readonly ChangeRow[]> {
  const columns = sql.raw('change_id AS "changeId", name, key, before, after, at, by, via');
  const { rows } =
    'changeId' in of
      ? await sql<ChangeRow>`SELECT ${columns} FROM lookup_changes WHERE connection_id = ${connectionId} AND change_id = ${of.changeId}::bigint ORDER BY id`.execute(
          db,
        )
      : await sql<ChangeRow>`SELECT ${columns} FROM lookup_changes WHERE connection_id = ${connectionId} AND name = ${of.name}
          AND change_id IN (SELECT DISTINCT change_id FROM lookup_changes WHERE connection_id = ${connectionId} AND name = ${of.name} ORDER BY change_id DESC LIMIT ${acts})
          ORDER BY change_id DESC, id`.execute(db);
  return rows;
}

/** The tables a connection has, with their sizes. */
export async function listLookupTables(
  db: Db,
  connectionId: string,
): Promise<readonly { readonly name: string; readonly rows: number }[]> {
  const { rows } = await sql<{ name: string; rows: number }>`SELECT name, count(*)::int AS rows FROM lookups
    WHERE connection_id = ${connectionId} GROUP BY name ORDER BY name`.execute(db);
  return rows;
}
