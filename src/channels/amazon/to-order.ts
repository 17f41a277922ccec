// Amazon's words into ours. Pure, so that every archived document can be replayed through it. Orders 2026-01-01 here;
// report rows in backlog.ts and Orders v0 in from-v0.ts become the same shape first or the same Order.
import { add, type Money, negate, parseMoney, sameMoney, total, zero } from '../../core/money.ts';
import type { Address, Order, OrderLine } from '../../core/order.ts';
import { isReportDocument, reportToOrder } from './from-report.ts';
import { isV0Document, v0ToOrder } from './from-v0.ts';
import { marketplaceById } from './marketplaces.ts';
import { given, statusOf } from './status.ts';
import { type AmazonOrder, amazonOrder, readAs } from './wire.ts';

export function toOrder(raw: unknown): Order {
  if (isReportDocument(raw)) return reportToOrder(raw);
  if (isV0Document(raw)) return v0ToOrder(raw);
  const order = readAs(
    amazonOrder,
    raw,
    `The order ${(raw as { orderId?: string } | null)?.orderId ?? 'document'}`,
  );
  const programs = order.programs ?? [];
  const currency = currencyOf(order);
  const fulfilledBy = order.fulfillment?.fulfilledBy === 'AMAZON' ? 'marketplace' : 'merchant';
  const company = order.buyer?.buyerCompanyName ?? undefined;
  const vatNumber = order.tax?.taxRegistrations?.find(
    (registration) => registration.entityType === 'BUYER',
  )?.taxRegistrationNumber;
  const replaces = order.associatedOrders?.find((other) =>
    /REPLACEMENT|EXCHANGE/.test(other.associationType ?? ''),
  )?.orderId;
  const market = marketplaceById(order.salesChannel.marketplaceId ?? undefined);
  return {
    channel: 'amazon',
    id: order.orderId,
    marketplace: {
      id: order.salesChannel.marketplaceId ?? '',
      name:
        order.salesChannel.marketplaceName ?? market?.name ?? order.salesChannel.marketplaceId ?? 'unknown',
    },
    placedAt: new Date(order.createdTime),
    updatedAt: new Date(order.lastUpdatedTime),
    status: statusOf(order.fulfillment?.fulfillmentStatus),
    fulfilledBy,
    // PRIME stands on orders that Amazon ships too: only together with MERCHANT it means seller-fulfilled (spapi.md §2.5).
    sellerFulfilledPrime: fulfilledBy === 'merchant' && programs.includes('PRIME'),
    ...(programs.some((program) => program === 'AMAZON_EASY_SHIP' || program === 'DELIVERY_BY_AMAZON')
      ? { labelledByMarketplace: true }
      : {}),
    business: programs.includes('AMAZON_BUSINESS'),
    soldElsewhere: order.salesChannel.channelName === 'NON_AMAZON',
    currency,
    lines: order.orderItems.map((item) => lineOf(item, currency, market?.taxIncluded ?? false)),
    packages: (order.packages ?? []).map((parcel) => ({
      reference: parcel.packageReferenceId,
      lines: (parcel.packageItems ?? []).map((item) => ({
        lineId: item.orderItemId,
        quantity: item.quantity,
      })),
      ...given({
        carrier: parcel.carrier,
        service: parcel.shippingService,
        trackingNumber: parcel.trackingNumber,
        status: parcel.packageStatus?.status,
      }),
      ...(parcel.shipTime ? { shippedAt: new Date(parcel.shipTime) } : {}),
    })),
    programs,
    source: 'api',
    ...(order.proceeds?.grandTotal
      ? { total: parseMoney(order.proceeds.grandTotal.amount, order.proceeds.grandTotal.currencyCode) }
      : {}),
    ...given({
      replaces,
      company,
      vatNumber,
      purchaseOrderNumber: order.buyer?.buyerPurchaseOrderNumber,
      shipService: order.fulfillment?.fulfillmentServiceLevel,
    }),
    ...(order.recipient?.deliveryAddress ? { shipTo: addressOf(order.recipient.deliveryAddress) } : {}),
    ...(order.buyer?.buyerName || order.buyer?.buyerEmail
      ? { buyer: given({ name: order.buyer.buyerName, email: order.buyer.buyerEmail }) }
      : {}),
    ...windowOf('shipBy', order.fulfillment?.shipByWindow),
    ...windowOf('deliverBy', order.fulfillment?.deliverByWindow),
  };
}

function currencyOf(order: AmazonOrder): string {
  const item = order.orderItems[0];
  return (
    order.proceeds?.grandTotal?.currencyCode ??
    item?.proceeds?.proceedsTotal?.currencyCode ??
    item?.product.price?.unitPrice?.currencyCode ??
    marketplaceById(order.salesChannel.marketplaceId ?? undefined)?.currency ??
    'USD'
  );
}

type Item = AmazonOrder['orderItems'][number];

