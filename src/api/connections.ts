// Which accounts are connected, do they work, and which lookups belong to them?

import { z } from 'zod';
import { roleXml } from '../erp/netsuite/role.ts';
import { listConnectionDetails, listLookups } from './reads/store.ts';
import { type Api, admin, id, read, write } from './route.ts';
import type { ApiParts } from './server.ts';

export function addConnections(api: Api, { db, operations }: ApiParts): void {
  api.get('/connections', read, async () => ({ items: await listConnectionDetails(db) }));
  api.get('/schemas', read, async () => operations.schemas());
  const input = z.object({
    id: z.string(),
    connector: z.string(),
    title: z.string().min(1),
    settings: z.unknown(),
    secrets: z.unknown().optional(),
  });
  api.put('/connections', { ...admin, schema: { body: input } }, async (request) => {
    await operations.saveConnection(request.body as never, request.caller!.name);
    return { ok: true };
  });
  api.post(
    '/connections/test',
    { ...write, schema: { body: z.union([input, z.object({ id: z.string() })]) } },
    async (request) => operations.testConnection(request.body as never),
  );
  api.delete('/connections/:id', { ...admin, schema: { params: id } }, async (request) => {
    await operations.removeConnection(request.params.id, request.caller!.name);
    return { ok: true };
  });
  for (const [word, state] of [
    ['pause', 'paused'],
    ['resume', 'active'],
  ] as const)
    api.post(`/connections/:id/${word}`, { ...write, schema: { params: id } }, async (request) => {
      await operations.setConnectionState(request.params.id, state, request.caller!.name);
      return { ok: true };
    });
  api.get(
    '/connections/:id/choices/:kind',
    {
      ...read,
      schema: {
        params: id.extend({ kind: z.string() }),
        querystring: z.object({ q: z.string().optional() }),
      },
    },
    async (request) => ({
      items: await operations.choices(request.params.id, request.params.kind as never, request.query.q),
    }),
  );
  api.post('/connections/:id/certificate', { ...admin, schema: { params: id } }, async (request) =>
    operations.makeCertificate(request.params.id, request.caller!.name),
  );
  api.get('/netsuite-role.xml', read, async (_request, reply) =>
    reply.type('application/xml').send(roleXml()),
  );
  api.get(
    '/connections/:id/lookups',
    { ...read, schema: { params: id, querystring: z.object({ name: z.string().optional() }) } },
    async (request) => ({ items: await listLookups(db, request.params.id, request.query.name) }),
  );
  api.put(
    '/connections/:id/lookups',
    {
      ...write,
      schema: {
        params: id,
        body: z.object({
          name: z.string().regex(/^[a-z][a-z0-9-]{1,40}$/),
          key: z.string().min(1).max(200),
          value: z.string().min(1).max(500),
          multiplier: z.number().int().positive().optional(),
          note: z.string().max(500).optional(),
        }),
      },
    },
    async (request) => {
      await operations.saveLookup(request.params.id, request.body as never, request.caller!.name);
      return { ok: true };
    },
  );
  api.delete(
    '/connections/:id/lookups/:name/:key',
    { ...write, schema: { params: id.extend({ name: z.string(), key: z.string() }) } },
    async (request) => {
      await operations.removeLookup(
        request.params.id,
        request.params.name,
        request.params.key,
        request.caller!.name,
      );
      return { ok: true };
    },
  );
}
