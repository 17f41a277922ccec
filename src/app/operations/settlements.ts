// What may a person do with settlements? Let postings above the limit go, map words nobody has mapped, bring a file by hand.
import { writeAudit } from '../../audit/store.ts';
import { inTransaction } from '../../db/pool.ts';
import { requeueRecords } from '../../engine/store.ts';
import type { OpenFlow } from '../../flows/flow.ts';
import { takeSettlement } from '../../flows/settlements/discover-settlements.ts';
import type { SettlementsSettings } from '../../flows/settlements/settings.ts';
import { isRowClass } from '../../ledger/classes.ts';
import type { Rule } from '../../ledger/default-rules.ts';
import { approvePostings, saveRule, settlementRecords } from '../../settlements/store.ts';
import { openFlow } from '../open-flow.ts';
import { flowById, type OperateParts, refuse } from './parts.ts';

export interface SettlementOperations {
  /** Approves the postings of a settlement that wait for it; the settlement goes on. Returns how many there were. */
  approveSettlement(flowId: string, settlementId: string, actor: string): Promise<number>;
  /** Remembers what some words mean; settlements that waited for them go on. Returns how many. */
  saveSettlementRule(flowId: string, rule: Rule, actor: string): Promise<number>;
  /** Reads a file a person brought, the same way as one from the channel. */
  importSettlement(
    flowId: string,
    bytes: AsyncIterable<Uint8Array>,
    actor: string,
  ): Promise<{ readonly settlementId: string; readonly outcome: 'new' | 'known' | 'reissued' }>;
}

export function settlementOperations(parts: OperateParts): SettlementOperations {
  const { db, clock } = parts;
  const settlementFlow = async (flowId: string) => {
    const flow = await flowById(db, flowId);
    if (flow.kind === 'settlements.import') return flow;
    throw refuse('FLOW_NOT_SETTLEMENTS', `The flow “${flowId}” does not import settlements.`, [
      'Name a flow of kind settlements.import.',
    ]);
  };
  return {
    async approveSettlement(flowId, settlementId, actor) {
      await settlementFlow(flowId);
      const now = clock.now();
      const count = await inTransaction(db, async (tx) => {
        const approved = await approvePostings(tx, flowId, settlementId, { actor, now });
        if (approved === 0)
          throw refuse('NOTHING_TO_APPROVE', `No posting of settlement ${settlementId} waits for approval.`, [
            'Look at its state under Settlements.',
          ]);
        const ids = await settlementRecords(tx, flowId, { settlementId });
        await requeueRecords(tx, { ids }, now, actor);
        await writeAudit(tx, {
          at: now,
          actor,
          action: 'settlement.approved',
          subject: `settlement:${settlementId}`,
          detail: { flow: flowId, postings: approved },
        });
        return approved;
      });
      parts.wake();
      return count;
    },
    async saveSettlementRule(flowId, rule, actor) {
      const flow = await settlementFlow(flowId);
      if (!isRowClass(rule.class))
        throw refuse('CLASS_UNKNOWN', `“${rule.class}” is not a class of settlement rows.`);
      const now = clock.now();
      const count = await inTransaction(db, async (tx) => {
        await saveRule(tx, flow.channelConnectionId, rule, { actor, now });
        const ids = await settlementRecords(tx, flowId, { problem: 'SETTLEMENT_WORDS_UNKNOWN' });
        if (ids.length > 0) await requeueRecords(tx, { ids }, now, actor);
        await writeAudit(tx, {
          at: now,
          actor,
          action: 'settlement-rule.saved',
          subject: `connection:${flow.channelConnectionId}`,
          detail: { ...rule, retried: ids.length },
        });
        return ids.length;
      });
      parts.wake();
      return count;
    },
    async importSettlement(flowId, bytes, actor) {
      const flow = await settlementFlow(flowId);
      const open = (await openFlow(parts, flow, parts.wake)) as unknown as OpenFlow<SettlementsSettings>;
      const { header, outcome } = await takeSettlement(open, bytes, 'file');
      await writeAudit(db, {
        at: clock.now(),
        actor,
        action: 'settlement.imported',
        subject: `settlement:${header.settlementId}`,
        detail: { flow: flowId, outcome },
      });
      return { settlementId: header.settlementId, outcome };
    },
  };
}
