// What can be done from a terminal? The same as in the console, through the same API; one file per noun.
import { Command, CommanderError } from 'commander';
import { addCompletion } from './completion.ts';
import { addConfig } from './config.ts';
import { addConnections } from './connections.ts';
import { addFlows } from './flows.ts';
import { addHouse } from './house.ts';
import { addLookups } from './lookups.ts';
import { addMappings } from './mappings.ts';
import { addOrders } from './orders.ts';
import { addProblems } from './problems.ts';
import { addRecords } from './records.ts';
import { addSettlements } from './settlements.ts';
import type { Shell } from './talk.ts';
import type { Terminal } from './terminal.ts';

export interface StartOptions {
  readonly data?: string;
  readonly port?: number;
  readonly host?: string;
  readonly demo: boolean;
}

export interface RotateOptions {
  readonly data?: string;
  readonly json?: boolean;
}

/** What runs in this process and is no question to a server. */
export interface Runs {
  start(options: StartOptions): Promise<void>;
  serve(options: StartOptions): Promise<void>;
  work(options: StartOptions): Promise<void>;
  rotateKeys(terminal: Terminal, options: RotateOptions): Promise<void>;
}

export function makeProgram(runs: Runs, shell: Shell): Command {
  const program = new Command('crossdock')
    .description('Keeps NetSuite and the places you sell in step.')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => shell.terminal.out(text.trimEnd()),
      writeErr: shell.terminal.note,
    })
    .showSuggestionAfterError();
  const placed = (command: Command) =>
    command
      .option('--data <folder>', 'folder for database, keys and demo world')
      .option('--port <number>', 'port of console and API (0: any free)', portOf)
      .option('--host <address>', 'address to listen on');
  placed(program.command('start'))
    .description('run everything on this machine; the demo world while nothing real is connected')
    .option('--no-demo', 'never start the demo world')
    .action(runs.start);
  placed(program.command('serve')).description('run API and console only').action(runs.serve);
  placed(program.command('worker')).description('run the worker only').action(runs.work);
  program
    .command('keys')
    .description('the master key')
    .command('rotate')
    .description('seal everything again under a new master key; the old one is not needed afterwards')
    .option('--data <folder>', 'folder of database and keys')
    .option('--json', 'answer as JSON')
    .action((options: RotateOptions) => runs.rotateKeys(shell.terminal, options));
  addNouns(program, shell);
  return program;
}

function portOf(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0 || value > 65_535)
    throw new CommanderError(2, 'crossdock.port', `“${text}” is not a port.`);
  return value;
}

function addNouns(program: Command, shell: Shell): void {
  addRecords(program, shell);
  addOrders(program, shell);
  addFlows(program, shell);
  addConnections(program, shell);
  addProblems(program, shell);
  addLookups(program, shell);
  addMappings(program, shell);
  addSettlements(program, shell);
  addHouse(program, shell);
  addConfig(program, shell);
  addCompletion(program, shell);
}
