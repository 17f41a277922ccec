import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { RecordError } from '../../core/errors.ts';
import { formatMoney, parseMoney } from '../../core/money.ts';
import { anOrder, anOrderLine } from '../../core/order.builder.ts';
import type { ErpItem } from '../../erp/erp.ts';
import type { OrderContext } from './document-context.ts';
import { numberPool } from './document-numbers.ts';
import { orderToDocument } from './order-to-document.ts';
import { ordersSettings } from './settings.ts';

const item = (id: string, name: string, wishes: Partial<ErpItem> = {}): ErpItem => ({
  id,
  name,
  kind: 'inventory',
  inactive: false,
  lotTracked: false,
  serialTracked: false,
  matrixParent: false,
  ...wishes,
});

function aContext(
  wishes: { settings?: object; market?: object; items?: readonly ErpItem[] } & Partial<
    Omit<OrderContext, 'settings' | 'items'>
  > = {},
): OrderContext {
  const { settings, market, items, ...rest } = wishes;
  return {
    settings: ordersSettings.parse({
      goLiveAt: '2026-01-01T00:00:00Z',
      items: {
        discount: 'DISCOUNT',
        shipping: 'SHIPPING',
        shippingDiscount: 'SHIP-DISCOUNT',
        giftWrap: 'WRAP',
        otherCharge: 'OTHER',
        tax: 'TAX',
      },
      marketplaces: {
        ATVPDKIKX0DER: { code: 'US', locationId: '6', marketplaceLocationId: '12', ...market },
        A1F83G8C2ARO7P: { code: 'UK', locationId: '7', ...market },
      },
      ...settings,
    }),
    lookups: new Map([['ship-method', new Map([['STANDARD', { value: '2207', multiplier: 1 }]])]]),
    overrides: [],
    items: new Map(
      [
        ...['DISCOUNT', 'SHIPPING', 'SHIP-DISCOUNT', 'WRAP', 'OTHER', 'TAX'].map((name, index) =>
          item(String(80 + index), name),
        ),
        item('1', 'MUG-BLUE'),
        ...(items ?? []),
      ].map((one) => [one.name, one]),
    ),
    customerId: '1207',
    timeZone: 'America/Los_Angeles',
    suiteTax: false,
    accountId: 'amazon-us',
    now: new Date('2026-11-24T00:00:00Z'),
    ...rest,
  };
}

const codeOf = (work: () => unknown): string => {
  try {
    work();
  } catch (error) {
    return (error as RecordError).code;
  }
  return 'none';
};

