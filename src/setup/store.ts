// How far is each shop's set-up, and which authorisations are under way? Kept here so that it goes on after a reload and
// in another browser.
import { createHash } from 'node:crypto';
import { type Db, sql } from '../db/pool.ts';
import type { Vault } from '../vault/vault.ts';

export type SetupState = 'open' | 'live' | 'paused' | 'rolled-back';
export type Answers = Readonly<Record<string, unknown>>;

export interface SetupRow {
  readonly id: string;
  readonly kind: 'real' | 'practice';
  readonly state: SetupState;
  readonly step: string;
  readonly answers: Answers;
  readonly channelConnectionId: string | null;
  readonly erpConnectionId: string | null;
  readonly readiness: unknown;
  readonly checkedAt: Date | null;
  readonly liveAt: Date | null;
  readonly liveBy: string | null;
  readonly updatedAt: Date;
  readonly updatedBy: string;
}

const columns = sql.raw(`id, kind, state, step, answers, channel_connection_id AS "channelConnectionId",
  erp_connection_id AS "erpConnectionId", readiness, checked_at AS "checkedAt", live_at AS "liveAt", live_by AS "liveBy",
  updated_at AS "updatedAt", updated_by AS "updatedBy"`);

export async function listSetups(db: Db): Promise<readonly SetupRow[]> {
  return (await sql<SetupRow>`SELECT ${columns} FROM setups ORDER BY created_at, id`.execute(db)).rows;
}

export async function readSetup(db: Db, id: string): Promise<SetupRow | undefined> {
  return (await sql<SetupRow>`SELECT ${columns} FROM setups WHERE id = ${id}`.execute(db)).rows[0];
}

export async function addSetup(
  tx: Db,
  setup: { readonly id: string; readonly kind: SetupRow['kind']; readonly step: string },
  by: string,
  now: Date,
): Promise<void> {
  await sql`INSERT INTO setups (id, kind, state, step, created_at, updated_at, updated_by)
    VALUES (${setup.id}, ${setup.kind}, 'open', ${setup.step}, ${now}, ${now}, ${by}) ON CONFLICT DO NOTHING`.execute(
    tx,
  );
}

/** What changed; what is absent stays. Answers are merged one level deep, so that two steps do not overwrite each other. */
export interface SetupChange {
  readonly step?: string;
  readonly state?: SetupState;
  readonly answers?: Answers;
  readonly channelConnectionId?: string;
  readonly erpConnectionId?: string;
  readonly readiness?: unknown;
  readonly live?: { readonly at: Date; readonly by: string };
}

export async function changeSetup(
  tx: Db,
  id: string,
  change: SetupChange,
  by: string,
  now: Date,
): Promise<void> {
  await sql`UPDATE setups SET step = COALESCE(${change.step ?? null}, step), state = COALESCE(${change.state ?? null}, state),
      answers = answers || ${JSON.stringify(change.answers ?? {})}::jsonb,
      channel_connection_id = COALESCE(${change.channelConnectionId ?? null}, channel_connection_id),
      erp_connection_id = COALESCE(${change.erpConnectionId ?? null}, erp_connection_id),
      readiness = COALESCE(${change.readiness === undefined ? null : JSON.stringify(change.readiness)}::jsonb, readiness),
      checked_at = CASE WHEN ${change.readiness === undefined} THEN checked_at ELSE ${now} END,
      live_at = COALESCE(${change.live?.at ?? null}::timestamptz, live_at), live_by = COALESCE(${change.live?.by ?? null}, live_by),
      updated_at = ${now}, updated_by = ${by} WHERE id = ${id}`.execute(tx);
}

/** Removes a set-up that never went live; what it connected stays until it is removed as a connection. */
export async function removeSetup(tx: Db, id: string): Promise<void> {
  await sql`DELETE FROM setups WHERE id = ${id}`.execute(tx);
}

const context = (id: string) => `setup/${id}`;

/** Credentials typed before the connection they belong to can exist. */
export async function sealDraft(tx: Db, vault: Vault, id: string, secrets: object): Promise<void> {
  await sql`UPDATE setups SET sealed = ${vault.seal(JSON.stringify(secrets), context(id))} WHERE id = ${id}`.execute(
    tx,
  );
}

export async function openDraft(
  db: Db,
  vault: Vault,
  id: string,
): Promise<Readonly<Record<string, unknown>>> {
  const { rows } = await sql<{ sealed: Buffer | null }>`SELECT sealed FROM setups WHERE id = ${id}`.execute(
    db,
  );
  const sealed = rows[0]?.sealed;
  return sealed ? (JSON.parse(vault.open(sealed, context(id)).toString()) as Record<string, unknown>) : {};
}

const hashOf = (state: string): Buffer => createHash('sha256').update(state).digest();

