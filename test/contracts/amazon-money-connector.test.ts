// Does the connector read settlements, transactions and returns to the cent, with requests that keep to Amazon's models?
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type AmazonSimulator, startAmazon } from '../../sim/sp-api/server.ts';
import { parseExact, toTransaction } from '../../src/channels/amazon/finances.ts';
import { amazon } from '../../src/channels/amazon/index.ts';
import { returnsOf } from '../../src/channels/amazon/returns.ts';
import { amazonSecrets, amazonSettings } from '../../src/channels/amazon/settings.ts';
import type { ChannelSession, SettlementListing } from '../../src/channels/channel.ts';
import type { FinanceTransaction } from '../../src/core/settlement.ts';
import type { OutboundRequest } from '../../src/http/tools.ts';
import { judgeRequests, recordingTools } from './recorded-requests.ts';
import { contractsMissing } from './spapi-models.ts';

const dayMs = 86_400_000;
const sent: OutboundRequest<string>[] = [];
let simulator: AmazonSimulator;
let session: ChannelSession;

before(async () => {
  simulator = await startAmazon({ quotas: 'lifted', reportSeconds: 0, seed: 'connector' });
  simulator.world.generate({ count: 500, spreadHours: 24 * 80 });
  const { clientId, clientSecret, refreshToken, sellerId } = simulator.credentials;
  session = amazon.open(
    amazonSettings.parse({
      sellerId,
      region: 'na',
      marketplaceIds: ['ATVPDKIKX0DER', 'A1F83G8C2ARO7P'],
      baseUrl: simulator.url,
      tokenUrl: `${simulator.url}/auth/o2/token`,
    }),
    amazonSecrets.parse({ clientId, clientSecret, refreshToken }),
    recordingTools(sent),
  );
});
after(async () => {
  if (!contractsMissing) judgeRequests(sent, simulator.url);
  await simulator.close();
});

const control = async <T>(path: string): Promise<T> =>
  (await (await fetch(`${simulator.url}/_sim${path}`)).json()) as T;

test('every settlement that lies ready is read, and sums to the truth', async () => {
  const { items } = await control<{ items: { id: string; total: number; rows: number }[] }>('/settlements');
  const reports: SettlementListing[] = [];
  let page: string | undefined;
  do {
    const got = await session.settlements!.list({
      from: new Date(Date.now() - 300 * dayMs),
      ...(page ? { page } : {}),
    });
    reports.push(...got.reports);
    page = got.nextPage;
  } while (page !== undefined);
  const read = new Set<string>();
  for (const report of reports) {
    const reading = await session.settlements!.read(await session.settlements!.open(report));
    let rows = 0;
    let sum = 0;
    for await (const batch of reading.batches)
      for (let index = 0; index < batch.length; index++) {
        rows++;
        sum += batch.minorAt(index);
      }
    const truth = items.find((one) => one.id === reading.header.settlementId)!;
    assert.deepEqual([rows, sum, Number(reading.header.total.minor)], [truth.rows, truth.total, truth.total]);
    read.add(truth.id);
  }
  assert.equal(read.size, items.length);
});

test('transactions sum to what was earned, once those that were released are left to their releases', async () => {
  const all: FinanceTransaction[] = [];
  let page: string | undefined;
  do {
    const got = await session.finances!.transactions({
      from: new Date(Date.now() - 120 * dayMs),
      ...(page ? { page } : {}),
    });
    all.push(...got.transactions);
    page = got.nextPage;
  } while (page !== undefined);
  const { markets } = await control<{
    markets: { marketplaceId: string; earned: number; deferred: number }[];
  }>('/money');
  const late = await control<{ items: { orderId: string }[] }>('/orders?limit=1');
  assert.ok(late.items.length > 0);
  for (const market of markets) {
    const own = all.filter((one) => one.marketplaceId === market.marketplaceId);
    const counted = own.filter((one) => one.releaseTransactionId === undefined);
    const sum = counted.reduce((total, one) => total + Number(one.total.minor), 0);
    // Some sales of the last two days do not show yet.
    assert.ok(sum <= market.earned && sum > market.earned * 0.9, `${sum} of ${market.earned}`);
    for (const one of own)
      assert.equal(
        one.breakdowns.reduce((total, part) => total + part.amount.minor, 0n),
        one.total.minor,
      );
  }
  const one = all.find((transaction) => transaction.orderId)!;
  const ofOrder = await session.finances!.ofOrder(one.orderId!);
  assert.ok(ofOrder.some((other) => other.id === one.id));
});

test('amounts keep the digits that were sent', () => {
  const answer = parseExact(
    '{"transactionId":"a","postedDate":"2026-01-01T00:00:00Z","totalAmount":{"currencyCode":"USD","currencyAmount":-1.205E+2}}',
  );
  assert.equal(toTransaction(answer as never).total.minor, -12050n);
});

test('returns are read from both reports, equal rows apart', async () => {
  const source = session.returns!;
  const to = new Date(Date.now() - 60_000);
  const ticket = await source.request('marketplace', new Date(to.getTime() - 100 * dayMs), to);
  const state = await source.state(ticket);
  const keys = new Set<string>();
  for await (const batch of source.read('marketplace', state.documentId!))
    for (const item of batch) keys.add(item.key);
  const truth = await control<{ byAmazon: unknown[] }>('/returns');
  assert.equal(keys.size, truth.byAmazon.length);
  const row = ['2026-11-01', '111', 'A', '2'].join('\t');
  const text = `return request date\torder id\tmerchant sku\treturn quantity\n${row}\n${row}\n`;
  const [batch] = [...returnsOf('merchant', text)];
  assert.equal(new Set(batch!.map((item) => item.key)).size, 2);
  assert.throws(() => [...returnsOf('merchant', text.replace('\t2\n', '\tmany\n'))], /quantity of “many”/);
});
