// What does every operation need, and how does it refuse? The parts are wired in app.ts.
import type { Clock } from '../../core/clock.ts';
import { RecordError } from '../../core/errors.ts';
import type { Db } from '../../db/pool.ts';
import { type FlowRow, listFlows } from '../../engine/tasks/store.ts';
import type { OpenFlow } from '../../flows/flow.ts';
import type { OrdersSettings } from '../../flows/orders/settings.ts';
import type { Vault } from '../../vault/vault.ts';
import { openFlow } from '../open-flow.ts';
import type { Practice } from '../practice.ts';
import type { Sessions } from '../sessions.ts';

export interface OperateParts {
  readonly db: Db;
  readonly vault: Vault;
  readonly clock: Clock;
  readonly sessions: Sessions;
  readonly practice: Practice;
  /** Something was queued: the worker of this process need not wait. */
  readonly wake: () => void;
  /** The address people use, for links in mails. */
  readonly publicUrl?: string | undefined;
}

/** What a person asked for does not exist or cannot be done; the API answers 404 or 422 with the sentence. */
export const refuse = (code: string, message: string, nextSteps: readonly string[] = [], field?: string) =>
  new RecordError(code, message, { nextSteps, ...(field === undefined ? {} : { field }) });

export async function flowById(db: Db, id: string): Promise<FlowRow> {
  const flow = (await listFlows(db)).find((candidate) => candidate.id === id);
  if (!flow)
    throw refuse('FLOW_UNKNOWN', `There is no flow “${id}”.`, ['List them with: crossdock flows list']);
  return flow;
}

export async function openOrders(parts: OperateParts, flowId: string): Promise<OpenFlow<OrdersSettings>> {
  const flow = await flowById(parts.db, flowId);
  if (flow.kind !== 'orders.import')
    throw refuse('FLOW_NOT_ORDERS', `The flow “${flowId}” does not import orders.`, [
      'Name a flow of kind orders.import.',
    ]);
  return (await openFlow(parts, flow, parts.wake)) as unknown as OpenFlow<OrdersSettings>;
}
