// How does a marketplace order become a sales document? Pure: same order, same context, same document; every value with
// its origin, and a proof that the lines add up to the marketplace's total. Next: erp/netsuite/documents.ts.
import { RecordError } from '../../core/errors.ts';
import {
  add,
  formatMoney,
  isZero,
  type Money,
  sameMoney,
  subtract,
  total,
  unitRate,
  zero,
} from '../../core/money.ts';
import type { Order, OrderLine } from '../../core/order.ts';
import type { DocumentDraft, DocumentKind, DocumentLine, ErpItem } from '../../erp/erp.ts';
import {
  fieldValue,
  fromDocument,
  fromRule,
  fromSetting,
  type Lookups,
  lookUp,
  type Origin,
  type Override,
  type Traced,
  traced,
} from '../../mapping/mapping.ts';
import type { MarketplaceSettings, OrdersSettings } from './settings.ts';

/** What the account and the owner know, beside the order itself. */
export interface OrderContext {
  readonly settings: OrdersSettings;
  readonly lookups: Lookups;
  readonly overrides: readonly Override[];
  /** Items by the name a line or setting asks for. */
  readonly items: ReadonlyMap<string, ErpItem>;
  /** The customer of each marketplace, made sure of before. */
  readonly customerId: string;
  /** IANA zone of the company; days are counted in it. */
  readonly timeZone: string;
  readonly suiteTax: boolean;
  readonly accountId: string;
  readonly now: Date;
}

export interface MappedOrder {
  readonly draft: DocumentDraft;
  /** Draft path (`locationId`, `lines[0].rate`) → origin. */
  readonly origins: Readonly<Record<string, Origin>>;
  readonly arithmetic: Arithmetic;
  /** Why the document is of another kind than the settings say, and similar, in sentences. */
  readonly remarks: readonly string[];
}

export interface Arithmetic {
  readonly currency: string;
  readonly lines: readonly { readonly label: string; readonly amount: string }[];
  readonly sum: string;
  readonly marketplaceTotal: string;
  readonly marketplaceTax: string;
  readonly difference: string;
}

/** The fields an owner may override, with the built-in rule in words. The console and the API list them. */
export const overridableFields: Readonly<Record<string, string>> = {
  customerId: 'The customer of the marketplace, or the one Crossdock created for it.',
  locationId: 'The location of the marketplace settings, by who ships.',
  departmentId: 'The department of the marketplace settings.',
  classId: 'The class of the marketplace settings.',
  salesChannelId: 'The sales channel of the marketplace settings.',
  shipMethodId: 'The row of the lookup “ship-method” for the service level.',
  reference: 'The marketplace’s order id.',
  memo: 'The marketplace’s name and who ships.',
  paymentMethodId: 'The payment method of the settings (cash sales).',
};

/** The deterministic external id of an order’s document; the same whatever the settings become later. */
export function externalIdOf(order: { readonly channel: string; readonly id: string }): string {
  return `XD-${order.channel.toUpperCase()}-${order.id}`;
}

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

