import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { loadMasterKeys, makeVault } from './vault.ts';

const key = (fill: number) => new Uint8Array(32).fill(fill);

test('what is sealed opens again, only at its own place and unchanged', () => {
  const vault = makeVault([key(1)]);
  const sealed = vault.seal('secret', 'connection/a');
  assert.equal(vault.open(sealed, 'connection/a').toString(), 'secret');
  assert.throws(() => vault.open(sealed, 'connection/b'));
  const damaged = Buffer.from(sealed);
  damaged[damaged.length - 1]! ^= 1;
  assert.throws(() => vault.open(damaged, 'connection/a'));
  assert.ok(!sealed.toString('latin1').includes('secret'));
});

test('a new key seals and the old one still opens', () => {
  const old = makeVault([key(1)]).seal('kept', 'x');
  const rotated = makeVault([key(2), key(1)]);
  assert.equal(rotated.open(old, 'x').toString(), 'kept');
  assert.throws(() => makeVault([key(2)]).open(old, 'x'), /another master key/);
});

test('the master key is made once with mode 0600, and one that others can read is refused', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'crossdock-vault-'));
  const [first] = await loadMasterKeys(folder, undefined);
  const [again] = await loadMasterKeys(folder, undefined);
  assert.deepEqual(again, first);
  assert.equal(statSync(join(folder, 'master.key')).mode & 0o777, 0o600);
  chmodSync(join(folder, 'master.key'), 0o644);
  await assert.rejects(loadMasterKeys(folder, undefined), /chmod 600/);
  await assert.rejects(loadMasterKeys(folder, 'short'), /32 bytes/);
});
