// Where are settlements kept? Files as they came, postings with their state, judgements, the owner's mapping, transactions.
import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import type { Clock } from '../core/clock.ts';
import { money } from '../core/money.ts';
import type { FinanceTransaction, SettlementFileFacts, SettlementHeader } from '../core/settlement.ts';
import { type Db, inTransaction, sql } from '../db/pool.ts';
import type {
  PostedDocument,
  PostingChange,
  PostingState,
  SettlementFile,
  SettlementShelf,
  StoredPosting,
} from '../flows/settlements/shelf.ts';
import type { Rule } from '../ledger/default-rules.ts';
import type { Posting } from '../ledger/posting.ts';

export interface ShelfParts {
  readonly db: Db;
  readonly clock: Clock;
  readonly flowId: string;
  readonly channelConnectionId: string;
}

/** JSON has no bigint: minor units are kept as text. */
export const toJson = (value: unknown): string =>
  JSON.stringify(value, (_name, one: unknown) => (typeof one === 'bigint' ? one.toString() : one));
/** The way back: whatever is called minor is a whole number of minor units. */
export const fromJson = <Value>(value: unknown): Value =>
  JSON.parse(typeof value === 'string' ? value : JSON.stringify(value), (name, one: unknown) =>
    name === 'minor' && typeof one === 'string' ? BigInt(one) : one,
  ) as Value;

export function settlementShelf({ db, clock, flowId, channelConnectionId }: ShelfParts): SettlementShelf {
  return {
    async knownReports(reportIds) {
      const { rows } = await sql<{ report_id: string }>`
        SELECT report_id FROM settlement_reports WHERE connection_id = ${channelConnectionId} AND report_id = ANY(${[...reportIds]}::text[])`.execute(
        db,
      );
      return new Set(rows.map((row) => row.report_id));
    },
    keep: (file) => keepSettlement(db, channelConnectionId, file, clock.now()),
    async noteReport(reportId, settlementId, sha256) {
      await sql`INSERT INTO settlement_reports (connection_id, report_id, settlement_id, sha256, seen_at)
        VALUES (${channelConnectionId}, ${reportId}, ${settlementId}, ${sha256}, ${clock.now()}) ON CONFLICT DO NOTHING`.execute(
        db,
      );
    },
    open: (settlementId) => openSettlementFile(db, channelConnectionId, settlementId),
    async saveSummary(settlementId, summary) {
      await sql`UPDATE settlements SET summary = ${toJson(summary)}::jsonb
        WHERE connection_id = ${channelConnectionId} AND settlement_id = ${settlementId}`.execute(db);
    },
    async sought(settlementId) {
      const { rows } = await sql<{ sought: Record<string, string> }>`
        SELECT sought FROM settlements WHERE connection_id = ${channelConnectionId} AND settlement_id = ${settlementId}`.execute(
        db,
      );
      return new Map(Object.entries(rows[0]?.sought ?? {}).map(([id, at]) => [id, new Date(at)]));
    },
    async noteSought(settlementId, orderIds) {
      const at = clock.now().toISOString();
      const asked = Object.fromEntries(orderIds.map((id) => [id, at]));
      // What was asked before keeps its moment.
      await sql`UPDATE settlements SET sought = ${JSON.stringify(asked)}::jsonb || sought
        WHERE connection_id = ${channelConnectionId} AND settlement_id = ${settlementId}`.execute(db);
    },
    postings: (settlementId) => readPostings(db, flowId, settlementId),
    async savePlan(settlementId, postings) {
      await inTransaction(db, (tx) => savePlan(tx, { flowId, settlementId, now: clock.now() }, postings));
      return readPostings(db, flowId, settlementId);
    },
    async setState(settlementId, key, change) {
      await setPostingState(db, { flowId, settlementId, key, now: clock.now() }, change);
    },
    async saveJudgement(settlementId, { issued, document }) {
      await sql`INSERT INTO settlement_certificates (flow_id, settlement_id, issued, document, made_at)
        VALUES (${flowId}, ${settlementId}, ${issued}, ${toJson(document)}::jsonb, ${clock.now()})`.execute(
        db,
      );
    },
    async reserveBefore(header) {
      const { rows } = await sql<{ settlement_id: string; kept: string | null }>`
        SELECT settlement_id, summary->'reserve'->>'current' AS kept FROM settlements
        WHERE connection_id = ${channelConnectionId} AND currency = ${header.total.currency} AND end_at <= ${header.startAt}
        ORDER BY end_at DESC LIMIT 1`.execute(db);
      const [row] = rows;
      return row && { settlementId: row.settlement_id, kept: -BigInt(row.kept ?? '0') };
    },
    rules: () => readRules(db, channelConnectionId),
    keepTransactions: (transactions) => keepTransactions(db, channelConnectionId, transactions, clock.now()),
    async deferredAt(moment) {
      // Deferred then: posted, and released later or not yet; a release is an earning told again.
      const { rows } = await sql<{ body: unknown }>`
        SELECT t.body FROM finance_transactions t LEFT JOIN finance_transactions r
          ON r.connection_id = t.connection_id AND r.id = t.release_id
        WHERE t.connection_id = ${channelConnectionId} AND t.status IN ('deferred', 'deferred-released')
          AND t.body->>'deferredTransactionId' IS NULL
          AND t.posted_at <= ${moment} AND COALESCE(r.posted_at, t.matures_at, 'infinity') > ${moment} ORDER BY t.posted_at, t.id`.execute(
        db,
      );
      return rows.map((row) => toTransaction(row.body));
    },
  };
}

