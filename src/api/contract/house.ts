// The house's own affairs: quotas, audit log, tokens.
import { z } from 'zod';
import { facts, moment, number, pageOf } from './common.ts';
import { scope } from './session.ts';

export const quota = z.object({
  connectionId: z.string(),
  bucket: z.string(),
  kind: z.enum(['rate', 'concurrency']),
  tokens: z.number().describe('Calls that may go at once, as of `asOf`.'),
  perSecond: z.number(),
  burst: z.number().describe('Rate: the most tokens there can be. Concurrency: calls in flight at once.'),
  asOf: moment,
  spent: z.string(),
  refused: z.string(),
});
export type Quota = z.infer<typeof quota>;
export const quotaPage = pageOf(quota);

export const auditEntry = z.object({
  id: number,
  at: moment,
  actor: z.string(),
  action: z.string(),
  subject: z.string(),
  detail: facts,
});
export type AuditEntry = z.infer<typeof auditEntry>;
export const auditPage = pageOf(auditEntry);
export const auditVerdict = z.object({
  rows: z.number().int(),
  brokenAt: number.optional().describe('The first row that is not as it was written; absent when all are.'),
});

export const token = z.object({
  id: number,
  name: z.string(),
  scopes: z.array(scope),
  createdBy: z.string(),
  createdAt: moment,
  expiresAt: moment.nullable(),
  lastUsedAt: moment.nullable(),
});
export type Token = z.infer<typeof token>;
export const tokenPage = pageOf(token);
export const tokenInput = z.object({
  name: z.string().min(2).max(80),
  scopes: z.array(scope).min(1),
  expiresInDays: z.number().int().min(1).max(3_650).optional(),
});
export const newToken = z.object({ token: z.string().describe('Shown once; only its hash is kept.') });
