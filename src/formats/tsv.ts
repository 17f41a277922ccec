// How are Amazon's tab-separated files read? By header name, row by row; quotes have no meaning in them.

/** Rows as name → value. Missing trailing cells are empty; lines end in LF or CRLF; a byte order mark is skipped. */
export function* readTsv(text: string): Generator<Record<string, string>> {
  let position = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  let names: readonly string[] | undefined;
  while (position < text.length) {
    const end = text.indexOf('\n', position);
    const line = text.slice(position, end < 0 ? text.length : end).replace(/\r$/, '');
    position = end < 0 ? text.length : end + 1;
    if (line === '') continue;
    const cells = line.split('\t');
    if (names === undefined) {
      names = cells.map((name) => name.trim().toLowerCase());
      continue;
    }
    const row: Record<string, string> = {};
    for (let column = 0; column < names.length; column++) row[names[column]!] = cells[column]?.trim() ?? '';
    yield row;
  }
}
