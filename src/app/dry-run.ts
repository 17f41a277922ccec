// What would be sent for this order, and why each value? The same gate, mapping and plan as the real thing, no write.
import { asSyncError, type SyncError } from '../core/errors.ts';
import type { Order } from '../core/order.ts';
import { redactJson } from '../core/redact.ts';
import type { DocumentPlan } from '../erp/erp.ts';
import type { OpenFlow } from '../flows/flow.ts';
import type { MappedOrder, OrderContext } from '../flows/orders/document-context.ts';
import { gateOrder } from '../flows/orders/gate-order.ts';
import { contextFor } from '../flows/orders/order-context.ts';
import { externalIdOf, orderToDocument } from '../flows/orders/order-to-document.ts';
import type { OrdersSettings } from '../flows/orders/settings.ts';
import type { Origin } from '../mapping/mapping.ts';
import { amountsOf } from './amounts.ts';
import type { DryRun, PlainProblem } from './operations.ts';

export function plainProblem(error: SyncError): PlainProblem {
  return {
    code: error.code,
    message: error.message,
    ...(error.field === undefined ? {} : { field: error.field }),
    nextSteps: error.nextSteps,
    facts: error.facts,
  };
}

export interface DryRunOptions {
  readonly withPersonal: boolean;
  /** What the record already has in the ERP. */
  readonly remote?: { readonly kind: string; readonly id: string; readonly number?: string } | undefined;
  readonly contextOf?: (order: Order) => Promise<OrderContext>;
}

export async function dryRunOrder(
  flow: OpenFlow<OrdersSettings>,
  raw: unknown,
  options: DryRunOptions,
): Promise<DryRun> {
  let order: Order;
  try {
    order = flow.channel.orders!.toOrder(raw);
  } catch (thrown) {
    return parked('', asSyncError(thrown));
  }
  const base = { channelOrderId: order.id, origins: {}, arithmetic: undefined };
  const passage = gateOrder(order, flow.settings, options.remote !== undefined);
  if (passage.kind === 'skip')
    return { ...base, decision: 'skip', reason: passage.reason, amounts: amountsOf(order, undefined) };
  try {
    const context = await (options.contextOf ?? (await contextFor(flow, [order], { dry: true })))(order);
    const mapped = orderToDocument(order, context);
    const found = options.remote
      ? undefined
      : (await flow.erp.documents.find([{ externalId: externalIdOf(order), channelOrderId: order.id }])).get(
          externalIdOf(order),
        );
    const plan = await flow.erp.documents.plan(mapped.draft);
    return {
      ...base,
      ...describe(order, options, found, mapped),
      draft: (options.withPersonal ? mapped.draft : redactJson(plainDraft(mapped.draft))) as NonNullable<
        DryRun['draft']
      >,
      request: {
        method: plan.method,
        path: plan.path,
        headers: plan.headers,
        body: options.withPersonal ? plan.body : redactJson(plan.body),
      },
      origins: originsOf(plan, mapped),
      arithmetic: mapped.arithmetic,
      amounts: amountsOf(order, mapped),
    };
  } catch (thrown) {
    return { ...parked(order.id, asSyncError(thrown)), amounts: amountsOf(order, undefined) };
  }
}

function describe(
  order: Order,
  options: DryRunOptions,
  found: { readonly number: string } | undefined,
  mapped: MappedOrder,
): Pick<DryRun, 'decision' | 'reason'> {
  if (order.status === 'cancelled')
    return {
      decision: 'cancel',
      reason: 'The marketplace has cancelled the order: its open lines would be closed.',
    };
  if (options.remote)
    return {
      decision: 'nothing',
      reason: `Already written as ${options.remote.number ?? options.remote.id}; this is what would be sent if it were new.`,
    };
  if (found)
    return {
      decision: 'adopt',
      reason: `Already in the ERP as ${found.number}: it would be adopted, not doubled.`,
    };
  return { decision: 'create', ...(mapped.remarks.length > 0 ? { reason: mapped.remarks.join(' ') } : {}) };
}

function parked(channelOrderId: string, error: SyncError): DryRun {
  const arithmetic = error.facts['arithmetic'] as DryRun['arithmetic'];
  return {
    channelOrderId,
    decision: 'park',
    reason: error.message,
    origins: {},
    arithmetic,
    problem: plainProblem(error),
  };
}

/** Request paths with the origin of the draft value they carry; a part of a draft value shares its origin. */
function originsOf(plan: DocumentPlan, mapped: MappedOrder): Record<string, Origin> {
  const origins: Record<string, Origin> = {};
  for (const [requestPath, draftPath] of Object.entries(plan.from)) {
    let path = draftPath;
    while (path !== '' && !(path in mapped.origins))
      path = path.replace(/[.[][^.[]*$/, '') === path ? '' : path.replace(/[.[][^.[]*$/, '');
    origins[requestPath] = mapped.origins[path] ?? {
      kind: 'rule',
      words: 'Fixed by Crossdock for this kind of document',
    };
  }
  return origins;
}

/** Amounts as decimal text, so that a draft can be shown and compared. */
export function plainDraft(draft: unknown): unknown {
  return JSON.parse(
    JSON.stringify(draft, (_name, value: unknown) => (typeof value === 'bigint' ? value.toString() : value)),
  );
}
