// Does every route keep its word? Each answers from a filled database, is checked against the contract on its way out,
// and is described in OpenAPI with summary, scope, request and answer.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { FastifyInstance } from 'fastify';
import { pino } from 'pino';
import { testDatabase } from '../../test/setup/database.ts';
import type { Operations } from '../app/operations.ts';
import { writeAudit } from '../audit/store.ts';
import { makeClock } from '../core/clock.ts';
import { type Db, sql } from '../db/pool.ts';
import { makeVault } from '../vault/vault.ts';
import { refusal } from './contract/common.ts';
import { buildApi } from './server.ts';
import { createApiToken } from './users/store.ts';

interface Operation {
  readonly summary?: string;
  readonly description?: string;
  readonly security?: readonly unknown[];
  readonly requestBody?: unknown;
  readonly parameters?: readonly { readonly name: string; readonly in: string }[];
  readonly responses?: Record<string, { content?: Record<string, { schema?: { [name: string]: unknown } }> }>;
}

async function fill(db: Db): Promise<void> {
  await sql`INSERT INTO connections (id, side, connector, title, settings, secrets, state, state_reason, report, checked_at, created_at, updated_at) VALUES
    ('shop', 'channel', 'amazon', 'Shop', '{"region": "na"}', 'x', 'broken', '{"code": "TOKEN_REFUSED", "message": "No."}', '{"accountName": "Shop"}', now(), now(), now()),
    ('books', 'erp', 'netsuite', 'Books', '{}', 'x', 'active', NULL, NULL, NULL, now(), now())`.execute(db);
  await sql`INSERT INTO flows (id, kind, channel_connection_id, erp_connection_id, settings, state, created_at, updated_at)
    VALUES ('shop:orders.import', 'orders.import', 'shop', 'books', '{}', 'active', now(), now())`.execute(
    db,
  );
  await sql`INSERT INTO flow_tasks (flow_id, task, every_seconds, next_at) VALUES ('shop:orders.import', 'sweep', 120, now())`.execute(
    db,
  );
  await sql`INSERT INTO cursors VALUES ('shop:orders.import', 'sweep', '{"from_here": 1}', now())`.execute(
    db,
  );
  await sql`INSERT INTO runs (flow_id, task, started_at, finished_at, outcome, counts, error) VALUES ('shop:orders.import', 'sweep', now(), now(), 'failed', '{"orders": 3}', '{"code": "NETWORK_DOWN", "message": "No."}')`.execute(
    db,
  );
  await sql`INSERT INTO documents (connection_id, kind, key, version, sha256, kept, personal, personal_expires_at, via, received_at)
    VALUES ('shop', 'order', '1-1', now(), 'x', '{"order_id": "1-1"}', NULL, NULL, 'search', now())`.execute(
    db,
  );
  await sql`INSERT INTO problems (flow_id, kind, fingerprint, code, message, state, first_seen_at, last_seen_at)
    SELECT 'shop:orders.import', 'error', 'f' || n, 'ITEM_UNKNOWN', 'No item ' || n, 'open', now(), now() - n * interval '1 minute' FROM generate_series(1, 5) n`.execute(
    db,
  );
  await sql`INSERT INTO sync_records (flow_id, key, version, document_id, state, due_at, problem_id, problem, currency, total_minor, placed_at, created_at, updated_at)
    SELECT 'shop:orders.import', '1-' || n, now(), 1, 'parked', now(), 1, '{"code": "ITEM_UNKNOWN", "message": "No.", "nextSteps": [], "facts": {}}', 'USD', 1999, now(), now(), now() FROM generate_series(1, 5) n`.execute(
    db,
  );
  await sql`INSERT INTO record_events (record_id, at, kind, to_state, actor) VALUES (1, now(), 'received', 'queued', 'crossdock')`.execute(
    db,
  );
  await sql`INSERT INTO attempts (record_id, started_at, finished_at, outcome, code) VALUES (1, now(), now(), 'parked', 'ITEM_UNKNOWN')`.execute(
    db,
  );
  await sql`INSERT INTO exchanges (connection_id, record_id, at, bucket, method, url, request, status, response, duration_ms)
    SELECT 'books', 1, now(), 'record', 'POST', 'https://x', '{}', 204, NULL, 12 FROM generate_series(1, 5)`.execute(
    db,
  );
  await sql`INSERT INTO notes (subject, at, author, text) VALUES ('record:1', now(), 'Ada', 'Look'), ('problem:1', now(), 'Ada', 'Hm')`.execute(
    db,
  );
  await sql`INSERT INTO quotas (connection_id, bucket, kind, tokens, per_second, burst, as_of) VALUES ('shop', 'orders.search', 'rate', 1, 0.5, 20, now())`.execute(
    db,
  );
  await sql`INSERT INTO lookups (connection_id, name, key, value, updated_by, updated_at) SELECT 'shop', 'item-alias', 'K' || n, 'V', 'Ada', now() FROM generate_series(1, 5) n`.execute(
    db,
  );
  await sql`INSERT INTO flows (id, kind, channel_connection_id, erp_connection_id, settings, state, created_at, updated_at)
    VALUES ('shop:settlements.import', 'settlements.import', 'shop', 'books', '{}', 'active', now(), now())`.execute(
    db,
  );
  await sql`INSERT INTO settlement_files (connection_id, settlement_id, sha256, header, facts, content, via, received_at)
    VALUES ('shop', '17000000001', 'x', '{}', '{}', 'x', 'file', now())`.execute(db);
  await sql`INSERT INTO settlements (connection_id, settlement_id, file_id, channel, start_at, end_at, deposit_at, currency, total_minor, rows, sha256, received_at)
    SELECT 'shop', '17000000001', id, 'amazon', now(), now(), now(), 'USD', 8878, 33, 'x', now() FROM settlement_files`.execute(
    db,
  );
  for (let n = 0; n < 5; n++)
    await writeAudit(db, { at: new Date(), actor: 'Ada', action: 'x.y', subject: 'z' });
}

