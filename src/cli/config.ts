// crossdock config: accounts, flows, overrides and lookups as one file that can be kept, compared and put in force.

import { writeFileSync } from 'node:fs';
import type { Command } from 'commander';
import type { Connection, Lookup } from '../api/contract/connections.ts';
import type { Flow, MappingField } from '../api/contract/flows.ts';
import { type Change, type House, planChanges, readHouse } from './config-plan.ts';
import { readJson } from './connections.ts';
import { applyLookups } from './lookups.ts';
import { part, type Shell, type Talk, verb } from './talk.ts';
import { table } from './terminal.ts';

export function addConfig(program: Command, shell: Shell): void {
  const noun = program.command('config').description('settings as a file');
  verb(
    shell,
    noun,
    'export [file]',
    'write connections (without secrets), flows, overrides and lookups',
    async (talk, file?: string) => {
      const text = `${JSON.stringify(await presentHouse(talk), null, 2)}\n`;
      if (file === undefined) return talk.terminal.out(text.trimEnd());
      writeFileSync(file, text);
      talk.show({ file }, () => `The settings are in ${file}.`);
    },
  );
  verb(shell, noun, 'plan <file>', 'what putting a file in force would change', async (talk, file: string) =>
    showChanges(talk, await changesOf(talk, file)),
  ).option('--prune', 'also remove overrides and lookups that the file does not have');
  verb(shell, noun, 'apply <file>', 'put a file in force', applyFile, 'changes').option(
    '--prune',
    'also remove overrides and lookups that the file does not have',
  );
}

/** Everything as it is now, through the API; secrets are never given out. */
async function presentHouse(talk: Talk): Promise<House> {
  const connections = await talk.all<Connection>('/connections');
  const flows = await talk.all<Flow>('/flows');
  const bar = talk.progress('reading', connections.length + flows.length);
  const lookups: House['lookups'] = {};
  for (const { id } of connections) {
    const rows = await talk.all<Lookup>(`/connections/${part(id)}/lookups`);
    if (rows.length > 0)
      lookups[id] = rows.map(({ name, key, value, multiplier, note }) => ({
        name,
        key,
        value,
        multiplier,
        note,
      }));
    bar.step();
  }
  const overrides: House['overrides'] = {};
  for (const { id } of flows) {
    const fields = await talk.all<MappingField>(`/flows/${part(id)}/fields`);
    const set = fields.flatMap(({ field, override }) =>
      override ? [{ field, kind: override.kind, value: override.value }] : [],
    );
    if (set.length > 0) overrides[id] = set;
    bar.step();
  }
  bar.end();
  return {
    connections: connections.map(({ id, connector, title, settings }) => ({
      id,
      connector,
      title,
      settings,
    })),
    flows: flows.map(({ id, kind, channelConnectionId, erpConnectionId, settings }) => ({
      id,
      kind,
      channelConnectionId,
      erpConnectionId,
      settings,
    })),
    overrides,
    lookups,
  };
}

const changesOf = async (talk: Talk, file: string): Promise<readonly Change[]> =>
  planChanges(await presentHouse(talk), readHouse(readJson(file), file), talk.options['prune'] === true);

function showChanges(talk: Talk, changes: readonly Change[]): void {
  talk.show({ changes }, () =>
    changes.length === 0 ? 'Nothing would change.' : table(changes, ['act', 'subject', 'detail']),
  );
}

async function applyFile(talk: Talk, file: string): Promise<void> {
  const changes = await changesOf(talk, file);
  if (talk.options.dryRun) return showChanges(talk, changes);
  const bar = talk.progress('applying', changes.length);
  for (const change of changes) {
    if (change.lookups) await applyLookups(talk, change.lookups.connection, change.lookups);
    else for (const { method, path, body } of change.requests) await talk.change(method, path, body);
    bar.step();
  }
  bar.end();
  talk.show({ changes }, () =>
    changes.length === 0 ? 'Nothing had to change.' : `${changes.length} changes are in force.`,
  );
}
