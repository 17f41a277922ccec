// What would a straight script do? The same calls as Crossdock, fifteen at a time, the next page read meanwhile, the same
// kind of document with the same fields; no queue, no archive, no proof of totals. With a database it notes each order
// before and after, the least a durable script would do. Started by ../import-rate.ts as a process of its own, as
// Crossdock's worker is; prints one line of JSON.
import pg from 'pg';
import { Agent, request } from 'undici';

export interface LoopTask {
  readonly amazon: string;
  readonly netsuite: string;
  readonly amazonToken: string;
  readonly bearer: string;
  /** Set before external ids, so that every loop makes documents of its own. */
  readonly prefix: string;
  /** A document of each kind and marketplace as Crossdock sent it: the loop fills in what differs from order to order. */
  readonly templates: Readonly<Record<string, Template>>;
  readonly databaseUrl?: string;
}

export interface Template {
  readonly path: string;
  readonly body: Readonly<Record<string, unknown>> & {
    readonly item: { readonly items: readonly Readonly<Record<string, unknown>>[] };
  };
}

interface Amount {
  readonly amount: string;
}
interface LoopOrder {
  readonly orderId: string;
  readonly createdTime: string;
  readonly salesChannel: { readonly channelName: string; readonly marketplaceId: string };
  readonly fulfillment: { readonly fulfillmentStatus: string; readonly fulfilledBy: string };
  readonly recipient?: { readonly deliveryAddress?: Readonly<Record<string, string>> };
  readonly orderItems: readonly {
    readonly orderItemId: string;
    readonly quantityOrdered: number;
    readonly product: { readonly sellerSku: string };
    readonly proceeds?: {
      readonly breakdowns?: readonly { readonly type: string; readonly subtotal: Amount }[];
    };
  }[];
}
interface Page {
  readonly orders: readonly LoopOrder[];
  readonly pagination?: { readonly nextToken?: string };
}

const task = JSON.parse(process.argv[2]!) as LoopTask;
const concurrency = 15;
const dispatcher = new Agent({ connections: 64 });
const headers = {
  authorization: `Bearer ${task.bearer}`,
  'content-type': 'application/json',
  prefer: 'transient',
};
const journal = task.databaseUrl
  ? new pg.Pool({ connectionString: task.databaseUrl, max: concurrency })
  : undefined;

async function send(method: 'GET' | 'POST', url: string, given: Record<string, string>, body?: unknown) {
  const answer = await request(url, {
    method,
    headers: given,
    body: body === undefined ? null : JSON.stringify(body),
    dispatcher,
  });
  const text = await answer.body.text();
  return { status: answer.statusCode, body: text === '' ? {} : JSON.parse(text) };
}

async function readPage(token: string | undefined): Promise<Page> {
  const query = new URLSearchParams({
    lastUpdatedAfter: '2026-01-01T00:00:00Z',
    includedData: 'BUYER,RECIPIENT,PROCEEDS,EXPENSE,PROMOTION,CANCELLATION,FULFILLMENT,PACKAGES,TAX',
    ...(token ? { paginationToken: token } : {}),
  });
  const url = `${task.amazon}/orders/2026-01-01/orders?${query}`;
  return (await send('GET', url, { 'x-amz-access-token': task.amazonToken })).body;
}

const wanted = ({ salesChannel, fulfillment: { fulfillmentStatus, fulfilledBy } }: LoopOrder): boolean =>
  salesChannel.channelName === 'AMAZON' &&
  (fulfillmentStatus === 'SHIPPED' ||
    (fulfilledBy === 'MERCHANT' && /^(UNSHIPPED|PARTIALLY_SHIPPED)$/.test(fulfillmentStatus)));

const marks = (count: number) => Array.from({ length: count }, () => '?').join(',');

function suiteql(q: string, params: readonly string[]) {
  return send('POST', `${task.netsuite}/services/rest/query/v1/suiteql?limit=1000`, headers, { q, params });
}

const itemIds = new Map<string, string>();

