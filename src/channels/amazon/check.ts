// Does this connection work, and what can the account do? Token, participations, and whether buyer data is shown.
import { ConnectionError } from '../../core/errors.ts';
import type { Tools } from '../../http/tools.ts';
import type { ChannelReport } from '../channel.ts';
import type { AmazonClient } from './client.ts';
import type { AmazonBucket } from './limits.ts';
import { marketplaceById } from './marketplaces.ts';
import type { AmazonSettings } from './settings.ts';
import { ensureSubscription } from './subscriptions.ts';
import { participations, readAs } from './wire.ts';

export async function checkAccount(
  settings: AmazonSettings,
  { client }: { readonly tools: Tools<AmazonBucket>; readonly client: AmazonClient },
): Promise<ChannelReport> {
  const misplaced = settings.marketplaceIds.filter((id) => marketplaceById(id)?.region !== settings.region);
  // A simulator serves all regions at one host; Amazon itself never does.
  if (misplaced.length > 0 && settings.baseUrl === undefined)
    throw new ConnectionError(
      'REGION_WRONG',
      `${misplaced.map((id) => marketplaceById(id)?.name).join(', ')} do not belong to region ${settings.region}.`,
      {
        field: 'region',
        nextSteps: [
          `Choose region ${marketplaceById(misplaced[0])?.region}, or make one connection per region.`,
        ],
        facts: { side: 'channel' },
      },
    );
  const answer = await client({
    bucket: 'sellers.participations',
    method: 'GET',
    path: '/sellers/v1/marketplaceParticipations',
    about: 'the account’s marketplaces',
    waitMaxMs: 5_000,
  });
  const { payload } = readAs(participations, answer.json(), 'The list of marketplaces');
  const absent = settings.marketplaceIds.filter(
    (id) => !payload.some((row) => row.marketplace.id === id && row.participation.isParticipating),
  );
  if (absent.length === settings.marketplaceIds.length)
    throw new ConnectionError('REGION_WRONG', 'The account takes part in none of the chosen marketplaces.', {
      field: 'marketplaceIds',
      nextSteps: [
        `Choose among: ${
          payload
            .filter((row) => row.participation.isParticipating)
            .map((row) => row.marketplace.name)
            .join(', ') || 'none in this region – check the region'
        }.`,
      ],
      facts: { side: 'channel' },
    });
  if (settings.notifications) await ensureSubscription(client, settings.notifications);
  return {
    accountName: payload.find((row) => row.storeName)?.storeName ?? settings.sellerId,
    marketplaces: payload.map((row) => ({
      id: row.marketplace.id,
      name: row.marketplace.name,
      country: row.marketplace.countryCode,
      currency: row.marketplace.defaultCurrencyCode,
      participating: row.participation.isParticipating,
    })),
    warnings: [
      ...absent.map(
        (id) =>
          `The account does not take part in ${marketplaceById(id)?.name ?? id}; no orders come from there.`,
      ),
      ...(settings.includePersonalData
        ? await addressWarning(client, settings)
        : ['Buyer data is switched off: merchant orders arrive without a street address.']),
    ],
  };
}

/** Without the restricted role Amazon leaves addresses out in silence (spapi.md §2.6): one recent order to ship tells. */
async function addressWarning(client: AmazonClient, settings: AmazonSettings): Promise<readonly string[]> {
  const query = new URLSearchParams({
    createdAfter: new Date(Date.UTC(2020, 0, 1)).toISOString(),
    marketplaceIds: settings.marketplaceIds.join(','),
    fulfilledBy: 'MERCHANT',
    fulfillmentStatuses: 'UNSHIPPED',
    maxResultsPerPage: '1',
    includedData: 'RECIPIENT',
  });
  const answer = await client({
    bucket: 'orders.search',
    method: 'GET',
    path: `/orders/2026-01-01/orders?${query}`,
    about: 'one order',
    unrecorded: true,
    waitMaxMs: 5_000,
  });
  const [order] =
    (answer.json() as { orders?: readonly { recipient?: { deliveryAddress?: { addressLine1?: string } } }[] })
      .orders ?? [];
  return order && !order.recipient?.deliveryAddress?.addressLine1
    ? [
        'Amazon leaves the street address out: the application lacks the role Direct-to-Consumer Delivery (Restricted). Merchant orders cannot be shipped without it.',
      ]
    : [];
}
