// What an operator does from a terminal, verb by verb, against the whole program: answers, JSON, dry runs, exit codes.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { FastifyInstance } from 'fastify';
import { buildApi } from '../../src/api/server.ts';
import { createApiToken } from '../../src/api/users/store.ts';
import type { Config } from '../../src/app/config.ts';
import { makeProgram } from '../../src/cli/cli.ts';
import { endingOf } from '../../src/cli/failure.ts';
import { amazonOrder, type Journey, startJourney } from './world.ts';

interface Ended {
  readonly out: string;
  readonly note: string;
  readonly code: number;
  json<Value>(): Value;
}

describe('the command line', () => {
  let world: Journey;
  let api: FastifyInstance;
  let config: Config;
  const folder = mkdtempSync(join(tmpdir(), 'crossdock-cli-'));
  const unknownSku = '113-3000001-0000001';
  const good = '113-3000001-0000002';

  before(async () => {
    world = await startJourney();
    const { app } = world;
    api = await buildApi({ ...app, publicUrl: undefined, host: '127.0.0.1', demo: false });
    await api.listen({ host: '127.0.0.1', port: 0 });
    const address = api.server.address() as { port: number };
    const token = await createApiToken(app.db, {
      name: 'cli',
      scopes: ['read', 'write', 'admin'],
      createdBy: 'test',
      now: app.clock.now(),
    });
    config = { ...app.config, url: `http://127.0.0.1:${address.port}`, token };
    world.place({ id: unknownSku, items: [{ sku: 'NOBODY-KNOWS', price: 1500 }] });
    world.place({ id: good, items: [{ sku: 'CD-1001', price: 4000 }] });
    for (const [id, state] of [
      [unknownSku, 'parked'],
      [good, 'done'],
    ] as const)
      await world.until(`${id} is ${state}`, async () => (await world.record(id))?.state === state);
  });
  after(async () => {
    await api.close();
    await world.close();
    rmSync(folder, { recursive: true, force: true });
  });

  async function run(line: string, words: readonly string[] = []): Promise<Ended> {
    let out = '';
    let note = '';
    const terminal = {
      out(text: string) {
        out += `${text}\n`;
      },
      note(text: string) {
        note += text;
      },
      interactive: false,
      colour: false,
    };
    const nothing = async () => undefined;
    const program = makeProgram(
      { start: nothing, serve: nothing, work: nothing, rotateKeys: nothing },
      { terminal, config: () => config },
    );
    process.exitCode = 0;
    let code = 0;
    try {
      await program.parseAsync([...line.split(' '), ...words], { from: 'user' });
      code = Number(process.exitCode);
    } catch (error) {
      const ending = endingOf(error);
      code = ending.exitCode;
      note += [ending.code, ending.message, ...ending.nextSteps].join('\n');
    }
    process.exitCode = 0;
    return { out, note, code, json: <Value>() => JSON.parse(out) as Value };
  }
  const fine = async (line: string, words: readonly string[] = []): Promise<Ended> => {
    const ended = await run(line, words);
    assert.equal(ended.code, 0, `${line}: ${ended.note}${ended.out}`);
    return ended;
  };

  test('records are listed, shown by order id and planned with the origin of each value', async () => {
    const parked = await fine('records list --state parked --json');
    assert.deepEqual(
      parked.json<{ items: { key: string }[] }>().items.map((row) => row.key),
      [unknownSku],
    );
    assert.match((await fine('records list')).out, new RegExp(`${good} +done`));
    const shown = await fine(`records show ${unknownSku}`);
    assert.match(shown.out, /parked[\s\S]*NOBODY-KNOWS[\s\S]*→ /);
    assert.match((await fine(`records plan ${good}`)).out, /40\.00[\s\S]*salesOrder[\s\S]*←/);
    assert.match((await fine(`records exchanges ${good}`)).out, /POST/);
    assert.equal((await fine('records list --quiet')).out, '');
    await fine(`records note ${good}`, ['looked at it']);
    assert.equal((await fine(`records show ${good} --json`)).json<{ notes: unknown[] }>().notes.length, 1);
    const paged = await fine('records list --limit 1');
    assert.match(paged.note, /--cursor/);
    assert.equal((await fine('records list --all --json')).json<{ items: unknown[] }>().items.length, 2);
  });

  test('a dry run changes nothing, the same command without it does', async () => {
    const dry = await fine('lookups set amazon-journey item-alias NOBODY-KNOWS CD-1002 --dry-run');
    assert.match(dry.out, /^Would send: PUT /);
    assert.equal(
      (await fine('lookups list amazon-journey --name item-alias --json')).json<{ items: unknown[] }>().items
        .length,
      0,
    );
    await fine('lookups set amazon-journey item-alias NOBODY-KNOWS CD-1002');
    await world.until(
      'the order goes on by itself',
      async () => (await world.record(unknownSku))?.state === 'done',
    );
    const retried = await fine(`records retry ${good} --wait --json`);
    assert.deepEqual(retried.json(), { retried: 1 });
    assert.equal((await world.documentsOf(good)).length, 1);
  });

  test('orders come from a file, dry run first, and one that cannot pass makes the command fail', async () => {
    const file = join(folder, 'order.json');
    const id = '113-3000001-0000003';
    writeFileSync(
      file,
      JSON.stringify(amazonOrder({ id, items: [{ sku: 'CD-1003', price: 2500 }] }, world.now())),
    );
    const dry = await fine(`orders import ${file} --dry-run`);
    assert.match(dry.out, new RegExp(`${id}: create`));
    assert.equal(await world.record(id), undefined);
    assert.match((await fine(`orders import ${file} --wait`)).out, new RegExp(`${id} +done`));
    writeFileSync(
      file,
      JSON.stringify(
        amazonOrder({ id: '113-3000001-0000004', items: [{ sku: 'NO-SUCH', price: 1 }] }, world.now()),
      ),
    );
    const parked = await run(`orders import ${file} --dry-run`);
    assert.equal(parked.code, 1);
    assert.match(parked.out, /park[\s\S]*→/);
    assert.equal((await run('orders import /no/such/file')).code, 1);
  });

  test('orders are fetched by id, flows run, rest and go on', async () => {
    assert.match((await fine(`orders fetch ${good}`)).out, /read next/);
    assert.match((await fine('flows list')).out, /orders\.import/);
    assert.match((await fine('flows run orders.import --dry-run --last 5')).out, /channelOrderId/);
    assert.match((await fine('flows run orders.import')).out, /Run \d+/);
    const unknown = await run('flows run orders.import --task nonsense');
    assert.equal(unknown.code, 1);
    assert.match(unknown.note, /TASK_UNKNOWN[\s\S]*Use one of/);
    await fine('flows pause orders.import');
    assert.match((await fine('flows show orders.import')).out, /paused/);
    await fine('flows resume orders.import');
    await fine('connections pause amazon-journey');
    assert.match((await fine('connections list')).out, /amazon-journey .*paused/);
    await fine('connections resume amazon-journey');
  });

  test('connections are tested, and say what the account can do', async () => {
    assert.match((await fine('connections test netsuite-journey')).out, /works[\s\S]*oneWorld/);
    assert.match((await fine('connections schema amazon')).out, /refreshToken/);
    assert.match((await fine('connections choices netsuite-journey location')).out, /Main Warehouse/);
    const file = join(folder, 'wrong.json');
    writeFileSync(
      file,
      JSON.stringify({ id: 'wrong', connector: 'amazon', title: 'Wrong', settings: { region: 'moon' } }),
    );
    const wrong = await run(`connections add ${file}`);
    assert.equal(wrong.code, 1);
    assert.match(wrong.note, /SETTINGS_INVALID[\s\S]*region/);
    assert.equal((await run('connections show nobody')).code, 1);
  });

  test('lookups travel as CSV, and only what differs is saved', async () => {
    const file = join(folder, 'lookups.csv');
    writeFileSync(
      file,
      'key,name,value,multiplier\r\n"A,1",item-alias,CD-1001,12\r\nB,item-alias,CD-1002,\r\n',
    );
    assert.deepEqual((await fine(`lookups import amazon-journey ${file} --json`)).json(), {
      saved: 2,
      removed: 0,
      unchanged: 0,
    });
    assert.deepEqual((await fine(`lookups import amazon-journey ${file} --json`)).json(), {
      saved: 0,
      removed: 0,
      unchanged: 2,
    });
    const dry = await fine(`lookups import amazon-journey ${file} --replace --dry-run --json`);
    assert.equal(dry.json<{ removed: number }>().removed, 1);
    await fine(`lookups export amazon-journey ${join(folder, 'out.csv')} --name item-alias`);
    assert.match(readFileSync(join(folder, 'out.csv'), 'utf8'), /item-alias,"A,1",CD-1001,12,/);
    writeFileSync(file, 'name,key\r\nx,y\r\n');
    assert.match((await run(`lookups import amazon-journey ${file}`)).note, /no column value/);
  });

  test('an override shows what would differ before it is saved', async () => {
    const dry = await fine('mappings set orders.import memo --constant Hello --dry-run --json');
    const preview = dry.json<{ compared: number; changed: { differences: { after: unknown }[] }[] }>();
    assert.ok(preview.compared >= 2);
    assert.equal(preview.changed[0]!.differences[0]!.after, 'Hello');
    await fine('mappings set orders.import memo --constant Hello');
    assert.match((await fine('mappings list')).out, /memo .*constant Hello/);
    await fine('mappings remove orders.import memo');
    assert.equal((await run('mappings set orders.import memo')).code, 2);
    assert.match((await run('mappings set orders.import nonsense --constant 1')).note, /FIELD_UNKNOWN/);
  });

  test('settings go to a file and back; a second time nothing changes', async () => {
    const file = join(folder, 'crossdock.json');
    await fine(`config export ${file}`);
    assert.doesNotMatch(readFileSync(file, 'utf8'), /PRIVATE KEY|refreshToken|clientSecret/);
    assert.match((await fine(`config plan ${file}`)).out, /Nothing would change/);
    const house = JSON.parse(readFileSync(file, 'utf8'));
    const flow = house.flows.find((one: { kind: string }) => one.kind === 'orders.import');
    flow.settings.sweepEverySeconds = 90;
    house.overrides[flow.id] = [{ field: 'memo', kind: 'constant', value: 'From a file' }];
    house.lookups['amazon-journey'].push({ name: 'item-alias', key: 'C', value: 'CD-1003' });
    writeFileSync(file, JSON.stringify(house));
    const plan = await fine(`config plan ${file} --json`);
    assert.deepEqual(
      plan
        .json<{ changes: { act: string; subject: string }[] }>()
        .changes.map(({ act, subject }) => `${act} ${subject}`),
      [`change flow ${flow.id}`, `make override ${flow.id}/memo`, 'change lookups of amazon-journey'],
    );
    await fine(`config apply ${file}`);
    assert.match((await fine(`config plan ${file}`)).out, /Nothing would change/);
    writeFileSync(file, JSON.stringify({ conections: [] }));
    assert.match((await run(`config plan ${file}`)).note, /FILE_INVALID[\s\S]*conections/);
  });

  test('problems, quotas, tokens and the audit log have their verbs', async () => {
    assert.equal(
      (await fine('problems list --state resolved --json')).json<{ items: { code: string }[] }>().items[0]!
        .code,
      'ITEM_UNKNOWN',
    );
    const [problem] = (await fine('problems list --state resolved --json')).json<{
      items: { id: string }[];
    }>().items;
    assert.match((await fine(`problems show ${problem!.id}`)).out, /NOBODY-KNOWS/);
    assert.match((await fine('quotas list')).out, /orders\.search/);
    assert.match((await fine('overview')).out, /orders\.import +done/);
    const token = (await fine('tokens add shop --scopes read --json')).json<{ token: string }>().token;
    assert.match(token, /^xd_/);
    const { items } = (await fine('tokens list --json')).json<{ items: { id: string; name: string }[] }>();
    await fine(`tokens revoke ${items.find((one) => one.name === 'shop')!.id}`);
    assert.match((await fine('audit list')).out, /token\.revoked/);
    assert.match((await fine('audit verify')).out, /as they were written/);
  });

  test('what is asked wrongly ends with 2, what cannot be done with 1, and an unreachable server says so', async () => {
    assert.equal((await run('records lst')).code, 2);
    assert.equal((await run('records list --nonsense')).code, 2);
    assert.equal((await run('records list --limit none')).code, 2);
    assert.equal((await run(`records skip ${good}`)).code, 2);
    assert.equal((await run('records show 999999')).code, 1);
    assert.equal((await run('--help')).code, 0);
    const here = config;
    config = { ...here, url: 'http://127.0.0.1:9' };
    const away = await run('records list');
    config = { ...here, url: undefined, token: undefined, dataDir: folder };
    const unknown = await run('records list');
    config = here;
    assert.equal(away.code, 1);
    assert.match(away.note, /SERVER_AWAY/);
    assert.equal(unknown.code, 1);
    assert.match(unknown.note, /SERVER_UNKNOWN[\s\S]*npm start/);
  });

  test('the shell completes nouns, verbs and options', async () => {
    for (const name of ['bash', 'zsh', 'fish'])
      assert.match((await fine(`completion ${name}`)).out, /records[\s\S]*retry/);
    assert.equal((await run('completion cmd')).code, 2);
  });
});
