// Which lines does the document get, and in which order? Item, discount below it, gift wrap, shipping, other charges; the
// taxes come last (document-taxes.ts). Pure.
import { formatMoney, isZero, type Money, total, unitRate } from '../../core/money.ts';
import type { Order, OrderLine } from '../../core/order.ts';
import type { DocumentKind, DocumentLine } from '../../erp/erp.ts';
import { fromDocument, fromRule, type Origin, traced } from '../../mapping/mapping.ts';
import type { Keep, OrderContext } from './document-context.ts';
import { type ResolvedLine, specialItem } from './document-items.ts';
import { numbersOf } from './document-numbers.ts';
import { bookTax } from './document-taxes.ts';
import type { MarketplaceSettings, OrdersSettings } from './settings.ts';

export interface LineBuilding {
  readonly context: OrderContext;
  readonly market: MarketplaceSettings;
  readonly resolved: readonly ResolvedLine[];
  readonly kind: DocumentKind;
  readonly lineDefaults: {
    readonly locationId?: string;
    readonly departmentId?: string;
    readonly classId?: string;
  };
  readonly keep: Keep;
  readonly remarks: string[];
}

/** Lines that the buyer still gets: a cancelled line counts only where the marketplace still charges for it. */
export function countedLines(order: Order): Order {
  if (order.status === 'cancelled') return order;
  const lines = order.lines.filter(
    (line) => !line.cancelled || (line.total !== undefined && !isZero(line.total)),
  );
  return lines.length === order.lines.length || lines.length === 0 ? order : { ...order, lines };
}

export interface Charge {
  readonly key: string;
  readonly role: DocumentLine['role'];
  readonly setting: keyof OrdersSettings['items'];
  readonly amount: Money;
  readonly description: string;
  readonly words: string;
}

/** Item, its discount below it, gift wrap, shipping with its discount, other charges, tax: the order of features.md §4.1. */
export function buildLines(order: Order, building: LineBuilding) {
  const { context, resolved, lineDefaults, keep } = building;
  const lines: DocumentLine[] = [];
  const put = (line: DocumentLine, origin: Origin, words: string) => {
    const path = `lines[${lines.length}]`;
    keep(`${path}.itemId`, traced(line.itemId, origin));
    keep(
      `${path}.quantity`,
      fromDocument(
        line.quantity,
        line.role === 'item' ? 'Quantity ordered × units per SKU' : 'One line for the charge',
      ),
    );
    keep(`${path}.amount`, fromDocument(line.amount, words));
    keep(`${path}.rate`, fromRule(line.rate, 'Amount ÷ quantity; the amount decides'));
    lines.push(line);
  };
  const charge = ({ key, role, setting, amount, description, words }: Charge) => {
    if (isZero(amount)) return;
    const item = specialItem(setting, context);
    put(
      {
        key,
        role,
        itemId: item.id,
        quantity: 1,
        rate: formatMoney(amount),
        amount,
        description,
        ...lineDefaults,
        custom: { lineId: key },
      },
      {
        kind: 'setting',
        words: `Setting “items.${setting}”: ${item.name}`,
        place: `setting:items.${setting}`,
      },
      words,
    );
  };
  const sumOf = (pick: (line: OrderLine) => Money) => total(order.lines.map(pick), order.currency);
  order.lines.forEach((line, index) => {
    const { item, units, origin } = resolved[index]!;
    const quantity = line.quantity * units;
    if (quantity > 0)
      put(
        {
          key: line.id,
          role: 'item',
          itemId: item.id,
          quantity,
          rate: unitRate(line.price, quantity),
          amount: line.price,
          ...(line.title === undefined ? {} : { description: clip(line.title, 999) }),
          ...lineDefaults,
          ...numbersOf(building, index, quantity),
          custom: itemFields(line),
        },
        origin,
        `Price of all units of order item ${line.id} before discounts`,
      );
    const promotions = line.promotionIds.join(', ');
    if (context.settings.discounts === 'per-line')
      charge({
        key: `${line.id}:discount`,
        role: 'discount',
        setting: 'discount',
        amount: line.discount,
        description: promotions || 'Discount',
        words: `Discount on order item ${line.id}`,
      });
    charge({
      key: `${line.id}:gift-wrap`,
      role: 'gift-wrap',
      setting: 'giftWrap',
      amount: line.giftWrap,
      description: line.giftWrapLevel ?? 'Gift wrap',
      words: `Gift wrap of order item ${line.id}`,
    });
  });
  if (context.settings.discounts === 'per-order')
    charge({
      key: 'order:discount',
      role: 'discount',
      setting: 'discount',
      amount: sumOf((line) => line.discount),
      description: [...new Set(order.lines.flatMap((line) => line.promotionIds))].join(', ') || 'Discount',
      words: 'All discounts of the order',
    });
  charge({
    key: 'order:shipping',
    role: 'shipping',
    setting: 'shipping',
    amount: sumOf((line) => line.shipping),
    description: order.shipService ?? 'Shipping',
    words: 'Shipping charges of all order items',
  });
  charge({
    key: 'order:shipping-discount',
    role: 'shipping-discount',
    setting: 'shippingDiscount',
    amount: sumOf((line) => line.shippingDiscount),
    description: 'Shipping discount',
    words: 'Shipping discounts of all order items',
  });
  charge({
    key: 'order:other',
    role: 'other-charge',
    setting: 'otherCharge',
    amount: sumOf((line) => line.otherCharges),
    description: 'Other charges',
    words: 'Other charges of all order items',
  });
  return { lines, ...bookTax(order, building, charge) };
}

function itemFields(line: OrderLine): Record<string, string> {
  return {
    lineId: line.id,
    ...(line.promotionIds.length > 0 ? { promotion: clip(line.promotionIds.join(', '), 300) } : {}),
    ...(line.giftMessage ? { giftMessage: clip(line.giftMessage, 999) } : {}),
    ...(line.giftWrapLevel ? { giftWrapLevel: clip(line.giftWrapLevel, 300) } : {}),
  };
}

/** NetSuite's own field lengths; cut by code points so that no character is halved. */
function clip(text: string, lengthMax: number): string {
  const points = [...text];
  return points.length <= lengthMax ? text : points.slice(0, lengthMax).join('');
}
