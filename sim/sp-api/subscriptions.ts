// Who is told of changes? Notifications v1: destinations of the application (grantless) and subscriptions of the seller.
import { type Answer, type Call, json, type Route, readJson } from '../http.ts';
import { apiError } from './errors.ts';
import type { Json } from './generate.ts';
import type { AmazonContext } from './server.ts';

interface Destination {
  readonly destinationId: string;
  readonly name: string;
  readonly resource: Json;
}
interface Subscription {
  readonly type: string;
  readonly subscriptionId: string;
  readonly payloadVersion: string;
  readonly destinationId: string;
  readonly processingDirective?: Json;
}
interface Held {
  readonly destinations: Destination[];
  readonly subscriptions: Subscription[];
  serial: number;
}

/** The queue that the demo shop's own account has. */
export const demoQueueArn = 'arn:aws:sqs:us-east-1:123456789012:orders';
const scope = 'sellingpartnerapi::notifications';
/** Types that only EventBridge receives (spapi.md §5). */
const eventBridgeOnly =
  /^(BRANDED_ITEM_CONTENT_CHANGE|ITEM_PRODUCT_TYPE_CHANGE|LISTINGS_ITEM_|PRODUCT_TYPE_DEFINITIONS_CHANGE)/;
const known =
  /^(ORDER_CHANGE|FEED_PROCESSING_FINISHED|REPORT_PROCESSING_FINISHED|FBA_INVENTORY_AVAILABILITY_CHANGES|FULFILLMENT_ORDER_STATUS|TRANSACTION_UPDATE|ANY_OFFER_CHANGED|B2B_ANY_OFFER_CHANGED|PRICING_HEALTH|ACCOUNT_STATUS_CHANGED|SHIPMENT_TRACKING_MILESTONE_CHANGED)$/;

export interface Subscriptions {
  /** Whether a notice of this change goes to the demo queue: subscribed, and let through by its filter. */
  wants(type: string, change: string): boolean;
  routes(context: AmazonContext): Route[];
}

