// Which environment variables are there? Made from the schema that reads them.
import { z } from 'zod';
import { environment, variables } from '../../src/app/config.ts';

export function configurationPage(): string {
  const schema = z.toJSONSchema(environment, { io: 'input', unrepresentable: 'any' }) as {
    properties: Record<string, { default?: unknown; enum?: readonly string[] }>;
  };
  const rows = Object.entries(variables).map(([name, meaning]) => {
    const standard = schema.properties[name]?.default;
    return `| \`${name}\` | ${meaning} | ${standard === undefined ? '' : `\`${String(standard)}\``} |`;
  });
  return `# Configuration

*Made by \`npm run docs\` from src/app/config.ts.*

What a machine decides is set by environment variables, read once at the start; all faults are named at once. What the
business decides (accounts, flows, mappings, lookups) lives in the database and is changed in the console, through the
API or with \`crossdock config\`.

| variable | meaning | default |
|---|---|---|
${rows.join('\n')}

\`start\`, \`serve\` and \`worker\` also take \`--data\`, \`--port\` and \`--host\`, which win over the environment.
`;
}
