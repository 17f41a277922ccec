// What may be done with records: retry, skip, dry run, import from a file.
import { readDocuments } from '../../archive/store.ts';
import { writeAudit } from '../../audit/store.ts';
import { inTransaction } from '../../db/pool.ts';
import { ordersOf, recordById } from '../../engine/records/store.ts';
import { requeueRecords, skipRecords } from '../../engine/store.ts';
import { dryRunOrder } from '../dry-run.ts';
import type { Operations } from '../operations.ts';
import { type OperateParts, openOrders, refuse } from './parts.ts';

export function recordOperations(
  parts: OperateParts,
): Pick<Operations, 'retryRecords' | 'skipRecords' | 'planRecord' | 'planText' | 'importText'> {
  const { db, vault, clock } = parts;
  return {
    async retryRecords(filter, actor) {
      const now = clock.now();
      const count = await inTransaction(db, async (tx) => {
        const moved = await requeueRecords(tx, filter, now, actor);
        await writeAudit(tx, {
          at: now,
          actor,
          action: 'records.retried',
          subject: filter.problemId ? `problem:${filter.problemId}` : 'records',
          detail: { ...filter, count: moved },
        });
        return moved;
      });
      parts.wake();
      return count;
    },
    async skipRecords(filter, reason, actor) {
      const now = clock.now();
      return inTransaction(db, async (tx) => {
        const moved = await skipRecords(tx, filter, reason, now, actor);
        await writeAudit(tx, {
          at: now,
          actor,
          action: 'records.skipped',
          subject: 'records',
          detail: { ...filter, reason, count: moved },
        });
        return moved;
      });
    },
    async planRecord(recordId, withPersonal) {
      const record = await recordById(db, recordId);
      if (!record) throw refuse('RECORD_UNKNOWN', `There is no record ${recordId}.`);
      const flow = await openOrders(parts, record.flowId);
      const document = (await readDocuments(db, vault, [record.documentId])).get(record.documentId);
      const raw = document && flow.channel.orders!.joinPersonal(document.kept, document.personal);
      return dryRunOrder(flow, raw, {
        withPersonal,
        remote:
          record.remoteId === null
            ? undefined
            : {
                kind: record.remoteKind ?? '',
                id: record.remoteId,
                ...(record.remoteNumber ? { number: record.remoteNumber } : {}),
              },
      });
    },
    async planText(flowId, text, withPersonal) {
      const flow = await openOrders(parts, flowId);
      const documents = flow.channel.orders!.fromFile(text);
      const plans = [];
      for (const document of documents) plans.push(await dryRunOrder(flow, document.raw, { withPersonal }));
      return plans;
    },
    async importText(flowId, text, actor) {
      const flow = await openOrders(parts, flowId);
      const documents = flow.channel.orders!.fromFile(text);
      await flow.journal.take({ kind: 'order', via: 'file', documents, priority: 0 });
      await writeAudit(db, {
        at: clock.now(),
        actor,
        action: 'orders.imported',
        subject: flowId,
        detail: { orders: documents.map((document) => document.key) },
      });
      const records = await ordersOf(
        db,
        flowId,
        documents.map((document) => document.key),
      );
      return records.map((record) => ({ channelOrderId: record.key, recordId: record.id.toString() }));
    },
  };
}