async function lookUp(orders: readonly LoopOrder[]): Promise<void> {
  const skus = orders.flatMap((order) => order.orderItems.map((item) => item.product.sellerSku));
  const missing = [...new Set(skus)].filter((sku) => !itemIds.has(sku));
  const ids = orders.map((order) => task.prefix + order.orderId);
  const [items] = await Promise.all([
    missing.length === 0
      ? undefined
      : suiteql(`SELECT id, itemid FROM item WHERE itemid IN (${marks(missing.length)})`, missing),
    suiteql(`SELECT id, externalid FROM transaction WHERE externalid IN (${marks(ids.length)})`, ids),
  ]);
  for (const item of items?.body.items ?? []) itemIds.set(item.itemid, String(item.id));
}

/** Lines as Crossdock writes them: the item, then a line for each other amount. */
function documentOf(order: LoopOrder): { path: string; body: object } {
  const kind = order.fulfillment.fulfilledBy === 'MERCHANT' ? 'salesOrder' : 'cashSale';
  const template = task.templates[`${kind}/${order.salesChannel.marketplaceId}`]!;
  const [itemLine, chargeLine = itemLine] = template.body.item.items;
  const address = order.recipient?.deliveryAddress;
  const items = order.orderItems.flatMap((item) =>
    (item.proceeds?.breakdowns ?? [])
      .filter(({ subtotal }) => Number(subtotal.amount) !== 0)
      .map(({ type, subtotal }) => {
        const amount = type === 'DISCOUNT' ? -Math.abs(Number(subtotal.amount)) : Number(subtotal.amount);
        return type === 'ITEM'
          ? {
              ...itemLine,
              item: { id: itemIds.get(item.product.sellerSku) ?? (itemLine!['item'] as { id: string }).id },
              quantity: item.quantityOrdered,
              rate: amount / item.quantityOrdered,
              amount,
            }
          : { ...chargeLine, rate: amount, amount, description: `${type} of order item ${item.orderItemId}` };
      }),
  );
  return {
    path: template.path,
    body: {
      ...template.body,
      externalId: task.prefix + order.orderId,
      otherRefNum: task.prefix + order.orderId,
      tranDate: order.createdTime.slice(0, 10),
      ...(address
        ? {
            shippingAddress: {
              addressee: address['name'],
              addr1: address['addressLine1'],
              city: address['city'],
              state: address['stateOrRegion'],
              zip: address['postalCode'],
              country: { id: address['countryCode'] },
            },
          }
        : {}),
      item: { items },
    },
  };
}

async function create(order: LoopOrder): Promise<boolean> {
  await journal?.query('INSERT INTO loop_journal (key, document) VALUES ($1, $2)', [
    order.orderId,
    JSON.stringify(order),
  ]);
  const { path, body } = documentOf(order);
  const answer = await send('POST', task.netsuite + path, headers, body);
  await journal?.query("UPDATE loop_journal SET state = 'done' WHERE key = $1", [order.orderId]);
  return answer.status === 204;
}

await journal?.query(
  "CREATE TABLE IF NOT EXISTS loop_journal (key text PRIMARY KEY, document jsonb NOT NULL, state text NOT NULL DEFAULT 'sent')",
);
const began = performance.now();
let created = 0;
let page: Page | undefined = await readPage(undefined);
while (page) {
  const token: string | undefined = page.pagination?.nextToken;
  const next: Promise<Page> | undefined = token ? readPage(token) : undefined;
  const queue = page.orders.filter(wanted);
  await lookUp(queue);
  await Promise.all(
    Array.from({ length: concurrency }, async () => {
      for (let order = queue.pop(); order; order = queue.pop()) if (await create(order)) created++;
    }),
  );
  page = await next;
}
const seconds = (performance.now() - began) / 1000;
const { user, system } = process.cpuUsage();
console.log(JSON.stringify({ created, seconds, cpu: (user + system) / 1e6 }));
await journal?.end();
await dispatcher.close();
