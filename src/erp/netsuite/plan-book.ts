// Which request does NetSuite get for a payment, credit, refund, journal, deposit or return? Pure; book-store.ts sends it.
// References to documents are by NetSuite's id, or by external id as long as only that is known.
import type {
  BookDraft,
  BookLine,
  BookPlan,
  BookRef,
  CashRefundDraft,
  CashSaleDraft,
  CreditMemoDraft,
  CustomerPaymentDraft,
  CustomerRefundDraft,
  DepositDraft,
  InvoiceDraft,
  ItemReceiptDraft,
  JournalDraft,
  OrderFeesDraft,
  ReturnAuthorisationDraft,
} from '../books.ts';
import { bookRecords, recordOf } from './book-kinds.ts';
import { recordHeaders } from './client.ts';
import { externalId } from './external-ids.ts';
import type { CurrencyIds } from './parts.ts';
import { decimalNumber } from './plan-document.ts';
import type { NetSuiteSettings } from './settings.ts';

export interface Spelling {
  readonly settings: NetSuiteSettings;
  readonly currencies: CurrencyIds;
  /** Lines of the return authorisation by the key of a draft's line; without them, lines are taken in their order. */
  readonly returnLines?: ReadonlyMap<string, number>;
}

type Body = Record<string, unknown>;
const base = '/services/rest/record/v1';
const id = (value: string | undefined) => (value === undefined ? undefined : { id: value });

/** Drops what is not given: NetSuite takes an explicit null for “empty this field”. */
const compact = (body: Body): Body =>
  Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined));

const refOf = (ref: BookRef): Body =>
  'id' in ref ? { id: ref.id } : { externalId: externalId(ref.externalId) };
const pathOf = (ref: BookRef): string =>
  `${base}/${recordOf(ref.kind).record}/${'id' in ref ? ref.id : `eid:${externalId(ref.externalId)}`}`;

/** Fields that every document has. */
const header = (draft: BookDraft, { currencies }: Spelling): Body => ({
  externalId: externalId(draft.externalId),
  tranDate: draft.date,
  memo: draft.memo.slice(0, memoMax),
  currency: id(currencies.get(draft.currency)),
  exchangeRate: draft.exchangeRate === undefined ? undefined : Number(draft.exchangeRate),
  subsidiary: id(draft.subsidiaryId),
  department: id(draft.departmentId),
  class: id(draft.classId),
  location: id(draft.locationId),
});
/** The longest memo NetSuite keeps (netsuite.md §8 row 34). */
const memoMax = 999;

const post = (path: string, body: Body, draft: BookDraft): BookPlan => ({
  method: 'POST',
  path: `${base}/${path}`,
  headers: recordHeaders,
  body: compact(body),
  draft,
});

/** The exact request of a draft. */
export function planBook(draft: BookDraft, spelling: Spelling): BookPlan {
  switch (draft.kind) {
    case 'invoice':
      return invoice(draft);
    case 'customer-payment':
      return post(bookRecords[draft.kind].record, payment(draft, spelling), draft);
    case 'credit-memo':
      return post(bookRecords[draft.kind].record, creditMemo(draft, spelling), draft);
    case 'customer-refund':
      return post(bookRecords[draft.kind].record, customerRefund(draft, spelling), draft);
    case 'cash-refund':
    case 'cash-sale':
      return post(bookRecords[draft.kind].record, cashDocument(draft, spelling), draft);
    case 'order-fees':
      return orderFees(draft, spelling);
    case 'journal':
      return post(bookRecords[draft.kind].record, journal(draft, spelling), draft);
    case 'deposit':
      return post(bookRecords[draft.kind].record, deposit(draft, spelling), draft);
    case 'return-authorisation':
      return post(bookRecords[draft.kind].record, returnAuthorisation(draft, spelling), draft);
    case 'item-receipt':
      return itemReceipt(draft, spelling);
  }
}

/** Everything that has shipped and is not billed: NetSuite takes the lines from the order. */
const invoice = (draft: InvoiceDraft): BookPlan =>
  post(
    `salesOrder/${draft.salesOrderId}/!transform/invoice`,
    {
      externalId: externalId(draft.externalId),
      tranDate: draft.date,
      memo: draft.memo.slice(0, memoMax),
      toBeEmailed: false,
    },
    draft,
  );

const applied = (
  apply: readonly { readonly document: BookRef; readonly amount: { minor: bigint; currency: string } }[],
): Body => ({
  items: apply.map(({ document, amount }) => ({
    doc: refOf(document),
    apply: true,
    amount: decimalNumber(amount),
  })),
});

/** Fields of a payment belong to the customer; the entity of the others is called by its record. */
const payment = (draft: CustomerPaymentDraft, spelling: Spelling): Body => ({
  ...header(draft, spelling),
  customer: id(draft.customerId),
  aracct: id(draft.receivableAccountId),
  ...(draft.accountId === undefined ? { undepFunds: { id: 'true' } } : { account: id(draft.accountId) }),
  // Otherwise NetSuite would spread the money over the oldest invoices of the marketplace's customer.
  autoApply: false,
  payment: decimalNumber(draft.amount),
  apply: applied(draft.apply),
});

