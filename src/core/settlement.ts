// What is a settlement, a financial transaction and a returned item, whatever the marketplace? Amazon's files become
// these in channels/amazon/; the books are planned from them in ledger/.
import type { Money } from './money.ts';

/** The head of one settlement: one payout in one currency. */
export interface SettlementHeader {
  /** The channel's id: `amazon`. */
  readonly channel: string;
  readonly settlementId: string;
  readonly startAt: Date;
  readonly endAt: Date;
  /** When the channel says the money goes to the bank; the bank's day is this moment in the seller's time zone. */
  readonly depositAt: Date;
  /** What is paid out, from the seller's point of view; negative when the seller owes. */
  readonly total: Money;
}

/** How a file was written, as found in it; shown beside the settlement and kept for the certificate. */
export interface SettlementFileFacts {
  readonly format: 'v2' | 'v1';
  readonly encoding: 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252' | 'shift_jis';
  readonly decimalMark: '.' | ',';
  /** The pattern of its moments: `yyyy-MM-dd HH:mm:ss UTC`, `dd.MM.yyyy HH:mm:ss UTC`, … */
  readonly dateFormat: string;
  readonly rows: number;
  /** SHA-256 (hex) of the decompressed bytes. */
  readonly sha256: string;
  readonly bytes: number;
}

/** The words that decide what a line means. Lines of one file with equal words share one object. */
export interface RowKind {
  readonly transactionType: string;
  readonly amountType: string;
  readonly amountDescription: string;
  readonly marketplaceName: string;
}

/**
 * One line of a settlement, verbatim but for amount, quantity and moment. Two equal lines are two facts: a line's only
 * key is its settlement and its number. Cells that are empty in the file are empty strings.
 */
export interface SettlementRow extends RowKind {
  readonly kind: RowKind;
  readonly settlementId: string;
  /** 1 for the first line below the control row. */
  readonly rowNumber: number;
  /** An order id on order lines; a shipment id (FBA…) or empty on others. */
  readonly orderId: string;
  readonly merchantOrderId: string;
  readonly adjustmentId: string;
  readonly shipmentId: string;
  /** Seller's point of view: what Amazon owes is positive. */
  readonly amount: Money;
  readonly fulfillmentId: string;
  /** The moment the line was posted. Midnight UTC of the day when the file knows only the day. */
  readonly postedAt: Date;
  /** False when the file gave a day without a time: then the day is taken as it is, in every time zone. */
  readonly postedTimeKnown: boolean;
  readonly orderItemCode: string;
  readonly merchantOrderItemId: string;
  readonly merchantAdjustmentItemId: string;
  readonly sku: string;
  /** Units of the item; repeated on every line of it, so it is never summed. 0 when the cell is empty. */
  readonly quantity: number;
  readonly promotionId: string;
}

/**
 * Some rows in file order. Kind and amount can be had without making a row: that is how a million are summed. Rows are made
 * before the next batch is asked for; rows that were made stay valid.
 */
export interface SettlementBatch extends Iterable<SettlementRow> {
  readonly length: number;
  row(index: number): SettlementRow;
  kindAt(index: number): RowKind;
  /** The amount in minor units: a whole number below 2^53, proved when it was read. */
  minorAt(index: number): number;
}

/** A settlement being read: the head at once, the rows as they come, the facts when the last row has passed. */
export interface SettlementReading {
  readonly header: SettlementHeader;
  /** Batches in file order; to be read once. Throws RecordError with line and reason when the file is damaged. */
  readonly batches: AsyncIterable<SettlementBatch>;
  /** Resolves after the last batch, when the sum of all rows is proved equal to the head's total. */
  readonly facts: () => SettlementFileFacts;
}

/** A part of an amount, as a tree: `ProductCharges` → `OurPricePrincipal`. */
export interface FinanceBreakdown {
  readonly type: string;
  readonly amount: Money;
  readonly parts: readonly FinanceBreakdown[];
}

/** One movement on the seller's account at the channel, known before it is settled. */
export interface FinanceTransaction {
  readonly id: string;
  /** The channel's word: `Shipment`, `Refund`, `ServiceFee`, `Transfer`, … */
  readonly type: string;
  /** `deferred`: earned, not yet available; `deferred-released`: was deferred, now counted; `released`: counted at once. */
  readonly status: 'deferred' | 'released' | 'deferred-released';
  readonly postedAt: Date;
  readonly total: Money;
  readonly marketplaceId?: string;
  readonly description?: string;
  readonly orderId?: string;
  readonly settlementId?: string;
  readonly eventGroupId?: string;
  readonly disbursementId?: string;
  readonly refundId?: string;
  /** On a release: the deferred transaction it releases. */
  readonly deferredTransactionId?: string;
  /** On a deferred one: the transaction that released it. */
  readonly releaseTransactionId?: string;
  readonly deferral?: { readonly reason: string; readonly maturesAt?: Date };
  readonly breakdowns: readonly FinanceBreakdown[];
  readonly items: readonly {
    readonly sku?: string;
    readonly asin?: string;
    readonly quantity?: number;
    readonly fulfilledBy?: 'merchant' | 'marketplace';
    readonly total: Money;
    readonly breakdowns: readonly FinanceBreakdown[];
  }[];
}

/** Units that came back. Says nothing about money: that is in settlements and transactions. */
export interface ReturnedItem {
  /** Unique among the account's returns; equal for the same row read twice. */
  readonly key: string;
  readonly orderId: string;
  readonly sku: string;
  readonly asin?: string;
  readonly fnsku?: string;
  readonly quantity: number;
  readonly returnedAt: Date;
  readonly fulfilledBy: 'merchant' | 'marketplace';
  /** SELLABLE, DAMAGED, CUSTOMER_DAMAGED, DEFECTIVE, CARRIER_DAMAGED, EXPIRED; empty for a merchant's return. */
  readonly disposition: string;
  readonly reason: string;
  readonly status: string;
  readonly licensePlate?: string;
  readonly centre?: string;
}
