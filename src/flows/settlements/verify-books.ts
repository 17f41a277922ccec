// Do the books say what the plan said? Every document is read back with its effect on accounts; clearing must be empty when
// the deposit is in. What does not tie is named with its cents.
import { formatMoney } from '../../core/money.ts';
import type { BookDraft, BookedDocument, BookStore } from '../../erp/books.ts';
import type { Gathered } from '../../ledger/gather.ts';
import { sizeOf } from '../../ledger/plan.ts';
import { accountFor } from '../../ledger/settings.ts';
import type { OpenFlow } from '../flow.ts';
import type { SettlementsSettings } from './settings.ts';
import type { Judgement, StoredPosting } from './shelf.ts';

export interface Verdict extends Judgement {
  readonly failures: readonly string[];
}

export async function verifyBooks(
  flow: OpenFlow<SettlementsSettings>,
  of: {
    readonly books: BookStore;
    readonly gathered: Gathered;
    readonly postings: readonly StoredPosting[];
  },
): Promise<Verdict> {
  const drafts = of.postings.flatMap(({ posting }) => posting.drafts);
  const booked = await of.books.find(drafts);
  const { header } = of.gathered;
  const { currency } = header.total;
  const say = (minor: bigint) => `${formatMoney({ minor, currency })} ${currency}`;
  const failures = drafts.flatMap((draft) => differences(draft, booked.get(draft.externalId), say));
  const left = clearingLeft(flow.settings, currency, of.postings, booked);
  if (left !== 0n) failures.push(`Clearing keeps ${say(left)} after the deposit.`);
  if (of.gathered.sum !== header.total.minor)
    failures.push(`The rows sum to ${say(of.gathered.sum)}, not to ${say(header.total.minor)}.`);
  const document = {
    settlementId: header.settlementId,
    currency,
    totalMinor: header.total.minor,
    rows: of.gathered.rows,
    clearingMinor: left,
    documents: [...booked.values()].map(({ kind, id, number, externalId, date, total }) => ({
      kind,
      id,
      number,
      externalId,
      date,
      totalMinor: total.minor,
    })),
    failures,
    checkedAt: flow.clock.now().toISOString(),
  };
  return { issued: failures.length === 0, document, failures };
}

function differences(
  draft: BookDraft,
  document: BookedDocument | undefined,
  say: (minor: bigint) => string,
): string[] {
  if (!document) return [`${draft.externalId} is not in the books.`];
  const wanted = effectsOf(draft);
  if (wanted) {
    const found = new Map(document.effects.map(({ accountId, minor }) => [accountId, minor]));
    return [...new Set([...wanted.keys(), ...found.keys()])].flatMap((accountId) => {
      const [is, should] = [found.get(accountId) ?? 0n, wanted.get(accountId) ?? 0n];
      return is === should
        ? []
        : [`${draft.externalId} moves ${say(is)} on account ${accountId} and should move ${say(should)}.`];
    });
  }
  // An invoice made from a sales order has the order's amount, which the payment proves.
  if (draft.kind === 'invoice') return [];
  const is = document.total.minor < 0n ? -document.total.minor : document.total.minor;
  return is === sizeOf(draft)
    ? []
    : [`${draft.externalId} is ${say(is)} and should be ${say(sizeOf(draft))}.`];
}

/** What a draft must do to accounts, where it says so itself. */
function effectsOf(draft: BookDraft): Map<string, bigint> | undefined {
  const effects = new Map<string, bigint>();
  const move = (accountId: string, minor: bigint) => {
    const sum = (effects.get(accountId) ?? 0n) + minor;
    if (sum === 0n) effects.delete(accountId);
    else effects.set(accountId, sum);
  };
  if (draft.kind === 'journal') {
    for (const line of draft.lines)
      move(line.accountId, (line.debit?.minor ?? 0n) - (line.credit?.minor ?? 0n));
    return effects;
  }
  if (draft.kind === 'deposit' && draft.payments.length === 0) {
    move(draft.accountId, draft.total.minor);
    for (const line of draft.lines) move(line.accountId, -line.amount.minor);
    return effects;
  }
  return undefined;
}

/** Everything the settlement did to clearing, cash sales booked by the orders themselves included: must be nothing. */
function clearingLeft(
  settings: SettlementsSettings,
  currency: string,
  postings: readonly StoredPosting[],
  booked: ReadonlyMap<string, BookedDocument>,
): bigint {
  const accounts = new Set(
    postings.map(({ posting }) => accountFor(settings, 'clearing', posting.marketplace, currency)),
  );
  let left = 0n;
  for (const { posting } of postings) {
    if (posting.through === 'none') left += posting.minor;
    for (const draft of posting.drafts)
      for (const { accountId, minor } of booked.get(draft.externalId)?.effects ?? [])
        if (accounts.has(accountId)) left += minor;
  }
  return left;
}
