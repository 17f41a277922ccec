// Was the right fee charged, and is money owed? Only what the settlement rows themselves can show: a SKU's usual fee against
// the odd one out, and refunds whose goods never came back and were never reimbursed. Pure.
import type { ReturnedItem, SettlementRow } from '../core/settlement.ts';

export interface FeeFinding {
  readonly kind: 'referral' | 'fba';
  readonly settlementId: string;
  readonly rowNumber: number;
  readonly orderId: string;
  readonly sku: string;
  readonly chargedMinor: bigint;
  readonly expectedMinor: bigint;
  readonly currency: string;
  /** `15.00 %`, or the fee per unit, as the SKU usually has it and as it was here. */
  readonly usual: string;
  readonly here: string;
}

export interface OwedReimbursement {
  readonly orderId: string;
  readonly sku: string;
  readonly refundedOn: string;
  readonly quantity: number;
  readonly refundedMinor: bigint;
  readonly currency: string;
  /** Amazon takes claims for refunds without return from day 60 to day 120 after the refund (policy since October 2024). */
  readonly claimFrom: string;
  readonly claimUntil: string;
  readonly state: 'too-early' | 'claim' | 'expired';
}

interface Item {
  readonly settlementId: string;
  readonly orderId: string;
  readonly sku: string;
  readonly currency: string;
  base: bigint;
  units: number;
  commission: { minor: bigint; row: number };
  fba: { minor: bigint; row: number };
}

/** A usual fee is one that at least so many items show and most of them share. */
const seenMin = 4;
/** Rounding of the fee to a cent per component. */
const toleranceMinor = 2n;
const dayMs = 86_400_000;

export function auditFees(rows: Iterable<SettlementRow>): readonly FeeFinding[] {
  const items = new Map<string, Item>();
  for (const row of rows) {
    if (row.transactionType.toLowerCase() !== 'order' || row.sku === '') continue;
    const key = `${row.settlementId}\t${row.orderId}\t${row.orderItemCode || row.sku}`;
    let item = items.get(key);
    if (!item) {
      item = {
        settlementId: row.settlementId,
        orderId: row.orderId,
        sku: row.sku,
        currency: row.amount.currency,
        base: 0n,
        units: 0,
        commission: { minor: 0n, row: 0 },
        fba: { minor: 0n, row: 0 },
      };
      items.set(key, item);
    }
    const at = row.amountType.toLowerCase();
    const ad = row.amountDescription.toLowerCase();
    if (at === 'itemprice' && ['principal', 'shipping', 'giftwrap'].includes(ad))
      item.base += row.amount.minor;
    if (at === 'promotion' && !ad.includes('tax')) item.base += row.amount.minor;
    if (at === 'itemprice' && ad === 'principal') item.units += row.quantity;
    if (ad === 'commission')
      item.commission = { minor: item.commission.minor + row.amount.minor, row: row.rowNumber };
    if (ad === 'fbaperunitfulfillmentfee')
      item.fba = { minor: item.fba.minor + row.amount.minor, row: row.rowNumber };
  }
  const bySku = new Map<string, Item[]>();
  for (const item of items.values()) {
    const key = `${item.sku}\t${item.currency}`;
    bySku.set(key, [...(bySku.get(key) ?? []), item]);
  }
  return [...bySku.values()].flatMap((list) => [...referralFindings(list), ...fbaFindings(list)]);
}

/** Rates in hundredths of a percent: cents of rounding do not split them. */
function referralFindings(items: readonly Item[]): FeeFinding[] {
  const charged = items.filter((item) => item.base > 0n && item.commission.minor < 0n);
  // Small prices meet Amazon's minimum fee: their rate is no rate.
  const rate = mostUsual(
    charged
      .filter((item) => item.base >= 1_000n)
      .map((item) => Number((-item.commission.minor * 1_000n + item.base / 2n) / item.base)),
  );
  if (rate === undefined) return [];
  return charged.flatMap((item) => {
    const expected = -((item.base * BigInt(rate) + 500n) / 1_000n);
    const off = item.commission.minor - expected;
    if (item.base < 1_000n || (off < 0n ? -off : off) <= toleranceMinor + item.base / 1_000n) return [];
    return [
      {
        ...finding(item, 'referral'),
        rowNumber: item.commission.row,
        chargedMinor: item.commission.minor,
        expectedMinor: expected,
        usual: `${(rate / 10).toFixed(1)} %`,
        here: `${(Number((-item.commission.minor * 10_000n) / item.base) / 100).toFixed(2)} %`,
      },
    ];
  });
}

