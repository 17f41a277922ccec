// What can be done from a terminal? The same as in the console, through the same API: nouns and verbs, `--json` everywhere.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import type { Config } from '../app/config.ts';

type Json = Record<string, unknown>;

interface Reached {
  readonly url: string;
  readonly token: string;
}

/** The server on this machine's data folder, or the one named by CROSSDOCK_URL and CROSSDOCK_TOKEN. */
function reach(config: Config): Reached {
  if (config.url && config.token) return { url: config.url, token: config.token };
  try {
    const { url, token } = JSON.parse(
      readFileSync(join(config.dataDir, 'first-run.json'), 'utf8'),
    ) as Reached;
    return { url: config.url ?? url, token: config.token ?? token };
  } catch {
    throw new Error(
      `No Crossdock is known in ${config.dataDir}. Start it with npm start, or set CROSSDOCK_URL and CROSSDOCK_TOKEN.`,
    );
  }
}

async function call(config: Config, method: string, path: string, body?: unknown): Promise<Json> {
  const { url, token } = reach(config);
  const answer = await fetch(`${url}/api/v1${path}`, {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  }).catch(() => {
    throw new Error(`${url} does not answer. Is Crossdock running?`);
  });
  const parsed = (await answer.json()) as Json;
  if (answer.ok) return parsed;
  const steps = ((parsed['nextSteps'] ?? []) as string[]).map((step) => `\n  → ${step}`).join('');
  throw new Error(`${String(parsed['title'])} (${String(parsed['code'])})${steps}`);
}

const say = (text: string): void => void process.stdout.write(`${text}\n`);

