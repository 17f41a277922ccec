// Is the simulated NetSuite the one that is documented? Logins against published vectors, refusals as a table, stock,
// books and status letters, and names against the digests of Oracle's own pages.
import assert from 'node:assert/strict';
import 'reflect-metadata';
import { createSign, generateKeyPairSync, type KeyObject, sign as signBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { cryptoProvider, X509CertificateGenerator } from '@peculiar/x509';
import { makeSimClock } from '../../sim/clock.ts';
import { refuseTba, sign, signatureBase } from '../../sim/netsuite/auth/tba.ts';
import { recordFields } from '../../sim/netsuite/fields.ts';
import { visibleColumns } from '../../sim/netsuite/schema.ts';
import { type RunningNetSuite, startNetSuite } from '../../sim/netsuite/server.ts';

const contracts =
  process.env['CROSSDOCK_CONTRACTS'] ?? resolve(import.meta.dirname, '../../../shared/contracts');
const noContracts = existsSync(`${contracts}/netsuite`)
  ? false
  : 'The folder of vendors’ contracts is not here.';
const readContract = (path: string) => JSON.parse(readFileSync(`${contracts}/netsuite/${path}`, 'utf8'));

type Json = Record<string, unknown>;
interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Json;
}

let netsuite: RunningNetSuite;
let ids: Record<string, Record<string, string>>;
let kid = '';
let keys: { privateKey: KeyObject; publicKey: KeyObject };
let bearer = '';
let serial = 0;

async function makeCertificate(privateKey: KeyObject, publicKey: KeyObject): Promise<string> {
  cryptoProvider.set(globalThis.crypto);
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
  const certificate = await X509CertificateGenerator.createSelfSigned({
    serialNumber: '01',
    name: 'CN=test',
    notBefore: new Date(Date.now() - 86_400_000),
    notAfter: new Date(Date.now() + 300 * 86_400_000),
    signingAlgorithm: algorithm,
    keys: {
      privateKey: await crypto.subtle.importKey(
        'pkcs8',
        privateKey.export({ type: 'pkcs8', format: 'der' }),
        algorithm,
        true,
        ['sign'],
      ),
      publicKey: await crypto.subtle.importKey(
        'spki',
        publicKey.export({ type: 'spki', format: 'der' }),
        algorithm,
        true,
        ['verify'],
      ),
    },
  });
  return certificate.toString('pem');
}

const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
function assertion(
  changes: { header?: object; claims?: object; key?: KeyObject; rs256?: boolean } = {},
): string {
  const now = Math.floor(Date.now() / 1000);
  const head = part({ typ: 'JWT', alg: 'ES256', kid, ...changes.header });
  const body = part({
    iss: netsuite.world.clientId,
    scope: ['rest_webservices'],
    aud: `${netsuite.url}/services/rest/auth/oauth2/v1/token`,
    iat: now,
    exp: now + 3600,
    ...changes.claims,
  });
  const signed = `${head}.${body}`;
  const key = changes.key ?? keys.privateKey;
  const signature = changes.rs256
    ? createSign('sha256').update(signed).sign(key)
    : signBytes('sha256', Buffer.from(signed), { key, dsaEncoding: 'ieee-p1363' });
  return `${signed}.${signature.toString('base64url')}`;
}

async function requestToken(jwt: string): Promise<{ status: number; body: Json }> {
  const form = new URLSearchParams({
    grant_type: 'client_credentials',
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion: jwt,
  });
  const answer = await fetch(`${netsuite.url}/services/rest/auth/oauth2/v1/token`, {
    method: 'POST',
    body: form,
  });
  return { status: answer.status, body: (await answer.json()) as Json };
}

