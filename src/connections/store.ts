// Which accounts do we keep in step, and what may we use to enter them? Secrets and tokens are sealed before they
// reach a row, and opened only here.
import type { Clock } from '../core/clock.ts';
import { type Db, inTransaction, sql } from '../db/pool.ts';
import type { TokenCache } from '../http/send.ts';
import type { CachedToken } from '../http/tools.ts';
import type { Vault } from '../vault/vault.ts';

export interface ConnectionRow {
  readonly id: string;
  readonly side: 'channel' | 'erp';
  readonly connector: string;
  readonly title: string;
  readonly settings: unknown;
  readonly state: 'active' | 'paused' | 'broken';
  readonly demo: boolean;
  readonly report: unknown;
  readonly secretDates: SecretDates;
  readonly updatedAt: Date;
}

/** When each secret was given and, when that is known, ends. */
export type SecretDates = Readonly<Record<string, { readonly since: string; readonly expiresAt?: string }>>;

const secretContext = (id: string) => `connection/${id}`;

export async function listConnections(db: Db): Promise<readonly ConnectionRow[]> {
  const { rows } = await sql<{
    id: string;
    side: 'channel' | 'erp';
    connector: string;
    title: string;
    settings: unknown;
    state: ConnectionRow['state'];
    demo: boolean;
    report: unknown;
    secret_dates: SecretDates;
    updated_at: Date;
  }>`SELECT id, side, connector, title, settings, state, demo, report, secret_dates, updated_at FROM connections ORDER BY id`.execute(
    db,
  );
  return rows.map(({ updated_at, secret_dates, ...row }) => ({
    ...row,
    secretDates: secret_dates,
    updatedAt: updated_at,
  }));
}

export async function readSecrets(db: Db, vault: Vault, id: string): Promise<unknown> {
  const { rows } = await sql<{ secrets: Buffer }>`SELECT secrets FROM connections WHERE id = ${id}`.execute(
    db,
  );
  const sealed = rows[0]?.secrets;
  return sealed === undefined ? undefined : JSON.parse(vault.open(sealed, secretContext(id)).toString());
}

export async function saveConnectionRow(
  tx: Db,
  vault: Vault,
  connection: Omit<ConnectionRow, 'state' | 'report' | 'updatedAt' | 'secretDates'> & {
    readonly secrets?: unknown;
  },
  now: Date,
): Promise<void> {
  const sealed =
    connection.secrets === undefined
      ? null
      : vault.seal(JSON.stringify(connection.secrets), secretContext(connection.id));
  await sql`INSERT INTO connections (id, side, connector, title, settings, secrets, state, demo, created_at, updated_at)
    VALUES (${connection.id}, ${connection.side}, ${connection.connector}, ${connection.title}, ${JSON.stringify(connection.settings)}::jsonb,
      ${sealed ?? vault.seal('{}', secretContext(connection.id))}, 'active', ${connection.demo}, ${now}, ${now})
    ON CONFLICT (id) DO UPDATE SET title = excluded.title, settings = excluded.settings,
      secrets = CASE WHEN ${sealed === null} THEN connections.secrets ELSE excluded.secrets END, updated_at = ${now}`.execute(
    tx,
  );
  // A token obtained with the old secrets or settings must not outlive them.
  await sql`DELETE FROM access_tokens WHERE connection_id = ${connection.id}`.execute(tx);
}

/** State and its reason; `broken` is set by the engine when the account itself refuses, and shown until a check passes. */
export async function setConnectionRowState(
  tx: Db,
  id: string,
  state: ConnectionRow['state'],
  reason: unknown,
  now: Date,
): Promise<void> {
  await sql`UPDATE connections SET state = ${state}, state_reason = ${reason === undefined ? null : JSON.stringify(reason)}::jsonb,
    updated_at = ${now} WHERE id = ${id}`.execute(tx);
}

export async function saveReport(tx: Db, id: string, report: unknown, now: Date): Promise<void> {
  await sql`UPDATE connections SET report = ${JSON.stringify(report)}::jsonb, checked_at = ${now} WHERE id = ${id}`.execute(
    tx,
  );
}

/** Notes when secrets were given; those not named keep their dates. */
export async function dateSecrets(tx: Db, id: string, dates: SecretDates): Promise<void> {
  await sql`UPDATE connections SET secret_dates = secret_dates || ${JSON.stringify(dates)}::jsonb WHERE id = ${id}`.execute(
    tx,
  );
}

const pendingContext = (id: string) => `connection/${id}/pending`;

/** Secrets that take effect once the account accepts them; undefined takes them away. */
export async function savePendingSecrets(
  tx: Db,
  vault: Vault,
  id: string,
  secrets: object | undefined,
): Promise<void> {
  const sealed = secrets === undefined ? null : vault.seal(JSON.stringify(secrets), pendingContext(id));
  await sql`UPDATE connections SET pending_secrets = ${sealed} WHERE id = ${id}`.execute(tx);
}

