// Marketplace orders become ERP documents, once each. Reads: channels/<name>/orders.ts (through sweep-orders.ts) ·
// maps: order-to-document.ts · decides: gate-order.ts, decide-change.ts · writes: erp/netsuite/documents.ts.
import { createHash } from 'node:crypto';
import { RecordError } from '../../core/errors.ts';
import { formatMoney, total } from '../../core/money.ts';
import type { Order } from '../../core/order.ts';
import type { Delivered } from '../../engine/attempt.ts';
import type { DocumentLine, ErpItem, FoundDocument } from '../../erp/erp.ts';
import type { FlowKind, OpenFlow, RecordWithDocument } from '../flow.ts';
import { applyChanges } from './apply-changes.ts';
import { addressText, changesOf, type WrittenOrder, writtenOrder } from './decide-change.ts';
import { gateOrder } from './gate-order.ts';
import { externalIdOf, itemNamesOf, type OrderContext, orderToDocument } from './order-to-document.ts';
import { type OrdersSettings, ordersSettings } from './settings.ts';
import { orderTasks } from './sweep-orders.ts';

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
      const order = flow.channel.orders!.toOrder(of.raw);
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
    const context = await contextFor(
      flow,
      creating.map(({ order }) => order),
    );
    const found = await flow.erp.documents.find(
      creating.map(({ order }) => ({ externalId: externalIdOf(order), channelOrderId: order.id })),
    );
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

/** Everything about the account that mapping needs, read once for a batch. */
export async function contextFor(
  flow: OpenFlow<OrdersSettings>,
  orders: readonly Order[],
  { writes = true }: { readonly writes?: boolean } = {},
): Promise<(order: Order) => Promise<OrderContext>> {
  const lookups = await flow.lookups();
  const overrides = await flow.overrides();
  const { settings } = flow;
  const names = [...new Set(orders.flatMap((order) => itemNamesOf(order, { settings, lookups })))];
  const items: ReadonlyMap<string, ErpItem> =
    names.length === 0 ? new Map() : await flow.erp.items.byNames(names);
  const customers = new Map<string, Promise<string>>();
  return async (order) => {
    const customer = customerOf(flow, order);
    let customerId = customers.get(customer.key);
    if (customerId === undefined) {
      customerId = writes ? customer.ensure() : Promise.resolve(customer.known() ?? unmadeCustomer);
      customers.set(customer.key, customerId);
    }
    return {
      settings,
      lookups,
      overrides,
      items,
      customerId: await customerId,
      timeZone: flow.erpReport?.timeZone ?? 'UTC',
      suiteTax: flow.erpReport?.suiteTax ?? false,
      accountId: flow.channelConnectionId,
      now: flow.clock.now(),
    };
  };
}

const customerIds = new Map<string, string>();
/** Stands in a dry run for the customer that the first real order would create. */
export const unmadeCustomer = '(made with the first order)';

/** One customer per account and marketplace, or per buyer; created at most once by its external id (features.md §4.2). */
function customerOf(
  flow: OpenFlow<OrdersSettings>,
  order: Order,
): {
  readonly key: string;
  readonly ensure: () => Promise<string>;
  readonly known: () => string | undefined;
} {
  const market = flow.settings.marketplaces[order.marketplace.id];
  const fixed = market?.customerId;
  const perBuyer = flow.settings.customers === 'per-buyer' && order.buyer?.email !== undefined;
  if (!perBuyer && fixed) return { key: `fixed/${fixed}`, ensure: async () => fixed, known: () => fixed };
  const shared = {
    currency: order.currency,
    ...(market?.subsidiaryId ? { subsidiaryId: market.subsidiaryId } : {}),
  };
  const externalId = perBuyer
    ? `XD-${order.channel.toUpperCase()}-B-${createHash('sha256').update(order.buyer!.email!.toLowerCase()).digest('hex').slice(0, 24)}`
    : `XD-${order.channel.toUpperCase()}-${flow.channelConnectionId}-${market?.code ?? order.marketplace.id}`;
  const key = `${flow.id}/${externalId}`;
  return {
    key,
    known: () => customerIds.get(key),
    async ensure() {
      const known = customerIds.get(key);
      if (known !== undefined) return known;
      const [firstName = '', ...rest] = (order.buyer?.name ?? order.shipTo?.name ?? '').split(' ');
      const id = await flow.erp.documents.ensureCustomer(
        perBuyer
          ? {
              externalId,
              name: `${order.buyer?.name ?? 'Amazon buyer'} ${externalId.slice(-8)}`,
              ...shared,
              email: order.buyer!.email!,
              person: { firstName: firstName || 'Amazon', lastName: rest.join(' ') || 'Buyer' },
            }
          : { externalId, name: `${order.marketplace.name} ${flow.channelConnectionId}`, ...shared },
      );
      customerIds.set(key, id);
      return id;
    },
  };
}

