// What do the readers of both settlement layouts share? The opened file, what a block yields, and how damage is told.
import { RecordError } from '../../core/errors.ts';
import type { SettlementBatch, SettlementHeader } from '../../core/settlement.ts';
import type { AmountReader } from './settlement-amounts.ts';
import type { MomentReader } from './settlement-moments.ts';
import type { Columns, KindIndex } from './settlement-rows.ts';

/** All that reading rows needs to know of the file. */
export interface OpenSettlement {
  readonly header: SettlementHeader;
  readonly names: readonly string[];
  readonly columns: Columns;
  readonly amounts: AmountReader;
  readonly moments: MomentReader;
  readonly kinds: KindIndex;
}

/** Rows of one block and their sum in minor units. */
export interface RowsRead {
  readonly batch: SettlementBatch;
  readonly sum: number;
}

export const downloadAgain =
  'Download the report from Amazon again; do not save it with a spreadsheet or editor in between.';

/** Refuses a file, naming the line. */
export const damaged = (line: number, reason: string, field?: string): RecordError =>
  new RecordError('SETTLEMENT_DAMAGED', `Line ${line}: ${reason}.`, {
    ...(field ? { field } : {}),
    facts: { line },
    nextSteps: [downloadAgain],
  });
