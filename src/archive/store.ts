// Where does every inbound document go, as it came? Here, before anything is decided; the buyer's data sealed apart.
import { createHash } from 'node:crypto';
import { type Db, sql } from '../db/pool.ts';
import { inTurns, runRows, valuesList } from '../db/rows.ts';
import type { Vault } from '../vault/vault.ts';

export interface DocumentIn {
  readonly key: string;
  readonly version: Date;
  readonly kept: unknown;
  /** The buyer's data, or undefined when the document has none. */
  readonly personal: unknown;
}

export interface StoredDocument {
  readonly id: bigint;
  readonly key: string;
  readonly version: Date;
  readonly kept: unknown;
  readonly personal: unknown;
  readonly via: string;
}

export const documentContext = (connectionId: string, key: string) => `document/${connectionId}/${key}`;

/** Stores documents that are not yet here; returns the id of each, stored now or earlier, in the given order. */
export async function keepDocuments(
  tx: Db,
  vault: Vault,
  batch: {
    readonly connectionId: string;
    readonly kind: string;
    readonly via: string;
    readonly now: Date;
    /** Amazon's data protection policy: 30 days after delivery (spapi.md §6); counted from receipt plus transit. */
    readonly personalExpiresAt: Date;
    readonly documents: readonly DocumentIn[];
  },
): Promise<readonly { readonly id: bigint; readonly isNew: boolean }[]> {
  const rows = batch.documents.map((document) => {
    const kept = JSON.stringify(document.kept);
    const personal = document.personal === undefined ? undefined : JSON.stringify(document.personal);
    const sha256 = createHash('sha256')
      .update(`${kept}\0${personal ?? ''}`)
      .digest();
    return {
      id: `${document.key}/${sha256.toString('hex')}`,
      key: document.key,
      version: document.version.toISOString(),
      sha256,
      kept,
      personal:
        personal === undefined
          ? null
          : vault.seal(personal, documentContext(batch.connectionId, document.key)),
    };
  });
  const given = [batch.connectionId, batch.kind];
  const ids = new Map<string, { readonly id: bigint; readonly isNew: boolean }>();
  const note = (stored: readonly { id: bigint; key: string; sha256: Buffer }[], isNew: boolean) => {
    for (const row of stored) ids.set(`${row.key}/${row.sha256.toString('hex')}`, { id: row.id, isNew });
  };
  // Stored in the order of keys: two pages stored side by side never wait for each other in a circle.
  for (const turn of inTurns([...rows].sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0))))
    note(
      await runRows(
        tx,
        `INSERT INTO documents (connection_id, kind, via, received_at, key, version, sha256, kept, personal, personal_expires_at)
        SELECT $1, $2, $3, $4::timestamptz, r.*, CASE WHEN r.personal IS NULL THEN NULL ELSE $5::timestamptz END
        FROM (VALUES ${valuesList(['text', 'timestamptz', 'bytea', 'json', 'bytea'], turn.length, 5)}) AS r (key, version, sha256, kept, personal)
        ON CONFLICT (connection_id, kind, key, sha256) DO NOTHING RETURNING id, key, sha256`,
        [...given, batch.via, batch.now.toISOString(), batch.personalExpiresAt.toISOString()],
        turn.map((row) => [row.key, row.version, row.sha256, row.kept, row.personal]),
      ),
      true,
    );
  for (const turn of inTurns(rows.filter((row) => !ids.has(row.id))))
    note(
      await runRows(
        tx,
        `SELECT d.id, d.key, d.sha256 FROM documents d
        JOIN (VALUES ${valuesList(['text', 'bytea'], turn.length, 2)}) AS r (key, sha256)
          ON d.connection_id = $1 AND d.kind = $2 AND d.key = r.key AND d.sha256 = r.sha256`,
        given,
        turn.map((row) => [row.key, row.sha256]),
      ),
      false,
    );
  return rows.map((row) => ids.get(row.id)!);
}

/** Documents by id with the buyer's data opened; expired data is simply absent. */
export async function readDocuments(
  db: Db,
  vault: Vault,
  ids: readonly bigint[],
): Promise<ReadonlyMap<bigint, StoredDocument>> {
  if (ids.length === 0) return new Map();
  const { rows } = await sql<{
    id: bigint;
    connection_id: string;
    key: string;
    version: Date;
    kept: unknown;
    personal: Buffer | null;
    via: string;
  }>`SELECT id, connection_id, key, version, kept, personal, via FROM documents WHERE id = ANY(${ids.map(String)}::bigint[])`.execute(
    db,
  );
  return new Map(
    rows.map((row) => [
      row.id,
      {
        id: row.id,
        key: row.key,
        version: row.version,
        kept: row.kept,
        personal: row.personal
          ? JSON.parse(vault.open(row.personal, documentContext(row.connection_id, row.key)).toString())
          : undefined,
        via: row.via,
      },
    ]),
  );
}

/** Removes the buyer's data whose time is over, a batch at a time; returns how many documents lost it. */
export async function expirePersonal(db: Db, now: Date, batch = 5_000): Promise<number> {
  for (let expired = 0; ; ) {
    const result = await sql`UPDATE documents SET personal = NULL WHERE id IN (
      SELECT id FROM documents WHERE personal IS NOT NULL AND personal_expires_at <= ${now}
      ORDER BY personal_expires_at LIMIT ${batch} FOR UPDATE SKIP LOCKED)`.execute(db);
    const turn = Number(result.numAffectedRows ?? 0n);
    expired += turn;
    if (turn < batch) return expired;
  }
}

/** An edited copy keeps the buyer's data no longer than its original did. */
export async function keepExpiry(tx: Db, originalId: bigint, recordId: bigint): Promise<void> {
  await sql`UPDATE documents d SET personal_expires_at = LEAST(d.personal_expires_at, o.personal_expires_at)
    FROM documents o, sync_records r
    WHERE o.id = ${originalId} AND r.id = ${recordId} AND d.id = r.document_id AND d.personal IS NOT NULL`.execute(
    tx,
  );
}
