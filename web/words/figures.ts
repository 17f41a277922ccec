// How are numbers, money, moments and durations written for this reader? Always through Intl, with their language, region
// and time zone.
import { locale } from './language.ts';

const made = new Map<string, unknown>();
/** Intl objects are dear to make; one per locale and purpose is kept. */
function kept<Format>(name: string, make: (locale: string) => Format): Format {
  const key = `${locale()} ${name}`;
  if (!made.has(key)) made.set(key, make(locale()));
  return made.get(key) as Format;
}

type Moment = string | number | Date | null | undefined;
const dash = '–';
const asDate = (moment: Moment): Date | undefined => {
  if (moment === null || moment === undefined || moment === '') return undefined;
  const date = new Date(moment);
  return Number.isNaN(date.getTime()) ? undefined : date;
};
const written =
  (name: string, options: Intl.DateTimeFormatOptions) =>
  (moment: Moment): string => {
    const date = asDate(moment);
    return date ? kept(name, (tag) => new Intl.DateTimeFormat(tag, options)).format(date) : dash;
  };

/** “25 Nov 2026, 14:05”. */
export const moment = written('moment', { dateStyle: 'medium', timeStyle: 'short' });
/** To the second and with the zone, where order of events matters. */
export const exactMoment = written('exact', {
  year: 'numeric',
  month: 'short',
  day: 'numeric',
  hour: 'numeric',
  minute: '2-digit',
  second: '2-digit',
  timeZoneName: 'short',
});
export const day = written('day', { dateStyle: 'medium' });
/** “25 Nov, 14:05”: for lists, where the year is seldom news. */
export const shortMoment = written('short', {
  day: 'numeric',
  month: 'short',
  hour: 'numeric',
  minute: '2-digit',
});
export const clockTime = written('clock', { hour: 'numeric', minute: '2-digit', second: '2-digit' });
export const hour = written('hour', { hour: 'numeric' });

export const count = (value: unknown): string =>
  kept('count', (tag) => new Intl.NumberFormat(tag)).format(Number(value ?? 0));
export const percent = (share: number): string =>
  kept('percent', (tag) => new Intl.NumberFormat(tag, { style: 'percent', maximumFractionDigits: 0 })).format(
    share,
  );
/** “a, b and c”. */
export const listed = (items: readonly string[]): string =>
  kept('list', (tag) => new Intl.ListFormat(tag, { type: 'conjunction' })).format(items);

const steps: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
];
/** “3 minutes ago”, “in 2 hours”. */
export function ago(when: Moment, now: number = Date.now()): string {
  const date = asDate(when);
  if (!date) return dash;
  const seconds = (date.getTime() - now) / 1_000;
  const [unit, size] = steps.find(([, size]) => Math.abs(seconds) >= size) ?? ['second', 1];
  return kept('ago', (tag) => new Intl.RelativeTimeFormat(tag, { numeric: 'auto' })).format(
    Math.round(seconds / size),
    unit,
  );
}

/** “420ms”, “3.2s”, “4m 10s”, “2h 5m”. */
export function duration(ms: number | null | undefined): string {
  if (ms === null || ms === undefined || !Number.isFinite(ms)) return dash;
  const unit = (value: number, name: string, digits = 0) =>
    kept(
      `${name}${digits}`,
      (tag) =>
        new Intl.NumberFormat(tag, {
          style: 'unit',
          unit: name,
          unitDisplay: 'narrow',
          maximumFractionDigits: digits,
        }),
    ).format(value);
  if (ms < 1_000) return unit(Math.round(ms), 'millisecond');
  const seconds = ms / 1_000;
  if (seconds < 60) return unit(seconds, 'second', 1);
  const whole = Math.round(seconds);
  const two = (big: number, bigName: string, small: number, smallName: string) =>
    small === 0 ? unit(big, bigName) : `${unit(big, bigName)} ${unit(small, smallName)}`;
  if (whole < 3_600) return two(Math.floor(whole / 60), 'minute', whole % 60, 'second');
  if (whole < 86_400)
    return two(Math.floor(whole / 3_600), 'hour', Math.floor((whole % 3_600) / 60), 'minute');
  return two(Math.floor(whole / 86_400), 'day', Math.floor((whole % 86_400) / 3_600), 'hour');
}

/** Digits after the point that a currency has: 2 for USD, 0 for JPY, 3 for KWD. */
export const digitsOf = (currency: string): number =>
  kept(
    `digits ${currency}`,
    () =>
      new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ??
      2,
  );

/** Decimal text with its currency. Never through a float: Intl formats decimal text exactly. */
export function money(amount: string | null | undefined, currency: string | null | undefined): string {
  if (amount === undefined || amount === null || amount === '' || !currency) return dash;
  const digits = Math.max(amount.split('.')[1]?.length ?? 0, digitsOf(currency));
  const format = kept(
    `money ${currency} ${digits}`,
    (tag) =>
      new Intl.NumberFormat(tag, {
        style: 'currency',
        currency,
        minimumFractionDigits: digits,
        maximumFractionDigits: digits,
      }),
  );
  return format.format(amount as Intl.StringNumericLiteral);
}

/** Minor units (text or number) as decimal text, by the digits the currency has. */
export function minorText(minor: unknown, currency: string | null | undefined): string | undefined {
  if (minor === null || minor === undefined || !currency) return undefined;
  const digits = digitsOf(currency);
  const text = String(minor)
    .replace('-', '')
    .padStart(digits + 1, '0');
  const sign = String(minor).startsWith('-') ? '-' : '';
  return digits === 0 ? sign + text : `${sign}${text.slice(0, -digits)}.${text.slice(-digits)}`;
}
