// How fast are orders imported, beside a bare loop and a minimal durable one; with NetSuite limited; a backlog in virtual time (--full).
import { readFileSync } from 'node:fs';
import pg from 'pg';
import { Agent, request } from 'undici';
import { full, type ProofWorld, startWorld, truthDocuments, until, verdict } from './harness.ts';

const failures: string[] = [];
const count = full ? 5_000 : 2_000;
const openRecords = (world: ProofWorld) =>
  world.count("SELECT count(*) FROM sync_records WHERE state IN ('queued','running','waiting','verifying')");

/** CPU seconds and peak memory of a process, from the kernel. */
function usage(pid: number): { cpu: number; peakMb: number } {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return {
    cpu: (Number(stat[11]) + Number(stat[12])) / 100,
    peakMb: Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024,
  };
}

async function crossdock(world: ProofWorld, orders: number) {
  const worker = await world.worker();
  const began = Date.now();
  await until(
    'every order is stored',
    150,
    async () => (await world.count('SELECT count(*) FROM sync_records')) >= orders,
  );
  await until('the queue is empty', 600, async () => (await openRecords(world)) === 0);
  const seconds = (Date.now() - began) / 1000;
  const { cpu, peakMb } = usage(worker.pid!);
  return { seconds, cpu, peakMb, worker };
}

interface Door {
  readonly amazon: string;
  readonly netsuite: string;
  readonly amazonToken: string;
  readonly bearer: string;
}

/** Tokens for the loops, got as anyone would get them. */
async function door(world: ProofWorld): Promise<Door> {
  const { makeVault, loadMasterKeys } = await import('../src/vault/vault.ts');
  const vault = makeVault(await loadMasterKeys(world.dataDir, undefined));
  const rows = await world.query<{ connection_id: string; name: string; sealed: Buffer }>(
    'SELECT connection_id, name, sealed FROM access_tokens',
  );
  const token = (id: string) => {
    const row = rows.find((one) => one.connection_id === id)!;
    return vault.open(row.sealed, `token/${row.connection_id}/${row.name}`).toString();
  };
  return {
    amazon: world.amazon,
    netsuite: world.netsuite,
    amazonToken: token('amazon-proof'),
    bearer: token('netsuite-proof'),
  };
}

