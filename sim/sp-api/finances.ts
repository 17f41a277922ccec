// What does Finances 2024-06-19 tell before a settlement closes? Every event with its status (deferred, released) and a tree
// of its parts. Events of orders may appear up to 48 hours late, as documented.
import { createHash } from 'node:crypto';
import { dayMs } from '../clock.ts';
import { type Call, json, type Route } from '../http.ts';
import { apiError } from './errors.ts';
import type { Json } from './generate.ts';
import type { Money, MoneyEvent, MoneyRow } from './money.ts';
import type { AmazonContext } from './server.ts';
import { readSettlement } from './settlements.ts';

const pageSize = 100;
const freshMs = 2 * 60_000;

export function financeRoutes(context: AmazonContext): Route[] {
  const { money, world, guarded } = context;
  return [
    {
      operation: 'finances.listTransactions',
      method: 'GET',
      path: '/finances/2024-06-19/transactions',
      handle: guarded('listTransactions', (call) => listTransactions(money, call, world.clock.now())),
    },
    {
      operation: 'finances.listSummary',
      method: 'GET',
      path: '/finances/2024-06-19/summary',
      handle: guarded('listSummary', (call) => {
        money.advance();
        const id = call.query.get('relatedIdentifierValue');
        if (call.query.get('relatedIdentifierName') !== 'SETTLEMENT_ID' || !id)
          return apiError(400, 'InvalidInput', 'relatedIdentifierName must be SETTLEMENT_ID.');
        const settlement = readSettlement(money, id);
        return json(200, {
          summaries: settlement
            ? [
                {
                  partnerMetadata: { partnerId: world.shop.sellerId, marketplaceId: settlement.market },
                  netProceeds: amountOf(settlement.total, settlement.currency),
                  relatedIdentifiers: [related('SETTLEMENT_ID', settlement.id)],
                  periodStart: iso(settlement.startsMs),
                  periodEnd: iso(settlement.endsMs),
                },
              ]
            : [],
        });
      }),
    },
  ];
}

const iso = (ms: number) => new Date(ms).toISOString();
const related = (name: string, value: string) => ({
  relatedIdentifierName: name,
  relatedIdentifierValue: value,
});
const amountOf = (minor: number, currencyCode: string) => ({ currencyCode, currencyAmount: minor / 100 });
const digest = (text: string) => createHash('sha256').update(text).digest();

/** How late an event shows: most at once, some up to two days after they were posted. */
export function visibleMs(event: Pick<MoneyEvent, 'key' | 'type' | 'postedMs'>): number {
  const drawn = digest(event.key).readUInt32BE(0) / 2 ** 32;
  return event.postedMs + (event.type === 'Order' && drawn > 0.8 ? (drawn - 0.8) * 5 * 2 * dayMs : 0);
}

