// What do conformance suites use to reach a simulator? The real way out, with open quotas and a note of every request.
import { makeClock } from '../core/clock.ts';
import { type Gate, makeTools } from './send.ts';
import type { OutboundRequest, Tools } from './tools.ts';

export interface Watched<Bucket extends string> {
  readonly tools: Tools<Bucket>;
  readonly sent: OutboundRequest<string>[];
  /** Everything that would be kept of the calls: for looking for secrets in it. */
  readonly kept: unknown[];
}

export function watchedTools<Bucket extends string>(): Watched<Bucket> {
  const gate: Gate = {
    enter: async () => () => undefined,
    refused: async () => undefined,
    learn: async () => undefined,
  };
  const tokens = new Map<string, Promise<string>>();
  const sent: OutboundRequest<string>[] = [];
  const kept: unknown[] = [];
  const tools = makeTools<Bucket>('suite', {
    clock: makeClock(),
    gate,
    record: (exchange) => void kept.push(exchange),
    tokens: {
      get: (_id, name, fetchToken) => {
        const known = tokens.get(name) ?? fetchToken().then((token) => token.value);
        tokens.set(name, known);
        known.catch(() => tokens.delete(name));
        return known;
      },
      drop: async (_id, name) => void tokens.delete(name),
    },
  });
  return {
    sent,
    kept,
    tools: {
      ...tools,
      send: (request) => {
        sent.push(request);
        return tools.send(request);
      },
    },
  };
}

/** The error that work ends with, or undefined. */
export async function errorOf(work: () => unknown): Promise<Error | undefined> {
  try {
    await work();
    return undefined;
  } catch (error) {
    return error as Error;
  }
}
