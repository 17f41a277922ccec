// What may the stock flow remember? Listings, levels, what was promised and what was told; src/stock/store.ts keeps it.
import type { ChannelListing, StockOutcome } from '../../channels/channel.ts';
import type { Level, StockRules, StockStep } from '../../core/stock.ts';

/** A listing with the item behind it; `itemId` is absent while nobody knows which item it is. */
export interface KnownListing {
  readonly sku: string;
  readonly fulfilment: 'merchant' | 'marketplace';
  readonly status: 'active' | 'inactive' | 'gone';
  readonly itemId?: string;
  readonly units: number;
  readonly productType?: string;
  /** The owner's rules for this SKU alone; what is absent comes from the flow's settings. */
  readonly rules: Partial<StockRules>;
}

export interface KitMember {
  readonly kitId: string;
  readonly itemId: string;
  readonly quantity: number;
}

/** What changed since the figures were last worked out. */
export interface StockChanges {
  readonly everything: boolean;
  readonly itemIds: readonly string[];
  readonly skus: readonly { readonly connectionId: string; readonly sku: string }[];
}

/** A figure that a listing should show. */
export interface Offer {
  readonly sku: string;
  readonly quantity: number;
  readonly why: readonly StockStep[];
}

/** A figure taken for sending: nothing else is sent for this SKU until its outcome is known. */
export interface TakenOffer {
  readonly sku: string;
  readonly quantity: number;
  readonly version: number;
  readonly productType?: string;
}

export interface OpenFeed {
  readonly id: bigint;
  readonly state: 'sending' | 'working';
  readonly ticket?: string;
  readonly createdAt: Date;
  readonly lookAt: Date;
  readonly looks: number;
}

/** Lines of open orders as they are stored: the parts of a SKU are worked out with its channel's listings. */
export interface ReservedLine {
  readonly connectionId: string;
  readonly orderId: string;
  readonly sku: string;
  readonly quantity: number;
}

/** Each call is one transaction. */
export interface StockBook {
  /** Replaces what is known of the channel's listings; those not seen are marked as gone. Returns how many changed. */
  keepListings(
    listings: readonly (ChannelListing & {
      readonly itemId?: string;
      readonly itemName?: string;
      readonly units: number;
    })[],
    seenAt: Date,
    complete: boolean,
  ): Promise<number>;
  /** The listings as the channel last stated them. */
  seenListings(): Promise<{ readonly listings: readonly ChannelListing[]; readonly seenAt: Date }>;
  listings(): Promise<readonly KnownListing[]>;
  kitMembers(): Promise<readonly KitMember[]>;
  keepKitMembers(members: readonly KitMember[]): Promise<void>;
  /** Counts up whenever listings, kits or rules change, so that what is kept in memory can be thrown away. */
  recipeVersion(): Promise<string>;
  /** Stores levels, marks what changed and moves the cursor, in one transaction. Returns how many levels changed. */
  keepLevels(
    levels: readonly Level[],
    readAt: Date,
    cursor?: { readonly name: string; readonly value: object },
  ): Promise<number>;
  /** Lets go of reservations whose order the ERP had committed before its levels were read. */
  releaseCommitted(committedBefore: Date): Promise<number>;
  markEverything(): Promise<void>;
  /**
   * Takes the changes, gives them to `work` with what it asks for, and stores the figures it returns, all in one
   * transaction: a process killed in between finds the changes again.
   */
  rework(
    limit: number,
    work: (
      changes: StockChanges,
      read: {
        levels(itemIds: readonly string[], locationIds: readonly string[]): Promise<readonly Level[]>;
        reserved(): Promise<readonly ReservedLine[]>;
        foreignParts(
          connectionId: string,
          skus: readonly string[],
        ): Promise<ReadonlyMap<string, { readonly itemId: string; readonly units: number }>>;
      },
    ) => Promise<readonly Offer[]>,
  ): Promise<{ readonly changes: number; readonly offers: number }>;
  /** When the levels of the ERP and, of every orders flow of this channel, one of `tasks` were last read to the end. */
  knownUntil(tasks: readonly string[]): Promise<{ readonly levels?: Date; readonly orders?: Date }>;
  /** Figures that are due, most urgent first: falls before rises, the longest waiting first. */
  due(
    limit: number,
    which: 'all' | 'falls',
  ): Promise<{
    readonly count: number;
    readonly first: readonly (TakenOffer & { readonly told?: number })[];
  }>;
  /** Marks figures as being sent, before they are; those that somebody else took meanwhile are left out. */
  take(
    skus: readonly string[],
    until: Date,
    feed?: 'feed',
  ): Promise<{ readonly offers: readonly TakenOffer[]; readonly feedId?: bigint }>;
  /** The channel answered for these. */
  settle(
    outcomes: readonly (StockOutcome & { readonly version: number; readonly quantity: number })[],
    via: 'single' | 'bulk',
    retryAt: (refusals: number) => Date,
  ): Promise<void>;
  /** Nobody knows whether these arrived: sent again after `at`, when the lost call can no longer take effect. */
  lose(offers: readonly TakenOffer[], via: 'single' | 'bulk', at: Date): Promise<void>;
  /** The call was not made: due again at `at`. */
  putBack(offers: readonly TakenOffer[], at: Date): Promise<void>;
  /** Updates of a dead process: their leases ran out. */
  loseExpired(at: Date): Promise<number>;
  /** The oldest feed that the channel is not through with. */
  oldestFeed(): Promise<OpenFeed | undefined>;
  /** How many feeds were made since a moment. */
  feedsSince(from: Date): Promise<number>;
  feedSubmitted(feedId: bigint, ticket: string, lookAt: Date): Promise<void>;
  feedLooked(feedId: bigint, lookAt: Date): Promise<void>;
  /** The channel is through with a feed: every SKU of it that is not named as refused was accepted. */
  feedDone(
    feedId: bigint,
    refused: readonly StockOutcome[],
    retryAt: (refusals: number) => Date,
  ): Promise<void>;
  /** The feed was never made, or was thrown away as a whole: its figures are due again at `at`. */
  feedLost(feedId: bigint, at: Date): Promise<void>;
  /** Tickets that belong to feeds of ours. */
  knownTickets(): Promise<ReadonlySet<string>>;
  /** Listings whose quantity at the channel is not what was told, with nothing under way and no order since. */
  drifted(
    toldBefore: Date,
  ): Promise<readonly { readonly sku: string; readonly told: number; readonly shown: number }[]>;
  /** Tells these again although the figure has not changed. */
  tellAgain(skus: readonly string[]): Promise<void>;
}
