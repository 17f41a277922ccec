// Does every request of the Amazon connector keep to Amazon's own models? Each is recorded on its way to the simulator.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startAmazon } from '../../sim/sp-api/server.ts';
import { amazon } from '../../src/channels/amazon/index.ts';
import { amazonSecrets, amazonSettings } from '../../src/channels/amazon/settings.ts';
import type { OutboundRequest } from '../../src/http/tools.ts';
import { judgeRequests, recordingTools } from './recorded-requests.ts';
import { contractsMissing } from './spapi-models.ts';

const skip = contractsMissing ?? false;
let simulator: Awaited<ReturnType<typeof startAmazon>>;
const sent: OutboundRequest<string>[] = [];

before(async () => {
  simulator = await startAmazon({ quotas: 'lifted', reportSeconds: 0, signed: true, subscribed: false });
});
after(() => simulator.close());

test('every request the connector sends is valid by the official models', { skip }, async () => {
  const { world, url, credentials } = simulator;
  world.generate({ count: 250, spreadHours: 5 });
  const { clientId, clientSecret, refreshToken, sellerId, awsRegion, ...aws } = credentials;
  const session = amazon.open(
    amazonSettings.parse({
      sellerId,
      region: 'na',
      marketplaceIds: ['ATVPDKIKX0DER', 'A1F83G8C2ARO7P'],
      baseUrl: url,
      tokenUrl: `${url}/auth/o2/token`,
      signRequests: true,
      notifications: { queueUrl: simulator.queueUrl, awsRegion, endpoint: url, queueArn: simulator.queueArn },
    }),
    amazonSecrets.parse({ clientId, clientSecret, refreshToken, ...aws }),
    recordingTools(sent),
  );
  await session.check();
  // Checked again, the subscription is found and not made twice.
  await session.check();
  assert.equal(sent.filter((one) => one.method === 'POST' && /subscriptions/.test(one.url)).length, 1);
  const source = session.orders!;
  const from = new Date(Date.now() - 86_400_000);
  const page = await source.search({ from });
  await source.search({ from, page: page.nextPage! });
  await source.search({ from, onlyToShip: true });
  const open = page.documents
    .map((one) => source.toOrder(one.raw))
    .filter(
      (order) =>
        order.status === 'unshipped' && !order.sellerFulfilledPrime && order.fulfilledBy === 'merchant',
    );
  await source.one(open[0]!.id);
  assert.equal(await source.one('999-0000000-0000000'), undefined);
  const ticket = await source.backlog!.request(from, new Date(Date.now() - 180_000));
  const report = await source.backlog!.state(ticket);
  let rows = 0;
  for await (const batch of source.backlog!.read(report.documentId!))
    rows += batch.map((one) => source.toOrder(one.raw)).length;
  assert.ok(rows > 200, `${rows} orders in the report`);
  const [first, second] = open;
  await session.shipments!.send(
    session.shipments!.plan({
      channelOrderId: first!.id,
      marketplaceId: first!.marketplace.id,
      packageReference: '1',
      carrierCode: 'UPS',
      shippingMethod: 'Ground',
      trackingNumber: '1Z9999999999999999',
      shippedAt: new Date(),
      lines: first!.lines.map((line) => ({ lineId: line.id, quantity: line.quantity })),
    }),
  );
  const feed = await session.cancellations!.cancel([
    { channelOrderId: second!.id, marketplaceId: second!.marketplace.id, reason: 'NoInventory' },
  ]);
  assert.equal(await session.cancellations!.collect(feed), undefined);
  simulator.world.clock.advance(30_000);
  // Amazon's report names what failed; an order that it does not name was accepted.
  assert.deepEqual(await session.cancellations!.collect(feed), { named: [], others: { accepted: true } });

  const operations = judgeRequests(sent, url);
  // Each was signed, and the simulator has verified every signature; a wrong key is refused.
  const vendorCalls = sent.filter(
    (one) =>
      !/\/auth\/|\/documents\//.test(new URL(one.url).pathname) || /\/2021-06-30\/documents/.test(one.url),
  );
  assert.ok(vendorCalls.every((one) => /^AWS4-HMAC-SHA256 /.test(one.headers?.['Authorization'] ?? '')));
  const forged = amazon.open(
    amazonSettings.parse({
      sellerId,
      region: 'na',
      marketplaceIds: ['ATVPDKIKX0DER'],
      baseUrl: url,
      tokenUrl: `${url}/auth/o2/token`,
      signRequests: true,
    }),
    amazonSecrets.parse({
      clientId,
      clientSecret,
      refreshToken,
      ...aws,
      awsSecretAccessKey: 'not-the-key',
    }),
    recordingTools([]),
  );
  await assert.rejects(forged.orders!.one('1'), /signature/);
  console.log(`${sent.length} requests checked, ${operations.size} kinds`);
});
