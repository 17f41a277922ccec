// What must the owner decide about shipments? Nothing without a safe default.
import { z } from 'zod';

export const shipmentsSettings = z.strictObject({
  everySeconds: z
    .number()
    .int()
    .min(30)
    .max(3_600)
    .default(120)
    .describe('How often shipped fulfilments are looked for.'),
  startAt: z.iso
    .datetime({ offset: true })
    .describe('Fulfilments shipped before this moment are never told to the marketplace.'),
  noTrackingWaitHours: z
    .number()
    .min(0)
    .max(168)
    .default(24)
    .describe('How long a fulfilment without tracking number waits before a person is told.'),
  unmappedCarrier: z
    .enum(['other', 'park'])
    .default('other')
    .describe('A ship method without a carrier: send as “Other” with a warning, or hold.'),
  unknownContents: z
    .enum(['spread', 'park'])
    .default('spread')
    .describe(
      'Several packages that do not say what each holds (package description “SKU x 2”): spread the units over them, or hold.',
    ),
  lateRiskHours: z
    .number()
    .min(0)
    .max(168)
    .default(12)
    .describe('Warn this long before an order must ship; 0 switches the warning off.'),
  proofAfterMinutes: z
    .number()
    .int()
    .min(1)
    .max(1_440)
    .default(3)
    .describe('A confirmation is proved by reading the order back after this long.'),
});

export type ShipmentsSettings = z.infer<typeof shipmentsSettings>;
