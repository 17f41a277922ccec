import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { testDatabase } from '../../../test/setup/database.ts';
import { makeClock } from '../../core/clock.ts';
import { RecordError } from '../../core/errors.ts';
import { type Db, sql } from '../../db/pool.ts';
import { settleRecords } from '../../engine/settlements/store.ts';
import { type ClaimedRecord, claimRecords, requeueRecords } from '../../engine/store.ts';
import { curedByLookup, tellProblems } from '../../problems/desk/store.ts';
import { listProblems, pastCures, readProblem } from '../../problems/reads/store.ts';
import { noteProblem } from '../../problems/store.ts';
import { probeProblems } from '../probe-problems.ts';
import type { OperateParts } from './parts.ts';
import { problemOperations } from './problems.ts';

describe('problems', () => {
  let db: Db;
  let close: () => Promise<void>;
  const clock = makeClock();
  const place = () => ({ channelConnectionId: 'amazon' });
  const query = { state: 'open', sort: 'latest', offset: 0, limit: 50 } as const;
  let operations: ReturnType<typeof problemOperations>;

  before(async () => {
    ({ db, close } = await testDatabase());
    for (const [id, side] of [
      ['amazon', 'channel'],
      ['netsuite', 'erp'],
    ])
      await sql`INSERT INTO connections (id, side, connector, title, settings, secrets, state, created_at, updated_at)
        VALUES (${id}, ${side}, ${id}, ${id}, '{}', '\\x00', 'active', now(), now())`.execute(db);
    await sql`INSERT INTO flows (id, kind, channel_connection_id, erp_connection_id, settings, state, created_at, updated_at)
      VALUES ('orders', 'orders.import', 'amazon', 'netsuite', '{}', 'active', now(), now())`.execute(db);
    operations = problemOperations({ db, clock, wake: () => undefined } as unknown as OperateParts);
  });
  after(() => close());

  const unknownItem = (sku: string) =>
    new RecordError('ITEM_UNKNOWN', `NetSuite has no item “${sku}”.`, {
      facts: { sku, lookup: 'item-alias', key: sku, cause: sku },
    });
  async function park(keys: readonly string[], error: RecordError): Promise<void> {
    await sql`INSERT INTO sync_records (flow_id, key, version, state, due_at, created_at, updated_at)
      SELECT 'orders', k, now(), 'queued', now() - interval '1 minute', now(), now() FROM unnest(${[...keys]}::text[]) AS k`.execute(
      db,
    );
    await settleAll({ state: 'parked', problem: error });
  }
  async function settleAll(verdict: {
    state: 'parked' | 'done' | 'waiting';
    problem?: RecordError;
  }): Promise<readonly ClaimedRecord[]> {
    const claimed = await claimRecords(db, 'orders', {
      limit: 50_000,
      workerId: 'w',
      now: new Date(),
      leaseUntil: new Date(Date.now() + 60_000),
    });
    const now = new Date();
    await settleRecords(
      db,
      claimed.map((record) => ({
        record,
        verdict: {
          state: verdict.state,
          at: undefined,
          countsAsAttempt: true,
          problem: verdict.problem,
          pausesConnection: false,
          delivered: undefined,
        },
        startedAt: now,
        finishedAt: now,
      })),
      [],
      place,
    );
    return claimed;
  }
  const only = async () => {
    const { items } = await listProblems(db, query);
    assert.equal(items.length, 1);
    return items[0]!;
  };

  test('records with one cause are one problem, with count, example and class', async () => {
    await park(['A-1', 'A-2', 'A-3'], unknownItem('AB-1'));
    const problem = await only();
    assert.equal(problem.parked, 3n);
    assert.equal(problem.class, 'missing');
    assert.equal(problem.exampleKey, 'A-3');
    assert.equal(problem.allFail, true, 'nothing of the flow has passed since');
    assert.equal(problem.erpConnectionId, 'netsuite');
  });

  test('it is found by a SKU, by an order id and by its class, and not by another', async () => {
    for (const [more, count] of [
      [{ q: 'AB-1' }, 1],
      [{ q: 'A-2' }, 1],
      [{ q: 'ZZ' }, 0],
      [{ class: 'missing' }, 1],
      [{ class: 'value' }, 0],
      [{ assignee: 'nobody' }, 1],
    ] as const)
      assert.equal((await listProblems(db, { ...query, ...more })).items.length, count, JSON.stringify(more));
  });

  test('ignored with a reason it leaves the list, and comes back with its whole history', async () => {
    const { id } = await only();
    await operations.ignoreProblems([String(id)], 'Known, the item comes next week', 'Ada');
    assert.equal((await listProblems(db, query)).items.length, 0);
    await park(['A-4'], unknownItem('AB-1'));
    assert.equal((await listProblems(db, { ...query, state: 'ignored' })).items[0]?.parked, 4n);
    await operations.unignoreProblems([String(id)], 'Ada');
    await operations.assignProblems([String(id)], 'Grace', 'Ada');
    await operations.commentProblem(String(id), 'Asked the warehouse.', 'Grace');
    const detail = await readProblem(db, String(id));
    assert.deepEqual(
      detail?.events.map((event) => `${event.kind} ${event.actor}`),
      ['opened crossdock', 'ignored Ada', 'unignored Ada', 'assigned Ada', 'comment Grace'],
    );
    assert.equal(detail?.problem.assignee, 'Grace');
    assert.equal(detail?.problem.comments, 1);
  });

  test('a problem that records still wait for cannot be declared resolved', async () => {
    const { id } = await only();
    await assert.rejects(operations.resolveProblems([String(id)], 'Ada'), /cannot be resolved/);
  });

  test('a record that is only put off keeps its problem open', async () => {
    const { id } = await only();
    assert.equal(await operations.retryProblems([String(id)], 'Ada'), 4);
    await settleAll({ state: 'waiting' });
    const problem = await only();
    assert.equal(problem.id, id);
    assert.equal(problem.records, 4n);
    assert.equal(problem.parked, 0n);
  });

  test('it resolves itself when its last record passes, and the cure is remembered for the next one', async () => {
    const { id } = await only();
    await settleAll({ state: 'parked', problem: unknownItem('AB-1') });
    const cured = await curedByLookup(db, 'amazon', 'item-alias', 'AB-1');
    assert.equal(cured.records.length, 4);
    await tellProblems(db, cured.problems, {
      kind: 'cured',
      actor: 'Ada',
      at: new Date(),
      detail: { by: 'lookup', value: 'Widget' },
    });
    await requeueRecords(db, { ids: cured.records }, new Date(), 'Ada');
    await settleAll({ state: 'done' });
    assert.equal((await listProblems(db, query)).items.length, 0);
    const detail = await readProblem(db, String(id));
    assert.equal(detail?.problem.state, 'resolved');
    assert.equal(detail?.problem.closedBy, 'crossdock');
    const cure = (await pastCures(db, ['ITEM_UNKNOWN'])).get('ITEM_UNKNOWN');
    assert.equal(cure?.actor, 'Ada');
    assert.equal(cure?.detail['value'], 'Widget');
  });

  test('a cause that went away elsewhere is found by one careful try, and all others follow', async () => {
    await park(['B-1', 'B-2', 'B-3'], unknownItem('CD-2'));
    const later = { ...clock, now: () => new Date(Date.now() + 20 * 60_000) };
    const upkeep = () =>
      probeProblems({
        db,
        clock: later,
        requeue: (tx, ids, at) => requeueRecords(tx, { ids }, at, 'crossdock'),
        retryProblems: operations.retryProblems,
        wake: () => undefined,
      });
    assert.deepEqual(await upkeep(), { probed: 1, gone: 0 });
    // Only the one record moves; the others wait for what it finds.
    assert.equal((await only()).parked, 2n);
    await sql`UPDATE sync_records SET due_at = now() WHERE state = 'queued'`.execute(db);
    await settleAll({ state: 'done' });
    assert.deepEqual(await upkeep(), { probed: 0, gone: 1 });
    assert.equal((await only()).parked, 0n);
    await settleAll({ state: 'done' });
    assert.equal((await listProblems(db, query)).items.length, 0);
  });

  test('more records than one transaction moves are all retried and all told', async () => {
    const error = unknownItem('EF-3');
    const problemId = await noteProblem(
      db,
      { flowId: 'orders', connectionId: 'amazon', kind: 'error' },
      error,
      new Date(),
    );
    await sql`INSERT INTO sync_records (flow_id, key, version, state, due_at, created_at, updated_at, problem_id, problem)
      SELECT 'orders', 'C-' || n, now(), 'parked', now(), now(), now(), ${problemId}, '{}' FROM generate_series(1, 12001) n`.execute(
      db,
    );
    assert.equal((await only()).parked, 12_001n);
    assert.equal(await operations.retryProblems([String(problemId)], 'Ada'), 12_001);
    const detail = await readProblem(db, String(problemId));
    assert.equal(detail?.events.at(-1)?.detail['count'], 12_001);
    assert.equal(await operations.skipProblems([String(problemId)], 'Old shop', 'Ada'), 12_001);
    assert.equal((await readProblem(db, String(problemId)))?.problem.state, 'resolved');
  });
});
