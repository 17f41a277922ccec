// Is this a settlement file, and what does its head say? Both of Amazon's layouts are told apart by their column names;
// anything else is refused with what it seems to be. Next: settlement-v2.ts and settlement-v1.ts read the rows.
import { isAscii } from 'node:buffer';
import { RecordError } from '../../core/errors.ts';
import type {
  SettlementBatch,
  SettlementFileFacts,
  SettlementHeader,
  SettlementReading,
} from '../../core/settlement.ts';
import { type LineBlock, type LineBlocks, readLineBlocks } from '../../formats/line-blocks.ts';
import { damaged, downloadAgain, type OpenSettlement } from './open-settlement.ts';
import { AmountReader } from './settlement-amounts.ts';
import { MomentReader } from './settlement-moments.ts';
import {
  type ColumnName,
  type Columns,
  cellAt,
  codesOf,
  columnNames,
  KindIndex,
  LineScanner,
  type Lines,
  numberOf,
} from './settlement-rows.ts';
import { readV1Block, v1Amounts } from './settlement-v1.ts';
import { readV2Block } from './settlement-v2.ts';

export async function readSettlement(bytes: AsyncIterable<Uint8Array>): Promise<SettlementReading> {
  const blocks = readLineBlocks(bytes, (head) => /\tJPY(\t|\r|\n)|amazon\.co\.jp/i.test(head));
  const iterator = blocks[Symbol.asyncIterator]();
  // The head takes two lines; the first block may hold only one of them.
  let text = '';
  while (
    text
      .replace(/^[\ufeff\r\n]+/, '')
      .trimStart()
      .split('\n').length < 3
  ) {
    const next = await iterator.next();
    if (next.done) break;
    text += next.value.text();
  }
  if (text.charCodeAt(0) === 0xfeff) text = text.slice(1);
  const { names, layout, lineOfNames, after } = findNames(text);
  const columns = Object.fromEntries(columnNames.map((name) => [name, names.indexOf(name)])) as Record<
    ColumnName,
    number
  >;
  const scanner = new LineScanner(names.length);
  const rest = text.slice(after);
  const head = scanner.scan(() => rest, unitsOf(rest), lineOfNames + 1);
  const open = openHead(head, names, columns);
  return reading(open, layout, { head, scanner, blocks, iterator });
}

interface Source {
  readonly head: Lines;
  readonly scanner: LineScanner;
  readonly blocks: LineBlocks;
  readonly iterator: AsyncIterator<LineBlock>;
}

function reading(
  open: OpenSettlement,
  layout: 'v1' | 'v2',
  { head, scanner, blocks, iterator }: Source,
): SettlementReading {
  const readBlock = layout === 'v2' ? readV2Block : readV1Block;
  let facts: SettlementFileFacts | undefined;
  async function* batches(): AsyncGenerator<SettlementBatch> {
    let sum = 0;
    let count = 0;
    let lines: Lines = head;
    // The control row is the first line of the head.
    let skip = 1;
    for (;;) {
      const read = readBlock(open, lines, skip, count + 1);
      skip = 0;
      sum += read.sum;
      count += read.batch.length;
      if (!Number.isSafeInteger(sum))
        throw damaged(lines.nextNumber, 'the amounts add up to more than can be counted');
      if (read.batch.length > 0) yield read.batch;
      const next = await iterator.next();
      if (next.done) break;
      lines = scanner.scan(next.value.text, next.value.codes, lines.nextNumber);
    }
    const { total } = open.header;
    if (BigInt(sum) !== total.minor) throw sumDiffers(open.header, BigInt(sum), count);
    facts = {
      format: layout,
      encoding: blocks.encoding(),
      decimalMark: open.amounts.mark ?? '.',
      dateFormat: open.moments.pattern,
      rows: count,
      sha256: blocks.sha256(),
      bytes: blocks.bytes(),
    };
  }
  return {
    header: open.header,
    batches: batches(),
    facts: () => {
      if (facts === undefined) throw new TypeError('The facts of a settlement are known after its last row.');
      return facts;
    },
  };
}

function sumDiffers({ settlementId, total }: SettlementHeader, sum: bigint, rows: number): RecordError {
  return new RecordError(
    'SETTLEMENT_SUM_DIFFERS',
    `The ${rows} rows of settlement ${settlementId} add up to ${sum} and its head says ${total.minor} (smallest units of ${total.currency}): ${total.minor - sum} are missing. The file is cut off or was changed.`,
    {
      field: 'total-amount',
      facts: { rows, sumMinor: sum.toString(), totalMinor: total.minor.toString(), currency: total.currency },
      nextSteps: [
        downloadAgain,
        'If it is the same again, ask Amazon for the report; it will not be posted as it is.',
      ],
    },
  );
}

