// Orders API v0 documents (removed 27 March 2027, still in archives and samples) into our words.
import { z } from 'zod';
import { RecordError } from '../../core/errors.ts';
import { negate, parseMoney, total, zero } from '../../core/money.ts';
import type { Order, OrderLine } from '../../core/order.ts';
import { marketplaceById, marketplaceByName } from './marketplaces.ts';
import { given, statusOf } from './status.ts';
import { readAs } from './wire.ts';

const money = z.object({ Amount: z.string().nullish(), CurrencyCode: z.string().nullish() }).nullish();
const text = z.string().nullish();
const item = z.object({
  OrderItemId: z.string(),
  SellerSKU: text,
  ASIN: text,
  Title: text,
  QuantityOrdered: z.number(),
  QuantityShipped: z.number().nullish(),
  ItemPrice: money,
  ShippingPrice: money,
  ItemTax: money,
  ShippingTax: money,
  ShippingDiscount: money,
  PromotionDiscount: money,
  CODFee: money,
  PromotionIds: z.array(z.string()).nullish(),
  PriceDesignation: text,
  BuyerInfo: z
    .object({ GiftWrapPrice: money, GiftWrapTax: money, GiftMessageText: text, GiftWrapLevel: text })
    .nullish(),
  TaxCollection: z.object({ Model: text }).nullish(),
  BuyerRequestedCancel: z
    .object({ IsBuyerRequestedCancel: z.union([z.string(), z.boolean()]).nullish(), BuyerCancelReason: text })
    .nullish(),
});
const v0Order = z.object({
  AmazonOrderId: z.string(),
  PurchaseDate: z.string(),
  LastUpdateDate: z.string(),
  OrderStatus: z.string(),
  FulfillmentChannel: text,
  SalesChannel: text,
  OrderTotal: money,
  MarketplaceId: text,
  ShipmentServiceLevelCategory: text,
  IsBusinessOrder: z.boolean().nullish(),
  IsPrime: z.boolean().nullish(),
  ReplacedOrderId: text,
  LatestShipDate: text,
  ShippingAddress: z
    .object({
      Name: text,
      AddressLine1: text,
      AddressLine2: text,
      AddressLine3: text,
      City: text,
      StateOrRegion: text,
      PostalCode: text,
      CountryCode: text,
      Phone: text,
    })
    .nullish(),
  BuyerInfo: z.object({ BuyerName: text, BuyerEmail: text, PurchaseOrderNumber: text }).nullish(),
  OrderItems: z.array(item).nullish(),
});

const payloadOf = (raw: unknown): unknown =>
  typeof raw === 'object' && raw !== null && 'payload' in raw ? raw.payload : raw;

/** v0 names are PascalCase; one half of an order (without its items, or items alone) is recognised too. */
export function isV0Document(raw: unknown): boolean {
  const payload = payloadOf(raw);
  return typeof payload === 'object' && payload !== null && 'AmazonOrderId' in payload;
}

