import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { errorCodes } from './error-codes.ts';

/** Codes as they stand in the source: the first word of an error, of `refuse`, of `fault`, or of a table's `code:`. */
function codesInSource(): Map<string, string> {
  const found = new Map<string, string>();
  const shapes = [
    /(?:Transient|Throttled|OutcomeUnknown|Record|Connection|Bug)Error\(\s*'([A-Z][A-Z0-9_]+)'/g,
    /refuse\(\s*(?:reply,\s*\d+,\s*)?'([A-Z][A-Z0-9_]+)'/g,
    /\bcode: '([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)'/g,
  ];
  for (const file of globSync('src/**/*.ts')) {
    if (/\.(test|suite|builder)\.ts$/.test(file)) continue;
    const text = readFileSync(file, 'utf8');
    for (const shape of shapes) for (const match of text.matchAll(shape)) found.set(match[1]!, file);
  }
  return found;
}

describe('error codes', () => {
  test('every code that is thrown has its paragraph and its title in both languages', () => {
    const thrown = codesInSource();
    assert.ok(thrown.size > 80, `only ${thrown.size} codes were found in the source`);
    const missing = [...thrown].filter(([code]) => !(code in errorCodes));
    assert.deepEqual(
      missing.map(([code, file]) => `${code} (${file}): add it to src/core/error-codes.ts`),
      [],
    );
  });

  test('titles are sentences of their own and differ between the languages', () => {
    for (const [name, { title, paragraph }] of Object.entries(errorCodes)) {
      assert.ok(title.en.length > 5 && title.en !== title.fr, name);
      assert.ok(paragraph.length > 20 && paragraph.endsWith('.'), name);
    }
  });
});
