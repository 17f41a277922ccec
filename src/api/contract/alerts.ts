// Who is told what, by which server, and what became of each message?
import { z } from 'zod';
import { moment, number } from './common.ts';
import { causeClass } from './problems.ts';

const minute = z.number().int().min(0).max(1_439).nullable();
export const subscription = z.object({
  digest: z.boolean().describe('Every quarter of an hour, when there is something new or over.'),
  urgent: z.boolean().describe('At once, when much stands still or money may be wrong.'),
  classes: z.array(causeClass).describe('Only these kinds of causes; empty: all.'),
  flows: z.array(z.string()).describe('Only these flows; empty: all.'),
  quietFrom: minute.describe('Minute of the day from which nothing is sent; null: never quiet.'),
  quietUntil: minute,
  urgentInQuiet: z.boolean().describe('What is urgent is sent in quiet hours too.'),
  timeZone: z
    .string()
    .max(60)
    .refine((zone) => {
      try {
        return new Intl.DateTimeFormat('en', { timeZone: zone }) !== undefined;
      } catch {
        return false;
      }
    }, 'is a time zone such as Europe/Paris'),
});
export type Subscription = z.infer<typeof subscription>;

export const mailSettings = z.object({
  host: z.string().min(1).max(200),
  port: z.number().int().min(1).max(65_535),
  security: z.enum(['tls', 'starttls', 'none']),
  user: z.string().max(200),
  from: z
    .string()
    .max(200)
    .regex(/^[^\r\n]*[^@\s<]+@[^@\s>]+>?$/, 'is an address such as crossdock@example.com'),
});
export const mailInput = mailSettings.extend({
  password: z.string().max(500).nullable().optional().describe('Left out: the stored one stays. Null: none.'),
});
export const watch = z.object({
  silenceHours: z.number().min(1).max(72),
  tokenDays: z.number().int().min(1).max(90),
});
export type Watch = z.infer<typeof watch>;
export const webhook = z.object({
  id: number,
  name: z.string(),
  url: z.string(),
  digest: z.boolean(),
  urgent: z.boolean(),
  createdBy: z.string(),
  createdAt: moment,
});
export type Webhook = z.infer<typeof webhook>;
export const webhookInput = z.object({
  name: z.string().min(1).max(80),
  url: z.url({ protocol: /^https?$/ }).max(500),
  digest: z.boolean(),
  urgent: z.boolean(),
});
export const webhookSecret = z.object({ secret: z.string().describe('Shown once; it proves each message.') });
export const delivery = z.object({
  id: number,
  at: moment,
  kind: z.enum(['digest', 'urgent', 'test', 'link']),
  channel: z.enum(['mail', 'webhook']),
  target: z.string(),
  subject: z.string(),
  state: z.enum(['queued', 'sent', 'failed']),
  attempts: z.number().int(),
  sentAt: moment.nullable(),
  error: z.string().nullable(),
});
export type Delivery = z.infer<typeof delivery>;
export const alerts = z.object({
  mail: mailSettings.extend({ hasPassword: z.boolean() }).nullable(),
  watch,
  webhooks: z.array(webhook),
  deliveries: z.array(delivery),
});
export type Alerts = z.infer<typeof alerts>;
export const testOutcome = z.object({ sent: z.boolean(), error: z.string().nullable() });
export type TestOutcome = z.infer<typeof testOutcome>;
