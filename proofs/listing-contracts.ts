// Stock feeds keep to the official listings feed schema, requests and answers about listings to the official models.
import { spawnSync } from 'node:child_process';
import { verdict } from './harness.ts';

const done = spawnSync(
  process.execPath,
  ['--test', '--test-reporter=tap', 'test/contracts/amazon-stock.test.ts'],
  { encoding: 'utf8', timeout: 100_000 },
);
const count = (name: string) => Number(new RegExp(`# ${name} (\\d+)`).exec(done.stdout)?.[1] ?? 0);
for (const line of done.stdout.split('\n'))
  if (line.startsWith('# ') && /held against|validated/.test(line)) console.log(line.slice(2));
console.log(`${count('pass')} passed, ${count('fail')} failed, ${count('skipped')} skipped`);
verdict('listing-contracts', [
  ...(count('fail') > 0 || count('pass') === 0 ? [`${count('fail')} failed, ${count('pass')} passed`] : []),
  ...(count('skipped') > 0 ? ['the official contracts are missing, so nothing is proved'] : []),
]);
