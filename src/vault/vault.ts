// How are secrets and buyer data kept? AES-256-GCM under a master key that is never in the database, each value bound to
// its place by additional data, so that a sealed value copied to another row does not open.
import { createCipheriv, createDecipheriv, createHash, createSecretKey, randomBytes } from 'node:crypto';
import { chmod, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface Vault {
  seal(plain: string | Uint8Array, context: string): Buffer;
  open(sealed: Uint8Array, context: string): Buffer;
  /** First eight hex digits of the key's hash, to tell keys apart without showing them. */
  readonly fingerprint: string;
}

/** Layout: version 1, key id (4 bytes of the key's hash), nonce (12), tag (16), ciphertext. */
const version = 1;
const keyBytes = 32;

/** A vault that seals with the first key and opens with any of them (rotation keeps old keys for reading). */
export function makeVault(keys: readonly [Uint8Array, ...Uint8Array[]]): Vault {
  const byId = new Map(keys.map((key) => [idOf(key).toString('hex'), createSecretKey(key)]));
  const currentId = idOf(keys[0]);
  const current = createSecretKey(keys[0]);
  return {
    fingerprint: currentId.toString('hex'),
    seal(plain, context) {
      const nonce = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', current, nonce).setAAD(Buffer.from(context));
      const body = Buffer.concat([
        cipher.update(typeof plain === 'string' ? Buffer.from(plain) : plain),
        cipher.final(),
      ]);
      return Buffer.concat([Buffer.of(version), currentId, nonce, cipher.getAuthTag(), body]);
    },
    open(sealed, context) {
      const bytes = Buffer.from(sealed);
      const key = byId.get(bytes.subarray(1, 5).toString('hex'));
      if (bytes[0] !== version || key === undefined)
        throw new Error(
          'A sealed value cannot be opened: it was sealed under another master key. Give that key back (CROSSDOCK_MASTER_KEY or master.key).',
        );
      const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(5, 17)).setAAD(
        Buffer.from(context),
      );
      decipher.setAuthTag(bytes.subarray(17, 33));
      return Buffer.concat([decipher.update(bytes.subarray(33)), decipher.final()]);
    },
  };
}

function idOf(key: Uint8Array): Buffer {
  if (key.length !== keyBytes)
    throw new Error(`A master key has ${keyBytes} bytes; this one has ${key.length}.`);
  return createHash('sha256').update('crossdock key id').update(key).digest().subarray(0, 4);
}

/**
 * The master key: from the environment (base64, several separated by commas, the first one seals), else from
 * `master.key` in the data folder, made there on the first start with mode 0600. A file others may read is refused.
 */
export async function loadMasterKeys(
  dataDir: string,
  fromEnvironment: string | undefined,
): Promise<[Uint8Array, ...Uint8Array[]]> {
  if (fromEnvironment !== undefined) return parseKeys(fromEnvironment, 'CROSSDOCK_MASTER_KEY');
  const path = join(dataDir, 'master.key');
  const known = await stat(path).catch(() => undefined);
  if (known === undefined) {
    await writeFile(path, `${randomBytes(keyBytes).toString('base64')}\n`, { mode: 0o600, flag: 'wx' });
    await chmod(path, 0o600);
  } else if ((known.mode & 0o077) !== 0) {
    throw new Error(
      `The master key ${path} can be read by others (mode ${(known.mode & 0o777).toString(8)}). Run: chmod 600 ${path}`,
    );
  }
  return parseKeys(await readFile(path, 'utf8'), path);
}

export const newMasterKey = (): Uint8Array => randomBytes(keyBytes);

/** Writes keys to a file of the data folder, the first one seals; whoever reads meanwhile sees the old or the new file. */
export async function writeMasterKeys(
  dataDir: string,
  keys: readonly Uint8Array[],
  name = 'master.key',
): Promise<void> {
  const path = join(dataDir, name);
  const lines = keys.map((key) => `${Buffer.from(key).toString('base64')}\n`).join('');
  await writeFile(`${path}.new`, lines, { mode: 0o600, flush: true });
  await chmod(`${path}.new`, 0o600);
  await rename(`${path}.new`, path);
}

function parseKeys(text: string, place: string): [Uint8Array, ...Uint8Array[]] {
  const keys = text
    .split(/[,\n]/)
    .map((part) => part.trim())
    .filter(Boolean)
    .map((part) => Buffer.from(part, 'base64'));
  const [first, ...rest] = keys;
  if (first === undefined || keys.some((key) => key.length !== keyBytes))
    throw new Error(`${place} does not hold a master key: 32 bytes in base64 are expected.`);
  return [first, ...rest];
}
