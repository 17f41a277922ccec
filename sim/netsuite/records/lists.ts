// How are customers, items and other lists created, changed and removed over REST?
import type { Account } from '../account.ts';
import { duplicate, userError } from '../errors.ts';
import { type Body, kindOfRecord, type Master, nameOf } from '../masters.ts';
import { resolve } from './drafts.ts';

const writable = new Set([
  'customer',
  'item',
  'location',
  'department',
  'classification',
  'account',
  'subsidiary',
  'shipitem',
  'pricelevel',
  'currency',
  'term',
  'saleschannel',
  'paymentmethod',
]);
const nameFields: Readonly<Record<string, readonly [field: string, label: string]>> = {
  item: ['itemId', 'Item Name/Number'],
  location: ['name', 'Name'],
  department: ['name', 'Name'],
  classification: ['name', 'Name'],
  shipitem: ['itemId', 'Item Name'],
  account: ['acctName', 'Name'],
};

export function saveMaster(
  account: Account,
  record: string,
  body: Body,
  before?: Master,
  replace: ReadonlySet<string> = new Set(),
): Master {
  const kind = kindOfRecord[record]!;
  if (!writable.has(kind)) throw userError(`Records of the type ${record} can not be changed over REST.`);
  const { masters } = account;
  const merged: Body = { ...before?.body };
  for (const [field, value] of Object.entries(body)) {
    if (field === 'externalId' || field === 'id') continue;
    const items = (value as { items?: Body[] } | null)?.items;
    const old = (merged[field] as { items?: Body[] } | undefined)?.items;
    if (value === null) delete merged[field];
    else merged[field] = items && old && !replace.has(field) ? { items: mergeLines(old, items) } : value;
  }
  const externalId =
    body['externalId'] === undefined ? before?.externalId : String(body['externalId'] ?? '') || undefined;
  const twin = externalId === undefined ? undefined : masters.byExternalId(kind, externalId);
  if (twin && twin.id !== before?.id)
    throw kind === 'customer' ? userError('This entity already exists.') : duplicate();
  if (kind === 'customer') checkCustomer(account, merged, before);
  const [field, label] = nameFields[kind] ?? [];
  if (field && (merged[field] === undefined || merged[field] === ''))
    throw userError(`You must enter a value for ${label}.`, field);
  if (field) {
    const named = masters.byName(kind, String(merged[field]));
    if (named && named.id !== before?.id)
      throw userError(
        kind === 'item'
          ? 'Uniqueness error. An item with this name already exists.'
          : 'This record already exists.',
        field,
      );
  }
  for (const [name, target] of [
    ['subsidiary', 'subsidiary'],
    ['currency', 'currency'],
    ['incomeAccount', 'account'],
    ['assetAccount', 'account'],
    ['cogsAccount', 'account'],
    ['priceLevel', 'pricelevel'],
  ] as const)
    if ((merged[name] as { items?: unknown } | undefined)?.items === undefined)
      resolve(account, target, merged[name], name);
  return masters.save({
    ...(before ? { id: before.id } : {}),
    kind,
    record: before?.record ?? record,
    externalId,
    body: merged,
  });
}

/** Lists whose lines have no key append what is not there yet. */
function mergeLines(before: readonly Body[], after: readonly Body[]): Body[] {
  const seen = new Set(before.map((line) => JSON.stringify(line)));
  return [...before, ...after.filter((line) => !seen.has(JSON.stringify(line)))];
}

function checkCustomer(account: Account, body: Body, before: Master | undefined): void {
  const { masters } = account;
  if (body['isPerson'] === true) {
    if (!body['lastName']) throw userError('You must enter a value for Last Name.', 'lastName');
  } else if (!body['companyName']) throw userError('You must enter a value for Company Name.', 'companyName');
  if (!body['subsidiary']) throw userError('You must enter a value for Primary Subsidiary.', 'subsidiary');
  const subsidiary = resolve(account, 'subsidiary', body['subsidiary'], 'subsidiary')!;
  body['subsidiary'] = { id: String(subsidiary.id) };
  body['currency'] ??= subsidiary.body['currency'];
  const currency = resolve(account, 'currency', body['currency'], 'currency')!;
  body['currency'] = { id: String(currency.id) };
  const name = String(
    body['entityId'] ??
      body['companyName'] ??
      [body['firstName'], body['lastName']].filter(Boolean).join(' '),
  );
  body['entityId'] = name;
  body['isInactive'] ??= false;
  const twin = masters.all('customer').find((one) => one.id !== before?.id && one.body['entityId'] === name);
  if (twin) throw userError('This entity already exists.', 'entityId');
}

export function removeMaster(account: Account, master: Master): void {
  const used = account.db
    .prepare(
      'SELECT 1 AS n FROM ns_transaction WHERE entity = ?1 AND ?2 = 1 UNION ALL SELECT 1 FROM ns_transactionline WHERE item = ?1 AND ?2 = 0 LIMIT 1',
    )
    .get(master.id, master.kind === 'customer' ? 1 : 0);
  if (used && (master.kind === 'customer' || master.kind === 'item'))
    throw userError('This record cannot be deleted because it has dependent records.');
  if (!writable.has(master.kind))
    throw userError(`Records of the type ${master.record} can not be deleted over REST.`);
  account.masters.remove(master.kind, master.id);
  account.db
    .prepare(
      'INSERT INTO ns_deletedrecord (recordid, scriptid, type, deleteddate, context, name, iscustomlist) VALUES (?, ?, ?, ?, ?, ?, ?)',
    )
    .run(
      master.id,
      master.record.toLowerCase(),
      master.record,
      `@${new Date(account.now()).toISOString()}`,
      'REST',
      nameOf(master),
      'F',
    );
}
