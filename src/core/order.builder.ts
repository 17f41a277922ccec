// An order for tests: complete and ordinary, changed only in what a test is about.
import { type Money, parseMoney, total, zero } from './money.ts';
import type { Order, OrderLine } from './order.ts';

export interface LineWishes
  extends Partial<
    Omit<
      OrderLine,
      'price' | 'discount' | 'shipping' | 'shippingDiscount' | 'giftWrap' | 'otherCharges' | 'tax' | 'total'
    >
  > {
  readonly price?: string;
  readonly discount?: string;
  readonly shipping?: string;
  readonly shippingDiscount?: string;
  readonly giftWrap?: string;
  readonly otherCharges?: string;
  readonly tax?: string;
  /** Decimal text, `none` for a line without a total; else the sum of its parts. */
  readonly total?: string;
}

export function anOrderLine(wishes: LineWishes = {}, currency = 'USD'): OrderLine {
  const amount = (text: string | undefined): Money =>
    text === undefined ? zero(currency) : parseMoney(text, currency);
  const parts = {
    price: amount(wishes.price ?? '19.99'),
    discount: amount(wishes.discount),
    shipping: amount(wishes.shipping),
    shippingDiscount: amount(wishes.shippingDiscount),
    giftWrap: amount(wishes.giftWrap),
    otherCharges: amount(wishes.otherCharges),
    tax: amount(wishes.tax),
  };
  const taxIncluded = wishes.taxIncluded ?? false;
  const { price, discount, shipping, shippingDiscount, giftWrap, otherCharges, tax } = parts;
  const sum = total(
    [price, discount, shipping, shippingDiscount, giftWrap, otherCharges, ...(taxIncluded ? [] : [tax])],
    currency,
  );
  const {
    total: wished,
    price: _p,
    discount: _d,
    shipping: _s,
    shippingDiscount: _sd,
    giftWrap: _g,
    otherCharges: _o,
    tax: _t,
    ...rest
  } = wishes;
  return {
    id: '10000000000001',
    sku: 'MUG-BLUE',
    title: 'Blue mug',
    quantity: 1,
    quantityShipped: 0,
    taxIncluded,
    taxRemittedByMarketplace: true,
    promotionIds: [],
    businessPrice: false,
    ...rest,
    ...parts,
    ...(wished === 'none' ? {} : { total: wished === undefined ? sum : parseMoney(wished, currency) }),
  };
}

export function anOrder(wishes: Partial<Order> & { readonly lines?: readonly OrderLine[] } = {}): Order {
  const currency = wishes.currency ?? 'USD';
  const lines = wishes.lines ?? [anOrderLine({}, currency)];
  const totals = lines.flatMap((line) => (line.total ? [line.total] : []));
  return {
    channel: 'amazon',
    id: '113-1234567-1234567',
    marketplace: { id: 'ATVPDKIKX0DER', name: 'Amazon.com' },
    placedAt: new Date('2026-11-20T06:30:00Z'),
    updatedAt: new Date('2026-11-20T07:00:00Z'),
    status: 'unshipped',
    fulfilledBy: 'merchant',
    sellerFulfilledPrime: false,
    business: false,
    soldElsewhere: false,
    currency,
    total: total(totals, currency),
    packages: [],
    shipTo: {
      name: 'Test Person',
      line1: '1 Main St',
      city: 'Austin',
      state: 'TX',
      postalCode: '78701',
      country: 'US',
    },
    shipService: 'STANDARD',
    shipBy: { latest: new Date('2026-11-24T07:59:59Z') },
    programs: [],
    source: 'api',
    ...wishes,
    lines,
  };
}
