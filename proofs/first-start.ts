// A fresh clone becomes a working console with orders flowing within two minutes; the second start takes under five seconds.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { until, verdict } from './harness.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'crossdock-first-'));
const clone = join(folder, 'clone');
const data = join(folder, 'data');
const failures: string[] = [];
execFileSync('git', ['clone', '-q', '--no-hardlinks', root, clone]);
// The host's own Node, not the one this proof runs on.
const path = (process.env['PATH'] ?? '')
  .split(':')
  .filter((part) => !part.includes('node_modules'))
  .join(':');
const start = (): ChildProcess =>
  spawn('npm', ['start', '--silent', '--', '--data', data, '--port', '0'], {
    cwd: clone,
    env: { ...process.env, PATH: path },
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  });
const stop = async (child: ChildProcess): Promise<number | null> => {
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  process.kill(-child.pid!, 'SIGINT');
  return Promise.race([
    ended,
    new Promise<number | null>((resolve) => setTimeout(() => resolve(-1), 15_000)),
  ]);
};
const access = () =>
  existsSync(join(data, 'first-run.json'))
    ? (JSON.parse(readFileSync(join(data, 'first-run.json'), 'utf8')) as { url: string; token: string })
    : undefined;
const get = async (route: string) => {
  const known = access();
  if (!known) return undefined;
  const answer = await fetch(`${known.url}/api/v1${route}`, {
    headers: { authorization: `Bearer ${known.token}` },
  }).catch(() => undefined);
  return answer?.ok ? ((await answer.json()) as { items?: unknown[] }) : undefined;
};
const children: ChildProcess[] = [];
try {
  let began = Date.now();
  const first = start();
  children.push(first);
  await until(
    'the first order is in NetSuite',
    120,
    async () => ((await get('/records?state=done&limit=1'))?.items?.length ?? 0) > 0,
  );
  const firstSeconds = (Date.now() - began) / 1000;
  const page = await (await fetch(access()!.url)).text();
  if (!page.includes('<div id="root">')) failures.push('the console page is not served');
  if ((await stop(first)) === -1) failures.push('Ctrl-C did not stop it within 15 s');
  rmSync(join(data, 'first-run.json'));

  began = Date.now();
  const second = start();
  children.push(second);
  await until('the second start answers', 30, async () => (await get('/overview')) !== undefined);
  const secondSeconds = (Date.now() - began) / 1000;
  if (secondSeconds >= 5) failures.push(`the second start took ${secondSeconds.toFixed(1)} s`);
  const kept = ((await get('/records?state=done&limit=1'))?.items?.length ?? 0) > 0;
  if (!kept) failures.push('the orders of the first start are gone');

  const third = spawn('npm', ['start', '--silent', '--', '--data', data, '--port', '0'], {
    cwd: clone,
    env: { ...process.env, PATH: path },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  third.stderr!.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  const code = await new Promise<number | null>((resolve) => third.once('exit', resolve));
  if (code === 0 || !/already runs/.test(said))
    failures.push('a second program on the same folder was not told so');
  if ((await get('/overview')) === undefined)
    failures.push('the running program was harmed by the second one');
  await stop(second);
  console.log(
    `fresh clone to first order in NetSuite ${firstSeconds.toFixed(1)} s, second start ${secondSeconds.toFixed(1)} s, third said: ${said.trim().split('\n')[0]}`,
  );
  verdict('first-start', failures);
} catch (error) {
  verdict('first-start', [...failures, String(error)]);
} finally {
  for (const child of children) {
    try {
      process.kill(-child.pid!, 'SIGKILL');
    } catch {
      // Ended already.
    }
  }
  rmSync(folder, { recursive: true, force: true });
}
