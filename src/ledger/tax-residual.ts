// Does the tax that Amazon collects wash out? For every order, tax charged plus tax kept must be zero; where it is not, the
// order and the cents are named. Tax without any kept part is the seller's own and is booked as payable.
import type { TaxGroup } from './gather.ts';

export interface TaxResidual {
  readonly family: TaxGroup['family'];
  readonly orderId: string;
  readonly marketplace: string;
  readonly minor: bigint;
  readonly firstRow: number;
}

export function taxResiduals(taxes: readonly TaxGroup[]): readonly TaxResidual[] {
  const byOrder = new Map<string, TaxGroup[]>();
  for (const tax of taxes) {
    const key = `${tax.family}\t${tax.orderId}`;
    const list = byOrder.get(key);
    if (list) list.push(tax);
    else byOrder.set(key, [tax]);
  }
  const residuals: TaxResidual[] = [];
  for (const items of byOrder.values()) {
    // Items whose tax the seller owes have no kept part: they are no residual. Kept parts without an item code count by order.
    const kept = items.filter((item) => item.withheldRows > 0);
    if (kept.length === 0) continue;
    const whole = items.reduce((sum, item) => sum + item.collected + item.withheld, 0n);
    if (whole === 0n) continue;
    for (const item of kept) {
      const minor = item.collected + item.withheld;
      if (minor === 0n) continue;
      residuals.push({
        family: item.family,
        orderId: item.orderId,
        marketplace: item.marketplace,
        minor,
        firstRow: item.firstRow,
      });
    }
  }
  return residuals;
}
