// How do we reach PostgreSQL? One pool a process; `sql` templates bind every value. Only stores and app/ come here.
import { Kysely, PostgresDialect, sql, type Transaction } from 'kysely';
import pg from 'pg';

/** Tables are named in `sql` templates, not in types: the migrations are the one description of the schema. */
// biome-ignore lint/suspicious/noExplicitAny: Kysely's schema parameter is unused with `sql` templates.
export type Db = Kysely<any> | Transaction<any>;
export { sql };

// PostgreSQL's int8 is larger than a double can count: ids and amounts arrive as bigint.
pg.types.setTypeParser(pg.types.builtins.INT8, (text) => BigInt(text));

/** Oldest server this program is tested with. */
const serverMin = 150_000;

export interface OpenDatabase {
  readonly db: Db;
  close(): Promise<void>;
}

/** Opens the pool and makes sure the server is one we know; the error says what to change. */
export async function openDatabase(
  url: string,
  { poolMax = 12 }: { readonly poolMax?: number } = {},
): Promise<OpenDatabase> {
  const pool = new pg.Pool({ connectionString: url, max: poolMax, application_name: 'crossdock' });
  // A connection that breaks while idle is replaced at the next query; without a listener it would end the process.
  pool.on('error', () => undefined);
  // biome-ignore lint/suspicious/noExplicitAny: see Db.
  const db = new Kysely<any>({ dialect: new PostgresDialect({ pool }) });
  const { rows } = await sql<{
    version: string;
  }>`SELECT current_setting('server_version_num') AS version`.execute(db);
  if (Number(rows[0]?.version) < serverMin) {
    await db.destroy();
    throw new Error(
      `This PostgreSQL server is too old (${rows[0]?.version}); Crossdock needs version 15 or newer.`,
    );
  }
  return { db, close: () => db.destroy() };
}

/** Runs `work` in one transaction; inside one already, it simply joins it. */
export async function inTransaction<Result>(db: Db, work: (tx: Db) => Promise<Result>): Promise<Result> {
  return db.isTransaction ? work(db) : db.transaction().execute(work);
}
