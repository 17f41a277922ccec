// Orders 2026-01-01 and shipment confirmation: parameters checked as documented, data sets only when asked for.
import { type Answer, type Call, json, type Route, readJson } from '../http.ts';
import { apiError } from './errors.ts';
import type { Json } from './generate.ts';
import type { AmazonContext } from './server.ts';
import type { AmazonOrder, AmazonWorld } from './world.ts';

const dataSets = [
  'BUYER',
  'RECIPIENT',
  'PROCEEDS',
  'EXPENSE',
  'PROMOTION',
  'CANCELLATION',
  'FULFILLMENT',
  'PACKAGES',
  'TAX',
  'PAYMENT',
  'FULFILLMENT_ORDERS',
];
const statuses = [
  'PENDING_AVAILABILITY',
  'PENDING',
  'UNSHIPPED',
  'PARTIALLY_SHIPPED',
  'SHIPPED',
  'CANCELLED',
  'UNFULFILLABLE',
];
const twoMinutesMs = 120_000;
const tokenLifeMs = 24 * 3_600_000;

const invalid = (message: string) => apiError(400, 'InvalidInput', message);
const listOf = (call: Call, name: string): string[] =>
  call.query
    .getAll(name)
    .flatMap((value) => value.split(','))
    .filter(Boolean);

export function ordersRoutes({ world, options, faults, guarded }: AmazonContext): Route[] {
  const personal = options.personalRole ?? true;
  return [
    {
      operation: 'orders.searchOrders',
      method: 'GET',
      path: '/orders/2026-01-01/orders',
      handle: guarded('searchOrders', (call) => {
        // A page token that Amazon no longer knows, or an order that changes while pages are read.
        if (call.query.has('paginationToken') && faults.happens('page-expired'))
          return invalid('The pagination token is invalid or has expired.');
        if (call.query.has('paginationToken') && faults.happens('order-moves')) moveOne(world, call);
        return search(world, call, personal);
      }),
    },
    {
      operation: 'orders.getOrder',
      method: 'GET',
      path: '/orders/2026-01-01/orders/:orderId',
      handle: guarded('getOrder', (call) => {
        const wanted = listOf(call, 'includedData');
        if (wanted.some((name) => !dataSets.includes(name)))
          return invalid('includedData has an unknown value.');
        const order = world.order(String(call.params['orderId']));
        return order
          ? json(200, { order: shown(order, wanted, personal) })
          : apiError(404, 'NotFound', 'The order was not found.');
      }),
    },
    {
      operation: 'orders.confirmShipment',
      method: 'POST',
      path: '/orders/v0/orders/:orderId/shipmentConfirmation',
      handle: guarded('confirmShipment', (call) => {
        const order = world.order(String(call.params['orderId']));
        if (!order) return apiError(404, 'NotFound', 'The order was not found.');
        const refusal = world.confirm(order, readJson<Json>(call));
        return refusal ? apiError(refusal.status, refusal.code, refusal.message) : { status: 204 };
      }),
    },
  ];
}

function search(world: AmazonWorld, call: Call, personal: boolean): Answer {
  const { query } = call;
  const now = world.clock.now();
  const createdAfter = query.get('createdAfter');
  const updatedAfter = query.get('lastUpdatedAfter');
  if ((createdAfter === null) === (updatedAfter === null))
    return invalid('Exactly one of createdAfter and lastUpdatedAfter is required.');
  const after = Date.parse(createdAfter ?? updatedAfter ?? '');
  if (Number.isNaN(after)) return invalid('The date is not in ISO 8601 format.');
  const beforeText = query.get(createdAfter === null ? 'lastUpdatedBefore' : 'createdBefore');
  // Only what is two minutes old is listed (orders 2026-01-01 model).
  const foreign = query.get(createdAfter === null ? 'createdBefore' : 'lastUpdatedBefore');
  if (foreign !== null) return invalid('The end of the range must be of the same kind as its beginning.');
  if (beforeText !== null && Number.isNaN(Date.parse(beforeText)))
    return invalid('The date is not in ISO 8601 format.');
  if (beforeText !== null && Date.parse(beforeText) < after)
    return invalid('The end of the range must not be before its beginning.');
  if (beforeText !== null && Date.parse(beforeText) > now - twoMinutesMs)
    return invalid('The end of the range must be at least two minutes ago.');
  const wanted = listOf(call, 'includedData');
  const statusFilter = listOf(call, 'fulfillmentStatuses');
  const fulfilledBy = listOf(call, 'fulfilledBy');
  const size = Number(query.get('maxResultsPerPage') ?? 100);
  if (wanted.some((name) => !dataSets.includes(name))) return invalid('includedData has an unknown value.');
  if (statusFilter.some((status) => !statuses.includes(status)))
    return invalid('fulfillmentStatuses has an unknown value.');
  if (fulfilledBy.some((by) => by !== 'MERCHANT' && by !== 'AMAZON'))
    return invalid('fulfilledBy has an unknown value.');
  if (!(Number.isInteger(size) && size >= 1 && size <= 100))
    return invalid('maxResultsPerPage must be between 1 and 100.');
  const parameters = [...query]
    .filter(([name]) => name !== 'paginationToken')
    .map(([name, value]) => `${name}=${value}`)
    .sort()
    .join('&');
  let from = { at: after, id: '' };
  let before = beforeText === null ? now - twoMinutesMs : Date.parse(beforeText);
  const token = query.get('paginationToken');
  if (token !== null) {
    const read = readToken(token);
    if (!read || read.until < now) return invalid('The pagination token is invalid or has expired.');
    if (read.parameters !== parameters)
      return invalid('The parameters must not change while a pagination token is used.');
    from = read.from;
    before = read.before;
  }
  const column = createdAfter === null ? 'updated' : 'created';
  const markets = listOf(call, 'marketplaceIds');
  const rows = world.all(
    `SELECT id, ${column} AS at, json FROM orders WHERE (${column}, id) > (?, ?) AND ${column} <= ? AND (? = '' OR instr(?, marketplace) > 0) AND (? = '' OR instr(?, ',' || status || ',') > 0) AND (? = '' OR instr(?, fulfilledby) > 0) ORDER BY ${column}, id LIMIT ?`,
    from.id === '' ? from.at - 1 : from.at,
    from.id === '' ? '\u{10ffff}' : from.id,
    before,
    markets.join(','),
    markets.join(','),
    statusFilter.join(','),
    `,${statusFilter.join(',')},`,
    fulfilledBy.join(','),
    fulfilledBy.join(','),
    size + 1,
  );
  const page = rows.slice(0, size);
  const last = page.at(-1);
  const next =
    rows.length > size && last
      ? writeToken({
          from: { at: Number(last['at']), id: String(last['id']) },
          before,
          parameters,
          until: token ? readToken(token)!.until : now + tokenLifeMs,
        })
      : undefined;
  return json(200, {
    orders: page.map((row) => shown(JSON.parse(String(row['json'])) as AmazonOrder, wanted, personal)),
    ...(next ? { pagination: { nextToken: next } } : {}),
    ...(createdAfter === null
      ? { lastUpdatedBefore: new Date(before).toISOString() }
      : { createdBefore: new Date(before).toISOString() }),
  });
}

