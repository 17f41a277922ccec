// Do stock figures go out as Amazon wants them? Requests and answers against the official models, feed and report
// against the official listings feed schemas; and what the simulator shows afterwards.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type AmazonSimulator, startAmazon } from '../../sim/sp-api/server.ts';
import { amazon } from '../../src/channels/amazon/index.ts';
import { amazonSecrets, amazonSettings } from '../../src/channels/amazon/settings.ts';
import { feedOf } from '../../src/channels/amazon/stock.ts';
import type { StockSink } from '../../src/channels/channel.ts';
import { RecordError } from '../../src/core/errors.ts';
import type { OutboundRequest } from '../../src/http/tools.ts';
import { judgeRequests, recordingTools } from './recorded-requests.ts';
import { contractsMissing, loadModel, loadNotificationSchema, validateResponse } from './spapi-models.ts';

const sent: OutboundRequest<string>[] = [];
let simulator: AmazonSimulator;
let stock: StockSink;
const settings = (url: string, sellerId: string) =>
  amazonSettings.parse({
    sellerId,
    region: 'na',
    marketplaceIds: ['ATVPDKIKX0DER'],
    baseUrl: url,
    tokenUrl: `${url}/auth/o2/token`,
  });

before(async () => {
  simulator = await startAmazon({ quotas: 'lifted', reportSeconds: 0, seed: 'stock' });
  const { clientId, clientSecret, refreshToken, sellerId } = simulator.credentials;
  const session = amazon.open(
    settings(simulator.url, sellerId),
    amazonSecrets.parse({ clientId, clientSecret, refreshToken }),
    recordingTools(sent),
  );
  stock = session.stock!;
});
after(async () => {
  if (!contractsMissing) {
    const operations = judgeRequests(sent, simulator.url);
    console.log(`${operations.size} operations of the stock connector held against the models`);
  }
  await simulator.close();
});

