// How does a list become a file? Row by row, so that no length is too long; a cell that a spreadsheet would run as a
// formula is told as text.
import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';

type Row = Readonly<Record<string, unknown>>;

/** The lines of a CSV file (RFC 4180), its header first. */
export async function* csvOf(rows: AsyncIterable<Row> | Iterable<Row>, columns: readonly string[]) {
  yield `\ufeff${columns.join(',')}\r\n`;
  for await (const row of rows) yield `${columns.map((column) => cell(row[column])).join(',')}\r\n`;
}

export function cell(value: unknown): string {
  const text =
    value === null || value === undefined
      ? ''
      : value instanceof Date
        ? value.toISOString()
        : typeof value === 'object'
          ? JSON.stringify(value)
          : String(value);
  // A leading =, +, - or @ starts a formula in spreadsheets; negative numbers may stay.
  const safe = /^[=+\-@\t\r]/.test(text) && !/^-?\d+([.,]\d+)?$/.test(text) ? `'${text}` : text;
  return /[",\r\n;]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** Sends the file past the serializer: its size is not known before its end. */
export function sendCsv(reply: FastifyReply, name: string, lines: AsyncIterable<string>) {
  return reply
    .header('content-disposition', `attachment; filename="${name}"`)
    .header('cache-control', 'no-store')
    .type('text/csv; charset=utf-8')
    .send(Readable.from(lines));
}
