// Can this override be used? Its field is one of the mapping's or one the account has, a constant fits it, and what it
// calculates can be calculated; the place of a mistake is named.
import type { ErpSession } from '../../erp/erp.ts';
import { fieldValueOf } from '../../erp/field-value.ts';
import { overridable } from '../../flows/orders/mapping-fields.ts';
import { isOwnBodyField, isOwnLineField } from '../../flows/orders/own-fields.ts';
import { expressionFault } from '../../mapping/expression.ts';
import type { Lookups } from '../../mapping/mapping.ts';
import type { OverrideFault } from '../operations.ts';
import { refuse } from './parts.ts';

interface Given {
  readonly field: string;
  readonly kind: string;
  readonly value: string;
}

const isOwn = (field: string): boolean => isOwnBodyField(field) || isOwnLineField(field);

/** What can be said without asking the account. */
export function faultOf(override: Given): OverrideFault | undefined {
  const { field, kind, value } = override;
  if (!overridable.has(field) && !isOwn(field))
    return {
      code: 'FIELD_UNKNOWN',
      message: `“${field}” cannot be overridden.`,
      nextSteps: [`Use one of: ${[...overridable.keys()].join(', ')}, or a custom field of the account.`],
    };
  if (kind === 'constant') return undefined;
  const [table, key] = kind === 'lookup' ? value.split(/ by (.*)/s) : [undefined, value];
  if (kind === 'lookup' && (key === undefined || !/^[a-z][a-z0-9-]{1,40}$/.test(table ?? '')))
    return {
      code: 'OVERRIDE_INVALID',
      message:
        'A lookup override is written “table by expression”, e.g. location-by-state by order.shipTo.state.',
      nextSteps: ['Name the table in lower-case letters, digits and hyphens, then “by”, then the key.'],
    };
  const fault = expressionFault(key ?? '');
  if (fault === undefined) return undefined;
  const offset = kind === 'lookup' ? value.length - (key ?? '').length : 0;
  return {
    code: 'EXPRESSION_INVALID',
    message: `The expression cannot be used: ${fault.message}.`,
    start: fault.start + offset,
    end: fault.end + offset,
    nextSteps: ['Correct it at the marked place; the preview shows its value for real orders.'],
  };
}

export function assertOverride(override: Given): void {
  const fault = faultOf(override);
  if (fault) throw refuse(fault.code, fault.message, fault.nextSteps, override.field);
}

/** The same against the account: the field exists and may be written, the list has the value, the type fits. */
export async function faultInAccount(
  override: Given,
  erp: ErpSession,
  lookups: Lookups,
): Promise<OverrideFault | undefined> {
  const plain = faultOf(override);
  if (plain) return plain;
  const { field, kind, value } = override;
  if (kind === 'lookup') {
    const table = value.split(' by ')[0]!.trim();
    if (!lookups.get(table)?.size)
      return {
        code: 'LOOKUP_EMPTY',
        message: `The lookup “${table}” has no rows yet: every order would wait for one.`,
        nextSteps: [`Add rows under Lookups → ${table}, or a row “*” for all others, then save.`],
      };
  }
  if (isOwn(field)) {
    const known = (await erp.fields('sales-order')).find((one) => one.id === field);
    if (!known || !known.writable)
      return {
        code: 'FIELD_ABSENT',
        message: known
          ? `The field ${field} cannot be written.`
          : `The account has no ${isOwnBodyField(field) ? 'body' : 'line'} field ${field} on sales orders.`,
        nextSteps: ['Create it in NetSuite and apply it to sales, or choose another.'],
      };
    const fitted = kind === 'constant' ? fieldValueOf(known.type, value) : undefined;
    return fitted && 'wants' in fitted
      ? {
          code: 'VALUE_UNFIT',
          message: `“${value}” does not fit ${known.title}, which takes ${fitted.wants}.`,
          nextSteps: ['Correct the value.'],
        }
      : undefined;
  }
  const list = overridable.get(field)?.choices;
  if (kind !== 'constant' || !list) return undefined;
  if ((await erp.choices(list, value)).some((choice) => choice.id === value)) return undefined;
  return {
    code: 'CHOICE_ABSENT',
    message: `The account has no ${list.replace('-', ' ')} with the id ${value}, or it is inactive.`,
    nextSteps: ['Choose one from the list.'],
  };
}
