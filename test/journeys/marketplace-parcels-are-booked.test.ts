// Parcels that Amazon ships or labels itself: fulfilments in NetSuite with Amazon's date and tracking, lots chosen, once.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type Journey, startJourney } from './world.ts';

const parcel = (
  reference: string,
  tracking: string,
  items: readonly (readonly [string, number])[],
  at: number,
) => ({
  packageReferenceId: reference,
  trackingNumber: tracking,
  carrier: 'AMZN_US',
  shipTime: new Date(at).toISOString(),
  packageStatus: { status: 'IN_TRANSIT' },
  packageItems: items.map(([orderItemId, quantity]) => ({ orderItemId, quantity })),
});

describe('parcels of the marketplace', () => {
  let world: Journey;
  before(async () => {
    world = await startJourney({ orders: { marketplaceRecord: 'sales-order' } });
  });
  after(() => world.close());
  const written = (id: string) =>
    world.until(`${id} is written`, async () => {
      const one = await world.record(id);
      return one?.state === 'done' && one;
    });
  const fulfilmentsOf = async (orderId: string) => {
    const { items } = await world.get<{ items: { type: string; externalid: string | null; id: number }[] }>(
      '/_sim/transactions?limit=2000&after=0&type=ItemShip',
    );
    return items.filter((one) => one.type === 'ItemShip' && (one.externalid ?? '').includes(orderId));
  };

  test('two FBA parcels become two fulfilments, with a lot chosen, and the order is billed', async () => {
    const id = '113-2000001-0000001';
    const shippedAt = world.now() - 300_000;
    world.place({
      id,
      status: 'SHIPPED',
      by: 'AMAZON',
      items: [
        { id: '111', sku: 'CD-1003', quantity: 2, price: 2000 },
        { id: '222', sku: 'LOT-301', price: 900 },
      ],
      packages: [
        parcel('FBA-1', 'TBA1', [['111', 2]], shippedAt),
        parcel('FBA-2', 'TBA2', [['222', 1]], shippedAt),
      ],
    });
    const record = await written(id);
    assert.deepEqual(Object.keys(record.applied['fulfilments'] as object).sort(), ['FBA-1', 'FBA-2']);
    assert.equal((await fulfilmentsOf(id)).length, 2);
    // Pending billing, or billed already: the flow bills by itself while this test looks on.
    assert.match((await world.document(record.remote_id!)).status, /^[FG]$/);
    await world.run('auto-bill');
    await world.until('it is billed', async () =>
      (await world.documentsOf(id)).some((one) => one.type === 'CustInvc'),
    );
    const told = await world.record(`${id}/`, 'shipments.export');
    assert.ok(told === undefined || told.state !== 'done', 'nothing is told to Amazon of its own parcels');
    assert.equal(world.amazon.world.all('SELECT * FROM confirmations').length, 0);
  });

  test('tracking of a Seller Fulfilled Prime parcel is pulled back once Amazon shows it', async () => {
    const id = '113-2000001-0000002';
    world.place({ id, programs: ['PRIME'], items: [{ id: '333', sku: 'CD-1004', price: 1500 }] });
    const record = await written(id);
    assert.equal((await fulfilmentsOf(id)).length, 0);
    const order = world.amazonOrder(id);
    (order['fulfillment'] as { fulfillmentStatus: string }).fulfillmentStatus = 'SHIPPED';
    order['packages'] = [parcel('1', 'TBA9', [['333', 1]], world.now() - 30_000)];
    world.touch(order);
    const [made] = await world.until('it is booked', async () => {
      const all = await fulfilmentsOf(id);
      return all.length === 1 && all;
    });
    const shipment = await world.document(String(made!.id));
    assert.match(JSON.stringify(shipment), /TBA9/);
    // Pending billing, or billed already: the flow bills by itself while this test looks on.
    assert.match((await world.document(record.remote_id!)).status, /^[FG]$/);
    // Seen again, nothing is booked twice.
    world.touch(world.amazonOrder(id));
    await world.until('it is read again', async () =>
      /Nothing that concerns/.test((await world.record(id))?.reason ?? ''),
    );
    assert.equal((await fulfilmentsOf(id)).length, 1);
  });

  test('what NetSuite refuses to fulfil is a task beside the order, not a lost order', async () => {
    const id = '113-2000001-0000003';
    const { account } = world.netsuite.world;
    const item = account.masters.byName('item', 'LOT-302')!;
    account.db.exec(
      `UPDATE ns_inventorybalance SET quantityonhand = 0, quantityavailable = 0 WHERE item = ${item.id}`,
    );
    world.place({
      id,
      status: 'SHIPPED',
      by: 'AMAZON',
      items: [{ id: '444', sku: 'LOT-302', price: 700 }],
      packages: [parcel('FBA-9', 'TBA3', [['444', 1]], world.now() - 300_000)],
    });
    const record = await written(id);
    assert.equal(record.remote_kind, 'sales-order');
    const [problem] = await world.problems('SHIPMENT_NOT_BOOKED');
    assert.match(problem!.message, /FBA-9.*could not be booked/);
  });
});
