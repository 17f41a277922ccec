import assert from 'node:assert/strict';
import { it } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { Lanes } from './lanes.ts';

it('never more at once than there are lanes, in the order they came, also after one that failed', async () => {
  const lanes = new Lanes(3);
  const begun: number[] = [];
  let now = 0;
  let most = 0;
  const results = await Promise.allSettled(
    Array.from({ length: 20 }, (_, index) =>
      lanes.run(async () => {
        begun.push(index);
        most = Math.max(most, ++now);
        await setImmediate();
        now--;
        if (index === 2) throw new Error('no');
        return index;
      }),
    ),
  );
  assert.equal(most, 3);
  assert.deepEqual(
    begun,
    [...begun].sort((a, b) => a - b),
  );
  assert.equal(results.filter(({ status }) => status === 'fulfilled').length, 19);
});
