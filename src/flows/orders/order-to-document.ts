// How does a marketplace order become a sales document? Pure: same order, same context, same document; every value with
// its origin, and a proof that the lines add up to the marketplace's total. Next: erp/netsuite/documents.ts.
import { RecordError } from '../../core/errors.ts';
import type { Order } from '../../core/order.ts';
import type { DocumentDraft, DocumentKind } from '../../erp/erp.ts';
import {
  fieldValue,
  fromDocument,
  fromRule,
  fromSetting,
  lookUp,
  type Origin,
  type Traced,
  traced,
} from '../../mapping/mapping.ts';
import type { Field, Keep, MappedOrder, OrderContext } from './document-context.ts';
import { customFields, expressionFacts } from './document-facts.ts';
import { resolveItem } from './document-items.ts';
import { dateOf, dayIn, kindOf } from './document-kind.ts';
import { buildLines, countedLines } from './document-lines.ts';
import { assertLinesAddUp, proveTotal } from './document-total.ts';
import { ownBodyFields, withOwnLineFields } from './own-fields.ts';

/** The deterministic external id of an order’s document; the same whatever the settings become later. */
export function externalIdOf(order: { readonly channel: string; readonly id: string }): string {
  return `XD-${order.channel.toUpperCase()}-${order.id}`;
}

/** Maps an order, or throws RecordError saying what a person must do first. */
export function orderToDocument(given: Order, context: OrderContext): MappedOrder {
  const order = countedLines(given);
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
  const facts = () => ({ order: expressionFacts(order), market });
  const field = (name: string, rule: () => Traced<string | undefined>) =>
    keep(
      name,
      fieldValue(name, rule, {
        overrides: context.overrides,
        lookups: context.lookups,
        facts,
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
  const {
    lines: plainLines,
    droppedTax,
    taxOverride,
  } = buildLines(order, {
    context,
    market,
    resolved,
    kind,
    lineDefaults,
    keep,
    remarks,
  });
  const arithmetic = proveTotal(order, plainLines, taxOverride, droppedTax);
  const skuOf = (key: string) => order.lines.find((line) => line.id === key)?.sku ?? '';
  const lines = withOwnLineFields(plainLines, skuOf, context, { facts, keep });

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
    reference: field('reference', () => referenceOf(order, context)) ?? order.id,
    lines,
    custom: {
      ...keep(
        'custom',
        fromRule(customFields(order, context, droppedTax), 'Facts of the order kept on the document'),
      ),
      ...ownBodyFields(context, facts, keep),
    },
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

/** The purchase order number is the business buyer's own; the order id stays findable by its custom field. */
function referenceOf(order: Order, { settings }: OrderContext): Traced<string> {
  return settings.reference === 'purchase-order' && order.purchaseOrderNumber
    ? fromDocument(order.purchaseOrderNumber, 'Purchase order number of the business buyer')
    : fromDocument(order.id, 'Order id at the marketplace');
}

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
        context.settings.merchantStatus === 'pending-approval' && order.fulfilledBy === 'merchant'
          ? ('A' as const)
          : ('B' as const),
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
