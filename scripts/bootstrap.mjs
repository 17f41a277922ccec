// Makes a fresh clone ready and runs one of: start, test, prove, check. Plain JavaScript without dependencies, so that any
// Node from 18 on can run it; everything else then runs on Node 24 from node_modules.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  accessSync,
  constants,
  existsSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { nodeFlags } from './node-flags.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const modules = join(root, 'node_modules');
const [verb = 'start', ...args] = process.argv.slice(2);

function step(name, work) {
  const began = Date.now();
  work();
  process.stdout.write(`  ${name.padEnd(10)} ${((Date.now() - began) / 1000).toFixed(1)} s\n`);
}

function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}

function run(command, words, options = {}) {
  const done = spawnSync(command, words, {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    ...options,
  });
  if (done.status !== 0)
    fail(
      `${command} ${words.join(' ')} failed:\n${(done.stdout ?? '') + (done.stderr ?? '')}${done.error ? done.error.message : ''}`,
    );
}

function install() {
  const wanted = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
  const stamp = join(modules, '.crossdock-stamp');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  try {
    accessSync(root, constants.W_OK);
  } catch {
    fail(
      `The folder ${root} cannot be written to; packages cannot be installed there. Copy it to a folder of yours.`,
    );
  }
  // Not `npm ci`: it refuses a lock file in which optional packages of other platforms are absent (npm 11).
  step('packages', () =>
    run(process.platform === 'win32' ? 'npm.cmd' : 'npm', [
      'install',
      '--no-save',
      '--ignore-scripts',
      '--no-audit',
      '--no-fund',
      '--loglevel=error',
    ]),
  );
  writeFileSync(stamp, wanted);
}

/** Node 24 that npm brought, or the host's own when it is new enough. */
function nodePath() {
  const brought = join(modules, '.bin', 'node');
  if (existsSync(brought)) return brought;
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > 22 || (major === 22 && minor >= 18)) return process.execPath;
  fail(
    `Crossdock needs Node 22.18 or newer; this is ${process.versions.node}, and npm brought none for this platform.`,
  );
}

function sourcesOf(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? sourcesOf(join(folder, entry.name)) : [join(folder, entry.name)],
  );
}

function buildConsole(environment) {
  if (!existsSync(join(root, 'web/index.html'))) return;
  const hash = createHash('sha256');
  for (const file of sourcesOf(join(root, 'web')).sort()) hash.update(file).update(readFileSync(file));
  const wanted = hash.digest('hex');
  const stamp = join(root, 'dist/web/.stamp');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  step('console', () =>
    run(join(modules, '.bin', 'vite'), ['build', '--config', 'web/vite.config.ts', '--logLevel', 'error'], {
      env: environment,
    }),
  );
  writeFileSync(stamp, wanted);
}

if (!statSync(join(root, 'package-lock.json'), { throwIfNoEntry: false }))
  fail('package-lock.json is missing; this is not a whole clone.');
install();
const node = nodePath();
const environment = { ...process.env, PATH: join(modules, '.bin') + delimiter + (process.env.PATH ?? '') };
if (verb === 'start' || verb === 'test' || verb === 'prove') buildConsole(environment);
const scripts = {
  start: ['src/main.ts', 'start'],
  test: ['scripts/test.ts'],
  prove: ['scripts/prove.ts'],
  check: ['scripts/check.ts'],
};
if (!scripts[verb]) fail(`“${verb}” is not one of ${Object.keys(scripts).join(', ')}.`);
const [file, ...words] = scripts[verb];
const flags = verb === 'start' ? nodeFlags : [];
const child = spawn(node, [...flags, join(root, file), ...words, ...args], {
  cwd: verb === 'start' ? process.cwd() : root,
  stdio: 'inherit',
  env: environment,
});
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
child.on('exit', (code, signal) => process.exit(code ?? (signal ? 1 : 0)));
