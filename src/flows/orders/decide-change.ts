// An order changed after it was imported: what follows? Pure: order × what was written × what the ERP says → one decision.
import { createHash } from 'node:crypto';
import type { Address, Order } from '../../core/order.ts';
import type { DocumentLineState, DocumentStatus } from '../../erp/erp.ts';

/** What the record remembers of the order as it was written; compared with each newer version. */
export interface WrittenOrder {
  readonly status: string;
  /** A hash of the delivery address, empty while it had no street: addresses are compared, not kept. */
  readonly address: string;
  /** Quantity by order-item id. */
  readonly quantities: Readonly<Record<string, number>>;
  readonly cancelledLines: readonly string[];
  readonly wishes: readonly string[];
  /** Set while the order is known from a report only: SKU by line, since a report has no order-item ids. */
  readonly reported?: Readonly<Record<string, string>>;
}

/** What to remember of this version; an address that the marketplace has blanked since is still the one written. */
export function remember(order: Order, before?: WrittenOrder): WrittenOrder {
  if (order.source === 'report' && before !== undefined && reportedLines(before) === undefined)
    return { ...before, status: order.status };
  return {
    status: order.status,
    address: order.shipTo?.line1 ? hashOf(addressText(order.shipTo)) : (before?.address ?? ''),
    quantities: Object.fromEntries(order.lines.map((line) => [line.id, line.quantity])),
    cancelledLines: order.lines.filter((line) => line.cancelled).map((line) => line.id),
    wishes: order.lines
      .filter((line) => line.cancellationRequested && !line.cancelled)
      .map((line) => line.id),
    ...(order.source === 'report'
      ? { reported: Object.fromEntries(order.lines.map((line) => [line.id, line.sku])) }
      : {}),
  };
}

/** SKUs by report line, while the order is known from a report only. */
export function reportedLines(before: WrittenOrder): Readonly<Record<string, string>> | undefined {
  if (before.reported !== undefined) return before.reported;
  return Object.keys(before.quantities).some((id) => id.startsWith('report:')) ? {} : undefined;
}

export function hashOf(text: string): string {
  return text === '' ? '' : createHash('sha256').update(text).digest('base64url').slice(0, 22);
}

function addressText(address: Address | undefined): string {
  if (address === undefined) return '';
  const { name, company, line1, line2, line3, city, state, postalCode, country } = address;
  return [name, company, line1, line2, line3, city, state, postalCode, country]
    .map((part) => (part ?? '').trim())
    .join('|');
}

export interface Changes {
  readonly cancelled: boolean;
  readonly cancelledLines: readonly string[];
  readonly quantities: Readonly<Record<string, number>>;
  readonly address: boolean;
  readonly newWishes: readonly string[];
  /** The order was known from a report; now its order-item ids, address and tax are known too. */
  readonly completed: boolean;
}

/** What differs between the order as written and as it is now; undefined when nothing that concerns the ERP does. */
export function changesOf(before: WrittenOrder, order: Order): Changes | undefined {
  const cancelled = order.status === 'cancelled' && before.status !== 'cancelled';
  const nothing = { cancelledLines: [], quantities: {}, address: false, newWishes: [], completed: false };
  // A report knows neither line ids nor addresses: only a cancellation of the whole order can be read from it.
  if (order.source === 'report') return cancelled ? { ...nothing, cancelled } : undefined;
  const now = remember(order);
  const shippable = order.status === 'unshipped' || order.status === 'partially-shipped';
  const address = shippable && now.address !== '' && now.address !== before.address;
  const newWishes = now.wishes.filter((id) => !before.wishes.includes(id));
  if (reportedLines(before) !== undefined)
    return { ...nothing, cancelled, address, newWishes, completed: !cancelled };
  const missing = Object.keys(before.quantities).filter((id) => !(id in now.quantities));
  const changes: Changes = {
    cancelled,
    cancelledLines: [...now.cancelledLines, ...missing].filter((id) => !before.cancelledLines.includes(id)),
    quantities: Object.fromEntries(
      Object.entries(now.quantities).filter(
        ([id, quantity]) => id in before.quantities && before.quantities[id] !== quantity,
      ),
    ),
    address,
    newWishes,
    completed: false,
  };
  const something =
    changes.cancelled ||
    changes.address ||
    changes.newWishes.length > 0 ||
    changes.cancelledLines.length > 0 ||
    Object.keys(changes.quantities).length > 0;
  return something ? changes : undefined;
}

export type CancellationStep = 'nothing-to-do' | 'tick-flag' | 'close-lines' | 'too-late';

/** The four-way rule of features.md §4.4: what a cancellation at the marketplace does to the document. */
export function decideCancellation(
  status: DocumentStatus | undefined,
  lines: readonly DocumentLineState[],
): CancellationStep {
  switch (status) {
    case undefined:
      return 'nothing-to-do';
    case 'closed':
    case 'cancelled':
      return 'tick-flag';
    case 'pending-approval':
    case 'pending-fulfilment':
      return lines.some((line) => line.quantityFulfilled > 0) ? 'too-late' : 'close-lines';
    case 'partially-fulfilled':
    case 'pending-billing':
    case 'pending-billing-partially-fulfilled':
    case 'billed':
    case 'open':
    case 'paid':
    case 'unknown':
      return 'too-late';
  }
}

/** Whether the ERP still allows a change of address or quantity: nothing fulfilled, nothing closed. */
export function mayAmend(status: DocumentStatus, lines: readonly DocumentLineState[]): boolean {
  return (
    (status === 'pending-approval' || status === 'pending-fulfilment') &&
    lines.every((line) => line.quantityFulfilled === 0)
  );
}
