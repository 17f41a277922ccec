// How are new and changed orders found? A sweep by last update with a cursor that moves only with what is stored,
// re-sweeps that catch what was missed, notices as hints, and the order report when searching would take hours.
import { SyncError, ThrottledError } from '../../core/errors.ts';
import type { OpenFlow, TaskRequest, TaskResult } from '../flow.ts';
import type { OrdersSettings } from './settings.ts';

/** Where a sweep stands. `page` continues a search; `until` of a finished sweep is where the next one starts. */
interface SweepCursor {
  readonly from: string;
  readonly page?: string;
  /** When the search that `page` continues began: its tokens live a day. */
  readonly searchedAt?: string;
  readonly pages?: number;
  /** A report is under way beside the search: then only orders that need an address are searched for. */
  readonly report?: {
    readonly ticket: string;
    readonly to: string;
    readonly requestedAt: string;
    /** How often its document could not be read. */
    readonly failures?: number;
  };
  /** A report was refused or useless: until then only the search is used. */
  readonly searchOnlyUntil?: string;
  readonly toShipOnly?: boolean;
  /** The search beside a report has read all it can. */
  readonly searched?: boolean;
}

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
/** Beside a long gap, this many pages are read before the report is asked for: small shops never need it. */
const pagesBeforeReport = 5;
/** A report is asked about this often; Amazon allows two questions a second (spapi.md §3.13). */
const reportPollMs = 20_000;
/** A report that is not ready after this long is given up; searching goes on. */
const reportPatienceMs = 3 * hourMs;
/** A marketplace that refuses its own page tokens again is left alone this long. */
const pageRestMs = 5 * minuteMs;
/** A report that was refused or cancelled cools down this long before another is asked for (features.md §2). */
const reportRestMs = 30 * minuteMs;
/** Tries to read a report's document before it is given up. */
const reportReadsMax = 3;
/** Page tokens live 24 hours (spapi.md §2.1); an hour before that a search begins again. */
const pageLifeMs = 23 * hourMs;
/** Order reports cover at most 30 days (spapi.md §3.13). */
const reportWindowMs = 30 * 24 * hourMs;

/** A sweep over a window of the past: its own cursor, thrown away when it is through. */
export async function resweep(
  flow: OpenFlow<OrdersSettings>,
  name: string,
  hours: number,
  request: TaskRequest,
): Promise<TaskResult> {
  const standing = await flow.journal.cursor<SweepCursor>(name);
  const from = request.from ?? new Date(flow.clock.now().getTime() - hours * hourMs);
  const result = await sweep(flow, name, { ...request, ...(standing ? {} : { from }) });
  if (result.continueAt === undefined) await flow.journal.dropCursor(name);
  return result;
}

