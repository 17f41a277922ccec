// Does the buyer ask to cancel? Then the seller must decide: a task, not an action (features.md §4.4, #54). Pure.
import { RecordError } from '../../core/errors.ts';
import type { Order } from '../../core/order.ts';

/** The task for wishes that are new; `before` are lines whose wish is known already. */
export function cancellationWish(order: Order, before: readonly string[]): RecordError | undefined {
  const wishes = order.lines.filter(
    (line) => line.cancellationRequested && !line.cancelled && !before.includes(line.id),
  );
  if (wishes.length === 0 || order.status === 'cancelled') return undefined;
  return new RecordError(
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
  );
}
