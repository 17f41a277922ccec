// What do the rows of a settlement amount to? One pass over them: every row gets its class and its group; groups are what
// plan.ts turns into documents. Memory grows with orders and classes, not with rows (and not with orders in model summary).
import type { RowKind, SettlementBatch, SettlementHeader, SettlementRow } from '../core/settlement.ts';
import { makeCalendar, monthOf } from './calendar.ts';
import { classInfo, onOrder, onRefund, type RowClass, type Treatment } from './classes.ts';
import type { Classifier } from './classify.ts';
import type { BookSettings } from './settings.ts';

/** Rows that are booked together. */
export interface Group {
  readonly key: string;
  /** `fee`: fees of an order or refund, in model fees-on-orders; its key is `fee:` and the key of what it belongs to. */
  readonly kind: 'order' | 'refund' | 'fee' | 'month';
  readonly orderId: string;
  /** Empty while the pass runs when no row of it names one. */
  marketplace: string;
  readonly month: string;
  /** The last day on which a row of it was posted. */
  day: string;
  minor: bigint;
  rows: number;
  readonly classes: Map<RowClass, { minor: bigint; rows: number }>;
  /** Refunds only: the same by item, for the lines of a credit memo. */
  readonly items: Map<
    string,
    {
      readonly sku: string;
      readonly itemCode: string;
      quantity: number;
      readonly classes: Map<RowClass, bigint>;
    }
  >;
}

export interface UnknownKind {
  readonly kind: RowKind;
  rows: number;
  minor: bigint;
  readonly firstRow: number;
}

export interface TaxGroup {
  readonly family: 'sale' | 'refund' | 'retro';
  readonly orderId: string;
  readonly marketplace: string;
  readonly itemCode: string;
  collected: bigint;
  withheld: bigint;
  withheldRows: number;
  readonly firstRow: number;
}

export interface Gathered {
  readonly header: SettlementHeader;
  readonly rows: number;
  readonly sum: bigint;
  readonly groups: ReadonlyMap<string, Group>;
  readonly unknown: readonly UnknownKind[];
  readonly taxes: readonly TaxGroup[];
  readonly reserve: { readonly previous: bigint; readonly current: bigint };
  readonly marketplaces: readonly string[];
  /** Rows that named no marketplace, and which one they were given. */
  readonly inherited: { readonly rows: number; readonly marketplace: string };
}

/** What the pass found out about one row; stored beside it. */
export interface RowVerdict {
  readonly rowNumber: number;
  readonly class: RowClass | undefined;
  readonly group: string | undefined;
}

const taxFamily: Partial<Record<Treatment, readonly [TaxGroup['family'], 'collected' | 'withheld']>> = {
  tax: ['sale', 'collected'],
  withheld: ['sale', 'withheld'],
  'refund-tax': ['refund', 'collected'],
  'refund-withheld': ['refund', 'withheld'],
  'retro-tax': ['retro', 'collected'],
  'retro-withheld': ['retro', 'withheld'],
};

/** Gathers batches as they come; `finish` closes the books of the pass. */
export class Gatherer {
  private readonly groups = new Map<string, Group>();
  private readonly unknown = new Map<RowKind, UnknownKind>();
  private readonly taxes = new Map<string, TaxGroup>();
  private readonly calendar: { dayOf(ms: number, timeKnown?: boolean): string };
  private readonly kinds = new Map<RowKind, RowClass | undefined>();
  private readonly named = new Set<string>();
  private rows = 0;
  private sum = 0n;
  private previous = 0n;
  private current = 0n;
  private nameless = 0;
  private readonly header: SettlementHeader;
  private readonly settings: BookSettings;
  private readonly classifier: Classifier;

  constructor(header: SettlementHeader, settings: BookSettings, classifier: Classifier) {
    this.header = header;
    this.settings = settings;
    this.classifier = classifier;
    this.calendar = makeCalendar(settings.timeZone);
  }

  add(batch: SettlementBatch, verdict?: (verdict: RowVerdict, row: SettlementRow) => void): void {
    for (const row of batch) this.addRow(row, verdict);
  }

  private classOf(kind: RowKind): RowClass | undefined {
    if (!this.kinds.has(kind)) {
      const found = this.classifier.classify(kind)?.class;
      this.kinds.set(kind, found ?? (this.settings.unknown === 'suspense' ? 'suspense' : undefined));
    }
    return this.kinds.get(kind);
  }

