// Who may import whom? Reads every import of every file and names each that crosses a border of ARCHITECTURE.md.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';

/** Tests may look further than what they test; builders stand beside the type they build and serve tests alone. */
const testFile = /\.(test|suite|builder)\.tsx?$/;

export interface Rule {
  readonly name: string;
  readonly why: string;
  readonly from: (file: string) => boolean;
  readonly forbids: (to: string, from: string) => boolean;
}

const folder = (file: string, depth: number): string => file.split('/').slice(0, depth).join('/');

export const rules: readonly Rule[] = [
  {
    name: 'core-stands-alone',
    why: 'core/ is the language of the business; it knows nobody.',
    from: (file) => file.startsWith('src/core/') && !testFile.test(file),
    forbids: (to) => to.startsWith('src/') && !to.startsWith('src/core/'),
  },
  {
    name: 'connectors-know-only-their-contract',
    why: 'A connector uses core/, http/, formats/, the contracts and its own folder, never a sibling or the engine.',
    from: (file) => /^src\/(channels|erp)\/[^/]+\//.test(file) && !testFile.test(file),
    forbids: (to, from) =>
      to.startsWith('src/') &&
      !/^src\/(core|http|formats)\//.test(to) &&
      !/^src\/(channels|erp)\/[^/]+\.ts$/.test(to) &&
      !to.startsWith(`${folder(from, 3)}/`),
  },
  {
    name: 'flows-know-contracts-not-connectors',
    why: 'A flow speaks to "a channel" and "an ERP", never to Amazon or NetSuite.',
    from: (file) => file.startsWith('src/flows/') && !testFile.test(file),
    forbids: (to) => /^src\/(channels|erp)\/[^/]+\//.test(to),
  },
  {
    name: 'flows-touch-no-machinery',
    why: 'A flow has no database, vault, archive, wire or program: what it may do is handed to it. Of the engine it knows the words only.',
    from: (file) => file.startsWith('src/flows/') && !testFile.test(file),
    forbids: (to) =>
      /^src\/(db|vault|archive|api|cli|app|http)\//.test(to) ||
      (to.startsWith('src/engine/') && !/^src\/engine\/(attempt|states|store)\.ts$/.test(to)),
  },
  {
    name: 'engine-is-blind',
    why: 'The engine moves records without knowing what they are.',
    from: (file) => file.startsWith('src/engine/') && !testFile.test(file),
    forbids: (to) => /^src\/(channels|erp|flows)\/[^/]+\//.test(to),
  },
  {
    name: 'mapping-and-ledger-are-arithmetic',
    why: 'Turning one shape into another and balancing rows need the words of the business and of the contracts, nothing else.',
    from: (file) =>
      /^src\/(mapping|ledger)\//.test(file) && !testFile.test(file) && !file.endsWith('/store.ts'),
    forbids: (to, from) =>
      to.startsWith('src/') &&
      !to.startsWith('src/core/') &&
      // The words of the books that postings are written in: a contract, no connector.
      to !== 'src/erp/books.ts' &&
      !to.startsWith(`${folder(from, 2)}/`),
  },
  {
    name: 'only-stores-speak-sql',
    why: 'SQL lives in files named store.ts and in db/; app/ and api/ may open a transaction.',
    from: (file) =>
      file.startsWith('src/') &&
      !/^src\/(db|app|api|engine)\//.test(file) &&
      file !== 'src/main.ts' &&
      !file.endsWith('/store.ts') &&
      !testFile.test(file),
    forbids: (to) => to.startsWith('src/db/'),
  },
  {
    name: 'nobody-imports-the-wiring',
    why: 'app/ puts the parts together; the parts never look back. API and CLI know its operations and settings as types.',
    from: (file) =>
      file.startsWith('src/') &&
      !file.startsWith('src/app/') &&
      file !== 'src/main.ts' &&
      !testFile.test(file),
    forbids: (to, from) =>
      to.startsWith('src/app/') &&
      !(from.startsWith('src/api/') && to === 'src/app/operations.ts') &&
      !(from.startsWith('src/cli/') && to === 'src/app/config.ts'),
  },
  {
    name: 'simulators-share-no-code',
    why: 'A shared helper would share its mistake.',
    from: (file) => file.startsWith('sim/'),
    forbids: (to) => to.startsWith('src/') || to.startsWith('web/'),
  },
  {
    name: 'product-imports-no-simulator-and-no-test',
    why: 'What is shipped does not depend on what tests it.',
    from: (file) => /^(src|web)\//.test(file) && !testFile.test(file),
    forbids: (to) => /^(sim|test|proofs|scripts)\//.test(to) || testFile.test(to),
  },
  {
    name: 'proofs-look-from-outside',
    why: 'A proof that asks the code under proof proves nothing; it may start it, and open the vault to plant accounts.',
    // A benchmark of the reader itself has to run it beside the bare loop.
    from: (file) => file.startsWith('proofs/') && file !== 'proofs/settlement-speed.ts',
    forbids: (to) => /^src\/(engine|flows|api|channels|mapping)\//.test(to),
  },
  {
    name: 'web-knows-the-contract-only',
    why: 'The console has what every other caller of the API has.',
    from: (file) => file.startsWith('web/'),
    forbids: (to) => to.startsWith('src/') && !to.startsWith('src/api/contract/'),
  },
  {
    name: 'the-contract-stands-alone',
    why: 'The browser reads it too. The list of codes is plain data.',
    from: (file) => file.startsWith('src/api/contract/'),
    forbids: (to) =>
      to.startsWith('src/') && !to.startsWith('src/api/contract/') && to !== 'src/core/error-codes.ts',
  },
];

