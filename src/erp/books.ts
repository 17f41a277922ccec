// What can be written into the books besides sales documents, and how is it read back? Drafts are planned by pure code in
// ledger/; netsuite/ spells them. Every draft has a deterministic external id, so it can be looked up, never repeated.
import type { PlannedRequest } from '../channels/channel.ts';
import type { Money } from '../core/money.ts';

/** A document in the books: by the ERP's id, or by the external id of a draft that is created before. */
export type BookRef =
  | { readonly kind: BookKind; readonly id: string }
  | { readonly kind: BookKind; readonly externalId: string };

export type BookKind =
  | 'invoice'
  | 'cash-sale'
  | 'customer-payment'
  | 'credit-memo'
  | 'customer-refund'
  | 'cash-refund'
  | 'order-fees'
  | 'journal'
  | 'deposit'
  | 'return-authorisation'
  | 'item-receipt';

interface DraftBase {
  readonly externalId: string;
  /** Calendar day `YYYY-MM-DD`, in an open period. */
  readonly date: string;
  readonly currency: string;
  /** Document currency to company currency, decimal text; the ERP's own rate of the day when absent. */
  readonly exchangeRate?: string;
  readonly subsidiaryId?: string;
  readonly departmentId?: string;
  readonly classId?: string;
  readonly locationId?: string;
  readonly memo: string;
}

/** One line of a sales-side document in the books. */
export interface BookLine {
  /** Unique within the document; written to the line id field, and by which a line is known again. */
  readonly key: string;
  readonly itemId: string;
  /** 0 keeps the amount and moves no stock. */
  readonly quantity: number;
  readonly amount: Money;
  readonly description: string;
  readonly locationId?: string;
}

/** An invoice made from a sales order that has shipped: all that is fulfilled and not yet billed. */
export interface InvoiceDraft extends DraftBase {
  readonly kind: 'invoice';
  readonly salesOrderId: string;
}

/** Money received for invoices, into an account of type bank (clearing), or undeposited funds when absent. */
export interface CustomerPaymentDraft extends DraftBase {
  readonly kind: 'customer-payment';
  readonly customerId: string;
  readonly receivableAccountId?: string;
  readonly accountId?: string;
  readonly amount: Money;
  readonly apply: readonly { readonly document: BookRef; readonly amount: Money }[];
}

/** A credit for the customer. Amounts are positive. Lines never restock: stock comes from the returns report. */
export interface CreditMemoDraft extends DraftBase {
  readonly kind: 'credit-memo';
  readonly customerId: string;
  readonly receivableAccountId?: string;
  /** The invoice it belongs to, kept as a reference; absent for a credit on account. */
  readonly origin?: BookRef;
  readonly lines: readonly BookLine[];
  readonly total: Money;
  /** Applied at once to open invoices (model B); the rest stays open for a customer refund. */
  readonly apply: readonly { readonly document: BookRef; readonly amount: Money }[];
}

/** Money paid back for credit memos, out of an account of type bank (clearing). */
export interface CustomerRefundDraft extends DraftBase {
  readonly kind: 'customer-refund';
  readonly customerId: string;
  readonly receivableAccountId?: string;
  readonly accountId: string;
  readonly paymentMethodId?: string;
  readonly amount: Money;
  readonly apply: readonly { readonly document: BookRef; readonly amount: Money }[];
}

/** Money paid back for a cash sale, or (without origin) to a settlement customer. Amounts are positive. */
export interface CashRefundDraft extends DraftBase {
  readonly kind: 'cash-refund';
  readonly customerId: string;
  readonly accountId?: string;
  readonly paymentMethodId?: string;
  readonly origin?: BookRef;
  readonly lines: readonly BookLine[];
  readonly total: Money;
}

/** A sale paid at once, to a settlement customer: what Amazon owes without an order (model B). */
export interface CashSaleDraft extends DraftBase {
  readonly kind: 'cash-sale';
  readonly customerId: string;
  readonly accountId?: string;
  readonly paymentMethodId?: string;
  readonly lines: readonly BookLine[];
  readonly total: Money;
}

/** Fee lines added to an order's invoice or cash sale (model B). Lines whose key is there already are left alone. */
export interface OrderFeesDraft extends DraftBase {
  readonly kind: 'order-fees';
  readonly document: BookRef;
  /** Signed as the seller sees it: a fee is negative. */
  readonly lines: readonly BookLine[];
  readonly total: Money;
}

export interface JournalLine {
  readonly accountId: string;
  /** Exactly one of the two is given; both are positive. */
  readonly debit?: Money;
  readonly credit?: Money;
  readonly memo: string;
  /** Needed on receivable accounts. */
  readonly customerId?: string;
  readonly departmentId?: string;
  readonly classId?: string;
  readonly locationId?: string;
}

export interface JournalDraft extends DraftBase {
  readonly kind: 'journal';
  readonly lines: readonly JournalLine[];
  /** The day on which the ERP reverses it by itself. */
  readonly reversalDate?: string;
}

/** Money arriving at the bank: from undeposited documents and from other accounts (clearing). */
export interface DepositDraft extends DraftBase {
  readonly kind: 'deposit';
  readonly accountId: string;
  /** Undeposited payments and cash sales that are part of it. */
  readonly payments: readonly BookRef[];
  /** Signed: positive comes from the account into the bank. */
  readonly lines: readonly { readonly accountId: string; readonly amount: Money; readonly memo: string }[];
  readonly total: Money;
}

