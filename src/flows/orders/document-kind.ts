// Which record does an order become, and of which day? features.md §4.1. Pure.
import type { Order } from '../../core/order.ts';
import type { DocumentKind } from '../../erp/erp.ts';
import { fromDocument, fromRule, fromSetting, type Traced } from '../../mapping/mapping.ts';
import type { OrderContext } from './document-context.ts';
import type { ResolvedLine } from './document-items.ts';
import type { MarketplaceSettings, OrdersSettings } from './settings.ts';

/** Which record, and why: merchant orders are sales orders; others as set, unless an item forbids it (features.md §4.1). */
export function kindOf(
  order: Order,
  resolved: readonly ResolvedLine[],
  settings: OrdersSettings,
  remarks: string[],
): Traced<DocumentKind> {
  if (order.fulfilledBy === 'merchant')
    return fromRule('sales-order' as const, 'Orders the merchant ships become sales orders');
  if (settings.marketplaceRecord === 'sales-order')
    return fromSetting(settings.marketplaceRecord, 'marketplaceRecord');
  const numbered = resolved.find(({ item }) => item.lotTracked || item.serialTracked);
  if (numbered && settings.numbers === 'sales-order')
    return instead(
      `${numbered.item.name} is lot- or serial-tracked and its numbers are chosen when it is fulfilled`,
      remarks,
    );
  // NetSuite takes no numbers or bins for the members of a kit on a sale, only on its fulfilment (features.md #24).
  const kit = resolved.find(({ item }) => item.kind === 'kit' && (item.trackedMembers ?? []).length > 0);
  if (kit)
    return instead(
      `the kit ${kit.item.name} holds ${kit.item.trackedMembers!.join(', ')}, whose lots, serials or bins are chosen when it is fulfilled`,
      remarks,
    );
  return fromSetting(settings.marketplaceRecord, 'marketplaceRecord');
}

function instead(why: string, remarks: string[]): Traced<DocumentKind> {
  remarks.push(`Booked as a sales order, since ${why}.`);
  return fromRule('sales-order' as const, `A sales order instead of the usual record: ${why}`);
}

/** Sales orders are dated by purchase, sales the marketplace shipped by shipment: revenue falls in the month it shipped. */
export function dateOf(
  order: Order,
  kind: DocumentKind,
  market: MarketplaceSettings,
  context: OrderContext,
): Traced<string> {
  const zone = market.timeZone ?? context.timeZone;
  if (kind === 'sales-order')
    return context.settings.merchantDate === 'imported'
      ? fromSetting(dayIn(context.now, zone), 'merchantDate')
      : fromDocument(dayIn(order.placedAt, zone), `Purchase moment as a day in ${zone}`);
  const shippedAt = order.packages
    .map((parcel) => parcel.shippedAt?.getTime() ?? 0)
    .reduce((a, b) => Math.max(a, b), 0);
  return shippedAt > 0
    ? fromDocument(dayIn(new Date(shippedAt), zone), `Moment of shipment as a day in ${zone}`)
    : fromDocument(
        dayIn(order.updatedAt, zone),
        `Moment the order was last updated (its shipment) as a day in ${zone}`,
      );
}

const dayFormats = new Map<string, Intl.DateTimeFormat>();

/** The calendar day `YYYY-MM-DD` of a moment in a zone. */
export function dayIn(moment: Date, timeZone: string): string {
  let format = dayFormats.get(timeZone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-CA', {
      timeZone,
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
    });
    dayFormats.set(timeZone, format);
  }
  return format.format(moment);
}
