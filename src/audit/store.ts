// Who did what? Append-only rows, each chained to the one before by its hash, so that a change of the past shows.
import { createHash } from 'node:crypto';
import { type Db, inTransaction, sql } from '../db/pool.ts';

export interface AuditEntry {
  readonly at: Date;
  readonly actor: string;
  /** noun.verb-past: `connection.saved`, `records.retried`. */
  readonly action: string;
  readonly subject: string;
  readonly detail?: Readonly<Record<string, unknown>>;
}

/** Only one writer at a time may extend the chain; the number is arbitrary but ours. */
const chainLock = 7_361_003;

export async function writeAudit(db: Db, entry: AuditEntry): Promise<void> {
  await inTransaction(db, async (tx) => {
    await sql`SELECT pg_advisory_xact_lock(${chainLock})`.execute(tx);
    const { rows } = await sql<{ hash: Buffer }>`SELECT hash FROM audit_log ORDER BY id DESC LIMIT 1`.execute(
      tx,
    );
    const previous = rows[0]?.hash ?? null;
    const detail = canonical(entry.detail ?? {});
    await sql`INSERT INTO audit_log (at, actor, action, subject, detail, prev_hash, hash)
      VALUES (${entry.at}, ${entry.actor}, ${entry.action}, ${entry.subject}, ${detail}::jsonb, ${previous}, ${hashOf(previous, entry, detail)})`.execute(
      tx,
    );
  });
}

/** Walks the whole chain; returns the id of the first row that does not fit, or undefined when all do. */
export async function verifyAudit(db: Db): Promise<{ readonly rows: number; readonly brokenAt?: string }> {
  let after = 0n;
  let previous: Buffer | null = null;
  let count = 0;
  for (;;) {
    const {
      rows,
    }: {
      rows: {
        id: bigint;
        at: Date;
        actor: string;
        action: string;
        subject: string;
        detail: Record<string, unknown>;
        prev_hash: Buffer | null;
        hash: Buffer;
      }[];
    } = await sql<{
      id: bigint;
      at: Date;
      actor: string;
      action: string;
      subject: string;
      detail: Record<string, unknown>;
      prev_hash: Buffer | null;
      hash: Buffer;
    }>`
        SELECT id, at, actor, action, subject, detail, prev_hash, hash FROM audit_log WHERE id > ${after} ORDER BY id LIMIT 1000`.execute(
      db,
    );
    if (rows.length === 0) return { rows: count };
    for (const row of rows) {
      const fits =
        (row.prev_hash === null ? previous === null : previous !== null && row.prev_hash.equals(previous)) &&
        hashOf(row.prev_hash, row, canonical(row.detail)).equals(row.hash);
      if (!fits) return { rows: count, brokenAt: row.id.toString() };
      previous = row.hash;
      after = row.id;
      count++;
    }
  }
}

function hashOf(
  previous: Buffer | null,
  entry: Pick<AuditEntry, 'at' | 'actor' | 'action' | 'subject'>,
  detail: string,
): Buffer {
  return createHash('sha256')
    .update(previous ?? Buffer.alloc(0))
    .update([entry.at.toISOString(), entry.actor, entry.action, entry.subject, detail].join('\0'))
    .digest();
}

/** JSON with sorted names: the same value always hashes the same, whatever order the database returns. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value === 'object' && value !== null)
    return `{${Object.entries(value)
      .filter(([, inner]) => inner !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, inner]) => `${JSON.stringify(name)}:${canonical(inner)}`)
      .join(',')}}`;
  return JSON.stringify(value) ?? 'null';
}
