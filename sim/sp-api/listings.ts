// What does the seller offer at simulated Amazon, and how many can be bought? Listings Items 2021-08-01, the listings
// feed, the listings report; orders take from what is shown, and a fall that comes too late sells what is not there.
import { type Call, json, type Route, readJson } from '../http.ts';
import { apiError } from './errors.ts';
import type { Json } from './generate.ts';
import type { AmazonContext } from './server.ts';
import type { AmazonWorld } from './world.ts';

export const listingsFeed = 'JSON_LISTINGS_FEED';
export const listingsReportType = 'GET_MERCHANT_LISTINGS_ALL_DATA';
/** Messages of one feed, and feeds of this type in five minutes (spapi.md §3.4). */
const messagesMax = 25_000;
export const feedsPerWindow = { count: 5, ms: 5 * 60_000 };
/** A patch is live after this long, in the order in which patches were accepted. */
const patchLagMs = 3_000;
/** Codes of Amazon's own warehouses: their stock is Amazon's to count. */
const warehouseCode = /^AMAZON_/;

const schema = `
CREATE TABLE IF NOT EXISTS listings (sku TEXT PRIMARY KEY, asin TEXT NOT NULL, title TEXT NOT NULL, producttype TEXT NOT NULL, channel TEXT NOT NULL,
  quantity INTEGER NOT NULL, leadtime INTEGER, price INTEGER NOT NULL, status TEXT NOT NULL, created INTEGER NOT NULL, updated INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS listinglog (seq INTEGER PRIMARY KEY, at INTEGER NOT NULL, sku TEXT NOT NULL, quantity INTEGER NOT NULL, via TEXT NOT NULL, ref TEXT);
CREATE INDEX IF NOT EXISTS listinglog_sku ON listinglog (sku, seq);
CREATE TABLE IF NOT EXISTS listingpatches (seq INTEGER PRIMARY KEY, at INTEGER NOT NULL, sku TEXT NOT NULL, quantity INTEGER, leadtime INTEGER);
`;

export class Listings {
  readonly #world: AmazonWorld;
  /** Orders that a buyer could not place since the listing showed too little. */
  missed = 0;
  /** Quantities somebody tried to set for stock that lies with Amazon. */
  warehouseQuantities = 0;

  constructor(world: AmazonWorld) {
    this.#world = world;
    world.exec(schema);
    if (world.one('SELECT 1 FROM listings LIMIT 1')) return;
    const { shop } = world;
    const levels = new Map(shop.items.map((item) => [item.itemName, item]));
    const stockOf = (itemName: string): number => {
      const item = levels.get(itemName);
      if (item?.components)
        return Math.min(...item.components.map((part) => Math.floor(stockOf(part.itemName) / part.quantity)));
      return (item?.onHand['main'] ?? 0) + (item?.onHand['east'] ?? 0);
    };
    for (const item of shop.items)
      if (item.soldAtAmazon)
        this.add({
          sku: item.sku,
          asin: item.asin,
          title: item.title,
          quantity: stockOf(item.itemName),
          price: item.prices.USD,
        });
    for (const alias of shop.aliases)
      this.add({
        sku: alias.sku,
        asin: alias.asin,
        title: alias.title,
        quantity: Math.floor(stockOf(alias.itemName) / alias.unitsPerSku),
        price: alias.prices.USD,
        // The shop's single-unit aliases are the SKUs it sends to Amazon's warehouses.
        channel: alias.unitsPerSku === 1 ? 'AMAZON_NA' : 'DEFAULT',
      });
    for (const sku of shop.unknownSkus)
      this.add({
        sku,
        asin: `B0${sku.replace(/\W/g, '').toUpperCase()}00000000`.slice(0, 10),
        title: `Old listing ${sku}`,
        quantity: 3,
        price: 999,
      });
  }

