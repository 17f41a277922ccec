// What is a record for those who look at it, and what would be sent for it?
import { z } from 'zod';
import { facts, free, moment, number, pageOf, plainProblem } from './common.ts';

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

export const recordSort = z.enum(['newest', 'oldest', 'placed', 'done', 'ship-by']);
export type RecordSort = z.infer<typeof recordSort>;
const states = z
  .string()
  .refine(
    (text) => text.split(',').every((one) => recordState.safeParse(one).success),
    `is one or several, with commas, of ${recordState.options.join(', ')}`,
  );
const flag = z.enum(['true', 'false']).transform((text) => text === 'true');
const from = z.iso.datetime({ offset: true }).optional();
/** Which records? The same words stand in the console's address, in the API's query and in what is done to many. */
export const recordFilter = z.object({
  state: states.optional().describe('One state or several, separated by commas.'),
  flow: z.string().max(200).optional(),
  q: z
    .string()
    .max(100)
    .optional()
    .describe(
      'Any id of either system: the marketplace’s by its beginning; NetSuite’s id, number and external id whole.',
    ),
  ids: z
    .string()
    .regex(/^\d{1,18}(,\d{1,18}){0,999}$/, 'is up to 1,000 record ids with commas')
    .optional()
    .describe('These records, by id, separated by commas.'),
  problem: number.optional().describe('Records that wait for this problem.'),
  marketplace: z.string().max(40).optional(),
  fulfilledBy: z.enum(['merchant', 'marketplace']).optional(),
  label: z.string().max(60).optional().describe('Orders with this label: business, gift, replacement, …'),
  placedFrom: from.describe('Placed at the marketplace at or after.'),
  placedTo: from.describe('Placed before.'),
  doneFrom: from.describe('Confirmed at or after.'),
  doneTo: from.describe('Confirmed before.'),
  atRisk: flag.optional().describe('Orders to be shipped within 24 hours, or overdue.'),
  overdue: flag.optional().describe('Orders that should have been shipped already.'),
  sort: recordSort
    .optional()
    .describe('Without it the newest come first; a filter by time is in the order of that time.'),
});
export type RecordFilter = z.output<typeof recordFilter>;
export const recordCount = z.object({
  count: z.number(),
  more: z.boolean().describe('There are more than `count`; ask with exact=true to have them all counted.'),
});
export const neighbours = z.object({ previous: number.nullable(), next: number.nullable() });

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
  flowKind: z.string(),
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
  record: recordRow.extend({
    documentId: number.nullable(),
    applied: facts,
    flowKind: z.string(),
    channelConnectionId: z.string(),
    erpConnectionId: z.string(),
  }),
  events: z.array(recordEvent),
  attempts: z.array(attempt),
  related: z.array(relatedRecord),
  notes: z.array(note),
  documents: z.array(archivedDocument),
  deeds: z
    .array(z.object({ at: moment, actor: z.string(), action: z.string() }))
    .describe('Looks at the buyer’s data and the like, from the audit log.'),
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
const amount = z.string().nullable().describe('Decimal text.');
export const amounts = z
  .object({
    currency: z.string(),
    lines: z.array(
      z.object({
        key: z
          .string()
          .describe('The line’s key in the document: order-item id, or order-item id:discount, …'),
        role: z.enum([
          'item',
          'discount',
          'gift-wrap',
          'shipping',
          'shipping-discount',
          'other-charge',
          'tax',
          'kept-tax',
        ]),
        sku: z.string().nullable(),
        label: z.string().nullable(),
        quantity: z.number().nullable(),
        channel: amount,
        document: amount,
      }),
    ),
    channelTotal: amount.describe('What the marketplace says the buyer pays.'),
    keptTax: z.string().describe('Tax that the marketplace keeps and pays itself.'),
    documentTotal: amount,
    difference: amount.describe(
      'Document less what the marketplace’s total leaves for it; 0 or nothing is sent.',
    ),
  })
  .describe('The order’s amounts line by line: at the marketplace and in the document.');
export type Amounts = z.infer<typeof amounts>;
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
  amounts: amounts.optional(),
  problem: plainProblem.optional(),
});
export type DryRun = z.infer<typeof dryRun>;
export const dryRuns = z.object({ plans: z.array(dryRun) });

export const imported = z.object({
  records: z.array(z.object({ channelOrderId: z.string(), recordId: number })),
});
export const retried = z.object({ retried: z.number().int() });
export const skipped = z.object({ skipped: z.number().int() });

/** The document as the ERP has it at this moment. */
export const remoteDocument = z.object({
  readAt: moment,
  status: z.string(),
  number: z.string().nullable(),
  currency: z.string(),
  total: z.string().describe('Decimal text.'),
  lines: z.array(
    z.object({
      line: z.number().int(),
      key: z
        .string()
        .nullable()
        .describe('The key under which the line was written, when the account keeps it.'),
      itemId: z.string(),
      item: z.string().nullable(),
      quantity: z.number(),
      quantityFulfilled: z.number(),
      closed: z.boolean(),
      amount: z.string(),
    }),
  ),
});
export type RemoteDocument = z.infer<typeof remoteDocument>;

export const recordPlaces = z.object({
  channel: z.string().nullable().describe('The order’s page at the marketplace.'),
  erp: z.string().nullable().describe('The document’s page in the ERP.'),
});
export type RecordPlaces = z.infer<typeof recordPlaces>;