export interface AuthorisationRow {
  readonly setupId: string | null;
  readonly connectionId: string | null;
  readonly redirectUri: string;
}

export async function beginAuthorisation(
  tx: Db,
  begun: AuthorisationRow & { readonly state: string; readonly actor: string },
  now: Date,
  expiresAt: Date,
): Promise<void> {
  await sql`DELETE FROM authorisations WHERE expires_at < ${now}`.execute(tx);
  await sql`INSERT INTO authorisations (state_hash, setup_id, connection_id, actor, redirect_uri, created_at, expires_at)
    VALUES (${hashOf(begun.state)}, ${begun.setupId}, ${begun.connectionId}, ${begun.actor}, ${begun.redirectUri}, ${now}, ${expiresAt})`.execute(
    tx,
  );
}

/** Spends a state: only once, only in time, only by the person who was sent. */
export async function spendAuthorisation(
  tx: Db,
  state: string,
  actor: string,
  now: Date,
): Promise<AuthorisationRow | undefined> {
  const { rows } = await sql<AuthorisationRow>`UPDATE authorisations SET used_at = ${now}
    WHERE state_hash = ${hashOf(state)} AND actor = ${actor} AND used_at IS NULL AND expires_at > ${now}
    RETURNING setup_id AS "setupId", connection_id AS "connectionId", redirect_uri AS "redirectUri"`.execute(
    tx,
  );
  return rows[0];
}

export interface MadeDocument {
  readonly recordId: bigint;
  readonly flowId: string;
  readonly key: string;
  readonly remoteKind: string;
  readonly remoteId: string;
  readonly remoteNumber: string | null;
  readonly orderStatus: string | null;
  readonly adopted: boolean;
  readonly undone: boolean;
  readonly currency: string | null;
  readonly totalMinor: bigint | null;
  readonly doneAt: Date | null;
}

/** Documents the orders flow of a channel connection brought into the ERP since a moment, newest first. */
export async function madeSince(
  db: Db,
  channelConnectionId: string,
  since: Date,
  page: { readonly after?: string; readonly limit: number; readonly ids?: readonly string[] },
): Promise<readonly MadeDocument[]> {
  const { rows } =
    await sql<MadeDocument>`SELECT r.id AS "recordId", r.flow_id AS "flowId", r.key, r.remote_kind AS "remoteKind",
      r.remote_id AS "remoteId", r.remote_number AS "remoteNumber", r.order_status AS "orderStatus",
      r.applied ? 'adopted' AS adopted, r.applied ? 'undone' AS undone, r.currency, r.total_minor AS "totalMinor", r.done_at AS "doneAt"
    FROM sync_records r JOIN flows f ON f.id = r.flow_id
    WHERE f.kind = 'orders.import' AND f.channel_connection_id = ${channelConnectionId} AND r.remote_id IS NOT NULL AND r.created_at >= ${since}
      AND (${page.after ?? null}::bigint IS NULL OR r.id < ${page.after ?? null}::bigint)
      AND (${page.ids === undefined} OR r.id = ANY(${[...(page.ids ?? [])]}::bigint[]))
    ORDER BY r.id DESC LIMIT ${page.limit}`.execute(db);
  return rows;
}

export async function countMade(db: Db, channelConnectionId: string, since: Date) {
  const { rows } = await sql<{ kind: string; adopted: boolean; undone: boolean; n: bigint }>`
    SELECT r.remote_kind AS kind, r.applied ? 'adopted' AS adopted, r.applied ? 'undone' AS undone, count(*) AS n
    FROM sync_records r JOIN flows f ON f.id = r.flow_id
    WHERE f.kind = 'orders.import' AND f.channel_connection_id = ${channelConnectionId} AND r.remote_id IS NOT NULL AND r.created_at >= ${since}
    GROUP BY 1, 2, 3 ORDER BY 1`.execute(db);
  return rows.map((row) => ({ ...row, n: Number(row.n) }));
}

/**
 * Marks a record as undone before its document is closed: were the process killed in between, the cancellation flow
 * must already know that this closing is none of the marketplace's business.
 */
export async function markUndone(tx: Db, recordId: bigint, actor: string, now: Date): Promise<void> {
  await sql`UPDATE sync_records SET applied = applied || ${JSON.stringify({ undone: now.toISOString() })}::jsonb,
      labels = array_append(array_remove(labels, 'undone'), 'undone'), updated_at = ${now} WHERE id = ${recordId}`.execute(
    tx,
  );
  await sql`INSERT INTO record_events (record_id, at, kind, from_state, to_state, actor, detail)
    SELECT id, ${now}, 'record.undone', state, state, ${actor}, '{"reason": "The shop was rolled back; the document’s open lines are closed."}'::jsonb
    FROM sync_records WHERE id = ${recordId}`.execute(tx);
}
