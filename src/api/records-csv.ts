// How does a list of records become a file for a spreadsheet? Page by page while it is read, so that a million rows need
// no memory; money as decimal text beside its currency, moments in UTC.
import { decimalsOf } from '../core/money.ts';

type Row = Readonly<Record<string, unknown>>;

const text = (value: unknown): string =>
  value instanceof Date ? value.toISOString() : value === null || value === undefined ? '' : String(value);

/** Column name → its text. The names are those of the API. */
export const csvColumns: Readonly<Record<string, (row: Row) => string>> = {
  key: (row) => text(row['key']),
  flowId: (row) => text(row['flowId']),
  state: (row) => text(row['state']),
  total: (row) => decimal(row['totalMinor'], row['currency']),
  currency: (row) => text(row['currency']),
  marketplace: (row) => text(row['marketplace']),
  orderStatus: (row) => text(row['orderStatus']),
  fulfilledBy: (row) => text(row['fulfilledBy']),
  labels: (row) => (row['labels'] as readonly string[] | undefined)?.join(' ') ?? '',
  placedAt: (row) => text(row['placedAt']),
  shipByAt: (row) => text(row['shipByAt']),
  createdAt: (row) => text(row['createdAt']),
  updatedAt: (row) => text(row['updatedAt']),
  doneAt: (row) => text(row['doneAt']),
  externalId: (row) => text(row['externalId']),
  remoteKind: (row) => text(row['remoteKind']),
  remoteId: (row) => text(row['remoteId']),
  remoteNumber: (row) => text(row['remoteNumber']),
  reason: (row) => text((row['problem'] as { message?: string } | null)?.message ?? row['reason']),
  code: (row) => text((row['problem'] as { code?: string } | null)?.code),
  attempts: (row) => text(row['attempts']),
  id: (row) => text(row['id']),
};

function decimal(minor: unknown, currency: unknown): string {
  if (minor === null || minor === undefined || typeof currency !== 'string') return '';
  const digits = decimalsOf(currency);
  const plain = text(minor);
  const figures = plain.replace('-', '').padStart(digits + 1, '0');
  const sign = plain.startsWith('-') ? '-' : '';
  return digits === 0 ? sign + figures : `${sign}${figures.slice(0, -digits)}.${figures.slice(-digits)}`;
}

/** A spreadsheet must not take an order's text for a formula: such texts get an apostrophe before them. */
const cell = (value: string): string => {
  const safe = /^[=+@\t\r]|^-(?![\d.])/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
};

export async function* csvOf(
  pages: AsyncIterable<readonly Row[]>,
  columns: readonly string[],
): AsyncGenerator<string> {
  yield `${columns.join(',')}\r\n`;
  for await (const rows of pages)
    yield rows.map((row) => `${columns.map((name) => cell(csvColumns[name]!(row))).join(',')}\r\n`).join('');
}
