// How is the account reached? The REST services of NetSuite behind their logins and limits; control.ts adds /_sim/.
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { makeSimClock, type SimClock } from '../clock.ts';
import { type FaultPlan, type Faults, makeFaults } from '../faults.ts';
import { type Answer, type Call, json, type SimServer, startSimServer } from '../http.ts';
import { makeShop } from '../shop.ts';
import { type Account, openAccount } from './account.ts';
import { type Certificate, makeTokenDesk, readCertificate, type TokenDesk } from './auth/m2m.ts';
import { makeRole, type Role } from './auth/roles.ts';
import { parseOAuthHeader, refuseTba, type TbaCredentials } from './auth/tba.ts';
import { controlRoutes } from './control.ts';
import {
  concurrencyRefused,
  errorAnswer,
  forbidden,
  invalidLogin,
  Refusal,
  refusalAnswer,
  unexpectedError,
} from './errors.ts';
import { type Governance, makeGovernance } from './governance.ts';
import { type JobDesk, makeJobDesk } from './jobs.ts';
import { checkBody, recordsAnswer } from './records/service.ts';
import { setupPages } from './setup-pages.ts';
import { makeWarehouse, type Warehouse } from './warehouse.ts';

export interface NetSuiteOptions {
  readonly port?: number;
  /** Folder of the account's file; in memory when absent. */
  readonly data?: string | undefined;
  readonly seed?: string | number;
  readonly scale?: number;
  readonly originMs?: number;
  readonly clock?: SimClock;
  readonly accountId?: string;
  readonly suiteTax?: boolean;
  readonly timeZone?: string;
  readonly sessionTimeZone?: string;
  readonly concurrency?: number;
  readonly foreignSlots?: number;
  readonly latencyMs?: number;
  readonly suiteqlLagMs?: number;
  readonly warehouseAfterSeconds?: number | undefined;
  readonly allowNegative?: boolean;
  readonly fulfilCommittedOnly?: boolean;
  readonly faults?: FaultPlan;
}

/** What a simulated account offers to tests in the same process. */
export interface NetSuiteWorld {
  readonly account: Account;
  readonly clock: SimClock;
  readonly accountId: string;
  readonly clientId: string;
  readonly tba: TbaCredentials;
  readonly governance: Governance;
  readonly warehouse: Warehouse;
  readonly tokens: TokenDesk;
  readonly roles: Map<string, Role>;
  registerCertificate(pem: string, clientId?: string, role?: string): { kid: string; clientId: string };
}

export interface RunningNetSuite {
  readonly url: string;
  readonly faults: Faults;
  readonly world: NetSuiteWorld;
  readonly server: SimServer;
  close(): Promise<void>;
}

export const documentedTba: TbaCredentials = {
  consumerKey: 'sim-consumer-key-0001',
  consumerSecret: 'sim-consumer-secret-0001',
  tokenId: 'sim-token-id-0001',
  tokenSecret: 'sim-token-secret-0001',
};
/** How long a job of a batch is in progress, virtual time. */
const jobMs = 200;

