// How does the record service answer? One place for paths, headers and methods under /services/rest/record/v1.
import type { Answer, Call } from '../../http.ts';
import type { Account } from '../account.ts';
import type { Role } from '../auth/roles.ts';
import { readRecordBody, readValidation } from '../bodies.ts';
import { invalidParameter, noPermission, notFound, Refusal } from '../errors.ts';
import { isTransaction, type RecordFields } from '../fields.ts';
import { type Body, kindOfRecord, type Master } from '../masters.ts';
import { pageLinks } from '../suiteql/run.ts';
import { kinds, type Transaction } from '../transactions.ts';
import { createTransaction } from './create.ts';
import { readFilter } from './filter.ts';
import { removeMaster, saveMaster } from './lists.ts';
import { metadata } from './metadata.ts';
import {
  locationLines,
  masterList,
  type Rendering,
  renderMaster,
  renderTransaction,
  transactionList,
} from './render.ts';
import { fromCustomer, transform } from './transform.ts';
import { deleteTransaction, updateTransaction } from './update.ts';

export const recordBase = '/services/rest/record/v1';
const pageMax = 1000;

/** The permission that using a record needs. */
const recordPermissions: Readonly<Record<string, string>> = {
  salesOrder: 'TRAN_SALESORD',
  cashSale: 'TRAN_CASHSALE',
  invoice: 'TRAN_CUSTINVC',
  itemFulfillment: 'TRAN_ITEMSHIP',
  itemReceipt: 'TRAN_ITEMRCPT',
  creditMemo: 'TRAN_CUSTCRED',
  cashRefund: 'TRAN_CASHRFND',
  returnAuthorization: 'TRAN_RTNAUTH',
  customerPayment: 'TRAN_CUSTPYMT',
  customerRefund: 'TRAN_CUSTRFND',
  customerDeposit: 'TRAN_CUSTDEP',
  journalEntry: 'TRAN_JOURNAL',
  deposit: 'TRAN_DEPOSIT',
  inventoryAdjustment: 'TRAN_INVADJST',
  customer: 'LIST_CUSTJOB',
  location: 'LIST_LOCATION',
  subsidiary: 'LIST_SUBSIDIARY',
  currency: 'LIST_CURRENCY',
  account: 'LIST_ACCOUNT',
  department: 'LIST_DEPARTMENT',
  classification: 'LIST_CLASS',
  shipItem: 'LIST_SHIPITEM',
};

type Found = { readonly transaction: Transaction } | { readonly master: Master };

export function recordsAnswer(account: Account, call: Call, role: Role, path: readonly string[]): Answer {
  const [name = '', key, ...rest] = path;
  if (name.toLowerCase() === 'metadata-catalog') return metadata(account, call, key);
  const fields = account.fields.get(name.toLowerCase());
  if (!fields) throw new Refusal(404, 'NOT_FOUND', `Record type '${name}' does not exist.`);
  const { record } = fields;
  const permission = recordPermissions[record] ?? (kindOfRecord[record] === 'item' ? 'LIST_ITEM' : undefined);
  if (permission && !role.permissions.has(permission)) throw noPermission();
  const context = { account, call, role, fields, record };
  if (key === undefined) {
    if (call.method === 'POST') return create(context);
    if (call.method === 'GET') return list(context);
    throw new Refusal(
      405,
      'METHOD_NOT_ALLOWED',
      `The method ${call.method} is not allowed on this resource.`,
    );
  }
  if (rest[0]?.startsWith('!')) return action(context, key, rest);
  if (call.method === 'PUT') return upsert(context, key);
  const found = find(account, record, key);
  if (!found) throw notFound();
  if (rest.length > 0) return subresource(context, found, rest);
  if (call.method === 'GET') return one(context, found);
  if (call.method === 'PATCH') return patch(context, found);
  if (call.method === 'DELETE') {
    account.change(() =>
      'master' in found ? removeMaster(account, found.master) : deleteTransaction(account, found.transaction),
    );
    return { status: 204 };
  }
  throw new Refusal(405, 'METHOD_NOT_ALLOWED', `The method ${call.method} is not allowed on this resource.`);
}

interface Context {
  readonly account: Account;
  readonly call: Call;
  readonly role: Role;
  readonly fields: RecordFields;
  readonly record: string;
}

const idPattern = /^\d+$/;
export function find(account: Account, record: string, key: string): Found | undefined {
  const external = /^eid:/i.test(key) ? key.slice(4) : undefined;
  if (external === undefined && !idPattern.test(key))
    throw new Refusal(
      404,
      'NONEXISTENT_ID',
      'Error while accessing a resource. The record instance does not exist. Provide a valid record instance ID.',
    );
  if (isTransaction(record)) {
    const id =
      external === undefined ? Number(key) : account.transactions.findExternal(kinds[record]!.type, external);
    const transaction = id === undefined ? undefined : account.transactions.load(id);
    return transaction && transaction.record === record ? { transaction } : undefined;
  }
  const kind = kindOfRecord[record]!;
  const master =
    external === undefined
      ? account.masters.get(kind, Number(key))
      : account.masters.byExternalId(kind, external);
  return master && (kind !== 'item' || master.record === record) ? { master } : undefined;
}