/** Maps an order, or throws RecordError saying what a person must do first. */
export function orderToDocument(order: Order, context: OrderContext): MappedOrder {
  const market = context.settings.marketplaces[order.marketplace.id];
  if (market === undefined)
    throw new RecordError(
      'MARKETPLACE_OFF',
      `The marketplace ${order.marketplace.name} is not set up in this flow.`,
      {
        field: 'marketplaces',
        nextSteps: [
          `Add ${order.marketplace.name} under Flows → Orders → Marketplaces, or ignore its orders.`,
        ],
        facts: { marketplace: order.marketplace.id },
      },
    );
  assertLinesAddUp(order);
  const origins: Record<string, Origin> = {};
  const remarks: string[] = [];
  const keep = <Value>(path: string, { value, origin }: Traced<Value>): Value => {
    if (value !== undefined) origins[path] = origin;
    return value;
  };
  const field = (name: string, rule: () => Traced<string | undefined>) =>
    keep(
      name,
      fieldValue(name, rule, {
        overrides: context.overrides,
        lookups: context.lookups,
        facts: { order: expressionFacts(order), market },
      }),
    );

  const resolved = order.lines.map((line) => resolveItem(line, order, context));
  const kind = keep('kind', kindOf(order, resolved, context.settings, remarks));
  const locationId = field('locationId', () =>
    order.fulfilledBy === 'marketplace'
      ? fromSetting(
          market.marketplaceLocationId,
          `marketplaces.${order.marketplace.id}.marketplaceLocationId`,
        )
      : fromSetting(market.locationId, `marketplaces.${order.marketplace.id}.locationId`),
  );
  const departmentId = field('departmentId', () =>
    fromSetting(market.departmentId, `marketplaces.${order.marketplace.id}.departmentId`),
  );
  const classId = field('classId', () =>
    fromSetting(market.classId, `marketplaces.${order.marketplace.id}.classId`),
  );
  const lineDefaults = {
    ...(locationId && { locationId }),
    ...(departmentId && { departmentId }),
    ...(classId && { classId }),
  };
  const { lines, droppedTax, taxOverride } = buildLines(order, {
    context,
    market,
    resolved,
    lineDefaults,
    keep,
  });
  const arithmetic = proveTotal(order, lines, taxOverride, droppedTax);

  const optional = (name: string, value: string | undefined) =>
    value === undefined ? {} : { [name]: value };
  const draft: DocumentDraft = {
    kind,
    externalId: keep(
      'externalId',
      fromRule(externalIdOf(order), 'Made from the channel and the order id, the same for ever'),
    ),
    channelOrderId: order.id,
    customerId:
      field('customerId', () =>
        fromSetting(context.customerId, `marketplaces.${order.marketplace.id}.customerId`),
      ) ?? context.customerId,
    date: keep('date', dateOf(order, kind, market, context)),
    currency: keep('currency', fromDocument(order.currency, 'Currency of the order')),
    reference: field('reference', () => fromDocument(order.id, 'Order id at the marketplace')) ?? order.id,
    lines,
    custom: keep(
      'custom',
      fromRule(customFields(order, context, droppedTax), 'Facts of the order kept on the document'),
    ),
    ...optional(
      'subsidiaryId',
      keep(
        'subsidiaryId',
        fromSetting(market.subsidiaryId, `marketplaces.${order.marketplace.id}.subsidiaryId`),
      ),
    ),
    ...optional('locationId', locationId),
    ...optional('departmentId', departmentId),
    ...optional('classId', classId),
    ...optional(
      'salesChannelId',
      field('salesChannelId', () =>
        fromSetting(market.salesChannelId, `marketplaces.${order.marketplace.id}.salesChannelId`),
      ),
    ),
    ...optional(
      'memo',
      field('memo', () =>
        fromRule(
          `${order.marketplace.name} ${order.fulfilledBy === 'merchant' ? 'MFN' : 'FBA'}`,
          'Marketplace and who ships',
        ),
      ),
    ),
    ...(order.shipTo
      ? { shipTo: keep('shipTo', fromDocument(order.shipTo, 'Delivery address of the order')) }
      : {}),
    ...(kind === 'sales-order'
      ? salesOrderFields(order, { context, keep, field })
      : cashFields(kind, { context, keep, field })),
    ...(taxOverride.length > 0
      ? {
          taxOverride: keep(
            'taxOverride',
            fromDocument(taxOverride, 'Tax amounts of the order (tax mode C)'),
          ),
        }
      : {}),
  };
  return { draft, origins, arithmetic, remarks };
}

type Keep = <Value>(path: string, traced: Traced<Value>) => Value;
type Field = (name: string, rule: () => Traced<string | undefined>) => string | undefined;

