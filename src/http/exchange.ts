// What is kept of a call? Request and answer as JSON text, without secrets and without the buyer's data, ready to be
// stored beside the record or run on whose behalf it was made.
import { redactHeaders, redactJson, redactText } from '../core/redact.ts';
import type { Answer, OutboundRequest } from './tools.ts';

/** One call with its answer, without secrets and buyer data, ready to be stored. */
export interface Exchange {
  readonly connectionId: string;
  readonly recordId: bigint | null;
  readonly runId: bigint | null;
  readonly at: Date;
  readonly bucket: string;
  readonly method: string;
  readonly url: string;
  /** JSON text. */
  readonly request: string;
  readonly status: number | null;
  /** JSON text, or null when there was no answer. */
  readonly response: string | null;
  readonly durationMs: number;
  readonly failure: string | null;
}

/** Texts and answers longer than this are kept shortened. */
const keptCharsMax = 40_000;

export function keptRequest(
  headers: Readonly<Record<string, string>>,
  body: OutboundRequest<string>['body'],
): string {
  return JSON.stringify({ headers: redactHeaders(headers), body: keptBody(body) });
}

function keptBody(body: OutboundRequest<string>['body']): unknown {
  if (body === undefined) return null;
  if (body instanceof Uint8Array) return `${body.length} bytes`;
  return typeof body === 'string' ? redactText(body).slice(0, keptCharsMax) : redactJson(body);
}

export function keptAnswer(answer: Answer): string {
  return JSON.stringify({ headers: redactHeaders(answer.headers), body: keptAnswerBody(answer) });
}

function keptAnswerBody(answer: Answer): unknown {
  if (answer.bytes.length === 0) return null;
  if (answer.bytes.length > keptCharsMax) return `${answer.bytes.length} bytes`;
  const text = answer.text();
  if (/json/.test(answer.headers['content-type'] ?? ''))
    try {
      return redactJson(JSON.parse(text));
    } catch {
      // Kept as the text that it is.
    }
  return redactText(text);
}
