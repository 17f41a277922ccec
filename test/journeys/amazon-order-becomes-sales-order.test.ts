// One order's whole way, the six stations of ARCHITECTURE.md: received, understood, decided, mapped, sent, confirmed; then
// shipped, told, billed.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type Journey, startJourney } from './world.ts';

describe('a merchant order', () => {
  let world: Journey;
  before(async () => {
    world = await startJourney();
  });
  after(() => world.close());

  test('becomes one sales order, its shipment is told and proved, and it is billed on the day it shipped', async () => {
    const id = '113-1000001-0000001';
    world.place({ id, items: [{ sku: 'CD-1001', quantity: 2, price: 4000, tax: 330 }] });
    const record = await world.until('the order is written', async () => {
      const one = await world.record(id);
      return one?.state === 'done' && one;
    });
    const order = await world.document(record.remote_id!);
    assert.deepEqual([order.type, order.status, order.foreigntotal], ['SalesOrd', 'B', '40.00']);
    await world.post('/_sim/fulfil', {
      orderId: record.remote_id,
      packages: [{ trackingNumber: '1Z0000000000000001' }],
    });
    const shown = await world.until('Amazon shows the parcel', async () => {
      const [parcel] = (world.amazonOrder(id)['packages'] ?? []) as { trackingNumber: string }[];
      return parcel;
    });
    assert.equal(shown.trackingNumber, '1Z0000000000000001');
    await world.until('the shipment is proved', async () => {
      const one = await world.record(`${id}/`, 'shipments.export');
      return one?.state === 'done' && one;
    });
    await world.run('auto-bill');
    const documents = await world.until('the order is billed', async () => {
      const all = await world.documentsOf(id);
      return all.some((one) => one.type === 'CustInvc') && all;
    });
    const invoice = documents.find((one) => one.type === 'CustInvc')!;
    assert.deepEqual(
      [invoice.foreigntotal, invoice.externalid],
      ['40.00', `XD-BILL-${id}-${record.remote_id}`],
    );
    assert.equal(documents.filter((one) => one.type === 'CustInvc').length, 1);
    assert.equal((await world.document(record.remote_id!)).status, 'G');
  });

  test('a total that the ERP changes by itself is told', async () => {
    const id = '113-1000001-0000002';
    world.place({ id, items: [{ sku: 'CD-1002', price: 1999 }] });
    const record = await world.until('the order is written', async () => {
      const one = await world.record(id);
      return one?.state === 'done' && one;
    });
    const { account } = world.netsuite.world;
    account.db.exec(`UPDATE ns_transaction SET foreigntotal = 20.01 WHERE id = ${record.remote_id}`);
    await world.run('totals-in-erp');
    const problem = await world.until('the difference is told', async () => {
      const [one] = await world.problems('ERP_TOTAL_DIFFERS');
      return one;
    });
    assert.match(problem.message, /20\.01 USD.*19\.99/);
  });
});
