// What is earned and not yet paid out? From the channel's transactions, all of them: deferred with the day they mature,
// released, deposited; the receivable's roll-forward, a forecast of cash, and the month-end accrual (features.md 5.5). Pure.
import type { FinanceBreakdown, FinanceTransaction } from '../core/settlement.ts';
import type { JournalDraft, JournalLine } from '../erp/books.ts';
import { lastDayOf, makeCalendar, monthOf, nextDay } from './calendar.ts';
import type { AccountRole } from './classes.ts';
import { accountFor, type BookSettings } from './settings.ts';

/** What settlements say, as far as the receivable is concerned. */
export interface SettledPart {
  readonly settlementId: string;
  readonly currency: string;
  readonly endAt: Date;
  readonly depositAt: Date;
  readonly totalMinor: bigint;
  readonly reservePrevious: bigint;
  readonly reserveCurrent: bigint;
}

/** Movements of money to the bank, not earnings. */
const isTransfer = (transaction: FinanceTransaction): boolean =>
  /transfer|disbursement|payout/i.test(transaction.type);
const isRefund = (transaction: FinanceTransaction): boolean =>
  /refund|chargeback|guarantee|claim/i.test(transaction.type);

/** Each earning once: a release repeats the deferred transaction under a new id. */
export function earnings(transactions: readonly FinanceTransaction[]): readonly FinanceTransaction[] {
  const ids = new Set(transactions.map((one) => one.id));
  return transactions.filter(
    (one) =>
      !isTransfer(one) &&
      !(
        one.status === 'deferred-released' &&
        one.deferredTransactionId !== undefined &&
        ids.has(one.deferredTransactionId)
      ),
  );
}

/** Deferred at a moment: posted, and not released by then. */
export function deferredAt(
  transactions: readonly FinanceTransaction[],
  at: Date,
): readonly FinanceTransaction[] {
  const released = new Map<string, Date>();
  for (const one of transactions)
    if (one.status === 'deferred-released' && one.deferredTransactionId)
      released.set(one.deferredTransactionId, one.postedAt);
  return transactions.filter((one) => {
    if (one.status !== 'deferred' || one.postedAt > at) return false;
    const releasedAt = released.get(one.id);
    return releasedAt === undefined || releasedAt > at;
  });
}

export interface RollForward {
  readonly currency: string;
  readonly from: string;
  readonly to: string;
  readonly opening: bigint;
  readonly shipped: bigint;
  readonly refunds: bigint;
  readonly deposits: bigint;
  readonly closing: bigint;
  /** Parts of the closing receivable; they add up to it. */
  readonly deferred: readonly { readonly reason: string; readonly minor: bigint }[];
  readonly reserve: bigint;
  readonly released: bigint;
}

/**
 * The receivable of one currency over days `from`…`to` in the seller's calendar. `opening` is what the books carried before
 * the first transaction that is known.
 */
export function rollForward(
  transactions: readonly FinanceTransaction[],
  settled: readonly SettledPart[],
  {
    from,
    to,
    currency,
    timeZone,
    opening = 0n,
  }: {
    readonly from: string;
    readonly to: string;
    readonly currency: string;
    readonly timeZone: string;
    readonly opening?: bigint;
  },
): RollForward {
  const { dayOf } = makeCalendar(timeZone);
  const day = (at: Date) => dayOf(at.getTime());
  const own = transactions.filter((one) => one.total.currency === currency);
  const earned = earnings(own);
  const paid = settled.filter((one) => one.currency === currency);
  const sum = (list: readonly FinanceTransaction[], keep: (on: string, one: FinanceTransaction) => boolean) =>
    list.reduce((total, one) => (keep(day(one.postedAt), one) ? total + one.total.minor : total), 0n);
  const deposited = (keep: (on: string) => boolean) =>
    paid.reduce((total, one) => (keep(day(one.depositAt)) ? total + one.totalMinor : total), 0n);
  const start = opening + sum(earned, (on) => on < from) - deposited((on) => on < from);
  const shipped = sum(earned, (on, one) => on >= from && on <= to && !isRefund(one));
  const refunds = sum(earned, (on, one) => on >= from && on <= to && isRefund(one));
  const deposits = deposited((on) => on >= from && on <= to);
  const closing = start + shipped + refunds - deposits;
  const byReason = new Map<string, bigint>();
  const endOfDay = own.filter((one) => day(one.postedAt) <= to);
  for (const one of deferredAt(endOfDay, new Date(8.64e15)))
    byReason.set(
      one.deferral?.reason ?? 'unknown',
      (byReason.get(one.deferral?.reason ?? 'unknown') ?? 0n) + one.total.minor,
    );
  const last = paid
    .filter((one) => day(one.endAt) <= to)
    .sort((a, b) => a.endAt.getTime() - b.endAt.getTime())
    .at(-1);
  const reserve = last ? -last.reserveCurrent : 0n;
  const deferred = [...byReason]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([reason, minor]) => ({ reason, minor }));
  return {
    currency,
    from,
    to,
    opening: start,
    shipped,
    refunds,
    deposits,
    closing,
    deferred,
    reserve,
    released: closing - reserve - deferred.reduce((total, one) => total + one.minor, 0n),
  };
}

