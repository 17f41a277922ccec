import assert from 'node:assert/strict';
import { it } from 'node:test';
import { makeClock } from '../core/clock.ts';
import { Bell } from './bell.ts';

const never = { clock: makeClock(), stop: new AbortController().signal };

it('who sleeps is woken, and who looked before it rang does not sleep', async () => {
  const bell = new Bell();
  const heard = bell.rung;
  const sleeping = bell.wait(heard, 3_600_000, never);
  bell.ring();
  await sleeping;
  await bell.wait(heard, 3_600_000, never);
  assert.equal(bell.rung, 1);
});

it('stopping wakes every sleeper', async () => {
  const bell = new Bell();
  const stop = new AbortController();
  const sleeping = bell.wait(bell.rung, 3_600_000, { clock: makeClock(), stop: stop.signal });
  stop.abort();
  await sleeping;
});
