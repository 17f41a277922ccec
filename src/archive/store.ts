// Where does every inbound document go, as it came? Here, before anything is decided; the buyer's data sealed apart.
import { createHash } from 'node:crypto';
import { type Db, sql } from '../db/pool.ts';
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
  if (batch.documents.length === 0) return [];
  const rows = batch.documents.map((document, position) => {
    const personal = document.personal === undefined ? undefined : JSON.stringify(document.personal);
    const kept = JSON.stringify(document.kept);
    return {
      position,
      key: document.key,
      version: document.version.toISOString(),
      sha256: createHash('sha256')
        .update(kept)
        .update('\0')
        .update(personal ?? '')
        .digest('hex'),
      kept: document.kept,
      personal:
        personal === undefined
          ? null
          : vault.seal(personal, documentContext(batch.connectionId, document.key)).toString('hex'),
    };
  });
  const json = JSON.stringify(rows);
  const inserted = await sql<{ id: bigint; key: string; sha256: string }>`
    INSERT INTO documents (connection_id, kind, key, version, sha256, kept, personal, personal_expires_at, via, received_at)
    SELECT ${batch.connectionId}, ${batch.kind}, r.key, r.version, decode(r.sha256, 'hex'), r.kept, decode(r.personal, 'hex'),
      CASE WHEN r.personal IS NULL THEN NULL ELSE ${batch.personalExpiresAt}::timestamptz END, ${batch.via}, ${batch.now}
    FROM jsonb_to_recordset(${json}::jsonb) AS r(position int, key text, version timestamptz, sha256 text, kept jsonb, personal text)
    ORDER BY r.key
    ON CONFLICT (connection_id, kind, key, sha256) DO NOTHING
    RETURNING id, key, encode(sha256, 'hex') AS sha256`.execute(tx);
  const ids = new Map(inserted.rows.map((row) => [`${row.key}/${row.sha256}`, { id: row.id, isNew: true }]));
  if (ids.size < rows.length) {
    const known = await sql<{ id: bigint; key: string; sha256: string }>`
      SELECT d.id, d.key, encode(d.sha256, 'hex') AS sha256 FROM documents d
      JOIN jsonb_to_recordset(${JSON.stringify(rows.map(({ key, sha256 }) => ({ key, sha256 })))}::jsonb) AS r(key text, sha256 text)
        ON d.connection_id = ${batch.connectionId} AND d.kind = ${batch.kind} AND d.key = r.key AND d.sha256 = decode(r.sha256, 'hex')`.execute(
      tx,
    );
    for (const row of known.rows)
      if (!ids.has(`${row.key}/${row.sha256}`))
        ids.set(`${row.key}/${row.sha256}`, { id: row.id, isNew: false });
  }
  return rows.map((row) => ids.get(`${row.key}/${row.sha256}`)!);
}

/** Documents by id with the buyer's data opened; expired data is simply absent. */
export async function readDocuments(
  db: Db,
  vault: Vault,
  ids: readonly bigint[],
): Promise<ReadonlyMap<bigint, StoredDocument>> {
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

/** Removes the buyer's data whose time is over; returns how many documents lost it. */
export async function expirePersonal(db: Db, now: Date): Promise<number> {
  const result =
    await sql`UPDATE documents SET personal = NULL WHERE personal IS NOT NULL AND personal_expires_at <= ${now}`.execute(
      db,
    );
  return Number(result.numAffectedRows ?? 0n);
}
