// Requests and answers of Amazon keep to its official models, NetSuite's to Oracle's published facts, and two independent clients work.
import { spawnSync } from 'node:child_process';
import { verdict } from './harness.ts';

const files = ['amazon-connector', 'amazon-simulator', 'netsuite-simulator', 'netsuite-clients'];
const failures: string[] = [];
for (const file of files) {
  const done = spawnSync(
    process.execPath,
    ['--test', '--test-reporter=tap', `test/contracts/${file}.test.ts`],
    { encoding: 'utf8', timeout: 60_000 },
  );
  const count = (name: string) => Number(new RegExp(`# ${name} (\\d+)`).exec(done.stdout)?.[1] ?? 0);
  const told = done.stdout
    .split('\n')
    .filter((line) => line.startsWith('# ') && /checked|held against|validated/i.test(line));
  console.log(
    `${file}: ${count('pass')} passed, ${count('fail')} failed, ${count('skipped')} skipped ${told.map((line) => line.slice(2)).join('; ')}`,
  );
  if (count('fail') > 0 || count('pass') === 0)
    failures.push(`${file}: ${count('fail')} failed, ${count('pass')} passed`);
}
verdict('contracts', failures);
