// Which documents put a settlement into the books? Pure: rows gathered, what the books know, the owner's settings in;
// postings out. Order-level parts in plan-orders.ts, journals in plan-journals.ts. The same input gives the same plan.

import { formatMoney, parseMoney } from '../core/money.ts';
import type { AccountingPeriod, BookDraft, BookKind, OrderInBooks } from '../erp/books.ts';
import { makeCalendar, openDay } from './calendar.ts';
import { type AccountRole, accountRoles, classInfo } from './classes.ts';
import type { Classifier } from './classify.ts';
import type { Gathered, Group } from './gather.ts';
import { planFeeDocument, planJournals, suspenseJournal } from './plan-journals.ts';
import { planOrder, planRefund } from './plan-orders.ts';
import type { Blocker, Posting, SettlementPlan } from './posting.ts';
import { accountFor, type BookSettings } from './settings.ts';
import { taxResiduals } from './tax-residual.ts';

/** A refund whose money was booked already from Finances transactions. */
export interface RefundBooked {
  readonly orderId: string;
  readonly minor: bigint;
  readonly externalId: string;
  readonly kind: 'customer-refund' | 'cash-refund';
}

/** What the books and earlier work say; empty answers are fine for a dry run. */
export interface Surroundings {
  readonly orders: ReadonlyMap<string, OrderInBooks>;
  readonly periods: readonly AccountingPeriod[];
  /** This settlement's documents that are in the books already: external id → kind. */
  readonly booked: ReadonlyMap<string, BookKind>;
  /** Orders that were asked for at the channel and are still not in the books. */
  readonly sought: ReadonlySet<string>;
  readonly refundsBooked: readonly RefundBooked[];
}

/** @public */
export const noSurroundings: Surroundings = {
  orders: new Map(),
  periods: [],
  booked: new Map(),
  sought: new Set(),
  refundsBooked: [],
};

/** What all planners share. */
export interface Planning {
  readonly gathered: Gathered;
  readonly settings: BookSettings;
  readonly surroundings: Surroundings;
  readonly currency: string;
  account(role: AccountRole, marketplace: string): string;
  item(role: string): string;
  customer(): string;
  /** Fields every draft has. A closed period moves the day, and the memo says so. */
  draftBase(suffix: string, day: string, memo: string, receivable: boolean): DraftFields;
  money(minor: bigint): { readonly minor: bigint; readonly currency: string };
  /** How much of each invoice earlier postings of this plan have taken already. */
  readonly taken: Map<string, bigint>;
}

export type DraftFields = Pick<
  BookDraft,
  'externalId' | 'date' | 'currency' | 'subsidiaryId' | 'departmentId' | 'classId' | 'locationId' | 'memo'
>;

export function planSettlement(
  gathered: Gathered,
  settings: BookSettings,
  surroundings: Surroundings,
  classifier: Classifier,
): SettlementPlan {
  const { settlementId } = gathered.header;
  const missing = { accounts: new Set<string>(), items: new Set<string>(), customer: false };
  const planning = makePlanning(gathered, settings, surroundings, missing);
  const blockers = [...unknownWords(gathered, classifier), ...taxLeft(gathered)];
  const wanted = new Set<string>();
  const postings: Posting[] = [];
  const months: Group[] = [];
  const refundsLeft = [...surroundings.refundsBooked];
  for (const group of gathered.groups.values()) {
    if (group.kind === 'month') months.push(group);
    // Fees that do not ride on their order's documents go with the amounts of no order.
    if (group.kind === 'fee' && !rides(gathered, settings, group)) months.push(group);
    if (group.kind === 'month' || group.kind === 'fee') continue;
    const partner = gathered.groups.get(`fee:${group.key}`);
    const fees = partner && rides(gathered, settings, partner) ? partner : undefined;
    const outcome =
      group.kind === 'order'
        ? planOrder(planning, group, fees)
        : planRefund(planning, group, fees, refundsLeft);
    if (outcome === 'journal') months.push(group);
    else if ('orderWanted' in outcome) {
      const { orderWanted } = outcome;
      const sought = surroundings.sought.has(orderWanted);
      if (!sought) wanted.add(orderWanted);
      postings.push(
        settings.missingOriginal === 'suspense' && sought
          ? suspenseJournal(planning, fees ? [group, fees] : [group])
          : waitingForOrder(planning, group, fees, sought),
      );
    } else postings.push(fees && outcome.state === 'suspended' ? withFees(outcome, fees) : outcome);
  }
  postings.push(
    ...(settings.model === 'fees-on-orders'
      ? planFeeDocument(planning, months)
      : planJournals(planning, months)),
  );
  postings.push(...planDeposit(planning, postings));
  blockers.push(...notChosen(missing));
  return {
    settlementId,
    model: settings.model,
    postings: blockers.length > 0 ? [] : limitApprovals(postings, settings, gathered),
    blockers,
    wanted: [...wanted].sort(),
  };
}

