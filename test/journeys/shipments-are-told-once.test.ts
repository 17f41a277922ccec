// What leaves the warehouse reaches Amazon: several parcels with their contents, edited tracking, nothing twice.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type Journey, startJourney } from './world.ts';

type Parcel = {
  packageReferenceId: string;
  trackingNumber: string;
  carrier: string;
  packageItems: { orderItemId: string; quantity: number }[];
};

describe('shipments', () => {
  let world: Journey;
  before(async () => {
    world = await startJourney();
  });
  after(() => world.close());
  const written = (id: string) =>
    world.until(`${id} is written`, async () => {
      const one = await world.record(id);
      return one?.state === 'done' && one;
    });
  const proved = (id: string) =>
    world.until(`${id} is proved`, async () => {
      const one = await world.record(`${id}/`, 'shipments.export');
      return one?.state === 'done' && one;
    });
  const parcelsOf = (id: string) => (world.amazonOrder(id)['packages'] ?? []) as Parcel[];
  const sent = (id: string) =>
    world.amazon.world.all('SELECT reference FROM confirmations WHERE id = ?', id).length;

  test('two parcels are told with what each holds; an edited number is sent again, an edited memo is not', async () => {
    const id = '113-4000001-0000001';
    world.place({
      id,
      items: [
        { id: '901', sku: 'CD-1001', quantity: 3, price: 3000 },
        { id: '902', sku: 'CD-1002', price: 500 },
      ],
    });
    const { remote_id } = await written(id);
    await world.post('/_sim/fulfil', {
      orderId: remote_id,
      packages: [
        { trackingNumber: '1ZAAA', description: 'CD-1001 x 1, CD-1002' },
        { trackingNumber: '1ZBBB', description: 'CD-1001 x 2' },
      ],
    });
    await proved(id);
    assert.deepEqual(
      parcelsOf(id).map((parcel) => [parcel.trackingNumber, parcel.packageItems]),
      [
        [
          '1ZAAA',
          [
            { orderItemId: '901', quantity: 1 },
            { orderItemId: '902', quantity: 1 },
          ],
        ],
        ['1ZBBB', [{ orderItemId: '901', quantity: 2 }]],
      ],
    );
    const { items } = await world.get<{ items: { id: number; type: string }[] }>(
      '/_sim/transactions?limit=2000&after=0&type=ItemShip',
    );
    const shipment = items.find((one) => one.type === 'ItemShip')!;
    await world.post(`/_sim/fulfilments/${shipment.id}/tracking`, { trackingNumbers: ['1ZAAA', '1ZCCC'] });
    await world.until(
      'Amazon shows the edited number',
      async () => parcelsOf(id)[1]?.trackingNumber === '1ZCCC',
    );
    await proved(id);
    const before = sent(id);
    const { account } = world.netsuite.world;
    const row = account.transactions.load(shipment.id)!;
    row.body['memo'] = 'Left at the gate';
    row.modifiedMs = account.now();
    account.change(() => account.transactions.update(row));
    const seen = await world.until('the edit was read', async () => {
      const one = await world.record(`${id}/`, 'shipments.export');
      return one?.state === 'done' && one;
    });
    await new Promise((resolve) => setTimeout(resolve, 2_500));
    assert.equal(sent(id), before, seen.reason ?? '');
  });

  test('a ship method nobody knows goes out as Other, with a warning that names it', async () => {
    const id = '113-4000001-0000002';
    world.place({ id, items: [{ sku: 'CD-1003', price: 900 }] });
    const { remote_id } = await written(id);
    const { account } = world.netsuite.world;
    const method = account.masters.byName('shipitem', 'UPS Ground')!;
    account.change(() =>
      account.masters.save({ ...method, body: { ...method.body, itemId: 'Our own van' } }),
    );
    await world.post('/_sim/fulfil', { orderId: remote_id, packages: [{ trackingNumber: 'VAN-1' }] });
    const record = await proved(id);
    assert.ok(record.labels.includes('carrier-other'));
    assert.equal(parcelsOf(id)[0]!.carrier, 'Our own van');
    const [problem] = await world.problems('CARRIER_OTHER');
    assert.match(problem!.message, /Our own van/);
    account.change(() => account.masters.save(method));
  });

  test('orders that must ship soon are one warning, which closes when they have left', async () => {
    const id = '113-4000001-0000003';
    world.place({
      id,
      items: [{ sku: 'CD-1004', price: 900 }],
      more: {
        fulfillment: {
          fulfillmentStatus: 'UNSHIPPED',
          fulfilledBy: 'MERCHANT',
          fulfillmentServiceLevel: 'STANDARD',
          shipByWindow: { latestDateTime: new Date(world.now() + 5 * 3_600_000).toISOString() },
        },
      },
    });
    const { remote_id } = await written(id);
    await world.run('late-risk', 'shipments.export');
    const problem = await world.until(
      'it is warned of',
      async () => (await world.problems('LATE_SHIPMENT_RISK'))[0],
    );
    assert.match(problem.message, new RegExp(`1 order.*${id}`));
    await world.post('/_sim/fulfil', { orderId: remote_id, packages: [{ trackingNumber: '1ZLATE' }] });
    await proved(id);
    await world.run('late-risk', 'shipments.export');
    await world.until(
      'the warning closes',
      async () => (await world.problems('LATE_SHIPMENT_RISK'))[0]?.state === 'resolved',
    );
  });
});
