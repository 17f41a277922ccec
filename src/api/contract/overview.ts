// How does today compare with a usual day, and what needs a person?
import { z } from 'zod';
import { facts, moment, number, pageOf, plainProblem } from './common.ts';
import { quota } from './house.ts';
import { recordState } from './records.ts';

const count = z.number().int();
const usual = z.number().nullable().describe('On average; null while there is nothing to compare with.');
const times = z.object({
  n: count,
  median: z.number().nullable().describe('Milliseconds.'),
  p95: z.number().nullable().describe('Milliseconds.'),
});

export const overview = z.object({
  now: moment,
  timeZone: z.string(),
  dayStart: moment.describe('Midnight in the time zone that was asked for.'),
  states: z.array(z.object({ flowId: z.string(), kind: z.string(), state: recordState, n: z.number() })),
  doneToday: count.describe('Orders that the ERP confirmed since midnight.'),
  hours: z
    .array(z.object({ hour: count, marketplace: z.string().nullable(), today: count, usual }))
    .describe('Orders by hour of the day and channel, today and on the same weekday of the weeks before.'),
  comparedWeeks: count.describe('Of how many weeks the usual day is the average.'),
  orders: z.object({ today: count, usualByNow: usual, usualDay: usual }),
  latency: z
    .object({ today: times, lastWeek: times })
    .describe('From the marketplace’s last word on an order to the ERP’s confirmation.'),
  atRisk: z.object({
    overdue: count.describe('Should have been shipped already.'),
    soon: count.describe('To be shipped within 24 hours, or overdue.'),
    unbooked: count.describe('Of those, not yet in the ERP.'),
  }),
  causes: z.array(
    z.object({
      id: number,
      kind: z.enum(['error', 'task']),
      code: z.string(),
      message: z.string(),
      facts,
      lastSeenAt: moment,
      n: count.describe('Records that wait for it.'),
    }),
  ),
  connections: z.array(
    z.object({
      id: z.string(),
      side: z.enum(['channel', 'erp']),
      connector: z.string(),
      title: z.string(),
      state: z.enum(['active', 'paused', 'broken']),
      stateReason: plainProblem.partial().nullable(),
      demo: z.boolean(),
      checkedAt: moment.nullable(),
      certificateExpiresAt: z.string().nullable(),
      warnings: z.array(z.string()),
    }),
  ),
  workers: z.object({ alive: count, seenAt: moment.nullable() }),
  quotas: z.array(quota),
});
export type Overview = z.infer<typeof overview>;

export const marketplace = z.object({
  id: z.string(),
  name: z.string(),
  currency: z.string(),
  channel: z.string(),
});
export type Marketplace = z.infer<typeof marketplace>;
export const marketplacePage = pageOf(marketplace);