/** Keeps a file under its content; the first version of a settlement is the one that counts. */
export function keepSettlement(
  db: Db,
  connectionId: string,
  { header, facts, content, via }: SettlementFile,
  now: Date,
): Promise<'new' | 'known' | 'reissued'> {
  return inTransaction(db, async (tx) => {
    const kept = await sql<{ id: bigint }>`
      INSERT INTO settlement_files (connection_id, settlement_id, sha256, header, facts, content, via, received_at)
      VALUES (${connectionId}, ${header.settlementId}, ${facts.sha256}, ${toJson(header)}::jsonb, ${toJson(facts)}::jsonb,
        ${Buffer.from(content)}, ${via}, ${now})
      ON CONFLICT (connection_id, settlement_id, sha256) DO NOTHING RETURNING id`.execute(tx);
    const file = kept.rows[0];
    if (!file) return 'known';
    const first = await sql`
      INSERT INTO settlements (connection_id, settlement_id, file_id, channel, start_at, end_at, deposit_at, currency, total_minor, rows, sha256, received_at)
      VALUES (${connectionId}, ${header.settlementId}, ${file.id}, ${header.channel}, ${header.startAt}, ${header.endAt}, ${header.depositAt},
        ${header.total.currency}, ${header.total.minor}, ${facts.rows}, ${facts.sha256}, ${now})
      ON CONFLICT DO NOTHING RETURNING settlement_id`.execute(tx);
    return first.rows.length > 0 ? 'new' : 'reissued';
  });
}

/** The file that counts, decompressed piece by piece. */
export async function openSettlementFile(
  db: Db,
  connectionId: string,
  settlementId: string,
): Promise<
  | {
      readonly header: SettlementHeader;
      readonly facts: SettlementFileFacts;
      readonly bytes: AsyncIterable<Uint8Array>;
    }
  | undefined
> {
  const { rows } = await sql<{ header: unknown; facts: unknown; content: Buffer }>`
    SELECT f.header, f.facts, f.content FROM settlements s JOIN settlement_files f ON f.id = s.file_id
    WHERE s.connection_id = ${connectionId} AND s.settlement_id = ${settlementId}`.execute(db);
  const [row] = rows;
  return (
    row && {
      header: toHeader(row.header),
      facts: row.facts as SettlementFileFacts,
      bytes: Readable.from([row.content]).pipe(createGunzip()) as AsyncIterable<Uint8Array>,
    }
  );
}

function toHeader(stored: unknown): SettlementHeader {
  const header = fromJson<SettlementHeader>(stored);
  return {
    ...header,
    startAt: new Date(header.startAt),
    endAt: new Date(header.endAt),
    depositAt: new Date(header.depositAt),
  };
}

interface PostingRow {
  readonly plan: unknown;
  readonly state: PostingState;
  readonly documents: readonly PostedDocument[];
  readonly approved_by: string | null;
}

