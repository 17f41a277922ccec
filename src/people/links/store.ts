// What does a one-time link open? The first owner's account, an invitation, or a new password; each works once.
import { createHash, randomBytes } from 'node:crypto';
import { type Db, sql } from '../../db/pool.ts';
import type { Rights, Role } from '../store.ts';

export interface Invitation extends Rights {
  readonly email: string;
  readonly name: string;
  readonly role: Role;
}
export interface Link {
  readonly purpose: 'owner' | 'invite' | 'reset';
  readonly userId: bigint | null;
  readonly invited: Invitation | null;
  readonly createdBy: string;
  readonly expiresAt: Date;
}

const hash = (secret: string): Buffer => createHash('sha256').update(secret).digest();
const hourMs = 3_600_000;
/** An invitation waits a week for its person, a reset a day. */
const hoursOf = { owner: 24, invite: 7 * 24, reset: 24 } as const;

export async function createLink(
  tx: Db,
  link: {
    readonly purpose: Link['purpose'];
    readonly userId?: string;
    readonly invited?: Invitation;
    readonly createdBy: string;
    readonly now: Date;
  },
): Promise<{ readonly link: string; readonly expiresAt: Date }> {
  const secret = randomBytes(24).toString('base64url');
  const expiresAt = new Date(link.now.getTime() + hoursOf[link.purpose] * hourMs);
  // An earlier link for the same person or address no longer works: there is one door at a time.
  await sql`UPDATE one_time_links SET used_at = ${link.now} WHERE used_at IS NULL AND purpose = ${link.purpose}
    AND (user_id = ${link.userId ?? null}::bigint OR invited ->> 'email' = ${link.invited?.email ?? null})`.execute(
    tx,
  );
  await sql`INSERT INTO one_time_links (link_hash, purpose, user_id, invited, created_by, created_at, expires_at)
    VALUES (${hash(secret)}, ${link.purpose}, ${link.userId ?? null}::bigint,
      ${link.invited ? JSON.stringify(link.invited) : null}::jsonb, ${link.createdBy}, ${link.now}, ${expiresAt})`.execute(
    tx,
  );
  return { link: secret, expiresAt };
}

const columns = sql.raw(
  'purpose, user_id AS "userId", invited, created_by AS "createdBy", expires_at AS "expiresAt"',
);

/** What a link would open, without using it. */
export async function peekLink(db: Db, secret: string, now: Date): Promise<Link | undefined> {
  const { rows } = await sql<Link>`SELECT ${columns} FROM one_time_links
    WHERE link_hash = ${hash(secret)} AND used_at IS NULL AND expires_at > ${now}`.execute(db);
  return rows[0];
}

export async function spendLink(tx: Db, secret: string, now: Date): Promise<Link | undefined> {
  const { rows } = await sql<Link>`UPDATE one_time_links SET used_at = ${now}
    WHERE link_hash = ${hash(secret)} AND used_at IS NULL AND expires_at > ${now} RETURNING ${columns}`.execute(
    tx,
  );
  return rows[0];
}

/** Invitations that wait for their person. */
export async function openInvitations(db: Db, now: Date) {
  const { rows } = await sql<{
    email: string;
    name: string;
    role: Role;
    createdBy: string;
    expiresAt: Date;
  }>`SELECT invited ->> 'email' AS email, invited ->> 'name' AS name, invited ->> 'role' AS role, created_by AS "createdBy", expires_at AS "expiresAt"
    FROM one_time_links WHERE purpose = 'invite' AND used_at IS NULL AND expires_at > ${now} ORDER BY created_at DESC`.execute(
    db,
  );
  return rows;
}

export async function withdrawInvitation(tx: Db, email: string, now: Date): Promise<boolean> {
  const result =
    await sql`UPDATE one_time_links SET used_at = ${now} WHERE purpose = 'invite' AND used_at IS NULL AND invited ->> 'email' = ${email}`.execute(
      tx,
    );
  return (result.numAffectedRows ?? 0n) > 0n;
}
