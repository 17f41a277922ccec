// worked-example: the settlement of features.md 5.4 comes out number for number in all three models.
import assert from 'node:assert/strict';
import { parseMoney } from '../src/core/money.ts';
import { aSettlement, type ShortRow } from '../src/core/settlement.builder.ts';
import type { JournalDraft } from '../src/erp/books.ts';
import { makeClassifier } from '../src/ledger/classify.ts';
import { Gatherer } from '../src/ledger/gather.ts';
import { planSettlement } from '../src/ledger/plan.ts';
import type { SettlementPlan } from '../src/ledger/posting.ts';
import { makeBook, type TestBook, testSettings } from '../test/setup/book.ts';
import { verdict } from './harness.ts';

const cents = (text: string): bigint => parseMoney(text, 'USD').minor;
const row = (
  posted: string,
  order: string,
  type: string,
  amountType: string,
  description: string,
  amount: string,
): ShortRow => ({
  posted: `2026-${posted}`,
  ...(order === '' ? {} : { order, sku: order === 'O1' ? 'A' : 'B' }),
  type,
  amountType,
  description,
  minor: cents(amount),
});
const other = 'other-transaction';
const rows = [
  row('03-29', 'O1', 'Order', 'ItemPrice', 'Principal', '59.98'),
  row('03-29', 'O1', 'Order', 'ItemPrice', 'Tax', '4.95'),
  row('03-29', 'O1', 'Order', 'ItemPrice', 'Shipping', '5.99'),
  row('03-29', 'O1', 'Order', 'Promotion', 'Shipping', '-5.99'),
  row('03-29', 'O1', 'Order', 'ItemWithheldTax', 'MarketplaceFacilitatorTax-Principal', '-4.95'),
  row('03-29', 'O1', 'Order', 'ItemFees', 'Commission', '-9.00'),
  row('03-29', 'O1', 'Order', 'ItemFees', 'FBAPerUnitFulfillmentFee', '-7.74'),
  row('03-30', 'O2', 'Order', 'ItemPrice', 'Principal', '120.00'),
  row('03-30', 'O2', 'Order', 'ItemPrice', 'Tax', '8.91'),
  row('03-30', 'O2', 'Order', 'ItemPrice', 'ShippingTax', '0.66'),
  row('03-30', 'O2', 'Order', 'ItemPrice', 'GiftWrapTax', '0.41'),
  row('03-30', 'O2', 'Order', 'ItemPrice', 'Shipping', '8.00'),
  row('03-30', 'O2', 'Order', 'ItemPrice', 'GiftWrap', '4.99'),
  row('03-30', 'O2', 'Order', 'Promotion', 'Principal', '-12.00'),
  row('03-30', 'O2', 'Order', 'ItemWithheldTax', 'MarketplaceFacilitatorTax-Principal', '-8.91'),
  row('03-30', 'O2', 'Order', 'ItemWithheldTax', 'MarketplaceFacilitatorTax-Shipping', '-0.66'),
  row('03-30', 'O2', 'Order', 'ItemWithheldTax', 'MarketplaceFacilitatorTax-Other', '-0.41'),
  row('03-30', 'O2', 'Order', 'ItemFees', 'Commission', '-18.15'),
  row('03-30', 'O2', 'Order', 'ItemFees', 'ShippingHB', '-1.20'),
  row('04-02', 'O1', 'Refund', 'ItemPrice', 'Principal', '-29.99'),
  row('04-02', 'O1', 'Refund', 'ItemPrice', 'Tax', '-2.48'),
  row('04-02', 'O1', 'Refund', 'ItemWithheldTax', 'MarketplaceFacilitatorTax-Principal', '2.48'),
  row('04-02', 'O1', 'Refund', 'ItemFees', 'Commission', '4.50'),
  row('04-02', 'O1', 'Refund', 'ItemFees', 'RefundCommission', '-0.90'),
  row('04-03', '', other, 'FBA Inventory Reimbursement', 'WAREHOUSE_DAMAGE', '14.20'),
  row('04-04', '', other, other, 'Storage Fee', '-31.47'),
  row('04-04', '', other, other, 'Subscription Fee', '-39.99'),
  row('04-05', '', 'ServiceFee', 'Cost of Advertising', 'TransactionTotalAmount', '-85.10'),
  row('04-05', '', other, other, 'Inbound Transportation Fee', '-22.35'),
  row('04-06', '', other, other, 'Previous Reserve Amount Balance', '210.00'),
  row('04-08', '', other, other, 'Current Reserve Amount', '-75.00'),
];
const { header, batch } = aSettlement(rows, {
  start: '2026-03-25',
  end: '2026-04-08',
  deposit: '2026-04-10',
});

