// What is one planned posting? Documents that are booked together for some groups of rows, with what they must do to the
// clearing account. plan.ts makes them; the certificate compares them with what the books say.
import type { BookDraft, BookRef } from '../erp/books.ts';

export interface Posting {
  /** Unique in the settlement and the same at every planning: `payment:113-…:2026-03-29`, `journal:2026-03:Amazon.com:1`. */
  readonly key: string;
  readonly kind: 'payment' | 'refund' | 'journal' | 'fee-document' | 'suspense' | 'nothing' | 'deposit';
  readonly title: string;
  readonly marketplace: string;
  /** The day it is booked on, and the day it belongs to when a closed period moved it. */
  readonly date: string;
  readonly belongsTo?: string;
  /** Sum of the rows it stands for: what it must do to clearing (or undeposited funds). The deposit: minus the total. */
  readonly minor: bigint;
  readonly rows: number;
  /** Keys of the groups of rows it stands for; every group belongs to exactly one posting. */
  readonly groups: readonly string[];
  /** Where its money goes: through clearing, through undeposited funds, or it is booked already by the order itself. */
  readonly through: 'clearing' | 'undeposited' | 'none';
  /** In the order in which they must be written: later ones refer to earlier ones. */
  readonly drafts: readonly BookDraft[];
  /** Documents that were in the books before and are part of it (the order's cash sale). */
  readonly ties: readonly BookRef[];
  readonly state: 'ready' | 'waiting' | 'suspended';
  /** Why it waits, in a sentence, and what to do. */
  readonly reason?: {
    readonly code: string;
    readonly message: string;
    readonly nextSteps: readonly string[];
  };
  readonly needsApproval: boolean;
}

/** What stops the whole settlement. */
export interface Blocker {
  readonly code: string;
  readonly message: string;
  readonly nextSteps: readonly string[];
  readonly facts: Readonly<Record<string, unknown>>;
}

export interface SettlementPlan {
  readonly settlementId: string;
  readonly model: 'orders' | 'fees-on-orders' | 'summary';
  /** Empty when there is a blocker. */
  readonly postings: readonly Posting[];
  readonly blockers: readonly Blocker[];
  /** Orders to be fetched and imported before the plan can be whole. */
  readonly wanted: readonly string[];
}