const withFees = (posting: Posting, fees: Group): Posting => ({
  ...posting,
  minor: posting.minor + fees.minor,
  rows: posting.rows + fees.rows,
  groups: [...posting.groups, fees.key],
});

/**
 * Whether fees fit on the documents of their order or refund. Decided by the settlement alone, never by the books: a journal
 * that is booked already must not change because an order arrived later.
 */
function rides({ groups }: Gathered, settings: BookSettings, fees: Group): boolean {
  const group = groups.get(fees.key.slice('fee:'.length));
  if (group === undefined) return false;
  return group.kind === 'order'
    ? group.minor > 0n && group.minor + fees.minor > 0n
    : settings.refundsFrom === 'settlements' && group.minor < 0n && group.minor + fees.minor < 0n;
}

function makePlanning(
  gathered: Gathered,
  settings: BookSettings,
  surroundings: Surroundings,
  missing: { accounts: Set<string>; items: Set<string>; customer: boolean },
): Planning {
  const { header } = gathered;
  const { currency } = header.total;
  return {
    gathered,
    settings,
    surroundings,
    currency,
    account(role, marketplace) {
      const id = accountFor(settings, role, marketplace, currency);
      if (id === undefined) missing.accounts.add(`${accountRoles[role]} – ${marketplace}`);
      return id ?? '';
    },
    item(role) {
      const id = settings.items[role];
      if (id === undefined) missing.items.add(role);
      return id ?? '';
    },
    customer() {
      if (settings.settlementCustomerId === undefined) missing.customer = true;
      return settings.settlementCustomerId ?? '';
    },
    draftBase(suffix, day, memo, receivable) {
      const date = openDay(day, surroundings.periods, receivable);
      const moved = date === day ? '' : ` (belongs to ${day}, whose period is closed)`;
      return {
        externalId: `${settings.externalIdPrefix}-SETT-${header.settlementId}-${suffix}`.replace(
          /[^A-Za-z0-9_-]/g,
          '-',
        ),
        date,
        currency,
        ...(settings.subsidiaryId ? { subsidiaryId: settings.subsidiaryId } : {}),
        ...(settings.departmentId ? { departmentId: settings.departmentId } : {}),
        ...(settings.classId ? { classId: settings.classId } : {}),
        ...(settings.locationId ? { locationId: settings.locationId } : {}),
        memo: `Amazon settlement ${header.settlementId}: ${memo}${moved}`,
      };
    },
    money: (minor) => ({ minor, currency }),
    taken: new Map(),
  };
}

function waitingForOrder(
  planning: Planning,
  group: Group,
  fees: Group | undefined,
  sought: boolean,
): Posting {
  const what = group.kind === 'order' ? 'payment' : 'refund';
  return {
    key: `${what}:${group.key.slice(group.key.indexOf(':') + 1)}`,
    kind: what,
    title: `${group.kind === 'order' ? 'Payment for' : 'Refund of'} order ${group.orderId}`,
    marketplace: group.marketplace,
    date: openDay(group.day, planning.surroundings.periods, true),
    minor: group.minor + (fees?.minor ?? 0n),
    rows: group.rows + (fees?.rows ?? 0),
    groups: fees ? [group.key, fees.key] : [group.key],
    through: 'clearing',
    drafts: [],
    ties: [],
    state: sought ? 'suspended' : 'waiting',
    reason: sought
      ? {
          code: 'ORDER_NOT_IN_BOOKS',
          message: `Order ${group.orderId} was fetched and is not in the books.`,
          nextSteps: [
            'Open the order under Records and cure what holds it; this posting then goes on by itself.',
            'Or choose “suspense” for missing orders in the settlement settings.',
          ],
        }
      : {
          code: 'ORDER_WANTED',
          message: `Order ${group.orderId} is not in the books yet; it is being fetched from Amazon.`,
          nextSteps: ['Nothing is needed: the posting goes on when the order has arrived.'],
        },
    needsApproval: false,
  };
}

