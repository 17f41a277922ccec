// What does a command write, and where? Answers to stdout, notes and progress to stderr; the same answers as JSON with --json.

/** The two ends of a terminal; tests give their own. */
export interface Terminal {
  out(text: string): void;
  note(text: string): void;
  /** A person sits before it: progress and colour make sense. */
  readonly interactive: boolean;
  readonly colour: boolean;
}

/** Reserved on every command. */
export interface Options {
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly verbose?: boolean;
  readonly color?: boolean;
  readonly dryRun?: boolean;
  readonly [name: string]: unknown;
}

const bold = (text: string) => `\u001b[1m${text}\u001b[0m`;
const red = (text: string) => `\u001b[31m${text}\u001b[0m`;
const alarming = new Set(['parked', 'broken', 'failed', 'open']);
const widest = 70;

export type Row = Readonly<Record<string, unknown>>;

/** Rows as a table for people; columns as wide as their longest value, the last one cut at the end of the line. */
export function table(rows: readonly object[], columns: readonly string[], colour = false): string {
  const text = (value: unknown): string =>
    (value === null || value === undefined
      ? ''
      : typeof value === 'object'
        ? JSON.stringify(value)
        : String(value)
    )
      .replace(/\s+/g, ' ')
      .slice(0, widest);
  const cells = rows.map((row) => columns.map((column) => text((row as Row)[column])));
  const widths = columns.map((column, index) =>
    Math.max(column.length, ...cells.map((row) => row[index]!.length)),
  );
  const line = (row: readonly string[], paint: (cell: string, padded: string) => string) =>
    row
      .map((cell, index) => paint(cell, cell.padEnd(widths[index]!)))
      .join('  ')
      .trimEnd();
  return [
    line(columns, (_cell, padded) => (colour ? bold(padded) : padded)),
    ...cells.map((row) => line(row, (cell, padded) => (colour && alarming.has(cell) ? red(padded) : padded))),
  ].join('\n');
}

export interface Progress {
  step(by?: number): void;
  end(): void;
}

/** A bar on stderr while a person watches; silent otherwise. */
export function progress(terminal: Terminal, title: string, total: number): Progress {
  const width = 30;
  let done = 0;
  const draw = () => {
    const filled = total === 0 ? width : Math.round((Math.min(done, total) / total) * width);
    terminal.note(`\r${title} [${'#'.repeat(filled)}${'.'.repeat(width - filled)}] ${done}/${total}`);
  };
  if (!terminal.interactive) return { step: () => undefined, end: () => undefined };
  draw();
  return {
    step(by = 1) {
      done += by;
      draw();
    },
    end: () => terminal.note('\n'),
  };
}
