// What do the flows do, and what would change if their mapping did?

import { z } from 'zod';
import { listFlowDetails } from './reads/store.ts';
import { type Api, admin, id, read, write } from './route.ts';
import type { ApiParts } from './server.ts';

export function addFlows(api: Api, { db, operations }: ApiParts): void {
  api.get('/flows', read, async () => ({ items: await listFlowDetails(db) }));
  api.post(
    '/flows',
    {
      ...admin,
      schema: {
        body: z.object({
          id: z.string().optional(),
          kind: z.string(),
          channelConnectionId: z.string(),
          erpConnectionId: z.string(),
          settings: z.unknown(),
        }),
      },
    },
    async (request) => {
      const { id: flowId, ...rest } = request.body;
      return {
        id: await operations.saveFlow(
          { ...rest, settings: rest.settings, ...(flowId ? { id: flowId } : {}) },
          request.caller!.name,
        ),
      };
    },
  );
  for (const [word, state] of [
    ['pause', 'paused'],
    ['resume', 'active'],
  ] as const)
    api.post(`/flows/:id/${word}`, { ...write, schema: { params: id } }, async (request) => {
      await operations.setFlowState(request.params.id, state, request.caller!.name);
      return { ok: true };
    });
  const moment = z.iso.datetime({ offset: true }).optional();
  api.post(
    '/flows/:id/run',
    {
      ...write,
      schema: {
        params: id,
        body: z.object({
          task: z.string().default('sweep'),
          from: moment,
          ids: z.array(z.string().min(3).max(60)).max(5_000).optional(),
        }),
      },
    },
    async (request) => {
      const { task, from, ids } = request.body;
      return operations.runFlow(
        request.params.id,
        { task, ...(from ? { from: new Date(from) } : {}), ...(ids ? { ids } : {}) },
        request.caller!.name,
      );
    },
  );
  api.get('/flows/:id/fields', { ...read, schema: { params: id } }, async (request) => ({
    items: await operations.mappingFields(request.params.id),
  }));
  const override = z.object({
    field: z.string(),
    kind: z.enum(['constant', 'lookup', 'expression']),
    value: z.string().min(1).max(2_000),
  });
  api.put('/flows/:id/overrides', { ...admin, schema: { params: id, body: override } }, async (request) => {
    await operations.saveOverride(request.params.id, request.body, request.caller!.name);
    return { ok: true };
  });
  api.delete(
    '/flows/:id/overrides/:field',
    { ...admin, schema: { params: id.extend({ field: z.string() }) } },
    async (request) => {
      await operations.removeOverride(request.params.id, request.params.field, request.caller!.name);
      return { ok: true };
    },
  );
  api.post(
    '/flows/:id/preview',
    {
      ...read,
      schema: {
        params: id,
        body: z.object({
          settings: z.unknown().optional(),
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
          last: z.number().int().min(1).max(500).default(50),
        }),
      },
    },
    async (request) => {
      const { last, ...change } = request.body;
      return operations.previewChange(request.params.id, change as object, last);
    },
  );
}