export async function startNetSuite(options: NetSuiteOptions = {}): Promise<RunningNetSuite> {
  const accountId = options.accountId ?? 'SIM1234567';
  const folder = options.data;
  if (folder && !existsSync(folder)) mkdirSync(folder, { recursive: true });
  const clock =
    options.clock ??
    makeSimClock({
      ...(options.scale === undefined ? {} : { scale: options.scale }),
      ...(options.originMs === undefined ? {} : { originMs: options.originMs }),
    });
  const account = openAccount({
    clock,
    shop: makeShop(options.seed ?? 1),
    file: folder ? join(folder, 'account.sqlite') : undefined,
    zone: options.timeZone ?? 'America/Los_Angeles',
    sessionZone: options.sessionTimeZone,
    suiteTax: options.suiteTax ?? true,
    suiteqlLagMs: options.suiteqlLagMs ?? 0,
    allowNegative: options.allowNegative ?? true,
    fulfilCommittedOnly: options.fulfilCommittedOnly ?? true,
  });
  const world = makeWorld(account, accountId, options);
  const faults = makeFaults(options.seed ?? 1, options.faults ?? {});
  const jobs = makeJobDesk(() => clock.now(), jobMs);
  const serving = {
    world,
    jobs,
    nonces: new Map<string, number>(),
    latencyMs: options.latencyMs ?? 0,
    faults,
  };
  const server = await startSimServer({
    ...(options.port === undefined ? {} : { port: options.port }),
    clock,
    faults,
    routes: [
      { operation: operationOf, method: '*', path: '/services/*', handle: (call) => serve(serving, call) },
      ...setupPages(world),
      { operation: 'restlet', method: '*', path: '/app/*', handle: (call) => serveRestlet(serving, call) },
      ...controlRoutes(world, serving),
    ],
    vendorAnswers: (fault) =>
      fault === '429'
        ? concurrencyRefused()
        : fault === 'expired-token'
          ? invalidLogin()
          : unexpectedError(randomBytes(8).toString('hex')),
    unknownRoute: () => errorAnswer(404, 'NOT_FOUND', 'The requested resource does not exist.'),
    stamp: () => ({
      'x-n-operationid': randomBytes(12).toString('hex'),
      date: new Date(clock.now()).toUTCString(),
    }),
  });
  const timer =
    options.warehouseAfterSeconds === undefined
      ? undefined
      : setInterval(() => world.warehouse.work(), Math.max(50, Math.min(1000, clock.toRealMs(5000))));
  return {
    url: server.url,
    faults,
    world,
    server,
    close: async () => {
      clearInterval(timer);
      await server.close();
      account.close();
    },
  };
}

function makeWorld(account: Account, accountId: string, options: NetSuiteOptions): NetSuiteWorld {
  const roles = new Map<string, Role>([['integration', makeRole('integration')]]);
  for (const saved of JSON.parse(account.readState('roles') ?? '[]') as {
    name: string;
    permissions: string[];
  }[])
    roles.set(saved.name, makeRole(saved.name, saved.permissions));
  const certificates = new Map(
    (JSON.parse(account.readState('certificates') ?? '[]') as Certificate[]).map((one) => [one.kid, one]),
  );
  const host = `https://${accountId.toLowerCase().replaceAll('_', '-')}.suitetalk.api.netsuite.com`;
  const path = '/services/rest/auth/oauth2/v1/token';
  const tokens = makeTokenDesk({
    now: () => account.now(),
    audiences: (url) => [
      `${host}${path}`,
      `${url}${path}`,
      `${url.replace('127.0.0.1', 'localhost')}${path}`,
    ],
    certificates,
  });
  const clientId = 'sim-client-0001';
  const role = roles.get('integration')!;
  return {
    account,
    clock: account.clock,
    accountId,
    clientId,
    tba: documentedTba,
    roles,
    tokens,
    governance: makeGovernance(options.concurrency ?? 15, options.foreignSlots ?? 0),
    warehouse: makeWarehouse(account, {
      afterMs: (options.warehouseAfterSeconds ?? 0) * 1000,
      seed: options.seed ?? 1,
      role,
    }),
    registerCertificate: (pem, ownClient = clientId, ownRole = 'integration') => {
      readCertificate(pem);
      if (!roles.has(ownRole)) throw new Error(`There is no role ${ownRole}.`);
      const kid = randomBytes(24).toString('base64url');
      certificates.set(kid, { kid, clientId: ownClient, role: ownRole, pem });
      account.writeState('certificates', JSON.stringify([...certificates.values()]));
      return { kid, clientId: ownClient };
    },
  };
}

