// What happens around one data folder: first start, second start beside it, Ctrl-C at any moment, a kill, a real account.
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('../../src/main.ts', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'crossdock-start-'));
const data = join(folder, 'data');
const children = new Set<ChildProcess>();
/** Without a DATABASE_URL that the test run may have. */
const { DATABASE_URL: _, ...environment } = process.env;

interface Started {
  readonly child: ChildProcess;
  readonly ended: Promise<number | null>;
  said(): string;
}

function start(args: readonly string[] = ['--data', data, '--port', '0']): Started {
  const child = spawn(process.execPath, [main, 'start', ...args], {
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.add(child);
  let said = '';
  for (const stream of [child.stdout!, child.stderr!])
    stream.on('data', (chunk: Buffer) => {
      said += chunk.toString();
    });
  const ended = new Promise<number | null>((resolve) => child.once('close', (code) => resolve(code)));
  return { child, ended, said: () => said };
}

async function until(what: string, check: () => Promise<boolean> | boolean, seconds = 60): Promise<void> {
  const deadline = Date.now() + seconds * 1000;
  while (!(await check())) {
    if (Date.now() > deadline) throw new Error(`Not within ${seconds} s: ${what}.`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

const opened = (one: Started) => until('it prints its address', () => /Open http/.test(one.said()));
const access = () =>
  JSON.parse(readFileSync(join(data, 'first-run.json'), 'utf8')) as { url: string; token: string };

async function ask<Answer>(path: string, method = 'GET', body?: unknown): Promise<Answer> {
  const { url, token } = access();
  const answer = await fetch(`${url}/api/v1${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return (await answer.json()) as Answer;
}

/** Programs that still have our folder in their command line. */
function left(): readonly string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .flatMap((pid) => {
      try {
        const line = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
        return line.includes(folder) ? [`${pid} ${line}`] : [];
      } catch {
        return [];
      }
    });
}

describe('one data folder', {
  skip: process.platform !== 'linux' && 'Processes are looked up in /proc.',
}, () => {
  after(async () => {
    for (const child of children) child.kill('SIGKILL');
    for (const line of left()) process.kill(Number(line.split(' ')[0]), 'SIGKILL');
    await until('everything is gone', () => left().length === 0);
    rmSync(folder, { recursive: true, force: true });
  });

  test('a second start says who is there and does no harm; Ctrl-C, sent twice as npm does, leaves nothing', async () => {
    const first = start();
    await opened(first);
    assert.equal(first.said().match(/http:/g)?.length, 1, 'exactly one address is printed');
    const second = start();
    assert.equal(await second.ended, 1);
    assert.match(second.said(), /already runs.*http:\/\/127[\s\S]*→ /);
    assert.deepEqual(await ask('/health'), { ok: true });
    await until(
      'an order is in the demo shop',
      async () => (await ask<{ items: unknown[] }>('/records?limit=1')).items.length > 0,
    );
    first.child.kill('SIGINT');
    first.child.kill('SIGINT');
    assert.equal(await first.ended, 0, first.said());
    assert.deepEqual(left(), []);
  });

  test('the next start goes on with the same world; after a kill -9 the one after it does too', async () => {
    const second = start();
    await opened(second);
    const { items } = await ask<{ items: { id: string; key: string }[] }>('/records?limit=200');
    assert.ok(
      items.some((row) => row.id === '1'),
      'the records of the first start are there',
    );
    second.child.kill('SIGKILL');
    await second.ended;
    await until('the simulators end with the program that started them', () =>
      left().every((line) => /postgres/.test(line)),
    );
    const third = start();
    await opened(third);
    assert.match(third.said(), /database +found running/);
    assert.ok((await ask<{ items: unknown[] }>('/records?limit=200')).items.length >= items.length);
    third.child.kill('SIGTERM');
    assert.equal(await third.ended, 0, third.said());
    assert.deepEqual(left(), []);
  });

  test('Ctrl-C while it is starting leaves nothing either', async () => {
    for (const word of ['Crossdock', 'database']) {
      const one = start();
      await until(`it has said ${word}`, () => one.said().includes(word));
      one.child.kill('SIGINT');
      assert.equal(await one.ended, 0, one.said());
      assert.deepEqual(left(), []);
    }
  });

  test('a real account ends the demo world, now and for good', async () => {
    const one = start();
    await opened(one);
    const real = {
      id: 'real',
      connector: 'amazon',
      title: 'Real',
      settings: {
        sellerId: 'A1EXAMPLE',
        region: 'na',
        marketplaceIds: ['ATVPDKIKX0DER'],
        baseUrl: 'http://127.0.0.1:9',
        tokenUrl: 'http://127.0.0.1:9/token',
      },
      secrets: { clientId: 'a', clientSecret: 'b', refreshToken: 'c' },
    };
    assert.deepEqual(await ask('/connections', 'PUT', real), { ok: true });
    await until('the demo world has ended', () => /demo world has ended/.test(one.said()));
    await until('the simulators are gone', () => left().every((line) => !/sim\//.test(line)));
    const states = async () =>
      (await ask<{ items: { id: string; state: string }[] }>('/connections')).items.map(
        (row) => `${row.id} ${row.state}`,
      );
    assert.deepEqual(await states(), ['amazon-demo paused', 'netsuite-demo paused', 'real active']);
    assert.equal((await ask<{ demo: boolean }>('/me')).demo, false);
    one.child.kill('SIGINT');
    assert.equal(await one.ended, 0);
    const again = start();
    await opened(again);
    assert.doesNotMatch(again.said(), /demo world/);
    again.child.kill('SIGINT');
    assert.equal(await again.ended, 0);
  });

  test('a taken port and a folder that cannot be used are said in a sentence', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as { port: number };
    const taken = start(['--data', data, '--no-demo', '--port', String(port)]);
    assert.equal(await taken.ended, 1);
    assert.match(taken.said(), /is taken by another program[\s\S]*--port/);
    other.close();
    const file = join(folder, 'file');
    writeFileSync(file, '');
    const wrong = start(['--data', file]);
    assert.equal(await wrong.ended, 1);
    assert.match(wrong.said(), /cannot be used: there is a file in its place[\s\S]*--data/);
    assert.deepEqual(left(), []);
  });
});
