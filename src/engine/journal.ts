// What may a flow remember? The engine's stores behind one small surface, each call one transaction.
import { setImmediate } from 'node:timers/promises';
import { keepDocuments, readDocuments } from '../archive/store.ts';
import type { OrderSource } from '../channels/channel.ts';
import type { Clock } from '../core/clock.ts';
import { asSyncError } from '../core/errors.ts';
import type { Order } from '../core/order.ts';
import { type Db, inTransaction } from '../db/pool.ts';
import type { Journal, KnownOrder, TakenPage } from '../flows/flow.ts';
import { noteProblem, restateProblem } from '../problems/store.ts';
import { type OpenLine, reserve } from '../stock/levels/store.ts';
import type { Vault } from '../vault/vault.ts';
import { JustTaken } from './just-taken.ts';
import * as records from './records/store.ts';
import { noteIntent, queueRecords, type RecordIn } from './store.ts';
import {
  dropAnsweredFetches,
  dropCursor,
  dropFetch,
  moveCursor,
  readCursor,
  wantOrders,
  wantOrdersOfShop,
} from './tasks/store.ts';

export interface JournalParts {
  readonly db: Db;
  readonly vault: Vault;
  readonly clock: Clock;
  readonly flowId: string;
  readonly channelConnectionId: string;
  readonly source: OrderSource | undefined;
  /** Wakes the worker when something was queued. */
  readonly wake: () => void;
}

const dayMs = 24 * 60 * 60_000;
/** Documents understood in one go. */
const atOnce = 20;
/** Amazon allows a buyer's data for 30 days after delivery (spapi.md §6); an order without a date gets ten days to arrive. */
const personalDaysAfterDelivery = 30;
const transitDays = 10;

export function makeJournal(parts: JournalParts): Journal {
  const { db, flowId, channelConnectionId, clock } = parts;
  const justTaken = new JustTaken();
  return {
    cursor: (name) => readCursor(db, flowId, name),
    moveCursor: (name, value) => moveCursor(db, flowId, name, value, clock.now()),
    dropCursor: (name) => dropCursor(db, flowId, name),
    take: (page) => take(parts, page, justTaken),
    justTaken: (documentId) => justTaken.take(documentId),
    async wantOrders(keys, reason, since, wished) {
      const priority = wished ?? (reason === 'hint' || reason === 'asked' ? 0 : 1);
      await wantOrders(
        db,
        flowId,
        keys.map((key) => ({ key, reason, priority, wantedSince: since })),
        clock.now(),
      );
      parts.wake();
    },
    async wantOrdersOfShop(keys) {
      if (keys.length === 0) return;
      await wantOrdersOfShop(db, channelConnectionId, keys, clock.now());
      parts.wake();
    },
    noteIntent: (record, intent) => noteIntent(db, record, intent),
    orders: (orderIds) => knownOrders(parts, orderIds),
    doneSince: (since, afterId, limit) => records.doneSince(db, flowId, since, afterId, limit),
    async reportTask(_recordId, key, error) {
      await noteProblem(
        db,
        { flowId, connectionId: channelConnectionId, kind: 'task', subject: key },
        asSyncError(error),
        clock.now(),
      );
    },
    behind: (documents) => records.behind(db, flowId, documents),
    dueToShip: (before) => records.dueToShip(db, channelConnectionId, before),
    standing: (code, error) =>
      restateProblem(
        db,
        { flowId, connectionId: channelConnectionId, kind: 'task', subject: code },
        code,
        error === undefined ? undefined : asSyncError(error),
        clock.now(),
      ),
    packageReference: (channelOrderId, packageKey) =>
      records.packageReference(db, channelConnectionId, channelOrderId, packageKey),
  };
}

async function take(parts: JournalParts, page: TakenPage, justTaken: JustTaken): Promise<number> {
  const { db, vault, clock, flowId } = parts;
  const now = clock.now();
  // The same order may stand twice on a page that moved while it was read: the newest version counts.
  const newest = new Map<string, TakenPage['documents'][number]>();
  for (const document of page.documents) {
    const other = newest.get(document.key);
    if (!other || other.updatedAt.getTime() <= document.updatedAt.getTime())
      newest.set(document.key, document);
  }
  const documents = [...newest.values()];
  const prepared: ReturnType<typeof prepare>[] = [];
  for (const [index, document] of documents.entries()) {
    // Calls under way are answered in between: a whole page at once would let them wait.
    if (index % atOnce === atOnce - 1) await setImmediate();
    prepared.push(prepare(parts, page, document));
  }
  let ids: readonly bigint[] = [];
  const taken = await inTransaction(db, async (tx) => {
    const stored = await keepDocuments(tx, vault, {
      connectionId: parts.channelConnectionId,
      kind: page.kind,
      via: page.via,
      now,
      personalExpiresAt: new Date(now.getTime() + (personalDaysAfterDelivery + transitDays) * dayMs),
      documents: prepared.map(({ document }) => document),
    });
    ids = stored.map(({ id }) => id);
    const rows: RecordIn[] = prepared.map(({ facts }, index) => ({ ...facts, documentId: ids[index]! }));
    const count = await queueRecords(tx, flowId, rows, page.via, now);
    if (page.kind === 'order')
      await reserve(
        tx,
        flowId,
        prepared.map(({ facts, order }) => ({ key: facts.key, ...stockEffectOf(order, now) })),
        now,
      );
    if (page.via === 'report') {
      const needy = prepared.filter(({ needsAddress }) => needsAddress).map(({ facts }) => facts.key);
      await wantOrders(
        tx,
        flowId,
        needy.map((key) => ({ key, reason: 'address' as const, priority: 1 as const, wantedSince: now })),
        now,
      );
    }
    if (page.answers !== undefined) await dropFetch(tx, flowId, page.answers);
    if (page.kind === 'order' && page.documents.length > 0) await dropAnsweredFetches(tx, flowId);
    if (page.cursor) await moveCursor(tx, flowId, page.cursor.name, page.cursor.value, now);
    return count;
  });
  if (taken === 0) return taken;
  for (const [index, { order }] of prepared.entries())
    if (order) justTaken.put(ids[index]!, { via: page.via, order });
  parts.wake();
  return taken;
}

