// Whose customer record carries the order? Found by external id, or as the account has it already, else made once.
import { RecordError } from '../../core/errors.ts';
import type { DocumentStore } from '../erp.ts';
import type { NetSuiteClient } from './client.ts';
import { externalId } from './external-ids.ts';
import type { NetSuiteParts } from './parts.ts';
import { suiteql } from './suiteql.ts';

export async function ensureCustomer(
  { client, settings, currencies }: NetSuiteParts,
  customer: Parameters<DocumentStore['ensureCustomer']>[0],
): Promise<string> {
  const id = externalId(customer.externalId);
  const known = async () => {
    const [row] = await suiteql(client, 'SELECT id FROM customer WHERE externalid = ?', [id], 'the customer');
    return row?.['id'];
  };
  const existing =
    (await known()) ?? (customer.matchExisting ? await sameCustomer(client, customer) : undefined);
  if (existing) return existing;
  const currency = (await currencies()).get(customer.currency);
  // An upsert by external id: twice makes one customer, so a lost answer is simply asked again.
  const answer = await client({
    method: 'PUT',
    path: `/services/rest/record/v1/customer/eid:${id}`,
    body: {
      ...(customer.person
        ? { isPerson: true, firstName: customer.person.firstName, lastName: customer.person.lastName }
        : { isPerson: false, companyName: customer.name }),
      ...(customer.subsidiaryId ? { subsidiary: { id: customer.subsidiaryId } } : {}),
      ...(currency ? { currency: { id: currency } } : {}),
      ...(customer.email ? { email: customer.email } : {}),
      ...(customer.vatNumber ? { vatRegNumber: customer.vatNumber } : {}),
      emailTransactions: false,
    },
    about: 'the customer',
  });
  const made = /\/(\d+)$/.exec(answer.headers['location'] ?? '')?.[1] ?? (await known());
  if (made === undefined)
    throw new RecordError('CUSTOMER_MISSING', 'NetSuite did not say which customer it made.', {
      nextSteps: ['Choose a customer for the marketplace under Flows → Orders, then retry.'],
      facts: { account: settings.accountId, cause: 'customer' },
    });
  return made;
}

/** The account's own customer of the same company, or of the same name and e-mail; of several the oldest (features.md §4.2). */
async function sameCustomer(
  client: NetSuiteClient,
  { name, person, email }: Parameters<DocumentStore['ensureCustomer']>[0],
): Promise<string | undefined> {
  if (person && email === undefined) return undefined;
  const [row] = await suiteql(
    client,
    person
      ? "SELECT id FROM customer WHERE isinactive = 'F' AND LOWER(email) = ? AND LOWER(firstname) = ? AND LOWER(lastname) = ? ORDER BY id"
      : "SELECT id FROM customer WHERE isinactive = 'F' AND LOWER(companyname) = ? ORDER BY id",
    person
      ? [email!.toLowerCase(), person.firstName.toLowerCase(), person.lastName.toLowerCase()]
      : [name.toLowerCase()],
    'a customer of the same name',
  );
  return row?.['id'];
}
