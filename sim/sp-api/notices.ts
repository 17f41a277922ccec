// How do notices leave simulated Amazon? As ORDER_CHANGE messages in a queue that speaks SQS's JSON protocol.
import { createHash, randomUUID } from 'node:crypto';
import type { SimClock } from '../clock.ts';
import type { Faults } from '../faults.ts';
import { json, type Route, readJson } from '../http.ts';
import { makeRandom } from '../random.ts';
import type { Json } from './generate.ts';
import type { AmazonOrder } from './world.ts';

interface Message {
  readonly id: string;
  readonly body: string;
  visibleAt: number;
  receipt?: string;
}

export interface NoticeQueue {
  orderChanged(order: AmazonOrder): void;
  routes(): Route[];
}

const visibilityMs = 30_000;
/** A queue nobody reads must not grow for ever. */
const messagesMax = 20_000;

export function noticeQueue(
  clock: SimClock,
  faults: Faults,
  wanted: (change: string) => boolean = () => true,
): NoticeQueue {
  const random = makeRandom('notices');
  const messages: Message[] = [];
  const push = (body: string, delayMs: number) => {
    if (messages.length < messagesMax)
      messages.push({ id: randomUUID(), body, visibleAt: clock.now() + delayMs });
  };
  return {
    orderChanged(order) {
      const notice = orderChange(order, clock.now());
      if (!wanted(changeOf(order)) || faults.happens('hint-lost')) return;
      const body = JSON.stringify(notice);
      // Late by hours, out of order by up to a minute, or again and again: queues promise none of the three.
      const delayMs = faults.happens('hint-late')
        ? 2 * 3_600_000
        : faults.happens('hint-reordered')
          ? random.integer(1_000, 60_000)
          : 0;
      push(body, delayMs);
      if (faults.happens('hint-duplicate'))
        for (let copy = 1; copy <= 9; copy++) push(body, delayMs + copy * 1_000);
      if (faults.happens('hint-forged'))
        push('{"NotificationType":"ORDER_CHANGE","Payload":{"nothing":1}}', 0);
    },
    routes: () => {
      const handle: Route['handle'] = (call) => {
        const target = String(call.headers['x-amz-target'] ?? '').replace('AmazonSQS.', '');
        const body = readJson<Json>(call);
        const answer = actions[target]?.(body);
        return answer === undefined
          ? json(400, { __type: 'com.amazonaws.sqs#UnsupportedOperation', message: target })
          : json(200, answer, { 'content-type': 'application/x-amz-json-1.0' });
      };
      const remove = (receipt: unknown) => {
        const at = messages.findIndex((message) => message.receipt === receipt);
        if (at >= 0) messages.splice(at, 1);
      };
      const actions: Readonly<Record<string, (body: Json) => Json>> = {
        ReceiveMessage(body) {
          const now = clock.now();
          const taken = messages
            .filter((message) => message.visibleAt <= now)
            .slice(0, Number(body['MaxNumberOfMessages'] ?? 1));
          for (const message of taken) {
            message.visibleAt = now + visibilityMs;
            message.receipt = randomUUID();
          }
          return taken.length === 0
            ? {}
            : {
                Messages: taken.map((message) => ({
                  MessageId: message.id,
                  ReceiptHandle: message.receipt,
                  Body: message.body,
                  MD5OfBody: createHash('md5').update(message.body).digest('hex'),
                })),
              };
        },
        DeleteMessage(body) {
          remove(body['ReceiptHandle']);
          return {};
        },
        DeleteMessageBatch(body) {
          const entries = body['Entries'] as { Id: string; ReceiptHandle: string }[];
          for (const entry of entries) remove(entry.ReceiptHandle);
          return { Successful: entries.map((entry) => ({ Id: entry.Id })), Failed: [] };
        },
        GetQueueAttributes: () => ({ Attributes: { ApproximateNumberOfMessages: String(messages.length) } }),
      };
      return [
        { operation: 'sqs', method: 'POST', path: '/', handle },
        { operation: 'sqs', method: 'POST', path: '/queues/*', handle },
      ];
    },
  };
}

const oldStatus: Readonly<Record<string, string>> = {
  PENDING: 'Pending',
  UNSHIPPED: 'Unshipped',
  PARTIALLY_SHIPPED: 'PartiallyShipped',
  SHIPPED: 'Shipped',
  CANCELLED: 'Canceled',
  UNFULFILLABLE: 'Unfulfillable',
  PENDING_AVAILABILITY: 'PendingAvailability',
};

const changeOf = (order: AmazonOrder): 'OrderStatusChange' | 'BuyerRequestedChange' =>
  (order['orderItems'] as Json[]).some((item) => {
    const cancellation = item['cancellation'] as Json | undefined;
    return cancellation?.['cancellationRequest'] && !cancellation['cancellationExecution'];
  })
    ? 'BuyerRequestedChange'
    : 'OrderStatusChange';

/** ORDER_CHANGE still speaks the words of Orders v0 (spapi.md §5). */
export function orderChange(order: AmazonOrder, nowMs: number): Json {
  const fulfilment = order['fulfillment'] as Json;
  const at = new Date(nowMs).toISOString();
  const channel = order['salesChannel'] as Json;
  const items = order['orderItems'] as Json[];
  return {
    NotificationVersion: '1.0',
    NotificationType: 'ORDER_CHANGE',
    PayloadVersion: '1.0',
    EventTime: at,
    Payload: {
      OrderChangeNotification: {
        NotificationLevel: 'OrderLevel',
        SellerId: 'A3CROSSDOCKSIM',
        AmazonOrderId: order.orderId,
        OrderChangeType: changeOf(order),
        OrderChangeTrigger: { TimeOfOrderChange: order.lastUpdatedTime, ChangeReason: 'Status' },
        Summary: {
          MarketplaceId: channel['marketplaceId'],
          OrderStatus: oldStatus[String(fulfilment['fulfillmentStatus'])] ?? 'Pending',
          PurchaseDate: order.createdTime,
          DestinationPostalCode: null,
          SupplySourceId: null,
          OrderItemId: null,
          SellerOrderId: null,
          BuyerRequestedCancel: null,
          HaulTrackingNumbers: [],
          FulfillmentType: fulfilment['fulfilledBy'] === 'AMAZON' ? 'AFN' : 'MFN',
          OrderType: 'StandardOrder',
          NumberOfItemsShipped: 0,
          NumberOfItemsUnshipped: items.length,
          OrderItems: items.map((item) => ({
            OrderItemId: item['orderItemId'],
            SellerSKU: (item['product'] as Json)['sellerSku'],
            Quantity: item['quantityOrdered'],
            SupplySourceId: null,
            OrderItemPrograms: [],
            ShippingPrograms: [],
          })),
        },
      },
    },
    NotificationMetadata: {
      ApplicationId: 'amzn1.sellerapps.app.simulated',
      SubscriptionId: 'simulated',
      PublishTime: at,
      NotificationId: randomUUID(),
    },
  };
}
