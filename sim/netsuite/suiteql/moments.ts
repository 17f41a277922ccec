// How are dates and times kept in SQL text, parsed by Oracle's format models, and written back? A moment is text
// `@2026-03-01T08:00:00.000Z`: it sorts by time, and any expression that yields one can be recognised.
import { fromWallMs, toWallMs } from '../zone.ts';
import { queryError } from './tokens.ts';

export const momentOf = (utcMs: number): string => `@${new Date(utcMs).toISOString()}`;
/** A calendar day is its midnight in the account's time zone, as NetSuite treats it in comparisons. */
export const momentOfDay = (zone: string, day: string): string =>
  momentOf(fromWallMs(zone, Date.parse(`${day}T00:00:00Z`)));

/** `@` is an instant, `#` a wall clock without zone (the result of SYS_EXTRACT_UTC). */
export const isMoment = (value: unknown): value is string =>
  typeof value === 'string' && /^[@#]\d{4}-\d\d-\d\dT/.test(value);

export const msOf = (moment: string): number => Date.parse(moment.slice(1));
const wallOf = (zone: string, moment: string): number =>
  moment[0] === '#' ? msOf(moment) : toWallMs(zone, msOf(moment));

const months = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const monthNames = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];
const dayNames = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const parts =
  /"([^"]*)"|YYYY|YY|MONTH|MON|MM|DD|DAY|DY|HH24|HH12|HH|MI|SS|FF\d?|AM|PM|D|Q|TZH|TZM|[^A-Za-z"]+|[A-Za-z]/gi;
const cased = (model: string, text: string) =>
  model === model.toUpperCase()
    ? text.toUpperCase()
    : model === model.toLowerCase()
      ? text.toLowerCase()
      : text;
const two = (value: number) => String(value).padStart(2, '0');

export function formatMoment(zone: string, moment: string, model: string): string {
  const at = new Date(wallOf(zone, moment));
  const hour = at.getUTCHours();
  return model.replace(parts, (part: string, literal: string | undefined) => {
    if (literal !== undefined) return literal;
    switch (part.toUpperCase()) {
      case 'YYYY':
        return String(at.getUTCFullYear());
      case 'YY':
        return two(at.getUTCFullYear() % 100);
      case 'MONTH':
        return cased(part, monthNames[at.getUTCMonth()]!);
      case 'MON':
        return cased(part, monthNames[at.getUTCMonth()]!.slice(0, 3));
      case 'MM':
        return two(at.getUTCMonth() + 1);
      case 'DD':
        return two(at.getUTCDate());
      case 'DAY':
        return cased(part, dayNames[at.getUTCDay()]!);
      case 'DY':
        return cased(part, dayNames[at.getUTCDay()]!.slice(0, 3));
      case 'D':
        return String(at.getUTCDay() + 1);
      case 'Q':
        return String(Math.floor(at.getUTCMonth() / 3) + 1);
      case 'HH24':
        return two(hour);
      case 'HH':
      case 'HH12':
        return two(hour % 12 || 12);
      case 'MI':
        return two(at.getUTCMinutes());
      case 'SS':
        return two(at.getUTCSeconds());
      case 'AM':
      case 'PM':
        return hour < 12 ? 'AM' : 'PM';
      case 'TZH':
      case 'TZM':
        throw queryError('Search error occurred: Invalid or unsupported search');
      default:
        if (/^FF/i.test(part))
          return String(at.getUTCMilliseconds())
            .padStart(3, '0')
            .padEnd(Number(part[2] ?? 3), '0');
        if (/^[A-Za-z]$/.test(part))
          throw queryError('Search error occurred: ORA-01821: date format not recognized');
        return part;
    }
  });
}

