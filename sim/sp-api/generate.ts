// Which orders does the shop get? Every awkward case of a real account in realistic proportions, seeded.
import type { Random } from '../random.ts';
import type { Shop } from '../shop.ts';

export type OrderKind =
  | 'mfn-unshipped'
  | 'mfn-shipped'
  | 'mfn-partial'
  | 'fba-shipped'
  | 'fba-pending'
  | 'pending'
  | 'cancelled'
  | 'sfp'
  | 'easy-ship'
  | 'partly-cancelled'
  | 'two-parcels'
  | 'replacement'
  | 'non-amazon';

export const usualMix: Readonly<Record<OrderKind, number>> = {
  'mfn-unshipped': 34,
  'mfn-shipped': 8,
  'mfn-partial': 2,
  'fba-shipped': 36,
  'fba-pending': 5,
  pending: 4,
  cancelled: 4,
  sfp: 4,
  'easy-ship': 0.4,
  'partly-cancelled': 1,
  'two-parcels': 3,
  replacement: 1,
  'non-amazon': 2,
};

export type Json = Record<string, unknown>;
export interface MadeOrder {
  readonly kind: OrderKind;
  readonly document: Json & { orderId: string };
}

interface Person {
  readonly name: string;
  readonly line1: string;
  readonly city: string;
  readonly state: string;
  readonly zip: string;
  readonly country: string;
  readonly phone: string;
}

const firstNames = [
  'Ada',
  'Grace',
  'Alan',
  'Edsger',
  'Barbara',
  'Zoë',
  'José',
  'Mbali',
  'Yuki',
  'Åsa',
  "Siân O'Neill",
];
const lastNames = ['Testova', 'Sample', 'Example', 'Müller-Probe', 'García', 'Nguyen', 'Smith', 'Łukasik'];
const usCities: readonly (readonly [string, string, string])[] = [
  ['Austin', 'TX', '78701'],
  ['Seattle', 'WA', '98101'],
  ['Portland', 'Oregon', '97201'],
  ['San Juan', 'PR', '00901'],
  ['New York', 'NY', '10001'],
  ['Honolulu', 'HI', '96813'],
  ['APO', 'AE', '09012'],
];
const ukCities: readonly (readonly [string, string, string])[] = [
  ['London', 'Greater London', 'SW1A 1AA'],
  ['Reading', 'Berkshire', 'RG6 1AZ'],
  ['Cardiff', '', 'CF10 1EP'],
];

function person(random: Random, country: 'US' | 'GB'): Person {
  const [city, state, zip] = random.pick(country === 'US' ? usCities : ukCities);
  return {
    name: `${random.pick(firstNames)} ${random.pick(lastNames)}`,
    line1: `${random.integer(1, 9999)} ${random.pick(['Main St', 'High Street', 'Rue de l’Étoile', 'Elm Ave'])}`,
    city,
    state,
    zip,
    country,
    phone: `+1 555-01${random.digits(2)}`,
  };
}

const decimal = (minor: number): string =>
  `${minor < 0 ? '-' : ''}${Math.floor(Math.abs(minor) / 100)}.${String(Math.abs(minor) % 100).padStart(2, '0')}`;

