// Marketplace orders become ERP documents, once each. Reads: channels/<name>/orders.ts (through sweep-orders.ts) ·
// maps: order-to-document.ts · decides: gate-order.ts, decide-change.ts · writes: erp/netsuite/documents.ts.
import { RecordError } from '../../core/errors.ts';
import { formatMoney, isZero, total } from '../../core/money.ts';
import type { Order } from '../../core/order.ts';
import type { Delivered } from '../../engine/attempt.ts';
import type { DocumentKind, FoundDocument } from '../../erp/erp.ts';
import type { FlowKind, OpenFlow, RecordWithDocument } from '../flow.ts';
import { applyChanges } from './apply-changes.ts';
import { bookShipments } from './book-shipments.ts';
import { cancellationWish } from './cancellation-wish.ts';
import { changesOf, remember, type WrittenOrder } from './decide-change.ts';
import { aliasOf } from './document-items.ts';
import { gateOrder } from './gate-order.ts';
import { type ContextOf, contextFor } from './order-context.ts';
import { orderTasks } from './order-tasks.ts';
import { externalIdOf, orderToDocument } from './order-to-document.ts';
import { type OrdersSettings, ordersSettings } from './settings.ts';

export const importOrders: FlowKind<OrdersSettings> = {
  id: 'orders.import',
  title: 'Import orders',
  settings: ordersSettings,
  tasks: orderTasks,
  deliver: deliverOrders,
};

interface Understood {
  readonly of: RecordWithDocument;
  readonly order: Order;
}

/** Reads, gates and looks up a batch together (few calls), then answers for each record alone. */
async function deliverOrders(flow: OpenFlow<OrdersSettings>, records: readonly RecordWithDocument[]) {
  const results = new Map<bigint, () => Promise<Delivered>>();
  const passing: Understood[] = [];
  for (const of of records) {
    try {
      const order = of.order ?? flow.channel.orders!.toOrder(of.raw);
      const passage = gateOrder(order, flow.settings, of.record.remoteId !== null);
      if (passage.kind === 'skip' && of.record.from !== 'verifying')
        results.set(of.record.id, async () => ({ state: 'skipped', reason: passage.reason }));
      else passing.push({ of, order });
    } catch (thrown) {
      results.set(of.record.id, () => Promise.reject(thrown));
    }
  }
  const creating = passing.filter(({ of }) => of.record.remoteId === null);
  try {
    // Neither needs the other's answer: asked side by side, a batch is ready to be written sooner.
    const [context, found] = await Promise.all([
      contextFor(
        flow,
        creating.map(({ order }) => order),
      ),
      flow.erp.documents.find(
        creating.map(({ order }) => ({ externalId: externalIdOf(order), channelOrderId: order.id })),
      ),
    ]);
    for (const { of, order } of creating)
      results.set(of.record.id, () =>
        createOrAdopt(flow, of, order, found.get(externalIdOf(order)), context),
      );
  } catch (thrown) {
    for (const { of } of creating) results.set(of.record.id, () => Promise.reject(thrown));
  }
  for (const { of, order } of passing)
    if (of.record.remoteId !== null) results.set(of.record.id, () => followChanges(flow, of, order));
  return results;
}

async function createOrAdopt(
  flow: OpenFlow<OrdersSettings>,
  of: RecordWithDocument,
  order: Order,
  found: FoundDocument | undefined,
  contextOf: ContextOf,
): Promise<Delivered> {
  const externalId = externalIdOf(order);
  const existing = found ?? (await lostDocument(flow, of, externalId));
  if (existing) return withShipments(flow, of, order, await adopt(flow, of, order, existing));
  const passage = gateOrder(order, flow.settings, false);
  if (passage.kind === 'skip') return { state: 'skipped', reason: passage.reason };
  const wait = await awaitFullOrder(flow, order);
  if (wait) return wait;
  const wish = cancellationWish(order, []);
  if (wish && flow.settings.cancellationWishes === 'hold') throw wish;
  const mapped = orderToDocument(order, await contextOf(order));
  const created = await flow.erp.documents.create(mapped.draft);
  return withShipments(flow, of, order, {
    state: 'done',
    reason: created.adopted
      ? 'Found in the ERP under its external id and adopted.'
      : ['Created.', ...mapped.remarks].join(' '),
    externalId,
    remote: { kind: mapped.draft.kind, id: created.id },
    applied: {
      written: remember(order),
      units: await unitsOf(flow, order),
      sum: mapped.arithmetic.sum,
      ...(order.status === 'shipped' ? { firstSeenShipped: true } : {}),
    },
    ...(wish ? { task: wish } : {}),
  });
}

/** After a lost answer the query index may lag behind; the record itself does not (netsuite.md §1.3). */
async function lostDocument(
  flow: OpenFlow<OrdersSettings>,
  of: RecordWithDocument,
  externalId: string,
): Promise<FoundDocument | undefined> {
  if (of.record.from !== 'verifying') return undefined;
  for (const kind of ['sales-order', 'cash-sale', 'invoice'] as const) {
    const fresh = await flow.erp.documents.findFresh(kind, externalId);
    if (fresh) return fresh;
  }
  return undefined;
}

