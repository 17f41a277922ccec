// crossdock lookups: the tables that mappings use, row by row or as a file.

import { writeFileSync } from 'node:fs';
import type { Command } from 'commander';
import type { Lookup } from '../api/contract/connections.ts';
import { readCsv, writeCsv } from '../formats/csv.ts';
import { Failure } from './failure.ts';
import { readNumber } from './find.ts';
import { readInput } from './orders.ts';
import { part, query, type Shell, type Talk, verb } from './talk.ts';

const columns = ['name', 'key', 'value', 'multiplier', 'note'] as const;
/** Rows saved at once: enough to hide the way to the server, few enough to leave it room. */
const atOnce = 8;

export type LookupRow = Pick<Lookup, 'name' | 'key' | 'value' | 'multiplier' | 'note'>;

const pathOf = (connection: string) => `/connections/${part(connection)}/lookups`;

export function addLookups(program: Command, shell: Shell): void {
  const noun = program.command('lookups').description('the tables that mappings use');
  verb(shell, noun, 'list <connection>', 'rows, by table and key', async (talk, connection: string) => {
    const { name, q } = talk.options;
    talk.rows({ items: await talk.all<Lookup>(query(pathOf(connection), { name, q })) }, columns);
  })
    .option('--name <table>', 'only this table')
    .option('--q <text>', 'only rows that contain this');
  verb(
    shell,
    noun,
    'set <connection> <name> <key> <value>',
    'save a row; records that waited for it go on',
    setLookup,
    'changes',
  )
    .option('--multiplier <n>', 'units of the item in one of the SKU', '1')
    .option('--note <text>', 'what it is for');
  verb(
    shell,
    noun,
    'remove <connection> <name> <key>',
    'remove a row',
    async (talk, connection: string, name: string, key: string) => {
      const answer = await talk.change('DELETE', `${pathOf(connection)}/${part(name)}/${part(key)}`);
      if (answer) talk.show(answer, () => `${name}/${key} is removed.`);
    },
    'changes',
  );
  verb(shell, noun, 'export <connection> [file]', 'rows as CSV', exportLookups).option(
    '--name <table>',
    'only this table',
  );
  verb(
    shell,
    noun,
    'import <connection> <file>',
    'save the rows of a CSV file: name, key, value, multiplier, note',
    importLookups,
    'changes',
  ).option('--replace', 'also remove rows of the same tables that the file does not have');
}

async function setLookup(
  talk: Talk,
  connection: string,
  name: string,
  key: string,
  value: string,
): Promise<void> {
  const { multiplier, note } = talk.options;
  const answer = await talk.change('PUT', pathOf(connection), {
    name,
    key,
    value,
    multiplier: readNumber(multiplier, 'multiplier'),
    ...(note === undefined ? {} : { note }),
  });
  if (answer) talk.show(answer, () => `${name}/${key} is ${value}.`);
}

async function exportLookups(talk: Talk, connection: string, file?: string): Promise<void> {
  const rows = await talk.all<Lookup>(query(pathOf(connection), { name: talk.options['name'] }));
  const text = writeCsv([columns, ...rows.map((row) => columns.map((column) => row[column]))]);
  if (file === undefined)
    return talk.options.json ? talk.rows({ items: rows }, columns) : talk.terminal.out(text.trimEnd());
  writeFileSync(file, text);
  talk.show({ file, rows: rows.length }, () => `${rows.length} rows are in ${file}.`);
}

/** The rows of a file; the first line names the columns, in any order. */
export function rowsOf(text: string, file: string): readonly LookupRow[] {
  const [head = [], ...lines] = readCsv(text);
  const places = columns.map((column) => head.map((cell) => cell.trim().toLowerCase()).indexOf(column));
  const missing = columns.filter(
    (column, index) => places[index] === -1 && !['multiplier', 'note'].includes(column),
  );
  if (missing.length > 0)
    throw new Failure('FILE_INVALID', `${file} has no column ${missing.join(', ')}.`, [
      `Begin the file with the line: ${columns.join(',')}`,
    ]);
  return lines.map((line, index) => {
    const [name, key, value, multiplier, note] = places.map((place) => (line[place] ?? '').trim());
    const units = multiplier === '' ? 1 : Number(multiplier);
    if (!name || !key || !value || !Number.isInteger(units) || units < 1)
      throw new Failure(
        'FILE_INVALID',
        `Line ${index + 2} of ${file} lacks a name, key, value or whole multiplier.`,
        ['Correct the line; nothing was saved.'],
      );
    return { name, key, value, multiplier: units, note: note ?? '' };
  });
}

/** What saving these rows would change. */
export function lookupChanges(have: readonly LookupRow[], want: readonly LookupRow[], replace: boolean) {
  const id = (row: LookupRow) => `${row.name}\0${row.key}`;
  const known = new Map(have.map((row) => [id(row), row]));
  const wanted = new Set(want.map(id));
  const tables = new Set(want.map((row) => row.name));
  const same = (row: LookupRow) => {
    const before = known.get(id(row));
    return before !== undefined && columns.every((column) => before[column] === row[column]);
  };
  return {
    saved: want.filter((row) => !same(row)),
    removed: replace ? have.filter((row) => tables.has(row.name) && !wanted.has(id(row))) : [],
    unchanged: want.filter(same).length,
  };
}

async function importLookups(talk: Talk, connection: string, file: string): Promise<void> {
  const want = rowsOf(readInput(file), file);
  const have = await talk.all<Lookup>(pathOf(connection));
  const changes = lookupChanges(have, want, talk.options['replace'] === true);
  const counts = {
    saved: changes.saved.length,
    removed: changes.removed.length,
    unchanged: changes.unchanged,
  };
  const words = () => `${counts.saved} saved, ${counts.removed} removed, ${counts.unchanged} unchanged.`;
  if (talk.options.dryRun)
    return talk.show(
      { dryRun: true, ...counts, rows: changes.saved, removedRows: changes.removed },
      () => `Would be: ${words()}`,
    );
  await applyLookups(talk, connection, changes);
  talk.show(counts, words);
}

export async function applyLookups(
  talk: Talk,
  connection: string,
  { saved, removed }: { readonly saved: readonly LookupRow[]; readonly removed: readonly LookupRow[] },
): Promise<void> {
  const bar = talk.progress('lookups', saved.length + removed.length);
  const work = [
    ...saved.map((row) => () => talk.change('PUT', pathOf(connection), row)),
    ...removed.map(
      (row) => () => talk.change('DELETE', `${pathOf(connection)}/${part(row.name)}/${part(row.key)}`),
    ),
  ];
  for (let at = 0; at < work.length; at += atOnce) {
    const batch = work.slice(at, at + atOnce);
    await Promise.all(batch.map((one) => one()));
    bar.step(batch.length);
  }
  bar.end();
}
