// How does a simulator answer over HTTP? Routes with operation names, faults around them, a log of calls, and the
// control interface under /_sim/ that every simulator has.
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import type { SimClock } from './clock.ts';
import { type Faults, parseFaultPlan, type WireFault } from './faults.ts';

export interface Call {
  readonly operation: string;
  readonly method: string;
  readonly path: string;
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** The address the caller used, such as http://127.0.0.1:4000. */
  readonly baseUrl: string;
}

/** `body` may be text, bytes or a value to be sent as JSON. */
export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** True when a quota or a concurrency limit refused the call; the call log counts it. */
  readonly refused?: boolean;
}

/** `path` holds `:name` for one segment and may end in `*` for the rest, which becomes the parameter `rest`. */
export interface Route {
  readonly operation: string | ((call: Call) => string);
  readonly method: string;
  readonly path: string;
  handle(call: Call): Answer | Promise<Answer>;
}

/** How the vendor words the faults that are answers; others are breaks of the connection. */
export type VendorAnswers = (
  fault: '429' | '500-before' | '500-after' | 'expired-token',
  operation: string,
) => Answer;

export interface OperationCalls {
  count: number;
  byStatus: Record<string, number>;
  refused: number;
  inFlight: number;
  inFlightMax: number;
  firstAt: string;
  lastAt: string;
}

export interface SimServer {
  readonly url: string;
  readonly calls: Map<string, OperationCalls>;
  close(): Promise<void>;
}

export interface SimServerOptions {
  readonly port?: number;
  readonly clock: SimClock;
  readonly faults: Faults;
  readonly routes: readonly Route[];
  readonly vendorAnswers: VendorAnswers;
  /** The vendor's answer when no route matches. */
  readonly unknownRoute: (call: Call) => Answer;
  /** Virtual milliseconds every vendor call takes. */
  readonly latencyMs?: number | ((call: Call) => number);
  /** Lets a call in, or refuses it at once; what it returns is called when the call ends, however it ends. */
  readonly admit?: (call: Call) => Answer | (() => void);
  /** Headers added to every vendor answer, such as a request id. */
  readonly stamp?: (call: Call, answer: Answer) => Record<string, string>;
}

export const json = (status: number, body: unknown, headers: Record<string, string> = {}): Answer => ({
  status,
  body,
  headers,
});

/** Reads a JSON body; throws SyntaxError when it is none. */
export const readJson = <T>(call: Call): T => JSON.parse(call.body.toString('utf8')) as T;

interface Compiled {
  readonly route: Route;
  readonly segments: readonly string[];
  readonly rest: boolean;
}

function compile(route: Route): Compiled {
  const rest = route.path.endsWith('*');
  const path = rest ? route.path.slice(0, -1) : route.path;
  return { route, rest, segments: path.split('/').filter((segment) => segment !== '') };
}

function matchRoute(
  compiled: Compiled,
  method: string,
  parts: readonly string[],
): Record<string, string> | undefined {
  const { route, segments, rest } = compiled;
  if (route.method !== method && route.method !== '*') return undefined;
  if (rest ? parts.length < segments.length : parts.length !== segments.length) return undefined;
  const params: Record<string, string> = {};
  for (let i = 0; i < segments.length; i++) {
    const segment = segments[i]!;
    if (segment.startsWith(':')) params[segment.slice(1)] = decode(parts[i]!);
    else if (segment !== parts[i]) return undefined;
  }
  if (rest) params['rest'] = parts.slice(segments.length).map(decode).join('/');
  return params;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks);
}

function toBytes(answer: Answer): { bytes: Buffer; type: string | undefined } {
  const { body } = answer;
  if (body === undefined) return { bytes: Buffer.alloc(0), type: undefined };
  if (Buffer.isBuffer(body)) return { bytes: body, type: 'application/octet-stream' };
  if (typeof body === 'string') return { bytes: Buffer.from(body), type: 'text/plain; charset=utf-8' };
  return { bytes: Buffer.from(JSON.stringify(body)), type: 'application/json' };
}

