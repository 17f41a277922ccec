// Does the document add up to what the marketplace says, to the cent? If not, nothing is written and the arithmetic shown.
import { RecordError } from '../../core/errors.ts';
import { formatMoney, isZero, type Money, sameMoney, subtract, total } from '../../core/money.ts';
import type { Order } from '../../core/order.ts';
import type { DocumentLine } from '../../erp/erp.ts';

export interface Arithmetic {
  readonly currency: string;
  readonly lines: readonly { readonly label: string; readonly amount: string }[];
  readonly sum: string;
  readonly marketplaceTotal: string;
  readonly marketplaceTax: string;
  readonly difference: string;
}

/** Each line's parts must make the line total the marketplace gives; else nothing about the order can be trusted. */
export function assertLinesAddUp(order: Order): void {
  for (const line of order.lines) {
    if (line.total === undefined) continue;
    const parts = [
      line.price,
      line.discount,
      line.shipping,
      line.shippingDiscount,
      line.giftWrap,
      line.otherCharges,
    ];
    const sum = total(line.taxIncluded ? parts : [...parts, line.tax], order.currency);
    if (sameMoney(sum, line.total)) continue;
    throw new RecordError(
      'LINE_TOTALS_DIFFER',
      `The parts of order item ${line.id} make ${formatMoney(sum)} ${order.currency}, but the marketplace says ${formatMoney(line.total)}.`,
      {
        field: 'proceeds',
        nextSteps: [
          'Compare the parts in the document; fetch the order again if the marketplace has corrected it.',
          'Or import a corrected document from a file.',
        ],
        facts: {
          line: line.id,
          parts: parts.map(formatMoney).join(' + '),
          tax: formatMoney(line.tax),
          cause: 'line-totals',
        },
      },
    );
  }
}

/** The document must make the marketplace's total to the cent, less what the marketplace keeps for itself. */
export function proveTotal(
  order: Order,
  lines: readonly DocumentLine[],
  taxOverride: readonly { amount: Money }[],
  droppedTax: Money,
): Arithmetic {
  const sum = total(
    [...lines.map((line) => line.amount), ...taxOverride.map((tax) => tax.amount)],
    order.currency,
  );
  const lineTotals = order.lines.map((line) => line.total);
  const said =
    order.total ??
    (lineTotals.every((one) => one !== undefined) ? total(lineTotals as Money[], order.currency) : undefined);
  if (said === undefined)
    throw new RecordError(
      'TOTAL_MISSING',
      'The marketplace gives no total for this order yet, so nothing can be proved.',
      {
        field: 'proceeds',
        nextSteps: ['Fetch the order again; totals appear once it is released.'],
        facts: { cause: 'total-missing' },
      },
    );
  const expected = subtract(said, droppedTax);
  const difference = subtract(sum, expected);
  const arithmetic: Arithmetic = {
    currency: order.currency,
    lines: [
      ...lines.map((line) => ({ label: line.key, amount: formatMoney(line.amount) })),
      ...taxOverride.map((tax) => ({ label: 'tax', amount: formatMoney(tax.amount) })),
    ],
    sum: formatMoney(sum),
    marketplaceTotal: formatMoney(said),
    marketplaceTax: formatMoney(droppedTax),
    difference: formatMoney(difference),
  };
  if (isZero(difference)) return arithmetic;
  throw new RecordError(
    'TOTALS_DIFFER',
    `The lines make ${arithmetic.sum} ${order.currency}, but the marketplace's total${isZero(droppedTax) ? '' : ' less the tax it remits'} is ${formatMoney(expected)}: a difference of ${arithmetic.difference}.`,
    {
      field: 'total',
      nextSteps: [
        'Look at the arithmetic on this page: one of the amounts is not where it should be.',
        'Fetch the order again, or import a corrected document from a file.',
      ],
      facts: { arithmetic, cause: 'totals-differ' },
    },
  );
}