function listTransactions(money: Money, call: Call, now: number) {
  money.advance();
  const { query } = call;
  const refuse = (message: string) => apiError(400, 'InvalidInput', message);
  const [name, value] = [query.get('relatedIdentifierName'), query.get('relatedIdentifierValue')];
  const status = query.get('transactionStatus');
  if (name !== null && !['ORDER_ID', 'FINANCIAL_EVENT_GROUP_ID'].includes(name))
    return refuse('relatedIdentifierName must be ORDER_ID or FINANCIAL_EVENT_GROUP_ID.');
  if ((name === null) !== (value === null))
    return refuse('relatedIdentifierName and relatedIdentifierValue belong together.');
  if (status !== null && !['DEFERRED', 'RELEASED', 'DEFERRED_RELEASED'].includes(status))
    return refuse('transactionStatus must be DEFERRED, RELEASED or DEFERRED_RELEASED.');
  const after = query.get('postedAfter');
  if (after === null && name === null) return refuse('postedAfter is required.');
  const from = after === null ? 0 : Date.parse(after);
  const until = query.has('postedBefore') ? Date.parse(query.get('postedBefore')!) : now - freshMs;
  if (Number.isNaN(from) || Number.isNaN(until)) return refuse('Dates must be in ISO 8601 format.');
  if (after !== null && from > now - freshMs) return refuse('postedAfter must be more than two minutes ago.');
  if (until > now - freshMs + 1_000) return refuse('postedBefore must be more than two minutes ago.');
  if (query.has('postedBefore') && until <= from)
    return refuse('postedBefore must be later than postedAfter.');
  const filter = [...query]
    .filter(([key]) => key !== 'nextToken')
    .sort()
    .join('&');
  const mark = digest(filter).toString('hex').slice(0, 16);
  let offset = 0;
  const token = query.get('nextToken');
  if (token !== null) {
    const [known, at] = Buffer.from(token, 'base64url').toString().split(':');
    if (known !== mark) return refuse('nextToken does not belong to these arguments.');
    offset = Number(at);
  }
  if (after !== null && until - from > 180 * dayMs) return json(200, { payload: { transactions: [] } });
  const events =
    name === 'ORDER_ID'
      ? money.events('orderid = ? AND released >= ? AND posted <= ? ORDER BY posted, id', value, from, now)
      : name === 'FINANCIAL_EVENT_GROUP_ID'
        ? money.events('settlement = ? ORDER BY posted, id', (value ?? '').replace(/^group-/, ''))
        : money.events('released >= ? AND posted <= ? ORDER BY posted, id', from, now);
  const all = events
    .filter((event) => visibleMs(event) <= now)
    .flatMap((event) => transactionsOf(money, event, now))
    .filter(
      (one) =>
        (name !== null || (one.atMs >= from && one.atMs < until)) &&
        (status === null || one.body['transactionStatus'] === status) &&
        (query.get('marketplaceId') === null || one.market === query.get('marketplaceId')),
    )
    .sort((a, b) => a.atMs - b.atMs || a.order - b.order);
  // The second page of a long answer is empty, as Amazon's may be.
  const empty = offset === pageSize && !isSecondTry(token);
  const shown = empty ? [] : all.slice(offset, offset + pageSize);
  const next = shown.length === 0 && offset < all.length ? offset : offset + pageSize;
  return json(200, {
    payload: {
      transactions: shown.map((one) => one.body),
      ...(next < all.length
        ? {
            nextToken: Buffer.from(`${mark}:${next}:${shown.length === 0 ? 'again' : ''}`).toString(
              'base64url',
            ),
          }
        : {}),
    },
  });
}

const isSecondTry = (token: string | null) =>
  token !== null && Buffer.from(token, 'base64url').toString().endsWith(':again');

interface Shown {
  readonly atMs: number;
  readonly order: number;
  readonly market: string;
  readonly body: Json;
}

/**
 * A deferred event is one transaction until it matures. Then that one says DEFERRED_RELEASED and names its release, which
 * is a RELEASED transaction of its own: what counts is DEFERRED plus RELEASED.
 */
function transactionsOf(money: Money, event: MoneyEvent, now: number): Shown[] {
  const id = digest(`${money.seed}/${event.key}`).toString('base64url').slice(0, 28);
  const releaseId = digest(`${money.seed}/${event.key}/release`).toString('base64url').slice(0, 28);
  const market = money.world.shop.marketplaces.find((one) => one.id === event.market)!;
  const make = (atMs: number, order: number, body: Json): Shown => ({
    atMs,
    order,
    market: event.market,
    body: {
      sellingPartnerMetadata: {
        sellingPartnerId: money.world.shop.sellerId,
        accountType: 'Standard Orders',
        marketplaceId: event.market,
      },
      marketplaceDetails: { marketplaceId: market.id, marketplaceName: market.name },
      ...contentOf(event),
      postedDate: iso(atMs),
      ...body,
    },
  });
  const identifiers = [
    ...(event.orderId === '' ? [] : [related('ORDER_ID', event.orderId)]),
    ...(event.detail.shipmentId && event.type === 'Order'
      ? [related('SHIPMENT_ID', event.detail.shipmentId)]
      : []),
    ...(event.detail.adjustmentId ? [related('REFUND_ID', event.detail.adjustmentId)] : []),
    ...(event.settlement
      ? [
          related('FINANCIAL_EVENT_GROUP_ID', `group-${event.settlement}`),
          related('SETTLEMENT_ID', event.settlement),
        ]
      : []),
  ];
  if (event.deferral === null)
    return [
      make(event.postedMs, 2 * event.id, {
        transactionId: id,
        transactionStatus: 'RELEASED',
        relatedIdentifiers: identifiers,
      }),
    ];
  const released = event.releasedMs <= now;
  const contexts = [
    {
      contextType: 'DeferredContext',
      deferralReason: event.deferral,
      maturityDate: iso(event.releasedMs),
    },
  ];
  return [
    make(event.postedMs, 2 * event.id, {
      transactionId: id,
      transactionStatus: released ? 'DEFERRED_RELEASED' : 'DEFERRED',
      relatedIdentifiers: [
        ...identifiers,
        ...(released ? [related('RELEASE_TRANSACTION_ID', releaseId)] : []),
      ],
      contexts,
    }),
    ...(released
      ? [
          make(event.releasedMs, 2 * event.id + 1, {
            transactionId: releaseId,
            transactionStatus: 'RELEASED',
            relatedIdentifiers: [...identifiers, related('DEFERRED_TRANSACTION_ID', id)],
          }),
        ]
      : []),
  ];
}

