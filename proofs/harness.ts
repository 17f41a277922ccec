// What do proofs stand on? Simulators and workers as real processes, a database of their own, and the simulators' own
// word about what happened. The code under proof is only started and killed here, never asked.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { nodeFlags } from '../scripts/node-flags.mjs';
import { buildApp } from '../src/app/app.ts';
import { readConfig } from '../src/app/config.ts';
import { demoOrderSettings } from '../src/app/demo.ts';
import { demoSettlementSettings } from '../src/app/demo-settlements.ts';
import type { Operations } from '../src/app/operations.ts';
import { startEmbeddedPostgres } from '../src/db/embedded.ts';
import { generateCertificate } from '../src/erp/netsuite/certificate.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
export const full = process.argv.includes('--full');

export interface WorldOptions {
  readonly quotas?: 'real' | 'lifted';
  readonly scale?: number;
  readonly netsuiteConcurrency?: number;
  readonly netsuiteLatencyMs?: number;
  readonly concurrencyMax?: number;
  readonly warehouseAfterSeconds?: number;
  readonly reportSeconds?: number;
  /** How long NetSuite's query index does not show what was just written. */
  readonly suiteqlLagMs?: number;
  /** Order settings that differ from the demo shop's. */
  readonly orders?: object;
  /** Who remits the tax of orders that come by report. */
  readonly reportTax?: 'remitted' | 'owed' | 'ask';
  readonly shipments?: boolean;
  readonly notifications?: boolean;
  /** Settings of the stock flow that differ from its defaults; absent: stock is not sent. */
  readonly stock?: object;
  /** Settlements are booked, with settings that differ from the demo shop's. */
  readonly settlements?: object;
  /** The world begins this many days ago; needs a scale above 1, since its clock then catches up with ours. */
  readonly startsDaysAgo?: number;
}

export interface ProofWorld {
  readonly amazon: string;
  readonly netsuite: string;
  readonly databaseUrl: string;
  readonly dataDir: string;
  readonly env: NodeJS.ProcessEnv;
  /** Now in the simulated worlds, in ms. */
  now(): number;
  worker(id?: string): Promise<ChildProcess>;
  get<Value>(url: string): Promise<Value>;
  post<Value>(url: string, body: unknown, method?: string): Promise<Value>;
  count(sql: string): Promise<number>;
  query<Row extends pg.QueryResultRow>(sql: string): Promise<Row[]>;
  /** What a person does in the console, through the program's own operations. */
  asPerson<Value>(act: (operations: Operations) => Promise<Value>): Promise<Value>;
  close(): Promise<void>;
}

