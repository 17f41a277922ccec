// How does one settlement get into the books? Read, gathered, planned; then posting by posting, each written down before and
// after. Killed anywhere, the next delivery goes on where this one stopped: what was booked is never planned again.
import { RecordError } from '../../core/errors.ts';
import type { SettlementFileFacts, SettlementHeader, SettlementRow } from '../../core/settlement.ts';
import type { Delivered } from '../../engine/attempt.ts';
import type { ClaimedRecord } from '../../engine/store.ts';
import type { BookKind, BookStore } from '../../erp/books.ts';
import { type Classifier, makeClassifier } from '../../ledger/classify.ts';
import { type Gathered, Gatherer, type RowVerdict } from '../../ledger/gather.ts';
import { noSurroundings, planSettlement, type Surroundings } from '../../ledger/plan.ts';
import type { SettlementPlan } from '../../ledger/posting.ts';
import type { OpenFlow } from '../flow.ts';
import { soughtOrders, unripeOrders } from './missing-orders.ts';
import { postAll } from './post-postings.ts';
import { type SettlementsSettings, subsidiaryOf } from './settings.ts';
import type { StoredPosting } from './shelf.ts';
import { verifyBooks } from './verify-books.ts';

/** How soon a settlement looks again for orders that are under way. */
const lookAgainMs = 60_000;
/** Plans in one delivery; what is refused by the last waits for a person. */
const roundsMax = 3;

export async function bookSettlement(
  flow: OpenFlow<SettlementsSettings>,
  record: ClaimedRecord,
): Promise<Delivered> {
  const settlementId = record.key;
  const read = await readRows(flow, settlementId);
  const { header } = read.gathered;
  if (flow.settings.postFrom && header.endAt < new Date(flow.settings.postFrom))
    return {
      state: 'skipped',
      reason: `Ends before ${flow.settings.postFrom.slice(0, 10)}: kept, not booked.`,
    };
  const books = booksOf(flow);
  // What the books refuse may have changed since the plan was made (an order billed meanwhile): planned anew, then told.
  for (let round = 1; ; round++) {
    const { plan, stored, waiting } = await planNow(flow, read, books);
    if (waiting)
      return {
        state: 'waiting',
        reason: `Waits for ${plan.wanted.length} orders that are fetched or billed first.`,
        at: new Date(flow.clock.now().getTime() + lookAgainMs),
      };
    requireApproval(settlementId, stored);
    const outcome = await postAll(flow, { record, books, settlementId, postings: stored });
    if (outcome.lost)
      return { state: 'waiting', reason: 'Another worker goes on with it.', at: flow.clock.now() };
    if (outcome.refused === 0 || round === roundsMax) break;
  }
  const after = await flow.settlements.postings(settlementId);
  requireBooked(header, after);
  const judgement = await verifyBooks(flow, { ...read, books, postings: after });
  await flow.settlements.saveJudgement(settlementId, judgement);
  if (!judgement.issued) throw notProved(settlementId, judgement.failures);
  const deposit = after.find(({ posting }) => posting.kind === 'deposit')?.documents.at(-1);
  return {
    state: 'done',
    reason: `${after.length} postings booked, ties to the cent.`,
    ...(deposit ? { remote: { kind: deposit.kind, id: deposit.id }, externalId: deposit.externalId } : {}),
    applied: { postings: after.length, certified: true },
  };
}

export interface Read {
  readonly gathered: Gathered;
  readonly file: SettlementFileFacts;
  /** Numbers of the rows of each group, for the certificate. */
  readonly rows: ReadonlyMap<string, readonly number[]>;
  readonly classifier: Classifier;
  readonly settings: SettlementsSettings;
}

/** One pass over the file that counts. */
export async function readRows(
  flow: OpenFlow<SettlementsSettings>,
  settlementId: string,
  see?: (verdict: RowVerdict, row: SettlementRow) => void,
): Promise<Read> {
  const file = await flow.settlements.open(settlementId);
  if (!file)
    throw new RecordError('SETTLEMENT_FILE_ABSENT', `The file of settlement ${settlementId} is not here.`, {
      nextSteps: ['Upload it under Settlements, or run “discover” again while Amazon keeps it (90 days).'],
    });
  const { channel } = file.header;
  const classifier = makeClassifier(channel, await flow.settlements.rules());
  const settings = {
    ...flow.settings,
    ...subsidiaryOf(flow.settings, file.header.total.currency),
  };
  const gatherer = new Gatherer(file.header, settings, classifier);
  const reading = await flow.channel.settlements!.read(file.bytes);
  const rows = new Map<string, number[]>();
  for await (const batch of reading.batches)
    gatherer.add(batch, (verdict, row) => {
      const { rowNumber, group } = verdict;
      see?.(verdict, row);
      if (group === undefined) return;
      const known = rows.get(group);
      if (known) known.push(rowNumber);
      else rows.set(group, [rowNumber]);
    });
  const gathered = gatherer.finish();
  await flow.settlements.saveSummary(settlementId, summaryOf(gathered));
  return { gathered, file: reading.facts(), rows, classifier, settings };
}

/** What a list and the waterfall show: sums by class. */
function summaryOf(gathered: Gathered): object {
  const classes: Record<string, { minor: bigint; rows: number }> = {};
  for (const group of gathered.groups.values())
    for (const [name, { minor, rows }] of group.classes) {
      const cell = classes[name] ?? { minor: 0n, rows: 0 };
      classes[name] = { minor: cell.minor + minor, rows: cell.rows + rows };
    }
  return {
    classes,
    rows: gathered.rows,
    marketplaces: gathered.marketplaces,
    reserve: gathered.reserve,
    unknown: gathered.unknown.length,
  };
}

