// Which routes are there? Schema and handler, nothing else: reads come from reads/store.ts, changes go to operations.ts.
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { readDocuments } from '../archive/store.ts';
import { verifyAudit, writeAudit } from '../audit/store.ts';
import { inTransaction } from '../db/pool.ts';
import { roleXml } from '../erp/netsuite/role.ts';
import {
  addNote,
  listAudit,
  listConnectionDetails,
  listFlowDetails,
  listLookups,
  listProblems,
  listQuotas,
  listRecords,
  readExchanges,
  readOverview,
  readRecord,
} from './reads/store.ts';
import { type ApiParts, cookieName, refuse } from './server.ts';
import {
  createApiToken,
  hasUsers,
  listTokens,
  revokeToken,
  signIn,
  signOut,
  useOwnerLink,
} from './users/store.ts';

const id = z.object({ id: z.string().min(1).max(120) });
const numberId = z.object({ id: z.string().regex(/^\d{1,18}$/) });
const open = { config: { scope: 'open' as const } };
const read = { config: { scope: 'read' as const } };
const write = { config: { scope: 'write' as const } };
const admin = { config: { scope: 'admin' as const } };

export function addRoutes(scope: FastifyInstance, parts: ApiParts): void {
  const api = scope.withTypeProvider<ZodTypeProvider>();
  addSession(api, parts);
  addRecords(api, parts);
  addFlows(api, parts);
  addConnections(api, parts);
  addProblems(api, parts);
  addHouse(api, parts);
}

type Api =
  ReturnType<FastifyInstance['withTypeProvider']> extends infer _
    ? import('fastify').FastifyInstance<
        import('fastify').RawServerDefault,
        import('node:http').IncomingMessage,
        import('node:http').ServerResponse,
        import('fastify').FastifyBaseLogger,
        ZodTypeProvider
      >
    : never;

function addSession(api: Api, { db, clock, demo, publicUrl }: ApiParts): void {
  api.get('/health', open, async () => ({ ok: true }));
  api.get('/session', open, async () => ({ needsOwner: !(await hasUsers(db)), demo }));
  api.get('/me', read, async (request) => ({
    name: request.caller!.name,
    scopes: request.caller!.scopes,
    csrf: request.caller!.csrf ?? null,
    demo,
    seesPersonal: request.caller!.seesPersonal,
  }));
  const credentials = z.object({ email: z.email(), password: z.string().min(1).max(200) });
  const enter = async (reply: import('fastify').FastifyReply, email: string, password: string) => {
    const session = await signIn(db, email, password, clock.now());
    if (session === 'locked')
      return refuse(
        reply,
        429,
        'LOCKED_OUT',
        'Too many wrong passwords: this account is locked for an hour.',
        ['Wait, or ask another owner.'],
      );
    if (session === 'refused')
      return refuse(reply, 401, 'PASSWORD_WRONG', 'E-mail address and password do not fit.', [
        'Check both and try again.',
      ]);
    reply.setCookie(cookieName, session.cookie, {
      path: '/',
      httpOnly: true,
      sameSite: 'strict',
      secure: publicUrl?.startsWith('https:') ?? false,
    });
    return { csrf: session.csrf };
  };
  api.post('/session', { ...open, schema: { body: credentials } }, (request, reply) =>
    enter(reply, request.body.email, request.body.password),
  );
  api.post(
    '/setup',
    {
      ...open,
      schema: {
        body: credentials.extend({
          link: z.string().min(10).max(100),
          name: z.string().min(1).max(100),
          password: z.string().min(12, 'needs at least 12 characters').max(200),
        }),
      },
    },
    async (request, reply) => {
      const { link, email, name, password } = request.body;
      const made = await inTransaction(db, async (tx) => {
        const used = await useOwnerLink(tx, link, { email, name, password }, clock.now());
        if (used)
          await writeAudit(tx, {
            at: clock.now(),
            actor: name,
            action: 'user.made',
            subject: `user:${email}`,
            detail: { role: 'owner' },
          });
        return used;
      });
      if (!made)
        return refuse(reply, 410, 'LINK_SPENT', 'This link was used already or is too old.', [
          'Start Crossdock again: it prints a new link while there is no owner.',
        ]);
      return enter(reply, email, password);
    },
  );
  api.delete('/session', read, async (request, reply) => {
    await signOut(db, request.cookies[cookieName] ?? '');
    reply.clearCookie(cookieName, { path: '/' });
    return { ok: true };
  });
}

