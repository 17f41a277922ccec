// How does a command talk to the server? Through the public API with a token; a change carries an idempotency key, so that
// it can be sent again when its answer is lost.
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import type { Refusal } from '../api/contract/common.ts';
import type { Config } from '../app/config.ts';
import { Failure } from './failure.ts';
import { type Options, type Progress, progress, type Terminal, table } from './terminal.ts';

export interface Shell {
  readonly terminal: Terminal;
  /** Read when a command runs, so that `--help` needs nothing. */
  config(): Config;
}

export interface Talk {
  readonly options: Options;
  readonly terminal: Terminal;
  get<Answer>(path: string): Promise<Answer>;
  /** All items of a list, page by page. */
  all<Item>(path: string): Promise<readonly Item[]>;
  /** Changes something; with --dry-run only says what would be sent, and answers undefined. */
  change<Answer>(
    method: 'POST' | 'PUT' | 'DELETE',
    path: string,
    body?: unknown,
  ): Promise<Answer | undefined>;
  /** Asks by POST, where the question has a body; changes nothing. */
  ask<Answer>(path: string, body: unknown): Promise<Answer>;
  /** JSON with --json, else the words for people; nothing with --quiet. */
  show(answer: unknown, words: () => string): void;
  rows(answer: { readonly items: readonly object[] }, columns: readonly string[]): void;
  progress(title: string, total: number): Progress;
  /** The command has an answer, but the answer is bad news. */
  fail(): void;
}

interface Reached {
  readonly url: string;
  readonly token: string;
}

/** The server on this machine's data folder, or the one named by CROSSDOCK_URL and CROSSDOCK_TOKEN. */
function reach(config: Config): Reached {
  if (config.url && config.token) return { url: config.url, token: config.token };
  try {
    const { url, token } = JSON.parse(
      readFileSync(join(config.dataDir, 'first-run.json'), 'utf8'),
    ) as Reached;
    return { url: config.url ?? url, token: config.token ?? token };
  } catch {
    throw new Failure('SERVER_UNKNOWN', `No Crossdock is known in ${config.dataDir}.`, [
      'Start it with: npm start',
      'Or name a server with CROSSDOCK_URL and CROSSDOCK_TOKEN.',
      'Or name its data folder with CROSSDOCK_DATA.',
    ]);
  }
}

export const part = (text: string): string => encodeURIComponent(text);

/** Query text from what was given; what is absent is left out. */
export function query(path: string, values: Readonly<Record<string, unknown>>): string {
  const given = Object.entries(values).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, String(value)] as [string, string]],
  );
  return given.length === 0 ? path : `${path}?${new URLSearchParams(given)}`;
}

function makeTalk(shell: Shell, options: Options): Talk {
  const { terminal } = shell;
  async function send(method: string, path: string, body: unknown, key?: string): Promise<unknown> {
    const { url, token } = reach(shell.config());
    const began = performance.now();
    const request = () =>
      fetch(`${url}/api/v1${path}`, {
        method,
        headers: {
          authorization: `Bearer ${token}`,
          ...(key === undefined ? {} : { 'idempotency-key': key }),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
    const answer = await request()
      .catch((error: unknown) => {
        // The answer was lost on its way: under the same key the request is done once all the same.
        if (key === undefined || causeOf(error) === 'ECONNREFUSED') throw error;
        return request();
      })
      .catch((error: unknown) => {
        throw new Failure('SERVER_AWAY', `${url} does not answer (${causeOf(error)}).`, [
          'Start it with: npm start',
        ]);
      });
    if (options.verbose)
      terminal.note(`${method} ${path} → ${answer.status} (${Math.round(performance.now() - began)} ms)\n`);
    const text = await answer.text();
    const isJson = /json/.test(answer.headers.get('content-type') ?? '');
    if (answer.ok) return isJson ? JSON.parse(text) : text;
    const refusal = (isJson ? JSON.parse(text) : {}) as Partial<Refusal>;
    throw new Failure(
      refusal.code ?? `HTTP_${answer.status}`,
      refusal.title ?? `The server answered ${answer.status}.`,
      refusal.nextSteps ?? [],
      answer.status >= 500 && answer.status !== 503 ? 70 : 1,
    );
  }
  return {
    options,
    terminal,
    get: <Answer>(path: string) => send('GET', path, undefined) as Promise<Answer>,
    ask: <Answer>(path: string, body: unknown) => send('POST', path, body) as Promise<Answer>,
    async all<Item>(path: string) {
      const items: Item[] = [];
      let cursor: string | null | undefined;
      do {
        const more: string = `${path.includes('?') ? '&' : '?'}limit=200${cursor ? `&cursor=${part(cursor)}` : ''}`;
        const page = (await send('GET', path + more, undefined)) as { items: Item[]; next: string | null };
        items.push(...page.items);
        cursor = page.next;
      } while (cursor);
      return items;
    },
    async change<Answer>(method: 'POST' | 'PUT' | 'DELETE', path: string, body?: unknown) {
      if (!options.dryRun)
        return (await send(method, path, body, method === 'POST' ? randomUUID() : undefined)) as Answer;
      terminal.out(
        options.json
          ? JSON.stringify({ dryRun: true, method, path, body: body ?? null }, null, 2)
          : `Would send: ${method} /api/v1${path}${body === undefined ? '' : ` ${JSON.stringify(body)}`}`,
      );
      return undefined;
    },
    show(answer, words) {
      if (options.json) terminal.out(JSON.stringify(answer, null, 2));
      else if (!options.quiet) terminal.out(words());
    },
    rows(answer, columns) {
      this.show(answer, () => table(answer.items, columns, terminal.colour && options.color !== false));
    },
    progress: (title, total) =>
      progress(options.quiet || options.json ? { ...terminal, interactive: false } : terminal, title, total),
    fail: () => {
      process.exitCode = 1;
    },
  };
}

function causeOf(error: unknown): string {
  const cause = (error as { cause?: { code?: string } }).cause;
  return cause?.code ?? (error instanceof Error ? error.message : String(error));
}

/** Adds a verb to a noun with the options that every command has. */
export function verb(
  shell: Shell,
  noun: Command,
  signature: string,
  about: string,
  run: (talk: Talk, ...words: readonly never[]) => Promise<void>,
  kind: 'reads' | 'changes' = 'reads',
): Command {
  const command = noun
    .command(signature)
    .description(about)
    .option('--json', 'the answer as JSON, as the API gives it')
    .option('--quiet', 'say nothing when all is well')
    .option('--verbose', 'tell of each request')
    .option('--no-color', 'no colours');
  if (kind === 'changes') command.option('--dry-run', 'only show what would be done');
  // Commander hands over the words, then the options, then itself.
  return command.action(async (...given: unknown[]) => {
    const options = given.at(-2) as Options;
    await run(makeTalk(shell, options), ...(given.slice(0, -2) as never[]));
  });
}