function prepare(parts: JournalParts, page: TakenPage, document: TakenPage['documents'][number]) {
  if (page.kind !== 'order' || !parts.source)
    return {
      document: { key: document.key, version: document.updatedAt, kept: document.raw, personal: undefined },
      facts: {
        key: document.key,
        version: document.updatedAt,
        priority: page.priority,
        ...document.facts,
      },
      order: undefined,
      needsAddress: false,
    };
  const { kept, personal } = parts.source.splitPersonal(document.raw);
  const order = understood(parts.source, document.raw);
  return {
    document: { key: document.key, version: document.updatedAt, kept, personal },
    facts: {
      key: document.key,
      version: document.updatedAt,
      priority: page.priority,
      lesser: page.via === 'report',
      ...(order ? factsOf(order) : {}),
    },
    order,
    needsAddress:
      order !== undefined &&
      page.via === 'report' &&
      order.fulfilledBy === 'merchant' &&
      (order.status === 'unshipped' || order.status === 'partially-shipped'),
  };
}

/** Cancellations older than this were told again already. */
const freshCancellationMs = 3_600_000;

/** What an order still takes from the seller's own shelves; pending ones count, since the buyer has them already. */
function stockEffectOf(
  order: Order | undefined,
  now: Date,
): { readonly lines: readonly OpenLine[]; readonly cancelledSkus: readonly string[] } {
  if (order?.fulfilledBy !== 'merchant') return { lines: [], cancelledSkus: [] };
  const open = ['pending', 'unshipped', 'partially-shipped'].includes(order.status);
  const fresh = now.getTime() - order.updatedAt.getTime() < freshCancellationMs;
  return {
    lines: order.lines
      .filter((line) => open && !line.cancelled && line.quantity - line.quantityShipped > 0)
      .map((line) => ({ lineId: line.id, sku: line.sku, quantity: line.quantity - line.quantityShipped })),
    cancelledSkus: order.lines
      .filter((line) => fresh && (order.status === 'cancelled' || line.cancelled))
      .map((line) => line.sku),
  };
}

/** A document that cannot be understood is stored all the same; its delivery parks it and says why. */
function understood(source: OrderSource, raw: unknown): Order | undefined {
  try {
    return source.toOrder(raw);
  } catch {
    return undefined;
  }
}

/** What lists show of an order, and labels that filters use. */
function factsOf(order: Order): Omit<RecordIn, 'key' | 'version' | 'documentId' | 'priority'> {
  const labels = [
    ...(order.business ? ['business'] : []),
    ...(order.sellerFulfilledPrime ? ['seller-fulfilled-prime'] : []),
    ...(order.replaces ? ['replacement'] : []),
    ...(order.lines.some((line) => line.cancellationRequested && !line.cancelled)
      ? ['cancellation-requested']
      : []),
    ...(order.lines.some((line) => line.giftWrapLevel || line.giftMessage) ? ['gift'] : []),
  ];
  const toShip =
    order.fulfilledBy === 'merchant' &&
    !order.sellerFulfilledPrime &&
    (order.status === 'unshipped' || order.status === 'partially-shipped');
  return {
    currency: order.currency,
    totalMinor: order.total?.minor ?? null,
    marketplace: order.marketplace.id,
    orderStatus: order.status,
    fulfilledBy: order.fulfilledBy,
    placedAt: order.placedAt,
    shipByAt: toShip ? (order.shipBy?.latest ?? null) : null,
    labels,
  };
}

async function knownOrders(
  parts: JournalParts,
  orderIds: readonly string[],
): Promise<ReadonlyMap<string, KnownOrder>> {
  const { db, vault, source } = parts;
  if (!source) return new Map();
  const rows = await records.ordersByKey(db, parts.channelConnectionId, orderIds);
  const documents = await readDocuments(
    db,
    vault,
    rows.map((row) => row.documentId),
  );
  const known = new Map<string, KnownOrder>();
  for (const row of rows) {
    const document = documents.get(row.documentId);
    if (!document) continue;
    const order = understood(source, source.joinPersonal(document.kept, document.personal));
    if (order)
      known.set(row.key, {
        recordId: row.id,
        state: row.state,
        remoteId: row.remoteId,
        applied: row.applied,
        order,
        updatedAt: document.version,
      });
  }
  return known;
}
