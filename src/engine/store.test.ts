import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { testDatabase } from '../../test/setup/database.ts';
import { keepDocuments } from '../archive/store.ts';
import { verifyAudit, writeAudit } from '../audit/store.ts';
import { saveConnectionRow } from '../connections/store.ts';
import { RecordError } from '../core/errors.ts';
import { type Db, inTransaction, sql } from '../db/pool.ts';
import { makeVault } from '../vault/vault.ts';
import { attempt } from './attempt.ts';
import { ensureBucket, takeToken } from './quota/store.ts';
import { settleRecords } from './settlements/store.ts';
import { transitions } from './states.ts';
import { claimRecords, queueRecords, requeueRecords, returnLeases } from './store.ts';
import { saveFlowRow } from './tasks/store.ts';

const now = new Date('2026-11-24T10:00:00Z');
const later = (seconds: number) => new Date(now.getTime() + seconds * 1000);
const vault = makeVault([new Uint8Array(32).fill(7)]);
const flowId = 'a:orders.import';

describe('records are the queue', () => {
  let db: Db;
  let close: () => Promise<void>;
  before(async () => {
    ({ db, close } = await testDatabase());
    for (const [id, side] of [
      ['a', 'channel'],
      ['n', 'erp'],
    ] as const)
      await saveConnectionRow(
        db,
        vault,
        {
          id,
          side,
          connector: 'x',
          title: id,
          settings: {},
          demo: false,
          secrets: { token: 'planted-secret' },
        },
        now,
      );
    await saveFlowRow(
      db,
      { id: flowId, kind: 'orders.import', channelConnectionId: 'a', erpConnectionId: 'n', settings: {} },
      now,
    );
  });
  after(() => close());

  const put = (key: string, version: Date, content: unknown) =>
    inTransaction(db, async (tx) => {
      const [document] = await keepDocuments(tx, vault, {
        connectionId: 'a',
        kind: 'order',
        via: 'search',
        now,
        personalExpiresAt: later(86_400),
        documents: [{ key, version, kept: content, personal: { name: 'Ada Test' } }],
      });
      return queueRecords(
        tx,
        flowId,
        [{ key, version, documentId: document!.id, priority: 1 }],
        'search',
        now,
      );
    });
  const stateOf = async (key: string) =>
    (await sql<{ state: string }>`SELECT state FROM sync_records WHERE key = ${key}`.execute(db)).rows[0]
      ?.state;
  const claim = (limit = 10) =>
    claimRecords(db, flowId, { limit, workerId: 'w1', now: later(1), leaseUntil: later(60) });
  const settle = async (
    record: Awaited<ReturnType<typeof claim>>[number],
    work: () => Promise<never> | Promise<{ state: 'done' }>,
  ) =>
    settleRecords(
      db,
      [
        {
          record,
          verdict: await attempt(work, { attempts: record.attempts, attemptsMax: 8, now: later(2) }),
          startedAt: later(1),
          finishedAt: later(2),
        },
      ],
      [],
      () => ({ channelConnectionId: 'a' }),
    );

  test('the states of the code are those of the database', async () => {
    const { rows } = await sql<{
      def: string;
    }>`SELECT pg_get_constraintdef(oid) AS def FROM pg_constraint WHERE conname = 'sync_records_state_check'`.execute(
      db,
    );
    for (const state of Object.keys(transitions)) assert.ok(rows[0]!.def.includes(`'${state}'`), state);
  });

  test('a page stored twice queues a record once, a newer version again, an older never', async () => {
    assert.equal(await put('o1', now, { v: 1 }), 1);
    assert.equal(await put('o1', now, { v: 1 }), 0);
    assert.equal(await put('o1', later(-60), { v: 0 }), 0);
    assert.equal(await put('o1', later(60), { v: 2 }), 1);
    for (const record of await claim()) await settle(record, async () => ({ state: 'done' }));
  });

  test('two workers never hold the same record', async () => {
    for (let i = 0; i < 30; i++) await put(`c${i}`, now, { i });
    const [one, two] = await Promise.all([claim(40), claim(40)]);
    const ids = [...one, ...two].map((record) => record.id);
    assert.equal(new Set(ids).size, ids.length);
    for (const record of [...one, ...two]) await settle(record, async () => ({ state: 'done' }));
  });

  test('a version that arrives while its record runs is delivered afterwards', async () => {
    await put('d1', now, { v: 1 });
    const [record] = await claim();
    await put('d1', later(60), { v: 2 });
    await settle(record!, async () => ({ state: 'done' }));
    assert.equal(await stateOf('d1'), 'queued');
    for (const left of await claim()) await settle(left, async () => ({ state: 'done' }));
  });

  test('what a dead worker held is looked up before anything is sent again, and its late word is not heard', async () => {
    await put('e1', now, { v: 1 });
    const [record] = await claim();
    assert.equal(await returnLeases(db, later(120)), 1);
    assert.equal(await stateOf('e1'), 'verifying');
    await settle(record!, async () => ({ state: 'done' }));
    assert.equal(await stateOf('e1'), 'verifying');
    const taken = await claimRecords(db, flowId, {
      limit: 5,
      workerId: 'w2',
      now: later(121),
      leaseUntil: later(200),
    });
    assert.equal(taken.find((one) => one.key === 'e1')!.from, 'verifying');
    for (const one of taken) await settle(one, async () => ({ state: 'done' }));
    assert.equal(await stateOf('e1'), 'done');
  });

  test('the same cause is one problem, and it resolves itself when its records pass', async () => {
    for (const key of ['p1', 'p2']) await put(key, now, { key });
    const fail = () =>
      Promise.reject(new RecordError('ITEM_UNKNOWN', 'NetSuite has no item “X”.', { facts: { cause: 'X' } }));
    for (const record of await claim()) await settle(record, fail);
    const problems = async () =>
      (await sql<{ state: string; seen: number }>`SELECT state, seen FROM problems`.execute(db)).rows;
    assert.deepEqual(await problems(), [{ state: 'open', seen: 2 }]);
    assert.equal(await requeueRecords(db, { state: 'parked', flowId }, later(3), 'ada'), 2);
    for (const record of await claimRecords(db, flowId, {
      limit: 5,
      workerId: 'w1',
      now: later(5),
      leaseUntil: later(60),
    }))
      await settle(record, async () => ({ state: 'done' }));
    assert.equal((await problems())[0]!.state, 'resolved');
  });

  test('tokens of a quota are never given twice', async () => {
    await ensureBucket(db, 'a', 'orders.search', { kind: 'rate', perSecond: 0.0056, burst: 20 }, now);
    const grants = await Promise.all(
      Array.from({ length: 40 }, () => takeToken(db, 'a', 'orders.search', now)),
    );
    assert.equal(grants.filter((grant) => grant.granted).length, 20);
    assert.ok(grants.find((grant) => !grant.granted)!.waitSeconds > 170);
    assert.equal((await takeToken(db, 'a', 'orders.search', later(179))).granted, true);
  });

  test('secrets and buyer data are nowhere in the database in the clear', async () => {
    const { rows } = await sql<{
      found: number;
    }>`SELECT (SELECT count(*) FROM connections c WHERE c::text LIKE '%planted-secret%')::int + (SELECT count(*) FROM documents d WHERE d::text LIKE '%Ada Test%')::int AS found`.execute(
      db,
    );
    assert.equal(rows[0]!.found, 0);
  });

  test('a changed line of the audit log shows', async () => {
    for (const action of ['one', 'two', 'three'])
      await writeAudit(db, { at: now, actor: 'ada', action, subject: 'x', detail: { b: 1, a: 2 } });
    assert.deepEqual(await verifyAudit(db), { rows: 3 });
    const { rows } = await sql<{
      id: bigint;
      action: string;
    }>`SELECT id, action FROM audit_log ORDER BY id`.execute(db);
    const idOf = (action: string) => rows.find((row) => row.action === action)!.id.toString();
    const changed = async (change: ReturnType<typeof sql>) => {
      let found: string | undefined;
      // Each change is undone after it was looked at.
      await assert.rejects(
        db.transaction().execute(async (tx) => {
          await change.execute(tx);
          found = (await verifyAudit(tx)).brokenAt;
          throw new Error('undo');
        }),
        /undo/,
      );
      return found;
    };
    const two = idOf('two');
    assert.equal(await changed(sql`UPDATE audit_log SET actor = 'eve' WHERE action = 'two'`), two);
    assert.equal(
      await changed(sql`UPDATE audit_log SET detail = '{"a": 2, "b": 3}' WHERE action = 'two'`),
      two,
    );
    assert.equal(
      await changed(sql`UPDATE audit_log SET at = at + interval '1 second' WHERE action = 'two'`),
      two,
    );
    assert.equal(await changed(sql`DELETE FROM audit_log WHERE action = 'two'`), idOf('three'));
    assert.equal(await changed(sql`DELETE FROM audit_log WHERE action = 'one'`), two);
    assert.deepEqual(await verifyAudit(db), { rows: 3 });
  });
});
