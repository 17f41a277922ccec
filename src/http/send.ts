// How does any request leave this program? Here only: counted against its quota, timed, capped, redacted, recorded, and
// every failure turned into a SyncError. Next: transfer.ts (the wire), exchange.ts (what is kept), engine/quota/gate.ts.
import { AsyncLocalStorage } from 'node:async_hooks';
import type { Clock } from '../core/clock.ts';
import { redactText } from '../core/redact.ts';
import { type Exchange, keptAnswer, keptRequest } from './exchange.ts';
import type { Answer, CachedToken, OutboundRequest, Priority, Tools } from './tools.ts';
import { failureOf, transfer } from './transfer.ts';

/** On whose behalf a call is made; set by the engine around a delivery or a run. */
export interface Errand {
  readonly recordId?: bigint;
  readonly runId?: bigint;
  readonly priority: Priority;
}
export const errand = new AsyncLocalStorage<Errand>();

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
  const keep = (answer: Answer | undefined, failure: string | null) => {
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
      request: keptRequest(headers, outbound.body),
      status: answer?.status ?? null,
      response: answer ? keptAnswer(answer) : null,
      durationMs: parts.clock.now().getTime() - at.getTime(),
      failure,
    });
  };
  try {
    const answer = await transfer(outbound, headers, body, parts.clock);
    keep(answer, null);
    return answer;
  } catch (thrown) {
    const error = failureOf(thrown, outbound);
    keep(undefined, error.message);
    throw error;
  }
}
