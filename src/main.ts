// One program: `start` does everything on one machine, `serve` and `worker` split it over several, every other word is a
// command that talks to a running server. What to do when: docs/start.md.
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Command, CommanderError } from 'commander';
import { createApiToken, hasUsers } from './api/users/store.ts';
import { type App, buildApp } from './app/app.ts';
import { type Config, readConfig } from './app/config.ts';
import type { DemoWorld } from './app/demo.ts';
import { lockFolder } from './app/lock.ts';
import { addCommands } from './cli/cli.ts';
import { listConnections } from './connections/store.ts';
import { createLink } from './people/links/store.ts';

interface StartOptions {
  readonly data?: string;
  readonly port?: number;
  readonly host?: string;
  readonly demo: boolean;
}

const say = (text: string): void => void process.stdout.write(`${text}\n`);

async function openDatabaseFor(config: Config): Promise<{ url: string; stop(): Promise<void> }> {
  if (config.databaseUrl) return { url: config.databaseUrl, stop: async () => undefined };
  const began = performance.now();
  const { startEmbeddedPostgres } = await import('./db/embedded.ts');
  const server = await startEmbeddedPostgres({ dataDir: config.dataDir });
  say(
    `  database   ${server.adopted ? 'found running' : 'started'} (${Math.round(performance.now() - began)} ms)`,
  );
  return server;
}

/** Everything on one machine: database, migrations, console and API, worker, and the demo world while nothing real is connected. */
async function start(options: StartOptions): Promise<void> {
  const config = readConfig({
    ...(options.data ? { dataDir: options.data } : {}),
    ...(options.port === undefined ? {} : { port: options.port }),
    ...(options.host ? { host: options.host } : {}),
  });
  const lock = lockFolder(config.dataDir, new Date());
  if (lock.held) {
    process.stderr.write(
      `Crossdock already runs on ${config.dataDir} (process ${lock.by.pid}, since ${lock.by.startedAt})${lock.by.url ? `: ${lock.by.url}` : ''}.\nStop it first, or name another folder with --data.\n`,
    );
    process.exitCode = 1;
    return;
  }
  say('Crossdock');
  const stops: (() => Promise<void> | void)[] = [() => lock.release()];
  const stop = stopOnce(stops);
  try {
    const database = await openDatabaseFor(config);
    stops.unshift(() => database.stop());
    const app = await buildApp(config, database.url);
    stops.unshift(() => app.close());
    const demo = options.demo ? await demoUnlessReal(app) : undefined;
    if (demo) stops.unshift(() => demo.stop());
    const { url, close } = await listen(app, demo !== undefined);
    stops.unshift(close);
    await app.worker.start();
    lock.tell(url);
    await welcome(app, url);
  } catch (error) {
    await stop();
    throw error;
  }
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => void stop().then(() => process.exit(0)));
}

function stopOnce(stops: (() => Promise<void> | void)[]): () => Promise<void> {
  let stopping: Promise<void> | undefined;
  return () => {
    stopping ??= (async () => {
      for (const one of stops) await one();
    })();
    return stopping;
  };
}

async function demoUnlessReal(app: App): Promise<DemoWorld | undefined> {
  const real = (await listConnections(app.db)).some((connection) => !connection.demo);
  if (real) return undefined;
  const began = performance.now();
  const { startDemo } = await import('./app/demo.ts');
  const demo = await startDemo(
    { db: app.db, vault: app.vault, now: app.clock.now() },
    {
      dataDir: app.config.dataDir,
      timeScale: app.config.timeScale,
      timeOriginMs: app.config.timeOriginMs,
      log: say,
    },
  );
  for (const id of ['amazon-demo', 'netsuite-demo']) {
    const outcome = await app.operations.testConnection({ id });
    if (!outcome.ok) throw new Error(`The demo connection ${id} does not work: ${outcome.problem.message}`);
  }
  say(`  demo world simulated Amazon and NetSuite (${Math.round(performance.now() - began)} ms)`);
  return demo;
}

async function listen(app: App, demo: boolean): Promise<{ url: string; close(): Promise<void> }> {
  const { config } = app;
  // A worker needs neither web server nor console: what a command does not use it does not load.
  const { buildApi } = await import('./api/server.ts');
  const api = await buildApi({
    db: app.db,
    vault: app.vault,
    operations: app.operations,
    clock: app.clock,
    publicUrl: config.publicUrl,
    host: config.host,
    demo,
    log: app.log,
  });
  await api.listen({ host: config.host, port: config.port });
  const address = api.server.address();
  const port = typeof address === 'object' && address !== null ? address.port : config.port;
  return {
    url: config.publicUrl ?? `http://${config.host.includes(':') ? `[${config.host}]` : config.host}:${port}`,
    close: () => api.close(),
  };
}

/** The first start makes a link for the owner's account and a token for the command line, readable by this user only. */
async function welcome(app: App, url: string): Promise<void> {
  const file = join(app.config.dataDir, 'first-run.json');
  const first = !(await hasUsers(app.db));
  const token = await createApiToken(app.db, {
    name: 'command line on this machine',
    scopes: ['read', 'write', 'admin'],
    createdBy: 'first start',
    now: app.clock.now(),
  });
  const link = first
    ? `${url}/setup?link=${(await createLink(app.db, { purpose: 'owner', createdBy: 'crossdock', now: app.clock.now() })).link}`
    : undefined;
  await mkdir(app.config.dataDir, { recursive: true });
  // Renamed into place, so that whoever waits for it never reads half of it.
  await writeFile(`${file}.new`, JSON.stringify({ url, token, ...(link ? { setupUrl: link } : {}) }), {
    mode: 0o600,
  });
  await rename(`${file}.new`, file);
  say(
    link
      ? `\nOpen ${link}\n(this link makes the owner's account and works once; Ctrl-C stops)`
      : `\nOpen ${url}\n(Ctrl-C stops)`,
  );
}

/** Only the API and console: the worker runs elsewhere. */
async function serve(options: StartOptions): Promise<void> {
  const config = readConfig(options);
  const database = await openDatabaseFor(config);
  const app = await buildApp(config, database.url);
  const { url, close } = await listen(app, false);
  await welcome(app, url);
  const stop = stopOnce([close, () => app.close(), () => database.stop()]);
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => void stop().then(() => process.exit(0)));
}

/** Only the work: as many of these as wanted, on one DATABASE_URL and master key. */
async function work(options: StartOptions): Promise<void> {
  const config = readConfig(options);
  const database = await openDatabaseFor(config);
  const app = await buildApp(config, database.url);
  await app.worker.start();
  say('{"working":true}');
  const stop = stopOnce([() => app.close(), () => database.stop()]);
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => void stop().then(() => process.exit(0)));
}

const program = new Command('crossdock')
  .description('Keeps NetSuite and marketplaces in step.')
  .exitOverride();
const port = (text: string) => {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0 || value > 65_535)
    throw new CommanderError(2, 'crossdock.port', `“${text}” is not a port.`);
  return value;
};
const common = (command: Command) =>
  command
    .option('--data <folder>', 'folder for database, keys and demo world')
    .option('--port <number>', 'port of console and API (0: any free)', port)
    .option('--host <address>', 'address to listen on');
common(program.command('start'))
  .description('run everything on this machine; the demo world while nothing real is connected')
  .option('--no-demo', 'never start the demo world')
  .action(start);
common(program.command('serve')).description('run API and console only').action(serve);
common(program.command('worker')).description('run the worker only').action(work);
addCommands(program, () => readConfig());

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 2;
  else {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}
