// What may a connector use to reach its vendor? Only this: one way out, counted, redacted, recorded.
// send.ts implements it; connectors receive it in open().

/** How a vendor limits us: tokens that refill (Amazon), or calls in flight at once (NetSuite). */
export type Limit =
  | { readonly kind: 'rate'; readonly perSecond: number; readonly burst: number }
  | { readonly kind: 'concurrency'; readonly max: number };

/** Shipment confirmations before orders before sweeps (issue: priorities). */
export type Priority = 'urgent' | 'normal' | 'background';

export interface OutboundRequest<Bucket extends string> {
  /** The quota this call is counted against. `free` is for calls the vendor does not count (tokens, uploads). */
  readonly bucket: Bucket | 'free';
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** An object is sent as JSON; a string or bytes are sent as they are. */
  readonly body?: object | string | Uint8Array;
  /** True when the call changes something at the vendor: a lost answer is then OutcomeUnknownError. */
  readonly write?: boolean;
  readonly timeoutMs?: number;
  /** Turns a refused answer (status ≥ 400) into the vendor's error table; when it returns undefined the answer is given back. */
  readonly refuse?: (answer: Answer) => Error | undefined;
  /** Do not keep request and answer (token calls, documents with their own archive). */
  readonly unrecorded?: boolean;
  /** Wait for quota at most this long before ThrottledError; default 0 for rate limits: the engine waits, not the call. */
  readonly waitMaxMs?: number;
  /** The largest answer accepted, default 32 MiB. */
  readonly answerMaxBytes?: number;
}

export interface Answer {
  readonly status: number;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly bytes: Uint8Array;
  text(): string;
  /** Parses the body; a body that is not JSON is a TransientError (proxies and maintenance pages answer HTML). */
  json(): unknown;
}

export interface CachedToken {
  readonly value: string;
  readonly expiresAt: Date;
}

export interface Tools<Bucket extends string = string> {
  send(request: OutboundRequest<Bucket>): Promise<Answer>;
  now(): Date;
  /** A token by name: from the shared sealed cache, renewed five minutes early, fetched once at a time over all workers. */
  token(name: string, fetchToken: () => Promise<CachedToken>): Promise<string>;
  /** Forgets a token that the vendor refused, so that the next call fetches another. */
  dropToken(name: string): Promise<void>;
  /** The vendor told us the real figure of a limit (x-amzn-RateLimit-Limit, governanceLimits). */
  learnLimit(bucket: Bucket, limit: { perSecond?: number; max?: number }): Promise<void>;
}
