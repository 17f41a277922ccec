// Where is a sales order on its way from approval to billed? The letters A to H follow from its lines.
import type { Transaction } from '../transactions.ts';

export const isApproved = (order: Transaction): boolean => order.status !== 'A' && order.status !== 'C';

/** Works out the status of an approved order anew. */
export function orderStatus(order: Transaction): string {
  if (order.status === 'A' || order.status === 'C') return order.status;
  const lines = order.lines.filter((line) => line.itemType !== 'Discount' && line.kitMemberOf === undefined);
  const goods = lines.filter((line) => line.fulfillable);
  const active = lines.filter((line) => !line.closed || line.shipped > 0 || line.billed > 0);
  if (active.length === 0) return 'H';
  const shipped = goods.some((line) => line.shipped > 0);
  const allShipped = goods.every((line) => line.closed || line.shipped >= line.quantity);
  const owed = (line: (typeof lines)[number]) =>
    line.closed ? (line.fulfillable ? line.shipped : line.billed) : line.quantity;
  const allBilled = active.every((line) => line.billed >= owed(line));
  if (allShipped && allBilled) return order.lines.every((line) => line.closed) && !shipped ? 'H' : 'G';
  if (goods.length > 0 && goods.every((line) => line.closed) && !shipped) return 'H';
  // An order without goods waits for its bill from the start.
  if (allShipped) return 'F';
  if (!shipped) return 'B';
  return goods.some((line) => line.shipped > line.billed) ? 'E' : 'D';
}
