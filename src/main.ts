// One program: `start` does everything on one machine, `serve` and `worker` split it over several, every other word is a
// command that talks to a running server. What a word does not need is not loaded. Next: app/start.ts, cli/cli.ts.
import { readConfig } from './app/config.ts';
import { makeProgram } from './cli/cli.ts';
import { endingOf } from './cli/failure.ts';
import type { Terminal } from './cli/terminal.ts';

const starts = () => import('./app/start.ts');

const terminal: Terminal = {
  out: (text) => void process.stdout.write(`${text}\n`),
  note: (text) => void process.stderr.write(text),
  interactive: process.stderr.isTTY === true,
  colour: process.stdout.isTTY === true && !readConfig().noColor,
};
const program = makeProgram(
  {
    start: async (options) => (await starts()).start(options),
    serve: async (options) => (await starts()).serve(options),
    work: async (options) => (await starts()).work(options),
    rotateKeys: async (...asked) => (await import('./app/rotate-keys.ts')).rotateKeys(...asked),
  },
  { terminal, config: () => readConfig() },
);

try {
  await program.parseAsync();
} catch (error) {
  const ending = endingOf(error);
  process.exitCode = ending.exitCode;
  if (ending.message !== '') {
    const { exitCode: _, ...told } = ending;
    process.stderr.write(
      process.argv.includes('--json')
        ? `${JSON.stringify({ error: told })}\n`
        : `${[ending.message, ...ending.nextSteps.map((step) => `  → ${step}`)].join('\n')}\n`,
    );
    if (ending.exitCode === 70 && process.argv.includes('--verbose'))
      process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  }
}
