// Which messages wait to be sent, and what became of those that were tried? A message is queued in the transaction that
// decided it; it is sent under a lease, so that a killed process loses none.
import { type Db, sql } from '../../db/pool.ts';
import type { Vault } from '../../vault/vault.ts';

export interface QueuedMessage {
  readonly kind: 'digest' | 'urgent' | 'test' | 'link';
  readonly channel: 'mail' | 'webhook';
  readonly target: string;
  readonly subject: string;
  /** Text of a mail, JSON of a webhook. */
  readonly body: string;
}
export interface DueMessage extends QueuedMessage {
  readonly id: bigint;
  readonly at: Date;
  readonly attempts: number;
}

const context = (channel: string, target: string) => `delivery/${channel}/${target}`;
/** A message under way is tried again by another process after this long. */
const leaseMs = 5 * 60_000;
/** After the last of these the message is given up and a problem says so: about a day in all. */
const pausesMinutes = [1, 5, 15, 60, 180, 360, 720];

export async function queueMessage(tx: Db, vault: Vault, message: QueuedMessage, now: Date): Promise<bigint> {
  const { kind, channel, target, subject, body } = message;
  const { rows } = await sql<{
    id: bigint;
  }>`INSERT INTO deliveries (at, kind, channel, target, subject, sealed, state, next_at)
    VALUES (${now}, ${kind}, ${channel}, ${target}, ${subject}, ${vault.seal(body, context(channel, target))}, 'queued', ${now})
    RETURNING id`.execute(tx);
  return rows[0]!.id;
}

export async function claimMessages(
  db: Db,
  vault: Vault,
  now: Date,
  limit = 20,
): Promise<readonly DueMessage[]> {
  const { rows } = await sql<Omit<DueMessage, 'body'> & { sealed: Buffer }>`
    WITH due AS (SELECT id FROM deliveries WHERE state = 'queued' AND next_at <= ${now} ORDER BY next_at LIMIT ${limit} FOR UPDATE SKIP LOCKED)
    UPDATE deliveries d SET attempts = attempts + 1, next_at = ${new Date(now.getTime() + leaseMs)}
    FROM due WHERE d.id = due.id
    RETURNING d.id, d.at, d.kind, d.channel, d.target, d.subject, d.sealed, d.attempts`.execute(db);
  return rows.map(({ sealed, ...row }) => ({
    ...row,
    body: vault.open(sealed, context(row.channel, row.target)).toString(),
  }));
}

export async function messageSent(db: Db, id: bigint, now: Date): Promise<void> {
  await sql`UPDATE deliveries SET state = 'sent', sent_at = ${now}, error = NULL WHERE id = ${id}`.execute(
    db,
  );
}

/** Puts it off, or gives it up; says which. */
export async function messageFailed(
  db: Db,
  message: DueMessage,
  error: string,
  now: Date,
): Promise<'later' | 'given-up'> {
  const pause = message.kind === 'test' ? undefined : pausesMinutes[message.attempts - 1];
  await sql`UPDATE deliveries SET error = ${error.slice(0, 500)}, state = ${pause === undefined ? 'failed' : 'queued'},
    next_at = ${new Date(now.getTime() + (pause ?? 0) * 60_000)} WHERE id = ${message.id}`.execute(db);
  return pause === undefined ? 'given-up' : 'later';
}

export async function listDeliveries(db: Db, limit = 50) {
  const { rows } = await sql<{
    id: bigint;
    at: Date;
    kind: string;
    channel: string;
    target: string;
    subject: string;
    state: string;
    attempts: number;
    sentAt: Date | null;
    error: string | null;
  }>`SELECT id, at, kind, channel, target, subject, state, attempts, sent_at AS "sentAt", error FROM deliveries ORDER BY id DESC LIMIT ${limit}`.execute(
    db,
  );
  return rows;
}

export async function deliveryById(db: Db, id: bigint) {
  const { rows } = await sql<{
    state: string;
    error: string | null;
  }>`SELECT state, error FROM deliveries WHERE id = ${id}`.execute(db);
  return rows[0];
}

/** What was sent long ago is of no use; what failed stays until someone has seen it. */
export async function forgetSent(db: Db, before: Date): Promise<void> {
  await sql`DELETE FROM deliveries WHERE state = 'sent' AND sent_at < ${before}`.execute(db);
}
