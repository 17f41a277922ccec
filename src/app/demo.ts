// What does a newcomer see in the first minute? A seeded shop: simulated Amazon and NetSuite as processes of their own,
// connected like real accounts. Nothing here knows the simulators' code, only how to start and to read their ready line.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { saveConnectionRow } from '../connections/store.ts';
import { type Db, inTransaction, sql } from '../db/pool.ts';
import { saveFlowRow } from '../engine/tasks/store.ts';
import { generateCertificate } from '../erp/netsuite/certificate.ts';
import { saveLookupRow } from '../mapping/store.ts';
import type { Vault } from '../vault/vault.ts';
import { demoSettlementSettings } from './demo-settlements.ts';

const simFolder = fileURLToPath(new URL('../../sim/', import.meta.url));
const minuteMs = 60_000;
/** How long the demo shop has been selling when it is first seen. */
const historyDays = 28;

export interface DemoWorld {
  readonly amazonUrl: string;
  readonly netsuiteUrl: string;
  stop(): Promise<void>;
}

export interface DemoOptions {
  readonly dataDir: string;
  readonly timeScale: number;
  readonly timeOriginMs: number;
  readonly log: (line: string) => void;
}

export interface Ready {
  readonly url: string;
  readonly [name: string]: unknown;
}

/** The worlds are kept between starts, their ports are not: the connections are saved again each time. */
export async function startDemo(
  parts: { readonly db: Db; readonly vault: Vault; readonly now: Date },
  options: DemoOptions,
): Promise<DemoWorld> {
  const folder = join(options.dataDir, 'demo');
  await mkdir(folder, { recursive: true });
  const clock = [
    '--scale',
    String(options.timeScale),
    ...(options.timeOriginMs > 0 ? ['--origin', String(options.timeOriginMs)] : []),
  ];
  const [amazon, netsuite] = await Promise.all([
    startSimulator('sp-api', [
      '--data',
      join(folder, 'amazon'),
      '--orders-per-minute',
      '6',
      // Amazon takes minutes for a report; who tries the demo should not have to wait for them.
      '--report-seconds',
      '20',
      ...clock,
    ]),
    startSimulator('netsuite', [
      '--data',
      join(folder, 'netsuite'),
      '--warehouse-after-seconds',
      '45',
      ...clock,
    ]),
  ]);
  await connectDemo(parts, amazon.ready, netsuite.ready);
  return {
    amazonUrl: amazon.ready.url,
    netsuiteUrl: netsuite.ready.url,
    stop: async () => void (await Promise.all([stopSimulator(amazon.child), stopSimulator(netsuite.child)])),
  };
}

export async function startSimulator(
  name: string,
  args: readonly string[],
): Promise<{ child: ChildProcess; ready: Ready }> {
  // A process group of its own, so that Ctrl-C in the terminal reaches it only through us, after the work has ended; and a
  // pipe to us, whose end tells it when we were killed.
  const child = spawn(process.execPath, [join(simFolder, name, 'main.ts'), '--with-parent', ...args], {
    stdio: ['pipe', 'pipe', 'inherit'],
    detached: true,
  });
  const ready = await new Promise<Ready>((resolve, reject) => {
    child.once('exit', (code) =>
      reject(new Error(`The simulated ${name} ended at once (exit code ${code}).`)),
    );
    child.once('error', reject);
    createInterface({ input: child.stdout! }).on('line', (line) => {
      if (line.startsWith('{"ready"')) resolve(JSON.parse(line) as Ready);
    });
  });
  return { child, ready };
}

export async function stopSimulator(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  await ended;
}

/** Ids of records that settings point to, read from the simulated account as any set-up would. */
async function netsuiteIds(url: string): Promise<{ id(kind: string, name: string): string }> {
  const answer = await fetch(`${url}/_sim/directory`);
  const directory = (await answer.json()) as Record<string, Record<string, string>>;
  return {
    id(kind, name) {
      const id = directory[kind]?.[name];
      if (id === undefined) throw new Error(`The demo shop has no ${kind} “${name}”.`);
      return id;
    },
  };
}

