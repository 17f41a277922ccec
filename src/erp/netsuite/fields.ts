// Which fields do the account's documents have? The metadata catalogue tells, custom fields included (netsuite.md §1.7):
// for choosing and checking the owner's own fields, and for spelling their values as each type wants.
import { RecordError } from '../../core/errors.ts';
import type { DocumentKind, ErpField } from '../erp.ts';
import { fieldValueOf } from '../field-value.ts';
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

/** The JSON value of an own field's text, or a refusal that says what the field takes. */
export function spell(field: ErpField | undefined, id: string, text: string): unknown {
  if (field === undefined) return text;
  const fitted = fieldValueOf(field.type, text);
  if ('wants' in fitted)
    throw new RecordError(
      'FIELD_VALUE_UNFIT',
      `“${text}” does not fit the field ${id}, which takes ${fitted.wants}.`,
      {
        field: id,
        nextSteps: [`Correct the rule for ${id} under Mappings.`],
        facts: { field: id, cause: id },
      },
    );
  return field.type === 'reference' ? { id: fitted.value } : fitted.value;
}