export function v0ToOrder(raw: unknown): Order {
  const payload = payloadOf(raw) as {
    readonly AmazonOrderId: string;
    readonly OrderStatus?: string;
    readonly OrderItems?: unknown;
  };
  const missing =
    payload.OrderStatus === undefined
      ? 'order itself (getOrder)'
      : payload.OrderItems === undefined
        ? 'order items (getOrderItems)'
        : undefined;
  if (missing)
    throw new RecordError(
      'DOCUMENT_INCOMPLETE',
      `Order ${payload.AmazonOrderId} comes from the old Orders API without the ${missing}.`,
      {
        field: missing.startsWith('order items') ? 'OrderItems' : 'OrderStatus',
        nextSteps: [
          'Put the order and its OrderItems into one document and import it again.',
          `Or fetch order ${payload.AmazonOrderId} by its id.`,
        ],
        facts: { cause: missing },
      },
    );
  const order = readAs(v0Order, payload, `The order ${payload.AmazonOrderId}`);
  const market =
    marketplaceById(order.MarketplaceId ?? undefined) ?? marketplaceByName(order.SalesChannel ?? undefined);
  const currency =
    order.OrderTotal?.CurrencyCode ??
    order.OrderItems?.[0]?.ItemPrice?.CurrencyCode ??
    market?.currency ??
    'USD';
  const address = order.ShippingAddress;
  const fulfilledBy = order.FulfillmentChannel === 'AFN' ? 'marketplace' : 'merchant';
  return {
    channel: 'amazon',
    id: order.AmazonOrderId,
    marketplace: {
      id: market?.id ?? order.MarketplaceId ?? '',
      name: market?.name ?? order.SalesChannel ?? 'unknown',
    },
    placedAt: new Date(order.PurchaseDate),
    updatedAt: new Date(order.LastUpdateDate),
    status: statusOf(order.OrderStatus.replace(/([a-z])([A-Z])/g, '$1_$2').toUpperCase()),
    fulfilledBy,
    sellerFulfilledPrime: fulfilledBy === 'merchant' && order.IsPrime === true,
    business: order.IsBusinessOrder === true,
    soldElsewhere: /non-amazon/i.test(order.SalesChannel ?? ''),
    currency,
    programs: [],
    packages: [],
    source: 'api',
    lines: (order.OrderItems ?? []).map((one) => lineOf(one, currency, market?.taxIncluded ?? false)),
    ...(order.OrderTotal?.Amount ? { total: parseMoney(order.OrderTotal.Amount, currency) } : {}),
    ...given({
      replaces: order.ReplacedOrderId,
      shipService: order.ShipmentServiceLevelCategory?.toUpperCase(),
      purchaseOrderNumber: order.BuyerInfo?.PurchaseOrderNumber,
    }),
    ...(order.LatestShipDate ? { shipBy: { latest: new Date(order.LatestShipDate) } } : {}),
    ...(address
      ? {
          shipTo: given({
            name: address.Name,
            line1: address.AddressLine1,
            line2: address.AddressLine2,
            line3: address.AddressLine3,
            city: address.City,
            state: address.StateOrRegion,
            postalCode: address.PostalCode,
            country: address.CountryCode,
            phone: address.Phone,
          }),
        }
      : {}),
    ...(order.BuyerInfo?.BuyerName || order.BuyerInfo?.BuyerEmail
      ? { buyer: given({ name: order.BuyerInfo.BuyerName, email: order.BuyerInfo.BuyerEmail }) }
      : {}),
  };
}

function lineOf(one: z.infer<typeof item>, currency: string, taxIncluded: boolean): OrderLine {
  const amount = (value: z.infer<typeof money>) =>
    value?.Amount ? parseMoney(value.Amount, currency) : zero(currency);
  const parts = {
    price: amount(one.ItemPrice),
    discount: negate(amount(one.PromotionDiscount)),
    shipping: amount(one.ShippingPrice),
    shippingDiscount: negate(amount(one.ShippingDiscount)),
    giftWrap: amount(one.BuyerInfo?.GiftWrapPrice),
    otherCharges: amount(one.CODFee),
  };
  const tax = total(
    [amount(one.ItemTax), amount(one.ShippingTax), amount(one.BuyerInfo?.GiftWrapTax)],
    currency,
  );
  const asked = String(one.BuyerRequestedCancel?.IsBuyerRequestedCancel ?? 'false').toLowerCase() === 'true';
  return {
    id: one.OrderItemId,
    sku: one.SellerSKU ?? '',
    quantity: one.QuantityOrdered,
    quantityShipped: one.QuantityShipped ?? 0,
    ...parts,
    tax,
    taxIncluded,
    taxRemittedByMarketplace: one.TaxCollection?.Model === 'MarketplaceFacilitator',
    promotionIds: one.PromotionIds ?? [],
    businessPrice: one.PriceDesignation === 'BusinessPrice',
    total: total([...Object.values(parts), ...(taxIncluded ? [] : [tax])], currency),
    ...given({
      title: one.Title,
      asin: one.ASIN,
      giftMessage: one.BuyerInfo?.GiftMessageText,
      giftWrapLevel: one.BuyerInfo?.GiftWrapLevel,
    }),
    ...(asked
      ? { cancellationRequested: given({ reason: one.BuyerRequestedCancel?.BuyerCancelReason }) }
      : {}),
  };
}
