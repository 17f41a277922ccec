import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { FastifyInstance } from 'fastify';
import { pino } from 'pino';
import { testDatabase } from '../../test/setup/database.ts';
import type { Operations } from '../app/operations.ts';
import { type Db, sql } from '../db/pool.ts';
import { createLink } from '../people/links/store.ts';
import { fromBase32, numberAt, stepOf } from '../people/totp.ts';
import { makeVault } from '../vault/vault.ts';
import { buildApi } from './server.ts';

describe('people of the house', () => {
  let db: Db;
  let close: () => Promise<void>;
  let api: FastifyInstance;
  let now = new Date('2026-11-25T10:00:00Z');
  const password = 'correct horse battery';
  const mailed: string[] = [];

  before(async () => {
    ({ db, close } = await testDatabase());
    api = await buildApi({
      db,
      vault: makeVault([new Uint8Array(32).fill(1)]),
      operations: {
        mailLink: async (link: { email: string }) => mailed.push(link.email) > 0,
      } as unknown as Operations,
      clock: { now: () => now, sleep: async () => undefined, toRealMs: (ms: number) => ms },
      publicUrl: undefined,
      host: '127.0.0.1',
      demo: false,
      log: pino({ level: 'silent' }),
    } as never);
    await api.ready();
  });
  after(async () => {
    await api.close();
    await close();
  });

  interface Session {
    readonly cookie: string;
    readonly csrf: string;
  }
  const ask = async (session: Session | undefined, method: string, url: string, body?: unknown) => {
    const answer = await api.inject({
      method: method as 'GET',
      url: `/api/v1${url}`,
      headers: { host: '127.0.0.1', ...(session ? { cookie: session.cookie, 'x-csrf': session.csrf } : {}) },
      ...(body === undefined ? {} : { payload: body as object }),
    });
    return {
      status: answer.statusCode,
      body: answer.headers['content-type']?.includes('json') ? answer.json() : answer.body,
      answer,
    };
  };
  const sessionOf = ({ answer, body }: Awaited<ReturnType<typeof ask>>): Session => ({
    cookie: String(answer.headers['set-cookie']).split(';')[0]!,
    csrf: body.csrf,
  });
  const enter = async (email: string, more: object = {}) =>
    ask(undefined, 'POST', '/session', { email, password, ...more });
  let owner: Session;
  const idOf = async (email: string) =>
    (await ask(owner, 'GET', '/people')).body.items.find((one: { email: string }) => one.email === email)
      ?.id as string;
  const linkOf = (url: string) => new URL(url).searchParams.get('link')!;
  async function invite(email: string, role: string, rights: object = {}): Promise<Session> {
    const { body } = await ask(owner, 'POST', '/people/invitations', { email, name: email, role, ...rights });
    return sessionOf(
      await ask(undefined, 'POST', '/setup', {
        link: linkOf(body.url),
        email: 'other@example.com',
        name: email,
        password,
      }),
    );
  }

  test('the first owner comes by the printed link', async () => {
    const { link } = await createLink(db, { purpose: 'owner', createdBy: 'crossdock', now });
    owner = sessionOf(
      await ask(undefined, 'POST', '/setup', { link, email: 'ada@example.com', name: 'Ada', password }),
    );
    const me = (await ask(owner, 'GET', '/me')).body;
    assert.deepEqual(
      [me.role, me.scopes.includes('approve'), me.scopes.includes('edit'), me.needsFactor],
      ['owner', true, true, false],
    );
  });

  test('an invitation makes an account for its own address, once, with the rights it gives', async () => {
    const made = await ask(owner, 'POST', '/people/invitations', {
      email: 'Op@Example.com',
      name: 'Op',
      role: 'operator',
      editsDocuments: true,
    });
    assert.equal(made.body.mailed, true);
    assert.deepEqual(mailed, ['op@example.com']);
    const link = linkOf(made.body.url);
    assert.deepEqual((await ask(undefined, 'GET', `/setup/${link}`)).body, {
      purpose: 'invite',
      email: 'op@example.com',
      name: 'Op',
    });
    const used = await ask(undefined, 'POST', '/setup', {
      link,
      email: 'evil@example.com',
      name: 'Op',
      password,
    });
    const session = sessionOf(used);
    const me = (await ask(session, 'GET', '/me')).body;
    assert.equal(me.email, 'op@example.com');
    assert.deepEqual(me.scopes, ['read', 'write', 'edit']);
    assert.equal(
      (await ask(undefined, 'POST', '/setup', { link, email: 'x@example.com', name: 'X', password })).status,
      410,
    );
    assert.equal((await ask(session, 'GET', '/people')).status, 403);
  });

  test('the last owner stays, and only owners touch owners', async () => {
    const adaId = await idOf('ada@example.com');
    assert.equal((await ask(owner, 'PATCH', `/people/${adaId}`, { role: 'viewer' })).body.code, 'LAST_OWNER');
    assert.equal((await ask(owner, 'PATCH', `/people/${adaId}`, { disabled: true })).body.code, 'LAST_OWNER');
    const administrator = await invite('adm@example.com', 'administrator');
    assert.equal(
      (await ask(administrator, 'PATCH', `/people/${adaId}`, { disabled: true })).body.code,
      'OWNER_ONLY',
    );
    assert.equal((await ask(administrator, 'POST', `/people/${adaId}/reset`)).body.code, 'OWNER_ONLY');
    assert.equal(
      (
        await ask(administrator, 'POST', '/people/invitations', {
          email: 'o2@example.com',
          name: 'O',
          role: 'owner',
        })
      ).body.code,
      'OWNER_ONLY',
    );
    assert.equal(
      (await ask(administrator, 'POST', '/tokens', { name: 'strong', scopes: ['read', 'approve'] })).body
        .code,
      'SCOPE_BEYOND',
    );
  });

  test('a disabled person is out at once and comes back when enabled', async () => {
    const viewer = await invite('vi@example.com', 'viewer');
    const id = await idOf('vi@example.com');
    assert.equal((await ask(viewer, 'GET', '/me')).status, 200);
    assert.equal((await ask(owner, 'PATCH', `/people/${id}`, { disabled: true })).status, 200);
    assert.equal((await ask(viewer, 'GET', '/me')).status, 401);
    assert.equal((await enter('vi@example.com')).status, 401);
    await ask(owner, 'PATCH', `/people/${id}`, { disabled: false });
    assert.equal((await enter('vi@example.com')).status, 200);
  });

  test('a new password ends every other session, and a weak one is refused with its reason', async () => {
    const [here, there] = [
      sessionOf(await enter('vi@example.com')),
      sessionOf(await enter('vi@example.com')),
    ];
    const change = (current: string, next: string) =>
      ask(here, 'POST', '/me/password', { current, password: next });
    assert.equal((await change('wrong', 'another long password')).body.code, 'PASSWORD_WRONG');
    assert.equal((await change(password, 'short')).status, 400);
    assert.equal((await change(password, 'aaaaaaaaaaaa')).body.code, 'PASSWORD_WEAK');
    assert.equal((await change(password, 'vi@example.com')).body.code, 'PASSWORD_WEAK');
    assert.equal((await change(password, 'another long password')).status, 200);
    assert.equal((await ask(here, 'GET', '/me')).status, 200);
    assert.equal((await ask(there, 'GET', '/me')).status, 401);
  });

  test('a reset link sets a password once and ends all sessions', async () => {
    const id = await idOf('vi@example.com');
    const session = sessionOf(await enter('vi@example.com', { password: 'another long password' }));
    const { body } = await ask(owner, 'POST', `/people/${id}/reset`);
    const used = await ask(undefined, 'POST', '/setup', {
      link: linkOf(body.url),
      email: 'vi@example.com',
      name: 'Vi',
      password,
    });
    assert.equal(used.status, 200);
    assert.equal((await ask(session, 'GET', '/me')).status, 401);
  });

  test('sessions are listed with the present one marked, and one or all others can be ended', async () => {
    const here = sessionOf(await enter('vi@example.com'));
    const there = sessionOf(await enter('vi@example.com'));
    const list = (await ask(here, 'GET', '/me/sessions')).body.items;
    assert.equal(list.filter((one: { current: boolean }) => one.current).length, 1);
    await ask(here, 'DELETE', '/me/sessions');
    assert.equal((await ask(there, 'GET', '/me')).status, 401);
    assert.equal((await ask(here, 'GET', '/me/sessions')).body.items.length, 1);
  });

  test('the second factor is asked for, works once a number, and a recovery code stands in once', async () => {
    const session = sessionOf(await enter('vi@example.com'));
    const offer = (await ask(session, 'POST', '/me/factor', { password })).body;
    assert.match(offer.uri, /^otpauth:\/\/totp\/Crossdock/);
    const number = () => numberAt(fromBase32(offer.secret), stepOf(now));
    assert.equal(
      (await ask(session, 'POST', '/me/factor/proof', { code: '000000' })).body.code,
      'CODE_WRONG',
    );
    const { codes } = (await ask(session, 'POST', '/me/factor/proof', { code: number() })).body;
    assert.equal(codes.length, 10);
    assert.equal((await enter('vi@example.com')).body.code, 'CODE_NEEDED');
    assert.equal(
      (await enter('vi@example.com', { code: number() })).body.code,
      'CODE_WRONG',
      'used up by its proof',
    );
    now = new Date(now.getTime() + 30_000);
    assert.equal((await enter('vi@example.com', { code: number() })).status, 200);
    assert.equal((await enter('vi@example.com', { code: codes[3] })).status, 200);
    assert.equal((await enter('vi@example.com', { code: codes[3] })).status, 401);
    const { rows } = await sql<{
      text: string;
    }>`SELECT encode(totp_sealed, 'escape') AS text FROM users WHERE email = 'vi@example.com'`.execute(db);
    assert.doesNotMatch(rows[0]!.text, new RegExp(offer.secret));
  });

  test('a house that asks for a second factor lets nobody do anything without one', async () => {
    assert.equal(
      (await ask(owner, 'PUT', '/people/policy', { requireFactor: true })).body.code,
      'FACTOR_FIRST',
    );
    const offer = (await ask(owner, 'POST', '/me/factor', { password })).body;
    await ask(owner, 'POST', '/me/factor/proof', { code: numberAt(fromBase32(offer.secret), stepOf(now)) });
    assert.equal((await ask(owner, 'PUT', '/people/policy', { requireFactor: true })).status, 200);
    const operator = sessionOf(await enter('op@example.com'));
    assert.equal((await ask(operator, 'GET', '/records')).body.code, 'FACTOR_NEEDED');
    assert.equal((await ask(operator, 'GET', '/me')).body.needsFactor, true);
    assert.equal((await ask(owner, 'GET', '/records')).status, 200);
    await ask(owner, 'PUT', '/people/policy', { requireFactor: false });
  });

  test('the access review names everyone with role and rights, and the audit log everything that was done', async () => {
    const file = (await ask(owner, 'GET', '/people/access-review.csv')).body as string;
    assert.match(file, /op@example\.com,op@example\.com|op@example\.com,Op,operator,false,true,false/);
    const actions = (await ask(owner, 'GET', '/audit?limit=200')).body.items.map(
      (one: { action: string }) => one.action,
    );
    for (const action of [
      'person.invited',
      'user.made',
      'person.changed',
      'password.changed',
      'password.reset',
      'factor.set',
      'house.policy',
      'session.opened',
    ])
      assert.ok(actions.includes(action), action);
  });

  test('a buyer’s data is removed on request, and that it was is written down', async () => {
    await sql`INSERT INTO connections (id, side, connector, title, settings, secrets, state, created_at, updated_at)
      VALUES ('amazon', 'channel', 'amazon', 'Amazon', '{}', '\\x00', 'active', now(), now())`.execute(db);
    await sql`INSERT INTO documents (connection_id, kind, key, version, sha256, kept, personal, personal_expires_at, via, received_at)
      VALUES ('amazon', 'order', '111-1', now(), '\\x01', '{}', '\\x02', now(), 'search', now())`.execute(db);
    assert.equal((await ask(owner, 'GET', '/personal')).body.connections[0].documents, '1');
    assert.equal((await ask(owner, 'POST', '/personal/erase', { orderId: '111-1' })).body.documents, 1);
    assert.deepEqual((await ask(owner, 'GET', '/personal')).body.connections, []);
  });
});