  add(listing: {
    sku: string;
    asin: string;
    title: string;
    quantity: number;
    price: number;
    channel?: string;
  }): void {
    const now = this.#world.clock.now();
    this.#world.run(
      'INSERT OR REPLACE INTO listings (sku, asin, title, producttype, channel, quantity, leadtime, price, status, created, updated) VALUES (?, ?, ?, ?, ?, ?, 2, ?, ?, ?, ?)',
      listing.sku,
      listing.asin,
      listing.title,
      'HOME',
      listing.channel ?? 'DEFAULT',
      (listing.channel ?? 'DEFAULT') === 'DEFAULT' ? listing.quantity : 0,
      listing.price,
      'Active',
      now,
      now,
    );
    this.#log(listing.sku, listing.quantity, 'start');
  }

  one(sku: string): Json | undefined {
    this.settle();
    return this.#world.one('SELECT * FROM listings WHERE sku = ?', sku);
  }

  #log(sku: string, quantity: number, via: string, ref = ''): void {
    this.#world.run(
      'INSERT INTO listinglog (at, sku, quantity, via, ref) VALUES (?, ?, ?, ?, ?)',
      this.#world.clock.now(),
      sku,
      quantity,
      via,
      ref,
    );
  }

  set(sku: string, change: { quantity?: number; leadTime?: number }, via: string, ref = ''): void {
    this.#world.run(
      'UPDATE listings SET quantity = COALESCE(?, quantity), leadtime = COALESCE(?, leadtime), updated = ? WHERE sku = ?',
      change.quantity ?? null,
      change.leadTime ?? null,
      this.#world.clock.now(),
      sku,
    );
    if (change.quantity !== undefined) this.#log(sku, change.quantity, via, ref);
  }

  /** Accepted patches go live in their order. */
  settle(): void {
    for (const row of this.#world.all(
      'SELECT seq, sku, quantity, leadtime FROM listingpatches WHERE at <= ? ORDER BY seq',
      this.#world.clock.now(),
    )) {
      this.#world.run('DELETE FROM listingpatches WHERE seq = ?', row['seq']);
      this.set(
        String(row['sku']),
        {
          ...(row['quantity'] === null ? {} : { quantity: Number(row['quantity']) }),
          ...(row['leadtime'] === null ? {} : { leadTime: Number(row['leadtime']) }),
        },
        'patch',
      );
    }
  }

  accept(sku: string, change: { quantity?: number; leadTime?: number }): void {
    this.#world.run(
      'INSERT INTO listingpatches (at, sku, quantity, leadtime) VALUES (?, ?, ?, ?)',
      this.#world.clock.now() + patchLagMs,
      sku,
      change.quantity ?? null,
      change.leadTime ?? null,
    );
  }

  /** A buyer takes units; false when the listing shows fewer, and then the order is not placed. */
  sell(lines: readonly { sku: string; quantity: number }[], orderId: string): boolean {
    this.settle();
    const wanted = new Map<string, number>();
    for (const line of lines) wanted.set(line.sku, (wanted.get(line.sku) ?? 0) + line.quantity);
    const shown = [...wanted].map(([sku, quantity]) => ({ sku, quantity, listing: this.one(sku) }));
    const merchant = shown.filter(({ listing }) => listing !== undefined && listing['channel'] === 'DEFAULT');
    if (merchant.some(({ quantity, listing }) => Number(listing!['quantity']) < quantity)) {
      this.missed++;
      return false;
    }
    for (const { sku, quantity, listing } of merchant)
      this.set(sku, { quantity: Number(listing!['quantity']) - quantity }, 'order', orderId);
    return true;
  }

  /** Works off a listings feed; the report names what was refused (spapi.md §3.4). */
  work(text: string, feedId: string): Json {
    const feed = JSON.parse(text) as { header?: Json; messages?: Json[] };
    const issues: Json[] = [];
    let accepted = 0;
    for (const message of feed.messages ?? []) {
      const sku = String(message['sku'] ?? '');
      const refused = this.#apply(sku, message, feedId);
      if (refused) issues.push({ messageId: message['messageId'], sku, severity: 'ERROR', ...refused });
      else accepted++;
    }
    const processed = feed.messages?.length ?? 0;
    return {
      header: { sellerId: feed.header?.['sellerId'], version: '2.0', feedId },
      issues,
      summary: {
        errors: issues.length,
        warnings: 0,
        messagesProcessed: processed,
        messagesAccepted: accepted,
        messagesInvalid: processed - accepted,
      },
    };
  }

  #apply(sku: string, message: Json, feedId: string): { code: string; message: string } | undefined {
    if (message['operationType'] !== 'PATCH')
      return {
        code: '4000003',
        message: `The operation ${String(message['operationType'])} is not supported.`,
      };
    const change = this.read(sku, message['patches']);
    if ('code' in change) return change;
    this.settle();
    this.set(sku, change, 'feed', feedId);
    return undefined;
  }

  /** Understands the patches of one listing; a code says why they are refused. */
  read(
    sku: string,
    patches: unknown,
  ): { quantity?: number; leadTime?: number } | { code: string; message: string } {
    const listing = this.#world.one('SELECT channel FROM listings WHERE sku = ?', sku);
    if (listing === undefined) return { code: '8541', message: `The SKU ${sku} does not exist.` };
    if (!Array.isArray(patches) || patches.length === 0)
      return { code: '4000001', message: 'patches is required.' };
    let change: { quantity?: number; leadTime?: number } = {};
    for (const patch of patches as Json[]) {
      if (patch['path'] !== '/attributes/fulfillment_availability')
        return { code: '90220', message: `The attribute ${String(patch['path'])} is not known.` };
      if (patch['op'] !== 'merge' && patch['op'] !== 'replace')
        return { code: '4000002', message: `The operation ${String(patch['op'])} is not valid here.` };
      const [value] = (patch['value'] ?? []) as Json[];
      const code = String(value?.['fulfillment_channel_code'] ?? '');
      const quantity = value?.['quantity'];
      if (
        quantity !== undefined &&
        (warehouseCode.test(code) || warehouseCode.test(String(listing['channel'])))
      ) {
        this.warehouseQuantities++;
        return { code: '13013', message: 'The quantity of an offer fulfilled by Amazon cannot be set.' };
      }
      if (typeof quantity !== 'number' || !Number.isInteger(quantity) || quantity < 0)
        return { code: '90225', message: "The value specified for 'quantity' is invalid." };
      const leadTime = value?.['lead_time_to_ship_max_days'];
      // `replace` forgets what is not sent, which is why nobody who knows it uses it.
      change = {
        quantity,
        ...(typeof leadTime === 'number' ? { leadTime } : patch['op'] === 'replace' ? { leadTime: 0 } : {}),
      };
    }
    return change;
  }

  report(): string {
    this.settle();
    const names = [
      'item-name',
      'item-description',
      'listing-id',
      'seller-sku',
      'price',
      'quantity',
      'open-date',
      'product-id-type',
      'asin1',
      'product-id',
      'fulfillment-channel',
      'merchant-shipping-group',
      'status',
    ];
    const rows = this.#world.all('SELECT * FROM listings ORDER BY sku').map((row) => {
      const own = row['channel'] === 'DEFAULT';
      return [
        row['title'],
        '',
        `L${String(row['asin'])}`,
        row['sku'],
        (Number(row['price']) / 100).toFixed(2),
        own ? row['quantity'] : '',
        new Date(Number(row['created'])).toISOString(),
        '1',
        row['asin'],
        row['asin'],
        row['channel'],
        own ? 'Default Template' : '',
        row['status'],
      ]
        .map((cell) => String(cell).replace(/[\t\n]/g, ' '))
        .join('\t');
    });
    return [names.join('\t'), ...rows, ''].join('\n');
  }
}