const types: Readonly<Record<string, string>> = {
  Order: 'Shipment',
  Refund: 'Refund',
  'Chargeback Refund': 'Chargeback',
  'A-to-z Guarantee Refund': 'GuaranteeClaim',
  Order_Retrocharge: 'Retrocharge',
  ServiceFee: 'ProductAdsPayment',
  FBAFees: 'ServiceFee',
  AmazonFees: 'ServiceFee',
  CouponRedemptionFee: 'CouponPayment',
  Liquidations: 'FBALiquidation',
  'SAFE-T Reimbursement': 'SAFETReimbursement',
};
const otherTypes: Readonly<Partial<Record<MoneyRow['class'], string>>> = {
  reimbursements: 'Adjustment',
  loan: 'LoanServicing',
  removal: 'RemovalShipment',
};

function contentOf(event: MoneyEvent): Json {
  const { rows } = event.detail;
  const total = rows.reduce((sum, row) => sum + row.minor, 0);
  const byItem = new Map<string, MoneyRow[]>();
  for (const row of rows)
    if (row.itemCode) byItem.set(row.itemCode, [...(byItem.get(row.itemCode) ?? []), row]);
  const items = [...byItem.values()].map((own) => ({
    description: own[0]!.sku ?? '',
    totalAmount: amountOf(
      own.reduce((sum, row) => sum + row.minor, 0),
      event.currency,
    ),
    breakdowns: breakdownsOf(own, event.currency),
    contexts: [
      {
        contextType: 'ProductContext',
        sku: own[0]!.sku,
        quantityShipped: own[0]!.quantity,
        fulfillmentNetwork: event.detail.fulfilment ?? 'AFN',
      },
    ],
  }));
  return {
    transactionType: types[event.type] ?? otherTypes[rows[0]!.class] ?? 'ServiceFee',
    description:
      event.type === 'Order'
        ? 'Order Payment'
        : event.type === 'Refund'
          ? 'Refund Order'
          : rows[0]!.description,
    totalAmount: amountOf(total, event.currency),
    breakdowns: breakdownsOf(rows, event.currency),
    ...(items.length > 0 ? { items } : {}),
  };
}

const sales = new Set(['ItemPrice', 'Promotion', 'ItemWithheldTax']);

/** Sales or expenses at the top, the amount's own name below. */
function breakdownsOf(rows: readonly MoneyRow[], currency: string): Json[] {
  return (['Sales', 'Expenses'] as const).flatMap((group) => {
    const own = rows.filter((row) => sales.has(row.amountType) === (group === 'Sales'));
    if (own.length === 0) return [];
    return [
      {
        breakdownType: group,
        breakdownAmount: amountOf(
          own.reduce((sum, row) => sum + row.minor, 0),
          currency,
        ),
        breakdowns: own.map((row) => ({
          breakdownType: row.description,
          breakdownAmount: amountOf(row.minor, currency),
        })),
      },
    ];
  });
}
