// What must a place where the books are kept offer the rest of the program? netsuite/ fulfils it.
import type { z } from 'zod';
import type { PlannedRequest } from '../channels/channel.ts';
import type { Money } from '../core/money.ts';
import type { Address } from '../core/order.ts';
import type { Fulfilment } from '../core/shipment.ts';
import type { Level } from '../core/stock.ts';
import type { Limit, Tools } from '../http/tools.ts';
import type { BookStore } from './books.ts';

export interface Erp<Settings = unknown, Secrets = unknown, Bucket extends string = string> {
  readonly id: string;
  readonly title: string;
  readonly settings: z.ZodType<Settings>;
  readonly secrets: z.ZodType<Secrets>;
  readonly limits: Readonly<Record<Bucket, Limit>>;
  /** Where a person sees a document in the ERP; absent for accounts that have no such page. */
  documentPage?(
    settings: Settings,
    document: { readonly kind: string; readonly id: string },
  ): string | undefined;
  open(settings: Settings, secrets: Secrets, tools: Tools<Bucket>): ErpSession;
  /** Where a person looks for an item of this name in the ERP. */
  itemPage?(settings: Settings, name: string): string | undefined;
}

export interface ErpSession {
  check(): Promise<ErpReport>;
  /** Lists to choose from in settings: locations, customers, subsidiaries, ship methods, items, … */
  choices(kind: ChoiceKind, search?: string): Promise<readonly Choice[]>;
  /** Body and line fields of a kind of document as the account has them, custom ones included. */
  fields(kind: DocumentKind): Promise<readonly ErpField[]>;
  readonly items: ItemLookup;
  readonly documents: DocumentStore;
  readonly fulfilments: FulfilmentSource;
  /** Payments, credits, refunds, journals, deposits; absent where the ERP connection cannot book them. */
  readonly books?: BookStore;
  readonly stock: StockSource;
}

export type ChoiceKind =
  | 'location'
  | 'customer'
  | 'subsidiary'
  | 'ship-method'
  | 'item'
  | 'account'
  | 'currency'
  | 'department'
  | 'class'
  | 'sales-channel'
  | 'payment-method'
  | 'custom-body-field'
  | 'custom-line-field'
  | 'tax-code';
export interface Choice {
  readonly id: string;
  readonly name: string;
  /** What tells two of the same name apart: subsidiary, currency, item type. */
  readonly note?: string;
}

/** One field of the account's documents; `id` is the name requests use, a script id for custom fields. */
export interface ErpField {
  readonly id: string;
  readonly title: string;
  readonly on: 'body' | 'line';
  readonly custom: boolean;
  readonly type: 'text' | 'number' | 'boolean' | 'date' | 'moment' | 'reference' | 'other';
  readonly writable: boolean;
}

/** What the integration's role lacks, in the vendor's own keys. */
export interface MissingPermission {
  readonly key: string;
  readonly name: string;
  readonly level: string;
  readonly why: string;
}

export interface ErpReport {
  readonly accountName: string;
  readonly oneWorld: boolean;
  readonly suiteTax: boolean;
  /** IANA name of the company's time zone; transaction dates are days in it. */
  readonly timeZone: string;
  readonly multiCurrency: boolean;
  readonly concurrencyMax: number;
  readonly certificateExpiresAt?: string;
  readonly customBodyFields: readonly string[];
  readonly customLineFields: readonly string[];
  readonly warnings: readonly string[];
}

/** An item as far as an order needs to know it. */
export interface ErpItem {
  readonly id: string;
  readonly name: string;
  readonly kind:
    | 'inventory'
    | 'kit'
    | 'assembly'
    | 'non-inventory'
    | 'service'
    | 'other-charge'
    | 'discount'
    | 'group'
    | 'other';
  readonly inactive: boolean;
  readonly lotTracked: boolean;
  readonly serialTracked: boolean;
  readonly matrixParent: boolean;
  /** Kits: names of members that are tracked by lot, serial number or bin. */
  readonly trackedMembers?: readonly string[];
}

/** A lot or serial number on hand at a location. */
export interface InventoryNumber {
  readonly itemId: string;
  readonly locationId: string;
  readonly numberId: string;
  readonly name: string;
  readonly quantity: number;
  /** Calendar day, when the number expires. */
  readonly expiresOn?: string;
}
export interface NumberChoice {
  readonly numberId: string;
  readonly name: string;
  readonly quantity: number;
}

