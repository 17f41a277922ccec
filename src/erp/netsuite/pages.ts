// Where does a person see a document in NetSuite? The pages have had these names for many releases.
import type { NetSuiteSettings } from './settings.ts';

const scripts: Readonly<Record<string, string>> = {
  'sales-order': 'salesord',
  'cash-sale': 'cashsale',
  invoice: 'custinvc',
  'item-fulfilment': 'itemship',
};

/** Only real accounts have pages: a simulator or a proxy answers programs alone. */
export function documentPage(
  { accountId, hostTemplate }: NetSuiteSettings,
  { kind, id }: { readonly kind: string; readonly id: string },
): string | undefined {
  const script = scripts[kind];
  if (script === undefined || !hostTemplate.endsWith('.suitetalk.api.netsuite.com')) return undefined;
  const host = accountId.toLowerCase().replaceAll('_', '-');
  return `https://${host}.app.netsuite.com/app/accounting/transactions/${script}.nl?id=${encodeURIComponent(id)}`;
}

/** NetSuite’s own search for an item of a name: the item itself may not be there yet. */
export function itemPage({ accountId, hostTemplate }: NetSuiteSettings, name: string): string | undefined {
  if (!hostTemplate.endsWith('.suitetalk.api.netsuite.com')) return undefined;
  const host = accountId.toLowerCase().replaceAll('_', '-');
  const query = new URLSearchParams({
    quicksearch: 'T',
    searchtype: 'Item',
    Uber_NAMEtype: 'KEYWORDSTARTSWITH',
    Uber_NAME: name,
  });
  return `https://${host}.app.netsuite.com/app/common/search/ubersearchresults.nl?${query}`;
}
