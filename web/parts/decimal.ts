// Exact sums of decimal texts, as amounts come from the API: no float ever touches money.

const scale = 6;
const units = (text: string): bigint => {
  const match = /^(-?)(\d*)(?:\.(\d*))?$/.exec(text.trim());
  if (!match) return 0n;
  const [, sign, whole = '', fraction = ''] = match;
  const value = BigInt((whole || '0') + fraction.slice(0, scale).padEnd(scale, '0'));
  return sign === '-' ? -value : value;
};
const text = (value: bigint): string => {
  const figures = (value < 0n ? -value : value).toString().padStart(scale + 1, '0');
  const fraction = figures.slice(-scale).replace(/0+$/, '');
  const plain = figures.slice(0, -scale) + (fraction === '' ? '' : `.${fraction}`);
  return value < 0n ? `-${plain}` : plain;
};

export const sum = (...amounts: readonly (string | null | undefined)[]): string =>
  text(amounts.reduce((total, amount) => total + units(amount ?? '0'), 0n));
export const minus = (a: string, b: string): string => text(units(a) - units(b));
export const isZero = (amount: string): boolean => units(amount) === 0n;
export const same = (a: string, b: string): boolean => units(a) === units(b);
