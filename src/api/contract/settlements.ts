// What is a settlement for those who look at it: its state, its way from sales to deposit, what is booked and proved?
import { z } from 'zod';
import { facts, free, moment, plainProblem } from './common.ts';

const minor = z
  .string()
  .regex(/^-?\d+$/)
  .describe('Minor units of the currency, as text.');
export const settlementLine = z.object({
  flowId: z.string(),
  settlementId: z.string(),
  channel: z.string(),
  startAt: moment,
  endAt: moment,
  depositAt: moment,
  currency: z.string(),
  totalMinor: minor,
  rows: z.number().int(),
  sha256: z.string(),
  state: z.string().nullable(),
  reason: z.string().nullable(),
  problem: plainProblem.partial().nullable(),
  recordId: z.string().nullable(),
  certified: z.boolean(),
  openMinor: minor.describe('What is not booked yet.'),
  editions: z.number().int().describe('Versions of the file; more than one needs a look.'),
});
export const settlementList = z.object({ items: z.array(settlementLine), next: z.null() });
export const waterfallStep = z.object({
  class: z.string(),
  title: z.string(),
  treatment: z.string(),
  accountRole: z.string(),
  rows: z.number().int(),
  minor,
});
export const settlementPosting = z.object({
  key: z.string(),
  kind: z.string(),
  title: z.string(),
  marketplace: z.string(),
  date: z.string(),
  belongsTo: z.string().nullable(),
  minor,
  rows: z.number().int(),
  state: z.string(),
  reason: plainProblem.partial().nullable(),
  needsApproval: z.boolean(),
  approvedBy: z.string().nullable(),
  drafts: z.array(free),
  documents: z.array(free),
});
export const settlementDetail = z.object({
  settlement: settlementLine,
  waterfall: z.array(waterfallStep).describe('From sales to deposit; the steps add up to the total.'),
  postings: z.array(settlementPosting),
  checks: z.array(free).describe('The checks as they stood last; empty before the first proof.'),
});
export const settlementRows = z.object({ items: z.array(free), next: z.string().nullable() });
export const settlementPlan = z.object({ plan: free, requests: z.array(free) });
export const settlementProof = z.object({ holds: z.boolean(), checks: z.array(free) });
export const certificate = z.object({ body: free, signature: facts });
export const publicKey = z.object({ id: z.string(), publicPem: z.string() });
export const settlementRules = z.object({
  owner: z.array(free),
  defaults: z.array(free),
  classes: z.array(
    z.object({ class: z.string(), title: z.string(), treatment: z.string(), accountRole: z.string() }),
  ),
  accountRoles: z.array(z.object({ role: z.string(), title: z.string() })),
  itemRoles: z.array(z.object({ role: z.string(), title: z.string() })),
});
export const ruleInput = z.strictObject({
  transactionType: z.string().max(200).default(''),
  amountType: z.string().max(200).default(''),
  amountDescription: z.string().max(400).default(''),
  marketplace: z.string().max(100).default(''),
  channel: z.string().max(40).default(''),
  class: z.string().max(60),
});
export const retriedSettlements = z.object({ retried: z.number().int() });
export const approved = z.object({ approved: z.number().int() });
export const importedSettlement = z.object({
  settlementId: z.string(),
  outcome: z.enum(['new', 'known', 'reissued']),
});
export const editions = z.object({ items: z.array(free), next: z.null() });
export const between = z.object({
  from: z.string(),
  to: z.string(),
  currencies: z.array(free),
  deferred: z.array(free),
  ties: z.array(free),
});
export const feeFindings = z.object({ fees: z.array(free), owed: z.array(free) });
