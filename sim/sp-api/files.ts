// Feeds and reports 2021-06-30: documents behind links that live five minutes, work that takes its time.
import { gzipSync } from 'node:zlib';
import { dayMs } from '../clock.ts';
import { type Call, json, type Route, readJson } from '../http.ts';
import { apiError } from './errors.ts';
import type { Json } from './generate.ts';
import { feedFault, feedsPerWindow, listingsFeed, listingsReportType } from './listings.ts';
import { merchantReturns, returnsReport, warehouseReturns } from './returns.ts';
import type { AmazonContext } from './server.ts';
import { readSettlement, settlementFile, settlementReports, settlementReportType } from './settlements.ts';
import type { AmazonWorld } from './world.ts';

const linkLifeMs = 5 * 60_000;
/** The same report asked for again this soon is cancelled (spapi.md §3.13). */
const sameReportMs = 60_000;
const reportType = 'GET_FLAT_FILE_ALL_ORDERS_DATA_BY_LAST_UPDATE_GENERAL';
const feedType = 'POST_FLAT_FILE_ORDER_ACKNOWLEDGEMENT_DATA';
/** Reports that may be asked for, with the longest window of each. */
const requestable: Readonly<Record<string, number>> = {
  [reportType]: 30,
  [warehouseReturns]: 365,
  [merchantReturns]: 60,
  [listingsReportType]: Number.POSITIVE_INFINITY,
};

interface Work {
  readonly id: string;
  readonly type: string;
  readonly body: Json;
  readonly createdAt: number;
  readonly doneAt: number;
  status?: string;
  documentId?: string;
}

