// What may be chosen in settings? Lists read out of the account, so that nobody types an id.
import type { Choice, ChoiceKind } from '../erp.ts';
import type { NetSuiteClient } from './client.ts';
import { suiteql } from './suiteql.ts';

const queries: Readonly<Record<ChoiceKind, string>> = {
  location:
    "SELECT id, name, BUILTIN.DF(subsidiary) AS note FROM location WHERE isinactive = 'F' ORDER BY name",
  customer:
    "SELECT id, NVL(companyname, entityid) AS name, entityid AS note FROM customer WHERE isinactive = 'F' ORDER BY id",
  subsidiary: "SELECT id, name FROM subsidiary WHERE isinactive = 'F' ORDER BY name",
  'ship-method': "SELECT id, itemid AS name FROM shipitem WHERE isinactive = 'F' ORDER BY itemid",
  item: "SELECT id, itemid AS name, itemtype AS note FROM item WHERE isinactive = 'F' ORDER BY itemid",
  account:
    "SELECT id, fullname AS name, accttype AS note FROM account WHERE isinactive = 'F' ORDER BY acctnumber",
  currency: "SELECT id, symbol AS name FROM currency WHERE isinactive = 'F' ORDER BY symbol",
  department: "SELECT id, name FROM department WHERE isinactive = 'F' ORDER BY name",
  class: "SELECT id, name FROM classification WHERE isinactive = 'F' ORDER BY name",
  'sales-channel': 'SELECT id, name FROM saleschannel ORDER BY name',
  'payment-method': "SELECT id, name FROM paymentmethod WHERE isinactive = 'F' ORDER BY name",
  'custom-body-field':
    "SELECT scriptid AS id, name FROM customfield WHERE LOWER(scriptid) LIKE 'custbody%' ORDER BY scriptid",
  'custom-line-field':
    "SELECT scriptid AS id, name FROM customfield WHERE LOWER(scriptid) LIKE 'custcol%' ORDER BY scriptid",
  'tax-code': 'SELECT id, itemid AS name FROM salestaxitem ORDER BY itemid',
};
/** A list longer than this is searched, not scrolled. */
const shownMax = 200;

export async function readChoices(
  client: NetSuiteClient,
  kind: ChoiceKind,
  search: string | undefined,
): Promise<readonly Choice[]> {
  const rows = await suiteql(client, queries[kind], [], `the list of ${kind}s`);
  const wanted = search?.trim().toLowerCase() ?? '';
  return rows
    .map((row) => ({
      id: row['id'] ?? '',
      name: row['name'] ?? row['id'] ?? '',
      ...(row['note'] ? { note: row['note'] } : {}),
    }))
    .filter((choice) => wanted === '' || choice.name.toLowerCase().includes(wanted) || choice.id === wanted)
    .slice(0, shownMax);
}