async function createOrAdopt(
  flow: OpenFlow<OrdersSettings>,
  of: RecordWithDocument,
  order: Order,
  found: FoundDocument | undefined,
  contextOf: (order: Order) => Promise<OrderContext>,
): Promise<Delivered> {
  const externalId = externalIdOf(order);
  if (found) return adopt(of, order, found, externalId);
  // A lost answer: the query index may lag behind, the record itself does not (netsuite.md §1.3).
  if (of.record.from === 'verifying') {
    const passage = gateOrder(order, flow.settings, false);
    for (const kind of ['sales-order', 'cash-sale', 'invoice'] as const) {
      const fresh = await flow.erp.documents.findFresh(kind, externalId);
      if (fresh) return adopt(of, order, fresh, externalId);
    }
    if (passage.kind === 'skip') return { state: 'skipped', reason: passage.reason };
  }
  const mapped = orderToDocument(order, await contextOf(order));
  const created = await flow.erp.documents.create(mapped.draft);
  return {
    state: 'done',
    reason: created.adopted
      ? 'Found in the ERP under its external id and adopted.'
      : ['Created.', ...mapped.remarks].join(' '),
    externalId,
    remote: { kind: mapped.draft.kind, id: created.id },
    applied: appliedOf(order, { units: unitsOf(mapped.draft.lines, order), sum: mapped.arithmetic.sum }),
    ...wishTask(order, []),
  };
}

/** A document that is there already is taken over, never doubled; a total that differs is told to a person. */
function adopt(of: RecordWithDocument, order: Order, found: FoundDocument, externalId: string): Delivered {
  const taxOnTop = total(
    order.lines.filter((line) => !line.taxIncluded && line.taxRemittedByMarketplace).map((line) => line.tax),
    order.currency,
  );
  const plausible =
    order.total === undefined || found.total === undefined
      ? undefined
      : [order.total.minor, order.total.minor - taxOnTop.minor];
  const differs =
    plausible !== undefined && found.total !== undefined && !plausible.includes(found.total.minor);
  return {
    state: 'done',
    reason:
      found.matchedBy === 'external-id'
        ? 'Already in the ERP under its external id; adopted.'
        : `Already in the ERP as ${found.number}, made by another tool or person; adopted, not doubled.`,
    externalId: found.externalId ?? externalId,
    remote: { kind: found.kind, id: found.id, number: found.number },
    applied: { ...appliedOf(order, {}), adopted: found.matchedBy },
    labels: found.matchedBy === 'external-id' ? [] : ['adopted'],
    ...(differs
      ? {
          task: new RecordError(
            'ADOPTED_TOTAL_DIFFERS',
            `Order ${of.record.key} was found in the ERP as ${found.number} with ${formatMoney(found.total!)} ${order.currency}; the marketplace says ${formatMoney(order.total!)}.`,
            {
              nextSteps: [
                'Compare the two documents and correct the one in the ERP, then resolve this task.',
              ],
              facts: { order: of.record.key, number: found.number },
            },
          ),
        }
      : wishTask(order, [])),
  };
}

async function followChanges(
  flow: OpenFlow<OrdersSettings>,
  of: RecordWithDocument,
  order: Order,
): Promise<Delivered> {
  const before = of.record.applied['written'] as WrittenOrder | undefined;
  const changes = before && changesOf(before, order, hashOf(addressText(order.shipTo)));
  const applied = {
    written: {
      ...rememberedOf(order),
      ...(before?.address && !order.shipTo?.line1 ? { address: before.address } : {}),
    },
  };
  if (before === undefined || changes === undefined)
    return { state: 'done', reason: 'Nothing that concerns the ERP has changed.', applied };
  return applyChanges(flow, of, order, { changes, applied });
}

export function hashOf(text: string): string {
  return text === '' ? '' : createHash('sha256').update(text).digest('base64url').slice(0, 22);
}

function rememberedOf(order: Order): WrittenOrder {
  const written = writtenOrder(order);
  return { ...written, address: order.shipTo?.line1 ? hashOf(written.address) : '' };
}

function appliedOf(order: Order, extra: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return { written: rememberedOf(order), ...extra };
}

/** How many stock units one ordered unit of each line became (aliases with multiplier); shipments divide by it. */
function unitsOf(lines: readonly DocumentLine[], order: Order): Record<string, number> {
  const units: Record<string, number> = {};
  for (const line of order.lines) {
    const written = lines.find((candidate) => candidate.role === 'item' && candidate.key === line.id);
    if (written && line.quantity > 0 && written.quantity !== line.quantity)
      units[line.id] = written.quantity / line.quantity;
  }
  return units;
}

/** A buyer's wish to cancel is the seller's decision: a task, not an action (features.md §4.4, #54). */
export function wishTask(order: Order, before: readonly string[]): { readonly task?: RecordError } {
  const wishes = order.lines.filter(
    (line) => line.cancellationRequested && !line.cancelled && !before.includes(line.id),
  );
  if (wishes.length === 0 || order.status === 'cancelled') return {};
  return {
    task: new RecordError(
      'CANCELLATION_REQUESTED',
      `The buyer of order ${order.id} asks to cancel ${wishes.length === order.lines.length ? 'it' : `${wishes.length} of its lines`}.`,
      {
        nextSteps: [
          'Stop the parcel and cancel the order in the ERP; Crossdock then tells the marketplace.',
          'Or ship it and resolve this task.',
        ],
        facts: {
          order: order.id,
          lines: wishes.map((line) => line.sku),
          reason: wishes[0]?.cancellationRequested?.reason ?? '',
        },
      },
    ),
  };
}
