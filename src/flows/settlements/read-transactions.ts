// What has the marketplace booked that no settlement tells yet? Read page by page since the last reading, with two days of
// overlap: transactions of orders may appear up to 48 hours late.
import type { OpenFlow, TaskRequest, TaskResult } from '../flow.ts';
import type { SettlementsSettings } from './settings.ts';

const dayMs = 86_400_000;
/** The first reading goes back this far; older money has long been settled. */
const firstDays = 60;
/** Deferred ones change their state until they are released; what is this young is read again. */
const overlapMs = 2 * dayMs + 3_600_000;

export async function readTransactions(
  flow: OpenFlow<SettlementsSettings>,
  request: TaskRequest,
): Promise<TaskResult> {
  const source = flow.channel.finances;
  if (!source) return { counts: {} };
  const now = flow.clock.now().getTime();
  const cursor = await flow.journal.cursor<{ readonly seenUntil: string }>('transactions');
  const from = cursor
    ? new Date(Date.parse(cursor.seenUntil) - overlapMs)
    : new Date(now - firstDays * dayMs);
  const counts = { read: 0, changed: 0 };
  let page: string | undefined;
  do {
    const got = await source.transactions({ from, ...(page === undefined ? {} : { page }) });
    counts.read += got.transactions.length;
    counts.changed += await flow.settlements.keepTransactions(got.transactions);
    page = got.nextPage;
    // Only the whole window counts as seen: a page that failed is asked for again with all before it.
    if (page === undefined)
      await flow.journal.moveCursor('transactions', { seenUntil: got.seenUntil.toISOString() });
  } while (page !== undefined && !request.signal.aborted);
  return { counts };
}