/** What control.ts may change while the server runs. */
export interface Serving {
  readonly world: NetSuiteWorld;
  readonly jobs: JobDesk;
  readonly nonces: Map<string, number>;
  readonly faults: Faults;
  latencyMs: number;
}

/** Names a call for the log and for fault rules: `record.salesOrder.create`, `suiteql`, `token`. */
function operationOf(call: Call): string {
  const [, , area, , name = '', key, verb, target] = call.path.split('/').filter((part) => part !== '');
  if (area === 'auth') return 'token';
  if (area === 'query') return 'suiteql';
  if (area === 'system') return 'governanceLimits';
  if (area === 'async') return 'async.job';
  if (area !== 'record') return 'unknown';
  if (name.toLowerCase() === 'metadata-catalog') return 'metadata';
  if (verb?.toLowerCase() === '!transform') return `record.${name}.transform.${target ?? ''}`;
  if (key === undefined) return `record.${name}.${call.method === 'POST' ? 'create' : 'list'}`;
  return `record.${name}.${{ GET: 'get', PATCH: 'update', PUT: 'upsert', DELETE: 'delete' }[call.method] ?? call.method.toLowerCase()}`;
}

async function serve(serving: Serving, call: Call): Promise<Answer> {
  const { world } = serving;
  const parts = call.path
    .split('/')
    .filter((part) => part !== '')
    .map(decode);
  if (parts[2] === 'auth')
    return call.method === 'POST' ? world.tokens.issue(call) : json(405, { error: 'invalid_request' });
  const role = authenticate(serving, call);
  if (!role) return invalidLogin();
  const { governance } = world;
  if (!governance.enter()) return concurrencyRefused();
  try {
    if (serving.latencyMs > 0) await world.clock.sleep(serving.latencyMs);
    if (!role.permissions.has('ADMI_RESTWEBSERVICES'))
      throw forbidden(
        "Permission Violation: You need the 'REST Web Services' permission to access this page.",
      );
    // A user, a workflow or another integration saves the same record at the same moment.
    if (parts[2] === 'record' && call.method === 'PATCH' && serving.faults.happens('record-locked'))
      throw new Refusal(
        400,
        'RCRD_HAS_BEEN_CHANGED',
        'Error while accessing a resource. Record has been changed.',
      );
    return dispatch(serving, call, role, parts);
  } catch (cause) {
    if (cause instanceof Refusal) return refusalAnswer(cause);
    throw cause;
  } finally {
    governance.leave();
  }
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function dispatch(serving: Serving, call: Call, role: Role, parts: readonly string[]): Answer {
  const { world, jobs } = serving;
  const [, , area, , ...rest] = parts;
  if (area === 'query') {
    if (rest[0]?.toLowerCase() !== 'suiteql' || call.method !== 'POST')
      throw new Refusal(404, 'NOT_FOUND', 'The requested resource does not exist.');
    if (isAsync(call)) return jobs.submit(call, [() => world.account.query.answer(call, role)]);
    return world.account.query.answer(call, role);
  }
  if (area === 'async') return jobs.read(call, rest.slice(1));
  if (area === 'system') {
    if (!role.permissions.has('ADMI_INTEGRAPP'))
      throw forbidden('Permission Violation: You need the administrator role to access this page.');
    const { limit } = world.governance;
    return json(200, {
      links: [{ rel: 'self', href: `${call.baseUrl}${call.path}` }],
      accountConcurrencyLimit: limit,
      accountUnallocatedConcurrencyLimit: limit,
      integrationConcurrencyLimits: { items: [], totalResults: 0 },
    });
  }
  if (area !== 'record') throw new Refusal(404, 'NOT_FOUND', 'The requested resource does not exist.');
  const batch = /type=collection/i.test(String(call.headers['content-type'] ?? ''));
  if (batch && call.method !== 'GET') return submitBatch(serving, call, role, rest);
  if (isAsync(call) && call.method !== 'GET')
    return jobs.submit(call, [() => recordsAnswer(world.account, call, role, rest)]);
  return recordsAnswer(world.account, call, role, rest);
}

const isAsync = (call: Call): boolean =>
  String(call.headers['prefer'] ?? '')
    .toLowerCase()
    .split(',')
    .some((part) => part.trim() === 'respond-async');

/** One task for each record of a batch; ids and external ids stand in the items. */
function submitBatch(
  { world, jobs }: Serving,
  call: Call,
  role: Role,
  [name = '']: readonly string[],
): Answer {
  const fields = world.account.fields.get(name.toLowerCase());
  if (!fields) throw new Refusal(404, 'NOT_FOUND', `Record type '${name}' does not exist.`);
  let items: unknown[];
  try {
    const ids = call.query.get('ids');
    items = ids
      ? ids.split(',').map((id) => (id.startsWith('eid:') ? { externalId: id.slice(4) } : { id }))
      : ((JSON.parse(call.body.toString('utf8')) as { items: unknown[] }).items ?? []);
  } catch {
    throw new Refusal(
      400,
      'INVALID_CONTENT',
      'Error while accessing a resource. The request body is not valid JSON.',
    );
  }
  return jobs.submit(
    call,
    items.map((item) => () => {
      const { id, ...source } = item as { id?: string | number; externalId?: string };
      checkBody(source, fields, call);
      const key = id !== undefined && call.method !== 'PUT' ? String(id) : `eid:${source.externalId ?? ''}`;
      const one: Call = { ...call, body: Buffer.from(JSON.stringify(source)) };
      return recordsAnswer(world.account, one, role, call.method === 'POST' ? [name] : [name, key]);
    }),
  );
}

/** The role behind the Authorization header, or undefined when NetSuite would not let it in. */
function authenticate({ world, nonces }: Serving, call: Call): Role | undefined {
  const header = String(call.headers['authorization'] ?? '');
  if (/^Bearer /i.test(header)) {
    const token = world.tokens.find(header.slice(7).trim());
    const role = token?.scopes.includes('rest_webservices') ? world.roles.get(token.role) : undefined;
    return role?.permissions.has('ADMI_LOGIN_OAUTH2') ? role : undefined;
  }
  if (!/^OAuth /i.test(header)) return undefined;
  const query = call.query.size > 0 ? `?${call.query}` : '';
  const host = `https://${world.accountId.toLowerCase().replaceAll('_', '-')}.suitetalk.api.netsuite.com`;
  const named = call.headers.host ? [`http://${call.headers.host}`] : [];
  const urls = [call.baseUrl, host, ...named].map((origin) => `${origin}${call.path}${query}`);
  const realm = world.accountId.toUpperCase().replaceAll('-', '_');
  const request = {
    method: call.method,
    urls,
    header,
    nowMs: [world.clock.now(), Date.now()],
    realm:
      parseOAuthHeader(header)['realm']?.toUpperCase() === realm ? parseOAuthHeader(header)['realm']! : realm,
  };
  if (refuseTba(request, world.tba, nonces) !== undefined) return undefined;
  const role = world.roles.get('integration');
  return role?.permissions.has('ADMI_LOGIN_OAUTH') ? role : undefined;
}

/** No script is deployed in this account; RESTlets answer in an envelope of their own. */
function serveRestlet(serving: Serving, call: Call): Answer {
  if (!authenticate(serving, call))
    return json(401, { error: { code: 'INVALID_LOGIN_ATTEMPT', message: 'Invalid login attempt.' } });
  if (!serving.world.governance.enter())
    return {
      ...json(400, { error: { code: 'SSS_REQUEST_LIMIT_EXCEEDED', message: 'Request limit exceeded.' } }),
      refused: true,
    };
  serving.world.governance.leave();
  return json(404, {
    error: {
      code: 'SSS_INVALID_SCRIPTLET_ID',
      message: 'That Suitelet is invalid, disabled, or no longer exists.',
    },
  });
}
