// How do the amounts of the marketplace, of Crossdock and of NetSuite stand beside each other? Line by line under the
// document's own keys; what NetSuite has besides is a row of its own. Pure.
import type { Amounts, RemoteDocument } from '../../../src/api/contract/records.ts';
import { minus, same, sum } from '../../parts/decimal.ts';

export interface SumRow {
  readonly key: string;
  readonly role: Amounts['lines'][number]['role'] | 'only-erp' | 'erp-tax';
  readonly sku: string | null;
  readonly label: string | null;
  readonly quantity: number | null;
  readonly channel: string | null;
  readonly document: string | null;
  readonly erp: string | null;
}

export interface Sums {
  readonly rows: readonly SumRow[];
  readonly total: {
    readonly channel: string | null;
    readonly document: string | null;
    readonly erp: string | null;
  };
  /** The marketplace's total less what it keeps: what the other two must be. */
  readonly expected: string | null;
  readonly documentFits: boolean | null;
  readonly erpFits: boolean | null;
}

export function sumsOf(amounts: Amounts, remote: RemoteDocument | undefined): Sums {
  const written = amounts.lines.filter((line) => line.document !== null);
  const byKey = new Map(
    remote?.lines.flatMap((line) => (line.key === null ? [] : [[line.key, line] as const])),
  );
  // Accounts without the field for line keys: the lines stand in the order in which they were written.
  const keyed = byKey.size > 0;
  const taken = new Set<number>();
  const rows: SumRow[] = amounts.lines.map((line) => {
    const found = keyed ? byKey.get(line.key) : remote?.lines[written.indexOf(line)];
    if (found) taken.add(found.line);
    return { ...line, erp: found?.amount ?? null };
  });
  const others = (remote?.lines ?? []).filter((line) => !taken.has(line.line));
  rows.push(
    ...others.map(
      (line): SumRow => ({
        key: `erp ${line.line}`,
        role: 'only-erp',
        sku: null,
        label: line.item ?? line.itemId,
        quantity: line.quantity,
        channel: null,
        document: null,
        erp: line.amount,
      }),
    ),
  );
  const erpTotal = remote?.total ?? null;
  if (remote && erpTotal !== null) {
    const rest = minus(erpTotal, sum(...remote.lines.map((line) => line.amount)));
    if (!same(rest, '0'))
      rows.push({
        key: 'erp tax',
        role: 'erp-tax',
        sku: null,
        label: null,
        quantity: null,
        channel: null,
        document: null,
        erp: rest,
      });
  }
  const expected = amounts.channelTotal === null ? null : minus(amounts.channelTotal, amounts.keptTax);
  return {
    rows,
    total: { channel: amounts.channelTotal, document: amounts.documentTotal, erp: erpTotal },
    expected,
    documentFits:
      expected === null || amounts.documentTotal === null ? null : same(expected, amounts.documentTotal),
    erpFits: expected === null || erpTotal === null ? null : same(expected, erpTotal),
  };
}
