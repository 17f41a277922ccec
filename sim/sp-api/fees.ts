// What does Amazon charge and credit beside the orders? Subscription, storage, advertising, inbound freight, coupons,
// removals, lost stock, loans: drawn day by day from the seed, for every marketplace that has sold something.

import { dayMs } from '../clock.ts';
import type { Random } from '../random.ts';
import type { Money, MoneyClass, MoneyRow } from './money.ts';

interface FeeDay {
  readonly type: string;
  readonly rows: readonly MoneyRow[];
  readonly orderId?: string;
  readonly namesMarket?: boolean;
}

/** Books the days since the last call; a day is drawn whole, and shows as its hours come. */
export function bookAccountFees(money: Money, now: number): void {
  const { world } = money;
  for (const market of world.shop.marketplaces) {
    const name = `feesUntil/${market.id}`;
    const known = money.state(name);
    const first = world.one('SELECT min(posted) AS at FROM money WHERE market = ?', market.id)?.['at'];
    if (known === undefined && (first === null || first === undefined || Number(first) > now)) continue;
    let day = known === undefined ? Math.floor(Number(first) / dayMs) : Number(known);
    for (; day * dayMs <= now; day++) {
      const random = money.random(`fees/${market.id}/${day}`);
      for (const [index, fee] of feesOf(day, random, market.currency === 'USD').entries()) {
        const at = day * dayMs + random.integer(1, 23) * 3_600_000 + random.integer(0, 3_599) * 1_000;
        money.book({
          key: `fee/${market.id}/${day}/${index}`,
          type: fee.type,
          postedMs: at,
          releasedMs: at,
          market: market.id,
          currency: market.currency,
          orderId: fee.orderId ?? '',
          detail: { rows: fee.rows, namesMarket: fee.namesMarket ?? false },
        });
      }
    }
    money.setState(name, String(day));
  }
}

const one = (amountType: string, description: string, minor: number, kind: MoneyClass): MoneyRow => ({
  amountType,
  description,
  minor,
  class: kind,
});

function feesOf(day: number, random: Random, american: boolean): FeeDay[] {
  const date = new Date(day * dayMs);
  const dayOfMonth = date.getUTCDate();
  const fees: FeeDay[] = [];
  const other = (description: string, minor: number, kind: MoneyClass, more: Partial<FeeDay> = {}) =>
    fees.push({
      type: 'other-transaction',
      rows: [one('other-transaction', description, minor, kind)],
      ...more,
    });
  const charge = (low: number, high: number) => -random.integer(low, high);
  if (dayOfMonth === 3) other('Subscription Fee', american ? -3999 : -2500, 'subscription');
  if (dayOfMonth === 8) {
    if (american) other('Storage Fee', charge(400, 3_500), 'storage');
    else
      fees.push({
        type: 'FBAFees',
        // An FBA shipment's id stands where others have an order.
        orderId: `FBA15${random.digits(7)}`,
        rows: [
          one('FBA Inventory Storage Fee', 'Base fee', charge(300, 2_000), 'storage'),
          one('FBA Inventory Storage Fee', 'Tax on fee', charge(60, 400), 'storage'),
        ],
      });
  }
  if (dayOfMonth === 16 && random.chance(0.5)) other('StorageRenewalBilling', charge(90, 1_200), 'storage');
  if (random.chance(0.28))
    fees.push({
      type: 'ServiceFee',
      rows: [one('Cost of Advertising', 'TransactionTotalAmount', charge(250, 2_400), 'advertising')],
      namesMarket: true,
    });
  if (random.chance(0.01))
    fees.push({
      type: 'ServiceFee',
      rows: [one('Refund for Advertiser', 'TransactionTotalAmount', random.integer(100, 900), 'advertising')],
      namesMarket: true,
    });
  if (random.chance(0.06)) {
    if (american) other('FBAInboundTransportationFee', charge(600, 3_200), 'inbound');
    else {
      const base = charge(500, 2_600);
      fees.push({
        type: 'FBAFees',
        orderId: `FBA15${random.digits(7)}`,
        rows: [
          one('FBA Amazon-Partnered Carrier Shipment Fee', 'Base fee', base, 'inbound'),
          one('FBA Amazon-Partnered Carrier Shipment Fee', 'Tax on fee', Math.round(base * 0.2), 'inbound'),
        ],
      });
    }
  }
  if (random.chance(0.03))
    fees.push({
      type: 'CouponRedemptionFee',
      rows: [
        one('CouponRedemptionFee', 'Café & Thé 10 % — coupon', -60 * random.integer(1, 9), 'promotion-fees'),
      ],
    });
  if (random.chance(0.012))
    fees.push({
      type: 'AmazonFees',
      rows: [one('Vine Enrollment Fee', 'Base fee', charge(1_000, 7_500), 'promotion-fees')],
    });
  if (random.chance(0.015))
    fees.push({
      type: 'AmazonFees',
      rows: [one('Deal Participation Fee', 'Base fee', charge(500, 4_000), 'promotion-fees')],
    });
  if (random.chance(0.03))
    other(random.pick(['DisposalComplete', 'RemovalComplete']), charge(50, 900), 'removal');
  if (random.chance(0.05)) {
    // Two units lost on one day are two rows that equal each other in every column.
    const row: MoneyRow = {
      ...one(
        'FBA Inventory Reimbursement',
        random.pick(['WAREHOUSE_LOST', 'WAREHOUSE_DAMAGE', 'MISSING_FROM_INBOUND']),
        random.integer(300, 4_200),
        'reimbursements',
      ),
      sku: `CD-${1001 + random.integer(0, 150)}`,
      quantity: 1,
    };
    fees.push({ type: 'other-transaction', rows: random.chance(0.4) ? [row, row] : [row] });
  }
  if (random.chance(0.008))
    fees.push({
      type: 'other-transaction',
      rows: [
        one('FBA Inventory Reimbursement', 'COMPENSATED_CLAWBACK', charge(300, 2_500), 'reimbursements'),
      ],
    });
  if (random.chance(0.05)) other('Shipping label purchase for return', charge(350, 1_200), 'postage');
  if (random.chance(0.02)) other('NonSubscriptionFeeAdj', random.integer(50, 600), 'other-fees');
  if (random.chance(0.01))
    fees.push({
      type: 'Liquidations',
      orderId: `S${random.digits(10)}`,
      rows: [
        one('ItemPrice', 'Principal', random.integer(900, 6_000), 'liquidation'),
        one('ItemFees', 'LiquidationsBrokerageFee', charge(100, 500), 'liquidation'),
      ],
    });
  if (american && day % 91 === 20) other('Amazon Capital Advance', 150_000, 'loan');
  if (american && day % 91 > 20 && day % 14 === 5) other('Amazon Capital Repayment', -12_500, 'loan');
  return fees;
}
