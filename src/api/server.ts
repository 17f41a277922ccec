// How is Crossdock reached? One API for console, command line and programs: every route needs a session or a token with
// the right scope; refusals are problem+json with what to do next. It is built here and listens in main.ts.
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fastifyCookie from '@fastify/cookie';
import fastifyStatic from '@fastify/static';
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { validatorCompiler } from 'fastify-type-provider-zod';
import type { Logger } from 'pino';
import type { z } from 'zod';
import type { Operations } from '../app/operations.ts';
import type { Clock } from '../core/clock.ts';
import { asSyncError, SyncError } from '../core/errors.ts';
import type { Db } from '../db/pool.ts';
import type { Vault } from '../vault/vault.ts';
import { factorRequired } from './house-policy.ts';
import { claimIdempotencyKey, giveBackKey, keepAnswer } from './once/store.ts';
import { describeApi } from './openapi.ts';
import { changeMarks } from './reads/store.ts';
import { refuse } from './refuse.ts';
import type { Scope } from './route.ts';
import { addRoutes } from './routes.ts';
import { type Caller, callerOfCookie, callerOfToken, cookieName } from './users/store.ts';

export interface ApiParts {
  readonly db: Db;
  readonly vault: Vault;
  readonly operations: Operations;
  readonly clock: Clock;
  readonly publicUrl: string | undefined;
  readonly host: string;
  /** Whether the demo world runs; it may end while we do. */
  readonly demo: boolean;
  readonly log: Logger;
}

declare module 'fastify' {
  interface FastifyRequest {
    caller: Caller | undefined;
    /** True while this request, and no earlier one, answers for its idempotency key. */
    holdsKey: boolean;
  }
  interface FastifyContextConfig {
    /** Who may call; a route without it is the owner's alone. */
    readonly scope?: Scope;
  }
}

const webRoot = fileURLToPath(new URL('../../dist/web/', import.meta.url));

export async function buildApi(parts: ApiParts): Promise<FastifyInstance> {
  const api = Fastify({
    logger: false,
    bodyLimit: 16 * 1024 * 1024,
    trustProxy: parts.publicUrl !== undefined,
  });
  api.setValidatorCompiler(validatorCompiler);
  api.addHook('preSerialization', async (_request, _reply, payload) => asJson(payload));
  api.setSerializerCompiler(({ schema }) => (payload) => {
    const checked = (schema as unknown as z.ZodType).safeParse(payload);
    if (!checked.success)
      throw new Error(
        `An answer is not as the contract says: ${checked.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ')}`,
      );
    return JSON.stringify(checked.data);
  });
  api.decorateRequest('caller', undefined);
  api.decorateRequest('holdsKey', false);
  await api.register(fastifyCookie);
  await describeApi(api);
  api.addHook('onRequest', (request, reply) => protect(parts, request, reply));
  api.addHook('preHandler', (request, reply) => onceOnly(parts, request, reply));
  api.addHook('onSend', async (request, reply, payload) => {
    reply
      .header('x-content-type-options', 'nosniff')
      .header('x-frame-options', 'DENY')
      .header('referrer-policy', 'no-referrer');
    reply.header(
      'content-security-policy',
      "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'; form-action 'self'",
    );
    const key = idempotencyKey(request);
    if (key && request.caller && reply.getHeader('x-replayed') === undefined && request.holdsKey) {
      const { name: actor } = request.caller;
      if (reply.statusCode < 500 && typeof payload === 'string')
        await keepAnswer(parts.db, parts.vault, { actor, key, status: reply.statusCode, payload });
      else await giveBackKey(parts.db, actor, key);
    }
    return payload;
  });
  api.setErrorHandler((error, _request, reply) => answerError(parts, error, reply));
  await api.register(async (scope) => addRoutes(scope, parts), { prefix: '/api/v1' });
  addEvents(api, parts);
  await addConsole(api);
  return api;
}

