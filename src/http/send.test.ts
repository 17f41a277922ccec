import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { makeClock } from '../core/clock.ts';
import { OutcomeUnknownError, type SyncError, ThrottledError, TransientError } from '../core/errors.ts';
import type { Exchange } from './exchange.ts';
import { errand, makeTools } from './send.ts';
import type { OutboundRequest } from './tools.ts';

describe('the one way out', () => {
  let answer: (request: IncomingMessage, response: ServerResponse) => void = () => undefined;
  const server = createServer((request, response) => answer(request, response));
  const kept: Exchange[] = [];
  const refused: Date[] = [];
  const clock = makeClock();
  const tools = makeTools('shop', {
    clock,
    gate: {
      enter: async () => () => undefined,
      refused: async (_connection, _bucket, until) => void refused.push(until),
      learn: async () => undefined,
    },
    tokens: { get: async () => 'token', drop: async () => undefined },
    record: (exchange) => void kept.push(exchange),
  });
  let url = '';
  const send = (rest: Partial<OutboundRequest<string>> = {}) =>
    tools.send({ bucket: 'calls', method: 'POST', url: `${url}/orders?sig=abc`, body: { a: 1 }, ...rest });

  before(async () => {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  after(() => server.close());

  it('a body is sent as JSON and the answer read whole', async () => {
    let got = '';
    answer = (request, response) => {
      request
        .on('data', (chunk) => (got += chunk))
        .on('end', () => {
          response.setHeader('set-cookie', ['a=1', 'b=2']);
          response.write('{"half":');
          setImmediate(() => response.end('true}'));
        });
    };
    const reply = await send();
    assert.equal(got, '{"a":1}');
    assert.deepEqual(reply.json(), { half: true });
    assert.equal(reply.headers['set-cookie'], 'a=1, b=2');
  });

  it('what is kept belongs to its record and has neither secrets nor the buyer in it', async () => {
    answer = (_request, response) => {
      response.setHeader('content-type', 'application/json');
      response.end('{"access_token":"Atza|secret","addressee":"Jane Doe","total":10.00}');
    };
    kept.length = 0;
    await errand.run({ recordId: 7n, priority: 'normal' }, () =>
      send({
        headers: { authorization: 'Bearer eyJhbGciOi.abc.def', accept: 'application/json' },
        body: { shippingAddress: { addressee: 'Jane Doe', city: 'Bath' }, memo: 'x' },
      }),
    );
    const [exchange] = kept;
    assert.equal(exchange?.recordId, 7n);
    assert.equal(exchange?.status, 200);
    assert.doesNotMatch(JSON.stringify({ ...exchange, recordId: '' }), /eyJ|Atza|Jane|sig=abc/);
    const request = JSON.parse(exchange!.request);
    assert.equal(request.headers.accept, 'application/json');
    assert.equal(request.body.shippingAddress.city, 'Bath');
    assert.equal(JSON.parse(exchange!.response!).body.total, 10);
  });

  it('a cut answer of a write may have taken effect; that of a read is asked again', async () => {
    answer = (_request, response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('{"half":');
      setImmediate(() => response.destroy());
    };
    await assert.rejects(send({ write: true }), OutcomeUnknownError);
    await assert.rejects(send({ method: 'GET', body: undefined as never }), TransientError);
  });

  it('a host that is not there was not reached, not even by a write', async () => {
    const other = createTcpServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    other.close();
    await once(other, 'close');
    await assert.rejects(
      send({ url: `http://127.0.0.1:${port}/`, write: true }),
      (error: SyncError) => error instanceof TransientError && error.code === 'HOST_UNREACHABLE',
    );
  });

  it('an answer larger than allowed is cut off', async () => {
    answer = (_request, response) => void response.end('x'.repeat(10_000));
    await assert.rejects(
      send({ answerMaxBytes: 1_000 }),
      (error: SyncError) => error.code === 'ANSWER_TOO_LARGE',
    );
  });

  it('an answer that does not come in time is lost', async () => {
    answer = () => undefined;
    await assert.rejects(send({ write: true, timeoutMs: 1_000 }), OutcomeUnknownError);
  });

  it('a refusal for quota is told to the gate with its moment', async () => {
    answer = (_request, response) => void response.writeHead(429).end();
    const until = new Date('2026-11-24T12:00:00Z');
    await assert.rejects(
      send({ refuse: () => new ThrottledError('QUOTA_SPENT', 'Too many calls.', until) }),
      ThrottledError,
    );
    assert.deepEqual(refused, [until]);
  });
});
