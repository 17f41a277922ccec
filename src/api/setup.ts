// How does a shop come from nothing to live? Steps of the wizard; the work is in app/operations/setup.ts and go-live.ts.
import { z } from 'zod';
import { marketplaces } from '../channels/amazon/marketplaces.ts';
import { done } from './contract/common.ts';
import {
  authorisationAnswer,
  authorisationBegun,
  authorisationDone,
  channelInput,
  checkInput,
  connectedChannel,
  connectedErp,
  erpInput,
  made,
  questions,
  readiness,
  setupChange,
  setupStart,
  setupStarted,
  setups,
  undoInput,
  undone,
} from './contract/setup.ts';
import { type Api, given, id, route } from './route.ts';
import type { ApiParts } from './server.ts';

export function addSetup(api: Api, { operations, publicUrl }: ApiParts): void {
  api.get(
    '/setups',
    route('read', 'Shops being set up, and the practice world', { answer: setups }),
    async () => ({
      ...(await operations.listSetups()),
      next: null,
      marketplaces,
    }),
  );
  api.post(
    '/setups',
    route('admin', 'Begin a set-up, or go on with the open one', { body: setupStart, answer: setupStarted }),
    async (request) => ({ id: await operations.startSetup(request.body.kind, request.caller!.name) }),
  );
  api.patch(
    '/setups/:id',
    route('admin', 'Keep answers and step', { params: id, body: setupChange, answer: done }),
    async (request) => {
      await operations.saveAnswers(request.params.id, given(request.body), request.caller!.name);
      return { ok: true };
    },
  );
  api.delete(
    '/setups/:id',
    route('admin', 'Forget a set-up that never went live', { params: id, answer: done }),
    async (request) => {
      await operations.dropSetup(request.params.id, request.caller!.name);
      return { ok: true };
    },
  );
  api.put(
    '/setups/:id/erp',
    route('admin', 'Connect the books of a set-up', { params: id, body: erpInput, answer: connectedErp }),
    async (request) => ({
      connectionId: await operations.connectErp(request.params.id, given(request.body), request.caller!.name),
    }),
  );
  api.put(
    '/setups/:id/channel',
    route('admin', 'Connect the marketplace of a set-up, as far as it is known', {
      params: id,
      body: channelInput,
      answer: connectedChannel,
    }),
    (request) => operations.connectChannel(request.params.id, given(request.body), request.caller!.name),
  );
  const target = z.union([z.object({ setupId: z.string() }), z.object({ connectionId: z.string() })]);
  api.post(
    '/authorisations',
    route('admin', 'Begin an authorisation by the marketplace’s own page', {
      body: target,
      answer: authorisationBegun,
    }),
    (request) =>
      operations.beginAuthorisation(
        request.body,
        publicUrl ?? `${request.protocol}://${request.host}`,
        request.caller!.name,
      ),
  );
  api.post(
    '/authorisations/complete',
    route('admin', 'Hand over what the marketplace’s page sent back', {
      body: authorisationAnswer,
      answer: authorisationDone,
    }),
    (request) => operations.completeAuthorisation(given(request.body), request.caller!.name),
  );
  api.get(
    '/setups/:id/questions',
    route('read', 'Questions without a safe default, with lists from the accounts', {
      params: id,
      answer: questions,
    }),
    (request) => operations.questions(request.params.id),
  );
  api.post(
    '/setups/:id/check',
    route('admin', 'Try real recent orders; nothing is written', {
      params: id,
      body: checkInput,
      answer: readiness,
    }),
    (request) => operations.checkSetup(request.params.id, request.body.last, request.caller!.name),
  );
  for (const [word, summary, act] of [
    ['go-live', 'Make the flows and start them', operations.goLive],
    ['pause', 'Pause all flows of the shop', operations.pauseSetup],
    ['resume', 'Resume a paused shop', operations.resumeSetup],
    ['roll-back', 'Stop all flows; documents made can then be undone', operations.rollBack],
  ] as const)
    api.post(
      `/setups/:id/${word}`,
      route('admin', summary, { params: id, answer: done }),
      async (request) => {
        await act(request.params.id, request.caller!.name);
        return { ok: true };
      },
    );
  api.get(
    '/setups/:id/made',
    route('read', 'Documents made since going live', {
      params: id,
      querystring: z.object({ cursor: z.string().regex(/^\d+$/).optional() }),
      answer: made,
    }),
    (request) => operations.madeBySetup(request.params.id, request.query.cursor),
  );
  api.post(
    '/setups/:id/undo',
    route('admin', 'Undo documents that NetSuite still allows to be undone', {
      params: id,
      body: undoInput,
      answer: undone,
    }),
    async (request) => ({
      items: await operations.undoMade(request.params.id, request.body.recordIds, request.caller!.name),
    }),
  );
}