function salesOrderFields(
  order: Order,
  { context, keep, field }: { context: OrderContext; keep: Keep; field: Field },
) {
  const shipMethodId = field('shipMethodId', () => shipMethodOf(order, context));
  const latest = order.shipBy?.latest;
  return {
    orderStatus: keep(
      'orderStatus',
      fromSetting(
        context.settings.merchantStatus === 'pending-approval' ? ('A' as const) : ('B' as const),
        'merchantStatus',
      ),
    ),
    ...(shipMethodId === undefined ? {} : { shipMethodId }),
    ...(latest === undefined
      ? {}
      : {
          shipDate: keep(
            'shipDate',
            fromDocument(dayIn(latest, context.timeZone), 'Latest ship date promised to the buyer'),
          ),
        }),
  };
}

function cashFields(
  kind: DocumentKind,
  { context, keep, field }: { context: OrderContext; keep: Keep; field: Field },
) {
  if (kind !== 'cash-sale') return {};
  const { depositAccountId, paymentMethodId } = context.settings;
  const method = field('paymentMethodId', () => fromSetting(paymentMethodId, 'paymentMethodId'));
  return {
    ...(method === undefined ? {} : { paymentMethodId: method }),
    ...(depositAccountId === undefined
      ? {}
      : { depositAccountId: keep('depositAccountId', fromSetting(depositAccountId, 'depositAccountId')) }),
  };
}

/** Which record, and why: merchant orders are sales orders; others as set, unless an item forbids it (features.md §4.1). */
function kindOf(
  order: Order,
  resolved: readonly ResolvedLine[],
  settings: OrdersSettings,
  remarks: string[],
): Traced<DocumentKind> {
  if (order.fulfilledBy === 'merchant')
    return fromRule('sales-order' as const, 'Orders the merchant ships become sales orders');
  const tracked = resolved.find(({ item }) => item.lotTracked || item.serialTracked);
  if (tracked && settings.marketplaceRecord !== 'sales-order') {
    remarks.push(
      `Booked as a sales order, since ${tracked.item.name} is lot- or serial-tracked and its numbers are chosen when it is fulfilled.`,
    );
    return fromRule(
      'sales-order' as const,
      'Lot- and serial-tracked items need their numbers chosen at fulfilment',
    );
  }
  return fromSetting(settings.marketplaceRecord, 'marketplaceRecord');
}

