// What may be done with mappings: preview a change, save and retire overrides, list the fields.
import { readDocuments } from '../../archive/store.ts';
import { writeAudit } from '../../audit/store.ts';
import { inTransaction } from '../../db/pool.ts';
import { ordersOf } from '../../engine/records/store.ts';
import { requeueRecords } from '../../engine/store.ts';
import { overridableFields } from '../../flows/orders/order-to-document.ts';
import {
  readOverrides,
  removeLookupRow,
  retireOverrideRow,
  saveLookupRow,
  saveOverrideRow,
} from '../../mapping/store.ts';
import { curedByLookup, tellProblems } from '../../problems/desk/store.ts';
import type { Operations } from '../operations.ts';
import { assertOverride } from './overrides.ts';
import { flowById, type OperateParts, openOrders } from './parts.ts';
import { comparePlans, withChange } from './preview.ts';

export function mappingOperations(
  parts: OperateParts,
): Pick<
  Operations,
  'previewChange' | 'saveLookup' | 'removeLookup' | 'saveOverride' | 'removeOverride' | 'mappingFields'
> {
  const { db, vault, clock } = parts;
  return {
    async previewChange(flowId, change, last) {
      const flow = await openOrders(parts, flowId);
      const changed = await withChange(flow, change);
      const records = await ordersOf(db, flowId, undefined, last);
      const documents = await readDocuments(
        db,
        vault,
        records.map((record) => record.documentId),
      );
      return comparePlans(
        flow,
        changed,
        records.flatMap((record) => {
          const document = documents.get(record.documentId);
          return document
            ? [
                {
                  id: record.id.toString(),
                  key: record.key,
                  raw: flow.channel.orders!.joinPersonal(document.kept, document.personal),
                },
              ]
            : [];
        }),
      );
    },
    async saveLookup(connectionId, row, actor) {
      await inTransaction(db, async (tx) => {
        await saveLookupRow(tx, connectionId, { multiplier: 1, note: '', ...row }, actor, clock.now());
        // Records that wait for just this row go on by themselves: the cause is gone.
        const cured = await curedByLookup(tx, connectionId, row.name, row.key);
        if (cured.records.length > 0) await requeueRecords(tx, { ids: cured.records }, clock.now(), actor);
        await tellProblems(tx, cured.problems, {
          kind: 'cured',
          actor,
          at: clock.now(),
          detail: {
            by: 'lookup',
            lookup: row.name,
            key: row.key,
            value: row.value,
            count: cured.records.length,
          },
        });
        await writeAudit(tx, {
          at: clock.now(),
          actor,
          action: 'lookup.saved',
          subject: `lookup:${row.name}/${row.key}`,
          detail: {
            connection: connectionId,
            value: row.value,
            multiplier: row.multiplier ?? 1,
            retried: cured.records.length,
          },
        });
      });
      parts.wake();
    },
    async removeLookup(connectionId, name, key, actor) {
      await inTransaction(db, async (tx) => {
        await removeLookupRow(tx, connectionId, name, key);
        await writeAudit(tx, {
          at: clock.now(),
          actor,
          action: 'lookup.removed',
          subject: `lookup:${name}/${key}`,
          detail: { connection: connectionId },
        });
      });
    },
    async saveOverride(flowId, override, actor) {
      await flowById(db, flowId);
      assertOverride(override);
      await inTransaction(db, async (tx) => {
        await saveOverrideRow(tx, flowId, override, actor, clock.now());
        await writeAudit(tx, {
          at: clock.now(),
          actor,
          action: 'override.saved',
          subject: `flow:${flowId}/${override.field}`,
          detail: { kind: override.kind, value: override.value },
        });
      });
    },
    async removeOverride(flowId, field, actor) {
      await inTransaction(db, async (tx) => {
        await retireOverrideRow(tx, flowId, field, actor, clock.now());
        await writeAudit(tx, {
          at: clock.now(),
          actor,
          action: 'override.removed',
          subject: `flow:${flowId}/${field}`,
        });
      });
    },
    async mappingFields(flowId) {
      const flow = await flowById(db, flowId);
      if (flow.kind !== 'orders.import') return [];
      const overrides = await readOverrides(db, flowId);
      return Object.entries(overridableFields).map(([field, rule]) => {
        const override = overrides.find((candidate) => candidate.field === field);
        return {
          field,
          rule,
          ...(override
            ? {
                override: {
                  kind: override.kind,
                  value: override.value,
                  by: override.by,
                  at: override.at.toISOString(),
                },
              }
            : {}),
        };
      });
    },
  };
}
