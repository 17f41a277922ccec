// Which marketplaces are there? Ids, currencies and tax habits, in one table (spapi.md §4; Amazon's marketplace id page).

export interface Marketplace {
  readonly id: string;
  readonly name: string;
  readonly country: string;
  readonly currency: string;
  readonly region: 'na' | 'eu' | 'fe';
  /** Prices shown to buyers contain the tax (VAT, GST, consumption tax). */
  readonly taxIncluded: boolean;
}

const row = (
  id: string,
  name: string,
  country: string,
  currency: string,
  region: Marketplace['region'],
  taxIncluded: boolean,
): Marketplace => ({ id, name, country, currency, region, taxIncluded });

export const marketplaces: readonly Marketplace[] = [
  row('ATVPDKIKX0DER', 'Amazon.com', 'US', 'USD', 'na', false),
  row('A2EUQ1WTGCTBG2', 'Amazon.ca', 'CA', 'CAD', 'na', false),
  row('A1AM78C64UM0Y8', 'Amazon.com.mx', 'MX', 'MXN', 'na', true),
  row('A2Q3Y263D00KWC', 'Amazon.com.br', 'BR', 'BRL', 'na', true),
  row('A1F83G8C2ARO7P', 'Amazon.co.uk', 'GB', 'GBP', 'eu', true),
  row('A1PA6795UKMFR9', 'Amazon.de', 'DE', 'EUR', 'eu', true),
  row('A13V1IB3VIYZZH', 'Amazon.fr', 'FR', 'EUR', 'eu', true),
  row('APJ6JRA9NG5V4', 'Amazon.it', 'IT', 'EUR', 'eu', true),
  row('A1RKKUPIHCS9HS', 'Amazon.es', 'ES', 'EUR', 'eu', true),
  row('A1805IZSGTT6HS', 'Amazon.nl', 'NL', 'EUR', 'eu', true),
  row('AMEN7PMS3EDWL', 'Amazon.com.be', 'BE', 'EUR', 'eu', true),
  row('A28R8C7NBKEWEA', 'Amazon.ie', 'IE', 'EUR', 'eu', true),
  row('A2NODRKZP88ZB9', 'Amazon.se', 'SE', 'SEK', 'eu', true),
  row('A1C3SOZRARQ6R3', 'Amazon.pl', 'PL', 'PLN', 'eu', true),
  row('A33AVAJ2PDY3EV', 'Amazon.com.tr', 'TR', 'TRY', 'eu', true),
  row('ARBP9OOSHTCHU', 'Amazon.eg', 'EG', 'EGP', 'eu', true),
  row('A17E79C6D8DWNP', 'Amazon.sa', 'SA', 'SAR', 'eu', true),
  row('A2VIGQ35RCS4UG', 'Amazon.ae', 'AE', 'AED', 'eu', true),
  row('A21TJRUUN4KGV', 'Amazon.in', 'IN', 'INR', 'eu', true),
  row('AE08WJ6YKNBMC', 'Amazon.co.za', 'ZA', 'ZAR', 'eu', true),
  row('A1VC38T7YXB528', 'Amazon.co.jp', 'JP', 'JPY', 'fe', true),
  row('A39IBJ37TRP1C6', 'Amazon.com.au', 'AU', 'AUD', 'fe', true),
  row('A19VAU5U5O7RUS', 'Amazon.sg', 'SG', 'SGD', 'fe', true),
];

export const marketplaceById = (id: string | undefined) =>
  marketplaces.find((marketplace) => marketplace.id === id);
/** Reports name the marketplace as “Amazon.com”; case and a leading “www.” vary. */
export const marketplaceByName = (name: string | undefined) =>
  marketplaces.find(
    (marketplace) =>
      marketplace.name.toLowerCase() ===
      name
        ?.trim()
        .toLowerCase()
        .replace(/^www\./, ''),
  );

export const regionHosts: Readonly<
  Record<Marketplace['region'], { readonly url: string; readonly awsRegion: string }>
> = {
  na: { url: 'https://sellingpartnerapi-na.amazon.com', awsRegion: 'us-east-1' },
  eu: { url: 'https://sellingpartnerapi-eu.amazon.com', awsRegion: 'eu-west-1' },
  fe: { url: 'https://sellingpartnerapi-fe.amazon.com', awsRegion: 'us-west-2' },
};