/** Makes one order as of `placedMs`; it was last updated at `updatedMs`. */
export function makeOrder(
  shop: Shop,
  random: Random,
  {
    placedMs,
    updatedMs,
    kind,
    onlyKnownItems = false,
  }: { placedMs: number; updatedMs: number; kind: OrderKind; onlyKnownItems?: boolean },
): MadeOrder {
  const market = random.chance(0.7) ? shop.marketplaces[0]! : shop.marketplaces[1]!;
  const buyer = person(random, market.country);
  const orderId =
    kind === 'non-amazon'
      ? `S01-${random.digits(7)}-${random.digits(7)}`
      : `${random.integer(100, 999)}-${random.digits(7)}-${random.digits(7)}`;
  const business = kind !== 'replacement' && random.chance(0.06);
  const byAmazon =
    kind === 'fba-shipped' || kind === 'fba-pending' || kind === 'non-amazon' || kind === 'two-parcels';
  const status = (
    {
      'mfn-unshipped': 'UNSHIPPED',
      'mfn-shipped': 'SHIPPED',
      'mfn-partial': 'PARTIALLY_SHIPPED',
      'fba-shipped': 'SHIPPED',
      'fba-pending': 'PENDING',
      pending: 'PENDING',
      cancelled: 'CANCELLED',
      sfp: 'UNSHIPPED',
      'easy-ship': 'UNSHIPPED',
      'partly-cancelled': 'UNSHIPPED',
      'two-parcels': 'SHIPPED',
      replacement: 'UNSHIPPED',
      'non-amazon': 'SHIPPED',
    } as const
  )[kind];
  const lineCount =
    kind === 'mfn-partial' || kind === 'partly-cancelled' || kind === 'two-parcels'
      ? random.integer(2, 3)
      : random.weighted({ '1': 78, '2': 15, '3': 5, '5': 2 });
  const items = Array.from({ length: Number(lineCount) }, (_, index) =>
    item(shop, random, { market, kind, status, business, index, byAmazon, onlyKnownItems }),
  );
  const grand = items.reduce((sum, one) => sum + one.total, 0);
  const money = (minor: number) => ({ amount: decimal(minor), currencyCode: market.currency });
  const hourMs = 3_600_000;
  const iso = (ms: number) => new Date(ms).toISOString();
  const programs = [
    ...(kind === 'sfp' || (byAmazon && random.chance(0.6)) ? ['PRIME'] : []),
    ...(business ? ['AMAZON_BUSINESS'] : []),
    ...(kind === 'easy-ship' ? ['AMAZON_EASY_SHIP'] : []),
  ];
  const shipped = status === 'SHIPPED' || status === 'PARTIALLY_SHIPPED';
  const packages =
    shipped && kind !== 'non-amazon'
      ? kind === 'two-parcels'
        ? [items.slice(0, 1), items.slice(1)].map((held) =>
            shippedPackage(random, held, { byAmazon, updatedMs, partial: false }),
          )
        : [shippedPackage(random, items, { byAmazon, updatedMs, partial: status === 'PARTIALLY_SHIPPED' })]
      : [];
  const priced = status !== 'PENDING';
  return {
    kind,
    document: {
      orderId,
      ...(random.chance(0.1)
        ? { orderAliases: [{ aliasId: `WEB-${random.digits(6)}`, aliasType: 'SELLER_ORDER_ID' }] }
        : {}),
      createdTime: iso(placedMs),
      lastUpdatedTime: iso(updatedMs),
      programs,
      ...(kind === 'replacement'
        ? {
            associatedOrders: [
              {
                orderId: `${random.integer(100, 999)}-${random.digits(7)}-${random.digits(7)}`,
                associationType: 'REPLACEMENT_ORIGINAL_ID',
              },
            ],
          }
        : {}),
      salesChannel: {
        channelName: kind === 'non-amazon' ? 'NON_AMAZON' : 'AMAZON',
        marketplaceId: market.id,
        marketplaceName: kind === 'non-amazon' ? 'Non-Amazon' : market.name,
      },
      buyer: {
        buyerName: buyer.name,
        buyerEmail: `${random.digits(10)}@marketplace.amazon.com`,
        ...(business
          ? { buyerCompanyName: 'Example Works LLC', buyerPurchaseOrderNumber: `PO-${random.digits(5)}` }
          : {}),
      },
      recipient: {
        deliveryAddress: {
          name: buyer.name,
          addressLine1: buyer.line1,
          ...(random.chance(0.3) ? { addressLine2: `Apt ${random.integer(1, 40)}` } : {}),
          city: buyer.city,
          stateOrRegion: buyer.state,
          postalCode: buyer.zip,
          countryCode: buyer.country,
          ...(byAmazon ? {} : { phone: buyer.phone }),
          addressType: business ? 'COMMERCIAL' : 'RESIDENTIAL',
        },
      },
      ...(priced ? { proceeds: { grandTotal: money(grand) } } : {}),
      ...(priced && grand > 0
        ? {
            payment: {
              paymentExecutions: [
                { paymentMethod: business ? 'Invoice' : 'CreditCard', paymentAmount: money(grand) },
              ],
            },
          }
        : {}),
      ...(business && market.country === 'GB'
        ? {
            tax: {
              taxRegistrations: [
                {
                  entityType: 'BUYER',
                  legalName: 'Example Works Ltd',
                  taxRegistrationType: 'VAT',
                  taxRegistrationNumber: `GB${random.digits(9)}`,
                },
              ],
              taxInvoicing: { buyerInvoicePreference: 'BUSINESS' },
            },
          }
        : {}),
      ...(kind === 'easy-ship'
        ? { fulfillmentOrders: [{ fulfillmentOrderId: `FO-${random.digits(9)}` }] }
        : {}),
      fulfillment: {
        fulfillmentStatus: status,
        fulfilledBy: byAmazon ? 'AMAZON' : 'MERCHANT',
        fulfillmentServiceLevel: random.weighted({
          STANDARD: 70,
          EXPEDITED: 15,
          SECOND_DAY: 8,
          NEXT_DAY: 4,
          FREE_ECONOMY: 3,
        }),
        shipByWindow: {
          earliestDateTime: iso(placedMs),
          latestDateTime: iso(placedMs + random.integer(20, 72) * hourMs),
        },
        deliverByWindow: {
          earliestDateTime: iso(placedMs + 48 * hourMs),
          latestDateTime: iso(placedMs + 140 * hourMs),
        },
      },
      orderItems: items.map((one) => (priced ? one.document : { ...one.document, proceeds: undefined })),
      packages,
    },
  };
}