/** A page of another site must not reach a console on this machine by a name it made up (DNS rebinding). */
function hostAllowed({ publicUrl, host }: ApiParts, request: FastifyRequest): boolean {
  const name = request.hostname.replace(/^\[|\]$/g, '');
  if (publicUrl) return name === new URL(publicUrl).hostname || ['127.0.0.1', 'localhost'].includes(name);
  return ['127.0.0.1', 'localhost', '::1', host].includes(name) || host === '0.0.0.0';
}

async function protect(parts: ApiParts, request: FastifyRequest, reply: FastifyReply): Promise<void> {
  if (!hostAllowed(parts, request))
    return refuse(reply, 421, 'HOST_UNKNOWN', 'This address is not known here.', [
      'Use the address that Crossdock printed at its start, or set CROSSDOCK_PUBLIC_URL.',
    ]);
  if (!request.url.startsWith('/api/')) return;
  const scope = request.routeOptions.config.scope ?? 'admin';
  if (scope === 'open') return;
  const bearer = /^Bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1];
  const cookie = request.cookies[cookieName];
  const now = parts.clock.now();
  const caller = bearer
    ? await callerOfToken(parts.db, bearer, now)
    : cookie
      ? await callerOfCookie(parts.db, cookie, now)
      : undefined;
  if (!caller)
    return refuse(reply, 401, 'NOT_SIGNED_IN', 'Sign in first.', [
      'Open the console and sign in, or send a token as “Authorization: Bearer …”.',
    ]);
  if (scope === 'self' && caller.userId === undefined)
    return refuse(reply, 403, 'PEOPLE_ONLY', 'This is for people who are signed in, not for tokens.', [
      'Open the console and sign in.',
    ]);
  if (scope !== 'self' && !caller.scopes.includes(scope))
    return refuse(reply, 403, 'NOT_ALLOWED', `This needs the permission “${scope}”.`, [
      'Ask the owner of this installation.',
    ]);
  if (caller.csrf !== undefined && request.method !== 'GET' && request.headers['x-csrf'] !== caller.csrf)
    return refuse(reply, 403, 'PAGE_STALE', 'The page is too old to make this change.', [
      'Reload the page and try again.',
    ]);
  if (
    !caller.hasFactor &&
    !/^\/api\/v1\/(me|session|events)\b/.test(request.url) &&
    (await factorRequired(parts.db))
  )
    return refuse(reply, 403, 'FACTOR_NEEDED', 'This house asks everybody for a second factor.', [
      'Open your profile and set one up.',
    ]);
  request.caller = caller;
}

const idempotencyKey = (request: FastifyRequest): string | undefined => {
  const key = request.headers['idempotency-key'];
  return request.method === 'POST' && typeof key === 'string' && key.length <= 200 ? key : undefined;
};

/** The same POST with the same key is done once; the second gets the first one's answer. */
async function onceOnly(parts: ApiParts, request: FastifyRequest, reply: FastifyReply): Promise<void> {
  const key = idempotencyKey(request);
  if (!key || !request.caller) return;
  const requestHash = createHash('sha256')
    .update(`${request.method} ${request.url} ${JSON.stringify(request.body ?? null)}`)
    .digest();
  const known = await claimIdempotencyKey(parts.db, parts.vault, {
    actor: request.caller.name,
    key,
    requestHash,
    now: parts.clock.now(),
  });
  if (known.kind === 'fresh') {
    request.holdsKey = true;
    return;
  }
  if (known.kind === 'another-request')
    return refuse(
      reply,
      422,
      'IDEMPOTENCY_KEY_REUSED',
      'This idempotency key was used for another request.',
      ['Use a new key for each new request.'],
    );
  if (known.kind === 'under-way')
    return refuse(reply, 409, 'REQUEST_UNDER_WAY', 'The same request is still under way.', [
      'Wait a moment and ask again.',
    ]);
  await reply
    .header('x-replayed', 'true')
    .code(known.status)
    .type(known.status < 400 ? 'application/json' : 'application/problem+json')
    .send(known.payload);
}

