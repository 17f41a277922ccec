// How does a test get a database? One of its own, migrated, on the server of the whole run; dropped afterwards.
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { startEmbeddedPostgres } from '../../src/db/embedded.ts';
import { migrate } from '../../src/db/migrate.ts';
import { type Db, openDatabase } from '../../src/db/pool.ts';

export async function testDatabase(): Promise<{ db: Db; url: string; close(): Promise<void> }> {
  const given = process.env['CROSSDOCK_TEST_DATABASE_URL'];
  const dataDir = given ? undefined : mkdtempSync(join(tmpdir(), 'crossdock-db-'));
  const server = dataDir ? await startEmbeddedPostgres({ dataDir }) : undefined;
  const admin = new pg.Client({ connectionString: given ?? server!.url });
  await admin.connect();
  const name = `test_${randomBytes(6).toString('hex')}`;
  await admin.query(`CREATE DATABASE ${name}`);
  const url = (given ?? server!.url).replace(/\/[^/?]+(\?|$)/, `/${name}$1`);
  const { db, close } = await openDatabase(url, { poolMax: 4 });
  await migrate(db);
  return {
    db,
    url,
    async close() {
      await close();
      await admin.query(`DROP DATABASE ${name}`);
      await admin.end();
      await server?.stop();
      if (dataDir) rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