async function call(
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Reply> {
  const answer = await fetch(`${netsuite.url}/services/rest/${path}`, {
    method,
    headers: { authorization: `Bearer ${bearer}`, ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  return {
    status: answer.status,
    headers: answer.headers,
    body: (text === '' ? {} : JSON.parse(text)) as Json,
  };
}
const strict = { 'x-netsuite-propertynamevalidation': 'error' };
const sql = (q: string, params: unknown[] = [], page = '') =>
  call('POST', `query/v1/suiteql${page}`, { q, params }, { prefer: 'transient' });
const rows = async (q: string, params: unknown[] = []) => {
  const answer = await sql(q, params);
  assert.equal(answer.status, 200, JSON.stringify(answer.body));
  return answer.body['items'] as Record<string, string>[];
};
const control = async (method: string, path: string, body?: unknown): Promise<Json> => {
  const answer = await fetch(`${netsuite.url}/_sim/${path}`, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const value = (await answer.json()) as Json;
  assert.equal(answer.status, 200, JSON.stringify(value));
  return value;
};
const detail = (reply: Reply) =>
  (reply.body['o:errorDetails'] as { detail: string; 'o:errorCode': string; 'o:errorPath'?: string }[])[0]!;
const id = (kind: string, name: string) => {
  const found = ids[kind]?.[name];
  assert.ok(found, `${kind} ${name}`);
  return { id: found };
};
const createdId = (reply: Reply) => {
  assert.equal(reply.status, 204, JSON.stringify(reply.body));
  return reply.headers.get('location')!.split('/').at(-1)!;
};

function anOrder(
  changes: Record<string, unknown> = {},
  lines?: Record<string, unknown>[],
): Record<string, unknown> {
  const number = `T-${++serial}`;
  return {
    externalId: number,
    entity: id('customers', 'Amazon.com Marketplace'),
    location: id('locations', 'Main Warehouse'),
    orderStatus: { id: 'B' },
    otherRefNum: number,
    custbody_mkt_order_id: number,
    shipMethod: id('shipMethods', 'UPS Ground'),
    item: {
      items: lines ?? [
        {
          item: id('items', 'CD-1001'),
          quantity: 2,
          price: { id: '-1' },
          rate: 19.99,
          amount: 39.98,
          custcol_mkt_line_id: 'L1',
        },
      ],
    },
    ...changes,
  };
}
const level = async (item: string, place = 'Main Warehouse') => {
  const { items } = await control('GET', `stock?item=${item}`);
  return (
    items as unknown as { locationName: string; onHand: number; committed: number; available: number }[]
  ).find((one) => one.locationName === place)!;
};

before(async () => {
  netsuite = await startNetSuite({ seed: 1 });
  ids = (await control('GET', 'directory')) as never;
  keys = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  ({ kid } = netsuite.world.registerCertificate(await makeCertificate(keys.privateKey, keys.publicKey)));
  const { body } = await requestToken(assertion());
  bearer = String(body['access_token']);
});
after(() => netsuite.close());

describe('login', () => {
  test('a signed assertion of a registered certificate earns a token of sixty minutes, as text and as number', async () => {
    const answers = [await requestToken(assertion()), await requestToken(assertion())];
    assert.deepEqual(
      answers.map(({ status }) => status),
      [200, 200],
    );
    assert.deepEqual(answers.map(({ body }) => typeof body['expires_in']).sort(), ['number', 'string']);
    assert.equal(Number(answers[0]!.body['expires_in']), 3600);
    assert.equal(answers[0]!.body['refresh_token'], undefined);
  });

  const now = Math.floor(Date.now() / 1000);
  const refusals: readonly [name: string, make: () => string][] = [
    [
      'RS256',
      () =>
        assertion({
          header: { alg: 'RS256' },
          key: generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey,
          rs256: true,
        }),
    ],
    ['an unknown certificate id', () => assertion({ header: { kid: 'nobody' } })],
    ['another issuer', () => assertion({ claims: { iss: 'somebody-else' } })],
    ['another audience', () => assertion({ claims: { aud: 'https://example.com/token' } })],
    ['an expired assertion', () => assertion({ claims: { iat: now - 7200, exp: now - 3600 } })],
    ['a life of more than an hour', () => assertion({ claims: { iat: now, exp: now + 3601 } })],
    ['an unknown scope', () => assertion({ claims: { scope: ['everything'] } })],
    [
      'another key',
      () => assertion({ key: generateKeyPairSync('ec', { namedCurve: 'prime256v1' }).privateKey }),
    ],
  ];
  for (const [name, make] of refusals)
    test(`the token desk refuses ${name}`, async () => {
      const { status, body } = await requestToken(make());
      assert.ok(status === 400 || status === 401);
      assert.match(String(body['error']), /^invalid_(grant|client|request|scope)$/);
    });

  test('scopes may be an array, or text parted by commas or spaces', async () => {
    for (const scope of [
      ['rest_webservices', 'restlets'],
      'rest_webservices,restlets',
      'rest_webservices restlets',
    ])
      assert.equal((await requestToken(assertion({ claims: { scope } }))).status, 200);
  });

  test('a call without login is 401 INVALID_LOGIN', async () => {
    const answer = await fetch(`${netsuite.url}/services/rest/record/v1/customer/1`);
    assert.equal(answer.status, 401);
    assert.match(await answer.text(), /INVALID_LOGIN/);
  });

  test('Oracle’s published signature vectors are reproduced', { skip: noContracts }, () => {
    const { credentials, vectors } = readContract('tba-golden-vectors.json');
    for (const vector of vectors) {
      const oauth = {
        oauth_consumer_key: credentials.consumerKey,
        oauth_nonce: credentials.nonce,
        oauth_signature_method: 'HMAC-SHA256',
        oauth_timestamp: credentials.timestamp,
        oauth_token: credentials.tokenId,
        oauth_version: '1.0',
      };
      const base = signatureBase(vector.method, vector.url, oauth);
      if (vector.baseString) assert.equal(base, vector.baseString);
      assert.equal(sign(base, credentials), vector.signature);
      const header = `OAuth realm="${credentials.accountId}", ${Object.entries({
        ...oauth,
        oauth_signature: vector.signature,
      })
        .map(([name, value]) => `${name}="${encodeURIComponent(String(value))}"`)
        .join(', ')}`;
      const request = {
        method: vector.method,
        urls: [vector.url],
        header,
        nowMs: [Number(credentials.timestamp) * 1000],
        realm: credentials.accountId,
      };
      const nonces = new Map<string, number>();
      assert.equal(refuseTba(request, credentials, nonces), undefined);
      assert.equal(refuseTba(request, credentials, nonces), 'NonceUsed');
      const fresh = () => new Map<string, number>();
      assert.equal(
        refuseTba({ ...request, urls: [`${vector.url}&x=1`.replace('40&', '40?')] }, credentials, fresh()),
        'InvalidSignature',
      );
      assert.equal(
        refuseTba({ ...request, nowMs: [request.nowMs[0]! + 301_000] }, credentials, fresh()),
        'InvalidTimestamp',
      );
      assert.equal(refuseTba({ ...request, realm: 'OTHER' }, credentials, fresh()), 'InvalidRealm');
    }
  });
});

describe('sales orders', () => {
  test('creating answers 204 with an absolute location, and reading gives the exact total', async () => {
    const reply = await call(
      'POST',
      'record/v1/SALESORDER',
      anOrder({}, [
        { item: id('items', 'CD-1001'), quantity: 3, price: { id: '-1' }, rate: 3.33, amount: 10 },
        { item: id('items', 'CD-1002'), quantity: 3, price: { id: '-1' }, rate: 3.335 },
        { item: id('items', 'Amazon Discount'), price: { id: '-1' }, rate: -0.01, amount: -0.01 },
      ]),
      strict,
    );
    const order = createdId(reply);
    assert.ok(
      reply.headers.get('location')!.startsWith(`${netsuite.url}/services/rest/record/v1/salesOrder/`),
    );
    const read = await call('GET', `record/v1/salesOrder/${order}?expandSubResources=true`);
    assert.equal(read.body['total'], 20);
    const { items } = read.body['item'] as unknown as { items: { amount: number }[] };
    assert.deepEqual(
      items.map(({ amount }) => amount),
      [10, 10.01, -0.01],
    );
  });

  test('yen have no decimals', async () => {
    const order = createdId(
      await call(
        'POST',
        'record/v1/salesOrder',
        anOrder(
          { entity: id('customers', 'Amazon Marketplace (other)'), currency: id('currencies', 'JPY') },
          [{ item: id('items', 'CD-1001'), quantity: 3, price: { id: '-1' }, rate: 333.5 }],
        ),
      ),
    );
    assert.equal((await call('GET', `record/v1/salesOrder/${order}`)).body['total'], 1001);
  });

  test('a sublist is links until it is asked for, fields and expansion exclude each other', async () => {
    const order = createdId(await call('POST', 'record/v1/salesOrder', anOrder()));
    const plain = await call('GET', `record/v1/salesOrder/${order}`);
    assert.deepEqual(Object.keys(plain.body['item'] as object), ['links']);
    assert.equal(
      (await call('GET', `record/v1/salesOrder/${order}?fields=tranId,total`)).body['total'],
      39.98,
    );
    assert.equal(
      detail(await call('GET', `record/v1/salesOrder/${order}?fields=tranId&expandSubResources=true`))[
        'o:errorCode'
      ],
      'INVALID_PARAMETER',
    );
    assert.equal((await call('GET', `record/v1/salesOrder/${order}/item`)).body['totalResults'], 1);
  });

  test('an unknown name is dropped with a warning, refused when asked, and silent when asked', async () => {
    const warned = await call('POST', 'record/v1/salesOrder', anOrder({ custbody_unknown: 'x' }));
    assert.equal(warned.status, 204);
    assert.match(warned.headers.get('x-netsuite-propertyvalidation') ?? '', /custbody_unknown/);
    const refused = await call('POST', 'record/v1/salesOrder', anOrder({ custbody_unknown: 'x' }), strict);
    assert.equal(refused.status, 400);
    assert.equal(detail(refused)['o:errorPath'], 'custbody_unknown');
    const silent = await call('POST', 'record/v1/salesOrder', anOrder({ custbody_unknown: 'x' }), {
      'x-netsuite-propertynamevalidation': 'ignore',
    });
    assert.equal(silent.headers.get('x-netsuite-propertyvalidation'), null);
  });

  test('lines are changed by key, appended without one, replaced when asked; numbers are never reused', async () => {
    const order = createdId(await call('POST', 'record/v1/salesOrder', anOrder()));
    const lines = async () =>
      (
        (await call('GET', `record/v1/salesOrder/${order}?expandSubResources=true`)).body[
          'item'
        ] as unknown as { items: { line: number; quantity: number }[] }
      ).items.map(({ line, quantity }) => [line, quantity]);
    const patch = (query: string, items: object[]) =>
      call('PATCH', `record/v1/salesOrder/${order}${query}`, { item: { items } }, strict);
    assert.equal((await patch('', [{ line: 1, quantity: 5 }])).status, 204);
    assert.deepEqual(await lines(), [[1, 5]]);
    await patch('', [{ item: id('items', 'CD-1003'), quantity: 1 }]);
    assert.deepEqual(await lines(), [
      [1, 5],
      [2, 1],
    ]);
    await patch('?replace=item', [{ line: 1 }, { item: id('items', 'CD-1004'), quantity: 4 }]);
    assert.deepEqual(await lines(), [
      [1, 5],
      [3, 4],
    ]);
  });

  test('PUT needs an external id, creates once, then updates by appending lines', async () => {
    assert.equal((await call('PUT', 'record/v1/salesOrder/1', anOrder())).status, 400);
    const { externalId: _, ...order } = anOrder();
    const first = createdId(await call('PUT', 'record/v1/salesOrder/eid:PUT-1', order));
    assert.equal(createdId(await call('PUT', 'record/v1/salesOrder/eid:PUT-1', order)), first);
    const { items } = (await call('GET', 'record/v1/salesOrder/eid:PUT-1?expandSubResources=true')).body[
      'item'
    ] as unknown as { items: object[] };
    assert.equal(items.length, 2);
  });

  test('a deleted order is gone, and the deletion is on record', async () => {
    const order = createdId(await call('POST', 'record/v1/salesOrder', anOrder()));
    assert.equal((await call('DELETE', `record/v1/salesOrder/${order}`)).status, 204);
    const gone = await call('GET', `record/v1/salesOrder/${order}`);
    assert.deepEqual([gone.status, detail(gone)['o:errorCode']], [404, 'NONEXISTENT_ID']);
    assert.equal((await rows('SELECT recordid FROM deletedrecord WHERE recordid = ?', [order])).length, 1);
  });
});

describe('documented refusals', () => {
  const refusals: readonly [
    name: string,
    request: () => Promise<Reply>,
    status: number,
    code: string,
    text: RegExp,
    path?: string,
  ][] = [
    [
      'an external id in use',
      async () => {
        const order = anOrder();
        await call('POST', 'record/v1/salesOrder', order);
        return call('POST', 'record/v1/salesOrder', order);
      },
      400,
      'USER_ERROR',
      /This record already exists\./,
    ],
    [
      'an external id with other characters',
      () => call('POST', 'record/v1/salesOrder', anOrder({ externalId: 'A.B' })),
      400,
      'USER_ERROR',
      /external ID/i,
    ],
    [
      'an unknown item',
      () => call('POST', 'record/v1/salesOrder', anOrder({}, [{ item: { id: '9999' }, quantity: 1 }])),
      400,
      'INVALID_CONTENT',
      /Invalid Field Value 9999 for the following field: item/,
      'item.items[0].item',
    ],
    [
      'no customer',
      () => call('POST', 'record/v1/salesOrder', anOrder({ entity: undefined })),
      400,
      'USER_ERROR',
      /Please enter value/,
    ],
    [
      'no lines',
      () => call('POST', 'record/v1/salesOrder', anOrder({}, [])),
      400,
      'USER_ERROR',
      /at least one line item/,
    ],
    [
      'a location of another subsidiary',
      () => call('POST', 'record/v1/salesOrder', anOrder({ location: id('locations', 'Amazon FBA UK') })),
      400,
      'INVALID_CONTENT',
      /Invalid Field Value .* location/,
    ],
    [
      'a subsidiary that is not the customer’s',
      () => call('POST', 'record/v1/salesOrder', anOrder({ subsidiary: id('subsidiaries', 'UK') })),
      400,
      'INVALID_CONTENT',
      /subsidiary/,
    ],
    [
      'a currency the customer does not have',
      () => call('POST', 'record/v1/salesOrder', anOrder({ currency: id('currencies', 'GBP') })),
      400,
      'INVALID_CONTENT',
      /currency/,
    ],
    [
      'an inactive item',
      () =>
        call('POST', 'record/v1/salesOrder', anOrder({}, [{ item: id('items', 'CD-1200'), quantity: 1 }])),
      400,
      'USER_ERROR',
      /inactive/,
    ],
    [
      'a matrix parent',
      () =>
        call('POST', 'record/v1/salesOrder', anOrder({}, [{ item: id('items', 'TEE-401'), quantity: 1 }])),
      400,
      'INVALID_CONTENT',
      /item/,
    ],
    [
      'a status that is not A or B',
      () => call('POST', 'record/v1/salesOrder', anOrder({ orderStatus: { id: 'G' } })),
      400,
      'INVALID_CONTENT',
      /orderStatus/,
    ],
    [
      'text where a number belongs',
      () => call('POST', 'record/v1/salesOrder', anOrder({ exchangeRate: 'much' })),
      400,
      'INVALID_CONTENT',
      /exchangeRate/,
      'exchangeRate',
    ],
    [
      'a date that is none',
      () => call('POST', 'record/v1/salesOrder', anOrder({ tranDate: '3/1/2026' })),
      400,
      'INVALID_CONTENT',
      /tranDate/,
    ],
    [
      'a closed period',
      () =>
        call('POST', 'record/v1/cashSale', {
          ...anOrder({ orderStatus: undefined }),
          tranDate: '2024-01-15',
        }),
      400,
      'USER_ERROR',
      /accounting period/,
    ],
    [
      'a lot item without lots',
      () =>
        call(
          'POST',
          'record/v1/cashSale',
          anOrder({ orderStatus: undefined }, [{ item: id('items', 'LOT-301'), quantity: 1 }]),
        ),
      400,
      'USER_ERROR',
      /configure the inventory detail/,
    ],
    [
      'a customer without a name',
      () => call('POST', 'record/v1/customer', { subsidiary: id('subsidiaries', 'US') }),
      400,
      'USER_ERROR',
      /You must enter a value for Company Name\./,
    ],
    [
      'a customer that exists',
      () =>
        call('POST', 'record/v1/customer', {
          companyName: 'Amazon.com Marketplace',
          subsidiary: id('subsidiaries', 'US'),
        }),
      400,
      'USER_ERROR',
      /This entity already exists\./,
    ],
    [
      'a record that does not exist',
      () => call('GET', 'record/v1/salesOrder/eid:NOBODY'),
      404,
      'NONEXISTENT_ID',
      /does not exist/,
    ],
    [
      'a journal that does not balance',
      () =>
        call('POST', 'record/v1/journalEntry', {
          subsidiary: id('subsidiaries', 'US'),
          line: {
            items: [
              { account: id('accounts', 'Marketplace Fees'), debit: 5 },
              { account: id('accounts', 'Amazon Clearing'), credit: 4 },
            ],
          },
        }),
      400,
      'USER_ERROR',
      /must balance/,
    ],
    [
      'legacy tax codes in a SuiteTax account',
      () => call('POST', 'record/v1/salesOrder', anOrder({ taxItem: { id: '1' } }), strict),
      400,
      'NONEXISTENT_FIELD',
      /taxItem/,
    ],
    [
      'an offset that is not a multiple of the limit',
      () => call('GET', 'record/v1/customer?limit=10&offset=5'),
      400,
      'INVALID_PARAMETER',
      /divisible/,
    ],
    [
      'SuiteQL without Prefer: transient',
      () => call('POST', 'query/v1/suiteql', { q: 'SELECT id FROM item' }),
      400,
      'INVALID_HEADER',
      /Prefer/,
    ],
    ['LIMIT', () => sql('SELECT id FROM item LIMIT 5'), 400, 'INVALID_PARAMETER', /Invalid search query/],
    [
      'an unknown column',
      () => sql('SELECT i.nothing FROM item i'),
      400,
      'INVALID_PARAMETER',
      /Field 'nothing' not found/,
    ],
    [
      'an unknown name',
      () => sql('SELECT nothing FROM item'),
      400,
      'INVALID_PARAMETER',
      /Unknown identifier 'nothing'/,
    ],
    [
      'an unknown table',
      () => sql('SELECT id FROM nothing'),
      400,
      'INVALID_PARAMETER',
      /Record 'nothing' was not found/,
    ],
    [
      'transaction.createdfrom',
      () => sql('SELECT t.createdfrom FROM transaction t'),
      400,
      'INVALID_PARAMETER',
      /createdfrom/,
    ],
    [
      'transaction.shipstatus',
      () => sql('SELECT t.shipstatus FROM transaction t'),
      500,
      'UNEXPECTED_ERROR',
      /Error ID/,
    ],
    [
      'reading past the simulator’s own tables',
      () => sql('SELECT * FROM ns_master'),
      400,
      'INVALID_PARAMETER',
      /Unknown identifier|not found/,
    ],
    [
      'too few parameters',
      () => sql('SELECT id FROM item WHERE id = ?'),
      400,
      'INVALID_PARAMETER',
      /parameters/,
    ],
  ];
  for (const [name, request, status, code, text, path] of refusals)
    test(`${name} is refused`, async () => {
      const reply = await request();
      assert.equal(reply.status, status, JSON.stringify(reply.body));
      const one = detail(reply);
      assert.equal(one['o:errorCode'], code);
      assert.match(one.detail, text);
      if (path !== undefined) assert.equal(one['o:errorPath'], path);
    });

  test('a role without a permission meets 400 USER_ERROR, missing tables and missing rows', async () => {
    createdId(await call('POST', 'record/v1/salesOrder', anOrder()));
    try {
      await control('POST', 'roles', { drop: ['TRAN_SALESORD', 'LIST_CLASS', 'TRAN_SALESORDAPPRV'] });
      const refused = await call('POST', 'record/v1/salesOrder', anOrder());
      assert.deepEqual([refused.status, detail(refused)['o:errorCode']], [400, 'USER_ERROR']);
      assert.match(detail(refused).detail, /does not have permission/);
      assert.match(
        detail(await sql('SELECT id FROM classification')).detail,
        /Record 'classification' was not found/,
      );
      assert.deepEqual(await rows("SELECT id FROM transaction WHERE type = 'SalesOrd'"), []);
      await control('POST', 'roles', { drop: ['ADMI_RESTWEBSERVICES'] });
      const forbidden = await call('GET', 'record/v1/customer/1');
      assert.deepEqual(
        [forbidden.status, detail(forbidden)['o:errorCode']],
        [403, 'INSUFFICIENT_PERMISSION'],
      );
    } finally {
      await control('POST', 'roles', { reset: true });
    }
    assert.ok((await rows("SELECT id FROM transaction WHERE type = 'SalesOrd'")).length > 0);
  });

  test('more calls than the account allows are 429 in the documented body', async () => {
    try {
      await control('PUT', 'governance', { concurrency: 3, foreignSlots: 1, latencyMs: 1_500 });
      const replies = await Promise.all(Array.from({ length: 6 }, () => call('GET', 'record/v1/customer/1')));
      const refused = replies.filter(({ status }) => status === 429);
      assert.equal(refused.length, 4);
      assert.equal(detail(refused[0]!)['o:errorCode'], 'CONCURRENCY_LIMIT_EXCEEDED');
      assert.equal(detail(refused[0]!).detail, 'Concurrent request limit exceeded. Request blocked.');
      assert.equal((await control('GET', 'governance'))['inFlightMax'], 2);
    } finally {
      await control('PUT', 'governance', { concurrency: 15, foreignSlots: 0, latencyMs: 0 });
    }
  });
});

describe('stock, shipments and books', () => {
  test('approval commits, only status C relieves, and the status letters follow', async () => {
    const start = await level('CD-1010');
    const lines = [{ item: id('items', 'CD-1010'), quantity: 5, custcol_mkt_line_id: 'X' }];
    const order = createdId(
      await call('POST', 'record/v1/salesOrder', anOrder({ orderStatus: { id: 'A' } }, lines)),
    );
    assert.equal((await level('CD-1010')).committed, start.committed);
    await call('PATCH', `record/v1/salesOrder/${order}`, { orderStatus: { id: 'B' } });
    assert.equal((await level('CD-1010')).committed, start.committed + 5);
    const status = async () =>
      (await rows('SELECT status FROM transaction WHERE id = ?', [order]))[0]?.['status'];
    const ship = (body: object) =>
      call('POST', `record/v1/salesOrder/${order}/!transform/itemFulfillment`, body, strict);
    const first = createdId(
      await ship({
        shipStatus: { id: 'A' },
        item: { items: [{ orderLine: 1, itemReceive: true, quantity: 2 }] },
      }),
    );
    assert.equal((await level('CD-1010')).onHand, start.onHand);
    assert.equal(await status(), 'B');
    await call('PATCH', `record/v1/itemFulfillment/${first}`, { shipStatus: { id: 'C' } });
    assert.equal((await level('CD-1010')).onHand, start.onHand - 2);
    assert.equal((await level('CD-1010')).committed, start.committed + 3);
    assert.equal(await status(), 'E');
    assert.match(
      detail(await ship({ item: { items: [{ orderLine: 1, itemReceive: true, quantity: 4 }] } })).detail,
      /only 3/,
    );
    createdId(await ship({ shipStatus: { id: 'C' } }));
    assert.equal(await status(), 'F');
    assert.equal((await level('CD-1010')).committed, start.committed);
    assert.match(detail(await ship({})).detail, /at least one valid line item/);
    createdId(await call('POST', `record/v1/salesOrder/${order}/!transform/invoice`, {}));
    assert.equal(await status(), 'G');
  });

  test('a kit commits and relieves its members, and ships with a line for each of them', async () => {
    const [kit] = await rows(
      'SELECT m.parentitem, BUILTIN.DF(m.parentitem) AS kit, i.itemid AS member, m.quantity FROM kititemmember m JOIN item i ON i.id = m.item ORDER BY m.parentitem, m.linenumber FETCH FIRST 1 ROWS ONLY',
    );
    const before = await level(kit!['member']!);
    const order = createdId(
      await call(
        'POST',
        'record/v1/salesOrder',
        anOrder({}, [{ item: { id: kit!['parentitem'] }, quantity: 2, price: { id: '-1' }, rate: 10 }]),
      ),
    );
    assert.equal((await level(kit!['member']!)).committed, before.committed + 2 * Number(kit!['quantity']));
    const shipment = createdId(
      await call('POST', `record/v1/salesOrder/${order}/!transform/itemFulfillment`, {
        shipStatus: { id: 'C' },
      }),
    );
    assert.equal((await level(kit!['member']!)).onHand, before.onHand - 2 * Number(kit!['quantity']));
    const lines = await rows(
      "SELECT id, kitcomponent, iscogs FROM transactionline WHERE transaction = ? AND mainline = 'F' ORDER BY id",
      [shipment],
    );
    assert.ok(
      lines.some((line) => line['kitcomponent'] === 'T') && lines.some((line) => line['iscogs'] === 'T'),
    );
    assert.equal(lines.filter((line) => line['kitcomponent'] === 'F' && line['iscogs'] === 'F').length, 1);
  });

  test('closing a line releases its stock to the oldest order that waits', async () => {
    await control('POST', 'stock', { item: 'CD-1020', location: 'East Warehouse', onHand: 3 });
    const place = { location: id('locations', 'East Warehouse') };
    const line = (quantity: number) => [{ item: id('items', 'CD-1020'), quantity }];
    const first = createdId(await call('POST', 'record/v1/salesOrder', anOrder(place, line(3))));
    const second = createdId(await call('POST', 'record/v1/salesOrder', anOrder(place, line(2))));
    const committed = async (order: string) =>
      (
        await rows(
          "SELECT quantitycommitted, quantitybackordered FROM transactionline WHERE transaction = ? AND mainline = 'F'",
          [order],
        )
      ).map((row) => [row['quantitycommitted'], row['quantitybackordered']])[0];
    assert.deepEqual(await committed(second), ['0', '2']);
    await call('PATCH', `record/v1/salesOrder/${first}`, { item: { items: [{ line: 1, isClosed: true }] } });
    assert.equal((await rows('SELECT status FROM transaction WHERE id = ?', [first]))[0]?.['status'], 'H');
    assert.deepEqual(await committed(second), ['2', '0']);
    assert.equal((await level('CD-1020', 'East Warehouse')).committed, 2);
  });

  test('a cash sale takes stock at once and the books stay balanced through payment, credit, return and deposit', async () => {
    const start = await level('CD-1030', 'Amazon FBA US');
    const place = { location: id('locations', 'Amazon FBA US'), orderStatus: undefined };
    const sale = createdId(
      await call(
        'POST',
        'record/v1/cashSale',
        anOrder(place, [
          { item: id('items', 'CD-1030'), quantity: 4, price: { id: '-1' }, rate: 2.5, amount: 10 },
        ]),
      ),
    );
    assert.equal((await level('CD-1030', 'Amazon FBA US')).onHand, start.onHand - 4);
    createdId(
      await call('POST', `record/v1/cashSale/${sale}/!transform/cashRefund`, {
        item: { items: [{ line: 1, quantity: 1 }] },
      }),
    );
    createdId(
      await call('POST', 'record/v1/deposit', {
        account: id('accounts', 'Operating Bank'),
        payment: { items: [{ id: Number(sale), deposit: true }] },
        other: { items: [{ account: id('accounts', 'Marketplace Fees'), amount: -1.5 }] },
      }),
    );
    const invoice = createdId(await call('POST', 'record/v1/invoice', anOrder(place)));
    createdId(
      await call('POST', `record/v1/invoice/${invoice}/!transform/creditMemo`, {
        item: { items: [{ line: 1, quantity: 1 }] },
      }),
    );
    assert.equal(
      (await rows('SELECT foreignamountunpaid FROM transaction WHERE id = ?', [invoice]))[0]?.[
        'foreignamountunpaid'
      ],
      '19.99',
    );
    createdId(await call('POST', `record/v1/invoice/${invoice}/!transform/customerPayment`, {}));
    assert.equal((await rows('SELECT status FROM transaction WHERE id = ?', [invoice]))[0]?.['status'], 'B');
    const { accounts } = (await control('GET', 'trial-balance')) as unknown as {
      accounts: { name: string; balance: string }[];
    };
    assert.equal(
      accounts.reduce((sum, { balance }) => sum + Math.round(Number(balance) * 100), 0),
      0,
    );
    const bank = accounts.find(({ name }) => name === 'Operating Bank');
    assert.equal(bank?.balance, '8.50');
    const receivable = accounts.find(({ name }) => name === 'Accounts Receivable');
    assert.ok(receivable);
  });

  test('a return is received back into stock and refunded', async () => {
    const order = createdId(await call('POST', 'record/v1/salesOrder', anOrder()));
    createdId(
      await call('POST', `record/v1/salesOrder/${order}/!transform/itemFulfillment`, {
        shipStatus: { id: 'C' },
      }),
    );
    const before = await level('CD-1001');
    const rma = createdId(
      await call('POST', `record/v1/salesOrder/${order}/!transform/returnAuthorization`, {
        orderStatus: { id: 'B' },
      }),
    );
    createdId(
      await call('POST', `record/v1/returnAuthorization/${rma}/!transform/itemReceipt`, {
        item: { items: [{ orderLine: 1, itemReceive: true, quantity: 1, restock: true }] },
      }),
    );
    assert.equal((await level('CD-1001')).onHand, before.onHand + 1);
    createdId(await call('POST', `record/v1/returnAuthorization/${rma}/!transform/cashRefund`, {}));
    assert.equal((await rows('SELECT status FROM transaction WHERE id = ?', [rma]))[0]?.['status'], 'G');
  });

  test('the warehouse ships what waits, and its tracking numbers can be edited', async () => {
    const order = createdId(await call('POST', 'record/v1/salesOrder', anOrder()));
    const shipped = await control('POST', 'fulfil', {
      orderId: order,
      packages: [{ trackingNumber: '1ZA' }, { trackingNumber: '1ZB' }],
    });
    assert.deepEqual(shipped['trackingNumbers'], ['1ZA', '1ZB']);
    assert.equal(
      (await call('GET', `record/v1/salesOrder/${order}`)).body['linkedTrackingNumbers'],
      '1ZA<BR>1ZB',
    );
    await control('POST', `fulfilments/${String(shipped['id'])}/tracking`, { trackingNumbers: ['1ZC'] });
    const found = await rows(
      'SELECT n.trackingnumber FROM TrackingNumberMap m JOIN trackingnumber n ON n.id = m.trackingnumber WHERE m.transaction = ?',
      [shipped['id']],
    );
    assert.deepEqual(
      found.map((row) => row['trackingnumber']),
      ['1ZC'],
    );
  });
});

describe('SuiteQL', () => {
  test('values are text, names lower case, nulls absent, every row has links', async () => {
    createdId(await call('POST', 'record/v1/salesOrder', anOrder({ externalId: 'SQL-1', memo: undefined })));
    const [row] = await rows(
      'SELECT Id, TRANID, Memo, 1 + 1, type AS "Kind" FROM Transaction WHERE ExternalId = \'SQL-1\'',
    );
    assert.deepEqual(Object.keys(row!).sort(), ['expr4', 'id', 'kind', 'links', 'tranid']);
    assert.equal(row!['expr4'], '2');
  });

  test('pages link to the next, and offsets are multiples of the limit', async () => {
    const first = await sql('SELECT id FROM item ORDER BY id', [], '?limit=100&offset=0');
    assert.equal(first.body['hasMore'], true);
    const total = Number(first.body['totalResults']);
    let seen = 0;
    let next = first;
    for (;;) {
      seen += (next.body['items'] as unknown[]).length;
      const link = (next.body['links'] as unknown as { rel: string; href: string }[]).find(
        ({ rel }) => rel === 'next',
      );
      if (!link) break;
      next = await sql('SELECT id FROM item ORDER BY id', [], new URL(link.href).search);
    }
    assert.equal(seen, total);
    assert.equal((await sql('SELECT id FROM item', [], '?limit=10&offset=5')).status, 400);
  });

  test('Oracle’s functions give Oracle’s answers', async () => {
    const [row] =
      await rows(`SELECT NVL(NULL, 'x') AS a, DECODE(2, 1, 'one', 2, 'two', 'more') AS b, TO_CHAR(TO_DATE('2026-03-01','YYYY-MM-DD'),'DD.MM.YYYY') AS c,
      TO_CHAR(SYS_EXTRACT_UTC(TO_TIMESTAMP('2026-07-01 00:00:00','YYYY-MM-DD HH24:MI:SS')),'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS d, CASE WHEN 1 = 1 THEN 'yes' ELSE 'no' END AS e, SESSIONTIMEZONE AS f,
      TO_CHAR(ADD_MONTHS(TO_DATE('2026-01-31','YYYY-MM-DD'), 1),'YYYY-MM-DD') AS g FROM dual`);
    const { links: _, ...values } = row!;
    assert.deepEqual(values, {
      a: 'x',
      b: 'two',
      c: '01.03.2026',
      d: '2026-07-01T07:00:00Z',
      e: 'yes',
      f: 'America/Los_Angeles',
      g: '2026-02-28',
    });
    const [list] = await rows(
      "SELECT LISTAGG(symbol, ',') WITHIN GROUP (ORDER BY symbol) AS symbols FROM currency WHERE symbol IN ('USD','EUR','GBP')",
    );
    assert.equal(list!['symbols'], 'EUR,GBP,USD');
  });

  test('a timestamp is read in the session’s time zone', async () => {
    const order = createdId(await call('POST', 'record/v1/salesOrder', anOrder()));
    const [row] = await rows(
      "SELECT TO_CHAR(lastmodifieddate,'YYYY-MM-DD HH24:MI:SS') AS local, TO_CHAR(SYS_EXTRACT_UTC(lastmodifieddate),'YYYY-MM-DD HH24:MI:SS') AS utc FROM transaction WHERE id = ?",
      [order],
    );
    const hours = (Date.parse(`${row!['utc']}Z`) - Date.parse(`${row!['local']}Z`)) / 3_600_000;
    assert.ok(hours === 7 || hours === 8);
    assert.equal(
      (
        await rows(
          "SELECT id FROM transaction WHERE id = ? AND lastmodifieddate >= TO_TIMESTAMP(?, 'YYYY-MM-DD HH24:MI:SS')",
          [order, row!['local']],
        )
      ).length,
      1,
    );
  });

  test('a late index does not show a new order yet while the record service does', async () => {
    const clock = makeSimClock();
    const late = await startNetSuite({ clock, suiteqlLagMs: 30_000 });
    try {
      const { account, roles } = late.world;
      const { createTransaction } = await import('../../sim/netsuite/records/create.ts');
      const role = roles.get('integration')!;
      const made = account.change(() => createTransaction(account, 'salesOrder', anOrder() as never, role));
      const seen = () =>
        account.query.select('SELECT id FROM transaction WHERE id = ?', [made.id], role).length;
      assert.equal(account.transactions.load(made.id)?.id, made.id);
      assert.equal(seen(), 0);
      clock.advance(30_001);
      assert.equal(seen(), 1);
    } finally {
      await late.close();
    }
  });
});

describe('the account', () => {
  test('survives a restart with its orders, numbers, stock and certificates', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'netsuite-sim-'));
    const { createTransaction } = await import('../../sim/netsuite/records/create.ts');
    try {
      const numbers: string[] = [];
      for (const round of [1, 2]) {
        const kept = await startNetSuite({ data: folder });
        const { account, roles } = kept.world;
        const body = { ...anOrder({ externalId: `KEPT-${round}` }) } as never;
        numbers.push(
          account.change(() => createTransaction(account, 'salesOrder', body, roles.get('integration')!))
            .tranId,
        );
        const level = account.stock.level(1, 1);
        assert.equal(level.committed, 2 * round);
        if (round === 1)
          kept.world.registerCertificate(await makeCertificate(keys.privateKey, keys.publicKey));
        assert.equal(kept.world.tokens.certificates.size, 1);
        await kept.close();
      }
      assert.deepEqual(numbers, ['SO1001', 'SO1002']);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  test('tax is overridden with SuiteTax, and computed from codes with legacy tax', async () => {
    const line = { item: id('items', 'CD-1001'), quantity: 1, price: { id: '-1' }, rate: 10, amount: 10 };
    const order = createdId(
      await call(
        'POST',
        'record/v1/salesOrder',
        anOrder(
          {
            taxDetailsOverride: true,
            taxDetails: {
              items: [{ taxDetailsReference: 'R1', taxAmount: 0.83, taxBasis: 10, taxRate: 8.25 }],
            },
          },
          [{ ...line, taxDetailsReference: 'R1' }],
        ),
        strict,
      ),
    );
    const read = await call('GET', `record/v1/salesOrder/${order}`);
    assert.deepEqual([read.body['taxTotal'], read.body['total']], [0.83, 10.83]);
    const legacy = await startNetSuite({ suiteTax: false });
    try {
      const { createTransaction } = await import('../../sim/netsuite/records/create.ts');
      const { account, roles } = legacy.world;
      const body = anOrder({}, [{ ...line, taxCode: id('taxCodes', 'CA State') }]) as never;
      const made = account.change(() =>
        createTransaction(account, 'salesOrder', body, roles.get('integration')!),
      );
      assert.deepEqual([made.tax, made.total], [73, 1073]);
      assert.equal(account.fields.get('salesorder')?.fields.has('taxdetails'), false);
    } finally {
      await legacy.close();
    }
  });

  test('creations are counted per external id and per order, so that a double shows', async () => {
    const order = anOrder({ externalId: 'ONCE-1', custbody_mkt_order_id: 'O-TWICE' });
    await call('POST', 'record/v1/salesOrder', order);
    await call('POST', 'record/v1/salesOrder', { ...order, externalId: 'ONCE-2' });
    const { orders, externalIds } = (await control('GET', 'creations?doubles=true')) as {
      orders: { key: string; count: number }[];
      externalIds: unknown[];
    };
    assert.deepEqual(
      orders.filter(({ key }) => key === 'O-TWICE').map(({ count }) => count),
      [2],
    );
    assert.deepEqual(externalIds, []);
  });
});

describe('names', () => {
  test('every field of the digest of Oracle’s REST browser is known to the records that are simulated', {
    skip: noContracts,
  }, () => {
    const digest = readContract('rest-browser-facts/rest-browser-2026.1-fields.json') as Record<
      string,
      Record<string, unknown>
    >;
    const all = new Map([...recordFields(true)].map(([name, one]) => [name, new Set(one.fields.keys())]));
    for (const [name, one] of recordFields(false))
      for (const field of one.fields.keys()) all.get(name)?.add(field);
    const lists = recordFields(true);
    for (const record of [
      'salesOrder',
      'cashSale',
      'itemFulfillment',
      'customer',
      'inventoryItem',
      'creditMemo',
      'returnAuthorization',
      'cashRefund',
      'journalEntry',
      'deposit',
    ]) {
      const facts = digest[record]!;
      const known = all.get(record.toLowerCase())!;
      const bodies = (facts['body'] ?? facts['body_plus_salesOrder']) as object;
      const missing = Object.keys(bodies).filter(
        (field) => !known.has(field.toLowerCase()) && !['promotions'].includes(field),
      );
      assert.deepEqual(missing, [], record);
      for (const [list, fields] of Object.entries(facts)) {
        const lines = lists.get(record.toLowerCase())!.fields.get(list.toLowerCase())?.lines;
        if (list.startsWith('body') || typeof fields !== 'object' || Array.isArray(fields) || !lines)
          continue;
        const legacy = recordFields(false).get(record.toLowerCase())!.fields.get(list.toLowerCase())?.lines;
        assert.deepEqual(
          Object.keys(fields as object).filter(
            (field) => !lines.has(field.toLowerCase()) && !legacy?.has(field.toLowerCase()),
          ),
          [],
          `${record}.${list}`,
        );
      }
    }
  });

  test('SuiteQL columns stand in the list of NetSuite2.com columns', { skip: noContracts }, () => {
    const { tables } = readContract('netsuite2-columns-apache2/columns.json') as {
      tables: Record<string, string[]>;
    };
    const own = (name: string) => visibleColumns(name).filter((column) => !column.startsWith('cust'));
    const pairs: readonly [ours: string, theirs: string][] = [
      ['transactionline', 'transaction_line'],
      ['location', 'location'],
      ['currency', 'currency'],
      ['account', 'account'],
      ['accountingperiod', 'accounting_period'],
      ['department', 'department'],
      ['classification', 'classification'],
    ];
    for (const [ours, theirs] of pairs)
      assert.deepEqual(
        own(ours).filter((column) => !tables[theirs]!.includes(column)),
        [],
        ours,
      );
  });

  test('permissions the simulator asks for are in Oracle’s catalogue', { skip: noContracts }, async () => {
    const { fullPermissions } = await import('../../sim/netsuite/auth/roles.ts');
    const catalogue = JSON.stringify(readContract('oracle-upl/permissions.json'));
    assert.deepEqual(
      fullPermissions.filter((one) => !catalogue.includes(`"${one}"`)),
      [],
    );
  });

  test('the metadata catalogue describes custom fields and the kind of tax in three media types', async () => {
    const get = (accept: string) =>
      call('GET', 'record/v1/metadata-catalog/salesOrder', undefined, { accept });
    const schema = JSON.stringify((await get('application/schema+json')).body);
    assert.match(schema, /"custbody_mkt_order_id":\{[^}]*"x-ns-custom-field":true/);
    assert.match(schema, /"taxDetails"/);
    assert.match(JSON.stringify((await get('application/swagger+json')).body), /"openapi":"3\.0/);
    assert.match(JSON.stringify((await get('application/json')).body), /"name":"salesOrder"/);
  });
});
