// How fast are orders imported beside a bare and a durable loop, in how much memory; with NetSuite limited; a backlog in virtual time (--full).
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { full, type ProofWorld, startWorld, truthDocuments, until, verdict } from './harness.ts';
import type { LoopTask, Template } from './import-rate/loop.ts';

const failures: string[] = [];
const fail = (broken: boolean, sentence: string) => {
  if (broken) failures.push(sentence);
};
const openRecords = (world: ProofWorld) =>
  world.count("SELECT count(*) FROM sync_records WHERE state IN ('queued','running','waiting','verifying')");
const round = (value: number, digits = 0) => value.toFixed(digits);

/** CPU seconds and peak memory of a process, from the kernel. */
function usage(pid: number): { cpu: number; peakMb: number } {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return {
    cpu: (Number(stat[11]) + Number(stat[12])) / 100,
    peakMb: Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024,
  };
}

interface Calls {
  readonly made: number;
  readonly refused: number;
}

async function calls(world: ProofWorld): Promise<Calls> {
  const { operations } = await world.get<{ operations: Record<string, { count: number; refused: number }> }>(
    `${world.netsuite}/_sim/calls`,
  );
  const all = Object.values(operations);
  return {
    made: all.reduce((sum, one) => sum + one.count, 0),
    refused: all.reduce((sum, one) => sum + one.refused, 0),
  };
}

interface Measured {
  readonly created: number;
  readonly seconds: number;
  readonly cpu: number;
}
interface Imported extends Measured, Calls {
  readonly peakMb: number;
}

/** A worker of its own takes all orders there are; measured from its first word to the last settled record. */
async function crossdock(world: ProofWorld, orders: number, patienceSeconds = 150): Promise<Imported> {
  const [before, callsBefore] = [(await truthDocuments(world)).length, await calls(world)];
  const worker = await world.worker();
  const began = Date.now();
  const stored = async () => (await world.count('SELECT count(*) FROM sync_records')) >= orders;
  await until('every order is stored', patienceSeconds, stored, 50);
  await until('the queue is empty', patienceSeconds, async () => (await openRecords(world)) === 0, 50);
  const seconds = (Date.now() - began) / 1000;
  const used = usage(worker.pid!);
  const ended = new Promise((resolve) => worker.once('exit', resolve));
  worker.kill('SIGKILL');
  await ended;
  const callsAfter = await calls(world);
  return {
    created: (await truthDocuments(world)).length - before,
    seconds,
    ...used,
    made: callsAfter.made - callsBefore.made,
    refused: callsAfter.refused - callsBefore.refused,
  };
}

