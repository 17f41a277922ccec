// Which filters did people keep under a name?
import { z } from 'zod';
import { done } from './contract/common.ts';
import { savedView, viewInput, viewOf, viewPage } from './contract/views.ts';
import { listViews, removeView, saveView } from './reads/views/store.ts';
import { refuse } from './refuse.ts';
import { type Api, numberId, route, whole } from './route.ts';
import type { ApiParts } from './server.ts';

export function addViews(api: Api, { db, clock }: ApiParts): void {
  api.get(
    '/views',
    route('read', 'Saved filters of a list: one’s own and shared ones', {
      querystring: z.object({ page: viewOf.default('records') }),
      answer: viewPage,
    }),
    async (request) => whole(await listViews(db, request.caller!.name, request.query.page)),
  );
  api.post(
    '/views',
    route('write', 'Save a filter under a name; one of the same name is replaced', {
      body: viewInput,
      answer: savedView,
    }),
    async (request) => ({
      id: await saveView(db, { ...request.body, owner: request.caller!.name }, clock.now()),
    }),
  );
  api.delete(
    '/views/:id',
    route('write', 'Remove a saved filter', { params: numberId, answer: done }),
    async (request, reply) => {
      const { name, scopes } = request.caller!;
      if (!(await removeView(db, request.params.id, name, scopes.includes('admin'))))
        return refuse(reply, 404, 'VIEW_UNKNOWN', 'There is no such view of yours.', [
          'Reload the list of views.',
        ]);
      return { ok: true };
    },
  );
}
