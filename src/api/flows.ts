// What do the flows do, and what would change if their mapping did?

import { z } from 'zod';
import { done } from './contract/common.ts';
import {
  begunRun,
  changeInput,
  changePreview,
  flowInput,
  flowPage,
  mappingFieldPage,
  mappingVersionPage,
  override,
  overrideCheck,
  ownFieldPage,
  revertInput,
  runInput,
  savedFlow,
} from './contract/flows.ts';
import { listFlowDetails } from './reads/store.ts';
import { type Api, id, route, whole } from './route.ts';
import type { ApiParts } from './server.ts';

export function addFlows(api: Api, { db, operations }: ApiParts): void {
  api.get('/flows', route('read', 'All flows with tasks, runs and cursors', { answer: flowPage }), async () =>
    whole(await listFlowDetails(db)),
  );
  api.post(
    '/flows',
    route('admin', 'Make a flow or change its settings', { body: flowInput, answer: savedFlow }),
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
    api.post(
      `/flows/:id/${word}`,
      route('write', word === 'pause' ? 'Pause a flow' : 'Resume a flow', { params: id, answer: done }),
      async (request) => {
        await operations.setFlowState(request.params.id, state, request.caller!.name);
        return { ok: true };
      },
    );
  api.post(
    '/flows/:id/run',
    route('write', 'Run a task of a flow now, or read certain orders', {
      params: id,
      body: runInput,
      answer: begunRun,
    }),
    async (request) => {
      const { task, from, ids } = request.body;
      return operations.runFlow(
        request.params.id,
        { task, ...(from ? { from: new Date(from) } : {}), ...(ids ? { ids } : {}) },
        request.caller!.name,
      );
    },
  );
  api.get(
    '/flows/:id/fields',
    route('read', 'Fields of a flow’s mapping, with rules and overrides', {
      params: id,
      answer: mappingFieldPage,
    }),
    async (request) => whole(await operations.mappingFields(request.params.id)),
  );
  api.get(
    '/flows/:id/own-fields',
    route('read', 'Custom fields of the account that may be added to the mapping', {
      params: id,
      answer: ownFieldPage,
    }),
    async (request) => whole(await operations.ownFieldChoices(request.params.id)),
  );
  api.post(
    '/flows/:id/overrides/check',
    route('write', 'Can this override be used? Checked against the account, with the place of a mistake', {
      params: id,
      body: override,
      answer: overrideCheck,
    }),
    async (request) => ({ fault: await operations.checkOverride(request.params.id, request.body) }),
  );
  api.get(
    '/flows/:id/versions',
    route('read', 'Versions of a flow’s mapping, with what each changed', {
      params: id,
      answer: mappingVersionPage,
    }),
    async (request) => whole(await operations.mappingVersions(request.params.id)),
  );
  api.post(
    '/flows/:id/versions/revert',
    route('admin', 'Put the mapping back to what it was just after a moment', {
      params: id,
      body: revertInput,
      answer: done,
    }),
    async (request) => {
      await operations.revertMapping(request.params.id, new Date(request.body.at), request.caller!.name);
      return { ok: true };
    },
  );
  api.put(
    '/flows/:id/overrides',
    route('admin', 'Override a field of a flow’s mapping', { params: id, body: override, answer: done }),
    async (request) => {
      await operations.saveOverride(request.params.id, request.body, request.caller!.name);
      return { ok: true };
    },
  );
  api.delete(
    '/flows/:id/overrides/:field',
    route('admin', 'Take an override back', { params: id.extend({ field: z.string() }), answer: done }),
    async (request) => {
      await operations.removeOverride(request.params.id, request.params.field, request.caller!.name);
      return { ok: true };
    },
  );
  api.post(
    '/flows/:id/preview',
    route('read', 'What a change of settings, overrides or lookups would do to the latest orders', {
      params: id,
      body: changeInput,
      answer: changePreview,
    }),
    async (request) => {
      const { last, ...change } = request.body;
      return operations.previewChange(request.params.id, change as object, last);
    },
  );
}
