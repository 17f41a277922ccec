// What do journeys walk through? The whole program over both simulators in one process, with a database of its own and
// fast time; nothing of the program is replaced.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startNetSuite } from '../../sim/netsuite/server.ts';
import { startAmazon } from '../../sim/sp-api/server.ts';
import { buildApp } from '../../src/app/app.ts';
import { demoOrderSettings } from '../../src/app/demo.ts';
import { sql } from '../../src/db/pool.ts';
import { generateCertificate } from '../../src/erp/netsuite/certificate.ts';
import { testDatabase } from '../setup/database.ts';

type Json = Record<string, unknown>;

export interface JourneyOptions {
  /** Order settings that differ from the demo shop's. */
  readonly orders?: Json;
  readonly shipments?: Json;
  readonly cancellations?: Json;
  readonly amazon?: Json;
}

export interface JourneyItem {
  readonly id?: string;
  readonly sku: string;
  readonly quantity?: number;
  /** Extended price in cents. */
  readonly price: number;
  readonly tax?: number;
  readonly remitted?: boolean;
  readonly more?: Json;
}

export interface JourneyOrder {
  readonly id: string;
  readonly status?: string;
  readonly by?: 'MERCHANT' | 'AMAZON';
  readonly programs?: readonly string[];
  readonly items: readonly JourneyItem[];
  readonly packages?: readonly Json[];
  readonly more?: Json;
}

/** Virtual seconds to a real one. */
const scale = 30;
/** @public */
export const flowId = 'amazon-journey:orders.import';

