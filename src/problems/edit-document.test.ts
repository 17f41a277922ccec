import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { RecordError } from '../core/errors.ts';
import { changeDocument, valuesOf } from './edit-document.ts';

const order = { id: 'A-1', items: [{ sku: 'AB', quantity: 2, gift: false, note: null }], total: '10.00' };

describe('editing a document', () => {
  test('every single value is listed with its path and kind', () => {
    assert.deepEqual(
      valuesOf(order).map(({ path, kind }) => `${path} ${kind}`),
      [
        'id text',
        'items[0].sku text',
        'items[0].quantity number',
        'items[0].gift truth',
        'items[0].note nothing',
        'total text',
      ],
    );
  });

  test('changed values keep their kind and the original is left alone', () => {
    const edited = changeDocument(order, [
      { path: 'items[0].sku', value: 'CD' },
      { path: 'items[0].quantity', value: '3' },
      { path: 'items[0].gift', value: 'true' },
      { path: 'items[0].note', value: 'fragile' },
    ]);
    assert.deepEqual(edited, {
      id: 'A-1',
      items: [{ sku: 'CD', quantity: 3, gift: true, note: 'fragile' }],
      total: '10.00',
    });
    assert.equal(order.items[0]!.sku, 'AB');
  });

  test('a path that is not there, a branch and a prototype are refused by name', () => {
    for (const path of ['items[1].sku', 'items', 'nothing', '__proto__.polluted', 'items[0].constructor', ''])
      assert.throws(
        () => changeDocument(order, [{ path, value: 'x' }]),
        (error) => error instanceof RecordError && error.code === 'EDIT_PATH_UNKNOWN',
        path,
      );
  });

  test('a number stays a number', () => {
    assert.throws(
      () => changeDocument(order, [{ path: 'items[0].quantity', value: 'many' }]),
      (error) => error instanceof RecordError && error.code === 'EDIT_VALUE_INVALID',
    );
  });
});
