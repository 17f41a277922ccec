// crossdock connections: accounts at marketplaces and ERP.
import type { Command } from 'commander';
import type { CheckOutcome, Connection, Schemas } from '../api/contract/connections.ts';
import { Failure, misused } from './failure.ts';
import { readInput } from './orders.ts';
import { part, query, type Shell, type Talk, verb } from './talk.ts';

export function addConnections(program: Command, shell: Shell): void {
  const noun = program.command('connections').description('accounts at marketplaces and ERP');
  verb(shell, noun, 'list', 'all connections', async (talk) =>
    talk.rows(await talk.get('/connections'), ['id', 'connector', 'title', 'state', 'checkedAt']),
  );
  verb(shell, noun, 'show <id>', 'settings, state and what the account can do', async (talk, id: string) => {
    const found = await findConnection(talk, id);
    talk.show(found, () => JSON.stringify(found, null, 2));
  });
  verb(shell, noun, 'test <id>', 'prove credentials and permissions', async (talk, id: string) =>
    tellOutcome(talk, await talk.ask<CheckOutcome>('/connections/test', { id })),
  );
  verb(
    shell,
    noun,
    'add <file>',
    'save a connection from a JSON file (-: piped in): id, connector, title, settings, secrets',
    addConnection,
    'changes',
  ).option('--test', 'test it first; what does not work is not saved');
  verb(
    shell,
    noun,
    'schema <connector>',
    'what a connector wants to know, as JSON Schema',
    async (talk, name: string) => {
      const { connectors } = await talk.get<Schemas>('/schemas');
      const schema = connectors[name];
      if (!schema)
        throw misused(`There is no connector “${name}”.`, [
          `Name one of: ${Object.keys(connectors).join(', ')}`,
        ]);
      talk.show(schema, () => JSON.stringify(schema, null, 2));
    },
  );
  verb(
    shell,
    noun,
    'choices <id> <kind>',
    'what an account offers: location, customer, item, …',
    async (talk, id: string, kind: string) =>
      talk.rows(
        await talk.get(query(`/connections/${part(id)}/choices/${part(kind)}`, { q: talk.options['q'] })),
        ['id', 'name', 'note'],
      ),
  ).option('--q <text>', 'only names that contain this');
  verb(
    shell,
    noun,
    'certificate <id>',
    'make a key pair; prints the certificate to upload',
    async (talk, id: string) => {
      const answer = await talk.change<{ certificatePem: string; expiresAt: string }>(
        'POST',
        `/connections/${part(id)}/certificate`,
      );
      if (answer) talk.show(answer, () => answer.certificatePem);
    },
    'changes',
  );
  for (const [word, past] of [
    ['pause', 'paused'],
    ['resume', 'resumed'],
  ] as const)
    verb(
      shell,
      noun,
      `${word} <id>`,
      `${word} a connection: everything on it rests or goes on`,
      async (talk, id: string) => {
        const answer = await talk.change('POST', `/connections/${part(id)}/${word}`);
        if (answer) talk.show(answer, () => `${id} is ${past}.`);
      },
      'changes',
    );
  verb(
    shell,
    noun,
    'remove <id>',
    'remove a connection that no flow uses',
    async (talk, id: string) => {
      const answer = await talk.change('DELETE', `/connections/${part(id)}`);
      if (answer) talk.show(answer, () => `${id} is removed.`);
    },
    'changes',
  );
}

async function findConnection(talk: Talk, id: string): Promise<Connection> {
  const { items } = await talk.get<{ items: Connection[] }>('/connections');
  const found = items.find((connection) => connection.id === id);
  if (!found)
    throw new Failure('CONNECTION_UNKNOWN', `There is no connection “${id}”.`, [
      `Name one of: ${items.map((connection) => connection.id).join(', ')}`,
    ]);
  return found;
}

export function readJson(file: string): unknown {
  try {
    return JSON.parse(readInput(file));
  } catch (error) {
    if (error instanceof Failure) throw error;
    throw new Failure('FILE_INVALID', `${file} is not JSON: ${(error as Error).message}`);
  }
}

async function addConnection(talk: Talk, file: string): Promise<void> {
  const input = readJson(file) as { readonly id?: unknown };
  if (talk.options['test']) {
    const outcome = await talk.ask<CheckOutcome>('/connections/test', input);
    tellOutcome(talk, outcome);
    if (!outcome.ok) return;
  }
  if (talk.options.dryRun)
    return talk.show({ dryRun: true, id: input.id }, () => `Would save the connection ${String(input.id)}.`);
  const answer = await talk.change('PUT', '/connections', input);
  talk.show(
    answer,
    () => `${String(input.id)} is saved. Test it with: crossdock connections test ${String(input.id)}`,
  );
}

function tellOutcome(talk: Talk, outcome: CheckOutcome): void {
  if (!outcome.ok) talk.fail();
  talk.show(outcome, () => {
    if (!outcome.ok)
      return [outcome.problem.message, ...outcome.problem.nextSteps.map((step) => `  → ${step}`)].join('\n');
    const { warnings, ...report } = outcome.report as { warnings?: readonly string[] };
    return [
      'The connection works.',
      ...Object.entries(report).map(
        ([name, value]) => `  ${name}: ${typeof value === 'object' ? JSON.stringify(value) : String(value)}`,
      ),
      ...(warnings ?? []).map((one) => `! ${one}`),
    ].join('\n');
  });
}
