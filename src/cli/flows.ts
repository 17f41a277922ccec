// crossdock flows: what is kept in step.
import type { Command } from 'commander';
import type { Flow } from '../api/contract/flows.ts';
import type { DryRun, RecordList } from '../api/contract/records.ts';
import { misused } from './failure.ts';
import { findFlow, readNumber } from './find.ts';
import { planWords } from './records.ts';
import { part, query, type Shell, type Talk, verb } from './talk.ts';
import { table } from './terminal.ts';

export function addFlows(program: Command, shell: Shell): void {
  const noun = program.command('flows').description('what is kept in step');
  verb(shell, noun, 'list', 'all flows', async (talk) =>
    talk.rows(await talk.get('/flows'), ['id', 'kind', 'state', 'channelConnectionId', 'erpConnectionId']),
  );
  verb(
    shell,
    noun,
    'show <flow>',
    'one flow, by id or kind, with tasks and runs',
    async (talk, named: string) => {
      const flow = await findFlow(talk, named);
      talk.show(flow, () => flowWords(flow));
    },
  );
  verb(
    shell,
    noun,
    'run <flow>',
    'run a task of a flow now; with --dry-run, what its orders would become',
    runFlow,
    'changes',
  )
    .option('--task <name>', 'task', 'sweep')
    .option('--from <moment>', 'read again from this moment (ISO 8601)')
    .option('--last <n>', 'with --dry-run: how many orders', '20');
  for (const [word, past] of [
    ['pause', 'paused'],
    ['resume', 'resumed'],
  ] as const)
    verb(
      shell,
      noun,
      `${word} <flow>`,
      `${word} a flow`,
      async (talk, named: string) => {
        const flow = await findFlow(talk, named);
        const answer = await talk.change('POST', `/flows/${part(flow.id)}/${word}`);
        if (answer) talk.show(answer, () => `${flow.id} is ${past}.`);
      },
      'changes',
    );
}

function flowWords(flow: Flow): string {
  return [
    `${flow.id} – ${flow.state}${flow.stateReason ? `: ${flow.stateReason}` : ''}`,
    table(flow.tasks, ['task', 'everySeconds', 'nextAt', 'leaseBy']),
    table(flow.runs.slice(0, 10), ['id', 'task', 'startedAt', 'outcome', 'counts', 'askedBy']),
  ].join('\n\n');
}

async function runFlow(talk: Talk, named: string): Promise<void> {
  const flow = await findFlow(talk, named);
  const { task, from, dryRun } = talk.options;
  if (dryRun) return dryRunFlow(talk, flow);
  const answer = await talk.change<{ runId: string }>('POST', `/flows/${part(flow.id)}/run`, {
    task,
    ...(from === undefined ? {} : { from }),
  });
  if (answer) talk.show(answer, () => `Run ${answer.runId}: ${String(task)} of ${flow.id} begins now.`);
}

/** What would be written: the orders that wait, or the latest ones when none does. */
async function dryRunFlow(talk: Talk, flow: Flow): Promise<void> {
  if (flow.kind !== 'orders.import')
    throw misused(`A dry run is made of orders; ${flow.id} has none.`, [
      'Look at what a shipment sent with: crossdock records exchanges RECORD',
    ]);
  const limit = readNumber(talk.options['last'], 'last');
  const read = (state: string | undefined) =>
    talk.get<RecordList>(query('/records', { flow: flow.id, state, limit: Math.min(limit, 200) }));
  const waiting = await read('queued,waiting,verifying,parked');
  const { items } = waiting.items.length > 0 ? waiting : await read(undefined);
  const bar = talk.progress('planning', items.length);
  const plans: DryRun[] = [];
  for (const record of items) {
    plans.push(await talk.get<DryRun>(`/records/${record.id}/plan`));
    bar.step();
  }
  bar.end();
  talk.show({ plans }, () =>
    talk.options.verbose
      ? plans.map(planWords).join('\n\n')
      : table(plans, ['channelOrderId', 'decision', 'reason']),
  );
}