/** Units that come back, at zero value: money is never posted from here. */
export interface ReturnAuthorisationDraft extends DraftBase {
  readonly kind: 'return-authorisation';
  readonly customerId: string;
  readonly origin?: BookRef;
  readonly lines: readonly BookLine[];
}

export interface ItemReceiptDraft extends DraftBase {
  readonly kind: 'item-receipt';
  readonly authorisation: BookRef;
  readonly lines: readonly {
    readonly key: string;
    readonly itemId: string;
    readonly quantity: number;
    readonly locationId: string;
    /** False: received into a damaged location or written off, not for sale. */
    readonly restock: boolean;
  }[];
}

export type BookDraft =
  | InvoiceDraft
  | CustomerPaymentDraft
  | CreditMemoDraft
  | CustomerRefundDraft
  | CashRefundDraft
  | CashSaleDraft
  | OrderFeesDraft
  | JournalDraft
  | DepositDraft
  | ReturnAuthorisationDraft
  | ItemReceiptDraft;

/** What stands in the books, with its effect on accounts. */
export interface BookedDocument {
  readonly kind: BookKind;
  readonly id: string;
  readonly number: string;
  readonly externalId: string;
  readonly date: string;
  /** The document's total in its own currency; for a journal, the sum of its debits. */
  readonly total: Money;
  /** Signed effect per account in the document's currency: debit positive, credit negative; adds up to zero. */
  readonly effects: readonly { readonly accountId: string; readonly minor: bigint }[];
}

/** What the books know about one channel order. */
export interface OrderInBooks {
  readonly channelOrderId: string;
  readonly salesOrders: readonly {
    readonly id: string;
    readonly status: string;
    readonly customerId: string;
    readonly unbilledShipped: boolean;
  }[];
  readonly invoices: readonly BilledDocument[];
  readonly cashSales: readonly BilledDocument[];
}

export interface BilledDocument {
  readonly id: string;
  readonly number: string;
  readonly date: string;
  readonly customerId: string;
  readonly total: Money;
  /** What is still unpaid; the total for a cash sale that is not deposited, else zero. */
  readonly open: Money;
  /** The receivable account of an invoice; the account a cash sale was booked to. */
  readonly accountId: string;
  readonly undeposited: boolean;
  readonly lines: readonly {
    readonly key?: string;
    readonly itemId: string;
    readonly quantity: number;
    readonly amount: Money;
    readonly locationId?: string;
  }[];
}

export type AccountType =
  | 'bank'
  | 'receivable'
  | 'other-current-asset'
  | 'fixed-asset'
  | 'other-asset'
  | 'payable'
  | 'credit-card'
  | 'other-current-liability'
  | 'long-term-liability'
  | 'equity'
  | 'income'
  | 'other-income'
  | 'cost-of-goods-sold'
  | 'expense'
  | 'other-expense'
  | 'other';

export interface Account {
  readonly id: string;
  readonly number: string;
  readonly name: string;
  readonly type: AccountType;
  /** Bank accounts hold one currency; others are absent. */
  readonly currency?: string;
  readonly inactive: boolean;
}

export interface AccountingPeriod {
  readonly id: string;
  readonly name: string;
  readonly startOn: string;
  readonly endOn: string;
  /** No document of any kind may be dated in it. */
  readonly closed: boolean;
  /** Sales-side documents (invoices, payments, credits, refunds) may not; journals may. */
  readonly receivableLocked: boolean;
}

/** A trial balance's line in the company's (or subsidiary's) base currency: debit positive. */
export interface AccountBalance {
  readonly accountId: string;
  readonly minor: bigint;
  readonly currency: string;
}

export interface BookPlan extends PlannedRequest {
  readonly draft: BookDraft;
}

export interface BookStore {
  /** Many look-ups in few queries. Keys that are not in the books are absent from the answer. */
  find(
    keys: readonly { readonly kind: BookKind; readonly externalId: string }[],
  ): Promise<ReadonlyMap<string, BookedDocument>>;
  /** By external id through the record itself, which sees what the query index does not see yet. */
  findFresh(kind: BookKind, externalId: string): Promise<BookedDocument | undefined>;
  /** The exact request that would be sent; references by external id are spelled as such. */
  plan(draft: BookDraft): Promise<BookPlan>;
  /** Sends it once. Throws OutcomeUnknownError when the answer is lost; a duplicate is found and adopted. */
  createOnce(draft: BookDraft): Promise<{ readonly id: string; readonly adopted: boolean }>;
  /** What channel orders have become; those unknown to the books are absent. */
  orders(channelOrderIds: readonly string[]): Promise<ReadonlyMap<string, OrderInBooks>>;
  accounts(): Promise<readonly Account[]>;
  periods(): Promise<readonly AccountingPeriod[]>;
  /** Balances of accounts by the end of `to` (movements since `from` when given). */
  trialBalance(query: {
    readonly from?: string;
    readonly to: string;
    readonly subsidiaryId?: string;
    readonly accountIds?: readonly string[];
  }): Promise<readonly AccountBalance[]>;
}
