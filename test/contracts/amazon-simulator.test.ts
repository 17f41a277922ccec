// Is simulated Amazon telling the truth? Every answer it gives is held against Amazon's own models.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { type AmazonSimulator, startAmazon } from '../../sim/sp-api/server.ts';
import { usagePlans } from '../../sim/sp-api/usage-plans.ts';
import {
  contractsMissing,
  loadModel,
  loadNotificationSchema,
  loadUsagePlans,
  operationOf,
  type SpApiModel,
  validateRequest,
  validateResponse,
} from './spapi-models.ts';

type Json = Record<string, unknown>;
interface Money {
  readonly amount: string;
  readonly currencyCode: string;
}
interface Order {
  readonly orderId: string;
  readonly createdTime: string;
  readonly lastUpdatedTime: string;
  readonly programs?: readonly string[];
  readonly salesChannel: { readonly channelName: string; readonly marketplaceId?: string };
  readonly proceeds?: { readonly grandTotal: Money };
  readonly fulfillment?: { readonly fulfillmentStatus: string; readonly fulfilledBy: string };
  readonly buyer?: Json;
  readonly recipient?: { readonly deliveryAddress?: Json };
  readonly packages?: readonly Json[];
  readonly orderItems: readonly {
    readonly orderItemId: string;
    readonly quantityOrdered: number;
    readonly proceeds?: {
      readonly proceedsTotal: Money;
      readonly breakdowns: readonly { readonly subtotal: Money }[];
    };
  }[];
}

const names = [
  'orders_2026-01-01',
  'ordersV0',
  'feeds_2021-06-30',
  'reports_2021-06-30',
  'finances_2024-06-19',
  'sellers',
  'listingsItems_2021-08-01',
  'notifications',
] as const;
const dataSets =
  'BUYER,RECIPIENT,PROCEEDS,EXPENSE,PROMOTION,CANCELLATION,FULFILLMENT,PACKAGES,TAX,PAYMENT,FULFILLMENT_ORDERS';
const dayMs = 86_400_000;
const ago = (ms: number) => new Date(amazon.world.clock.now() - ms).toISOString();
const cents = (money: Money) => BigInt(money.amount.replace('.', ''));

let amazon: AmazonSimulator;
let accessToken = '';
let models: SpApiModel[] = [];
/** Operation and status → how many answers were held against the model. */
const checked = new Map<string, number>();

const token = (body: Record<string, string>, url = amazon.url) =>
  fetch(`${url}/auth/o2/token`, { method: 'POST', body: new URLSearchParams(body) });
const credentials = (simulator: AmazonSimulator) => ({
  grant_type: 'refresh_token',
  refresh_token: simulator.credentials.refreshToken,
  client_id: simulator.credentials.clientId,
  client_secret: simulator.credentials.clientSecret,
});

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Json;
}

