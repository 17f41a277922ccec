// One `serve` and two `worker` on one database: both work, one is killed without warning, and nothing is lost or doubled.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { sql } from '../../src/db/pool.ts';
import { processesOf } from './processes.ts';
import { flowId, type Journey, startJourney, type TruthDocument } from './world.ts';

const orders = 600;

describe('two workers and a server on one database', () => {
  let world: Journey;
  let processes: ReturnType<typeof processesOf>;
  before(async () => {
    world = await startJourney({ amazon: { notifications: undefined } });
    // The journey's own worker makes room for processes.
    await world.app.worker.stop();
    processes = processesOf(world);
  });
  after(async () => {
    await processes?.close();
    await world.close();
  });

  const holders = async () =>
    (
      await sql<{
        holder: string;
      }>`SELECT DISTINCT lease_by AS holder FROM sync_records WHERE state = 'running'`.execute(world.app.db)
    ).rows.map((row) => row.holder);
  const states = async () =>
    Object.fromEntries(
      (
        await sql<{
          state: string;
          n: number;
        }>`SELECT state, count(*)::int AS n FROM sync_records WHERE flow_id = ${flowId} GROUP BY state`.execute(
          world.app.db,
        )
      ).rows.map((row) => [row.state, row.n]),
    );

  test('both take records; when one is killed the other takes over, and every order is written once', async () => {
    const [one, server] = await Promise.all([
      processes.worker('one'),
      processes.serve(),
      processes.worker('two'),
    ]);
    world.amazon.world.generate({ count: orders, spreadHours: 0.1 });
    await world.run('sweep');
    const seen = new Set<string>();
    await world.until('both hold records', async () => {
      for (const holder of await holders()) seen.add(holder);
      return seen.has('one') && seen.has('two');
    });
    await world.until('the first holds records at the moment it is killed', async () =>
      (await holders()).includes('one'),
    );
    await one.stop('SIGKILL');
    assert.ok((await holders()).includes('one'), 'it died with records in its hands');
    await world.until(
      'the other finishes all',
      async () => {
        const { done = 0, skipped = 0, parked = 0, ...open } = await states();
        return done + skipped + parked >= orders && Object.keys(open).length === 0;
      },
      120,
    );
    assert.deepEqual(await holders(), []);
    const answer = await fetch(`${server.url}/api/v1/overview`, {
      headers: { authorization: `Bearer ${server.token}` },
    });
    assert.equal(answer.status, 200);

    const { rows } = await sql<{
      key: string;
    }>`SELECT key FROM sync_records WHERE flow_id = ${flowId} AND state = 'done'`.execute(world.app.db);
    const { items } = await world.get<{ items: TruthDocument[] }>('/_sim/transactions?limit=2000&after=0');
    const written = items.filter(
      (item) => item.type === 'SalesOrd' || item.type === 'CustInvc' || item.type === 'CashSale',
    );
    const perOrder = Map.groupBy(written, (item) => `${item.otherrefnum}/${item.type}`);
    assert.deepEqual(
      [...perOrder].filter(([, documents]) => documents.length > 1).map(([name]) => name),
      [],
    );
    const known = new Set(written.map((item) => item.otherrefnum));
    assert.deepEqual(
      rows.map((row) => row.key).filter((key) => !known.has(key)),
      [],
    );
    assert.ok(rows.length > orders / 2, `${rows.length} of ${orders} were written`);
  });
});