/** The next order of a search is changed, so that it leaves the pages still to be read. */
function moveOne(world: AmazonWorld, call: Call): void {
  const token = readToken(call.query.get('paginationToken') ?? '');
  const row =
    token &&
    world.one(
      'SELECT json FROM orders WHERE updated > ? AND updated <= ? ORDER BY updated LIMIT 1',
      token.from.at,
      token.before,
    );
  if (row) world.touch(JSON.parse(String(row['json'])) as AmazonOrder);
}

interface PageToken {
  readonly from: { at: number; id: string };
  readonly before: number;
  readonly parameters: string;
  readonly until: number;
}
const writeToken = (token: PageToken): string => Buffer.from(JSON.stringify(token)).toString('base64url');
function readToken(text: string): PageToken | undefined {
  try {
    return JSON.parse(Buffer.from(text, 'base64url').toString()) as PageToken;
  } catch {
    return undefined;
  }
}

/** Only the data sets asked for; personal data only with the restricted role, in silence otherwise (spapi.md §2.6). */
function shown(order: AmazonOrder, wanted: readonly string[], personal: boolean): Json {
  const has = (name: string) => wanted.includes(name);
  const {
    buyer,
    recipient,
    proceeds,
    fulfillment,
    packages,
    tax,
    payment,
    fulfillmentOrders,
    orderItems,
    ...always
  } = order as Json;
  const byAmazon = (fulfillment as Json | undefined)?.['fulfilledBy'] === 'AMAZON';
  return {
    ...always,
    ...(has('BUYER') && buyer
      ? {
          buyer: personal
            ? withoutFbaMail(buyer as Json, byAmazon)
            : without(buyer as Json, ['buyerName', 'buyerEmail']),
        }
      : {}),
    ...(has('RECIPIENT') && recipient
      ? {
          recipient: {
            deliveryAddress: personal
              ? (recipient as Json)['deliveryAddress']
              : without((recipient as Json)['deliveryAddress'] as Json, [
                  'name',
                  'addressLine1',
                  'addressLine2',
                  'addressLine3',
                  'postalCode',
                  'phone',
                ]),
          },
        }
      : {}),
    ...(has('PROCEEDS') && proceeds ? { proceeds } : {}),
    ...(has('FULFILLMENT') && fulfillment ? { fulfillment } : {}),
    ...(has('PACKAGES') && packages ? { packages } : {}),
    ...(has('TAX') && tax ? { tax } : {}),
    ...(has('PAYMENT') && payment ? { payment } : {}),
    ...(has('FULFILLMENT_ORDERS') && fulfillmentOrders ? { fulfillmentOrders } : {}),
    orderItems: (orderItems as Json[]).map((item) => {
      const {
        proceeds: itemProceeds,
        expense,
        promotion,
        cancellation,
        fulfillment: itemFulfilment,
        tax: itemTax,
        ...rest
      } = item;
      return {
        ...rest,
        ...(has('PROCEEDS') && itemProceeds ? { proceeds: itemProceeds } : {}),
        ...(has('EXPENSE') && expense ? { expense } : {}),
        ...(has('PROMOTION') && promotion ? { promotion } : {}),
        ...(has('CANCELLATION') && cancellation ? { cancellation } : {}),
        ...(has('FULFILLMENT') && itemFulfilment ? { fulfillment: itemFulfilment } : {}),
        ...(has('TAX') && itemTax ? { tax: itemTax } : {}),
      };
    }),
  };
}

const without = (holder: Json, names: readonly string[]): Json =>
  Object.fromEntries(Object.entries(holder).filter(([name]) => !names.includes(name)));
const withoutFbaMail = (buyer: Json, byAmazon: boolean): Json =>
  byAmazon ? without(buyer, ['buyerEmail']) : buyer;
