// How are amounts of SuiteQL read without losing a cent? As decimal text: sums may carry more decimals than the currency.
import { decimalsOf } from '../../core/money.ts';

/** Decimal text in minor units, rounded half away from zero: `30.0000000004` is 3000 cents. */
export function minorOf(text: string | undefined, currency: string): bigint {
  return scaled(text, decimalsOf(currency));
}

/** Decimal text times 10^decimals as a whole number. */
export function scaled(text: string | undefined, decimals: number): bigint {
  const match = /^(-?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/.exec((text ?? '0').trim() || '0');
  if (!match) throw new TypeError(`“${text ?? ''}” is not a decimal number.`);
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = match;
  const digits = `${whole}${fraction}`;
  const places = fraction.length - Number(exponent);
  const value = BigInt(digits === '' ? 0 : digits);
  const shift = decimals - places;
  const rounded =
    shift >= 0 ? value * 10n ** BigInt(shift) : (value + 10n ** BigInt(-shift) / 2n) / 10n ** BigInt(-shift);
  return sign === '-' ? -rounded : rounded;
}

const rateDecimals = 12;
/** An amount of the books in a document's own currency: divided by the document's rate, rounded half away from zero. */
export function inDocumentCurrency(
  amount: string | undefined,
  { rate, currency }: { readonly rate: string | undefined; readonly currency: string },
): bigint {
  const divisor = scaled(rate ?? '1', rateDecimals);
  const one = 10n ** BigInt(rateDecimals);
  if (divisor === one || divisor === 0n) return minorOf(amount, currency);
  const top = scaled(amount, decimalsOf(currency) + 6) * one;
  const bottom = divisor * 10n ** 6n;
  const magnitude = ((top < 0n ? -top : top) * 2n + bottom) / (bottom * 2n);
  return top < 0n ? -magnitude : magnitude;
}
