// Does this connection work, and what can the account do? Every table and record that flows use is probed, so that a
// missing permission is named before an order meets it.
import { ConnectionError, SyncError } from '../../core/errors.ts';
import type { ErpReport, MissingPermission } from '../erp.ts';
import type { NetSuiteParts } from './documents.ts';
import { permissions } from './role.ts';
import { suiteql } from './suiteql.ts';

/** What is read, and the permission that reading it needs (netsuite.md §3.5). */
const probes: readonly (readonly [table: string, permkey: string])[] = [
  ['transaction', 'TRAN_FIND'],
  ['item', 'LIST_ITEM'],
  ['customer', 'LIST_CUSTJOB'],
  ['location', 'LIST_LOCATION'],
  ['currency', 'LIST_CURRENCY'],
  ['shipitem', 'LIST_SHIPITEM'],
  ['transactionline', 'TRAN_FIND'],
  ['NextTransactionLineLink', 'TRAN_ITEMSHIP'],
  ['TrackingNumberMap', 'TRAN_ITEMSHIP'],
];

export async function checkAccount(parts: NetSuiteParts): Promise<ErpReport> {
  const { settings, tools, time } = parts;
  const zone = await time.zone();
  await assertPermissions(parts);
  const oneWorld = await answers(parts, 'SELECT id FROM subsidiary ORDER BY id FETCH FIRST 1 ROWS ONLY');
  const metadata = await orderMetadata(parts);
  const wanted = Object.entries(settings.fields).filter(([, id]) => id !== '');
  const missing =
    metadata.custom.length === 0 ? [] : wanted.filter(([, id]) => !metadata.custom.includes(id));
  const concurrency = await governance(parts);
  if (concurrency !== undefined && concurrency < settings.concurrencyMax)
    await tools.learnLimit('calls', { max: concurrency });
  return {
    accountName: settings.accountId,
    oneWorld,
    suiteTax: metadata.suiteTax,
    timeZone: zone,
    multiCurrency: true,
    concurrencyMax: concurrency ?? settings.concurrencyMax,
    customBodyFields: metadata.custom.filter((name) => name.startsWith('custbody')),
    customLineFields: metadata.custom.filter((name) => name.startsWith('custcol')),
    warnings: [
      ...missing.map(
        ([name, id]) =>
          `The custom field ${id} (${name}) does not exist in the account. Create it, or empty it in the settings.`,
      ),
      ...(settings.fields.lineId === ''
        ? ['Without a column field for the order-item id shipments cannot be confirmed.']
        : []),
      ...(settings.auth === 'tba'
        ? [
            'Token-based authentication ends (no new integrations from 2027.1): move to OAuth 2.0 with a certificate.',
          ]
        : []),
      ...(concurrency !== undefined && concurrency > settings.concurrencyMax
        ? [`The account allows ${concurrency} calls at once; Crossdock uses ${settings.concurrencyMax}.`]
        : []),
    ],
  };
}

/** What reading a table lacks, or undefined. A table the role may not see answers as if it did not exist (netsuite.md §2.3). */
async function probe(
  { client }: NetSuiteParts,
  table: string,
  permkey: string,
): Promise<MissingPermission | undefined> {
  try {
    await suiteql(client, `SELECT * FROM ${table} FETCH FIRST 1 ROWS ONLY`, [], `the table ${table}`);
    return undefined;
  } catch (thrown) {
    if (thrown instanceof SyncError && thrown.action !== 'park' && thrown.code !== 'ROLE_LACKS_PERMISSION')
      throw thrown;
    const known = permissions.find((one) => one.permkey === permkey);
    return {
      key: permkey,
      name: known?.name ?? permkey,
      level: known?.level ?? 'VIEW',
      why: known?.why ?? `to read ${table}`,
    };
  }
}

/** All that is missing is named at once, so that the role is corrected once. */
async function assertPermissions(parts: NetSuiteParts): Promise<void> {
  const missing = new Map<string, MissingPermission>();
  for (const [table, permkey] of probes) {
    const lacking = missing.has(permkey) ? undefined : await probe(parts, table, permkey);
    if (lacking) missing.set(permkey, lacking);
  }
  const [first] = missing.values();
  if (!first) return;
  const all = [...missing.values()];
  throw new ConnectionError(
    'ROLE_LACKS_PERMISSION',
    `The role of the NetSuite integration lacks ${all.map((one) => `“${one.name}” (${one.key}, level ${one.level})`).join(', ')}.`,
    {
      field: first.key,
      nextSteps: [
        ...all.map(
          (one) => `Add the permission ${one.name} with level ${one.level} to the integration’s role.`,
        ),
        'Or import the role file that Crossdock offers for download, then test again.',
      ],
      facts: { side: 'erp', permission: first.key, missing: all },
    },
  );
}

async function answers({ client }: NetSuiteParts, query: string): Promise<boolean> {
  try {
    return (await suiteql(client, query, [], 'the features')).length > 0;
  } catch (thrown) {
    if (thrown instanceof SyncError && (thrown.action === 'park' || thrown.code === 'ROLE_LACKS_PERMISSION'))
      return false;
    throw thrown;
  }
}

/** The account's own description of sales orders tells SuiteTax from legacy tax and lists custom fields (netsuite.md §1.7). */
async function orderMetadata({
  client,
}: NetSuiteParts): Promise<{ readonly suiteTax: boolean; readonly custom: readonly string[] }> {
  const answer = await client({
    method: 'GET',
    path: '/services/rest/record/v1/metadata-catalog/salesOrder',
    headers: { accept: 'application/schema+json' },
    about: 'the description of sales orders',
  });
  if (answer.status >= 400) return { suiteTax: false, custom: [] };
  const text = answer.text();
  const custom = [
    ...new Set([...text.matchAll(/"(cust(?:body|col)_[a-z0-9_]+)"/g)].map((match) => match[1]!)),
  ];
  return { suiteTax: /"taxDetails"/.test(text), custom };
}

/** Only administrators may read it: a refusal is no fault (netsuite.md §4). */
async function governance({ client }: NetSuiteParts): Promise<number | undefined> {
  try {
    const answer = await client({
      method: 'GET',
      path: '/services/rest/system/v1/governanceLimits',
      about: 'the concurrency limit',
    });
    if (answer.status >= 400) return undefined;
    const body = answer.json() as { accountConcurrencyLimit?: unknown; accountLimit?: unknown };
    const limit = Number(body.accountConcurrencyLimit ?? body.accountLimit);
    return limit > 0 ? limit : undefined;
  } catch (thrown) {
    if (thrown instanceof SyncError) return undefined;
    throw thrown;
  }
}
