// What was earned and not yet available when the month ended? One journal per currency and marketplace, dated the month's
// last day and reversed on the next, so that a summary of settlements does not push revenue into later months.
import { RecordError } from '../../core/errors.ts';
import type { FinanceTransaction } from '../../core/settlement.ts';
import type { JournalDraft } from '../../erp/books.ts';
import { lastDayOf, makeCalendar, monthOf, nextDay } from '../../ledger/calendar.ts';
import { accountFor } from '../../ledger/settings.ts';
import type { OpenFlow, TaskResult } from '../flow.ts';
import { type SettlementsSettings, subsidiaryOf } from './settings.ts';

const dayMs = 86_400_000;
/** Transactions may appear two days late; the month is accrued when they have. */
const settleDays = 3;

export async function accrueMonth(flow: OpenFlow<SettlementsSettings>): Promise<TaskResult> {
  const { settings, clock } = flow;
  const books = flow.erp.books;
  if (!books) return { counts: {} };
  const calendar = makeCalendar(settings.timeZone);
  const month = monthOf(calendar.dayOf(clock.now().getTime() - settleDays * dayMs));
  const [year = 0, number = 0] = month.split('-').map(Number);
  const before = new Date(Date.UTC(year, number - 2, 1)).toISOString().slice(0, 7);
  const done = await flow.journal.cursor<{ readonly month: string }>('accrual');
  if (done && done.month >= before) return { counts: {} };
  const deferred = (await flow.settlements.deferredAt(endOfMonth(before, calendar))).filter(
    (one) => calendar.dayOf(one.postedAt.getTime()) <= lastDayOf(before),
  );
  const drafts = [...byMarket(deferred)].map(([, own]) => accrual(settings, before, own));
  for (const draft of drafts) await books.createOnce(draft);
  await flow.journal.moveCursor('accrual', { month: before });
  return { counts: { journals: drafts.length, transactions: deferred.length } };
}

/** The first moment of the next month in the seller's time zone, found to the hour. */
function endOfMonth(month: string, calendar: { dayOf(ms: number): string }): Date {
  const last = lastDayOf(month);
  let at = Date.parse(`${last}T00:00:00Z`) - dayMs;
  while (calendar.dayOf(at) <= last) at += 3_600_000;
  return new Date(at);
}

function byMarket(transactions: readonly FinanceTransaction[]): Map<string, FinanceTransaction[]> {
  const groups = new Map<string, FinanceTransaction[]>();
  for (const one of transactions) {
    const key = `${one.total.currency}/${one.marketplaceId ?? ''}`;
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  return groups;
}

/** Net amounts: what Amazon owes of the sales, against sales; fees follow with the settlement. Pure. */
export function accrual(
  settings: SettlementsSettings,
  month: string,
  transactions: readonly FinanceTransaction[],
): JournalDraft {
  const { currency } = transactions[0]!.total;
  const marketplace = transactions[0]!.marketplaceId ?? '';
  const minor = transactions.reduce((sum, one) => sum + one.total.minor, 0n);
  const account = (role: 'deferred' | 'sales') => {
    const id = accountFor(settings, role, marketplace, currency);
    if (id !== undefined) return id;
    throw new RecordError(
      'ACCOUNTS_NOT_CHOSEN',
      `The month-end accrual needs the account for “${role}”, which is not chosen.`,
      { field: `accounts.*.${role}`, nextSteps: ['Choose it in the settlement settings.'] },
    );
  };
  const size = { minor: minor < 0n ? -minor : minor, currency };
  const [debit, credit] =
    minor >= 0n ? [account('deferred'), account('sales')] : [account('sales'), account('deferred')];
  const memo = `Deferred at Amazon at the end of ${month}: ${transactions.length} transactions`;
  return {
    kind: 'journal',
    externalId: `${settings.externalIdPrefix}-ACCRUAL-${month}-${currency}-${marketplace || 'ALL'}`,
    date: lastDayOf(month),
    reversalDate: nextDay(lastDayOf(month)),
    currency,
    ...subsidiaryOf(settings, currency),
    ...(settings.departmentId ? { departmentId: settings.departmentId } : {}),
    ...(settings.classId ? { classId: settings.classId } : {}),
    memo,
    lines: [
      { accountId: debit, debit: size, memo },
      { accountId: credit, credit: size, memo },
    ],
  };
}
