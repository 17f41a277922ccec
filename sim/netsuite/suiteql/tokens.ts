// What are the words of a SuiteQL query? Strings, quoted names, numbers, names, operators; comments are left out.
import { Refusal } from '../errors.ts';

export interface Token {
  readonly kind: 'name' | 'quoted' | 'string' | 'number' | 'mark' | 'sign';
  readonly text: string;
  /** Lower case of a name. */
  readonly word: string;
}

export const queryError = (reason: string) =>
  new Refusal(
    400,
    'INVALID_PARAMETER',
    `Invalid search query. Detailed unprocessed description follows. ${reason}`,
  );

const pattern =
  /(?<space>\s+|--[^\n]*|\/\*[\s\S]*?\*\/)|(?<string>'(?:[^']|'')*')|(?<quoted>"(?:[^"]|"")*")|(?<number>\d+(?:\.\d+)?|\.\d+)|(?<name>[A-Za-z_\u0080-\uFFFF][\w$#\u0080-\uFFFF]*)|(?<mark>\?)|(?<sign><=|>=|<>|!=|\|\||[-+*/(),.=<>])/y;

export function tokenize(query: string): Token[] {
  const tokens: Token[] = [];
  pattern.lastIndex = 0;
  while (pattern.lastIndex < query.length) {
    const at = pattern.lastIndex;
    const match = pattern.exec(query);
    if (!match?.groups)
      throw queryError(`Unable to parse the query: unexpected character "${query[at]}" at position ${at}.`);
    const { groups } = match;
    if (groups['space'] !== undefined) continue;
    for (const kind of ['name', 'sign', 'mark', 'string', 'number', 'quoted'] as const)
      if (groups[kind] !== undefined)
        tokens.push({ kind, text: groups[kind], word: kind === 'name' ? groups[kind].toLowerCase() : '' });
  }
  return tokens;
}
