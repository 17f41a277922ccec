// A document has one wrong value and its source will not correct it: which values may a person change, what would be sent
// then, and how is it kept? The edited copy is stored beside the original; a newer version from the channel replaces it.
import { keepExpiry, readDocuments } from '../../archive/store.ts';
import { writeAudit } from '../../audit/store.ts';
import { inTransaction } from '../../db/pool.ts';
import { recordById } from '../../engine/records/store.ts';
import type { OpenFlow } from '../../flows/flow.ts';
import type { OrdersSettings } from '../../flows/orders/settings.ts';
import { problemsOfRecords, tellProblems } from '../../problems/desk/store.ts';
import {
  changeDocument,
  type DocumentChange,
  type DocumentValue,
  valuesOf,
} from '../../problems/edit-document.ts';
import { dryRunOrder } from '../dry-run.ts';
import type { DryRun } from '../operations.ts';
import { type OperateParts, openOrders, refuse } from './parts.ts';

export interface EditOperations {
  /** The values of a record's document, without the buyer's data, by their path. */
  documentValues(
    recordId: string,
  ): Promise<{ readonly documentId: string; readonly values: readonly DocumentValue[] }>;
  /** Dry run of the document with changed values; nothing is stored. */
  previewEdit(recordId: string, changes: readonly DocumentChange[]): Promise<DryRun>;
  /** Stores the changed copy, and queues the record with it. */
  editRecord(
    recordId: string,
    changes: readonly DocumentChange[],
    reason: string,
    actor: string,
  ): Promise<void>;
}

export function editOperations(parts: OperateParts): EditOperations {
  const { db, vault, clock } = parts;
  async function opened(recordId: string) {
    const record = await recordById(db, recordId);
    if (!record) throw refuse('RECORD_UNKNOWN', `There is no record ${recordId}.`);
    const flow: OpenFlow<OrdersSettings> = await openOrders(parts, record.flowId);
    const document = (await readDocuments(db, vault, [record.documentId])).get(record.documentId);
    if (!document) throw refuse('RECORD_UNKNOWN', `There is no document of record ${recordId}.`);
    return { record, flow, document };
  }
  return {
    async documentValues(recordId) {
      const { record, document } = await opened(recordId);
      return { documentId: record.documentId.toString(), values: valuesOf(document.kept) };
    },
    async previewEdit(recordId, changes) {
      const { flow, document } = await opened(recordId);
      const kept = changeDocument(document.kept, changes);
      return dryRunOrder(flow, flow.channel.orders!.joinPersonal(kept, document.personal), {
        withPersonal: false,
      });
    },
    async editRecord(recordId, changes, reason, actor) {
      const { record, flow, document } = await opened(recordId);
      if (record.remoteId !== null)
        throw refuse(
          'RECORD_WRITTEN',
          `Record ${recordId} is in the ERP already as ${record.remoteNumber ?? record.remoteId}; an edited copy would change nothing there.`,
          ['Change the document in the ERP.'],
        );
      const raw = flow.channel.orders!.joinPersonal(
        changeDocument(document.kept, changes),
        document.personal,
      );
      // Refused here, with its sentence, rather than parked again a moment later.
      flow.channel.orders!.toOrder(raw);
      const problems = await problemsOfRecords(db, [recordId]);
      const taken = await flow.journal.take({
        kind: 'order',
        via: 'edited',
        documents: [{ key: record.key, updatedAt: document.version, raw }],
        priority: 0,
      });
      if (taken === 0)
        throw refuse('EDIT_EMPTY', 'The edited copy is the same as one that is stored already.', [
          'Change a value, or retry the record as it is.',
        ]);
      const detail = {
        record: recordId,
        order: record.key,
        reason,
        changes: changes.map(({ path, value }) => ({ path, value })),
      };
      await inTransaction(db, async (tx) => {
        await keepExpiry(tx, record.documentId, record.id);
        await tellProblems(tx, problems, { kind: 'edited', actor, at: clock.now(), detail });
        await writeAudit(tx, {
          at: clock.now(),
          actor,
          action: 'record.edited',
          subject: `record:${recordId}`,
          detail,
        });
      });
    },
  };
}
