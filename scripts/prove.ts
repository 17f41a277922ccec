// Lists the proofs, or runs one (or all quick ones with --all).
import { spawnSync } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';

const names = globSync('proofs/*.ts')
  .map((file) => basename(file, '.ts'))
  .filter((name) => name !== 'harness')
  .sort();
const [name, ...rest] = process.argv.slice(2);
if (name === undefined) {
  for (const each of names)
    console.log(
      `${each.padEnd(18)} ${readFileSync(`proofs/${each}.ts`, 'utf8')
        .split('\n')[0]!
        .replace(/^\/\/ /, '')}`,
    );
  process.exit(0);
}
const chosen = name === '--all' ? names : [name];
let failed = 0;
for (const each of chosen) {
  if (!names.includes(each)) {
    console.error(`There is no proof “${each}”. npm run prove lists them.`);
    process.exit(2);
  }
  const began = Date.now();
  const done = spawnSync(process.execPath, [`proofs/${each}.ts`, ...rest], {
    stdio: 'inherit',
    timeout: rest.includes('--full') ? 1_800_000 : 170_000,
  });
  console.log(`${each}: ${((Date.now() - began) / 1000).toFixed(1)} s`);
  if (done.status !== 0) failed++;
}
if (name === '--all') console.log(`${chosen.length - failed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