function parseBody(context: Context): { body: Body; headers: Record<string, string> } {
  const { call, fields } = context;
  let source: unknown = {};
  try {
    if (call.body.length > 0) source = JSON.parse(call.body.toString('utf8'));
  } catch {
    throw new Refusal(
      400,
      'INVALID_CONTENT',
      'Error while accessing a resource. The request body is not valid JSON.',
    );
  }
  return checkBody(source, fields, call);
}

export function checkBody(
  source: unknown,
  fields: RecordFields,
  call: Call,
): { body: Body; headers: Record<string, string> } {
  const names = readValidation(call.headers['x-netsuite-propertynamevalidation'], 'warning');
  const values = readValidation(call.headers['x-netsuite-propertyvaluevalidation'], 'error');
  const { body, warnings } = readRecordBody(source, fields, { names, values });
  return {
    body,
    headers: warnings.length > 0 ? { 'x-netsuite-propertyvalidation': warnings.join('; ') } : {},
  };
}

const location = (context: Context, record: string, id: number): Record<string, string> => ({
  location: `${context.call.baseUrl}${recordBase}/${record}/${id}`,
});
const dryRun = (call: Call): boolean =>
  /type=(create-form|edit-form)/i.test(String(call.headers['accept'] ?? ''));

/** A create-form asks what would come of it: everything is worked out and then undone. */
class DryRun extends Error {
  readonly body: Body;
  constructor(body: Body) {
    super('dry run');
    this.body = body;
  }
}

function asForm(context: Context, work: () => Transaction): Answer {
  try {
    context.account.change(() => {
      throw new DryRun(
        renderTransaction({ account: context.account, url: context.call.baseUrl, expand: true }, work()),
      );
    });
  } catch (cause) {
    if (!(cause instanceof DryRun)) throw cause;
    const { id: _id, links: _links, ...body } = cause.body;
    return answerJson(body, 'singular');
  }
  throw new Error('A dry run always ends by being undone.');
}

function create(context: Context): Answer {
  const { account, record, role } = context;
  const { body, headers } = parseBody(context);
  if (isTransaction(record) && dryRun(context.call))
    return asForm(context, () => createTransaction(account, record, body, role));
  const made = account.change(() =>
    isTransaction(record)
      ? createTransaction(account, record, body, role)
      : saveMaster(account, record, body),
  );
  return { status: 204, headers: { ...location(context, record, made.id), ...headers } };
}

const replaced = (call: Call): ReadonlySet<string> =>
  new Set(
    (call.query.get('replace') ?? '')
      .split(',')
      .filter(Boolean)
      .map((name) => (name.toLowerCase() === 'item' ? 'item' : name)),
  );

function patch(context: Context, found: Found): Answer {
  const { account, record, role, call } = context;
  const { body, headers } = parseBody(context);
  const replace = replaced(call);
  const id = account.change(() => {
    if ('master' in found) return saveMaster(account, record, body, found.master, replace).id;
    updateTransaction(account, found.transaction, { body, replace, role });
    return found.transaction.id;
  });
  return { status: 204, headers: { ...location(context, record, id), ...headers } };
}

function upsert(context: Context, key: string): Answer {
  const { account, record, role, call } = context;
  if (!/^eid:/i.test(key))
    throw new Refusal(
      400,
      'INVALID_REQUEST',
      'Error while accessing a resource. PUT is only supported with an external ID (eid:).',
    );
  const externalId = key.slice(4);
  const found = find(account, record, key);
  if (found) return patch(context, found);
  const { body, headers } = parseBody(context);
  const draft = { ...body, externalId };
  const made = account.change(() =>
    isTransaction(record)
      ? createTransaction(account, record, draft, role)
      : saveMaster(account, record, draft, undefined, replaced(call)),
  );
  return { status: 204, headers: { ...location(context, record, made.id), ...headers } };
}

function action(context: Context, key: string, [verb = '', target = '']: readonly string[]): Answer {
  const { account, record, role, call } = context;
  if (verb.toLowerCase() !== '!transform' || call.method !== 'POST')
    throw new Refusal(404, 'NOT_FOUND', `The action ${verb} does not exist.`);
  const fields = account.fields.get(target.toLowerCase());
  if (!fields) throw new Refusal(404, 'NOT_FOUND', `Record type '${target}' does not exist.`);
  const permission = recordPermissions[fields.record];
  const allowed =
    (permission === undefined || role.permissions.has(permission)) &&
    (fields.record !== 'itemFulfillment' || role.permissions.has('TRAN_SALESORDFULFILL'));
  if (!allowed) throw noPermission();
  const found = find(account, record, key);
  if (!found) throw notFound();
  const { body, headers } = parseBody({ ...context, fields });
  const work = () =>
    'master' in found
      ? fromCustomer(account, found.master.id, fields.record, body, role)
      : transform(account, found.transaction, fields.record, body, role);
  if (dryRun(call)) return asForm(context, work);
  const made = account.change(work);
  return { status: 204, headers: { ...location(context, fields.record, made.id), ...headers } };
}