function lineOf(item: Item, currency: string, marketIncludesTax: boolean): OrderLine {
  const money = proceedsOf(item, currency, marketIncludesTax);
  const cancelled = item.cancellation?.cancellationExecution;
  const request = item.cancellation?.cancellationRequest;
  const gift = item.fulfillment?.packing?.giftOption;
  return {
    id: item.orderItemId,
    sku: item.product.sellerSku ?? '',
    quantity: item.quantityOrdered,
    quantityShipped: item.fulfillment?.quantityFulfilled ?? 0,
    ...money,
    taxRemittedByMarketplace: (item.tax?.taxCollections ?? []).some(
      (collection) => collection.model === 'MARKETPLACE_FACILITATOR',
    ),
    promotionIds: (item.promotion?.breakdowns ?? []).flatMap((promotion) =>
      promotion.promotionId ? [promotion.promotionId] : [],
    ),
    businessPrice: item.product.price?.priceDesignation === 'BUSINESS_PRICE',
    ...given({
      title: item.product.title,
      asin: item.product.asin,
      giftMessage: gift?.giftMessage,
      giftWrapLevel: gift?.giftWrapLevel,
    }),
    ...(request?.requester === 'BUYER'
      ? { cancellationRequested: given({ reason: request.cancelReason }) }
      : {}),
    ...(cancelled ? { cancelled: given({ by: cancelled.cancelledBy, reason: cancelled.cancelReason }) } : {}),
  };
}

type LineMoney = Pick<
  OrderLine,
  | 'price'
  | 'discount'
  | 'shipping'
  | 'shippingDiscount'
  | 'giftWrap'
  | 'otherCharges'
  | 'tax'
  | 'taxIncluded'
  | 'total'
>;

/**
 * The amounts of a line. Amazon does not say whether DISCOUNT is signed nor whether TAX is inside ITEM (spapi.md §2.7):
 * whichever reading makes the parts add up to proceedsTotal is taken, and the flow proves the sum again.
 */
function proceedsOf(item: Item, currency: string, marketIncludesTax: boolean): LineMoney {
  const breakdowns = item.proceeds?.breakdowns ?? [];
  const of = (type: string): Money =>
    total(
      breakdowns.filter((one) => one.type === type).map((one) => parseMoney(one.subtotal.amount, currency)),
      currency,
    );
  const unit = item.product.price?.unitPrice;
  const unitTotal = unit
    ? { minor: parseMoney(unit.amount, currency).minor * BigInt(item.quantityOrdered), currency }
    : zero(currency);
  const price = breakdowns.some((one) => one.type === 'ITEM') ? of('ITEM') : unitTotal;
  const lineTotal = item.proceeds?.proceedsTotal
    ? parseMoney(item.proceeds.proceedsTotal.amount, currency)
    : undefined;
  const charges = {
    price,
    shipping: of('SHIPPING'),
    giftWrap: of('GIFT_WRAP'),
    otherCharges: add(of('COD_FEE'), of('OTHER')),
  };
  const tax = of('TAX');
  const withoutDiscount = add(charges.price, charges.shipping, charges.giftWrap, charges.otherCharges);
  const said = of('DISCOUNT');
  const down = said.minor > 0n ? negate(said) : said;
  const readings = [
    { discount: down, taxIncluded: false },
    { discount: down, taxIncluded: true },
    { discount: said, taxIncluded: false },
  ];
  const fitting =
    lineTotal &&
    readings.find((reading) =>
      sameMoney(add(withoutDiscount, reading.discount, ...(reading.taxIncluded ? [] : [tax])), lineTotal),
    );
  const { discount, taxIncluded } = fitting ?? readings[0]!;
  const shippingDiscount = shippingPart(breakdowns, discount, currency);
  return {
    ...charges,
    discount: add(discount, negate(shippingDiscount)),
    shippingDiscount,
    tax,
    taxIncluded: tax.minor === 0n ? marketIncludesTax : taxIncluded,
    ...(lineTotal ? { total: lineTotal } : {}),
  };
}

function shippingPart(
  breakdowns: readonly {
    readonly type: string;
    readonly detailedBreakdowns?:
      | readonly {
          readonly subtype?: string | null | undefined;
          readonly value?: { readonly amount: string } | null | undefined;
        }[]
      | null
      | undefined;
  }[],
  discount: Money,
  currency: string,
): Money {
  const parts = breakdowns
    .filter((one) => one.type === 'DISCOUNT')
    .flatMap((one) => one.detailedBreakdowns ?? [])
    .filter((part) => part.subtype === 'SHIPPING' && part.value);
  const sum = total(
    parts.map((part) => parseMoney(part.value!.amount, currency)),
    currency,
  );
  return sum.minor > 0n === discount.minor < 0n && sum.minor !== 0n ? negate(sum) : sum;
}

export function addressOf(
  address: NonNullable<NonNullable<AmazonOrder['recipient']>['deliveryAddress']>,
): Address {
  return {
    ...given({
      name: address.name,
      company: address.companyName,
      line1: address.addressLine1,
      line2: address.addressLine2,
      line3: address.addressLine3,
      city: address.city ?? address.municipality,
      district: address.districtOrCounty,
      state: address.stateOrRegion,
      postalCode: address.postalCode,
      country: address.countryCode,
      phone: address.phone,
    }),
    ...(address.addressType ? { residential: address.addressType === 'RESIDENTIAL' } : {}),
  };
}

function windowOf<Name extends 'shipBy' | 'deliverBy'>(
  name: Name,
  window:
    | {
        readonly earliestDateTime?: string | null | undefined;
        readonly latestDateTime?: string | null | undefined;
      }
    | null
    | undefined,
) {
  if (!window?.earliestDateTime && !window?.latestDateTime) return {};
  return {
    [name]: {
      ...(window.earliestDateTime ? { earliest: new Date(window.earliestDateTime) } : {}),
      ...(window.latestDateTime ? { latest: new Date(window.latestDateTime) } : {}),
    },
  } as { [Key in Name]: { earliest?: Date; latest?: Date } };
}
