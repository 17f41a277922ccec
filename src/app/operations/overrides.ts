// Can this override be used? Its field is one of the mapping's, and what it calculates can be calculated.
import { overridableFields } from '../../flows/orders/order-to-document.ts';
import { expressionFault } from '../../mapping/expression.ts';
import { refuse } from './parts.ts';

export function assertOverride(override: {
  readonly field: string;
  readonly kind: string;
  readonly value: string;
}): void {
  if (!(override.field in overridableFields))
    throw refuse('FIELD_UNKNOWN', `“${override.field}” cannot be overridden.`, [
      `Use one of: ${Object.keys(overridableFields).join(', ')}.`,
    ]);
  const expression =
    override.kind === 'expression'
      ? override.value
      : override.kind === 'lookup'
        ? override.value.split(/ by (.*)/s)[1]
        : undefined;
  if (override.kind === 'lookup' && expression === undefined)
    throw refuse(
      'OVERRIDE_INVALID',
      'A lookup override is written “table by expression”, e.g. location-by-state by order.shipTo.state.',
    );
  const fault = expression === undefined ? undefined : expressionFault(expression);
  if (fault !== undefined)
    throw refuse('EXPRESSION_INVALID', `The expression cannot be used: ${fault}.`, [
      'Correct it; the preview shows its value for real orders.',
    ]);
}
