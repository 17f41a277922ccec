// How does everything sealed come under another master key? Each value is opened where it lies and sealed again under the
// first key, in batches; a row that somebody holds is passed over and taken in the next round.
import { type Db, sql } from '../../db/pool.ts';
import type { Vault } from '../vault.ts';

interface SealedColumn {
  readonly table: string;
  readonly column: string;
  /** What names the row; also what its context is made of. */
  readonly keys: readonly string[];
  readonly context: (...keys: readonly string[]) => string;
  /** Kept as base64 in a JSON string, not as bytes. */
  readonly asText?: true;
}

/** Every sealed column with the context its own store gives it; the test compares this list with the schema. */
export const sealedColumns: readonly SealedColumn[] = [
  { table: 'connections', column: 'secrets', keys: ['id'], context: (id) => `connection/${id}` },
  {
    table: 'connections',
    column: 'pending_secrets',
    keys: ['id'],
    context: (id) => `connection/${id}/pending`,
  },
  {
    table: 'access_tokens',
    column: 'sealed',
    keys: ['connection_id', 'name'],
    context: (connection, name) => `token/${connection}/${name}`,
  },
  { table: 'setups', column: 'sealed', keys: ['id'], context: (id) => `setup/${id}` },
  { table: 'house_settings', column: 'sealed', keys: ['name'], context: (name) => `house/${name}` },
  { table: 'signing_keys', column: 'sealed', keys: ['id'], context: (id) => `signing-key/${id}` },
  { table: 'users', column: 'totp_sealed', keys: ['id'], context: (id) => `user/${id}/totp` },
  { table: 'webhooks', column: 'sealed_secret', keys: ['id'], context: (id) => `webhook/${id}` },
  {
    table: 'deliveries',
    column: 'sealed',
    keys: ['id', 'channel', 'target'],
    context: (_id, channel, target) => `delivery/${channel}/${target}`,
  },
  {
    table: 'idempotency_keys',
    column: 'response',
    keys: ['actor', 'key'],
    context: (actor, key) => `answer/${actor}/${key}`,
    asText: true,
  },
  {
    table: 'documents',
    column: 'personal',
    keys: ['id', 'connection_id', 'key'],
    context: (_id, connection, key) => `document/${connection}/${key}`,
  },
];

const batchSize = 500;

const bytesOf = ({ column, asText }: SealedColumn) =>
  asText ? sql`decode(${sql.ref(column)} #>> '{}', 'base64')` : sql.ref(column);

/** Bytes 2 to 5 of a sealed value name its key (vault.ts). */
const underOther = (place: SealedColumn, current: Buffer) =>
  sql`${sql.ref(place.column)} IS NOT NULL AND substring(${bytesOf(place)} FROM 2 FOR 4) <> ${current}`;

/** How many values are sealed under another key than the first. */
export async function countOldSeals(db: Db, vault: Vault): Promise<number> {
  const current = Buffer.from(vault.fingerprint, 'hex');
  let count = 0;
  for (const place of sealedColumns) {
    const { rows } = await sql<{
      n: bigint;
    }>`SELECT count(*) AS n FROM ${sql.table(place.table)} WHERE ${underOther(place, current)}`.execute(db);
    count += Number(rows[0]!.n);
  }
  return count;
}

/** Seals everything again under the first key; returns how many values. A run that was killed is simply started again. */
export async function resealAll(db: Db, vault: Vault, step: (by: number) => void): Promise<number> {
  let done = 0;
  for (const place of sealedColumns)
    for (let after = '0'; ; ) {
      const keys = await db.transaction().execute((tx) => resealBatch(tx, vault, place, after));
      done += keys.length;
      step(keys.length);
      if (keys.length < batchSize) break;
      after = keys.at(-1)!;
    }
  return done;
}

/** Rows that somebody holds are passed over, so that nobody waits in a circle. Returns the first key of each row. */
async function resealBatch(
  tx: Db,
  vault: Vault,
  place: SealedColumn,
  after: string,
): Promise<readonly string[]> {
  const current = Buffer.from(vault.fingerprint, 'hex');
  const names = place.keys.map((key) => sql`${sql.ref(key)}::text`);
  // Documents are many and are read once, up their ids; the other tables are small.
  const onward = place.table === 'documents' ? sql`AND id > ${after} ORDER BY id` : sql``;
  const { rows } = await sql<{ keys: string[]; sealed: Buffer }>`
    SELECT ARRAY[${sql.join(names)}] AS keys, ${bytesOf(place)} AS sealed FROM ${sql.table(place.table)}
    WHERE ${underOther(place, current)} ${onward} LIMIT ${batchSize} FOR UPDATE SKIP LOCKED`.execute(tx);
  for (const { keys, sealed } of rows) {
    const where = place.context(...keys);
    const fresh = vault.seal(openAt(vault, sealed, where, place), where);
    const value = place.asText ? sql`to_jsonb(${fresh.toString('base64')}::text)` : sql`${fresh}`;
    const row = place.keys.map((key, index) => sql`${sql.ref(key)} = ${keys[index]}`);
    await sql`UPDATE ${sql.table(place.table)} SET ${sql.ref(place.column)} = ${value} WHERE ${sql.join(row, sql` AND `)}`.execute(
      tx,
    );
  }
  return rows.map((row) => row.keys[0]!);
}

function openAt(vault: Vault, sealed: Buffer, where: string, place: SealedColumn): Buffer {
  try {
    return vault.open(sealed, where);
  } catch (error) {
    throw new Error(
      `${place.table}.${place.column} of ${where} cannot be opened with the keys given: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}
