// What may be done with records: retry, skip, dry run, import from a file.
import { readDocuments } from '../../archive/store.ts';
import { writeAudit } from '../../audit/store.ts';
import { listConnections } from '../../connections/store.ts';
import { formatMoney } from '../../core/money.ts';
import { inTransaction } from '../../db/pool.ts';
import { ordersOf, recordById } from '../../engine/records/store.ts';
import { requeueRecords, skipRecords } from '../../engine/store.ts';
import type { DocumentKind } from '../../erp/erp.ts';
import { channels, erps } from '../connectors.ts';
import { dryRunOrder } from '../dry-run.ts';
import type { Operations } from '../operations.ts';
import { flowById, type OperateParts, openOrders, refuse } from './parts.ts';

export function recordOperations(
  parts: OperateParts,
): Pick<
  Operations,
  'retryRecords' | 'skipRecords' | 'planRecord' | 'planText' | 'importText' | 'readRemote' | 'placesOf'
> {
  const { db, vault, clock } = parts;
  const knownRecord = async (recordId: string) => {
    const record = await recordById(db, recordId);
    if (!record) throw refuse('RECORD_UNKNOWN', `There is no record ${recordId}.`);
    return record;
  };
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
      const record = await knownRecord(recordId);
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
    async readRemote(recordId) {
      const record = await knownRecord(recordId);
      if (record.remoteId === null || record.remoteKind === null)
        throw refuse('DOCUMENT_ABSENT', 'This record has no document in the ERP yet.', [
          'Wait until it is confirmed, or look at its problem.',
        ]);
      const flow = await openOrders(parts, record.flowId);
      const document = await flow.erp.documents.read(record.remoteKind as DocumentKind, record.remoteId);
      const items = await flow.erp.items.byIds([...new Set(document.lines.map((line) => line.itemId))]);
      return {
        readAt: clock.now(),
        status: document.status,
        number: document.number ?? record.remoteNumber,
        currency: document.total.currency,
        total: formatMoney(document.total),
        lines: document.lines.map(({ channelLineId, ...line }) => ({
          ...line,
          key: channelLineId ?? null,
          item: items.get(line.itemId)?.name ?? null,
        })),
      };
    },
    async placesOf(recordId) {
      const record = await knownRecord(recordId);
      const flow = await flowById(db, record.flowId);
      const connections = await listConnections(db);
      const of = (id: string) => connections.find((connection) => connection.id === id)!;
      const channel = of(flow.channelConnectionId);
      const erp = of(flow.erpConnectionId);
      const document = record.remoteId !== null &&
        record.remoteKind !== null && { kind: record.remoteKind, id: record.remoteId };
      return {
        channel:
          channels[channel.connector]?.orderPage?.(channel.settings as never, record.key.split('/')[0]!) ??
          null,
        erp: (document && erps[erp.connector]?.documentPage?.(erp.settings as never, document)) || null,
      };
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
