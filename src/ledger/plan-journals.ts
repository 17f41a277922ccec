// Which journals book what belongs to no order (and, in the summary model, everything)? One per month and marketplace, cut
// below the line limit, each balanced against clearing. In model fees-on-orders one sale or refund takes the journal's place.
import type { BookLine, JournalLine } from '../erp/books.ts';
import { journalDay } from './calendar.ts';
import { classes, classInfo, type RowClass } from './classes.ts';
import type { Group } from './gather.ts';
import type { Planning } from './plan.ts';
import type { Posting } from './posting.ts';

/** Tax and the part of it that Amazon keeps are one figure: what is left is the seller's. */
const lineClass: Partial<Record<RowClass, RowClass>> = {
  'sale.tax-withheld': 'sale.tax',
  'refund.tax-withheld': 'refund.tax',
  'tax.retrocharge-withheld': 'tax.retrocharge',
};

/** Sums per class over groups, in the fixed order of the classes, without what washes out. */
function sums(groups: readonly Group[]): (readonly [RowClass, bigint])[] {
  const total = new Map<RowClass, bigint>();
  for (const group of groups)
    for (const [name, { minor }] of group.classes) {
      const line = lineClass[name] ?? name;
      total.set(line, (total.get(line) ?? 0n) + minor);
    }
  return (Object.keys(classes) as RowClass[])
    .map((name) => [name, total.get(name) ?? 0n] as const)
    .filter(([, minor]) => minor !== 0n);
}

/** Groups of one month and marketplace, in order. */
function byMonth(groups: readonly Group[]): Group[][] {
  const months = new Map<string, Group[]>();
  for (const group of groups) {
    const key = `${group.month}\t${group.marketplace}`;
    const list = months.get(key);
    if (list) list.push(group);
    else months.set(key, [group]);
  }
  return [...months.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, list]) => list);
}

const totalOf = (groups: readonly Group[]) => groups.reduce((sum, group) => sum + group.minor, 0n);
const rowsOf = (groups: readonly Group[]) => groups.reduce((sum, group) => sum + group.rows, 0);
const keysOf = (groups: readonly Group[]) => groups.map((group) => group.key);

export function planJournals(planning: Planning, groups: readonly Group[]): Posting[] {
  return mergeMonths(planning, groups).flatMap((month) => journalsOf(planning, month));
}

/** With splitting off, order groups that fall back to a journal join the one journal. */
function mergeMonths({ settings }: Planning, groups: readonly Group[]): Group[][] {
  return byMonth(settings.splitMonths ? groups : groups.map((group) => ({ ...group, month: 'all' })));
}

function journalsOf(planning: Planning, groups: readonly Group[]): Posting[] {
  const { marketplace, month } = groups[0]!;
  const { settings } = planning;
  const all = sums(groups);
  const day = journalDay(planning, groups);
  const places = settings.journalLinesMax - 1;
  const parts = Math.max(1, Math.ceil(all.length / places));
  const name = month === 'all' ? '' : `${month}-`;
  // The groups hang on the first part; the parts' sums add up to the groups'.
  return Array.from({ length: parts }, (_, part): Posting => {
    const chosen = all.slice(part * places, (part + 1) * places);
    const minor = chosen.reduce((sum, [, value]) => sum + value, 0n);
    const base = planning.draftBase(
      `${name}${short(marketplace)}-JE${part + 1}`,
      day,
      `${marketplace}${month === 'all' ? '' : ` ${month}`}${parts > 1 ? `, part ${part + 1} of ${parts}` : ''}`,
      false,
    );
    const lines: JournalLine[] = chosen.map(([rowClass, value]) =>
      side(
        planning,
        planning.account(classInfo(rowClass).role, marketplace),
        value,
        classInfo(rowClass).title,
      ),
    );
    if (minor !== 0n)
      lines.push(side(planning, planning.account('clearing', marketplace), -minor, 'Clearing'));
    return {
      key: `journal:${month}:${marketplace}:${part + 1}`,
      kind: chosen.length === 0 ? 'nothing' : 'journal',
      title: `Journal ${month === 'all' ? '' : `${month} `}${marketplace}${parts > 1 ? ` (${part + 1}/${parts})` : ''}`,
      marketplace,
      date: base.date,
      ...(base.date === day ? {} : { belongsTo: day }),
      minor,
      rows: part === 0 ? rowsOf(groups) : 0,
      groups: part === 0 ? keysOf(groups) : [],
      through: 'clearing',
      drafts: lines.length === 0 ? [] : [{ ...base, kind: 'journal', lines }],
      ties: [],
      state: 'ready',
      needsApproval: false,
    };
  });
}