/** Rows as a table for people; columns as wide as their longest value. */
export function table(rows: readonly Json[], columns: readonly string[]): string {
  const cells = [
    columns,
    ...rows.map((row) =>
      columns.map((column) =>
        String(row[column] ?? '')
          .replace(/\s+/g, ' ')
          .slice(0, 70),
      ),
    ),
  ];
  const widths = columns.map((_, index) => Math.max(...cells.map((row) => row[index]!.length)));
  return cells
    .map((row) =>
      row
        .map((cell, index) => cell.padEnd(widths[index]!))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

const withId = (path: string, id: string): string => path.replace(':id', encodeURIComponent(id));

/** Adds every noun to the program. `config` is read when a command runs, so that `--help` needs nothing. */
export function addCommands(program: Command, config: () => Config): void {
  const noun = (name: string, about: string) => program.command(name).description(about);
  const list = (
    parent: Command,
    about: string,
    path: (options: Json) => string,
    columns: readonly string[],
  ) =>
    parent
      .command('list')
      .description(about)
      .option('--json', 'as JSON')
      .option('--state <state>', 'only this state')
      .option('--q <text>', 'any id of either system')
      .option('--limit <n>', 'how many', '50')
      .action(async (options: Json) => {
        const answer = await call(config(), 'GET', path(options));
        say(
          options['json']
            ? JSON.stringify(answer, null, 2)
            : table((answer['items'] ?? []) as Json[], columns),
        );
      });
  const act = (
    parent: Command,
    name: string,
    about: string,
    request: (id: string, options: Json) => { method: string; path: string; body?: unknown },
  ) =>
    parent
      .command(`${name} <id>`)
      .description(about)
      .option('--json', 'as JSON')
      .option('--reason <text>', 'why')
      .action(async (id: string, options: Json) => {
        const { method, path, body } = request(id, options);
        say(JSON.stringify(await call(config(), method, path, body), null, 2));
      });

  const records = noun('records', 'orders and shipments on their way');
  list(
    records,
    'records, newest first',
    (options) =>
      `/records?${new URLSearchParams(Object.fromEntries(['state', 'q', 'limit'].flatMap((name) => (options[name] ? [[name, String(options[name])]] : []))))}`,
    ['id', 'key', 'state', 'orderStatus', 'remoteId', 'reason'],
  );
  act(records, 'show', 'one record with its timeline', (id) => ({
    method: 'GET',
    path: withId('/records/:id', id),
  }));
  act(records, 'plan', 'what would be sent now, and why (dry run)', (id) => ({
    method: 'GET',
    path: withId('/records/:id/plan', id),
  }));
  act(records, 'retry', 'put a record back into the queue', (id) => ({
    method: 'POST',
    path: '/records/retry',
    body: { ids: [id] },
  }));
  act(records, 'skip', 'take a record out, with --reason', (id, options) => ({
    method: 'POST',
    path: '/records/skip',
    body: { ids: [id], reason: options['reason'] ?? '' },
  }));

  const orders = noun('orders', 'order documents');
  const flowOf = async (given: unknown): Promise<string> => {
    if (typeof given === 'string') return given;
    const flows = ((await call(config(), 'GET', '/flows'))['items'] as Json[]).filter(
      (flow) => flow['kind'] === 'orders.import',
    );
    if (flows.length !== 1)
      throw new Error(`Name the flow with --flow: ${flows.map((flow) => flow['id']).join(', ')}`);
    return String(flows[0]!['id']);
  };
  orders
    .command('import <file>')
    .description('import order documents from a file')
    .option('--dry-run', 'only show what would be sent')
    .option('--flow <id>', 'flow')
    .option('--json', 'as JSON')
    .action(async (file: string, options: Json) => {
      const body = { flowId: await flowOf(options['flow']), text: readFileSync(file, 'utf8') };
      if (!options['dryRun'])
        return say(JSON.stringify(await call(config(), 'POST', '/orders/import', body), null, 2));
      const { plans } = (await call(config(), 'POST', '/orders/plan', body)) as { plans: Json[] };
      say(
        options['json']
          ? JSON.stringify(plans, null, 2)
          : plans
              .map(
                (plan) =>
                  `${String(plan['channelOrderId'])}: ${String(plan['decision'])}${plan['reason'] ? ` – ${String(plan['reason'])}` : ''}\n${plan['request'] ? JSON.stringify(plan['request'], null, 2) : ''}`,
              )
              .join('\n'),
      );
    });
  orders
    .command('fetch <ids...>')
    .description('read orders by id from the marketplace')
    .option('--flow <id>', 'flow')
    .action(async (ids: string[], options: Json) =>
      say(
        JSON.stringify(
          await call(config(), 'POST', withId('/flows/:id/run', await flowOf(options['flow'])), {
            task: 'sweep',
            ids,
          }),
        ),
      ),
    );

  const flows = noun('flows', 'what is kept in step');
  list(flows, 'flows', () => '/flows', ['id', 'kind', 'state', 'channelConnectionId', 'erpConnectionId']);
  flows
    .command('run <id>')
    .description('run a task of a flow now')
    .option('--task <name>', 'task', 'sweep')
    .option('--from <moment>', 'read again from this moment')
    .option('--dry-run', 'only show what the last orders would become')
    .action(async (id: string, options: Json) => {
      const answer = options['dryRun']
        ? await call(config(), 'POST', withId('/flows/:id/preview', id), { last: 50 })
        : await call(config(), 'POST', withId('/flows/:id/run', id), {
            task: options['task'],
            ...(options['from'] ? { from: options['from'] } : {}),
          });
      say(JSON.stringify(answer, null, 2));
    });
  for (const word of ['pause', 'resume'])
    act(flows, word, `${word} a flow`, (id) => ({ method: 'POST', path: withId(`/flows/:id/${word}`, id) }));

  const connections = noun('connections', 'accounts at marketplaces and ERP');
  list(connections, 'connections', () => '/connections', ['id', 'connector', 'title', 'state', 'checkedAt']);
  connections
    .command('test <id>')
    .description('prove credentials and permissions')
    .option('--json', 'as JSON')
    .action(async (id: string, options: Json) => {
      const outcome = (await call(config(), 'POST', '/connections/test', { id })) as {
        ok: boolean;
        report?: { warnings?: string[] };
        problem?: { message: string; nextSteps: string[] };
      };
      if (options['json']) say(JSON.stringify(outcome, null, 2));
      else
        say(
          outcome.ok
            ? ['The connection works.', ...(outcome.report?.warnings ?? []).map((one) => `! ${one}`)].join(
                '\n',
              )
            : [outcome.problem!.message, ...outcome.problem!.nextSteps.map((step) => `  → ${step}`)].join(
                '\n',
              ),
        );
      if (!outcome.ok) process.exitCode = 1;
    });
  connections
    .command('add <file>')
    .description('save a connection from a JSON file: id, connector, title, settings, secrets')
    .action(async (file: string) =>
      say(
        JSON.stringify(await call(config(), 'PUT', '/connections', JSON.parse(readFileSync(file, 'utf8')))),
      ),
    );
  for (const word of ['pause', 'resume'])
    act(connections, word, `${word} a connection`, (id) => ({
      method: 'POST',
      path: withId(`/connections/:id/${word}`, id),
    }));

  const problems = noun('problems', 'what a person must decide');
  list(
    problems,
    'open problems',
    (options) => `/problems${options['state'] ? `?state=${String(options['state'])}` : ''}`,
    ['id', 'code', 'records', 'message'],
  );
  act(problems, 'retry', 'retry all records of a problem', (id) => ({
    method: 'POST',
    path: withId('/problems/:id/retry', id),
  }));
  act(problems, 'ignore', 'ignore a problem, with --reason', (id, options) => ({
    method: 'POST',
    path: withId('/problems/:id/ignore', id),
    body: { reason: options['reason'] ?? '' },
  }));
  act(problems, 'resolve', 'mark a task as done', (id) => ({
    method: 'POST',
    path: withId('/problems/:id/resolve', id),
  }));

  const lookups = noun('lookups', 'the tables that mappings use');
  lookups
    .command('list <connection>')
    .description('rows')
    .option('--json', 'as JSON')
    .action(async (connection: string, options: Json) => {
      const answer = await call(config(), 'GET', withId('/connections/:id/lookups', connection));
      say(
        options['json']
          ? JSON.stringify(answer, null, 2)
          : table(answer['items'] as Json[], ['name', 'key', 'value', 'multiplier', 'note']),
      );
    });
  lookups
    .command('set <connection> <name> <key> <value>')
    .description('save a row')
    .option('--multiplier <n>', 'units per SKU', '1')
    .action(async (connection: string, name: string, key: string, value: string, options: Json) =>
      say(
        JSON.stringify(
          await call(config(), 'PUT', withId('/connections/:id/lookups', connection), {
            name,
            key,
            value,
            multiplier: Number(options['multiplier']),
          }),
        ),
      ),
    );
  lookups
    .command('remove <connection> <name> <key>')
    .description('remove a row')
    .action(async (connection: string, name: string, key: string) =>
      say(
        JSON.stringify(
          await call(
            config(),
            'DELETE',
            `${withId('/connections/:id/lookups', connection)}/${encodeURIComponent(name)}/${encodeURIComponent(key)}`,
          ),
        ),
      ),
    );

  const audit = noun('audit', 'who did what');
  list(audit, 'the log, newest first', () => '/audit', ['id', 'at', 'actor', 'action', 'subject']);
  audit
    .command('verify')
    .description('check that nothing of the past was changed')
    .action(async () => {
      const outcome = await call(config(), 'GET', '/audit/verify');
      say(
        outcome['brokenAt']
          ? `The log was changed at row ${String(outcome['brokenAt'])}.`
          : `All ${String(outcome['rows'])} rows are as they were written.`,
      );
      if (outcome['brokenAt']) process.exitCode = 1;
    });
}
