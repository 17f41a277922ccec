// How does a process begin? Everything on one machine (`start`), the API alone (`serve`), the work alone (`worker`).
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { createApiToken, hasUsers } from '../api/users/store.ts';
import type { StartOptions } from '../cli/cli.ts';
import { Failure } from '../cli/failure.ts';
import { listConnections, setConnectionRowState } from '../connections/store.ts';
import { createLink } from '../people/links/store.ts';
import { type App, buildApp } from './app.ts';
import { type Config, readConfig } from './config.ts';
import type { DemoWorld } from './demo.ts';
import { lockFolder } from './lock.ts';
import { freePort } from './port.ts';
import { type Run, runUntilAsked } from './run.ts';

const say = (text: string): void => void process.stdout.write(`${text}\n`);
const demoConnections = ['amazon-demo', 'netsuite-demo'];
/** How often it is looked whether a real account was connected while the demo world runs. */
const lookForRealMs = 5_000;

const configOf = (options: StartOptions): Config =>
  readConfig({
    ...(options.data ? { dataDir: options.data } : {}),
    ...(options.port === undefined ? {} : { port: options.port }),
    ...(options.host ? { host: options.host } : {}),
  });

/** Everything on one machine: database, migrations, console and API, worker, and the demo world while nothing real is connected. */
export const start = (options: StartOptions): Promise<void> =>
  runUntilAsked(say, async (run) => {
    const config = configOf(options);
    const lock = lockFolder(config.dataDir, new Date());
    if (lock.held)
      throw new Failure(
        'ALREADY_RUNNING',
        `Crossdock already runs on ${config.dataDir} (process ${lock.by.pid}, since ${lock.by.startedAt})${lock.by.url ? `: ${lock.by.url}` : ''}.`,
        ['Use that one, or stop it first.', 'Or name another folder with --data.'],
      );
    run.started(() => lock.release());
    say('Crossdock');
    const app = await openApp(run, config);
    const demo = options.demo ? await demoUnlessReal(run, app) : { runs: false };
    app.practice.available = true;
    await app.practice.resume();
    const url = await listen(run, app, demo);
    await app.worker.start();
    lock.tell(url);
    await welcome(app, url);
  });

/** Only the API and console: the workers run elsewhere, on the same DATABASE_URL and master key. */
export const serve = (options: StartOptions): Promise<void> =>
  runUntilAsked(say, async (run) => {
    const config = sharedConfig(options, 'serve');
    const app = await openApp(run, config);
    await welcome(app, await listen(run, app, { runs: false }));
  });

/** Only the work: as many of these as wanted, on one DATABASE_URL and master key. */
export const work = (options: StartOptions): Promise<void> =>
  runUntilAsked(say, async (run) => {
    const app = await openApp(run, sharedConfig(options, 'worker'));
    await app.worker.start();
    say('{"working":true}');
  });

function sharedConfig(options: StartOptions, word: string): Config {
  const config = configOf(options);
  if (config.databaseUrl) return config;
  throw new Failure(
    'DATABASE_MISSING',
    `“${word}” shares a database with others, and DATABASE_URL names none.`,
    [
      'Set DATABASE_URL to a PostgreSQL server of version 15 or newer.',
      'Or run everything on this machine with: crossdock start',
    ],
  );
}

async function openApp(run: Run, config: Config): Promise<App> {
  let url = config.databaseUrl;
  if (url === undefined) {
    const began = performance.now();
    const { startEmbeddedPostgres } = await import('../db/embedded.ts');
    const server = await startEmbeddedPostgres({ dataDir: config.dataDir });
    run.started(() => server.stop());
    url = server.url;
    say(
      `  database   ${server.adopted ? 'found running' : 'started'} (${Math.round(performance.now() - began)} ms)`,
    );
  }
  const app = await buildApp(config, url);
  run.started(() => app.close());
  return app;
}

/** The demo world runs while no real account is connected, and ends for good when one is. */
async function demoUnlessReal(run: Run, app: App): Promise<{ readonly runs: boolean }> {
  const isReal = async () => (await listConnections(app.db)).some((connection) => !connection.demo);
  const rest = async (state: 'active' | 'paused') => {
    for (const connection of await listConnections(app.db))
      if (demoConnections.includes(connection.id) && (state === 'active') === (connection.state === 'paused'))
        await setConnectionRowState(
          app.db,
          connection.id,
          state,
          state === 'active'
            ? undefined
            : { code: 'DEMO_ENDED', message: 'The demo world ended when a real account was connected.' },
          app.clock.now(),
        );
  };
  if (await isReal()) {
    await rest('paused');
    return { runs: false };
  }
  const demo = await openDemo(run, app);
  await rest('active');
  const status = { runs: true };
  const timer = setInterval(async () => {
    if (!status.runs || !(await isReal().catch(() => false))) return;
    status.runs = false;
    clearInterval(timer);
    await rest('paused');
    await demo.stop();
    say('A real account is connected: the demo world has ended.');
  }, lookForRealMs);
  timer.unref();
  run.started(() => clearInterval(timer));
  return status;
}

async function openDemo(run: Run, app: App): Promise<DemoWorld> {
  const began = performance.now();
  const { dataDir, timeScale, timeOriginMs } = app.config;
  const { startDemo } = await import('./demo.ts');
  const demo = await startDemo(
    { db: app.db, vault: app.vault, now: app.clock.now() },
    { dataDir, timeScale, timeOriginMs, log: say },
  );
  run.started(() => demo.stop());
  for (const id of demoConnections) {
    const outcome = await app.operations.testConnection({ id });
    if (!outcome.ok) throw new Error(`The demo connection ${id} does not work: ${outcome.problem.message}`);
  }
  say(`  demo world simulated Amazon and NetSuite (${Math.round(performance.now() - began)} ms)`);
  return demo;
}

/** The API and console; on the usual port when it is free, else on the next one, unless a port was asked for. */
async function listen(run: Run, app: App, demo: { readonly runs: boolean }): Promise<string> {
  const { host, publicUrl, port: wanted, portChosen } = app.config;
  const port = await freePort(host, wanted, portChosen === true ? 1 : 20);
  // A worker needs neither web server nor console: what a process does not use it does not load.
  const { buildApi } = await import('../api/server.ts');
  const api = await buildApi({
    ...app,
    publicUrl,
    host,
    get demo() {
      return demo.runs;
    },
  });
  run.started(() => api.close());
  await api.listen({ host, port });
  const address = api.server.address();
  const actual = typeof address === 'object' && address !== null ? address.port : port;
  if (wanted !== 0 && actual !== wanted)
    say(`  port       ${wanted} is taken by another program; this one has ${actual}`);
  return publicUrl ?? `http://${host.includes(':') ? `[${host}]` : host}:${actual}`;
}

/** The first start makes a link for the owner's account and a token for the command line, readable by this user only. */
async function welcome(app: App, url: string): Promise<void> {
  const file = join(app.config.dataDir, 'first-run.json');
  const first = !(await hasUsers(app.db));
  const token = await createApiToken(app.db, {
    name: `command line of ${hostname()}:${app.config.dataDir}`,
    scopes: ['read', 'write', 'admin'],
    createdBy: 'first start',
    now: app.clock.now(),
  });
  const link = first
    ? `${url}/setup?link=${(await createLink(app.db, { purpose: 'owner', createdBy: 'crossdock', now: app.clock.now() })).link}`
    : undefined;
  await mkdir(app.config.dataDir, { recursive: true });
  // Whoever waits for the file sees the whole of it or none.
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
