// Who may come in? People with passwords, a second factor and sessions, programs with tokens; only hashes are kept.
import { createHash, randomBytes } from 'node:crypto';
import { type Db, sql } from '../../db/pool.ts';
import { hashPassword, passwordFits } from '../../people/passwords.ts';
import { type Rights, type Role, scopesOf, spendRecoveryCode, spendStep } from '../../people/store.ts';
import { matchingStep } from '../../people/totp.ts';
import type { Vault } from '../../vault/vault.ts';

export interface Caller {
  readonly name: string;
  readonly scopes: readonly string[];
  readonly seesPersonal: boolean;
  /** Cookie sessions must prove each change with this (cross-site requests cannot read it). */
  readonly csrf: string | undefined;
  /** The person behind a session; programs have none. */
  readonly userId: bigint | undefined;
  readonly hasFactor: boolean;
}

/** The cookie that holds a browser's session. */
export const cookieName = 'crossdock_session';

export const hash = (secret: string): Buffer => createHash('sha256').update(secret).digest();
const hourMs = 3_600_000;
const lockAfter = 10;
export const factorContext = (userId: bigint) => `user/${userId}/totp`;

export async function hasUsers(db: Db): Promise<boolean> {
  const { rows } = await sql<{ n: number }>`SELECT count(*)::int AS n FROM users`.execute(db);
  return (rows[0]?.n ?? 0) > 0;
}

/** Makes a person; false when the address is taken. */
export async function createUser(
  tx: Db,
  user: {
    readonly email: string;
    readonly name: string;
    readonly password: string;
    readonly role: Role;
  } & Rights,
  now: Date,
): Promise<boolean> {
  const result =
    await sql`INSERT INTO users (email, name, role, sees_personal, edits_documents, approves_postings, password_hash, password_changed_at, created_at)
    VALUES (${user.email.toLowerCase()}, ${user.name}, ${user.role}, ${user.seesPersonal}, ${user.editsDocuments}, ${user.approvesPostings},
      ${await hashPassword(user.password)}, ${now}, ${now})
    ON CONFLICT (email) DO NOTHING`.execute(tx);
  return (result.numAffectedRows ?? 0n) > 0n;
}

export interface SignIn {
  readonly email: string;
  readonly password: string;
  /** Of the second factor, or one of its recovery codes. */
  readonly code?: string | undefined;
  /** What the browser says of itself, for the list of sessions. */
  readonly agent: string;
}
export type SignInOutcome =
  | { readonly cookie: string; readonly csrf: string; readonly recoveryUsed: boolean }
  | 'refused'
  | 'locked'
  | 'code-needed'
  | 'code-wrong';

/** The session's cookie and csrf value, or why not. */
export async function signIn(
  db: Db,
  vault: Vault,
  { email, password, code, agent }: SignIn,
  now: Date,
): Promise<SignInOutcome> {
  const { rows } = await sql<{
    id: bigint;
    password_hash: string;
    locked_until: Date | null;
    totp_sealed: Buffer | null;
    totp_since: Date | null;
    totp_last_step: bigint;
  }>`SELECT id, password_hash, locked_until, totp_sealed, totp_since, totp_last_step FROM users WHERE email = ${email.toLowerCase()} AND disabled_at IS NULL`.execute(
    db,
  );
  const user = rows[0];
  if (!user) {
    await hashPassword(password);
    return 'refused';
  }
  if (user.locked_until && user.locked_until > now) return 'locked';
  const fail = async (outcome: SignInOutcome): Promise<SignInOutcome> => {
    await sql`UPDATE users SET failed_logins = failed_logins + 1, locked_until = CASE WHEN failed_logins + 1 >= ${lockAfter} THEN ${new Date(now.getTime() + hourMs)}::timestamptz ELSE NULL END WHERE id = ${user.id}`.execute(
      db,
    );
    return outcome;
  };
  if (!(await passwordFits(password, user.password_hash))) return fail('refused');
  let recoveryUsed = false;
  if (user.totp_sealed && user.totp_since) {
    if (!code) return 'code-needed';
    const secret = vault.open(user.totp_sealed, factorContext(user.id)).toString();
    const step = matchingStep(secret, code, now, user.totp_last_step);
    recoveryUsed =
      step === undefined && (await spendRecoveryCode(db, user.id, hash(code.trim().toLowerCase())));
    const fits = step === undefined ? recoveryUsed : await spendStep(db, user.id, step);
    if (!fits) return fail('code-wrong');
  }
  return { ...(await openSession(db, user.id, agent, now)), recoveryUsed };
}

