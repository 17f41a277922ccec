import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import { after, before, beforeEach, describe, test } from 'node:test';
import { testDatabase } from '../../../test/setup/database.ts';
import { startMailServer } from '../../../test/setup/mail-server.ts';
import { listDeliveries } from '../../alerts/outbox/store.ts';
import { isQuiet } from '../../alerts/quiet.ts';
import { noSubscription, type Subscription, saveSubscription } from '../../alerts/store.ts';
import { ConnectionError, RecordError } from '../../core/errors.ts';
import { type Db, sql } from '../../db/pool.ts';
import { noteProblem } from '../../problems/store.ts';
import { makeVault } from '../../vault/vault.ts';
import { alertOperations } from '../operations/alerts.ts';
import type { OperateParts } from '../operations/parts.ts';

describe('alerts', () => {
  let db: Db;
  let close: () => Promise<void>;
  let mail: Awaited<ReturnType<typeof startMailServer>>;
  let now = new Date('2026-11-25T10:00:00Z');
  const vault = makeVault([new Uint8Array(32).fill(7)]);
  const clock = { now: () => now };
  let alerts: ReturnType<typeof alertOperations>;
  const later = (minutes: number) => {
    now = new Date(now.getTime() + minutes * 60_000);
  };
  const unknownItem = (sku: string) =>
    new RecordError('ITEM_UNKNOWN', `NetSuite has no item “${sku}”.`, {
      facts: { lookup: 'item-alias', key: sku, cause: sku, buyer: 'Jane Buyer' },
    });
  const open = (error: RecordError | ConnectionError) =>
    noteProblem(db, { flowId: null, connectionId: 'amazon', kind: 'error' }, error, now);
  const resolve = (id: bigint) =>
    sql`UPDATE problems SET state = 'resolved', closed_at = ${now} WHERE id = ${id}`.execute(db);
  async function subscribe(name: string, locale: string, wishes: Partial<Subscription>): Promise<void> {
    const { rows } = await sql<{
      id: bigint;
    }>`INSERT INTO users (email, name, role, password_hash, locale, created_at) VALUES (${`${name}@example.com`}, ${name}, 'viewer', 'x', ${locale}, ${now}) RETURNING id`.execute(
      db,
    );
    await saveSubscription(db, rows[0]!.id, { ...noSubscription, ...wishes });
  }

  before(async () => {
    ({ db, close } = await testDatabase());
    mail = await startMailServer({ user: 'crossdock', password: 'secret' });
    await sql`INSERT INTO connections (id, side, connector, title, settings, secrets, state, created_at, updated_at)
      VALUES ('amazon', 'channel', 'amazon', 'Amazon', '{}', '\\x00', 'active', now(), now())`.execute(db);
    alerts = alertOperations({
      db,
      vault,
      clock,
      publicUrl: 'https://shop.example',
      wake: () => undefined,
    } as unknown as OperateParts);
    await alerts.saveMail(
      {
        host: '127.0.0.1',
        port: mail.port,
        security: 'none',
        user: 'crossdock',
        from: 'Crossdock <crossdock@shop.example>',
      },
      'secret',
      'Ada',
    );
  });
  beforeEach(async () => {
    mail.mails.length = 0;
    mail.refuse(false);
    await sql`TRUNCATE subscriptions, webhooks, alert_told, alert_marks, deliveries RESTART IDENTITY CASCADE`.execute(
      db,
    );
    await sql`DELETE FROM problems`.execute(db);
    await sql`DELETE FROM users`.execute(db);
  });
  after(async () => {
    await mail.close();
    await close();
  });

  test('a digest tells what is new and what is over, in the reader’s language, and nobody’s name', async () => {
    await subscribe('ada', 'en', { digest: true });
    await subscribe('zoe', 'fr', { digest: true });
    const first = await open(unknownItem('AB-1'));
    await alerts.alertUpkeep();
    assert.deepEqual(mail.mails.map((one) => one.to[0]).sort(), ['ada@example.com', 'zoe@example.com']);
    const [english, french] = ['ada', 'zoe'].map((name) =>
      mail.mails.find((one) => one.to[0]?.startsWith(name)),
    );
    assert.equal(english?.subject, '[Crossdock shop.example] Problems: 1 new, 0 resolved, 1 open');
    assert.match(english?.text ?? '', /NetSuite has no such item: AB-1/);
    assert.match(english?.text ?? '', new RegExp(`https://shop\\.example/problems/${first}`));
    assert.match(french?.text ?? '', /NetSuite n’a pas cet article/);
    for (const one of mail.mails) assert.doesNotMatch(one.raw + one.text, /Jane|Buyer/);
    // Nothing new: nothing is sent, however often it is looked.
    later(16);
    await alerts.alertUpkeep();
    assert.equal(mail.mails.length, 2);
    await resolve(first);
    later(16);
    await alerts.alertUpkeep();
    assert.equal(mail.mails.length, 4);
    assert.match(mail.mails.at(-1)?.subject ?? '', /0 (new, 1 resolved|nouveau\(x\), 1 résolu\(s\)), 0/);
  });

  test('what resolved itself before the digest is not told at all', async () => {
    await subscribe('ada', 'en', { digest: true });
    await open(unknownItem('AB-1'));
    await alerts.alertUpkeep();
    mail.mails.length = 0;
    later(5);
    const passing = await open(unknownItem('CD-2'));
    await alerts.alertUpkeep();
    await resolve(passing);
    later(16);
    await alerts.alertUpkeep();
    assert.deepEqual(mail.mails, []);
  });

  test('what is urgent is told at once, and once', async () => {
    await subscribe('ada', 'en', { urgent: true });
    await open(unknownItem('AB-1'));
    await open(new ConnectionError('LOGIN_REFUSED', 'NetSuite refuses the login of Jane.', { facts: {} }));
    for (let round = 0; round < 3; round++) {
      await alerts.alertUpkeep();
      later(20);
    }
    assert.deepEqual(
      mail.mails.map((one) => one.subject),
      ['[Crossdock shop.example] Urgent: NetSuite refuses the login'],
    );
    assert.doesNotMatch(mail.mails[0]!.text, /Jane/);
  });

  test('quiet hours hold the digest back and let through only what is urgent, if wished', async () => {
    assert.equal(
      isQuiet(
        { quietFrom: 22 * 60, quietUntil: 7 * 60, timeZone: 'Europe/Paris' },
        new Date('2026-11-25T22:30:00Z'),
      ),
      true,
    );
    assert.equal(
      isQuiet(
        { quietFrom: 22 * 60, quietUntil: 7 * 60, timeZone: 'Europe/Paris' },
        new Date('2026-11-25T06:30:00Z'),
      ),
      false,
    );
    now = new Date('2026-11-25T23:00:00Z');
    const night = { quietFrom: 22 * 60, quietUntil: 7 * 60, timeZone: 'UTC' };
    await subscribe('ada', 'en', { digest: true, urgent: true, ...night });
    await subscribe('bea', 'en', { digest: true, urgent: true, ...night, urgentInQuiet: false });
    await open(unknownItem('AB-1'));
    await open(new ConnectionError('LOGIN_REFUSED', 'NetSuite refuses the login.'));
    await alerts.alertUpkeep();
    assert.deepEqual(
      mail.mails.map((one) => one.to[0]),
      ['ada@example.com'],
    );
    now = new Date('2026-11-26T07:05:00Z');
    await alerts.alertUpkeep();
    assert.equal(mail.mails.filter((one) => one.to[0] === 'bea@example.com').length, 2);
    assert.equal(mail.mails.filter((one) => one.to[0] === 'ada@example.com').length, 2);
  });

  test('only the chosen kinds of causes are told', async () => {
    await subscribe('ada', 'en', { digest: true, classes: ['value'] });
    await open(unknownItem('AB-1'));
    await alerts.alertUpkeep();
    assert.deepEqual(mail.mails, []);
  });

  test('a message that the server refuses waits and is sent later, with the same number', async () => {
    await subscribe('ada', 'en', { digest: true });
    await open(unknownItem('AB-1'));
    mail.refuse(true);
    await alerts.alertUpkeep();
    const [waiting] = await listDeliveries(db);
    assert.equal(waiting?.state, 'queued');
    assert.match(waiting?.error ?? '', /451|try later/);
    mail.refuse(false);
    later(2);
    await alerts.alertUpkeep();
    assert.equal(mail.mails.length, 1);
    assert.match(mail.mails[0]!.raw, new RegExp(`Message-ID: <delivery-${waiting?.id}\\.`, 'i'));
    assert.equal((await listDeliveries(db))[0]?.state, 'sent');
  });

  test('a message nobody takes for a day is given up, and a problem says so', async () => {
    await subscribe('ada', 'en', { digest: true });
    await open(unknownItem('AB-1'));
    mail.refuse(true);
    for (let round = 0; round < 8; round++) {
      await alerts.alertUpkeep();
      later(13 * 60);
    }
    const { rows } = await sql<{
      code: string;
    }>`SELECT code FROM problems WHERE code = 'ALERT_UNDELIVERED'`.execute(db);
    assert.equal(rows.length, 1);
  });

  test('a webhook gets the same, signed with its secret', async () => {
    const got: { headers: IncomingMessage['headers']; body: string }[] = [];
    const server = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        got.push({ headers: request.headers, body });
        response.writeHead(204).end();
      });
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const { port } = server.address() as { port: number };
    const secret = await alerts.addWebhook(
      { name: 'chat', url: `http://127.0.0.1:${port}/hook`, digest: true, urgent: true },
      'Ada',
    );
    await open(unknownItem('AB-1'));
    await alerts.alertUpkeep();
    server.close();
    assert.equal(got.length, 1);
    const [, seconds, signature] = /t=(\d+),v1=(\w+)/.exec(String(got[0]!.headers['x-crossdock-signature']))!;
    assert.equal(signature, createHmac('sha256', secret).update(`${seconds}.${got[0]!.body}`).digest('hex'));
    const told = JSON.parse(got[0]!.body);
    assert.equal(told.opened[0].code, 'ITEM_UNKNOWN');
    assert.doesNotMatch(got[0]!.body, /Jane/);
  });

  test('the text of a message is not in the database in the clear', async () => {
    await alerts.mailLink({
      purpose: 'invite',
      email: 'new@example.com',
      name: 'New',
      url: 'https://shop.example/setup?link=topsecretlink',
      by: 'Ada',
    });
    const { rows } = await sql<{
      text: string;
    }>`SELECT encode(sealed, 'escape') || subject AS text FROM deliveries`.execute(db);
    assert.doesNotMatch(rows[0]!.text, /topsecretlink/);
    await alerts.alertUpkeep();
    assert.match(mail.mails.at(-1)!.text, /topsecretlink/);
  });

  test('a password is not sent over the network in the clear', async () => {
    await assert.rejects(
      alerts.saveMail(
        { host: 'mail.example.com', port: 25, security: 'none', user: 'u', from: 'a@b.c' },
        'p',
        'Ada',
      ),
      /cross the network/,
    );
  });

  test('orders that fall silent are told by comparison with the days before, and it ends by itself', async () => {
    now = new Date('2026-12-25T12:00:00Z');
    await sql`INSERT INTO connections (id, side, connector, title, settings, secrets, state, created_at, updated_at)
      VALUES ('netsuite', 'erp', 'netsuite', 'NetSuite', '{}', '\\x00', 'active', now(), now())`.execute(db);
    await sql`INSERT INTO flows (id, kind, channel_connection_id, erp_connection_id, settings, state, created_at, updated_at)
      VALUES ('orders', 'orders.import', 'amazon', 'netsuite', '{}', 'active', now(), now())`.execute(db);
    // Forty an hour for a week, and none since eight o'clock.
    await sql`INSERT INTO sync_records (flow_id, key, version, state, due_at, placed_at, created_at, updated_at)
      SELECT 'orders', 'S-' || n, now(), 'done', now(), ${new Date('2026-12-25T08:00:00Z')}::timestamptz - n * interval '90 seconds', now(), now()
      FROM generate_series(0, 6720) n`.execute(db);
    const codes = async () => {
      later(2);
      await alerts.alertUpkeep();
      const { rows } = await sql<{
        message: string;
      }>`SELECT message FROM problems WHERE code = 'ORDERS_SILENT' AND state = 'open'`.execute(db);
      return rows.map((row) => row.message);
    };
    assert.match((await codes())[0] ?? '', /No order for 4 hours; normally about 16\d come/);
    await sql`INSERT INTO sync_records (flow_id, key, version, state, due_at, placed_at, created_at, updated_at)
      VALUES ('orders', 'S-new', now(), 'done', now(), ${now}, now(), now())`.execute(db);
    assert.deepEqual(await codes(), []);
  });
});