const needed: readonly ColumnName[] = [
  'settlement-id',
  'settlement-start-date',
  'settlement-end-date',
  'deposit-date',
  'total-amount',
  'currency',
  'transaction-type',
];

function findNames(text: string): {
  names: string[];
  layout: 'v1' | 'v2';
  lineOfNames: number;
  /** Where the text goes on after the line of names. */
  after: number;
} {
  let at = 0;
  let line = 1;
  while (text[at] === '\n' || text[at] === '\r') if (text[at++] === '\n') line++;
  const end = text.indexOf('\n', at);
  const first = text.slice(at, end < 0 ? text.length : end).replace(/\r$/, '');
  const names = first.split('\t').map((name) => name.trim().toLowerCase().replace(/[ _]+/g, '-'));
  const missing = needed.filter((name) => !names.includes(name));
  if (missing.length > 0) throw foreign(first, missing);
  const v2 = ['amount-type', 'amount-description', 'amount'].filter((name) => !names.includes(name));
  const layout =
    v2.length === 0 ? 'v2' : v1Amounts.some(({ amount }) => names.includes(amount)) ? 'v1' : undefined;
  if (layout === undefined) throw foreign(first, v2);
  if (!names.includes('posted-date') && !names.includes('posted-date-time'))
    throw foreign(first, ['posted-date']);
  return { names, layout, lineOfNames: line, after: end < 0 ? text.length : end + 1 };
}

/** Says what the file seems to be instead. */
function foreign(line: string, missing: readonly string[]): RecordError {
  const lower = line.toLowerCase();
  const seems =
    line.trim() === ''
      ? 'The file is empty'
      : lower.startsWith('<')
        ? 'This is XML or a web page, not a flat file'
        : lower.startsWith('{') || lower.startsWith('[')
          ? 'This is JSON, not a flat file'
          : lower.includes('period start date') && lower.includes('total payable')
            ? 'This is a Walmart reconciliation report, not an Amazon settlement'
            : lower.includes('date/time') && lower.includes('settlement id')
              ? 'This is Amazon’s date-range payments report, not the settlement report'
              : lower.includes('"settlement-id"') || lower.includes('settlement-id,')
                ? 'This settlement was saved again as a comma separated file'
                : missing.length > 4
                  ? 'This is not a settlement report'
                  : 'This settlement report lacks columns';
  const what = line.trim() === '' ? '' : `: its first line lacks ${missing.slice(0, 4).join(', ')}`;
  return new RecordError('SETTLEMENT_FOREIGN', `Line 1: ${seems}${what}.`, {
    field: missing[0] ?? 'settlement-id',
    facts: { line: 1, missing },
    nextSteps: ['Upload the settlement report “Flat File V2” as Amazon gives it (tab separated, .txt).'],
  });
}

/** The control row: dates, total and currency stand only there. */
function openHead(lines: Lines, names: readonly string[], columns: Columns): OpenSettlement {
  const control = lines.count > 0 ? numberOf(lines, 0) : 2;
  if (lines.count === 0) throw damaged(control, 'the file ends after its column names');
  const cell = (name: ColumnName) => cellAt(lines, 0, columns[name]);
  const settlementId = cell('settlement-id');
  if (!/^[A-Za-z0-9-]{4,40}$/.test(settlementId))
    throw damaged(control, 'the settlement id is missing', 'settlement-id');
  const currency = cell('currency').toUpperCase();
  if (!/^[A-Z]{3}$/.test(currency)) throw damaged(control, 'the currency is missing', 'currency');
  const text = cell('total-amount');
  if (text === '')
    throw damaged(
      control,
      'the control row is missing: the first line below the names must carry the total',
      'total-amount',
    );
  const amounts = new AmountReader(currency);
  const total = amounts.readText(text);
  if (Number.isNaN(total)) throw damaged(control, amounts.fault(text), 'total-amount');
  const dates = (['settlement-start-date', 'settlement-end-date', 'deposit-date'] as const).map(cell);
  const moments = MomentReader.detect(dates);
  const [startMs, endMs, depositMs] = dates.map((date) => moments.read(date));
  if (Number.isNaN(startMs!) || Number.isNaN(endMs!) || endMs! < startMs!)
    throw damaged(control, 'the settlement’s start and end are no period of time', 'settlement-start-date');
  return {
    names,
    columns,
    amounts,
    moments,
    kinds: new KindIndex(columns),
    header: {
      channel: 'amazon',
      settlementId,
      startAt: new Date(startMs!),
      endAt: new Date(endMs!),
      // A settlement that moves no money may have no deposit date: then its end is the day.
      depositAt: new Date(Number.isNaN(depositMs!) ? endMs! : depositMs!),
      total: { minor: BigInt(total), currency },
    },
  };
}

function unitsOf(text: string): Uint8Array | Uint16Array {
  const bytes = Buffer.from(text);
  return isAscii(bytes) ? bytes : codesOf(text);
}
