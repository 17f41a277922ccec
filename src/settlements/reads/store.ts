// What do lists and pages show of settlements? Read only; the flow's own memory is in settlements/store.ts.

import type { FinanceTransaction } from '../../core/settlement.ts';
import { type Db, sql } from '../../db/pool.ts';
import { fromJson, toTransaction } from '../store.ts';

export interface SettlementLine {
  readonly flowId: string;
  readonly settlementId: string;
  readonly channel: string;
  readonly startAt: Date;
  readonly endAt: Date;
  readonly depositAt: Date;
  readonly currency: string;
  readonly totalMinor: bigint;
  readonly rows: number;
  readonly sha256: string;
  readonly summary: Readonly<Record<string, unknown>> | null;
  /** The record's state in the flow, and why. */
  readonly state: string | null;
  readonly reason: string | null;
  readonly problem: unknown;
  readonly recordId: bigint | null;
  readonly certified: boolean;
  /** Cents not booked yet, all postings but the deposit. */
  readonly openMinor: bigint;
  readonly editions: number;
}

export async function listSettlements(
  db: Db,
  {
    flowId,
    settlementId,
    limit = 200,
  }: { readonly flowId?: string | undefined; readonly settlementId?: string; readonly limit?: number },
): Promise<readonly SettlementLine[]> {
  const { rows } = await sql<SettlementLine>`
    SELECT f.id AS "flowId", s.settlement_id AS "settlementId", s.channel, s.start_at AS "startAt", s.end_at AS "endAt", s.deposit_at AS "depositAt",
      s.currency, s.total_minor AS "totalMinor", s.rows, s.sha256, s.summary, r.state, r.reason, r.problem, r.id AS "recordId",
      coalesce((SELECT c.issued FROM settlement_certificates c WHERE c.flow_id = f.id AND c.settlement_id = s.settlement_id ORDER BY c.id DESC LIMIT 1), false) AS certified,
      coalesce((SELECT sum(abs(p.minor)) FROM settlement_postings p WHERE p.flow_id = f.id AND p.settlement_id = s.settlement_id AND p.state <> 'booked' AND p.kind <> 'deposit'),
        CASE WHEN EXISTS (SELECT FROM settlement_postings p WHERE p.flow_id = f.id AND p.settlement_id = s.settlement_id) THEN 0 ELSE abs(s.total_minor) END)::bigint AS "openMinor",
      (SELECT count(*)::int FROM settlement_files e WHERE e.connection_id = s.connection_id AND e.settlement_id = s.settlement_id) AS editions
    FROM settlements s JOIN flows f ON f.channel_connection_id = s.connection_id AND f.kind = 'settlements.import'
    LEFT JOIN sync_records r ON r.flow_id = f.id AND r.key = s.settlement_id
    WHERE (${flowId ?? null}::text IS NULL OR f.id = ${flowId ?? null}) AND (${settlementId ?? null}::text IS NULL OR s.settlement_id = ${settlementId ?? null})
    ORDER BY s.end_at DESC, s.settlement_id LIMIT ${limit}`.execute(db);
  return rows;
}

/** The newest judgement: the certificate's body when it was issued, else the checks as they stood. */
export async function lastJudgement(
  db: Db,
  flowId: string,
  settlementId: string,
): Promise<{ readonly issued: boolean; readonly document: unknown } | undefined> {
  const { rows } = await sql<{
    issued: boolean;
    document: unknown;
  }>`SELECT issued, document FROM settlement_certificates
    WHERE flow_id = ${flowId} AND settlement_id = ${settlementId} ORDER BY id DESC LIMIT 1`.execute(db);
  return rows[0];
}

/** Other versions of a settlement's file, as they came. */
export async function readEditions(db: Db, flowId: string, settlementId: string) {
  const { rows } = await sql<{ sha256: string; via: string; receivedAt: Date; content: Buffer }>`
    SELECT e.sha256, e.via, e.received_at AS "receivedAt", e.content FROM settlement_files e JOIN flows f ON f.channel_connection_id = e.connection_id
    WHERE f.id = ${flowId} AND e.settlement_id = ${settlementId} ORDER BY e.id`.execute(db);
  return rows;
}

export async function readTransactions(db: Db, flowId: string): Promise<readonly FinanceTransaction[]> {
  const { rows } = await sql<{
    body: unknown;
  }>`SELECT t.body FROM finance_transactions t JOIN flows f ON f.channel_connection_id = t.connection_id
    WHERE f.id = ${flowId} ORDER BY t.posted_at, t.id`.execute(db);
  return rows.map((row) => toTransaction(fromJson(row.body)));
}
