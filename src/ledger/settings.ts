// What does the owner decide about booking settlements? One set per pair of seller account and books. plan.ts obeys it.
import { z } from 'zod';
import { type AccountRole, accountRoles } from './classes.ts';

const role = z.enum(Object.keys(accountRoles) as [AccountRole, ...AccountRole[]]);
const id = z.string().min(1).max(40);

/** Items that lines of credit memos and fee documents are booked with; each carries its own account in the books. */
export const itemRoles = {
  refund: 'Refund of the item price (account: returns)',
  'refund-shipping': 'Refund of shipping and gift wrap',
  'refund-other': 'Goodwill, restocking fee and the like',
  'refund-discount': 'Promotion taken back (account: discounts)',
  'refund-tax': 'Tax part of a refund that the seller owes',
  chargeback: 'Chargeback or A-to-z claim',
} as const;
/** @public */
export type ItemRole = keyof typeof itemRoles;

export const bookSettings = z.strictObject({
  model: z
    .enum(['orders', 'fees-on-orders', 'summary'])
    .default('orders')
    .describe(
      'orders: payments, credit memos and refunds per order, fees by journal. fees-on-orders: fees as lines on the order. summary: one journal per month.',
    ),
  externalIdPrefix: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,24}$/)
    .default('AMZ')
    .describe('Beginning of every external id; never change it after the first posting.'),
  timeZone: z
    .string()
    .refine((name) => isZone(name), 'Expected a time zone such as America/Los_Angeles.')
    .describe('The seller’s accounting time zone: it decides on which day and in which month a row falls.'),
  accounts: z
    .record(z.string(), z.partialRecord(role, id))
    .describe('Per marketplace (or * for all): which account of the books each kind goes to.'),
  bankAccounts: z
    .record(z.string().regex(/^[A-Z]{3}$/), id)
    .default({})
    .describe('Bank account per settlement currency, where it differs from the general one.'),
  items: z
    .record(z.string(), id)
    .default({})
    .describe('Items for refund lines, and for fee lines by kind of account.'),
  settlementCustomerId: id
    .optional()
    .describe('Customer for amounts that belong to no order (fees-on-orders).'),
  subsidiaryId: id.optional(),
  departmentId: id.optional(),
  classId: id.optional(),
  locationId: id.optional(),
  paymentMethodId: id.optional(),
  splitMonths: z.boolean().default(true).describe('A settlement over two months gives two journals.'),
  undeposited: z
    .boolean()
    .default(false)
    .describe('Customer payments go to undeposited funds and are gathered by the deposit.'),
  unknown: z
    .enum(['stop', 'suspense'])
    .default('stop')
    .describe('What happens with words nobody has mapped.'),
  missingOriginal: z
    .enum(['suspend', 'suspense'])
    .default('suspend')
    .describe('Orders that are not in the books even after fetching: wait, or post to suspense.'),
  refundsFrom: z
    .enum(['settlements', 'finances'])
    .default('settlements')
    .describe('When a refund’s money is booked: with the settlement, or as soon as Amazon reports it.'),
  approvalAbove: z
    .string()
    .regex(/^\d+(\.\d{1,3})?$/)
    .optional()
    .describe('Postings above this amount wait for a person’s approval.'),
  journalLinesMax: z.number().int().min(3).max(1000).default(900),
  marketplaceOfCurrency: z
    .record(z.string().regex(/^[A-Z]{3}$/), z.string())
    .default({})
    .describe('Marketplace for rows that name none, by currency.'),
});
export type BookSettings = z.output<typeof bookSettings>;

function isZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/** The account for a kind, at a marketplace before everywhere; undefined when the owner has not chosen one. */
export function accountFor(
  settings: BookSettings,
  kind: AccountRole,
  marketplace: string,
  currency: string,
): string | undefined {
  if (kind === 'bank' && settings.bankAccounts[currency] !== undefined)
    return settings.bankAccounts[currency];
  const own = Object.entries(settings.accounts).find(
    ([name]) => name.toLowerCase() === marketplace.toLowerCase(),
  )?.[1];
  return own?.[kind] ?? settings.accounts['*']?.[kind];
}
