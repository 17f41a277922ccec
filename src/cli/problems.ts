// crossdock problems: what a person must decide.
import type { Command } from 'commander';
import type { ProblemDetail } from '../api/contract/problems.ts';
import { readNumber } from './find.ts';
import { part, query, type Shell, verb } from './talk.ts';

export function addProblems(program: Command, shell: Shell): void {
  const noun = program.command('problems').description('what a person must decide');
  verb(shell, noun, 'list', 'problems by cause, the latest first', async (talk) => {
    const { state, limit, cursor } = talk.options;
    talk.rows(await talk.get(query('/problems', { state, cursor, limit: readNumber(limit, 'limit') })), [
      'id',
      'code',
      'records',
      'lastSeenAt',
      'message',
    ]);
  })
    .option('--state <state>', 'open, ignored or resolved', 'open')
    .option('--limit <n>', 'how many', '50')
    .option('--cursor <text>', 'go on where a list ended');
  verb(shell, noun, 'show <id>', 'one problem with what to do next', async (talk, id: string) => {
    const answer = await talk.get<ProblemDetail>(`/problems/${part(id)}`);
    const { problem, events } = answer;
    talk.show(answer, () =>
      [
        `${problem.code} – ${problem.state}, ${problem.records} records`,
        problem.message,
        ...problem.nextSteps.map((step) => `  → ${step}`),
        ...(problem.exampleKey ? [`  for example ${problem.exampleKey} (record ${problem.exampleId})`] : []),
        ...events.map(
          (event) =>
            `  ${event.at}  ${event.actor}  ${event.kind}${typeof event.detail['text'] === 'string' ? `: ${event.detail['text']}` : ''}`,
        ),
      ].join('\n'),
    );
  });
  verb(
    shell,
    noun,
    'retry <id>',
    'put all its records back into the queue',
    async (talk, id: string) => {
      const answer = await talk.change<{ retried: number }>('POST', `/problems/${part(id)}/retry`);
      if (answer) talk.show(answer, () => `${answer.retried} back in the queue.`);
    },
    'changes',
  );
  verb(
    shell,
    noun,
    'ignore <id>',
    'ignore it from now on',
    async (talk, id: string) => {
      const answer = await talk.change('POST', `/problems/${part(id)}/ignore`, {
        reason: talk.options['reason'],
      });
      if (answer) talk.show(answer, () => `Problem ${id} is ignored.`);
    },
    'changes',
  ).requiredOption('--reason <text>', 'why');
  verb(
    shell,
    noun,
    'resolve <id>',
    'mark a task as done',
    async (talk, id: string) => {
      const answer = await talk.change('POST', `/problems/${part(id)}/resolve`);
      if (answer) talk.show(answer, () => `Problem ${id} is resolved.`);
    },
    'changes',
  );
  verb(
    shell,
    noun,
    'assign <id> [person]',
    'give it to someone; without a name to nobody',
    async (talk, id: string, person?: string) => {
      const answer = await talk.change('POST', `/problems/${part(id)}/assign`, { assignee: person ?? null });
      if (answer)
        talk.show(answer, () => (person ? `Problem ${id} is ${person}’s.` : `Problem ${id} is nobody’s.`));
    },
    'changes',
  );
}
