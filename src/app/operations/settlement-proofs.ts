// What may a person ask about a settlement? Its way from sales to deposit with the rows behind each figure, a dry run, a proof
// against the books as they are now, the signed certificate, what is between settlements, the month's close pack.
import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import type { SettlementRow } from '../../core/settlement.ts';
import { inTransaction } from '../../db/pool.ts';
import type { BookPlan } from '../../erp/books.ts';
import type { OpenFlow } from '../../flows/flow.ts';
import { planOnly, readRows } from '../../flows/settlements/book-settlement.ts';
import type { SettlementsSettings } from '../../flows/settlements/settings.ts';
import { verifyBooks } from '../../flows/settlements/verify-books.ts';
import {
  deferredAt,
  forecast,
  rollForward,
  type SettledPart,
  tieToSettlements,
} from '../../ledger/between.ts';
import {
  type Certificate,
  type CertificateBody,
  type Check,
  signCertificate,
} from '../../ledger/certificate.ts';
import { certificatePdf } from '../../ledger/certificate-pdf.ts';
import { classInfo, type RowClass } from '../../ledger/classes.ts';
import {
  auditFees,
  type FeeFinding,
  type OwedReimbursement,
  owedReimbursements,
} from '../../ledger/fee-audit.ts';
import type { SettlementPlan } from '../../ledger/posting.ts';
import { signingKey } from '../../settlements/keys/store.ts';
import {
  lastJudgement,
  listSettlements,
  readEditions,
  readTransactions,
  type SettlementLine,
} from '../../settlements/reads/store.ts';
import { openFlow } from '../open-flow.ts';
import { flowById, type OperateParts, refuse } from './parts.ts';

export interface RowShown
  extends Pick<
    SettlementRow,
    | 'rowNumber'
    | 'transactionType'
    | 'amountType'
    | 'amountDescription'
    | 'marketplaceName'
    | 'orderId'
    | 'sku'
    | 'quantity'
  > {
  readonly class: RowClass | null;
  readonly classTitle: string | null;
  readonly group: string | null;
  readonly minor: string;
  readonly postedAt: string;
}

export interface RowFilter {
  readonly class?: string | undefined;
  readonly posting?: string | undefined;
  readonly order?: string | undefined;
  readonly after: number;
  readonly limit: number;
}

export interface SettlementProofOperations {
  settlementRows(flowId: string, settlementId: string, filter: RowFilter): Promise<readonly RowShown[]>;
  /** What would be booked now, with the requests; nothing is written anywhere. */
  planSettlement(
    flowId: string,
    settlementId: string,
  ): Promise<{ readonly plan: SettlementPlan; readonly requests: readonly BookPlan[] }>;
  /** Reads everything back from the books and makes all checks now. */
  proveSettlement(
    flowId: string,
    settlementId: string,
  ): Promise<{ readonly holds: boolean; readonly checks: readonly Check[] }>;
  settlementCertificate(flowId: string, settlementId: string): Promise<Certificate>;
  settlementCertificatePdf(flowId: string, settlementId: string): Promise<Buffer>;
  /** The public half of the key that signs certificates. */
  signingPublicKey(): Promise<{ readonly id: string; readonly publicPem: string }>;
  /** How the versions of a settlement that came with other content differ from the first. */
  settlementDifferences(
    flowId: string,
    settlementId: string,
  ): Promise<
    readonly {
      readonly sha256: string;
      readonly via: string;
      readonly receivedAt: Date;
      readonly lines: readonly {
        readonly line: number;
        readonly before: string | null;
        readonly after: string | null;
      }[];
    }[]
  >;
  betweenSettlements(flowId: string, from: string, to: string): Promise<object>;
  feeAudit(
    flowId: string,
    last: number,
  ): Promise<{ readonly fees: readonly FeeFinding[]; readonly owed: readonly OwedReimbursement[] }>;
}

/** Lines of two files compared for a person; more would not be read. */
const differencesMax = 200;

