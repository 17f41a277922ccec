import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { RecordError } from '../../core/errors.ts';
import { anOrder, anOrderLine } from '../../core/order.builder.ts';
import type { Fulfilment } from '../../core/shipment.ts';
import { carrierOf } from './carrier.ts';
import { parcelsOf } from './fulfilment-to-shipments.ts';
import { contentOf } from './tell-parcels.ts';

const order = anOrder({
  lines: [
    anOrderLine({ id: 'a', sku: 'MUG', quantity: 3 }),
    anOrderLine({ id: 'b', sku: 'SIX-PACK', quantity: 2 }),
  ],
});
const fulfilment = (wishes: Partial<Fulfilment> = {}): Fulfilment => ({
  id: '77',
  number: 'IF77',
  orderRemoteId: '5',
  channelOrderId: order.id,
  shippedOn: new Date('2026-11-21T12:00:00Z'),
  modifiedAt: new Date('2026-11-21T15:00:00Z'),
  lines: [
    { channelLineId: 'a', itemId: '1', itemName: 'MUG', quantity: 3 },
    { channelLineId: 'b', itemId: '2', itemName: 'GLASS', quantity: 12 },
    { channelLineId: 'a:discount', itemId: '9', quantity: 1 },
  ],
  packages: [{ trackingNumber: '1Z1' }, { trackingNumber: '1Z2' }],
  ...wishes,
});
const units = { b: 6 };
const packages = (...descriptions: string[]) =>
  descriptions.map((description, index) => ({ trackingNumber: `1Z${index}`, description }));
const held = (of: Fulfilment) =>
  parcelsOf(of, order, units).parcels.map((parcel) =>
    Object.fromEntries(parcel.lines.map((line) => [line.lineId, line.quantity])),
  );

describe('parcels', () => {
  test('what packers wrote on each is what is told, by SKU or by item in stock units', () => {
    const written = fulfilment({ packages: packages('MUG x 2, SIX-PACK', '1x MUG; GLASS x 6') });
    assert.deepEqual(held(written), [
      { a: 2, b: 1 },
      { a: 1, b: 1 },
    ]);
    assert.equal(parcelsOf(written, order, units).assumed, false);
  });

  test('words that do not make what was shipped are not believed', () => {
    for (const descriptions of [
      ['MUG x 2', 'MUG x 2'],
      ['UPS Ground', 'UPS Ground'],
      ['MUG x 3', 'GLASS x 11'],
    ]) {
      const { parcels, assumed } = parcelsOf(
        fulfilment({ packages: packages(...descriptions) }),
        order,
        units,
      );
      assert.deepEqual([assumed, parcels.length], [true, 2]);
    }
  });

  test('however many packages, each line is told exactly once and each package holds something', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9 }), (count) => {
        const { parcels } = parcelsOf(
          fulfilment({ packages: Array.from({ length: count }, (_, n) => ({ trackingNumber: `T${n}` })) }),
          order,
          units,
        );
        const sum = (id: string) =>
          parcels
            .flatMap((parcel) => parcel.lines)
            .reduce((n, line) => n + (line.lineId === id ? line.quantity : 0), 0);
        assert.deepEqual([sum('a'), sum('b')], [3, 2]);
        assert.ok(parcels.every((parcel) => parcel.lines.length > 0));
      }),
    );
  });

  test('half a pack, an unknown line and a fulfilment without ids are refused with their reason', () => {
    const code = (wishes: Partial<Fulfilment>) => {
      try {
        parcelsOf(fulfilment(wishes), order, units);
      } catch (error) {
        return (error as RecordError).code;
      }
      return 'none';
    };
    assert.equal(
      code({ lines: [{ channelLineId: 'b', itemId: '2', quantity: 5 }] }),
      'SHIPMENT_PARTIAL_PACK',
    );
    assert.equal(
      code({ lines: [{ channelLineId: 'z', itemId: '2', quantity: 1 }] }),
      'SHIPMENT_LINE_UNKNOWN',
    );
    assert.equal(code({ lines: [{ itemId: '2', quantity: 1 }] }), 'SHIPMENT_LINES_UNKNOWN');
  });

  test('lines of an order that another tool wrote are known by their item, when only one can be meant', () => {
    const foreign = fulfilment({
      lines: [
        { itemId: '1', itemName: 'MUG', quantity: 3 },
        { itemId: '2', itemName: 'GLASS', quantity: 6 },
      ],
      packages: [{ trackingNumber: '1Z1' }],
    });
    const { parcels } = parcelsOf(foreign, order, units, { a: 'MUG', b: 'GLASS' });
    assert.deepEqual(parcels[0]!.lines, [
      { lineId: 'a', quantity: 3 },
      { lineId: 'b', quantity: 1 },
    ]);
    const twins = anOrder({
      lines: [anOrderLine({ id: 'a', sku: 'MUG' }), anOrderLine({ id: 'c', sku: 'MUG' })],
    });
    assert.throws(() => parcelsOf(foreign, twins, {}), /carries an order-item id/);
  });

  test('the same parcel is the same content whatever moment it is sent at', () => {
    const shipment = {
      channelOrderId: order.id,
      marketplaceId: 'ATVPDKIKX0DER',
      packageReference: '1',
      carrierCode: 'UPS',
      trackingNumber: '1Z1',
      shippedAt: new Date('2026-11-21T12:00:00Z'),
      lines: [{ lineId: 'a', quantity: 1 }],
    };
    const { shippedOn } = fulfilment();
    const content = contentOf(shipment, shippedOn);
    assert.equal(contentOf({ ...shipment, shippedAt: new Date('2026-11-21T09:59:00Z') }, shippedOn), content);
    assert.notEqual(contentOf({ ...shipment, trackingNumber: '1Z2' }, shippedOn), content);
    assert.notEqual(contentOf(shipment, new Date('2026-11-22T12:00:00Z')), content);
  });
});

describe('carriers', () => {
  const lookups = new Map([['carrier', new Map([['Forklift', { value: 'UPS|Ground', multiplier: 1 }]])]]);
  test('the owner’s row first, then a name that says it, then Other or a stop', () => {
    const of = (name: string, unmapped: 'other' | 'park' = 'other') =>
      carrierOf({ id: '1', name }, lookups, unmapped);
    assert.deepEqual([of('Forklift').code, of('Forklift').method], ['UPS', 'Ground']);
    assert.equal(of('FedEx 2Day').code, 'FedEx');
    assert.deepEqual(
      [of('Our van').code, of('Our van').name, of('Our van').isOther],
      ['Other', 'Our van', true],
    );
    assert.throws(() => of('Our van', 'park'), /has no carrier/);
  });
});
