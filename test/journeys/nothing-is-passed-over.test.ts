// What the search missed, could not page through or did not know is found all the same: counts, restarts, adoption.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { sql } from '../../src/db/pool.ts';
import { amazonOrder, type Journey, startJourney } from './world.ts';

describe('nothing is passed over', () => {
  let world: Journey;
  before(async () => {
    world = await startJourney({ amazon: { notifications: undefined } });
  });
  after(() => world.close());
  const count = async () =>
    Number(
      (
        await sql<{
          n: string;
        }>`SELECT count(*) AS n FROM sync_records WHERE flow_id LIKE '%orders.import'`.execute(world.app.db)
      ).rows[0]!.n,
    );

  test('a page token that Amazon refuses begins the search again, and every order comes', async () => {
    world.amazon.faults.setPlan({ rates: { 'page-expired': 0.5 } });
    world.amazon.world.generate({ count: 350, spreadHours: 20 });
    await world.until('all are stored', async () => (await count()) >= 350);
    world.amazon.faults.setPlan({});
  });

  test('an order that changed unseen behind the sweep is found by the nightly count', async () => {
    const id = '113-5000001-0000001';
    const hour = 3_600_000;
    const order = amazonOrder({ id, items: [{ sku: 'CD-1001', price: 1000 }] }, world.now() - 3 * hour);
    world.amazon.world.save(order as never);
    await world.run('sweep');
    await world.run('reconcile');
    const record = await world.until('it is written', async () => {
      const one = await world.record(id);
      return one?.state === 'done' && one;
    });
    assert.equal(record.remote_kind, 'sales-order');
    const { rows } = await sql<{
      counts: { missing?: number };
    }>`SELECT counts FROM runs WHERE task = 'reconcile' AND counts ? 'missing'`.execute(world.app.db);
    assert.ok((rows[0]?.counts.missing ?? 0) >= 1);
  });

  test('an order that another tool wrote is adopted, and its shipment is told by its items', async () => {
    const id = '113-5000001-0000002';
    const { account } = world.netsuite.world;
    const { createTransaction } = await import('../../sim/netsuite/records/create.ts');
    const ref = (kind: string, name: string) => ({ id: String(account.masters.byName(kind, name)!.id) });
    const foreign = account.change(() =>
      createTransaction(
        account,
        'salesOrder',
        {
          externalId: 'OTHER-TOOL-77',
          entity: ref('customer', 'Amazon.com Marketplace'),
          subsidiary: ref('subsidiary', 'Crossdock Trading Inc.'),
          location: ref('location', 'Main Warehouse'),
          currency: { id: '1' },
          otherRefNum: id,
          orderStatus: { id: 'B' },
          custbody_mkt_channel: 'amazon',
          custbody_mkt_order_id: id,
          item: {
            items: [{ item: ref('item', 'CD-1001'), quantity: 2, rate: 10, amount: 20, price: { id: '-1' } }],
          },
        },
        world.netsuite.world.roles.get('integration')!,
      ),
    );
    const order = amazonOrder(
      { id, items: [{ id: '77', sku: 'CD-1001', quantity: 2, price: 2000 }] },
      world.now() - 200_000,
    );
    world.amazon.world.save(order as never);
    await world.run('sweep');
    const record = await world.until('it is adopted', async () => {
      const one = await world.record(id);
      return one?.state === 'done' && one;
    });
    assert.equal(record.remote_id, String(foreign.id));
    assert.match(record.reason!, /adopted, not doubled/);
    await world.post('/_sim/fulfil', {
      orderId: record.remote_id,
      packages: [{ trackingNumber: '1ZOTHER' }],
    });
    await world.until('Amazon shows the parcel', async () => {
      const [parcel] = (world.amazonOrder(id)['packages'] ?? []) as { packageItems: unknown }[];
      return (
        parcel && JSON.stringify(parcel.packageItems) === JSON.stringify([{ orderItemId: '77', quantity: 2 }])
      );
    });
  });
});
