// settlement-speed: a million rows read, classified and summed in at most twice the time of a bare line-splitting loop, under 200 MB.
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream, createWriteStream, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readSettlement } from '../src/channels/amazon/settlement-file.ts';
import { columnNames } from '../src/channels/amazon/settlement-rows.ts';
import type { RowKind } from '../src/core/settlement.ts';
import { makeClassifier } from '../src/ledger/classify.ts';
import { full, verdict } from './harness.ts';

const rowsWanted = 1_000_000;
const timesMax = 2;
const memoryMaxMb = 200;
/** Each way is run several times in turn, in processes of their own; the best time of each counts. */
const rounds = full ? 9 : 5;

interface Figures {
  readonly rows: number;
  readonly ms: number;
  readonly cpuMs: number;
  readonly peakMb: number;
  readonly sum?: string;
  readonly classes?: number;
}

/** Reads, classifies and sums: every row gets its class, every class its rows and cents. */
async function readWhole(path: string): Promise<Omit<Figures, 'peakMb' | 'ms' | 'cpuMs'>> {
  const { classify } = makeClassifier('amazon', []);
  const reading = await readSettlement(createReadStream(path));
  const classOf = new Map<RowKind, { rows: number; minor: number }>();
  const classes = new Map<string, { rows: number; minor: number }>();
  let rows = 0;
  for await (const batch of reading.batches)
    for (let index = 0; index < batch.length; index++) {
      const kind = batch.kindAt(index);
      let sum = classOf.get(kind);
      if (sum === undefined) {
        const name = classify(kind)?.class ?? 'unknown';
        sum = classes.get(name) ?? { rows: 0, minor: 0 };
        classes.set(name, sum);
        classOf.set(kind, sum);
      }
      sum.rows++;
      sum.minor += batch.minorAt(index);
      rows++;
    }
  // The facts are there only when the file was read to its end and its rows add up to its head.
  reading.facts();
  let minor = 0;
  for (const sum of classes.values()) minor += sum.minor;
  return { rows, sum: String(minor), classes: classes.size };
}

/** The loop to beat: text, cut at line ends, lines counted. It understands nothing and checks nothing. */
async function splitLines(path: string): Promise<Omit<Figures, 'peakMb' | 'ms' | 'cpuMs'>> {
  let rows = 0;
  let rest = '';
  for await (const chunk of createReadStream(path, 'utf8')) {
    const lines = (rest + (chunk as string)).split('\n');
    rest = lines.pop()!;
    for (const line of lines) if (line !== '') rows++;
  }
  return { rows: rows - 2 };
}

/** The same loop with the cells cut out as well, for comparison: what reading costs without understanding. */
async function splitCells(path: string): Promise<Omit<Figures, 'peakMb' | 'ms' | 'cpuMs'>> {
  let rows = 0;
  let cells = 0;
  let rest = '';
  for await (const chunk of createReadStream(path, 'utf8')) {
    const lines = (rest + (chunk as string)).split('\n');
    rest = lines.pop()!;
    for (const line of lines) {
      rows++;
      cells += line.split('\t').length;
    }
  }
  if (cells < rows) throw new Error('No cells.');
  return { rows: rows - 2 };
}

const ways = { whole: readWhole, lines: splitLines, cells: splitCells } as const;
type Way = keyof typeof ways;

const asked = process.argv.indexOf('--way');
if (asked > 0) {
  const way = process.argv[asked + 1] as Way;
  const path = process.argv[asked + 2]!;
  const began = performance.now();
  const figures = await ways[way](path);
  const ms = performance.now() - began;
  const { user, system } = process.cpuUsage();
  console.log(
    JSON.stringify({
      ...figures,
      ms,
      cpuMs: (user + system) / 1000,
      peakMb: process.resourceUsage().maxRSS / 1024,
    }),
  );
} else await prove();

