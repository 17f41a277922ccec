// How does a lookup travel as CSV, and what would a file change? Spreadsheets write commas, semicolons or tabs; what
// cannot be read is refused with its line, before anything is changed. Pure.

export interface CsvRow {
  readonly key: string;
  readonly value: string;
  readonly multiplier: number;
  readonly note: string;
}
export interface CsvFault {
  readonly line: number;
  readonly reason: string;
}
export interface ReadCsv {
  readonly rows: readonly CsvRow[];
  readonly faults: readonly CsvFault[];
}

const columns = ['key', 'value', 'multiplier', 'note'] as const;
type Column = (typeof columns)[number];
/** Words people write over the columns. */
const synonyms: Readonly<Record<string, Column>> = {
  key: 'key',
  sku: 'key',
  from: 'key',
  clé: 'key',
  value: 'value',
  item: 'value',
  to: 'value',
  valeur: 'value',
  multiplier: 'multiplier',
  units: 'multiplier',
  unités: 'multiplier',
  note: 'note',
};

/** A cell that a spreadsheet would take for a formula is led by an apostrophe, and comes back without it. */
const guarded = (text: string) => (/^[=+\-@\t]/.test(text) ? `'${text}` : text);
const cell = (text: string) => (/[",;\t\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

export function lookupCsv(rows: readonly CsvRow[]): string {
  const lines = rows.map((row) =>
    columns.map((name) => cell(name === 'multiplier' ? String(row[name]) : guarded(row[name]))).join(','),
  );
  return `${[columns.join(','), ...lines].join('\r\n')}\r\n`;
}

/** Cells of a text, with the line each record begins on; quoted cells may hold anything. */
function recordsOf(text: string, separator: string): { readonly line: number; readonly cells: string[] }[] {
  const records: { line: number; cells: string[] }[] = [];
  let cells: string[] = [];
  let now = '';
  let quoted = false;
  let line = 1;
  let began = 1;
  const end = () => {
    cells.push(now);
    if (cells.some((one) => one.trim() !== '')) records.push({ line: began, cells });
    cells = [];
    now = '';
  };
  for (let at = 0; at < text.length; at++) {
    const char = text[at]!;
    if (quoted) {
      if (char === '"' && text[at + 1] === '"') {
        now += '"';
        at++;
      } else if (char === '"') quoted = false;
      else now += char;
      if (char === '\n') line++;
    } else if (char === '"' && now === '') quoted = true;
    else if (char === separator) {
      cells.push(now);
      now = '';
    } else if (char === '\n') {
      end();
      line++;
      began = line;
    } else if (char !== '\r') now += char;
  }
  end();
  return records;
}

export function readLookupCsv(given: string): ReadCsv {
  const text = given.replace(/^\ufeff/, '');
  const head = text.split(/\r?\n/, 1)[0] ?? '';
  const separator = [',', ';', '\t'].reduce((a, b) => (head.split(b).length > head.split(a).length ? b : a));
  const [first, ...rest] = recordsOf(text, separator);
  const names = (first?.cells ?? []).map((name) => synonyms[name.trim().toLowerCase()]);
  if (!names.includes('key') || !names.includes('value'))
    return {
      rows: [],
      faults: [
        {
          line: 1,
          reason: 'The first line names the columns: key, value, and if wanted multiplier and note.',
        },
      ],
    };
  const rows: CsvRow[] = [];
  const faults: CsvFault[] = [];
  const seen = new Map<string, number>();
  for (const { line, cells } of rest) {
    const of = (name: Column) => (cells[names.indexOf(name)] ?? '').trim().replace(/^'(?=[=+\-@\t])/, '');
    const row = {
      key: of('key'),
      value: of('value'),
      note: of('note'),
      multiplier: Number(of('multiplier') || 1),
    };
    const reason =
      cells.length > names.length
        ? `There are ${cells.length} cells, but ${names.length} columns.`
        : row.key === ''
          ? 'The key is missing.'
          : row.value === ''
            ? 'The value is missing.'
            : row.key.length > 200 || row.value.length > 500 || row.note.length > 500
              ? 'A cell is too long (key 200, value and note 500 characters).'
              : !Number.isInteger(row.multiplier) || row.multiplier < 1
                ? `The multiplier “${of('multiplier')}” is not a whole number from 1.`
                : seen.has(row.key)
                  ? `The key “${row.key}” stands on line ${seen.get(row.key)} already.`
                  : undefined;
    if (reason) faults.push({ line, reason });
    else {
      seen.set(row.key, line);
      rows.push(row);
    }
  }
  return { rows, faults };
}

export const sameRow = (a: CsvRow, b: CsvRow): boolean =>
  a.value === b.value && a.multiplier === b.multiplier && a.note === b.note;

/** What would change: rows the file lacks are removed only when it is to replace the table. */
export function compareLookups(known: readonly CsvRow[], wanted: readonly CsvRow[], replace: boolean) {
  const before = new Map(known.map((row) => [row.key, row]));
  const keys = new Set(wanted.map((row) => row.key));
  const changed = wanted.flatMap((after) => {
    const was = before.get(after.key);
    return was && !sameRow(was, after) ? [{ before: was, after }] : [];
  });
  return {
    added: wanted.filter((row) => !before.has(row.key)),
    changed,
    removed: replace ? known.filter((row) => !keys.has(row.key)) : [],
    unchanged: wanted.filter((row) => before.has(row.key)).length - changed.length,
  };
}
