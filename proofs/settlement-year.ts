// A demo year of settlements posts and certifies with no hand, through faults and kill -9; the books tie to the cent.
// Judged by the simulated Amazon’s own sums and the simulated NetSuite’s trial balance, over two marketplaces.
import type { ChildProcess } from 'node:child_process';
import { full, type ProofWorld, startWorld, until, verdict } from './harness.ts';

interface Settlement {
  readonly id: string;
  readonly currency: 'USD' | 'GBP';
  readonly endsMs: number;
  readonly total: number;
  readonly reserve: number;
  readonly rows: number;
  readonly byClass: Readonly<Record<string, number>>;
}

/** Class of the simulated Amazon → account of the simulated NetSuite that must hold its sum, with the other sign. */
const accountOf: Readonly<Record<string, string>> = {
  returns: 'Sales Returns',
  chargebacks: 'Sales Returns',
  'referral-fees': 'Marketplace Fees',
  'fulfilment-fees': 'FBA Fulfilment Fees',
  'shipping-chargeback': 'Shipping Fees of Marketplaces',
  'other-fees': 'Other Marketplace Fees',
  storage: 'FBA Storage',
  subscription: 'Marketplace Subscription',
  advertising: 'Marketplace Advertising',
  'promotion-fees': 'Coupons and Deals',
  inbound: 'Inbound Freight',
  removal: 'Removal and Disposal',
  postage: 'Postage',
  reimbursements: 'FBA Reimbursements',
  'other-income': 'Other Marketplace Income',
  liquidation: 'Other Marketplace Income',
  loan: 'Amazon Capital Loan',
  reserve: 'Amazon Reserve',
};
const dayMs = 86_400_000;
const began = Date.now();
// The whole year: twenty-six fortnights of both marketplaces. Quick: what lies ready after six weeks.
const [days, ordersPerFortnight, fortnights] = full ? [365, 60, 26] : [44, 18, 0];
const scale = full ? 30 : 20;
const world = await startWorld({
  scale,
  startsDaysAgo: full ? days : 0,
  orders: {
    goLiveAt: new Date(began - (days + 60) * dayMs).toISOString(),
    marketplaceRecord: 'invoice',
    fulfilShippedMerchant: true,
    backlogAfterHours: 48,
  },
  settlements: { discoverEverySeconds: 60 },
  reportSeconds: 1,
});
const kills = { count: 0 };

const control = <Value>(path: string) => world.get<Value>(`${world.amazon}/_sim/${path}`);
const settlements = async () => (await control<{ items: Settlement[] }>('settlements')).items;
const generate = (spreadDays: number, count: number) =>
  world.post(`${world.amazon}/_sim/generate`, {
    count,
    spreadHours: spreadDays * 24,
    onlyKnownItems: true,
    mix: { 'mfn-shipped': 40, 'fba-shipped': 56, 'non-amazon': 4 },
  });
const faults = (rates: object) =>
  Promise.all(
    [world.amazon, world.netsuite].map((url) => world.post(`${url}/_sim/faults`, { rates }, 'PUT')),
  );
const done = () =>
  world.count(
    "SELECT count(*) FROM sync_records WHERE flow_id LIKE '%settlements.import' AND state = 'done'",
  );
const stop = (worker: ChildProcess, signal: NodeJS.Signals) =>
  new Promise((resolve) => {
    worker.once('exit', resolve);
    worker.kill(signal);
  });

/** Waits until every settlement told so far is done; problems that only a person could solve end the wait. */
async function settled(seconds: number): Promise<void> {
  const expected = (await settlements()).filter((one) => one.endsMs + 4 * 3_600_000 < now(world)).length;
  await until(`${expected} settlements are booked`, seconds, async () => (await done()) >= expected);
}
let ahead = 0;
const now = (of: ProofWorld) => of.now() + ahead;

/** Moves both worlds on, and starts the program again in the new time. */
async function moveOn(worker: ChildProcess, by: number): Promise<ChildProcess> {
  await stop(worker, 'SIGKILL');
  kills.count++;
  for (const url of [world.amazon, world.netsuite]) await world.post(`${url}/_sim/clock`, { advanceMs: by });
  ahead += by;
  world.env['CROSSDOCK_TIME_ORIGIN_MS'] = String(
    Number(world.env['CROSSDOCK_TIME_ORIGIN_MS']) - by / (scale - 1),
  );
  return world.worker();
}

const rates = {
  '429': 0.03,
  '500-before': 0.01,
  '500-after': 0.02,
  'reset-before': 0.01,
  'reset-after': 0.01,
  'html-503': 0.005,
};
try {
  await generate(full ? 14 : days, full ? ordersPerFortnight : ordersPerFortnight * 3);
  await faults(rates);
  let worker = await world.worker();
  // Killed in the middle: some postings are booked, the settlement is not done.
  if (!full) {
    await until('some postings are booked', 40, async () => {
      const booked = await world.count("SELECT count(*) FROM settlement_postings WHERE state = 'booked'");
      return booked >= 12;
    });
    await stop(worker, 'SIGKILL');
    kills.count++;
    worker = await world.worker();
    await settled(40);
  }
  for (let round = 0; round < fortnights; round++) {
    worker = await moveOn(worker, 14 * dayMs);
    await generate(13, ordersPerFortnight);
    await new Promise((resolve) => setTimeout(resolve, 500 + Math.random() * 1_500));
    await stop(worker, 'SIGKILL');
    kills.count++;
    worker = await world.worker();
    await settled(120);
  }
  await faults({});
  await settled(30);
  await report();
} catch (error) {
  await explain();
  verdict('settlement-year', [error instanceof Error ? error.message : String(error)]);
} finally {
  await world.close();
}

