// How does Amazon learn a quantity? One SKU by a patch of its listing, many by a listings feed; only ever for listings
// the merchant ships, and by merge, so that lead time and restock date survive (spapi.md §3.4).
import { RecordError } from '../../core/errors.ts';
import { readTsv } from '../../formats/tsv.ts';
import type { Tools } from '../../http/tools.ts';
import type { ChannelListing, PlannedRequest, StockOutcome, StockSink, StockUpdate } from '../channel.ts';
import { download } from './backlog.ts';
import type { AmazonClient } from './client.ts';
import { submitFeed } from './feed-ticket.ts';
import type { AmazonBucket } from './limits.ts';
import { reportState, requestReport } from './report-ticket.ts';
import type { AmazonSettings } from './settings.ts';
import { feedList, listingSubmission, listingsReport, processing, readAs } from './wire.ts';

const feedType = 'JSON_LISTINGS_FEED';
const contentType = 'application/json; charset=UTF-8';
/** Messages of one feed (spapi.md §3.4, since May 2025). */
const bulkMax = 25_000;
/** Feeds of this type that one seller may hand over in a region, beside createFeed's own rate (spapi.md §3.4, May 2025). */
const bulkWindow = { count: 5, ms: 5 * 60_000 };
/** Offer-only patches are accepted under any product type; a listing whose own is not known uses this one. */
const anyProductType = 'PRODUCT';

interface Parts {
  readonly tools: Tools<AmazonBucket>;
  readonly client: AmazonClient;
}

export function stockSink(settings: AmazonSettings, parts: Parts): StockSink {
  const { client } = parts;
  return {
    bulkMax,
    bulkWindow,
    listings: {
      request: () =>
        requestReport(settings, client, {
          type: 'GET_MERCHANT_LISTINGS_ALL_DATA',
          about: 'the listings report',
        }),
      state: (ticket) => reportState(client, ticket, 'the listings report'),
      read: async (documentId) =>
        listingsOf(
          await download(settings, parts, {
            bucket: 'reports.document',
            path: `/reports/2021-06-30/documents/${encodeURIComponent(documentId)}`,
            about: 'the listings report',
          }),
        ),
    },
    plan: (update) => planPatch(settings, update),
    async send(update) {
      const plan = planPatch(settings, update);
      const answer = await client({
        bucket: 'listings.patch',
        method: 'PATCH',
        path: plan.path,
        body: plan.body,
        about: `the quantity of ${update.sku}`,
        write: true,
        waitMaxMs: 10_000,
      });
      if (answer.status === 404)
        throw new RecordError('LISTING_UNKNOWN', `Amazon has no listing ${update.sku}.`, {
          nextSteps: ['Look for the SKU in Seller Central → Manage inventory; it may have been deleted.'],
          facts: { sku: update.sku },
        });
      const submission = readAs(listingSubmission, answer.json(), `The answer about ${update.sku}`);
      if (submission.status !== 'ACCEPTED')
        throw new RecordError(
          'REFUSED_BY_CHANNEL',
          `Amazon refused the quantity of ${update.sku}: ${submission.issues?.map((issue) => issue.message).join(' ') || submission.status}.`,
          {
            nextSteps: ['Correct the listing in Seller Central, then send the figure again.'],
            facts: { sku: update.sku, cause: submission.issues?.[0]?.code ?? submission.status },
          },
        );
    },
    submit: (updates) =>
      submitFeed(settings, parts, {
        type: feedType,
        contentType,
        text: feedOf(settings, updates),
        marketplaceIds: settings.marketplaceIds,
        about: 'the listings feed',
        write: true,
      }),
    collect: (ticket) => collectFeed(settings, parts, ticket),
    async ticketsSince(from) {
      const answer = await client({
        bucket: 'feeds.list',
        method: 'GET',
        path: `/feeds/2021-06-30/feeds?feedTypes=${feedType}&pageSize=100&createdSince=${encodeURIComponent(from.toISOString())}`,
        about: 'the listings feeds',
        waitMaxMs: 60_000,
      });
      const { feeds } = readAs(feedList, answer.json(), 'The list of feeds');
      return [...feeds]
        .sort((a, b) => (a.createdTime ?? '').localeCompare(b.createdTime ?? ''))
        .map((feed) => ({ ticket: feed.feedId, finished: finished.includes(feed.processingStatus) }));
    },
  };
}

