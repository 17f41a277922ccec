// An order changed after it was imported: what follows? Pure: order × what was written × what the ERP says → one decision.
import type { Address, Order } from '../../core/order.ts';
import type { DocumentLineState, DocumentStatus } from '../../erp/erp.ts';

/** What the record remembers of the order as it was written; compared with each newer version. */
export interface WrittenOrder {
  readonly status: string;
  readonly address: string;
  /** Quantity by order-item id. */
  readonly quantities: Readonly<Record<string, number>>;
  readonly cancelledLines: readonly string[];
  readonly wishes: readonly string[];
}

export function writtenOrder(order: Order): WrittenOrder {
  return {
    status: order.status,
    address: addressText(order.shipTo),
    quantities: Object.fromEntries(order.lines.map((line) => [line.id, line.quantity])),
    cancelledLines: order.lines.filter((line) => line.cancelled).map((line) => line.id),
    wishes: order.lines
      .filter((line) => line.cancellationRequested && !line.cancelled)
      .map((line) => line.id),
  };
}

/** Addresses are compared, not kept: the text is hashed by the caller before it is stored. */
export function addressText(address: Address | undefined): string {
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
}

/** What differs between the order as written and as it is now; undefined when nothing that concerns the ERP does. */
export function changesOf(before: WrittenOrder, order: Order, addressHash: string): Changes | undefined {
  // A report knows neither line ids nor addresses: only a cancellation of the whole order can be read from it.
  if (order.source === 'report')
    return order.status === 'cancelled' && before.status !== 'cancelled'
      ? { cancelled: true, cancelledLines: [], quantities: {}, address: false, newWishes: [] }
      : undefined;
  const now = writtenOrder(order);
  const shippable = order.status === 'unshipped' || order.status === 'partially-shipped';
  const missing = Object.keys(before.quantities).filter(
    (id) => !id.startsWith('report:') && !(id in now.quantities),
  );
  const comparable = !Object.keys(before.quantities).some((id) => id.startsWith('report:'));
  const changes: Changes = {
    cancelled: order.status === 'cancelled' && before.status !== 'cancelled',
    cancelledLines: [...now.cancelledLines, ...(comparable ? missing : [])].filter(
      (id) => !before.cancelledLines.includes(id),
    ),
    quantities: comparable
      ? Object.fromEntries(
          Object.entries(now.quantities).filter(
            ([id, quantity]) => id in before.quantities && before.quantities[id] !== quantity,
          ),
        )
      : {},
    // Marketplaces blank the address some time after shipping: only a present, different one is a change.
    address: shippable && now.address !== '' && before.address !== '' && addressHash !== before.address,
    newWishes: now.wishes.filter((id) => !before.wishes.includes(id)),
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
