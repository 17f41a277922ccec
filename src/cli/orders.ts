// crossdock orders: order documents from a file, or read from the marketplace by their ids.
import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import type { DryRun } from '../api/contract/records.ts';
import { Failure } from './failure.ts';
import { findFlow } from './find.ts';
import { planWords } from './records.ts';
import { part, type Shell, type Talk, verb } from './talk.ts';
import { table } from './terminal.ts';
import { waitForRecords } from './wait.ts';

export function addOrders(program: Command, shell: Shell): void {
  const noun = program.command('orders').description('order documents');
  verb(
    shell,
    noun,
    'import <file>',
    'import order documents from a file (- reads what is piped in)',
    importOrders,
    'changes',
  )
    .option('--flow <id>', 'flow that imports orders, when there are several')
    .option('--wait', 'until they have come through');
  verb(
    shell,
    noun,
    'fetch <ids...>',
    'read orders by their ids from the marketplace',
    fetchOrders,
    'changes',
  ).option('--flow <id>', 'flow that imports orders, when there are several');
}

export function readInput(file: string): string {
  try {
    return readFileSync(file === '-' ? 0 : file, 'utf8');
  } catch (error) {
    throw new Failure('FILE_UNREADABLE', `${file} cannot be read: ${(error as Error).message}`);
  }
}

async function importOrders(talk: Talk, file: string): Promise<void> {
  const { flow, dryRun, wait } = talk.options;
  const body = { flowId: (await findFlow(talk, flow as string | undefined)).id, text: readInput(file) };
  if (dryRun) {
    const answer = await talk.ask<{ plans: DryRun[] }>('/orders/plan', body);
    if (answer.plans.some((plan) => plan.decision === 'park')) talk.fail();
    return talk.show(answer, () => answer.plans.map(planWords).join('\n\n'));
  }
  const answer = await talk.change<{ records: { channelOrderId: string; recordId: string }[] }>(
    'POST',
    '/orders/import',
    body,
  );
  if (!answer) return;
  const ended = wait
    ? await waitForRecords(
        talk,
        answer.records.map((one) => one.recordId),
      )
    : undefined;
  talk.show(ended ? { records: ended } : answer, () =>
    ended ? table(ended, ['id', 'key', 'state']) : table(answer.records, ['recordId', 'channelOrderId']),
  );
}

async function fetchOrders(talk: Talk, ids: readonly string[]): Promise<void> {
  const flow = await findFlow(talk, talk.options['flow'] as string | undefined);
  const answer = await talk.change<{ runId: string }>('POST', `/flows/${part(flow.id)}/run`, { ids });
  if (!answer) return;
  talk.show(answer, () => `${ids.length} will be read next. See them with: crossdock records show ${ids[0]}`);
}
