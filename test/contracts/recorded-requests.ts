// Which requests did the Amazon connector send, and does each keep to Amazon's own models? The real way out, with a note of
// every request.
import assert from 'node:assert/strict';
import type { AmazonBucket } from '../../src/channels/amazon/limits.ts';
import { makeClock } from '../../src/core/clock.ts';
import { type Gate, makeTools } from '../../src/http/send.ts';
import type { OutboundRequest, Tools } from '../../src/http/tools.ts';
import { loadModel, operationOf, validateRequest } from './spapi-models.ts';

const models = [
  'orders_2026-01-01',
  'ordersV0',
  'reports_2021-06-30',
  'feeds_2021-06-30',
  'finances_2024-06-19',
  'sellers',
  'listingsItems_2021-08-01',
  'notifications',
];

/** The real way out; every request is added to `sent`. */
export function recordingTools(sent: OutboundRequest<string>[]): Tools<AmazonBucket> {
  const open: Gate = {
    enter: async () => () => undefined,
    refused: async () => undefined,
    learn: async () => undefined,
  };
  const tokens = new Map<string, Promise<string>>();
  const tools = makeTools<AmazonBucket>('contract', {
    clock: makeClock(),
    gate: open,
    record: () => undefined,
    tokens: {
      get: (_id, name, fetchToken) => {
        const known = tokens.get(name) ?? fetchToken().then((token) => token.value);
        tokens.set(name, known);
        return known;
      },
      drop: async (_id, name) => void tokens.delete(name),
    },
  });
  return {
    ...tools,
    send: (request) => {
      sent.push(request);
      return tools.send(request);
    },
  };
}

/** Judges all requests to `url`; answers the kinds there were. */
export function judgeRequests(sent: readonly OutboundRequest<string>[], url: string): ReadonlySet<string> {
  const operations = new Set<string>();
  for (const request of sent) {
    const { pathname, searchParams, origin } = new URL(request.url);
    if (origin !== new URL(url).origin || pathname.startsWith('/auth/') || pathname.startsWith('/documents/'))
      continue;
    const model = models
      .map((name) => loadModel(name))
      .find((one) => operationOf(one, request.method, pathname));
    assert.ok(model, `${request.method} ${pathname} is in no model`);
    const body = typeof request.body === 'object' ? JSON.parse(JSON.stringify(request.body)) : undefined;
    const findings = validateRequest(
      model,
      request.method,
      pathname,
      searchParams,
      request.headers ?? {},
      body,
    );
    assert.deepEqual(findings, [], `${request.method} ${pathname}`);
    operations.add(`${request.method} ${pathname.replace(/\d{3}-\d{7}-\d{7}|\/[\w.]+$/g, '…')}`);
  }
  return operations;
}
