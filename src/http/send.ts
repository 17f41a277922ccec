// How does any request leave this program? Here only: counted against its quota, timed, capped, redacted, recorded,
// and every failure turned into a SyncError. Next: engine/quota/gate.ts, which says when a call may go.
import { AsyncLocalStorage } from 'node:async_hooks';
import { Agent, type Dispatcher, request as undiciRequest } from 'undici';
import type { Clock } from '../core/clock.ts';
import { OutcomeUnknownError, SyncError, TransientError } from '../core/errors.ts';
import { redactHeaders, redactJson, redactText } from '../core/redact.ts';
import type { Answer, CachedToken, OutboundRequest, Priority, Tools } from './tools.ts';

/** On whose behalf a call is made; set by the engine around a delivery or a run. */
export interface Errand {
  readonly recordId?: bigint;
  readonly runId?: bigint;
  readonly priority: Priority;
}
export const errand = new AsyncLocalStorage<Errand>();

/** One call with its answer, without secrets and buyer data, ready to be stored. */
export interface Exchange {
  readonly connectionId: string;
  readonly recordId: bigint | null;
  readonly runId: bigint | null;
  readonly at: Date;
  readonly bucket: string;
  readonly method: string;
  readonly url: string;
  readonly request: unknown;
  readonly status: number | null;
  readonly response: unknown;
  readonly durationMs: number;
  readonly failure: string | null;
}

/** Says when a call may go out, and hears how it went. Implemented by engine/quota/gate.ts. */
export interface Gate {
  /** Waits for a place, or throws ThrottledError with the moment at which asking again makes sense. */
  enter(
    connectionId: string,
    bucket: string,
    priority: Priority,
    waitMaxMs: number,
  ): Promise<(outcome: 'ok' | 'refused') => void>;
  /** The vendor refused a call for its quota: nothing of this kind goes out before `until`. */
  refused(connectionId: string, bucket: string, until: Date): Promise<void>;
  learn(connectionId: string, bucket: string, limit: { perSecond?: number; max?: number }): Promise<void>;
}

export interface TokenCache {
  get(connectionId: string, name: string, fetchToken: () => Promise<CachedToken>): Promise<string>;
  drop(connectionId: string, name: string): Promise<void>;
}

export interface SendingParts {
  readonly clock: Clock;
  readonly gate: Gate;
  readonly tokens: TokenCache;
  readonly record: (exchange: Exchange) => void;
}

/** Sockets are kept and shared; a vendor that closes an idle one is no error (undici opens another). */
const agent = new Agent({ connections: 128, keepAliveTimeout: 30_000, pipelining: 1 });
const answerMaxBytesDefault = 32 * 1024 * 1024;
/** NetSuite may take minutes; Oracle's own limit is 15 (netsuite.md §1.2). */
const timeoutMsDefault = 120_000;
/** Answers longer than this are kept shortened beside their request. */
const keptCharsMax = 40_000;

export function makeTools<Bucket extends string>(connectionId: string, parts: SendingParts): Tools<Bucket> {
  return {
    now: () => parts.clock.now(),
    token: (name, fetchToken) => parts.tokens.get(connectionId, name, fetchToken),
    dropToken: (name) => parts.tokens.drop(connectionId, name),
    learnLimit: (bucket, limit) => parts.gate.learn(connectionId, bucket, limit),
    async send(outbound) {
      const { priority = 'normal' } = errand.getStore() ?? {};
      const leave =
        outbound.bucket === 'free'
          ? undefined
          : await parts.gate.enter(connectionId, outbound.bucket, priority, outbound.waitMaxMs ?? 0);
      let outcome: 'ok' | 'refused' = 'ok';
      try {
        const answer = await exchange(connectionId, outbound, parts);
        if (answer.status === 429) outcome = 'refused';
        if (answer.status < 400) return answer;
        const error = outbound.refuse?.(answer);
        if (error === undefined) return answer;
        if (outcome === 'refused' && outbound.bucket !== 'free' && 'retryAt' in error)
          await parts.gate.refused(connectionId, outbound.bucket, error.retryAt as Date);
        throw error;
      } finally {
        leave?.(outcome);
      }
    },
  };
}