export async function startWorld(options: WorldOptions = {}): Promise<ProofWorld> {
  const dataDir = mkdtempSync(join(tmpdir(), 'crossdock-proof-'));
  const scale = options.scale ?? 1;
  // Time runs `scale` times as fast since the origin, so an origin that lies ahead makes a world that is behind.
  const origin = Date.now() + ((options.startsDaysAgo ?? 0) * 86_400_000) / Math.max(scale - 1, 1e-9);
  const clock = scale === 1 ? [] : ['--scale', String(scale), '--origin', String(origin)];
  const flag = (name: string, value: unknown) => (value === undefined ? [] : [`--${name}`, String(value)]);
  const [amazon, netsuite, database] = await Promise.all([
    simulator('sp-api', [
      '--quotas',
      options.quotas ?? 'lifted',
      ...flag('report-seconds', options.reportSeconds),
      ...clock,
    ]),
    simulator('netsuite', [
      ...flag('concurrency', options.netsuiteConcurrency ?? 50),
      ...flag('latency-ms', options.netsuiteLatencyMs),
      ...flag('suiteql-lag-ms', options.suiteqlLagMs),
      ...flag('warehouse-after-seconds', options.warehouseAfterSeconds),
      ...clock,
    ]),
    startEmbeddedPostgres({ dataDir }),
  ]);
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    CROSSDOCK_DATA: dataDir,
    DATABASE_URL: database.url,
    CROSSDOCK_LOG_LEVEL: process.env['PROOF_LOG'] ?? 'silent',
    CROSSDOCK_TIME_SCALE: String(scale),
    CROSSDOCK_TIME_ORIGIN_MS: String(scale === 1 ? 0 : origin),
  };
  const pool = new pg.Pool({ connectionString: database.url, max: 2 });
  // The server goes away at the end; a connection that is idle then is no failure of the proof.
  pool.on('error', () => undefined);
  const children = new Set<ChildProcess>([amazon.child, netsuite.child]);
  const world: ProofWorld = {
    amazon: amazon.ready.url,
    netsuite: netsuite.ready.url,
    databaseUrl: database.url,
    dataDir,
    env,
    now: () => (scale === 1 ? Date.now() : origin + (Date.now() - origin) * scale),
    async worker(id = 'proof-worker') {
      const child = spawn(process.execPath, [...nodeFlags, join(root, 'src/main.ts'), 'worker'], {
        env: { ...env, CROSSDOCK_WORKER_ID: id },
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      children.add(child);
      await firstLine(child, 'worker', '{"working"');
      return child;
    },
    get: (url) => fetch(url).then((answer) => answer.json()) as never,
    post: (url, body, method = 'POST') =>
      fetch(url, {
        method,
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      }).then((answer) => answer.json()) as never,
    count: async (sql) => Number(Object.values((await pool.query(sql)).rows[0] as object)[0]),
    query: async (sql) => (await pool.query(sql)).rows as never,
    async asPerson(act) {
      const saved = { ...process.env };
      Object.assign(process.env, env);
      const app = await buildApp(readConfig(), database.url);
      Object.assign(process.env, saved);
      try {
        return await act(app.operations);
      } finally {
        await app.close();
      }
    },
    async close() {
      for (const child of children) child.kill('SIGKILL');
      await pool.end();
      await database.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
  try {
    await connect(world, options, { amazon: amazon.ready, netsuite: netsuite.ready });
    return world;
  } catch (error) {
    await world.close();
    throw error;
  }
}

type Ready = { readonly url: string } & Readonly<Record<string, unknown>>;

async function simulator(
  name: string,
  args: readonly string[],
): Promise<{ child: ChildProcess; ready: Ready }> {
  const child = spawn(process.execPath, [join(root, 'sim', name, 'main.ts'), ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return { child, ready: JSON.parse(await firstLine(child, name, '{"ready"')) as Ready };
}

function firstLine(child: ChildProcess, name: string, start: string): Promise<string> {
  return new Promise((resolve, reject) => {
    child.once('exit', (code, signal) => reject(new Error(`${name} ended at once (${code ?? signal}).`)));
    const lines = createInterface({ input: child.stdout! });
    lines.on('line', (line) => {
      if (line.startsWith(start)) resolve(line);
    });
  });
}

/** Makes the two connections and the flows as an owner would, through the program's own operations. */
async function connect(
  world: ProofWorld,
  options: WorldOptions,
  ready: { amazon: Ready; netsuite: Ready },
): Promise<void> {
  const saved = { ...process.env };
  Object.assign(process.env, world.env);
  const app = await buildApp(readConfig(), world.databaseUrl);
  Object.assign(process.env, saved);
  const now = new Date(world.now());
  const certificate = await generateCertificate({
    commonName: 'crossdock-proof',
    notBefore: new Date(now.getTime() - 3_600_000),
  });
  const { kid, clientId } = await world.post<{ kid: string; clientId: string }>(
    `${world.netsuite}/_sim/certificates`,
    { pem: certificate.certificatePem },
  );
  const text = (value: unknown) => String(value);
  const { amazon, netsuite } = ready;
  await app.operations.saveConnection(
    {
      id: 'netsuite-proof',
      connector: 'netsuite',
      title: 'NetSuite',
      settings: {
        accountId: text(netsuite['accountId']),
        hostTemplate: world.netsuite,
        clientId,
        certificateId: kid,
        concurrencyMax: options.concurrencyMax ?? 15,
      },
      secrets: { privateKeyPem: certificate.privateKeyPem },
    },
    'proof',
  );
  await app.operations.saveConnection(
    {
      id: 'amazon-proof',
      connector: 'amazon',
      title: 'Amazon',
      settings: {
        sellerId: text(amazon['sellerId']),
        region: 'na',
        marketplaceIds: ['ATVPDKIKX0DER', 'A1F83G8C2ARO7P'],
        baseUrl: world.amazon,
        tokenUrl: `${world.amazon}/auth/o2/token`,
        ...(options.notifications
          ? {
              notifications: {
                queueUrl: text(amazon['queueUrl']),
                awsRegion: text(amazon['awsRegion']),
                endpoint: world.amazon,
              },
            }
          : {}),
      },
      secrets: Object.fromEntries(
        ['clientId', 'clientSecret', 'refreshToken', 'awsAccessKeyId', 'awsSecretAccessKey'].map((name) => [
          name,
          text(amazon[name]),
        ]),
      ),
    },
    'proof',
  );
  for (const id of ['amazon-proof', 'netsuite-proof']) {
    const outcome = await app.operations.testConnection({ id });
    if (!outcome.ok) throw new Error(`${id}: ${outcome.problem.message}`);
  }
  const directory = await world.get<Record<string, Record<string, string>>>(
    `${world.netsuite}/_sim/directory`,
  );
  const lookup = { id: (kind: string, name: string) => directory[kind]?.[name] ?? '' };
  const flow = (kind: string, settings: object) =>
    app.operations.saveFlow(
      { kind, channelConnectionId: 'amazon-proof', erpConnectionId: 'netsuite-proof', settings },
      'proof',
    );
  for (const alias of await world.get<{ sku: string; itemName: string; unitsPerSku: number }[]>(
    `${world.netsuite}/_sim/aliases`,
  ))
    await app.operations.saveLookup(
      'amazon-proof',
      { name: 'item-alias', key: alias.sku, value: alias.itemName, multiplier: alias.unitsPerSku },
      'proof',
    );
  await app.operations.saveLookup(
    'amazon-proof',
    { name: 'ship-method', key: '*', value: lookup.id('shipMethods', 'UPS Ground') },
    'proof',
  );
  const demo = demoOrderSettings(lookup, now) as { marketplaces: Record<string, object> };
  if (options.reportTax)
    for (const [id, market] of Object.entries(demo.marketplaces))
      demo.marketplaces[id] = { ...market, reportTax: options.reportTax };
  await flow('orders.import', {
    ...demo,
    goLiveAt: new Date(now.getTime() - 27 * 3_600_000).toISOString(),
    backlogAfterHours: 48,
    sweepEverySeconds: 60,
    ...options.orders,
  });
  if (options.settlements)
    await flow('settlements.import', { ...demoSettlementSettings(lookup), ...options.settlements });
  if (options.shipments)
    await flow('shipments.export', {
      startAt: new Date(now.getTime() - 3_600_000).toISOString(),
      everySeconds: 30,
      proofAfterMinutes: 1,
    });
  if (options.stock)
    await flow('stock.export', { locationIds: [lookup.id('locations', 'Main Warehouse')], ...options.stock });
  await app.close();
}

export interface TruthOrder {
  readonly kind: string;
  readonly orderId: string;
  readonly createdTime: string;
  readonly salesChannel: { readonly channelName: string };
  readonly proceeds?: { readonly grandTotal?: { readonly amount: string; readonly currencyCode: string } };
  readonly fulfillment: { readonly fulfillmentStatus: string; readonly fulfilledBy: string };
  readonly orderItems: readonly {
    readonly orderItemId: string;
    readonly quantityOrdered: number;
    readonly product: { readonly sellerSku: string };
    readonly proceeds?: {
      readonly breakdowns: readonly {
        readonly type: string;
        readonly subtotal: { readonly amount: string };
      }[];
    };
    readonly tax?: { readonly taxCollections?: readonly unknown[] };
  }[];
  readonly packages?: readonly { readonly packageReferenceId: string; readonly trackingNumber: string }[];
}

/** Every order that Amazon has. */
export async function truthOrders(world: ProofWorld): Promise<TruthOrder[]> {
  const all: TruthOrder[] = [];
  for (let after: string | null = ''; after !== null; ) {
    const page: { items: TruthOrder[]; next: string | null } = await world.get(
      `${world.amazon}/_sim/orders?limit=2000&after=${encodeURIComponent(after)}`,
    );
    all.push(...page.items);
    after = page.next;
  }
  return all;
}

export interface TruthDocument {
  readonly id: number;
  readonly type: string;
  readonly externalid: string | null;
  readonly otherrefnum: string | null;
  readonly foreigntotal: string;
  readonly currency: string;
  readonly status: string;
  readonly lines: readonly {
    readonly item: string;
    readonly quantity: number;
    readonly lineId: string | null;
  }[];
}

/** Every sales document that NetSuite has. */
export async function truthDocuments(world: ProofWorld): Promise<TruthDocument[]> {
  const all: TruthDocument[] = [];
  for (let after: number | null = 0; after !== null; ) {
    const page: { items: TruthDocument[]; next: number | null } = await world.get(
      `${world.netsuite}/_sim/transactions?limit=2000&after=${after}`,
    );
    all.push(...page.items);
    after = page.next;
  }
  return all.filter((document) => ['SalesOrd', 'CashSale', 'CustInvc'].includes(document.type));
}

const cents = (text: string): number => Math.round(Number(text) * 100);

/** Compares both worlds: which eligible orders are missing, doubled, uninvited or of another total. Independent of src/. */
export function compare(
  orders: readonly TruthOrder[],
  documents: readonly TruthDocument[],
  unknownSkus: ReadonlySet<string>,
) {
  const byOrder = new Map<string, TruthDocument[]>();
  for (const document of documents)
    byOrder.set(document.otherrefnum ?? '', [...(byOrder.get(document.otherrefnum ?? '') ?? []), document]);
  const result = {
    eligible: 0,
    once: 0,
    missing: [] as string[],
    doubled: [] as string[],
    uninvited: [] as string[],
    wrongTotal: [] as string[],
    heldForReason: 0,
    /** Cancelled at Amazon, yet open in NetSuite. */
    resurrected: [] as string[],
  };
  const known = new Set(orders.map((order) => order.orderId));
  for (const order of orders) {
    const { fulfillmentStatus: status, fulfilledBy } = order.fulfillment;
    const merchant = fulfilledBy === 'MERCHANT';
    const wanted =
      order.salesChannel.channelName === 'AMAZON' &&
      (merchant ? ['UNSHIPPED', 'PARTIALLY_SHIPPED', 'SHIPPED'].includes(status) : status === 'SHIPPED');
    const found = byOrder.get(order.orderId) ?? [];
    // A SKU that NetSuite lacks, or has made inactive, is a true cause to hold an order.
    const held = order.orderItems.some(
      (item) => item.quantityOrdered > 0 && unknownSkus.has(item.product.sellerSku),
    );
    if (found.length > 1) result.doubled.push(order.orderId);
    if (status === 'CANCELLED')
      for (const document of found)
        if (document.type === 'SalesOrd' && !['C', 'H'].includes(document.status))
          result.resurrected.push(order.orderId);
    if (!wanted || held) {
      if (held && wanted) result.heldForReason++;
      if (found.length > 0 && !(status === 'CANCELLED')) result.uninvited.push(order.orderId);
      continue;
    }
    result.eligible++;
    if (found.length === 0) result.missing.push(order.orderId);
    if (found.length !== 1) continue;
    result.once++;
    const remitted = order.orderItems.reduce(
      (sum, item) =>
        sum +
        (item.tax?.taxCollections?.length
          ? cents(item.proceeds?.breakdowns.find((one) => one.type === 'TAX')?.subtotal.amount ?? '0')
          : 0),
      0,
    );
    const total = order.proceeds?.grandTotal;
    if (
      !total ||
      cents(found[0]!.foreigntotal) !== cents(total.amount) - remitted ||
      found[0]!.currency !== total.currencyCode
    )
      result.wrongTotal.push(order.orderId);
  }
  for (const reference of byOrder.keys()) if (!known.has(reference)) result.uninvited.push(reference);
  return result;
}

/** SKUs of the demo shop that no order can be booked with: absent, or inactive in NetSuite. */
export async function unbookableSkus(): Promise<ReadonlySet<string>> {
  const { makeShop } = await import('../sim/shop.ts');
  const shop = makeShop(1);
  return new Set([...shop.unknownSkus, ...shop.items.filter((item) => !item.active).map((item) => item.sku)]);
}

/** Waits until `check` holds; fails with its last word after `seconds`. */
export async function until(
  what: string,
  seconds: number,
  check: () => Promise<boolean>,
  everyMs = 200,
): Promise<void> {
  const deadline = Date.now() + seconds * 1000;
  while (!(await check())) {
    if (Date.now() > deadline) throw new Error(`Not within ${seconds} s: ${what}.`);
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
}

/** Prints the verdict last; a proof that falls short exits with 1. */
export function verdict(name: string, failures: readonly string[]): void {
  console.log(
    failures.length === 0
      ? `VERDICT ${name}: holds`
      : `VERDICT ${name}: FALLS SHORT\n  ${failures.join('\n  ')}`,
  );
  process.exitCode = failures.length === 0 ? 0 : 1;
}
