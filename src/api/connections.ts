// Which accounts are connected, do they work, and which lookups belong to them?

import { z } from 'zod';
import { permissions, roleXml } from '../erp/netsuite/role.ts';
import { done } from './contract/common.ts';
import {
  certificate,
  certificateInput,
  checkOutcome,
  choicePage,
  connectionInput,
  connectionPage,
  connectionTestInput,
  netsuiteRole,
  schemas,
} from './contract/connections.ts';
import { listConnectionDetails } from './reads/store.ts';
import { type Api, id, route, whole } from './route.ts';
import type { ApiParts } from './server.ts';

export function addConnections(api: Api, { db, operations }: ApiParts): void {
  api.get('/connections', route('read', 'All connections', { answer: connectionPage }), async () =>
    whole(await listConnectionDetails(db)),
  );
  api.get(
    '/schemas',
    route('read', 'JSON Schemas of the settings of connectors and flows', { answer: schemas }),
    async () => operations.schemas(),
  );
  api.put(
    '/connections',
    route('admin', 'Make or change a connection', { body: connectionInput, answer: done }),
    async (request) => {
      await operations.saveConnection(request.body as never, request.caller!.name);
      return { ok: true };
    },
  );
  api.post(
    '/connections/test',
    route('write', 'Test a stored connection, or one before it is saved', {
      body: connectionTestInput,
      answer: checkOutcome,
    }),
    (request) => operations.testConnection(request.body as never),
  );
  api.delete(
    '/connections/:id',
    route('admin', 'Remove a connection that no flow uses', { params: id, answer: done }),
    async (request) => {
      await operations.removeConnection(request.params.id, request.caller!.name);
      return { ok: true };
    },
  );
  for (const [word, state] of [
    ['pause', 'paused'],
    ['resume', 'active'],
  ] as const)
    api.post(
      `/connections/:id/${word}`,
      route('write', word === 'pause' ? 'Pause a connection' : 'Resume a connection', {
        params: id,
        answer: done,
      }),
      async (request) => {
        await operations.setConnectionState(request.params.id, state, request.caller!.name);
        return { ok: true };
      },
    );
  api.get(
    '/connections/:id/choices/:kind',
    route('read', 'What an account offers to choose from: locations, customers, items, …', {
      params: id.extend({ kind: z.string() }),
      querystring: z.object({ q: z.string().max(100).optional() }),
      answer: choicePage,
    }),
    async (request) =>
      whole(await operations.choices(request.params.id, request.params.kind as never, request.query.q)),
  );
  api.post(
    '/connections/:id/certificate',
    route('admin', 'Make a key pair; the answer is the certificate to upload', {
      params: id,
      answer: certificate,
    }),
    (request) => operations.makeCertificate(request.params.id, request.caller!.name),
  );
  api.post(
    '/connections/:id/certificate/use',
    route('admin', 'Take a new certificate into use once NetSuite accepts it', {
      params: id,
      body: certificateInput,
      answer: checkOutcome,
    }),
    (request) =>
      operations.completeCertificate(request.params.id, request.body.certificateId, request.caller!.name),
  );
  api.get(
    '/netsuite-role',
    route('read', 'The NetSuite role that Crossdock needs: file and permissions with their reasons', {
      answer: netsuiteRole,
    }),
    async () => ({
      xml: roleXml(),
      permissions: permissions.map(({ permkey, ...rest }) => ({ key: permkey, ...rest })),
    }),
  );
  api.get(
    '/netsuite-role.xml',
    route('read', 'The NetSuite role that Crossdock needs, as an SDF object', {
      answer: z.string().describe('XML'),
    }),
    async (_request, reply) => reply.type('application/xml').send(roleXml()),
  );
}
