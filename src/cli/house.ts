// crossdock overview, quotas, tokens and audit: the house's own affairs.
import type { Command } from 'commander';
import type { AuditEntry } from '../api/contract/house.ts';
import type { Overview } from '../api/contract/overview.ts';
import { readNumber } from './find.ts';
import { part, query, type Shell, verb } from './talk.ts';
import { table } from './terminal.ts';

export function addHouse(program: Command, shell: Shell): void {
  verb(shell, program, 'overview', 'what waits, moves, is done and parked', async (talk) => {
    const answer = await talk.get<Overview>('/overview');
    talk.show(answer, () =>
      [
        table(answer.states, ['flowId', 'state', 'n', 'today']),
        table(answer.causes, ['id', 'code', 'n', 'message']),
        table(answer.connections, ['id', 'state', 'title']),
      ].join('\n\n'),
    );
  });
  const quotas = program.command('quotas').description('what the other sides still allow');
  verb(shell, quotas, 'list', 'by connection and bucket', async (talk) =>
    talk.rows(await talk.get('/quotas'), [
      'connectionId',
      'bucket',
      'kind',
      'tokens',
      'perSecond',
      'burst',
      'spent',
      'refused',
    ]),
  );
  addTokens(program, shell);
  addAudit(program, shell);
}

function addTokens(program: Command, shell: Shell): void {
  const noun = program.command('tokens').description('keys for programs');
  verb(shell, noun, 'list', 'tokens in force', async (talk) =>
    talk.rows(await talk.get('/tokens'), ['id', 'name', 'scopes', 'createdBy', 'expiresAt', 'lastUsedAt']),
  );
  verb(
    shell,
    noun,
    'add <name>',
    'make a token; it is shown once',
    async (talk, name: string) => {
      const { scopes, expiresInDays } = talk.options;
      const answer = await talk.change<{ token: string }>('POST', '/tokens', {
        name,
        scopes: String(scopes).split(','),
        ...(expiresInDays === undefined
          ? {}
          : { expiresInDays: readNumber(expiresInDays, 'expires-in-days') }),
      });
      if (answer) talk.show(answer, () => answer.token);
    },
    'changes',
  )
    .option('--scopes <list>', 'read, write, admin, personal; with commas', 'read')
    .option('--expires-in-days <n>', 'it ends by itself');
  verb(
    shell,
    noun,
    'revoke <id>',
    'a token ends at once',
    async (talk, id: string) => {
      const answer = await talk.change('DELETE', `/tokens/${part(id)}`);
      if (answer) talk.show(answer, () => `Token ${id} is revoked.`);
    },
    'changes',
  );
}

function addAudit(program: Command, shell: Shell): void {
  const noun = program.command('audit').description('who did what');
  verb(shell, noun, 'list', 'the log, newest first', async (talk) => {
    const { limit, cursor } = talk.options;
    talk.rows(
      await talk.get<{ items: AuditEntry[] }>(query('/audit', { cursor, limit: readNumber(limit, 'limit') })),
      ['id', 'at', 'actor', 'action', 'subject'],
    );
  })
    .option('--limit <n>', 'how many', '50')
    .option('--cursor <text>', 'go on where a list ended');
  verb(shell, noun, 'verify', 'check that nothing of the past was changed', async (talk) => {
    const answer = await talk.get<{ rows: number; brokenAt?: string }>('/audit/verify');
    if (answer.brokenAt) talk.fail();
    talk.show(answer, () =>
      answer.brokenAt
        ? `The log was changed at row ${answer.brokenAt}.`
        : `All ${answer.rows} rows are as they were written.`,
    );
  });
}
