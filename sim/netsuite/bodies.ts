// Is a request body one NetSuite would read? Names in any case become camelCase, references become {id} or
// {externalId}; unknown names are an error, a warning or nothing, as the caller's headers ask.
import { invalidContent, Refusal } from './errors.ts';
import type { Field, RecordFields } from './fields.ts';
import type { Body } from './masters.ts';

export type Validation = 'error' | 'warning' | 'ignore';

export interface ReadBody {
  readonly body: Body;
  readonly warnings: readonly string[];
}

export function readValidation(header: string | string[] | undefined, absent: Validation): Validation {
  const text = String(header ?? absent).toLowerCase();
  return text === 'error' || text === 'warning' || text === 'ignore' ? text : absent;
}

interface Reading {
  readonly names: Validation;
  readonly values: Validation;
  readonly record: string;
  readonly warnings: string[];
}

export function readRecordBody(
  value: unknown,
  fields: RecordFields,
  validation: { names: Validation; values: Validation },
): ReadBody {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new Refusal(
      400,
      'INVALID_CONTENT',
      'Error while accessing a resource. The request body must be a JSON object.',
    );
  const reading: Reading = { ...validation, record: fields.record, warnings: [] };
  return { body: readFields(value as Body, fields.fields, reading, ''), warnings: reading.warnings };
}

function readFields(
  source: Body,
  fields: ReadonlyMap<string, Field>,
  reading: Reading,
  prefix: string,
): Body {
  const result: Body = {};
  for (const name in source) {
    const path = `${prefix}${name}`;
    const field = fields.get(name.toLowerCase());
    if (!field) unknownName(name, path, reading);
    else if (!field.readOnly || field.name === 'id') {
      const value = readValue(source[name], field, reading, path);
      if (value !== undefined) result[field.name] = value;
    }
  }
  return result;
}

function unknownName(name: string, path: string, reading: Reading): void {
  if (
    name === 'links' ||
    name === 'totalResults' ||
    name === 'count' ||
    name === 'hasMore' ||
    name === 'offset'
  )
    return;
  const detail = `Unknown property name '${name}' of the record ${reading.record}.`;
  if (reading.names === 'error')
    throw new Refusal(400, 'NONEXISTENT_FIELD', `Error while accessing a resource. ${detail}`, { path });
  if (reading.names === 'warning') reading.warnings.push(detail);
}

function readValue(value: unknown, field: Field, reading: Reading, path: string): unknown {
  if (value === null) return null;
  const wrong = () => {
    if (reading.values === 'error')
      throw invalidContent(
        `Invalid value for the resource or sub-resource field '${field.name}'. Provide a valid value.`,
        path,
      );
    if (reading.values === 'warning') reading.warnings.push(`Invalid value of ${path} was ignored.`);
    return undefined;
  };
  switch (field.type) {
    case 'num':
    case 'int': {
      const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
      if (typeof number !== 'number' || !Number.isFinite(number)) return wrong();
      return field.type === 'int' && !Number.isInteger(number) ? wrong() : number;
    }
    case 'bool':
      if (value === true || value === 'T' || value === 'true') return true;
      return value === false || value === 'F' || value === 'false' ? false : wrong();
    case 'str':
      return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
        ? String(value)
        : wrong();
    case 'date':
      return typeof value === 'string' && isDay(value) ? value : wrong();
    case 'dt':
      return typeof value === 'string' && !Number.isNaN(Date.parse(value)) ? value : wrong();
    case 'ref':
    case 'enum':
      return readRef(value) ?? wrong();
    case 'list':
      return readList(value, field, reading, path) ?? wrong();
    case 'address':
      return typeof value === 'object' && !Array.isArray(value) ? value : wrong();
    default:
      return value;
  }
}

const isDay = (text: string) =>
  /^\d{4}-\d\d-\d\d$/.test(text) && new Date(`${text}T00:00:00Z`).toISOString().startsWith(text);

function readRef(value: unknown): Body | undefined {
  if (typeof value === 'string' || typeof value === 'number') return { id: String(value) };
  if (typeof value !== 'object' || value === null) return undefined;
  const { id, externalId, externalid } = value as {
    id?: unknown;
    externalId?: unknown;
    externalid?: unknown;
  };
  if (id !== undefined && id !== null) return { id: String(id) };
  const external = externalId ?? externalid;
  return typeof external === 'string' ? { externalId: external } : undefined;
}

function readList(value: unknown, field: Field, reading: Reading, path: string): Body | undefined {
  const items = Array.isArray(value) ? value : (value as { items?: unknown }).items;
  if (items === undefined && 'links' in (value as object)) return undefined;
  if (!Array.isArray(items)) return undefined;
  return {
    items: items.map((line, index) => {
      if (typeof line !== 'object' || line === null)
        throw invalidContent('A line must be an object.', `${path}.items[${index}]`);
      return readFields(line as Body, field.lines!, reading, `${path}.items[${index}].`);
    }),
  };
}
