// Canaries: secrets and a buyer that nobody could mistake go through the whole program while both other sides fail; then
// everything that was written or answered is searched for them.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { readSecrets } from '../../src/connections/store.ts';
import { sql } from '../../src/db/pool.ts';
import { processesOf } from './processes.ts';
import { amazonOrder, flowId, type Journey, startJourney } from './world.ts';

const buyer = {
  name: 'Quirinia Zwölfbaum-Xanthippe',
  street: '4711 Kanarienvogel-Allee',
  email: 'zwoelfbaum-canary@marketplace.amazon.com',
  phone: '+49 30 90817263',
};
const planted = {
  clientSecret: 'amzn1.oa2-cs.v1.canary0planted0client0secret',
  refreshToken: 'Atzr|CanaryPlantedRefreshToken0815',
  plainSecret: 'canaryplainawssecretwithoutanyshape42',
};
const ids = ['113-7700001-0000001', '113-7700001-0000002', '113-7700001-0000003'];

interface Operation {
  readonly parameters?: readonly { readonly in: string }[];
}

describe('secrets and buyers', () => {
  let world: Journey;
  let processes: ReturnType<typeof processesOf>;
  let server: { readonly url: string; readonly token: string };
  const answers: string[] = [];
  /** Name and value of everything that must be nowhere. */
  const canaries = new Map<string, string>();

  before(async () => {
    world = await startJourney();
    await world.app.worker.stop();
    processes = processesOf(world);
    server = await processes.serve();
    await processes.worker('canary');
  });
  after(async () => {
    await processes?.close();
    await world.close();
  });

  async function ask(path: string, method = 'GET', body?: unknown): Promise<string> {
    const answer = await fetch(`${server.url}/api/v1${path}`, {
      method,
      headers: {
        authorization: `Bearer ${server.token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    answers.push(`${method} ${path} ${answer.status}\n${text}`);
    return text;
  }

  /** Access tokens come and go: each one seen while it runs is a canary. */
  async function noteTokens(): Promise<void> {
    const { rows } = await sql<{
      connection_id: string;
      name: string;
      sealed: Buffer;
    }>`SELECT connection_id, name, sealed FROM access_tokens`.execute(world.app.db);
    for (const row of rows) {
      const token = world.app.vault.open(row.sealed, `token/${row.connection_id}/${row.name}`).toString();
      canaries.set(`access token ${token.slice(-6)}`, token);
    }
  }

  /** Every table as text; sealed columns are bytes and show as hex. */
  async function dump(): Promise<readonly string[]> {
    const { rows: tables } = await sql<{
      name: string;
    }>`SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE'`.execute(
      world.app.db,
    );
    const lines: string[] = [];
    for (const { name } of tables) {
      const { rows } = await sql<{ line: string }>`SELECT t::text AS line FROM ${sql.table(name)} t`.execute(
        world.app.db,
      );
      lines.push(...rows.map((row) => `${name}: ${row.line}`));
    }
    return lines;
  }

  /** The forms in which a text may hide: as it is, in a URL, in JSON, in base64, in hex. */
  function forms(value: string): readonly string[] {
    const bytes = Buffer.from(value);
    return [
      value,
      encodeURIComponent(value),
      JSON.stringify(value).slice(1, -1),
      bytes.toString('base64').replace(/.?.?=*$/, ''),
      bytes.toString('base64url'),
      bytes.toString('hex'),
    ];
  }

  function search(places: readonly string[]): readonly string[] {
    return [...canaries].flatMap(([name, value]) =>
      places
        .filter((place) => forms(value).some((form) => place.includes(form)))
        .map((place) => `${name} in ${place.slice(0, 160)}`),
    );
  }

  test('are found nowhere outside sealed columns: not in a table, a log line, an answer of the API', async () => {
    const { clientSecret, refreshToken, awsSecretAccessKey } = world.amazon.credentials;
    const netsuite = (await readSecrets(world.app.db, world.app.vault, 'netsuite-journey')) as {
      privateKeyPem: string;
    };
    for (const [name, value] of Object.entries({
      clientSecret,
      refreshToken,
      awsSecretAccessKey,
      privateKey: netsuite.privateKeyPem.split('\n')[1]!,
      apiToken: server.token,
      ...Object.fromEntries(Object.entries(planted).map(([key, value]) => [`planted ${key}`, value])),
      ...buyer,
    }))
      canaries.set(name, value);

    const faults = {
      rates: {
        '429': 0.04,
        '500-before': 0.04,
        '500-after': 0.04,
        'reset-after': 0.04,
        truncate: 0.04,
        'html-503': 0.04,
        'expired-token': 0.08,
      },
    };
    world.amazon.faults.setPlan(faults);
    world.netsuite.faults.setPlan(faults);
    for (const [index, id] of ids.entries())
      world.place({
        id,
        // The last one is parked, so that a problem is written about it.
        items: [{ sku: index === 2 ? 'NOBODY-KNOWS' : 'CD-1001', price: 1000 + index }],
        more: {
          buyer: { buyerName: buyer.name, buyerEmail: buyer.email },
          recipient: {
            deliveryAddress: {
              ...(amazonOrder({ id, items: [] }, world.now())['recipient'] as { deliveryAddress: object })
                .deliveryAddress,
              name: buyer.name,
              addressLine1: buyer.street,
              phone: buyer.phone,
            },
          },
        },
      });
    world.amazon.world.generate({ count: 60, spreadHours: 10 });
    const settled = async () => {
      await noteTokens();
      const records = await Promise.all(ids.map((id) => world.record(id)));
      return records[0]?.state === 'done' && records[1]?.state === 'done' && records[2]?.state === 'parked';
    };
    await world.until('the buyer’s orders are written or parked', settled, 120);

    // Credentials that do not work, given and tested through the API.
    const connection = {
      id: 'canary',
      connector: 'amazon',
      title: 'Canary',
      settings: {
        sellerId: 'A1CANARY',
        region: 'na',
        marketplaceIds: ['ATVPDKIKX0DER'],
        baseUrl: world.amazon.url,
        tokenUrl: `${world.amazon.url}/auth/o2/token`,
      },
      secrets: {
        clientId: 'amzn1.application-oa2-client.canary',
        clientSecret: planted.clientSecret,
        refreshToken: planted.refreshToken,
        awsAccessKeyId: 'AKIACANARY',
        awsSecretAccessKey: planted.plainSecret,
      },
    };
    await ask('/connections', 'POST', connection);
    await ask('/connections/test', 'POST', { id: 'canary' });
    await ask('/connections/test', 'POST', connection);
    await ask('/connections', 'POST', { ...connection, settings: { nonsense: planted.plainSecret.length } });

    const description = JSON.parse(await ask('/openapi.json')) as {
      paths: Record<string, { get?: Operation }>;
    };
    const lists = Object.entries(description.paths)
      .filter(([path, { get }]) => get && !path.includes('{'))
      .map(([path]) => path.replace(/^\/api\/v1/, ''));
    assert.ok(lists.length > 15, `${lists.length} lists are described`);
    for (const path of lists) await ask(path);
    const { rows: records } = await sql<{
      id: bigint;
    }>`SELECT id FROM sync_records WHERE flow_id = ${flowId}`.execute(world.app.db);
    const parts = Object.keys(description.paths)
      .filter(
        (path) =>
          description.paths[path]!.get && /\/records\/\{id\}/.test(path) && path.split('{').length === 2,
      )
      .map((path) => path.replace(/^\/api\/v1/, ''));
    assert.ok(parts.length >= 2);
    for (const { id } of records) for (const part of parts) await ask(part.replace('{id}', String(id)));
    await ask('/documents/1/personal');
    await noteTokens();

    const tables = await dump();
    const log = processes.said().split('\n');
    // The search looks where something is: the orders, their exchanges with faults, errors in the log, good answers.
    for (const id of ids)
      assert.ok(tables.some((line) => line.startsWith('exchanges') && line.includes(id)) || id === ids[2]);
    assert.ok(world.netsuite.faults.counts().total > 5 && world.amazon.faults.counts().total > 0);
    assert.ok(answers.filter((answer) => / 200\n/.test(answer)).length > lists.length);
    assert.ok(canaries.size >= 14, [...canaries.keys()].join(', '));
    assert.ok(
      search(['x', `name=${encodeURIComponent(buyer.name)}`]).length === 1,
      'the search finds what is there',
    );
    assert.deepEqual(
      { tables: search(tables), log: search(log), answers: search(answers) },
      { tables: [], log: [], answers: [] },
    );
  });
});
