// How does a journey run the program as its owner does on several machines? `serve` and `worker` as processes of their own
// on the journey's database and simulators, in its fast time; what they write is kept.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Journey } from './world.ts';

const main = fileURLToPath(new URL('../../src/main.ts', import.meta.url));

export interface Process {
  readonly said: () => string;
  stop(signal: 'SIGTERM' | 'SIGKILL'): Promise<void>;
}

export function processesOf(world: Journey) {
  const { config } = world.app;
  const folder = mkdtempSync(join(tmpdir(), 'crossdock-processes-'));
  const running: Process[] = [];

  async function begin(words: readonly string[], ready: RegExp, workerId?: string): Promise<Process> {
    const child: ChildProcess = spawn(process.execPath, [main, ...words, '--data', join(folder, words[0]!)], {
      env: {
        ...process.env,
        DATABASE_URL: config.databaseUrl,
        CROSSDOCK_MASTER_KEY: readFileSync(join(config.dataDir, 'master.key'), 'utf8').trim(),
        CROSSDOCK_TIME_SCALE: String(config.timeScale),
        CROSSDOCK_TIME_ORIGIN_MS: String(config.timeOriginMs),
        CROSSDOCK_LOG_LEVEL: 'debug',
        ...(workerId === undefined ? {} : { CROSSDOCK_WORKER_ID: workerId }),
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let said = '';
    for (const stream of [child.stdout!, child.stderr!])
      stream.on('data', (chunk: Buffer) => {
        said += chunk.toString();
      });
    const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
    const one: Process = {
      said: () => said,
      async stop(signal) {
        child.kill(signal);
        await ended;
      },
    };
    running.push(one);
    await world.until(`“${words[0]}” is ready`, async () => {
      if (child.exitCode !== null) throw new Error(`“${words[0]}” has ended:\n${said}`);
      return ready.test(said);
    });
    return one;
  }

  return {
    worker: (id: string) => begin(['worker'], /"working":true/, id),
    async serve() {
      const server = await begin(['serve', '--port', '0'], /Open http/);
      const access = JSON.parse(readFileSync(join(folder, 'serve', 'first-run.json'), 'utf8'));
      return { ...server, ...(access as { url: string; token: string }) };
    },
    said: () => running.map((one) => one.said()).join('\n'),
    async close() {
      await Promise.all(running.map((one) => one.stop('SIGTERM')));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