export async function startJourney(options: JourneyOptions = {}) {
  const originMs = Date.now();
  const dataDir = mkdtempSync(join(tmpdir(), 'crossdock-journey-'));
  const [amazon, netsuite, database] = await Promise.all([
    startAmazon({ quotas: 'lifted', scale, origin: originMs, reportSeconds: 5 }),
    startNetSuite({ scale, originMs, concurrency: 50 }),
    testDatabase(),
  ]);
  const app = await buildApp(
    {
      databaseUrl: database.url,
      dataDir,
      host: '127.0.0.1',
      port: 0,
      publicUrl: undefined,
      masterKey: undefined,
      logLevel: process.env['JOURNEY_LOG'] === undefined ? 'silent' : 'info',
      url: undefined,
      token: undefined,
      workerId: 'journey',
      keepDays: { documents: 400, trail: 180 },
      timeScale: scale,
      timeOriginMs: originMs,
    },
    database.url,
  );
  const now = () => originMs + (Date.now() - originMs) * scale;
  const get = <Value>(path: string): Promise<Value> =>
    fetch(netsuite.url + path).then((answer) => answer.json()) as Promise<Value>;
  const certificate = await generateCertificate({
    commonName: 'crossdock-journey',
    notBefore: new Date(originMs - 3_600_000),
  });
  const { kid, clientId } = netsuite.world.registerCertificate(certificate.certificatePem);
  await app.operations.saveConnection(
    {
      id: 'netsuite-journey',
      connector: 'netsuite',
      title: 'NetSuite',
      settings: {
        accountId: netsuite.world.accountId,
        hostTemplate: netsuite.url,
        clientId,
        certificateId: kid,
        concurrencyMax: 15,
        fields: {
          purchaseOrder: 'custbody_mkt_po',
          vatNumber: 'custbody_mkt_vat',
          replaces: 'custbody_mkt_replaces',
          giftWrapLevel: 'custcol_mkt_gift_wrap',
        },
      },
      secrets: { privateKeyPem: certificate.privateKeyPem },
    },
    'test',
  );
  const { awsRegion, ...secrets } = amazon.credentials;
  const { sellerId, ...credentials } = secrets;
  await app.operations.saveConnection(
    {
      id: 'amazon-journey',
      connector: 'amazon',
      title: 'Amazon',
      settings: {
        sellerId,
        region: 'na',
        marketplaceIds: ['ATVPDKIKX0DER', 'A1F83G8C2ARO7P'],
        baseUrl: amazon.url,
        tokenUrl: `${amazon.url}/auth/o2/token`,
        notifications: { queueUrl: amazon.queueUrl, awsRegion, endpoint: amazon.url },
        ...options.amazon,
      },
      secrets: credentials,
    },
    'test',
  );
  for (const id of ['amazon-journey', 'netsuite-journey']) {
    const outcome = await app.operations.testConnection({ id });
    if (!outcome.ok) throw new Error(`${id}: ${outcome.problem.message}`);
  }
  const directory = await get<Record<string, Record<string, string>>>('/_sim/directory');
  const idOf = (kind: string, name: string) => directory[kind]?.[name] ?? '';
  const flow = (kind: string, settings: object) =>
    app.operations.saveFlow(
      { kind, channelConnectionId: 'amazon-journey', erpConnectionId: 'netsuite-journey', settings },
      'test',
    );
  await app.operations.saveLookup(
    'amazon-journey',
    { name: 'ship-method', key: '*', value: idOf('shipMethods', 'UPS Ground') },
    'test',
  );
  const settings = demoOrderSettings({ id: idOf }, new Date(originMs));
  const earlier = new Date(originMs - 3_600_000).toISOString();
  await flow('orders.import', { ...settings, sweepEverySeconds: 60, ...options.orders });
  await flow('shipments.export', {
    startAt: earlier,
    everySeconds: 30,
    proofAfterMinutes: 1,
    ...options.shipments,
  });
  await flow('cancellations.export', { startAt: earlier, reason: 'NoInventory', ...options.cancellations });
  await app.worker.start();

  return {
    amazon,
    netsuite,
    app,
    settings,
    now,
    get,
    idOf,
    post: <Value>(path: string, body: unknown): Promise<Value> =>
      fetch(netsuite.url + path, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      }).then((answer) => answer.json()) as Promise<Value>,
    /** Puts an order into Amazon's world as of now; its notice is sent. */
    place: (order: JourneyOrder) => amazon.world.save(amazonOrder(order, now()) as never),
    /** The order of Amazon's world, to be changed and saved again with `touch`. */
    amazonOrder: (id: string) => amazon.world.order(id) as unknown as Json & { orderItems: Json[] },
    touch: (order: Json) => amazon.world.touch(order as never),
    /** Asks for a task of a flow now. */
    run: (task: string, kind = 'orders.import') =>
      app.operations.runFlow(`amazon-journey:${kind}`, { task }, 'test'),
    async record(key: string, kind = 'orders.import') {
      const { rows } = await sql<{
        state: string;
        reason: string | null;
        remote_id: string | null;
        remote_kind: string | null;
        problem: { code: string; message: string } | null;
        applied: Json;
        labels: string[];
      }>`SELECT state, reason, remote_id, remote_kind, problem, applied, labels FROM sync_records
        WHERE flow_id = ${`amazon-journey:${kind}`} AND key LIKE ${`${key}%`} ORDER BY id LIMIT 1`.execute(
        app.db,
      );
      return rows[0];
    },
    async problems(code: string) {
      const { rows } = await sql<{ code: string; message: string; facts: Json; state: string }>`
        SELECT code, message, facts, state FROM problems WHERE code = ${code} ORDER BY id`.execute(app.db);
      return rows;
    },
    /** A document of NetSuite's world with its lines, by id or `eid:…`. */
    document: (id: string) => get<TruthDocument>(`/_sim/transactions/${id}`),
    async documentsOf(orderId: string) {
      const { items } = await get<{ items: TruthDocument[] }>('/_sim/transactions?limit=2000&after=0');
      return items.filter((one) => one.otherrefnum === orderId);
    },
    async until<Value>(what: string, check: () => Promise<Value | undefined | false>, seconds = 60) {
      const deadline = Date.now() + seconds * 1000;
      for (;;) {
        const value = await check();
        if (value !== undefined && value !== false) return value;
        if (Date.now() > deadline) throw new Error(`Not within ${seconds} s: ${what}.`);
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    },
    async close() {
      await app.close();
      await Promise.all([amazon.close(), netsuite.close()]);
      await database.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

export type Journey = Awaited<ReturnType<typeof startJourney>>;

export interface TruthDocument extends Json {
  readonly id: number;
  readonly type: string;
  readonly status: string;
  readonly externalid: string | null;
  readonly otherrefnum: string | null;
  readonly foreigntotal: string;
  readonly trandate: string;
  readonly lines: readonly (Json & { readonly quantity: number; readonly lineId: string | null })[];
}

const money = (minor: number) => ({ amount: (minor / 100).toFixed(2), currencyCode: 'USD' });

/** An order document as Amazon gives it, with nothing but what a journey is about. */
export function amazonOrder(order: JourneyOrder, nowMs: number): Json {
  const iso = (ms: number) => new Date(ms).toISOString();
  const status = order.status ?? 'UNSHIPPED';
  const items = order.items.map((item, index) => amazonItem(item, order.id, index, status));
  return {
    orderId: order.id,
    createdTime: iso(nowMs - 600_000),
    lastUpdatedTime: iso(nowMs - 1_000),
    programs: order.programs ?? [],
    salesChannel: {
      channelName: 'AMAZON',
      marketplaceId: 'ATVPDKIKX0DER',
      marketplaceName: 'Amazon.com',
    },
    buyer: { buyerName: 'Ada Example', buyerEmail: 'ada@marketplace.amazon.com' },
    recipient: {
      deliveryAddress: {
        name: 'Ada Example',
        addressLine1: '1 Main St',
        city: 'Austin',
        stateOrRegion: 'TX',
        postalCode: '78701',
        countryCode: 'US',
        addressType: 'RESIDENTIAL',
      },
    },
    proceeds: {
      grandTotal: money(order.items.reduce((sum, item) => sum + item.price + (item.tax ?? 0), 0)),
    },
    fulfillment: {
      fulfillmentStatus: status,
      fulfilledBy: order.by ?? 'MERCHANT',
      fulfillmentServiceLevel: 'STANDARD',
      shipByWindow: { earliestDateTime: iso(nowMs), latestDateTime: iso(nowMs + 48 * 3_600_000) },
    },
    orderItems: items,
    packages: order.packages ?? [],
    ...order.more,
  };
}

function amazonItem(item: JourneyItem, orderId: string, index: number, status: string): Json {
  const quantity = item.quantity ?? 1;
  const tax = item.tax ?? 0;
  return {
    orderItemId: item.id ?? `${orderId.replaceAll('-', '').slice(0, 13)}${index}`,
    quantityOrdered: quantity,
    product: {
      sellerSku: item.sku,
      asin: 'B000000000',
      title: `The ${item.sku}`,
      price: { unitPrice: money(Math.round(item.price / quantity)) },
    },
    proceeds: {
      proceedsTotal: money(item.price + tax),
      breakdowns: [
        { type: 'ITEM', subtotal: money(item.price) },
        ...(tax === 0
          ? []
          : [
              {
                type: 'TAX',
                subtotal: money(tax),
                detailedBreakdowns: [{ subtype: 'ITEM', value: money(tax) }],
              },
            ]),
      ],
    },
    fulfillment: {
      quantityFulfilled: status === 'SHIPPED' ? quantity : 0,
      quantityUnfulfilled: status === 'SHIPPED' ? 0 : quantity,
    },
    ...(tax > 0 && (item.remitted ?? true)
      ? {
          tax: {
            taxCollections: [{ model: 'MARKETPLACE_FACILITATOR', responsibleParty: 'Amazon Services, Inc.' }],
          },
        }
      : {}),
    ...item.more,
  };
}
