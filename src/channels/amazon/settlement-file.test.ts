import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import { gzipSync } from 'node:zlib';
import { RecordError } from '../../core/errors.ts';
import type { SettlementRow } from '../../core/settlement.ts';
import { readSettlement } from './settlement-file.ts';
import { columnNames } from './settlement-rows.ts';

async function* pieces(bytes: Uint8Array, size = 50): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function readAll(bytes: Uint8Array | string, size?: number) {
  const reading = await readSettlement(pieces(typeof bytes === 'string' ? Buffer.from(bytes) : bytes, size));
  const rows: SettlementRow[] = [];
  for await (const batch of reading.batches) rows.push(...batch);
  return { header: reading.header, rows, facts: reading.facts() };
}

interface FileWish {
  readonly currency?: string;
  readonly total?: string;
  readonly head?: readonly [string, string, string];
  readonly rows?: readonly Partial<Record<(typeof columnNames)[number], string>>[];
}

/** A V2 file of few rows; cells that are not wished for are empty. */
function aFile({ currency = 'USD', total = '10.00', head, rows }: FileWish = {}): string {
  const [start, end, deposit] = head ?? [
    '2026-06-16 00:00:00 UTC',
    '2026-06-30 23:59:59 UTC',
    '2026-07-02 00:00:00 UTC',
  ];
  const line = (cells: Partial<Record<string, string>>) =>
    columnNames.map((name) => cells[name] ?? '').join('\t');
  return [
    columnNames.join('\t'),
    line({
      'settlement-id': '17000000001',
      'settlement-start-date': start,
      'settlement-end-date': end,
      'deposit-date': deposit,
      'total-amount': total,
      currency,
    }),
    ...(rows ?? [{ amount: '10.00' }]).map((cells) =>
      line({
        'settlement-id': '17000000001',
        'transaction-type': 'Order',
        'amount-type': 'ItemPrice',
        'amount-description': 'Principal',
        'posted-date-time': '2026-06-20 12:00:00 UTC',
        ...cells,
      }),
    ),
    '',
  ].join('\n');
}

const refusal = (code: string, words: RegExp) => (error: unknown) =>
  error instanceof RecordError &&
  error.code === code &&
  words.test(error.message) &&
  error.nextSteps.length > 0;

test('the sample settlement reads to the cent, whatever the size of the pieces it arrives in', async () => {
  const sample = new URL('../../../../shared/samples/settlement-v2-us.txt', import.meta.url);
  const bytes = readFileSync(sample);
  for (const size of [7, 64, 1000, 100_000]) {
    const { header, rows, facts } = await readAll(bytes, size);
    assert.equal(header.total.minor, 58_289n);
    assert.equal(rows.length, 23);
    assert.equal(
      rows.reduce((sum, row) => sum + row.amount.minor, 0n),
      58_289n,
    );
    assert.equal(rows[0]!.orderId, '114-8829371-4410258');
    assert.equal(rows[5]!.rowNumber, 6);
    assert.equal(rows[5]!.quantity, 2);
    assert.equal(rows[22]!.postedAt.toISOString(), '2026-06-30T23:59:59.000Z');
    assert.equal(rows[22]!.promotionId, '');
    assert.equal(facts.format, 'v2');
  }
});

test('two equal rows are two rows', async () => {
  const { rows } = await readAll(aFile({ total: '20.00', rows: [{ amount: '10.00' }, { amount: '10.00' }] }));
  assert.deepEqual(
    rows.map((row) => row.rowNumber),
    [1, 2],
  );
});

