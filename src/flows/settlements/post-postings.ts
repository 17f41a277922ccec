// How are postings written? Each is marked before its first document is sent and after its last; several at a time, the
// deposit last. Documents are created once by external id, so that repeating after a lost answer is harmless.
import { asSyncError, RecordError, type SyncError, ThrottledError } from '../../core/errors.ts';
import type { ClaimedRecord } from '../../engine/store.ts';
import type { BookDraft, BookStore } from '../../erp/books.ts';
import type { OpenFlow } from '../flow.ts';
import type { SettlementsSettings } from './settings.ts';
import type { PostedDocument, StoredPosting } from './shelf.ts';

interface Work {
  readonly record: ClaimedRecord;
  readonly books: BookStore;
  readonly settlementId: string;
  readonly postings: readonly StoredPosting[];
}

/** Postings under way at once; the ERP connection's own limit holds besides. */
const together = 6;
/** Tries for one document before the whole settlement waits. */
const triesMax = 6;
const pauseMaxMs = 60_000;

export interface PostOutcome {
  /** Postings that the books refused; each says why. */
  readonly refused: number;
  /** The lease was lost: somebody else goes on. */
  readonly lost: boolean;
}

export async function postAll(flow: OpenFlow<SettlementsSettings>, work: Work): Promise<PostOutcome> {
  const open = work.postings.filter(
    ({ posting, state }) => state !== 'booked' && (posting.state === 'ready' || state === 'booking'),
  );
  const deposits = open.filter(({ posting }) => posting.kind === 'deposit');
  const others = open.filter(({ posting }) => posting.kind !== 'deposit');
  const outcome = { refused: 0, lost: false, error: undefined as SyncError | undefined };
  const next = async (): Promise<void> => {
    for (let one = others.shift(); one && !outcome.lost && !outcome.error; one = others.shift())
      await post(flow, work, one, outcome);
  };
  await Promise.all(Array.from({ length: together }, next));
  // The deposit gathers what the others made; it waits until none of them was refused.
  if (!outcome.error && !outcome.lost && outcome.refused === 0)
    for (const one of deposits) await post(flow, work, one, outcome);
  if (outcome.error) throw outcome.error;
  return { refused: outcome.refused, lost: outcome.lost };
}

async function post(
  flow: OpenFlow<SettlementsSettings>,
  { record, books, settlementId }: Work,
  { posting }: StoredPosting,
  outcome: { refused: number; lost: boolean; error: SyncError | undefined },
): Promise<void> {
  if (!(await flow.journal.noteIntent(record, { posting: posting.key }))) {
    outcome.lost = true;
    return;
  }
  await flow.settlements.setState(settlementId, posting.key, { state: 'booking' });
  const documents: PostedDocument[] = [];
  try {
    for (const draft of posting.drafts) documents.push(await write(flow, books, draft));
    await flow.settlements.setState(settlementId, posting.key, { state: 'booked', documents });
  } catch (thrown) {
    const error = asSyncError(thrown);
    if (!(error instanceof RecordError)) {
      // The way is blocked, not the posting: it stays marked and is looked up at the next try.
      outcome.error ??= error;
      return;
    }
    outcome.refused++;
    await flow.settlements.setState(settlementId, posting.key, {
      state: 'refused',
      documents,
      reason: { code: error.code, message: error.message, nextSteps: error.nextSteps },
    });
  }
}

/** A document is looked up before each repetition (createOnce), so a lost answer never makes a second one. */
async function write(
  flow: OpenFlow<SettlementsSettings>,
  books: BookStore,
  draft: BookDraft,
): Promise<PostedDocument> {
  for (let tries = 1; ; tries++) {
    try {
      const { id, adopted } = await books.createOnce(draft);
      return { kind: draft.kind, externalId: draft.externalId, id, adopted };
    } catch (thrown) {
      const error = asSyncError(thrown);
      if (!['wait', 'retry', 'verify'].includes(error.action) || tries >= triesMax) throw error;
      const now = flow.clock.now().getTime();
      const pause = error instanceof ThrottledError ? error.retryAt.getTime() - now : 500 * 2 ** tries;
      await flow.clock.sleep(Math.min(Math.max(pause, 100), pauseMaxMs));
    }
  }
}