const failures: string[] = [];
function check(what: string, actual: unknown, expected: unknown): void {
  try {
    assert.deepEqual(actual, expected);
    console.log(`  ok   ${what}`);
  } catch {
    const show = (value: unknown) =>
      JSON.stringify(value, (_key, one: unknown) => (typeof one === 'bigint' ? String(one) : one));
    failures.push(`${what}: ${show(actual)} instead of ${show(expected)}`);
    console.log(`  NOT  ${what}`);
  }
}

/** Both invoices as the orders flow makes them, before the settlement arrives. */
function shop(): TestBook {
  const book = makeBook();
  book.sell(
    'O1',
    { sales: cents('59.98'), 'shipping-income': cents('5.99'), discounts: cents('-5.99') },
    { date: '2026-03-29' },
  );
  book.sell(
    'O2',
    {
      sales: cents('120.00'),
      'shipping-income': cents('8.00'),
      'gift-wrap-income': cents('4.99'),
      discounts: cents('-12.00'),
    },
    { date: '2026-03-30' },
  );
  return book;
}

async function run(model: string, book: TestBook, changes: object = {}): Promise<SettlementPlan> {
  const settings = testSettings({ model, ...changes });
  const classifier = makeClassifier('amazon', []);
  const gatherer = new Gatherer(header, settings, classifier);
  gatherer.add(batch);
  const plan = planSettlement(
    gatherer.finish(),
    settings,
    {
      orders: await book.orders(['O1', 'O2']),
      periods: [],
      booked: new Map(),
      sought: new Set(),
      refundsBooked: [],
    },
    classifier,
  );
  check(
    'nothing stops or waits',
    [
      plan.blockers.length,
      plan.wanted,
      plan.postings.map((one) => one.state).filter((state) => state !== 'ready'),
    ],
    [0, [], []],
  );
  for (const posting of plan.postings) for (const draft of posting.drafts) await book.createOnce(draft);
  return plan;
}

/** Debits and credits of a journal per account. */
const sides = (journal: JournalDraft) => {
  const sum: Record<string, string> = {};
  for (const { accountId, debit, credit } of journal.lines) {
    const key = `${debit ? 'Dr' : 'Cr'} ${accountId}`;
    sum[key] = String(BigInt(sum[key] ?? 0) + (debit ?? credit)!.minor);
  }
  return sum;
};
const journals = (plan: SettlementPlan) =>
  plan.postings
    .flatMap((posting) => posting.drafts)
    .filter((draft): draft is JournalDraft => draft.kind === 'journal');
const onDay = (book: TestBook, day: string) =>
  book
    .documents()
    .filter((one) => one.date <= day)
    .flatMap((one) => one.effects)
    .filter((one) => one.accountId === 'clearing')
    .reduce((sum, one) => sum + one.minor, 0n);

console.log('Σ rows and months');
check(
  'Σ rows = total = 88.78',
  [rows.reduce((sum, one) => sum + one.minor, 0n), header.total.minor],
  [8878n, 8878n],
);
const monthly = (month: string) =>
  rows.filter((one) => one.posted.startsWith(month)).reduce((sum, one) => sum + one.minor, 0n);
check('March 144.88, April −56.10', [monthly('2026-03'), monthly('2026-04')], [14_488n, -5_610n]);

