// How much does NetSuite allow? Calls in flight at once, over REST, RESTlets and SOAP of all integrations (netsuite.md §4).
import type { Limit } from '../../http/tools.ts';

export type NetSuiteBucket = 'calls';
/** Four of the five that the smallest service tier has; settings.concurrencyMax says otherwise where the account has more. */
export const netsuiteLimits: Readonly<Record<NetSuiteBucket, Limit>> = {
  calls: { kind: 'concurrency', max: 4 },
};
