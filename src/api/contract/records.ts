// What is a record for those who look at it, and what would be sent for it?
import { z } from 'zod';
import { facts, free, moment, number, pageOf, plainProblem } from './common.ts';
import { quota } from './house.ts';

export const recordState = z.enum([
  'queued',
  'running',
  'waiting',
  'verifying',
  'pending',
  'parked',
  'done',
  'skipped',
]);
export type RecordState = z.infer<typeof recordState>;

export const recordRow = z.object({
  id: number,
  flowId: z.string(),
  key: z.string().describe('The document’s own id: the marketplace’s order id, or order id/package.'),
  state: recordState,
  version: moment.describe('When the marketplace last changed the document.'),
  attempts: z.number().int(),
  externalId: z.string().nullable(),
  remoteKind: z.string().nullable(),
  remoteId: z.string().nullable(),
  remoteNumber: z.string().nullable(),
  reason: z.string().nullable(),
  problem: plainProblem.partial().nullable(),
  problemId: number.nullable(),
  currency: z.string().nullable(),
  totalMinor: z.string().nullable().describe('The marketplace’s total in minor units of the currency.'),
  marketplace: z.string().nullable(),
  orderStatus: z.string().nullable(),
  fulfilledBy: z.string().nullable(),
  labels: z.array(z.string()),
  placedAt: moment.nullable(),
  shipByAt: moment.nullable(),
  doneAt: moment.nullable(),
  dueAt: moment,
  createdAt: moment,
  updatedAt: moment,
});
export type RecordRow = z.infer<typeof recordRow>;
export const recordPage = pageOf(recordRow);
export type RecordList = z.infer<typeof recordPage>;

export const recordEvent = z.object({
  id: number,
  at: moment,
  kind: z.string(),
  fromState: z.string().nullable(),
  toState: z.string().nullable(),
  actor: z.string(),
  detail: facts,
});
export const attempt = z.object({
  startedAt: moment,
  finishedAt: moment,
  outcome: z.string(),
  code: z.string().nullable(),
  message: z.string().nullable(),
});
export const note = z.object({ at: moment, author: z.string(), text: z.string() });
export const relatedRecord = z.object({
  id: number,
  flowId: z.string(),
  key: z.string(),
  state: recordState,
  reason: z.string().nullable(),
  updatedAt: moment,
});
export const archivedDocument = z.object({
  id: number,
  version: moment,
  via: z.string(),
  receivedAt: moment,
  kept: free.describe('The document as it came, without the buyer’s data.'),
  hasPersonal: z.boolean().describe('True while the buyer’s data is kept, sealed and apart.'),
});
export const recordDetail = z.object({
  record: recordRow.extend({ documentId: number.nullable(), applied: facts }),
  events: z.array(recordEvent),
  attempts: z.array(attempt),
  related: z.array(relatedRecord),
  notes: z.array(note),
  documents: z.array(archivedDocument),
});
export type RecordDetail = z.infer<typeof recordDetail>;

export const exchange = z.object({
  id: number,
  connectionId: z.string(),
  at: moment,
  bucket: z.string(),
  method: z.string(),
  url: z.string(),
  request: free,
  status: z.number().int().nullable(),
  response: free.nullable(),
  durationMs: z.number().int(),
  failure: z.string().nullable(),
});
export type Exchange = z.infer<typeof exchange>;
export const exchangePage = pageOf(exchange);

export const personal = z.object({ personal: free.nullable() });

export const origin = z.object({
  kind: z.enum(['rule', 'setting', 'lookup', 'override', 'document', 'account']),
  words: z.string(),
  place: z.string().optional().describe('Where it can be changed, e.g. lookup:item-alias/AB-1.'),
});
export const arithmetic = z.object({
  currency: z.string(),
  lines: z.array(z.object({ label: z.string(), amount: z.string() })),
  sum: z.string(),
  marketplaceTotal: z.string(),
  marketplaceTax: z.string(),
  difference: z.string(),
});
export const plannedRequest = z.object({
  method: z.string(),
  path: z.string(),
  headers: z.record(z.string(), z.string()),
  body: free.optional(),
});
export const dryRun = z.object({
  channelOrderId: z.string(),
  decision: z.enum(['create', 'adopt', 'cancel', 'update', 'nothing', 'skip', 'park']),
  reason: z.string().optional(),
  draft: free.optional().describe('The document in Crossdock’s words, addresses hidden.'),
  request: plannedRequest.optional().describe('The exact request that the other side would get.'),
  origins: z.record(z.string(), origin).describe('Path in the request → where its value comes from.'),
  arithmetic: arithmetic.optional(),
  problem: plainProblem.optional(),
});
export type DryRun = z.infer<typeof dryRun>;
export const dryRuns = z.object({ plans: z.array(dryRun) });

export const imported = z.object({
  records: z.array(z.object({ channelOrderId: z.string(), recordId: number })),
});
export const retried = z.object({ retried: z.number().int() });
export const skipped = z.object({ skipped: z.number().int() });

const count = z.string();
export const overview = z.object({
  now: moment,
  states: z.array(z.object({ flowId: z.string(), state: recordState, n: count, today: count })),
  hours: z.array(z.object({ hour: moment, marketplace: z.string().nullable(), n: count })),
  latency: z.object({ median: z.number().nullable(), p95: z.number().nullable() }),
  atRisk: z.object({ n: count }),
  causes: z.array(z.object({ id: number, code: z.string(), message: z.string(), n: count })),
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
    }),
  ),
  quotas: z.array(quota),
});
export type Overview = z.infer<typeof overview>;