console.log('Model A, orders');
{
  const book = shop();
  const plan = await run('orders', book);
  const payments = plan.postings.filter((one) => one.kind === 'payment');
  check(
    'payments O1 59.98 on 03-29 and O2 120.99 on 03-30',
    payments.map((one) => [one.minor, one.date]),
    [
      [5998n, '2026-03-29'],
      [12_099n, '2026-03-30'],
    ],
  );
  check(
    'clearing after payments 180.97',
    payments.reduce((sum, one) => sum + one.minor, 0n),
    18_097n,
  );
  const [march, april] = journals(plan);
  check(
    'March journal on 03-31',
    [march?.date, sides(march!)],
    [
      '2026-03-31',
      {
        'Dr referral-fees': '2715',
        'Dr fba-fulfilment': '774',
        'Dr shipping-holdback': '120',
        'Cr clearing': '3609',
      },
    ],
  );
  check('clearing at 03-31 is 144.88', onDay(book, '2026-03-31'), 14_488n);
  const refund = plan.postings.find((one) => one.kind === 'refund')!;
  check(
    'credit memo and refund O1 29.99 on 04-02',
    [refund.minor, refund.date, refund.drafts.map((draft) => draft.kind)],
    [-2999n, '2026-04-02', ['credit-memo', 'customer-refund']],
  );
  check(
    'April journal on 04-08, 254.81 both sides',
    [april?.date, sides(april!)],
    [
      '2026-04-08',
      {
        'Dr referral-fees': '90',
        'Cr referral-fees': '450',
        'Dr storage': '3147',
        'Dr subscription': '3999',
        'Dr advertising': '8510',
        'Dr inbound-freight': '2235',
        'Cr reimbursements': '1420',
        'Dr reserve': '7500',
        'Cr reserve': '21000',
        'Cr clearing': '2611',
      },
    ],
  );
  const debits = april!.lines.reduce((sum, line) => sum + (line.debit?.minor ?? 0n), 0n);
  check('April journal debits 254.81', debits, 25_481n);
  const deposit = plan.postings.at(-1)!;
  check(
    'deposit 88.78 on 04-10',
    [deposit.kind, deposit.minor, deposit.date],
    ['deposit', -8878n, '2026-04-10'],
  );
  const balances = book.balances();
  check(
    'clearing and receivable end at 0.00',
    [balances['clearing'] ?? 0n, balances['receivable'] ?? 0n],
    [0n, 0n],
  );
  check(
    'bank 88.78, returns 29.99, reserve −135.00',
    [balances['bank'], balances['returns'], balances['reserve']],
    [8878n, 2999n, -13_500n],
  );
}

console.log('Model C, summary');
{
  const book = makeBook();
  const plan = await run('summary', book);
  const [march, april] = journals(plan);
  check(
    'March journal, both sides 198.96',
    [march?.date, sides(march!)],
    [
      '2026-03-31',
      {
        'Cr sales': '17998',
        'Cr shipping-income': '1399',
        'Cr gift-wrap-income': '499',
        'Dr discounts': '1799',
        'Dr referral-fees': '2715',
        'Dr fba-fulfilment': '774',
        'Dr shipping-holdback': '120',
        'Dr clearing': '14488',
      },
    ],
  );
  check(
    'March debits 198.96',
    march!.lines.reduce((sum, line) => sum + (line.debit?.minor ?? 0n), 0n),
    19_896n,
  );
  check(
    'April journal, both sides 284.80',
    [april?.date, sides(april!)],
    [
      '2026-04-08',
      {
        'Dr returns': '2999',
        'Cr referral-fees': '450',
        'Dr referral-fees': '90',
        'Dr storage': '3147',
        'Dr subscription': '3999',
        'Dr advertising': '8510',
        'Dr inbound-freight': '2235',
        'Cr reimbursements': '1420',
        'Dr reserve': '7500',
        'Cr reserve': '21000',
        'Cr clearing': '5610',
      },
    ],
  );
  check(
    'April credits 284.80',
    april!.lines.reduce((sum, line) => sum + (line.credit?.minor ?? 0n), 0n),
    28_480n,
  );
  check(
    'clearing ends at 0.00, bank 88.78',
    [book.balances()['clearing'] ?? 0n, book.balances()['bank']],
    [0n, 8878n],
  );
}

console.log('Model B, fees on orders');
for (const splitMonths of [false, true]) {
  const book = shop();
  const plan = await run('fees-on-orders', book, { splitMonths });
  const fees = plan.postings.flatMap((one) => one.drafts).filter((draft) => draft.kind === 'order-fees');
  check(
    'fee lines −9.00, −7.74, −18.15, −1.20',
    fees.flatMap((draft) => draft.lines.map((line) => line.amount.minor)),
    [-900n, -774n, -1815n, -120n],
  );
  const orders = plan.postings
    .filter((one) => one.kind === 'payment')
    .reduce((sum, one) => sum + one.minor, 0n);
  check('O1 + O2 net 144.88', orders, 14_488n);
  const refund = plan.postings.find((one) => one.kind === 'refund')!;
  check('refund −29.99 + 3.60', refund.minor, -2639n);
  const rest = plan.postings.filter((one) => one.kind === 'fee-document');
  check(
    'one document −29.71, a cash refund',
    rest.map((one) => [one.minor, one.drafts[0]?.kind]),
    [[-2971n, 'cash-refund']],
  );
  const balances = book.balances();
  check(
    'clearing and receivable end at 0.00, bank 88.78',
    [balances['clearing'] ?? 0n, balances['receivable'] ?? 0n, balances['bank']],
    [0n, 0n, 8878n],
  );
}

verdict('worked-example', failures);
