// Which amounts does one package, refund or claim consist of? Pure: the rows of settlements.ts and finances.ts to be.
import type { Random } from '../random.ts';
import type { Json } from './generate.ts';
import type { MoneyClass, MoneyRow } from './money.ts';
import type { AmazonOrder } from './world.ts';

export interface SaleLine {
  readonly itemCode: string;
  readonly sku: string;
  readonly asin: string;
  readonly title: string;
  readonly quantity: number;
  readonly item: number;
  readonly itemDiscount: number;
  readonly shipping: number;
  readonly shippingDiscount: number;
  readonly giftWrap: number;
  readonly tax: number;
  /** The part of the tax that Amazon remits itself. */
  readonly withheld: number;
  readonly promotionId: string;
}

export interface Sale {
  readonly market: string;
  readonly currency: string;
  readonly byAmazon: boolean;
  readonly merchantOrderId: string;
  readonly american: boolean;
  readonly lines: readonly SaleLine[];
}

interface ProceedsPart {
  readonly type: string;
  readonly subtotal: { readonly amount: string; readonly currencyCode: string };
  readonly detailedBreakdowns?: readonly {
    readonly subtype: string;
    readonly value: { readonly amount: string };
  }[];
}

const minorOf = (text: string | undefined): number =>
  text === undefined ? 0 : Math.round(Number(text) * 100);

/** The part of an order that one package holds. Amounts of split lines are cut so that all parts sum to the whole. */
export function saleOf(order: AmazonOrder, parcel: Json): Sale | undefined {
  const channel = order['salesChannel'] as Json;
  let currency = '';
  const lines: SaleLine[] = [];
  for (const packed of (parcel['packageItems'] ?? []) as { orderItemId: string; quantity: number }[]) {
    const item = (order['orderItems'] as Json[]).find((one) => one['orderItemId'] === packed.orderItemId);
    const parts = ((item?.['proceeds'] as Json | undefined)?.['breakdowns'] ?? []) as ProceedsPart[];
    if (!item || parts.length === 0) continue;
    currency = parts[0]!.subtotal.currencyCode;
    const whole = Number(item['quantityOrdered']);
    const before = packedBefore(order, parcel, packed.orderItemId);
    const cut = (minor: number) =>
      Math.round((minor * (before + packed.quantity)) / whole) - Math.round((minor * before) / whole);
    const subtotal = (type: string) => cut(minorOf(parts.find((one) => one.type === type)?.subtotal.amount));
    const off = (subtype: string) =>
      cut(
        minorOf(
          parts
            .find((one) => one.type === 'DISCOUNT')
            ?.detailedBreakdowns?.find((one) => one.subtype === subtype)?.value.amount,
        ),
      );
    const product = item['product'] as Json;
    const tax = subtotal('TAX');
    lines.push({
      itemCode: packed.orderItemId,
      sku: String(product['sellerSku']),
      asin: String(product['asin']),
      title: String(product['title']),
      quantity: packed.quantity,
      item: subtotal('ITEM'),
      itemDiscount: off('ITEM'),
      shipping: subtotal('SHIPPING'),
      shippingDiscount: off('SHIPPING'),
      giftWrap: subtotal('GIFT_WRAP'),
      tax,
      withheld: (item['tax'] as Json | undefined)?.['taxCollections'] ? -tax : 0,
      promotionId: String(
        ((item['promotion'] as { breakdowns?: { promotionId: string }[] } | undefined)?.breakdowns ?? [])[0]
          ?.promotionId ?? '',
      ),
    });
  }
  if (lines.length === 0) return undefined;
  const alias = ((order['orderAliases'] ?? []) as { aliasId: string }[])[0]?.aliasId;
  return {
    market: String(channel['marketplaceId']),
    currency,
    byAmazon: (order['fulfillment'] as Json)['fulfilledBy'] === 'AMAZON',
    merchantOrderId: alias ?? '',
    american: currency === 'USD',
    lines,
  };
}

