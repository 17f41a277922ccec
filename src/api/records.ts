// Which records are there, what happened to one, and what may be done with it?

import { z } from 'zod';
import { readDocuments } from '../archive/store.ts';
import { writeAudit } from '../audit/store.ts';
import { done, number, paging } from './contract/common.ts';
import {
  dryRun,
  dryRuns,
  exchangePage,
  imported,
  overview,
  personal,
  recordDetail,
  recordPage,
  recordState,
  retried,
  skipped,
} from './contract/records.ts';
import { addNote, listRecords, readExchanges, readOverview, readRecord } from './reads/store.ts';
import { type Api, given, numberId, route } from './route.ts';
import { type ApiParts, refuse } from './server.ts';

const states = z
  .string()
  .refine(
    (text) => text.split(',').every((one) => recordState.safeParse(one).success),
    `is one or several, with commas, of ${recordState.options.join(', ')}`,
  );
const filter = paging.extend({
  state: states.optional().describe('One state or several, separated by commas.'),
  flow: z.string().max(200).optional(),
  q: z.string().max(100).optional().describe('Any id of either system; the marketplace’s by its beginning.'),
  problem: number.optional(),
  marketplace: z.string().max(40).optional(),
  atRisk: z.enum(['true', 'false']).optional().describe('Orders to be shipped within 24 hours.'),
});
const selection = z
  .object({
    ids: z.array(number).max(10_000).optional(),
    flowId: z.string().optional(),
    state: recordState.optional(),
    problemId: number.optional(),
  })
  .refine(
    (one) => Object.values(one).some((value) => value !== undefined),
    'Name the records: ids, flowId, state or problemId.',
  );
const reason = z.string().min(3).max(500);
const pasted = z.object({ flowId: z.string(), text: z.string().min(2) });

export function addRecords(api: Api, { db, vault, clock, operations }: ApiParts): void {
  api.get('/overview', route('read', 'What waits, moves, is done and parked', { answer: overview }), () =>
    readOverview(db, clock.now()),
  );
  api.get(
    '/records',
    route('read', 'Records, newest first', { querystring: filter, answer: recordPage }),
    async (request) => {
      const { atRisk, ...query } = request.query;
      return listRecords(
        db,
        { ...(given(query) as { limit: number }), atRisk: atRisk === 'true' },
        clock.now(),
      );
    },
  );
  api.get(
    '/records/:id',
    route('read', 'One record with its timeline, attempts, documents and notes', {
      params: numberId,
      answer: recordDetail,
    }),
    async (request, reply) =>
      (await readRecord(db, request.params.id)) ??
      refuse(reply, 404, 'RECORD_UNKNOWN', 'There is no such record.', [
        'List them with: crossdock records list',
      ]),
  );
  api.get(
    '/records/:id/exchanges',
    route('read', 'Requests and answers of a record, newest first, without secrets and buyer data', {
      params: numberId,
      querystring: paging,
      answer: exchangePage,
    }),
    (request) => readExchanges(db, request.params.id, request.query),
  );
  api.get(
    '/records/:id/plan',
    route('read', 'Dry run of a stored order: what would be sent now, and why each value', {
      params: numberId,
      answer: dryRun,
    }),
    (request) => operations.planRecord(request.params.id, false),
  );
  api.get(
    '/documents/:id/personal',
    route('read', 'The buyer’s data of a document; each look is written to the audit log', {
      params: numberId,
      answer: personal,
    }),
    async (request, reply) => {
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
      const documentId = BigInt(request.params.id);
      return { personal: (await readDocuments(db, vault, [documentId])).get(documentId)?.personal ?? null };
    },
  );
  api.post(
    '/records/retry',
    route('write', 'Put records back into the queue', { body: selection, answer: retried }),
    async (request) => ({
      retried: await operations.retryRecords(given(request.body) as object, request.caller!.name),
    }),
  );
  api.post(
    '/records/skip',
    route('write', 'Take records out for good, with the reason', {
      body: z.object({ ids: z.array(number).min(1).max(10_000), reason }),
      answer: skipped,
    }),
    async (request) => {
      const { ids, reason } = request.body;
      return { skipped: await operations.skipRecords({ ids }, reason, request.caller!.name) };
    },
  );
  api.post(
    '/records/:id/notes',
    route('write', 'Write a note beside a record', {
      params: numberId,
      body: z.object({ text: z.string().min(1).max(4_000) }),
      answer: done,
    }),
    async (request) => {
      await addNote(db, `record:${request.params.id}`, request.caller!.name, request.body.text, clock.now());
      return { ok: true };
    },
  );
  api.post(
    '/orders/plan',
    route('read', 'Dry run of pasted order documents', { body: pasted, answer: dryRuns }),
    async (request) => ({
      plans: await operations.planText(request.body.flowId, request.body.text, false),
    }),
  );
  api.post(
    '/orders/import',
    route('write', 'Import pasted order documents', { body: pasted, answer: imported }),
    async (request) => ({
      records: await operations.importText(request.body.flowId, request.body.text, request.caller!.name),
    }),
  );
}
