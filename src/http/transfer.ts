// How does one request go over the wire? Bytes out, bytes back, both limited in time and size; a broken connection becomes
// a SyncError that says whether the call may have taken effect.
import { Agent, type Dispatcher } from 'undici';
import type { Clock } from '../core/clock.ts';
import { OutcomeUnknownError, SyncError, TransientError } from '../core/errors.ts';
import type { Answer, OutboundRequest } from './tools.ts';

/** Sockets are kept and shared; a vendor that closes an idle one is no error (undici opens another). */
const agent = new Agent({ connections: 128, keepAliveTimeout: 30_000, pipelining: 1 });
const answerMaxBytesDefault = 32 * 1024 * 1024;
/** NetSuite may take minutes; Oracle's own limit is 15 (netsuite.md §1.2). */
const timeoutMsDefault = 120_000;

/** Sends the request as prepared and reads the whole answer. */
export async function transfer(
  outbound: OutboundRequest<string>,
  headers: Readonly<Record<string, string>>,
  body: string | Uint8Array | undefined,
  clock: Clock,
): Promise<Answer> {
  const url = new URL(outbound.url);
  const timeoutMs = Math.max(1_000, clock.toRealMs(outbound.timeoutMs ?? timeoutMsDefault));
  const received = await dispatch(
    {
      origin: url.origin,
      path: url.pathname + url.search,
      method: outbound.method,
      headers,
      body: body ?? null,
      headersTimeout: timeoutMs,
      bodyTimeout: timeoutMs,
    },
    outbound.answerMaxBytes ?? answerMaxBytesDefault,
  );
  const text = () => received.bytes.toString('utf8');
  return {
    ...received,
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

interface Received {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly bytes: Buffer;
}

/** The dispatcher itself, without a stream per answer: every answer here is read to its end at once. */
function dispatch(options: Dispatcher.DispatchOptions, bytesMax: number): Promise<Received> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    let status = 0;
    let headers: Record<string, string> = {};
    agent.dispatch(options, {
      // The dispatcher asks for this one even when there is nothing to do.
      onRequestStart: () => undefined,
      // An interim answer (1xx) comes before the real one, which then replaces it.
      onResponseStart(_controller, code, given) {
        status = code;
        headers = {};
        for (const [name, value] of Object.entries(given))
          if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(', ') : value;
      },
      onResponseData(controller, chunk) {
        size += chunk.length;
        if (size <= bytesMax) chunks.push(chunk);
        else
          controller.abort(
            new TransientError(
              'ANSWER_TOO_LARGE',
              `The answer is larger than the ${bytesMax} bytes allowed here.`,
            ),
          );
      },
      onResponseEnd: () =>
        resolve({ status, headers, bytes: chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks) }),
      onResponseError: (_controller, error) => reject(error),
    });
  });
}

/** What a failed transfer means: not sent at all, or sent with its answer lost. */
export function failureOf(thrown: unknown, outbound: OutboundRequest<string>): SyncError {
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