export interface ItemLookup {
  /** Items by their name/number (`itemid`), many in one call. Names that are not found are absent. */
  byNames(names: readonly string[]): Promise<ReadonlyMap<string, ErpItem>>;
  byIds(ids: readonly string[]): Promise<ReadonlyMap<string, ErpItem>>;
  /** Lots and serial numbers available at these locations, one query for all. */
  numbers(itemIds: readonly string[], locationIds: readonly string[]): Promise<readonly InventoryNumber[]>;
}

export type DocumentKind = 'sales-order' | 'cash-sale' | 'invoice';

/** A sales document in our words, complete: the ERP folder only spells it. Ids are the ERP's internal ids. */
export interface DocumentDraft {
  readonly kind: DocumentKind;
  readonly externalId: string;
  readonly channelOrderId: string;
  readonly customerId: string;
  /** Calendar day `YYYY-MM-DD` in the company's time zone. */
  readonly date: string;
  readonly shipDate?: string;
  readonly currency: string;
  readonly subsidiaryId?: string;
  readonly locationId?: string;
  readonly departmentId?: string;
  readonly classId?: string;
  readonly salesChannelId?: string;
  readonly shipMethodId?: string;
  readonly paymentMethodId?: string;
  readonly reference: string;
  readonly memo?: string;
  /** Sales orders: B (pending fulfilment) or A (pending approval). */
  readonly orderStatus?: 'A' | 'B';
  /** Cash sales: deposit account, or undeposited funds when absent. */
  readonly depositAccountId?: string;
  readonly shipTo?: Address;
  readonly lines: readonly DocumentLine[];
  /** Tax mode C: amounts override what SuiteTax would calculate. */
  readonly taxOverride?: readonly {
    readonly lineKey: string;
    readonly amount: Money;
    readonly taxCodeId: string;
    readonly taxTypeId: string;
    readonly rate: string;
  }[];
  /** Custom body fields by script id. */
  readonly custom: Readonly<Record<string, string | number | boolean>>;
}

export interface DocumentLine {
  /** Unique within the document: `<orderItemId>` for the item, `<orderItemId>:discount`, `order:shipping`, … */
  readonly key: string;
  readonly role:
    | 'item'
    | 'discount'
    | 'gift-wrap'
    | 'shipping'
    | 'shipping-discount'
    | 'other-charge'
    | 'tax';
  readonly itemId: string;
  readonly quantity: number;
  /** Decimal text; may be rounded, since `amount` decides. */
  readonly rate: string;
  readonly amount: Money;
  readonly description?: string;
  readonly locationId?: string;
  readonly departmentId?: string;
  readonly classId?: string;
  /** Lots or serial numbers, where the document takes stock at once. */
  readonly numbers?: readonly NumberChoice[];
  readonly custom: Readonly<Record<string, string | number | boolean>>;
}

/** What left a warehouse for one sales order, to be booked as one fulfilment. */
export interface FulfilmentDraft {
  readonly externalId: string;
  /** Calendar day of shipment. */
  readonly date: string;
  readonly lines: readonly {
    readonly line: number;
    readonly quantity: number;
    readonly locationId?: string;
    readonly numbers?: readonly NumberChoice[];
  }[];
  /** Order lines that stay open: NetSuite takes all that are not named. */
  readonly leaveOpen: readonly number[];
  readonly packages: readonly { readonly trackingNumber: string; readonly description?: string }[];
}

/** A sales order that may be billed. */
export interface BillableOrder {
  readonly id: string;
  readonly number: string;
  readonly channelOrderId: string;
  /** Calendar day of its last shipment, when it has one. */
  readonly shippedOn?: string;
}

/** Where in the draft a value of the request comes from: request path → draft path (`body.item.items[0].rate` → `lines[0].rate`). */
export interface DocumentPlan extends PlannedRequest {
  readonly from: Readonly<Record<string, string>>;
}

export interface FoundDocument {
  readonly id: string;
  readonly number: string;
  readonly kind: DocumentKind;
  readonly externalId?: string;
  /** Custom field or reference by which it was recognised, when not by external id. */
  readonly matchedBy: 'external-id' | 'channel-order-id';
  readonly status: DocumentStatus;
  /** Customer's total in the document's currency. */
  readonly total?: Money;
}

export type DocumentStatus =
  | 'pending-approval'
  | 'pending-fulfilment'
  | 'partially-fulfilled'
  | 'pending-billing'
  | 'pending-billing-partially-fulfilled'
  | 'billed'
  | 'closed'
  | 'cancelled'
  | 'open'
  | 'paid'
  | 'unknown';

export interface DocumentLineState {
  readonly line: number;
  readonly itemId: string;
  readonly channelLineId?: string;
  readonly quantity: number;
  readonly quantityFulfilled: number;
  readonly closed: boolean;
  readonly amount: string;
}