function write(
  response: ServerResponse,
  answer: Answer,
  extra: Record<string, string>,
  truncate: boolean,
): void {
  if (response.destroyed) return;
  const { bytes, type } = toBytes(answer);
  const headers: Record<string, string> = {
    ...(type ? { 'content-type': type } : {}),
    ...extra,
    ...answer.headers,
  };
  if (answer.status !== 204 && answer.status !== 304) headers['content-length'] = String(bytes.length);
  response.writeHead(answer.status, headers);
  if (!truncate || bytes.length < 2) {
    response.end(bytes);
    return;
  }
  response.write(bytes.subarray(0, Math.floor(bytes.length / 2)), () => response.socket?.destroy());
}

const proxyPage =
  '<html><head><title>503 Service Temporarily Unavailable</title></head><body><center><h1>503 Service Temporarily Unavailable</h1></center></body></html>';

/** Starts a simulator's server on 127.0.0.1 and resolves when it listens. */
export async function startSimServer(options: SimServerOptions): Promise<SimServer> {
  const { clock, faults } = options;
  const calls = new Map<string, OperationCalls>();
  const vendorRoutes: Compiled[] = [];
  const controlRoutes: Compiled[] = controlOf(clock, faults, calls).map(compile);
  for (const route of options.routes)
    (route.path.startsWith('/_sim/') ? controlRoutes : vendorRoutes).push(compile(route));
  let url = '';

  const serve = async (request: IncomingMessage, response: ServerResponse) => {
    const body = await readBody(request);
    const target = new URL(request.url ?? '/', url);
    const parts = target.pathname.split('/').filter((part) => part !== '');
    const method = request.method ?? 'GET';
    const control = parts[0] === '_sim';
    const draft = {
      operation: 'unknown',
      method,
      path: target.pathname,
      params: {},
      query: target.searchParams,
      headers: request.headers,
      body,
      baseUrl: url,
    };
    for (const compiled of control ? controlRoutes : vendorRoutes) {
      const params = matchRoute(compiled, method, parts);
      if (!params) continue;
      const { route } = compiled;
      const named = { ...draft, params };
      const operation = typeof route.operation === 'string' ? route.operation : route.operation(named);
      const call = { ...named, operation };
      if (control) write(response, await handleControl(route, call), {}, false);
      else await serveVendor(route, call, response);
      return;
    }
    if (control)
      write(response, json(404, { error: `There is no ${method} ${target.pathname} here.` }), {}, false);
    else {
      const answer = options.unknownRoute(draft);
      logCall('unknown', answer.status, false);
      write(response, answer, options.stamp?.(draft, answer) ?? {}, false);
    }
  };

  const entryOf = (operation: string): OperationCalls => {
    let entry = calls.get(operation);
    if (!entry) {
      const at = new Date(clock.now()).toISOString();
      entry = { count: 0, byStatus: {}, refused: 0, inFlight: 0, inFlightMax: 0, firstAt: at, lastAt: at };
      calls.set(operation, entry);
    }
    return entry;
  };
  const logCall = (operation: string, status: number | string, refused: boolean) => {
    const entry = entryOf(operation);
    entry.count++;
    entry.byStatus[status] = (entry.byStatus[status] ?? 0) + 1;
    if (refused) entry.refused++;
    entry.lastAt = new Date(clock.now()).toISOString();
  };

  const serveVendor = async (route: Route, call: Call, response: ServerResponse) => {
    const entry = entryOf(call.operation);
    const admitted = options.admit?.(call);
    if (admitted !== undefined && typeof admitted !== 'function') {
      logCall(call.operation, admitted.status, admitted.refused === true);
      write(response, admitted, options.stamp?.(call, admitted) ?? {}, false);
      return;
    }
    entry.inFlight++;
    entry.inFlightMax = Math.max(entry.inFlightMax, entry.inFlight);
    try {
      const latencyMs =
        typeof options.latencyMs === 'function' ? options.latencyMs(call) : (options.latencyMs ?? 0);
      const fault = faults.draw(call.operation);
      if (latencyMs > 0) await clock.sleep(latencyMs);
      if (fault === 'slow') await clock.sleep(faults.slowMs());
      const early = fault ? answerBefore(fault, call, options.vendorAnswers) : undefined;
      if (early === 'reset') {
        logCall(call.operation, 'reset', false);
        response.socket?.destroy();
        return;
      }
      if (fault === 'twice' && early === undefined) await route.handle(call);
      let answer = early ?? (await route.handle(call));
      if (fault === 'late') await clock.sleep(faults.slowMs());
      if (fault === 'reset-after') {
        logCall(call.operation, 'reset', false);
        response.socket?.destroy();
        return;
      }
      if (fault === '500-after') answer = options.vendorAnswers('500-after', call.operation);
      logCall(call.operation, answer.status, answer.refused === true && early === undefined);
      write(response, answer, options.stamp?.(call, answer) ?? {}, fault === 'truncate');
    } finally {
      entry.inFlight--;
      admitted?.();
    }
  };

  const server: Server = createServer({ keepAlive: true }, (request, response) => {
    serve(request, response).catch((cause: unknown) => {
      // A mistake of the simulator itself must not look like one of the vendor.
      console.error('Simulator mistake:', cause);
      if (!response.headersSent)
        write(response, json(599, { simulatorMistake: String((cause as Error)?.stack ?? cause) }), {}, false);
      else response.destroy();
    });
  });
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { url, calls, close };
}