async function openSession(db: Db, userId: bigint, agent: string, now: Date) {
  const cookie = randomBytes(32).toString('base64url');
  const csrf = randomBytes(16).toString('base64url');
  await sql`UPDATE users SET failed_logins = 0, locked_until = NULL, last_seen_at = ${now} WHERE id = ${userId}`.execute(
    db,
  );
  await sql`DELETE FROM sessions WHERE expires_at <= ${now}`.execute(db);
  await sql`INSERT INTO sessions (id_hash, user_id, csrf, agent, created_at, seen_at, expires_at) VALUES (${hash(cookie)}, ${userId}, ${csrf}, ${agent.slice(0, 200)}, ${now}, ${now}, ${new Date(now.getTime() + 12 * hourMs)})`.execute(
    db,
  );
  return { cookie, csrf };
}

export async function signOut(db: Db, cookie: string): Promise<void> {
  await sql`DELETE FROM sessions WHERE id_hash = ${hash(cookie)}`.execute(db);
}

/** A session counts as seen once a minute, not at every request. */
const seenEveryMs = 60_000;

export async function callerOfCookie(db: Db, cookie: string, now: Date): Promise<Caller | undefined> {
  const { rows } = await sql<
    {
      id: bigint;
      name: string;
      role: Role;
      csrf: string;
      hasFactor: boolean;
      seenAt: Date;
    } & Rights
  >`SELECT u.id, u.name, u.role, u.sees_personal AS "seesPersonal", u.edits_documents AS "editsDocuments",
      u.approves_postings AS "approvesPostings", u.totp_since IS NOT NULL AS "hasFactor", s.csrf, s.seen_at AS "seenAt"
    FROM sessions s JOIN users u ON u.id = s.user_id
    WHERE s.id_hash = ${hash(cookie)} AND s.expires_at > ${now} AND u.disabled_at IS NULL`.execute(db);
  const row = rows[0];
  if (!row) return undefined;
  if (now.getTime() - row.seenAt.getTime() > seenEveryMs) {
    await sql`UPDATE sessions SET seen_at = ${now} WHERE id_hash = ${hash(cookie)}`.execute(db);
    await sql`UPDATE users SET last_seen_at = ${now} WHERE id = ${row.id}`.execute(db);
  }
  return {
    name: row.name,
    scopes: scopesOf(row.role, row),
    seesPersonal: row.seesPersonal,
    csrf: row.csrf,
    userId: row.id,
    hasFactor: row.hasFactor,
  };
}

export async function createApiToken(
  db: Db,
  token: {
    readonly name: string;
    readonly scopes: readonly string[];
    readonly createdBy: string;
    readonly now: Date;
    readonly expiresAt?: Date;
  },
): Promise<string> {
  const secret = `xd_${randomBytes(32).toString('base64url')}`;
  // A token of the same name made by the program itself replaces its predecessor.
  await sql`UPDATE api_tokens SET revoked_at = ${token.now} WHERE name = ${token.name} AND created_by = ${token.createdBy} AND revoked_at IS NULL`.execute(
    db,
  );
  await sql`INSERT INTO api_tokens (name, token_hash, scopes, created_by, created_at, expires_at) VALUES (${token.name}, ${hash(secret)}, ${[...token.scopes]}, ${token.createdBy}, ${token.now}, ${token.expiresAt ?? null})`.execute(
    db,
  );
  return secret;
}

export async function callerOfToken(db: Db, secret: string, now: Date): Promise<Caller | undefined> {
  const { rows } = await sql<{
    name: string;
    scopes: string[];
  }>`UPDATE api_tokens SET last_used_at = ${now} WHERE token_hash = ${hash(secret)} AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > ${now}) RETURNING name, scopes`.execute(
    db,
  );
  const row = rows[0];
  return (
    row && {
      name: `token ${row.name}`,
      scopes: row.scopes,
      seesPersonal: row.scopes.includes('personal'),
      csrf: undefined,
      userId: undefined,
      hasFactor: true,
    }
  );
}

export async function listTokens(db: Db, now: Date) {
  const { rows } = await sql<{
    id: bigint;
    name: string;
    scopes: string[];
    createdBy: string;
    createdAt: Date;
    expiresAt: Date | null;
    lastUsedAt: Date | null;
  }>`SELECT id, name, scopes, created_by AS "createdBy", created_at AS "createdAt", expires_at AS "expiresAt", last_used_at AS "lastUsedAt"
    FROM api_tokens WHERE revoked_at IS NULL AND (expires_at IS NULL OR expires_at > ${now}) ORDER BY id`.execute(
    db,
  );
  return rows;
}

/** False when there is no such token in force. */
export async function revokeToken(db: Db, id: string, now: Date): Promise<boolean> {
  const result =
    await sql`UPDATE api_tokens SET revoked_at = ${now} WHERE id = ${id}::bigint AND revoked_at IS NULL`.execute(
      db,
    );
  return (result.numAffectedRows ?? 0n) > 0n;
}
