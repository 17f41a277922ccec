// Format, lint, types: everything that can be checked without running the program.
import { spawnSync } from 'node:child_process';

const steps: readonly (readonly [string, string, readonly string[]])[] = [
  ['lint', 'biome', ['lint', '--diagnostic-level=error', 'src', 'sim', 'proofs', 'scripts', 'web']],
  ['types', 'tsc', ['-p', 'tsconfig.json']],
  ['web types', 'tsc', ['-p', 'web/tsconfig.json']],
];
let failed = 0;
for (const [name, command, args] of steps) {
  const began = Date.now();
  const done = spawnSync(`node_modules/.bin/${command}`, [...args], { encoding: 'utf8' });
  console.log(`${done.status === 0 ? 'ok  ' : 'FAIL'} ${name} ${((Date.now() - began) / 1000).toFixed(1)} s`);
  if (done.status !== 0) {
    failed++;
    console.log((done.stdout + done.stderr).slice(0, 6_000));
  }
}
process.exit(failed === 0 ? 0 : 1);