function answerBefore(fault: WireFault, call: Call, vendor: VendorAnswers): Answer | 'reset' | undefined {
  if (fault === 'reset-before') return 'reset';
  if (fault === 'html-503') return { status: 503, headers: { 'content-type': 'text/html' }, body: proxyPage };
  if (fault === '429' || fault === '500-before' || fault === 'expired-token')
    return vendor(fault, call.operation);
  return undefined;
}

async function handleControl(route: Route, call: Call): Promise<Answer> {
  try {
    return await route.handle(call);
  } catch (cause) {
    return json(400, { error: cause instanceof Error ? cause.message : String(cause) });
  }
}

function controlOf(clock: SimClock, faults: Faults, calls: Map<string, OperationCalls>): Route[] {
  const time = () => ({
    now: new Date(clock.now()).toISOString(),
    nowMs: clock.now(),
    scale: clock.scale,
    originMs: clock.originMs,
    advancedMs: clock.advancedMs(),
  });
  return [
    {
      operation: '_sim.calls',
      method: 'GET',
      path: '/_sim/calls',
      handle: () => json(200, { operations: Object.fromEntries(calls) }),
    },
    {
      operation: '_sim.calls.reset',
      method: 'POST',
      path: '/_sim/calls/reset',
      handle: () => {
        for (const [operation, entry] of calls) {
          // Calls still in flight stay counted, so that the count returns to zero.
          if (entry.inFlight === 0) calls.delete(operation);
          else Object.assign(entry, { count: 0, byStatus: {}, refused: 0, inFlightMax: entry.inFlight });
        }
        return json(200, { operations: {} });
      },
    },
    { operation: '_sim.clock', method: 'GET', path: '/_sim/clock', handle: () => json(200, time()) },
    {
      operation: '_sim.clock.advance',
      method: 'POST',
      path: '/_sim/clock',
      handle: (call) => {
        clock.advance(Number(readJson<{ advanceMs: number }>(call).advanceMs));
        return json(200, time());
      },
    },
    {
      operation: '_sim.faults',
      method: 'GET',
      path: '/_sim/faults',
      handle: () => json(200, { plan: faults.plan(), injected: faults.counts() }),
    },
    {
      operation: '_sim.faults.set',
      method: 'PUT',
      path: '/_sim/faults',
      handle: (call) => {
        faults.setPlan(parseFaultPlan(readJson(call)));
        return json(200, { plan: faults.plan(), injected: faults.counts() });
      },
    },
  ];
}

/** Ends a simulator's process cleanly when it is asked to stop, or (`withParent`) when who started it is gone. */
export function stopOnSignals(close: () => Promise<void>, withParent = false): void {
  let closing = false;
  const end = () => {
    if (closing) return;
    closing = true;
    close().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, end);
  if (withParent) process.stdin.resume().once('end', end).once('error', end);
}
