// With which key does this house sign its certificates? Made once, kept sealed; the public half may be given to anybody.
import { type Db, sql } from '../../db/pool.ts';
import { makeSigningKey, type SigningKey } from '../../ledger/certificate.ts';
import type { Vault } from '../../vault/vault.ts';

const context = (id: string) => `signing-key/${id}`;

export async function signingKey(db: Db, vault: Vault, now: Date): Promise<SigningKey> {
  const known = await readKey(db, vault);
  if (known) return known;
  const made = makeSigningKey();
  await sql`INSERT INTO signing_keys (id, public_pem, sealed, created_at)
    VALUES (${made.id}, ${made.publicPem}, ${vault.seal(made.privatePem, context(made.id))}, ${now})`.execute(
    db,
  );
  // Two processes may have made one at the same moment: the first in order is everybody's.
  return (await readKey(db, vault))!;
}

async function readKey(db: Db, vault: Vault): Promise<SigningKey | undefined> {
  const { rows } = await sql<{ id: string; public_pem: string; sealed: Buffer }>`
    SELECT id, public_pem, sealed FROM signing_keys ORDER BY created_at, id LIMIT 1`.execute(db);
  const [row] = rows;
  return (
    row && {
      id: row.id,
      publicPem: row.public_pem,
      privatePem: vault.open(row.sealed, context(row.id)).toString(),
    }
  );
}
