import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { FastifyInstance } from 'fastify';
import { pino } from 'pino';
import { testDatabase } from '../../test/setup/database.ts';
import type { Operations } from '../app/operations.ts';
import { makeClock } from '../core/clock.ts';
import { type Db, sql } from '../db/pool.ts';
import { createLink } from '../people/links/store.ts';
import { makeVault } from '../vault/vault.ts';
import { buildApi } from './server.ts';
import { createApiToken } from './users/store.ts';

describe('the API', () => {
  let db: Db;
  let close: () => Promise<void>;
  let api: FastifyInstance;
  const routes: { method: string; url: string }[] = [];
  let retried = 0;
  let failing = false;
  const tokens: Record<string, string> = {};
  const clock = makeClock();

  before(async () => {
    ({ db, close } = await testDatabase());
    const operations = {
      retryRecords: async () => {
        if (failing) throw new Error('planted');
        return ++retried;
      },
      schemas: () => ({ connectors: {}, flows: {} }),
    } as unknown as Operations;
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
    // The document that describes the API is made from the routes themselves; the one stream is not in it.
    const described = api.swagger() as { paths: Record<string, Record<string, unknown>> };
    for (const [path, methods] of Object.entries(described.paths))
      for (const method of Object.keys(methods))
        routes.push({ method: method.toUpperCase(), url: path.replaceAll(/\{\w+\}/g, '1') });
    routes.push({ method: 'GET', url: '/api/v1/events' });
    for (const scope of ['read', 'write', 'admin'])
      tokens[scope] = await createApiToken(db, {
        name: scope,
        scopes:
          scope === 'admin' ? ['read', 'write', 'admin'] : scope === 'write' ? ['read', 'write'] : ['read'],
        createdBy: 'test',
        now: clock.now(),
      });
  });
  after(async () => {
    await api.close();
    await close();
  });
  const ask = (
    method: string,
    url: string,
    options: { token?: string; body?: unknown; headers?: Record<string, string> } = {},
  ) =>
    api.inject({
      method: method as 'GET',
      url,
      headers: {
        host: '127.0.0.1',
        ...(options.token ? { authorization: `Bearer ${options.token}` } : {}),
        ...options.headers,
      },
      ...(options.body === undefined ? {} : { payload: options.body as object }),
    });

  test('no route lets anybody in unasked', async () => {
    assert.ok(routes.length >= 40, `only ${routes.length} routes were found`);
    const open = ['/api/v1/health', '/api/v1/session', '/api/v1/setup', '/api/v1/setup/1'];
    for (const { method, url } of routes) {
      const answer = await ask(method, url, {
        body: method === 'GET' || method === 'DELETE' ? undefined : {},
      });
      if (open.includes(url) && method !== 'DELETE')
        assert.notEqual(answer.statusCode, 403, `${method} ${url}`);
      else assert.equal(answer.statusCode, 401, `${method} ${url} answered ${answer.statusCode}`);
    }
  });

  test('a token that may only read changes nothing', async () => {
    for (const { method, url } of routes.filter(
      (route) => route.method !== 'GET' && !['/api/v1/session', '/api/v1/setup'].includes(route.url),
    )) {
      if (/orders\/plan|preview/.test(url)) continue;
      const answer = await ask(method, url, {
        token: tokens['read']!,
        body: method === 'DELETE' ? undefined : {},
      });
      assert.equal(answer.statusCode, 403, `${method} ${url} answered ${answer.statusCode}`);
    }
  });

  test('the first owner is made by a link that works once, and sessions need the page’s proof to change anything', async () => {
    const { link } = await createLink(db, { purpose: 'owner', createdBy: 'test', now: clock.now() });
    const body = { link, email: 'ada@example.com', name: 'Ada', password: 'a long enough password' };
    assert.equal(
      (await ask('POST', '/api/v1/setup', { body: { ...body, password: 'short' } })).statusCode,
      400,
    );
    const made = await ask('POST', '/api/v1/setup', { body });
    assert.equal(made.statusCode, 200);
    assert.equal((await ask('POST', '/api/v1/setup', { body })).statusCode, 410);
    const cookie = String(made.headers['set-cookie']).split(';')[0]!;
    assert.match(String(made.headers['set-cookie']), /HttpOnly; SameSite=Strict/);
    const change = (headers: Record<string, string>) =>
      ask('POST', '/api/v1/records/retry', { body: { ids: ['1'] }, headers: { cookie, ...headers } });
    assert.equal((await change({})).statusCode, 403);
    assert.equal((await change({ 'x-csrf': made.json().csrf })).statusCode, 200);
  });

  test('wrong passwords lock the account', async () => {
    const statuses = [];
    for (let i = 0; i < 11; i++)
      statuses.push(
        (await ask('POST', '/api/v1/session', { body: { email: 'ada@example.com', password: 'wrong' } }))
          .statusCode,
      );
    assert.equal(statuses[0], 401);
    assert.equal(statuses.at(-1), 429);
  });

  test('the same POST with the same key is done once; with another body it is refused', async () => {
    const before = retried;
    const post = (ids: string[]) =>
      ask('POST', '/api/v1/records/retry', {
        token: tokens['write']!,
        body: { ids },
        headers: { 'idempotency-key': 'k1' },
      });
    const first = await post(['1']);
    const second = await post(['1']);
    assert.deepEqual(second.json(), first.json());
    assert.equal(retried, before + 1);
    assert.equal((await post(['2'])).statusCode, 422);
  });

  test('an idempotency key keeps its answer sealed, and gives the key back when the server itself failed', async () => {
    const make = () =>
      ask('POST', '/api/v1/tokens', {
        token: tokens['admin']!,
        body: { name: 'shop', scopes: ['read'] },
        headers: { 'idempotency-key': 'k2' },
      });
    const first = await make();
    assert.equal(first.json().token, (await make()).json().token);
    const { rows } = await sql<{
      text: string;
    }>`SELECT response::text AS text FROM idempotency_keys WHERE key = 'k2'`.execute(db);
    assert.ok(!rows[0]!.text.includes(first.json().token.slice(0, 12)));
    failing = true;
    const post = () =>
      ask('POST', '/api/v1/records/retry', {
        token: tokens['write']!,
        body: { ids: ['7'] },
        headers: { 'idempotency-key': 'k3' },
      });
    assert.equal((await post()).statusCode, 500);
    failing = false;
    assert.equal((await post()).statusCode, 200);
  });

  test('a name that another site made up does not reach the console', async () => {
    assert.equal(
      (await ask('GET', '/api/v1/records', { token: tokens['read']!, headers: { host: 'evil.example' } }))
        .statusCode,
      421,
    );
  });

  test('bad input is answered with the field and what to do', async () => {
    const answer = await ask('POST', '/api/v1/records/skip', {
      token: tokens['write']!,
      body: { ids: ['x'] },
    });
    assert.equal(answer.statusCode, 400);
    assert.ok(answer.json().title.length > 10 && answer.json().nextSteps.length > 0);
  });
});
