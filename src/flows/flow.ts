// What does the engine need to know of a kind of flow? Its settings, what it does by itself, and how it delivers a
// batch of records. Flows speak to "a channel" and "an ERP", never to Amazon or NetSuite.
import type { z } from 'zod';
import type { ChannelSession } from '../channels/channel.ts';
import type { Clock } from '../core/clock.ts';
import type { Order } from '../core/order.ts';
import type { Delivered } from '../engine/attempt.ts';
import type { ClaimedRecord, RecordFacts } from '../engine/store.ts';
import type { ErpReport, ErpSession } from '../erp/erp.ts';
import type { Lookups, Override } from '../mapping/mapping.ts';
import type { SettlementShelf } from './settlements/shelf.ts';
import type { StockBook } from './stock/book.ts';

export interface FlowKind<Settings = unknown> {
  readonly id: `${string}.import` | `${string}.export`;
  readonly title: string;
  readonly settings: z.ZodType<Settings>;
  /** What the flow does by itself, and how often. */
  tasks(settings: Settings): readonly FlowTask<Settings>[];
  /** Delivers records that were claimed together; each answers for itself and throws its own SyncError. */
  deliver(
    flow: OpenFlow<Settings>,
    records: readonly RecordWithDocument[],
  ): Promise<ReadonlyMap<bigint, () => Promise<Delivered>>>;
}

export interface FlowTask<Settings> {
  readonly name: string;
  readonly title: string;
  readonly everySeconds: number;
  /** First run this long after the flow was made; 0 means at once. */
  readonly firstAfterSeconds: number;
  readonly run: (flow: OpenFlow<Settings>, request: TaskRequest) => Promise<TaskResult>;
}

export interface TaskRequest {
  readonly from?: Date;
  readonly to?: Date;
  /** Ends a long reading in good order when the program stops. */
  readonly signal: AbortSignal;
}

export interface TaskResult {
  readonly counts: Readonly<Record<string, number>>;
  /** Set when the task is not finished and must go on at a moment (quota, report under way). */
  readonly continueAt?: Date;
}

export interface RecordWithDocument {
  readonly record: ClaimedRecord;
  /** The archived document with the buyer's data joined again; absent when `order` is there. */
  readonly raw: unknown;
  readonly via: string;
  /** The order as it was understood when it was stored a moment ago; then `raw` is absent. */
  readonly order?: Order;
}

/** A flow with everything it may use, opened by the engine for one worker. */
export interface OpenFlow<Settings = unknown> {
  readonly id: string;
  readonly channelConnectionId: string;
  readonly settings: Settings;
  readonly channel: ChannelSession;
  readonly erp: ErpSession;
  readonly erpReport: ErpReport | undefined;
  readonly clock: Clock;
  lookups(): Promise<Lookups>;
  overrides(): Promise<readonly Override[]>;
  readonly journal: Journal;
  /** What the stock flow knows of listings and levels. */
  readonly stock: StockBook;
  /** What flows of settlements and returns remember. */
  readonly settlements: SettlementShelf;
}

/** What a flow may remember; implemented by the engine over its stores, each call one transaction. */
export interface Journal {
  cursor<Value>(name: string): Promise<Value | undefined>;
  /** Stores documents, queues their records and moves the cursor, all in one transaction; returns how many were new or renewed. */
  take(page: TakenPage): Promise<number>;
  /** An order that was stored a moment ago, handed on once, so that it need not be read back. */
  justTaken(documentId: bigint): { readonly via: string; readonly order: Order } | undefined;
  moveCursor(name: string, value: object): Promise<void>;
  dropCursor(name: string): Promise<void>;
  /** Orders to be read one by one soon. */
  wantOrders(
    keys: readonly string[],
    reason: 'hint' | 'asked' | 'address' | 'read-back',
    since: Date,
    /** 2: when nothing more urgent is to be read. */
    priority?: 0 | 1 | 2,
  ): Promise<void>;
  /** Orders that another flow of this shop needs: the orders flow reads and imports them soon. */
  wantOrdersOfShop(keys: readonly string[]): Promise<void>;
  /** Written before something is sent, so that a killed process leaves a trace. False when the lease was lost. */
  noteIntent(record: ClaimedRecord, intent: Readonly<Record<string, unknown>>): Promise<boolean>;
  /** The records of the orders flow of this channel connection, by order id, with their order as last seen. */
  orders(orderIds: readonly string[]): Promise<ReadonlyMap<string, KnownOrder>>;
  /** Records of this flow that are done and were updated since a moment, for standing checks; in batches by id. */
  doneSince(
    since: Date,
    afterId: bigint,
    limit: number,
  ): Promise<
    readonly {
      readonly id: bigint;
      readonly key: string;
      readonly externalId: string;
      readonly remoteId: string;
      readonly remoteKind: string;
      readonly applied: Readonly<Record<string, unknown>>;
    }[]
  >;
  /** Of these orders the keys of those that are unknown here, or known only in an older version. */
  behind(
    documents: readonly { readonly key: string; readonly updatedAt: Date }[],
  ): Promise<readonly string[]>;
  /** Orders that the merchant must ship before a moment and that the marketplace does not show as shipped. */
  dueToShip(
    before: Date,
  ): Promise<readonly { readonly key: string; readonly shipBy: Date; readonly state: string }[]>;
  /** One standing problem of the flow, by its code: restated while it lasts, closed when there is none. */
  standing(code: string, error: Error | undefined): Promise<void>;
  /** Puts a problem beside a record that is done (deleted in the ERP, …). */
  reportTask(recordId: bigint, key: string, error: Error): Promise<void>;
  /** The number under which the channel knows a package of an order; the same for ever. */
  packageReference(channelOrderId: string, packageKey: string): Promise<number>;
}

export interface TakenPage {
  readonly kind: 'order' | 'fulfilment' | 'cancellation' | 'settlement' | 'return';
  /** `edited`: a person corrected a stored document. */
  readonly via: 'search' | 'single' | 'report' | 'file' | 'erp' | 'edited';
  readonly documents: readonly {
    readonly key: string;
    readonly updatedAt: Date;
    readonly raw: unknown;
    /** What lists show of it; orders are understood by the channel instead. */
    readonly facts?: RecordFacts;
  }[];
  readonly priority: 0 | 1 | 2;
  readonly cursor?: { readonly name: string; readonly value: object };
  /** A wish that this answers. */
  readonly answers?: string;
}

export interface KnownOrder {
  readonly recordId: bigint;
  readonly state: string;
  readonly remoteId: string | null;
  readonly applied: Readonly<Record<string, unknown>>;
  readonly order: Order;
  readonly updatedAt: Date;
}
