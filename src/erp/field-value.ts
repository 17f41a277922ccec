// Does a text fit a field of the books, and what value is it there? One answer for checking a rule and for sending it.
import type { ErpField } from './erp.ts';

export type FieldValue = { readonly value: string | number | boolean } | { readonly wants: string };

export function fieldValueOf(type: ErpField['type'], text: string): FieldValue {
  const when = (fits: boolean, value: string | number | boolean, wants: string): FieldValue =>
    fits ? { value } : { wants };
  switch (type) {
    case 'boolean':
      return when(
        /^(true|t|yes|1|false|f|no|0)$/i.test(text),
        /^(true|t|yes|1)$/i.test(text),
        'true or false',
      );
    case 'number':
      return when(/^-?\d+(\.\d+)?$/.test(text), Number(text), 'a number');
    case 'reference':
      return when(/^\d+$/.test(text), text, 'the internal id of a list value');
    case 'date':
      return when(/^\d{4}-\d{2}-\d{2}$/.test(text), text, 'a day such as 2026-01-31');
    case 'moment':
      return when(!Number.isNaN(Date.parse(text)), text, 'a moment such as 2026-01-31T12:00:00Z');
    case 'text':
      return when(text.length <= 4_000, text, 'at most 4,000 characters');
    default:
      return { wants: 'something that cannot be set from here' };
  }
}