function addRecords(api: Api, { db, vault, clock, operations }: ApiParts): void {
  api.get('/overview', read, async () => readOverview(db, clock.now()));
  const filter = z.object({
    state: z.string().optional(),
    flow: z.string().optional(),
    q: z.string().max(100).optional(),
    problem: z.string().regex(/^\d+$/).optional(),
    marketplace: z.string().optional(),
    atRisk: z.enum(['true', 'false']).optional(),
    cursor: z.string().regex(/^\d+$/).optional(),
    limit: z.coerce.number().int().min(1).max(200).default(50),
  });
  const given = <Value extends object>(value: Value) =>
    Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined)) as Value;
  api.get('/records', { ...read, schema: { querystring: filter } }, async (request) => {
    const { atRisk, ...query } = request.query;
    return listRecords(
      db,
      { ...(given(query) as { limit: number }), atRisk: atRisk === 'true' },
      clock.now(),
    );
  });
  api.get(
    '/records/:id',
    { ...read, schema: { params: numberId } },
    async (request, reply) =>
      (await readRecord(db, request.params.id)) ??
      refuse(reply, 404, 'RECORD_UNKNOWN', 'There is no such record.'),
  );
  api.get('/records/:id/exchanges', { ...read, schema: { params: numberId } }, async (request) => ({
    items: await readExchanges(db, request.params.id),
  }));
  api.get('/records/:id/plan', { ...read, schema: { params: numberId } }, async (request) =>
    operations.planRecord(request.params.id, false),
  );
  api.get('/documents/:id/personal', { ...read, schema: { params: numberId } }, async (request, reply) => {
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
    return {
      personal:
        (await readDocuments(db, vault, [BigInt(request.params.id)])).get(BigInt(request.params.id))
          ?.personal ?? null,
    };
  });
  const selection = z
    .object({
      ids: z.array(z.string().regex(/^\d+$/)).max(10_000).optional(),
      flowId: z.string().optional(),
      state: z.string().optional(),
      problemId: z.string().regex(/^\d+$/).optional(),
    })
    .refine(
      (one) => Object.values(one).some((value) => value !== undefined),
      'Name the records: ids, flowId, state or problemId.',
    );
  api.post('/records/retry', { ...write, schema: { body: selection } }, async (request) => ({
    retried: await operations.retryRecords(given(request.body) as object, request.caller!.name),
  }));
  api.post(
    '/records/skip',
    {
      ...write,
      schema: {
        body: z.object({
          ids: z.array(z.string().regex(/^\d+$/)).min(1),
          reason: z.string().min(3).max(500),
        }),
      },
    },
    async (request) => ({
      skipped: await operations.skipRecords(
        { ids: request.body.ids },
        request.body.reason,
        request.caller!.name,
      ),
    }),
  );
  api.post(
    '/records/:id/notes',
    { ...write, schema: { params: numberId, body: z.object({ text: z.string().min(1).max(4_000) }) } },
    async (request) => {
      await addNote(db, `record:${request.params.id}`, request.caller!.name, request.body.text, clock.now());
      return { ok: true };
    },
  );
  const pasted = z.object({ flowId: z.string(), text: z.string().min(2) });
  api.post('/orders/plan', { ...read, schema: { body: pasted } }, async (request) => ({
    plans: await operations.planText(request.body.flowId, request.body.text, false),
  }));
  api.post('/orders/import', { ...write, schema: { body: pasted } }, async (request) => ({
    records: await operations.importText(request.body.flowId, request.body.text, request.caller!.name),
  }));
}

