// What must a person decide, and what did they decide?

import { z } from 'zod';
import { addNote, listProblems } from './reads/store.ts';
import { type Api, numberId, read, write } from './route.ts';
import type { ApiParts } from './server.ts';

export function addProblems(api: Api, { db, clock, operations }: ApiParts): void {
  api.get(
    '/problems',
    {
      ...read,
      schema: { querystring: z.object({ state: z.enum(['open', 'ignored', 'resolved']).default('open') }) },
    },
    async (request) => ({ items: await listProblems(db, request.query.state) }),
  );
  api.post('/problems/:id/retry', { ...write, schema: { params: numberId } }, async (request) => ({
    retried: await operations.retryRecords({ problemId: request.params.id }, request.caller!.name),
  }));
  api.post(
    '/problems/:id/ignore',
    { ...write, schema: { params: numberId, body: z.object({ reason: z.string().min(3).max(500) }) } },
    async (request) => {
      await operations.ignoreProblem(request.params.id, request.body.reason, request.caller!.name);
      return { ok: true };
    },
  );
  api.post('/problems/:id/resolve', { ...write, schema: { params: numberId } }, async (request) => {
    await operations.resolveProblem(request.params.id, request.caller!.name);
    return { ok: true };
  });
  api.post(
    '/problems/:id/assign',
    { ...write, schema: { params: numberId, body: z.object({ assignee: z.string().max(100).nullable() }) } },
    async (request) => {
      await operations.assignProblem(request.params.id, request.body.assignee, request.caller!.name);
      return { ok: true };
    },
  );
  api.post(
    '/problems/:id/notes',
    { ...write, schema: { params: numberId, body: z.object({ text: z.string().min(1).max(4_000) }) } },
    async (request) => {
      await addNote(db, `problem:${request.params.id}`, request.caller!.name, request.body.text, clock.now());
      return { ok: true };
    },
  );
}