export function settlementProofOperations(parts: OperateParts): SettlementProofOperations {
  const { db, vault, clock } = parts;
  async function opened(flowId: string): Promise<OpenFlow<SettlementsSettings>> {
    const flow = await flowById(db, flowId);
    if (flow.kind !== 'settlements.import')
      throw refuse('FLOW_NOT_SETTLEMENTS', `The flow “${flowId}” does not import settlements.`, [
        'Name a flow of kind settlements.import.',
      ]);
    return (await openFlow(parts, flow, parts.wake)) as unknown as OpenFlow<SettlementsSettings>;
  }
  async function known(flowId: string, settlementId: string): Promise<SettlementLine> {
    const [line] = await listSettlements(db, { flowId, settlementId });
    if (!line)
      throw refuse('SETTLEMENT_UNKNOWN', `There is no settlement ${settlementId} in this flow.`, [
        'List them with: crossdock settlements list',
      ]);
    return line;
  }
  function booksOf(flow: OpenFlow<SettlementsSettings>) {
    if (flow.erp.books) return flow.erp.books;
    throw refuse('BOOKS_ABSENT', 'This ERP connection cannot book payments and journals.');
  }
  async function certificate(flowId: string, settlementId: string): Promise<Certificate> {
    await known(flowId, settlementId);
    const judgement = await lastJudgement(db, flowId, settlementId);
    if (!judgement?.issued)
      throw refuse(
        'CERTIFICATE_NOT_ISSUED',
        `Settlement ${settlementId} is not certified: its variance is not 0.00, or it is not booked yet.`,
        [`See what fails: crossdock settlements prove ${settlementId}`],
      );
    return signCertificate(judgement.document as CertificateBody, await signingKey(db, vault, clock.now()));
  }
  return {
    async settlementRows(flowId, settlementId, filter) {
      const flow = await opened(flowId);
      const postings =
        filter.posting === undefined ? undefined : await flow.settlements.postings(settlementId);
      const groups =
        postings &&
        new Set(
          postings
            .filter(({ posting }) => posting.key === filter.posting)
            .flatMap(({ posting }) => posting.groups),
        );
      const shown: RowShown[] = [];
      await readRows(flow, settlementId, (verdict, row) => {
        if (shown.length >= filter.limit || row.rowNumber <= filter.after) return;
        if (filter.class !== undefined && (verdict.class ?? 'unknown') !== filter.class) return;
        if (filter.order !== undefined && row.orderId !== filter.order) return;
        if (groups && !groups.has(verdict.group ?? '')) return;
        shown.push({
          rowNumber: row.rowNumber,
          transactionType: row.transactionType,
          amountType: row.amountType,
          amountDescription: row.amountDescription,
          marketplaceName: row.marketplaceName,
          orderId: row.orderId,
          sku: row.sku,
          quantity: row.quantity,
          class: verdict.class ?? null,
          classTitle: verdict.class ? classInfo(verdict.class).title : null,
          group: verdict.group ?? null,
          minor: row.amount.minor.toString(),
          postedAt: row.postedAt.toISOString(),
        });
      });
      return shown;
    },
    async planSettlement(flowId, settlementId) {
      await known(flowId, settlementId);
      const flow = await opened(flowId);
      const books = booksOf(flow);
      const plan = await planOnly(flow, await readRows(flow, settlementId), books);
      const requests: BookPlan[] = [];
      for (const draft of plan.postings.flatMap((posting) => posting.drafts))
        requests.push(await books.plan(draft));
      return { plan, requests };
    },
    async proveSettlement(flowId, settlementId) {
      await known(flowId, settlementId);
      const flow = await opened(flowId);
      const read = await readRows(flow, settlementId);
      const verdict = await verifyBooks(flow, {
        ...read,
        books: booksOf(flow),
        postings: await flow.settlements.postings(settlementId),
      });
      await flow.settlements.saveJudgement(settlementId, verdict);
      return { holds: verdict.issued, checks: verdict.checks };
    },
    settlementCertificate: certificate,
    settlementCertificatePdf: async (flowId, settlementId) =>
      certificatePdf(await certificate(flowId, settlementId)),
    async signingPublicKey() {
      const { id, publicPem } = await inTransaction(db, (tx) => signingKey(tx, vault, clock.now()));
      return { id, publicPem };
    },
    async settlementDifferences(flowId, settlementId) {
      await known(flowId, settlementId);
      const [first, ...others] = await readEditions(db, flowId, settlementId);
      if (!first) return [];
      const before = await linesOf(first.content);
      const compared = [];
      for (const other of others) {
        const after = await linesOf(other.content);
        const lines: { line: number; before: string | null; after: string | null }[] = [];
        for (let at = 0; at < Math.max(before.length, after.length) && lines.length < differencesMax; at++)
          if (before[at] !== after[at])
            lines.push({ line: at + 1, before: before[at] ?? null, after: after[at] ?? null });
        compared.push({ sha256: other.sha256, via: other.via, receivedAt: other.receivedAt, lines });
      }
      return compared;
    },
    async betweenSettlements(flowId, from, to) {
      const flow = await opened(flowId);
      const transactions = await readTransactions(db, flowId);
      const settled = (await listSettlements(db, { flowId, limit: 1000 })).map(settledPart);
      const currencies = [
        ...new Set([...transactions.map((one) => one.total.currency), ...settled.map((one) => one.currency)]),
      ].sort();
      const { timeZone } = flow.settings;
      const now = clock.now();
      return {
        from,
        to,
        currencies: currencies.map((currency) => ({
          currency,
          rollForward: rollForward(transactions, settled, { from, to, currency, timeZone }),
          forecast: forecast(transactions, settled, { now, currency, timeZone }),
        })),
        deferred: deferredAt(transactions, now).map((one) => ({
          id: one.id,
          orderId: one.orderId ?? null,
          marketplaceId: one.marketplaceId ?? null,
          reason: one.deferral?.reason ?? null,
          maturesAt: one.deferral?.maturesAt?.toISOString() ?? null,
          postedAt: one.postedAt.toISOString(),
          currency: one.total.currency,
          minor: one.total.minor,
        })),
        ties: tieToSettlements(transactions, settled),
      };
    },
    async feeAudit(flowId, last) {
      const flow = await opened(flowId);
      const rows: SettlementRow[] = [];
      for (const { settlementId } of await listSettlements(db, { flowId, limit: last }))
        await readRows(flow, settlementId, (_verdict, row) => {
          if (/order|refund|reimbursement/i.test(`${row.transactionType} ${row.amountType}`)) rows.push(row);
        });
      return { fees: auditFees(rows), owed: owedReimbursements(rows, [], clock.now()) };
    },
  };
}

async function linesOf(gzipped: Buffer): Promise<readonly string[]> {
  const pieces: Buffer[] = [];
  for await (const piece of Readable.from([gzipped]).pipe(createGunzip())) pieces.push(piece as Buffer);
  return Buffer.concat(pieces).toString('latin1').split(/\r?\n/);
}

function settledPart(line: SettlementLine): SettledPart {
  const reserve = (line.summary?.['reserve'] ?? {}) as {
    readonly previous?: string;
    readonly current?: string;
  };
  return {
    settlementId: line.settlementId,
    currency: line.currency,
    endAt: line.endAt,
    depositAt: line.depositAt,
    totalMinor: line.totalMinor,
    reservePrevious: BigInt(reserve.previous ?? 0),
    reserveCurrent: BigInt(reserve.current ?? 0),
  };
}
