// How does the channel learn new figures? Few and urgent ones singly, many in bulk; per SKU one update at a time, always
// the newest figure, and a lost answer is waited out before anything is sent again: so no older figure can ever arrive
// after a newer one. Reads and marks: stock/store.ts · sends: channels/<name>/stock.ts.
import type { StockSink } from '../../channels/channel.ts';
import {
  asSyncError,
  OutcomeUnknownError,
  RecordError,
  type SyncError,
  ThrottledError,
} from '../../core/errors.ts';
import type { OpenFlow } from '../flow.ts';
import type { OpenFeed, TakenOffer } from './book.ts';
import type { StockSettings } from './settings.ts';

const minuteMs = 60_000;
/** A call that broke off can still take effect this long after it was made (the client's own time-out and a margin). */
const lostCallMs = 3 * minuteMs;
/** A call that was answered, though with a fault, is over. */
const answeredCallMs = 5_000;
/** A feed that was being sent when the process died is looked for at the channel after this long. */
const lostFeedMs = 5 * minuteMs;
/** How often a feed that is being worked off is asked about, at first. */
const feedLookMs = 10_000;
/** Updates under way at once; the quota decides how fast they go. */
const parallel = 8;
/** One round of single updates ends after about this many, so that new falls are not stuck behind old rises. */
const singlesPerRound = 100;
/** A refused figure is tried again after 10 minutes, then ever later, at most once a day. */
const retryAt = (now: Date) => (refusals: number) =>
  new Date(now.getTime() + Math.min(24 * 60, 10 * 2 ** Math.min(refusals, 8)) * minuteMs);

/** Notices are asked for every few seconds, orders are swept every few minutes: older than this, something is wrong. */
const noticesOldMs = minuteMs;
const sweepsOldMs = 15 * minuteMs;

export interface PushCounts {
  single: number;
  bulk: number;
  refused: number;
  lost: number;
}

/** Sends what is due; returns what was done and whether more is waiting. */
export async function pushStock(
  flow: OpenFlow<StockSettings>,
  sink: StockSink,
  signal: AbortSignal,
): Promise<{ readonly counts: PushCounts; readonly more: boolean }> {
  const counts: PushCounts = { single: 0, bulk: 0, refused: 0, lost: 0 };
  const now = flow.clock.now();
  counts.lost += await flow.stock.loseExpired(new Date(now.getTime() + lostCallMs));
  await lookAtFeeds(flow, sink, counts);
  const which = (await isFresh(flow)) ? 'all' : 'falls';
  const limit = singlesPerRound + sink.bulkMax;
  let due = await flow.stock.due(limit, which);
  const many = due.count > flow.settings.bulkFrom;
  // The most urgent go singly: a figure in a feed is live only when the channel has worked it off.
  while (many && due.count > singlesPerRound) {
    if (!(await pushBulk(flow, sink, due.first.slice(singlesPerRound), counts))) break;
    due = await flow.stock.due(limit, which);
  }
  const singles = due.first.slice(0, many ? singlesPerRound : flow.settings.bulkFrom);
  await pushSingles(flow, sink, singles, { counts, signal });
  return { counts, more: due.count > singles.length };
}

/**
 * A figure worked out before an outage may promise what was sold or counted away meanwhile. Lower figures are always
 * safe to send; higher ones wait until stock and orders have been read again.
 */
async function isFresh(flow: OpenFlow<StockSettings>): Promise<boolean> {
  // Notices tell of new orders within seconds; without them only sweeps do.
  const noticed = flow.channel.orders?.hints !== undefined;
  const known = await flow.stock.knownUntil(noticed ? ['hints'] : ['sweep']);
  const now = flow.clock.now().getTime();
  const ordersOldMs = noticed ? noticesOldMs : sweepsOldMs;
  return (
    now - (known.levels?.getTime() ?? 0) < 3 * flow.settings.levelsEverySeconds * 1000 &&
    now - (known.orders?.getTime() ?? 0) < ordersOldMs
  );
}

async function pushSingles(
  flow: OpenFlow<StockSettings>,
  sink: StockSink,
  wanted: readonly TakenOffer[],
  { counts, signal }: { readonly counts: PushCounts; readonly signal: AbortSignal },
): Promise<void> {
  const queue = [...wanted];
  let pausedUntil: Date | undefined;
  let broken: SyncError | undefined;
  const work = async () => {
    for (;;) {
      if (signal.aborted || pausedUntil || broken) return;
      const next = queue.shift();
      if (next === undefined) return;
      const until = new Date(flow.clock.now().getTime() + lostCallMs);
      // Taken anew: the figure may have changed since the list was made, and then the newer one goes out.
      const [offer] = (await flow.stock.take([next.sku], until)).offers;
      if (offer === undefined) continue;
      try {
        await sink.send(offer);
        await flow.stock.settle([{ ...offer, accepted: true }], 'single', retryAt(flow.clock.now()));
        counts.single++;
      } catch (thrown) {
        const error = asSyncError(thrown);
        const now = flow.clock.now();
        if (error instanceof RecordError) {
          counts.refused++;
          await flow.stock.settle(
            [{ ...offer, accepted: false, message: error.message }],
            'single',
            retryAt(now),
          );
        } else if (error instanceof OutcomeUnknownError) {
          counts.lost++;
          const answered = error.facts['status'] !== undefined;
          const waitMs = answered ? answeredCallMs : lostCallMs;
          await flow.stock.lose([offer], 'single', new Date(now.getTime() + waitMs));
        } else {
          await flow.stock.putBack([offer], now);
          if (error instanceof ThrottledError) pausedUntil = error.retryAt;
          else if (error.action !== 'retry') broken = error;
        }
      }
    }
  };
  await Promise.all(Array.from({ length: parallel }, work));
  if (broken) throw broken;
}

