// How does a test get a settlement? From short rows in the order of the file; the head's total is their sum unless told.
import type { RowKind, SettlementBatch, SettlementHeader, SettlementRow } from './settlement.ts';

export interface ShortRow {
  /** `2026-03-29`, or a moment. */
  readonly posted: string;
  readonly order?: string;
  readonly type: string;
  readonly amountType: string;
  readonly description: string;
  readonly minor: bigint;
  readonly sku?: string;
  readonly itemCode?: string;
  readonly adjustmentId?: string;
  readonly quantity?: number;
  readonly marketplace?: string;
  readonly fulfilment?: string;
}

export interface ShortHead {
  readonly id?: string;
  readonly currency?: string;
  readonly start?: string;
  readonly end?: string;
  readonly deposit?: string;
  readonly totalMinor?: bigint;
}

const moment = (text: string): Date => new Date(text.includes('T') ? text : `${text}T12:00:00Z`);

export function aSettlement(
  short: readonly ShortRow[],
  { id = '17000000001', currency = 'USD', start, end, deposit, totalMinor }: ShortHead = {},
): { header: SettlementHeader; rows: readonly SettlementRow[]; batch: SettlementBatch } {
  const days = short.map((row) => row.posted).sort();
  const header: SettlementHeader = {
    channel: 'amazon',
    settlementId: id,
    startAt: moment(start ?? days[0] ?? '2026-03-25'),
    endAt: moment(end ?? days.at(-1) ?? '2026-04-08'),
    depositAt: moment(deposit ?? end ?? days.at(-1) ?? '2026-04-10'),
    total: { minor: totalMinor ?? short.reduce((sum, row) => sum + row.minor, 0n), currency },
  };
  const kinds = new Map<string, RowKind>();
  const rows = short.map((row, index): SettlementRow => {
    const words = [row.type, row.amountType, row.description, row.marketplace ?? 'Amazon.com'] as const;
    const key = words.join('\t');
    const kind = kinds.get(key) ?? {
      transactionType: words[0],
      amountType: words[1],
      amountDescription: words[2],
      marketplaceName: words[3],
    };
    kinds.set(key, kind);
    return {
      ...kind,
      kind,
      settlementId: id,
      rowNumber: index + 1,
      orderId: row.order ?? '',
      merchantOrderId: '',
      adjustmentId: row.adjustmentId ?? '',
      shipmentId: '',
      amount: { minor: row.minor, currency },
      fulfillmentId: row.fulfilment ?? '',
      postedAt: moment(row.posted),
      postedTimeKnown: true,
      orderItemCode: row.itemCode ?? (row.order ? `${row.order}-1` : ''),
      merchantOrderItemId: '',
      merchantAdjustmentItemId: '',
      sku: row.sku ?? '',
      quantity: row.quantity ?? 0,
      promotionId: '',
    };
  });
  return {
    header,
    rows,
    batch: {
      length: rows.length,
      row: (index) => rows[index]!,
      kindAt: (index) => rows[index]!.kind,
      minorAt: (index) => Number(rows[index]!.amount.minor),
      [Symbol.iterator]: () => rows[Symbol.iterator](),
    },
  };
}
