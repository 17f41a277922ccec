// What must a marketplace offer the rest of the program? A channel only translates: vendor documents in, core words
// out, and back. It keeps no state, plans no schedule, touches no database and retries nothing: the engine does.
import type { z } from 'zod';
import type { Order } from '../core/order.ts';
import type { FinanceTransaction, ReturnedItem, SettlementReading } from '../core/settlement.ts';
import type { ShipmentConfirmation } from '../core/shipment.ts';
import type { Limit, Tools } from '../http/tools.ts';

export interface Channel<Settings = unknown, Secrets = unknown, Bucket extends string = string> {
  /** Also the folder's name: `amazon`. Stored with every record, so it never changes. */
  readonly id: string;
  readonly title: string;
  /** Strict schemas of what the owner fills in; the same schema draws the form, documents the API and answers the CLI. */
  readonly settings: z.ZodType<Settings>;
  readonly secrets: z.ZodType<Secrets>;
  /** The vendor's published quotas by name. Every request names its bucket, so none can go out uncounted. */
  readonly limits: Readonly<Record<Bucket, Limit>>;
  /** The marketplaces there are, so that their ids can be shown by name. */
  readonly marketplaces: readonly { readonly id: string; readonly name: string; readonly currency: string }[];
  /** Where a person sees an order at the marketplace; absent for accounts that have no such page. */
  orderPage?(settings: Settings, orderId: string): string | undefined;
  /** Days after which a secret ends or must be renewed, by its name. */
  readonly secretLifeDays?: Readonly<Record<string, number>>;
  /** How a seller lets us in by a page of the channel's own; absent where there is no such page. */
  readonly authorisation?: Authorisation;
  open(settings: Settings, secrets: Secrets, tools: Tools<Bucket>): ChannelSession;
}

/** Settings and secrets as far as they are known before the account is connected. */
export type Draft = Readonly<Record<string, unknown>>;

export interface Authorisation {
  /** The page to send the seller to; it comes back to `redirectUri` with `state` unchanged. */
  consentUrl(draft: Draft, request: { readonly state: string; readonly redirectUri: string }): string;
  /** Trades the code that came back for the secrets to keep. */
  redeem(
    draft: Draft,
    secrets: Draft,
    answer: { readonly code: string; readonly redirectUri: string },
    tools: Tools,
  ): Promise<Readonly<Record<string, string>>>;
}

/** One opened account. A capability that the marketplace lacks is simply absent. */
export interface ChannelSession {
  /** Proves credentials and permissions and reads what the account can do; throws ConnectionError naming what to fix. */
  check(): Promise<ChannelReport>;
  readonly orders?: OrderSource;
  readonly shipments?: ShipmentSink;
  readonly cancellations?: CancellationSink;
  readonly settlements?: SettlementSource;
  readonly finances?: FinanceSource;
  readonly returns?: ReturnSource;
  readonly stock?: StockSink;
}

export interface ChannelReport {
  readonly accountName: string;
  readonly marketplaces: readonly {
    readonly id: string;
    readonly name: string;
    readonly country: string;
    readonly currency: string;
    readonly participating: boolean;
  }[];
  /** Things that work but deserve attention (secret expiring, role that hides addresses), in sentences. */
  readonly warnings: readonly string[];
}

/** One order document as it came (`raw`, JSON) with the key and version that order it among its kind. */
export interface OrderDocument {
  readonly key: string;
  readonly updatedAt: Date;
  readonly raw: unknown;
}

/** Asks for changes since `from` (inclusive); `page` continues a search and is the vendor's own token. */
export interface SweepQuery {
  readonly from: Date;
  readonly page?: string;
  /** Only orders whose address is needed for shipping (merchant-fulfilled and open): used beside a backlog report. */
  readonly onlyToShip?: boolean;
}

export interface OrderPage {
  readonly documents: readonly OrderDocument[];
  readonly nextPage?: string;
  /** Everything up to here has been seen once the last page is stored; the vendor's word, never our clock. */
  readonly seenUntil: Date;
}

