// Has this POST been done already? The caller's key with the answer it got, sealed: an answer may hold a new token.
import { type Db, sql } from '../../db/pool.ts';
import type { Vault } from '../../vault/vault.ts';

const keptMs = 24 * 3_600_000;
/** A request whose process died never gives an answer; after this long its key may be used again. */
const abandonedMs = 2 * 60_000;

export interface Claim {
  readonly actor: string;
  readonly key: string;
  readonly requestHash: Buffer;
  readonly now: Date;
}

export type Claimed =
  | { readonly kind: 'fresh' }
  | { readonly kind: 'another-request' }
  | { readonly kind: 'under-way' }
  | { readonly kind: 'answered'; readonly status: number; readonly payload: string };

const context = (actor: string, key: string) => `answer/${actor}/${key}`;

/** Takes the key for this request, or tells what became of the request that has it. */
export async function claimIdempotencyKey(db: Db, vault: Vault, claim: Claim): Promise<Claimed> {
  const { actor, key, requestHash, now } = claim;
  await sql`DELETE FROM idempotency_keys WHERE at < ${new Date(now.getTime() - keptMs)}
    OR (status IS NULL AND at < ${new Date(now.getTime() - abandonedMs)})`.execute(db);
  const inserted =
    await sql`INSERT INTO idempotency_keys (actor, key, request_hash, at) VALUES (${actor}, ${key}, ${requestHash}, ${now}) ON CONFLICT DO NOTHING`.execute(
      db,
    );
  if ((inserted.numAffectedRows ?? 0n) > 0n) return { kind: 'fresh' };
  const { rows } = await sql<{
    request_hash: Buffer;
    status: number | null;
    response: string | null;
  }>`SELECT request_hash, status, response FROM idempotency_keys WHERE actor = ${actor} AND key = ${key}`.execute(
    db,
  );
  const [row] = rows;
  if (!row) return { kind: 'under-way' };
  if (!row.request_hash.equals(requestHash)) return { kind: 'another-request' };
  if (row.status === null || row.response === null) return { kind: 'under-way' };
  const payload = vault.open(Buffer.from(row.response, 'base64'), context(actor, key)).toString();
  return { kind: 'answered', status: row.status, payload };
}

/** Keeps the answer for whoever asks again. */
export async function keepAnswer(
  db: Db,
  vault: Vault,
  answer: { readonly actor: string; readonly key: string; readonly status: number; readonly payload: string },
): Promise<void> {
  const { actor, key, status, payload } = answer;
  const sealed = vault.seal(payload, context(actor, key)).toString('base64');
  await sql`UPDATE idempotency_keys SET status = ${status}, response = ${JSON.stringify(sealed)}::jsonb WHERE actor = ${actor} AND key = ${key}`.execute(
    db,
  );
}

/** The request failed on our side: the same key may try again. */
export async function giveBackKey(db: Db, actor: string, key: string): Promise<void> {
  await sql`DELETE FROM idempotency_keys WHERE actor = ${actor} AND key = ${key} AND status IS NULL`.execute(
    db,
  );
}