export async function sweep(
  flow: OpenFlow<OrdersSettings>,
  name: string,
  request: TaskRequest,
): Promise<TaskResult> {
  const counts = { pages: 0, orders: 0, renewed: 0 };
  let cursor = await startOf(flow, name, request);
  const startedAt = flow.clock.now().getTime();
  let begunAgain = false;
  const searchAt = (at: SweepCursor) =>
    flow.channel.orders!.search({
      from: new Date(at.from),
      ...(at.page === undefined ? {} : { page: at.page }),
      ...(at.toShipOnly ? { onlyToShip: true } : {}),
    });
  const wantsReport = (at: SweepCursor) =>
    !at.report &&
    startedAt - Date.parse(at.from) > flow.settings.backlogAfterHours * hourMs &&
    (at.pages ?? 0) >= pagesBeforeReport &&
    mayAskReport(flow, at);
  let ahead: { readonly page: string; readonly answer: ReturnType<typeof searchAt> } | undefined;
  while (!request.signal.aborted) {
    if (cursor.report) {
      const outcome = await takeReport(flow, name, cursor, counts);
      if (outcome === 'taken') return done(counts);
      if (outcome === 'useless') {
        // Never “no data”: without the report the search goes on from where the sweep began.
        const until = new Date(flow.clock.now().getTime() + reportRestMs);
        cursor = { from: cursor.from, pages: 0, searchOnlyUntil: until.toISOString() };
        await flow.journal.moveCursor(name, cursor);
        continue;
      }
      if (cursor.searched) return done(counts, new Date(flow.clock.now().getTime() + reportPollMs));
    }
    if (wantsReport(cursor)) {
      const report = await requestReport(flow, cursor);
      if (report) {
        cursor = { from: cursor.from, report, toShipOnly: true, pages: cursor.pages ?? 0 };
        await flow.journal.moveCursor(name, cursor);
        continue;
      }
    }
    try {
      const asked = ahead !== undefined && ahead.page === cursor.page ? ahead.answer : searchAt(cursor);
      ahead = undefined;
      const page = await asked;
      const next: SweepCursor =
        page.nextPage !== undefined
          ? {
              ...cursor,
              page: page.nextPage,
              searchedAt: cursor.searchedAt ?? flow.clock.now().toISOString(),
              pages: (cursor.pages ?? 0) + 1,
            }
          : cursor.report
            ? { from: cursor.from, report: cursor.report, toShipOnly: true, searched: true }
            : { from: overlapped(page.seenUntil, flow.settings).toISOString() };
      if (page.nextPage !== undefined && !next.report && !wantsReport(next)) {
        // Read while this page is stored; should it fail, that is seen when its turn comes.
        ahead = { page: page.nextPage, answer: searchAt(next) };
        ahead.answer.catch(() => undefined);
      }
      counts.renewed += await flow.journal.take({
        kind: 'order',
        via: 'search',
        documents: page.documents,
        priority: name === 'sweep' ? 1 : 2,
        cursor: { name, value: next },
      });
      counts.pages++;
      counts.orders += page.documents.length;
      const finished = page.nextPage === undefined && !cursor.report;
      cursor = next;
      if (finished) return done(counts);
    } catch (thrown) {
      if (isPageRefused(thrown) && cursor.page !== undefined) {
        // The token is worthless: what it pointed to is searched for again from the beginning, nothing is passed over.
        cursor = withoutPage(cursor);
        await flow.journal.moveCursor(name, cursor);
        if (!begunAgain) {
          begunAgain = true;
          continue;
        }
        return done(counts, new Date(flow.clock.now().getTime() + pageRestMs));
      }
      if (!(thrown instanceof ThrottledError)) throw thrown;
      // The search quota is spent; with more to come, the report is the faster way (limits-and-faults.md).
      if (!cursor.report && cursor.page !== undefined && mayAskReport(flow, cursor)) {
        const report = await requestReport(flow, cursor);
        if (report) {
          cursor = { from: cursor.from, report, toShipOnly: true, searched: true };
          await flow.journal.moveCursor(name, cursor);
          continue;
        }
      }
      if (cursor.report)
        return done(
          counts,
          new Date(Math.min(thrown.retryAt.getTime(), flow.clock.now().getTime() + reportPollMs)),
        );
      return done(counts, thrown.retryAt);
    }
  }
  return done(counts, flow.clock.now());
}

function done(counts: { pages: number; orders: number; renewed: number }, continueAt?: Date): TaskResult {
  const told = Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0));
  return {
    counts: told.renewed === undefined && told.orders === undefined ? {} : told,
    ...(continueAt ? { continueAt } : {}),
  };
}

async function startOf(
  flow: OpenFlow<OrdersSettings>,
  name: string,
  request: TaskRequest,
): Promise<SweepCursor> {
  if (request.from) return { from: request.from.toISOString() };
  const cursor = (await flow.journal.cursor<SweepCursor>(name)) ?? { from: flow.settings.goLiveAt };
  const searchedAt = Date.parse(cursor.searchedAt ?? '');
  return flow.clock.now().getTime() - searchedAt > pageLifeMs ? withoutPage(cursor) : cursor;
}

