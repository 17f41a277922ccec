// Who is to be told, what do they know already, and what is new for them?
import { type Db, sql } from '../db/pool.ts';
import type { AlertProblem } from './words.ts';

export interface Subscriber {
  /** `user:3` or `webhook:1`. */
  readonly key: string;
  readonly channel: 'mail' | 'webhook';
  /** Address, or the webhook's number. */
  readonly target: string;
  readonly locale: string;
  readonly digest: boolean;
  readonly urgent: boolean;
  readonly classes: string[];
  readonly flows: string[];
  readonly quietFrom: number | null;
  readonly quietUntil: number | null;
  readonly urgentInQuiet: boolean;
  readonly timeZone: string;
  readonly digestAt: Date | null;
}

export async function listSubscribers(db: Db): Promise<readonly Subscriber[]> {
  const { rows } = await sql<Subscriber>`
    SELECT s.*, m.digest_at AS "digestAt" FROM (
      SELECT 'user:' || u.id AS key, 'mail' AS channel, u.email AS target, u.locale, s.digest, s.urgent, s.classes, s.flows,
        s.quiet_from AS "quietFrom", s.quiet_until AS "quietUntil", s.urgent_in_quiet AS "urgentInQuiet", s.time_zone AS "timeZone"
      FROM subscriptions s JOIN users u ON u.id = s.user_id WHERE u.disabled_at IS NULL AND (s.digest OR s.urgent)
      UNION ALL
      SELECT 'webhook:' || w.id, 'webhook', w.id::text, 'en', w.digest, w.urgent, '{}', '{}', NULL, NULL, true, 'UTC'
      FROM webhooks w WHERE w.disabled_at IS NULL) s
    LEFT JOIN alert_marks m ON m.subscriber = s.key ORDER BY s.key`.execute(db);
  return rows;
}

const columns =
  sql.raw(`p.id, p.code, p.kind, p.urgent, p.flow_id AS "flowId", p.connection_id AS "connectionId",
  p.first_seen_at AS "firstSeenAt", p.facts, (SELECT count(*) FROM sync_records r WHERE r.problem_id = p.id) AS records`);
const wanted = (
  subscriber: Subscriber,
) => sql`(cardinality(${subscriber.classes}::text[]) = 0 OR p.class = ANY(${subscriber.classes}::text[]) OR p.urgent)
  AND (cardinality(${subscriber.flows}::text[]) = 0 OR p.flow_id IS NULL OR p.flow_id = ANY(${subscriber.flows}::text[]))`;

/** Open problems that the subscriber has not been told of. What resolved itself meanwhile is not among them. */
export async function untold(
  tx: Db,
  subscriber: Subscriber,
  urgentOnly: boolean,
): Promise<readonly AlertProblem[]> {
  const { rows } = await sql<AlertProblem>`SELECT ${columns} FROM problems p
    WHERE p.state = 'open' AND (NOT ${urgentOnly} OR p.urgent) AND ${wanted(subscriber)}
      AND NOT EXISTS (SELECT 1 FROM alert_told t WHERE t.subscriber = ${subscriber.key} AND t.problem_id = p.id)
    ORDER BY p.urgent DESC, p.id`.execute(tx);
  return rows;
}

/** Problems the subscriber knows of, whose end has not been told. */
export async function endsUntold(tx: Db, subscriber: Subscriber): Promise<readonly AlertProblem[]> {
  const { rows } =
    await sql<AlertProblem>`SELECT ${columns} FROM alert_told t JOIN problems p ON p.id = t.problem_id
    WHERE t.subscriber = ${subscriber.key} AND t.closed_told_at IS NULL AND p.state = 'resolved' ORDER BY p.id`.execute(
      tx,
    );
  return rows;
}

export async function openFor(tx: Db, subscriber: Subscriber): Promise<number> {
  const { rows } = await sql<{
    n: number;
  }>`SELECT count(*)::int AS n FROM problems p WHERE p.state = 'open' AND ${wanted(subscriber)}`.execute(tx);
  return rows[0]?.n ?? 0;
}

export async function markTold(tx: Db, subscriber: string, ids: readonly bigint[], now: Date): Promise<void> {
  await sql`INSERT INTO alert_told (subscriber, problem_id, told_at) SELECT ${subscriber}, id, ${now}
    FROM unnest(${ids.map(String)}::bigint[]) AS id ON CONFLICT DO NOTHING`.execute(tx);
}

export async function markEndsTold(
  tx: Db,
  subscriber: string,
  ids: readonly bigint[],
  now: Date,
): Promise<void> {
  await sql`UPDATE alert_told SET closed_told_at = ${now} WHERE subscriber = ${subscriber} AND problem_id = ANY(${ids.map(String)}::bigint[])`.execute(
    tx,
  );
}

