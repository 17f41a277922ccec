// Do clients that others wrote for the real NetSuite work against the simulated one? Two npm packages, unchanged: one
// with OAuth 2.0 and certificates, one with token-based authentication.
import 'reflect-metadata';
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { after, before, describe, test } from 'node:test';
import { NetSuiteClient } from '@brokenrubik/netsuite-sdk';
import { cryptoProvider, X509CertificateGenerator } from '@peculiar/x509';
import { type RunningNetSuite, startNetSuite } from '../../sim/netsuite/server.ts';

interface RestAnswer {
  readonly statusCode: number;
  readonly data: Record<string, unknown> | null;
}
interface RestClient {
  request(options: { path: string; method?: string; body?: string }): Promise<RestAnswer>;
}
const NetsuiteRest = createRequire(import.meta.url)('netsuite-rest') as new (
  options: Record<string, string>,
) => RestClient;

let netsuite: RunningNetSuite;
let ids: Record<string, Record<string, string>>;
let sdk: NetSuiteClient;
let rest: RestClient;
const realFetch = globalThis.fetch;

async function makeRsaPair(): Promise<{ pem: string; privateKey: string }> {
  cryptoProvider.set(globalThis.crypto);
  const algorithm = {
    name: 'RSA-PSS',
    hash: 'SHA-256',
    publicExponent: new Uint8Array([1, 0, 1]),
    modulusLength: 3072,
  };
  const pair = await crypto.subtle.generateKey({ ...algorithm, name: 'RSASSA-PKCS1-v1_5' }, true, [
    'sign',
    'verify',
  ]);
  const certificate = await X509CertificateGenerator.createSelfSigned({
    serialNumber: '02',
    name: 'CN=client',
    notBefore: new Date(Date.now() - 86_400_000),
    notAfter: new Date(Date.now() + 300 * 86_400_000),
    signingAlgorithm: { ...algorithm, name: 'RSASSA-PKCS1-v1_5' },
    keys: pair,
  });
  const der = Buffer.from(await crypto.subtle.exportKey('pkcs8', pair.privateKey)).toString('base64');
  return {
    pem: certificate.toString('pem'),
    privateKey: `-----BEGIN PRIVATE KEY-----\n${der.match(/.{1,64}/g)!.join('\n')}\n-----END PRIVATE KEY-----\n`,
  };
}

const id = (kind: string, name: string) => ({ id: ids[kind]![name]! });
const anOrder = (externalId: string) => ({
  externalId,
  entity: id('customers', 'Amazon.com Marketplace'),
  location: id('locations', 'Main Warehouse'),
  orderStatus: { id: 'B' },
  item: { items: [{ item: id('items', 'CD-1001'), quantity: 1, price: { id: '-1' }, rate: 5, amount: 5 }] },
});

before(async () => {
  netsuite = await startNetSuite({ accountId: '1234567_SB1' });
  // The package knows only the vendor's hosts; its calls are sent to the simulator, signed as they are.
  globalThis.fetch = ((input: string | URL | Request, init?: RequestInit) =>
    realFetch(
      String(input).replace(/^https:\/\/1234567-sb1\.(suitetalk|restlets)\.api\.netsuite\.com/, netsuite.url),
      init,
    )) as typeof fetch;
  ids = (await (await fetch(`${netsuite.url}/_sim/directory`)).json()) as typeof ids;
  const { pem, privateKey } = await makeRsaPair();
  const { kid, clientId } = netsuite.world.registerCertificate(pem);
  sdk = new NetSuiteClient({
    accountId: '1234567_SB1',
    clientId,
    certificateId: kid,
    privateKey,
    maxRetries: 2,
    initialRetryDelay: 5,
    maxRetryDelay: 10,
  });
  const { tba } = netsuite.world;
  rest = new NetsuiteRest({
    consumer_key: tba.consumerKey,
    consumer_secret_key: tba.consumerSecret,
    token: tba.tokenId,
    token_secret: tba.tokenSecret,
    realm: '1234567_SB1',
    base_url: netsuite.url,
  });
});
after(async () => {
  globalThis.fetch = realFetch;
  await netsuite.close();
});

