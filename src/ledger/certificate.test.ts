import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aSettlement } from '../core/settlement.builder.ts';
import type { BookedDocument, JournalDraft } from '../erp/books.ts';
import {
  type Certificate,
  type Check,
  certificateBody,
  checkSettlement,
  type Facts,
  makeSigningKey,
  rangesOf,
  type SigningKey,
  signCertificate,
  verifyCertificate,
} from './certificate.ts';
import { certificatePdf } from './certificate-pdf.ts';

const usd = (minor: bigint) => ({ minor, currency: 'USD' });
const journal: JournalDraft = {
  kind: 'journal',
  externalId: 'J',
  date: '2026-03-31',
  currency: 'USD',
  memo: '',
  lines: [
    { accountId: 'storage', debit: usd(250n), memo: '' },
    { accountId: 'sales', credit: usd(1250n), memo: '' },
    { accountId: 'clearing', debit: usd(1000n), memo: '' },
  ],
};
const booked: BookedDocument = {
  kind: 'journal',
  id: '7',
  number: 'JE7',
  externalId: 'J',
  date: '2026-03-31',
  total: usd(1250n),
  effects: [
    { accountId: 'storage', minor: 250n },
    { accountId: 'sales', minor: -1250n },
    { accountId: 'clearing', minor: 1000n },
  ],
};
const deposit: BookedDocument = {
  kind: 'deposit',
  id: '8',
  number: 'D8',
  externalId: 'D',
  date: '2026-04-10',
  total: usd(1000n),
  effects: [
    { accountId: 'bank', minor: 1000n },
    { accountId: 'clearing', minor: -1000n },
  ],
};

function aCase(changes: Partial<Facts> = {}): Facts {
  const { header } = aSettlement([
    { posted: '2026-03-29', type: 'Order', amountType: 'ItemPrice', description: 'Principal', minor: 1250n },
    { posted: '2026-03-30', type: 'x', amountType: 'x', description: 'Storage Fee', minor: -250n },
  ]);
  return {
    header,
    file: {
      format: 'v2',
      encoding: 'utf-8',
      decimalMark: '.',
      dateFormat: '',
      rows: 2,
      sha256: 'abc',
      bytes: 9,
    },
    storedRows: 2,
    storedSum: 1000n,
    unclassified: [],
    untied: { rows: 0, minor: 0n },
    postings: [
      {
        key: 'journal:2026-03:Amazon.com:1',
        kind: 'journal',
        title: 'Journal',
        minor: 1000n,
        through: 'clearing',
        state: 'booked',
        drafts: [journal],
        rows: [1, 2],
        rowsMinor: 1000n,
        documents: [booked],
        missing: [],
      },
      {
        key: 'deposit',
        kind: 'deposit',
        title: 'Deposit',
        minor: -1000n,
        through: 'clearing',
        state: 'booked',
        drafts: [
          {
            kind: 'deposit',
            externalId: 'D',
            date: '2026-04-10',
            currency: 'USD',
            memo: '',
            accountId: 'bank',
            payments: [],
            lines: [{ accountId: 'clearing', amount: usd(1000n), memo: '' }],
            total: usd(1000n),
          },
        ],
        rows: [],
        rowsMinor: 0n,
        documents: [deposit],
        missing: [],
      },
    ],
    clearingAccounts: new Set(['clearing']),
    undepositedMinor: 0n,
    taxLeft: [],
    reserve: { previous: 0n, current: 0n },
    classes: [
      { class: 'sale.principal', rows: 1, minor: 1250n },
      { class: 'other.storage', rows: 1, minor: -250n },
    ],
    ...changes,
  };
}
const issueCertificate = (facts: Facts, checks: readonly Check[], at: Date, key: SigningKey) =>
  signCertificate(certificateBody(facts, checks, at), key);
const failing = (facts: Facts) => checkSettlement(facts).filter((check) => !check.holds);

test('a settlement that ties has no failing check', () => {
  assert.deepEqual(failing(aCase()), []);
});

