import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { testDatabase } from '../../../../test/setup/database.ts';
import { type Db, sql } from '../../../db/pool.ts';
import type { RecordFilter } from '../../contract/records.ts';
import { countRecords, eachPage, listRecords, neighboursOf } from './store.ts';

const start = new Date('2026-11-01T00:00:00Z');
const now = new Date('2026-11-20T00:00:00Z');

async function fill(db: Db): Promise<void> {
  await sql`INSERT INTO connections (id, side, connector, title, settings, secrets, state, created_at, updated_at) VALUES
    ('shop', 'channel', 'amazon', 'Shop', '{}', 'x', 'active', ${now}, ${now}), ('books', 'erp', 'netsuite', 'Books', '{}', 'x', 'active', ${now}, ${now})`.execute(
    db,
  );
  await sql`INSERT INTO flows (id, kind, channel_connection_id, erp_connection_id, settings, state, created_at, updated_at)
    SELECT 'shop:' || kind, kind, 'shop', 'books', '{}', 'active', ${now}, ${now} FROM unnest(ARRAY['orders.import', 'shipments.export']) kind`.execute(
    db,
  );
  await sql`INSERT INTO sync_records (flow_id, key, version, state, due_at, external_id, remote_id, marketplace, fulfilled_by, labels, placed_at, ship_by_at, done_at, created_at, updated_at)
    SELECT CASE WHEN n % 4 = 0 THEN 'shop:shipments.export' ELSE 'shop:orders.import' END, '100-' || lpad(n::text, 4, '0'), ${start},
      (ARRAY['done', 'done', 'parked', 'skipped', 'queued'])[1 + n % 5], ${start}, 'XD-' || n, (5000 + n)::text, CASE WHEN n % 4 <> 0 THEN (ARRAY['US', 'UK'])[1 + n % 2] END, 'merchant',
      CASE WHEN n % 7 = 0 THEN ARRAY['gift'] ELSE '{}' END, CASE WHEN n % 4 <> 0 THEN ${start}::timestamptz + ((n * 37) % 300) * interval '1 hour' END,
      CASE WHEN n % 6 = 1 THEN ${now}::timestamptz + (n % 50 - 5) * interval '1 hour' END, CASE WHEN n % 5 < 2 THEN ${start}::timestamptz + n * interval '1 minute' END, ${start}, ${start}
    FROM generate_series(1, 300) n`.execute(db);
}

describe('lists of records', () => {
  let db: Db;
  let close: () => Promise<void>;
  before(async () => {
    ({ db, close } = await testDatabase());
    await fill(db);
  });
  after(() => close());

  const filters: readonly (readonly [string, RecordFilter, string, string])[] = [
    ['everything', {}, 'true', 'id DESC'],
    ['one state', { state: 'parked' }, "state = 'parked'", 'id DESC'],
    ['several states', { state: 'done,queued' }, "state IN ('done', 'queued')", 'id DESC'],
    ['a flow', { flow: 'shop:shipments.export' }, "flow_id = 'shop:shipments.export'", 'id DESC'],
    ['a channel', { marketplace: 'UK' }, "marketplace = 'UK'", 'id DESC'],
    [
      'a channel, a state and a flow',
      { marketplace: 'US', state: 'done', flow: 'shop:orders.import' },
      "marketplace = 'US' AND state = 'done'",
      'id DESC',
    ],
    ['a label, oldest first', { label: 'gift', sort: 'oldest' }, "'gift' = ANY(labels)", 'id'],
    [
      'a time of purchase',
      { placedFrom: '2026-11-03T00:00:00Z', placedTo: '2026-11-08T00:00:00Z' },
      "placed_at >= '2026-11-03Z' AND placed_at < '2026-11-08Z'",
      'placed_at DESC, id DESC',
    ],
    [
      'a time of confirmation',
      { doneFrom: '2026-11-01T01:00:00Z', state: 'done' },
      "done_at >= '2026-11-01T01:00:00Z' AND state = 'done'",
      'done_at DESC, id DESC',
    ],
    ['what is late', { atRisk: true }, `ship_by_at < '2026-11-21Z' AND state <> 'skipped'`, 'ship_by_at, id'],
    ['the beginning of an order id', { q: '100-02' }, "key LIKE '100-02%'", 'id DESC'],
    ['an id of the ERP', { q: ' 5123 ' }, "remote_id = '5123'", 'id DESC'],
    ['an external id', { q: 'XD-77' }, "external_id = 'XD-77'", 'id DESC'],
    ['a percent sign is only that', { q: '%' }, 'false', 'id DESC'],
  ];
  for (const [name, filter, where, order] of filters)
    test(`filtered by ${name}: each record once, in order, as many as counted, with its neighbours`, async () => {
      const { rows } = await sql
        .raw<{ id: bigint }>(`SELECT id FROM sync_records WHERE ${where} ORDER BY ${order}`)
        .execute(db);
      const wanted = rows.map((row) => row.id);
      const seen: bigint[] = [];
      for await (const page of eachPage(db, filter, now, 7)) seen.push(...page.map((row) => row.id));
      assert.deepEqual(seen, wanted);
      assert.deepEqual(await countRecords(db, filter, now, false), { count: wanted.length, more: false });
      assert.deepEqual(await countRecords(db, filter, now, true), { count: wanted.length, more: false });
      const middle = Math.floor(wanted.length / 2);
      if (wanted.length > 2)
        assert.deepEqual(await neighboursOf(db, String(wanted[middle]), filter, now), {
          previous: String(wanted[middle - 1]),
          next: String(wanted[middle + 1]),
        });
    });

  test('counts by state stay right while records move, come and go, and when they are folded', async () => {
    await sql`UPDATE sync_records SET state = 'done' WHERE state = 'queued' AND id % 3 = 0`.execute(db);
    await sql`UPDATE sync_records SET priority = 2`.execute(db);
    await sql`DELETE FROM sync_records WHERE id % 11 = 0`.execute(db);
    await sql`INSERT INTO sync_records (flow_id, key, version, state, due_at, created_at, updated_at) VALUES ('shop:orders.import', '100-0001', ${now}, 'parked', ${now}, ${now}, ${now})
      ON CONFLICT (flow_id, key) DO UPDATE SET state = 'parked'`.execute(db);
    const real = await sql<{
      state: string;
      n: number;
    }>`SELECT state, count(*)::int AS n FROM sync_records GROUP BY 1`.execute(db);
    for (const fold of [false, true]) {
      if (fold) await sql`SELECT fold_record_tallies()`.execute(db);
      for (const { state, n } of real.rows)
        assert.deepEqual(await countRecords(db, { state }, now, false), { count: n, more: false }, state);
    }
    const { rows } = await sql<{ n: number }>`SELECT count(*)::int AS n FROM record_tallies`.execute(db);
    assert.equal(
      rows[0]!.n,
      (await sql`SELECT DISTINCT flow_id, state FROM sync_records`.execute(db)).rows.length,
    );
  });

  test('a cursor of another list is refused', async () => {
    await assert.rejects(listRecords(db, { atRisk: true }, { cursor: '12', limit: 5 }, now), /cursor/);
  });
});
