// Who reads the orders that are wanted one by one? This pump, as fast as the quota for single orders allows.
import type { OrderSource } from '../channels/channel.ts';
import { asSyncError, ThrottledError } from '../core/errors.ts';
import { errand } from '../http/send.ts';
import { backoff, verdictOf } from './attempt.ts';
import { attemptsMax, leaseMs, lookMs, type Pump } from './pump.ts';
import { claimFetches, dropFetch, postponeFetch } from './tasks/store.ts';

/** Single orders asked for side by side; the quota, not this, is what limits them. */
const sideBySide = 8;

/** Reads wanted orders until the pump stops. */
export async function pumpFetches(pump: Pump): Promise<void> {
  const source = pump.open.channel.orders;
  if (pump.flow.kind !== 'orders.import' || !source) return;
  const { db, clock } = pump.parts;
  while (pump.live()) {
    const heard = pump.bell.rung;
    const now = clock.now();
    const leaseUntil = new Date(now.getTime() + leaseMs);
    const fetches = await claimFetches(db, pump.flow.id, sideBySide, now, leaseUntil);
    if (fetches.length === 0) {
      await pump.bell.wait(heard, lookMs, { clock, stop: pump.stop });
      continue;
    }
    const resumed = await Promise.all(fetches.map(({ key }) => fetchOne(pump, source, key)));
    const resumeAt = resumed.reduce((latest, at) => Math.max(latest, at?.getTime() ?? 0), 0);
    if (resumeAt > 0) await clock.sleep(resumeAt - clock.now().getTime(), pump.stop);
  }
}

/** Reads and stores one order; returns the moment the quota allows the next when it is spent. */
async function fetchOne(
  { parts, flow, open, breakOff }: Pump,
  source: OrderSource,
  key: string,
): Promise<Date | undefined> {
  const { db, clock } = parts;
  const askedAt = clock.now();
  try {
    const document = await errand.run({ priority: 'urgent' }, () => source.one(key));
    if (document)
      await open.journal.take({
        kind: 'order',
        via: 'single',
        documents: [document],
        priority: 0,
        answers: key,
      });
    else await dropFetch(db, flow.id, key);
    return undefined;
  } catch (thrown) {
    const error = asSyncError(thrown);
    if (error instanceof ThrottledError) {
      // The pump itself waits for the quota; the wish stays due, so that the most urgent one goes first then.
      await postponeFetch(db, flow.id, key, askedAt);
      return error.retryAt;
    }
    const now = clock.now();
    const at = verdictOf(error, { attempts: 1, attemptsMax, now }).at ?? backoff(now, 5);
    await postponeFetch(db, flow.id, key, at);
    if (error.action === 'pause') await breakOff(error);
    return undefined;
  }
}