/** Do the transactions that name a settlement add up to it? The reserve's movement is the settlement's own. */
export function tieToSettlements(
  transactions: readonly FinanceTransaction[],
  settled: readonly SettledPart[],
) {
  return settled.flatMap((one) => {
    const own = transactions.filter(
      (transaction) =>
        transaction.settlementId === one.settlementId &&
        !isTransfer(transaction) &&
        transaction.status !== 'deferred',
    );
    if (own.length === 0) return [];
    const minor = own.reduce((sum, transaction) => sum + transaction.total.minor, 0n);
    const expected = one.totalMinor - one.reservePrevious - one.reserveCurrent;
    return [
      {
        settlementId: one.settlementId,
        currency: one.currency,
        transactions: minor,
        settlement: expected,
        difference: minor - expected,
      },
    ];
  });
}

/** Money to come by day: deferred amounts on the day they mature, and what is released with the next settlement. */
export function forecast(
  transactions: readonly FinanceTransaction[],
  settled: readonly SettledPart[],
  {
    now,
    currency,
    timeZone,
    cycleDays = 14,
  }: {
    readonly now: Date;
    readonly currency: string;
    readonly timeZone: string;
    readonly cycleDays?: number;
  },
): readonly {
  readonly on: string;
  readonly minor: bigint;
  readonly why: 'matures' | 'next-settlement' | 'no-date';
}[] {
  const { dayOf } = makeCalendar(timeZone);
  const today = dayOf(now.getTime());
  const own = transactions.filter((one) => one.total.currency === currency);
  const days = new Map<
    string,
    { on: string; minor: bigint; why: 'matures' | 'next-settlement' | 'no-date' }
  >();
  const add = (on: string, why: 'matures' | 'next-settlement' | 'no-date', minor: bigint) => {
    const key = `${on} ${why}`;
    const known = days.get(key);
    if (known) known.minor += minor;
    else days.set(key, { on, minor, why });
  };
  for (const one of deferredAt(own, now)) {
    const matures = one.deferral?.maturesAt;
    if (matures)
      add(dayOf(matures.getTime()) < today ? today : dayOf(matures.getTime()), 'matures', one.total.minor);
    else add(today, 'no-date', one.total.minor);
  }
  const standing = rollForward(transactions, settled, { from: '0000-01-01', to: today, currency, timeZone });
  const last = settled
    .filter((one) => one.currency === currency)
    .sort((a, b) => a.endAt.getTime() - b.endAt.getTime())
    .at(-1);
  const next = last ? dayOf(last.endAt.getTime() + cycleDays * 86_400_000) : today;
  if (standing.released !== 0n) add(next < today ? today : next, 'next-settlement', standing.released);
  return [...days.values()].sort((a, b) => (a.on < b.on ? -1 : 1));
}

