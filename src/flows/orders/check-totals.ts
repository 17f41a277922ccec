// Does the ERP say the same total as was written? It may recalculate tax or prices by itself; a difference of a cent is a
// person's task (features.md pain #6). Many documents in one query.
import { RecordError } from '../../core/errors.ts';
import { formatMoney } from '../../core/money.ts';
import type { OpenFlow, TaskRequest, TaskResult } from '../flow.ts';
import type { WrittenOrder } from './decide-change.ts';
import type { OrdersSettings } from './settings.ts';

/** What was written in the last minutes may not be in the query index yet. */
const overlapMs = 10 * 60_000;

export async function checkTotals(flow: OpenFlow<OrdersSettings>, request: TaskRequest): Promise<TaskResult> {
  const startedAt = flow.clock.now();
  const cursor = await flow.journal.cursor<{ readonly since: string }>('totals-in-erp');
  const since = request.from ?? new Date(cursor?.since ?? flow.settings.goLiveAt);
  let afterId = 0n;
  let compared = 0;
  let differing = 0;
  while (!request.signal.aborted) {
    const batch = await flow.journal.doneSince(since, afterId, 200);
    if (batch.length === 0) break;
    afterId = batch.at(-1)!.id;
    const written = batch.filter(
      ({ applied }) =>
        typeof applied['sum'] === 'string' && isWhole(applied['written'] as WrittenOrder | undefined),
    );
    const found = await flow.erp.documents.find(
      written.map(({ key, externalId }) => ({ externalId, channelOrderId: key })),
    );
    for (const record of written) {
      const document = found.get(record.externalId);
      if (document?.total === undefined || document.matchedBy !== 'external-id') continue;
      compared++;
      const said = formatMoney(document.total);
      if (said === record.applied['sum']) continue;
      differing++;
      await flow.journal.reportTask(
        record.id,
        record.key,
        new RecordError(
          'ERP_TOTAL_DIFFERS',
          `The ERP shows ${said} ${document.total.currency} for ${document.number}, but ${String(record.applied['sum'])} was written for order ${record.key}.`,
          {
            field: 'total',
            nextSteps: [
              'Compare the document’s lines with the order’s page: the ERP has recalculated tax or a price.',
              'Correct the document, and switch off what recalculates it (tax settings, price level, scripts).',
            ],
            facts: { order: record.key, document: document.number, cause: `total/${record.key}` },
          },
        ),
      );
    }
  }
  if (!request.signal.aborted)
    await flow.journal.moveCursor('totals-in-erp', {
      since: new Date(startedAt.getTime() - overlapMs).toISOString(),
    });
  return { counts: compared > 0 ? { compared, ...(differing > 0 ? { differing } : {}) } : {} };
}

/** Closed lines stay in the ERP's total: only whole orders can be compared. */
const isWhole = (written: WrittenOrder | undefined): boolean =>
  written !== undefined && written.status !== 'cancelled' && written.cancelledLines.length === 0;
