// How is a cancellation told? By the flat-file acknowledgement feed: the Orders API has no call for it (spapi.md §1, §3.2).
import { readTsv } from '../../formats/tsv.ts';
import type { Tools } from '../../http/tools.ts';
import type { CancellationOutcome, CancellationSink } from '../channel.ts';
import { download } from './backlog.ts';
import type { AmazonClient } from './client.ts';
import { submitFeed } from './feed-ticket.ts';
import type { AmazonBucket } from './limits.ts';
import type { AmazonSettings } from './settings.ts';
import { processing, readAs } from './wire.ts';

const feedType = 'POST_FLAT_FILE_ORDER_ACKNOWLEDGEMENT_DATA';
const contentType = 'text/tab-separated-values; charset=UTF-8';

export function cancellationSink(
  settings: AmazonSettings,
  parts: { readonly tools: Tools<AmazonBucket>; readonly client: AmazonClient },
): CancellationSink {
  const { client } = parts;
  return {
    reasons: [
      { code: 'NoInventory', title: 'No inventory' },
      { code: 'BuyerCanceled', title: 'The buyer asked for it' },
      { code: 'ShippingAddressUndeliverable', title: 'The address cannot be delivered to' },
      { code: 'CustomerExchange', title: 'Exchange' },
      { code: 'PricingError', title: 'Wrong price' },
      { code: 'GeneralAdjustment', title: 'Other' },
    ],
    async cancel(orders) {
      const rows = orders.map((order) => [order.channelOrderId, order.reason, ''].join('\t'));
      const text = ['order-id\tcancellation-reason-code\tamazon-order-item-code', ...rows, ''].join('\n');
      // Not marked as a write: sending the same cancellation twice changes nothing at Amazon.
      return submitFeed(settings, parts, {
        type: feedType,
        contentType,
        text,
        marketplaceIds: [...new Set(orders.map((order) => order.marketplaceId))],
        about: 'the cancellation feed',
      });
    },
    async collect(ticket) {
      const answer = await client({
        bucket: 'feeds.get',
        method: 'GET',
        path: `/feeds/2021-06-30/feeds/${encodeURIComponent(ticket)}`,
        about: 'the cancellation feed',
      });
      const feed = readAs(processing, answer.json(), 'The state of the feed');
      if (!['DONE', 'FATAL', 'CANCELLED'].includes(feed.processingStatus)) return undefined;
      if (!feed.resultFeedDocumentId)
        return {
          named: [],
          others: { accepted: false, message: `the feed ended as ${feed.processingStatus}` },
        };
      const report = await download(settings, parts, {
        bucket: 'feeds.document',
        path: `/feeds/2021-06-30/documents/${encodeURIComponent(feed.resultFeedDocumentId)}`,
        about: 'the cancellation feed',
      });
      return outcomesOf(report, feed.processingStatus);
    },
  };
}

/**
 * The report counts records and lists those that failed, in a layout that varies (README). Orders it does not name were
 * accepted when its counts leave no other failure.
 */
export function outcomesOf(report: string, status = 'DONE'): CancellationOutcome {
  const counted = (words: RegExp) => {
    const found = words.exec(report)?.[1];
    return found === undefined ? undefined : Number(found);
  };
  const processed = counted(/records processed\D*(\d+)/i);
  const successful = counted(/records successful\D*(\d+)/i);
  const start = report.search(/^(original-record-number|order-id|sku|record-number)/m);
  const named = new Map<string, CancellationOutcome['named'][number]>();
  let failures = 0;
  for (const row of start < 0 ? [] : readTsv(report.slice(start))) {
    const failed = /error|fatal/i.test(row['error-type'] ?? row['status'] ?? row['result'] ?? '');
    if (failed) failures++;
    const channelOrderId = row['order-id'] ?? row['sku'] ?? '';
    if (channelOrderId === '') continue;
    named.set(channelOrderId, {
      channelOrderId,
      accepted: !failed,
      ...(row['error-message'] ? { message: row['error-message'] } : {}),
    });
  }
  const nameless = failures > [...named.values()].filter((one) => !one.accepted).length;
  const explained =
    processed !== undefined && (successful === undefined || processed - successful <= failures) && !nameless;
  return {
    named: [...named.values()],
    others:
      status === 'DONE' && explained
        ? { accepted: true }
        : { accepted: false, message: `the report does not say what became of it (${status})` },
  };
}