function addFlows(api: Api, { db, operations }: ApiParts): void {
  api.get('/flows', read, async () => ({ items: await listFlowDetails(db) }));
  api.post(
    '/flows',
    {
      ...admin,
      schema: {
        body: z.object({
          id: z.string().optional(),
          kind: z.string(),
          channelConnectionId: z.string(),
          erpConnectionId: z.string(),
          settings: z.unknown(),
        }),
      },
    },
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
    api.post(`/flows/:id/${word}`, { ...write, schema: { params: id } }, async (request) => {
      await operations.setFlowState(request.params.id, state, request.caller!.name);
      return { ok: true };
    });
  const moment = z.iso.datetime({ offset: true }).optional();
  api.post(
    '/flows/:id/run',
    {
      ...write,
      schema: {
        params: id,
        body: z.object({
          task: z.string().default('sweep'),
          from: moment,
          ids: z.array(z.string().min(3).max(60)).max(5_000).optional(),
        }),
      },
    },
    async (request) => {
      const { task, from, ids } = request.body;
      return operations.runFlow(
        request.params.id,
        { task, ...(from ? { from: new Date(from) } : {}), ...(ids ? { ids } : {}) },
        request.caller!.name,
      );
    },
  );
  api.get('/flows/:id/fields', { ...read, schema: { params: id } }, async (request) => ({
    items: await operations.mappingFields(request.params.id),
  }));
  const override = z.object({
    field: z.string(),
    kind: z.enum(['constant', 'lookup', 'expression']),
    value: z.string().min(1).max(2_000),
  });
  api.put('/flows/:id/overrides', { ...admin, schema: { params: id, body: override } }, async (request) => {
    await operations.saveOverride(request.params.id, request.body, request.caller!.name);
    return { ok: true };
  });
  api.delete(
    '/flows/:id/overrides/:field',
    { ...admin, schema: { params: id.extend({ field: z.string() }) } },
    async (request) => {
      await operations.removeOverride(request.params.id, request.params.field, request.caller!.name);
      return { ok: true };
    },
  );
  api.post(
    '/flows/:id/preview',
    {
      ...read,
      schema: {
        params: id,
        body: z.object({
          settings: z.unknown().optional(),
          overrides: z.array(override).optional(),
          lookups: z
            .array(
              z.object({
                name: z.string(),
                key: z.string(),
                value: z.string(),
                multiplier: z.number().int().positive().optional(),
              }),
            )
            .optional(),
          last: z.number().int().min(1).max(500).default(50),
        }),
      },
    },
    async (request) => {
      const { last, ...change } = request.body;
      return operations.previewChange(request.params.id, change as object, last);
    },
  );
}

function addConnections(api: Api, { db, operations }: ApiParts): void {
  api.get('/connections', read, async () => ({ items: await listConnectionDetails(db) }));
  api.get('/schemas', read, async () => operations.schemas());
  const input = z.object({
    id: z.string(),
    connector: z.string(),
    title: z.string().min(1),
    settings: z.unknown(),
    secrets: z.unknown().optional(),
  });
  api.put('/connections', { ...admin, schema: { body: input } }, async (request) => {
    await operations.saveConnection(request.body as never, request.caller!.name);
    return { ok: true };
  });
  api.post(
    '/connections/test',
    { ...write, schema: { body: z.union([input, z.object({ id: z.string() })]) } },
    async (request) => operations.testConnection(request.body as never),
  );
  api.delete('/connections/:id', { ...admin, schema: { params: id } }, async (request) => {
    await operations.removeConnection(request.params.id, request.caller!.name);
    return { ok: true };
  });
  for (const [word, state] of [
    ['pause', 'paused'],
    ['resume', 'active'],
  ] as const)
    api.post(`/connections/:id/${word}`, { ...write, schema: { params: id } }, async (request) => {
      await operations.setConnectionState(request.params.id, state, request.caller!.name);
      return { ok: true };
    });
  api.get(
    '/connections/:id/choices/:kind',
    {
      ...read,
      schema: {
        params: id.extend({ kind: z.string() }),
        querystring: z.object({ q: z.string().optional() }),
      },
    },
    async (request) => ({
      items: await operations.choices(request.params.id, request.params.kind as never, request.query.q),
    }),
  );
  api.post('/connections/:id/certificate', { ...admin, schema: { params: id } }, async (request) =>
    operations.makeCertificate(request.params.id, request.caller!.name),
  );
  api.get('/netsuite-role.xml', read, async (_request, reply) =>
    reply.type('application/xml').send(roleXml()),
  );
  api.get(
    '/connections/:id/lookups',
    { ...read, schema: { params: id, querystring: z.object({ name: z.string().optional() }) } },
    async (request) => ({ items: await listLookups(db, request.params.id, request.query.name) }),
  );
  api.put(
    '/connections/:id/lookups',
    {
      ...write,
      schema: {
        params: id,
        body: z.object({
          name: z.string().regex(/^[a-z][a-z0-9-]{1,40}$/),
          key: z.string().min(1).max(200),
          value: z.string().min(1).max(500),
          multiplier: z.number().int().positive().optional(),
          note: z.string().max(500).optional(),
        }),
      },
    },
    async (request) => {
      await operations.saveLookup(request.params.id, request.body as never, request.caller!.name);
      return { ok: true };
    },
  );
  api.delete(
    '/connections/:id/lookups/:name/:key',
    { ...write, schema: { params: id.extend({ name: z.string(), key: z.string() }) } },
    async (request) => {
      await operations.removeLookup(
        request.params.id,
        request.params.name,
        request.params.key,
        request.caller!.name,
      );
      return { ok: true };
    },
  );
}

function addProblems(api: Api, { db, clock, operations }: ApiParts): void {
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

function addHouse(api: Api, { db, clock }: ApiParts): void {
  api.get('/quotas', read, async () => ({ items: await listQuotas(db) }));
  api.get(
    '/audit',
    { ...admin, schema: { querystring: z.object({ cursor: z.string().regex(/^\d+$/).optional() }) } },
    async (request) => listAudit(db, request.query.cursor),
  );
  api.get('/audit/verify', admin, async () => verifyAudit(db));
  api.get('/tokens', admin, async () => ({ items: await listTokens(db) }));
  api.post(
    '/tokens',
    {
      ...admin,
      schema: {
        body: z.object({
          name: z.string().min(2).max(80),
          scopes: z.array(z.enum(['read', 'write', 'admin', 'personal'])).min(1),
        }),
      },
    },
    async (request) => {
      const token = await createApiToken(db, {
        ...request.body,
        createdBy: request.caller!.name,
        now: clock.now(),
      });
      await writeAudit(db, {
        at: clock.now(),
        actor: request.caller!.name,
        action: 'token.made',
        subject: `token:${request.body.name}`,
        detail: { scopes: request.body.scopes },
      });
      return { token };
    },
  );
  api.delete('/tokens/:id', { ...admin, schema: { params: numberId } }, async (request) => {
    await revokeToken(db, request.params.id, clock.now());
    await writeAudit(db, {
      at: clock.now(),
      actor: request.caller!.name,
      action: 'token.revoked',
      subject: `token:${request.params.id}`,
    });
    return { ok: true };
  });
  api.get('/openapi.json', read, async (request) => request.server.swagger());
}
