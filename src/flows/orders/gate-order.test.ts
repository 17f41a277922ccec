import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { anOrder } from '../../core/order.builder.ts';
import type { Order, OrderStatus } from '../../core/order.ts';
import { chooseCustomer } from './choose-customer.ts';
import { gateOrder } from './gate-order.ts';
import { ordersSettings } from './settings.ts';

const settings = (wishes: object = {}, market: object = {}) =>
  ordersSettings.parse({
    goLiveAt: '2026-01-01T00:00:00Z',
    items: { discount: 'D', shipping: 'S', shippingDiscount: 'SD', giftWrap: 'W', otherCharge: 'O' },
    marketplaces: { ATVPDKIKX0DER: { code: 'US', ...market } },
    ...wishes,
  });

describe('which orders pass', () => {
  const passes = (wishes: Partial<Order>, more: object = {}) =>
    gateOrder(anOrder(wishes), settings(more), false).kind === 'go';

  test('the merchant’s once they can be shipped, the marketplace’s once they are', () => {
    const rule: Record<OrderStatus, readonly [merchant: boolean, marketplace: boolean]> = {
      'pending-availability': [false, false],
      pending: [false, false],
      unshipped: [true, false],
      'partially-shipped': [true, false],
      shipped: [true, true],
      cancelled: [false, false],
      unfulfillable: [false, false],
    };
    for (const [status, [merchant, marketplace]] of Object.entries(rule)) {
      assert.equal(passes({ status: status as OrderStatus }), merchant, `merchant ${status}`);
      assert.equal(
        passes({ status: status as OrderStatus, fulfilledBy: 'marketplace' }),
        marketplace,
        `marketplace ${status}`,
      );
    }
  });

  test('none from before go-live, of another channel, or of a marketplace that is switched off', () => {
    assert.equal(passes({ placedAt: new Date('2025-12-31T23:59:59Z') }), false);
    assert.equal(passes({ soldElsewhere: true }), false);
    assert.equal(passes({ marketplace: { id: 'A1F83G8C2ARO7P', name: 'Amazon.co.uk' } }), false);
  });

  test('replacements and orders first seen shipped as the owner says; one that was imported always', () => {
    assert.equal(passes({ replaces: '1' }), true);
    assert.equal(passes({ replaces: '1' }, { replacements: 'skip' }), false);
    assert.equal(passes({ status: 'shipped' }, { importShippedMerchant: false }), false);
    assert.equal(gateOrder(anOrder({ status: 'cancelled' }), settings(), true).kind, 'go');
  });
});

describe('whose customer carries an order', () => {
  const chosen = (order: Order, wishes: object = {}, market: object = {}) => {
    const asked: { externalId: string; name: string; vatNumber?: string; matchExisting?: boolean }[] = [];
    const choice = chooseCustomer(
      {
        id: `flow-${Math.random()}`,
        settings: settings(wishes, market),
        channelConnectionId: 'amazon-us',
        erp: {
          documents: {
            ensureCustomer: async (customer: (typeof asked)[number]) => {
              asked.push(customer);
              return String(asked.length);
            },
          },
        } as never,
      },
      order,
    );
    return { choice, asked };
  };

  test('one per account and marketplace, the chosen one where there is one', async () => {
    const { choice, asked } = chosen(anOrder());
    assert.deepEqual([await choice.ensure(), await choice.ensure(), asked.length], ['1', '1', 1]);
    assert.equal(asked[0]!.externalId, 'XD-AMAZON-amazon-us-US');
    assert.equal(await chosen(anOrder(), {}, { customerId: '7' }).choice.ensure(), '7');
  });

  test('per buyer by the buyer’s alias; without it the marketplace’s', async () => {
    const perBuyer = { customers: 'per-buyer' };
    const one = chosen(anOrder({ buyer: { name: 'Ada Test', email: 'A@x' } }), perBuyer, { customerId: '7' });
    await one.choice.ensure();
    assert.match(one.asked[0]!.externalId, /^XD-AMAZON-B-[0-9a-f]{24}$/);
    assert.equal(one.asked[0]!.matchExisting, true);
    assert.ok(!JSON.stringify(one.choice.key).includes('A@x'), 'no buyer data in keys');
    assert.equal(await chosen(anOrder(), perBuyer, { customerId: '7' }).choice.ensure(), '7');
  });

  test('a business buyer by VAT number, shared over marketplaces', async () => {
    const order = anOrder({ business: true, company: 'Example Works', vatNumber: 'GB123456789' });
    const { choice, asked } = chosen(order, { businessCustomers: 'by-vat-number' }, { customerId: '7' });
    await choice.ensure();
    assert.deepEqual([asked[0]!.name, asked[0]!.vatNumber], ['Example Works', 'GB123456789']);
    assert.equal(await chosen(order, {}, { customerId: '7' }).choice.ensure(), '7');
  });

  test('a dry run says which customer would be made and makes none', () => {
    const { choice, asked } = chosen(anOrder());
    assert.match(choice.preview, /to be made: XD-AMAZON-amazon-us-US/);
    assert.equal(asked.length, 0);
  });
});