export function fileRoutes(context: AmazonContext): Route[] {
  const { world, money, options, faults, guarded } = context;
  const works = new Map<string, Work>();
  const documents = new Map<
    string,
    { bytes: Buffer; contentType: string; uploaded: boolean; linkUntil: number }
  >();
  let serial = Math.floor(world.clock.now() / 1000) % 1_000_000;
  const nextId = (prefix: string) => `${prefix}${++serial}`;
  const document = (bytes: Buffer, contentType: string, uploaded: boolean) => {
    const id = nextId('amzn1.spdoc.1.4.na.');
    documents.set(id, { bytes, contentType, uploaded, linkUntil: world.clock.now() + linkLifeMs });
    return id;
  };
  const finish = (work: Work) => {
    if (work.status || world.clock.now() < work.doneAt) return;
    if (work.type in requestable) {
      const text =
        work.type === listingsReportType
          ? world.listings.report()
          : work.type === reportType
            ? orderReport(world, work.body)
            : returnsReport(money, work.type, work.body);
      // Without data a report is cancelled; a fatal or damaged one says nothing about the data (spapi.md §3.13).
      work.status = faults.happens('report-fatal') ? 'FATAL' : text === undefined ? 'CANCELLED' : 'DONE';
      if (text !== undefined && work.status === 'DONE') {
        const bytes = gzipSync(text);
        const damaged = faults.happens('report-damaged');
        work.documentId = document(
          damaged ? bytes.subarray(0, Math.floor(bytes.length / 2)) : bytes,
          'text/plain',
          true,
        );
      }
    } else {
      const input = documents.get(String(work.body['inputFeedDocumentId']));
      const known = (work.type === feedType || work.type === listingsFeed) && input !== undefined;
      const fault = known && work.type === listingsFeed ? feedFault(input.bytes.toString()) : undefined;
      work.status = known && fault === undefined ? 'DONE' : 'FATAL';
      if (fault !== undefined) {
        work.documentId = document(
          gzipSync(JSON.stringify({ issues: [{ code: '4000001', severity: 'ERROR', message: fault }] })),
          'application/json',
          true,
        );
        return;
      }
      work.documentId = document(
        gzipSync(known ? workOff(work, input.bytes.toString()) : `Feed type ${work.type} is not supported.`),
        'text/plain',
        true,
      );
    }
  };
  const workOff = (work: Work, text: string): string => {
    if (work.type !== listingsFeed) return acknowledge(world, text);
    let report = '';
    world.together(() => {
      report = JSON.stringify(world.listings.work(text, work.id));
    });
    return report;
  };
  // Feeds take effect when their time has come, whether anybody asks or not.
  world.due = () => {
    for (const work of works.values()) if (work.type === listingsFeed) finish(work);
  };
  const shown = (work: Work, idName: string, documentName: string): Json => {
    finish(work);
    const status = work.status ?? (world.clock.now() - work.createdAt < 2_000 ? 'IN_QUEUE' : 'IN_PROGRESS');
    return {
      [idName]: work.id,
      [idName === 'reportId' ? 'reportType' : 'feedType']: work.type,
      createdTime: new Date(work.createdAt).toISOString(),
      processingStatus: status,
      marketplaceIds: work.body['marketplaceIds'],
      ...(work.documentId ? { [documentName]: work.documentId } : {}),
    };
  };
  /** Settlement reports: Amazon makes them by itself, for all marketplaces of the account at once. */
  const madeReports = (): Json[] => {
    money.advance();
    return settlementReports(money, world.clock.now()).map((report) => ({
      reportId: report.id,
      reportType: settlementReportType,
      ...settlementSpan(report.settlement),
      createdTime: new Date(report.createdMs).toISOString(),
      processingStatus: 'DONE',
      processingStartTime: new Date(report.createdMs).toISOString(),
      processingEndTime: new Date(report.createdMs + 4_000).toISOString(),
      marketplaceIds: world.shop.marketplaces.map((market) => market.id),
      reportDocumentId: `amzn1.spdoc.1.4.na.settlement-${report.id}`,
    }));
  };
  const settlementSpan = (id: string) => {
    const settlement = readSettlement(money, id)!;
    return {
      dataStartTime: new Date(settlement.startsMs).toISOString(),
      dataEndTime: new Date(settlement.endsMs).toISOString(),
    };
  };
  const listReports = (call: Call) => {
    const { query } = call;
    const token = query.get('nextToken');
    if (token !== null && [...query.keys()].length > 1)
      return apiError(400, 'InvalidInput', 'nextToken must be the only parameter.');
    const asked = token === null ? query : new URLSearchParams(Buffer.from(token, 'base64url').toString());
    const list = (name: string) => asked.get(name)?.split(',');
    const typesAsked = list('reportTypes');
    if (!typesAsked) return apiError(400, 'InvalidInput', 'reportTypes is required.');
    const statuses = list('processingStatuses');
    const now = world.clock.now();
    const moment = (name: string, otherwise: number) =>
      asked.has(name) ? Date.parse(asked.get(name)!) : otherwise;
    const [since, until] = [moment('createdSince', now - 90 * dayMs), moment('createdUntil', now)];
    if (since < now - 90 * dayMs - 60_000)
      return apiError(400, 'InvalidInput', 'createdSince must not be more than 90 days ago.');
    const all = [...works.values()]
      .filter((work) => work.type in requestable)
      .map((work) => shown(work, 'reportId', 'reportDocumentId'))
      .concat(madeReports())
      .filter((report) => {
        const created = Date.parse(String(report['createdTime']));
        return (
          typesAsked.includes(String(report['reportType'])) &&
          (statuses?.includes(String(report['processingStatus'])) ?? true) &&
          created >= since &&
          created <= until
        );
      })
      .sort((a, b) => String(b['createdTime']).localeCompare(String(a['createdTime'])));
    const size = Number(asked.get('pageSize') ?? 10);
    const offset = Number(asked.get('offset') ?? 0);
    const next = new URLSearchParams(asked);
    next.set('offset', String(offset + size));
    return json(200, {
      reports: all.slice(offset, offset + size),
      ...(offset + size < all.length
        ? { nextToken: Buffer.from(next.toString()).toString('base64url') }
        : {}),
    });
  };
  /** The file of a settlement is written when it is first asked for, the same each time. */
  const openSettlement = (id: string) => {
    const reportId = /settlement-(\d+)$/.exec(id)?.[1];
    const report = settlementReports(money, world.clock.now()).find((one) => one.id === reportId);
    const settlement = report && readSettlement(money, report.settlement);
    if (settlement)
      documents.set(id, {
        bytes: gzipSync(settlementFile(money, settlement)),
        contentType: 'text/plain',
        uploaded: true,
        linkUntil: 0,
      });
    return documents.get(id);
  };
  const linkTo = (call: Call, id: string) => {
    const held = documents.get(id) ?? openSettlement(id);
    if (!held) return apiError(404, 'NotFound', 'The document was not found.');
    held.linkUntil = world.clock.now() + linkLifeMs;
    const name = call.path.startsWith('/reports') ? 'reportDocumentId' : 'feedDocumentId';
    return json(200, { [name]: id, url: `${call.baseUrl}/documents/${id}`, compressionAlgorithm: 'GZIP' });
  };
  return [
    {
      operation: '_sim/feeds',
      method: 'GET',
      path: '/_sim/feeds',
      handle: () => {
        world.settle();
        const feeds = [...works.values()].filter((work) => !(work.type in requestable));
        return json(200, {
          items: feeds.map(({ id, type, createdAt, doneAt, status }) => ({
            id,
            type,
            createdAt,
            doneAt,
            status: status ?? null,
          })),
        });
      },
    },
    {
      operation: 'reports.createReport',
      method: 'POST',
      path: '/reports/2021-06-30/reports',
      handle: guarded('createReport', (call) => {
        const body = readJson<Json>(call);
        const type = String(body['reportType']);
        if (type === settlementReportType)
          return apiError(400, 'InvalidInput', 'Request for report type 1118 is not allowed at this time.');
        const daysMax = requestable[type];
        if (daysMax === undefined)
          return apiError(400, 'InvalidInput', `Report type ${type} is not available.`);
        const [from, to] = [
          Date.parse(String(body['dataStartTime'])),
          Date.parse(String(body['dataEndTime'] ?? new Date(world.clock.now()).toISOString())),
        ];
        if (Number.isFinite(daysMax) && (!(to > from) || to - from > daysMax * dayMs + 1000))
          return apiError(
            400,
            'InvalidInput',
            `The date range must be positive and at most ${daysMax} days.`,
          );
        const now = world.clock.now();
        const twin = [...works.values()].find(
          (work) =>
            work.type === type &&
            JSON.stringify(work.body) === JSON.stringify(body) &&
            now - work.createdAt < sameReportMs,
        );
        const work: Work = {
          id: nextId('5'),
          type,
          body,
          createdAt: now,
          doneAt: now + (options.reportSeconds ?? 180) * 1000,
          ...(twin ? { status: 'CANCELLED' } : {}),
        };
        works.set(work.id, work);
        return json(202, { reportId: work.id });
      }),
    },
    {
      operation: 'reports.getReport',
      method: 'GET',
      path: '/reports/2021-06-30/reports/:id',
      handle: guarded('getReport', (call) => {
        const id = String(call.params['id']);
        const work = works.get(id);
        if (work) return json(200, shown(work, 'reportId', 'reportDocumentId'));
        const made = madeReports().find((report) => report['reportId'] === id);
        return made ? json(200, made) : apiError(404, 'NotFound', 'The report was not found.');
      }),
    },
    {
      operation: 'reports.getReports',
      method: 'GET',
      path: '/reports/2021-06-30/reports',
      handle: guarded('getReports', (call) => listReports(call)),
    },
    {
      operation: 'reports.getReportDocument',
      method: 'GET',
      path: '/reports/2021-06-30/documents/:id',
      handle: guarded('getReportDocument', (call) => linkTo(call, String(call.params['id']))),
    },
    {
      operation: 'feeds.createFeedDocument',
      method: 'POST',
      path: '/feeds/2021-06-30/documents',
      handle: guarded('createFeedDocument', (call) => {
        const id = document(Buffer.alloc(0), String(readJson<Json>(call)['contentType']), false);
        return json(201, { feedDocumentId: id, url: `${call.baseUrl}/documents/${id}` });
      }),
    },
    {
      operation: 'feeds.createFeed',
      method: 'POST',
      path: '/feeds/2021-06-30/feeds',
      handle: guarded('createFeed', (call) => {
        const body = readJson<Json>(call);
        const input = documents.get(String(body['inputFeedDocumentId']));
        if (!input?.uploaded)
          return apiError(
            400,
            'InvalidInput',
            'The feed document was not found or nothing was uploaded to it.',
          );
        const now = world.clock.now();
        const type = String(body['feedType']);
        const alike = [...works.values()].filter((work) => work.type === type);
        if (
          type === listingsFeed &&
          alike.filter((work) => now - work.createdAt < feedsPerWindow.ms).length >= feedsPerWindow.count &&
          options.quotas !== 'lifted'
        )
          return {
            ...apiError(429, 'QuotaExceeded', 'Too many listings feeds in five minutes.'),
            refused: true,
          };
        // Feeds of one type are worked off one after another; a thousand listings take about two seconds.
        const messages =
          type === listingsFeed ? (input.bytes.toString().match(/"messageId"/g)?.length ?? 0) : 0;
        const begins = Math.max(now, ...alike.map((work) => work.doneAt));
        const work: Work = {
          id: nextId('2'),
          type,
          body,
          createdAt: now,
          doneAt: begins + 20_000 + messages * 2,
        };
        works.set(work.id, work);
        return json(202, { feedId: work.id });
      }),
    },
    {
      operation: 'feeds.getFeeds',
      method: 'GET',
      path: '/feeds/2021-06-30/feeds',
      handle: guarded('getFeeds', (call) => {
        const typesAsked = call.query.get('feedTypes')?.split(',');
        if (!typesAsked) return apiError(400, 'InvalidInput', 'feedTypes is required.');
        const since = Date.parse(call.query.get('createdSince') ?? '1970-01-01T00:00:00Z');
        const feeds = [...works.values()]
          .filter((work) => typesAsked.includes(work.type) && work.createdAt >= since)
          .sort((a, b) => b.createdAt - a.createdAt)
          .slice(0, Math.min(100, Number(call.query.get('pageSize') ?? 10)))
          .map((work) => shown(work, 'feedId', 'resultFeedDocumentId'));
        return json(200, { feeds });
      }),
    },
    {
      operation: 'feeds.getFeed',
      method: 'GET',
      path: '/feeds/2021-06-30/feeds/:id',
      handle: guarded('getFeed', (call) => {
        const work = works.get(String(call.params['id']));
        return work
          ? json(200, shown(work, 'feedId', 'resultFeedDocumentId'))
          : apiError(404, 'NotFound', 'The feed was not found.');
      }),
    },
    {
      operation: 'feeds.getFeedDocument',
      method: 'GET',
      path: '/feeds/2021-06-30/documents/:id',
      handle: guarded('getFeedDocument', (call) => linkTo(call, String(call.params['id']))),
    },
    {
      operation: 'documents.put',
      method: 'PUT',
      path: '/documents/:id',
      handle(call) {
        const held = documents.get(String(call.params['id']));
        if (!held || held.linkUntil < world.clock.now())
          return {
            status: 403,
            body: '<Error><Code>AccessDenied</Code><Message>Request has expired</Message></Error>',
          };
        if (String(call.headers['content-type']) !== held.contentType)
          return { status: 403, body: '<Error><Code>SignatureDoesNotMatch</Code></Error>' };
        held.bytes = Buffer.from(call.body);
        held.uploaded = true;
        return { status: 200 };
      },
    },
    {
      operation: 'documents.get',
      method: 'GET',
      path: '/documents/:id',
      handle(call) {
        const held = documents.get(String(call.params['id']));
        if (!held || held.linkUntil < world.clock.now())
          return {
            status: 403,
            body: '<Error><Code>AccessDenied</Code><Message>Request has expired</Message></Error>',
          };
        return { status: 200, body: held.bytes };
      },
    },
  ];
}

