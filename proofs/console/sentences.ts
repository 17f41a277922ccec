// Which sentences may the program say to a person? Read from the source itself: every text that looks like a sentence, with
// {1}, {2} … where a value is put in. Descriptions of routes and settings, logs and SQL are not said on the console.
import { globSync, readFileSync } from 'node:fs';
import { parseSync } from 'vite';

export interface Sentence {
  readonly text: string;
  readonly file: string;
}

type Node = { readonly type: string } & Readonly<Record<string, unknown>>;

/** Folders whose sentences reach the console as problems, reasons, origins, steps, warnings or refusals. */
const folders =
  'api,app,channels,core,engine,erp,flows,formats,http,ledger,mapping,people,problems,settlements';
const left =
  /\.(test|suite|builder)\.ts$|\/contract\/|error-codes\.ts$|app\/(config|demo|app|lock)\.ts$|api\/openapi|role\.ts$/;
/** Calls whose texts are for programmers, documents or the log. */
const silent =
  /^(describe|route|Error|TypeError|RangeError|log|info|warn|error|execute|regex|refine|emitWarning|assert\w*|test|raw|#tell|say)$/;

export function sentencesInSource(): readonly Sentence[] {
  const found = new Map<string, Sentence>();
  for (const file of globSync(`src/{${folders}}/**/*.ts`).sort()) {
    if (left.test(file)) continue;
    const { program } = parseSync(file, readFileSync(file, 'utf8'));
    // Only flows and mappings say things that are no sentences: where a value comes from, what a task is called.
    const names = /src\/(flows|mapping)\//.test(file);
    walk(program as unknown as Node, (text) => {
      if (!names && !/[.:…]$|\{\d+\}$/.test(text)) return;
      if (!found.has(text)) found.set(text, { text, file });
    });
  }
  return [...found.values()];
}

function walk(node: unknown, tell: (text: string) => void): void {
  if (Array.isArray(node)) for (const one of node) walk(one, tell);
  if (typeof node !== 'object' || node === null || !('type' in node)) return;
  const here = node as Node;
  if (here.type === 'TaggedTemplateExpression') return;
  if (
    (here.type === 'CallExpression' || here.type === 'NewExpression') &&
    silent.test(nameOf(here['callee']))
  ) {
    // A chain goes on through its callee: z.object({…}).describe('…').
    walk((here['callee'] as Node)['object'], tell);
    return;
  }
  const text = textOf(here);
  if (text !== undefined && isSentence(text)) tell(text);
  for (const [name, inner] of Object.entries(here))
    if (name !== 'type' && typeof inner === 'object') walk(inner, tell);
}

function nameOf(callee: unknown): string {
  const node = callee as Node;
  if (node?.type === 'PrivateIdentifier') return `#${String(node['name'])}`;
  if (node?.type === 'Identifier') return String(node['name']);
  return node?.type === 'MemberExpression' ? nameOf(node['property']) : '';
}

function textOf(node: Node): string | undefined {
  if (node.type === 'Literal' && typeof node['value'] === 'string') return node['value'];
  if (node.type !== 'TemplateLiteral') return undefined;
  const quasis = node['quasis'] as readonly { value: { cooked: string } }[];
  return quasis
    .map((part, index) => part.value.cooked + (index < quasis.length - 1 ? `{${index + 1}}` : ''))
    .join('');
}

/** Begins like a sentence, has several words, and either ends like one or is longer than a name. */
const isSentence = (text: string): boolean =>
  /^(?:[A-Z“]|\{\d+\}[ ’])/.test(text) &&
  /[a-z’]{2,} [\w“{(]/.test(text) &&
  !/^(SELECT|INSERT|UPDATE|DELETE|WITH|CREATE|ALTER|FROM|WHERE|Bearer|OAuth)\b/.test(text) &&
  !/[a-z_]+ = |::|=>|\n|^(Body|Column) field:|^[A-Z][a-z]+ [A-Z][a-z]+$/.test(text) &&
  !/^(Order|Journal|Deposit|Payable|Owed|Amazon settlement) (of )?\{|^\{\d+\} (order|for amounts)|: nothing is paid$/.test(
    text,
  );
