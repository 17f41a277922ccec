import assert from 'node:assert/strict';
import { test } from 'node:test';
import { csvColumns, csvOf } from './records-csv.ts';

async function whole(rows: readonly Record<string, unknown>[], columns: readonly string[]): Promise<string> {
  async function* pages() {
    for (const row of rows) yield [row];
  }
  let text = '';
  for await (const part of csvOf(pages(), columns)) text += part;
  return text;
}

test('amounts are exact decimal text, also of currencies without cents or with three digits', async () => {
  const rows = [
    { totalMinor: 5n, currency: 'USD' },
    { totalMinor: -123_456n, currency: 'JPY' },
    { totalMinor: 1_234n, currency: 'KWD' },
    { totalMinor: null, currency: null },
  ];
  assert.equal(await whole(rows, ['total']), 'total\r\n0.05\r\n-123456\r\n1.234\r\n\r\n');
});

test('quotes and line ends stay inside their cell, and no text becomes a formula', async () => {
  const rows = [
    { reason: 'He said "no",\nthen left' },
    { reason: '=HYPERLINK("http://x")' },
    { reason: '+1' },
    { key: '-5' },
  ];
  assert.equal(
    await whole(rows, ['key', 'reason']),
    'key,reason\r\n,"He said ""no"",\nthen left"\r\n,"\'=HYPERLINK(""http://x"")"\r\n,\'+1\r\n-5,\r\n',
  );
});

test('moments are in UTC and a parked record gives its problem as the reason', async () => {
  const row = {
    placedAt: new Date('2026-11-25T01:02:03Z'),
    reason: null,
    problem: { code: 'ITEM_UNKNOWN', message: 'No item.' },
    labels: ['gift', 'business'],
  };
  assert.equal(
    await whole([row], ['placedAt', 'reason', 'code', 'labels']),
    'placedAt,reason,code,labels\r\n2026-11-25T01:02:03.000Z,No item.,ITEM_UNKNOWN,gift business\r\n',
  );
  assert.ok(Object.keys(csvColumns).length > 15);
});
