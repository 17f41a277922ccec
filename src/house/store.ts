// What does the house decide for everybody? Settings by name; what is secret in them is sealed and never given out.
import { type Db, sql } from '../db/pool.ts';
import type { Vault } from '../vault/vault.ts';

const context = (name: string) => `house/${name}`;

export async function readHouse<Value>(db: Db, name: string): Promise<Value | undefined> {
  const { rows } = await sql<{ value: Value }>`SELECT value FROM house_settings WHERE name = ${name}`.execute(
    db,
  );
  return rows[0]?.value;
}

export async function readHouseSecret<Value>(db: Db, vault: Vault, name: string): Promise<Value | undefined> {
  const { rows } = await sql<{
    sealed: Buffer | null;
  }>`SELECT sealed FROM house_settings WHERE name = ${name}`.execute(db);
  const sealed = rows[0]?.sealed;
  return sealed ? (JSON.parse(vault.open(sealed, context(name)).toString()) as Value) : undefined;
}

/** `secret` absent: the stored one stays; null: it goes. */
export async function saveHouse(
  tx: Db,
  vault: Vault,
  name: string,
  setting: {
    readonly value: unknown;
    readonly secret?: unknown;
    readonly by: string;
    readonly now: Date;
  },
): Promise<void> {
  const { value, secret, by, now } = setting;
  const sealed =
    secret === undefined || secret === null ? null : vault.seal(JSON.stringify(secret), context(name));
  await sql`INSERT INTO house_settings (name, value, sealed, updated_by, updated_at)
    VALUES (${name}, ${JSON.stringify(value)}::jsonb, ${sealed}, ${by}, ${now})
    ON CONFLICT (name) DO UPDATE SET value = excluded.value, updated_by = excluded.updated_by, updated_at = excluded.updated_at,
      sealed = CASE WHEN ${secret === undefined} THEN house_settings.sealed ELSE excluded.sealed END`.execute(
    tx,
  );
}
