// Which record and type does NetSuite have for what the books can take? One table for writing, looking up and reading back.
import type { BookKind } from '../books.ts';

export interface BookRecord {
  readonly type: string;
  readonly record: string;
}

/** `order-fees` is no document of its own: its lines stand on an invoice or a cash sale. */
export const bookRecords: Readonly<Record<Exclude<BookKind, 'order-fees'>, BookRecord>> = {
  invoice: { type: 'CustInvc', record: 'invoice' },
  'cash-sale': { type: 'CashSale', record: 'cashSale' },
  'customer-payment': { type: 'CustPymt', record: 'customerPayment' },
  'credit-memo': { type: 'CustCred', record: 'creditMemo' },
  'customer-refund': { type: 'CustRfnd', record: 'customerRefund' },
  'cash-refund': { type: 'CashRfnd', record: 'cashRefund' },
  journal: { type: 'Journal', record: 'journalEntry' },
  deposit: { type: 'Deposit', record: 'deposit' },
  'return-authorisation': { type: 'RtnAuth', record: 'returnAuthorization' },
  'item-receipt': { type: 'ItemRcpt', record: 'itemReceipt' },
};

export const recordOf = (kind: BookKind): BookRecord =>
  kind === 'order-fees' ? bookRecords.invoice : bookRecords[kind];

export const kindOfBookType = (type: string | undefined): BookKind | undefined =>
  (Object.keys(bookRecords) as (keyof typeof bookRecords)[]).find((kind) => bookRecords[kind].type === type);
