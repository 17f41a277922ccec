import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aSettlement, type ShortRow } from '../core/settlement.builder.ts';
import { auditFees, owedReimbursements } from './fee-audit.ts';

const sold = (order: string, price: bigint, commission: bigint, fba: bigint, quantity = 1): ShortRow[] =>
  [
    ['ItemPrice', 'Principal', price],
    ['ItemFees', 'Commission', commission],
    ['ItemFees', 'FBAPerUnitFulfillmentFee', fba],
  ].map(
    ([amountType, description, minor]) =>
      ({
        posted: '2026-03-29',
        order,
        sku: 'A',
        type: 'Order',
        amountType,
        description,
        minor,
        quantity,
      }) as ShortRow,
  );

test('a fee that differs from the SKU’s usual one is named with its row', () => {
  const rows = [
    ...['1', '2', '3', '4', '5'].flatMap((order) => sold(order, 2_999n, -450n, -387n)),
    ...sold('6', 5_998n, -900n, -774n, 2),
    ...sold('7', 2_999n, -510n, -387n),
    ...sold('8', 2_999n, -450n, -512n),
  ];
  const found = auditFees(aSettlement(rows).rows);
  assert.deepEqual(
    found.map((one) => [one.kind, one.orderId, one.rowNumber, one.chargedMinor, one.expectedMinor]),
    [
      ['referral', '7', 20, -510n, -450n],
      ['fba', '8', 24, -512n, -387n],
    ],
  );
});

test('too few sales of a SKU show no usual fee', () => {
  assert.deepEqual(
    auditFees(aSettlement([...sold('1', 2_999n, -450n, -387n), ...sold('2', 2_999n, -900n, -800n)]).rows),
    [],
  );
});

test('a refund without return and without reimbursement is owed, with the days of the claim', () => {
  const refund = (order: string): ShortRow => ({
    posted: '2026-01-01',
    order,
    sku: 'A',
    type: 'Refund',
    amountType: 'ItemPrice',
    description: 'Principal',
    minor: -2_999n,
    quantity: 1,
    fulfilment: 'AFN',
  });
  const rows = [
    refund('came-back'),
    refund('paid'),
    refund('owed'),
    { ...refund('own-stock'), fulfilment: 'MFN' },
    {
      posted: '2026-02-01',
      order: 'paid',
      sku: 'A',
      type: 'other-transaction',
      amountType: 'FBA Inventory Reimbursement',
      description: 'REVERSAL_REIMBURSEMENT',
      minor: 2_999n,
    },
  ];
  const back = [
    {
      key: '1',
      orderId: 'came-back',
      sku: 'A',
      quantity: 1,
      returnedAt: new Date('2026-01-20'),
      fulfilledBy: 'marketplace' as const,
      disposition: 'SELLABLE',
      reason: '',
      status: '',
    },
  ];
  const owed = owedReimbursements(aSettlement(rows).rows, back, new Date('2026-03-10T00:00:00Z'));
  assert.deepEqual(
    owed.map((one) => [one.orderId, one.refundedMinor, one.claimFrom, one.claimUntil, one.state]),
    [['owed', 2_999n, '2026-03-02', '2026-05-01', 'claim']],
  );
});
