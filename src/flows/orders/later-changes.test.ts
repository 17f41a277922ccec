import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { formatMoney, parseMoney } from '../../core/money.ts';
import { anOrder, anOrderLine } from '../../core/order.builder.ts';
import type { DocumentDraft, DocumentLineState, DocumentStatus } from '../../erp/erp.ts';
import { amendmentOf, renamedLines } from './amendment.ts';
import { booksShipments, fulfilmentOf } from './book-shipments.ts';
import { changesOf, decideCancellation, remember } from './decide-change.ts';
import { ordersSettings } from './settings.ts';

const settings = (wishes: object = {}) =>
  ordersSettings.parse({
    goLiveAt: '2026-01-01T00:00:00Z',
    items: { discount: 'D', shipping: 'S', shippingDiscount: 'SD', giftWrap: 'W', otherCharge: 'O' },
    marketplaces: { ATVPDKIKX0DER: { code: 'US' } },
    ...wishes,
  });
const stateOf = (wishes: Partial<DocumentLineState> = {}): DocumentLineState => ({
  line: 1,
  itemId: '1',
  channelLineId: 'a',
  quantity: 1,
  quantityFulfilled: 0,
  closed: false,
  amount: '19.99',
  ...wishes,
});
const draftOf = (
  lines: readonly { key: string; quantity?: number; amount: string; role?: 'item' | 'discount' | 'tax' }[],
): DocumentDraft => ({
  kind: 'sales-order',
  externalId: 'X',
  channelOrderId: '113',
  customerId: '1',
  date: '2026-11-20',
  currency: 'USD',
  reference: '113',
  custom: {},
  lines: lines.map((line) => ({
    key: line.key,
    role: line.role ?? 'item',
    itemId: '1',
    quantity: line.quantity ?? 1,
    rate: line.amount,
    amount: parseMoney(line.amount, 'USD'),
    custom: { lineId: line.key },
  })),
});

describe('an order that changed after it was imported', () => {
  test('the same order again changes nothing, and a blanked address is no change', () => {
    const order = anOrder();
    assert.equal(changesOf(remember(order), order), undefined);
    const { shipTo: _, ...blanked } = order;
    assert.equal(changesOf(remember(order), blanked), undefined);
    assert.equal(remember(blanked, remember(order)).address, remember(order).address);
  });

  test('an address that was not there when the order was imported is filled in', () => {
    const order = anOrder();
    const { shipTo: _, ...without } = order;
    assert.equal(changesOf(remember(without), order)?.address, true);
  });

  test('an order known from a report is completed when it is read, never taken for cancelled lines', () => {
    const line = { sku: 'MUG-BLUE', quantity: 2, price: '10.00' };
    const reported = anOrder({ source: 'report', lines: [anOrderLine({ ...line, id: 'report:1' })] });
    const read = anOrder({ lines: [anOrderLine({ ...line, id: '777' })] });
    const changes = changesOf(remember(reported), read)!;
    assert.deepEqual([changes.completed, changes.cancelledLines], [true, []]);
    assert.equal(changesOf(remember(read), reported), undefined);
    assert.equal(remember(reported, remember(read)).reported, undefined);
  });

  test('report lines are found again by SKU and quantity', () => {
    const order = anOrder({
      lines: [
        anOrderLine({ id: 'x', sku: 'A', quantity: 1 }),
        anOrderLine({ id: 'y', sku: 'A', quantity: 3 }),
        anOrderLine({ id: 'z', sku: 'B' }),
      ],
    });
    const renamed = renamedLines(
      { 'report:1': 'A', 'report:2': 'B', 'report:3': 'A' },
      { 'report:1': 3, 'report:2': 1, 'report:3': 1 },
      order,
    );
    assert.deepEqual(
      [...renamed],
      [
        ['report:1', 'y'],
        ['report:2', 'z'],
        ['report:3', 'x'],
      ],
    );
  });

  test('lines are amended by the id they carry: changed, renamed, added and closed', () => {
    const { change, money } = amendmentOf(
      draftOf([
        { key: 'a', quantity: 2, amount: '39.98' },
        { key: 'a:tax', amount: '3.00', role: 'tax' },
      ]),
      [
        stateOf({ channelLineId: 'report:1' }),
        stateOf({ line: 2, channelLineId: 'report:1:discount', amount: '-2.00' }),
        stateOf({ line: 3, channelLineId: undefined as never }),
      ],
      new Map([['report:1', 'a']]),
    );
    assert.equal(money, true);
    assert.deepEqual(
      change.lines?.map((line) => [line.line, line.quantity, formatMoney(line.amount!), line.custom]),
      [[1, 2, '39.98', { lineId: 'a' }]],
    );
    assert.deepEqual(
      change.added?.map((line) => line.key),
      ['a:tax'],
    );
    assert.deepEqual(change.closed, [2]);
  });

  test('an amendment that is repeated has nothing left to do', () => {
    const { change, money } = amendmentOf(draftOf([{ key: 'a', amount: '19.99' }]), [stateOf()]);
    assert.deepEqual([change, money], [{}, false]);
  });

  test('the four-way rule answers every state of the document', () => {
    const rule: Record<DocumentStatus, string> = {
      'pending-approval': 'close-lines',
      'pending-fulfilment': 'close-lines',
      'partially-fulfilled': 'too-late',
      'pending-billing': 'too-late',
      'pending-billing-partially-fulfilled': 'too-late',
      billed: 'too-late',
      closed: 'tick-flag',
      cancelled: 'tick-flag',
      open: 'too-late',
      paid: 'too-late',
      unknown: 'too-late',
    };
    for (const [status, step] of Object.entries(rule))
      assert.equal(decideCancellation(status as DocumentStatus, [stateOf()]), step, status);
    assert.equal(decideCancellation(undefined, []), 'nothing-to-do');
    assert.equal(decideCancellation('pending-fulfilment', [stateOf({ quantityFulfilled: 1 })]), 'too-late');
  });
});

