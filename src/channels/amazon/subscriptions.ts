// Does Amazon send its notices to the queue? The destination belongs to the application (grantless), the subscription to
// the seller; both are made once and found again (spapi.md §5).
import { z } from 'zod';
import type { AmazonClient } from './client.ts';
import type { AmazonSettings } from './settings.ts';
import { readAs } from './wire.ts';

const scope = 'sellingpartnerapi::notifications' as const;
const kind = 'ORDER_CHANGE';
const destination = z.object({
  destinationId: z.string(),
  resource: z.object({ sqs: z.object({ arn: z.string() }).nullish() }),
});
const destinations = z.object({ payload: z.array(destination).nullish() });
const madeDestination = z.object({ payload: destination });

/** Makes sure that notices of changed orders reach the queue; true when a subscription had to be made. */
export async function ensureSubscription(
  client: AmazonClient,
  queue: NonNullable<AmazonSettings['notifications']>,
): Promise<boolean> {
  if (queue.queueArn === undefined) return false;
  const call = (
    method: 'GET' | 'POST',
    path: string,
    more: { readonly body?: unknown; readonly grantless?: typeof scope } = {},
  ) =>
    client({
      bucket: 'notifications.calls',
      method,
      path: `/notifications/v1${path}`,
      about: 'the subscription to order notices',
      waitMaxMs: 10_000,
      ...more,
    });
  const existing = await call('GET', `/subscriptions/${kind}`);
  if (existing.status !== 404) return false;
  const known = readAs(
    destinations,
    (await call('GET', '/destinations', { grantless: scope })).json(),
    'The list of destinations',
  ).payload?.find((one) => one.resource.sqs?.arn === queue.queueArn);
  const target =
    known ??
    readAs(
      madeDestination,
      (
        await call('POST', '/destinations', {
          grantless: scope,
          body: { name: 'Crossdock', resourceSpecification: { sqs: { arn: queue.queueArn } } },
        })
      ).json(),
      'The destination',
    ).payload;
  await call('POST', `/subscriptions/${kind}`, {
    body: {
      payloadVersion: '1.0',
      destinationId: target.destinationId,
      processingDirective: {
        eventFilter: {
          eventFilterType: kind,
          orderChangeTypes: ['OrderStatusChange', 'BuyerRequestedChange'],
        },
      },
    },
  });
  return true;
}
