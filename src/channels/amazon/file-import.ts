// Which orders does a file or a pasted text hold? One order, a list, or the answer of an API call around them.
import { RecordError } from '../../core/errors.ts';
import type { OrderDocument } from '../channel.ts';
import { toOrder } from './to-order.ts';

/** Accepts Orders 2026-01-01 and v0 documents, searchOrders and getOrder answers, and sandbox files around them. */
export function fromFile(text: string): readonly OrderDocument[] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (cause) {
    throw new RecordError(
      'FILE_UNREADABLE',
      `The file is not JSON: ${cause instanceof Error ? cause.message : String(cause)}.`,
      {
        nextSteps: ['Give an order document as Amazon’s Orders API returns it (JSON).'],
      },
    );
  }
  const documents = joinHalves(unwrap(parsed));
  if (documents.length === 0)
    throw new RecordError('FILE_WITHOUT_ORDERS', 'The file holds no order document.', {
      nextSteps: ['Give one order, a list of orders, or the answer of searchOrders or getOrder.'],
    });
  return documents.map((raw) => {
    const order = raw as {
      orderId?: string;
      lastUpdatedTime?: string;
      AmazonOrderId?: string;
      LastUpdateDate?: string;
    };
    const key = order.orderId ?? order.AmazonOrderId ?? '';
    const updated = order.lastUpdatedTime ?? order.LastUpdateDate;
    if (updated === undefined || Number.isNaN(Date.parse(updated))) toOrder(raw);
    return { key, updatedAt: new Date(updated ?? Number.NaN), raw };
  });
}

function unwrap(value: unknown): unknown[] {
  if (Array.isArray(value)) return value.flatMap(unwrap);
  if (typeof value !== 'object' || value === null) return [];
  const holder = value as Record<string, unknown>;
  if ('orderId' in holder || 'AmazonOrderId' in holder) return [holder];
  for (const name of ['response', 'payload', 'order', 'orders', 'Orders'])
    if (name in holder) return unwrap(holder[name]);
  return [];
}

/** The old API gives an order and its items in two answers: halves with the same id are joined. */
function joinHalves(documents: readonly unknown[]): readonly unknown[] {
  const joined = new Map<string, unknown>();
  const others: unknown[] = [];
  for (const document of documents) {
    const id = (document as { AmazonOrderId?: string }).AmazonOrderId;
    if (id === undefined) others.push(document);
    else joined.set(id, { ...(joined.get(id) as object | undefined), ...(document as object) });
  }
  return [...others, ...joined.values()];
}