/** Why a listings feed cannot be taken at all, or undefined. */
export function feedFault(text: string): string | undefined {
  let feed: { header?: Json; messages?: Json[] };
  try {
    feed = JSON.parse(text) as typeof feed;
  } catch {
    return 'The feed is not valid JSON.';
  }
  if (!feed.header?.['sellerId'] || feed.header['version'] !== '2.0') return 'The header is incomplete.';
  const messages = feed.messages ?? [];
  if (messages.length === 0 || messages.length > messagesMax)
    return `A feed holds 1 to ${messagesMax} messages.`;
  if (new Set(messages.map((message) => message['messageId'])).size !== messages.length)
    return 'Every messageId must be unique.';
  return undefined;
}

export function listingsRoutes({ world, listings, guarded }: AmazonContext): Route[] {
  const skuOf = (call: Call) => String(call.params['sku']);
  const checked = (call: Call): ReturnType<typeof apiError> | undefined => {
    if (call.params['sellerId'] !== world.shop.sellerId)
      return apiError(403, 'Unauthorized', 'Access to requested resource is denied.');
    if (!call.query.get('marketplaceIds'))
      return apiError(400, 'InvalidInput', 'marketplaceIds is required.');
    return listings.one(skuOf(call)) === undefined
      ? apiError(
          404,
          'NOT_FOUND',
          `SKU '${skuOf(call)}' not found in marketplace ${call.query.get('marketplaceIds')}`,
        )
      : undefined;
  };
  return [
    {
      operation: 'listings.patchListingsItem',
      method: 'PATCH',
      path: '/listings/2021-08-01/items/:sellerId/:sku',
      handle: guarded('patchListingsItem', (call) => {
        const fault = checked(call);
        if (fault) return fault;
        const body = readJson<Json>(call);
        if (typeof body['productType'] !== 'string')
          return apiError(400, 'InvalidInput', 'productType is required.');
        const sku = skuOf(call);
        const change = listings.read(sku, body['patches']);
        const refused = 'code' in change;
        if (!refused && call.query.get('mode') !== 'VALIDATION_PREVIEW') listings.accept(sku, change);
        return json(200, {
          sku,
          status: refused
            ? 'INVALID'
            : call.query.get('mode') === 'VALIDATION_PREVIEW'
              ? 'VALID'
              : 'ACCEPTED',
          submissionId: `${world.clock.now().toString(36)}${sku.length}`,
          issues: refused
            ? [
                {
                  code: change.code,
                  message: change.message,
                  severity: 'ERROR',
                  categories: ['INVALID_ATTRIBUTE'],
                },
              ]
            : [],
        });
      }),
    },
    {
      operation: 'listings.getListingsItem',
      method: 'GET',
      path: '/listings/2021-08-01/items/:sellerId/:sku',
      handle: guarded('getListingsItem', (call) => {
        const fault = checked(call);
        if (fault) return fault;
        const row = listings.one(skuOf(call))!;
        const wanted = (call.query.get('includedData') ?? 'summaries').split(',');
        const own = row['channel'] === 'DEFAULT';
        return json(200, {
          sku: row['sku'],
          ...(wanted.includes('summaries')
            ? {
                summaries: call.query
                  .get('marketplaceIds')!
                  .split(',')
                  .map((marketplaceId) => ({
                    marketplaceId,
                    asin: row['asin'],
                    productType: row['producttype'],
                    conditionType: 'new_new',
                    status: ['BUYABLE', 'DISCOVERABLE'],
                    itemName: row['title'],
                    createdDate: new Date(Number(row['created'])).toISOString(),
                    lastUpdatedDate: new Date(Number(row['updated'])).toISOString(),
                  })),
              }
            : {}),
          ...(wanted.includes('fulfillmentAvailability')
            ? {
                fulfillmentAvailability: [
                  {
                    fulfillmentChannelCode: row['channel'],
                    ...(own ? { quantity: Number(row['quantity']) } : {}),
                  },
                ],
              }
            : {}),
        });
      }),
    },
  ];
}