export interface OrderSource {
  search(query: SweepQuery): Promise<OrderPage>;
  /** One order with all its data, or undefined when the marketplace does not know it. */
  one(orderId: string): Promise<OrderDocument | undefined>;
  /** Pure: a document as it came into our words. Throws RecordError naming the field. */
  toOrder(raw: unknown): Order;
  /** Takes the buyer's data out of a document: what may be kept, and what must be sealed apart and expire. Pure. */
  splitPersonal(raw: unknown): { readonly kept: unknown; readonly personal: unknown };
  /** Puts them together again. Pure; the inverse of splitPersonal. */
  joinPersonal(kept: unknown, personal: unknown): unknown;
  /** Understands a file or pasted text: one document, a list, or the vendor's answer around it. Throws RecordError. */
  fromFile(text: string): readonly OrderDocument[];
  /** Orders by report, for backlogs that searching would stretch over hours. */
  readonly backlog?: BacklogReport;
  /** Notices that something changed; only hints, since they arrive late, twice or never. */
  readonly hints?: HintQueue;
}

export interface BacklogReport {
  /** Starts a report of all changes from `from` to `to`; returns its ticket. */
  request(from: Date, to: Date): Promise<string>;
  /** How far the report is; `unusable` when the vendor refused or cancelled it. */
  state(
    ticket: string,
  ): Promise<{ readonly state: 'working' | 'ready' | 'empty' | 'unusable'; readonly documentId?: string }>;
  /** Reads a finished report in batches, memory flat. */
  read(documentId: string): AsyncIterable<readonly OrderDocument[]>;
  /** What one search page gives at most, and the search quota: for choosing the route. */
  readonly ordersPerSearchPage: number;
}

export interface HintQueue {
  /** Waits a little for notices; each is acknowledged only after its hint is stored. */
  receive(): Promise<readonly OrderHint[]>;
  acknowledge(receipts: readonly string[]): Promise<void>;
}

export interface OrderHint {
  readonly receipt: string;
  /** Absent when the notice could not be understood; it is then acknowledged, counted and shown. */
  readonly orderId?: string;
  readonly noticeId: string;
  readonly happenedAt: Date;
  readonly kind: string;
}

/** A request as it will be sent, built by pure code, so that it can be shown, compared and replayed. */
export interface PlannedRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Path below the connection's base URL, with its query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

export interface ShipmentSink {
  /** Pure: the exact request for one package. Throws RecordError when the channel would refuse it. */
  plan(shipment: ShipmentConfirmation): PlannedRequest;
  /** Sends a plan. Sending the same package twice edits it to the same content and does no harm. */
  send(plan: PlannedRequest): Promise<void>;
}

/** Why the seller cancels, in the channel's closed list of reasons. */
export interface CancellationSink {
  readonly reasons: readonly { readonly code: string; readonly title: string }[];
  /** Tells the channel that an order will not be shipped; returns a ticket to collect the outcome by. */
  cancel(
    orders: readonly {
      readonly channelOrderId: string;
      readonly marketplaceId: string;
      readonly reason: string;
    }[],
  ): Promise<string>;
  /** What became of a ticket's orders, or undefined while the channel works on it. */
  collect(ticket: string): Promise<CancellationOutcome | undefined>;
}

/** A settlement report that lies ready at the channel. The same settlement may lie there under several report ids. */
export interface SettlementListing {
  readonly reportId: string;
  readonly documentId: string;
  readonly createdAt: Date;
  readonly format: 'v2' | 'v1';
}