export async function markDigest(tx: Db, subscriber: string, now: Date): Promise<void> {
  await sql`INSERT INTO alert_marks (subscriber, digest_at) VALUES (${subscriber}, ${now})
    ON CONFLICT (subscriber) DO UPDATE SET digest_at = excluded.digest_at`.execute(tx);
}

/** Several workers look at the same time: one of them tells, the others come back later. */
export async function holdsAlertLock(tx: Db): Promise<boolean> {
  const { rows } = await sql<{ held: boolean }>`SELECT pg_try_advisory_xact_lock(7361004) AS held`.execute(
    tx,
  );
  return rows[0]?.held ?? false;
}

export interface Subscription {
  readonly digest: boolean;
  readonly urgent: boolean;
  readonly classes: string[];
  readonly flows: string[];
  readonly quietFrom: number | null;
  readonly quietUntil: number | null;
  readonly urgentInQuiet: boolean;
  readonly timeZone: string;
}
export const noSubscription: Subscription = {
  digest: false,
  urgent: false,
  classes: [],
  flows: [],
  quietFrom: null,
  quietUntil: null,
  urgentInQuiet: true,
  timeZone: 'UTC',
};

export async function readSubscription(db: Db, userId: bigint): Promise<Subscription> {
  const { rows } =
    await sql<Subscription>`SELECT digest, urgent, classes, flows, quiet_from AS "quietFrom", quiet_until AS "quietUntil",
      urgent_in_quiet AS "urgentInQuiet", time_zone AS "timeZone" FROM subscriptions WHERE user_id = ${userId}`.execute(
      db,
    );
  return rows[0] ?? noSubscription;
}

export async function saveSubscription(tx: Db, userId: bigint, one: Subscription): Promise<void> {
  await sql`INSERT INTO subscriptions (user_id, digest, urgent, classes, flows, quiet_from, quiet_until, urgent_in_quiet, time_zone)
    VALUES (${userId}, ${one.digest}, ${one.urgent}, ${one.classes}, ${one.flows}, ${one.quietFrom}, ${one.quietUntil}, ${one.urgentInQuiet}, ${one.timeZone})
    ON CONFLICT (user_id) DO UPDATE SET digest = excluded.digest, urgent = excluded.urgent, classes = excluded.classes,
      flows = excluded.flows, quiet_from = excluded.quiet_from, quiet_until = excluded.quiet_until,
      urgent_in_quiet = excluded.urgent_in_quiet, time_zone = excluded.time_zone`.execute(tx);
}

export async function listWebhooks(db: Db) {
  const { rows } = await sql<{
    id: bigint;
    name: string;
    url: string;
    digest: boolean;
    urgent: boolean;
    createdBy: string;
    createdAt: Date;
  }>`SELECT id, name, url, digest, urgent, created_by AS "createdBy", created_at AS "createdAt" FROM webhooks WHERE disabled_at IS NULL ORDER BY id`.execute(
    db,
  );
  return rows;
}

export async function createWebhook(
  tx: Db,
  hook: {
    readonly name: string;
    readonly url: string;
    readonly digest: boolean;
    readonly urgent: boolean;
    readonly by: string;
    readonly now: Date;
  },
  seal: (id: bigint) => Buffer,
): Promise<bigint> {
  const { rows } = await sql<{
    id: bigint;
  }>`INSERT INTO webhooks (name, url, sealed_secret, digest, urgent, created_by, created_at)
    VALUES (${hook.name}, ${hook.url}, ''::bytea, ${hook.digest}, ${hook.urgent}, ${hook.by}, ${hook.now}) RETURNING id`.execute(
    tx,
  );
  const { id } = rows[0]!;
  await sql`UPDATE webhooks SET sealed_secret = ${seal(id)} WHERE id = ${id}`.execute(tx);
  return id;
}

export async function removeWebhook(tx: Db, id: string, now: Date): Promise<boolean> {
  const result =
    await sql`UPDATE webhooks SET disabled_at = ${now} WHERE id = ${id}::bigint AND disabled_at IS NULL`.execute(
      tx,
    );
  return (result.numAffectedRows ?? 0n) > 0n;
}

export async function webhookById(db: Db, id: string) {
  const { rows } = await sql<{
    url: string;
    sealedSecret: Buffer;
  }>`SELECT url, sealed_secret AS "sealedSecret" FROM webhooks WHERE id = ${id}::bigint AND disabled_at IS NULL`.execute(
    db,
  );
  return rows[0];
}
