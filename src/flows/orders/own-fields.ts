// Which fields did the owner add to the documents? Custom body and line fields of the account, each with the owner's rule:
// a constant, a lookup or an expression. Pure; spelled by the ERP as each field's type wants.
import type { DocumentLine } from '../../erp/erp.ts';
import { fieldValue, fromRule } from '../../mapping/mapping.ts';
import type { Keep, OrderContext } from './document-context.ts';

export const isOwnBodyField = (field: string): boolean => /^custbody_?[a-z0-9_]+$/.test(field);
export const isOwnLineField = (field: string): boolean => /^custcol_?[a-z0-9_]+$/.test(field);

type Facts = () => Readonly<Record<string, unknown>>;
type Knowing = Pick<OrderContext, 'overrides' | 'lookups'>;

function valuesOf(
  { overrides, lookups }: Knowing,
  isOwn: (field: string) => boolean,
  facts: Facts,
  keep: (field: string, traced: ReturnType<typeof fieldValue>) => string | undefined,
): Record<string, string> {
  const values: Record<string, string> = {};
  for (const { field } of overrides.filter((override) => isOwn(override.field))) {
    const value = keep(
      field,
      fieldValue(field, () => fromRule(undefined, 'Nothing'), { overrides, lookups, facts }),
    );
    if (value !== undefined) values[field] = value;
  }
  return values;
}

export const ownBodyFields = (context: Knowing, facts: Facts, keep: Keep): Record<string, string> =>
  valuesOf(context, isOwnBodyField, facts, (field, traced) => keep(`custom.${field}`, traced));

/** An expression for a line also reads `line`: sku, role, quantity, amount, description. */
export function withOwnLineFields(
  lines: readonly DocumentLine[],
  skuOf: (lineKey: string) => string,
  context: Knowing,
  { facts, keep }: { readonly facts: Facts; readonly keep: Keep },
): readonly DocumentLine[] {
  if (!context.overrides.some((override) => isOwnLineField(override.field))) return lines;
  return lines.map((line, index) => {
    const own = valuesOf(
      context,
      isOwnLineField,
      () => ({
        ...facts(),
        line: {
          sku: skuOf(line.key),
          role: line.role,
          quantity: line.quantity,
          rate: line.rate,
          description: line.description ?? '',
        },
      }),
      (field, traced) => keep(`lines[${index}].custom.${field}`, traced),
    );
    return { ...line, custom: { ...line.custom, ...own } };
  });
}
