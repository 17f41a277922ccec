// How is a block of V2 lines read? Each line is checked (settlement, currency, amount, moment, cells) and becomes a window
// on the block; nothing is cut out before it is asked for (settlement-rows.ts).
import type { RowKind } from '../../core/settlement.ts';
import { damaged, type OpenSettlement, type RowsRead } from './open-settlement.ts';
import { BlockBatch, cellAt, codesOf, type Lines, numberOf, sameAt } from './settlement-rows.ts';

export function readV2Block(
  open: OpenSettlement,
  lines: Lines,
  skip: number,
  firstRowNumber: number,
): RowsRead {
  const { columns, amounts, moments, header } = open;
  const { text, codes, marks, stride, cells } = lines;
  const { settlementId } = header;
  const { currency } = header.total;
  const idCodes = codesOf(settlementId);
  const currencyCodes = codesOf(currency);
  const count = lines.count - skip;
  const minors = new Float64Array(count);
  const postedMs = new Float64Array(count);
  const timeKnown = new Uint8Array(count);
  const kinds: RowKind[] = new Array(count);
  const starts = new Int32Array(count);
  const ends = new Int32Array(count);
  const idColumn = columns['settlement-id'];
  const amountColumn = columns['amount'];
  const totalColumn = columns['total-amount'];
  const currencyColumn = columns['currency'];
  const timeColumn = columns['posted-date-time'] >= 0 ? columns['posted-date-time'] : columns['posted-date'];
  const width = open.names.length;
  const needed = Math.max(amountColumn, timeColumn) + 1;
  let sum = 0;
  let lastMoment = '';
  let lastMs = 0;
  let lastKnown: 0 | 1 = 1;
  for (let line = skip; line < lines.count; line++) {
    const base = line * stride;
    const row = line - skip;
    starts[row] = marks[base]! + 1;
    ends[row] = marks[base + width]!;
    if (cells !== undefined && cells[line] !== width) {
      const found = cells[line]!;
      const last = line === lines.count - 1 && !lines.ended;
      if (found > width)
        throw damaged(numberOf(lines, line), `it has ${found} cells where the head names ${width}`);
      if (found < needed || last)
        throw damaged(numberOf(lines, line), `it is cut off after ${found} of ${width} cells`);
    }
    if (!sameAt(codes, idCodes, marks[base + idColumn]! + 1, marks[base + idColumn + 1]!)) {
      const id = cellAt(lines, line, idColumn);
      if (id !== settlementId && id !== '')
        throw damaged(
          numberOf(lines, line),
          `it belongs to settlement ${id.slice(0, 40)}, not to ${settlementId}`,
          'settlement-id',
        );
    }
    if (
      marks[base + totalColumn + 1]! - marks[base + totalColumn]! > 1 &&
      cellAt(lines, line, totalColumn) !== ''
    )
      throw damaged(
        numberOf(lines, line),
        'a second control row: two settlements were put into one file',
        'total-amount',
      );
    const currencyFrom = marks[base + currencyColumn]! + 1;
    const currencyTo = marks[base + currencyColumn + 1]!;
    if (currencyTo > currencyFrom && !sameAt(codes, currencyCodes, currencyFrom, currencyTo)) {
      const other = cellAt(lines, line, currencyColumn);
      if (other !== '' && other.toUpperCase() !== currency)
        throw damaged(
          numberOf(lines, line),
          `its currency is ${other.slice(0, 8)}, the settlement’s is ${currency}`,
          'currency',
        );
    }
    const amountFrom = marks[base + amountColumn]! + 1;
    const amountTo = marks[base + amountColumn + 1]!;
    const minor = amounts.read(codes, text, amountFrom, amountTo);
    if (Number.isNaN(minor))
      throw damaged(numberOf(lines, line), amounts.fault(text().slice(amountFrom, amountTo)), 'amount');
    minors[row] = minor;
    sum += minor;
    const momentFrom = marks[base + timeColumn]! + 1;
    const common = moments.readCommon(codes, momentFrom, marks[base + timeColumn + 1]!);
    if (common >= 0) {
      postedMs[row] = common;
      timeKnown[row] = 1;
      kinds[row] = open.kinds.find(lines, line);
      continue;
    }
    const moment = cellAt(lines, line, timeColumn) || cellAt(lines, line, columns['posted-date']);
    if (moment !== lastMoment) {
      if (moment === '') {
        // Reserve lines of old files have no moment: they belong to the settlement's end.
        lastMs = header.endAt.getTime();
        lastKnown = 1;
      } else {
        lastMs = moments.read(moment);
        lastKnown = moments.hadTime ? 1 : 0;
        if (Number.isNaN(lastMs))
          throw damaged(
            numberOf(lines, line),
            `“${moment.slice(0, 40)}” is not a moment as this file writes them (${moments.pattern})`,
            'posted-date-time',
          );
      }
      lastMoment = moment;
    }
    postedMs[row] = lastMs;
    timeKnown[row] = lastKnown;
    kinds[row] = open.kinds.find(lines, line);
  }
  const batch = new BlockBatch({
    text,
    starts,
    ends,
    columns,
    settlementId,
    currency,
    firstRowNumber,
    minors,
    postedMs,
    timeKnown,
    kinds,
  });
  return { batch, sum };
}
