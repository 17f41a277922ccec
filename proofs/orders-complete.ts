// Every eligible order is in NetSuite exactly once, none that should not be, every total equal to the cent.
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

const count = full ? 5_000 : 1_500;
const world = await startWorld();
try {
  await world.post(`${world.amazon}/_sim/generate`, { count, spreadHours: 24 });
  const began = Date.now();
  await world.worker();
  const open = () =>
    world.count(
      "SELECT count(*) FROM sync_records WHERE state IN ('queued','running','waiting','verifying')",
    );
  await until(
    'every order is stored',
    120,
    async () => (await world.count('SELECT count(*) FROM sync_records')) >= count,
  );
  await until('the queue is empty', 120, async () => (await open()) === 0);
  const seconds = (Date.now() - began) / 1000;
  const orders = await truthOrders(world);
  const result = compare(orders, await truthDocuments(world), await unbookableSkus());
  const states = await world.query<{ state: string; n: string }>(
    'SELECT state, count(*) AS n FROM sync_records GROUP BY 1 ORDER BY 1',
  );
  const causes = await world.query<{ code: string; n: string }>(
    "SELECT problem->>'code' AS code, count(*) AS n FROM sync_records WHERE state = 'parked' GROUP BY 1",
  );
  console.log(
    `orders at Amazon ${orders.length}, eligible ${result.eligible}, exactly once ${result.once}, held for a true cause ${result.heldForReason}, ${seconds.toFixed(1)} s`,
  );
  console.log(
    `states ${states.map((row) => `${row.state} ${row.n}`).join(', ')}; parked for ${causes.map((row) => `${row.code} ${row.n}`).join(', ') || 'nothing'}`,
  );
  verdict('orders-complete', [
    ...(result.missing.length ? [`${result.missing.length} missing, e.g. ${result.missing[0]}`] : []),
    ...(result.doubled.length ? [`${result.doubled.length} doubled, e.g. ${result.doubled[0]}`] : []),
    ...(result.uninvited.length
      ? [`${result.uninvited.length} that should not be there, e.g. ${result.uninvited[0]}`]
      : []),
    ...(result.wrongTotal.length
      ? [`${result.wrongTotal.length} with another total, e.g. ${result.wrongTotal[0]}`]
      : []),
    ...causes
      .filter((row) => !['ITEM_UNKNOWN', 'ITEM_INACTIVE'].includes(row.code))
      .map((row) => `${row.n} parked for ${row.code}`),
  ]);
} finally {
  await world.close();
}
