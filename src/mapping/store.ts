// Where do the owner's lookups and overrides live? In rows, versioned by never being deleted while they were in force.
import { type Db, sql } from '../db/pool.ts';
import type { Lookups, Override } from './mapping.ts';

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

export async function removeLookupRow(
  tx: Db,
  connectionId: string,
  name: string,
  key: string,
): Promise<void> {
  await sql`DELETE FROM lookups WHERE connection_id = ${connectionId} AND name = ${name} AND key = ${key}`.execute(
    tx,
  );
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
