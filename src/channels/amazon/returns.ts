// Which units came back? Two reports: what Amazon's warehouses received, and what buyers asked the seller to take back.
// Neither says anything about money (spapi.md §3.3).
import { RecordError } from '../../core/errors.ts';
import type { ReturnedItem } from '../../core/settlement.ts';
import { readTsv } from '../../formats/tsv.ts';
import type { Tools } from '../../http/tools.ts';
import type { ReturnKind, ReturnSource } from '../channel.ts';
import { download } from './backlog.ts';
import type { AmazonClient } from './client.ts';
import type { AmazonBucket } from './limits.ts';
import { reportState, requestReport } from './report-ticket.ts';
import type { AmazonSettings } from './settings.ts';

const types: Readonly<Record<ReturnKind, string>> = {
  marketplace: 'GET_FBA_FULFILLMENT_CUSTOMER_RETURNS_DATA',
  merchant: 'GET_FLAT_FILE_RETURNS_DATA_BY_RETURN_DATE',
};
const about = 'the returns report';
const batchSize = 500;

export function returnSource(
  settings: AmazonSettings,
  parts: { readonly tools: Tools<AmazonBucket>; readonly client: AmazonClient },
): ReturnSource {
  return {
    request: (kind, from, to) =>
      requestReport(settings, parts.client, { type: types[kind], from, to, about }),
    state: (ticket) => reportState(parts.client, ticket, about),
    async *read(kind, documentId) {
      const text = await download(settings, parts, {
        bucket: 'reports.document',
        path: `/reports/2021-06-30/documents/${encodeURIComponent(documentId)}`,
        about,
      });
      yield* returnsOf(kind, text);
    },
  };
}

/** Pure: the rows of a report. Equal rows are counted, since each is a unit of its own. */
export function* returnsOf(kind: ReturnKind, text: string): Generator<readonly ReturnedItem[]> {
  const seen = new Map<string, number>();
  let batch: ReturnedItem[] = [];
  for (const row of readTsv(text)) {
    const item = kind === 'marketplace' ? fromWarehouse(row) : fromSeller(row);
    const times = seen.get(item.key) ?? 0;
    seen.set(item.key, times + 1);
    batch.push(times === 0 ? item : { ...item, key: `${item.key}|${times + 1}` });
    if (batch.length < batchSize) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

type Cells = Readonly<Record<string, string>>;
const given = <Name extends string>(name: Name, value: string | undefined) =>
  (value ? { [name]: value } : {}) as { [Key in Name]?: string };

function fromWarehouse(row: Cells): ReturnedItem {
  const [orderId = '', sku = '', plate = ''] = [row['order-id'], row['sku'], row['license-plate-number']];
  return {
    key: [plate, orderId, sku, row['return-date']].join('|'),
    orderId,
    sku,
    quantity: wholeNumber(row['quantity'], orderId),
    returnedAt: moment(row['return-date'], orderId),
    fulfilledBy: 'marketplace',
    disposition: row['detailed-disposition'] ?? '',
    reason: row['reason'] ?? '',
    status: row['status'] ?? '',
    ...given('asin', row['asin']),
    ...given('fnsku', row['fnsku']),
    ...given('licensePlate', plate),
    ...given('centre', row['fulfillment-center-id']),
  };
}

function fromSeller(row: Cells): ReturnedItem {
  const [orderId = '', sku = ''] = [row['order id'], row['merchant sku']];
  return {
    key: [row['amazon rma id'], orderId, sku, row['return request date']].join('|'),
    orderId,
    sku,
    quantity: wholeNumber(row['return quantity'], orderId),
    returnedAt: moment(row['return request date'], orderId),
    fulfilledBy: 'merchant',
    disposition: '',
    reason: row['return reason'] ?? '',
    status: row['return request status'] ?? '',
    ...given('asin', row['asin']),
  };
}

function wholeNumber(text: string | undefined, orderId: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value > 0) return value;
  throw unreadable(`a quantity of “${text ?? ''}”`, orderId);
}

function moment(text: string | undefined, orderId: string): Date {
  const value = new Date(text ?? '');
  if (!Number.isNaN(value.getTime())) return value;
  throw unreadable(`the date “${text ?? ''}”`, orderId);
}

const unreadable = (what: string, orderId: string) =>
  new RecordError('RETURN_UNREADABLE', `The return of order ${orderId} has ${what}, which cannot be read.`, {
    nextSteps: ['Download the returns report in Seller Central and look at the row of this order.'],
  });
