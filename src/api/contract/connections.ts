// Which accounts are connected, what can they do, and which lookups belong to them?
import { z } from 'zod';
import { facts, free, moment, pageOf, plainProblem } from './common.ts';

export const connection = z.object({
  id: z.string(),
  side: z.enum(['channel', 'erp']),
  connector: z.string(),
  title: z.string(),
  settings: free.describe('As the connector’s schema says; secrets are never given out.'),
  state: z.enum(['active', 'paused', 'broken']),
  stateReason: plainProblem.partial().nullable(),
  report: facts.nullable().describe('What the last test read of the account.'),
  checkedAt: moment.nullable(),
  demo: z.boolean(),
  updatedAt: moment,
});
export type Connection = z.infer<typeof connection>;
export const connectionPage = pageOf(connection);

export const connectionInput = z.object({
  id: z.string(),
  connector: z.string(),
  title: z.string().min(1).max(120),
  settings: free,
  secrets: free.optional().describe('Only the secrets that change; those not named stay.'),
});
export const connectionTestInput = z.union([connectionInput, z.object({ id: z.string() })]);
export const checkOutcome = z.union([
  z.object({ ok: z.literal(true), report: facts }),
  z.object({ ok: z.literal(false), problem: plainProblem }),
]);
export type CheckOutcome = z.infer<typeof checkOutcome>;

export const choice = z.object({ id: z.string(), name: z.string(), note: z.string().optional() });
export type Choice = z.infer<typeof choice>;
export const choicePage = pageOf(choice);
export const certificate = z.object({
  certificatePem: z.string(),
  expiresAt: moment,
  pending: z
    .boolean()
    .describe('True while the key before it stays in use, until the new one is taken over.'),
});
export const certificateInput = z.object({ certificateId: z.string().min(1).max(200) });
export const netsuiteRole = z.object({
  xml: z.string().describe('An SDF object to import.'),
  permissions: z.array(z.object({ key: z.string(), level: z.string(), name: z.string(), why: z.string() })),
});

/** JSON Schemas of what connectors and flows are set by; forms are drawn from them. */
export const schemas = z.object({
  connectors: z.record(
    z.string(),
    z.object({ title: z.string(), side: z.enum(['channel', 'erp']), settings: free, secrets: free }),
  ),
  flows: z.record(z.string(), z.object({ title: z.string(), settings: free })),
});
export type Schemas = z.infer<typeof schemas>;

export const lookupInput = z.object({
  name: z.string().regex(/^[a-z][a-z0-9-]{1,40}$/, 'is lower-case letters, digits and hyphens'),
  key: z.string().min(1).max(200),
  value: z.string().min(1).max(500),
  multiplier: z.number().int().positive().optional(),
  note: z.string().max(500).optional(),
});
export const lookup = z.object({
  name: z.string(),
  key: z.string(),
  value: z.string(),
  multiplier: z.number().int(),
  note: z.string(),
  updatedBy: z.string(),
  updatedAt: moment,
});
export type Lookup = z.infer<typeof lookup>;
export const lookupPage = pageOf(lookup);

export const lookupTable = z.object({ name: z.string(), rows: z.number().int() });
export const lookupTablePage = pageOf(lookupTable);
export const lookupDone = z.object({
  changeId: z.string().describe('The act, for undoing it.'),
  retried: z.number().int().describe('Records that waited for it and go on.'),
});
export type LookupDone = z.infer<typeof lookupDone>;
const plainRow = z.object({
  name: z.string(),
  key: z.string(),
  value: z.string(),
  multiplier: z.number().int().optional(),
  note: z.string().optional(),
});
export const lookupFile = z.object({
  csv: z.string().max(5_000_000),
  replace: z.boolean().default(false).describe('Rows that the file lacks are removed.'),
});
export const lookupPreview = z.object({
  added: z.array(plainRow),
  changed: z.array(z.object({ before: plainRow, after: plainRow })),
  removed: z.array(plainRow),
  unchanged: z.number().int(),
  faults: z.array(z.object({ line: z.number().int(), reason: z.string() })),
});
export type LookupPreview = z.infer<typeof lookupPreview>;
export const lookupChange = z.object({
  changeId: z.string(),
  at: moment,
  by: z.string(),
  via: z.enum(['edit', 'import', 'undo', 'set-up']),
  rows: z.array(z.object({ key: z.string(), before: plainRow.nullable(), after: plainRow.nullable() })),
});
export type LookupChange = z.infer<typeof lookupChange>;
export const lookupChangePage = pageOf(lookupChange);
