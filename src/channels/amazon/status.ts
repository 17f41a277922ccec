// What do Amazon's order statuses mean in ours, and what counts as absent? For all three shapes an order comes in.
import type { OrderStatus } from '../../core/order.ts';

type Given<Values> = { [Name in keyof Values]?: NonNullable<Values[Name]> };

/** Only the values that are there: absent and null are the same to us. */
export function given<Values extends Record<string, string | null | undefined>>(
  values: Values,
): Given<Values> {
  return Object.fromEntries(
    Object.entries(values).filter(([, value]) => value !== null && value !== undefined && value !== ''),
  ) as Given<Values>;
}

const statuses: Readonly<Record<string, OrderStatus>> = {
  PENDING_AVAILABILITY: 'pending-availability',
  PENDING: 'pending',
  UNSHIPPED: 'unshipped',
  PARTIALLY_SHIPPED: 'partially-shipped',
  SHIPPED: 'shipped',
  CANCELLED: 'cancelled',
  CANCELED: 'cancelled',
  UNFULFILLABLE: 'unfulfillable',
  // Brazil: to be shipped once the seller's invoice is confirmed; the document is needed for that invoice.
  INVOICE_UNCONFIRMED: 'unshipped',
};

/** A status that Amazon adds some day is treated as pending: nothing is written until it is understood. */
export const statusOf = (status: string | undefined): OrderStatus => statuses[status ?? ''] ?? 'pending';
