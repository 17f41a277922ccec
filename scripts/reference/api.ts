// Which routes are there? The OpenAPI document as the server gives it, and a page for reading.
import { type ApiParts, buildApi } from '../../src/api/server.ts';

interface Shape {
  readonly properties?: Record<string, unknown>;
  readonly required?: readonly string[];
}
interface Operation {
  readonly summary?: string;
  readonly description?: string;
  readonly parameters?: readonly { readonly name: string; readonly in: string }[];
  readonly requestBody?: { readonly content?: Record<string, { readonly schema?: Shape }> };
}
type Paths = Record<string, Record<string, Operation>>;

/** The routes alone: no database is asked while they are declared. */
async function describe(): Promise<{ readonly paths: Paths }> {
  const nothing = { clock: {}, operations: {}, vault: {}, db: {}, log: {} };
  const parts = {
    ...nothing,
    publicUrl: undefined,
    host: '127.0.0.1',
    demo: false,
  } as unknown as ApiParts;
  const api = await buildApi(parts);
  await api.ready();
  const described = api.swagger() as unknown as { paths: Paths };
  await api.close();
  return described;
}

export async function apiPage(): Promise<string> {
  const { paths } = await describe();
  const byResource = new Map<string, string[]>();
  for (const [path, methods] of Object.entries(paths)) {
    const resource = path.split('/')[3] ?? '';
    const lines = Object.entries(methods).map(([method, operation]) => line(method, path, operation));
    byResource.set(resource, [...(byResource.get(resource) ?? []), ...lines]);
  }
  const tables = [...byResource].map(
    ([resource, lines]) =>
      `## ${resource}\n\n| route | what it does | scope | takes |\n|---|---|---|---|\n${lines.join('\n')}\n`,
  );
  return `# API

*Made by \`npm run docs\` from src/api. The whole description, with every field that comes and goes, is the OpenAPI 3.1
document that a running Crossdock gives at \`/api/v1/openapi.json\`.*

Console, command line and your programs use the same API under \`/api/v1\`.

- **Who may call.** A program sends \`Authorization: Bearer TOKEN\`; make tokens with \`crossdock tokens add\`. Each route names
  the scope it needs. A browser has a session cookie and sends \`x-csrf\` with every change.
- **Lists** answer \`{"items": […], "next": …}\`. Send \`next\` back as \`cursor\` for the next page; it is null on the last.
- **Idempotency.** A POST may carry \`Idempotency-Key\`. The same request under the same key is done once within 24 hours,
  and the second gets the first answer with \`x-replayed: true\`; another request under that key is refused with 422.
- **Refusals** are \`application/problem+json\`: \`code\` for programs, \`title\` and \`nextSteps\` for people, \`field\` when one is
  at fault. 400 the request is not right, 401 nobody signed in, 403 not allowed, 404 no such thing, 409 still under way,
  422 it cannot be done, 429 too often, 503 try again later.
- **Names and values.** Numbers of rows are decimal text, moments are UTC in ISO 8601, amounts are minor units beside their
  currency. Fields may be added; none changes its meaning within a version.

${tables.join('\n')}`;
}

function line(method: string, path: string, operation: Operation): string {
  const scope = /“(\w+)”/.exec(operation.description ?? '')?.[1] ?? 'open';
  const query = (operation.parameters ?? []).filter((one) => one.in === 'query').map((one) => `?${one.name}`);
  const shape = Object.values(operation.requestBody?.content ?? {})[0]?.schema;
  const body = Object.keys(shape?.properties ?? {}).map((name) =>
    shape?.required?.includes(name) ? name : `${name}?`,
  );
  const takes = [...query, ...body].map((one) => `\`${one}\``).join(' ');
  return `| \`${method.toUpperCase()} ${path.replace('/api/v1', '')}\` | ${operation.summary ?? ''} | ${scope} | ${takes} |`;
}
