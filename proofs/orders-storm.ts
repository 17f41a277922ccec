// Refused, failed and lost answers, broken connections, and the process killed twenty times: the same result as in calm.
import {
  compare,
  full,
  startWorld,
  truthDocuments,
  truthOrders,
  unbookableSkus,
  until,
  verdict,
} from './harness.ts';

const count = full ? 5_000 : 1_000;
const kills = full ? 20 : 8;
const world = await startWorld();
try {
  await world.post(`${world.amazon}/_sim/generate`, { count, spreadHours: 24 });
  const rates = {
    '429': 0.05,
    '500-before': 0.02,
    '500-after': 0.02,
    'reset-before': 0.01,
    'reset-after': 0.01,
    truncate: 0.005,
    'html-503': 0.005,
    'expired-token': 0.002,
  };
  await world.post(`${world.netsuite}/_sim/faults`, { rates, slowMs: 500 }, 'PUT');
  await world.post(`${world.amazon}/_sim/faults`, { rates: { ...rates, '429': 0.02 }, slowMs: 500 }, 'PUT');
  const random = (low: number, high: number) => low + Math.floor(Math.random() * (high - low));
  let worker = await world.worker();
  for (let kill = 0; kill < kills; kill++) {
    await new Promise((resolve) => setTimeout(resolve, random(150, 900)));
    const ended = new Promise((resolve) => worker.once('exit', resolve));
    worker.kill('SIGKILL');
    await ended;
    worker = await world.worker();
  }
  // Faults stop, everything drains (limits-and-faults.md, I10).
  await world.post(`${world.netsuite}/_sim/faults`, {}, 'PUT');
  await world.post(`${world.amazon}/_sim/faults`, {}, 'PUT');
  await world.query("UPDATE flow_tasks SET next_at = now() WHERE task = 'sweep'");
  const open = () =>
    world.count(
      "SELECT count(*) FROM sync_records WHERE state IN ('queued','running','waiting','verifying')",
    );
  await until(
    'every order is stored',
    60,
    async () => (await world.count('SELECT count(*) FROM sync_records')) >= count,
  );
  await until('the queue is empty', 90, async () => (await open()) === 0);
  const result = compare(await truthOrders(world), await truthDocuments(world), await unbookableSkus());
  const causes = await world.query<{ code: string; n: string }>(
    "SELECT problem->>'code' AS code, count(*) AS n FROM sync_records WHERE state = 'parked' GROUP BY 1",
  );
  const faults = await world.get<{ injected: { total: number } }>(`${world.netsuite}/_sim/faults`);
  const more = await world.get<{ injected: { total: number } }>(`${world.amazon}/_sim/faults`);
  console.log(
    `orders ${count}, kills ${kills}, faults injected ${faults.injected.total + more.injected.total}, eligible ${result.eligible}, exactly once ${result.once}; parked for ${causes.map((row) => `${row.code} ${row.n}`).join(', ') || 'nothing'}`,
  );
  verdict('orders-storm', [
    ...(result.missing.length ? [`${result.missing.length} missing, e.g. ${result.missing[0]}`] : []),
    ...(result.doubled.length ? [`${result.doubled.length} doubled, e.g. ${result.doubled[0]}`] : []),
    ...(result.uninvited.length
      ? [`${result.uninvited.length} that should not be there, e.g. ${result.uninvited[0]}`]
      : []),
    ...(result.wrongTotal.length ? [`${result.wrongTotal.length} with another total`] : []),
    ...causes
      .filter((row) => !['ITEM_UNKNOWN', 'ITEM_INACTIVE'].includes(row.code))
      .map((row) => `${row.n} parked for ${row.code}`),
  ]);
} finally {
  await world.close();
}
