// Order documents that Amazon itself published go by file import and through the simulator into NetSuite, or are parked for a true reason.
import { spawn } from 'node:child_process';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startWorld, truthDocuments, until, verdict } from './harness.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const samples = process.env['CROSSDOCK_SAMPLES'] ?? join(root, '../shared/samples');
if (!existsSync(samples)) {
  console.log(`Amazon's sample documents are not at ${samples}; set CROSSDOCK_SAMPLES.`);
  console.log('VERDICT amazon-documents: skipped, no samples');
  process.exit(0);
}
interface Sample {
  readonly orderId: string;
  readonly lastUpdatedTime: string;
  readonly createdTime: string;
  readonly salesChannel: { readonly marketplaceId: string };
  readonly proceeds: { readonly grandTotal: { readonly amount: string; readonly currencyCode: string } };
  readonly fulfillment: { readonly fulfillmentStatus: string; readonly fulfilledBy: string };
  readonly orderItems: readonly {
    readonly product: { readonly sellerSku: string };
    readonly proceeds?: {
      readonly breakdowns?: readonly {
        readonly type: string;
        readonly subtotal: { readonly amount: string };
      }[];
    };
    readonly tax?: { readonly taxCollections?: readonly unknown[] };
  }[];
}
const orders: Sample[] = globSync(join(samples, 'amazon-orders/*.json'))
  .sort()
  .flatMap((file) => {
    const { response } = JSON.parse(readFileSync(file, 'utf8')) as {
      response: { order?: Sample; orders?: Sample[] };
    };
    return response.orders ?? (response.order ? [response.order] : []);
  });
const markets = [...new Set(orders.map((order) => order.salesChannel.marketplaceId))];
const world = await startWorld();
try {
  // The samples are of 2024 and 2025, sold by other shops: every SKU is an alias of an item of the demo shop, and each
  // marketplace gets a customer that accepts its currency and dates sales by import, since old periods may be closed.
  const directory = await world.get<Record<string, Record<string, string>>>(
    `${world.netsuite}/_sim/directory`,
  );
  const settings = (
    await world.query<{ settings: { marketplaces: Record<string, object> } }>(
      "SELECT settings FROM flows WHERE kind = 'orders.import'",
    )
  )[0]!.settings;
  const other = directory['customers']!['Amazon Marketplace (other)']!;
  const us = settings.marketplaces['ATVPDKIKX0DER'] as Record<string, unknown>;
  for (const market of markets)
    settings.marketplaces[market] = { ...us, code: market.slice(0, 4), customerId: other };
  await world.query(
    `UPDATE flows SET settings = '${JSON.stringify({ ...settings, goLiveAt: '2024-01-01T00:00:00Z', merchantDate: 'imported' }).replaceAll("'", "''")}'`,
  );
  for (const sku of new Set(
    orders.flatMap((order) => order.orderItems.map((item) => item.product.sellerSku)),
  ))
    await world.query(
      `INSERT INTO lookups (connection_id, name, key, value, multiplier, note, updated_by, updated_at) VALUES ('amazon-proof', 'item-alias', '${sku}', 'CD-1001', 1, '', 'proof', now()) ON CONFLICT DO NOTHING`,
    );

  // First half through the simulator (one by one, as a person asks for an order), the other half by file.
  const [bySim, byFile] = [
    orders.filter((_, index) => index % 2 === 0),
    orders.filter((_, index) => index % 2 === 1),
  ];
  for (const order of bySim) {
    await world.post(`${world.amazon}/_sim/orders`, order);
    await world.query(
      `INSERT INTO fetches (flow_id, key, reason, priority, due_at, wanted_since) VALUES ('amazon-proof:orders.import', '${order.orderId}', 'asked', 0, now(), now())`,
    );
  }
  const server = spawn(process.execPath, [join(root, 'src/main.ts'), 'serve', '--port', '0'], {
    env: world.env,
    stdio: 'ignore',
  });
  await world.worker();
  const access = async () =>
    JSON.parse(readFileSync(join(world.dataDir, 'first-run.json'), 'utf8')) as { url: string; token: string };
  await until(
    'the API answers',
    20,
    async () =>
      existsSync(join(world.dataDir, 'first-run.json')) &&
      (await fetch(`${(await access()).url}/api/v1/health`).catch(() => ({ ok: false }))).ok,
  );
  const { url, token } = await access();
  const post = async (path: string, body: unknown) =>
    (
      await fetch(`${url}/api/v1${path}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      })
    ).json() as Promise<Record<string, unknown>>;
  const flowId = 'amazon-proof:orders.import';
  const dry = (await post('/orders/plan', { flowId, text: JSON.stringify(byFile) })) as {
    plans: { decision: string }[];
  };
  await post('/orders/import', { flowId, text: JSON.stringify(byFile) });
  // Two answers of the old Orders API that belong to different orders: each half is refused for what it lacks.
  const old = ['orders-getOrder', 'orders-getOrderItems'].map((name) =>
    readFileSync(join(samples, `amazon-responses/${name}.json`), 'utf8'),
  );
  const refusals = [];
  for (const text of old)
    refusals.push(
      (await post('/orders/plan', { flowId, text })) as { plans?: { reason?: string }[]; title?: string },
    );
  await until(
    'every document is through',
    30,
    async () =>
      (await world.count("SELECT count(*) FROM sync_records WHERE state IN ('done','parked','skipped')")) >=
      orders.length,
  );
  server.kill('SIGKILL');

  const documents = new Map(
    (await truthDocuments(world)).map((document) => [document.otherrefnum, document]),
  );
  const states = new Map(
    (
      await world.query<{ key: string; state: string; problem: { code: string } | null }>(
        'SELECT key, state, problem FROM sync_records',
      )
    ).map((row) => [row.key, row]),
  );
  const failures: string[] = [];
  for (const order of orders) {
    const document = documents.get(order.orderId);
    const remitted = order.orderItems.reduce(
      (sum, item) =>
        sum +
        (item.tax?.taxCollections?.length
          ? Number(item.proceeds?.breakdowns?.find((one) => one.type === 'TAX')?.subtotal.amount ?? 0)
          : 0),
      0,
    );
    const { amount, currencyCode } = order.proceeds.grandTotal;
    const state = states.get(order.orderId);
    console.log(
      `${order.orderId} ${amount} ${currencyCode} → ${document ? `${document.type} ${document.foreigntotal} ${document.currency}` : `${state?.state} ${state?.problem?.code ?? ''}`}`,
    );
    if (!document)
      failures.push(`${order.orderId} is not in NetSuite (${state?.state} ${state?.problem?.code ?? ''})`);
    else if (
      Number(document.foreigntotal) !== Number(amount) - remitted ||
      document.currency !== currencyCode
    )
      failures.push(`${order.orderId} has another total`);
  }
  for (const refusal of refusals) {
    const reason = refusal.plans?.[0]?.reason ?? refusal.title ?? '';
    console.log(`old API: ${reason}`);
    if (!/without the|not switched on|not set up/.test(reason))
      failures.push(`an incomplete document of the old API was not refused with its reason: ${reason}`);
  }
  if (dry.plans.some((plan) => plan.decision !== 'create'))
    failures.push(`the dry run would not create: ${dry.plans.map((plan) => plan.decision).join(', ')}`);
  verdict('amazon-documents', failures);
} finally {
  await world.close();
}
