// What arrives from NetSuite, as far as we need it? Tolerant of everything else.
import { z } from 'zod';
import { TransientError } from '../../core/errors.ts';
import type { DocumentKind, DocumentStatus } from '../erp.ts';

export function readAs<Value>(schema: z.ZodType<Value>, input: unknown, what: string): Value {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new TransientError(
    'ANSWER_UNREADABLE',
    `${what} is not as expected: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}.`,
  );
}

const ref = z.object({ id: z.coerce.string() }).nullish();
export const recordWithLines = z.object({
  id: z.coerce.string(),
  tranId: z.string().nullish(),
  externalId: z.string().nullish(),
  status: z.object({ id: z.string() }).nullish(),
  orderStatus: z.object({ id: z.string() }).nullish(),
  currency: z.object({ id: z.coerce.string(), refName: z.string().nullish() }).nullish(),
  total: z.union([z.number(), z.string()]).nullish(),
  item: z
    .object({
      items: z
        .array(
          z.looseObject({
            line: z.coerce.number(),
            item: ref,
            quantity: z.coerce.number().nullish(),
            quantityFulfilled: z.coerce.number().nullish(),
            isClosed: z.boolean().nullish(),
            amount: z.union([z.number(), z.string()]).nullish(),
          }),
        )
        .nullish(),
    })
    .nullish(),
});

/** SuiteQL types and REST record names of the documents we write. */
export const kinds: Readonly<Record<DocumentKind, { readonly type: string; readonly record: string }>> = {
  'sales-order': { type: 'SalesOrd', record: 'salesOrder' },
  'cash-sale': { type: 'CashSale', record: 'cashSale' },
  invoice: { type: 'CustInvc', record: 'invoice' },
};
export const kindOfType = (type: string | undefined): DocumentKind | undefined =>
  (Object.keys(kinds) as DocumentKind[]).find((kind) => kinds[kind].type === type);

const orderStatuses: Readonly<Record<string, DocumentStatus>> = {
  A: 'pending-approval',
  B: 'pending-fulfilment',
  C: 'cancelled',
  D: 'partially-fulfilled',
  E: 'pending-billing-partially-fulfilled',
  F: 'pending-billing',
  G: 'billed',
  H: 'closed',
};

/** Status letters differ by type (netsuite.md §2.2); REST may give the words instead. */
export function statusOf(kind: DocumentKind, status: string | undefined | null): DocumentStatus {
  const text = (status ?? '').trim();
  if (kind !== 'sales-order') return /^b|paid|deposited|c$/i.test(text) ? 'paid' : 'open';
  if (text.length === 1) return orderStatuses[text.toUpperCase()] ?? 'unknown';
  const words = text.replace(/[^a-z]/gi, '').toLowerCase();
  const byWords: Readonly<Record<string, DocumentStatus>> = {
    pendingapproval: 'pending-approval',
    pendingfulfillment: 'pending-fulfilment',
    cancelled: 'cancelled',
    partiallyfulfilled: 'partially-fulfilled',
    pendingbillingpartfulfilled: 'pending-billing-partially-fulfilled',
    pendingbillingpartiallyfulfilled: 'pending-billing-partially-fulfilled',
    pendingbilling: 'pending-billing',
    fullybilled: 'billed',
    billed: 'billed',
    closed: 'closed',
  };
  return byWords[words] ?? 'unknown';
}