function packedBefore(order: AmazonOrder, parcel: Json, orderItemId: string): number {
  let sum = 0;
  for (const other of (order['packages'] ?? []) as Json[]) {
    if (other['packageReferenceId'] === parcel['packageReferenceId']) break;
    for (const one of (other['packageItems'] ?? []) as { orderItemId: string; quantity: number }[])
      if (one.orderItemId === orderItemId) sum += one.quantity;
  }
  return sum;
}

const itemRow = (
  line: SaleLine,
  amountType: string,
  description: string,
  minor: number,
  kind: MoneyClass,
  quantity = line.quantity,
): MoneyRow => ({
  amountType,
  description,
  minor,
  class: kind,
  itemCode: line.itemCode,
  sku: line.sku,
  quantity,
  ...(amountType === 'Promotion' ? { promotionId: line.promotionId } : {}),
});
const nonZero = (row: MoneyRow) => row.minor !== 0;

const commissionOf = (line: SaleLine) =>
  line.item === 0 ? 0 : -Math.max(30, Math.round((line.item + line.itemDiscount + line.giftWrap) * 0.15));
const shippingFeeOf = (line: SaleLine) => -Math.round((line.shipping + line.shippingDiscount) * 0.15);
const deliveryFeeOf = (line: SaleLine) => -(322 + Math.min(900, Math.round(line.item / 90))) * line.quantity;

export function saleRows(line: SaleLine, sale: Sale): MoneyRow[] {
  const row = (amountType: string, description: string, minor: number, kind: MoneyClass) =>
    itemRow(line, amountType, description, minor, kind);
  return [
    row('ItemPrice', 'Principal', line.item, 'sales'),
    row('ItemPrice', 'Tax', line.tax, 'tax'),
    row('ItemPrice', 'Shipping', line.shipping, 'shipping-income'),
    row('ItemPrice', 'GiftWrap', line.giftWrap, 'gift-wrap-income'),
    row('Promotion', 'Principal', line.itemDiscount, 'discounts'),
    row('Promotion', 'Shipping', line.shippingDiscount, 'discounts'),
    row('ItemWithheldTax', 'MarketplaceFacilitatorTax-Principal', line.withheld, 'tax-withheld'),
    row('ItemFees', 'Commission', commissionOf(line), 'referral-fees'),
    row('ItemFees', 'ShippingHB', shippingFeeOf(line), 'shipping-chargeback'),
    row('ItemFees', 'FBAPerUnitFulfillmentFee', sale.byAmazon ? deliveryFeeOf(line) : 0, 'fulfilment-fees'),
    row('ItemFees', 'GiftwrapChargeback', sale.byAmazon ? -line.giftWrap : 0, 'shipping-chargeback'),
    row(
      'ItemFees',
      'DigitalServicesFee',
      sale.american ? 0 : Math.round(commissionOf(line) * 0.02),
      'other-fees',
    ),
  ].filter(nonZero);
}

/** Returns and claims give back price, tax and most of the commission; a chargeback keeps the commission. */
function refundRows(
  line: SaleLine,
  sale: Sale,
  { units, type, random }: { units: number; type: string; random: Random },
): MoneyRow[] {
  const part = (minor: number) => Math.round((minor * units) / line.quantity);
  const whole = units === line.quantity;
  const kind: MoneyClass = type === 'Refund' ? 'returns' : 'chargebacks';
  const row = (amountType: string, description: string, minor: number, of: MoneyClass) =>
    itemRow(line, amountType, description, minor, of, units);
  const back = type === 'Chargeback Refund' ? 0 : -part(commissionOf(line));
  const restocking =
    type === 'Refund' && !sale.byAmazon && random.chance(0.12) ? Math.round(part(line.item) * 0.2) : 0;
  return [
    row('ItemPrice', 'Principal', -part(line.item), kind),
    row('ItemPrice', 'RestockingFee', restocking, kind),
    row('ItemPrice', 'Tax', -part(line.tax), line.withheld === 0 ? kind : 'tax'),
    row('ItemPrice', 'Shipping', whole ? -line.shipping : 0, kind),
    row('Promotion', 'Principal', -part(line.itemDiscount), kind),
    row('Promotion', 'Shipping', whole ? -line.shippingDiscount : 0, kind),
    row('ItemWithheldTax', 'MarketplaceFacilitatorTax-Principal', -part(line.withheld), 'tax-withheld'),
    row('ItemFees', 'Commission', back, 'referral-fees'),
    row('ItemFees', 'ShippingHB', whole ? -shippingFeeOf(line) : 0, 'shipping-chargeback'),
    row('ItemFees', 'RefundCommission', -Math.min(500, Math.round(back * 0.2)), 'referral-fees'),
  ].filter(nonZero);
}

