// Which shapes do all answers share? The contract folder is the one description of what the API takes and gives: the
// routes check themselves against it, OpenAPI and the reference pages are made from it, and the console's types are these.
import { z } from 'zod';

/** Numbers of rows are decimal text: they outgrow what JSON's readers can count. */
export const number = z.string().regex(/^\d{1,18}$/);
/** A moment in UTC, ISO 8601. */
export const moment = z.iso.datetime();
/** Settings, documents and the like, whose fields belong to someone else. */
export const free = z.unknown();
export const facts = z.record(z.string(), z.unknown());

/** Where the next page begins; `cursor` in the next request. Null on the last page. */
export const pageOf = <Item extends z.ZodType>(item: Item) =>
  z.object({ items: z.array(item), next: z.string().nullable() });

/** What every list takes beside its own filters. */
export const paging = z.object({
  cursor: z
    .string()
    .max(200)
    .optional()
    .describe('Where the page begins: `next` of the page before. Without it the list begins at its top.'),
  limit: z.coerce.number().int().min(1).max(200).default(50).describe('How many items a page has at most.'),
});

export const done = z.object({ ok: z.literal(true) });
export type Done = z.infer<typeof done>;

/** How every refusal looks (application/problem+json). */
export const refusal = z.object({
  type: z.string().describe('A name for the code, as a URN.'),
  status: z.number().int(),
  code: z.string().describe('What happened, for programs; the reference lists all.'),
  title: z.string().describe('What happened, in a sentence.'),
  nextSteps: z.array(z.string()).describe('What can be done; each begins with a verb.'),
  field: z.string().optional().describe('The field at fault.'),
});
export type Refusal = z.infer<typeof refusal>;

/** A cause as it stands beside a record, a plan or a connection. */
export const plainProblem = z.object({
  code: z.string(),
  message: z.string(),
  field: z.string().optional(),
  nextSteps: z.array(z.string()),
  facts,
});
export type PlainProblem = z.infer<typeof plainProblem>;
