// On which day of the seller's calendar does a moment fall, and may that day still be booked? Used by gather.ts and plan.ts.

import type { AccountingPeriod } from '../erp/books.ts';
import type { Group } from './gather.ts';
import type { Planning } from './plan.ts';

/** Moments to days `YYYY-MM-DD` in one time zone; days are cached, since a settlement has few of them. */
export function makeCalendar(timeZone: string): { dayOf(ms: number, timeKnown?: boolean): string } {
  const format = new Intl.DateTimeFormat('en-CA', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  });
  const cache = new Map<number, string>();
  /** Zones change their offset at whole quarters of an hour at the finest. */
  const quarterMs = 900_000;
  return {
    dayOf(ms, timeKnown = true) {
      // A day without a time is that day, wherever the seller is.
      if (!timeKnown) return new Date(ms).toISOString().slice(0, 10);
      const quarter = Math.floor(ms / quarterMs);
      let day = cache.get(quarter);
      if (day === undefined) {
        day = format.format(quarter * quarterMs);
        cache.set(quarter, day);
      }
      return day;
    },
  };
}

export const monthOf = (day: string): string => day.slice(0, 7);

export function lastDayOf(month: string): string {
  const [year, number] = month.split('-').map(Number) as [number, number];
  return `${month}-${String(new Date(Date.UTC(year, number, 0)).getUTCDate()).padStart(2, '0')}`;
}

export const nextDay = (day: string): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);

/**
 * The first day from `day` on that may be booked. Days that no period covers are taken as open: the books will say so when
 * they are not. `receivable`: sales-side documents, which can be locked earlier than journals.
 */
export function openDay(day: string, periods: readonly AccountingPeriod[], receivable: boolean): string {
  const shut = periods
    .filter((period) => period.closed || (receivable && period.receivableLocked))
    .sort((a, b) => (a.startOn < b.startOn ? -1 : 1));
  let open = day;
  for (const period of shut) if (period.startOn <= open && open <= period.endOn) open = nextDay(period.endOn);
  return open;
}

/** The day on which a month's journal is dated: the month's last day, or the settlement's end when that is earlier. */
export function journalDay({ gathered, settings }: Planning, groups: readonly Group[]): string {
  const end = makeCalendar(settings.timeZone).dayOf(gathered.header.endAt.getTime());
  const last = groups.reduce((day, group) => (group.day > day ? group.day : day), '');
  const upTo = last > end ? last : end;
  const month = groups[0]!.month;
  if (month === 'all') return upTo;
  const monthEnd = lastDayOf(month);
  return monthEnd < upTo ? monthEnd : upTo;
}