interface MadeItem {
  readonly document: Json;
  readonly total: number;
  readonly quantity: number;
  readonly id: string;
}

interface ItemWorld {
  readonly market: Shop['marketplaces'][number];
  readonly kind: OrderKind;
  readonly status: string;
  readonly business: boolean;
  readonly index: number;
  readonly byAmazon: boolean;
  readonly onlyKnownItems: boolean;
}

function item(
  shop: Shop,
  random: Random,
  { market, kind, status, business, index, byAmazon, onlyKnownItems }: ItemWorld,
): MadeItem {
  const sellable = shop.items.filter((one) => one.soldAtAmazon && (one.active || !onlyKnownItems));
  const special = random.next();
  const alias = special < 0.06 ? random.pick(shop.aliases) : undefined;
  const unknown = special > 0.992 && !onlyKnownItems ? random.pick(shop.unknownSkus) : undefined;
  const product = alias ?? random.pick(sellable);
  const quantity = Number(random.weighted({ '1': 80, '2': 11, '3': 6, '7': 3 }));
  const unit = product.prices[market.currency];
  // The buyer has cancelled all but the first line: nothing of the others is left to pay.
  const gone = kind === 'partly-cancelled' && index > 0;
  const free = kind === 'replacement' || gone;
  // A promotion on the quantity makes extended prices that do not divide evenly.
  const price = free ? 0 : unit * quantity - (quantity > 2 && random.chance(0.4) ? random.integer(1, 7) : 0);
  const discount = !free && random.chance(0.14) ? -Math.min(price, random.integer(25, 500)) : 0;
  const shipping =
    !free && !byAmazon && index === 0 && random.chance(0.35) ? random.pick([399, 499, 599, 1299]) : 0;
  const shippingDiscount = shipping > 0 && random.chance(0.3) ? -shipping : 0;
  const giftWrap = !free && random.chance(0.04) ? 399 : 0;
  const american = market.country === 'US';
  const tax =
    american && !free && random.chance(0.85)
      ? Math.round(
          ((price + discount + shipping + shippingDiscount + giftWrap) * random.pick([600, 825, 888, 1025])) /
            10_000,
        )
      : 0;
  const ownTax = tax > 0 && random.chance(0.03);
  const total = price + discount + shipping + shippingDiscount + giftWrap + tax;
  const money = (minor: number) => ({ amount: decimal(minor), currencyCode: market.currency });
  const part = (type: string, minor: number, details?: readonly (readonly [string, number])[]) =>
    minor === 0 && type !== 'ITEM'
      ? []
      : [
          {
            type,
            subtotal: money(minor),
            ...(details
              ? {
                  detailedBreakdowns: details
                    .filter(([, value]) => value !== 0)
                    .map(([subtype, value]) => ({ subtype, value: money(value) })),
                }
              : {}),
          },
        ];
  const id = random.digits(14).replace(/^0/, '1');
  const done = status === 'SHIPPED' ? quantity : status === 'PARTIALLY_SHIPPED' && index === 0 ? quantity : 0;
  return {
    id,
    quantity,
    total,
    document: {
      orderItemId: id,
      quantityOrdered: gone ? 0 : quantity,
      product: {
        asin: product.asin,
        title: product.title,
        sellerSku: unknown ?? product.sku,
        condition: { conditionType: 'NEW', conditionSubtype: 'NEW' },
        price: {
          unitPrice: money(free ? 0 : unit),
          ...(business ? { priceDesignation: 'BUSINESS_PRICE' } : {}),
        },
      },
      proceeds: {
        proceedsTotal: money(total),
        breakdowns: [
          ...part('ITEM', price),
          ...part('SHIPPING', shipping),
          ...part('GIFT_WRAP', giftWrap),
          ...part('DISCOUNT', discount + shippingDiscount, [
            ['ITEM', discount],
            ['SHIPPING', shippingDiscount],
          ]),
          ...part('TAX', tax, [['ITEM', tax]]),
        ],
      },
      ...(discount !== 0 || shippingDiscount !== 0
        ? {
            promotion: {
              breakdowns: [
                { promotionId: `PLM-${random.digits(8)}` },
                ...(shippingDiscount !== 0 ? [{ promotionId: 'Free Shipping' }] : []),
              ],
            },
          }
        : {}),
      fulfillment: {
        quantityFulfilled: done,
        quantityUnfulfilled: status === 'CANCELLED' || gone ? 0 : quantity - done,
        ...(giftWrap > 0
          ? { packing: { giftOption: { giftMessage: 'Happy birthday! 🎂', giftWrapLevel: 'Premium Wrap' } } }
          : {}),
      },
      ...(tax > 0 && !ownTax
        ? {
            tax: {
              taxCollections: [
                { model: 'MARKETPLACE_FACILITATOR', responsibleParty: 'Amazon Services, Inc.' },
              ],
            },
          }
        : {}),
      ...(market.country === 'GB' && random.chance(0.1)
        ? {
            expense: {
              pointsCost: { pointsGranted: { pointsNumber: 10, pointsMonetaryValue: money(10) } },
            },
          }
        : {}),
      ...(status === 'CANCELLED' || gone
        ? {
            cancellation: {
              cancellationExecution: { cancelledBy: 'BUYER', cancelReason: 'BUYER_CANCELLED' },
            },
          }
        : {}),
    },
  };
}

function shippedPackage(
  random: Random,
  items: readonly MadeItem[],
  { byAmazon, updatedMs, partial }: { byAmazon: boolean; updatedMs: number; partial: boolean },
): Json {
  return {
    packageReferenceId: byAmazon ? `FBA-${random.digits(9)}` : '1',
    createdTime: new Date(updatedMs - 3_600_000).toISOString(),
    packageStatus: { status: 'IN_TRANSIT' },
    carrier: byAmazon ? 'AMZN_US' : 'UPS',
    shipTime: new Date(updatedMs - 1_800_000).toISOString(),
    shippingService: 'Ground',
    trackingNumber: byAmazon ? `TBA${random.digits(12)}` : `1Z${random.digits(16)}`,
    packageItems: items
      .filter((_, index) => !partial || index === 0)
      .map((one) => ({ orderItemId: one.id, quantity: one.quantity })),
  };
}