/** The same calls without any of the rest: search pages, one look-up per 100 orders, one create each, 15 at a time. */
async function loop(
  { amazon, netsuite, amazonToken, bearer }: Door,
  durable: pg.Pool | undefined,
): Promise<{ created: number; seconds: number }> {
  const dispatcher = new Agent({ connections: 64 });
  const send = async (
    method: 'GET' | 'POST',
    url: string,
    headers: Record<string, string>,
    body?: unknown,
  ) => {
    const answer = await request(url, {
      method,
      headers,
      body: body === undefined ? null : JSON.stringify(body),
      dispatcher,
    });
    const text = await answer.body.text();
    return { status: answer.statusCode, body: text === '' ? {} : JSON.parse(text) };
  };
  const began = Date.now();
  const prefix = `L${durable ? 'D' : 'B'}`;
  const headers = {
    authorization: `Bearer ${bearer}`,
    'content-type': 'application/json',
    prefer: 'transient',
  };
  let created = 0;
  let token: string | undefined;
  do {
    const query = new URLSearchParams({
      lastUpdatedAfter: '2026-01-01T00:00:00Z',
      includedData: 'BUYER,RECIPIENT,PROCEEDS,EXPENSE,PROMOTION,CANCELLATION,FULFILLMENT,PACKAGES,TAX',
      ...(token ? { paginationToken: token } : {}),
    });
    const page = (
      await send('GET', `${amazon}/orders/2026-01-01/orders?${query}`, { 'x-amz-access-token': amazonToken })
    ).body;
    token = page.pagination?.nextToken;
    const orders = page.orders.filter(
      (order: {
        fulfillment: { fulfillmentStatus: string; fulfilledBy: string };
        salesChannel: { channelName: string };
      }) =>
        order.salesChannel.channelName === 'AMAZON' &&
        (order.fulfillment.fulfillmentStatus === 'SHIPPED' ||
          (order.fulfillment.fulfilledBy === 'MERCHANT' &&
            order.fulfillment.fulfillmentStatus.includes('SHIPPED'))),
    );
    await send('POST', `${netsuite}/services/rest/query/v1/suiteql?limit=1000`, headers, {
      q: `SELECT id, externalid FROM transaction WHERE externalid IN (${orders.map(() => '?').join(',')})`,
      params: orders.map((order: { orderId: string }) => prefix + order.orderId),
    });
    const queue = [...orders];
    await Promise.all(
      Array.from({ length: 15 }, async () => {
        for (let order = queue.pop(); order; order = queue.pop()) {
          if (durable)
            await durable.query('INSERT INTO loop_journal (key, document) VALUES ($1, $2)', [
              order.orderId,
              JSON.stringify(order),
            ]);
          const us = order.salesChannel.marketplaceId === 'ATVPDKIKX0DER';
          const body = {
            externalId: prefix + order.orderId,
            entity: { id: us ? '1' : '2' },
            otherRefNum: `${prefix}${order.orderId}`,
            orderStatus: { id: 'A' },
            item: {
              items: order.orderItems.map(
                (item: { quantityOrdered: number; proceeds: { proceedsTotal: { amount: string } } }) => ({
                  item: { id: loopItem },
                  quantity: item.quantityOrdered,
                  price: { id: '-1' },
                  amount: Number(item.proceeds.proceedsTotal.amount),
                }),
              ),
            },
          };
          const answer = await send('POST', `${netsuite}/services/rest/record/v1/salesOrder`, headers, {
            ...body,
            entity: { id: us ? customers.us : customers.uk },
          });
          if (answer.status === 204) created++;
          if (durable)
            await durable.query("UPDATE loop_journal SET state = 'done' WHERE key = $1", [order.orderId]);
        }
      }),
    );
  } while (token);
  await dispatcher.close();
  return { created, seconds: (Date.now() - began) / 1000 };
}

let loopItem = '';
const customers = { us: '', uk: '' };

// 1. Zero latency, quotas lifted.
{
  const world = await startWorld();
  try {
    await world.post(`${world.amazon}/_sim/generate`, { count, spreadHours: 24 });
    const ours = await crossdock(world, count);
    const created = (await truthDocuments(world)).length;
    ours.worker.kill('SIGKILL');
    const calls = await world.get<{ operations: Record<string, { count: number }> }>(
      `${world.netsuite}/_sim/calls`,
    );
    const callCount = Object.values(calls.operations).reduce((sum, one) => sum + one.count, 0);
    const directory = await world.get<Record<string, Record<string, string>>>(
      `${world.netsuite}/_sim/directory`,
    );
    customers.us = directory['customers']!['Amazon.com Marketplace']!;
    customers.uk = directory['customers']!['Amazon.co.uk Marketplace']!;
    const sample = await world.query<{ body: { item: { items: { item: { id: string } }[] } } }>(
      "SELECT request->'body' AS body FROM exchanges WHERE method = 'POST' AND url LIKE '%/record/v1/%' AND status = 204 LIMIT 1",
    );
    loopItem = sample[0]!.body.item.items[0]!.item.id;
    const keys = await door(world);
    const pool = new pg.Pool({ connectionString: world.databaseUrl, max: 15 });
    pool.on('error', () => undefined);
    await pool.query(
      "CREATE TABLE loop_journal (key text PRIMARY KEY, document jsonb NOT NULL, state text NOT NULL DEFAULT 'sent')",
    );
    const bare = await loop(keys, undefined);
    const durable = await loop(keys, pool);
    await pool.end();
    const rate = created / ours.seconds;
    const bareRate = bare.created / bare.seconds;
    console.log(
      `1. Crossdock ${created} documents in ${ours.seconds.toFixed(1)} s = ${rate.toFixed(0)}/s, ${callCount} NetSuite calls, ${ours.cpu.toFixed(1)} s CPU, peak ${ours.peakMb.toFixed(0)} MB`,
    );
    console.log(
      `   bare loop ${bare.created} in ${bare.seconds.toFixed(1)} s = ${bareRate.toFixed(0)}/s; durable loop ${durable.created} in ${durable.seconds.toFixed(1)} s = ${(durable.created / durable.seconds).toFixed(0)}/s; ratio to bare ${(rate / bareRate).toFixed(2)}, to durable ${(rate / (durable.created / durable.seconds)).toFixed(2)}`,
    );
    if (bare.created < created * 0.8)
      failures.push(`the bare loop created only ${bare.created}: the comparison is void`);
    if (rate / bareRate < 0.5)
      failures.push(`ratio to the bare loop ${(rate / bareRate).toFixed(2)}, aim 0.5`);
    if (ours.peakMb > 200) failures.push(`peak memory ${ours.peakMb.toFixed(0)} MB, aim 200`);
  } finally {
    await world.close();
  }
}

