// Which commands are there? Made from the program that understands them.
import type { Command } from 'commander';
import { makeProgram } from '../../src/cli/cli.ts';

/** Options of every command; named once on the page and not again. */
const reserved = new Set(['--json', '--quiet', '--verbose', '--no-color']);

export function cliPage(): string {
  const nothing = async () => undefined;
  const terminal = { out: () => undefined, note: () => undefined, interactive: false, colour: false };
  const program = makeProgram(
    { start: nothing, serve: nothing, work: nothing, rotateKeys: nothing },
    {
      terminal,
      config() {
        throw new Error('No command runs here.');
      },
    },
  );
  return `# Command line

*Made by \`npm run docs\` from src/cli.*

\`crossdock <noun> <verb>\` does what the console does, through the same API. In a clone it is
\`node scripts/crossdock.mjs\`. It finds the Crossdock of the data folder (\`CROSSDOCK_DATA\`, else \`.crossdock\` here), or the one
that \`CROSSDOCK_URL\` and \`CROSSDOCK_TOKEN\` name.

## What every command knows

| option | effect |
|---|---|
| \`--json\` | the answer as JSON on stdout, exactly as [the API](api.md) gives it; an error as \`{"error": {"code", "message", "nextSteps"}}\` on stderr |
| \`--dry-run\` | on commands that change something: only show what would be done |
| \`--quiet\` | say nothing when all is well |
| \`--verbose\` | tell of each request on stderr |
| \`--no-color\` | no colours (also \`NO_COLOR\`) |
| \`--help\` | what the command takes |

Answers go to stdout, notes and progress to stderr. A record may be named by its number or by the order id, a flow by its id
or its kind.

| exit code | meaning |
|---|---|
| 0 | done |
| 1 | it could not be done, or the answer is bad news; the sentence says why and what to do |
| 2 | the command was not understood |
| 70 | a mistake of Crossdock's own: please report it |

${program.commands.map((noun) => section(noun)).join('\n')}`;
}

function section(noun: Command): string {
  const verbs = noun.commands.length > 0 ? noun.commands : [noun];
  return `## ${noun.name()}

${noun.description()}

${verbs.map((verb) => entry(noun, verb)).join('\n')}`;
}

function entry(noun: Command, verb: Command): string {
  const words = [noun === verb ? '' : noun.name(), verb.name(), verb.usage().replace('[options]', '').trim()];
  const own = verb.options.filter((option) => !reserved.has(option.long ?? ''));
  const about = verb === noun ? '' : `${verb.description()}\n`;
  const options = own.map((option) => {
    const standard =
      option.defaultValue === undefined || option.defaultValue === true
        ? ''
        : ` (${String(option.defaultValue)})`;
    return `- \`${option.flags}\`: ${option.description}${standard}${option.mandatory ? ' – required' : ''}\n`;
  });
  return `### crossdock ${words.filter(Boolean).join(' ')}

${about}${about !== '' && options.length > 0 ? '\n' : ''}${options.join('')}`;
}
