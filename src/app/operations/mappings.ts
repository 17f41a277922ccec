// What may be done with mappings: preview a change, save and retire overrides, list the fields.
import { readDocuments } from '../../archive/store.ts';
import { writeAudit } from '../../audit/store.ts';
import { inTransaction } from '../../db/pool.ts';
import { ordersOf } from '../../engine/records/store.ts';
import { type FieldRule, fieldRules, overridable } from '../../flows/orders/mapping-fields.ts';
import { isOwnLineField } from '../../flows/orders/own-fields.ts';
import {
  readOverrideHistory,
  readOverrides,
  retireOverrideRow,
  saveOverrideRow,
} from '../../mapping/store.ts';
import { inForceAt, sameRule, versionsOf } from '../../mapping/versions.ts';
import type { Operations } from '../operations.ts';
import { faultInAccount } from './overrides.ts';
import { flowById, type OperateParts, openOrders, refuse } from './parts.ts';
import { comparePlans, withChange } from './preview.ts';

export function mappingOperations(
  parts: OperateParts,
): Pick<
  Operations,
  | 'previewChange'
  | 'saveOverride'
  | 'removeOverride'
  | 'mappingFields'
  | 'ownFieldChoices'
  | 'checkOverride'
  | 'mappingVersions'
  | 'revertMapping'
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
    async saveOverride(flowId, override, actor) {
      const flow = await openOrders(parts, flowId);
      const fault = await faultInAccount(override, flow.erp, await flow.lookups());
      if (fault) throw refuse(fault.code, fault.message, fault.nextSteps, override.field);
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
      const rules = fieldRules.filter((rule) =>
        flow.kind === 'orders.import'
          ? !rule.targets.includes('shipment')
          : flow.kind === 'shipments.export' && rule.targets.includes('shipment'),
      );
      const overrides = new Map((await readOverrides(db, flowId)).map((one) => [one.field, one]));
      const own = [...overrides.keys()].filter((field) => !overridable.has(field));
      return [
        ...rules,
        ...own.map(
          (field): FieldRule => ({
            field,
            on: isOwnLineField(field) ? 'line' : 'body',
            targets: ['sales-order', 'cash-sale', 'invoice'],
            by: 'override',
            rule: 'A field that you added.',
          }),
        ),
      ].map(({ field, ...rule }) => {
        const override = overrides.get(field);
        return {
          field,
          ...rule,
          own: own.includes(field),
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
    async ownFieldChoices(flowId) {
      const { erp } = await openOrders(parts, flowId);
      return (await erp.fields('sales-order')).filter((field) => field.custom && field.writable);
    },
    async checkOverride(flowId, override) {
      const flow = await openOrders(parts, flowId);
      return (await faultInAccount(override, flow.erp, await flow.lookups())) ?? null;
    },
    async mappingVersions(flowId) {
      await flowById(db, flowId);
      return versionsOf(await readOverrideHistory(db, flowId));
    },
    async revertMapping(flowId, at, actor) {
      await flowById(db, flowId);
      const history = await readOverrideHistory(db, flowId);
      const then = inForceAt(history, at);
      const now = inForceAt(history, clock.now());
      const moment = clock.now();
      await inTransaction(db, async (tx) => {
        for (const [field, one] of now)
          if (!then.has(field)) await retireOverrideRow(tx, flowId, field, actor, moment);
          else if (!sameRule(one, then.get(field)!))
            await saveOverrideRow(tx, flowId, then.get(field)!, actor, moment);
        for (const [field, one] of then)
          if (!now.has(field)) await saveOverrideRow(tx, flowId, one, actor, moment);
        await writeAudit(tx, {
          at: moment,
          actor,
          action: 'mapping.reverted',
          subject: `flow:${flowId}`,
          detail: { to: at.toISOString() },
        });
      });
      parts.wake();
    },
  };
}