// 2. NetSuite allows 15 calls at once and takes 0.2 s for each.
{
  const orders = full ? 3_000 : 1_800;
  const world = await startWorld({ netsuiteConcurrency: 15, netsuiteLatencyMs: 200, concurrencyMax: 15 });
  try {
    await world.post(`${world.amazon}/_sim/generate`, { count: orders, spreadHours: 24 });
    const { seconds, worker } = await crossdock(world, orders);
    worker.kill('SIGKILL');
    const created = (await truthDocuments(world)).length;
    const calls = await world.get<{ operations: Record<string, { count: number; refused: number }> }>(
      `${world.netsuite}/_sim/calls`,
    );
    const made = Object.values(calls.operations).reduce((sum, one) => sum + one.count, 0);
    const refused = Object.values(calls.operations).reduce((sum, one) => sum + one.refused, 0);
    const share = created / seconds / (15 / 0.2);
    console.log(
      `2. NetSuite limited: ${created} documents in ${seconds.toFixed(1)} s = ${(created / seconds).toFixed(1)}/s of 75/s possible (${(share * 100).toFixed(0)} %), refused ${refused} of ${made} calls`,
    );
    if (share < 0.9) failures.push(`${(share * 100).toFixed(0)} % of what NetSuite allows, aim 90 %`);
    if (refused > made * 0.01) failures.push(`${refused} of ${made} calls refused, aim 1 %`);
  } finally {
    await world.close();
  }
}

// 3. A backlog of 10,000 orders under Amazon's real quotas, NetSuite at 1 s and 15 at once, in virtual time.
if (full) {
  const orders = 10_000;
  const scale = 15;
  const world = await startWorld({
    quotas: 'real',
    scale,
    netsuiteConcurrency: 15,
    netsuiteLatencyMs: 1_000,
    concurrencyMax: 15,
    reportSeconds: 180,
    orders: { backlogAfterHours: 6, goLiveAt: new Date(Date.now() - 29 * 86_400_000).toISOString() },
  });
  try {
    await world.post(`${world.amazon}/_sim/generate`, {
      count: orders,
      spreadHours: 600,
      mix: { 'fba-shipped': 70, 'mfn-shipped': 17, 'mfn-unshipped': 9, pending: 2, cancelled: 2 },
    });
    const began = world.now();
    const worker = await world.worker();
    await until(
      'the backlog is stored',
      900,
      async () => (await world.count('SELECT count(*) FROM sync_records')) >= orders,
    );
    await until(
      'the backlog is through',
      900,
      async () =>
        (await openRecords(world)) === 0 && (await world.count('SELECT count(*) FROM fetches')) === 0,
    );
    const minutes = (world.now() - began) / 60_000;
    worker.kill('SIGKILL');
    const floor = 14.2;
    console.log(
      `3. Backlog of ${orders}: ${minutes.toFixed(1)} virtual minutes; the best route's floor is ${floor} (${(minutes / floor).toFixed(2)}×); documents ${(await truthDocuments(world)).length}`,
    );
    if (minutes > floor * 1.3)
      failures.push(`the backlog took ${(minutes / floor).toFixed(2)} times the floor, aim 1.3`);
  } finally {
    await world.close();
  }
}
verdict('import-rate', failures);
