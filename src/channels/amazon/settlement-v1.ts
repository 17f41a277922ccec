// How is the old wide layout read? One line of it carries up to nine amounts in columns of their own; each becomes a row as
// V2 would write it, numbered in file order.
import type { SettlementBatch, SettlementRow } from '../../core/settlement.ts';
import { damaged, type OpenSettlement, type RowsRead } from './open-settlement.ts';
import { type ColumnName, cellAt, type Lines, numberOf } from './settlement-rows.ts';

/** Amount columns, in file order, with V2's amount-type and the column that names the amount. */
export const v1Amounts: readonly {
  readonly amount: string;
  readonly type: string;
  readonly describedBy: string;
}[] = [
  { amount: 'shipment-fee-amount', type: 'Shipment-Fees', describedBy: 'shipment-fee-type' },
  { amount: 'order-fee-amount', type: 'Order-Fees', describedBy: 'order-fee-type' },
  { amount: 'price-amount', type: 'ItemPrice', describedBy: 'price-type' },
  { amount: 'item-related-fee-amount', type: 'ItemFees', describedBy: 'item-related-fee-type' },
  { amount: 'misc-fee-amount', type: 'other-transaction', describedBy: 'transaction-type' },
  { amount: 'other-fee-amount', type: 'other-transaction', describedBy: 'other-fee-reason-description' },
  { amount: 'promotion-amount', type: 'Promotion', describedBy: 'promotion-type' },
  { amount: 'direct-payment-amount', type: 'DirectPayment', describedBy: 'direct-payment-type' },
  { amount: 'other-amount', type: 'other-transaction', describedBy: 'transaction-type' },
];

export function readV1Block(
  open: OpenSettlement,
  lines: Lines,
  skip: number,
  firstRowNumber: number,
): RowsRead {
  const { names, columns, amounts, moments, header } = open;
  const places = v1Amounts
    .map((one) => ({ ...one, at: names.indexOf(one.amount), nameAt: names.indexOf(one.describedBy) }))
    .filter(({ at }) => at >= 0);
  const rows: SettlementRow[] = [];
  let sum = 0;
  for (let line = skip; line < lines.count; line++) {
    const number = numberOf(lines, line);
    const cells = lines.cells?.[line] ?? names.length;
    const cell = (name: ColumnName) => cellAt(lines, line, columns[name]);
    if (cells > names.length)
      throw damaged(number, `it has ${cells} cells where the head names ${names.length}`);
    if (line === lines.count - 1 && !lines.ended && cells < names.length)
      throw damaged(number, `it is cut off after ${cells} of ${names.length} cells`);
    if (cell('settlement-id') !== header.settlementId)
      throw damaged(
        number,
        `it belongs to settlement ${cell('settlement-id').slice(0, 40) || '(none)'}, not to ${header.settlementId}`,
        'settlement-id',
      );
    if (cell('total-amount') !== '')
      throw damaged(number, 'a second control row: two settlements were put into one file', 'total-amount');
    const moment = cell('posted-date-time') || cell('posted-date');
    const postedMs = moment === '' ? header.endAt.getTime() : moments.read(moment);
    const postedTimeKnown = moment === '' || moments.hadTime;
    if (Number.isNaN(postedMs))
      throw damaged(
        number,
        `“${moment.slice(0, 40)}” is not a moment as this file writes them (${moments.pattern})`,
        'posted-date',
      );
    for (const place of places) {
      const text = cellAt(lines, line, place.at);
      if (text === '') continue;
      const minor = amounts.readText(text);
      if (Number.isNaN(minor)) throw damaged(number, amounts.fault(text), place.amount);
      sum += minor;
      const transactionType = cell('transaction-type');
      const other = place.type === 'other-transaction';
      const kind = open.kinds.of([
        // V1 names storage, subscription and reserves in transaction-type, where V2 says other-transaction.
        other && !/^(order|refund|chargeback|a-to-z)/i.test(transactionType)
          ? 'other-transaction'
          : transactionType,
        place.type,
        cellAt(lines, line, place.nameAt) || transactionType,
        cell('marketplace-name'),
      ]);
      rows.push({
        ...kind,
        kind,
        settlementId: header.settlementId,
        rowNumber: firstRowNumber + rows.length,
        orderId: cell('order-id'),
        merchantOrderId: cell('merchant-order-id'),
        adjustmentId: cell('adjustment-id'),
        shipmentId: cell('shipment-id'),
        amount: { minor: BigInt(minor), currency: header.total.currency },
        fulfillmentId: cell('fulfillment-id'),
        postedAt: new Date(postedMs),
        postedTimeKnown,
        orderItemCode: cell('order-item-code'),
        merchantOrderItemId: cell('merchant-order-item-id'),
        merchantAdjustmentItemId: cell('merchant-adjustment-item-id'),
        sku: cell('sku'),
        quantity: Number(cell('quantity-purchased')) || 0,
        promotionId: cell('promotion-id'),
      });
    }
  }
  return { batch: listBatch(rows), sum };
}

/** Rows that are objects already, as a batch. */
export function listBatch(rows: readonly SettlementRow[]): SettlementBatch {
  return {
    length: rows.length,
    row: (index) => rows[index]!,
    kindAt: (index) => rows[index]!.kind,
    minorAt: (index) => Number(rows[index]!.amount.minor),
    [Symbol.iterator]: () => rows[Symbol.iterator](),
  };
}
