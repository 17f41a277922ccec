// Makes a fresh clone ready and runs one of: start, test, prove, check. Plain JavaScript without dependencies, so that any
// Node from 18 on can run it; everything else then runs on Node 24 from node_modules.
import { spawn } from 'node:child_process';
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

/** Says what is under way before it begins: the first install takes a minute. */
async function step(name, doing, work) {
  const began = Date.now();
  const live = process.stdout.isTTY === true;
  process.stdout.write(`  ${name.padEnd(10)} ${doing} …${live ? '' : '\n'}`);
  await work();
  const took = `${((Date.now() - began) / 1000).toFixed(1)} s`;
  process.stdout.write(live ? `\r\u001b[2K  ${name.padEnd(10)} ${took}\n` : `  ${name.padEnd(10)} ${took}\n`);
}

function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}

/** The program under way; Ctrl-C ends it, and us with it, without a stack. */
let underWay;
let asked = false;
for (const signal of ['SIGINT', 'SIGTERM'])
  process.on(signal, () => {
    asked = true;
    if (underWay) underWay.kill(signal);
    else process.exit(130);
  });

/** Runs to its end, quiet unless it fails. */
function run(command, words, options = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, words, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], ...options });
    underWay = child;
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += chunk));
    child.once('error', (error) => fail(`${command} ${words.join(' ')} failed: ${error.message}`));
    child.once('close', (code) => {
      underWay = undefined;
      if (asked) {
        process.stdout.write('\nStopped. The next start goes on from here.\n');
        process.exit(130);
      }
      if (code !== 0) fail(`\n${command} ${words.join(' ')} failed:\n${said}`);
      resolve();
    });
  });
}

async function install() {
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
  await step('packages', 'npm installs what the program needs (about a minute the first time)', () =>
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

async function buildConsole(environment) {
  if (!existsSync(join(root, 'web/index.html'))) return;
  const hash = createHash('sha256');
  for (const file of sourcesOf(join(root, 'web')).sort()) hash.update(file).update(readFileSync(file));
  const wanted = hash.digest('hex');
  const stamp = join(root, 'dist/web/.stamp');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  await step('console', 'is built', () =>
    run(join(modules, '.bin', 'vite'), ['build', '--config', 'web/vite.config.ts', '--logLevel', 'error'], {
      env: environment,
    }),
  );
  writeFileSync(stamp, wanted);
}

if (!statSync(join(root, 'package-lock.json'), { throwIfNoEntry: false }))
  fail('package-lock.json is missing; this is not a whole clone.');
await install();
const node = nodePath();
const environment = { ...process.env, PATH: join(modules, '.bin') + delimiter + (process.env.PATH ?? '') };
if (verb === 'start' || verb === 'test' || verb === 'prove') await buildConsole(environment);
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
underWay = child;
child.on('exit', (code, signal) => process.exit(code ?? (signal ? 1 : 0)));
