// Which moment is “17.07.2026 07:26:32 UTC”? Amazon's settlement files write moments in several ways; one file keeps to
// one. A day/month order that cannot be told from the file is refused, never guessed (spapi.md §3.10).
import { RecordError } from '../../core/errors.ts';

/** Minutes east of UTC of the zone words seen in reports. */
const zones: Readonly<Record<string, number>> = {
  '': 0,
  UTC: 0,
  GMT: 0,
  Z: 0,
  PST: -480,
  PDT: -420,
  EST: -300,
  EDT: -240,
  BST: 60,
  CET: 60,
  CEST: 120,
  EET: 120,
  EEST: 180,
  IST: 330,
  SGT: 480,
  JST: 540,
  AEST: 600,
  AEDT: 660,
};

type Order = 'ymd' | 'dmy' | 'mdy';
interface Parts {
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly separator: string;
  readonly ms: number;
  readonly hasTime: boolean;
  readonly tail: string;
}

/** Days since 1970 of a calendar day (Howard Hinnant's days_from_civil), or NaN when there is no such day. */
function dayNumber(year: number, month: number, day: number): number {
  if (month < 1 || month > 12 || day < 1 || day > 31) return Number.NaN;
  if (day > 28 && day > new Date(Date.UTC(year, month, 0)).getUTCDate()) return Number.NaN;
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yoe = y - era * 400;
  const doy = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  return era * 146_097 + yoe * 365 + Math.floor(yoe / 4) - Math.floor(yoe / 100) + doy - 719_468;
}

const dayMs = 86_400_000;

/** Reads the moments of one file. */
export class MomentReader {
  private readonly order: Order;
  readonly pattern: string;
  /** Whether the last moment read had a time of day. */
  hadTime = true;
  private lastDay = -1;
  private lastDayMs = 0;

  private constructor(order: Order, separator: string, sample: Parts) {
    this.order = order;
    const names = { ymd: ['yyyy', 'MM', 'dd'], dmy: ['dd', 'MM', 'yyyy'], mdy: ['MM', 'dd', 'yyyy'] }[order];
    this.pattern = names.join(separator) + (sample.hasTime ? ` HH:mm:ss${sample.tail ? ' zone' : ''}` : '');
  }

  /** Finds the way of a file from its head's three moments. */
  static detect(samples: readonly string[]): MomentReader {
    const parsed = samples.filter((text) => text !== '').map((text) => ({ text, parts: split(text) }));
    for (const { text, parts } of parsed)
      if (parts === undefined)
        throw new RecordError(
          'SETTLEMENT_DATE_UNREADABLE',
          `Line 2: “${text}” is not a date that is known.`,
          {
            field: 'settlement-start-date',
            nextSteps: ['Download the report again; do not save it with a spreadsheet in between.'],
          },
        );
    const all = parsed.map(({ parts }) => parts!);
    const first = all[0];
    if (first === undefined)
      throw new RecordError(
        'SETTLEMENT_DATE_UNREADABLE',
        'Line 2: the settlement has no start and no end date.',
        {
          field: 'settlement-start-date',
          nextSteps: ['Download the report again: its second line must carry dates, total and currency.'],
        },
      );
    if (first.a > 31) return new MomentReader('ymd', first.separator, first);
    if (first.separator === '.') return new MomentReader('dmy', '.', first);
    // Slashes or dashes with the year last: a settlement lasts days, not months, and ends after it starts.
    const fits = (order: Order) => {
      const days = all.map((parts) => dayOf(parts, order));
      return (
        days.every((day) => !Number.isNaN(day)) &&
        days.every((day, index) => index === 0 || (day >= days[index - 1]! && day - days[index - 1]! <= 45))
      );
    };
    const possible = (['dmy', 'mdy'] as const).filter(fits);
    if (possible.length === 1) return new MomentReader(possible[0]!, first.separator, first);
    throw new RecordError(
      'SETTLEMENT_DATE_AMBIGUOUS',
      `Line 2: it cannot be told whether the dates (${samples.join(', ')}) put the day or the month first.`,
      {
        field: 'settlement-start-date',
        nextSteps: [
          'Download the report from Amazon again; its own files write the year first or use points.',
        ],
      },
    );
  }

