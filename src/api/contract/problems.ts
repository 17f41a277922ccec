// What must a person decide, what takes it away, and what happened to it so far?
import { z } from 'zod';
import { facts, moment, number, paging } from './common.ts';

export const problemState = z.enum(['open', 'ignored', 'resolved']);
export const causeClass = z.enum([
  'value',
  'missing',
  'mapping',
  'connection',
  'intermittent',
  'rate-limit',
  'closed-period',
  'business-rule',
  'request',
  'unexpected',
]);
export type CauseClass = z.infer<typeof causeClass>;

const listKind = z.enum([
  'item',
  'ship-method',
  'location',
  'customer',
  'tax-code',
  'account',
  'payment-method',
]);
export const fix = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('lookup'),
    lookup: z.string(),
    key: z.string(),
    list: listKind.nullable().describe('The list of the ERP to choose the value from; null: typed text.'),
  }),
  z.object({ kind: z.literal('setting'), path: z.string(), list: listKind }),
  z.object({ kind: z.literal('open-settings') }),
  z.object({ kind: z.literal('open-mapping'), field: z.string() }),
  z.object({ kind: z.literal('test-connection'), connectionId: z.string() }),
  z.object({ kind: z.literal('edit') }),
  z.object({ kind: z.literal('retry') }),
  z.object({ kind: z.literal('done') }),
]);
export type Fix = z.infer<typeof fix>;

export const pastCure = z.object({
  problemId: number,
  actor: z.string(),
  at: moment,
  kind: z.string(),
  detail: facts,
});
export type PastCure = z.infer<typeof pastCure>;

export const problem = z.object({
  id: number,
  flowId: z.string().nullable(),
  connectionId: z.string().nullable(),
  erpConnectionId: z.string().nullable(),
  kind: z.enum(['error', 'task']),
  code: z.string(),
  class: causeClass,
  urgent: z.boolean(),
  message: z.string(),
  field: z.string().nullable(),
  nextSteps: z.array(z.string()),
  facts,
  state: problemState,
  seen: z.number().int(),
  firstSeenAt: moment,
  lastSeenAt: moment,
  assignee: z.string().nullable(),
  closedAt: moment.nullable(),
  closedBy: z.string().nullable(),
  closeReason: z.string().nullable(),
  records: z.string().describe('How many records have it now, those being retried among them.'),
  parked: z.string().describe('How many of them wait for a person.'),
  exampleId: number.nullable(),
  exampleKey: z.string().nullable(),
  comments: z.number().int(),
  allFail: z
    .boolean()
    .describe('Nothing of the flow has passed since it began: the set-up rather than one document.'),
  fix,
  pastCure: pastCure.nullable().describe('What a person did when a problem like it went away last.'),
  remoteUrl: z.string().nullable().describe('Where the ERP shows what the problem is about.'),
});
export type Problem = z.infer<typeof problem>;

export const problemTotals = z.object({
  open: z.number().int(),
  ignored: z.number().int(),
  resolved: z.number().int(),
  parked: z.string(),
});
export const problemFilter = paging.extend({
  state: problemState.default('open'),
  q: z
    .string()
    .max(100)
    .optional()
    .describe('Words of the message, a code, a SKU, or the beginning of an order id.'),
  class: causeClass.optional(),
  flow: z.string().max(200).optional(),
  connection: z.string().max(120).optional(),
  kind: z.enum(['error', 'task']).optional(),
  code: z.string().max(80).optional(),
  assignee: z.string().max(100).optional().describe('A person’s name, or `nobody`.'),
  sort: z.enum(['latest', 'most', 'oldest']).default('latest'),
});
export const problemPage = z.object({
  items: z.array(problem),
  next: z.string().nullable(),
  totals: problemTotals,
});
export type ProblemPage = z.infer<typeof problemPage>;

export const problemEvent = z.object({
  id: number,
  at: moment,
  actor: z.string(),
  kind: z.string(),
  detail: facts,
});
export type ProblemEvent = z.infer<typeof problemEvent>;
export const problemDetail = z.object({ problem, events: z.array(problemEvent) });
export type ProblemDetail = z.infer<typeof problemDetail>;

const ids = z
  .array(z.string().regex(/^\d{1,18}$/))
  .min(1)
  .max(1_000);
export const reason = z.string().min(3, 'says why, in at least three letters').max(500);
export const problemSelection = z.object({ ids });
export const problemSelectionWithReason = z.object({ ids, reason });
export const problemAssignment = z.object({ ids, assignee: z.string().min(1).max(100).nullable() });
export const movedProblems = z.object({ moved: z.number().int() });

export const documentValues = z.object({
  documentId: number,
  values: z.array(
    z.object({
      path: z.string(),
      value: z.string(),
      kind: z.enum(['text', 'number', 'truth', 'nothing']),
    }),
  ),
});
export type DocumentValues = z.infer<typeof documentValues>;
const changes = z
  .array(z.object({ path: z.string().max(300), value: z.string().max(4_000) }))
  .min(1)
  .max(100);
export const documentEdit = z.object({ changes });
export const documentEditWithReason = z.object({ changes, reason });
