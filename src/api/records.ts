// Which records are there, what happened to one, and what may be done with it?

import { z } from 'zod';
import { readDocuments } from '../archive/store.ts';
import { writeAudit } from '../audit/store.ts';
import { addNote, listRecords, readExchanges, readOverview, readRecord } from './reads/store.ts';
import { type Api, given, numberId, read, write } from './route.ts';
import { type ApiParts, refuse } from './server.ts';

export function addRecords(api: Api, { db, vault, clock, operations }: ApiParts): void {
  api.get('/overview', read, async () => readOverview(db, clock.now()));
  const filter = z.object({
    state: z.string().optional(),
    flow: z.string().optional(),
    q: z.string().max(100).optional(),
    problem: z.string().regex(/^\d+$/).optional(),
    marketplace: z.string().optional(),
    atRisk: z.enum(['true', 'false']).optional(),
    cursor: z.string().regex(/^\d+$/).optional(),
    limit: z.coerce.number().int().min(1).max(200).default(50),
  });
  api.get('/records', { ...read, schema: { querystring: filter } }, async (request) => {
    const { atRisk, ...query } = request.query;
    return listRecords(
      db,
      { ...(given(query) as { limit: number }), atRisk: atRisk === 'true' },
      clock.now(),
    );
  });
  api.get(
    '/records/:id',
    { ...read, schema: { params: numberId } },
    async (request, reply) =>
      (await readRecord(db, request.params.id)) ??
      refuse(reply, 404, 'RECORD_UNKNOWN', 'There is no such record.'),
  );
  api.get('/records/:id/exchanges', { ...read, schema: { params: numberId } }, async (request) => ({
    items: await readExchanges(db, request.params.id),
  }));
  api.get('/records/:id/plan', { ...read, schema: { params: numberId } }, async (request) =>
    operations.planRecord(request.params.id, false),
  );
  api.get('/documents/:id/personal', { ...read, schema: { params: numberId } }, async (request, reply) => {
    if (!request.caller!.seesPersonal)
      return refuse(reply, 403, 'NOT_ALLOWED', 'You may not see buyer data.', [
        'Ask the owner for the permission.',
      ]);
    await writeAudit(db, {
      at: clock.now(),
      actor: request.caller!.name,
      action: 'personal.seen',
      subject: `document:${request.params.id}`,
    });
    return {
      personal:
        (await readDocuments(db, vault, [BigInt(request.params.id)])).get(BigInt(request.params.id))
          ?.personal ?? null,
    };
  });
  const selection = z
    .object({
      ids: z.array(z.string().regex(/^\d+$/)).max(10_000).optional(),
      flowId: z.string().optional(),
      state: z.string().optional(),
      problemId: z.string().regex(/^\d+$/).optional(),
    })
    .refine(
      (one) => Object.values(one).some((value) => value !== undefined),
      'Name the records: ids, flowId, state or problemId.',
    );
  api.post('/records/retry', { ...write, schema: { body: selection } }, async (request) => ({
    retried: await operations.retryRecords(given(request.body) as object, request.caller!.name),
  }));
  api.post(
    '/records/skip',
    {
      ...write,
      schema: {
        body: z.object({
          ids: z.array(z.string().regex(/^\d+$/)).min(1),
          reason: z.string().min(3).max(500),
        }),
      },
    },
    async (request) => ({
      skipped: await operations.skipRecords(
        { ids: request.body.ids },
        request.body.reason,
        request.caller!.name,
      ),
    }),
  );
  api.post(
    '/records/:id/notes',
    { ...write, schema: { params: numberId, body: z.object({ text: z.string().min(1).max(4_000) }) } },
    async (request) => {
      await addNote(db, `record:${request.params.id}`, request.caller!.name, request.body.text, clock.now());
      return { ok: true };
    },
  );
  const pasted = z.object({ flowId: z.string(), text: z.string().min(2) });
  api.post('/orders/plan', { ...read, schema: { body: pasted } }, async (request) => ({
    plans: await operations.planText(request.body.flowId, request.body.text, false),
  }));
  api.post('/orders/import', { ...write, schema: { body: pasted } }, async (request) => ({
    records: await operations.importText(request.body.flowId, request.body.text, request.caller!.name),
  }));
}