/** Sales orders are dated by purchase, sales the marketplace shipped by shipment: revenue falls in the month it shipped. */
function dateOf(
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

function shipMethodOf(order: Order, context: OrderContext): Traced<string | undefined> {
  const service = order.shipService ?? 'STANDARD';
  const row = lookUp(context.lookups, 'ship-method', service);
  if (row) return traced(row.value.value, row.origin);
  if (context.settings.shipMethodMissing === 'park')
    throw new RecordError('SHIP_METHOD_UNMAPPED', `The service level ${service} has no ship method.`, {
      field: 'shipMethodId',
      nextSteps: [
        `Add a row for “${service}” under Lookups → ship-method.`,
        'Or let orders pass without a ship method (setting shipMethodMissing).',
      ],
      facts: { lookup: 'ship-method', key: service, cause: service },
    });
  return fromSetting(undefined, 'shipMethodMissing');
}

interface ResolvedLine {
  readonly item: ErpItem;
  readonly units: number;
  readonly origin: Origin;
}

function aliasOf(sku: string, lookups: Lookups) {
  // A `*` row would sell one item for every SKU: aliases match exactly.
  return lookups.get('item-alias')?.has(sku) ? lookUp(lookups, 'item-alias', sku) : undefined;
}

function resolveItem(
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

function specialItem(role: keyof OrdersSettings['items'], { settings, items }: OrderContext): ErpItem {
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

interface LineBuilding {
  readonly context: OrderContext;
  readonly market: MarketplaceSettings;
  readonly resolved: readonly ResolvedLine[];
  readonly lineDefaults: {
    readonly locationId?: string;
    readonly departmentId?: string;
    readonly classId?: string;
  };
  readonly keep: Keep;
}

interface Charge {
  readonly key: string;
  readonly role: DocumentLine['role'];
  readonly setting: keyof OrdersSettings['items'];
  readonly amount: Money;
  readonly description: string;
  readonly words: string;
}

/** Item, its discount below it, gift wrap, shipping with its discount, other charges, tax: the order of features.md §4.1. */
function buildLines(order: Order, building: LineBuilding) {
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

/**
 * Tax. Included tax is inside the amounts already. Tax on top: remitted by the marketplace → off the document (A), a line
 * (B) or zero (C); owed by the seller → a line (A, B) or an override of SuiteTax (C). Never a list of states (features.md #15).
 */
function bookTax(order: Order, { context, market }: LineBuilding, charge: (charge: Charge) => void) {
  let droppedTax = zero(order.currency);
  const taxOverride: {
    lineKey: string;
    amount: Money;
    taxCodeId: string;
    taxTypeId: string;
    rate: string;
  }[] = [];
  for (const line of order.lines) {
    if (isZero(line.tax) || line.taxIncluded) continue;
    const remitted = line.taxRemittedByMarketplace || (order.source === 'report' && market.reportTaxRemitted);
    if (remitted && market.taxMode !== 'tax-line') droppedTax = add(droppedTax, line.tax);
    else if (market.taxMode === 'suitetax-override') {
      if (!context.suiteTax || !market.taxCodeId || !market.taxTypeId)
        throw new RecordError(
          'TAX_SETUP_INCOMPLETE',
          'Tax mode C needs SuiteTax, a tax code and a tax type.',
          {
            field: `marketplaces.${order.marketplace.id}.taxCodeId`,
            nextSteps: [
              'Choose tax code and tax type for the marketplace under Flows → Orders.',
              'Or choose tax mode B, which books tax as a line.',
            ],
            facts: { marketplace: order.marketplace.id, suiteTax: context.suiteTax },
          },
        );
      const basis = add(line.price, line.discount);
      const rate = isZero(basis) ? '0' : ((Number(line.tax.minor) / Number(basis.minor)) * 100).toFixed(4);
      taxOverride.push({
        lineKey: line.id,
        amount: line.tax,
        taxCodeId: market.taxCodeId,
        taxTypeId: market.taxTypeId,
        rate,
      });
    } else
      charge({
        key: `${line.id}:tax`,
        role: 'tax',
        setting: 'tax',
        amount: line.tax,
        description: remitted ? 'Tax remitted by the marketplace' : 'Tax owed by the seller',
        words: `Tax of order item ${line.id}`,
      });
  }
  return { droppedTax, taxOverride };
}

function itemFields(line: OrderLine): Record<string, string> {
  return {
    lineId: line.id,
    ...(line.promotionIds.length > 0 ? { promotion: clip(line.promotionIds.join(', '), 300) } : {}),
    ...(line.giftMessage ? { giftMessage: clip(line.giftMessage, 999) } : {}),
  };
}

function customFields(order: Order, { accountId }: OrderContext, droppedTax: Money): Record<string, string> {
  return {
    channel: order.channel,
    account: accountId,
    orderId: order.id,
    marketplace: order.marketplace.id,
    fulfillment: order.sellerFulfilledPrime ? 'SFP' : order.fulfilledBy === 'merchant' ? 'MFN' : 'FBA',
    ...(isZero(droppedTax) ? {} : { taxTotal: formatMoney(droppedTax) }),
    ...(order.shipBy?.latest ? { shipBy: order.shipBy.latest.toISOString() } : {}),
  };
}

/** Each line's parts must make the line total the marketplace gives; else nothing about the order can be trusted. */
function assertLinesAddUp(order: Order): void {
  for (const line of order.lines) {
    if (line.total === undefined) continue;
    const parts = [
      line.price,
      line.discount,
      line.shipping,
      line.shippingDiscount,
      line.giftWrap,
      line.otherCharges,
    ];
    const sum = total(line.taxIncluded ? parts : [...parts, line.tax], order.currency);
    if (sameMoney(sum, line.total)) continue;
    throw new RecordError(
      'LINE_TOTALS_DIFFER',
      `The parts of order item ${line.id} make ${formatMoney(sum)} ${order.currency}, but the marketplace says ${formatMoney(line.total)}.`,
      {
        field: 'proceeds',
        nextSteps: [
          'Compare the parts in the document; fetch the order again if the marketplace has corrected it.',
          'Or import a corrected document from a file.',
        ],
        facts: {
          line: line.id,
          parts: parts.map(formatMoney).join(' + '),
          tax: formatMoney(line.tax),
          cause: 'line-totals',
        },
      },
    );
  }
}

/** The document must make the marketplace's total to the cent, less what the marketplace keeps for itself. */
function proveTotal(
  order: Order,
  lines: readonly DocumentLine[],
  taxOverride: readonly { amount: Money }[],
  droppedTax: Money,
): Arithmetic {
  const sum = total(
    [...lines.map((line) => line.amount), ...taxOverride.map((tax) => tax.amount)],
    order.currency,
  );
  const lineTotals = order.lines.map((line) => line.total);
  const said =
    order.total ??
    (lineTotals.every((one) => one !== undefined) ? total(lineTotals as Money[], order.currency) : undefined);
  if (said === undefined)
    throw new RecordError(
      'TOTAL_MISSING',
      'The marketplace gives no total for this order yet, so nothing can be proved.',
      {
        field: 'proceeds',
        nextSteps: ['Fetch the order again; totals appear once it is released.'],
        facts: { cause: 'total-missing' },
      },
    );
  const expected = subtract(said, droppedTax);
  const difference = subtract(sum, expected);
  const arithmetic: Arithmetic = {
    currency: order.currency,
    lines: [
      ...lines.map((line) => ({ label: line.key, amount: formatMoney(line.amount) })),
      ...taxOverride.map((tax) => ({ label: 'tax', amount: formatMoney(tax.amount) })),
    ],
    sum: formatMoney(sum),
    marketplaceTotal: formatMoney(said),
    marketplaceTax: formatMoney(droppedTax),
    difference: formatMoney(difference),
  };
  if (isZero(difference)) return arithmetic;
  throw new RecordError(
    'TOTALS_DIFFER',
    `The lines make ${arithmetic.sum} ${order.currency}, but the marketplace's total${isZero(droppedTax) ? '' : ' less the tax it remits'} is ${formatMoney(expected)}: a difference of ${arithmetic.difference}.`,
    {
      field: 'total',
      nextSteps: [
        'Look at the arithmetic on this page: one of the amounts is not where it should be.',
        'Fetch the order again, or import a corrected document from a file.',
      ],
      facts: { arithmetic, cause: 'totals-differ' },
    },
  );
}

/** What an owner's expression may read; money as decimal text, buyer data not at all. */
export function expressionFacts(order: Order): Record<string, unknown> {
  return {
    id: order.id,
    channel: order.channel,
    marketplace: order.marketplace.id,
    marketplaceName: order.marketplace.name,
    status: order.status,
    fulfilledBy: order.fulfilledBy,
    prime: order.programs.includes('PRIME'),
    sellerFulfilledPrime: order.sellerFulfilledPrime,
    business: order.business,
    replacement: order.replaces !== undefined,
    programs: [...order.programs],
    currency: order.currency,
    total: order.total ? formatMoney(order.total) : '',
    shipService: order.shipService ?? '',
    purchaseOrderNumber: order.purchaseOrderNumber ?? '',
    shipTo: {
      state: order.shipTo?.state ?? '',
      country: order.shipTo?.country ?? '',
      city: order.shipTo?.city ?? '',
    },
    lines: order.lines.map((line) => ({
      sku: line.sku,
      quantity: line.quantity,
      price: formatMoney(line.price),
    })),
  };
}

/** NetSuite's own field lengths; cut by code points so that no character is halved. */
function clip(text: string, lengthMax: number): string {
  const points = [...text];
  return points.length <= lengthMax ? text : points.slice(0, lengthMax).join('');
}
