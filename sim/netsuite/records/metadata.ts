// How does the account describe its records? The metadata catalogue in its three media types, custom fields included.
import { type Answer, type Call, json } from '../../http.ts';
import type { Account } from '../account.ts';
import { Refusal } from '../errors.ts';
import type { Field, FieldType, RecordFields } from '../fields.ts';

const base = '/services/rest/record/v1';

const jsonTypes: Readonly<Record<FieldType, object>> = {
  str: { type: 'string', nullable: true },
  num: { type: 'number', format: 'double', nullable: true },
  int: { type: 'integer', format: 'int64', nullable: true },
  bool: { type: 'boolean', nullable: true },
  date: { type: 'string', format: 'date', nullable: true },
  dt: { type: 'string', format: 'date-time', nullable: true },
  ref: {
    type: 'object',
    properties: {
      id: { type: 'string' },
      refName: { type: 'string' },
      externalId: { type: 'string' },
      links: { type: 'array', readOnly: true, items: { $ref: `${base}/metadata-catalog/nsLink` } },
    },
  },
  enum: { type: 'object', properties: { id: { type: 'string' }, refName: { type: 'string' } } },
  address: { type: 'object' },
  list: { type: 'object' },
  any: {},
};

function property(field: Field): object {
  const lines = field.lines && {
    properties: { items: { type: 'array', items: { type: 'object', properties: properties(field.lines) } } },
  };
  return {
    title: field.name,
    ...jsonTypes[field.type],
    ...lines,
    ...(field.readOnly ? { readOnly: true } : {}),
    ...(field.custom ? { 'x-ns-custom-field': true } : {}),
  };
}

const properties = (fields: ReadonlyMap<string, Field>): Record<string, object> =>
  Object.fromEntries(
    [...fields.values()]
      .filter((field) => field.name !== 'links')
      .map((field) => [field.name, property(field)]),
  );

function schema({ fields }: RecordFields): object {
  const filterable = [...fields.values()].filter(
    (field) => field.type !== 'list' && field.type !== 'address' && field.name !== 'links',
  );
  return {
    type: 'object',
    properties: {
      links: { type: 'array', readOnly: true, items: { $ref: `${base}/metadata-catalog/nsLink` } },
      ...properties(fields),
    },
    'x-ns-filterable': filterable.map((field) => field.name),
  };
}

function openApi(records: readonly RecordFields[]): object {
  const paths: Record<string, object> = {};
  for (const { record } of records) {
    const content = {
      'application/vnd.oracle.resource+json; type=singular': {
        schema: { $ref: `#/components/schemas/${record}` },
      },
    };
    const id = [{ name: 'id', in: 'path', required: true, schema: { type: 'string' } }];
    paths[`/${record}`] = {
      get: {
        tags: [record],
        summary: 'Get list of records.',
        responses: { 200: { description: 'List of records.' } },
      },
      post: {
        tags: [record],
        summary: 'Insert record.',
        requestBody: { content },
        responses: { 204: { description: 'Inserted record.' } },
      },
    };
    paths[`/${record}/{id}`] = {
      parameters: id,
      get: {
        tags: [record],
        summary: 'Get record.',
        responses: { 200: { description: 'Retrieved record.', content } },
      },
      patch: {
        tags: [record],
        summary: 'Update record.',
        requestBody: { content },
        responses: { 204: { description: 'Updated record.' } },
      },
      put: {
        tags: [record],
        summary: 'Insert or update record.',
        requestBody: { content },
        responses: { 204: { description: 'Upserted record.' } },
      },
      delete: {
        tags: [record],
        summary: 'Remove record.',
        responses: { 204: { description: 'Removed record.' } },
      },
    };
  }
  return {
    openapi: '3.0.1',
    info: { title: 'NetSuite REST Record API', version: 'v1' },
    servers: [{ url: base }],
    paths,
    components: { schemas: Object.fromEntries(records.map((one) => [one.record, schema(one)])) },
  };
}

export function metadata(account: Account, call: Call, name: string | undefined): Answer {
  const accept = String(call.headers['accept'] ?? '').toLowerCase();
  const selected = name ?? call.query.get('select') ?? undefined;
  const chosen =
    selected === undefined
      ? [...account.fields.values()]
      : selected.split(',').map((one) => {
          const found = account.fields.get(one.trim().toLowerCase());
          if (!found) throw new Refusal(404, 'NOT_FOUND', `Record type '${one}' does not exist.`);
          return found;
        });
  if (accept.includes('swagger+json'))
    return json(200, openApi(chosen), { 'content-type': 'application/swagger+json; charset=UTF-8' });
  if (accept.includes('schema+json')) {
    const [first] = chosen;
    const body =
      name !== undefined && first
        ? schema(first)
        : { definitions: Object.fromEntries(chosen.map((one) => [one.record, schema(one)])) };
    return json(200, body, { 'content-type': 'application/schema+json; charset=UTF-8' });
  }
  const item = ({ record }: RecordFields) => {
    const href = `${call.baseUrl}${base}/metadata-catalog/${record}`;
    const alternate = (mediaType: string) => ({ rel: 'alternate', href, mediaType });
    return {
      name: record,
      links: [
        { rel: 'canonical', href },
        alternate('application/json'),
        alternate('application/swagger+json'),
        alternate('application/schema+json'),
      ],
    };
  };
  return name !== undefined && chosen[0]
    ? json(200, item(chosen[0]))
    : json(200, { items: chosen.map(item), links: [{ rel: 'self', href: `${call.baseUrl}${call.path}` }] });
}
