// Runs every test: one PostgreSQL for all, two files at a time, and a last line that sums up.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, globSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedPostgres } from '../src/db/embedded.ts';

const chromium = '/usr/bin/chromium';

/** Browser tests need Chromium; Debian has it, elsewhere they are reported as skipped. */
function browserAvailable(): boolean {
  if (existsSync(chromium)) return true;
  const canInstall = process.getuid?.() === 0 && existsSync('/usr/bin/apt-get');
  if (canInstall) {
    spawnSync('apt-get', ['update', '-qq'], { stdio: 'ignore' });
    spawnSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium'], {
      stdio: 'ignore',
    });
  }
  if (existsSync(chromium)) return true;
  console.log('Browser tests are skipped: there is no Chromium here, and it could not be installed.');
  return false;
}

const wanted = process.argv.slice(2);
const files = [
  'src/**/*.test.ts',
  'web/**/*.test.ts',
  'sim/*.test.ts',
  'sim/netsuite/**/*.test.ts',
  'sim/sp-api/*.test.ts',
  'test/**/*.test.ts',
]
  .flatMap((pattern) => globSync(pattern))
  .filter(
    (file) =>
      !file.includes('node_modules') && (wanted.length === 0 || wanted.some((part) => file.includes(part))),
  )
  .sort();
if (files.length === 0) {
  console.log(`No test matches ${wanted.join(' ')}.`);
  process.exit(1);
}
const dataDir = mkdtempSync(join(tmpdir(), 'crossdock-test-'));
const database = process.env['DATABASE_URL'] ? undefined : await startEmbeddedPostgres({ dataDir });
const env = {
  ...process.env,
  CROSSDOCK_TEST_DATABASE_URL: database?.url ?? process.env['DATABASE_URL'],
  ...(files.some((file) => file.includes('browser')) && !browserAvailable()
    ? { CROSSDOCK_NO_BROWSER: '1' }
    : {}),
};
const child = spawn(
  process.execPath,
  ['--test', '--test-concurrency=2', '--test-timeout=240000', '--test-reporter=spec', ...files],
  {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  },
);
let tail = '';
child.stdout.on('data', (chunk: Buffer) => {
  process.stdout.write(chunk);
  tail = (tail + chunk.toString()).slice(-2_000_000);
});
const code = await new Promise<number>((resolve) => child.once('exit', (status) => resolve(status ?? 1)));
await database?.stop();
rmSync(dataDir, { recursive: true, force: true });
const count = (name: string) => Number(new RegExp(`ℹ ${name} (\\d+)`).exec(tail)?.[1] ?? 0);
console.log(`${count('pass')} passed, ${count('fail')} failed, ${count('skipped')} skipped`);
process.exit(code);
