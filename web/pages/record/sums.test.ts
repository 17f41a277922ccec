import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Amounts, RemoteDocument } from '../../../src/api/contract/records.ts';
import { differencesOf, leavesOf } from './flatten.ts';
import { sumsOf } from './sums.ts';

const line = (
  key: string,
  role: Amounts['lines'][number]['role'],
  channel: string,
  document: string | null,
) => ({
  key,
  role,
  sku: null,
  label: null,
  quantity: 1,
  channel,
  document,
});
const amounts: Amounts = {
  currency: 'USD',
  lines: [
    line('1', 'item', '20.00', '20.00'),
    line('1:discount', 'discount', '-2.50', '-2.50'),
    line('1:tax', 'kept-tax', '1.40', null),
  ],
  channelTotal: '18.90',
  keptTax: '1.40',
  documentTotal: '17.50',
  difference: '0.00',
};
const remoteLine = (number: number, key: string | null, amount: string) => ({
  line: number,
  key,
  itemId: '7',
  item: 'Mug',
  quantity: 1,
  quantityFulfilled: 0,
  closed: false,
  amount,
});
const remote = (total: string, lines: RemoteDocument['lines']): RemoteDocument => ({
  readAt: '2026-11-25T00:00:00.000Z',
  status: 'open',
  number: 'SO1',
  currency: 'USD',
  total,
  lines,
});

describe('amounts side by side', () => {
  test('lines of NetSuite are found by their key, whatever their order', () => {
    const sums = sumsOf(
      amounts,
      remote('17.5', [remoteLine(1, '1:discount', '-2.5'), remoteLine(2, '1', '20')]),
    );
    assert.deepEqual(
      sums.rows.map((row) => [row.key, row.erp]),
      [
        ['1', '20'],
        ['1:discount', '-2.5'],
        ['1:tax', null],
      ],
    );
    assert.deepEqual([sums.expected, sums.documentFits, sums.erpFits], ['17.5', true, true]);
  });

  test('without keys the lines stand in the order in which they were written', () => {
    const sums = sumsOf(
      amounts,
      remote('17.50', [remoteLine(1, null, '20.00'), remoteLine(2, null, '-2.50')]),
    );
    assert.deepEqual(
      sums.rows.map((row) => row.erp),
      ['20.00', '-2.50', null],
    );
  });

  test('what NetSuite has besides is shown, and a cent too much is no match', () => {
    const sums = sumsOf(
      amounts,
      remote('18.51', [
        remoteLine(1, '1', '20'),
        remoteLine(2, '1:discount', '-2.5'),
        remoteLine(3, null, '1.00'),
      ]),
    );
    assert.deepEqual(
      sums.rows.slice(3).map((row) => [row.role, row.erp]),
      [
        ['only-erp', '1.00'],
        ['erp-tax', '0.01'],
      ],
    );
    assert.equal(sums.erpFits, false);
  });

  test('an order that could not be mapped claims nothing', () => {
    const sums = sumsOf({ ...amounts, documentTotal: null, difference: null }, undefined);
    assert.deepEqual([sums.documentFits, sums.erpFits], [null, null]);
  });
});

describe('the values of a document', () => {
  test('have paths as the API names them', () => {
    assert.deepEqual(
      leavesOf({ item: { items: [{ rate: 1 }] }, empty: {}, none: null }).map((leaf) => leaf.path),
      ['item.items[0].rate', 'empty', 'none'],
    );
  });

  test('differ where one changed, came or went', () => {
    assert.deepEqual(differencesOf({ a: 1, b: [1, 2], c: 'x' }, { a: 1, b: [1], d: 'y' }), [
      { path: 'b[1]', before: 2, after: undefined },
      { path: 'c', before: 'x', after: undefined },
      { path: 'd', before: undefined, after: 'y' },
    ]);
  });
});
