// The owner's tables: rows, files, history. Every act can be undone while nothing came after it.
import { z } from 'zod';
import { listLookupTables } from '../mapping/store.ts';
import { paging } from './contract/common.ts';
import {
  lookupChangePage,
  lookupDone,
  lookupFile,
  lookupInput,
  lookupPage,
  lookupPreview,
  lookupTablePage,
} from './contract/connections.ts';
import { listLookups } from './reads/store.ts';
import { type Api, given, id, route, whole } from './route.ts';
import type { ApiParts } from './server.ts';

const table = id.extend({ name: z.string().regex(/^[a-z][a-z0-9-]{1,40}$/) });

export function addLookups(api: Api, { db, operations }: ApiParts): void {
  api.get(
    '/connections/:id/lookups',
    route('read', 'Lookup rows of a connection, by table and key', {
      params: id,
      querystring: paging.extend({ name: z.string().max(60).optional(), q: z.string().max(200).optional() }),
      answer: lookupPage,
    }),
    (request) => listLookups(db, request.params.id, given(request.query)),
  );
  api.get(
    '/connections/:id/lookup-tables',
    route('read', 'Lookup tables of a connection, with their sizes', { params: id, answer: lookupTablePage }),
    async (request) => whole(await listLookupTables(db, request.params.id)),
  );
  api.put(
    '/connections/:id/lookups',
    route('write', 'Save a lookup row; records that waited for it go on', {
      params: id,
      body: lookupInput,
      answer: lookupDone,
    }),
    (request) => operations.saveLookup(request.params.id, given(request.body), request.caller!.name),
  );
  api.delete(
    '/connections/:id/lookups/:name/:key',
    route('write', 'Remove a lookup row', { params: table.extend({ key: z.string() }), answer: lookupDone }),
    (request) => {
      const { id: connectionId, name, key } = request.params;
      return operations.removeLookup(connectionId, name, key, request.caller!.name);
    },
  );
  api.get(
    '/connections/:id/lookups/:name/csv',
    route('read', 'A lookup table as CSV', { params: table, answer: z.string().describe('CSV') }),
    async (request, reply) =>
      reply
        .type('text/csv; charset=utf-8')
        .header('content-disposition', `attachment; filename="${request.params.name}.csv"`)
        .send(await operations.exportLookups(request.params.id, request.params.name)),
  );
  api.post(
    '/connections/:id/lookups/:name/csv/preview',
    route('read', 'What a CSV would add, change and remove, and which lines it is refused for', {
      params: table,
      body: lookupFile,
      answer: lookupPreview,
    }),
    (request) => {
      const { csv, replace } = request.body;
      return operations.previewLookups(request.params.id, request.params.name, csv, replace);
    },
  );
  api.post(
    '/connections/:id/lookups/:name/csv',
    route('write', 'Import a CSV into a lookup table, all or nothing', {
      params: table,
      body: lookupFile,
      answer: lookupDone,
    }),
    (request) => {
      const { id: connectionId, name } = request.params;
      const { csv, replace } = request.body;
      return operations.importLookups(connectionId, name, csv, replace, request.caller!.name);
    },
  );
  api.get(
    '/connections/:id/lookups/:name/changes',
    route('read', 'The latest acts on a lookup table', { params: table, answer: lookupChangePage }),
    async (request) => whole(await operations.lookupChanges(request.params.id, request.params.name)),
  );
  api.post(
    '/connections/:id/lookup-changes/:change/undo',
    route('write', 'Undo an act on a lookup table', {
      params: id.extend({ change: z.string().regex(/^\d{1,18}$/) }),
      answer: lookupDone,
    }),
    (request) => operations.undoLookupChange(request.params.id, request.params.change, request.caller!.name),
  );
}
