// What must a person decide, what takes it away, and what did they decide?

import { z } from 'zod';
import { fixOf } from '../problems/fix.ts';
import { listProblems, pastCures, problemRecords, readProblem } from '../problems/reads/store.ts';
import { done } from './contract/common.ts';
import {
  documentEdit,
  documentEditWithReason,
  documentValues,
  movedProblems,
  problemAssignment,
  problemDetail,
  problemFilter,
  problemPage,
  problemSelection,
  problemSelectionWithReason,
  problemState,
  reason,
} from './contract/problems.ts';
import { dryRun, retried } from './contract/records.ts';
import { csvOf, sendCsv } from './csv.ts';
import { CursorError } from './reads/paging.ts';
import { refuse } from './refuse.ts';
import { type Api, numberId, route } from './route.ts';
import type { ApiParts } from './server.ts';

type Row = Awaited<ReturnType<typeof listProblems>>['items'][number];

export function addProblems(api: Api, parts: ApiParts): void {
  addReads(api, parts);
  addActs(api, parts);
  addEdits(api, parts);
}

function addReads(api: Api, { db, operations }: ApiParts): void {
  const whole = async (rows: readonly Row[]) => {
    const cures = await pastCures(db, [...new Set(rows.map((row) => row.code))]);
    const links = await operations.remoteLinks(rows);
    return rows.map((row, index) => ({
      ...row,
      fix: fixOf(row),
      pastCure: cures.get(row.code) ?? null,
      remoteUrl: links[index] ?? null,
    }));
  };
  api.get(
    '/problems',
    route('read', 'Problems by cause, with what takes each away', {
      querystring: problemFilter,
      answer: problemPage,
    }),
    async (request) => {
      const { cursor, ...query } = request.query;
      const page = await listProblems(db, { ...query, offset: offsetOf(cursor) });
      return { ...page, items: await whole(page.items) };
    },
  );
  api.get(
    '/problems/:id',
    route('read', 'One problem with its history', { params: numberId, answer: problemDetail }),
    async (request, reply) => {
      const found = await readProblem(db, request.params.id);
      if (!found)
        return refuse(reply, 404, 'PROBLEM_UNKNOWN', `There is no problem ${request.params.id}.`, [
          'List them with: crossdock problems list',
        ]);
      return { problem: (await whole([found.problem]))[0]!, events: found.events };
    },
  );
  const file = z.string().describe('CSV');
  api.get(
    '/problems/records.csv',
    route('read', 'Every record of one problem, or of all in a state, as CSV', {
      querystring: z.object({
        problem: z.string().regex(/^\d+$/).optional(),
        state: problemState.optional(),
      }),
      answer: file,
    }),
    (request, reply) =>
      sendCsv(
        reply,
        'crossdock-problems.csv',
        csvOf(problemRecords(db, request.query.problem, request.query.state), [
          'problemId',
          'flowId',
          'key',
          'state',
          'code',
          'message',
          'field',
          'currency',
          'totalMinor',
          'placedAt',
          'updatedAt',
          'assignee',
          'id',
        ]),
      ),
  );
}

/** Lists are as long as there are causes, so a position is enough of a cursor. */
function offsetOf(cursor: string | undefined): number {
  if (cursor !== undefined && !/^\d{1,9}$/.test(cursor)) throw new CursorError();
  return Number(cursor ?? 0);
}

function addActs(api: Api, { operations }: ApiParts): void {
  api.post(
    '/problems/retry',
    route('write', 'Put all parked records of problems back into the queue', {
      body: problemSelection,
      answer: retried,
    }),
    async (request) => ({ retried: await operations.retryProblems(request.body.ids, request.caller!.name) }),
  );
  api.post(
    '/problems/skip',
    route('write', 'Take all parked records of problems out of their flows, with the reason', {
      body: problemSelectionWithReason,
      answer: movedProblems,
    }),
    async (request) => ({
      moved: await operations.skipProblems(request.body.ids, request.body.reason, request.caller!.name),
    }),
  );
  api.post(
    '/problems/ignore',
    route('write', 'Ignore problems, with the reason', {
      body: problemSelectionWithReason,
      answer: movedProblems,
    }),
    async (request) => ({
      moved: await operations.ignoreProblems(request.body.ids, request.body.reason, request.caller!.name),
    }),
  );
  api.post(
    '/problems/unignore',
    route('write', 'Take up ignored problems again', { body: problemSelection, answer: movedProblems }),
    async (request) => ({ moved: await operations.unignoreProblems(request.body.ids, request.caller!.name) }),
  );
  api.post(
    '/problems/resolve',
    route('write', 'Mark tasks as done', { body: problemSelection, answer: movedProblems }),
    async (request) => ({ moved: await operations.resolveProblems(request.body.ids, request.caller!.name) }),
  );
  api.post(
    '/problems/assign',
    route('write', 'Give problems to someone, or to nobody', {
      body: problemAssignment,
      answer: movedProblems,
    }),
    async (request) => ({
      moved: await operations.assignProblems(request.body.ids, request.body.assignee, request.caller!.name),
    }),
  );
  // One problem by its address: what programs and the command line use.
  api.post(
    '/problems/:id/retry',
    route('write', 'Put all records of a problem back into the queue', { params: numberId, answer: retried }),
    async (request) => ({
      retried: await operations.retryProblems([request.params.id], request.caller!.name),
    }),
  );
  api.post(
    '/problems/:id/ignore',
    route('write', 'Ignore a problem, with the reason', {
      params: numberId,
      body: z.object({ reason }),
      answer: done,
    }),
    async (request) => {
      await operations.ignoreProblems([request.params.id], request.body.reason, request.caller!.name);
      return { ok: true };
    },
  );
  api.post(
    '/problems/:id/resolve',
    route('write', 'Mark a task as done', { params: numberId, answer: done }),
    async (request) => {
      await operations.resolveProblems([request.params.id], request.caller!.name);
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
      await operations.assignProblems([request.params.id], request.body.assignee, request.caller!.name);
      return { ok: true };
    },
  );
  api.post(
    '/problems/:id/notes',
    route('write', 'Write a comment beside a problem', {
      params: numberId,
      body: z.object({ text: z.string().min(1).max(4_000) }),
      answer: done,
    }),
    async (request) => {
      await operations.commentProblem(request.params.id, request.body.text, request.caller!.name);
      return { ok: true };
    },
  );
}

function addEdits(api: Api, { operations }: ApiParts): void {
  api.get(
    '/records/:id/values',
    route('read', 'The single values of a record’s document', { params: numberId, answer: documentValues }),
    (request) => operations.documentValues(request.params.id),
  );
  api.post(
    '/records/:id/edit/preview',
    route('read', 'Dry run of the document with changed values', {
      params: numberId,
      body: documentEdit,
      answer: dryRun,
    }),
    (request) => operations.previewEdit(request.params.id, request.body.changes),
  );
  api.post(
    '/records/:id/edit',
    route('edit', 'Store a changed copy of the document and retry with it', {
      params: numberId,
      body: documentEditWithReason,
      answer: done,
    }),
    async (request) => {
      const { changes, reason: why } = request.body;
      await operations.editRecord(request.params.id, changes, why, request.caller!.name);
      return { ok: true };
    },
  );
}