const columns = [
  'amazon-order-id',
  'merchant-order-id',
  'purchase-date',
  'last-updated-date',
  'order-status',
  'fulfillment-channel',
  'sales-channel',
  'order-channel',
  'ship-service-level',
  'product-name',
  'sku',
  'asin',
  'item-status',
  'quantity',
  'currency',
  'item-price',
  'item-tax',
  'shipping-price',
  'shipping-tax',
  'gift-wrap-price',
  'gift-wrap-tax',
  'item-promotion-discount',
  'ship-promotion-discount',
  'ship-city',
  'ship-state',
  'ship-postal-code',
  'ship-country',
  'promotion-ids',
  'is-business-order',
  'purchase-order-number',
  'price-designation',
] as const;
const statusNames: Readonly<Record<string, string>> = {
  PENDING: 'Pending',
  UNSHIPPED: 'Unshipped',
  PARTIALLY_SHIPPED: 'Shipping',
  SHIPPED: 'Shipped',
  CANCELLED: 'Cancelled',
};

/** No buyer, no address lines, no order-item ids: that is what the report lacks (limits-and-faults.md). */
function orderReport(world: AmazonWorld, body: Json): string | undefined {
  const [from, to] = [
    Date.parse(String(body['dataStartTime'])),
    Date.parse(String(body['dataEndTime'] ?? new Date(world.clock.now()).toISOString())),
  ];
  const rows: string[] = [];
  for (const row of world.all(
    'SELECT json FROM orders WHERE updated >= ? AND updated <= ? ORDER BY updated, id',
    from,
    to,
  )) {
    const order = JSON.parse(String(row['json'])) as Json;
    for (const item of order['orderItems'] as Json[]) rows.push(reportRow(order, item));
  }
  return rows.length === 0 ? undefined : `${columns.join('\t')}\n${rows.join('\n')}\n`;
}

