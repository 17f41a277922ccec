// An imported order changes at Amazon: cancelled whole or in part, moved, completed; and the other way round.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type Journey, startJourney } from './world.ts';

type Json = Record<string, unknown>;

describe('an order that changes after its import', () => {
  let world: Journey;
  before(async () => {
    world = await startJourney();
  });
  after(() => world.close());
  const settled = (id: string, reason: RegExp) =>
    world.until(`${id}: ${reason}`, async () => {
      const one = await world.record(id);
      return (
        one &&
        (one.state === 'done' || one.state === 'parked') &&
        reason.test(one.reason ?? one.problem?.message ?? '') &&
        one
      );
    });
  const bodyOf = async (remoteId: string | null) => {
    const { account } = world.netsuite.world;
    return account.transactions.load(Number(remoteId))!;
  };

  test('cancelled at Amazon: every line is closed and ticked, the order marked', async () => {
    const id = '113-3000001-0000001';
    world.place({
      id,
      items: [
        { sku: 'CD-1001', price: 1000 },
        { sku: 'CD-1002', price: 500 },
      ],
    });
    const { remote_id } = await settled(id, /Created/);
    world.amazon.world.cancel(world.amazonOrder(id) as never, 'BUYER');
    await settled(id, /every line was closed/);
    const order = await bodyOf(remote_id);
    assert.equal(order.status, 'H');
    assert.equal(order.body['custbody_mkt_cancelled'], true);
    assert.ok(order.lines.every((line) => line.closed && line.body['custcol_mkt_cancelled'] === true));
    const told = await world.record(id, 'cancellations.export');
    assert.notEqual(told?.state, 'pending');
  });

  test('one line cancelled: it is closed, the others and the total of what is left stand', async () => {
    const id = '113-3000001-0000002';
    world.place({
      id,
      items: [
        { id: '501', sku: 'CD-1001', price: 1000 },
        { id: '502', sku: 'CD-1002', price: 500, tax: 40, remitted: false },
      ],
    });
    const { remote_id } = await settled(id, /Created/);
    const order = world.amazonOrder(id);
    const [, second] = order.orderItems as [Json, Json];
    second['cancellation'] = { cancellationExecution: { cancelledBy: 'BUYER' } };
    second['quantityOrdered'] = 0;
    second['proceeds'] = undefined;
    (order['proceeds'] as Json)['grandTotal'] = { amount: '10.00', currencyCode: 'USD' };
    world.touch(order);
    await settled(id, /cancelled line\(s\) closed/);
    const document = await bodyOf(remote_id);
    assert.deepEqual(
      document.lines.map((line) => [line.body['custcol_mkt_line_id'], line.closed]),
      [
        ['501', false],
        ['502', true],
        ['502:tax', true],
      ],
    );
  });

  test('a changed quantity and address are carried over with every amount that hangs on them', async () => {
    const id = '113-3000001-0000003';
    world.place({
      id,
      items: [{ id: '601', sku: 'CD-1001', quantity: 3, price: 3000, tax: 240, remitted: false }],
    });
    const { remote_id } = await settled(id, /Created/);
    const order = world.amazonOrder(id);
    const [item] = order.orderItems as [Json];
    item['quantityOrdered'] = 2;
    item['proceeds'] = {
      proceedsTotal: { amount: '21.60', currencyCode: 'USD' },
      breakdowns: [
        { type: 'ITEM', subtotal: { amount: '20.00', currencyCode: 'USD' } },
        { type: 'TAX', subtotal: { amount: '1.60', currencyCode: 'USD' } },
      ],
    };
    (order['proceeds'] as Json)['grandTotal'] = { amount: '21.60', currencyCode: 'USD' };
    const recipient = order['recipient'] as { deliveryAddress: Json };
    recipient.deliveryAddress['addressLine1'] = '2 Other St';
    world.touch(order);
    await settled(id, /Address updated.*Lines updated/);
    const document = await bodyOf(remote_id);
    assert.equal((await world.document(remote_id!)).foreigntotal, '21.60');
    assert.equal((document.body['shippingAddress'] as Json)['addr1'], '2 Other St');
    assert.equal(document.lines[0]!.quantity, 2);
  });

  test('cancelled after it was shipped: parked with the words accountants know, and marked', async () => {
    const id = '113-3000001-0000004';
    world.place({ id, items: [{ sku: 'CD-1005', price: 1000 }] });
    const { remote_id } = await settled(id, /Created/);
    await world.post('/_sim/fulfil', { orderId: remote_id });
    world.amazon.world.cancel(world.amazonOrder(id) as never, 'BUYER');
    const record = await settled(id, /already been shipped/);
    assert.equal(
      record.problem!.message,
      `Order with Order Id# ${id} has already been shipped/billed with NetSuite Internal Id# ${remote_id}, while it has been canceled in Amazon.`,
    );
    assert.equal((await bodyOf(remote_id)).body['custbody_mkt_cancelled'], true);
  });

  test('an order known from a report gets its line ids, its address and the tax it turned out to owe', async () => {
    const id = '113-3000001-0000005';
    const { amazon } = world;
    world.place({
      id,
      items: [{ id: '801', sku: 'CD-1006', quantity: 2, price: 2000, tax: 165, remitted: false }],
    });
    await settled(id, /Created/);
    // As if it had come by report: the record knows no ids, the document has the report's.
    const { sql } = await import('../../src/db/pool.ts');
    const record = (await world.record(id))!;
    const { account } = world.netsuite.world;
    account.db.exec(
      `UPDATE ns_transactionline SET custcol_mkt_line_id = 'report:1' WHERE [transaction] = ${record.remote_id} AND custcol_mkt_line_id = '801'`,
    );
    const document = account.transactions.load(Number(record.remote_id))!;
    document.lines[0]!.body['custcol_mkt_line_id'] = 'report:1';
    document.lines.splice(1);
    account.change(() => account.transactions.update(document));
    const written = {
      ...(record.applied['written'] as Json),
      address: '',
      quantities: { 'report:1': 2 },
      reported: { 'report:1': 'CD-1006' },
    };
    await sql`UPDATE sync_records SET applied = applied || ${JSON.stringify({ written })}::jsonb WHERE key = ${id}`.execute(
      world.app.db,
    );
    amazon.world.touch(world.amazonOrder(id) as never);
    await settled(id, /Completed with what the report lacked/);
    const completed = account.transactions.load(Number(record.remote_id))!;
    assert.deepEqual(
      completed.lines.map((line) => line.body['custcol_mkt_line_id']),
      ['801', '801:tax'],
    );
    assert.equal((await world.document(record.remote_id!)).foreigntotal, '21.65');
  });

  test('a buyer’s wish to cancel is a task, and what a person cancels in the ERP is told to Amazon', async () => {
    const id = '113-3000001-0000006';
    world.place({ id, items: [{ sku: 'CD-1007', price: 1200 }] });
    const { remote_id } = await settled(id, /Created/);
    world.amazon.world.requestCancellation(world.amazonOrder(id) as never);
    await world.until(
      'the wish is a task',
      async () => (await world.problems('CANCELLATION_REQUESTED')).length > 0,
    );
    await world.post(`/_sim/orders/${remote_id}/close`, {});
    await world.run('erp-cancellations', 'cancellations.export');
    await world.until('Amazon has cancelled it', async () => {
      const order = world.amazonOrder(id);
      return (order['fulfillment'] as Json)['fulfillmentStatus'] === 'CANCELLED';
    });
    const told = await world.until('it is told', async () => {
      const one = await world.record(id, 'cancellations.export');
      return one?.state === 'done' && one;
    });
    assert.match(told.reason!, /accepted|shows the order as cancelled/);
  });

  test('an order that a person deleted in the ERP is reported and never made again', async () => {
    const id = '113-3000001-0000007';
    world.place({ id, items: [{ sku: 'CD-1008', price: 1300 }] });
    const { remote_id } = await settled(id, /Created/);
    await world.post(`/_sim/orders/${remote_id}/delete`, {});
    await world.run('missing-in-erp');
    await world.until('it is told', async () => (await world.problems('DOCUMENT_DELETED')).length > 0);
    world.touch(world.amazonOrder(id));
    await new Promise((resolve) => setTimeout(resolve, 800));
    assert.equal((await world.documentsOf(id)).length, 0);
  });
});
