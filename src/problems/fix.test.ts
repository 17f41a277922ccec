import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { fixOf } from './fix.ts';

const problem = {
  code: 'X_Y',
  class: 'value',
  kind: 'error',
  field: null,
  flowId: 'f',
  connectionId: 'c',
  facts: {},
};

describe('what takes a cause away', () => {
  test('a missing lookup row is offered with its key and the list to choose from', () => {
    assert.deepEqual(
      fixOf({ ...problem, code: 'ITEM_UNKNOWN', facts: { lookup: 'item-alias', key: 'AB-1' } }),
      { kind: 'lookup', lookup: 'item-alias', key: 'AB-1', list: 'item' },
    );
    assert.deepEqual(
      fixOf({ ...problem, code: 'LOOKUP_MISSING', facts: { lookup: 'location-by-state', key: 'CA' } }),
      { kind: 'lookup', lookup: 'location-by-state', key: 'CA', list: null },
    );
  });

  test('a broken connection is tested, a missing item for charges is chosen', () => {
    assert.deepEqual(
      fixOf({ ...problem, code: 'TOKEN_REFUSED', class: 'connection', flowId: null, connectionId: 'amazon' }),
      { kind: 'test-connection', connectionId: 'amazon' },
    );
    assert.deepEqual(fixOf({ ...problem, code: 'CHARGE_ITEM_MISSING', facts: { role: 'shipping' } }), {
      kind: 'setting',
      path: 'items.shipping',
      list: 'item',
    });
  });

  test('a wrong value is edited, a task is done by a person, anything else is retried', () => {
    assert.equal(fixOf({ ...problem, code: 'TOTALS_DIFFER' }).kind, 'edit');
    assert.equal(fixOf({ ...problem, code: 'CANCELLATION_REQUESTED', kind: 'task' }).kind, 'done');
    assert.equal(fixOf({ ...problem, code: 'RECORD_LOCKED', class: 'intermittent' }).kind, 'retry');
  });
});