  /** The commonest shape by far, read in place: `2026-06-17 08:14:22 UTC`. -1 when it is another one. */
  readCommon(codes: Uint8Array | Uint16Array, from: number, to: number): number {
    if (to - from !== 23 || this.order !== 'ymd' || codes[from + 4] !== 45 || codes[from + 7] !== 45)
      return -1;
    if (
      codes[from + 10] !== 32 ||
      codes[from + 13] !== 58 ||
      codes[from + 16] !== 58 ||
      codes[from + 19] !== 32
    )
      return -1;
    if (codes[from + 20] !== 85 || codes[from + 21] !== 84 || codes[from + 22] !== 67) return -1;
    const year = two(codes, from) * 100 + two(codes, from + 2);
    const month = two(codes, from + 5);
    const date = two(codes, from + 8);
    const hours = two(codes, from + 11);
    const minutes = two(codes, from + 14);
    const seconds = two(codes, from + 17);
    // A cell that is no digit makes its figure at least 100 000: all are refused here.
    if (year > 9999 || month > 12 || date > 31 || hours > 23 || minutes > 59 || seconds > 60) return -1;
    const day = (year * 16 + month) * 32 + date;
    if (day !== this.lastDay) {
      const number = dayNumber(year, month, date);
      if (Number.isNaN(number)) return -1;
      this.lastDay = day;
      this.lastDayMs = number * dayMs;
    }
    return this.lastDayMs + ((hours * 60 + minutes) * 60 + seconds) * 1000;
  }

  /** Milliseconds since 1970, or NaN. Sets `hadTime`. */
  read(cell: string): number {
    const parts = split(cell);
    if (parts === undefined) return Number.NaN;
    // ISO moments may stand beside another way of writing days (V1 files); a year in front is never ambiguous.
    const order = parts.a > 31 ? 'ymd' : this.order;
    if (order === 'ymd' && this.order !== 'ymd' && parts.a <= 31) return Number.NaN;
    this.hadTime = parts.hasTime;
    return dayOf(parts, order) * dayMs + parts.ms;
  }
}

/** Two digits as a number; far too large when they are no digits. */
function two(codes: Uint8Array | Uint16Array, at: number): number {
  const tens = codes[at]! - 48;
  const ones = codes[at + 1]! - 48;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : 100_000;
}

function split(cell: string): Parts | undefined {
  const match =
    /^(\d{1,4})([-./])(\d{1,2})\2(\d{1,4})(?:[T ](\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?)?\s*([A-Za-z]{0,4}|[+-]\d{2}:?\d{2})$/.exec(
      cell.trim(),
    );
  if (!match) return undefined;
  const [, a, separator, b, c, hours, minutes, seconds, tail] = match;
  const word = tail!.toUpperCase();
  const offset = /^[+-]/.test(word)
    ? (word[0] === '-' ? -1 : 1) * (Number(word.slice(1, 3)) * 60 + Number(word.slice(-2)))
    : zones[word];
  if (offset === undefined) return undefined;
  const [h, m, s] = [Number(hours ?? 0), Number(minutes ?? 0), Number(seconds ?? 0)];
  if (h > 23 || m > 59 || s > 60) return undefined;
  const hasTime = hours !== undefined;
  return {
    a: Number(a),
    b: Number(b),
    c: Number(c),
    separator: separator!,
    ms: hasTime ? (h * 3600 + (m - offset) * 60 + s) * 1000 : 0,
    hasTime,
    tail: tail!,
  };
}

function dayOf({ a, b, c }: Parts, order: Order): number {
  if (order === 'ymd') return dayNumber(a, b, c);
  const year = c < 100 ? 2000 + c : c;
  return order === 'dmy' ? dayNumber(year, b, a) : dayNumber(year, a, b);
}