export interface SettlementSource {
  /** Reports made since `from` (the channel keeps 90 days), whatever the marketplace; they cannot be asked for. */
  list(query: { readonly from: Date; readonly page?: string }): Promise<{
    readonly reports: readonly SettlementListing[];
    readonly nextPage?: string;
    readonly seenUntil: Date;
  }>;
  /** The bytes of a report, decompressed, as they come. */
  open(listing: Pick<SettlementListing, 'documentId'>): Promise<AsyncIterable<Uint8Array>>;
  /**
   * Understands a file, whether downloaded or uploaded by a person (gzip or not). Refuses a damaged, truncated or foreign
   * one with a RecordError naming line and reason. Pure but for the bytes it takes.
   */
  read(bytes: AsyncIterable<Uint8Array>): Promise<SettlementReading>;
}

export interface FinanceSource {
  /** Transactions posted from `from` (inclusive); `page` continues a search. Lags up to 48 hours behind. */
  transactions(query: { readonly from: Date; readonly to?: Date; readonly page?: string }): Promise<{
    readonly transactions: readonly FinanceTransaction[];
    readonly nextPage?: string;
    readonly seenUntil: Date;
  }>;
  /** All transactions of one order, for proving a single case. */
  ofOrder(orderId: string): Promise<readonly FinanceTransaction[]>;
}

export type ReturnKind = 'marketplace' | 'merchant';

export interface ReturnSource {
  /** Starts a report of returns from `from` to `to`; returns its ticket. */
  request(kind: ReturnKind, from: Date, to: Date): Promise<string>;
  state(
    ticket: string,
  ): Promise<{ readonly state: 'working' | 'ready' | 'empty' | 'unusable'; readonly documentId?: string }>;
  read(kind: ReturnKind, documentId: string): AsyncIterable<readonly ReturnedItem[]>;
}

/** One SKU as the channel offers it. Stock of the marketplace's own warehouses is never ours to set. */
export interface ChannelListing {
  readonly sku: string;
  readonly fulfilment: 'merchant' | 'marketplace';
  readonly active: boolean;
  readonly title: string;
  readonly asin?: string;
  readonly productType?: string;
  /** Units the channel shows, for merchant-fulfilled listings. */
  readonly quantity?: number;
}

/** The quantity a listing is to show: absolute, never a difference, so that sending it twice does no harm. */
export interface StockUpdate {
  readonly sku: string;
  readonly quantity: number;
  readonly productType?: string;
}

export interface StockOutcome {
  readonly sku: string;
  readonly accepted: boolean;
  readonly message?: string;
}

export interface StockSink {
  /** SKUs that one bulk update may hold. */
  readonly bulkMax: number;
  /** Bulk updates that the channel takes in a time, beside its call quotas. */
  readonly bulkWindow: { readonly count: number; readonly ms: number };
  /** All listings of the account, by report: requested, awaited, read. */
  readonly listings: {
    request(): Promise<string>;
    state(ticket: string): ReturnType<BacklogReport['state']>;
    read(documentId: string): Promise<readonly ChannelListing[]>;
  };
  /** Pure: the exact request for one SKU. */
  plan(update: StockUpdate): PlannedRequest;
  /** Sends one update; throws RecordError when the channel refuses it. */
  send(update: StockUpdate): Promise<void>;
  /** Hands over many; returns a ticket to collect the outcome by. */
  submit(updates: readonly StockUpdate[]): Promise<string>;
  /** What became of a ticket: the refused ones by name, all others were accepted. */
  collect(
    ticket: string,
  ): Promise<
    | { readonly state: 'working' }
    | { readonly state: 'done'; readonly refused: readonly StockOutcome[] }
    | { readonly state: 'failed'; readonly message: string }
  >;
  /** Tickets of bulk updates that the account has made since a moment, oldest first, and whether they are through. */
  ticketsSince(from: Date): Promise<readonly { readonly ticket: string; readonly finished: boolean }[]>;
}

export interface CancellationOutcome {
  /** Orders that the channel's report names. */
  readonly named: readonly {
    readonly channelOrderId: string;
    readonly accepted: boolean;
    readonly message?: string;
  }[];
  /** Reports as a rule name only what failed: whether the orders not named were accepted. */
  readonly others: { readonly accepted: boolean; readonly message?: string };
}