test('each check fails by its own fault and says the cents', () => {
  const [first, second] = aCase().postings as [Facts['postings'][number], Facts['postings'][number]];
  const cases: [string, Partial<Facts>, string][] = [
    ['file', { storedSum: 999n }, '1'],
    ['classes', { unclassified: [{ words: 'a / b / c', rows: 1, minor: 5n, firstRow: 2 }] }, '5'],
    ['rows', { untied: { rows: 1, minor: 7n } }, '7'],
    ['rows', { postings: [{ ...first, state: 'suspended', reason: 'why' }, second] }, '1000'],
    ['rows', { postings: [{ ...first, rowsMinor: 998n }, second] }, '-2'],
    [
      'read-back',
      {
        postings: [
          {
            ...first,
            documents: [
              { ...booked, effects: [{ accountId: 'storage', minor: 249n }, ...booked.effects.slice(1)] },
            ],
          },
          second,
        ],
      },
      '-1',
    ],
    [
      'clearing',
      {
        postings: [
          first,
          { ...second, documents: [{ ...deposit, effects: [{ accountId: 'clearing', minor: -990n }] }] },
        ],
      },
      '10',
    ],
    [
      'reserve',
      { reserve: { previous: 100n, current: 0n, before: { settlementId: '1', current: -90n } } },
      '10',
    ],
    ['tax', { taxLeft: [{ orderId: 'O', marketplace: 'M', minor: 3n, firstRow: 1 }] }, '3'],
    ['deposit', { postings: [first, { ...second, documents: [] }] }, '1000'],
  ];
  for (const [id, changes, minor] of cases) {
    const found = failing(aCase(changes)).find((check) => check.id === id);
    assert.equal(found?.minor, minor, id);
  }
});

test('a certificate can be checked with nothing but itself, and every change of it shows', () => {
  const key = makeSigningKey();
  const facts = aCase();
  const certificate = issueCertificate(facts, checkSettlement(facts), new Date('2026-04-11T00:00:00Z'), key);
  const text = JSON.stringify(certificate);
  assert.deepEqual(verifyCertificate(text, key.publicPem, 'abc').faults, []);
  assert.equal(verifyCertificate(text, makeSigningKey().publicPem).genuine, false);
  assert.equal(verifyCertificate(text, key.publicPem, 'abd').genuine, false);
  for (const [from, to] of [
    ['"amount":"10.00"', '"amount":"10.01"'],
    ['"rows":"1-2"', '"rows":"1"'],
    ['"holds":true', '"holds":false'],
    ['2026-04-11', '2026-04-12'],
  ] as const) {
    assert.ok(text.includes(from), from);
    assert.equal(verifyCertificate(text.replace(from, to)).genuine, false, from);
  }
  // Even one signed anew by a stranger fails when its own figures do not add up.
  const stranger = makeSigningKey();
  const odd = issueCertificate({ ...facts, classes: [] }, checkSettlement(facts), new Date(), stranger);
  assert.equal(verifyCertificate(JSON.stringify(odd)).genuine, false);
});

test('no certificate is issued while a check fails', () => {
  const facts = aCase({ storedSum: 999n });
  assert.throws(
    () => issueCertificate(facts, checkSettlement(facts), new Date(), makeSigningKey()),
    /every check holds/,
  );
});

test('the certificate is a PDF that carries its own proof', async () => {
  const facts = aCase();
  const certificate: Certificate = issueCertificate(
    facts,
    checkSettlement(facts),
    new Date('2026-04-11T00:00:00Z'),
    makeSigningKey(),
  );
  const pdf = await certificatePdf(certificate);
  assert.equal(pdf.subarray(0, 5).toString(), '%PDF-');
  assert.ok(pdf.length > 2_000);
});

test('row numbers are written as ranges', () => {
  assert.equal(rangesOf([1, 2, 3, 7, 9, 10]), '1-3,7,9-10');
  assert.equal(rangesOf([]), '');
});
