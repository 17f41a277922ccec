// What must the owner decide about settlements? How they are booked (ledger/settings.ts), from when on, and how often Amazon is asked.
import { z } from 'zod';
import { bookSettings } from '../../ledger/settings.ts';

export const settlementsSettings = bookSettings.extend({
  postFrom: z.iso
    .datetime({ offset: true })
    .optional()
    .describe('Settlements that end before this moment are kept and shown, never booked.'),
  discoverEverySeconds: z
    .number()
    .int()
    .min(60)
    .max(86_400)
    .default(14_400)
    .describe('How often the list of settlement reports is read.'),
  ordersWaitMinutes: z
    .number()
    .int()
    .min(1)
    .max(2_880)
    .default(120)
    .describe('How long a settlement waits for orders that had to be fetched first.'),
  subsidiaryOfCurrency: z
    .record(z.string().regex(/^[A-Z]{3}$/), z.string())
    .default({})
    .describe('OneWorld: subsidiary per settlement currency, where marketplaces belong to several.'),
  accrual: z
    .enum(['off', 'month-end'])
    .default('off')
    .describe(
      'Month-end journal of what Amazon has earned and deferred, reversed the next day. For model “summary”; invoices accrue by themselves.',
    ),
});
export type SettlementsSettings = z.output<typeof settlementsSettings>;

/** The subsidiary of a settlement, which has one currency. */
export const subsidiaryOf = (
  settings: SettlementsSettings,
  currency: string,
): { readonly subsidiaryId?: string } => {
  const id = settings.subsidiaryOfCurrency[currency] ?? settings.subsidiaryId;
  return id === undefined ? {} : { subsidiaryId: id };
};