/** Which account a leaf of Amazon's breakdown belongs to (spapi.md §3.11; the tree's words are an open set). */
const leaves: readonly (readonly [RegExp, AccountRole])[] = [
  [/refundcommission/i, 'referral-fees'],
  [/withheld|facilitator|tax/i, 'sales-tax-payable'],
  [/commission|referral|closing/i, 'referral-fees'],
  [/fba.*fulfil|perunitfulfil|weightbased/i, 'fba-fulfilment'],
  [/storage/i, 'storage'],
  [/advertis/i, 'advertising'],
  [/subscription/i, 'subscription'],
  [/shippinghb|chargeback/i, 'shipping-holdback'],
  [/promo|discount|coupon/i, 'discounts'],
  [/giftwrap/i, 'gift-wrap-income'],
  [/shipping/i, 'shipping-income'],
  [/reimburs/i, 'reimbursements'],
  [/principal|product|ourprice|price/i, 'sales'],
  [/fee/i, 'other-fees'],
];

function roleOf(path: readonly string[], refund: boolean): AccountRole {
  // The leaf's own words decide before those of what contains it.
  for (const word of [...path].reverse())
    for (const [pattern, role] of leaves)
      if (pattern.test(word))
        return refund && (role === 'sales' || role === 'shipping-income' || role === 'gift-wrap-income')
          ? 'returns'
          : role;
  return 'suspense';
}

function addLeaves(
  breakdowns: readonly FinanceBreakdown[],
  path: readonly string[],
  refund: boolean,
  sums: Map<AccountRole, bigint>,
): bigint {
  let total = 0n;
  for (const { type, amount, parts } of breakdowns) {
    const own = [...path, type];
    const inner = parts.length > 0 ? addLeaves(parts, own, refund, sums) : 0n;
    const rest = amount.minor - inner;
    if (rest !== 0n) {
      const role = roleOf(own, refund);
      sums.set(role, (sums.get(role) ?? 0n) + rest);
    }
    total += amount.minor;
  }
  return total;
}

/**
 * Month-end: what is earned by the month's end and still deferred, as if it were booked, with a reversal on the next day.
 * For books that know sales only from settlements (model summary); order-level books have it already.
 */
export function planAccrual(
  transactions: readonly FinanceTransaction[],
  month: string,
  currency: string,
  settings: BookSettings,
): JournalDraft | undefined {
  const { dayOf } = makeCalendar(settings.timeZone);
  const last = lastDayOf(month);
  const known = transactions.filter(
    (one) => one.total.currency === currency && dayOf(one.postedAt.getTime()) <= last,
  );
  const open = deferredAt(known, new Date(8.64e15));
  if (open.length === 0) return undefined;
  const sums = new Map<AccountRole, bigint>();
  let total = 0n;
  for (const one of open) {
    const explained = addLeaves(one.breakdowns, [], isRefund(one), sums);
    const rest = one.total.minor - explained;
    if (rest !== 0n) sums.set('suspense', (sums.get('suspense') ?? 0n) + rest);
    total += one.total.minor;
  }
  const marketplace = '*';
  const lines: JournalLine[] = [...sums]
    .filter(([, minor]) => minor !== 0n)
    .map(([role, minor]) =>
      line(accountFor(settings, role, marketplace, currency) ?? '', minor, `Deferred ${month}`, currency),
    );
  if (total !== 0n)
    lines.push(
      line(
        accountFor(settings, 'deferred', marketplace, currency) ?? '',
        -total,
        `Amazon receivable ${month}`,
        currency,
      ),
    );
  return {
    kind: 'journal',
    externalId: `${settings.externalIdPrefix}-ACCRUAL-${month}-${currency}`,
    date: last,
    reversalDate: nextDay(last),
    currency,
    ...(settings.subsidiaryId ? { subsidiaryId: settings.subsidiaryId } : {}),
    memo: `Amazon, earned and deferred at ${last}; ${open.length} transactions of ${monthOf(last)} and before`,
    lines,
  };
}

const line = (accountId: string, minor: bigint, memo: string, currency: string): JournalLine => ({
  accountId,
  ...(minor > 0n ? { credit: { minor, currency } } : { debit: { minor: -minor, currency } }),
  memo,
});