test('amounts are read in each country’s way', async () => {
  const cases: [string, string, string, bigint][] = [
    ['EUR', '1.234,56', '1.234,56', 123_456n],
    ['EUR', '-95,00', '-95,00', -9_500n],
    ['EUR', '1 234,56', '1\u00a0234,56', 123_456n],
    ['USD', '1,234,567.89', '1,234,567.89', 123_456_789n],
    ['INR', '12,34,567.80', '12,34,567.80', 123_456_780n],
    ['CHF', "1'234.50", '1’234.50', 123_450n],
    ['JPY', '1,234', '1234', 1_234n],
    ['JPY', '1234.00', '1234.0', 1_234n],
    ['USD', '7', '7.0', 700n],
    ['SEK', '−12,5', '-12,50', -1_250n],
  ];
  for (const [currency, total, amount, minor] of cases) {
    const { header, rows } = await readAll(aFile({ currency, total, rows: [{ amount }] }));
    assert.equal(header.total.minor, minor, `${total} ${currency}`);
    assert.equal(rows[0]!.amount.minor, minor, `${amount} ${currency}`);
  }
});

test('an amount written against the file’s own way is refused, not guessed', async () => {
  await assert.rejects(
    readAll(aFile({ total: '12,50', currency: 'EUR', rows: [{ amount: '12.50' }] })),
    refusal('SETTLEMENT_DAMAGED', /^Line 3: .*decimal mark is “,”/),
  );
  await assert.rejects(
    readAll(aFile({ total: '0.00', rows: [{ amount: '' }] })),
    refusal('SETTLEMENT_DAMAGED', /^Line 3: the amount is empty/),
  );
  await assert.rejects(
    readAll(aFile({ total: '1.00', rows: [{ amount: '1.001' }] })),
    refusal('SETTLEMENT_DAMAGED', /not an amount/),
  );
});

test('moments are read in each country’s way', async () => {
  const cases: [readonly [string, string, string], string, string, boolean][] = [
    [
      ['16.06.2026 00:00:00 UTC', '30.06.2026 23:59:59 UTC', '02.07.2026 00:00:00 UTC'],
      '17.06.2026 07:26:32 UTC',
      '2026-06-17T07:26:32.000Z',
      true,
    ],
    [
      ['2026-06-16T00:00:00+00:00', '2026-06-30T23:59:59+00:00', '2026-07-02T00:00:00+00:00'],
      '2026-06-17T02:26:32+09:00',
      '2026-06-16T17:26:32.000Z',
      true,
    ],
    [
      ['2026/06/16 00:00:00 JST', '2026/06/30 23:59:59 JST', '2026/07/02 00:00:00 JST'],
      '2026/06/17 09:00:00 JST',
      '2026-06-17T00:00:00.000Z',
      true,
    ],
    [['06/16/26', '06/30/26', '07/02/26'], '06/20/26', '2026-06-20T00:00:00.000Z', false],
    [['16/06/2026', '30/06/2026', '02/07/2026'], '20/06/2026', '2026-06-20T00:00:00.000Z', false],
    [
      ['2026-06-16 00:00:00 PDT', '2026-06-30 23:59:59 PDT', '2026-07-02 00:00:00 PDT'],
      '2026-06-20 20:00:00 PDT',
      '2026-06-21T03:00:00.000Z',
      true,
    ],
  ];
  for (const [head, moment, iso, timeKnown] of cases) {
    const { rows } = await readAll(aFile({ head, rows: [{ amount: '10.00', 'posted-date-time': moment }] }));
    assert.equal(rows[0]!.postedAt.toISOString(), iso, moment);
    assert.equal(rows[0]!.postedTimeKnown, timeKnown, moment);
  }
  await assert.rejects(
    readAll(aFile({ head: ['01/02/2026', '02/03/2026', '03/04/2026'] })),
    refusal('SETTLEMENT_DATE_AMBIGUOUS', /day or the month first/),
  );
  await assert.rejects(
    readAll(aFile({ rows: [{ amount: '10.00', 'posted-date-time': '2026-02-30 00:00:00 UTC' }] })),
    refusal('SETTLEMENT_DAMAGED', /^Line 3: “2026-02-30/),
  );
});

