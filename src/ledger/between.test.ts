import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testSettings } from '../../test/setup/book.ts';
import type { FinanceTransaction } from '../core/settlement.ts';
import {
  deferredAt,
  earnings,
  forecast,
  planAccrual,
  rollForward,
  type SettledPart,
  tieToSettlements,
} from './between.ts';

const usd = (minor: bigint) => ({ minor, currency: 'USD' });
const transaction = (
  id: string,
  on: string,
  minor: bigint,
  more: Partial<FinanceTransaction> = {},
): FinanceTransaction => ({
  id,
  type: 'Shipment',
  status: 'released',
  postedAt: new Date(`${on}T12:00:00Z`),
  total: usd(minor),
  breakdowns: [],
  items: [],
  ...more,
});
const deferred = (id: string, on: string, minor: bigint, matures: string) =>
  transaction(id, on, minor, {
    status: 'deferred',
    deferral: { reason: 'DD7', maturesAt: new Date(`${matures}T12:00:00Z`) },
    breakdowns: [
      {
        type: 'ProductCharges',
        amount: usd(minor + 300n),
        parts: [{ type: 'OurPricePrincipal', amount: usd(minor + 300n), parts: [] }],
      },
      {
        type: 'AmazonFees',
        amount: usd(-300n),
        parts: [{ type: 'Commission', amount: usd(-300n), parts: [] }],
      },
    ],
  });

const transactions = [
  transaction('1', '2026-03-05', 5_000n, { settlementId: 'S1' }),
  transaction('2', '2026-03-06', -1_000n, { type: 'Refund', settlementId: 'S1' }),
  deferred('3', '2026-03-28', 2_000n, '2026-04-08'),
  deferred('4', '2026-03-30', 700n, '2026-04-10'),
  transaction('5', '2026-04-08', 2_000n, { status: 'deferred-released', deferredTransactionId: '3' }),
  transaction('6', '2026-03-12', -3_500n, { type: 'Transfer' }),
];
const settled: SettledPart[] = [
  {
    settlementId: 'S1',
    currency: 'USD',
    endAt: new Date('2026-03-10T12:00:00Z'),
    depositAt: new Date('2026-03-12T12:00:00Z'),
    totalMinor: 3_500n,
    reservePrevious: 0n,
    reserveCurrent: -500n,
  },
];
const timeZone = 'UTC';

test('a release does not earn the same money twice, and a transfer earns nothing', () => {
  assert.deepEqual(
    earnings(transactions).map((one) => one.id),
    ['1', '2', '3', '4'],
  );
});

test('what is deferred on a day is what was not released by then', () => {
  const ids = (day: string) => deferredAt(transactions, new Date(`${day}T23:00:00Z`)).map((one) => one.id);
  assert.deepEqual(ids('2026-03-31'), ['3', '4']);
  assert.deepEqual(ids('2026-04-08'), ['4']);
});

test('the receivable rolls from month to month, and its parts add up to it', () => {
  const march = rollForward(transactions, settled, {
    from: '2026-03-01',
    to: '2026-03-31',
    currency: 'USD',
    timeZone,
  });
  assert.deepEqual(
    [march.opening, march.shipped, march.refunds, march.deposits, march.closing],
    [0n, 7_700n, -1_000n, 3_500n, 3_200n],
  );
  assert.deepEqual(
    [march.deferred, march.reserve, march.released],
    [[{ reason: 'DD7', minor: 2_700n }], 500n, 0n],
  );
  const april = rollForward(transactions, settled, {
    from: '2026-04-01',
    to: '2026-04-30',
    currency: 'USD',
    timeZone,
  });
  assert.equal(april.opening, march.closing);
  assert.deepEqual([april.closing, april.released], [3_200n, 2_000n]);
});

test('transactions of a settlement add up to it without its reserve', () => {
  assert.deepEqual(tieToSettlements(transactions, settled), [
    { settlementId: 'S1', currency: 'USD', transactions: 4_000n, settlement: 4_000n, difference: 0n },
  ]);
});

test('cash is forecast on the day it matures, released money with the next settlement', () => {
  const days = forecast(transactions, settled, {
    now: new Date('2026-04-09T00:00:00Z'),
    currency: 'USD',
    timeZone,
  });
  assert.deepEqual(days, [
    { on: '2026-04-09', minor: 2_000n, why: 'next-settlement' },
    { on: '2026-04-10', minor: 700n, why: 'matures' },
  ]);
});

test('the month-end accrual balances, splits sales from fees and reverses the next day', () => {
  const draft = planAccrual(transactions, '2026-03', 'USD', testSettings({ timeZone: 'UTC' }))!;
  assert.equal(draft.date, '2026-03-31');
  assert.equal(draft.reversalDate, '2026-04-01');
  const sum = draft.lines.reduce(
    (left, line) => left + (line.debit?.minor ?? 0n) - (line.credit?.minor ?? 0n),
    0n,
  );
  assert.equal(sum, 0n);
  const of = (account: string) => draft.lines.find((line) => line.accountId === account);
  assert.equal(of('sales')?.credit?.minor, 3_300n);
  assert.equal(of('referral-fees')?.debit?.minor, 600n);
  assert.equal(of('deferred')?.debit?.minor, 2_700n);
  assert.equal(planAccrual(transactions, '2026-02', 'USD', testSettings()), undefined);
});
