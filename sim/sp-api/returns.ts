// Which units came back? The returns report of Amazon's warehouses and the seller's own return requests; neither knows of money.
import { json, type Route } from '../http.ts';
import type { Json } from './generate.ts';
import type { Money } from './money.ts';
import type { Sale, SaleLine } from './sales.ts';

export const warehouseReturns = 'GET_FBA_FULFILLMENT_CUSTOMER_RETURNS_DATA';
export const merchantReturns = 'GET_FLAT_FILE_RETURNS_DATA_BY_RETURN_DATE';

/** A refund that brings the goods back. Units of Amazon's warehouses arrive one by one, each under its own plate. */
export function bookReturn(
  money: Money,
  of: { sale: Sale; line: SaleLine; units: number; atMs: number; orderId: string },
): void {
  const { sale, line, units, atMs, orderId } = of;
  const random = money.random(`return/${orderId}/${line.itemCode}`);
  const put = (key: string, at: number, json: Json) =>
    money.world.run(
      'INSERT OR IGNORE INTO returned (key, at, byamazon, json) VALUES (?, ?, ?, ?)',
      key,
      at,
      sale.byAmazon ? 1 : 0,
      JSON.stringify(json),
    );
  if (sale.byAmazon) {
    for (let unit = 0; unit < units; unit++) {
      const at = atMs + unit * 3_600_000;
      const disposition = random.weighted({
        SELLABLE: 62,
        CUSTOMER_DAMAGED: 18,
        DEFECTIVE: 10,
        DAMAGED: 5,
        CARRIER_DAMAGED: 4,
        EXPIRED: 1,
      });
      put(`${orderId}/${line.itemCode}/${unit}`, at, {
        'return-date': new Date(at).toISOString().replace('.000Z', '+00:00'),
        'order-id': orderId,
        sku: line.sku,
        asin: line.asin,
        fnsku: `X00${line.asin.slice(-7)}`,
        'product-name': line.title,
        quantity: '1',
        'fulfillment-center-id': random.pick(['ONT8', 'LBE1', 'PHX7', 'LTN4']),
        'detailed-disposition': disposition,
        reason: random.pick(['UNWANTED_ITEM', 'DEFECTIVE', 'NOT_AS_DESCRIBED', 'ORDERED_WRONG_ITEM']),
        status: disposition === 'SELLABLE' ? 'Unit returned to inventory' : '',
        'license-plate-number': `LPNRR${random.digits(9)}`,
        'customer-comments': '',
      });
    }
    return;
  }
  const day = (ms: number) => new Date(ms).toISOString().slice(0, 10);
  put(`${orderId}/${line.itemCode}`, atMs, {
    'Order ID': orderId,
    'Order date': day(atMs - 10 * 86_400_000),
    'Return request date': day(atMs),
    'Return request status': 'Approved',
    'Amazon RMA ID': `D${random.digits(8)}RRMA`,
    'Merchant RMA ID': '',
    'Label type': 'AmazonUnPaidLabel',
    'Label cost': '0',
    'Currency code': sale.currency,
    'Return carrier': 'UPS',
    'Tracking ID': `1Z${random.digits(16)}`,
    'Label to be paid by': 'Customer',
    'A-to-Z Claim': 'N',
    'Is prime': 'N',
    ASIN: line.asin,
    'Merchant SKU': line.sku,
    'Item Name': line.title,
    'Return quantity': String(units),
    'Return Reason': random.pick(['CR-UNWANTED_ITEM', 'CR-DEFECTIVE', 'AMZ-PG-BAD-DESC']),
    'In policy': 'Y',
    'Return type': 'C-Returns',
    Resolution: 'StandardRefund',
    'Invoice number': '',
    'Return delivery date': day(atMs + 4 * 86_400_000),
    'Order Amount': String((line.item + line.shipping) / 100),
    'Order quantity': String(line.quantity),
    'SafeT Action reason': '',
    'SafeT claim id': '',
    'SafeT claim state': '',
    'SafeT claim creation time': '',
    'SafeT claim reimbursement amount': '',
    'Refunded Amount': String((line.item * units) / line.quantity / 100),
  });
}

/** The report of a window, or undefined when nothing came back in it: Amazon then cancels the report. */
export function returnsReport(money: Money, type: string, body: Json): string | undefined {
  money.advance();
  const now = money.world.clock.now();
  const from = Date.parse(String(body['dataStartTime']));
  const to = Math.min(now, Date.parse(String(body['dataEndTime'] ?? new Date(now).toISOString())));
  const rows = readReturns(money, type === warehouseReturns, from, to);
  if (rows.length === 0) return undefined;
  const names = Object.keys(rows[0]!);
  const line = (values: readonly unknown[]) =>
    values.map((value) => String(value ?? '').replace(/[\t\n]/g, ' ')).join('\t');
  return `${[line(names), ...rows.map((row) => line(names.map((name) => row[name])))].join('\n')}\n`;
}

export const readReturns = (money: Money, byAmazon: boolean, from: number, to: number): Json[] =>
  money.world
    .all(
      'SELECT json FROM returned WHERE byamazon = ? AND at >= ? AND at <= ? ORDER BY at, key',
      byAmazon ? 1 : 0,
      from,
      to,
    )
    .map((row) => JSON.parse(String(row['json'])) as Json);

/** Every unit that came back so far. */
export function returnControls(money: Money): Route[] {
  return [
    {
      operation: '_sim/returns',
      method: 'GET',
      path: '/_sim/returns',
      handle: () => {
        money.world.settle();
        money.advance();
        const now = money.world.clock.now();
        return json(200, {
          byAmazon: readReturns(money, true, 0, now),
          byMerchant: readReturns(money, false, 0, now),
        });
      },
    },
  ];
}
