// What number is “1.234,56”? Amazon writes amounts in the way of the seller's country; one file keeps to one way, and
// the sum of all rows proves the reading (spapi.md §3.10). Next: settlement-file.ts.
import { decimalsOf } from '../../core/money.ts';

/** Reads amounts of one file in one currency; learns the decimal mark and holds the file to it. */
export class AmountReader {
  /** Undefined until an amount shows it. */
  mark: '.' | ',' | undefined;
  private readonly decimals: number;
  /** Separator that was taken for a thousands mark before the decimal mark was known. */
  private assumedGroup: string | undefined;

  constructor(currency: string) {
    this.decimals = decimalsOf(currency);
  }

  /** Minor units of the cell from `from` to `to`, or NaN when it is not an amount (fault() says why). */
  read(codes: Uint8Array | Uint16Array, text: () => string, from: number, to: number): number {
    // The common shape: digits, the known mark, exactly the currency's decimals.
    if (this.mark !== undefined && this.decimals === 2 && to - from >= 4) {
      const markCode = this.mark === '.' ? 46 : 44;
      if (codes[to - 3] === markCode) {
        const negative = codes[from] === 45;
        let minor = 0;
        let at = negative ? from + 1 : from;
        const digits = to - at;
        for (; at < to; at++) {
          const digit = codes[at]! - 48;
          if (digit >= 0 && digit <= 9) minor = minor * 10 + digit;
          else if (at !== to - 3) break;
        }
        if (at === to && digits >= 4 && digits <= 16) return negative ? -minor : minor;
      }
    }
    return this.readText(text().slice(from, to));
  }

  /** The same for a cell that is cut out already. */
  readText(cell: string): number {
    const text = cell
      .trim()
      .replace(/[\u00a0\u202f\u2009 ’']/g, '')
      .replace(/^[\u2212\u2013]/, '-');
    const match = /^([+-]?)(\d[\d.,]*)$/.exec(text);
    if (!match) return Number.NaN;
    const body = match[2]!;
    const last = Math.max(body.lastIndexOf('.'), body.lastIndexOf(','));
    let whole = body;
    let fraction = '';
    if (last >= 0) {
      const separator = body[last] as '.' | ',';
      const other = separator === '.' ? ',' : '.';
      const after = body.length - last - 1;
      const isMark =
        this.mark !== undefined
          ? separator === this.mark
          : body.includes(other) || (body.indexOf(separator) === last && this.mayBeFraction(after));
      if (isMark) {
        if (this.mark === undefined) {
          if (this.assumedGroup === separator) return Number.NaN;
          this.mark = separator;
        }
        whole = body.slice(0, last);
        fraction = body.slice(last + 1);
        if (whole.includes(separator)) return Number.NaN;
      } else if (this.mark === undefined) this.assumedGroup = separator;
      const group = isMark ? other : separator;
      if (whole.includes(group) && !groupsOfThree(whole, group)) return Number.NaN;
      whole = whole.replaceAll(group, '');
    }
    if (/[1-9]/.test(fraction.slice(this.decimals))) return Number.NaN;
    const minor = Number(whole + fraction.slice(0, this.decimals).padEnd(this.decimals, '0'));
    if (!Number.isSafeInteger(minor)) return Number.NaN;
    return match[1] === '-' && minor !== 0 ? -minor : minor;
  }

  /** Three digits after a lone separator are a group of thousands, unless the currency has three decimals. */
  private mayBeFraction(digitsAfter: number): boolean {
    return this.decimals === 3 ? digitsAfter <= 3 : digitsAfter <= 2;
  }

  /** Why a cell was refused, for its reader. */
  fault(cell: string): string {
    if (cell.trim() === '') return 'the amount is empty';
    const known = this.mark ? ` (this file's decimal mark is “${this.mark}”)` : '';
    return `“${cell.trim().slice(0, 40)}” is not an amount with ${this.decimals} decimals${known}`;
  }
}

/** `1.234.567` and Indian `12,34,567`: groups of two or three, the last of three. */
const groupsOfThree = (whole: string, group: string): boolean => {
  const parts = whole.split(group);
  return (
    /^\d{1,3}$/.test(parts[0]!) &&
    parts.at(-1)!.length === 3 &&
    parts.slice(1, -1).every((part) => part.length === 3 || part.length === 2)
  );
};