const finished = ['DONE', 'FATAL', 'CANCELLED'];

/** `DEFAULT` is the seller's own stock. The codes of Amazon's warehouses are never named here. */
const patchOf = (quantity: number) => [
  {
    op: 'merge',
    path: '/attributes/fulfillment_availability',
    value: [{ fulfillment_channel_code: 'DEFAULT', quantity }],
  },
];

/** The exact request for one SKU; the SKU may hold any character and is encoded. */
export function planPatch(settings: AmazonSettings, update: StockUpdate): PlannedRequest {
  if (!Number.isInteger(update.quantity) || update.quantity < 0)
    throw new RecordError(
      'QUANTITY_INVALID',
      `${update.quantity} is not a quantity that ${update.sku} can show.`,
      {
        nextSteps: ['Report this: quantities are whole and not negative.'],
      },
    );
  return {
    method: 'PATCH',
    path: `/listings/2021-08-01/items/${encodeURIComponent(settings.sellerId)}/${encodeURIComponent(update.sku)}?marketplaceIds=${settings.marketplaceIds.join(',')}`,
    headers: {},
    body: { productType: update.productType ?? anyProductType, patches: patchOf(update.quantity) },
  };
}

/** The feed's text, one message per SKU in the order given. */
export function feedOf(settings: AmazonSettings, updates: readonly StockUpdate[]): string {
  return JSON.stringify({
    header: {
      sellerId: settings.sellerId,
      version: '2.0',
      issueLocale: 'en_US',
      report: { includedData: ['issues'], apiVersion: '2021-08-01' },
    },
    messages: updates.map((update, index) => ({
      messageId: index + 1,
      sku: update.sku,
      operationType: 'PATCH',
      productType: update.productType ?? anyProductType,
      patches: patchOf(update.quantity),
    })),
  });
}

async function collectFeed(
  settings: AmazonSettings,
  parts: Parts,
  ticket: string,
): ReturnType<StockSink['collect']> {
  const answer = await parts.client({
    bucket: 'feeds.get',
    method: 'GET',
    path: `/feeds/2021-06-30/feeds/${encodeURIComponent(ticket)}`,
    about: 'the listings feed',
  });
  const feed = readAs(processing, answer.json(), 'The state of the feed');
  if (!finished.includes(feed.processingStatus)) return { state: 'working' };
  if (feed.processingStatus !== 'DONE' || !feed.resultFeedDocumentId)
    return {
      state: 'failed',
      message: `Amazon ended the listings feed ${ticket} as ${feed.processingStatus}.`,
    };
  const report = readAs(
    listingsReport,
    JSON.parse(
      await download(settings, parts, {
        bucket: 'feeds.document',
        path: `/feeds/2021-06-30/documents/${encodeURIComponent(feed.resultFeedDocumentId)}`,
        about: 'the listings feed',
      }),
    ),
    'The report on the listings feed',
  );
  const refused = new Map<string, StockOutcome>();
  for (const issue of report.issues ?? [])
    if (issue.severity === 'ERROR' && issue.sku)
      refused.set(issue.sku, { sku: issue.sku, accepted: false, message: issue.message ?? issue.code ?? '' });
  return { state: 'done', refused: [...refused.values()] };
}

/** The columns differ by marketplace and age of the account; what is needed is taken by name (spapi.md §3.6). */
export function listingsOf(text: string): readonly ChannelListing[] {
  const listings: ChannelListing[] = [];
  for (const row of readTsv(text)) {
    const sku = row['seller-sku'] ?? row['sku'] ?? '';
    if (sku === '') continue;
    const channel = row['fulfillment-channel'] ?? row['fulfilment-channel'] ?? 'DEFAULT';
    const asin = row['asin1'] ?? row['asin'] ?? '';
    const quantity = row['quantity'] ?? '';
    const fulfilment = channel === '' || channel === 'DEFAULT' ? 'merchant' : 'marketplace';
    listings.push({
      sku,
      fulfilment,
      active: (row['status'] ?? 'Active') === 'Active',
      title: row['item-name'] ?? '',
      ...(asin === '' ? {} : { asin }),
      ...(fulfilment === 'merchant' && /^\d+$/.test(quantity) ? { quantity: Number(quantity) } : {}),
    });
  }
  return listings;
}