/** Positive is what Amazon owes: a credit on its account, a debit on clearing. */
function side(planning: Planning, accountId: string, minor: bigint, memo: string): JournalLine {
  return {
    accountId,
    ...(minor > 0n ? { credit: planning.money(minor) } : { debit: planning.money(-minor) }),
    memo,
    ...(planning.settings.departmentId ? { departmentId: planning.settings.departmentId } : {}),
    ...(planning.settings.classId ? { classId: planning.settings.classId } : {}),
    ...(planning.settings.locationId ? { locationId: planning.settings.locationId } : {}),
  };
}

/** Fees-on-orders: amounts of no order become one cash sale (Amazon owes) or cash refund (Amazon is owed) per month. */
export function planFeeDocument(planning: Planning, groups: readonly Group[]): Posting[] {
  return mergeMonths(planning, groups).map((month) => feeDocument(planning, month));
}

function feeDocument(planning: Planning, groups: readonly Group[]): Posting {
  const { marketplace, month } = groups[0]!;
  const minor = totalOf(groups);
  const all = sums(groups);
  const day = journalDay(planning, groups);
  const owes = minor >= 0n;
  const base = planning.draftBase(
    `${month === 'all' ? '' : `${month}-`}${short(marketplace)}-${owes ? 'CS' : 'CR'}`,
    day,
    `${marketplace}${month === 'all' ? '' : ` ${month}`}, amounts of no order`,
    true,
  );
  const lines: BookLine[] = all.map(([rowClass, value]) => ({
    key: rowClass,
    itemId: planning.item(classInfo(rowClass).role),
    quantity: 1,
    amount: planning.money(owes ? value : -value),
    description: classInfo(rowClass).title,
  }));
  const shared = {
    ...base,
    customerId: planning.customer(),
    accountId: planning.account('clearing', marketplace),
    ...(planning.settings.paymentMethodId ? { paymentMethodId: planning.settings.paymentMethodId } : {}),
    lines,
    total: planning.money(owes ? minor : -minor),
  };
  return {
    key: `fees:${month}:${marketplace}`,
    kind: lines.length === 0 ? 'nothing' : 'fee-document',
    title: `${owes ? 'Cash sale' : 'Cash refund'} for amounts of no order${month === 'all' ? '' : `, ${month}`}, ${marketplace}`,
    marketplace,
    date: base.date,
    ...(base.date === day ? {} : { belongsTo: day }),
    minor,
    rows: rowsOf(groups),
    groups: keysOf(groups),
    through: 'clearing',
    drafts:
      lines.length === 0
        ? []
        : [owes ? { ...shared, kind: 'cash-sale' } : { ...shared, kind: 'cash-refund' }],
    ties: [],
    state: 'ready',
    needsApproval: false,
  };
}

/** An order that cannot be found, by the owner's choice: its money waits on the suspense account, where it is seen. */
export function suspenseJournal(planning: Planning, groups: readonly Group[]): Posting {
  const [group] = groups as readonly [Group];
  const { orderId, marketplace, day } = group;
  const minor = totalOf(groups);
  const base = planning.draftBase(
    `SUS-${group.kind === 'order' ? 'P' : 'R'}-${orderId}-${day}`,
    day,
    `order ${orderId} is not in the books`,
    false,
  );
  return {
    key: `suspense:${group.key}`,
    kind: minor === 0n ? 'nothing' : 'suspense',
    title: `Order ${orderId} on suspense`,
    marketplace,
    date: base.date,
    ...(base.date === day ? {} : { belongsTo: day }),
    minor,
    rows: rowsOf(groups),
    groups: keysOf(groups),
    through: 'clearing',
    drafts:
      minor === 0n
        ? []
        : [
            {
              ...base,
              kind: 'journal',
              lines: [
                side(planning, planning.account('suspense', marketplace), minor, `Order ${orderId}`),
                side(planning, planning.account('clearing', marketplace), -minor, 'Clearing'),
              ],
            },
          ],
    ties: [],
    state: 'ready',
    needsApproval: false,
  };
}

/** `Amazon.co.uk` → `Amazon-co-uk`, for external ids. */
export const short = (marketplace: string): string => marketplace.replace(/[^A-Za-z0-9]+/g, '-');
