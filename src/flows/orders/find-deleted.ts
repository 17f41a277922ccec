// Did a person delete a document in the ERP? Then it is told, and never made again (features.md §3 #10).
import { RecordError } from '../../core/errors.ts';
import type { OpenFlow, TaskRequest, TaskResult } from '../flow.ts';
import type { OrdersSettings } from './settings.ts';

const hourMs = 3_600_000;

/** Looks every written document up again, many in one query. */
export async function findDeleted(flow: OpenFlow<OrdersSettings>, request: TaskRequest): Promise<TaskResult> {
  const since = request.from ?? new Date(flow.clock.now().getTime() - 30 * 24 * hourMs);
  let afterId = 0n;
  let looked = 0;
  let missing = 0;
  while (!request.signal.aborted) {
    const batch = await flow.journal.doneSince(since, afterId, 200);
    if (batch.length === 0) break;
    const found = await flow.erp.documents.find(
      batch.map(({ key, externalId }) => ({ externalId, channelOrderId: key })),
    );
    for (const record of batch) {
      if (found.has(record.externalId)) continue;
      missing++;
      await flow.journal.reportTask(
        record.id,
        record.key,
        new RecordError(
          'DOCUMENT_DELETED',
          `The ${record.remoteKind.replace('-', ' ')} of order ${record.key} (id ${record.remoteId}) is no longer in the ERP.`,
          {
            nextSteps: [
              'Restore it in the ERP, or resolve this task if it was deleted on purpose: Crossdock does not make it again.',
            ],
            facts: { order: record.key, document: record.remoteId },
          },
        ),
      );
    }
    looked += batch.length;
    afterId = batch.at(-1)!.id;
  }
  return { counts: missing > 0 ? { looked, missing } : {} };
}