/** The loop in a process of its own, as cold as the worker. */
async function loop(task: LoopTask): Promise<Measured> {
  const file = fileURLToPath(new URL('./import-rate/loop.ts', import.meta.url));
  const child = spawn(process.execPath, [file, JSON.stringify(task)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
  await new Promise((resolve) => child.once('exit', resolve));
  return JSON.parse(said) as Measured;
}

/** Tokens for the loops, got as anyone would get them, and documents as Crossdock sent them. */
async function loopTask(world: ProofWorld): Promise<Omit<LoopTask, 'prefix'>> {
  const { makeVault, loadMasterKeys } = await import('../src/vault/vault.ts');
  const vault = makeVault(await loadMasterKeys(world.dataDir, undefined));
  const rows = await world.query<{ connection_id: string; name: string; sealed: Buffer }>(
    'SELECT connection_id, name, sealed FROM access_tokens',
  );
  const token = (id: string) => {
    const row = rows.find((one) => one.connection_id === id)!;
    return vault.open(row.sealed, `token/${row.connection_id}/${row.name}`).toString();
  };
  const sent = await world.query<{ path: string; marketplace: string; body: Template['body'] }>(
    `SELECT regexp_replace(e.url, '^https?://[^/]+', '') AS path, r.marketplace, e.request->'body' AS body
    FROM exchanges e JOIN sync_records r ON r.id = e.record_id
    WHERE e.method = 'POST' AND e.url LIKE '%/record/v1/%' AND e.status = 204 ORDER BY length(e.request::text)`,
  );
  return {
    amazon: world.amazon,
    netsuite: world.netsuite,
    amazonToken: token('amazon-proof'),
    bearer: token('netsuite-proof'),
    templates: Object.fromEntries(
      sent.map(({ path, marketplace, body }) => [`${path.split('/').at(-1)}/${marketplace}`, { path, body }]),
    ),
  };
}

const rate = ({ created, seconds }: Measured) => created / seconds;
const told = (name: string, one: Measured) =>
  `${name} ${one.created} in ${round(one.seconds, 1)} s = ${round(rate(one))}/s, ${round(one.cpu, 1)} s CPU`;

/**
 * 1. Zero latency, quotas lifted. Warmed simulators; bare loop, Crossdock, bare loop, durable loop in turns, each in a
 * fresh process: what else the machine does, and simulators that grow, touch all of them alike.
 */
async function atZeroLatency(): Promise<void> {
  const orders = 5_000;
  const world = await startWorld();
  try {
    await world.post(`${world.amazon}/_sim/generate`, { count: 200, spreadHours: 24 });
    await crossdock(world, 200);
    const task = await loopTask(world);
    await loop({ ...task, prefix: 'L0-' });
    // The worker of this turn reads everything again from the go-live date, at once.
    await world.query('DELETE FROM cursors');
    await world.query("UPDATE flow_tasks SET next_at = now() WHERE task = 'sweep'");
    await world.post(`${world.amazon}/_sim/generate`, { count: orders, spreadHours: 24 });
    const before = await loop({ ...task, prefix: 'L1-' });
    const ours = await crossdock(world, orders + 200);
    const after = await loop({ ...task, prefix: 'L2-' });
    const durable = await loop({ ...task, prefix: 'L3-', databaseUrl: world.databaseUrl });
    const bare = (rate(before) + rate(after)) / 2;
    const ratio = rate(ours) / bare;
    console.log(`1. ${told('bare loop', before)}; again ${told('', after).trim()}`);
    console.log(`   ${told('durable loop', durable)}`);
    console.log(
      `   ${told('Crossdock', ours)}, ${ours.made} NetSuite calls, peak ${round(ours.peakMb)} MB; ratio to the bare loop ${round(ratio, 2)}, to the durable one ${round(rate(ours) / rate(durable), 2)}`,
    );
    fail(
      Math.min(before.created, after.created) < ours.created,
      `the bare loop created only ${before.created} and ${after.created} documents: the comparison is void`,
    );
    fail(ratio < 0.5, `ratio to the bare loop ${round(ratio, 2)}, aim 0.5`);
    fail(ours.peakMb > 200, `peak memory ${round(ours.peakMb)} MB, aim 200`);
  } finally {
    await world.close();
  }
}

/** 2. NetSuite allows 15 calls at once and takes 0.2 s for each. */
async function withNetSuiteLimited(): Promise<void> {
  const orders = full ? 3_000 : 1_800;
  const world = await startWorld({ netsuiteConcurrency: 15, netsuiteLatencyMs: 200, concurrencyMax: 15 });
  try {
    await world.post(`${world.amazon}/_sim/generate`, { count: orders, spreadHours: 24 });
    const ours = await crossdock(world, orders);
    const share = rate(ours) / (15 / 0.2);
    console.log(
      `2. NetSuite limited: ${ours.created} documents in ${round(ours.seconds, 1)} s = ${round(rate(ours), 1)}/s of 75/s possible (${round(share * 100)} %), refused ${ours.refused} of ${ours.made} calls`,
    );
    fail(share < 0.9, `${round(share * 100)} % of what NetSuite allows, aim 90 %`);
    fail(ours.refused > ours.made * 0.01, `${ours.refused} of ${ours.made} calls refused, aim 1 %`);
  } finally {
    await world.close();
  }
}

/** 3. A backlog of 10,000 orders under Amazon's real quotas, NetSuite at 1 s and 15 at once, in virtual time. */
async function backlogInVirtualTime(): Promise<void> {
  const orders = 10_000;
  const world = await startWorld({
    quotas: 'real',
    scale: 15,
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
    // The best route's floor: the order report, 10,000 orders, 15 calls of 1 s (limits-and-faults.md, simulated there).
    const floor = 14.2;
    console.log(
      `3. Backlog of ${orders}: ${round(minutes, 1)} virtual minutes; the best route's floor is ${floor} (${round(minutes / floor, 2)}×); documents ${(await truthDocuments(world)).length}`,
    );
    fail(minutes > floor * 1.3, `the backlog took ${round(minutes / floor, 2)} times the floor, aim 1.3`);
  } finally {
    await world.close();
  }
}

/** 4. The same program over ever more orders: its memory must not follow. */
async function memoryOverSize(): Promise<void> {
  const peaks = new Map<number, number>();
  for (const orders of [1_000, 10_000, 100_000]) {
    const world = await startWorld();
    try {
      for (let made = 0; made < orders; made += 10_000)
        await world.post(`${world.amazon}/_sim/generate`, {
          count: Math.min(orders, 10_000),
          spreadHours: 24,
        });
      const ours = await crossdock(world, orders, 1_200);
      peaks.set(orders, ours.peakMb);
      console.log(`4. ${told(`${orders} orders:`, ours)}, peak ${round(ours.peakMb)} MB`);
    } finally {
      await world.close();
    }
  }
  const growth = peaks.get(100_000)! / peaks.get(1_000)!;
  console.log(`   peak at 100,000 orders is ${round(growth, 2)} times that at 1,000`);
  fail(growth > 1.3, `memory grows ${round(growth, 2)} times from 1,000 to 100,000 orders, aim 1.3`);
  fail(peaks.get(100_000)! > 200, `peak memory at 100,000 orders ${round(peaks.get(100_000)!)} MB, aim 200`);
}

await atZeroLatency();
await withNetSuiteLimited();
if (full) {
  await backlogInVirtualTime();
  await memoryOverSize();
}
verdict('import-rate', failures);
