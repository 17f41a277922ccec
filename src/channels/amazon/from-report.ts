// Rows of the all-orders report into our words. The report has items and amounts, but no line ids, no buyer and no
// address; who remits tax is not said either (README, quirks).
import { z } from 'zod';
import { RecordError } from '../../core/errors.ts';
import { add, negate, parseMoney, total, zero } from '../../core/money.ts';
import type { Order, OrderLine, OrderStatus } from '../../core/order.ts';
import { marketplaceByName } from './marketplaces.ts';
import { given } from './status.ts';

export interface ReportDocument {
  readonly reportRows: readonly Readonly<Record<string, string>>[];
}

const rows = z.object({ reportRows: z.array(z.record(z.string(), z.string())).min(1) });
export const isReportDocument = (raw: unknown): raw is ReportDocument => rows.safeParse(raw).success;

/** Statuses as reports write them, by their beginning: “Shipped - Delivered to Buyer” (seen in seller exports). */
function statusOf(text: string): OrderStatus {
  const status = text.toLowerCase();
  if (status.startsWith('pending')) return 'pending';
  if (status.startsWith('unshipped')) return 'unshipped';
  if (status.startsWith('partially')) return 'partially-shipped';
  if (status.startsWith('shipp') || status.startsWith('delivered') || status.startsWith('complete'))
    return 'shipped';
  if (status.startsWith('cancel')) return 'cancelled';
  return 'pending';
}

export function reportToOrder({ reportRows }: ReportDocument): Order {
  const [first] = reportRows;
  const cell = (name: string) => first![name] ?? '';
  const id = cell('amazon-order-id');
  const market = marketplaceByName(cell('sales-channel'));
  const currency = reportRows.find((row) => row['currency'])?.['currency'] ?? market?.currency ?? 'USD';
  const nonAmazon = /non-amazon/i.test(cell('sales-channel'));
  if (!market && !nonAmazon)
    throw new RecordError(
      'MARKETPLACE_UNKNOWN',
      `The report names the sales channel “${cell('sales-channel')}”, which is not a known marketplace.`,
      {
        field: 'sales-channel',
        nextSteps: [`Fetch order ${id} by its id, so that Amazon names its marketplace.`],
        facts: { cause: cell('sales-channel') },
      },
    );
  const status = statusOf(cell('order-status'));
  const fulfilledBy = /amazon|afn/i.test(cell('fulfillment-channel')) ? 'marketplace' : 'merchant';
  return {
    channel: 'amazon',
    id,
    marketplace: { id: market?.id ?? '', name: market?.name ?? cell('sales-channel') },
    placedAt: new Date(cell('purchase-date')),
    updatedAt: new Date(cell('last-updated-date')),
    status,
    fulfilledBy,
    sellerFulfilledPrime: false,
    business: cell('is-business-order').toLowerCase() === 'true',
    soldElsewhere: nonAmazon,
    currency,
    lines: reportRows.map((row, index) =>
      lineOf(row, index, { currency, taxIncluded: market?.taxIncluded ?? false, status }),
    ),
    packages: [],
    programs: cell('is-business-order').toLowerCase() === 'true' ? ['AMAZON_BUSINESS'] : [],
    source: 'report',
    ...given({
      purchaseOrderNumber: cell('purchase-order-number'),
      shipService: cell('ship-service-level').toUpperCase(),
    }),
    shipTo: given({
      city: cell('ship-city'),
      state: cell('ship-state'),
      postalCode: cell('ship-postal-code'),
      country: cell('ship-country'),
    }),
  };
}

function lineOf(
  row: Readonly<Record<string, string>>,
  index: number,
  { currency, taxIncluded, status }: { currency: string; taxIncluded: boolean; status: OrderStatus },
): OrderLine {
  const amount = (name: string) => (row[name] ? parseMoney(row[name], currency) : zero(currency));
  const down = (name: string) => {
    const said = amount(name);
    return said.minor > 0n ? negate(said) : said;
  };
  const price = amount('item-price');
  const parts = {
    price,
    discount: down('item-promotion-discount'),
    shipping: amount('shipping-price'),
    shippingDiscount: down('ship-promotion-discount'),
    giftWrap: amount('gift-wrap-price'),
    otherCharges: zero(currency),
  };
  const tax = add(amount('item-tax'), amount('shipping-tax'), amount('gift-wrap-tax'));
  const included = taxIncluded;
  const sum = total([...Object.values(parts), ...(included ? [] : [tax])], currency);
  const cancelled = /cancel/i.test(row['item-status'] ?? '') && status !== 'cancelled';
  return {
    id: `report:${index + 1}`,
    sku: row['sku'] ?? '',
    quantity: Number(row['quantity'] || 0),
    quantityShipped: status === 'shipped' ? Number(row['quantity'] || 0) : 0,
    ...parts,
    tax,
    taxIncluded: included,
    taxRemittedByMarketplace: false,
    promotionIds: (row['promotion-ids'] ?? '')
      .split(',')
      .map((id) => id.trim())
      .filter(Boolean),
    businessPrice: /business/i.test(row['price-designation'] ?? ''),
    ...(row['item-price'] ? { total: sum } : {}),
    ...given({ title: row['product-name'], asin: row['asin'] }),
    ...(cancelled ? { cancelled: {} } : {}),
  };
}
