// Do the books say what the plan said? Every document is read back with its effect on accounts, the eight checks of
// ledger/certificate.ts are made, and what does not tie is named with its rows and cents. When all hold, the body of the
// certificate is kept; it is signed when somebody takes it out.
import type { SettlementFileFacts } from '../../core/settlement.ts';
import type { BilledDocument, BookedDocument, BookKind, BookStore } from '../../erp/books.ts';
import {
  type Check,
  certificateBody,
  checkSettlement,
  type Facts,
  type ProofPosting,
} from '../../ledger/certificate.ts';
import type { Gathered } from '../../ledger/gather.ts';
import { accountFor } from '../../ledger/settings.ts';
import { taxResiduals } from '../../ledger/tax-residual.ts';
import type { OpenFlow } from '../flow.ts';
import type { SettlementsSettings } from './settings.ts';
import type { Judgement, StoredPosting } from './shelf.ts';

export interface Verdict extends Judgement {
  readonly checks: readonly Check[];
  readonly failures: readonly string[];
}

export interface ToVerify {
  readonly books: BookStore;
  readonly gathered: Gathered;
  readonly file: SettlementFileFacts;
  /** Numbers of the rows of each group, in order. */
  readonly rows: ReadonlyMap<string, readonly number[]>;
  readonly postings: readonly StoredPosting[];
}

export async function verifyBooks(
  flow: Pick<OpenFlow<SettlementsSettings>, 'settings' | 'settlements' | 'clock'>,
  of: ToVerify,
): Promise<Verdict> {
  const facts = await factsOf(flow, of);
  const checks = checkSettlement(facts);
  const failures = checks.filter((check) => !check.holds).map((check) => `${check.title}: ${check.found}`);
  const issued = failures.length === 0;
  const now = flow.clock.now();
  return {
    issued,
    checks,
    failures,
    document: issued
      ? certificateBody(facts, checks, now)
      : { settlementId: of.gathered.header.settlementId, checkedAt: now.toISOString(), checks },
  };
}

async function factsOf(
  { settings, settlements }: Pick<OpenFlow<SettlementsSettings>, 'settings' | 'settlements'>,
  { books, gathered, file, rows, postings }: ToVerify,
): Promise<Facts> {
  const { header } = gathered;
  const { currency } = header.total;
  const documents = await readBack(books, postings);
  const before = await settlements.reserveBefore(header);
  const classes = new Map<string, { rows: number; minor: bigint }>();
  for (const group of gathered.groups.values())
    for (const [name, sum] of group.classes) {
      const known = classes.get(name) ?? { rows: 0, minor: 0n };
      classes.set(name, { rows: known.rows + sum.rows, minor: known.minor + sum.minor });
    }
  const tied = new Set(postings.flatMap(({ posting }) => posting.groups));
  const untied = [...gathered.groups.values()].filter((group) => !tied.has(group.key));
  const proofs = postings.map((one) => proofOf(one, gathered, rows, documents));
  return {
    header,
    file,
    storedRows: gathered.rows,
    storedSum: gathered.sum,
    unclassified: gathered.unknown.map(({ kind, rows: count, minor, firstRow }) => ({
      words: `${kind.transactionType} / ${kind.amountType} / ${kind.amountDescription}`,
      rows: count,
      minor,
      firstRow,
    })),
    untied: {
      rows: untied.reduce((sum, group) => sum + group.rows, 0),
      minor: untied.reduce((sum, group) => sum + group.minor, 0n),
    },
    postings: proofs,
    clearingAccounts: new Set(
      postings.flatMap(
        ({ posting }) => accountFor(settings, 'clearing', posting.marketplace, currency) ?? [],
      ),
    ),
    undepositedMinor: proofs
      .filter((posting) => posting.through === 'undeposited')
      .reduce((sum, posting) => sum + posting.minor, 0n),
    taxLeft: taxResiduals(gathered.taxes),
    reserve: {
      ...gathered.reserve,
      ...(before ? { before: { settlementId: before.settlementId, current: -before.kept } } : {}),
    },
    classes: [...classes].map(([name, sum]) => ({ class: name, ...sum })),
  };
}

/** Every document of the settlement as the books have it: by external id, or by id for the orders' own. */
async function readBack(
  books: BookStore,
  postings: readonly StoredPosting[],
): Promise<ReadonlyMap<string, BookedDocument>> {
  const keys: { kind: BookKind; externalId: string }[] = [];
  const orderIds = new Set<string>();
  for (const { posting } of postings) {
    for (const { kind, externalId } of posting.drafts) keys.push({ kind, externalId });
    for (const tie of posting.ties)
      if ('externalId' in tie) keys.push(tie);
      else orderIds.add(posting.key.split(':')[1] ?? '');
  }
  const found = new Map<string, BookedDocument>();
  if (keys.length > 0)
    for (const document of (await books.find(keys)).values())
      found.set(`${document.kind} ${document.externalId}`, document);
  if (orderIds.size > 0)
    for (const order of (await books.orders([...orderIds])).values()) {
      for (const sale of order.invoices) found.set(`invoice #${sale.id}`, ofOrder('invoice', sale));
      for (const sale of order.cashSales) found.set(`cash-sale #${sale.id}`, ofOrder('cash-sale', sale));
    }
  return found;
}

/** The order's own document, as far as the certificate looks at it: what it brought to the account it was booked to. */
const ofOrder = (kind: BookKind, sale: BilledDocument): BookedDocument => ({
  kind,
  id: sale.id,
  number: sale.number,
  externalId: '',
  date: sale.date,
  total: sale.total,
  effects: sale.undeposited ? [] : [{ accountId: sale.accountId, minor: sale.total.minor }],
});

function proofOf(
  { posting, state }: StoredPosting,
  gathered: Gathered,
  rows: ReadonlyMap<string, readonly number[]>,
  documents: ReadonlyMap<string, BookedDocument>,
): ProofPosting {
  const found: BookedDocument[] = [];
  const missing: string[] = [];
  const look = (key: string, words: string) => {
    const document = documents.get(key);
    if (document) found.push(document);
    else missing.push(words);
  };
  // What is not sent yet is no document that is missing.
  if (state === 'booked')
    for (const { kind, externalId } of posting.drafts) look(`${kind} ${externalId}`, externalId);
  for (const tie of posting.ties)
    if ('externalId' in tie) look(`${tie.kind} ${tie.externalId}`, tie.externalId);
    else look(`${tie.kind} #${tie.id}`, `${tie.kind} ${tie.id}`);
  return {
    key: posting.key,
    kind: posting.kind,
    title: posting.title,
    minor: posting.minor,
    through: posting.through,
    state,
    ...(posting.reason ? { reason: posting.reason.message } : {}),
    drafts: posting.drafts,
    rows: posting.groups.flatMap((key) => rows.get(key) ?? []).sort((a, b) => a - b),
    rowsMinor: posting.groups.reduce((sum, key) => sum + (gathered.groups.get(key)?.minor ?? 0n), 0n),
    documents: found,
    missing,
  };
}
