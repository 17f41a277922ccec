// What is an order, whatever the marketplace? Amazon's words become these in channels/amazon/to-order.ts; these become
// a NetSuite document in flows/orders/order-to-document.ts.
import type { Money } from './money.ts';

/** What a marketplace says of an order's life, in our words. */
export type OrderStatus =
  | 'pending-availability'
  | 'pending'
  | 'unshipped'
  | 'partially-shipped'
  | 'shipped'
  | 'cancelled'
  | 'unfulfillable';

export interface Order {
  /** The channel's id: `amazon`. */
  readonly channel: string;
  /** The marketplace's own order id: `113-1234567-1234567`. */
  readonly id: string;
  readonly marketplace: { readonly id: string; readonly name: string };
  readonly placedAt: Date;
  readonly updatedAt: Date;
  readonly status: OrderStatus;
  readonly fulfilledBy: 'merchant' | 'marketplace';
  /** Seller Fulfilled Prime: our shelves, Amazon's labels; never confirmed by us. */
  readonly sellerFulfilledPrime: boolean;
  /** The marketplace sends its own carrier with its own labels (Easy Ship); never confirmed by us. */
  readonly labelledByMarketplace?: boolean;
  readonly business: boolean;
  /** Orders of other sales channels that the marketplace merely ships (Amazon: NON_AMAZON). Never imported. */
  readonly soldElsewhere: boolean;
  /** Set when this order replaces or exchanges another one. */
  readonly replaces?: string;
  readonly currency: string;
  /** What the marketplace says the buyer pays in all; absent while it does not say (pending orders, reports). */
  readonly total?: Money;
  readonly lines: readonly OrderLine[];
  readonly packages: readonly OrderPackage[];
  readonly shipTo?: Address;
  readonly buyer?: { readonly name?: string; readonly email?: string };
  readonly company?: string;
  readonly purchaseOrderNumber?: string;
  readonly vatNumber?: string;
  /** The marketplace's service level: STANDARD, EXPEDITED, NEXT_DAY … */
  readonly shipService?: string;
  readonly shipBy?: { readonly earliest?: Date; readonly latest?: Date };
  readonly deliverBy?: { readonly earliest?: Date; readonly latest?: Date };
  /** Programmes as the marketplace names them (PRIME, AMAZON_BUSINESS, …), for conditions and display. */
  readonly programs: readonly string[];
  /** Where this knowledge comes from. A report lacks line ids, buyer and address. */
  readonly source: 'api' | 'report';
}

export interface OrderLine {
  /** The marketplace's order-item id. A report has none: then `report:<n>`. */
  readonly id: string;
  readonly sku: string;
  readonly title?: string;
  readonly asin?: string;
  readonly quantity: number;
  readonly quantityShipped: number;
  /** The price of all units together, before discounts (extended amount, not the unit price). */
  readonly price: Money;
  /** Discounts as amounts that are zero or negative. */
  readonly discount: Money;
  readonly shipping: Money;
  readonly shippingDiscount: Money;
  readonly giftWrap: Money;
  /** Charges that are none of the above (cash on delivery fee, other). */
  readonly otherCharges: Money;
  /** All tax on this line (item, shipping, gift wrap, less tax on discounts). */
  readonly tax: Money;
  /** Tax is inside `price` and the other amounts (VAT countries) rather than on top. */
  readonly taxIncluded: boolean;
  /** The marketplace collects and remits the tax: it is not the seller's money. */
  readonly taxRemittedByMarketplace: boolean;
  /** What the marketplace says this line adds to the total; used to prove our own sum. */
  readonly total?: Money;
  readonly promotionIds: readonly string[];
  readonly giftMessage?: string;
  readonly giftWrapLevel?: string;
  readonly businessPrice: boolean;
  /** The buyer has asked to cancel this line and the seller must decide. */
  readonly cancellationRequested?: { readonly reason?: string };
  readonly cancelled?: { readonly by?: string; readonly reason?: string };
}

export interface OrderPackage {
  readonly reference: string;
  readonly carrier?: string;
  readonly service?: string;
  readonly trackingNumber?: string;
  readonly shippedAt?: Date;
  readonly status?: string;
  readonly lines: readonly { readonly lineId: string; readonly quantity: number }[];
}

export interface Address {
  readonly name?: string;
  readonly company?: string;
  readonly line1?: string;
  readonly line2?: string;
  readonly line3?: string;
  readonly city?: string;
  readonly district?: string;
  readonly state?: string;
  readonly postalCode?: string;
  /** ISO 3166 alpha-2. */
  readonly country?: string;
  readonly phone?: string;
  readonly residential?: boolean;
}
