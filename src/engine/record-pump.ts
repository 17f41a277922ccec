// How do a flow's records move? Due ones are claimed in batches, delivered together, and settled one by one; a second
// batch is looked up while the first one writes. Next: attempt.ts, settler.ts.

import { errand } from '../http/send.ts';
import type { Priority } from '../http/tools.ts';
import { attempt, type Delivered, type Verdict } from './attempt.ts';
import { Bell } from './bell.ts';
import { Lanes } from './lanes.ts';
import { attemptsMax, leaseMs, lookMs, type Pump } from './pump.ts';
import { type ClaimedRecord, claimRecords, nextDue } from './store.ts';

/** Records claimed together; item and duplicate look-ups are shared by a batch. */
const batchMax = 200;
/** Records under way in one flow of one worker: two batches, so that one looks up while the other writes. */
const underWayMax = 400;
/** So many must have room before the next claim: every batch costs its look-ups. */
const batchMin = 200;

/**
 * Records of a flow in hand at once: more than any account allows calls in flight, few enough that a document is made
 * shortly before it is sent, and not two hundred of them while answers wait to be read.
 */
const inHandMax = 64;

/** Claims and delivers until the pump stops; `held` are the ids claimed and not yet settled. */
export async function pumpRecords(pump: Pump, held: Set<bigint>): Promise<void> {
  const { clock } = pump.parts;
  const underWay = new Set<Promise<void>>();
  const room = () => Math.min(batchMax, underWayMax - held.size);
  const freed = new Bell();
  const lanes = new Lanes(inHandMax);
  const settled = (record: ClaimedRecord) => {
    held.delete(record.id);
    if (room() >= batchMin) freed.ring();
  };
  try {
    while (pump.live()) {
      const [heard, heardFreed] = [pump.bell.rung, freed.rung];
      if (room() < batchMin) {
        await freed.wait(heardFreed, lookMs, { clock, stop: pump.stop });
        continue;
      }
      const claimed = await claim(pump, room());
      if (claimed.length === 0) {
        const due = (await nextDue(pump.parts.db, pump.flow.id))?.getTime() ?? Number.POSITIVE_INFINITY;
        const waitMs = Math.min(Math.max(due - clock.now().getTime(), 50), lookMs);
        await pump.bell.wait(heard, waitMs, { clock, stop: pump.stop });
        continue;
      }
      for (const record of claimed) held.add(record.id);
      const batch = deliverBatch(pump, claimed, { lanes, settled }).finally(() => underWay.delete(batch));
      underWay.add(batch);
    }
  } finally {
    await Promise.all(underWay);
  }
}

function claim({ parts, flow }: Pump, limit: number): Promise<readonly ClaimedRecord[]> {
  const now = parts.clock.now();
  const leaseUntil = new Date(now.getTime() + leaseMs);
  return claimRecords(parts.db, flow.id, { limit, workerId: parts.workerId, now, leaseUntil });
}

async function deliverBatch(
  pump: Pump,
  claimed: readonly ClaimedRecord[],
  { lanes, settled }: { readonly lanes: Lanes; readonly settled: (record: ClaimedRecord) => void },
): Promise<void> {
  const { parts, kind, open } = pump;
  const startedAt = parts.clock.now();
  const priority: Priority = kind.id === 'shipments.export' ? 'urgent' : 'normal';
  let answers: ReadonlyMap<bigint, () => Promise<Delivered>>;
  try {
    const documents = await parts.readDocuments(open as never, claimed);
    // The look-ups of a batch go before single writes: behind them they would leave the slots empty later.
    answers = await errand.run({ priority: 'urgent' }, () => kind.deliver(open, documents));
  } catch (thrown) {
    answers = new Map(claimed.map((record) => [record.id, () => Promise.reject(thrown)]));
  }
  const unanswered = () => Promise.reject(new Error('The flow gave no answer for this record.'));
  await Promise.all(
    claimed.map(async (record) => {
      const verdict = await lanes.run(() =>
        errand.run({ recordId: record.id, priority }, () =>
          attempt(answers.get(record.id) ?? unanswered, {
            attempts: record.attempts,
            attemptsMax,
            now: parts.clock.now(),
          }),
        ),
      );
      await settle(pump, { record, verdict, startedAt });
      settled(record);
    }),
  );
}

async function settle(
  { parts, breakOff }: Pump,
  {
    record,
    verdict,
    startedAt,
  }: { readonly record: ClaimedRecord; readonly verdict: Verdict; readonly startedAt: Date },
): Promise<void> {
  try {
    await parts.settler.settle({ record, verdict, startedAt, finishedAt: parts.clock.now() });
  } catch (error) {
    // Not committed: the lease runs out and the record is looked up before anything is sent again.
    parts.log('error', `The outcome of ${record.key} could not be written; it is looked up again.`, {
      error: String(error),
    });
  }
  if (verdict.pausesConnection && verdict.problem) await breakOff(verdict.problem);
}
