// What does the settlements flow remember? Files as they came, the postings of each settlement and how far they are, proofs,
// the owner's mapping, and transactions between settlements. settlements/store.ts keeps it; the flow knows only this.
import type { FinanceTransaction, SettlementFileFacts, SettlementHeader } from '../../core/settlement.ts';
import type { BookKind } from '../../erp/books.ts';
import type { Rule } from '../../ledger/default-rules.ts';
import type { Posting } from '../../ledger/posting.ts';

export interface SettlementFile {
  readonly header: SettlementHeader;
  readonly facts: SettlementFileFacts;
  /** The file's bytes, gzip-compressed. */
  readonly content: Uint8Array;
  readonly via: 'channel' | 'file';
}

/** One document in the books that a posting made or found. */
export interface PostedDocument {
  readonly kind: BookKind;
  readonly externalId: string;
  readonly id: string;
  readonly adopted: boolean;
}

export type PostingState = 'planned' | 'waiting' | 'suspended' | 'booking' | 'refused' | 'booked';

export interface StoredPosting {
  readonly posting: Posting;
  readonly state: PostingState;
  readonly documents: readonly PostedDocument[];
  readonly approvedBy?: string;
}

export interface Judgement {
  readonly issued: boolean;
  /** JSON; amounts as decimal text or minor units in text. */
  readonly document: unknown;
}

export interface SettlementShelf {
  /** Of these reports those that were read before. */
  knownReports(reportIds: readonly string[]): Promise<ReadonlySet<string>>;
  /**
   * Keeps a file. `reissued`: the same settlement is here with other content; the first one goes on counting until a
   * person decides.
   */
  keep(file: SettlementFile): Promise<'new' | 'known' | 'reissued'>;
  /** A report was read and its settlement kept and queued. */
  noteReport(reportId: string, settlementId: string, sha256: string): Promise<void>;
  open(
    settlementId: string,
  ): Promise<{ readonly header: SettlementHeader; readonly bytes: AsyncIterable<Uint8Array> } | undefined>;
  /** What the rows amount to, for lists and pages. */
  saveSummary(settlementId: string, summary: object): Promise<void>;
  /** Orders that were asked for on behalf of a settlement, and since when. */
  sought(settlementId: string): Promise<ReadonlyMap<string, Date>>;
  noteSought(settlementId: string, orderIds: readonly string[]): Promise<void>;
  postings(settlementId: string): Promise<readonly StoredPosting[]>;
  /** Stores a plan. Postings that are being booked or are booked stay as they are. */
  savePlan(settlementId: string, postings: readonly Posting[]): Promise<readonly StoredPosting[]>;
  setState(settlementId: string, key: string, change: PostingChange): Promise<void>;
  saveJudgement(settlementId: string, judgement: Judgement): Promise<void>;
  /** The settlement before this one in the same currency, with what it kept as reserve. */
  reserveBefore(
    header: SettlementHeader,
  ): Promise<{ readonly settlementId: string; readonly kept: bigint } | undefined>;
  rules(): Promise<readonly Rule[]>;
  keepTransactions(transactions: readonly FinanceTransaction[]): Promise<number>;
  /** Transactions posted up to a moment, that were still deferred then. */
  deferredAt(moment: Date): Promise<readonly FinanceTransaction[]>;
}

export interface PostingChange {
  readonly state: PostingState;
  readonly documents?: readonly PostedDocument[];
  readonly reason?: {
    readonly code: string;
    readonly message: string;
    readonly nextSteps: readonly string[];
  };
}
