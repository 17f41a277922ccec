import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { testDatabase } from '../../../test/setup/database.ts';
import { saveConnectionRow } from '../../connections/store.ts';
import { sql } from '../../db/pool.ts';
import { saveFlowRow } from '../../engine/tasks/store.ts';
import { makeVault } from '../../vault/vault.ts';
import { expirePersonal, keepDocuments } from '../store.ts';
import { batchSize, forgetOld } from './store.ts';

let database: Awaited<ReturnType<typeof testDatabase>>;
const vault = makeVault([new Uint8Array(32).fill(7)]);
const first = new Date('2025-01-01T00:00:00Z');
const dayMs = 24 * 60 * 60_000;
const later = (days: number) => new Date(first.getTime() + days * dayMs);
const keep = { documents: 400, trail: 180 };
const flowId = 'shop:orders.import';

before(async () => {
  database = await testDatabase();
  const { db } = database;
  for (const [id, side] of [
    ['shop', 'channel'],
    ['books', 'erp'],
  ] as const)
    await saveConnectionRow(
      db,
      vault,
      { id, side, connector: 'x', title: id, settings: {}, secrets: {}, demo: false },
      first,
    );
  await saveFlowRow(
    db,
    {
      id: flowId,
      kind: 'orders.import',
      channelConnectionId: 'shop',
      erpConnectionId: 'books',
      settings: {},
    },
    first,
  );
});
after(() => database.close());

const keepOrder = (key: string, day: number, text = `${key} on day ${day}`) =>
  keepDocuments(database.db, vault, {
    connectionId: 'shop',
    kind: 'order',
    via: 'list',
    now: later(day),
    personalExpiresAt: later(day + 30),
    documents: [{ key, version: later(day), kept: { text }, personal: { name: 'Zoé' } }],
  });
const record = (key: string, documentId: bigint) =>
  sql`INSERT INTO sync_records (flow_id, key, version, document_id, state, due_at, created_at, updated_at)
    VALUES (${flowId}, ${key}, ${first}, ${documentId}, 'done', ${first}, ${first}, ${first})`.execute(
    database.db,
  );
const documents = async () =>
  (
    await sql<{ text: string }>`SELECT kept ->> 'text' AS text FROM documents ORDER BY id`.execute(
      database.db,
    )
  ).rows.map((row) => row.text);
const count = async (table: string) =>
  Number(
    (await sql<{ n: bigint }>`SELECT count(*) AS n FROM ${sql.table(table)}`.execute(database.db)).rows[0]!.n,
  );

test('old documents go, but the newest of a key with a record and the one a record points at stay', async () => {
  const { db } = database;
  const [used] = await keepOrder('A', 0);
  await keepOrder('A', 1);
  await keepOrder('A', 2);
  await record('A', used!.id);
  await keepOrder('without record', 0);
  await keepOrder('B', 399);
  assert.deepEqual((await forgetOld(db, keep, later(399)))?.documents, 0);
  assert.equal((await forgetOld(db, keep, later(403)))?.documents, 2);
  assert.deepEqual(await documents(), ['A on day 0', 'A on day 2', 'B on day 399']);
  assert.equal((await forgetOld(db, keep, later(403)))?.documents, 0);
});

test('the buyer’s data goes after its time, in batches, and the document stays', async () => {
  const { db } = database;
  const held = await documents();
  assert.equal(await expirePersonal(db, later(29)), 0);
  assert.equal(await expirePersonal(db, later(500), 1), 3);
  assert.deepEqual(await documents(), held);
  const { rows } = await sql<{
    n: bigint;
  }>`SELECT count(*) AS n FROM documents WHERE personal IS NOT NULL`.execute(db);
  assert.equal(rows[0]!.n, 0n);
});

test('requests, runs and stock figures go after their days; a task keeps its last run', async () => {
  const { db } = database;
  const many = batchSize * 2 + 5;
  await sql`INSERT INTO exchanges (connection_id, record_id, at, bucket, method, url, request, duration_ms)
    SELECT 'shop', 1, ${first}::timestamptz, 'b', 'GET', '/', '{}', 1 FROM generate_series(1, ${many}::int)`.execute(
    db,
  );
  await sql`INSERT INTO exchanges (connection_id, record_id, at, bucket, method, url, request, duration_ms)
    VALUES ('shop', 1, ${later(100)}, 'b', 'GET', '/', '{}', 1)`.execute(db);
  await sql`INSERT INTO runs (flow_id, task, started_at, finished_at, outcome)
    SELECT ${flowId}, 'read', ${first}::timestamptz, ${first}::timestamptz, 'done' FROM generate_series(1, 3)`.execute(
    db,
  );
  await sql`INSERT INTO runs (flow_id, task, started_at) VALUES (${flowId}, 'read', ${first})`.execute(db);
  await sql`INSERT INTO flow_tasks (flow_id, task, every_seconds, next_at, last_run_id)
    VALUES (${flowId}, 'read', 60, ${first}, (SELECT min(id) FROM runs))`.execute(db);
  await sql`INSERT INTO stock_tellings (flow_id, sku, at, quantity, version, via, outcome)
    VALUES (${flowId}, 'S', ${first}, 1, 1, 'single', 'accepted'), (${flowId}, 'S', ${later(170)}, 2, 2, 'single', 'accepted')`.execute(
    db,
  );
  const nothing = { documents: 0, exchanges: 0, runs: 0, tellings: 0 };
  assert.deepEqual(await forgetOld(db, keep, later(179)), nothing);
  assert.deepEqual(await forgetOld(db, keep, later(181)), {
    ...nothing,
    exchanges: many,
    runs: 2,
    tellings: 1,
  });
  assert.equal(await count('exchanges'), 1);
  assert.equal(await count('runs'), 2);
  assert.equal(await count('stock_tellings'), 1);
});

test('while one worker removes what is old, another leaves it alone', async () => {
  const { db } = database;
  await db.transaction().execute(async (tx) => {
    await sql`SELECT pg_advisory_xact_lock(7361004)`.execute(tx);
    assert.equal(await forgetOld(db, keep, later(900)), undefined);
  });
  assert.ok((await forgetOld(db, keep, later(900)))!.exchanges > 0);
});
