// Which item of the ERP is a line, a discount, a shipping charge? Aliases first, then the SKU as the item's name. Pure.
import { RecordError } from '../../core/errors.ts';
import type { Order, OrderLine } from '../../core/order.ts';
import type { ErpItem } from '../../erp/erp.ts';
import { type Lookups, lookUp, type Origin } from '../../mapping/mapping.ts';
import type { OrderContext } from './document-context.ts';
import type { OrdersSettings } from './settings.ts';

/** The names of all items an order needs, for one look-up of many orders. */
export function itemNamesOf(
  order: Order,
  { settings, lookups }: Pick<OrderContext, 'settings' | 'lookups'>,
): readonly string[] {
  const names = order.lines.map((line) => aliasOf(line.sku, lookups)?.value.value ?? line.sku);
  return [
    ...names,
    ...Object.values(settings.items).filter((name) => name !== undefined),
    ...(settings.placeholderItem ? [settings.placeholderItem] : []),
  ];
}

export interface ResolvedLine {
  readonly item: ErpItem;
  readonly units: number;
  readonly origin: Origin;
}

export function aliasOf(sku: string, lookups: Lookups) {
  // A `*` row would sell one item for every SKU: aliases match exactly.
  return lookups.get('item-alias')?.has(sku) ? lookUp(lookups, 'item-alias', sku) : undefined;
}

export function resolveItem(
  line: OrderLine,
  order: Order,
  { settings, lookups, items }: OrderContext,
): ResolvedLine {
  const alias = aliasOf(line.sku, lookups);
  const name = alias?.value.value ?? line.sku;
  const item = items.get(name);
  if (item === undefined && settings.unknownSku === 'placeholder' && settings.placeholderItem) {
    const placeholder = items.get(settings.placeholderItem);
    if (placeholder)
      return {
        item: placeholder,
        units: 1,
        origin: {
          kind: 'setting',
          words: 'Placeholder for a SKU that NetSuite does not know',
          place: 'setting:placeholderItem',
        },
      };
  }
  if (item === undefined)
    throw new RecordError(
      'ITEM_UNKNOWN',
      alias
        ? `The alias of SKU “${line.sku}” leads to item “${name}”, which NetSuite does not have.`
        : `NetSuite has no item “${line.sku}”.`,
      {
        field: 'sku',
        nextSteps: [
          `Add an alias for “${line.sku}” under Lookups → item-alias.`,
          `Or create the item “${name}” in NetSuite, then retry.`,
        ],
        facts: {
          sku: line.sku,
          item: name,
          order: order.id,
          title: line.title ?? '',
          lookup: 'item-alias',
          key: line.sku,
          cause: line.sku,
        },
      },
    );
  if (item.inactive)
    throw new RecordError('ITEM_INACTIVE', `The item “${item.name}” is inactive in NetSuite.`, {
      field: 'sku',
      nextSteps: [
        `Make “${item.name}” active in NetSuite, then retry.`,
        `Or point SKU “${line.sku}” to another item under Lookups → item-alias.`,
      ],
      facts: { sku: line.sku, item: item.name, cause: item.name },
    });
  if (item.matrixParent)
    throw new RecordError(
      'ITEM_IS_MATRIX_PARENT',
      `“${item.name}” is a matrix parent and cannot be sold itself.`,
      {
        field: 'sku',
        nextSteps: [`Point SKU “${line.sku}” to one of its variations under Lookups → item-alias.`],
        facts: { sku: line.sku, item: item.name, lookup: 'item-alias', key: line.sku, cause: item.name },
      },
    );
  return {
    item,
    units: alias?.value.multiplier ?? 1,
    origin: alias?.origin ?? { kind: 'rule', words: `NetSuite item whose name is the SKU “${line.sku}”` },
  };
}

export function specialItem(role: keyof OrdersSettings['items'], { settings, items }: OrderContext): ErpItem {
  const name = settings.items[role];
  const item = name === undefined ? undefined : items.get(name);
  if (item !== undefined && !item.inactive) return item;
  throw new RecordError(
    'CHARGE_ITEM_MISSING',
    name === undefined
      ? `No item is set for ${role}.`
      : `The item “${name}”, set for ${role}, ${item ? 'is inactive' : 'does not exist'} in NetSuite.`,
    {
      field: `items.${role}`,
      nextSteps: [`Choose an item for ${role} under Flows → Orders → Items.`],
      facts: { role, cause: `${role}/${name ?? ''}` },
    },
  );
}