async function exchange(
  connectionId: string,
  outbound: OutboundRequest<string>,
  parts: SendingParts,
): Promise<Answer> {
  const at = parts.clock.now();
  const headers: Record<string, string> = { ...outbound.headers };
  let body: string | Uint8Array | undefined;
  if (typeof outbound.body === 'string' || outbound.body instanceof Uint8Array) body = outbound.body;
  else if (outbound.body !== undefined) {
    body = JSON.stringify(outbound.body);
    headers['content-type'] ??= 'application/json';
  }
  const keep = (status: number | null, response: unknown, failure: string | null) => {
    if (outbound.unrecorded) return;
    const { recordId = null, runId = null } = errand.getStore() ?? {};
    parts.record({
      connectionId,
      recordId,
      runId,
      at,
      bucket: outbound.bucket,
      method: outbound.method,
      url: redactText(outbound.url),
      request: { headers: redactHeaders(headers), body: keptBody(outbound.body) },
      status,
      response,
      durationMs: parts.clock.now().getTime() - at.getTime(),
      failure,
    });
  };
  try {
    const answer = await fetchAnswer(outbound, headers, body, parts.clock);
    keep(answer.status, outbound.unrecorded ? null : keptAnswer(answer), null);
    return answer;
  } catch (thrown) {
    const error = failureOf(thrown, outbound);
    keep(null, null, error.message);
    throw error;
  }
}

async function fetchAnswer(
  outbound: OutboundRequest<string>,
  headers: Record<string, string>,
  body: string | Uint8Array | undefined,
  clock: Clock,
): Promise<Answer> {
  const timeoutMs = Math.max(1_000, clock.toRealMs(outbound.timeoutMs ?? timeoutMsDefault));
  const response = await undiciRequest(outbound.url, {
    method: outbound.method,
    headers,
    body: (body ?? null) as Dispatcher.DispatchOptions['body'] & (string | Uint8Array | null),
    dispatcher: agent,
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
  });
  const bytes = await readCapped(response.body, outbound.answerMaxBytes ?? answerMaxBytesDefault);
  const answerHeaders: Record<string, string> = {};
  for (const [name, value] of Object.entries(response.headers))
    if (value !== undefined) answerHeaders[name] = Array.isArray(value) ? value.join(', ') : value;
  const text = () => new TextDecoder().decode(bytes);
  return {
    status: response.statusCode,
    headers: answerHeaders,
    bytes,
    text,
    json: () => {
      try {
        return JSON.parse(text()) as unknown;
      } catch (cause) {
        // Proxies and maintenance pages answer HTML, and a cut connection cuts JSON: nothing was understood.
        throw lostOr(outbound, 'ANSWER_UNREADABLE', 'The answer was not readable JSON.', cause);
      }
    },
  };
}

async function readCapped(stream: AsyncIterable<Uint8Array>, bytesMax: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of stream) {
    size += chunk.length;
    if (size > bytesMax)
      throw new TransientError(
        'ANSWER_TOO_LARGE',
        `The answer is larger than the ${bytesMax} bytes allowed here.`,
      );
    chunks.push(chunk);
  }
  return chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks);
}

function failureOf(thrown: unknown, outbound: OutboundRequest<string>): SyncError {
  if (thrown instanceof SyncError) return thrown;
  const code = (thrown as { code?: string }).code ?? '';
  const host = hostOf(outbound.url);
  const neverSent = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT'].includes(code);
  if (neverSent)
    return new TransientError('HOST_UNREACHABLE', `${host} cannot be reached (${code}).`, {
      nextSteps: [
        'Wait: Crossdock tries again by itself.',
        'Check the network and the host name of the connection if it lasts.',
      ],
      cause: thrown,
    });
  return lostOr(
    outbound,
    'ANSWER_LOST',
    `The connection to ${host} broke before the answer was complete.`,
    thrown,
  );
}

/** A read may simply be asked again; a write must be looked up first. */
function lostOr(outbound: OutboundRequest<string>, code: string, message: string, cause: unknown): SyncError {
  return outbound.write
    ? new OutcomeUnknownError(
        code,
        `${message} What was sent may have taken effect; it is looked up before anything is sent again.`,
        { cause },
      )
    : new TransientError(code, message, { cause });
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : 'The host';
}

function keptBody(body: OutboundRequest<string>['body']): unknown {
  if (body === undefined) return null;
  if (body instanceof Uint8Array) return `${body.length} bytes`;
  return typeof body === 'string' ? redactText(body).slice(0, keptCharsMax) : redactJson(body);
}

function keptAnswer(answer: Answer): unknown {
  const headers = redactHeaders(answer.headers);
  if (answer.bytes.length === 0) return { headers, body: null };
  if (answer.bytes.length > keptCharsMax) return { headers, body: `${answer.bytes.length} bytes` };
  const text = answer.text();
  if (/json/.test(answer.headers['content-type'] ?? ''))
    try {
      return { headers, body: redactJson(JSON.parse(text)) };
    } catch {
      // Kept as the text that it is.
    }
  return { headers, body: redactText(text) };
}