/** `subscribed`: the account begins with its queue subscribed to ORDER_CHANGE, as after a set-up. */
export function makeSubscriptions(
  state: { read(name: string): string | undefined; write(name: string, value: string): void },
  subscribed: boolean,
): Subscriptions {
  const held: Held = JSON.parse(
    state.read('subscriptions') ??
      JSON.stringify({
        serial: 1,
        destinations: subscribed
          ? [{ destinationId: 'destination-1', name: 'Demo queue', resource: { sqs: { arn: demoQueueArn } } }]
          : [],
        subscriptions: subscribed
          ? [
              {
                type: 'ORDER_CHANGE',
                subscriptionId: 'subscription-1',
                payloadVersion: '1.0',
                destinationId: 'destination-1',
              },
            ]
          : [],
      }),
  ) as Held;
  const save = () => state.write('subscriptions', JSON.stringify(held));
  const notFound = (what: string) => apiError(404, 'NotFound', `The ${what} was not found.`);
  const shown = ({ type: _type, ...subscription }: Subscription) => subscription;
  const createDestination = (call: Call): Answer => {
    const body = readJson<{ name?: string; resourceSpecification?: Json }>(call);
    const sqs = body.resourceSpecification?.['sqs'] as { arn?: string } | undefined;
    if (!body.name || !body.resourceSpecification)
      return apiError(400, 'InvalidInput', 'name and resourceSpecification are required.');
    if (sqs && !/^arn:aws[\w-]*:sqs:[\w-]+:\d{12}:[\w-]+$/.test(sqs.arn ?? ''))
      return apiError(400, 'InvalidInput', 'The ARN is not one of a standard SQS queue.');
    if (held.destinations.some((one) => JSON.stringify(one.resource) === JSON.stringify({ sqs })))
      return apiError(409, 'Conflict', 'A destination for this resource exists already.');
    const destination: Destination = {
      destinationId: `destination-${++held.serial}`,
      name: body.name,
      resource: sqs
        ? { sqs }
        : { eventBridge: { name: 'simulated', ...(body.resourceSpecification['eventBridge'] as Json) } },
    };
    held.destinations.push(destination);
    save();
    return json(200, { payload: destination });
  };
  const createSubscription = (call: Call): Answer => {
    const type = String(call.params['type']);
    const body = readJson<{ payloadVersion?: string; destinationId?: string; processingDirective?: Json }>(
      call,
    );
    const destination = held.destinations.find((one) => one.destinationId === body.destinationId);
    if (!known.test(type) && !eventBridgeOnly.test(type))
      return apiError(400, 'InvalidInput', `The notification type ${type} is not valid.`);
    if (!body.payloadVersion || !destination)
      return apiError(400, 'InvalidInput', 'payloadVersion and an existing destinationId are required.');
    if (eventBridgeOnly.test(type) && !('eventBridge' in destination.resource))
      return apiError(400, 'InvalidInput', `${type} is delivered to EventBridge only.`);
    if (
      held.subscriptions.some((one) => one.type === type && one.destinationId === destination.destinationId)
    )
      return apiError(409, 'Conflict', 'A subscription to this destination exists already.');
    const subscription: Subscription = {
      type,
      subscriptionId: `subscription-${++held.serial}`,
      payloadVersion: body.payloadVersion,
      destinationId: destination.destinationId,
      ...(body.processingDirective ? { processingDirective: body.processingDirective } : {}),
    };
    held.subscriptions.push(subscription);
    save();
    return json(200, { payload: shown(subscription) });
  };
  return {
    wants(type, change) {
      return held.subscriptions.some((one) => {
        if (one.type !== type) return false;
        const filter = one.processingDirective?.['eventFilter'] as
          | { orderChangeTypes?: string[] }
          | undefined;
        return filter?.orderChangeTypes === undefined || filter.orderChangeTypes.includes(change);
      });
    },
    routes({ guarded }) {
      const route = (
        [operation, method, path]: readonly [string, string, string],
        handle: (call: Call) => Answer,
        grantless = false,
      ): Route => ({
        operation: `notifications.${operation}`,
        method,
        path: `/notifications/v1${path}`,
        handle: guarded(operation, handle, grantless ? scope : undefined),
      });
      const remove = <One>(list: One[], matches: (one: One) => boolean): boolean => {
        const at = list.findIndex(matches);
        if (at >= 0) list.splice(at, 1);
        save();
        return at >= 0;
      };
      const byId = (call: Call) => (one: Subscription) =>
        one.type === call.params['type'] && one.subscriptionId === call.params['id'];
      return [
        route(
          ['getDestinations', 'GET', '/destinations'],
          () => json(200, { payload: held.destinations }),
          true,
        ),
        route(['createDestination', 'POST', '/destinations'], createDestination, true),
        route(
          ['getDestination', 'GET', '/destinations/:id'],
          (call) => {
            const found = held.destinations.find((one) => one.destinationId === call.params['id']);
            return found ? json(200, { payload: found }) : notFound('destination');
          },
          true,
        ),
        route(
          ['deleteDestination', 'DELETE', '/destinations/:id'],
          (call) =>
            remove(held.destinations, (one) => one.destinationId === call.params['id'])
              ? json(200, {})
              : notFound('destination'),
          true,
        ),
        route(['getSubscription', 'GET', '/subscriptions/:type'], (call) => {
          const found = held.subscriptions.find((one) => one.type === call.params['type']);
          return found ? json(200, { payload: shown(found) }) : notFound('subscription');
        }),
        route(['createSubscription', 'POST', '/subscriptions/:type'], createSubscription),
        route(
          ['getSubscriptionById', 'GET', '/subscriptions/:type/:id'],
          (call) => {
            const found = held.subscriptions.find(byId(call));
            return found ? json(200, { payload: shown(found) }) : notFound('subscription');
          },
          true,
        ),
        route(
          ['deleteSubscriptionById', 'DELETE', '/subscriptions/:type/:id'],
          (call) => (remove(held.subscriptions, byId(call)) ? json(200, {}) : notFound('subscription')),
          true,
        ),
      ];
    },
  };
}
