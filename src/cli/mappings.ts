// crossdock mappings: what each field of a document is made of, and the owner's overrides.
import type { Command } from 'commander';
import type { ChangePreview, MappingField } from '../api/contract/flows.ts';
import { misused } from './failure.ts';
import { findFlow, readNumber } from './find.ts';
import { part, type Shell, type Talk, verb } from './talk.ts';

export function addMappings(program: Command, shell: Shell): void {
  const noun = program.command('mappings').description('what fields are made of, and your overrides');
  verb(shell, noun, 'list [flow]', 'fields with rule and override', async (talk, named?: string) => {
    const flow = await findFlow(talk, named);
    const answer = await talk.get<{ items: MappingField[] }>(`/flows/${part(flow.id)}/fields`);
    talk.rows(
      talk.options.json
        ? answer
        : {
            items: answer.items.map((field) => ({
              ...field,
              override: field.override && `${field.override.kind} ${field.override.value}`,
            })),
          },
      ['field', 'rule', 'override'],
    );
  });
  verb(
    shell,
    noun,
    'set <flow> <field>',
    'override a field; with --dry-run, what would differ',
    setOverride,
    'changes',
  )
    .option('--constant <text>', 'always this')
    .option('--lookup <rule>', 'a table by an expression: location-by-state by order.shipTo.state')
    .option('--expression <cel>', 'calculated from the order')
    .option('--last <n>', 'with --dry-run: how many orders to compare', '50');
  verb(
    shell,
    noun,
    'remove <flow> <field>',
    'take an override back',
    async (talk, named: string, field: string) => {
      const flow = await findFlow(talk, named);
      const answer = await talk.change('DELETE', `/flows/${part(flow.id)}/overrides/${part(field)}`);
      if (answer) talk.show(answer, () => `${field} follows its rule again.`);
    },
    'changes',
  );
}

async function setOverride(talk: Talk, named: string, field: string): Promise<void> {
  const kinds = (['constant', 'lookup', 'expression'] as const).filter(
    (kind) => typeof talk.options[kind] === 'string',
  );
  const [kind] = kinds;
  if (kind === undefined || kinds.length > 1)
    throw misused('Give exactly one of --constant, --lookup and --expression.');
  const flow = await findFlow(talk, named);
  const override = { field, kind, value: String(talk.options[kind]) };
  if (talk.options.dryRun) {
    const preview = await talk.ask<ChangePreview>(`/flows/${part(flow.id)}/preview`, {
      overrides: [override],
      last: readNumber(talk.options['last'], 'last'),
    });
    return talk.show(preview, () => previewWords(preview));
  }
  const answer = await talk.change('PUT', `/flows/${part(flow.id)}/overrides`, override);
  if (answer) talk.show(answer, () => `${field} is now ${kind} ${override.value}.`);
}

export function previewWords({ compared, changed }: ChangePreview): string {
  return [
    `${changed.length} of ${compared} orders would differ.`,
    ...changed.flatMap((order) => [
      `${order.channelOrderId}${order.problem ? `: ${order.problem.message}` : ''}`,
      ...order.differences.map(
        (one) => `  ${one.path}: ${JSON.stringify(one.before)} → ${JSON.stringify(one.after)}`,
      ),
    ]),
  ].join('\n');
}
