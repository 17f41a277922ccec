// Who are the people of this house, and what may each do? Roles give scopes, rights add to them; the last owner stays.
import { type Db, sql } from '../db/pool.ts';

export type Role = 'owner' | 'administrator' | 'operator' | 'viewer';
export interface Rights {
  readonly seesPersonal: boolean;
  readonly editsDocuments: boolean;
  readonly approvesPostings: boolean;
}

const scopesOfRole: Readonly<Record<Role, readonly string[]>> = {
  owner: ['read', 'write', 'admin', 'owner'],
  administrator: ['read', 'write', 'admin'],
  operator: ['read', 'write'],
  viewer: ['read'],
};

/** What a person may do: the role's scopes and one for each right. */
export function scopesOf(role: Role, rights: Rights): readonly string[] {
  return [
    ...scopesOfRole[role],
    ...(rights.editsDocuments ? ['edit'] : []),
    ...(rights.approvesPostings ? ['approve'] : []),
    ...(rights.seesPersonal ? ['personal'] : []),
  ];
}

export interface Person extends Rights {
  readonly id: bigint;
  readonly email: string;
  readonly name: string;
  readonly role: Role;
  readonly locale: string;
  readonly hasFactor: boolean;
  readonly factorSince: Date | null;
  readonly lockedUntil: Date | null;
  readonly disabledAt: Date | null;
  readonly lastSeenAt: Date | null;
  readonly passwordChangedAt: Date | null;
  readonly createdAt: Date;
  readonly sessions: number;
}

const columns = sql.raw(`u.id, u.email, u.name, u.role, u.locale, u.sees_personal AS "seesPersonal",
  u.edits_documents AS "editsDocuments", u.approves_postings AS "approvesPostings", u.totp_since IS NOT NULL AS "hasFactor",
  u.totp_since AS "factorSince", u.locked_until AS "lockedUntil", u.disabled_at AS "disabledAt", u.last_seen_at AS "lastSeenAt",
  u.password_changed_at AS "passwordChangedAt", u.created_at AS "createdAt"`);

export async function listPeople(db: Db, now: Date): Promise<readonly Person[]> {
  const { rows } = await sql<Person>`SELECT ${columns},
      (SELECT count(*)::int FROM sessions s WHERE s.user_id = u.id AND s.expires_at > ${now}) AS sessions
    FROM users u ORDER BY u.disabled_at IS NOT NULL, u.name, u.id`.execute(db);
  return rows;
}

export async function personById(db: Db, id: bigint | string, now: Date): Promise<Person | undefined> {
  const { rows } = await sql<Person>`SELECT ${columns},
      (SELECT count(*)::int FROM sessions s WHERE s.user_id = u.id AND s.expires_at > ${now}) AS sessions
    FROM users u WHERE u.id = ${String(id)}::bigint`.execute(db);
  return rows[0];
}

export async function updatePerson(
  tx: Db,
  id: string,
  change: { readonly [Right in keyof Rights]?: boolean | undefined } & {
    readonly role?: Role | undefined;
    readonly name?: string | undefined;
    readonly locale?: string | undefined;
    readonly disabledAt?: Date | null | undefined;
  },
): Promise<void> {
  await sql`UPDATE users SET
      role = COALESCE(${change.role ?? null}, role), name = COALESCE(${change.name ?? null}, name),
      locale = COALESCE(${change.locale ?? null}, locale),
      sees_personal = COALESCE(${change.seesPersonal ?? null}::boolean, sees_personal),
      edits_documents = COALESCE(${change.editsDocuments ?? null}::boolean, edits_documents),
      approves_postings = COALESCE(${change.approvesPostings ?? null}::boolean, approves_postings),
      disabled_at = CASE WHEN ${change.disabledAt === undefined} THEN disabled_at ELSE ${change.disabledAt ?? null}::timestamptz END
    WHERE id = ${id}::bigint`.execute(tx);
}

