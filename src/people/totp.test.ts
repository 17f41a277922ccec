import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { fromBase32, matchingStep, newRecoveryCodes, newSecret, numberAt, stepOf, toBase32 } from './totp.ts';

const rfcKey = Buffer.from('12345678901234567890');

describe('the second factor', () => {
  test('the numbers are those of RFC 6238, appendix B', () => {
    for (const [seconds, number] of [
      [59, '94287082'],
      [1_111_111_109, '07081804'],
      [1_111_111_111, '14050471'],
      [1_234_567_890, '89005924'],
      [2_000_000_000, '69279037'],
      [20_000_000_000, '65353130'],
    ] as const)
      assert.equal(numberAt(rfcKey, stepOf(new Date(seconds * 1_000)), 8), number);
  });

  test('base 32 is that of RFC 4648 and there and back again', () => {
    assert.equal(toBase32(Buffer.from('foobar')), 'MZXW6YTBOI');
    assert.equal(fromBase32('mzxw 6ytb oi').toString(), 'foobar');
    const secret = newSecret();
    assert.equal(toBase32(fromBase32(secret)), secret);
    assert.equal(fromBase32(secret).length, 20);
  });

  test('a number works for the step before, now and after, and only once', () => {
    const secret = toBase32(rfcKey);
    const now = new Date(1_234_567_890_000);
    const step = stepOf(now);
    for (const away of [-1n, 0n, 1n])
      assert.equal(matchingStep(secret, numberAt(rfcKey, step + away), now, 0n), step + away);
    for (const away of [-2n, 2n])
      assert.equal(matchingStep(secret, numberAt(rfcKey, step + away), now, 0n), undefined);
    assert.equal(matchingStep(secret, numberAt(rfcKey, step), now, step), undefined, 'used up');
    assert.equal(matchingStep(secret, 'abcdef', now, 0n), undefined);
  });

  test('recovery codes are ten different ones', () => {
    const codes = newRecoveryCodes();
    assert.equal(new Set(codes).size, 10);
    for (const code of codes) assert.match(code, /^[a-z2-7]{5}-[a-z2-7]{5}$/);
  });
});
