// Which fields do the account's documents have? The metadata catalogue tells, custom fields included (netsuite.md §1.7):
// for choosing and checking the owner's own fields, and for spelling their values as each type wants.
import { RecordError } from '../../core/errors.ts';
import type { DocumentKind, ErpField } from '../erp.ts';
import type { NetSuiteClient } from './client.ts';
import { kinds } from './wire.ts';

interface Property {
  readonly title?: string;
  readonly type?: string;
  readonly format?: string;
  readonly readOnly?: boolean;
  readonly $ref?: string;
  readonly properties?: Readonly<Record<string, Property>>;
  readonly items?: Property;
  readonly 'x-ns-custom-field'?: boolean;
}

/** Body and line fields of a kind of document, as the integration's role sees them. */
export async function readFields(client: NetSuiteClient, kind: DocumentKind): Promise<readonly ErpField[]> {
  const { record } = kinds[kind];
  const schema = await describe(client, record);
  if (!schema) return [];
  const body = schema.properties ?? {};
  // Some accounts nest the lines, others point to a record of their own for them.
  const lines =
    body['item']?.properties?.['items']?.items?.properties ??
    (await describe(client, `${record}-itemElement`))?.properties ??
    {};
  return [...fieldsOf(body, 'body'), ...fieldsOf(lines, 'line')];
}

async function describe(client: NetSuiteClient, record: string): Promise<Property | undefined> {
  const answer = await client({
    method: 'GET',
    path: `/services/rest/record/v1/metadata-catalog/${record}`,
    headers: { accept: 'application/schema+json' },
    about: `the description of ${record}`,
  }).catch((thrown: unknown) => {
    if (thrown instanceof RecordError) return undefined;
    throw thrown;
  });
  return answer === undefined || answer.status >= 400 ? undefined : (answer.json() as Property);
}

const fieldsOf = (properties: Readonly<Record<string, Property>>, on: ErpField['on']): ErpField[] =>
  Object.entries(properties).map(([id, property]) => ({
    id,
    title: property.title ?? id,
    on,
    custom: property['x-ns-custom-field'] === true || /^cust(body|col)/.test(id),
    type: typeOf(property),
    writable: property.readOnly !== true,
  }));

function typeOf({ type, format, properties, $ref }: Property): ErpField['type'] {
  if (type === 'boolean') return 'boolean';
  if (type === 'number' || type === 'integer') return 'number';
  if (type === 'object' || $ref !== undefined)
    return properties && !('id' in properties) ? 'other' : 'reference';
  if (format === 'date') return 'date';
  if (format === 'date-time') return 'moment';
  return type === 'string' || type === undefined ? 'text' : 'other';
}

/** The JSON value of an own field's text, or a sentence why it does not fit. */
export function spell(field: ErpField | undefined, id: string, text: string): unknown {
  const unfit = (wanted: string) =>
    new RecordError('FIELD_VALUE_UNFIT', `“${text}” does not fit the field ${id}, which takes ${wanted}.`, {
      field: id,
      nextSteps: [`Correct the rule for ${id} under Mappings.`],
      facts: { field: id, cause: id },
    });
  switch (field?.type) {
    case 'boolean':
      if (/^(true|t|yes|1)$/i.test(text)) return true;
      if (/^(false|f|no|0)$/i.test(text)) return false;
      throw unfit('true or false');
    case 'number':
      if (/^-?\d+(\.\d+)?$/.test(text)) return Number(text);
      throw unfit('a number');
    case 'reference':
      if (/^\d+$/.test(text)) return { id: text };
      throw unfit('the internal id of a list value');
    case 'date':
      if (/^\d{4}-\d{2}-\d{2}$/.test(text)) return text;
      throw unfit('a day such as 2026-01-31');
    case 'moment':
      if (!Number.isNaN(Date.parse(text))) return text;
      throw unfit('a moment such as 2026-01-31T12:00:00Z');
    default:
      return text;
  }
}