describe('parcels of the marketplace', () => {
  const parcel = { reference: 'P1', shippedAt: new Date('2026-11-22T03:00:00Z'), lines: [], whole: true };
  const open = [
    { line: 1, channelLineId: 'a', itemId: '1', open: 6 },
    { line: 2, channelLineId: 'b', itemId: '2', open: 1 },
  ];

  test('whose parcels are booked', () => {
    const prime = anOrder({ sellerFulfilledPrime: true, status: 'shipped' });
    const fba = anOrder({ fulfilledBy: 'marketplace', status: 'shipped' });
    const merchant = anOrder({ status: 'shipped' });
    assert.equal(booksShipments(prime, settings(), {}), true);
    assert.equal(booksShipments(fba, settings(), {}), true);
    assert.equal(booksShipments(fba, settings({ shipped: 'leave' }), {}), false);
    assert.equal(booksShipments(anOrder({ sellerFulfilledPrime: true }), settings(), {}), false);
    assert.equal(booksShipments(merchant, settings(), { firstSeenShipped: true }), false);
    const fulfil = settings({ fulfilShippedMerchant: true });
    assert.equal(booksShipments(merchant, fulfil, { firstSeenShipped: true }), true);
    assert.equal(booksShipments(merchant, fulfil, {}), false);
  });

  test('a parcel takes what it holds in stock units and names what stays', () => {
    const holding = {
      ...parcel,
      whole: false,
      trackingNumber: 'TBA1',
      lines: [{ lineId: 'a', quantity: 2 }],
    };
    const draft = fulfilmentOf(anOrder(), holding, { open, units: { a: 3 }, zone: 'America/Los_Angeles' })!;
    assert.deepEqual(draft.lines, [{ line: 1, quantity: 6 }]);
    assert.deepEqual(draft.leaveOpen, [2]);
    assert.equal(draft.date, '2026-11-21');
    assert.deepEqual(draft.packages, [{ trackingNumber: 'TBA1' }]);
  });

  test('a parcel that nothing is known of takes all that is open, and none when nothing is', () => {
    const context = { units: {}, zone: 'UTC' };
    assert.equal(fulfilmentOf(anOrder(), parcel, { ...context, open })!.lines.length, 2);
    assert.equal(fulfilmentOf(anOrder(), parcel, { ...context, open: [] }), undefined);
  });
});
