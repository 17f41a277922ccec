// What must a person decide?
import { z } from 'zod';
import { facts, moment, number, pageOf } from './common.ts';
import { note } from './records.ts';

export const problemState = z.enum(['open', 'ignored', 'resolved']);
export const problem = z.object({
  id: number,
  flowId: z.string().nullable(),
  connectionId: z.string().nullable(),
  kind: z.enum(['error', 'task']),
  code: z.string(),
  message: z.string(),
  field: z.string().nullable(),
  nextSteps: z.array(z.string()),
  facts,
  state: problemState,
  seen: z.number().int(),
  firstSeenAt: moment,
  lastSeenAt: moment,
  assignee: z.string().nullable(),
  closeReason: z.string().nullable(),
  records: z.string().describe('How many records wait for it.'),
  exampleId: number.nullable(),
  exampleKey: z.string().nullable(),
});
export type Problem = z.infer<typeof problem>;
export const problemPage = pageOf(problem);
export const problemDetail = z.object({ problem, notes: z.array(note) });
export type ProblemDetail = z.infer<typeof problemDetail>;
