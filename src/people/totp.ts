// Is this the number that the person's phone shows now? RFC 6238 with SHA-1, thirty seconds and six digits, as every
// authenticator app has it.
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

const stepSeconds = 30;
const digits = 6;
/** Steps before and after now that are accepted: phones run a little early or late (RFC 6238 §5.2). */
const drift = 1;
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** A new secret in base 32: 160 bits, the length of the hash (RFC 4226 §4). */
export function newSecret(): string {
  return toBase32(randomBytes(20));
}

export function toBase32(bytes: Uint8Array): string {
  let bits = '';
  for (const byte of bytes) bits += byte.toString(2).padStart(8, '0');
  return (bits.match(/.{1,5}/g) ?? [])
    .map((part) => alphabet[Number.parseInt(part.padEnd(5, '0'), 2)])
    .join('');
}

export function fromBase32(text: string): Buffer {
  let bits = '';
  for (const letter of text.toUpperCase().replace(/[\s=]/g, '')) {
    const value = alphabet.indexOf(letter);
    if (value < 0) throw new Error('A secret is written with the letters A to Z and the digits 2 to 7.');
    bits += value.toString(2).padStart(5, '0');
  }
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
}

/** The number for one step (RFC 4226 §5.3). */
export function numberAt(key: Uint8Array, step: bigint, length = digits): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(step);
  const hash = createHmac('sha1', key).update(counter).digest();
  const offset = hash[hash.length - 1]! & 0x0f;
  const binary = hash.readUInt32BE(offset) & 0x7fffffff;
  return String(binary % 10 ** length).padStart(length, '0');
}

export const stepOf = (now: Date): bigint => BigInt(Math.floor(now.getTime() / 1_000 / stepSeconds));

/** The step whose number was given, or undefined. Steps up to `usedUp` are refused: no number works twice. */
export function matchingStep(secret: string, given: string, now: Date, usedUp: bigint): bigint | undefined {
  const number = given.replace(/\s/g, '');
  if (!/^\d{6}$/.test(number)) return undefined;
  const key = fromBase32(secret);
  const current = stepOf(now);
  for (let step = current - BigInt(drift); step <= current + BigInt(drift); step++)
    if (step > usedUp && timingSafeEqual(Buffer.from(numberAt(key, step)), Buffer.from(number))) return step;
  return undefined;
}

/** What authenticator apps read, usually as a QR code. */
export function otpauthUri(secret: string, email: string): string {
  return `otpauth://totp/${encodeURIComponent(`Crossdock:${email}`)}?secret=${secret}&issuer=Crossdock&algorithm=SHA1&digits=6&period=30`;
}

/** Ten codes that each stand in for the phone once: 50 bits, without letters that look alike. */
export function newRecoveryCodes(): readonly string[] {
  return Array.from({ length: 10 }, () => {
    const text = toBase32(randomBytes(7)).slice(0, 10).toLowerCase();
    return `${text.slice(0, 5)}-${text.slice(5)}`;
  });
}
