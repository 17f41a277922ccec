// Does a request or an answer keep to Amazon's own OpenAPI models? Reads the models from the contracts folder; a test
// skips with `contractsMissing` when that folder is not there.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ajv, type ValidateFunction } from 'ajv';
import formats from 'ajv-formats';

const folder =
  process.env['CROSSDOCK_CONTRACTS'] ?? fileURLToPath(new URL('../../../shared/contracts', import.meta.url));

/** The sentence to skip with, or false when the models are there. */
export const contractsMissing: string | false = existsSync(join(folder, 'spapi'))
  ? false
  : `Amazon's models are not at ${folder}; set CROSSDOCK_CONTRACTS to the folder that holds spapi/.`;

type Json = Record<string, unknown>;
interface Parameter {
  readonly name: string;
  readonly in: 'query' | 'path' | 'header' | 'body';
  readonly required?: boolean;
  readonly type?: string;
  readonly format?: string;
  readonly enum?: readonly string[];
  readonly items?: { readonly enum?: readonly string[] };
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly schema?: Json;
}
export interface ModelOperation {
  readonly operationId: string;
  readonly method: string;
  readonly path: string;
  readonly parameters: readonly Parameter[];
  readonly responses: Readonly<Record<string, { readonly schema?: Json }>>;
}

/** One OpenAPI model, ready to judge with. */
export interface SpApiModel {
  readonly name: string;
  readonly operations: readonly ModelOperation[];
  /** Judges a value by a schema of the model; the answer lists what is wrong. */
  judge(schema: Json, value: unknown): string[];
}

/** A field that a model does not name is as wrong as a missing one: a simulator must not invent fields. */
function closed(node: unknown, mixed: ReadonlySet<unknown>): unknown {
  if (Array.isArray(node)) return node.map((one) => closed(one, mixed));
  if (typeof node !== 'object' || node === null) return node;
  const made: Json = {};
  for (const [key, value] of Object.entries(node)) {
    if (key === 'example' || key === 'examples' || key.startsWith('x-')) continue;
    made[key] = key === 'description' ? value : closed(value, mixed);
  }
  const schema = node as Json;
  if (schema['x-nullable'] === true && typeof schema['type'] === 'string')
    made['type'] = [schema['type'], 'null'];
  const open =
    schema['additionalProperties'] !== undefined || schema['allOf'] !== undefined || mixed.has(node);
  if (schema['type'] === 'object' && typeof schema['properties'] === 'object' && !open)
    made['additionalProperties'] = false;
  return made;
}

/** Schemas that are parts of an allOf: each sees the fields of the others, so none of them may be closed. */
function partsOfAllOf(definitions: Json): ReadonlySet<unknown> {
  const parts = new Set<unknown>();
  const walk = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return;
    for (const part of ((node as Json)['allOf'] ?? []) as Json[])
      parts.add(
        typeof part['$ref'] === 'string' ? definitions[part['$ref'].replace('#/definitions/', '')] : part,
      );
    for (const value of Object.values(node)) walk(value);
  };
  walk(definitions);
  return parts;
}

/** Loads `spapi/NAME.json`, such as `orders_2026-01-01`. */
export function loadModel(name: string): SpApiModel {
  const model = JSON.parse(readFileSync(join(folder, 'spapi', `${name}.json`), 'utf8')) as Json;
  const ajv = new Ajv({ strict: false, allErrors: true });
  formats.default(ajv);
  const definitions = model['definitions'] as Json;
  ajv.addSchema({ $id: 'model', definitions: closed(definitions, partsOfAllOf(definitions)) as Json });
  const compiled = new Map<string, ValidateFunction>();
  const operations: ModelOperation[] = [];
  for (const [path, methods] of Object.entries(model['paths'] as Record<string, Json>))
    for (const [method, value] of Object.entries(methods)) {
      const operation = value as Json;
      if (method === 'parameters' || typeof operation['operationId'] !== 'string') continue;
      operations.push({
        operationId: operation['operationId'],
        method: method.toUpperCase(),
        path,
        parameters: (operation['parameters'] ?? []) as Parameter[],
        responses: operation['responses'] as ModelOperation['responses'],
      });
    }
  return {
    name,
    operations,
    judge(schema, value) {
      const key = JSON.stringify(schema);
      let check = compiled.get(key);
      if (!check) {
        check = ajv.compile(JSON.parse(key.replaceAll('"#/definitions/', '"model#/definitions/')) as Json);
        compiled.set(key, check);
      }
      if (check(value)) return [];
      return (check.errors ?? []).map((error) =>
        [error.instancePath || '/', error.message, JSON.stringify(error.params)].join(' '),
      );
    },
  };
}

/** Loads a JSON schema of a notification, such as `OrderChangeNotification`; the function lists what is wrong. */
export function loadNotificationSchema(name: string): (value: unknown) => string[] {
  const schema = JSON.parse(readFileSync(join(folder, 'spapi-schemas', `${name}.json`), 'utf8')) as Json;
  // The schema names itself by a URL that is not the meta-schema's exact id; the draft is 7 either way.
  delete schema['$schema'];
  const ajv = new Ajv({ strict: false, allErrors: true });
  formats.default(ajv);
  const check = ajv.compile(withoutIds(schema) as Json);
  return (value) =>
    check(value) ? [] : (check.errors ?? []).map((error) => `${error.instancePath} ${error.message}`);
}