/**
 * A report does not say who remits tax. The order is read singly: before it is booked where the owner wants to know first,
 * else afterwards, when nothing more urgent is to be read; what was booked is then corrected or a person told.
 */
async function awaitFullOrder(flow: OpenFlow<OrdersSettings>, order: Order): Promise<Delivered | undefined> {
  const market = flow.settings.marketplaces[order.marketplace.id];
  const inDoubt = order.lines.some((line) => !isZero(line.tax) && !line.taxIncluded);
  if (order.source !== 'report' || !inDoubt) return undefined;
  const now = flow.clock.now();
  const first = market?.reportTax === 'ask';
  await flow.journal.wantOrders([order.id], 'address', now, first ? 1 : 2);
  if (!first) return undefined;
  return {
    state: 'waiting',
    reason: 'The report does not say who remits the tax; the order itself is being read.',
    at: new Date(now.getTime() + 30 * 60_000),
  };
}

/** A document that is there already is taken over, never doubled; a total that differs is told to a person. */
async function adopt(
  flow: OpenFlow<OrdersSettings>,
  of: RecordWithDocument,
  order: Order,
  found: FoundDocument,
): Promise<Delivered> {
  const wish = cancellationWish(order, []);
  const task = totalDiffers(of, order, found) ?? wish;
  return {
    state: 'done',
    reason:
      found.matchedBy === 'external-id'
        ? 'Already in the ERP under its external id; adopted.'
        : `Already in the ERP as ${found.number}, made by another tool or person; adopted, not doubled.`,
    externalId: found.externalId ?? externalIdOf(order),
    remote: { kind: found.kind, id: found.id, number: found.number },
    applied: {
      written: remember(order),
      units: await unitsOf(flow, order),
      adopted: found.matchedBy,
      ...(order.status === 'shipped' ? { firstSeenShipped: true } : {}),
    },
    labels: found.matchedBy === 'external-id' ? [] : ['adopted'],
    ...(task ? { task } : {}),
  };
}

function totalDiffers(of: RecordWithDocument, order: Order, found: FoundDocument): RecordError | undefined {
  if (order.total === undefined || found.total === undefined) return undefined;
  const taxOnTop = total(
    order.lines
      .filter((line) => !line.taxIncluded && (line.taxRemittedByMarketplace || order.source === 'report'))
      .map((line) => line.tax),
    order.currency,
  );
  const plausible = [order.total.minor, order.total.minor - taxOnTop.minor];
  if (plausible.includes(found.total.minor)) return undefined;
  return new RecordError(
    'ADOPTED_TOTAL_DIFFERS',
    `Order ${of.record.key} was found in the ERP as ${found.number} with ${formatMoney(found.total)} ${order.currency}; the marketplace says ${formatMoney(order.total)}.`,
    {
      nextSteps: ['Compare the two documents and correct the one in the ERP, then resolve this task.'],
      facts: { order: of.record.key, number: found.number },
    },
  );
}

async function followChanges(
  flow: OpenFlow<OrdersSettings>,
  of: RecordWithDocument,
  order: Order,
): Promise<Delivered> {
  const before = of.record.applied['written'] as WrittenOrder | undefined;
  const changes = before && changesOf(before, order);
  const written = remember(order, before);
  const delivered: Delivered =
    before === undefined || changes === undefined
      ? { state: 'done', reason: 'Nothing that concerns the ERP has changed.', applied: { written } }
      : await applyChanges(flow, of, order, { changes, written });
  return withShipments(flow, of, order, delivered);
}

/** What the marketplace shipped or labelled itself is booked beside the order; a refusal there is a person's task. */
async function withShipments(
  flow: OpenFlow<OrdersSettings>,
  of: RecordWithDocument,
  order: Order,
  delivered: Delivered,
): Promise<Delivered> {
  const kind = delivered.remote?.kind ?? of.record.remoteKind ?? '';
  const id = delivered.remote?.id ?? of.record.remoteId;
  if (delivered.state !== 'done' || !id) return delivered;
  const remembered = { ...of.record.applied, ...delivered.applied };
  const booked = await bookShipments(flow, order, { kind: kind as DocumentKind, id, remembered });
  if (!booked) return delivered;
  return {
    ...delivered,
    reason: [delivered.reason, booked.reason].filter(Boolean).join(' '),
    applied: { ...delivered.applied, ...booked.applied },
    ...(booked.task && !delivered.task ? { task: booked.task } : {}),
  };
}

/** How many stock units one ordered unit of each line became (aliases with multiplier); shipments divide by it. */
async function unitsOf(flow: OpenFlow<OrdersSettings>, order: Order): Promise<Record<string, number>> {
  const lookups = await flow.lookups();
  return Object.fromEntries(
    order.lines.flatMap((line) => {
      const units = aliasOf(line.sku, lookups)?.value.multiplier ?? 1;
      return units === 1 ? [] : [[line.id, units]];
    }),
  );
}