const answerJson = (body: object, type: string): Answer => ({
  status: 200,
  headers: { 'content-type': `application/vnd.oracle.resource+json; type=${type}; charset=UTF-8` },
  body: Buffer.from(JSON.stringify(body)),
});

function one(context: Context, found: Found): Answer {
  const { account, call } = context;
  const expand = call.query.get('expandSubResources') === 'true';
  const wanted = call.query.get('fields');
  if (expand && wanted)
    throw invalidParameter(
      "The query parameters 'fields' and 'expandSubResources' can not be used together.",
    );
  const rendering: Rendering = { account, url: call.baseUrl, expand };
  const body =
    'master' in found
      ? renderMaster(rendering, found.master)
      : renderTransaction(rendering, found.transaction);
  if (!wanted) return answerJson(body, 'singular');
  const names = new Set(['id', 'links', ...wanted.split(',').map((name) => name.trim().toLowerCase())]);
  const subset = Object.entries(body).filter(
    ([name, value]) => names.has(name.toLowerCase()) && !isSublist(context, name, value),
  );
  return answerJson(Object.fromEntries(subset), 'singular');
}

const isSublist = (context: Context, name: string, _value: unknown): boolean =>
  context.fields.fields.get(name.toLowerCase())?.type === 'list';

function subresource(context: Context, found: Found, [list = '', at]: readonly string[]): Answer {
  const { account, call, fields } = context;
  const field = fields.fields.get(list.toLowerCase());
  if (!field) throw new Refusal(404, 'NOT_FOUND', `The sub-resource '${list}' does not exist.`);
  const rendering: Rendering = { account, url: call.baseUrl, expand: true };
  const href = `${call.baseUrl}${call.path}`;
  if (field.type === 'address') {
    const body = ('transaction' in found ? found.transaction.body : found.master.body)[field.name];
    if (!body) throw notFound();
    return answerJson({ links: [{ rel: 'self', href }], ...(body as Body) }, 'singular');
  }
  const lines =
    'transaction' in found
      ? transactionList(rendering, found.transaction, field.name)
      : field.name === 'locations'
        ? locationLines(rendering, found.master.id)
        : masterList(
            rendering,
            (found.master.body[field.name] as { items?: Body[] } | undefined)?.items ?? [],
          );
  if (at !== undefined) {
    const line = lines.find((candidate) => String(candidate.key) === at);
    if (!line) throw notFound();
    const { key: _key, ...shown } = line;
    return answerJson({ links: [{ rel: 'self', href }], ...shown }, 'singular');
  }
  const expand = call.query.get('expandSubResources') === 'true';
  const items = lines.map(({ key, ...line }) => ({
    links: [{ rel: 'self', href: `${href}/${key}` }],
    ...(expand ? line : {}),
  }));
  return answerJson(
    {
      links: [{ rel: 'self', href }],
      count: items.length,
      hasMore: false,
      items,
      offset: 0,
      totalResults: items.length,
    },
    'collection',
  );
}

function list(context: Context): Answer {
  const { account, call, record, fields } = context;
  const limit = Number(call.query.get('limit') ?? pageMax);
  const offset = Number(call.query.get('offset') ?? 0);
  if (!Number.isInteger(limit) || limit < 1 || limit > pageMax)
    throw invalidParameter('The limit parameter must be between 1 and 1000.');
  if (!Number.isInteger(offset) || offset < 0 || offset % limit !== 0)
    throw invalidParameter('The offset parameter must be divisible by the limit parameter.');
  const ids = idsOf(context, fields, call.query.get('q'));
  const page = ids.slice(offset, offset + limit);
  const hasMore = offset + page.length < ids.length;
  const items = page.map((id) => ({
    links: [{ rel: 'self', href: `${call.baseUrl}${recordBase}/${record}/${id}` }],
    id: String(id),
  }));
  return answerJson(
    {
      links: pageLinks(`${call.baseUrl}${call.path}`, limit, offset, ids.length, hasMore),
      count: items.length,
      hasMore,
      items,
      offset,
      totalResults: ids.length,
    },
    'collection',
  );
  function idsOf({ account: owner }: Context, known: RecordFields, q: string | null): number[] {
    const rendering: Rendering = { account: owner, url: call.baseUrl, expand: false };
    const keep =
      q === null || q.trim() === ''
        ? undefined
        : readFilter(q, (field) =>
            field.toLowerCase() === 'id' ? 'id' : known.fields.get(field.toLowerCase())?.name,
          );
    if (isTransaction(record)) {
      const all = account.db
        .prepare('SELECT id FROM ns_transaction WHERE type = ? ORDER BY id')
        .all(kinds[record]!.type)
        .map((row) => Number(row['id']));
      return keep
        ? all.filter((id) => keep(renderTransaction(rendering, account.transactions.load(id)!)))
        : all;
    }
    const masters = owner.masters
      .all(kindOfRecord[record]!)
      .filter((master) => master.kind !== 'item' || master.record === record);
    return masters.filter((master) => !keep || keep(renderMaster(rendering, master))).map(({ id }) => id);
  }
}
