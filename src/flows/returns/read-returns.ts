// Which units came back since the last reading? Two reports, one of the marketplace's warehouses and one of the seller's own;
// each is asked for, awaited and taken, and goes on where it was after a restart.
import type { ReturnKind, ReturnSource } from '../../channels/channel.ts';
import type { OpenFlow, TaskRequest, TaskResult } from '../flow.ts';
import type { ReturnsSettings } from './settings.ts';

const dayMs = 86_400_000;
/** Rows may be added to a day for some days; each window looks back behind the last. */
const overlapDays = 3;
/** The seller's report covers sixty days at most (spapi.md §3.3). */
const windowDays = 59;
const askAgainMs = 30_000;

interface Cursor {
  readonly seenUntil?: string;
  /** A report under way. */
  readonly ticket?: string;
  readonly to?: string;
}

export async function readReturns(
  flow: OpenFlow<ReturnsSettings>,
  request: TaskRequest,
): Promise<TaskResult> {
  const source = flow.channel.returns;
  if (!source) return { counts: {} };
  const counts: Record<string, number> = {};
  let waiting = false;
  for (const kind of ['marketplace', 'merchant'] as const) {
    if (request.signal.aborted) break;
    const outcome = await readKind(flow, source, kind);
    if (outcome === 'waiting') waiting = true;
    else if (outcome > 0) counts[kind] = outcome;
  }
  return {
    counts,
    ...(waiting ? { continueAt: new Date(flow.clock.now().getTime() + askAgainMs) } : {}),
  };
}

async function readKind(
  flow: OpenFlow<ReturnsSettings>,
  source: ReturnSource,
  kind: ReturnKind,
): Promise<number | 'waiting'> {
  const name = `returns-${kind}`;
  const cursor = (await flow.journal.cursor<Cursor>(name)) ?? {};
  if (cursor.ticket === undefined) {
    const now = flow.clock.now().getTime();
    const since = Math.max(
      cursor.seenUntil === undefined
        ? Date.parse(flow.settings.startAt)
        : Date.parse(cursor.seenUntil) - overlapDays * dayMs,
      now - windowDays * dayMs,
    );
    const to = new Date(now);
    const ticket = await source.request(kind, new Date(Math.min(since, now - dayMs)), to);
    await flow.journal.moveCursor(name, { ...cursor, ticket, to: to.toISOString() });
    return 'waiting';
  }
  const { state, documentId } = await source.state(cursor.ticket);
  if (state === 'working') return 'waiting';
  const read = { seenUntil: cursor.to ?? cursor.seenUntil };
  if (state === 'ready' && documentId !== undefined) {
    let taken = 0;
    for await (const batch of source.read(kind, documentId))
      taken += await flow.journal.take({
        kind: 'return',
        via: 'report',
        priority: 2,
        documents: batch.map((item) => ({
          key: item.key,
          updatedAt: item.returnedAt,
          raw: item,
          facts: { placedAt: item.returnedAt, fulfilledBy: item.fulfilledBy },
        })),
      });
    await flow.journal.moveCursor(name, read);
    return taken;
  }
  // Cancelled means nothing came back, or asked too soon: the window is not taken as seen, the next one covers it.
  await flow.journal.moveCursor(name, state === 'empty' ? read : { seenUntil: cursor.seenUntil });
  return 0;
}
