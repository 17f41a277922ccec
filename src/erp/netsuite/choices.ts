// What may be chosen in settings? Lists read out of the account, so that nobody types an id.
import type { Choice, ChoiceKind } from '../erp.ts';
import type { NetSuiteParts } from './documents.ts';
import { suiteql } from './suiteql.ts';

type FieldChoice = 'custom-body-field' | 'custom-line-field';

const queries: Readonly<Record<Exclude<ChoiceKind, FieldChoice>, string>> = {
  location:
    "SELECT id, name, BUILTIN.DF(subsidiary) AS note FROM location WHERE isinactive = 'F' ORDER BY name",
  customer:
    "SELECT id, NVL(companyname, entityid) AS name, entityid AS note FROM customer WHERE isinactive = 'F' ORDER BY id",
  subsidiary:
    "SELECT id, name, country AS note FROM subsidiary WHERE isinactive = 'F' AND iselimination = 'F' ORDER BY name",
  'ship-method': "SELECT id, itemid AS name FROM shipitem WHERE isinactive = 'F' ORDER BY itemid",
  item: "SELECT id, itemid AS name, itemtype AS note FROM item WHERE isinactive = 'F' ORDER BY itemid",
  account:
    "SELECT id, fullname AS name, accttype AS note FROM account WHERE isinactive = 'F' ORDER BY acctnumber",
  currency: "SELECT id, symbol AS name FROM currency WHERE isinactive = 'F' ORDER BY symbol",
  department: "SELECT id, name FROM department WHERE isinactive = 'F' ORDER BY name",
  class: "SELECT id, name FROM classification WHERE isinactive = 'F' ORDER BY name",
  'sales-channel': 'SELECT id, name FROM saleschannel ORDER BY name',
  'payment-method': "SELECT id, name FROM paymentmethod WHERE isinactive = 'F' ORDER BY name",
  'tax-code': 'SELECT id, itemid AS name FROM salestaxitem ORDER BY itemid',
};
/** A list longer than this is searched, not scrolled. */
const shownMax = 200;

export async function readChoices(
  parts: Pick<NetSuiteParts, 'client' | 'fields'>,
  kind: ChoiceKind,
  search: string | undefined,
): Promise<readonly Choice[]> {
  const wanted = search?.trim().toLowerCase() ?? '';
  const all =
    kind === 'custom-body-field' || kind === 'custom-line-field'
      ? await customFields(parts, kind)
      : (await suiteql(parts.client, queries[kind], [], `the list of ${kind}s`)).map((row) => ({
          id: row['id'] ?? '',
          name: row['name'] ?? row['id'] ?? '',
          ...(row['note'] ? { note: row['note'] } : {}),
        }));
  return all
    .filter((choice) => wanted === '' || choice.name.toLowerCase().includes(wanted) || choice.id === wanted)
    .slice(0, shownMax);
}

/** From the description of sales orders: the table of custom fields asks for an administrator's permission. */
async function customFields(
  { fields }: Pick<NetSuiteParts, 'fields'>,
  kind: FieldChoice,
): Promise<readonly Choice[]> {
  const on = kind === 'custom-body-field' ? 'body' : 'line';
  return (await fields('sales-order'))
    .filter((field) => field.custom && field.on === on)
    .map(({ id, title, type }) => ({ id, name: title, note: type }));
}
