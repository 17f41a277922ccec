// The house's own affairs: quotas, audit log, tokens, the description of this API.

import { z } from 'zod';
import { verifyAudit, writeAudit } from '../audit/store.ts';
import { listAudit, listQuotas } from './reads/store.ts';
import { type Api, admin, numberId, read } from './route.ts';
import type { ApiParts } from './server.ts';
import { createApiToken, listTokens, revokeToken } from './users/store.ts';

export function addHouse(api: Api, { db, clock }: ApiParts): void {
  api.get('/quotas', read, async () => ({ items: await listQuotas(db) }));
  api.get(
    '/audit',
    { ...admin, schema: { querystring: z.object({ cursor: z.string().regex(/^\d+$/).optional() }) } },
    async (request) => listAudit(db, request.query.cursor),
  );
  api.get('/audit/verify', admin, async () => verifyAudit(db));
  api.get('/tokens', admin, async () => ({ items: await listTokens(db) }));
  api.post(
    '/tokens',
    {
      ...admin,
      schema: {
        body: z.object({
          name: z.string().min(2).max(80),
          scopes: z.array(z.enum(['read', 'write', 'admin', 'personal'])).min(1),
        }),
      },
    },
    async (request) => {
      const token = await createApiToken(db, {
        ...request.body,
        createdBy: request.caller!.name,
        now: clock.now(),
      });
      await writeAudit(db, {
        at: clock.now(),
        actor: request.caller!.name,
        action: 'token.made',
        subject: `token:${request.body.name}`,
        detail: { scopes: request.body.scopes },
      });
      return { token };
    },
  );
  api.delete('/tokens/:id', { ...admin, schema: { params: numberId } }, async (request) => {
    await revokeToken(db, request.params.id, clock.now());
    await writeAudit(db, {
      at: clock.now(),
      actor: request.caller!.name,
      action: 'token.revoked',
      subject: `token:${request.params.id}`,
    });
    return { ok: true };
  });
  api.get('/openapi.json', read, async (request) => request.server.swagger());
}