/** Sends a request and holds both it and its answer against the models; `badly` skips the request's own check. */
async function call(
  method: string,
  address: string,
  { body, badly = false, access = accessToken }: { body?: unknown; badly?: boolean; access?: string } = {},
): Promise<Answer> {
  const url = new URL(address, amazon.url);
  const model = models.find((one) => operationOf(one, method, url.pathname));
  assert.ok(model, `No model has ${method} ${url.pathname}.`);
  const headers = { 'x-amz-access-token': access, 'user-agent': 'Contract/1.0 (Language=TypeScript)' };
  if (!badly)
    assert.deepEqual(validateRequest(model, method, url.pathname, url.searchParams, headers, body), []);
  const answer = await fetch(url, {
    method,
    headers: { ...headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  const value = text === '' ? undefined : (JSON.parse(text) as Json);
  const wrong = validateResponse(model, method, url.pathname, answer.status, value);
  assert.deepEqual(wrong.slice(0, 5), [], `${method} ${address} → ${answer.status} ${text.slice(0, 300)}`);
  assert.ok(answer.headers.get('x-amzn-requestid'), 'Every answer has a request id.');
  const key = `${operationOf(model, method, url.pathname)!.operationId} ${answer.status}`;
  checked.set(key, (checked.get(key) ?? 0) + 1);
  return { status: answer.status, headers: answer.headers, body: value ?? {} };
}

const search = (query: Record<string, string>, options = {}) =>
  call('GET', `/orders/2026-01-01/orders?${new URLSearchParams(query)}`, options);
async function allInvalid(queries: readonly Record<string, string>[]): Promise<void> {
  for (const query of queries) {
    const answer = await search(query, { badly: true });
    assert.equal(answer.status, 400, JSON.stringify(query));
    assert.equal((answer.body['errors'] as Json[])[0]!['code'], 'InvalidInput');
  }
}
const one = async (id: string) =>
  (await call('GET', `/orders/2026-01-01/orders/${id}?includedData=${dataSets}`)).body['order'] as Order;
const control = async (method: string, path: string, body?: unknown) =>
  (
    await fetch(`${amazon.url}/_sim/${path}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
  ).json() as Promise<Json>;

async function everyOrder(): Promise<Order[]> {
  const query = { lastUpdatedAfter: ago(5 * dayMs), includedData: dataSets, maxResultsPerPage: '100' };
  const orders: Order[] = [];
  for (let paginationToken: string | undefined, first = true; first || paginationToken; first = false) {
    const page = await search({ ...query, ...(paginationToken ? { paginationToken } : {}) });
    orders.push(...(page.body['orders'] as Order[]));
    paginationToken = (page.body['pagination'] as { nextToken?: string } | undefined)?.nextToken;
  }
  return orders;
}

describe('the simulated Amazon account', { skip: contractsMissing }, () => {
  before(async () => {
    models = names.map(loadModel);
    amazon = await startAmazon({ quotas: 'lifted', seed: 'contract', reportSeconds: 60 });
    await control('POST', 'generate', { count: 2_000, spreadHours: 24 });
    accessToken = ((await (await token(credentials(amazon))).json()) as { access_token: string })
      .access_token;
  });
  after(async () => {
    await amazon.close();
    const payloads = [...checked.values()].reduce((sum, count) => sum + count, 0);
    const operations = new Set([...checked.keys()].map((key) => key.split(' ')[0]));
    console.log(`Held ${payloads} answers of ${operations.size} operations against Amazon's models:`);
    for (const [key, count] of [...checked].sort()) console.log(`  ${key}: ${count}`);
  });

  test('the token endpoint refuses wrong credentials with the documented words', async () => {
    const good = credentials(amazon);
    const wrong = [
      [{ ...good, client_secret: 'x' }, 401, 'invalid_client'],
      [{ ...good, refresh_token: 'x' }, 400, 'invalid_grant'],
      [{ ...good, grant_type: 'password' }, 400, 'unsupported_grant_type'],
    ] as const;
    for (const [body, status, error] of wrong) {
      const answer = await token(body);
      assert.equal(answer.status, status);
      assert.equal(((await answer.json()) as Json)['error'], error);
    }
    const fine = (await (await token(good)).json()) as Json;
    assert.match(String(fine['access_token']), /^Atza\|/);
    assert.equal(fine['expires_in'], 3600);
  });

  test('a call without a valid token is refused as Unauthorized', async () => {
    for (const path of [
      `/orders/2026-01-01/orders?createdAfter=${ago(dayMs)}`,
      '/orders/2026-01-01/orders/111-1111111-1111111',
      '/sellers/v1/marketplaceParticipations',
      '/feeds/2021-06-30/feeds/1',
      '/reports/2021-06-30/reports/1',
    ])
      assert.equal((await call('GET', path, { access: 'Atza|unknown' })).status, 403);
  });

  test('every order of every kind keeps to the model and adds up to the cent', async () => {
    const orders = await everyOrder();
    assert.equal(orders.length, 2_000);
    assert.equal(new Set(orders.map((order) => order.orderId)).size, orders.length);
    let priced = 0;
    for (const order of orders) {
      if (!order.proceeds) continue;
      priced++;
      let total = 0n;
      for (const item of order.orderItems) {
        assert.ok(item.proceeds, order.orderId);
        const sum = item.proceeds.breakdowns.reduce((add, part) => add + cents(part.subtotal), 0n);
        assert.equal(sum, cents(item.proceeds.proceedsTotal), order.orderId);
        total += sum;
      }
      assert.equal(total, cents(order.proceeds.grandTotal), order.orderId);
    }
    assert.ok(priced > 1_500);
    const statuses = new Set(orders.map((order) => order.fulfillment!.fulfillmentStatus));
    assert.deepEqual([...statuses].sort(), [
      'CANCELLED',
      'PARTIALLY_SHIPPED',
      'PENDING',
      'SHIPPED',
      'UNSHIPPED',
    ]);
    assert.ok(orders.some((order) => order.programs?.includes('AMAZON_BUSINESS')));
    assert.ok(orders.some((order) => order.salesChannel.channelName === 'NON_AMAZON'));
  });

  test('data sets are absent unless they are asked for', async () => {
    const [order] = (await search({ createdAfter: ago(3 * dayMs), maxResultsPerPage: '1' })).body[
      'orders'
    ] as Json[];
    for (const name of ['buyer', 'recipient', 'proceeds', 'payment', 'tax', 'fulfillment', 'packages'])
      assert.equal(order![name], undefined, name);
    for (const item of order!['orderItems'] as Json[])
      for (const name of ['proceeds', 'promotion', 'cancellation', 'fulfillment', 'tax', 'expense'])
        assert.equal(item[name], undefined, name);
    for (const name of dataSets.split(','))
      await call('GET', `/orders/2026-01-01/orders/${String(order!['orderId'])}?includedData=${name}`);
  });

  test('filters list only what they name', async () => {
    const createdAfter = ago(5 * dayMs);
    const read = async (filter: Record<string, string>) =>
      (await search({ createdAfter, includedData: 'FULFILLMENT', ...filter })).body['orders'] as Order[];
    for (const fulfillmentStatus of ['UNSHIPPED', 'SHIPPED', 'CANCELLED', 'PENDING']) {
      const orders = await read({ fulfillmentStatuses: fulfillmentStatus });
      assert.ok(orders.length > 0);
      assert.ok(orders.every((order) => order.fulfillment!.fulfillmentStatus === fulfillmentStatus));
    }
    for (const fulfilledBy of ['MERCHANT', 'AMAZON']) {
      const orders = await read({ fulfilledBy });
      assert.ok(orders.length > 0 && orders.every((order) => order.fulfillment!.fulfilledBy === fulfilledBy));
    }
    const british = await read({ marketplaceIds: 'A1F83G8C2ARO7P' });
    assert.ok(
      british.length > 0 && british.every((order) => order.salesChannel.marketplaceId === 'A1F83G8C2ARO7P'),
    );
  });

  test('parameters that break a documented rule are refused as InvalidInput', async () => {
    const createdAfter = ago(dayMs);
    const wrong: Record<string, string>[] = [
      {},
      { createdAfter, lastUpdatedAfter: createdAfter },
      { createdAfter: 'yesterday' },
      { createdAfter, createdBefore: ago(30_000) },
      { createdAfter, maxResultsPerPage: '0' },
      { createdAfter, maxResultsPerPage: '101' },
      { createdAfter, includedData: 'EVERYTHING' },
      { createdAfter, fulfillmentStatuses: 'LOST' },
      { createdAfter, fulfilledBy: 'NOBODY' },
      { createdAfter, paginationToken: 'forged' },
    ];
    await allInvalid(wrong);
  });

  const ranges: readonly [string, () => Record<string, string>][] = [
    [
      'createdAfter with lastUpdatedBefore',
      () => ({ createdAfter: ago(dayMs), lastUpdatedBefore: ago(dayMs / 2) }),
    ],
    [
      'lastUpdatedAfter with createdBefore',
      () => ({ lastUpdatedAfter: ago(dayMs), createdBefore: ago(dayMs / 2) }),
    ],
    [
      'a range that ends before it begins',
      () => ({ createdAfter: ago(dayMs), createdBefore: ago(2 * dayMs) }),
    ],
    ['an end that is no date', () => ({ createdAfter: ago(dayMs), createdBefore: 'yesterday' })],
    ['a page size that is not whole', () => ({ createdAfter: ago(dayMs), maxResultsPerPage: '1.5' })],
  ];
  for (const [name, query] of ranges) test(`${name} is refused as InvalidInput`, () => allInvalid([query()]));

  test('a page token is refused when another parameter changes', async () => {
    const query = { createdAfter: ago(3 * dayMs), maxResultsPerPage: '10' };
    const first = await search(query);
    const paginationToken = (first.body['pagination'] as { nextToken: string }).nextToken;
    assert.equal((await search({ ...query, maxResultsPerPage: '11', paginationToken })).status, 400);
    assert.equal((await search({ ...query, paginationToken })).status, 200);
  });

  test('a confirmed package appears on the order some seconds later', async () => {
    const [found] = (
      await search({
        createdAfter: ago(3 * dayMs),
        fulfillmentStatuses: 'UNSHIPPED',
        marketplaceIds: 'ATVPDKIKX0DER',
      })
    ).body['orders'] as Order[];
    const path = `/orders/v0/orders/${found!.orderId}/shipmentConfirmation`;
    const detail = {
      packageReferenceId: '1',
      carrierCode: 'UPS',
      shippingMethod: 'Ground',
      trackingNumber: '1Z999AA10123456784',
      shipDate: ago(1_000),
      orderItems: found!.orderItems.map((item) => ({
        orderItemId: item.orderItemId,
        quantity: item.quantityOrdered,
      })),
    };
    const confirm = (change: Json, badly = true) =>
      call('POST', path, {
        body: { marketplaceId: 'ATVPDKIKX0DER', packageDetail: { ...detail, ...change } },
        badly,
      });
    for (const change of [
      { packageReferenceId: 1 },
      { packageReferenceId: 'A' },
      { carrierCode: 'Other' },
      { shipDate: new Date(amazon.world.clock.now() + dayMs).toISOString() },
      { shipDate: ago(400 * dayMs) },
      { orderItems: [] },
      { orderItems: [{ orderItemId: '1', quantity: 1 }] },
      { orderItems: [{ orderItemId: detail.orderItems[0]!.orderItemId, quantity: 1_000 }] },
    ])
      assert.equal((await confirm(change)).status, 400, JSON.stringify(change));
    assert.equal(
      (
        await call('POST', path.replace(found!.orderId, '000-0000000-0000000'), {
          body: { marketplaceId: 'ATVPDKIKX0DER', packageDetail: detail },
        })
      ).status,
      404,
    );
    assert.equal((await confirm({}, false)).status, 204);
    assert.equal((await one(found!.orderId)).fulfillment!.fulfillmentStatus, 'UNSHIPPED');
    await control('POST', 'clock', { advanceMs: 10_000 });
    const shipped = await one(found!.orderId);
    assert.equal(shipped.fulfillment!.fulfillmentStatus, 'SHIPPED');
    assert.equal(shipped.packages![0]!['trackingNumber'], detail.trackingNumber);
    assert.equal((await confirm({ packageReferenceId: '2' }, false)).status, 400);
  });

  test('an order report goes through its states and gives one row per item', async () => {
    const request = {
      reportType: 'GET_FLAT_FILE_ALL_ORDERS_DATA_BY_LAST_UPDATE_GENERAL',
      marketplaceIds: ['ATVPDKIKX0DER', 'A1F83G8C2ARO7P'],
      dataStartTime: ago(5 * dayMs),
      dataEndTime: ago(0),
    };
    const created = await call('POST', '/reports/2021-06-30/reports', { body: request });
    assert.equal(created.status, 202);
    const path = `/reports/2021-06-30/reports/${String(created.body['reportId'])}`;
    assert.match(String((await call('GET', path)).body['processingStatus']), /^(IN_QUEUE|IN_PROGRESS)$/);
    await control('POST', 'clock', { advanceMs: 300_000 });
    const done = await call('GET', path);
    assert.equal(done.body['processingStatus'], 'DONE');
    const link = await call('GET', `/reports/2021-06-30/documents/${String(done.body['reportDocumentId'])}`);
    const bytes = Buffer.from(await (await fetch(String(link.body['url']))).arrayBuffer());
    const lines = gunzipSync(bytes).toString('utf8').replace(/\n$/, '').split('\n');
    assert.ok(lines[0]!.startsWith('amazon-order-id\tmerchant-order-id\tpurchase-date'));
    const columns = lines[0]!.split('\t').length;
    assert.ok(lines.every((line) => line.split('\t').length === columns));
    const items = (await everyOrder()).reduce((sum, order) => sum + order.orderItems.length, 0);
    assert.equal(lines.length - 1, items);
    for (const change of [
      { reportType: 'GET_NOTHING' },
      { dataStartTime: ago(60 * dayMs) },
      { dataStartTime: ago(-dayMs) },
    ])
      assert.equal(
        (await call('POST', '/reports/2021-06-30/reports', { body: { ...request, ...change } })).status,
        400,
      );
    assert.equal((await call('GET', '/reports/2021-06-30/reports/404')).status, 404);
    assert.equal((await call('GET', '/reports/2021-06-30/documents/404')).status, 404);
  });

  test('a cancellation feed cancels its orders and says so in its result', async () => {
    const [order] = (await search({ createdAfter: ago(3 * dayMs), fulfillmentStatuses: 'UNSHIPPED' })).body[
      'orders'
    ] as Order[];
    const contentType = 'text/tab-separated-values; charset=UTF-8';
    const held = await call('POST', '/feeds/2021-06-30/documents', { body: { contentType } });
    assert.equal(held.status, 201);
    const put = (type: string) =>
      fetch(String(held.body['url']), {
        method: 'PUT',
        headers: { 'content-type': type },
        body: `order-id\tcancellation-reason-code\tamazon-order-item-code\n${order!.orderId}\tNoInventory\t\n000-0000000-0000000\tNoInventory\t\n`,
      });
    assert.equal((await put('text/xml')).status, 403);
    const request = {
      feedType: 'POST_FLAT_FILE_ORDER_ACKNOWLEDGEMENT_DATA',
      marketplaceIds: ['ATVPDKIKX0DER'],
      inputFeedDocumentId: String(held.body['feedDocumentId']),
    };
    assert.equal((await call('POST', '/feeds/2021-06-30/feeds', { body: request })).status, 400);
    assert.equal((await put(contentType)).status, 200);
    const created = await call('POST', '/feeds/2021-06-30/feeds', { body: request });
    assert.equal(created.status, 202);
    const path = `/feeds/2021-06-30/feeds/${String(created.body['feedId'])}`;
    assert.match(String((await call('GET', path)).body['processingStatus']), /^IN_/);
    await control('POST', 'clock', { advanceMs: 60_000 });
    const done = await call('GET', path);
    assert.equal(done.body['processingStatus'], 'DONE');
    const link = await call(
      'GET',
      `/feeds/2021-06-30/documents/${String(done.body['resultFeedDocumentId'])}`,
    );
    const bytes = Buffer.from(await (await fetch(String(link.body['url']))).arrayBuffer());
    const text = (link.body['compressionAlgorithm'] === 'GZIP' ? gunzipSync(bytes) : bytes).toString('utf8');
    assert.match(text, /Number of records processed\t\t2/);
    assert.match(text, /000-0000000-0000000\t\d+\tError/);
    assert.equal((await one(order!.orderId)).fulfillment!.fulfillmentStatus, 'CANCELLED');
    assert.equal((await call('GET', '/feeds/2021-06-30/feeds/404')).status, 404);
    assert.equal((await call('GET', '/feeds/2021-06-30/documents/404')).status, 404);
  });

  test('destinations are the application’s, subscriptions the seller’s; each only with its own token', async () => {
    const grantless = (
      (await (
        await token({
          ...credentials(amazon),
          grant_type: 'client_credentials',
          scope: 'sellingpartnerapi::notifications',
        })
      ).json()) as { access_token: string }
    ).access_token;
    const base = '/notifications/v1';
    const arn = 'arn:aws:sqs:us-east-1:123456789012:second';
    const body = { name: 'Second', resourceSpecification: { sqs: { arn } } };
    assert.equal((await call('POST', `${base}/destinations`, { body })).status, 403);
    const made = await call('POST', `${base}/destinations`, { body, access: grantless });
    assert.equal(made.status, 200);
    assert.equal((await call('POST', `${base}/destinations`, { body, access: grantless })).status, 409);
    const { destinationId } = made.body['payload'] as { destinationId: string };
    const listed = await call('GET', `${base}/destinations`, { access: grantless });
    assert.equal((listed.body['payload'] as unknown[]).length, 2);
    assert.equal(
      (await call('GET', `${base}/destinations/${destinationId}`, { access: grantless })).status,
      200,
    );
    const subscribe = { payloadVersion: '1.0', destinationId };
    const subscription = await call('POST', `${base}/subscriptions/ORDER_CHANGE`, { body: subscribe });
    assert.equal(subscription.status, 200);
    assert.equal(
      (await call('POST', `${base}/subscriptions/NO_SUCH_TYPE`, { body: subscribe, badly: true })).status,
      400,
    );
    assert.equal(
      (await call('POST', `${base}/subscriptions/LISTINGS_ITEM_ISSUES_CHANGE`, { body: subscribe })).status,
      400,
      'EventBridge only',
    );
    assert.equal((await call('GET', `${base}/subscriptions/ORDER_CHANGE`)).status, 200);
    assert.equal((await call('GET', `${base}/subscriptions/FEED_PROCESSING_FINISHED`)).status, 404);
    const { subscriptionId } = subscription.body['payload'] as { subscriptionId: string };
    const one = `${base}/subscriptions/ORDER_CHANGE/${subscriptionId}`;
    assert.equal((await call('GET', one, { access: grantless })).status, 200);
    assert.equal((await call('DELETE', one, { access: grantless })).status, 200);
    assert.equal((await call('GET', one, { access: grantless })).status, 404);
    assert.equal(
      (await call('DELETE', `${base}/destinations/${destinationId}`, { access: grantless })).status,
      200,
    );
    const wrongScope = await token({ ...credentials(amazon), grant_type: 'client_credentials', scope: 'x' });
    assert.equal(wrongScope.status, 400);
  });

  test('the account tells its marketplaces', async () => {
    const answer = await call('GET', '/sellers/v1/marketplaceParticipations');
    assert.equal((answer.body['payload'] as unknown[]).length, 2);
  });

  test('order notices keep to the published schema', async () => {
    const judge = loadNotificationSchema('OrderChangeNotification');
    const [order] = (await search({ createdAfter: ago(3 * dayMs), fulfillmentStatuses: 'UNSHIPPED' })).body[
      'orders'
    ] as Order[];
    await control('POST', 'notify', { orderId: order!.orderId });
    const sqs = async (action: string, body: Json) =>
      (await (
        await fetch(amazon.queueUrl, {
          method: 'POST',
          headers: { 'x-amz-target': `AmazonSQS.${action}`, 'content-type': 'application/x-amz-json-1.0' },
          body: JSON.stringify({ QueueUrl: amazon.queueUrl, ...body }),
        })
      ).json()) as Json;
    let count = 0;
    const seen = new Set<string>();
    for (;;) {
      const messages = ((await sqs('ReceiveMessage', { MaxNumberOfMessages: 10 }))['Messages'] ?? []) as {
        Body: string;
        ReceiptHandle: string;
      }[];
      if (messages.length === 0) break;
      for (const message of messages) {
        const notice = JSON.parse(message.Body) as {
          Payload: { OrderChangeNotification: { AmazonOrderId: string } };
        };
        assert.deepEqual(judge(notice).slice(0, 5), []);
        seen.add(notice.Payload.OrderChangeNotification.AmazonOrderId);
        count++;
      }
      await sqs('DeleteMessageBatch', {
        Entries: messages.map((message, index) => ({
          Id: String(index),
          ReceiptHandle: message.ReceiptHandle,
        })),
      });
    }
    assert.ok(seen.has(order!.orderId));
    console.log(`Held ${count} notices against the schema.`);
  });

  test('the usage plans are the published ones', () => {
    const published = loadUsagePlans();
    const apis = new Set<string>();
    for (const [operationId, plan] of Object.entries(usagePlans)) {
      const model = models.find((one) =>
        one.operations.some((operation) => operation.operationId === operationId),
      );
      assert.ok(model, operationId);
      const found = published.find(
        (row) =>
          row.operationId === operationId &&
          row.path === model.operations.find((operation) => operation.operationId === operationId)!.path,
      );
      assert.ok(found, `rate-limits.json lacks ${operationId}.`);
      assert.deepEqual([plan.perSecond, plan.burst], [found.rate, found.burst], operationId);
      apis.add(model.name);
    }
    console.log(`Compared ${Object.keys(usagePlans).length} usage plans of ${apis.size} APIs.`);
  });
});

test('real quotas refuse the call after the burst and tell the rate', {
  skip: contractsMissing,
}, async () => {
  const lifted = amazon;
  amazon = await startAmazon({ quotas: 'real', seed: 'quota' });
  try {
    accessToken = ((await (await token(credentials(amazon))).json()) as { access_token: string })
      .access_token;
    const { burst } = usagePlans['searchOrders']!;
    for (let count = 0; count < burst; count++) {
      const answer = await search({ createdAfter: ago(dayMs) });
      assert.equal(answer.status, 200);
      assert.equal(answer.headers.get('x-amzn-ratelimit-limit'), '0.0056');
    }
    const refused = await search({ createdAfter: ago(dayMs) });
    assert.equal(refused.status, 429);
    assert.equal((refused.body['errors'] as Json[])[0]!['code'], 'QuotaExceeded');
    // One token comes back after 1 / 0.0056 s = 179 s.
    await control('POST', 'clock', { advanceMs: 180_000 });
    assert.equal((await search({ createdAfter: ago(dayMs) })).status, 200);
    await control('POST', 'clock', { advanceMs: 3_600_000 });
    assert.equal((await search({ createdAfter: ago(dayMs) })).status, 403, 'A token lives one hour.');
  } finally {
    await amazon.close();
    amazon = lifted;
  }
});

test('the judge itself refuses invented fields, missing fields, statuses and parameters', {
  skip: contractsMissing,
}, () => {
  const orders = loadModel('orders_2026-01-01');
  const path = '/orders/2026-01-01/orders/1';
  const order = {
    orderId: '1',
    createdTime: '2026-11-24T10:00:00.000Z',
    lastUpdatedTime: '2026-11-24T10:00:00.000Z',
    salesChannel: { channelName: 'AMAZON' },
    orderItems: [],
  };
  const judge = (body: unknown, status = 200) => validateResponse(orders, 'GET', path, status, body).length;
  assert.equal(judge({ order }), 0);
  assert.ok(judge({ order: { ...order, invented: 1 } }) > 0);
  assert.ok(judge({ order: { ...order, createdTime: 'yesterday' } }) > 0);
  assert.ok(judge({ order: { ...order, salesChannel: undefined } }) > 0);
  assert.ok(judge({ order }, 418) > 0);
  const headers = { 'x-amz-access-token': 'x', 'user-agent': 'x' };
  const request = (text: string) =>
    validateRequest(orders, 'GET', path, new URLSearchParams(text), headers, undefined).length;
  assert.equal(request('includedData=BUYER,TAX'), 0);
  assert.ok(request('includedData=ALL') > 0);
  assert.ok(request('invented=1') > 0);
});