export interface Import {
  readonly from: string;
  readonly to: string;
  /** Needed as soon as the file is loaded: neither types alone nor a file that is loaded when it is asked for. */
  readonly atOnce: boolean;
}

const statement =
  /(?:^|\n)\s*(?:import|export)\s+(type\s+)?(?:[\w*{}\s,$]+?\s+from\s+)?['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]\s*\)/g;

/** The files that a source names; packages are left out. Text in comments and strings does not count. */
export function importsOf(file: string, source: string): readonly Import[] {
  const code = source.replaceAll(/(^|\n)\s*(\/\/|\*)[^\n]*/g, '$1');
  return [...code.matchAll(statement)].flatMap(([, types, named, lazy]) => {
    const specifier = named ?? lazy ?? '';
    return specifier.startsWith('.')
      ? [
          {
            from: file,
            to: normalize(join(dirname(file), specifier)),
            atOnce: types === undefined && lazy === undefined,
          },
        ]
      : [];
  });
}

export interface Breach {
  readonly rule: string;
  readonly from: string;
  readonly to: string;
  readonly why: string;
}

export function breachesOf(imports: readonly Import[]): readonly Breach[] {
  const crossed = imports.flatMap(({ from, to }) =>
    rules
      .filter((rule) => rule.from(from) && rule.forbids(to, from))
      .map((rule) => ({ rule: rule.name, from, to, why: rule.why })),
  );
  return [...crossed, ...cyclesOf(imports)];
}

/** Files that need each other before either can run. */
function cyclesOf(imports: readonly Import[]): readonly Breach[] {
  const targets = new Map<string, string[]>();
  for (const { from, to, atOnce } of imports)
    if (atOnce) targets.set(from, [...(targets.get(from) ?? []), to]);
  const done = new Set<string>();
  const found: Breach[] = [];
  function walk(file: string, path: readonly string[]): void {
    if (path.includes(file)) {
      found.push({
        rule: 'no-cycles',
        from: path.at(-1)!,
        to: file,
        why: `Two files that need each other are one file, or three: ${[...path.slice(path.indexOf(file)), file].join(' → ')}`,
      });
      return;
    }
    if (done.has(file)) return;
    for (const next of targets.get(file) ?? []) walk(next, [...path, file]);
    done.add(file);
  }
  for (const file of targets.keys()) walk(file, []);
  return found;
}

export function readImports(files: readonly string[]): {
  readonly imports: readonly Import[];
  readonly missing: readonly Import[];
} {
  const imports = files.flatMap((file) => importsOf(file, readFileSync(file, 'utf8')));
  return { imports, missing: imports.filter(({ to }) => !existsSync(to)) };
}

/** Breaches that came while nobody watched. The list only gets shorter. */
export const stillToMend: readonly string[] = [
  'proofs/settlement-files.ts → src/channels/amazon/settlement-file.ts',
  // The same reading, timed beside a bare loop; the file and the sum to compare are the proof's own.
  'proofs/settlement-speed.ts → src/channels/amazon/settlement-file.ts',
  'proofs/settlement-speed.ts → src/channels/amazon/settlement-rows.ts',
  'src/ledger/plan-journals.ts → src/ledger/plan.ts',
  'src/stock/feeds/store.ts → src/stock/store.ts',
];