async function connectDemo(
  { db, vault, now }: { readonly db: Db; readonly vault: Vault; readonly now: Date },
  amazon: Ready,
  netsuite: Ready,
): Promise<void> {
  const text = (value: unknown) => String(value);
  const known = await sql<{ id: string }>`SELECT id FROM connections WHERE id = 'netsuite-demo'`.execute(db);
  const certificate =
    known.rows.length === 0
      ? await generateCertificate({ commonName: 'crossdock-demo', notBefore: now })
      : undefined;
  const registered =
    certificate &&
    ((await (
      await fetch(`${netsuite.url}/_sim/certificates`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ pem: certificate.certificatePem }),
      })
    ).json()) as { kid: string; clientId: string });
  const netsuiteSettings = {
    accountId: text(netsuite['accountId']),
    auth: 'm2m',
    hostTemplate: netsuite.url,
    concurrencyMax: 4,
    ...(registered ? { clientId: registered.clientId, certificateId: registered.kid } : {}),
  };
  await inTransaction(db, async (tx) => {
    if (certificate)
      await saveConnectionRow(
        tx,
        vault,
        {
          id: 'netsuite-demo',
          side: 'erp',
          connector: 'netsuite',
          title: 'NetSuite (demo)',
          settings: netsuiteSettings,
          demo: true,
          secrets: { privateKeyPem: certificate.privateKeyPem },
        },
        now,
      );
    else
      await sql`UPDATE connections SET settings = settings || ${JSON.stringify({ hostTemplate: netsuite.url })}::jsonb, updated_at = ${now} WHERE id = 'netsuite-demo'`.execute(
        tx,
      );
    await saveConnectionRow(
      tx,
      vault,
      {
        id: 'amazon-demo',
        side: 'channel',
        connector: 'amazon',
        title: 'Amazon (demo)',
        demo: true,
        settings: {
          sellerId: text(amazon['sellerId']),
          region: 'na',
          marketplaceIds: ['ATVPDKIKX0DER', 'A1F83G8C2ARO7P'],
          baseUrl: amazon.url,
          tokenUrl: `${amazon.url}/auth/o2/token`,
          includePersonalData: true,
          notifications: {
            queueUrl: text(amazon['queueUrl']),
            awsRegion: text(amazon['awsRegion']),
            endpoint: amazon.url,
          },
        },
        secrets: {
          clientId: text(amazon['clientId']),
          clientSecret: text(amazon['clientSecret']),
          refreshToken: text(amazon['refreshToken']),
          awsAccessKeyId: text(amazon['awsAccessKeyId']),
          awsSecretAccessKey: text(amazon['awsSecretAccessKey']),
        },
      },
      now,
    );
    if (known.rows.length === 0) await saveDemoFlows(tx, netsuite.url, now);
  });
  // A busy day, so that there is something to see in the first minute, and four quieter weeks behind it.
  if (known.rows.length > 0) return;
  const generate = (orders: object) =>
    fetch(`${amazon.url}/_sim/generate`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(orders),
    });
  await generate({ count: 120, spreadHours: 20 });
  await generate({
    count: 40,
    spreadHours: (historyDays - 1) * 24,
    onlyKnownItems: true,
    mix: { 'fba-shipped': 60, 'mfn-shipped': 40 },
  });
}

