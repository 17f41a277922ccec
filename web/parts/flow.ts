// What is a flow called? Its kind in words; a kind that has no words yet by its own name.
import { isKey, t } from '../words/index.ts';

export function flowName(kind: string): string {
  const key = `shell.flow_${kind.replace(/[^a-z]/g, '_')}`;
  return isKey(key) ? t(key as 'shell.flow_orders_import') : kind;
}

/** Flow ids end with their kind (`amazon-us:orders.import`). */
export const flowNameOfId = (id: string): string => flowName(id.split(':').at(-1) ?? id);
