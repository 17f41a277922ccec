// Is any order of the marketplace missing here? Its own report of the last weeks is held against the records, order by
// order; what is missing or older here is read singly (features.md pain #4).
import { ThrottledError } from '../../core/errors.ts';
import type { OpenFlow, TaskRequest, TaskResult } from '../flow.ts';
import type { OrdersSettings } from './settings.ts';

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;
/** Order reports cover at most 30 days (spapi.md §3.13). */
const windowMs = 30 * dayMs;
/** What changed within the last hour may still be under way here. */
const settledMs = 60 * minuteMs;
const pollMs = minuteMs;
const patienceMs = 3 * 60 * minuteMs;

interface Standing {
  readonly ticket: string;
  readonly requestedAt: string;
}

export async function reconcileOrders(
  flow: OpenFlow<OrdersSettings>,
  request: TaskRequest,
): Promise<TaskResult> {
  const backlog = flow.channel.orders?.backlog;
  if (!backlog) return { counts: {} };
  const now = flow.clock.now();
  const later: TaskResult = { counts: {}, continueAt: new Date(now.getTime() + pollMs) };
  try {
    const standing = await flow.journal.cursor<Standing>('reconcile');
    if (!standing) {
      const goLive = Date.parse(flow.settings.goLiveAt);
      const from = request.from?.getTime() ?? Math.max(goLive, now.getTime() - windowMs + settledMs);
      const to = now.getTime() - settledMs;
      if (to <= from) return { counts: {} };
      const ticket = await backlog.request(new Date(from), new Date(to));
      await flow.journal.moveCursor('reconcile', { ticket, requestedAt: now.toISOString() });
      return later;
    }
    const { state, documentId } = await backlog.state(standing.ticket);
    const tooLong = now.getTime() - Date.parse(standing.requestedAt) > patienceMs;
    if (state === 'working' && !tooLong) return later;
    const counts = { counted: 0, missing: 0 };
    if (state === 'ready' && documentId !== undefined)
      for await (const documents of backlog.read(documentId)) {
        if (request.signal.aborted) return { counts: {}, continueAt: now };
        const wanted = documents.filter((document) => isOurs(flow, document.raw));
        const behind = await flow.journal.behind(wanted);
        await flow.journal.wantOrders(behind, 'read-back', now);
        counts.counted += wanted.length;
        counts.missing += behind.length;
      }
    await flow.journal.dropCursor('reconcile');
    return { counts: Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0)) };
  } catch (thrown) {
    if (thrown instanceof ThrottledError) return { counts: {}, continueAt: thrown.retryAt };
    throw thrown;
  }
}

/** Orders from before go-live or of other channels are in the report too; a row that cannot be read is looked at singly. */
function isOurs(flow: OpenFlow<OrdersSettings>, raw: unknown): boolean {
  try {
    const order = flow.channel.orders!.toOrder(raw);
    return (
      !order.soldElsewhere &&
      order.marketplace.id in flow.settings.marketplaces &&
      order.placedAt.getTime() >= Date.parse(flow.settings.goLiveAt)
    );
  } catch {
    return true;
  }
}
