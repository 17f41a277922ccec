// Do the borders of ARCHITECTURE.md hold, and would their watch notice a breach?
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { breachesOf, importsOf, readImports, rules, stillToMend } from '../scripts/borders.ts';

const files = execFileSync(
  'git',
  ['ls-files', '--cached', '--others', '--exclude-standard', '*.ts', '*.tsx'],
  {
    encoding: 'utf8',
  },
)
  .split('\n')
  .filter((file) => file !== '');

test('no import crosses a border', () => {
  const { imports } = readImports(files);
  const breaches = breachesOf(imports).map(({ rule, from, to, why }) => `${from} → ${to} (${rule}: ${why})`);
  const known = (breach: string) => stillToMend.some((one) => breach.startsWith(`${one} (`));
  assert.deepEqual(
    breaches.filter((breach) => !known(breach)),
    [],
  );
});

test('every file and every import was seen', () => {
  const { imports, missing } = readImports(files);
  assert.deepEqual(missing, []);
  assert.ok(files.length > 200 && imports.length > 700, `${files.length} files, ${imports.length} imports`);
  // Counted again in the plainest way: every relative specifier after `from`, `import` or `import(`.
  const plain = files.flatMap((file) =>
    readFileSync(file, 'utf8')
      .split('\n')
      .filter((line) => !/^\s*(\/\/|\*)/.test(line))
      .flatMap((line) => [...line.matchAll(/(?:from|import)\s*\(?\s*'(\.{1,2}\/[^']+)'/g)].map(() => file)),
  );
  const seen = new Map<string, number>();
  for (const { from } of imports) seen.set(from, (seen.get(from) ?? 0) + 1);
  const counted = new Map<string, number>();
  for (const file of plain) counted.set(file, (counted.get(file) ?? 0) + 1);
  const quoting = ['test/boundaries.test.ts'];
  for (const [file, count] of counted)
    if (!quoting.includes(file)) assert.equal(seen.get(file) ?? 0, count, `imports of ${file}`);
});

const deliberate: Readonly<Record<string, readonly [string, string]>> = {
  'core-stands-alone': ['src/core/money.ts', '../db/pool.ts'],
  'connectors-know-only-their-contract': ['src/channels/amazon/orders.ts', '../../engine/store.ts'],
  'flows-know-contracts-not-connectors': ['src/flows/orders/gate-order.ts', '../../channels/amazon/index.ts'],
  'flows-touch-no-machinery': ['src/flows/orders/gate-order.ts', '../../vault/vault.ts'],
  'engine-is-blind': ['src/engine/worker.ts', '../flows/orders/import-orders.ts'],
  'mapping-and-ledger-are-arithmetic': ['src/mapping/mapping.ts', '../archive/store.ts'],
  'only-stores-speak-sql': ['src/mapping/mapping.ts', '../db/pool.ts'],
  'nobody-imports-the-wiring': ['src/engine/worker.ts', '../app/config.ts'],
  'simulators-share-no-code': ['sim/clock.ts', '../src/core/clock.ts'],
  'product-imports-no-simulator-and-no-test': ['src/core/clock.ts', '../../sim/clock.ts'],
  'proofs-look-from-outside': ['proofs/harness.ts', '../src/engine/store.ts'],
  'web-knows-the-contract-only': ['web/main.tsx', '../src/core/money.ts'],
  'the-contract-stands-alone': ['src/api/contract/common.ts', '../../core/money.ts'],
};

test('a deliberate breach of each border is noticed', () => {
  assert.deepEqual(Object.keys(deliberate).sort(), rules.map((rule) => rule.name).sort());
  for (const [rule, [from, to]] of Object.entries(deliberate)) {
    for (const line of [
      `import { x } from '${to}';`,
      `import type {\n  X,\n} from '${to}';`,
      `export * from '${to}';`,
    ]) {
      const found = breachesOf(importsOf(from, line)).map((breach) => breach.rule);
      assert.ok(found.includes(rule), `${rule} did not notice: ${line}`);
    }
  }
});

test('a circle of imports is noticed, one of types alone or of files loaded when asked for is none', () => {
  const circle = (kind: string) => [
    ...importsOf('src/core/a.ts', `import ${kind}{ b } from './b.ts';`),
    ...importsOf('src/core/b.ts', `import ${kind}{ c } from './c.ts';`),
    ...importsOf('src/core/c.ts', `import ${kind}{ a } from './a.ts';`),
  ];
  assert.deepEqual(
    breachesOf(circle('')).map((breach) => breach.rule),
    ['no-cycles'],
  );
  assert.deepEqual(breachesOf(circle('type ')), []);
  const lazy = [
    ...importsOf('src/core/a.ts', `import { b } from './b.ts';`),
    ...importsOf('src/core/b.ts', `const a = () => ${'import'}('./a.ts');`),
  ];
  assert.equal(lazy.length, 2);
  assert.deepEqual(breachesOf(lazy), []);
});