/** Owners who can sign in, those of `except` not counted. */
export async function countOwners(tx: Db, except: string): Promise<number> {
  const { rows } = await sql<{
    n: number;
  }>`SELECT count(*)::int AS n FROM users WHERE role = 'owner' AND disabled_at IS NULL AND id <> ${except}::bigint`.execute(
    tx,
  );
  return rows[0]?.n ?? 0;
}

export async function passwordHashOf(db: Db, id: bigint): Promise<string> {
  const { rows } = await sql<{
    password_hash: string;
  }>`SELECT password_hash FROM users WHERE id = ${id}`.execute(db);
  return rows[0]?.password_hash ?? '';
}

export async function setPasswordHash(tx: Db, id: bigint, passwordHash: string, now: Date): Promise<void> {
  await sql`UPDATE users SET password_hash = ${passwordHash}, password_changed_at = ${now}, failed_logins = 0, locked_until = NULL WHERE id = ${id}`.execute(
    tx,
  );
}

export interface FactorRow {
  readonly sealed: Buffer | null;
  readonly since: Date | null;
  readonly lastStep: bigint;
}

export async function factorOf(db: Db, id: bigint): Promise<FactorRow> {
  const { rows } =
    await sql<FactorRow>`SELECT totp_sealed AS sealed, totp_since AS since, totp_last_step AS "lastStep" FROM users WHERE id = ${id}`.execute(
      db,
    );
  return rows[0] ?? { sealed: null, since: null, lastStep: 0n };
}

/** Offers a secret, proves it, or takes it away. */
export async function setFactor(
  tx: Db,
  id: bigint,
  factor: {
    readonly sealed: Buffer | null;
    readonly since: Date | null;
    readonly recovery: readonly Buffer[];
  },
): Promise<void> {
  await sql`UPDATE users SET totp_sealed = ${factor.sealed}, totp_since = ${factor.since}, recovery_hashes = ${[...factor.recovery]}::bytea[] WHERE id = ${id}`.execute(
    tx,
  );
}

/** Uses a step up; false when it, or a later one, was used meanwhile. */
export async function spendStep(tx: Db, id: bigint, step: bigint): Promise<boolean> {
  const result =
    await sql`UPDATE users SET totp_last_step = ${step} WHERE id = ${id} AND totp_last_step < ${step}`.execute(
      tx,
    );
  return (result.numAffectedRows ?? 0n) > 0n;
}

/** Uses a recovery code up; false when there is none such. */
export async function spendRecoveryCode(tx: Db, id: bigint, codeHash: Buffer): Promise<boolean> {
  const result =
    await sql`UPDATE users SET recovery_hashes = array_remove(recovery_hashes, ${codeHash}::bytea) WHERE id = ${id} AND ${codeHash}::bytea = ANY(recovery_hashes)`.execute(
      tx,
    );
  return (result.numAffectedRows ?? 0n) > 0n;
}

export async function listSessions(db: Db, userId: bigint, cookieHash: Buffer | undefined, now: Date) {
  const { rows } = await sql<{
    id: bigint;
    agent: string;
    createdAt: Date;
    seenAt: Date;
    expiresAt: Date;
    current: boolean;
  }>`SELECT id, agent, created_at AS "createdAt", seen_at AS "seenAt", expires_at AS "expiresAt",
      id_hash IS NOT DISTINCT FROM ${cookieHash ?? null}::bytea AS current
    FROM sessions WHERE user_id = ${userId} AND expires_at > ${now} ORDER BY seen_at DESC`.execute(db);
  return rows;
}

/** Ends sessions of a person: one by its number, or all but the one that asks. */
export async function endSessions(
  tx: Db,
  userId: bigint | string,
  which: { readonly id?: string; readonly exceptHash?: Buffer | undefined },
): Promise<number> {
  const result = await sql`DELETE FROM sessions WHERE user_id = ${String(userId)}::bigint
    AND (${which.id ?? null}::bigint IS NULL OR id = ${which.id ?? null}::bigint)
    AND id_hash IS DISTINCT FROM ${which.exceptHash ?? null}::bytea`.execute(tx);
  return Number(result.numAffectedRows ?? 0n);
}
