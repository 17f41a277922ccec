// What do flows do, how are they set, and what would a change of their mapping do?
import { z } from 'zod';
import { facts, free, moment, number, pageOf, plainProblem } from './common.ts';

export const flowTask = z.object({
  task: z.string(),
  everySeconds: z.number().int(),
  nextAt: moment,
  leaseBy: z.string().nullable(),
  lastRunId: number.nullable(),
});
export const flowRun = z.object({
  id: number,
  flowId: z.string(),
  task: z.string(),
  startedAt: moment,
  finishedAt: moment.nullable(),
  outcome: z.enum(['done', 'waiting', 'failed']).nullable(),
  counts: z.record(z.string(), z.number()),
  error: plainProblem.partial().nullable(),
  askedBy: z.string(),
});
export type FlowRun = z.infer<typeof flowRun>;
export const flowCursor = z.object({ name: z.string(), value: facts, movedAt: moment });
export const flow = z.object({
  id: z.string(),
  kind: z.string(),
  channelConnectionId: z.string(),
  erpConnectionId: z.string(),
  settings: free,
  state: z.enum(['active', 'paused']),
  stateReason: z.string().nullable(),
  updatedAt: moment,
  tasks: z.array(flowTask),
  runs: z.array(flowRun).describe('The latest runs that brought something or failed.'),
  cursors: z.array(flowCursor),
});
export type Flow = z.infer<typeof flow>;
export const flowPage = pageOf(flow);

export const flowInput = z.object({
  id: z.string().min(1).max(120).optional(),
  kind: z.string(),
  channelConnectionId: z.string(),
  erpConnectionId: z.string(),
  settings: free,
});
export const savedFlow = z.object({ id: z.string() });
export const runInput = z.object({
  task: z.string().default('sweep'),
  from: z.iso.datetime({ offset: true }).optional().describe('Read again from this moment.'),
  ids: z
    .array(z.string().min(3).max(60))
    .max(5_000)
    .optional()
    .describe('Only these orders, read one by one.'),
});
export const begunRun = z.object({ runId: number });

export const override = z.object({
  field: z.string(),
  kind: z.enum(['constant', 'lookup', 'expression']),
  value: z.string().min(1).max(2_000),
});
export const mappingField = z.object({
  field: z.string(),
  on: z.enum(['body', 'line']),
  targets: z.array(z.string()).describe('Documents that have the field.'),
  rule: z.string().describe('The built-in rule in words.'),
  by: z.enum(['override', 'setting', 'lookup', 'nothing']).describe('What changes the value.'),
  place: z.string().optional().describe('The setting or lookup; or why nothing changes it.'),
  choices: z.string().optional().describe('The list of the account a constant is chosen from.'),
  own: z.boolean().describe('A custom field that the owner added.'),
  override: z.object({ kind: z.string(), value: z.string(), by: z.string(), at: moment }).optional(),
});
export type MappingField = z.infer<typeof mappingField>;
export const mappingFieldPage = pageOf(mappingField);

export const ownField = z.object({
  id: z.string(),
  title: z.string(),
  on: z.enum(['body', 'line']),
  type: z.string(),
});
export type OwnField = z.infer<typeof ownField>;
export const ownFieldPage = pageOf(ownField);
export const overrideFault = z.object({
  code: z.string(),
  message: z.string(),
  start: z.number().int().optional().describe('Where the mistake begins in the text.'),
  end: z.number().int().optional(),
  nextSteps: z.array(z.string()),
});
export const overrideCheck = z.object({ fault: overrideFault.nullable() });
export type OverrideFault = z.infer<typeof overrideFault>;
const rule = z.object({ kind: z.string(), value: z.string() });
export const mappingVersion = z.object({
  at: moment,
  by: z.string(),
  changes: z.array(z.object({ field: z.string(), before: rule.nullable(), after: rule.nullable() })),
});
export type MappingVersion = z.infer<typeof mappingVersion>;
export const mappingVersionPage = pageOf(mappingVersion);
export const revertInput = z.object({ at: z.iso.datetime() });

export const changeInput = z.object({
  removed: z.array(z.string()).optional().describe('Overrides taken back.'),
  settings: free.optional(),
  overrides: z.array(override).optional(),
  lookups: z
    .array(
      z.object({
        name: z.string(),
        key: z.string(),
        value: z.string(),
        multiplier: z.number().int().positive().optional(),
      }),
    )
    .optional(),
  last: z.number().int().min(1).max(500).default(50).describe('How many of the latest orders to compare.'),
});
export const changePreview = z.object({
  compared: z.number().int(),
  changed: z.array(
    z.object({
      recordId: number,
      channelOrderId: z.string(),
      differences: z.array(z.object({ path: z.string(), before: free, after: free })),
      problem: plainProblem.optional(),
    }),
  ),
});
export type ChangePreview = z.infer<typeof changePreview>;
