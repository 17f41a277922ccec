// How are passwords kept and judged? scrypt with a salt of its own; a rule that says what is missing.
import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { RecordError } from '../core/errors.ts';

const derive = promisify(scrypt) as (
  password: string,
  salt: Buffer,
  bytes: number,
  cost: object,
) => Promise<Buffer>;
/** scrypt at 32 MiB: slow for a thief, a tenth of a second for us. */
const cost = { N: 32_768, r: 8, p: 1, maxmem: 64 * 1024 * 1024 };
export const passwordCharsMin = 12;

export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  return `scrypt$${salt.toString('base64')}$${(await derive(password, salt, 32, cost)).toString('base64')}`;
}

export async function passwordFits(password: string, stored: string): Promise<boolean> {
  const [, salt = '', key = ''] = stored.split('$');
  const wanted = Buffer.from(key, 'base64');
  return timingSafeEqual(await derive(password, Buffer.from(salt, 'base64'), wanted.length, cost), wanted);
}

/** Length is what protects; what anyone would guess first is refused. */
export function assertGoodPassword(
  password: string,
  person: { readonly email: string; readonly name: string },
): void {
  const refuse = (message: string) => {
    throw new RecordError('PASSWORD_WEAK', message, {
      field: 'password',
      nextSteps: ['Choose a longer one: a few unrelated words are easy to remember and hard to guess.'],
    });
  };
  const text = password.toLowerCase();
  if ([...password].length < passwordCharsMin)
    refuse(`A password needs at least ${passwordCharsMin} characters.`);
  if (new Set(text).size < 5) refuse('A password needs more than a few different characters.');
  if (text === person.email.toLowerCase() || text === person.name.toLowerCase())
    refuse('A password must not be your name or e-mail address.');
}
