// Who may come in? People with passwords and sessions, programs with tokens; only hashes are kept.
import { createHash, randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { type Db, sql } from '../../db/pool.ts';

export interface Caller {
  readonly name: string;
  readonly scopes: readonly string[];
  readonly seesPersonal: boolean;
  /** Cookie sessions must prove each change with this (cross-site requests cannot read it). */
  readonly csrf: string | undefined;
}

const hash = (secret: string): Buffer => createHash('sha256').update(secret).digest();
const derive = promisify(scrypt) as (
  password: string,
  salt: Buffer,
  bytes: number,
  cost: object,
) => Promise<Buffer>;
/** scrypt at 32 MiB: slow for a thief, a tenth of a second for us. */
const cost = { N: 32_768, r: 8, p: 1, maxmem: 64 * 1024 * 1024 };
const hourMs = 3_600_000;
const lockAfter = 10;

async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  return `scrypt$${salt.toString('base64')}$${(await derive(password, salt, 32, cost)).toString('base64')}`;
}

async function passwordFits(password: string, stored: string): Promise<boolean> {
  const [, salt = '', key = ''] = stored.split('$');
  const wanted = Buffer.from(key, 'base64');
  return timingSafeEqual(await derive(password, Buffer.from(salt, 'base64'), wanted.length, cost), wanted);
}

export async function hasUsers(db: Db): Promise<boolean> {
  const { rows } = await sql<{ n: number }>`SELECT count(*)::int AS n FROM users`.execute(db);
  return (rows[0]?.n ?? 0) > 0;
}

/** A link for the first owner's account; works once, for a day. */
export async function createOwnerLink(db: Db, now: Date): Promise<string> {
  const link = randomBytes(24).toString('base64url');
  await sql`INSERT INTO one_time_links (link_hash, purpose, created_at, expires_at) VALUES (${hash(link)}, 'owner', ${now}, ${new Date(now.getTime() + 24 * hourMs)})`.execute(
    db,
  );
  return link;
}

export async function useOwnerLink(
  tx: Db,
  link: string,
  user: { readonly email: string; readonly name: string; readonly password: string },
  now: Date,
): Promise<boolean> {
  const { rows } = await sql<{
    purpose: string;
  }>`UPDATE one_time_links SET used_at = ${now} WHERE link_hash = ${hash(link)} AND used_at IS NULL AND expires_at > ${now} RETURNING purpose`.execute(
    tx,
  );
  if (rows.length === 0) return false;
  await sql`INSERT INTO users (email, name, role, sees_personal, password_hash, created_at) VALUES (${user.email.toLowerCase()}, ${user.name}, 'owner', true, ${await hashPassword(user.password)}, ${now})`.execute(
    tx,
  );
  return true;
}

/** The session's cookie and csrf value, or why not. */
export async function signIn(
  db: Db,
  email: string,
  password: string,
  now: Date,
): Promise<{ readonly cookie: string; readonly csrf: string } | 'refused' | 'locked'> {
  const { rows } = await sql<{
    id: bigint;
    password_hash: string;
    locked_until: Date | null;
  }>`SELECT id, password_hash, locked_until FROM users WHERE email = ${email.toLowerCase()} AND disabled_at IS NULL`.execute(
    db,
  );
  const user = rows[0];
  if (!user) {
    await hashPassword(password);
    return 'refused';
  }
  if (user.locked_until && user.locked_until > now) return 'locked';
  if (!(await passwordFits(password, user.password_hash))) {
    await sql`UPDATE users SET failed_logins = failed_logins + 1, locked_until = CASE WHEN failed_logins + 1 >= ${lockAfter} THEN ${new Date(now.getTime() + hourMs)}::timestamptz ELSE NULL END WHERE id = ${user.id}`.execute(
      db,
    );
    return 'refused';
  }
  const cookie = randomBytes(32).toString('base64url');
  const csrf = randomBytes(16).toString('base64url');
  await sql`UPDATE users SET failed_logins = 0, locked_until = NULL, last_seen_at = ${now} WHERE id = ${user.id}`.execute(
    db,
  );
  await sql`INSERT INTO sessions (id_hash, user_id, csrf, created_at, seen_at, expires_at) VALUES (${hash(cookie)}, ${user.id}, ${csrf}, ${now}, ${now}, ${new Date(now.getTime() + 12 * hourMs)})`.execute(
    db,
  );
  return { cookie, csrf };
}

export async function signOut(db: Db, cookie: string): Promise<void> {
  await sql`DELETE FROM sessions WHERE id_hash = ${hash(cookie)}`.execute(db);
}

const scopesOfRole: Readonly<Record<string, readonly string[]>> = {
  owner: ['read', 'write', 'edit', 'admin'],
  operator: ['read', 'write'],
  viewer: ['read'],
};

export async function callerOfCookie(db: Db, cookie: string, now: Date): Promise<Caller | undefined> {
  const { rows } = await sql<{
    name: string;
    role: string;
    sees_personal: boolean;
    csrf: string;
  }>`SELECT u.name, u.role, u.sees_personal, s.csrf FROM sessions s JOIN users u ON u.id = s.user_id
    WHERE s.id_hash = ${hash(cookie)} AND s.expires_at > ${now} AND u.disabled_at IS NULL`.execute(db);
  const row = rows[0];
  return (
    row && {
      name: row.name,
      scopes: scopesOfRole[row.role] ?? [],
      seesPersonal: row.sees_personal,
      csrf: row.csrf,
    }
  );
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
