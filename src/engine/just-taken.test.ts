import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { Order } from '../core/order.ts';
import { JustTaken } from './just-taken.ts';

const taken = (id: string) => ({ via: 'search', order: { id } as Order });

it('an order just stored is handed on once', () => {
  const justTaken = new JustTaken();
  justTaken.put(1n, taken('a'));
  assert.equal(justTaken.take(1n)?.order.id, 'a');
  assert.equal(justTaken.take(1n), undefined);
});

it('a sweep far ahead does not fill the memory: the first ones stay, the rest is read from the archive', () => {
  const justTaken = new JustTaken();
  for (let id = 0n; id < 5_000n; id++) justTaken.put(id, taken(String(id)));
  let kept = 0;
  for (let id = 0n; id < 5_000n; id++) if (justTaken.take(id)) kept++;
  assert.equal(kept, 500);
  justTaken.put(9_000n, taken('new'));
  assert.equal(justTaken.take(9_000n)?.order.id, 'new');
});
