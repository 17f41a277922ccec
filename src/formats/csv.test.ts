import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { readCsv, writeCsv } from './csv.ts';

test('what is written is read again, whatever it holds', () => {
  const cell = fc.string().map((text) => text.replaceAll('\r', ''));
  const rows = fc.array(
    fc.array(cell, { minLength: 2, maxLength: 4 }).filter((row) => row.some((one) => one !== '')),
  );
  fc.assert(
    fc.property(rows, (wanted) => {
      // A first line of semicolons alone would be taken for a file that is separated by them.
      const head = ['name', 'key'];
      assert.deepEqual(readCsv(writeCsv([head, ...wanted])), [head, ...wanted]);
    }),
  );
});

test('a file from a spreadsheet that separates by semicolons is understood', () => {
  assert.deepEqual(readCsv('\uFEFFname;key;value\r\nitem-alias;A,1;"B;2"\r\n\r\n'), [
    ['name', 'key', 'value'],
    ['item-alias', 'A,1', 'B;2'],
  ]);
});
