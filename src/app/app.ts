// How is everything put together? Database, vault, quotas, sessions, worker, operations and API from one config; the
// only place that knows all of them. main.ts calls it.
import { randomUUID } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { hostname } from 'node:os';
import { pino } from 'pino';
import { expirePersonal } from '../archive/store.ts';
import { forgetOld } from '../archive/upkeep/store.ts';
import { listConnections, setConnectionRowState } from '../connections/store.ts';
import { makeClock } from '../core/clock.ts';
import type { SyncError } from '../core/errors.ts';
import { migrate } from '../db/migrate.ts';
import { openDatabase } from '../db/pool.ts';
import { QuotaGate } from '../engine/quota/gate.ts';
import { Settler } from '../engine/settler.ts';
import { requeueRecords } from '../engine/store.ts';
import { type FlowRow, forgetEmptyRuns, listFlows } from '../engine/tasks/store.ts';
import { Worker } from '../engine/worker.ts';
import { noteProblem } from '../problems/store.ts';
import { loadMasterKeys, makeVault } from '../vault/vault.ts';
import type { Config } from './config.ts';
import { flowKinds } from './connectors.ts';
import { openFlow, withDocuments } from './open-flow.ts';
import { makeOperations } from './operate.ts';
import { warnOfExpiries } from './operations/expiry.ts';
import { makePractice } from './practice.ts';
import { probeProblems } from './probe-problems.ts';
import { makeSessions } from './sessions.ts';

const dayMs = 24 * 60 * 60_000;

export type App = Awaited<ReturnType<typeof buildApp>>;

/** Opens the database (migrating it) and builds all parts; nothing runs until `worker.start()` or the API listens. */
export async function buildApp(config: Config, databaseUrl: string) {
  await mkdir(config.dataDir, { recursive: true, mode: 0o700 });
  // Notes go to stderr: stdout belongs to what was asked for.
  const log = pino(
    { level: config.logLevel, base: null, timestamp: pino.stdTimeFunctions.isoTime },
    pino.destination(2),
  );
  const clock = makeClock(config.timeScale, config.timeOriginMs);
  const vault = makeVault(await loadMasterKeys(config.dataDir, config.masterKey));
  const database = await openDatabase(databaseUrl);
  const { db } = database;
  await migrate(db);

  const gate = new QuotaGate(db, clock);
  const places = new Map<string, { channelConnectionId: string }>();
  for (const flow of await listFlows(db)) places.set(flow.id, flow);
  const settler = new Settler(
    db,
    clock,
    (flowId) => places.get(flowId) ?? { channelConnectionId: flowId.split(':')[0] ?? flowId },
  );
  const sessions = makeSessions({ db, vault, clock, gate, record: settler.record });
  const practice = makePractice({
    db,
    dataDir: config.dataDir,
    timeScale: config.timeScale,
    timeOriginMs: config.timeOriginMs,
    now: () => clock.now(),
  });
  const parts = { db, vault, clock, sessions, practice };

  const worker = new Worker({
    db,
    clock,
    workerId: config.workerId ?? `${hostname()}-${randomUUID().slice(0, 8)}`,
    host: hostname(),
    gate,
    settler,
    kinds: flowKinds,
    openFlow: (flow, wake) => {
      places.set(flow.id, flow);
      return openFlow(parts, flow, wake);
    },
    readDocuments: (flow, records) => withDocuments(parts, flow, records),
    breakConnection: (flow, error) => breakConnection(flow, error),
    async upkeep() {
      const now = clock.now();
      const expired = await expirePersonal(db, now);
      await warnOfExpiries(db, now);
      if (expired > 0) log.info(`The buyer's data of ${expired} documents has expired and was removed.`);
      await forgetEmptyRuns(db, new Date(now.getTime() - dayMs));
      await forgetDaily(now);
      await probeProblems({
        db,
        clock,
        requeue: (tx, ids, at) => requeueRecords(tx, { ids }, at, 'crossdock'),
        retryProblems: operations.retryProblems,
        wake: () => worker.wake(),
      });
      for (const connection of await listConnections(db))
        if (connection.state === 'broken') await operations.testConnection({ id: connection.id });
    },
    tell: () => operations.alertUpkeep(),
    log: (level, message, detail) => log[level](detail ?? {}, message),
  });

  let forgottenAt: number | undefined;
  /** Once a day what is old goes; a worker that finds another at it looks again at its next upkeep. */
  async function forgetDaily(now: Date): Promise<void> {
    if (forgottenAt !== undefined && now.getTime() - forgottenAt < dayMs) return;
    const gone = await forgetOld(db, config.keepDays, now);
    if (gone === undefined) return;
    forgottenAt = now.getTime();
    if (Object.values(gone).some((count) => count > 0))
      log.info(gone, 'What was older than its days was removed.');
  }

  /** The account itself refuses: everything on it rests until its check passes again. */
  async function breakConnection(flow: FlowRow, error: SyncError): Promise<void> {
    const guilty =
      typeof error.facts['connection'] === 'string'
        ? error.facts['connection']
        : guiltyConnection(flow, error);
    const now = clock.now();
    await setConnectionRowState(
      db,
      guilty,
      'broken',
      { code: error.code, message: error.message, nextSteps: error.nextSteps },
      now,
    );
    await noteProblem(db, { flowId: null, connectionId: guilty, kind: 'error' }, error, now);
    log.warn({ connection: guilty, code: error.code }, error.message);
  }

  const operations = makeOperations({
    ...parts,
    wake: () => worker.wake(),
    publicUrl: config.publicUrl ?? `http://localhost:${config.port}`,
  });
  return {
    config,
    log,
    clock,
    vault,
    db,
    operations,
    practice,
    worker,
    async close() {
      await worker.stop();
      await practice.stop();
      await settler.close();
      await database.close();
    },
  };
}

/** Errors of the ERP name it in their code's facts or next steps; all others are the channel's. */
function guiltyConnection(flow: FlowRow, error: SyncError): string {
  return error.facts['side'] === 'erp' || /netsuite/i.test(`${error.message} ${error.code}`)
    ? flow.erpConnectionId
    : flow.channelConnectionId;
}
