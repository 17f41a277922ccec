// Rotation as its owner does it: the command in a process of its own, on a database with something in every sealed column.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { testDatabase } from '../../test/setup/database.ts';
import { verifyAudit } from '../audit/store.ts';
import { sql } from '../db/pool.ts';
import { beat } from '../engine/quota/store.ts';
import { countOldSeals, sealedColumns } from '../vault/rotate/store.ts';
import { makeVault } from '../vault/vault.ts';

const main = fileURLToPath(new URL('../main.ts', import.meta.url));
const key = (fill: number) => new Uint8Array(32).fill(fill);
const text = (fill: number) => Buffer.from(key(fill)).toString('base64');
const moment = new Date('2026-01-01T00:00:00Z');
const folder = mkdtempSync(join(tmpdir(), 'crossdock-rotate-'));
const documents = 1_203;
let database: Awaited<ReturnType<typeof testDatabase>>;

before(async () => {
  database = await testDatabase();
  const { db } = database;
  const vault = makeVault([key(1)]);
  const seal = (context: string) => vault.seal(`secret of ${context}`, context);
  await sql`INSERT INTO connections (id, side, connector, title, settings, secrets, pending_secrets, state, created_at, updated_at)
    VALUES ('shop', 'channel', 'x', 'x', '{}', ${seal('connection/shop')}, ${seal('connection/shop/pending')}, 'active', ${moment}, ${moment})`.execute(
    db,
  );
  await sql`INSERT INTO access_tokens VALUES ('shop', 'lwa', ${seal('token/shop/lwa')}, ${moment})`.execute(
    db,
  );
  await sql`INSERT INTO signing_keys VALUES ('k1', 'x', ${seal('signing-key/k1')}, ${moment})`.execute(db);
  await sql`INSERT INTO house_settings VALUES ('mail', '{}', ${seal('house/mail')}, 'x', ${moment})`.execute(
    db,
  );
  await sql`INSERT INTO users (email, name, role, password_hash, totp_sealed, created_at)
    VALUES ('a@b.c', 'A', 'owner', 'x', ${seal('user/1/totp')}, ${moment})`.execute(db);
  await sql`INSERT INTO webhooks (name, url, sealed_secret, created_by, created_at) VALUES ('x', 'https://x', ${seal('webhook/1')}, 'x', ${moment})`.execute(
    db,
  );
  await sql`INSERT INTO deliveries (at, kind, channel, target, subject, sealed, state, next_at)
    VALUES (${moment}, 'test', 'mail', 'a@b.c', 's', ${seal('delivery/mail/a@b.c')}, 'queued', ${moment})`.execute(
    db,
  );
  await sql`INSERT INTO setups (id, kind, state, step, sealed, created_at, updated_by, updated_at) VALUES ('one', 'real', 'open', 'x', ${seal('setup/one')}, ${moment}, 'x', ${moment})`.execute(
    db,
  );
  const answer = JSON.stringify(seal('answer/me/k').toString('base64'));
  await sql`INSERT INTO idempotency_keys VALUES ('me', 'k', '\\x00', 200, ${answer}::jsonb, ${moment})`.execute(
    db,
  );
  for (let n = 0; n < documents; n++)
    await sql`INSERT INTO documents (connection_id, kind, key, version, sha256, kept, personal, via, received_at)
      VALUES ('shop', 'order', ${`o${n}`}, ${moment}, '\\x00', '{}', ${seal(`document/shop/o${n}`)}, 'list', ${moment})`.execute(
      db,
    );
});
after(async () => {
  await database.close();
  rmSync(folder, { recursive: true, force: true });
});

function rotate(masterKey?: string) {
  const { CROSSDOCK_MASTER_KEY: _, ...environment } = process.env;
  const done = spawnSync(process.execPath, [main, 'keys', 'rotate', '--json', '--data', folder], {
    encoding: 'utf8',
    env: {
      ...environment,
      DATABASE_URL: database.url,
      ...(masterKey === undefined ? {} : { CROSSDOCK_MASTER_KEY: masterKey }),
    },
  });
  return { code: done.status, told: JSON.parse(done.stdout || done.stderr) };
}

