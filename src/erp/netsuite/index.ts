// Oracle NetSuite through SuiteTalk REST and SuiteQL. Role, quirks and limits: ./README.md
import type { DocumentKind, Erp, ErpField } from '../erp.ts';
import { bookStore } from './book-store.ts';
import { checkAccount } from './check.ts';
import { readChoices } from './choices.ts';
import { netsuiteClient } from './client.ts';
import { type CurrencyIds, documentStore, type NetSuiteParts } from './documents.ts';
import { readFields } from './fields.ts';
import { fulfilmentSource } from './fulfilments.ts';
import { itemLookup } from './items.ts';
import { type NetSuiteBucket, netsuiteLimits } from './limits.ts';
import { documentPage, itemPage } from './pages.ts';
import { sessionTime } from './session-time.ts';
import {
  type NetSuiteSecrets,
  type NetSuiteSettings,
  netsuiteSecrets,
  netsuiteSettings,
} from './settings.ts';
import { stockSource } from './stock.ts';
import { suiteql } from './suiteql.ts';

export const netsuite: Erp<NetSuiteSettings, NetSuiteSecrets, NetSuiteBucket> = {
  id: 'netsuite',
  title: 'Oracle NetSuite',
  settings: netsuiteSettings,
  secrets: netsuiteSecrets,
  limits: netsuiteLimits,
  documentPage,
  itemPage,
  open(settings, secrets, tools) {
    const client = netsuiteClient(settings, secrets, tools);
    let asked: Promise<CurrencyIds> | undefined;
    const currencies = () => {
      asked ??= suiteql(
        client,
        "SELECT id, symbol FROM currency WHERE isinactive = 'F' ORDER BY id",
        [],
        'currencies',
      ).then((rows) => new Map(rows.map((row) => [row['symbol'] ?? '', row['id'] ?? ''])));
      asked.catch(() => (asked = undefined));
      return asked;
    };
    const described = new Map<DocumentKind, Promise<readonly ErpField[]>>();
    const fields = (kind: DocumentKind) => {
      let known = described.get(kind);
      if (known === undefined) {
        known = readFields(client, kind);
        described.set(kind, known);
        known.catch(() => described.delete(kind));
      }
      return known;
    };
    const parts: NetSuiteParts = {
      client,
      settings,
      tools,
      time: sessionTime(client, settings),
      currencies,
      fields,
    };
    return {
      check: () => checkAccount(parts),
      choices: (kind, search) => readChoices(parts, kind, search),
      fields,
      items: itemLookup(client),
      documents: documentStore(parts),
      fulfilments: fulfilmentSource(parts),
      books: bookStore(parts),
      stock: stockSource(parts),
    };
  },
};