export async function readPostings(
  db: Db,
  flowId: string,
  settlementId: string,
): Promise<readonly StoredPosting[]> {
  const { rows } = await sql<PostingRow>`
    SELECT plan, state, documents, approved_by FROM settlement_postings
    WHERE flow_id = ${flowId} AND settlement_id = ${settlementId} ORDER BY position, key`.execute(db);
  return rows.map((row) => ({
    posting: fromJson<Posting>(row.plan),
    state: row.state,
    documents: row.documents,
    ...(row.approved_by ? { approvedBy: row.approved_by } : {}),
  }));
}

/** An approval holds for the amount that was approved: a plan that changed it asks again. */
async function savePlan(
  tx: Db,
  {
    flowId,
    settlementId,
    now,
  }: { readonly flowId: string; readonly settlementId: string; readonly now: Date },
  postings: readonly Posting[],
): Promise<void> {
  const rows = postings.map((posting, position) => ({
    key: posting.key,
    position,
    kind: posting.kind,
    title: posting.title,
    marketplace: posting.marketplace,
    booked_on: posting.date,
    minor: posting.minor.toString(),
    rows: posting.rows,
    state: posting.state === 'ready' ? 'planned' : posting.state,
    reason: posting.reason ?? null,
    needs_approval: posting.needsApproval,
    plan: JSON.parse(toJson(posting)) as unknown,
  }));
  await sql`DELETE FROM settlement_postings WHERE flow_id = ${flowId} AND settlement_id = ${settlementId}
    AND state NOT IN ('booking', 'booked') AND NOT (key = ANY(${rows.map((row) => row.key)}::text[]))`.execute(
    tx,
  );
  await sql`
    INSERT INTO settlement_postings AS p (flow_id, settlement_id, key, position, kind, title, marketplace, booked_on, minor, currency, rows, plan, state, reason, needs_approval, updated_at)
    SELECT ${flowId}, ${settlementId}, r.key, r.position, r.kind, r.title, r.marketplace, r.booked_on, r.minor, s.currency, r.rows, r.plan, r.state, r.reason, r.needs_approval, ${now}
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS r(key text, position integer, kind text, title text, marketplace text,
      booked_on date, minor bigint, rows integer, plan jsonb, state text, reason jsonb, needs_approval boolean)
    JOIN flows f ON f.id = ${flowId}
    JOIN settlements s ON s.connection_id = f.channel_connection_id AND s.settlement_id = ${settlementId}
    ON CONFLICT (flow_id, settlement_id, key) DO UPDATE SET position = excluded.position, kind = excluded.kind, title = excluded.title,
      marketplace = excluded.marketplace, booked_on = excluded.booked_on, minor = excluded.minor, rows = excluded.rows, plan = excluded.plan,
      state = excluded.state, reason = excluded.reason, needs_approval = excluded.needs_approval, updated_at = excluded.updated_at,
      approved_by = CASE WHEN p.minor = excluded.minor THEN p.approved_by END,
      approved_at = CASE WHEN p.minor = excluded.minor THEN p.approved_at END
    WHERE p.state NOT IN ('booking', 'booked')`.execute(tx);
}

async function setPostingState(
  db: Db,
  at: { readonly flowId: string; readonly settlementId: string; readonly key: string; readonly now: Date },
  change: PostingChange,
): Promise<void> {
  await sql`UPDATE settlement_postings SET state = ${change.state}, updated_at = ${at.now},
      reason = ${change.reason ? JSON.stringify(change.reason) : null}::jsonb,
      documents = COALESCE(${change.documents ? JSON.stringify(change.documents) : null}::jsonb, documents),
      booked_at = CASE WHEN ${change.state} = 'booked' THEN ${at.now}::timestamptz ELSE booked_at END
    WHERE flow_id = ${at.flowId} AND settlement_id = ${at.settlementId} AND key = ${at.key}`.execute(db);
}

/** A person lets postings above the limit go; answers how many there were. */
export async function approvePostings(
  tx: Db,
  flowId: string,
  settlementId: string,
  { actor, now }: { readonly actor: string; readonly now: Date },
): Promise<number> {
  const { rows } = await sql<{ key: string }>`
    UPDATE settlement_postings SET approved_by = ${actor}, approved_at = ${now}, updated_at = ${now}
    WHERE flow_id = ${flowId} AND settlement_id = ${settlementId} AND needs_approval AND approved_at IS NULL RETURNING key`.execute(
    tx,
  );
  return rows.length;
}

