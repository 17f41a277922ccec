import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import type { RowKind } from '../core/settlement.ts';
import { makeClassifier } from './classify.ts';

const samples = new URL('../../../shared/samples/', import.meta.url);
const kind = (transactionType: string, amountType: string, amountDescription: string): RowKind => ({
  transactionType,
  amountType,
  amountDescription,
  marketplaceName: 'Amazon.com',
});
const read = (name: string): unknown => JSON.parse(readFileSync(new URL(name, samples), 'utf8'));

test('every triple known from references has a class of its own', () => {
  const { classify } = makeClassifier('amazon', []);
  const triples = read('known-triples.json') as {
    transactionType: string;
    amountType: string | null;
    amountDescription: string | null;
  }[];
  assert.ok(triples.length > 250);
  const unknown = triples
    .map((triple) => kind(triple.transactionType, triple.amountType ?? '', triple.amountDescription ?? ''))
    // Two entries are remarks, not words of a file.
    .filter((one) => !one.amountType.startsWith('('))
    .filter((one) => classify(one) === undefined);
  assert.deepEqual(unknown, []);
});

test('every fee code known from references has a class of its own', () => {
  const { classify } = makeClassifier('amazon', []);
  const { entries } = read('xieyi138-fee-codes.json') as {
    entries: { description: string; amount_types: string[] }[];
  };
  const unknown = entries.flatMap((entry) =>
    (entry.amount_types.length > 0 ? entry.amount_types : ['other-transaction'])
      .map((amountType) =>
        kind(
          amountType === 'other-transaction' ? 'other-transaction' : 'Order',
          amountType,
          entry.description,
        ),
      )
      .filter((one) => classify(one) === undefined),
  );
  assert.deepEqual(unknown, []);
});

test('the same words in other case, with underscores or blanks, mean the same', () => {
  const { classify } = makeClassifier('amazon', []);
  assert.equal(classify(kind('ORDER', 'ITEMPRICE', 'PRINCIPAL'))?.class, 'sale.principal');
  assert.equal(classify(kind('Order', 'ItemFees', 'Digital Services Fee'))?.class, 'fee.other');
  assert.equal(
    classify(kind('FBAFEES', 'FBA_REMOVAL_ORDER:_DISPOSAL_FEE', 'BASE_FEE'))?.class,
    'other.removal',
  );
});

test('a refund’s rows are refund rows before they are fees or taxes', () => {
  const { classify } = makeClassifier('amazon', []);
  const of = (...words: [string, string, string]) => classify(kind(...words))?.class;
  assert.equal(of('Refund', 'ItemPrice', 'Principal'), 'refund.principal');
  assert.equal(of('Refund', 'ItemFees', 'Commission'), 'refund-fee.referral');
  assert.equal(of('Refund', 'ItemFees', 'RefundCommission'), 'refund-fee.administration');
  assert.equal(of('Refund', 'ItemWithheldTax', 'MarketplaceFacilitatorTax-Principal'), 'refund.tax-withheld');
  assert.equal(of('Refund', 'ItemPrice', 'ShippingTax'), 'refund.tax');
  assert.equal(of('Chargeback Refund', 'ItemPrice', 'Principal'), 'chargeback.principal');
  assert.equal(of('Order', 'ItemFees', 'MarketplaceFacilitatorVAT-Principal'), 'sale.tax-withheld');
  assert.equal(of('Order', 'ItemWithheldTax', 'TDS (Section 194-O)'), 'tax.collected-at-source');
  assert.equal(of('Order_Retrocharge', 'ItemPrice', 'Tax'), 'tax.retrocharge');
});

test('an owner’s rule wins over a shipped one, the one for a marketplace over the one for all', () => {
  const any = {
    transactionType: '',
    amountType: '',
    amountDescription: 'Storage Fee',
    marketplace: '',
    channel: '',
  };
  const { classify } = makeClassifier('amazon', [
    { ...any, class: 'other.inbound' },
    { ...any, marketplace: 'Amazon.ca', class: 'other.removal' },
  ]);
  const storage = kind('other-transaction', 'other-transaction', 'Storage Fee');
  assert.equal(classify(storage)?.class, 'other.inbound');
  assert.equal(classify({ ...storage, marketplaceName: 'Amazon.ca' })?.class, 'other.removal');
});

test('unknown words are no class at all, and the most similar known ones are suggested', () => {
  const { classify, suggest } = makeClassifier('amazon', []);
  const unknown = kind('other-transaction', 'other-transaction', 'Overstock Storage Fees');
  assert.equal(classify(unknown), undefined);
  assert.equal(suggest(unknown)[0]?.class, 'other.storage');
  assert.equal(classify(kind('', '', '')), undefined);
});