export async function readPendingSecrets(
  db: Db,
  vault: Vault,
  id: string,
): Promise<Readonly<Record<string, string>> | undefined> {
  const { rows } = await sql<{
    sealed: Buffer | null;
  }>`SELECT pending_secrets AS sealed FROM connections WHERE id = ${id}`.execute(db);
  const sealed = rows[0]?.sealed;
  return sealed
    ? (JSON.parse(vault.open(sealed, pendingContext(id)).toString()) as Record<string, string>)
    : undefined;
}

/** Changes single settings of a connection without touching its secrets: another address of a simulator. */
export async function mergeSettings(tx: Db, id: string, patch: object, now: Date): Promise<void> {
  await sql`UPDATE connections SET settings = settings || ${JSON.stringify(patch)}::jsonb, updated_at = ${now} WHERE id = ${id}`.execute(
    tx,
  );
}

/** Removes a connection that no flow uses any more. Its documents stay when there are any: then it is refused by the database. */
export async function removeConnectionRow(tx: Db, id: string): Promise<void> {
  await sql`DELETE FROM connections WHERE id = ${id}`.execute(tx);
}

export async function flowsUsing(db: Db, id: string): Promise<readonly string[]> {
  const { rows } = await sql<{
    id: string;
  }>`SELECT id FROM flows WHERE channel_connection_id = ${id} OR erp_connection_id = ${id}`.execute(db);
  return rows.map((row) => row.id);
}

/** Tokens are renewed this long before they end, so that none expires on its way (netsuite.md §3.2: 5 min). */
const renewEarlyMs = 5 * 60_000;

/** Tokens shared by all workers: memory first, then the sealed row, then one worker fetches while the others wait. */
export function makeTokenCache(
  db: Db,
  vault: Vault,
  clock: Clock,
): TokenCache & { forget(connectionId: string): Promise<void> } {
  const memory = new Map<string, CachedToken>();
  const underWay = new Map<string, Promise<string>>();
  const fresh = (token: CachedToken | undefined) =>
    token !== undefined && token.expiresAt.getTime() - renewEarlyMs > clock.now().getTime();

  async function load(tx: Db, connectionId: string, name: string): Promise<CachedToken | undefined> {
    const { rows } = await sql<{
      sealed: Buffer;
      expires_at: Date;
    }>`SELECT sealed, expires_at FROM access_tokens
      WHERE connection_id = ${connectionId} AND name = ${name}`.execute(tx);
    const row = rows[0];
    return (
      row && {
        value: vault.open(row.sealed, `token/${connectionId}/${name}`).toString(),
        expiresAt: row.expires_at,
      }
    );
  }

  async function obtain(
    connectionId: string,
    name: string,
    fetchToken: () => Promise<CachedToken>,
  ): Promise<string> {
    const stored = await load(db, connectionId, name);
    if (stored && fresh(stored)) {
      memory.set(`${connectionId}/${name}`, stored);
      return stored.value;
    }
    return inTransaction(db, async (tx) => {
      await sql`SELECT pg_advisory_xact_lock(hashtextextended(${`token/${connectionId}/${name}`}, 0))`.execute(
        tx,
      );
      const meanwhile = await load(tx, connectionId, name);
      const token = meanwhile && fresh(meanwhile) ? meanwhile : await fetchToken();
      memory.set(`${connectionId}/${name}`, token);
      if (token !== meanwhile)
        await sql`INSERT INTO access_tokens (connection_id, name, sealed, expires_at)
          SELECT ${connectionId}, ${name}, ${vault.seal(token.value, `token/${connectionId}/${name}`)}, ${token.expiresAt}
          WHERE EXISTS (SELECT 1 FROM connections WHERE id = ${connectionId})
          ON CONFLICT (connection_id, name) DO UPDATE SET sealed = excluded.sealed, expires_at = excluded.expires_at`.execute(
          tx,
        );
      return token.value;
    });
  }

  return {
    async forget(connectionId) {
      for (const key of memory.keys()) if (key.startsWith(`${connectionId}/`)) memory.delete(key);
      await sql`DELETE FROM access_tokens WHERE connection_id = ${connectionId}`.execute(db);
    },
    async get(connectionId, name, fetchToken) {
      const key = `${connectionId}/${name}`;
      const known = memory.get(key);
      if (known && fresh(known)) return known.value;
      const already = underWay.get(key);
      if (already) return already;
      const fetching = obtain(connectionId, name, fetchToken).finally(() => underWay.delete(key));
      underWay.set(key, fetching);
      return fetching;
    },
    async drop(connectionId, name) {
      memory.delete(`${connectionId}/${name}`);
      await sql`DELETE FROM access_tokens WHERE connection_id = ${connectionId} AND name = ${name}`.execute(
        db,
      );
    },
  };
}