/** Moments as ISO text and large numbers as decimal text, as the contract has them. */
function asJson(payload: unknown): unknown {
  return JSON.parse(
    JSON.stringify(payload, (_name, value: unknown) =>
      typeof value === 'bigint' ? value.toString() : value,
    ) ?? 'null',
  );
}

const statusOfCode = (error: SyncError): number =>
  error.code.endsWith('_UNKNOWN') &&
  ['RECORD_UNKNOWN', 'FLOW_UNKNOWN', 'CONNECTION_UNKNOWN', 'PROBLEM_UNKNOWN', 'SETUP_UNKNOWN'].includes(
    error.code,
  )
    ? 404
    : error.action === 'retry' || error.action === 'wait'
      ? 503
      : 422;

async function answerError(parts: ApiParts, thrown: unknown, reply: FastifyReply): Promise<void> {
  const validation = (thrown as { validation?: readonly { instancePath?: string; message?: string }[] })
    .validation;
  if (validation) {
    const [first] = validation;
    const field = first?.instancePath?.replace(/^\//, '').replaceAll('/', '.') ?? '';
    return refuse(
      reply,
      400,
      'REQUEST_INVALID',
      `The request is not right: ${field || 'body'} ${first?.message ?? ''}.`,
      ['Correct the named field; /api/v1/openapi.json describes all of them.'],
      field,
    );
  }
  if (thrown instanceof SyncError && thrown.action !== 'stop')
    return refuse(reply, statusOfCode(thrown), thrown.code, thrown.message, thrown.nextSteps, thrown.field);
  const status = (thrown as { statusCode?: number }).statusCode;
  if (status && status < 500) return refuse(reply, status, 'REQUEST_INVALID', (thrown as Error).message);
  const error = asSyncError(thrown);
  parts.log.error({ err: thrown }, error.message);
  return refuse(reply, 500, 'UNEXPECTED', 'Crossdock met something it did not expect.', [
    'Try again; if it happens again, look into the log and report it.',
  ]);
}

/** One question a second for all open pages; each is told only which subjects changed. */
function addEvents(api: FastifyInstance, { db, log }: ApiParts): void {
  const pages = new Set<FastifyReply>();
  let marks: Readonly<Record<string, string>> = {};
  const timer = setInterval(async () => {
    if (pages.size === 0) return;
    try {
      const now = await changeMarks(db);
      const subjects = Object.keys(now).filter((subject) => now[subject] !== marks[subject]);
      marks = now;
      const text =
        subjects.length === 0 ? ': quiet\n\n' : `event: changed\ndata: ${JSON.stringify({ subjects })}\n\n`;
      for (const page of pages) page.raw.write(text);
    } catch (error) {
      log.warn({ err: error }, 'Open pages could not be told of changes.');
    }
  }, 1_000);
  timer.unref();
  api.addHook('onClose', async () => {
    clearInterval(timer);
    for (const page of pages) page.raw.end();
  });
  api.get(
    '/api/v1/events',
    { config: { scope: 'read' }, schema: { hide: true } as object },
    (request, reply) => {
      reply.hijack();
      reply.raw.writeHead(200, {
        'content-type': 'text/event-stream',
        'cache-control': 'no-store',
        connection: 'keep-alive',
      });
      reply.raw.write(': open\n\n');
      pages.add(reply);
      request.raw.on('close', () => pages.delete(reply));
    },
  );
}

async function addConsole(api: FastifyInstance): Promise<void> {
  const built = existsSync(join(webRoot, 'index.html'));
  if (built) await api.register(fastifyStatic, { root: webRoot, wildcard: false });
  api.setNotFoundHandler((request, reply) => {
    if (request.url.startsWith('/api/'))
      return refuse(reply, 404, 'NOT_FOUND', 'There is nothing at this address.', [
        'Look the address up in /api/v1/openapi.json.',
      ]);
    if (built) return reply.sendFile('index.html');
    return reply.type('text/plain').send('The console is not built here. Run: npm start');
  });
}