function reportRow(order: Json, item: Json): string {
  const fulfilment = order['fulfillment'] as Json;
  const product = item['product'] as Json;
  const proceeds = item['proceeds'] as
    | {
        breakdowns: {
          type: string;
          subtotal: { amount: string; currencyCode: string };
          detailedBreakdowns?: { subtype: string; value: { amount: string } }[];
        }[];
      }
    | undefined;
  const amount = (type: string) =>
    proceeds?.breakdowns.find((one) => one.type === type)?.subtotal.amount ?? '';
  const discounts = proceeds?.breakdowns.find((one) => one.type === 'DISCOUNT')?.detailedBreakdowns ?? [];
  const off = (subtype: string) =>
    discounts.find((one) => one.subtype === subtype)?.value.amount.replace('-', '') ?? '';
  const address = ((order['recipient'] as Json | undefined)?.['deliveryAddress'] ?? {}) as Json;
  const status = statusNames[String(fulfilment['fulfillmentStatus'])] ?? 'Pending';
  const buyer = (order['buyer'] ?? {}) as Json;
  const channel = order['salesChannel'] as Json;
  const values: Record<(typeof columns)[number], unknown> = {
    'amazon-order-id': order['orderId'],
    'merchant-order-id': order['orderId'],
    'purchase-date': order['createdTime'],
    'last-updated-date': order['lastUpdatedTime'],
    'order-status': status === 'Shipping' ? 'Partially Shipped' : status,
    'fulfillment-channel': fulfilment['fulfilledBy'] === 'AMAZON' ? 'Amazon' : 'Merchant',
    'sales-channel': channel['channelName'] === 'NON_AMAZON' ? 'Non-Amazon' : channel['marketplaceName'],
    'order-channel': '',
    'ship-service-level': fulfilment['fulfillmentServiceLevel'],
    'product-name': product['title'],
    sku: product['sellerSku'],
    asin: product['asin'],
    'item-status': status,
    quantity: item['quantityOrdered'],
    currency: proceeds?.breakdowns[0]?.subtotal.currencyCode ?? '',
    'item-price': amount('ITEM'),
    'item-tax': amount('TAX'),
    'shipping-price': amount('SHIPPING'),
    'shipping-tax': '',
    'gift-wrap-price': amount('GIFT_WRAP'),
    'gift-wrap-tax': '',
    'item-promotion-discount': off('ITEM'),
    'ship-promotion-discount': off('SHIPPING'),
    'ship-city': address['city'],
    'ship-state': address['stateOrRegion'],
    'ship-postal-code': address['postalCode'],
    'ship-country': address['countryCode'],
    'promotion-ids': '',
    'is-business-order': ((order['programs'] ?? []) as string[]).includes('AMAZON_BUSINESS'),
    'purchase-order-number': buyer['buyerPurchaseOrderNumber'],
    'price-designation': (product['price'] as Json | undefined)?.['priceDesignation'] ? 'Business Price' : '',
  };
  return columns.map((name) => String(values[name] ?? '').replace(/[\t\n]/g, ' ')).join('\t');
}

/** Cancels the orders of the feed; the report counts the rows and lists those that failed, as Amazon's does. */
function acknowledge(world: AmazonWorld, text: string): string {
  const [header = '', ...lines] = text.trim().split('\n');
  const names = header.split('\t');
  const failed = lines.flatMap((line, index) => {
    const cells = line.split('\t');
    const orderId = cells[names.indexOf('order-id')] ?? '';
    const order = world.order(orderId);
    const ok = order !== undefined && world.cancel(order, 'MERCHANT');
    return ok ? [] : [[index + 1, orderId, '5000', 'Error', 'The order cannot be cancelled.'].join('\t')];
  });
  return [
    'Feed Processing Summary:',
    `\tNumber of records processed\t\t${lines.length}`,
    `\tNumber of records successful\t\t${lines.length - failed.length}`,
    '',
    'original-record-number\torder-id\terror-code\terror-type\terror-message',
    ...failed,
    '',
  ].join('\n');
}
