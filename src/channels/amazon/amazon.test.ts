import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { makeRandom } from '../../../sim/random.ts';
import { makeShop } from '../../../sim/shop.ts';
import { type MadeOrder, makeOrder, type OrderKind, usualMix } from '../../../sim/sp-api/generate.ts';
import { formatMoney } from '../../core/money.ts';
import { fromFile } from './file-import.ts';
import { toHint } from './notifications.ts';
import { joinPersonal, splitPersonal } from './personal.ts';
import { planConfirmation } from './shipments.ts';
import { toOrder } from './to-order.ts';

const samples =
  process.env['CROSSDOCK_SAMPLES'] ?? fileURLToPath(new URL('../../../../shared/samples', import.meta.url));
const skip = existsSync(samples) ? false : `Amazon's samples are not at ${samples}; set CROSSDOCK_SAMPLES.`;
const shop = makeShop(3);
const random = makeRandom('amazon.test');
// As they come over the wire: without what JSON leaves out.
const made = (Object.keys(usualMix) as OrderKind[]).flatMap((kind) =>
  Array.from(
    { length: 20 },
    (): MadeOrder =>
      JSON.parse(
        JSON.stringify(
          makeOrder(shop, random, { placedMs: 1_700_000_000_000, updatedMs: 1_700_000_600_000, kind }),
        ),
      ),
  ),
);

describe('Amazon', () => {
  test('every generated order keeps its cents', () => {
    for (const { document, kind } of made) {
      const order = toOrder(document);
      if (kind === 'pending' || kind === 'fba-pending') continue;
      const sum = order.lines.reduce((minor, line) => minor + (line.total?.minor ?? 0n), 0n);
      assert.equal(sum, order.total?.minor, order.id);
      for (const line of order.lines) {
        const parts = [
          line.price,
          line.discount,
          line.shipping,
          line.shippingDiscount,
          line.giftWrap,
          line.otherCharges,
          ...(line.taxIncluded ? [] : [line.tax]),
        ];
        assert.equal(
          parts.reduce((minor, part) => minor + part.minor, 0n),
          line.total?.minor,
          `${order.id} ${line.id}`,
        );
      }
    }
  });

  test('the buyer’s data is cut out whole and put back exactly', () => {
    for (const { document } of made) {
      const { kept, personal } = splitPersonal(document);
      const text = JSON.stringify(kept);
      const address = (document['recipient'] as { deliveryAddress: Record<string, string> }).deliveryAddress;
      for (const secret of [address['name'], address['addressLine1'], address['phone']])
        if (secret) assert.ok(!text.includes(secret), secret);
      assert.deepEqual(joinPersonal(kept, personal), JSON.parse(JSON.stringify(document)));
    }
  });

  test('kinds are told apart', () => {
    const first = (kind: OrderKind) => toOrder(made.find((one) => one.kind === kind)!.document);
    assert.equal(first('sfp').sellerFulfilledPrime, true);
    assert.equal(first('fba-shipped').fulfilledBy, 'marketplace');
    assert.equal(first('fba-shipped').sellerFulfilledPrime, false);
    assert.equal(first('non-amazon').soldElsewhere, true);
    assert.ok(first('replacement').replaces);
    assert.equal(first('cancelled').status, 'cancelled');
  });

  test('a discount given as a positive number is a discount all the same', () => {
    const document = structuredClone(
      made.find((one) => one.kind === 'mfn-unshipped')!.document,
    ) as unknown as { orderItems: { product: object; proceeds: object; quantityOrdered: number }[] };
    const money = (amount: string) => ({ amount, currencyCode: 'USD' });
    document.orderItems[0]!.proceeds = {
      proceedsTotal: money('8.00'),
      breakdowns: [
        { type: 'ITEM', subtotal: money('10.00') },
        { type: 'DISCOUNT', subtotal: money('2.00') },
      ],
    };
    assert.equal(formatMoney(toOrder(document).lines[0]!.discount), '-2.00');
  });

  test('a document without what is needed is parked naming the field', () => {
    assert.throws(
      () => toOrder({ orderId: '1', createdTime: 'x', lastUpdatedTime: 'x', salesChannel: {} }),
      /orderItems/,
    );
  });

  test('Amazon’s own sample documents are read with their totals', { skip }, () => {
    let read = 0;
    for (const file of globSync(`${samples}/amazon-orders/*.json`))
      for (const { raw } of fromFile(readFileSync(file, 'utf8'))) {
        const order = toOrder(raw);
        assert.equal(
          formatMoney(order.total!),
          (raw as { proceeds: { grandTotal: { amount: string } } }).proceeds.grandTotal.amount,
        );
        read++;
      }
    assert.equal(read, 6);
  });

  test('notices are hints in either casing, and an unknown one does no harm', () => {
    const notice = {
      NotificationType: 'ORDER_CHANGE',
      EventTime: '2026-11-20T10:00:00Z',
      Payload: { OrderChangeNotification: { AmazonOrderId: '113-1' } },
      NotificationMetadata: { NotificationId: 'n1' },
    };
    assert.equal(toHint('r', 'm', JSON.stringify(notice)).orderId, '113-1');
    assert.equal(
      toHint(
        'r',
        'm',
        JSON.stringify({
          detail: {
            notificationType: 'ORDER_CHANGE',
            payload: { orderChangeNotification: { amazonOrderId: '113-2' } },
          },
        }),
      ).orderId,
      '113-2',
    );
    assert.equal(toHint('r', 'm', 'no json').orderId, undefined);
  });

  test('what Amazon would refuse is refused before it is sent', () => {
    const shipment = {
      channelOrderId: '113-1',
      marketplaceId: 'ATVPDKIKX0DER',
      packageReference: '1',
      carrierCode: 'UPS',
      trackingNumber: '1Z',
      shippedAt: new Date(0),
      lines: [{ lineId: 'a', quantity: 1 }],
    };
    assert.equal(
      (planConfirmation(shipment).body as { packageDetail: { packageReferenceId: string } }).packageDetail
        .packageReferenceId,
      '1',
    );
    assert.throws(() => planConfirmation({ ...shipment, packageReference: '0' }), /positive/);
    assert.throws(() => planConfirmation({ ...shipment, carrierCode: 'Other' }), /name/);
    assert.throws(() => planConfirmation({ ...shipment, trackingNumber: '' }), /tracking/);
  });
});
