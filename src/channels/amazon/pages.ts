// Where does a person see an order at Amazon? Seller Central has a host per region; in the Far East one per country.
import type { AmazonSettings } from './settings.ts';

const farEast: Readonly<Record<string, string>> = {
  A1VC38T7YXB528: 'sellercentral.amazon.co.jp',
  A39IBJ37TRP1C6: 'sellercentral.amazon.com.au',
  A19VAU5U5O7RUS: 'sellercentral.amazon.sg',
};

/** Only real accounts have pages: a simulator or a proxy answers programs alone. */
export function orderPage(settings: AmazonSettings, orderId: string): string | undefined {
  if (settings.baseUrl !== undefined) return undefined;
  const host =
    settings.region === 'na'
      ? 'sellercentral.amazon.com'
      : settings.region === 'eu'
        ? 'sellercentral-europe.amazon.com'
        : (farEast[settings.marketplaceIds[0] ?? ''] ?? 'sellercentral.amazon.co.jp');
  return `https://${host}/orders-v3/order/${encodeURIComponent(orderId)}`;
}