const plan = {
  channelOrderId: '1-1',
  decision: 'skip',
  reason: 'Not yet.',
  origins: {},
  arithmetic: undefined,
};
/** These read a whole settlement and the books it went into; the wiring answers them, not the database alone. */
const needsBooks = /\/settlement(s\/1\/|-key|s-between|-fees|-close)/;
const operations = {
  planRecord: async () => plan,
  planText: async () => [plan],
  importText: async () => [{ channelOrderId: '1-1', recordId: '1' }],
  schemas: () => ({ connectors: {}, flows: {} }),
  choices: async () => [{ id: '1', name: 'Main' }],
  marketplaces: () => [{ id: 'A', name: 'Amazon', currency: 'USD', channel: 'amazon' }],
  placesOf: async () => ({ channel: 'https://x', erp: null }),
  readRemote: async () => ({
    readAt: new Date(),
    status: 'open',
    number: 'SO1',
    currency: 'USD',
    total: '1.00',
    lines: [],
  }),
  listSetups: async () => ({ items: [], practice: { available: false, facts: null } }),
  questions: async () => ({
    marketplaces: [],
    account: { oneWorld: true, suiteTax: true, timeZone: 'UTC', warnings: [] },
    lists: {},
    shipServices: [],
    suggested: {},
    open: [],
  }),
  madeBySetup: async () => ({ counts: [], items: [], next: null }),
  remoteLinks: async (problems: readonly unknown[]) => problems.map(() => undefined),
  documentValues: async () => ({
    documentId: '1',
    values: [{ path: 'orderId', value: '1-1', kind: 'text' }],
  }),
  mappingFields: async () => [
    { field: 'memo', on: 'body', targets: [], rule: 'None', by: 'override', own: false },
  ],
  ownFieldChoices: async () => [],
  mappingVersions: async () => [],
  exportLookups: async () => 'key,value',
  lookupChanges: async () => [],
} as unknown as Operations;

