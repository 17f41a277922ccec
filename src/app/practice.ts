// Where can a person practise connecting, without credentials? A second, fresh simulated pair beside the demo shop: its
// NetSuite has no certificate of ours and a role that lacks something, its Amazon has not been authorised.
import type { ChildProcess } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { mergeSettings } from '../connections/store.ts';
import type { Db } from '../db/pool.ts';
import { listSetups } from '../setup/store.ts';
import { type Ready, startSimulator, stopSimulator } from './demo.ts';

/** What a person would read off the pages of the two systems. */
export interface PracticeFacts {
  readonly netsuite: {
    readonly page: string;
    readonly accountId: string;
    readonly clientId: string;
    readonly hostTemplate: string;
  };
  readonly amazon: {
    readonly page: string;
    readonly applicationId: string;
    readonly clientId: string;
    readonly clientSecret: string;
    readonly sellerId: string;
    readonly baseUrl: string;
  };
}

export interface Practice {
  /** False where no simulators may run beside the program (several machines, real accounts). */
  readonly available: boolean;
  facts(): PracticeFacts | undefined;
  /** Starts the pair, or gives the one that runs. */
  start(): Promise<PracticeFacts>;
}

export interface PracticeOptions {
  readonly db: Db;
  readonly dataDir: string;
  readonly timeScale: number;
  readonly timeOriginMs: number;
  readonly now: () => Date;
}

/** Permissions the practice role lacks at first, so that the connection test has something to name. */
const lackingAtFirst = ['LIST_SHIPITEM', 'TRAN_ITEMSHIP'];

export function makePractice(options: PracticeOptions): Practice & {
  available: boolean;
  /** After a restart: the pair runs again when somebody practises. */
  resume(): Promise<void>;
  stop(): Promise<void>;
} {
  let running: Promise<{ facts: PracticeFacts; children: readonly ChildProcess[] }> | undefined;
  let known: PracticeFacts | undefined;
  const practice = {
    available: false,
    facts: () => known,
    async start() {
      running ??= startPair(options);
      running.catch(() => (running = undefined));
      known = (await running).facts;
      return known;
    },
    async resume() {
      if ((await listSetups(options.db)).some((setup) => setup.kind === 'practice')) await practice.start();
    },
    async stop() {
      const pair = await running?.catch(() => undefined);
      await Promise.all((pair?.children ?? []).map(stopSimulator));
    },
  };
  return practice;
}

async function startPair(options: PracticeOptions) {
  const folder = join(options.dataDir, 'practice');
  await mkdir(folder, { recursive: true });
  const clock = [
    '--scale',
    String(options.timeScale),
    ...(options.timeOriginMs > 0 ? ['--origin', String(options.timeOriginMs)] : []),
  ];
  const common = ['--seed', 'practice', ...clock];
  const [amazon, netsuite] = await Promise.all([
    startSimulator('sp-api', ['--data', join(folder, 'amazon'), '--orders-per-minute', '4', ...common]),
    startSimulator('netsuite', [
      '--data',
      join(folder, 'netsuite'),
      '--account-id',
      'PRACTICE1',
      '--warehouse-after-seconds',
      '60',
      ...common,
    ]),
  ]);
  await furnish(amazon.ready.url, netsuite.ready.url);
  await repoint(options, amazon.ready, netsuite.ready);
  return { facts: factsOf(amazon.ready, netsuite.ready), children: [amazon.child, netsuite.child] };
}

function factsOf(amazon: Ready, netsuite: Ready): PracticeFacts {
  const text = (value: unknown) => String(value);
  return {
    netsuite: {
      page: `${netsuite.url}/app/setup`,
      accountId: text(netsuite['accountId']),
      clientId: text(netsuite['clientId']),
      hostTemplate: netsuite.url,
    },
    amazon: {
      page: `${amazon.url}/apps/manage`,
      applicationId: text(amazon['applicationId']),
      clientId: text(amazon['clientId']),
      clientSecret: text(amazon['clientSecret']),
      sellerId: text(amazon['sellerId']),
      baseUrl: amazon.url,
    },
  };
}

/** A fresh pair gets a few days of orders and a role with gaps; one that was used before stays as it is. */
async function furnish(amazonUrl: string, netsuiteUrl: string): Promise<void> {
  const { items } = (await (await fetch(`${amazonUrl}/_sim/orders?limit=1`)).json()) as { items: unknown[] };
  if (items.length > 0) return;
  const post = (url: string, body: object) =>
    fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  await post(`${amazonUrl}/_sim/generate`, { count: 60, spreadHours: 96 });
  await post(`${netsuiteUrl}/_sim/roles`, { drop: lackingAtFirst });
}

export const practiceConnections = { channel: 'amazon-practice', erp: 'netsuite-practice' } as const;

/** Another start, other ports: connections made before follow. */
async function repoint({ db, now }: PracticeOptions, amazon: Ready, netsuite: Ready): Promise<void> {
  await mergeSettings(db, practiceConnections.erp, { hostTemplate: netsuite.url }, now());
  await mergeSettings(
    db,
    practiceConnections.channel,
    { baseUrl: amazon.url, tokenUrl: `${amazon.url}/auth/o2/token`, sellerCentralUrl: amazon.url },
    now(),
  );
}