function booksOf(flow: OpenFlow<SettlementsSettings>): BookStore {
  if (flow.erp.books) return flow.erp.books;
  throw new RecordError('BOOKS_ABSENT', 'This ERP connection cannot book payments and journals.', {
    nextSteps: ['Connect an account that can, or keep settlements for reading only (setting postFrom).'],
  });
}

/** Plans with what the books know now. Orders that are missing are asked for; the plan waits for them, but not for ever. */
async function planNow(
  flow: OpenFlow<SettlementsSettings>,
  { gathered, classifier, settings }: Read,
  books: BookStore,
): Promise<{ plan: SettlementPlan; stored: readonly StoredPosting[]; waiting: boolean }> {
  const { settlementId } = gathered.header;
  const before = await flow.settlements.postings(settlementId);
  const orderIds = [
    ...new Set([...gathered.groups.values()].map((group) => group.orderId).filter((id) => id !== '')),
  ];
  const orders = await books.orders(orderIds);
  const periods = await books.periods();
  const surroundings: Surroundings = {
    ...noSurroundings,
    orders,
    periods,
    booked: await bookedAlready(books, before),
    sought: new Set(),
  };
  let plan = planSettlement(gathered, settings, surroundings, classifier);
  if (plan.blockers.length > 0) throw blocked(settlementId, plan);
  const sought = await soughtOrders(flow, settlementId, plan.wanted);
  const unripe = await unripeOrders(flow, settlementId, { plan, orders });
  const open = [...plan.wanted.filter((id) => !sought.has(id)), ...unripe];
  if (open.length > 0) return { plan: { ...plan, wanted: open }, stored: before, waiting: true };
  if (sought.size > 0) plan = planSettlement(gathered, settings, { ...surroundings, sought }, classifier);
  return {
    plan,
    stored: await flow.settlements.savePlan(settlementId, plan.postings),
    waiting: false,
  };
}

/** Documents of this settlement that the books have already, by external id. */
/** The plan as it would be now: nothing is asked for and nothing is kept. */
export async function planOnly(
  flow: OpenFlow<SettlementsSettings>,
  { gathered, classifier, settings }: Read,
  books: BookStore,
): Promise<SettlementPlan> {
  const orderIds = new Set(
    [...gathered.groups.values()].map((group) => group.orderId).filter((id) => id !== ''),
  );
  const stored = await flow.settlements.postings(gathered.header.settlementId);
  return planSettlement(
    gathered,
    settings,
    {
      ...noSurroundings,
      orders: await books.orders([...orderIds]),
      periods: await books.periods(),
      booked: await bookedAlready(books, stored),
    },
    classifier,
  );
}

async function bookedAlready(
  books: BookStore,
  stored: readonly StoredPosting[],
): Promise<ReadonlyMap<string, BookKind>> {
  const begun = stored.filter(
    ({ state }) => state === 'booking' || state === 'booked' || state === 'refused',
  );
  const drafts = begun.flatMap(({ posting }) => posting.drafts);
  if (drafts.length === 0) return new Map();
  return new Map([...(await books.find(drafts))].map(([id, document]) => [id, document.kind]));
}

function blocked(settlementId: string, { blockers }: SettlementPlan): RecordError {
  const [first] = blockers;
  const more = blockers.length > 1 ? ` (and ${blockers.length - 1} more)` : '';
  return new RecordError(first!.code, `Settlement ${settlementId} is not booked: ${first!.message}${more}`, {
    nextSteps: first!.nextSteps,
    facts: { settlementId, blockers: blockers.map(({ code, message, facts }) => ({ code, message, facts })) },
  });
}

function requireApproval(settlementId: string, postings: readonly StoredPosting[]): void {
  const waiting = postings.filter(
    ({ posting, state, approvedBy }) => posting.needsApproval && state === 'planned' && !approvedBy,
  );
  if (waiting.length === 0) return;
  throw new RecordError(
    'SETTLEMENT_NEEDS_APPROVAL',
    `Settlement ${settlementId} has ${waiting.length} postings above the limit; nothing is booked before a person approves them.`,
    {
      nextSteps: ['Open the settlement, look at the drafts, and approve them.'],
      facts: { settlementId, postings: waiting.map(({ posting }) => posting.title).slice(0, 20) },
    },
  );
}

/** Everything that could be booked is; what could not is told with its amount. */
function requireBooked(header: SettlementHeader, postings: readonly StoredPosting[]): void {
  const left = postings.filter(({ state }) => state !== 'booked');
  if (left.length === 0) return;
  const open = left.reduce((sum, { posting }) => sum + posting.minor, 0n);
  const first = left[0]!.posting.reason;
  throw new RecordError(
    first?.code ?? 'SETTLEMENT_POSTINGS_LEFT',
    `${left.length} of ${postings.length} postings of settlement ${header.settlementId} are not booked. ${first?.message ?? ''}`.trim(),
    {
      nextSteps: first?.nextSteps ?? ['Open the settlement: each posting says what holds it.'],
      facts: {
        settlementId: header.settlementId,
        openMinor: open.toString(),
        currency: header.total.currency,
        postings: left.map(({ posting }) => posting.title).slice(0, 20),
      },
    },
  );
}

const notProved = (settlementId: string, failures: readonly string[]): RecordError =>
  new RecordError(
    'SETTLEMENT_NOT_PROVED',
    `Settlement ${settlementId} is booked, and the books do not tie: ${failures[0] ?? ''}`,
    {
      nextSteps: [
        'Open the settlement: the check names documents and cents.',
        'Correct them in the books, then retry: the certificate is made anew.',
      ],
      facts: { settlementId, failures: failures.slice(0, 20) },
    },
  );