describe('an order becomes a document', () => {
  test('the extended price stays exact when it does not divide by the quantity', () => {
    const { draft } = orderToDocument(
      anOrder({ lines: [anOrderLine({ quantity: 3, price: '10.00' })] }),
      aContext(),
    );
    assert.equal(draft.lines[0]!.quantity, 3);
    assert.equal(draft.lines[0]!.rate, '3.33333333');
    assert.equal(formatMoney(draft.lines[0]!.amount), '10.00');
  });

  test('lines stand in the order item, discount, gift wrap, shipping, shipping discount', () => {
    const lines = [
      anOrderLine({
        discount: '-2.00',
        giftWrap: '3.50',
        giftWrapLevel: 'Fancy',
        shipping: '4.99',
        shippingDiscount: '-4.99',
        promotionIds: ['SAVE2'],
      }),
    ];
    const { draft, arithmetic } = orderToDocument(anOrder({ lines }), aContext());
    assert.deepEqual(
      draft.lines.map((line) => line.role),
      ['item', 'discount', 'gift-wrap', 'shipping', 'shipping-discount'],
    );
    assert.equal(draft.lines[1]!.description, 'SAVE2');
    assert.deepEqual([arithmetic.sum, arithmetic.difference], ['21.49', '0.00']);
  });

  test('tax that the marketplace remits stays off the document and is remembered beside it', () => {
    const { draft, arithmetic } = orderToDocument(
      anOrder({ lines: [anOrderLine({ tax: '1.65' })] }),
      aContext(),
    );
    assert.equal(draft.lines.length, 1);
    assert.equal(draft.custom['taxTotal'], '1.65');
    assert.deepEqual(
      [arithmetic.marketplaceTotal, arithmetic.marketplaceTax, arithmetic.sum],
      ['21.64', '1.65', '19.99'],
    );
  });

  test('tax that the seller owes becomes a line', () => {
    const { draft } = orderToDocument(
      anOrder({ lines: [anOrderLine({ tax: '1.65', taxRemittedByMarketplace: false })] }),
      aContext(),
    );
    assert.deepEqual(
      draft.lines.map((line) => [line.role, formatMoney(line.amount)]),
      [
        ['item', '19.99'],
        ['tax', '1.65'],
      ],
    );
  });

  test('tax mode B books all tax as a line, mode C overrides SuiteTax with the marketplace’s amount', () => {
    const lines = [anOrderLine({ tax: '1.65' })];
    assert.deepEqual(
      orderToDocument(anOrder({ lines }), aContext({ market: { taxMode: 'tax-line' } })).draft.lines.map(
        (line) => line.role,
      ),
      ['item', 'tax'],
    );
    const owed = [anOrderLine({ tax: '1.65', taxRemittedByMarketplace: false })];
    const { draft } = orderToDocument(
      anOrder({ lines: owed }),
      aContext({ suiteTax: true, market: { taxMode: 'suitetax-override', taxCodeId: '9', taxTypeId: '3' } }),
    );
    assert.equal(formatMoney(draft.taxOverride![0]!.amount), '1.65');
    assert.equal(
      codeOf(() =>
        orderToDocument(anOrder({ lines: owed }), aContext({ market: { taxMode: 'suitetax-override' } })),
      ),
      'TAX_SETUP_INCOMPLETE',
    );
  });

  test('VAT inside the price is booked gross', () => {
    const order = anOrder({
      currency: 'GBP',
      marketplace: { id: 'A1F83G8C2ARO7P', name: 'Amazon.co.uk' },
      lines: [anOrderLine({ price: '24.00', taxIncluded: true }, 'GBP')],
    });
    assert.equal(orderToDocument(order, aContext()).arithmetic.sum, '24.00');
  });

  test('yen have no minor unit', () => {
    const order = anOrder({ currency: 'JPY', lines: [anOrderLine({ price: '13960', quantity: 2 }, 'JPY')] });
    const { draft } = orderToDocument(order, aContext());
    assert.deepEqual(
      [draft.currency, formatMoney(draft.lines[0]!.amount), draft.lines[0]!.rate],
      ['JPY', '13960', '6980'],
    );
  });

  test('an alias sells its multiple of another item', () => {
    const lookups = new Map([['item-alias', new Map([['MUG-6', { value: 'MUG-BLUE', multiplier: 6 }]])]]);
    const { draft, origins } = orderToDocument(
      anOrder({ lines: [anOrderLine({ sku: 'MUG-6', quantity: 2, price: '80.00' })] }),
      aContext({ lookups }),
    );
    assert.deepEqual(
      [draft.lines[0]!.itemId, draft.lines[0]!.quantity, formatMoney(draft.lines[0]!.amount)],
      ['1', 12, '80.00'],
    );
    assert.equal(origins['lines[0].itemId']!.place, 'lookup:item-alias/MUG-6');
  });

  test('an unknown SKU, an inactive item and a matrix parent are parked with their own code', () => {
    const selling = (sku: string) => anOrder({ lines: [anOrderLine({ sku })] });
    const items = [item('2', 'OLD', { inactive: true }), item('3', 'SHIRT', { matrixParent: true })];
    assert.equal(
      codeOf(() => orderToDocument(selling('NOWHERE'), aContext())),
      'ITEM_UNKNOWN',
    );
    assert.equal(
      codeOf(() => orderToDocument(selling('OLD'), aContext({ items }))),
      'ITEM_INACTIVE',
    );
    assert.equal(
      codeOf(() => orderToDocument(selling('SHIRT'), aContext({ items }))),
      'ITEM_IS_MATRIX_PARENT',
    );
  });

  test('a total that the lines do not make is parked with the arithmetic', () => {
    assert.equal(
      codeOf(() => orderToDocument(anOrder({ total: parseMoney('20.00', 'USD') }), aContext())),
      'TOTALS_DIFFER',
    );
    assert.equal(
      codeOf(() => orderToDocument(anOrder({ lines: [anOrderLine({ total: '18.00' })] }), aContext())),
      'LINE_TOTALS_DIFFER',
    );
  });

  const shipped = {
    fulfilledBy: 'marketplace',
    status: 'shipped',
    packages: [{ reference: '1', shippedAt: new Date('2026-11-22T03:00:00Z'), lines: [] }],
  } as const;

  test('an order the marketplace ships is dated by its shipment and leaves from its location', () => {
    const { draft } = orderToDocument(anOrder(shipped), aContext());
    assert.deepEqual([draft.kind, draft.date, draft.locationId], ['cash-sale', '2026-11-21', '12']);
  });

  test('lots of what the marketplace ships are chosen first to expire, then first in', () => {
    const items = [item('5', 'TEA', { lotTracked: true })];
    const lot = (numberId: string, quantity: number, expiresOn?: string) => ({
      itemId: '5',
      locationId: '12',
      numberId,
      name: `L${numberId}`,
      quantity,
      ...(expiresOn ? { expiresOn } : {}),
    });
    const order = anOrder({ ...shipped, lines: [anOrderLine({ sku: 'TEA', quantity: 4 })] });
    const stock = [lot('3', 9), lot('2', 1), lot('7', 2, '2027-01-31')];
    const { draft, remarks } = orderToDocument(order, aContext({ items, numbers: numberPool(stock) }));
    assert.deepEqual(
      draft.lines[0]!.numbers?.map((one) => [one.name, one.quantity]),
      [
        ['L7', 2],
        ['L2', 1],
        ['L3', 1],
      ],
    );
    assert.match(remarks[0]!, /first to expire first/);
    assert.equal(
      codeOf(() => orderToDocument(order, aContext({ items, numbers: numberPool([lot('3', 3)]) }))),
      'NUMBERS_SHORT',
    );
    const asOrder = orderToDocument(order, aContext({ items, settings: { numbers: 'sales-order' } }));
    assert.deepEqual([asOrder.draft.kind, asOrder.remarks.length], ['sales-order', 1]);
  });

  test('a kit with a tracked member becomes a sales order and says why', () => {
    const items = [item('6', 'SET', { kind: 'kit', trackedMembers: ['TEA'] })];
    const order = anOrder({ ...shipped, lines: [anOrderLine({ sku: 'SET' })] });
    const { draft, remarks } = orderToDocument(order, aContext({ items }));
    assert.equal(draft.kind, 'sales-order');
    assert.match(remarks.join(), /the kit SET holds TEA/);
  });

  test('a line cancelled before the order was imported is left out, with its charges', () => {
    const lines = [
      anOrderLine(),
      anOrderLine({ id: '2', price: '0.00', quantity: 1, cancelled: { by: 'BUYER' } }),
    ];
    assert.deepEqual(
      orderToDocument(anOrder({ lines }), aContext()).draft.lines.map((line) => line.key),
      ['10000000000001'],
    );
  });

  test('the facts of business and replacement orders stand on the document', () => {
    const order = anOrder({ purchaseOrderNumber: 'PO-7', vatNumber: 'DE123', replaces: '113-0-1' });
    const { draft } = orderToDocument(order, aContext());
    assert.deepEqual(
      [draft.custom['purchaseOrder'], draft.custom['vatNumber'], draft.custom['replaces'], draft.reference],
      ['PO-7', 'DE123', '113-0-1', order.id],
    );
    const byBuyer = orderToDocument(order, aContext({ settings: { reference: 'purchase-order' } }));
    assert.equal(byBuyer.draft.reference, 'PO-7');
  });

  test('a report does not say who remits: the setting decides', () => {
    const order = anOrder({
      source: 'report',
      lines: [anOrderLine({ tax: '1.65', taxRemittedByMarketplace: false })],
    });
    const roles = (market: object) =>
      orderToDocument(order, aContext({ market })).draft.lines.map((line) => line.role);
    assert.deepEqual(roles({}), ['item']);
    assert.deepEqual(roles({ reportTax: 'owed' }), ['item', 'tax']);
  });

  test('a sales order is dated in the company’s time zone', () => {
    assert.equal(
      orderToDocument(anOrder({ placedAt: new Date('2026-11-20T06:30:00Z') }), aContext()).draft.date,
      '2026-11-19',
    );
  });

  test('an override wins and says who made it', () => {
    const overrides = [
      {
        id: '1',
        field: 'locationId',
        kind: 'expression',
        value: "order.shipTo.state == 'TX' ? '99' : '6'",
        by: 'ada',
        at: new Date('2026-05-03T00:00:00Z'),
      } as const,
    ];
    const { draft, origins } = orderToDocument(anOrder(), aContext({ overrides }));
    assert.equal(draft.locationId, '99');
    assert.match(origins['locationId']!.words, /ada on 2026-05-03/);
  });

  test('any order whose lines make its total keeps every cent', () => {
    const cents = fc
      .integer({ min: 0, max: 99_999 })
      .map((minor) => `${Math.floor(minor / 100)}.${String(minor % 100).padStart(2, '0')}`);
    const line = fc.record({
      price: cents,
      discount: cents.map((text) => `-${text}`),
      shipping: cents,
      giftWrap: cents,
      tax: cents,
      quantity: fc.integer({ min: 1, max: 40 }),
      taxRemittedByMarketplace: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 6 }), (wishes) => {
        const lines = wishes.map((wish, index) => anOrderLine({ ...wish, id: String(index) }));
        const { draft, arithmetic } = orderToDocument(anOrder({ lines }), aContext());
        const sum = draft.lines.reduce((minor, one) => minor + one.amount.minor, 0n);
        const remitted = lines.reduce(
          (minor, one) => minor + (one.taxRemittedByMarketplace ? one.tax.minor : 0n),
          0n,
        );
        assert.equal(arithmetic.difference, '0.00');
        assert.equal(
          sum + remitted,
          lines.reduce((minor, one) => minor + one.total!.minor, 0n),
        );
      }),
      { numRuns: 300 },
    );
  });
});
