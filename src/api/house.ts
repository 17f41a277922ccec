// The house's own affairs: quotas, audit log, tokens, the description of this API.

import { z } from 'zod';
import { verifyAudit, writeAudit } from '../audit/store.ts';
import { done, facts, paging } from './contract/common.ts';
import { auditPage, auditVerdict, newToken, quotaPage, tokenInput, tokenPage } from './contract/house.ts';
import { csvOf, sendCsv } from './csv.ts';
import { listAudit, listQuotas } from './reads/store.ts';
import { refuse } from './refuse.ts';
import { type Api, numberId, route, whole } from './route.ts';
import type { ApiParts } from './server.ts';
import { createApiToken, listTokens, revokeToken } from './users/store.ts';

export function addHouse(api: Api, { db, clock }: ApiParts): void {
  api.get(
    '/quotas',
    route('read', 'What the other sides still allow, by connection and bucket', { answer: quotaPage }),
    async () => whole(await listQuotas(db)),
  );
  api.get(
    '/audit',
    route('admin', 'Who did what, newest first', {
      querystring: paging.extend({ q: z.string().max(100).optional() }),
      answer: auditPage,
    }),
    (request) => listAudit(db, request.query),
  );
  api.get(
    '/audit.csv',
    route('admin', 'The whole audit log, or what fits a search, as CSV', {
      querystring: z.object({ q: z.string().max(100).optional() }),
      answer: z.string(),
    }),
    (request, reply) =>
      sendCsv(
        reply,
        'crossdock-audit.csv',
        csvOf(wholeAudit(db, request.query.q), ['id', 'at', 'actor', 'action', 'subject', 'detail']),
      ),
  );
  api.get(
    '/audit/verify',
    route('admin', 'Check that nothing of the audit log was changed', { answer: auditVerdict }),
    () => verifyAudit(db),
  );
  api.get(
    '/tokens',
    route('admin', 'Tokens of programs that are in force', { answer: tokenPage }),
    async () => whole(await listTokens(db, clock.now())),
  );
  api.post(
    '/tokens',
    route('admin', 'Make a token for a program', { body: tokenInput, answer: newToken }),
    async (request, reply) => {
      const { expiresInDays, ...input } = request.body;
      const beyond = input.scopes.filter((one) => !request.caller!.scopes.includes(one));
      if (beyond.length > 0)
        return refuse(
          reply,
          403,
          'SCOPE_BEYOND',
          `You cannot give what you do not have: ${beyond.join(', ')}.`,
          ['Leave these scopes out, or ask an owner.'],
        );
      const now = clock.now();
      const token = await createApiToken(db, {
        ...input,
        createdBy: request.caller!.name,
        now,
        ...(expiresInDays === undefined
          ? {}
          : { expiresAt: new Date(now.getTime() + expiresInDays * 24 * 3_600_000) }),
      });
      await writeAudit(db, {
        at: now,
        actor: request.caller!.name,
        action: 'token.made',
        subject: `token:${input.name}`,
        detail: { scopes: input.scopes, expiresInDays: expiresInDays ?? null },
      });
      return { token };
    },
  );
  api.delete(
    '/tokens/:id',
    route('admin', 'Revoke a token', { params: numberId, answer: done }),
    async (request, reply) => {
      if (!(await revokeToken(db, request.params.id, clock.now())))
        return refuse(reply, 404, 'TOKEN_UNKNOWN', 'There is no such token in force.', [
          'List them with: crossdock tokens list',
        ]);
      await writeAudit(db, {
        at: clock.now(),
        actor: request.caller!.name,
        action: 'token.revoked',
        subject: `token:${request.params.id}`,
      });
      return { ok: true };
    },
  );
  api.get('/openapi.json', route('read', 'This description of the API', { answer: facts }), async (request) =>
    request.server.swagger(),
  );
}

/** Page by page, so that a log of any length becomes a file. */
async function* wholeAudit(db: ApiParts['db'], q: string | undefined) {
  let cursor: string | undefined;
  do {
    const page: Awaited<ReturnType<typeof listAudit>> = await listAudit(db, { cursor, limit: 1_000, q });
    yield* page.items;
    cursor = page.next ?? undefined;
  } while (cursor !== undefined);
}
