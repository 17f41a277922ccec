// How does a new master key take the old one's place? It is put first, everything sealed is sealed again under it, and only
// then is the old one let go; a run that was killed at any point is started again and goes on.
import { writeAudit } from '../audit/store.ts';
import type { RotateOptions } from '../cli/cli.ts';
import { Failure } from '../cli/failure.ts';
import { progress, type Terminal } from '../cli/terminal.ts';
import { makeClock } from '../core/clock.ts';
import { migrate } from '../db/migrate.ts';
import { type Db, openDatabase } from '../db/pool.ts';
import { workersSince } from '../engine/quota/store.ts';
import { countOldSeals, resealAll } from '../vault/rotate/store.ts';
import { loadMasterKeys, makeVault, newMasterKey, writeMasterKeys } from '../vault/vault.ts';
import { type Config, readConfig } from './config.ts';
import { lockFolder } from './lock.ts';

/** A worker that was not seen for this long is gone. */
const workerGoneMs = 2 * 60_000;
/** Rows held by others are passed over; so often they are looked at again. */
const rounds = 10;

export async function rotateKeys(terminal: Terminal, options: RotateOptions): Promise<void> {
  const config = readConfig(options.data ? { dataDir: options.data } : {});
  const ends: (() => Promise<void> | void)[] = [];
  try {
    if (config.databaseUrl === undefined || config.masterKey === undefined)
      ends.unshift(holdFolder(config.dataDir));
    const database = await openDatabase(await databaseOf(config, ends));
    ends.unshift(() => database.close());
    await migrate(database.db);
    const shown = options.json ? { ...terminal, interactive: false } : terminal;
    const done =
      config.masterKey === undefined
        ? await rotateFile(database.db, config, shown)
        : await rotateGiven(database.db, config, shown);
    terminal.out(
      options.json
        ? JSON.stringify(done)
        : [`${done.values} values are sealed under the new key ${done.key}.`, ...done.nextSteps].join('\n'),
    );
  } finally {
    for (const end of ends) await end();
  }
}

interface Rotated {
  readonly values: number;
  /** Fingerprint of the key that seals now. */
  readonly key: string;
  readonly nextSteps: readonly string[];
}

/** The key lies in the data folder: a new one is made, unless an earlier run has already made it. */
async function rotateFile(db: Db, config: Config, terminal: Terminal): Promise<Rotated> {
  const since = new Date(makeClock(config.timeScale, config.timeOriginMs).now().getTime() - workerGoneMs);
  // On the built-in database the folder's lock has already said that nobody runs.
  const [worker] = config.databaseUrl === undefined ? [] : await workersSince(db, since);
  if (worker !== undefined)
    throw new Failure(
      'WORKERS_RUN',
      `The worker ${worker} works on this database and does not know the new key.`,
      [
        'Stop every Crossdock on this database and wait two minutes.',
        'Or give all of them both keys in CROSSDOCK_MASTER_KEY, the new one first; then nothing need stop.',
      ],
    );
  let keys = await loadMasterKeys(config.dataDir, undefined);
  if (keys.length === 1) {
    keys = [newMasterKey(), ...keys];
    await writeMasterKeys(config.dataDir, keys);
  }
  const [first, ...old] = keys;
  const rotated = await reseal(db, config, keys, terminal);
  await writeMasterKeys(config.dataDir, old, 'master.key.old');
  await writeMasterKeys(config.dataDir, [first]);
  return {
    ...rotated,
    nextSteps: [
      `Back up ${config.dataDir}/master.key now, apart from the database.`,
      'Backups from before need the old key (master.key.old); remove that file when you need none of them.',
    ],
  };
}

/** The keys come from the environment: whoever sets it puts the new one first. */
async function rotateGiven(db: Db, config: Config, terminal: Terminal): Promise<Rotated> {
  const keys = await loadMasterKeys(config.dataDir, config.masterKey);
  if (keys.length === 1)
    throw new Failure(
      'KEY_MISSING',
      'CROSSDOCK_MASTER_KEY holds one key only: there is no new one to change to.',
      [
        'Make one: openssl rand -base64 32',
        'Set CROSSDOCK_MASTER_KEY=NEW,OLD for every Crossdock on this database, restart them, then run this again.',
      ],
    );
  return {
    ...(await reseal(db, config, keys, terminal)),
    nextSteps: [
      'CROSSDOCK_MASTER_KEY may now hold the first key alone; keep the old one for backups from before.',
    ],
  };
}

async function reseal(
  db: Db,
  config: Config,
  keys: readonly [Uint8Array, ...Uint8Array[]],
  terminal: Terminal,
): Promise<Omit<Rotated, 'nextSteps'>> {
  const vault = makeVault(keys);
  const bar = progress(terminal, 'sealing', await countOldSeals(db, vault));
  let values = 0;
  for (let round = 0; round < rounds; round++) {
    values += await resealAll(db, vault, bar.step);
    if ((await countOldSeals(db, vault)) === 0) {
      bar.end();
      await writeAudit(db, {
        at: makeClock(config.timeScale, config.timeOriginMs).now(),
        actor: 'command line',
        action: 'keys.rotated',
        subject: 'master-key',
        detail: { values, key: vault.fingerprint },
      });
      return { values, key: vault.fingerprint };
    }
  }
  bar.end();
  throw new Failure(
    'KEYS_IN_USE',
    'Some values are still sealed under an old key: something running seals with it.',
    ['Restart every Crossdock on this database with the new key first, then run this again.'],
  );
}

async function databaseOf(config: Config, ends: (() => Promise<void> | void)[]): Promise<string> {
  if (config.databaseUrl !== undefined) return config.databaseUrl;
  const { startEmbeddedPostgres } = await import('../db/embedded.ts');
  const server = await startEmbeddedPostgres({ dataDir: config.dataDir });
  ends.unshift(() => server.stop());
  return server.url;
}

function holdFolder(dataDir: string): () => void {
  const lock = lockFolder(dataDir, makeClock().now());
  if (!lock.held) return () => lock.release();
  throw new Failure(
    'ALREADY_RUNNING',
    `Crossdock runs on ${dataDir} (process ${lock.by.pid}) and does not know the new key.`,
    ['Stop it, run this, and start it again.'],
  );
}