/** Everything sealed, opened with these keys alone. */
async function openAll(...keys: [Uint8Array, ...Uint8Array[]]): Promise<number> {
  const vault = makeVault(keys);
  let opened = 0;
  for (const { table, column, keys: names, context, asText } of sealedColumns) {
    const bytes = asText ? sql`decode(${sql.ref(column)} #>> '{}', 'base64')` : sql.ref(column);
    const { rows } = await sql<{ keys: string[]; sealed: Buffer }>`
      SELECT ARRAY[${sql.join(names.map((name) => sql`${sql.ref(name)}::text`))}] AS keys, ${bytes} AS sealed FROM ${sql.table(table)}`.execute(
      database.db,
    );
    assert.ok(rows.length > 0, `${table} is empty`);
    for (const row of rows) {
      const where = context(...row.keys);
      assert.equal(vault.open(row.sealed, where).toString(), `secret of ${where}`);
      opened++;
    }
  }
  return opened;
}

test('every column of bytes in the schema is known to the rotation or is a hash, a file or a nonce', async () => {
  const { rows } = await sql<{
    place: string;
  }>`SELECT table_name || '.' || column_name AS place FROM information_schema.columns
    WHERE table_schema = 'public' AND data_type = 'bytea'`.execute(database.db);
  const open = ['settlement_files.content'];
  const unknown = rows
    .map((row) => row.place)
    .filter((place) => !/hash$|sha256$/.test(place) && !open.includes(place))
    .filter((place) => !sealedColumns.some((known) => place === `${known.table}.${known.column}`));
  assert.deepEqual(unknown, []);
});

test('with keys from the environment, everything opens afterwards with the new key alone', async () => {
  const refused = rotate(text(1));
  assert.deepEqual([refused.code, refused.told.error.code], [1, 'KEY_MISSING']);
  const done = rotate(`${text(2)},${text(1)}`);
  assert.equal(done.code, 0, JSON.stringify(done.told));
  const all = await openAll(key(2));
  assert.equal(done.told.values, all);
  assert.equal(all, documents + 10);
  await assert.rejects(openAll(key(1)), /another master key/);
  assert.equal(rotate(`${text(2)},${text(1)}`).told.values, 0);
  assert.equal((await verifyAudit(database.db)).brokenAt, undefined);
});

test('with the key in the folder, a new one is made and takes its place, unless a worker runs', async () => {
  const file = join(folder, 'master.key');
  writeFileSync(file, `${text(2)}\n`, { mode: 0o600 });
  await beat(database.db, { id: 'busy', host: 'h' }, new Date(), 120_000);
  const refused = rotate();
  assert.deepEqual([refused.code, refused.told.error.code], [1, 'WORKERS_RUN']);
  assert.equal(readFileSync(file, 'utf8'), `${text(2)}\n`);
  await sql`DELETE FROM workers`.execute(database.db);
  const done = rotate();
  assert.equal(done.code, 0, JSON.stringify(done.told));
  const made = readFileSync(file, 'utf8').trim().split('\n');
  assert.equal(made.length, 1);
  assert.equal(await openAll(Buffer.from(made[0]!, 'base64')), documents + 10);
  assert.equal(readFileSync(join(folder, 'master.key.old'), 'utf8'), `${text(2)}\n`);
});

test('a rotation that was killed half-way goes on with the key it had made', async () => {
  const file = join(folder, 'master.key');
  const before = readFileSync(file, 'utf8').trim();
  writeFileSync(file, `${text(3)}\n${before}\n`, { mode: 0o600 });
  await sql`DELETE FROM documents WHERE id % 2 = 0`.execute(database.db);
  assert.ok((await countOldSeals(database.db, makeVault([key(3)]))) > 0);
  assert.equal(rotate().code, 0);
  assert.equal(readFileSync(file, 'utf8'), `${text(3)}\n`);
  assert.ok((await openAll(key(3))) > 9);
});
