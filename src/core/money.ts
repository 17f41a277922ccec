// What is an amount of money here? Integer minor units and a currency; never a float.
// Next: order.ts, which is made of these.
import { RecordError } from './errors.ts';

/** An exact amount: `minor` counts the currency's smallest unit (cents, yen, fils). */
export interface Money {
  readonly minor: bigint;
  readonly currency: string;
}

/** ISO 4217 currencies whose minor unit is not 1/100 (source: ISO 4217 list one, amendment 177). */
const exponents: Readonly<Record<string, number>> = {
  BIF: 0,
  CLP: 0,
  DJF: 0,
  GNF: 0,
  ISK: 0,
  JPY: 0,
  KMF: 0,
  KRW: 0,
  PYG: 0,
  RWF: 0,
  UGX: 0,
  VND: 0,
  VUV: 0,
  XAF: 0,
  XOF: 0,
  XPF: 0,
  BHD: 3,
  IQD: 3,
  JOD: 3,
  KWD: 3,
  LYD: 3,
  OMR: 3,
  TND: 3,
};

/** Number of decimals of a currency's minor unit: 2 for USD, 0 for JPY, 3 for KWD. */
export function decimalsOf(currency: string): number {
  return exponents[currency] ?? 2;
}

export const money = (minor: bigint, currency: string): Money => ({ minor, currency });
export const zero = (currency: string): Money => ({ minor: 0n, currency });

/**
 * Reads a decimal string such as `-12.5` exactly. Trailing zeros beyond the minor unit are accepted (`100.00` yen);
 * any other digit there is refused, because it would have to be rounded.
 */
export function parseMoney(text: string, currency: string): Money {
  const match = /^(-)?(\d+)(?:\.(\d*))?$/.exec(text.trim());
  if (!match || !/^[A-Z]{3}$/.test(currency))
    throw new RecordError('AMOUNT_UNREADABLE', `“${text}” ${currency} is not an amount that can be read.`, {
      nextSteps: ['Check the document under Documents; amounts are decimal numbers with a point.'],
    });
  const decimals = decimalsOf(currency);
  const fraction = match[3] ?? '';
  if (/[1-9]/.test(fraction.slice(decimals)))
    throw new RecordError(
      'AMOUNT_TOO_FINE',
      `The amount ${text} has more decimals than ${currency} has (${decimals}).`,
      { nextSteps: ['Correct the amount at its source, or import the corrected document from a file.'] },
    );
  const digits = BigInt(match[2] + fraction.slice(0, decimals).padEnd(decimals, '0'));
  return { minor: match[1] ? -digits : digits, currency };
}

/** `12.50` – the decimal text that wire formats want; no grouping, no symbol. */
export function formatMoney({ minor, currency }: Money): string {
  const decimals = decimalsOf(currency);
  const sign = minor < 0n ? '-' : '';
  const digits = (minor < 0n ? -minor : minor).toString().padStart(decimals + 1, '0');
  return decimals === 0 ? sign + digits : `${sign}${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
}

/** Adds amounts of one currency; mixing currencies is our own mistake and throws. */
export function add(...amounts: readonly [Money, ...Money[]]): Money {
  const currency = amounts[0].currency;
  let minor = 0n;
  for (const amount of amounts) {
    if (amount.currency !== currency) throw new TypeError(`Cannot add ${amount.currency} to ${currency}.`);
    minor += amount.minor;
  }
  return { minor, currency };
}

/** The sum of any number of amounts, zero when there are none. */
export function total(amounts: readonly Money[], currency: string): Money {
  return add(zero(currency), ...amounts);
}

export const negate = ({ minor, currency }: Money): Money => ({ minor: -minor, currency });
export const subtract = (a: Money, b: Money): Money => add(a, negate(b));
export const isZero = ({ minor }: Money): boolean => minor === 0n;
export const sameMoney = (a: Money, b: Money): boolean => a.minor === b.minor && a.currency === b.currency;

/**
 * An extended amount divided by a quantity as decimal text, to at most `decimals` digits, rounded half away from zero.
 * NetSuite's `rate` may be rounded because `amount` is sent beside it (netsuite.md §1.13).
 */
export function unitRate({ minor, currency }: Money, quantity: number, decimals = 8): string {
  const scale = 10n ** BigInt(decimals);
  const scaled = minor * scale;
  const divisor = BigInt(quantity) * 10n ** BigInt(decimalsOf(currency));
  const magnitude = ((scaled < 0n ? -scaled : scaled) * 2n + divisor) / (divisor * 2n);
  const digits = magnitude.toString().padStart(decimals + 1, '0');
  const text = `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`.replace(/\.?0+$/, '');
  return scaled < 0n && text !== '0' ? `-${text}` : text;
}
