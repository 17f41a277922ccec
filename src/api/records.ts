// Which records are there, what happened to one, and what may be done with it?

import { Readable } from 'node:stream';
import { z } from 'zod';
import { readDocuments } from '../archive/store.ts';
import { writeAudit } from '../audit/store.ts';
import { done, number, paging } from './contract/common.ts';
import {
  dryRun,
  dryRuns,
  exchangePage,
  imported,
  neighbours,
  personal,
  type RecordFilter,
  recordCount,
  recordDetail,
  recordFilter,
  recordPage,
  recordPlaces,
  recordState,
  remoteDocument,
  retried,
  skipped,
} from './contract/records.ts';
import {
  countRecords,
  eachPage,
  listRecords,
  neighboursOf,
  readExchanges,
  readRecord,
} from './reads/records/store.ts';
import { addNote } from './reads/store.ts';
import { csvColumns, csvOf } from './records-csv.ts';
import { refuse } from './refuse.ts';
import { type Api, given, numberId, route } from './route.ts';
import type { ApiParts } from './server.ts';

const filter = paging.extend(recordFilter.shape);
const selection = z
  .object({
    ids: z.array(number).max(10_000).optional(),
    flowId: z.string().optional(),
    state: recordState.optional(),
    problemId: number.optional(),
    filter: recordFilter.optional().describe('Every record that fits; the same words as in GET /records.'),
  })
  .refine(
    (one) => Object.values(one).some((value) => value !== undefined),
    'Name the records: ids, flowId, state, problemId or filter.',
  );
const reason = z.string().min(3).max(500);
const pasted = z.object({ flowId: z.string(), text: z.string().min(2) });

export function addRecords(api: Api, { db, vault, clock, operations }: ApiParts): void {
  /** Does something to every record that fits, some hundreds in a transaction: a million never wait for one. */
  const forEach = async (wanted: RecordFilter, act: (selected: { ids: string[] }) => Promise<number>) => {
    let done = 0;
    for await (const rows of eachPage(db, wanted, clock.now(), 500))
      done += await act({ ids: rows.map((row) => row.id.toString()) });
    return done;
  };
  api.get(
    '/records',
    route('read', 'Records, newest first', { querystring: filter, answer: recordPage }),
    async (request) => {
      const { cursor, limit, ...wanted } = request.query;
      return listRecords(db, wanted, { cursor, limit }, clock.now());
    },
  );
  api.get(
    '/records/count',
    route('read', 'How many records fit; counting stops early unless it must be exact', {
      querystring: recordFilter.extend({ exact: z.enum(['true', 'false']).default('false') }),
      answer: recordCount,
    }),
    async (request) => {
      const { exact, ...wanted } = request.query;
      return countRecords(db, wanted, clock.now(), exact === 'true');
    },
  );
  api.get(
    '/records/export',
    route('read', 'All records that fit, as CSV, streamed', {
      querystring: recordFilter.extend({
        columns: z
          .string()
          .refine(
            (text) => text.split(',').every((one) => one in csvColumns),
            `is made of ${Object.keys(csvColumns).join(', ')}`,
          )
          .default(Object.keys(csvColumns).join(','))
          .describe('Columns, with commas.'),
      }),
      answer: z.string().describe('CSV'),
    }),
    async (request, reply) => {
      const { columns, ...wanted } = request.query;
      return reply
        .type('text/csv; charset=utf-8')
        .header('content-disposition', 'attachment; filename="records.csv"')
        .send(Readable.from(csvOf(eachPage(db, wanted, clock.now(), 1_000), columns.split(','))));
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
    '/records/:id/neighbours',
    route('read', 'The records before and after one in a filtered list', {
      params: numberId,
      querystring: recordFilter,
      answer: neighbours,
    }),
    (request) => neighboursOf(db, request.params.id, request.query, clock.now()),
  );
  api.get(
    '/records/:id/remote',
    route('read', 'The document of a record as the ERP has it now', {
      params: numberId,
      answer: remoteDocument,
    }),
    (request) => operations.readRemote(request.params.id),
  );
  api.get(
    '/records/:id/places',
    route('read', 'Where a record’s order and document are seen in the other systems', {
      params: numberId,
      answer: recordPlaces,
    }),
    (request) => operations.placesOf(request.params.id),
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
    async (request) => {
      const { filter: wanted, ...named } = request.body;
      const retry = (selected: object) => operations.retryRecords(selected, request.caller!.name);
      return { retried: wanted ? await forEach(wanted, retry) : await retry(given(named)) };
    },
  );
  api.post(
    '/records/skip',
    route('write', 'Take records out for good, with the reason', {
      body: z
        .object({
          ids: z.array(number).min(1).max(10_000).optional(),
          filter: recordFilter.optional(),
          reason,
        })
        .refine(
          (one) => one.ids !== undefined || one.filter !== undefined,
          'Name the records: ids or filter.',
        ),
      answer: skipped,
    }),
    async (request) => {
      const { ids, filter: wanted, reason } = request.body;
      const skip = (selected: { ids: readonly string[] }) =>
        operations.skipRecords(selected, reason, request.caller!.name);
      return { skipped: wanted ? await forEach(wanted, skip) : await skip({ ids: ids! }) };
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
