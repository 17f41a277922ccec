// How are amounts computed without floats? Decimal text to integers of a currency's smallest unit and back.

/** Places kept of rates and quantities, as NetSuite keeps rates with up to eight decimals. */
const places = 8;
const unit = 10n ** BigInt(places);

/** A JSON number or decimal text as an integer of 10⁻⁸; undefined when it is no number. */
export function toScaled(value: unknown): bigint | undefined {
  const text = typeof value === 'number' ? plainText(value) : typeof value === 'string' ? value.trim() : '';
  const match = /^([+-]?)(\d*)(?:\.(\d*))?$/.exec(text);
  if (!match || (!match[2] && !match[3])) return undefined;
  const fraction = (match[3] ?? '').padEnd(places, '0');
  const kept = BigInt((match[2] || '0') + fraction.slice(0, places));
  const rounded = fraction.length > places && fraction[places]! >= '5' ? kept + 1n : kept;
  return match[1] === '-' ? -rounded : rounded;
}

function plainText(value: number): string {
  const text = String(value);
  return text.includes('e') ? value.toFixed(12) : text;
}

/** Divides and rounds half away from zero. */
function divideRounded(value: bigint, by: bigint): bigint {
  const negative = value < 0n !== by < 0n;
  const top = value < 0n ? -value : value;
  const bottom = by < 0n ? -by : by;
  const result = (top * 2n + bottom) / (bottom * 2n);
  return negative ? -result : result;
}

/** An amount in minor units of a currency with so many decimals. */
export function toMinor(value: unknown, precision: number): number | undefined {
  // Short cut for the usual case: a number with few decimals is exact after rounding.
  if (typeof value === 'number' && Math.abs(value) < 1e9) {
    const scaled = value * 10 ** precision;
    const whole = Math.round(scaled);
    if (Math.abs(scaled - whole) < 1e-4) return whole === 0 ? 0 : whole;
  }
  const scaled = toScaled(value);
  if (scaled === undefined) return undefined;
  return Number(divideRounded(scaled, 10n ** BigInt(places - precision)));
}

/** rate × quantity in minor units, rounded once. */
export function multiply(rate: unknown, quantity: unknown, precision: number): number {
  const r = toScaled(rate) ?? 0n;
  const q = toScaled(quantity) ?? 0n;
  return Number(divideRounded(r * q, unit * 10n ** BigInt(places - precision)));
}

/** What one unit costs when only the amount is given. */
export function rateOf(minor: number, quantity: number, precision: number): number {
  if (quantity === 0) return 0;
  const top = BigInt(minor) * unit * unit * 10n;
  const bottom = (toScaled(quantity) ?? unit) * 10n ** BigInt(precision) * 10n;
  return Number(divideRounded(top, bottom)) / Number(unit);
}

export const toNumber = (minor: number, precision: number): number => Number(toText(minor, precision));

/** Decimal text of minor units. */
export function toText(minor: number, precision: number): string {
  if (precision === 0) return String(minor);
  const digits = String(Math.abs(minor)).padStart(precision + 1, '0');
  return `${minor < 0 ? '-' : ''}${digits.slice(0, -precision)}.${digits.slice(-precision)}`;
}

/** `part` of `whole` percent-wise: minor × rate ÷ 100, rounded. */
export function percentOf(minor: number, percent: unknown): number {
  const scaled = toScaled(percent) ?? 0n;
  return Number(divideRounded(BigInt(minor) * scaled, unit * 100n));
}