/** Bank on the deposit's day: what clearing holds, and undeposited documents one by one. A negative total is owed instead. */
function planDeposit(planning: Planning, postings: readonly Posting[]): Posting[] {
  const { gathered, settings, currency, money } = planning;
  const { header } = gathered;
  const { total } = header;
  const day = makeCalendar(settings.timeZone).dayOf(header.depositAt.getTime());
  // What each marketplace's clearing account holds when all postings are booked.
  const held = new Map<string, bigint>();
  for (const posting of postings)
    if (posting.through === 'clearing' || posting.through === 'none')
      held.set(posting.marketplace, (held.get(posting.marketplace) ?? 0n) + posting.minor);
  const undeposited = postings.filter(
    (posting) => posting.through === 'undeposited' && posting.state === 'ready',
  );
  for (const posting of postings)
    if (posting.through === 'undeposited' && posting.state !== 'ready')
      held.set(posting.marketplace, (held.get(posting.marketplace) ?? 0n) + posting.minor);
  const payments = undeposited.flatMap((posting) => [
    ...posting.ties,
    ...posting.drafts
      .filter((draft) => draft.kind === 'customer-payment')
      .map((draft) => ({ kind: draft.kind, externalId: draft.externalId })),
  ]);
  const lines = byAccount(planning, held);
  if (total.minor === 0n && lines.length === 0 && payments.length === 0) return [];
  const base = planning.draftBase('DEP', day, `deposit ${formatMoney(total)} ${currency}`, false);
  const shared = {
    kind: 'deposit' as const,
    marketplace: gathered.marketplaces[0] ?? gathered.inherited.marketplace,
    date: base.date,
    ...(base.date === day ? {} : { belongsTo: day }),
    minor: -total.minor,
    rows: 0,
    groups: [],
    through: 'clearing' as const,
    ties: [],
    state: 'ready' as const,
    needsApproval: false,
  };
  // Once booked it is not made anew: what arrives later goes through clearing, which this deposit has drawn already.
  const there = planning.surroundings.booked.get(base.externalId);
  // A debt with undeposited documents takes two documents: the second may still be to come.
  const half = there === 'deposit' && total.minor <= 0n;
  if (there && !half)
    return [
      {
        ...shared,
        key: 'deposit',
        title: 'Deposit',
        drafts: [],
        ties: [{ kind: there, externalId: base.externalId }],
      },
    ];
  if (total.minor > 0n)
    return [
      {
        ...shared,
        key: 'deposit',
        title: `Deposit of ${formatMoney(total)} ${currency}`,
        drafts: [
          {
            ...base,
            kind: 'deposit',
            accountId: planning.account('bank', shared.marketplace),
            payments,
            lines: lines.map(({ accountId, minor, marketplace }) => ({
              accountId,
              amount: money(minor),
              memo: `${marketplace} ${header.settlementId}`,
            })),
            total,
          },
        ],
      },
    ];
  // Nothing is paid out: Amazon carries the debt forward or charges the card. Clearing is closed against the liability;
  // undeposited documents are gathered into clearing first, since a bank deposit cannot be negative.
  const debt = -total.minor;
  const gathering: BookDraft[] = [];
  let close = base;
  if (payments.length > 0) {
    const sum = undeposited.reduce((left, posting) => left + posting.minor, 0n);
    held.set(shared.marketplace, (held.get(shared.marketplace) ?? 0n) + sum);
    const accountId = planning.account('clearing', shared.marketplace);
    gathering.push({ ...base, kind: 'deposit', accountId, payments, lines: [], total: money(sum) });
    close = planning.draftBase('OWED', day, `owed to Amazon ${formatMoney(money(debt))} ${currency}`, false);
  }
  const closing = byAccount(planning, held).map(({ accountId, minor, marketplace }) => ({
    accountId,
    ...(minor > 0n ? { credit: money(minor) } : { debit: money(-minor) }),
    memo: `${marketplace} ${header.settlementId}`,
  }));
  const owed = {
    accountId: debt === 0n ? '' : planning.account('amazon-payable', shared.marketplace),
    credit: money(debt),
    memo: `Payable to Amazon ${header.settlementId}`,
  };
  return [
    {
      ...shared,
      key: 'deposit',
      title: debt === 0n ? 'Nothing is paid out' : `Owed to Amazon: ${formatMoney(money(debt))} ${currency}`,
      drafts: [
        ...gathering,
        ...(closing.length === 0
          ? []
          : [{ ...close, kind: 'journal' as const, lines: debt === 0n ? closing : [...closing, owed] }]),
      ],
    },
  ];
}

