// What must the owner decide about returned goods? Where they are received; money is never posted from here.
import { z } from 'zod';

export const returnsSettings = z.strictObject({
  startAt: z.iso
    .datetime({ offset: true })
    .describe('Units that came back before this moment are left alone.'),
  externalIdPrefix: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,24}$/)
    .default('AMZ')
    .describe('Beginning of every external id; never change it after the first return.'),
  locations: z
    .record(
      z.string(),
      z.strictObject({
        sellable: z.string().describe('Location that receives units fit for sale.'),
        damaged: z
          .string()
          .optional()
          .describe('Location that receives the others; empty: they are received and not restocked.'),
      }),
    )
    .describe('Where units are received, by marketplace id (or * for all).'),
  waitHours: z
    .number()
    .min(0)
    .max(720)
    .default(72)
    .describe('How long after its arrival a unit is booked: Amazon may still change what it says of it.'),
  orderPatienceHours: z
    .number()
    .min(1)
    .max(720)
    .default(48)
    .describe('How long a return waits for its order to come into the books.'),
  everySeconds: z.number().int().min(60).max(86_400).default(14_400).describe('How often returns are read.'),
});
export type ReturnsSettings = z.output<typeof returnsSettings>;