async function prove(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'crossdock-speed-'));
  const failures: string[] = [];
  try {
    const path = join(folder, 'settlement.txt');
    const sum = await writeSettlement(path, rowsWanted);
    console.log(`${rowsWanted} rows, ${(statSync(path).size / 1e6).toFixed(0)} MB`);
    const best: Partial<Record<Way, Figures>> = {};
    let peak = 0;
    for (let round = 0; round < rounds; round++)
      for (const way of ['lines', 'whole', 'cells'] as const) {
        const figures = run(way, path);
        if (figures.rows !== rowsWanted) failures.push(`${way} saw ${figures.rows} rows.`);
        if (way === 'whole') {
          peak = Math.max(peak, figures.peakMb);
          if (figures.sum !== String(sum))
            failures.push(`The classes add up to ${figures.sum}, the file to ${sum}.`);
        }
        if (figures.ms < (best[way]?.ms ?? Number.POSITIVE_INFINITY)) best[way] = figures;
      }
    const rate = ({ ms, cpuMs }: Figures) =>
      `${ms.toFixed(0)} ms, ${Math.round((rowsWanted / ms) * 1000).toLocaleString('en')} rows/s, ${cpuMs.toFixed(0)} ms of processor`;
    const { whole, lines, cells } = best as Record<Way, Figures>;
    console.log(`  bare loop over lines:           ${rate(lines)}, peak ${lines.peakMb.toFixed(0)} MB`);
    console.log(`  bare loop over lines and cells: ${rate(cells)}, peak ${cells.peakMb.toFixed(0)} MB`);
    console.log(
      `  read, classified, summed:       ${rate(whole)}, peak ${peak.toFixed(0)} MB, ${whole.classes} classes`,
    );
    console.log(
      `  ${(whole.ms / lines.ms).toFixed(2)} times the bare loop (${(whole.ms / cells.ms).toFixed(2)} times the one with cells)`,
    );
    if (whole.ms > timesMax * lines.ms)
      failures.push(
        `It takes ${(whole.ms / lines.ms).toFixed(2)} times the bare loop; at most ${timesMax} are promised.`,
      );
    if (peak >= memoryMaxMb)
      failures.push(`It takes ${peak.toFixed(0)} MB; under ${memoryMaxMb} are promised.`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  verdict('settlement-speed', failures);
}

function run(way: Way, path: string): Figures {
  const done = spawnSync(process.execPath, [fileURLToPath(import.meta.url), '--way', way, path], {
    encoding: 'utf8',
  });
  if (done.status !== 0) throw new Error(`${way}: ${done.stderr}`);
  return JSON.parse(done.stdout.trim().split('\n').at(-1)!) as Figures;
}

/** A settlement as a large American shop has it: ten lines an order, seconds apart, and a few fees; returns its sum. */
async function writeSettlement(path: string, rows: number): Promise<number> {
  const kinds = [
    ['Order', 'ItemPrice', 'Principal', 2_999],
    ['Order', 'ItemPrice', 'Tax', 210],
    ['Order', 'ItemPrice', 'Shipping', 599],
    ['Order', 'Promotion', 'Shipping', -599],
    ['Order', 'ItemWithheldTax', 'MarketplaceFacilitatorTax-Principal', -210],
    ['Order', 'ItemFees', 'Commission', -450],
    ['Order', 'ItemFees', 'FBAPerUnitFulfillmentFee', -387],
    ['Refund', 'ItemPrice', 'Principal', -2_999],
    ['Refund', 'ItemFees', 'Commission', 450],
    ['other-transaction', 'FBA Inventory Reimbursement', 'WAREHOUSE_DAMAGE', 1_420],
  ] as const;
  const decimal = (minor: number) => {
    const size = String(Math.abs(minor)).padStart(3, '0');
    return `${minor < 0 ? '-' : ''}${size.slice(0, -2)}.${size.slice(-2)}`;
  };
  const amountOf = (row: number) => {
    const base = kinds[row % kinds.length]![3];
    return base + Math.sign(base) * ((row * 7_919) % 300);
  };
  let sum = 0;
  for (let row = 0; row < rows; row++) sum += amountOf(row);
  const out = createWriteStream(path);
  const head = [
    '17000000009',
    '2026-06-16 00:00:00 UTC',
    '2026-06-30 23:59:59 UTC',
    '2026-07-02 00:00:00 UTC',
    decimal(sum),
    'USD',
  ];
  let text = `${columnNames.join('\t')}\n${[...head, ...Array.from({ length: 18 }, () => '')].join('\t')}\n`;
  const start = Date.UTC(2026, 5, 16);
  for (let row = 0; row < rows; row++) {
    const [type, amountType, description] = kinds[row % kinds.length]!;
    const order = Math.floor(row / kinds.length);
    const moment = new Date(start + ((order * 7_919) % (14 * 86_400)) * 1_000).toISOString();
    const day = moment.slice(0, 10);
    text += `17000000009\t\t\t\t\t\t${type}\t${111 + (order % 4)}-${1_000_000 + ((order * 37) % 9_000_000)}-${1_000_000 + ((order * 91) % 9_000_000)}\t\t\tDS${((order * 48_271) % 1e9).toString(36)}\tAmazon.com\t${amountType}\t${description}\t${decimal(amountOf(row))}\tAFN\t${day} 00:00:00 UTC\t${day} ${moment.slice(11, 19)} UTC\t${55_182_930_000 + order}\t\t\tSKU-${order % 5_000}\t1\t\n`;
    if (text.length > 1 << 20) {
      if (!out.write(text)) await once(out, 'drain');
      text = '';
    }
  }
  out.end(text);
  await once(out, 'finish');
  return sum;
}