/** Inner `$id`s of Amazon's schemas are pointers, not addresses, and confuse resolvers. */
function withoutIds(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(withoutIds);
  if (typeof node !== 'object' || node === null) return node;
  return Object.fromEntries(
    Object.entries(node)
      .filter(([key, value]) => key !== 'examples' && !(key === '$id' && typeof value === 'string'))
      .map(([key, value]) => [key, withoutIds(value)]),
  );
}

/** The published usage plans: operation, rate per second and burst. */
export function loadUsagePlans(): readonly {
  readonly api: string;
  readonly operationId: string;
  readonly method: string;
  readonly path: string;
  readonly rate: number | null;
  readonly burst: number | null;
}[] {
  return JSON.parse(readFileSync(join(folder, 'spapi', 'rate-limits.json'), 'utf8'));
}

/** The operation of a model that a method and path belong to. */
export function operationOf(model: SpApiModel, method: string, path: string): ModelOperation | undefined {
  const parts = path.split('/');
  return model.operations.find((operation) => {
    const wanted = operation.path.split('/');
    if (operation.method !== method.toUpperCase() || wanted.length !== parts.length) return false;
    return wanted.every((part, index) =>
      part.startsWith('{') ? parts[index] !== '' : part === parts[index],
    );
  });
}

/** What is wrong with a request by the model; empty when nothing is. */
export function validateRequest(
  model: SpApiModel,
  method: string,
  path: string,
  query: URLSearchParams,
  headers: Readonly<Record<string, string | string[] | undefined>>,
  body: unknown,
): string[] {
  const operation = operationOf(model, method, path);
  if (!operation) return [`${model.name} has no ${method} ${path}.`];
  const wrong: string[] = [];
  const names = new Set(Object.keys(headers).map((name) => name.toLowerCase()));
  for (const needed of ['x-amz-access-token', 'user-agent'])
    if (!names.has(needed)) wrong.push(`The header ${needed} is missing.`);
  const known = new Map(
    operation.parameters.filter((one) => one.in === 'query').map((one) => [one.name, one]),
  );
  for (const name of new Set(query.keys())) {
    const parameter = known.get(name);
    if (parameter) wrong.push(...judgeQuery(parameter, query.getAll(name)));
    else wrong.push(`${operation.operationId} has no query parameter ${name}.`);
  }
  for (const parameter of known.values())
    if (parameter.required && !query.has(parameter.name))
      wrong.push(`The parameter ${parameter.name} is missing.`);
  const payload = operation.parameters.find((one) => one.in === 'body');
  if (payload?.schema) wrong.push(...model.judge(payload.schema, body).map((text) => `body ${text}`));
  else if (body !== undefined) wrong.push(`${operation.operationId} takes no body.`);
  return wrong;
}

function judgeQuery(parameter: Parameter, values: readonly string[]): string[] {
  const { name } = parameter;
  const wrong: string[] = [];
  const isList = parameter.type === 'array';
  if (!isList && values.length > 1) wrong.push(`${name} is given ${values.length} times.`);
  // Lists are written with commas (collectionFormat csv is the default of OpenAPI 2).
  const items = isList ? values.flatMap((value) => value.split(',')) : values;
  const allowed = isList ? parameter.items?.enum : parameter.enum;
  for (const item of items) {
    if (allowed && !allowed.includes(item)) wrong.push(`${name} must not be ${item}.`);
    if (parameter.type === 'integer' && !/^-?\d+$/.test(item)) wrong.push(`${name} must be a whole number.`);
    if (parameter.type === 'boolean' && !/^(true|false)$/.test(item))
      wrong.push(`${name} must be true or false.`);
    if (parameter.format === 'date-time' && Number.isNaN(Date.parse(item)))
      wrong.push(`${name} must be a date.`);
    if (parameter.maximum !== undefined && Number(item) > parameter.maximum)
      wrong.push(`${name} is too large.`);
    if (parameter.minimum !== undefined && Number(item) < parameter.minimum)
      wrong.push(`${name} is too small.`);
  }
  if (parameter.maxItems !== undefined && items.length > parameter.maxItems)
    wrong.push(`${name} has too many values.`);
  if (parameter.minItems !== undefined && items.length < parameter.minItems)
    wrong.push(`${name} has too few values.`);
  return wrong;
}

/** What is wrong with an answer by the model; a status the model does not list is wrong, too. */
export function validateResponse(
  model: SpApiModel,
  method: string,
  path: string,
  status: number,
  body: unknown,
): string[] {
  const operation = operationOf(model, method, path);
  if (!operation) return [`${model.name} has no ${method} ${path}.`];
  const response = operation.responses[String(status)];
  if (!response) return [`${operation.operationId} does not document the status ${status}.`];
  if (!response.schema) return body === undefined ? [] : [`${operation.operationId} ${status} has no body.`];
  return model.judge(response.schema, body);
}