/** What holds the settlements that are not done. */
async function explain(): Promise<void> {
  const states = await world.query<{ flow_id: string; state: string; why: string; n: string }>(
    `SELECT flow_id, state, COALESCE(problem->>'message', reason, '') AS why, count(*) AS n FROM sync_records
     WHERE state <> 'done' GROUP BY 1, 2, 3 ORDER BY 1, 2`,
  );
  for (const row of states) console.log(`${row.flow_id} ${row.state} ${row.n}: ${row.why}`);
  const postings = await world.query<{ state: string; why: string; n: string }>(
    "SELECT state, COALESCE(reason->>'message', '') AS why, count(*) AS n FROM settlement_postings WHERE state <> 'booked' GROUP BY 1, 2 LIMIT 20",
  );
  for (const row of postings) console.log(`postings ${row.state} ${row.n}: ${row.why}`);
}

async function report(): Promise<void> {
  const all = (await settlements()).filter((one) => one.endsMs + 4 * 3_600_000 < now(world));
  const failures: string[] = [];
  const expect = (what: string, found: number, wanted: number) => {
    if (found !== wanted)
      failures.push(`${what}: ${(found / 100).toFixed(2)}, should be ${(wanted / 100).toFixed(2)}`);
  };
  const ids = await world.get<{ subsidiaries: Record<string, string> }>(`${world.netsuite}/_sim/directory`);
  for (const [currency, subsidiary, suffix] of [
    ['USD', 'US', ''],
    ['GBP', 'UK', ' UK'],
  ] as const) {
    const own = all.filter((one) => one.currency === currency);
    const { accounts } = await world.get<{ accounts: { name: string; balance: string }[] }>(
      `${world.netsuite}/_sim/trial-balance?subsidiary=${ids.subsidiaries[subsidiary]}`,
    );
    const balance = (name: string) =>
      Math.round(Number(accounts.find((one) => one.name === name)?.balance ?? 0) * 100);
    expect(`${currency} clearing`, balance(`Amazon Clearing${suffix}`), 0);
    const paid = own.reduce((sum, one) => sum + Math.max(0, one.total), 0);
    const owed = own.reduce((sum, one) => sum + Math.min(0, one.total), 0);
    expect(`${currency} bank`, balance(`Operating Bank${suffix}`), paid);
    expect(`${currency} owed to Amazon`, balance('Amazon Charges Card'), owed);
    const wanted = new Map<string, number>();
    for (const one of own)
      for (const [name, minor] of Object.entries(one.byClass)) {
        const account = accountOf[name];
        if (account) wanted.set(account, (wanted.get(account) ?? 0) - minor);
      }
    for (const [account, minor] of wanted) expect(`${currency} ${account}`, balance(account), minor);
    expect(
      `${currency} all accounts`,
      accounts.reduce((sum, one) => sum + Math.round(Number(one.balance) * 100), 0),
      0,
    );
    console.log(
      `${currency}: ${own.length} settlements, ${own.reduce((sum, one) => sum + one.rows, 0)} rows, ${own.filter((one) => one.total < 0).length} negative, bank ${(balance(`Operating Bank${suffix}`) / 100).toFixed(2)}, clearing ${(balance(`Amazon Clearing${suffix}`) / 100).toFixed(2)}`,
    );
  }
  const certified = await world.count(
    'SELECT count(DISTINCT settlement_id) FROM settlement_certificates WHERE issued',
  );
  if (certified < all.length) failures.push(`${certified} of ${all.length} settlements are certified`);
  const doubles = await world.get<{ externalIds: unknown[]; orders: unknown[] }>(
    `${world.netsuite}/_sim/creations?doubles=true`,
  );
  if (doubles.externalIds.length > 0)
    failures.push(`${doubles.externalIds.length} documents were made twice`);
  const stuck = await world.query<{ code: string; n: string }>(
    "SELECT problem->>'code' AS code, count(*) AS n FROM sync_records WHERE state = 'parked' GROUP BY 1",
  );
  for (const row of stuck) failures.push(`${row.n} records wait for a person: ${row.code}`);
  const injected = await Promise.all(
    [world.amazon, world.netsuite].map(async (url) => {
      const { injected: of } = await world.get<{ injected: { total: number } }>(`${url}/_sim/faults`);
      return of.total;
    }),
  );
  const postings = await world.count('SELECT count(*) FROM settlement_postings');
  console.log(
    `${all.length} settlements certified ${certified}, ${postings} postings, faults injected ${injected[0]! + injected[1]!}, kill -9 ${kills.count} times, ${((Date.now() - began) / 1000).toFixed(1)} s`,
  );
  verdict('settlement-year', failures);
}
