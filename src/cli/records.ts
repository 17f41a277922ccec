// crossdock records: orders and shipments on their way.
import type { Command } from 'commander';
import type { DryRun, RecordDetail, RecordList } from '../api/contract/records.ts';
import { misused } from './failure.ts';
import { findRecord, readNumber } from './find.ts';
import { query, type Shell, type Talk, verb } from './talk.ts';
import { waitForRecords } from './wait.ts';

export function addRecords(program: Command, shell: Shell): void {
  const noun = program.command('records').description('orders and shipments on their way');
  verb(shell, noun, 'list', 'records, newest first', listRecords)
    .option('--state <states>', 'one state or several, with commas: parked, waiting, …')
    .option('--flow <id>', 'only this flow')
    .option('--q <text>', 'any id of either system')
    .option('--problem <id>', 'only those that wait for this problem')
    .option('--marketplace <id>', 'only this marketplace')
    .option('--at-risk', 'only orders to be shipped within 24 hours')
    .option('--limit <n>', 'how many', '50')
    .option('--cursor <text>', 'go on where a list ended')
    .option('--all', 'all of them, page by page');
  verb(shell, noun, 'show <record>', 'one record, by number or order id, with its timeline', showRecord);
  verb(shell, noun, 'exchanges <record>', 'its requests and answers', async (talk, named: string) => {
    const items = await talk.all<object>(`/records/${await findRecord(talk, named)}/exchanges`);
    talk.rows({ items }, ['at', 'bucket', 'method', 'status', 'durationMs', 'url']);
  });
  verb(shell, noun, 'plan <record>', 'dry run: what would be sent now, and why each value', showPlan);
  verb(shell, noun, 'retry [records...]', 'put records back into the queue', retryRecords, 'changes')
    .option('--state <state>', 'all records of this state')
    .option('--flow <id>', 'all records of this flow')
    .option('--problem <id>', 'all records that wait for this problem')
    .option('--wait', 'until they have come through');
  verb(
    shell,
    noun,
    'skip <records...>',
    'take records out for good',
    async (talk, named: readonly string[]) => {
      const ids = await Promise.all(named.map((one) => findRecord(talk, one)));
      const answer = await talk.change<{ skipped: number }>('POST', '/records/skip', {
        ids,
        reason: talk.options['reason'],
      });
      if (answer) talk.show(answer, () => `${answer.skipped} skipped.`);
    },
    'changes',
  ).requiredOption('--reason <text>', 'why');
  verb(
    shell,
    noun,
    'note <record> <text>',
    'write a note beside a record',
    async (talk, named: string, text: string) => {
      const id = await findRecord(talk, named);
      const answer = await talk.change('POST', `/records/${id}/notes`, { text });
      if (answer) talk.show(answer, () => 'Noted.');
    },
    'changes',
  );
}

async function listRecords(talk: Talk): Promise<void> {
  const { state, flow, q, problem, marketplace, atRisk, limit, cursor, all } = talk.options;
  const filter = { state, flow, q, problem, marketplace, atRisk: atRisk ? 'true' : undefined };
  const answer = all
    ? { items: await talk.all<object>(query('/records', filter)), next: null }
    : await talk.get<RecordList>(query('/records', { ...filter, cursor, limit: readNumber(limit, 'limit') }));
  talk.rows(answer, ['id', 'key', 'state', 'orderStatus', 'remoteId', 'reason']);
  if (answer.next && !talk.options.json && !talk.options.quiet)
    talk.terminal.note(`There are more: --cursor ${answer.next}, or --all\n`);
}

async function showRecord(talk: Talk, named: string): Promise<void> {
  const answer = await talk.get<RecordDetail>(`/records/${await findRecord(talk, named)}`);
  talk.show(answer, () => {
    const { record, events, related } = answer;
    const problem = record.problem;
    return [
      `${record.key} – ${record.state}${record.reason ? `: ${record.reason}` : ''}`,
      `  flow       ${record.flowId}`,
      `  external   ${record.externalId ?? '–'}`,
      `  remote     ${record.remoteId === null ? '–' : `${record.remoteKind} ${record.remoteNumber ?? ''} (${record.remoteId})`}`,
      ...(problem && record.state === 'parked'
        ? [
            `  problem    ${problem.message}`,
            ...(problem.nextSteps ?? []).map((step) => `             → ${step}`),
          ]
        : []),
      ...events.map((event) => `  ${event.at}  ${event.toState ?? event.kind}  ${event.actor}`),
      ...related.map((one) => `  related    ${one.id} ${one.flowId} ${one.state}`),
    ].join('\n');
  });
}

async function showPlan(talk: Talk, named: string): Promise<void> {
  const plan = await talk.get<DryRun>(`/records/${await findRecord(talk, named)}/plan`);
  talk.show(plan, () => planWords(plan));
}

/** A dry run for people: the decision, the request, and for each value where it came from. */
export function planWords(plan: DryRun): string {
  return [
    `${plan.channelOrderId}: ${plan.decision}${plan.reason ? ` – ${plan.reason}` : ''}`,
    ...(plan.problem?.nextSteps ?? []).map((step) => `  → ${step}`),
    ...(plan.arithmetic
      ? [
          ...plan.arithmetic.lines.map((line) => `  ${line.amount.padStart(12)}  ${line.label}`),
          `  ${plan.arithmetic.sum.padStart(12)}  sum (${plan.arithmetic.currency}); the marketplace says ${plan.arithmetic.marketplaceTotal}, of it ${plan.arithmetic.marketplaceTax} tax it keeps; difference ${plan.arithmetic.difference}`,
        ]
      : []),
    ...(plan.request
      ? [
          `  ${plan.request.method} ${plan.request.path}`,
          ...Object.entries(plan.origins).map(([path, origin]) => `    ${path}  ←  ${origin.words}`),
          JSON.stringify(plan.request.body, null, 2),
        ]
      : []),
  ].join('\n');
}

async function retryRecords(talk: Talk, named: readonly string[]): Promise<void> {
  const { state, flow, problem, wait } = talk.options;
  const ids = await Promise.all(named.map((one) => findRecord(talk, one)));
  if (ids.length === 0 && [state, flow, problem].every((one) => one === undefined))
    throw misused('Name the records, or say which with --state, --flow or --problem.');
  const answer = await talk.change<{ retried: number }>('POST', '/records/retry', {
    ...(ids.length > 0 ? { ids } : {}),
    ...(state === undefined ? {} : { state }),
    ...(flow === undefined ? {} : { flowId: flow }),
    ...(problem === undefined ? {} : { problemId: problem }),
  });
  if (!answer) return;
  if (wait && ids.length > 0) await waitForRecords(talk, ids);
  talk.show(answer, () => `${answer.retried} back in the queue.`);
}