/** Records of settlements in a flow: one settlement's, or all that a problem holds. */
export async function settlementRecords(
  db: Db,
  flowId: string,
  which: { readonly settlementId: string } | { readonly problem: string },
): Promise<readonly string[]> {
  const key = 'settlementId' in which ? which.settlementId : null;
  const problem = 'problem' in which ? which.problem : null;
  const { rows } = await sql<{ id: bigint }>`
    SELECT id FROM sync_records WHERE flow_id = ${flowId}
      AND (${key}::text IS NULL OR key = ${key}) AND (${problem}::text IS NULL OR (state = 'parked' AND problem->>'code' = ${problem}))`.execute(
    db,
  );
  return rows.map((row) => row.id.toString());
}

export async function readRules(db: Db, connectionId: string): Promise<readonly Rule[]> {
  const { rows } = await sql<{ rule: Rule }>`
    SELECT rule FROM settlement_rules WHERE connection_id = ${connectionId} ORDER BY id DESC`.execute(db);
  return rows.map((row) => row.rule);
}

/** The owner's word for some words of settlements; a rule for the same words replaces the one before. */
export async function saveRule(
  tx: Db,
  connectionId: string,
  rule: Rule,
  { actor, now }: { readonly actor: string; readonly now: Date },
): Promise<void> {
  const { class: _class, ...words } = rule;
  await sql`DELETE FROM settlement_rules WHERE connection_id = ${connectionId} AND rule @> ${JSON.stringify(words)}::jsonb`.execute(
    tx,
  );
  await sql`INSERT INTO settlement_rules (connection_id, rule, updated_by, updated_at)
    VALUES (${connectionId}, ${JSON.stringify(rule)}::jsonb, ${actor}, ${now})`.execute(tx);
}

async function keepTransactions(
  db: Db,
  connectionId: string,
  transactions: readonly FinanceTransaction[],
  now: Date,
): Promise<number> {
  if (transactions.length === 0) return 0;
  const newest = new Map(transactions.map((one) => [one.id, one]));
  const rows = [...newest.values()].map((one) => ({
    id: one.id,
    status: one.status,
    posted_at: one.postedAt.toISOString(),
    matures_at: one.deferral?.maturesAt?.toISOString() ?? null,
    marketplace: one.marketplaceId ?? '',
    currency: one.total.currency,
    total_minor: one.total.minor.toString(),
    order_id: one.orderId ?? null,
    settlement_id: one.settlementId ?? null,
    release_id: one.releaseTransactionId ?? null,
    body: JSON.parse(toJson(one)) as unknown,
  }));
  const { rows: changed } = await sql<{ id: string }>`
    INSERT INTO finance_transactions AS t (connection_id, id, status, posted_at, matures_at, marketplace, currency, total_minor, order_id, settlement_id, release_id, body, seen_at)
    SELECT ${connectionId}, r.id, r.status, r.posted_at, r.matures_at, r.marketplace, r.currency, r.total_minor, r.order_id, r.settlement_id, r.release_id, r.body, ${now}
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS r(id text, status text, posted_at timestamptz, matures_at timestamptz, marketplace text,
      currency char(3), total_minor bigint, order_id text, settlement_id text, release_id text, body jsonb)
    ON CONFLICT (connection_id, id) DO UPDATE SET status = excluded.status, matures_at = excluded.matures_at, settlement_id = excluded.settlement_id,
      release_id = excluded.release_id, body = excluded.body, seen_at = excluded.seen_at
    WHERE t.body <> excluded.body RETURNING t.id`.execute(db);
  return changed.length;
}

export function toTransaction(stored: unknown): FinanceTransaction {
  const one = fromJson<FinanceTransaction>(stored);
  return {
    ...one,
    postedAt: new Date(one.postedAt),
    total: money(one.total.minor, one.total.currency),
    ...(one.deferral
      ? {
          deferral: {
            reason: one.deferral.reason,
            ...(one.deferral.maturesAt ? { maturesAt: new Date(one.deferral.maturesAt) } : {}),
          },
        }
      : {}),
  };
}
