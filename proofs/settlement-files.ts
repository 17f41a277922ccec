// settlement-files: every file among the samples is read to the cent, or refused with the right reason; in every dress a file comes in.
import { createReadStream, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { readSettlement } from '../src/channels/amazon/settlement-file.ts';
import { RecordError } from '../src/core/errors.ts';
import { verdict } from './harness.ts';

const samples = fileURLToPath(new URL('../../shared/samples/', import.meta.url));
const failures: string[] = [];

function* files(folder: string): Generator<string> {
  for (const name of readdirSync(folder).sort()) {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) yield* files(path);
    else yield path;
  }
}

async function* one(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

/** Sums the amount column with nothing of the program: split, decimal point, whole cents. */
function sumByHand(text: string): { rows: number; sum: bigint; total: bigint } {
  const [names, ...lines] = text
    .replace(/\r/g, '')
    .trimEnd()
    .split('\n')
    .map((line) => line.split('\t'));
  const at = (name: string) => names!.indexOf(name);
  const cents = (cell: string) => BigInt(Math.round(Number(cell) * 100));
  const rows = lines.filter((cells) => cells[at('amount')] !== '' && cells[at('transaction-type')] !== '');
  return {
    rows: rows.length,
    sum: rows.reduce((sum, cells) => sum + cents(cells[at('amount')]!), 0n),
    total: cents(lines[0]![at('total-amount')]!),
  };
}

async function read(
  source: AsyncIterable<Uint8Array>,
): Promise<{ rows: number; sum: bigint; total: bigint } | RecordError> {
  try {
    const reading = await readSettlement(source);
    let rows = 0;
    let sum = 0n;
    for await (const batch of reading.batches)
      for (const row of batch) {
        rows++;
        sum += row.amount.minor;
      }
    return { rows, sum, total: reading.header.total.minor };
  } catch (error) {
    if (error instanceof RecordError) return error;
    throw error;
  }
}

/** What each kind of foreign file must be called. */
const reasons: readonly (readonly [RegExp, RegExp])[] = [
  [/recon.*\.csv$/, /Walmart reconciliation/],
  [/\.json$/, /JSON/],
  [/\.tsv$/, /not a settlement report/],
  [/edi\//, /not a settlement|XML/],
];

let settlements = 0;
for (const path of files(samples)) {
  const name = path.slice(samples.length);
  const answer = await read(createReadStream(path));
  const isSettlement = /^settlement-id\t/.test(readFileSync(path, 'latin1').slice(0, 200));
  if (isSettlement) {
    settlements++;
    const hand = sumByHand(readFileSync(path, 'utf8'));
    if (answer instanceof RecordError)
      failures.push(`${name} is a settlement and was refused: ${answer.message}`);
    else {
      if (
        answer.rows !== hand.rows ||
        answer.sum !== hand.sum ||
        answer.total !== hand.total ||
        answer.sum !== answer.total
      )
        failures.push(
          `${name}: ${answer.rows} rows, ${answer.sum} of ${answer.total}; by hand ${hand.rows}, ${hand.sum} of ${hand.total}`,
        );
      console.log(`  read     ${name}: ${answer.rows} rows, ${answer.sum} = ${answer.total}`);
      await dresses(name, path, hand);
    }
    continue;
  }
  const reason = reasons.find(([pattern]) => pattern.test(name))?.[1] ?? /./;
  if (!(answer instanceof RecordError)) failures.push(`${name} is no settlement and was read.`);
  else if (!reason.test(answer.message) || answer.nextSteps.length === 0)
    failures.push(`${name} was refused with “${answer.message}”, expected ${reason}.`);
  else console.log(`  refused  ${name}: ${answer.message.slice(0, 100)}`);
}

/** The same settlement zipped, in other encodings, in other countries' numbers and dates; and with each line broken once. */
async function dresses(name: string, path: string, hand: { rows: number; sum: bigint }): Promise<void> {
  const text = readFileSync(path, 'utf8');
  const lines = text.trimEnd().split('\n');
  const names = lines[0]!.split('\t');
  const change = (columns: RegExp, with_: (cell: string) => string) =>
    [
      lines[0],
      ...lines.slice(1).map((line) =>
        line
          .split('\t')
          .map((cell, index) => (columns.test(names[index]!) ? with_(cell) : cell))
          .join('\t'),
      ),
      '',
    ].join('\n');
  const comma = (cell: string) => cell.replace('.', ',');
  const german = change(/date|amount$/, (cell) =>
    /^\d{4}-/.test(cell) ? cell.replace(/^(\d+)-(\d+)-(\d+)/, '$3.$2.$1') : comma(cell),
  );
  const wide = Buffer.from(`\ufeff${text}`, 'utf16le');
  const dressed: [string, Uint8Array][] = [
    ['gzip', gzipSync(text)],
    ['UTF-8 with mark', Buffer.from(`\ufeff${text}`)],
    ['UTF-16', wide],
    ['UTF-16 big end', Buffer.from(wide).swap16()],
    ['CR LF', Buffer.from(text.replaceAll('\n', '\r\n'))],
    ['decimal comma, days with points', Buffer.from(german)],
    ['upper case', Buffer.from(text.replace(/^.*/, (first) => first.toUpperCase()))],
  ];
  for (const [dress, bytes] of dressed) {
    const answer = await read(one(bytes));
    if (answer instanceof RecordError || answer.rows !== hand.rows || answer.sum !== hand.sum)
      failures.push(
        `${name} as ${dress}: ${answer instanceof RecordError ? answer.message : `${answer.rows} rows, ${answer.sum}`}`,
      );
  }
  let refused = 0;
  const broken: [string, string][] = lines.slice(2).flatMap((line, index): [string, string][] => {
    const at = index + 2;
    const amount = names.indexOf('amount');
    const cells = line.split('\t');
    const put = (cell: string) =>
      [
        ...lines.slice(0, at),
        cells.map((one_, place) => (place === amount ? cell : one_)).join('\t'),
        ...lines.slice(at + 1),
        '',
      ].join('\n');
    return [
      [`line ${at + 1} missing`, [...lines.slice(0, at), ...lines.slice(at + 1), ''].join('\n')],
      [`line ${at + 1} doubled`, [...lines.slice(0, at + 1), line, ...lines.slice(at + 1), ''].join('\n')],
      [`line ${at + 1} changed by a cent`, put(String((Number(cells[amount]) + 0.01).toFixed(2)))],
      [`line ${at + 1} without amount`, put('')],
    ];
  });
  for (let cut = lines[0]!.length + 2; cut < text.trimEnd().length; cut += 97)
    broken.push([`cut at byte ${cut}`, text.slice(0, cut)]);
  for (const [what, bad] of broken) {
    const answer = await read(one(Buffer.from(bad)));
    if (answer instanceof RecordError) refused++;
    // A line of a zero amount may be missing without a change of the sum; no sample has one.
    else failures.push(`${name} with ${what} was read as whole.`);
  }
  console.log(
    `  dressed  ${name}: ${dressed.length} ways read alike, ${refused} of ${broken.length} damaged forms refused`,
  );
}

if (settlements === 0) failures.push('No settlement was found among the samples.');
verdict('settlement-files', failures);
