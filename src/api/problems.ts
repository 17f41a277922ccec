// What must a person decide, and what did they decide?

import { z } from 'zod';
import { done, paging } from './contract/common.ts';
import { problemDetail, problemPage, problemState } from './contract/problems.ts';
import { retried } from './contract/records.ts';
import { addNote, listProblems, readProblem } from './reads/store.ts';
import { type Api, numberId, route } from './route.ts';
import { type ApiParts, refuse } from './server.ts';

export function addProblems(api: Api, { db, clock, operations }: ApiParts): void {
  api.get(
    '/problems',
    route('read', 'Problems by cause, the latest first', {
      querystring: paging.extend({ state: problemState.default('open') }),
      answer: problemPage,
    }),
    (request) => listProblems(db, request.query),
  );
  api.get(
    '/problems/:id',
    route('read', 'One problem with its notes', { params: numberId, answer: problemDetail }),
    async (request, reply) =>
      (await readProblem(db, request.params.id)) ??
      refuse(reply, 404, 'PROBLEM_UNKNOWN', `There is no problem ${request.params.id}.`, [
        'List them with: crossdock problems list',
      ]),
  );
  api.post(
    '/problems/:id/retry',
    route('write', 'Put all records of a problem back into the queue', { params: numberId, answer: retried }),
    async (request) => ({
      retried: await operations.retryRecords({ problemId: request.params.id }, request.caller!.name),
    }),
  );
  api.post(
    '/problems/:id/ignore',
    route('write', 'Ignore a problem, with the reason', {
      params: numberId,
      body: z.object({ reason: z.string().min(3).max(500) }),
      answer: done,
    }),
    async (request) => {
      await operations.ignoreProblem(request.params.id, request.body.reason, request.caller!.name);
      return { ok: true };
    },
  );
  api.post(
    '/problems/:id/resolve',
    route('write', 'Mark a task as done', { params: numberId, answer: done }),
    async (request) => {
      await operations.resolveProblem(request.params.id, request.caller!.name);
      return { ok: true };
    },
  );
  api.post(
    '/problems/:id/assign',
    route('write', 'Give a problem to someone', {
      params: numberId,
      body: z.object({ assignee: z.string().max(100).nullable() }),
      answer: done,
    }),
    async (request) => {
      await operations.assignProblem(request.params.id, request.body.assignee, request.caller!.name);
      return { ok: true };
    },
  );
  api.post(
    '/problems/:id/notes',
    route('write', 'Write a note beside a problem', {
      params: numberId,
      body: z.object({ text: z.string().min(1).max(4_000) }),
      answer: done,
    }),
    async (request) => {
      await addNote(db, `problem:${request.params.id}`, request.caller!.name, request.body.text, clock.now());
      return { ok: true };
    },
  );
}
