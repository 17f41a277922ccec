// Requests and answers of Amazon keep to its official models, NetSuite's to Oracle's published facts, and two independent clients work.
import { spawn } from 'node:child_process';
import { globSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { verdict } from './harness.ts';

const folder = fileURLToPath(new URL('../test/contracts/', import.meta.url));
const files = globSync(join(folder, '*.test.ts')).sort();
const failures: string[] = [];

/** Runs one file of contract tests and gives what it printed. */
function run(file: string): Promise<string> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, ['--test', '--test-reporter=tap', file], {
      stdio: ['ignore', 'pipe', 'inherit'],
      timeout: 120_000,
    });
    let printed = '';
    child.stdout.on('data', (chunk) => (printed += String(chunk)));
    child.once('close', () => resolve(printed));
  });
}

/** Two at a time: there are two cores. */
const waiting = [...files];
const printed = new Map<string, string>();
const next = async (): Promise<void> => {
  for (let file = waiting.shift(); file; file = waiting.shift()) printed.set(file, await run(file));
};
await Promise.all([next(), next()]);
for (const path of files) {
  const stdout = printed.get(path) ?? '';
  const file = basename(path, '.test.ts');
  const count = (name: string) => Number(new RegExp(`# ${name} (\\d+)`).exec(stdout)?.[1] ?? 0);
  const told = stdout
    .split('\n')
    .filter(
      (line) => line.startsWith('# ') && /checked|^# Held \d|Compared|held against|validated/i.test(line),
    );
  console.log(
    `${file}: ${count('pass')} passed, ${count('fail')} failed, ${count('skipped')} skipped ${told.map((line) => line.slice(2)).join('; ')}`,
  );
  if (count('fail') > 0 || count('pass') === 0)
    failures.push(`${file}: ${count('fail')} failed, ${count('pass')} passed`);
}
verdict('contracts', failures);