async function saveDemoFlows(tx: Db, netsuiteUrl: string, now: Date): Promise<void> {
  const directory = await netsuiteIds(netsuiteUrl);
  const flow = (kind: string, settings: object) =>
    saveFlowRow(
      tx,
      {
        id: `amazon-demo:${kind}`,
        kind,
        channelConnectionId: 'amazon-demo',
        erpConnectionId: 'netsuite-demo',
        settings,
      },
      now,
    );
  await flow('orders.import', {
    ...demoOrderSettings(directory, now),
    // Four weeks of history, so that settlements lie ready; orders the marketplace ships are invoiced, to be paid by them.
    goLiveAt: new Date(now.getTime() - historyDays * 24 * 60 * minuteMs).toISOString(),
    backlogAfterHours: 720,
    marketplaceRecord: 'invoice',
    fulfilShippedMerchant: true,
  });
  await flow('settlements.import', { ...demoSettlementSettings(directory), discoverEverySeconds: 600 });
  await flow('returns.import', {
    startAt: new Date(now.getTime() - historyDays * 24 * 60 * minuteMs).toISOString(),
    locations: {
      ATVPDKIKX0DER: { sellable: directory.id('locations', 'Amazon FBA US') },
      A1F83G8C2ARO7P: { sellable: directory.id('locations', 'Amazon FBA UK') },
    },
  });
  await flow('shipments.export', {
    startAt: new Date(now.getTime() - 60 * minuteMs).toISOString(),
    everySeconds: 60,
    proofAfterMinutes: 1,
  });
  await flow('cancellations.export', {
    startAt: new Date(now.getTime() - 60 * minuteMs).toISOString(),
    reason: 'NoInventory',
  });
  await flow('stock.export', {
    locationIds: [directory.id('locations', 'Main Warehouse'), directory.id('locations', 'East Warehouse')],
  });
  const methods: readonly (readonly [string, string])[] = [
    ['STANDARD', 'UPS Ground'],
    ['EXPEDITED', 'FedEx 2Day'],
    ['SECOND_DAY', 'FedEx 2Day'],
    ['NEXT_DAY', 'FedEx 2Day'],
    ['*', 'USPS Priority'],
  ];
  for (const [service, method] of methods)
    await saveLookupRow(
      tx,
      'amazon-demo',
      {
        name: 'ship-method',
        key: service,
        value: directory.id('shipMethods', method),
        multiplier: 1,
        note: method,
      },
      'demo',
      now,
    );
  const aliases = (await (await fetch(`${netsuiteUrl}/_sim/aliases`)).json()) as readonly {
    sku: string;
    itemName: string;
    unitsPerSku: number;
  }[];
  for (const alias of aliases)
    await saveLookupRow(
      tx,
      'amazon-demo',
      { name: 'item-alias', key: alias.sku, value: alias.itemName, multiplier: alias.unitsPerSku, note: '' },
      'demo',
      now,
    );
}

/** The demo shop's answers to the questions that have no safe default. */
export function demoOrderSettings(directory: { id(kind: string, name: string): string }, now: Date): object {
  const market = (code: string, customer: string, subsidiary: string, fba: string) => ({
    code,
    customerId: directory.id('customers', customer),
    subsidiaryId: directory.id('subsidiaries', subsidiary),
    locationId: directory.id('locations', subsidiary === 'UK' ? 'UK Warehouse' : 'Main Warehouse'),
    marketplaceLocationId: directory.id('locations', fba),
  });
  return {
    goLiveAt: new Date(now.getTime() - 24 * 60 * minuteMs).toISOString(),
    backlogAfterHours: 48,
    sweepEverySeconds: 180,
    items: {
      discount: 'Amazon Discount',
      shipping: 'Amazon Shipping',
      shippingDiscount: 'Amazon Shipping Discount',
      giftWrap: 'Amazon Gift Wrap',
      otherCharge: 'Amazon Other Charge',
      tax: 'Amazon Marketplace Tax',
    },
    marketplaces: {
      ATVPDKIKX0DER: market('US', 'Amazon.com Marketplace', 'US', 'Amazon FBA US'),
      A1F83G8C2ARO7P: market('UK', 'Amazon.co.uk Marketplace', 'UK', 'Amazon FBA UK'),
    },
  };
}