test('gzip, byte order marks, UTF-16, Windows-1252 and Shift-JIS are read', async () => {
  const german = aFile({ currency: 'EUR', rows: [{ amount: '10,00', sku: 'KÄSE-ß' }], total: '10,00' });
  const japanese = aFile({ currency: 'JPY', total: '10', rows: [{ amount: '10', sku: 'テスト' }] });
  const shiftJis = Buffer.from(japanese.replace('テスト', '\u0000\u0001\u0002\u0003\u0004\u0005'), 'latin1');
  Buffer.from([0x83, 0x65, 0x83, 0x58, 0x83, 0x67]).copy(shiftJis, shiftJis.indexOf(0));
  const wide = Buffer.from(`\ufeff${german}`, 'utf16le');
  const cases: [string, Uint8Array, string, string][] = [
    ['UTF-8', Buffer.from(german), 'utf-8', 'KÄSE-ß'],
    ['UTF-8 with mark', Buffer.from(`\ufeff${german}`), 'utf-8', 'KÄSE-ß'],
    ['gzip', gzipSync(german), 'utf-8', 'KÄSE-ß'],
    ['Windows-1252', Buffer.from(german, 'latin1'), 'windows-1252', 'KÄSE-ß'],
    ['UTF-16 little end first', wide, 'utf-16le', 'KÄSE-ß'],
    ['UTF-16 big end first', Buffer.from(wide).swap16(), 'utf-16be', 'KÄSE-ß'],
    ['UTF-16 without mark', Buffer.from(german, 'utf16le'), 'utf-16le', 'KÄSE-ß'],
    ['Shift-JIS', shiftJis, 'shift_jis', 'テスト'],
    ['CR LF', Buffer.from(german.replaceAll('\n', '\r\n')), 'utf-8', 'KÄSE-ß'],
  ];
  for (const [name, bytes, encoding, sku] of cases) {
    const { rows, facts } = await readAll(bytes, 97);
    assert.equal(rows[0]!.sku, sku, name);
    assert.equal(facts.encoding, encoding, name);
  }
});

test('header names in other order and case, columns more than known, and short lines are read', async () => {
  const order = [...columnNames].reverse();
  const lines = aFile({ rows: [{ amount: '10.00', sku: 'A' }] })
    .trimEnd()
    .split('\n')
    .map((line) => line.split('\t'));
  const text = lines
    .map((cells, index) =>
      [...order.map((name) => cells[columnNames.indexOf(name)]!), index === 0 ? 'something-new' : 'x'].join(
        '\t',
      ),
    )
    .join('\n')
    .replace(/^[^\n]*/, (names) => names.toUpperCase());
  const { rows } = await readAll(`\n${text}\n`);
  assert.equal(rows[0]!.sku, 'A');
  const short = aFile().replace(/\t+\n/g, '\n');
  assert.equal((await readAll(short)).rows.length, 1);
});

