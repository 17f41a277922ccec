// How do an order's amounts at the marketplace become the lines of its document? Side by side under the document's own
// keys, so that each cent can be followed; pure.
import { formatMoney, isZero, type Money, total } from '../core/money.ts';
import type { Order, OrderLine } from '../core/order.ts';
import type { DocumentLine } from '../erp/erp.ts';
import type { orderToDocument } from '../flows/orders/order-to-document.ts';

type MappedOrder = ReturnType<typeof orderToDocument>;

export interface AmountLine {
  readonly key: string;
  readonly role: DocumentLine['role'] | 'kept-tax';
  readonly sku: string | null;
  readonly label: string | null;
  readonly quantity: number | null;
  readonly channel: string | null;
  readonly document: string | null;
}

export interface Amounts {
  readonly currency: string;
  readonly lines: readonly AmountLine[];
  readonly channelTotal: string | null;
  readonly keptTax: string;
  readonly documentTotal: string | null;
  readonly difference: string | null;
}

interface Part {
  readonly key: string;
  readonly role: AmountLine['role'];
  readonly line?: OrderLine;
  readonly amount: Money;
}

/** `mapped` is absent when the order could not be mapped: then only the marketplace's side is known. */
export function amountsOf(order: Order, mapped: MappedOrder | undefined): Amounts {
  const lines = new Map((mapped?.draft.lines ?? []).map((line) => [line.key, line]));
  const override = new Map(
    (mapped?.draft.taxOverride ?? []).map((tax) => [`${tax.lineKey}:tax`, tax.amount]),
  );
  const kept = mapped ? mapped.arithmetic.marketplaceTax : '0';
  const rows = partsOf(order, lines).map(({ key, role, line, amount }): AmountLine => {
    const written = lines.get(key)?.amount ?? override.get(key);
    return {
      key,
      // A tax that has no line in a mapped document is the marketplace's own affair.
      role: role === 'tax' && mapped && written === undefined ? 'kept-tax' : role,
      sku: line?.sku ?? null,
      label: line?.title ?? null,
      quantity: role === 'item' ? (line?.quantity ?? null) : null,
      channel: formatMoney(amount),
      document: written === undefined ? null : formatMoney(written),
    };
  });
  return {
    currency: order.currency,
    lines: rows,
    channelTotal: saidTotal(order),
    keptTax: kept,
    documentTotal: mapped ? mapped.arithmetic.sum : null,
    difference: mapped ? mapped.arithmetic.difference : null,
  };
}

/** The parts of an order under the keys that its document's lines have; charges of the whole order are summed as there. */
function partsOf(order: Order, lines: ReadonlyMap<string, unknown>): readonly Part[] {
  const parts: Part[] = [];
  const put = (part: Part) => {
    if (part.role === 'item' || !isZero(part.amount)) parts.push(part);
  };
  const sum = (pick: (line: OrderLine) => Money) => total(order.lines.map(pick), order.currency);
  const discountsTogether = lines.has('order:discount');
  for (const line of order.lines) {
    put({ key: line.id, role: 'item', line, amount: line.price });
    if (!discountsTogether)
      put({ key: `${line.id}:discount`, role: 'discount', line, amount: line.discount });
    put({ key: `${line.id}:gift-wrap`, role: 'gift-wrap', line, amount: line.giftWrap });
    if (!line.taxIncluded) put({ key: `${line.id}:tax`, role: 'tax', line, amount: line.tax });
  }
  if (discountsTogether)
    put({ key: 'order:discount', role: 'discount', amount: sum((line) => line.discount) });
  put({ key: 'order:shipping', role: 'shipping', amount: sum((line) => line.shipping) });
  put({
    key: 'order:shipping-discount',
    role: 'shipping-discount',
    amount: sum((line) => line.shippingDiscount),
  });
  put({ key: 'order:other', role: 'other-charge', amount: sum((line) => line.otherCharges) });
  return parts;
}

function saidTotal(order: Order): string | null {
  if (order.total) return formatMoney(order.total);
  const totals = order.lines.map((line) => line.total);
  return totals.length > 0 && totals.every((one) => one !== undefined)
    ? formatMoney(total(totals as Money[], order.currency))
    : null;
}