function withoutPage({ page: _page, searchedAt: _searchedAt, ...rest }: SweepCursor): SweepCursor {
  return { ...rest, pages: 0 };
}

/** The marketplace refused the page token itself, not the question. */
function isPageRefused(thrown: unknown): boolean {
  return thrown instanceof SyncError && thrown.code === 'PAGE_EXPIRED';
}

function overlapped(seenUntil: Date, settings: OrdersSettings): Date {
  return new Date(seenUntil.getTime() - settings.overlapMinutes * minuteMs);
}

async function requestReport(
  flow: OpenFlow<OrdersSettings>,
  cursor: SweepCursor,
): Promise<SweepCursor['report'] | undefined> {
  const now = flow.clock.now();
  const from = Date.parse(cursor.from);
  const to = new Date(Math.min(now.getTime() - 2 * minuteMs, from + reportWindowMs));
  try {
    const ticket = await flow.channel.orders!.backlog!.request(new Date(from), to);
    return { ticket, to: to.toISOString(), requestedAt: now.toISOString() };
  } catch (thrown) {
    if (thrown instanceof ThrottledError) return undefined;
    throw thrown;
  }
}

function mayAskReport(flow: OpenFlow<OrdersSettings>, cursor: SweepCursor): boolean {
  return (
    flow.channel.orders!.backlog !== undefined &&
    !(Date.parse(cursor.searchOnlyUntil ?? '') > flow.clock.now().getTime())
  );
}

/** Takes a finished report in batches. The cursor moves once every row is stored; killed before, it is read again. */
async function takeReport(
  flow: OpenFlow<OrdersSettings>,
  name: string,
  cursor: SweepCursor,
  counts: { pages: number; orders: number; renewed: number },
): Promise<'taken' | 'working' | 'useless'> {
  const report = cursor.report!;
  const backlog = flow.channel.orders!.backlog!;
  let outcome: Awaited<ReturnType<typeof backlog.state>>;
  try {
    outcome = await backlog.state(report.ticket);
  } catch (thrown) {
    if (thrown instanceof ThrottledError) return 'working';
    throw thrown;
  }
  const tooLong = flow.clock.now().getTime() - Date.parse(report.requestedAt) > reportPatienceMs;
  if (outcome.state === 'working' && !tooLong) return 'working';
  if (outcome.state === 'unusable' || outcome.state === 'working') return 'useless';
  if (outcome.state === 'ready')
    try {
      for await (const documents of backlog.read(outcome.documentId!)) {
        counts.renewed += await flow.journal.take({ kind: 'order', via: 'report', documents, priority: 2 });
        counts.orders += documents.length;
      }
      counts.pages++;
    } catch (thrown) {
      if (thrown instanceof ThrottledError) return 'working';
      // A link may break once; a document that stays damaged must not hold the sweep for ever.
      const failures = (report.failures ?? 0) + 1;
      if (failures >= reportReadsMax) return 'useless';
      await flow.journal.moveCursor(name, { ...cursor, report: { ...report, failures } });
      throw thrown;
    }
  await flow.journal.moveCursor(name, {
    from: overlapped(new Date(report.to), flow.settings).toISOString(),
  });
  return 'taken';
}

/** Notices say only that something happened: the order is read soon, unless what is here is newer already. */
export async function readHints(flow: OpenFlow<OrdersSettings>): Promise<TaskResult> {
  const queue = flow.channel.orders?.hints;
  if (!queue) return { counts: {} };
  let read = 0;
  for (let round = 0; round < 20; round++) {
    const hints = await queue.receive();
    if (hints.length === 0) break;
    const known = hints.filter((hint) => hint.orderId !== undefined);
    for (const hint of known) await flow.journal.wantOrders([hint.orderId!], 'hint', hint.happenedAt);
    await queue.acknowledge(hints.map((hint) => hint.receipt));
    read += hints.length;
  }
  return { counts: read > 0 ? { notices: read } : {} };
}
