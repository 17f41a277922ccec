// Does the API say what is offered and why, and do a SKU's own rules and the emergency stop reach the figures?
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { FastifyInstance } from 'fastify';
import { pino } from 'pino';
import { testDatabase } from '../../test/setup/database.ts';
import type { Operations } from '../app/operations.ts';
import { makeClock } from '../core/clock.ts';
import { type Db, sql } from '../db/pool.ts';
import { makeRecipes } from '../flows/stock/recipes.ts';
import { stockSettings } from '../flows/stock/settings.ts';
import { workOut } from '../flows/stock/work-out.ts';
import { makeStockBook } from '../stock/store.ts';
import { makeVault } from '../vault/vault.ts';
import type { StockDetail, StockRow, StockSummary } from './contract/stock.ts';
import { buildApi } from './server.ts';
import { createApiToken } from './users/store.ts';

describe('stock', () => {
  let db: Db;
  let close: () => Promise<void>;
  let api: FastifyInstance;
  let token = '';
  const clock = makeClock();
  const flowId = 'shop:stock.export';
  const settings = () => stockSettings.parse({ locationIds: ['1'] });

  before(async () => {
    ({ db, close } = await testDatabase());
    await sql`INSERT INTO connections (id, side, connector, title, settings, secrets, state, created_at, updated_at) VALUES
      ('shop', 'channel', 'amazon', 'Shop', '{}', 'x', 'active', now(), now()), ('books', 'erp', 'netsuite', 'Books', '{}', 'x', 'active', now(), now())`.execute(
      db,
    );
    await sql`INSERT INTO flows (id, kind, channel_connection_id, erp_connection_id, settings, state, created_at, updated_at) VALUES
      (${flowId}, 'stock.export', 'shop', 'books', ${JSON.stringify(settings())}::jsonb, 'active', now(), now()),
      ('shop:orders.import', 'orders.import', 'shop', 'books', '{}', 'active', now(), now())`.execute(db);
    token = await createApiToken(db, {
      name: 'test',
      scopes: ['read', 'write', 'admin'],
      createdBy: 'test',
      now: clock.now(),
    });
    api = await buildApi({
      db,
      clock,
      vault: makeVault([new Uint8Array(32).fill(1)]),
      operations: {} as Operations,
      publicUrl: undefined,
      host: '127.0.0.1',
      demo: false,
      log: pino({ level: 'silent' }),
    });
    const book = makeStockBook({ db, clock, flowId, channelConnectionId: 'shop', erpConnectionId: 'books' });
    const listing = (sku: string, rest: object) => ({
      sku,
      fulfilment: 'merchant' as const,
      active: true,
      title: `Title of ${sku}`,
      units: 1,
      ...rest,
    });
    await book.keepListings(
      [
        listing('A', { itemId: '10', itemName: 'A' }),
        listing('A/6 PACK', { itemId: '10', itemName: 'A', units: 6 }),
        listing('FBA', { fulfilment: 'marketplace' }),
        listing('NOBODY', {}),
      ],
      clock.now(),
      true,
    );
    await book.keepLevels([{ itemId: '10', locationId: '1', available: 40 }], clock.now());
    await rework();
  });
  after(async () => {
    await api.close();
    await close();
  });

  const book = () =>
    makeStockBook({ db, clock, flowId, channelConnectionId: 'shop', erpConnectionId: 'books' });
  /** What the flow does every few seconds, without telling the channel. */
  const rework = async () => {
    const recipes = makeRecipes(await book().listings(), await book().kitMembers());
    const { rows } = await sql<{
      settings: unknown;
    }>`SELECT settings FROM flows WHERE id = ${flowId}`.execute(db);
    return book().rework(100, (changes, read) =>
      workOut(
        { recipes, settings: stockSettings.parse(rows[0]!.settings), channelConnectionId: 'shop' },
        changes,
        read,
      ),
    );
  };
  const call = async (method: 'GET' | 'PUT' | 'POST', url: string, body?: object) => {
    const answer = await api.inject({
      method,
      url: `/api/v1${url}`,
      headers: { authorization: `Bearer ${token}` },
      ...(body === undefined ? {} : { payload: body }),
    });
    return { status: answer.statusCode, body: answer.json() };
  };
  const wanted = async (sku: string) =>
    ((await call('GET', `/stock/shop/${encodeURIComponent(sku)}`)).body as StockDetail).listing.wanted;

  test('the list says how every listing stands', async () => {
    const { items } = (await call('GET', '/stock')).body as { items: StockRow[] };
    assert.deepEqual(
      items.map((row) => [row.sku, row.state, row.wanted]),
      [
        ['A', 'waiting', 40],
        ['A/6 PACK', 'waiting', 6],
        ['FBA', 'marketplace', null],
        ['NOBODY', 'no-item', 0],
      ],
    );
    const summary = (await call('GET', '/stock/summary')).body as StockSummary;
    assert.deepEqual(summary.counts, { waiting: 2, marketplace: 1, 'no-item': 1 });
  });

  test('pages join without a gap, and a search narrows them', async () => {
    const first = (await call('GET', '/stock?limit=2')).body as { items: StockRow[]; next: string };
    const second = (await call('GET', `/stock?limit=2&cursor=${encodeURIComponent(first.next)}`)).body as {
      items: StockRow[];
      next: null;
    };
    assert.deepEqual(
      [...first.items, ...second.items].map((row) => row.sku),
      ['A', 'A/6 PACK', 'FBA', 'NOBODY'],
    );
    assert.equal(second.next, null);
    const found = (await call('GET', '/stock?q=title%20of%20n')).body as { items: StockRow[] };
    assert.deepEqual(
      found.items.map((row) => row.sku),
      ['NOBODY'],
    );
  });

  test('one listing explains its figure down to the orders that hold units', async () => {
    await sql`INSERT INTO documents (connection_id, kind, key, version, sha256, kept, via, received_at) VALUES ('shop', 'order', 'O-1', now(), 'x', '{}', 'search', now())`.execute(
      db,
    );
    await sql`INSERT INTO sync_records (flow_id, key, version, document_id, state, due_at, order_status, created_at, updated_at)
      SELECT 'shop:orders.import', 'O-1', now(), id, 'queued', now(), 'unshipped', now(), now() FROM documents`.execute(
      db,
    );
    await sql`INSERT INTO reservations VALUES ('shop:orders.import', 'O-1', '1', 'A/6 PACK', 2, now())`.execute(
      db,
    );
    await book().markEverything();
    await rework();
    const detail = (await call('GET', '/stock/shop/A')).body as StockDetail;
    assert.equal(detail.listing.wanted, 28);
    assert.deepEqual(
      detail.why.map((step) => [step.kind, step.units]),
      [
        ['location', 40],
        ['reserved', -12],
      ],
    );
    assert.deepEqual(
      detail.reservedBy.map((one) => [one.orderId, one.quantity]),
      [['O-1', 2]],
    );
    assert.deepEqual(detail.sharedWith, ['A/6 PACK']);
    assert.deepEqual((await call('GET', '/stock/shop/A%2F6%20PACK')).body.parts, [
      { itemId: '10', quantity: 6 },
    ]);
  });

  test('a SKU’s own rules are worked into its figure and into the audit log', async () => {
    assert.equal(
      (await call('PUT', '/stock/shop/A/rules', { bufferUnits: 5, maximumToList: 20 })).status,
      200,
    );
    await rework();
    assert.equal(await wanted('A'), 20);
    const { rows } = await sql<{
      subject: string;
    }>`SELECT subject FROM audit_log WHERE action = 'stock-rules.saved'`.execute(db);
    assert.deepEqual(rows, [{ subject: 'listing:shop/A' }]);
    assert.equal((await call('PUT', '/stock/shop/A/rules', { bufferUnits: -1 })).status, 400);
    assert.equal((await call('PUT', '/stock/shop/UNKNOWN/rules', {})).status, 404);
  });

  test('the emergency stop shows nothing anywhere, and ends again', async () => {
    const stop = (on: boolean) => call('POST', `/flows/${encodeURIComponent(flowId)}/stop-sell`, { on });
    assert.equal((await stop(true)).status, 200);
    await book().markEverything();
    await rework();
    assert.deepEqual([await wanted('A'), await wanted('A/6 PACK')], [0, 0]);
    assert.deepEqual(((await call('GET', '/stock/summary')).body as StockSummary).stopped, [flowId]);
    await stop(false);
    await book().markEverything();
    await rework();
    assert.equal(await wanted('A'), 20);
    assert.equal((await call('POST', '/flows/shop:orders.import/stop-sell', { on: true })).status, 404);
  });

  test('a figure can be sent once more, but never for a listing that Amazon fulfils', async () => {
    assert.equal((await call('POST', '/stock/shop/A/tell', {})).status, 200);
    assert.equal((await call('POST', '/stock/shop/FBA/tell', {})).status, 404);
  });
});