const creditMemo = (draft: CreditMemoDraft, spelling: Spelling): Body => ({
  ...header(draft, spelling),
  entity: id(draft.customerId),
  account: id(draft.receivableAccountId),
  toBeEmailed: false,
  autoApply: false,
  item: lines(draft.lines, spelling),
  ...(draft.apply.length > 0 ? { apply: applied(draft.apply) } : {}),
});

const customerRefund = (draft: CustomerRefundDraft, spelling: Spelling): Body => ({
  ...header(draft, spelling),
  customer: id(draft.customerId),
  account: id(draft.accountId),
  aracct: id(draft.receivableAccountId),
  paymentMethod: id(draft.paymentMethodId),
  apply: applied(draft.apply),
});

const cashDocument = (draft: CashRefundDraft | CashSaleDraft, spelling: Spelling): Body => ({
  ...header(draft, spelling),
  entity: id(draft.customerId),
  ...(draft.accountId === undefined
    ? draft.kind === 'cash-sale'
      ? { undepFunds: { id: 'true' } }
      : {}
    : { account: id(draft.accountId) }),
  paymentMethod: id(draft.paymentMethodId),
  toBeEmailed: false,
  item: lines(draft.lines, spelling),
});

function lines(all: readonly BookLine[], { settings }: Spelling): Body {
  return {
    items: all.map((line) =>
      compact({
        item: { id: line.itemId },
        quantity: line.quantity,
        // A custom price: the price level would overwrite the rate (netsuite.md §8 row 15).
        price: { id: '-1' },
        rate: line.quantity > 1 ? decimalNumber(line.amount) / line.quantity : decimalNumber(line.amount),
        amount: decimalNumber(line.amount),
        description: line.description.slice(0, memoMax),
        location: id(line.locationId),
        ...(settings.fields.lineId === '' ? {} : { [settings.fields.lineId]: line.key }),
      }),
    ),
  };
}

/** New lines on a document that is there; those that stand there already are taken out before (book-store.ts). */
const orderFees = (draft: OrderFeesDraft, spelling: Spelling): BookPlan => ({
  method: 'PATCH',
  path: pathOf(draft.document),
  headers: recordHeaders,
  body: { item: lines(draft.lines, spelling) },
  draft,
});

const journal = (draft: JournalDraft, spelling: Spelling): Body => ({
  ...header(draft, spelling),
  // Body fields of a journal are its lines' business.
  department: undefined,
  class: undefined,
  location: undefined,
  // A journal that waits for a person would leave clearing open: the amount's approval happens in Crossdock.
  approved: true,
  reversalDate: draft.reversalDate,
  line: {
    items: draft.lines.map((line) =>
      compact({
        account: { id: line.accountId },
        debit: line.debit === undefined ? undefined : decimalNumber(line.debit),
        credit: line.credit === undefined ? undefined : decimalNumber(line.credit),
        memo: line.memo.slice(0, memoMax),
        entity: id(line.customerId),
        department: id(line.departmentId ?? draft.departmentId),
        class: id(line.classId ?? draft.classId),
        location: id(line.locationId ?? draft.locationId),
      }),
    ),
  },
});

const deposit = (draft: DepositDraft, spelling: Spelling): Body => ({
  ...header(draft, spelling),
  // The subsidiary follows from the bank account.
  subsidiary: undefined,
  account: id(draft.accountId),
  ...(draft.payments.length > 0
    ? {
        payment: {
          items: draft.payments.map((ref) => ({
            id: 'id' in ref ? Number(ref.id) : `eid:${externalId(ref.externalId)}`,
            deposit: true,
          })),
        },
      }
    : {}),
  ...(draft.lines.length > 0
    ? {
        other: {
          items: draft.lines.map((line) =>
            compact({
              account: { id: line.accountId },
              amount: decimalNumber(line.amount),
              memo: line.memo.slice(0, memoMax),
              department: id(draft.departmentId),
              class: id(draft.classId),
            }),
          ),
        },
      }
    : {}),
});

/** Units at the price zero: money is never posted from here (features.md 4.5). */
const returnAuthorisation = (draft: ReturnAuthorisationDraft, spelling: Spelling): Body => ({
  ...header(draft, spelling),
  entity: id(draft.customerId),
  orderStatus: { id: 'B' },
  item: lines(draft.lines, spelling),
});

const itemReceipt = (draft: ItemReceiptDraft, { returnLines }: Spelling): BookPlan => ({
  method: 'POST',
  path: `${pathOf(draft.authorisation)}/!transform/itemReceipt`,
  headers: recordHeaders,
  body: {
    externalId: externalId(draft.externalId),
    tranDate: draft.date,
    memo: draft.memo.slice(0, memoMax),
    item: {
      items: draft.lines.map((line, index) => ({
        orderLine: returnLines?.get(line.key) ?? index + 1,
        itemReceive: true,
        quantity: line.quantity,
        restock: line.restock,
        location: { id: line.locationId },
      })),
    },
  },
  draft,
});
