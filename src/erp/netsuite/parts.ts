// What do the parts of the connector share? One account's client, settings, clock of its session and currencies.
import type { Tools } from '../../http/tools.ts';
import type { DocumentKind, ErpField } from '../erp.ts';
import type { NetSuiteClient } from './client.ts';
import type { NetSuiteBucket } from './limits.ts';
import type { SessionTime } from './session-time.ts';
import type { NetSuiteSettings } from './settings.ts';

/** Internal id by ISO symbol; differs from account to account. */
export type CurrencyIds = ReadonlyMap<string, string>;

export interface NetSuiteParts {
  readonly client: NetSuiteClient;
  readonly settings: NetSuiteSettings;
  readonly tools: Tools<NetSuiteBucket>;
  readonly time: SessionTime;
  /** Read once per session, before the first document is planned. */
  readonly currencies: () => Promise<CurrencyIds>;
  /** The account's own description of a kind of document, read once per session. */
  readonly fields: (kind: DocumentKind) => Promise<readonly ErpField[]>;
}