  private addRow(row: SettlementRow, verdict?: (verdict: RowVerdict, row: SettlementRow) => void): void {
    const { kind, rowNumber } = row;
    const { minor } = row.amount;
    this.rows++;
    this.sum += minor;
    const rowClass = this.classOf(kind);
    if (rowClass === undefined) {
      const seen = this.unknown.get(kind);
      if (seen) {
        seen.rows++;
        seen.minor += minor;
      } else this.unknown.set(kind, { kind, rows: 1, minor, firstRow: rowNumber });
      verdict?.({ rowNumber, class: undefined, group: undefined }, row);
      return;
    }
    const { treatment } = classInfo(rowClass);
    const marketplace = canonicalName(kind.marketplaceName);
    if (marketplace === '') this.nameless++;
    else this.named.add(marketplace);
    if (rowClass === 'reserve.previous') this.previous += minor;
    if (rowClass === 'reserve.current') this.current += minor;
    const day = this.calendar.dayOf(row.postedAt.getTime(), row.postedTimeKnown);
    const group = this.groupOf(row, treatment, marketplace, day);
    group.marketplace ||= marketplace;
    group.minor += minor;
    group.rows++;
    if (day > group.day) group.day = day;
    const cell = group.classes.get(rowClass);
    if (cell) {
      cell.minor += minor;
      cell.rows++;
    } else group.classes.set(rowClass, { minor, rows: 1 });
    if (group.kind === 'refund' || group.kind === 'fee') addItem(group, row, rowClass, minor);
    const tax = taxFamily[treatment];
    if (tax) this.addTax(row, tax, marketplace, minor);
    verdict?.({ rowNumber, class: rowClass, group: group.key }, row);
  }

  private groupOf(row: SettlementRow, treatment: Treatment, marketplace: string, day: string): Group {
    const { model, splitMonths } = this.settings;
    const { orderId } = row;
    if (model !== 'summary' && orderId !== '') {
      const fee = treatment === 'order-fee' || treatment === 'refund-fee';
      const key = onOrder.has(treatment)
        ? `order:${orderId}:${day}`
        : onRefund.has(treatment)
          ? `refund:${orderId}:${row.adjustmentId || day}`
          : undefined;
      if (key !== undefined && !fee)
        return this.group(key, onOrder.has(treatment) ? 'order' : 'refund', orderId, marketplace, day);
      if (key !== undefined && model === 'fees-on-orders')
        return this.group(`fee:${key}`, 'fee', orderId, marketplace, day);
    }
    const month = splitMonths ? monthOf(day) : 'all';
    return this.group(`month:${month}:${marketplace || '~'}`, 'month', '', marketplace, day);
  }

  private group(key: string, kind: Group['kind'], orderId: string, marketplace: string, day: string): Group {
    let group = this.groups.get(key);
    if (group === undefined) {
      const month = kind === 'month' ? key.split(':')[1]! : monthOf(day);
      group = {
        key,
        kind,
        orderId,
        marketplace,
        month,
        day,
        minor: 0n,
        rows: 0,
        classes: new Map(),
        items: new Map(),
      };
      this.groups.set(key, group);
    }
    return group;
  }

  private addTax(
    row: SettlementRow,
    [family, side]: readonly [TaxGroup['family'], 'collected' | 'withheld'],
    marketplace: string,
    minor: bigint,
  ): void {
    const itemCode = row.orderItemCode || row.sku;
    const key = `${family}\t${row.orderId}\t${itemCode}`;
    let tax = this.taxes.get(key);
    if (tax === undefined) {
      tax = {
        family,
        orderId: row.orderId,
        marketplace,
        itemCode,
        collected: 0n,
        withheld: 0n,
        withheldRows: 0,
        firstRow: row.rowNumber,
      };
      this.taxes.set(key, tax);
    }
    tax[side] += minor;
    if (side === 'withheld') tax.withheldRows++;
  }

  finish(): Gathered {
    const missing = marketplaceWhenMissing(this.named, this.header.total.currency, this.settings);
    for (const group of this.groups.values()) group.marketplace ||= missing;
    return {
      header: this.header,
      rows: this.rows,
      sum: this.sum,
      groups: this.groups,
      unknown: [...this.unknown.values()],
      taxes: [...this.taxes.values()],
      reserve: { previous: this.previous, current: this.current },
      marketplaces: [...this.named].sort(),
      inherited: { rows: this.nameless, marketplace: missing },
    };
  }
}

/** `amazon.com`, `Amazon.com` and `www.amazon.com` are one marketplace; one spelling is kept for accounts and reports. */
export const canonicalName = (name: string): string => {
  const plain = name.trim().replace(/^www\./i, '');
  return /^amazon\.[a-z.]+$/i.test(plain) ? `A${plain.slice(1).toLowerCase()}` : plain;
};

function addItem(group: Group, row: SettlementRow, rowClass: RowClass, minor: bigint): void {
  const key = row.orderItemCode || row.sku || '-';
  let item = group.items.get(key);
  if (item === undefined) {
    item = { sku: row.sku, itemCode: row.orderItemCode, quantity: 0, classes: new Map() };
    group.items.set(key, item);
  }
  // The quantity stands on every row of an item: taken once, from the price.
  if (rowClass === 'refund.principal' || rowClass === 'chargeback.principal') item.quantity = row.quantity;
  item.classes.set(rowClass, (item.classes.get(rowClass) ?? 0n) + minor);
}

/** Which marketplace do nameless rows belong to? The file's only one, else the owner's word for the currency. */
function marketplaceWhenMissing(
  named: ReadonlySet<string>,
  currency: string,
  settings: BookSettings,
): string {
  const names = [...named].sort();
  if (names.length === 1) return names[0]!;
  return settings.marketplaceOfCurrency[currency] ?? names[0] ?? 'Unassigned';
}