/** Marketplaces may share one clearing account. */
function byAccount(planning: Planning, held: ReadonlyMap<string, bigint>) {
  const lines = new Map<string, { accountId: string; minor: bigint; marketplace: string }>();
  for (const [marketplace, minor] of held) {
    const accountId = planning.account('clearing', marketplace);
    const line = lines.get(accountId);
    if (line) line.minor += minor;
    else lines.set(accountId, { accountId, minor, marketplace });
  }
  return [...lines.values()].filter(({ minor }) => minor !== 0n);
}

function unknownWords({ unknown, header }: Gathered, classifier: Classifier): Blocker[] {
  return unknown.map(({ kind, rows, minor, firstRow }) => {
    const words = [kind.transactionType, kind.amountType, kind.amountDescription]
      .map((word) => word || '(empty)')
      .join(' / ');
    const suggestions = classifier.suggest(kind);
    return {
      code: 'SETTLEMENT_WORDS_UNKNOWN',
      message: `“${words}” is not mapped: ${rows} rows, ${formatMoney({ minor, currency: header.total.currency })} ${header.total.currency} in all, first in row ${firstRow}.`,
      nextSteps: [
        suggestions[0]
          ? `Map it in the fee mapping; it is most like “${suggestions[0].like}” (${classInfo(suggestions[0].class).title}).`
          : 'Map it in the fee mapping.',
        'Or choose “suspense” for unknown words in the settlement settings.',
      ],
      facts: { kind, rows, minor: minor.toString(), firstRow, suggestions },
    };
  });
}

function taxLeft({ taxes, header }: Gathered): Blocker[] {
  return taxResiduals(taxes).map((residual) => ({
    code: 'SETTLEMENT_TAX_RESIDUAL',
    message: `Tax of order ${residual.orderId || '(none)'} (${residual.marketplace || 'no marketplace'}) does not wash out: ${formatMoney({ minor: residual.minor, currency: header.total.currency })} ${header.total.currency} is left of what Amazon charged and kept.`,
    nextSteps: [
      'Compare the order’s tax rows with Amazon’s transaction view.',
      'If the seller owes this tax, map its words to “Tax charged to the seller” for this marketplace.',
    ],
    facts: { ...residual, minor: residual.minor.toString() },
  }));
}

function notChosen(missing: { accounts: Set<string>; items: Set<string>; customer: boolean }): Blocker[] {
  const blockers: Blocker[] = [];
  if (missing.accounts.size > 0)
    blockers.push({
      code: 'ACCOUNTS_NOT_CHOSEN',
      message: `No account is chosen for: ${[...missing.accounts].sort().join('; ')}.`,
      nextSteps: ['Choose the accounts in the settlement settings; the list comes from the connected books.'],
      facts: { accounts: [...missing.accounts].sort() },
    });
  if (missing.items.size > 0)
    blockers.push({
      code: 'ITEMS_NOT_CHOSEN',
      message: `No item is chosen for: ${[...missing.items].sort().join('; ')}.`,
      nextSteps: ['Choose an item (other charge) for each in the settlement settings.'],
      facts: { items: [...missing.items].sort() },
    });
  if (missing.customer)
    blockers.push({
      code: 'CUSTOMER_NOT_CHOSEN',
      message: 'No customer is chosen for amounts that belong to no order.',
      nextSteps: ['Choose the settlement customer in the settlement settings.'],
      facts: {},
    });
  return blockers;
}

function limitApprovals(
  postings: readonly Posting[],
  settings: BookSettings,
  { header }: Gathered,
): Posting[] {
  if (settings.approvalAbove === undefined) return [...postings];
  const limit = parseMoney(settings.approvalAbove, header.total.currency).minor;
  return postings.map((posting) => {
    const size = posting.drafts.reduce(
      (most, draft) => {
        const value = sizeOf(draft);
        return value > most ? value : most;
      },
      posting.minor < 0n ? -posting.minor : posting.minor,
    );
    return size > limit ? { ...posting, needsApproval: true } : posting;
  });
}

/** How much a draft moves, in minor units. */
export function sizeOf(draft: BookDraft): bigint {
  switch (draft.kind) {
    case 'journal':
      return draft.lines.reduce((sum, line) => sum + (line.debit?.minor ?? 0n), 0n);
    case 'customer-payment':
    case 'customer-refund':
      return draft.amount.minor;
    case 'credit-memo':
    case 'cash-refund':
    case 'cash-sale':
    case 'order-fees':
    case 'deposit':
      return draft.total.minor < 0n ? -draft.total.minor : draft.total.minor;
    default:
      return 0n;
  }
}