/** Reads text by a format model as wall clock of the session's zone; wrong text is an error, as in Oracle. */
export function parseMoment(zone: string, text: string, model: string): string {
  let rest = text.trim();
  let [year, month, day, hour, minute, second, ms, pm] = [new Date().getUTCFullYear(), 1, 1, 0, 0, 0, 0, -1];
  const wrong = () =>
    queryError(
      'Search error occurred: Invalid or unsupported search (ORA-01861: literal does not match format string)',
    );
  const take = (expression: RegExp): string => {
    const match = expression.exec(rest);
    if (!match) throw wrong();
    rest = rest.slice(match[0].length);
    return match[0];
  };
  for (const match of model.matchAll(parts)) {
    const part = match[0];
    // Oracle reads shorter text: a date alone for a model with time.
    if (rest === '' && !/[A-Z]/i.test(part)) continue;
    switch (part.toUpperCase()) {
      case 'YYYY':
        year = Number(take(/^\d{4}/));
        break;
      case 'YY':
        year = 2000 + Number(take(/^\d{2}/));
        break;
      case 'MM':
        month = Number(take(/^\d{1,2}/));
        break;
      case 'MON':
        month = months.indexOf(take(/^[A-Za-z]{3}/).toUpperCase()) + 1;
        break;
      case 'DD':
        day = Number(take(/^\d{1,2}/));
        break;
      case 'HH24':
      case 'HH':
      case 'HH12':
        hour = rest === '' ? 0 : Number(take(/^\d{1,2}/));
        break;
      case 'MI':
        minute = rest === '' ? 0 : Number(take(/^\d{1,2}/));
        break;
      case 'SS':
        second = rest === '' ? 0 : Number(take(/^\d{1,2}/));
        break;
      case 'AM':
      case 'PM':
        pm = /^p/i.test(take(/^[AaPp][Mm]/)) ? 12 : 0;
        break;
      default:
        if (/^FF/i.test(part)) ms = Number(`0.${take(/^\d{1,9}/)}`) * 1000;
        else if (match[1] !== undefined) take(new RegExp(`^${match[1].replace(/[^\w]/g, '\\$&')}`));
        else if (/^[A-Za-z]/.test(part))
          throw queryError('Search error occurred: ORA-01821: date format not recognized');
        else take(new RegExp(`^[^0-9A-Za-z]{${part.length}}`));
    }
  }
  if (rest !== '' || month < 1 || month > 12 || day < 1 || day > 31 || hour > 23 || minute > 59)
    throw wrong();
  if (pm >= 0) hour = (hour % 12) + pm;
  return momentOf(fromWallMs(zone, Date.UTC(year, month - 1, day, hour, minute, second, Math.floor(ms))));
}

/** How a moment looks when a query selects it bare: a date in the account's format. */
export const accountDate = (zone: string, moment: string): string => {
  const at = new Date(wallOf(zone, moment));
  return `${at.getUTCMonth() + 1}/${at.getUTCDate()}/${at.getUTCFullYear()}`;
};

/** Moves a moment by days on the wall clock; Oracle's date arithmetic. */
export const addDays = (zone: string, moment: string, days: number): string =>
  moment[0] === '#'
    ? `#${new Date(msOf(moment) + days * 86_400_000).toISOString()}`
    : momentOf(fromWallMs(zone, wallOf(zone, moment) + days * 86_400_000));

export function truncate(zone: string, moment: string, unit: string): string {
  const at = new Date(wallOf(zone, moment));
  const month = /^(MM|MON|MONTH)$/i.test(unit) ? at.getUTCMonth() : 0;
  const wall = /^(MM|MON|MONTH|YY|YYYY|YEAR)$/i.test(unit)
    ? Date.UTC(at.getUTCFullYear(), month, 1)
    : Date.UTC(at.getUTCFullYear(), at.getUTCMonth(), at.getUTCDate());
  return momentOf(fromWallMs(zone, wall));
}

export function addMonths(zone: string, moment: string, count: number): string {
  const at = new Date(wallOf(zone, moment));
  const last = new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + count + 1, 0)).getUTCDate();
  const day = Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + count, Math.min(last, at.getUTCDate()));
  return momentOf(fromWallMs(zone, day + (at.getTime() % 86_400_000)));
}