export function listingsControls({ world, listings }: AmazonContext): Route[] {
  const control = (method: string, path: string, handle: (call: Call) => unknown): Route => ({
    operation: `_sim${path}`,
    method,
    path: `/_sim${path}`,
    handle: (call) => {
      listings.settle();
      return json(200, handle(call));
    },
  });
  return [
    control('GET', '/listings', () => ({
      items: world.all('SELECT sku, asin, channel, quantity, leadtime, status FROM listings ORDER BY sku'),
      missed: listings.missed,
      warehouseQuantities: listings.warehouseQuantities,
    })),
    control('GET', '/listing-log', (call) => ({
      items: world.all(
        'SELECT seq, at, sku, quantity, via, ref FROM listinglog WHERE seq > ? ORDER BY seq LIMIT 50000',
        Number(call.query.get('after') ?? 0),
      ),
    })),
    control('POST', '/listings', (call) => {
      const { items } = readJson<{ items: Parameters<Listings['add']>[0][] }>(call);
      world.together(() => {
        for (const item of items) listings.add(item);
      });
      return { listings: items.length };
    }),
    control('POST', '/listings/:sku', (call) => {
      listings.set(
        String(call.params['sku']),
        { quantity: readJson<{ quantity: number }>(call).quantity },
        'hand',
      );
      return listings.one(String(call.params['sku']));
    }),
    control('POST', '/orders/place', (call) => {
      const { skus } = readJson<{ skus: string[] }>(call);
      return { orderId: world.place(skus) ?? null };
    }),
  ];
}