const control = async (method: string, path: string, body?: unknown) =>
  (await (
    await fetch(`${simulator.url}/_sim${path}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
  ).json()) as Record<string, unknown>;
const shown = async (sku: string) =>
  (
    (await control('GET', '/listings'))['items'] as { sku: string; quantity: number; leadtime: number }[]
  ).find((listing) => listing.sku === sku);
const later = (ms: number) => control('POST', '/clock', { advanceMs: ms });

test('the listings report names merchant and FBA listings apart', async () => {
  const ticket = await stock.listings.request();
  const state = await stock.listings.state(ticket);
  const listings = await stock.listings.read(state.documentId!);
  const { shop } = simulator.world;
  assert.equal(
    listings.length,
    shop.items.filter((item) => item.soldAtAmazon).length + shop.aliases.length + shop.unknownSkus.length,
  );
  const warehouse = listings.filter((listing) => listing.fulfilment === 'marketplace');
  assert.deepEqual(
    warehouse.map((listing) => listing.sku).sort(),
    shop.aliases
      .filter((alias) => alias.unitsPerSku === 1)
      .map((alias) => alias.sku)
      .sort(),
  );
  assert.ok(warehouse.every((listing) => listing.quantity === undefined));
  assert.ok(listings.some((listing) => listing.title.includes('急須')));
});

test('a patch sets the quantity and leaves the handling time alone', async () => {
  await stock.send({ sku: 'CD-1001', quantity: 7 });
  await later(5_000);
  assert.deepEqual([(await shown('CD-1001'))?.quantity, (await shown('CD-1001'))?.leadtime], [7, 2]);
});

test('a SKU may hold any character', async () => {
  await stock.send({ sku: 'ÜBER-KANNE-3', quantity: 1 });
  await control('POST', '/listings', {
    items: [{ sku: 'A/B +1', asin: 'B000000001', title: 'Slash', quantity: 0, price: 100 }],
  });
  await stock.send({ sku: 'A/B +1', quantity: 4 });
  await later(5_000);
  assert.equal((await shown('A/B +1'))?.quantity, 4);
});

test('an unknown listing and one that Amazon fulfils are refused with the reason', async () => {
  const refusal = (code: string) => (error: unknown) => error instanceof RecordError && error.code === code;
  await assert.rejects(stock.send({ sku: 'NO-SUCH', quantity: 1 }), refusal('LISTING_UNKNOWN'));
  const fba = simulator.world.shop.aliases.find((alias) => alias.unitsPerSku === 1)!.sku;
  await assert.rejects(stock.send({ sku: fba, quantity: 1 }), refusal('REFUSED_BY_CHANNEL'));
  await assert.rejects(stock.send({ sku: 'CD-1001', quantity: -1 }), refusal('QUANTITY_INVALID'));
});

test('a feed sets many at once, and its report names the refused ones', async () => {
  const from = new Date(simulator.world.clock.now() - 1_000);
  const ticket = await stock.submit([
    { sku: 'CD-1002', quantity: 12 },
    { sku: 'NO-SUCH', quantity: 1 },
    { sku: 'CD-1003', quantity: 0 },
  ]);
  assert.deepEqual(await stock.collect(ticket), { state: 'working' });
  assert.deepEqual(await stock.ticketsSince(from), [{ ticket, finished: false }]);
  await later(60_000);
  const outcome = await stock.collect(ticket);
  assert.equal(outcome.state, 'done');
  assert.deepEqual(outcome.state === 'done' && outcome.refused.map(({ sku }) => sku), ['NO-SUCH']);
  assert.deepEqual([(await shown('CD-1002'))?.quantity, (await shown('CD-1003'))?.quantity], [12, 0]);
});

test('feed and processing report keep to the official schemas', { skip: contractsMissing }, async () => {
  const feed = loadNotificationSchema('listings-feed-schema-v2');
  const message = loadNotificationSchema('listings-feed-message-schema-v2');
  const report = loadNotificationSchema('listings-feed-processing-report-schema-v2');
  const text = feedOf(settings(simulator.url, 'A3CROSSDOCKSIM'), [
    { sku: 'CD-1004', quantity: 3 },
    { sku: 'A/B +1', quantity: 0, productType: 'HOME' },
  ]);
  const body = JSON.parse(text) as { messages: unknown[] };
  assert.deepEqual(feed(body), []);
  for (const one of body.messages) assert.deepEqual(message(one), []);
  const result = simulator.world.listings.work(text, '1');
  assert.deepEqual(report(result), []);
  console.log(`${body.messages.length} feed messages and 1 processing report validated`);
});

test('answers about listings and feeds keep to the models', { skip: contractsMissing }, async () => {
  const access = sent.find((request) => request.headers?.['x-amz-access-token'])!.headers![
    'x-amz-access-token'
  ]!;
  const seller = simulator.world.shop.sellerId;
  const calls: readonly (readonly [string, string, string, unknown?])[] = [
    [
      'listingsItems_2021-08-01',
      'GET',
      `/listings/2021-08-01/items/${seller}/CD-1001?marketplaceIds=ATVPDKIKX0DER&includedData=summaries,fulfillmentAvailability`,
    ],
    [
      'listingsItems_2021-08-01',
      'GET',
      `/listings/2021-08-01/items/${seller}/NO-SUCH?marketplaceIds=ATVPDKIKX0DER`,
    ],
    [
      'listingsItems_2021-08-01',
      'PATCH',
      `/listings/2021-08-01/items/${seller}/CD-1001?marketplaceIds=ATVPDKIKX0DER`,
      {
        productType: 'PRODUCT',
        patches: [
          {
            op: 'merge',
            path: '/attributes/fulfillment_availability',
            value: [{ fulfillment_channel_code: 'DEFAULT', quantity: 5 }],
          },
        ],
      },
    ],
    [
      'listingsItems_2021-08-01',
      'PATCH',
      `/listings/2021-08-01/items/${seller}/CD-1001?marketplaceIds=ATVPDKIKX0DER`,
      { productType: 'PRODUCT', patches: [{ op: 'merge', path: '/attributes/color', value: [{}] }] },
    ],
    ['feeds_2021-06-30', 'GET', '/feeds/2021-06-30/feeds?feedTypes=JSON_LISTINGS_FEED&pageSize=10'],
    ['feeds_2021-06-30', 'GET', '/feeds/2021-06-30/feeds'],
  ];
  for (const [model, method, path, body] of calls) {
    const answer = await fetch(simulator.url + path, {
      method,
      headers: { 'x-amz-access-token': access, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const wrong = validateResponse(
      loadModel(model),
      method,
      path.split('?')[0]!,
      answer.status,
      await answer.json(),
    );
    assert.deepEqual(wrong, [], `${method} ${path} → ${answer.status}`);
  }
  console.log(`${calls.length} answers about listings and feeds held against the models`);
});

test('a damaged listings feed is thrown away whole', async () => {
  const { feedFault } = await import('../../sim/sp-api/listings.ts');
  assert.match(String(feedFault('{')), /not valid JSON/);
  assert.match(String(feedFault('{"header":{"sellerId":"A","version":"2.0"},"messages":[]}')), /1 to 25000/);
});