async function pushBulk(
  flow: OpenFlow<StockSettings>,
  sink: StockSink,
  offers: readonly TakenOffer[],
  counts: PushCounts,
): Promise<boolean> {
  const now = flow.clock.now();
  const made = await flow.stock.feedsSince(new Date(now.getTime() - sink.bulkWindow.ms));
  if (made >= sink.bulkWindow.count) return false;
  const skus = offers.slice(0, sink.bulkMax).map((offer) => offer.sku);
  if (skus.length === 0) return false;
  const taken = await flow.stock.take(skus, new Date(now.getTime() + lostFeedMs), 'feed');
  if (taken.feedId === undefined) return false;
  if (taken.offers.length === 0) {
    await flow.stock.feedLost(taken.feedId, now);
    return false;
  }
  try {
    const ticket = await sink.submit(taken.offers);
    await flow.stock.feedSubmitted(taken.feedId, ticket, new Date(flow.clock.now().getTime() + feedLookMs));
    counts.bulk += taken.offers.length;
    return true;
  } catch (thrown) {
    const error = asSyncError(thrown);
    // Nobody knows whether the feed exists: it stays as it is, and is looked for at the channel (lookAtFeed).
    if (error instanceof OutcomeUnknownError) counts.lost += taken.offers.length;
    else {
      const at = error instanceof ThrottledError ? error.retryAt : new Date(now.getTime() + minuteMs);
      await flow.stock.feedLost(taken.feedId, at);
      if (error.action === 'pause') throw error;
    }
    return false;
  }
}

/** The channel works feeds off one after another, so only the oldest is asked about, and the next once that is done. */
async function lookAtFeeds(
  flow: OpenFlow<StockSettings>,
  sink: StockSink,
  counts: PushCounts,
): Promise<void> {
  for (let feed = await flow.stock.oldestFeed(); feed; feed = await flow.stock.oldestFeed()) {
    if (feed.lookAt.getTime() > flow.clock.now().getTime()) return;
    await lookAtFeed(flow, sink, feed, counts);
  }
}

/** What has become of a feed: worked off, thrown away, or one whose ticket was lost with the process that sent it. */
async function lookAtFeed(
  flow: OpenFlow<StockSettings>,
  sink: StockSink,
  feed: OpenFeed,
  counts: PushCounts,
): Promise<void> {
  const now = flow.clock.now();
  const ticket = feed.ticket ?? (await findTicket(flow, sink, feed));
  if (ticket === 'unclear') {
    await flow.stock.feedLooked(feed.id, new Date(now.getTime() + minuteMs));
    return;
  }
  if (ticket === undefined) {
    await flow.stock.feedLost(feed.id, now);
    return;
  }
  try {
    const outcome = await sink.collect(ticket);
    if (outcome.state === 'working')
      // Feeds take minutes, sometimes hours: then asking more rarely keeps the quota for others.
      await flow.stock.feedLooked(
        feed.id,
        new Date(now.getTime() + (feed.looks < 60 ? feedLookMs : minuteMs)),
      );
    else if (outcome.state === 'failed') await flow.stock.feedLost(feed.id, now);
    else {
      counts.refused += outcome.refused.length;
      await flow.stock.feedDone(feed.id, outcome.refused, retryAt(now));
    }
  } catch (thrown) {
    const error = asSyncError(thrown);
    if (error.action === 'pause') throw error;
    const at = error instanceof ThrottledError ? error.retryAt : new Date(now.getTime() + minuteMs);
    await flow.stock.feedLooked(feed.id, at);
  }
}

/**
 * The ticket of a feed whose answer was lost. One feed of the account that is not ours must be it; none means it was
 * never made; while several are unfinished, nothing is sent for its SKUs until the channel is through with all of them.
 */
async function findTicket(
  flow: OpenFlow<StockSettings>,
  sink: StockSink,
  feed: OpenFeed,
): Promise<string | 'unclear' | undefined> {
  const known = await flow.stock.knownTickets();
  const strangers = (await sink.ticketsSince(feed.createdAt)).filter(({ ticket }) => !known.has(ticket));
  if (strangers.length === 0) return undefined;
  const [only] = strangers;
  if (strangers.length === 1 && only) {
    await flow.stock.feedSubmitted(feed.id, only.ticket, flow.clock.now());
    return only.ticket;
  }
  return strangers.every((stranger) => stranger.finished) ? undefined : 'unclear';
}
