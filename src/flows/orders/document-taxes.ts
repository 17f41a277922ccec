// Where does the tax of an order go? Off the document, on a line, or over SuiteTax: modes A, B and C of features.md #14. Pure.
import { RecordError } from '../../core/errors.ts';
import { add, isZero, type Money, zero } from '../../core/money.ts';
import type { Order, OrderLine } from '../../core/order.ts';
import type { Charge, LineBuilding } from './document-lines.ts';
import type { MarketplaceSettings } from './settings.ts';

/**
 * Tax. Included tax is inside the amounts already. Tax on top: remitted by the marketplace → off the document (A), a line
 * (B) or zero (C); owed by the seller → a line (A, B) or an override of SuiteTax (C). Never a list of states (features.md #15).
 */
export function bookTax(order: Order, { context, market }: LineBuilding, charge: (charge: Charge) => void) {
  let droppedTax = zero(order.currency);
  const taxOverride: {
    lineKey: string;
    amount: Money;
    taxCodeId: string;
    taxTypeId: string;
    rate: string;
  }[] = [];
  for (const line of order.lines) {
    if (isZero(line.tax) || line.taxIncluded) continue;
    const remitted = isRemitted(order, line, market);
    if (remitted && market.taxMode !== 'tax-line') droppedTax = add(droppedTax, line.tax);
    else if (market.taxMode === 'suitetax-override') {
      if (!context.suiteTax || !market.taxCodeId || !market.taxTypeId)
        throw new RecordError(
          'TAX_SETUP_INCOMPLETE',
          'Tax mode C needs SuiteTax, a tax code and a tax type.',
          {
            field: `marketplaces.${order.marketplace.id}.taxCodeId`,
            nextSteps: [
              'Choose tax code and tax type for the marketplace under Flows → Orders.',
              'Or choose tax mode B, which books tax as a line.',
            ],
            facts: { marketplace: order.marketplace.id, suiteTax: context.suiteTax },
          },
        );
      const basis = add(line.price, line.discount);
      const rate = isZero(basis) ? '0' : ((Number(line.tax.minor) / Number(basis.minor)) * 100).toFixed(4);
      taxOverride.push({
        lineKey: line.id,
        amount: line.tax,
        taxCodeId: market.taxCodeId,
        taxTypeId: market.taxTypeId,
        rate,
      });
    } else
      charge({
        key: `${line.id}:tax`,
        role: 'tax',
        setting: 'tax',
        amount: line.tax,
        description: remitted ? 'Tax remitted by the marketplace' : 'Tax owed by the seller',
        words: `Tax of order item ${line.id}`,
      });
  }
  return { droppedTax, taxOverride };
}

/** Reports do not say who remits; then the setting speaks, and the full order corrects it when it is read. */
export function isRemitted(order: Order, line: OrderLine, market: MarketplaceSettings): boolean {
  return line.taxRemittedByMarketplace || (order.source === 'report' && market.reportTax !== 'owed');
}
