// crossdock completion: a script that lets the shell complete nouns, verbs and options.
import type { Command, Option } from 'commander';
import { misused } from './failure.ts';
import type { Shell } from './talk.ts';

/** What may follow each chain of words: `records list` → its options. */
export function wordsAfter(program: Command): ReadonlyMap<string, readonly string[]> {
  const words = new Map<string, readonly string[]>();
  const walk = (command: Command, path: readonly string[]) => {
    const options = command.options.filter((one: Option) => !one.hidden).map((one: Option) => one.long ?? '');
    words.set(
      path.join(' '),
      [...command.commands.map((one) => one.name()), ...options, '--help'].filter(Boolean),
    );
    for (const one of command.commands) walk(one, [...path, one.name()]);
  };
  walk(program, []);
  return words;
}

export function addCompletion(program: Command, shell: Shell): void {
  program
    .command('completion <shell>')
    .description('print a completion script for bash, zsh or fish')
    .action((name: string) => {
      const make = scripts[name];
      if (!make) throw misused(`There is no completion for “${name}”.`, ['Name bash, zsh or fish.']);
      shell.terminal.out(make(wordsAfter(program)));
    });
}

const bash = (words: ReadonlyMap<string, readonly string[]>) => `_crossdock() {
  local words="\${COMP_WORDS[*]:1:COMP_CWORD-1}"
  case "$words" in
${[...words].map(([path, next]) => `    "${path}") COMPREPLY=($(compgen -W "${next.join(' ')}" -- "\${COMP_WORDS[COMP_CWORD]}")) ;;`).join('\n')}
  esac
}
complete -o default -F _crossdock crossdock`;

const scripts: Readonly<Record<string, (words: ReadonlyMap<string, readonly string[]>) => string>> = {
  bash,
  zsh: (words) => `autoload -U +X bashcompinit && bashcompinit\n${bash(words)}`,
  fish: (words) =>
    [...words]
      .flatMap(([path, next]) =>
        next.map((word) => {
          const when =
            path === ''
              ? '__fish_use_subcommand'
              : `test (string join " " -- (commandline -opc)[2..]) = "${path}"`;
          return word.startsWith('--')
            ? `complete -c crossdock -n '${when}' -l ${word.slice(2)}`
            : `complete -c crossdock -f -n '${when}' -a ${word}`;
        }),
      )
      .join('\n'),
};
