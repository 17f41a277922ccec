// Format, lint, types, borders, order in the house, dead code, reference pages: everything short of running the program.
import { spawn } from 'node:child_process';

const node = process.execPath;
const bin = (name: string) => `node_modules/.bin/${name}`;
/** Each step with the command that does it; they do not depend on each other. */
const steps: readonly (readonly [string, string, readonly string[]])[] = [
  ['types', bin('tsc'), ['-p', 'tsconfig.json']],
  ['web types', bin('tsc'), ['-p', 'web/tsconfig.json']],
  ['format and lint', bin('biome'), ['check', '--diagnostic-level=error', '.']],
  [
    'borders and order',
    node,
    ['--test', '--test-reporter=dot', 'test/boundaries.test.ts', 'test/tidy.test.ts'],
  ],
  ['dead code', bin('knip'), ['--no-progress', '--no-config-hints']],
  ['reference pages', node, ['scripts/docs.ts', '--check']],
];

function run([name, command, args]: (typeof steps)[number]): Promise<boolean> {
  const began = performance.now();
  const child = spawn(command, [...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  return new Promise((resolve) => {
    child.once('error', (error) => (said += `${error.message}. Run npm install first.`));
    child.once('close', (code) => {
      console.log(
        `${code === 0 ? 'ok  ' : 'FAIL'} ${name} ${((performance.now() - began) / 1000).toFixed(1)} s`,
      );
      if (code !== 0) console.log(said.slice(0, 8_000));
      resolve(code === 0);
    });
  });
}

// Two at a time: the machine that checks has two cores.
const queue = [...steps];
let failed = 0;
const began = performance.now();
await Promise.all(
  [0, 1].map(async () => {
    for (let step = queue.shift(); step; step = queue.shift()) if (!(await run(step))) failed++;
  }),
);
console.log(
  `${steps.length - failed} of ${steps.length} in ${((performance.now() - began) / 1000).toFixed(1)} s`,
);
process.exit(failed === 0 ? 0 : 1);
