import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { whole } from '../web/words/server/french.ts';
import { sentences } from '../web/words/server/index.ts';

const namesIn = (text: string): readonly string[] =>
  [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1]!).sort();

describe('what the server says', () => {
  test('a sentence is found again by its pattern, with its values, alone or among others', () => {
    assert.equal(whole('NetSuite has no item “AB-1”.'), 'NetSuite n’a pas d’article « AB-1 ».');
    assert.equal(
      whole('The accounting period of the date is closed. NetSuite says: Period Oct is locked'),
      'La période comptable de la date est close. NetSuite répond : « Period Oct is locked »',
    );
    assert.equal(
      whole('Address updated. Lines updated: 2.'),
      'Adresse mise à jour. Lignes mises à jour : 2.',
    );
    assert.equal(whole('A sentence that nobody wrote down.'), undefined);
  });

  test('the French puts in no value that the English does not have', () => {
    for (const [en, fr] of sentences) {
      const english = namesIn(en);
      for (const name of namesIn(fr)) assert.ok(english.includes(name), `${en} → ${fr}`);
      assert.notEqual(en, fr);
    }
  });
});