describe('@brokenrubik/netsuite-sdk', () => {
  test('creates, reads, changes, upserts, lists and deletes a customer', async () => {
    const { id: made } = await sdk.createRecord('customer', {
      companyName: 'Acme',
      subsidiary: id('subsidiaries', 'US'),
      email: 'a@example.com',
    });
    assert.ok(made);
    const read = (await sdk.getRecord('customer', made)) as {
      companyName?: string;
      subsidiary?: { refName?: string };
    };
    assert.equal(read.companyName, 'Acme');
    assert.equal(read.subsidiary?.refName, 'Crossdock Trading Inc.');
    await sdk.updateRecord('customer', made, { email: 'b@example.com' });
    assert.equal(((await sdk.getRecord('customer', made)) as { email?: string }).email, 'b@example.com');
    const data = { companyName: 'Upserted', subsidiary: id('subsidiaries', 'US') };
    const first = await sdk.upsertRecord('customer', 'CID-1', data);
    const second = await sdk.upsertRecord('customer', 'eid:CID-1', { ...data, email: 'c@example.com' });
    assert.equal(first.id, second.id);
    const list = await sdk.listRecords('customer', { query: 'email CONTAIN "example.com"' } as never);
    assert.ok(list.items.length >= 2);
    await sdk.deleteRecord('customer', made);
    await assert.rejects(sdk.getRecord('customer', made), /not exist|404/i);
  });

  test('pages through a SuiteQL query by itself', async () => {
    const all = await sdk.suiteqlAll<{ id: string }>('SELECT id FROM item ORDER BY id');
    assert.ok(all.length > 250);
    assert.equal(new Set(all.map((row) => row.id)).size, all.length);
  });

  test('reads the metadata catalogue in its three forms', async () => {
    assert.match(JSON.stringify(await sdk.getMetadata({ select: 'customer' })), /"customer"/);
    assert.match(
      JSON.stringify(await sdk.getMetadata({ select: 'salesOrder', format: 'openapi3' })),
      /"openapi"/,
    );
    assert.match(
      JSON.stringify(await sdk.getMetadata({ select: 'salesOrder', format: 'jsonschema' })),
      /custbody_mkt_order_id/,
    );
  });

  test('creates a batch whose job succeeds although one record fails', async () => {
    const job = await sdk.batchCreate('customer', [
      { companyName: 'Batch 1', subsidiary: id('subsidiaries', 'US') },
      { subsidiary: id('subsidiaries', 'US') },
    ]);
    const { results } = await job.wait({ pollInterval: 100 } as never);
    assert.equal(results.length, 2);
    assert.equal(results.filter((one) => (one as { error?: unknown }).error).length, 1);
    assert.equal((await job.status()).progress, 'succeeded');
  });

  test('transforms an order into a shipment, and meets the documented refusal the second time', async () => {
    const { id: order } = await sdk.createRecord('salesOrder', anOrder('SDK-1'));
    const ship = () =>
      sdk.request(`/services/rest/record/v1/salesOrder/${order}/!transform/itemFulfillment`, 'POST', {
        shipStatus: { id: 'C' },
      } as never);
    await ship();
    const { items } = await sdk.suiteql<{ nextdoc: string }>(
      `SELECT DISTINCT nextdoc FROM NextTransactionLineLink WHERE previousdoc = ${order}`,
    );
    assert.equal(items.length, 1);
    await assert.rejects(ship(), /at least one valid line item/);
    await assert.rejects(sdk.createRecord('salesOrder', anOrder('SDK-1')), /already exists/);
  });

  test('its own retry gets through a refused and a broken answer', async () => {
    await realFetch(`${netsuite.url}/_sim/faults`, {
      method: 'PUT',
      body: JSON.stringify({
        rules: [
          { operation: 'suiteql', on: 1, do: '429' },
          { operation: 'suiteql', on: 2, do: 'html-503' },
        ],
      }),
    });
    const { items } = await sdk.suiteql<{ symbol: string }>(
      "SELECT symbol FROM currency WHERE symbol = 'USD'",
    );
    assert.equal(items[0]?.symbol, 'USD');
    await realFetch(`${netsuite.url}/_sim/faults`, { method: 'PUT', body: '{}' });
  });
});

describe('netsuite-rest', () => {
  const send = (method: string, path: string, body?: object) =>
    rest.request({ path, method, ...(body ? { body: JSON.stringify(body) } : {}) });

  test('creates, reads, changes and deletes an order, with query parameters in the signature', async () => {
    assert.equal((await send('POST', 'record/v1/salesOrder', anOrder('TBA-1'))).statusCode, 204);
    const read = await send('GET', 'record/v1/salesorder/eid:TBA-1?expandSubResources=true');
    assert.equal(read.data?.['total'], 5);
    assert.equal(
      (await send('PATCH', 'record/v1/salesOrder/eid:TBA-1', { memo: 'changed (yes!)' })).statusCode,
      204,
    );
    assert.equal((await send('GET', 'record/v1/salesOrder/eid:TBA-1')).data?.['memo'], 'changed (yes!)');
    const list = await send('GET', 'record/v1/salesOrder?limit=1&q=memo%20CONTAIN%20%22changed%22');
    assert.equal((list.data!['items'] as unknown[]).length, 1);
    assert.equal(
      (
        await send('PUT', 'record/v1/customer/eid:TBA-C1', {
          companyName: 'By token',
          subsidiary: id('subsidiaries', 'UK'),
        })
      ).statusCode,
      204,
    );
    assert.equal((await send('DELETE', 'record/v1/salesOrder/eid:TBA-1')).statusCode, 204);
  });

  test('queries with parameters, and transforms', async () => {
    const found = await send('POST', 'query/v1/suiteql?limit=2', {
      q: 'SELECT id, itemid FROM item WHERE itemid IN (?, ?) ORDER BY itemid',
      params: ['CD-1001', 'CD-1002'],
    });
    assert.deepEqual(
      (found.data!['items'] as { itemid: string }[]).map(({ itemid }) => itemid),
      ['CD-1001', 'CD-1002'],
    );
    await send('POST', 'record/v1/salesOrder', anOrder('TBA-2'));
    await send('POST', 'record/v1/salesOrder/eid:TBA-2/!transform/itemFulfillment', {
      shipStatus: { id: 'C' },
    });
    assert.equal(
      (await send('POST', 'record/v1/salesOrder/eid:TBA-2/!transform/invoice', {})).statusCode,
      204,
    );
  });

  test('a wrong token secret, realm or consumer is refused', async () => {
    const { tba } = netsuite.world;
    const right = {
      consumer_key: tba.consumerKey,
      consumer_secret_key: tba.consumerSecret,
      token: tba.tokenId,
      token_secret: tba.tokenSecret,
      realm: '1234567_SB1',
      base_url: netsuite.url,
    };
    for (const wrong of [{ token_secret: 'x' }, { realm: '7654321' }, { consumer_key: 'x' }, { token: 'x' }])
      await assert.rejects(
        new NetsuiteRest({ ...right, ...wrong }).request({ path: 'record/v1/customer/1' }),
        /401/,
      );
  });
});