export interface DocumentChange {
  readonly shipTo?: Address;
  readonly lines?: readonly {
    readonly line: number;
    readonly quantity?: number;
    readonly rate?: string;
    readonly amount?: Money;
    readonly custom?: Readonly<Record<string, string>>;
  }[];
  readonly added?: readonly DocumentLine[];
  readonly closed?: readonly number[];
}

export interface DocumentStore {
  /** Many look-ups in one query: by external id, and by channel order id for documents other tools made. */
  find(
    keys: readonly { readonly externalId: string; readonly channelOrderId: string }[],
  ): Promise<ReadonlyMap<string, FoundDocument>>;
  /** By external id through the record itself, which sees what the query index does not see yet. */
  findFresh(kind: DocumentKind, externalId: string): Promise<FoundDocument | undefined>;
  /** The exact request that would be sent; pure but for the account's own lists, read once. */
  plan(draft: DocumentDraft): Promise<DocumentPlan>;
  /** Sends it once. Throws OutcomeUnknownError when the answer is lost; a duplicate is adopted through findFresh. */
  create(draft: DocumentDraft): Promise<{ readonly id: string; readonly adopted: boolean }>;
  read(
    kind: DocumentKind,
    id: string,
  ): Promise<{
    readonly status: DocumentStatus;
    /** What people call it: the document number. */
    readonly number?: string;
    readonly total: Money;
    readonly lines: readonly DocumentLineState[];
  }>;
  /** Closes lines of a sales order (never deletes), marking each: cancelled at the channel. Twice does no harm. */
  closeLines(
    id: string,
    lines: readonly number[],
    custom?: Readonly<Record<string, boolean | string>>,
  ): Promise<void>;
  /** Sets body fields (flags, memo) of a document. */
  setFields(
    kind: DocumentKind,
    id: string,
    custom: Readonly<Record<string, boolean | string>>,
  ): Promise<void>;
  /** Carries a changed order into its document: address, changed lines by number, new lines, closed lines. */
  amend(kind: DocumentKind, id: string, change: DocumentChange): Promise<void>;
  /** Books a shipment of a sales order, once by its external id. */
  fulfil(orderId: string, fulfilment: FulfilmentDraft): Promise<{ readonly id: string }>;
  /** Channel orders whose sales order may be billed. */
  billable(at: 'pending-billing' | 'pending-fulfilment'): Promise<readonly BillableOrder[]>;
  /** Bills what is open of a sales order, once by its external id. */
  bill(
    orderId: string,
    bill: {
      readonly kind: 'invoice' | 'cash-sale';
      readonly externalId: string;
      readonly date?: string;
      readonly paymentMethodId?: string;
      readonly depositAccountId?: string;
    },
  ): Promise<{ readonly id: string }>;
  /** Sales orders of channel orders that a person closed or cancelled since `from`. */
  cancelledSince(from: Date): Promise<
    readonly {
      readonly id: string;
      readonly externalId?: string;
      readonly channelOrderId: string;
      readonly modifiedAt: Date;
      readonly status: DocumentStatus;
      readonly fulfilledQuantity: number;
    }[]
  >;
  /** Default customer of an account and marketplace, created when absent; idempotent by external id. */
  ensureCustomer(customer: {
    readonly externalId: string;
    readonly name: string;
    readonly subsidiaryId?: string;
    readonly currency: string;
    readonly person?: { readonly firstName: string; readonly lastName: string };
    readonly email?: string;
    readonly vatNumber?: string;
    /** Take the oldest customer of the same company, or name and e-mail, where the account has one already. */
    readonly matchExisting?: boolean;
  }): Promise<string>;
}

export interface FulfilmentSource {
  /** Shipped fulfilments of channel orders, new or edited since `from` (inclusive), oldest first. */
  changedSince(
    from: Date,
  ): Promise<{ readonly fulfilments: readonly Fulfilment[]; readonly seenUntil: Date }>;
}

export interface StockSource {
  /** Levels that changed since `from` (inclusive); `seenUntil` is where the next reading starts. */
  changedSince(
    from: Date,
    locationIds: readonly string[],
  ): Promise<{ readonly levels: readonly Level[]; readonly seenUntil: Date }>;
  /** Every level at these locations, in pages, memory flat. */
  all(locationIds: readonly string[]): AsyncIterable<readonly Level[]>;
  /** What kits are made of, all of them. */
  kitMembers(): Promise<
    readonly { readonly kitId: string; readonly itemId: string; readonly quantity: number }[]
  >;
}
