// Which flows are there, and how is each set? Made from the flows' own schemas.
import { z } from 'zod';
import { flowKinds } from '../../src/app/connectors.ts';

interface Field {
  readonly description?: string;
  readonly title?: string;
  readonly default?: unknown;
  readonly enum?: readonly unknown[];
  readonly properties?: Record<string, Field>;
  readonly required?: readonly string[];
  readonly additionalProperties?: Field | boolean;
}

/** A default longer than this is a table of its own and stands in its rows. */
const shownMax = 80;

export function flowsPage(): string {
  const sections = Object.entries(flowKinds).map(([id, kind]) => {
    const schema = z.toJSONSchema(kind.settings as z.ZodType, { io: 'input', unrepresentable: 'any' });
    return `## ${id}

${kind.title}.

| setting | meaning | default |
|---|---|---|
${rows(schema as Field, '').join('\n')}
`;
  });
  return `# Flows

*Made by \`npm run docs\` from the flows' own schemas.*

A flow keeps one kind of document in step in one direction between two connections. Settings without a default must be
given unless they are optional. They are set in the console, with \`crossdock config apply\` or by \`POST /api/v1/flows\`.

${sections.join('\n')}`;
}

function rows(field: Field, path: string): string[] {
  return Object.entries(field.properties ?? {}).flatMap(([name, inner]) => {
    const at = path === '' ? name : `${path}.${name}`;
    const required = field.required?.includes(name) === true && inner.default === undefined;
    const entry = typeof inner.additionalProperties === 'object' ? inner.additionalProperties : undefined;
    return [
      row(at, inner, required),
      ...(inner.properties ? rows(inner, at) : []),
      ...(entry?.properties ? rows(entry, `${at}.*`) : []),
    ];
  });
}

function row(at: string, field: Field, required: boolean): string {
  const standard = field.default === undefined ? '' : `\`${JSON.stringify(field.default)}\``;
  const choices = field.enum ? ` One of ${field.enum.map((one) => `\`${String(one)}\``).join(', ')}.` : '';
  const words = `${field.description ?? field.title ?? ''}${choices}`;
  const cell = (text: string) => text.replaceAll('|', '\\|').replaceAll('\n', ' ').trim();
  const last = required ? '**must be given**' : standard.length > shownMax ? 'see below' : standard;
  return `| \`${at}\` | ${cell(words)} | ${cell(last)} |`;
}