/** What becomes of a thousand sales. */
export const afterwards = {
  nothing: 860,
  whole: 62,
  unit: 24,
  goodwill: 16,
  'tax-only': 6,
  chargeback: 6,
  claim: 6,
  retrocharge: 8,
  reimbursement: 12,
} as const;

interface Afterwards {
  readonly type: string;
  readonly rows: readonly MoneyRow[];
  readonly namesMarket?: boolean;
  /** Units that may come back. */
  readonly units?: number;
}

export function whatFollows(
  what: Exclude<keyof typeof afterwards, 'nothing'>,
  { sale, line, random }: { sale: Sale; line: SaleLine; random: Random },
): Afterwards | undefined {
  const withheld = (minor: number) =>
    itemRow(line, 'ItemWithheldTax', 'MarketplaceFacilitatorTax-Principal', minor, 'tax-withheld');
  const units = what === 'unit' ? Math.max(1, Math.floor(line.quantity / 2)) : line.quantity;
  switch (what) {
    case 'retrocharge': {
      if (line.withheld === 0) return undefined;
      const minor = Math.min(line.tax, random.integer(15, 240));
      return {
        type: 'Order_Retrocharge',
        rows: [itemRow(line, 'ItemPrice', 'Tax', -minor, 'tax'), withheld(minor)],
      };
    }
    case 'reimbursement':
      return sale.byAmazon ? reimbursement(line, random) : safetClaim(line);
    case 'tax-only':
      if (line.tax === 0) return undefined;
      return {
        type: 'Refund',
        rows: [
          itemRow(line, 'ItemPrice', 'Tax', -line.tax, line.withheld === 0 ? 'returns' : 'tax'),
          ...(line.withheld === 0 ? [] : [withheld(line.tax)]),
        ],
      };
    case 'goodwill':
      return {
        type: 'Refund',
        rows: [
          itemRow(line, 'ItemPrice', 'Goodwill', -Math.min(line.item, random.integer(150, 900)), 'returns'),
        ],
      };
    case 'chargeback':
      return claimed('Chargeback Refund', { sale, line, units, random });
    case 'claim':
      return claimed('A-to-z Guarantee Refund', { sale, line, units, random });
    case 'whole':
    case 'unit':
      return { type: 'Refund', rows: refundRows(line, sale, { units, type: 'Refund', random }), units };
  }
}

const claimed = (
  type: string,
  { sale, line, units, random }: { sale: Sale; line: SaleLine; units: number; random: Random },
): Afterwards => ({ type, rows: refundRows(line, sale, { units, type, random }), namesMarket: true });

const safetClaim = (line: SaleLine): Afterwards => ({
  type: 'SAFE-T Reimbursement',
  rows: [
    {
      amountType: 'SAFE-T Reimbursement',
      description: 'SAFE-T Reimbursement',
      minor: Math.round(line.item * 0.8),
      class: 'other-income',
    },
  ],
});

const reimbursement = (line: SaleLine, random: Random): Afterwards => ({
  type: 'other-transaction',
  rows: [
    {
      amountType: 'FBA Inventory Reimbursement',
      description: random.pick(['CS_ERROR_ITEMS', 'REVERSAL_REIMBURSEMENT', 'FREE_REPLACEMENT_REFUND_ITEMS']),
      minor: Math.round(line.item * 0.7),
      class: 'reimbursements',
      sku: line.sku,
      quantity: 1,
    },
  ],
  namesMarket: random.chance(0.5),
});