describe('the contract of the API', () => {
  let db: Db;
  let close: () => Promise<void>;
  let api: FastifyInstance;
  let token = '';
  let described: Record<string, Record<string, Operation>> = {};
  const clock = makeClock();

  before(async () => {
    ({ db, close } = await testDatabase());
    await fill(db);
    api = await buildApi({
      db,
      vault: makeVault([new Uint8Array(32).fill(1)]),
      operations,
      clock,
      publicUrl: undefined,
      host: '127.0.0.1',
      demo: false,
      log: pino({ level: 'silent' }),
    });
    await api.ready();
    described = (api.swagger() as { paths: typeof described }).paths;
    token = await createApiToken(db, {
      name: 'all',
      scopes: ['read', 'write', 'admin', 'personal'],
      createdBy: 'test',
      now: clock.now(),
    });
  });
  after(async () => {
    await api.close();
    await close();
  });
  const get = (url: string) =>
    api.inject({ method: 'GET', url, headers: { host: '127.0.0.1', authorization: `Bearer ${token}` } });

  test('every route is described with summary, scope, answer and, where it takes one, body', () => {
    const faults = Object.entries(described).flatMap(([path, methods]) =>
      Object.entries(methods).flatMap(([method, operation]) => {
        const name = `${method.toUpperCase()} ${path}`;
        const answer = Object.values(operation.responses?.['200']?.content ?? {})[0]?.schema;
        return [
          ...(operation.summary ? [] : [`${name} has no summary`]),
          ...(operation.description && operation.security ? [] : [`${name} does not say who may call it`]),
          ...(answer && Object.keys(answer).length > 0 ? [] : [`${name} does not say what it answers`]),
          ...(operation.responses?.['default'] ? [] : [`${name} does not say how it refuses`]),
          ...(method === 'post' &&
          !path.endsWith('/session') &&
          !path.endsWith('/setup') &&
          !operation.parameters?.some((one) => one.name === 'idempotency-key')
            ? [`${name} does not take an idempotency key`]
            : []),
        ];
      }),
    );
    assert.deepEqual(faults, []);
  });

  test('every list is paged', () => {
    const faults = Object.entries(described).flatMap(([path, { get: operation }]) => {
      const schema = Object.values(operation?.responses?.['200']?.content ?? {})[0]?.schema as
        | { properties?: Record<string, unknown> }
        | undefined;
      return schema?.properties?.['items'] && !schema.properties['next']
        ? [`${path} has items but no next`]
        : [];
    });
    assert.deepEqual(faults, []);
  });

  test('every reading route answers from a filled database as the contract says', async () => {
    const ids: Record<string, string> = {
      '/api/v1/connections/{id}/lookups': '/api/v1/connections/shop/lookups',
      '/api/v1/connections/{id}/choices/{kind}': '/api/v1/connections/books/choices/location',
      '/api/v1/connections/{id}/lookups/{name}/csv': '/api/v1/connections/shop/lookups/item-alias/csv',
      '/api/v1/connections/{id}/lookups/{name}/changes':
        '/api/v1/connections/shop/lookups/item-alias/changes',
      '/api/v1/flows/{id}/fields': '/api/v1/flows/shop:orders.import/fields',
      '/api/v1/settlements/{id}': '/api/v1/settlements/17000000001',
    };
    for (const [path, { get: operation }] of Object.entries(described)) {
      if (!operation) continue;
      const url = ids[path] ?? path.replace('{id}', '1');
      if (url.includes('{') || needsBooks.test(url)) continue;
      const answer = await get(url);
      assert.equal(answer.statusCode, 200, `${url}: ${answer.body.slice(0, 300)}`);
      if (url.endsWith('openapi.json') || url.endsWith('.xml') || url.endsWith('/csv')) continue;
      // Settings, documents and cursors keep the names their owners gave them.
      const ours = answer.body.replaceAll(/"(kept|value)":\{[^}]*\}/g, '');
      assert.doesNotMatch(ours, /"[a-z]+_[a-z_]+":/, `${url} gives column names away`);
    }
  });

  for (const [url, size] of [
    ['/api/v1/records', 5],
    ['/api/v1/problems', 5],
    ['/api/v1/audit', 5],
    ['/api/v1/connections/shop/lookups', 5],
    ['/api/v1/records/1/exchanges', 5],
  ] as const)
    test(`${url} page by page gives each item once and in order`, async () => {
      const whole = (await get(`${url}?limit=200`)).json().items;
      assert.ok(whole.length >= size);
      const seen: unknown[] = [];
      let cursor: string | null = '';
      while (cursor !== null) {
        const query: string = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`;
        const answer = (await get(`${url}?limit=2${query}`)).json();
        assert.ok(answer.items.length <= 2);
        seen.push(...answer.items);
        cursor = answer.next;
      }
      assert.deepEqual(seen, whole);
    });

  test('a cursor that nobody gave is refused, and every refusal has the same shape', async () => {
    for (const url of [
      '/api/v1/problems?cursor=x',
      '/api/v1/records?cursor=x',
      '/api/v1/audit?limit=0',
      '/api/v1/records/9999',
      '/api/v1/nothing',
    ]) {
      const answer = await get(url);
      assert.ok(answer.statusCode >= 400 && answer.statusCode < 500, url);
      assert.match(String(answer.headers['content-type']), /application\/problem\+json/, url);
      assert.ok(refusal.safeParse(answer.json()).success, `${url}: ${answer.body}`);
    }
  });
});