test('a damaged, truncated or foreign file is refused with line and reason', async () => {
  const good = aFile({ total: '20.00', rows: [{ amount: '10.00' }, { amount: '10.00' }] });
  const cases: [string, string | Uint8Array, string, RegExp][] = [
    ['empty', '', 'SETTLEMENT_FOREIGN', /empty/],
    [
      'cut between lines',
      good.slice(0, good.trimEnd().lastIndexOf('\n') + 1),
      'SETTLEMENT_SUM_DIFFERS',
      /1000 and its head says 2000.*1000 are missing/,
    ],
    ['cut within a line', good.slice(0, -40), 'SETTLEMENT_DAMAGED', /^Line 4: it is cut off/],
    ['cut after the names', good.slice(0, good.indexOf('\n') + 1), 'SETTLEMENT_DAMAGED', /^Line 2/],
    [
      'surplus cell',
      good.replace('Principal', 'Prin\tcipal'),
      'SETTLEMENT_DAMAGED',
      /^Line 3: it has 25 cells/,
    ],
    [
      'row of another settlement',
      good.replace(/\n17000000001(?=\t{6}Order)/, '\n17000000002'),
      'SETTLEMENT_DAMAGED',
      /^Line 3: it belongs to settlement 17000000002/,
    ],
    [
      'two files in one',
      good + good.split('\n').slice(1).join('\n'),
      'SETTLEMENT_DAMAGED',
      /^Line 5: a second control row/,
    ],
    [
      'no control row',
      good
        .split('\n')
        .filter((_, index) => index !== 1)
        .join('\n'),
      'SETTLEMENT_DAMAGED',
      /^Line 2/,
    ],
    [
      'another currency',
      good.replace('\t\t\t\t\t\tOrder', '\t\t\t\t\tEUR\tOrder'),
      'SETTLEMENT_DAMAGED',
      /currency is EUR/,
    ],
    ['broken gzip', gzipSync(good).subarray(0, 60), 'FILE_TRUNCATED', /gzip/],
    ['spreadsheet', Buffer.from('PK\u0003\u0004xxxxxxxx'), 'FILE_PACKED', /spreadsheet/],
    ['JSON', '{"a":1}\n', 'SETTLEMENT_FOREIGN', /JSON/],
    ['comma separated', good.replaceAll('\t', ','), 'SETTLEMENT_FOREIGN', /comma separated/],
    ['Walmart', 'Period Start Date,Period End Date,Total Payable\n', 'SETTLEMENT_FOREIGN', /Walmart/],
  ];
  for (const [name, bytes, code, words] of cases)
    await assert.rejects(readAll(bytes), refusal(code, words), name);
});

test('the old wide layout gives one row per amount, in V2’s words', async () => {
  const names =
    'settlement-id settlement-start-date settlement-end-date deposit-date total-amount currency transaction-type order-id merchant-order-id adjustment-id shipment-id marketplace-name shipment-fee-type shipment-fee-amount order-fee-type order-fee-amount fulfillment-id posted-date order-item-code merchant-order-item-id merchant-adjustment-item-id sku quantity-purchased price-type price-amount item-related-fee-type item-related-fee-amount misc-fee-amount other-fee-amount other-fee-reason-description promotion-id promotion-type promotion-amount direct-payment-type direct-payment-amount other-amount'.split(
      ' ',
    );
  const line = (cells: Record<string, string>) => names.map((name) => cells[name] ?? '').join('\t');
  const base = { 'settlement-id': '900001', 'posted-date': '2025-07-31T20:13:08+00:00' };
  const { header, rows, facts } = await readAll(
    [
      names.join('\t'),
      line({
        'settlement-id': '900001',
        'settlement-start-date': '2025-07-18T00:00:00+00:00',
        'settlement-end-date': '2025-08-01T00:00:00+00:00',
        'deposit-date': '2025-08-03T00:00:00+00:00',
        'total-amount': '2.00',
        currency: 'CAD',
      }),
      line({
        ...base,
        'transaction-type': 'Order',
        'order-id': 'O1',
        'price-type': 'Principal',
        'price-amount': '20.00',
        'item-related-fee-type': 'Commission',
        'item-related-fee-amount': '-3.00',
      }),
      line({ ...base, 'transaction-type': 'Storage Fee', 'other-amount': '-15.00' }),
      '',
    ].join('\n'),
  );
  assert.equal(header.total.minor, 200n);
  assert.equal(facts.format, 'v1');
  assert.deepEqual(
    rows.map((row) => [
      row.rowNumber,
      row.transactionType,
      row.amountType,
      row.amountDescription,
      row.amount.minor,
    ]),
    [
      [1, 'Order', 'ItemPrice', 'Principal', 2000n],
      [2, 'Order', 'ItemFees', 'Commission', -300n],
      [3, 'other-transaction', 'other-transaction', 'Storage Fee', -1500n],
    ],
  );
});
