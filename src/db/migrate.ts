// How does the schema get where this build expects it? Numbered files, forward only, one transaction each, in order.
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { type Db, inTransaction, sql } from './pool.ts';

const folder = new URL('./migrations/', import.meta.url);
/** Only one process migrates at a time; the number is arbitrary but ours. */
const lockNumber = 7_361_002;

/** Brings the schema up to date; refuses a database that a newer build has migrated. Returns what was applied. */
export async function migrate(db: Db): Promise<readonly string[]> {
  const files = (await readdir(folder)).filter((name) => /^\d{4}-[a-z0-9-]+\.sql$/.test(name)).sort();
  await sql`CREATE TABLE IF NOT EXISTS migrations (name text PRIMARY KEY, checksum text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())`.execute(
    db,
  );
  const applied: string[] = [];
  await inTransaction(db, async (tx) => {
    await sql`SELECT pg_advisory_xact_lock(${lockNumber})`.execute(tx);
    const { rows } = await sql<{
      name: string;
      checksum: string;
    }>`SELECT name, checksum FROM migrations`.execute(tx);
    const known = new Map(rows.map((row) => [row.name, row.checksum]));
    const unknown = [...known.keys()].filter((name) => !files.includes(name));
    if (unknown.length > 0)
      throw new Error(
        `This database was migrated by a newer Crossdock (${unknown.join(', ')}). Start that version, or restore a backup from before.`,
      );
    for (const name of files) {
      const text = await readFile(new URL(name, folder), 'utf8');
      const checksum = createHash('sha256').update(text).digest('hex');
      if (known.has(name)) {
        if (known.get(name) !== checksum)
          throw new Error(`The migration ${name} differs from the one this database was made with.`);
        continue;
      }
      await sql`INSERT INTO migrations (name, checksum) VALUES (${name}, ${checksum})`.execute(tx);
      await sql.raw(text).execute(tx);
      applied.push(name);
    }
  });
  return applied;
}
