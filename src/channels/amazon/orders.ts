// How are orders read? Search by last update with every data set, one by id, the backlog report, notices. Pure words: to-order.ts.
import type { Tools } from '../../http/tools.ts';
import type { OrderDocument, OrderSource } from '../channel.ts';
import { backlogReport } from './backlog.ts';
import type { AmazonClient } from './client.ts';
import { fromFile } from './file-import.ts';
import type { AmazonBucket } from './limits.ts';
import { hintQueue } from './notifications.ts';
import { joinPersonal, splitPersonal } from './personal.ts';
import type { AmazonSecrets, AmazonSettings } from './settings.ts';
import { toOrder } from './to-order.ts';
import { orderAnswer, ordersPage, readAs } from './wire.ts';

const publicData = ['PROCEEDS', 'EXPENSE', 'PROMOTION', 'CANCELLATION', 'FULFILLMENT', 'PACKAGES', 'TAX'];
const personalData = ['BUYER', 'RECIPIENT'];
/** The most a page may hold (orders 2026-01-01, maxResultsPerPage). */
const pageSize = 100;

export function orderSource(
  settings: AmazonSettings,
  secrets: AmazonSecrets,
  { tools, client }: { readonly tools: Tools<AmazonBucket>; readonly client: AmazonClient },
): OrderSource {
  const includedData = [...(settings.includePersonalData ? personalData : []), ...publicData].join(',');
  return {
    async search({ from, page, onlyToShip }) {
      // A page token is only valid with just the parameters it was given for: they travel with it (spapi.md §2.1).
      const parameters =
        page === undefined
          ? searchParameters(settings, includedData, from, onlyToShip ?? false)
          : (JSON.parse(page) as Record<string, string>);
      const answer = await client({
        bucket: 'orders.search',
        method: 'GET',
        path: `/orders/2026-01-01/orders?${new URLSearchParams(parameters)}`,
        about: 'changed orders',
        unrecorded: true,
      });
      const { orders, pagination, lastUpdatedBefore } = readAs(
        ordersPage,
        answer.json(),
        'The list of orders',
      );
      const nextToken = pagination?.nextToken;
      return {
        documents: orders.map(documentOf),
        seenUntil: lastUpdatedBefore ? new Date(lastUpdatedBefore) : from,
        ...(nextToken ? { nextPage: JSON.stringify({ ...parameters, paginationToken: nextToken }) } : {}),
      };
    },
    async one(orderId) {
      const answer = await client({
        bucket: 'orders.get',
        method: 'GET',
        path: `/orders/2026-01-01/orders/${encodeURIComponent(orderId)}?includedData=${encodeURIComponent(includedData)}`,
        about: `order ${orderId}`,
        unrecorded: true,
      });
      if (answer.status === 404) return undefined;
      return documentOf(readAs(orderAnswer, answer.json(), `The order ${orderId}`).order);
    },
    toOrder,
    splitPersonal,
    joinPersonal,
    fromFile,
    backlog: backlogReport(settings, { tools, client }, pageSize),
    ...(settings.notifications ? { hints: hintQueue(settings.notifications, secrets) } : {}),
  };
}

function searchParameters(
  settings: AmazonSettings,
  includedData: string,
  from: Date,
  onlyToShip: boolean,
): Record<string, string> {
  return {
    lastUpdatedAfter: from.toISOString(),
    marketplaceIds: settings.marketplaceIds.join(','),
    maxResultsPerPage: String(pageSize),
    includedData,
    ...(onlyToShip ? { fulfilledBy: 'MERCHANT', fulfillmentStatuses: 'UNSHIPPED,PARTIALLY_SHIPPED' } : {}),
  };
}

function documentOf(order: { readonly orderId: string; readonly lastUpdatedTime: string }): OrderDocument {
  return { key: order.orderId, updatedAt: new Date(order.lastUpdatedTime), raw: order };
}
