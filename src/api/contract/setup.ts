// How is a shop set up: answers so far, questions with lists from the accounts, the readiness check, what was made?
import { z } from 'zod';
import { facts, moment, number, plainProblem } from './common.ts';
import { choice } from './connections.ts';

export const comparison = z.object({
  name: z.enum(['total', 'tax', 'lines', 'quantities', 'fields']),
  expected: z.string(),
  actual: z.string(),
  equal: z.boolean(),
});
export const comparedOrder = z.object({
  orderId: z.string(),
  marketplace: z.string().optional(),
  fulfilledBy: z.string().optional(),
  placedAt: moment.optional(),
  currency: z.string().optional(),
  documentKind: z.string().optional(),
  verdict: z.enum(['fits', 'unfit', 'left-out']),
  reason: z.string().optional(),
  checks: z.array(comparison),
  problem: plainProblem.optional(),
});
export type ComparedOrder = z.infer<typeof comparedOrder>;
export const readiness = z.object({
  at: moment,
  fits: z.number().int(),
  unfit: z.number().int(),
  leftOut: z.number().int(),
  tallies: z.record(z.string(), z.object({ compared: z.number().int(), equal: z.number().int() })),
  orders: z.array(comparedOrder),
});
export type Readiness = z.infer<typeof readiness>;

export const setup = z.object({
  id: z.string(),
  kind: z.enum(['real', 'practice']),
  state: z.enum(['open', 'live', 'paused', 'rolled-back']),
  step: z.string(),
  answers: facts,
  channelConnectionId: z.string().nullable(),
  erpConnectionId: z.string().nullable(),
  readiness: readiness.nullable(),
  checkedAt: moment.nullable(),
  liveAt: moment.nullable(),
  liveBy: z.string().nullable(),
  updatedAt: moment,
  updatedBy: z.string(),
  secretsGiven: z.array(z.string()).describe('Names of secrets typed already; never their values.'),
});
export type Setup = z.infer<typeof setup>;

export const practiceFacts = z.object({
  netsuite: z.object({
    page: z.string(),
    accountId: z.string(),
    clientId: z.string(),
    hostTemplate: z.string(),
  }),
  amazon: z.object({
    page: z.string(),
    applicationId: z.string(),
    clientId: z.string(),
    clientSecret: z.string().describe('Of the simulated application; worth nothing elsewhere.'),
    sellerId: z.string(),
    baseUrl: z.string(),
  }),
});
export type PracticeFacts = z.infer<typeof practiceFacts>;
export const setups = z.object({
  items: z.array(setup),
  next: z.null(),
  marketplaces: z.array(
    z.object({ id: z.string(), name: z.string(), country: z.string(), region: z.enum(['na', 'eu', 'fe']) }),
  ),
  practice: z.object({ available: z.boolean(), facts: practiceFacts.nullable() }),
});
export type Setups = z.infer<typeof setups>;

export const setupStart = z.object({ kind: z.enum(['real', 'practice']) });
export const setupStarted = z.object({ id: z.string() });
export const setupChange = z.object({
  step: z.enum(['netsuite', 'amazon', 'questions', 'check', 'live']).optional(),
  answers: facts.optional().describe('Merged by step; secrets never belong here.'),
});
export const erpInput = z.object({
  useId: z.string().optional().describe('An existing connection to use instead.'),
  title: z.string().min(1).max(120).optional(),
  settings: facts.optional(),
  secrets: facts.optional(),
});
export const channelInput = z.object({
  title: z.string().min(1).max(120).optional(),
  settings: facts,
  secrets: facts.optional(),
});
export const connectedErp = z.object({ connectionId: z.string() });
export const connectedChannel = z.object({ connectionId: z.string().nullable() });

export const authorisationBegun = z.object({
  url: z.string().describe('The page to send the person to.'),
  redirectUri: z.string().describe('Where it sends them back; the application must allow it.'),
});
export const authorisationAnswer = z.object({
  state: z.string().min(10).max(200),
  code: z.string().min(1).max(2_000),
  sellerId: z.string().min(3).max(60).optional(),
});
export const authorisationDone = z.object({
  setupId: z.string().nullable(),
  connectionId: z.string().nullable(),
});

export const questions = z.object({
  marketplaces: z.array(
    z.object({ id: z.string(), name: z.string(), country: z.string(), currency: z.string() }),
  ),
  account: z.object({
    oneWorld: z.boolean(),
    suiteTax: z.boolean(),
    timeZone: z.string(),
    warnings: z.array(z.string()),
  }),
  lists: z.record(z.string(), z.object({ items: z.array(choice), unavailable: z.string().optional() })),
  shipServices: z.array(z.string()),
  suggested: facts,
  open: z.array(z.string()),
});
export type Questions = z.infer<typeof questions>;

export const checkInput = z.object({ last: z.number().int().min(1).max(100).default(25) });

export const made = z.object({
  counts: z.array(
    z.object({ kind: z.string(), adopted: z.boolean(), undone: z.boolean(), n: z.number().int() }),
  ),
  items: z.array(
    z.object({
      recordId: number,
      channelOrderId: z.string(),
      kind: z.string(),
      number: z.string(),
      adopted: z.boolean(),
      undone: z.boolean(),
      mayUndo: z.boolean(),
      currency: z.string().nullable(),
      totalMinor: z.string().nullable(),
      doneAt: moment.nullable(),
    }),
  ),
  next: z.string().nullable(),
});
export type Made = z.infer<typeof made>;
export const undoInput = z.object({ recordIds: z.array(number).min(1).max(50) });
export const undone = z.object({
  items: z.array(z.object({ recordId: number, undone: z.boolean(), reason: z.string() })),
});