function fbaFindings(items: readonly Item[]): FeeFinding[] {
  const charged = items.filter((item) => item.fba.minor < 0n && item.units > 0);
  const fee = mostUsual(charged.map((item) => Math.round(Number(-item.fba.minor) / item.units)));
  if (fee === undefined) return [];
  return charged.flatMap((item) => {
    const expected = -BigInt(Math.round(fee * item.units));
    const off = item.fba.minor - expected;
    if ((off < 0n ? -off : off) <= toleranceMinor) return [];
    return [
      {
        ...finding(item, 'fba'),
        rowNumber: item.fba.row,
        chargedMinor: item.fba.minor,
        expectedMinor: expected,
        usual: `${fee} per unit`,
        here: `${Math.round(Number(-item.fba.minor) / item.units)} per unit`,
      },
    ];
  });
}

const finding = (item: Item, kind: FeeFinding['kind']) => ({
  kind,
  settlementId: item.settlementId,
  orderId: item.orderId,
  sku: item.sku,
  currency: item.currency,
});

/** The value that more than half show, when enough are there to call it usual. */
function mostUsual(values: readonly number[]): number | undefined {
  if (values.length < seenMin) return undefined;
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  const [value, count] = [...counts].sort((a, b) => b[1] - a[1])[0]!;
  return count * 2 > values.length ? value : undefined;
}

/** FBA refunds whose units did not come back and were not reimbursed. */
export function owedReimbursements(
  rows: Iterable<SettlementRow>,
  returns: readonly ReturnedItem[],
  now: Date,
): readonly OwedReimbursement[] {
  const refunds = new Map<
    string,
    { orderId: string; sku: string; at: number; quantity: number; minor: bigint; currency: string }
  >();
  const reimbursed = new Set<string>();
  for (const row of rows) {
    if (/reimbursement/i.test(row.amountType) && row.orderId !== '')
      reimbursed.add(`${row.orderId}\t${row.sku}`);
    if (
      row.transactionType.toLowerCase() !== 'refund' ||
      row.amountDescription.toLowerCase() !== 'principal' ||
      row.amountType.toLowerCase() !== 'itemprice'
    )
      continue;
    if (row.fulfillmentId.toUpperCase() !== 'AFN') continue;
    const key = `${row.orderId}\t${row.sku}`;
    const known = refunds.get(key);
    refunds.set(key, {
      orderId: row.orderId,
      sku: row.sku,
      at: Math.max(row.postedAt.getTime(), known?.at ?? 0),
      quantity: (known?.quantity ?? 0) + Math.max(1, row.quantity),
      minor: (known?.minor ?? 0n) + row.amount.minor,
      currency: row.amount.currency,
    });
  }
  const came = new Map<string, number>();
  for (const item of returns)
    came.set(`${item.orderId}\t${item.sku}`, (came.get(`${item.orderId}\t${item.sku}`) ?? 0) + item.quantity);
  const day = (ms: number) => new Date(ms).toISOString().slice(0, 10);
  return [...refunds]
    .filter(([key, refund]) => !reimbursed.has(key) && (came.get(key) ?? 0) < refund.quantity)
    .map(([key, refund]): OwedReimbursement => {
      const age = (now.getTime() - refund.at) / dayMs;
      return {
        orderId: refund.orderId,
        sku: refund.sku,
        refundedOn: day(refund.at),
        quantity: refund.quantity - (came.get(key) ?? 0),
        refundedMinor: -refund.minor,
        currency: refund.currency,
        claimFrom: day(refund.at + 60 * dayMs),
        claimUntil: day(refund.at + 120 * dayMs),
        state: age < 60 ? 'too-early' : age <= 120 ? 'claim' : 'expired',
      };
    })
    .sort((a, b) => (a.claimUntil < b.claimUntil ? -1 : 1));
}
