// How does a record look when it is read? References with links and names, sublists as links unless they are asked for.
import { type Account, statusName } from '../account.ts';
import { toNumber } from '../amounts.ts';
import { type Body, type Master, nameOf } from '../masters.ts';
import type { Line, Transaction } from '../transactions.ts';

const base = '/services/rest/record/v1';

export interface Rendering {
  readonly account: Account;
  readonly url: string;
  readonly expand: boolean;
}

const self = (href: string) => [{ rel: 'self', href }];
const iso = (ms: number) => `${new Date(ms).toISOString().slice(0, 19)}Z`;

/** Which list a reference field points to, by the field's name. */
const targets: Readonly<Record<string, readonly [kind: string, record: string]>> = {
  entity: ['customer', 'customer'],
  customer: ['customer', 'customer'],
  subsidiary: ['subsidiary', 'subsidiary'],
  location: ['location', 'location'],
  currency: ['currency', 'currency'],
  currencyPage: ['currency', 'currency'],
  item: ['item', 'inventoryItem'],
  shipMethod: ['shipitem', 'shipItem'],
  account: ['account', 'account'],
  aracct: ['account', 'account'],
  department: ['department', 'department'],
  class: ['classification', 'classification'],
  postingPeriod: ['accountingperiod', 'accountingPeriod'],
  priceLevel: ['pricelevel', 'priceLevel'],
  paymentMethod: ['paymentmethod', 'paymentMethod'],
  salesChannel: ['saleschannel', 'salesChannel'],
  incomeAccount: ['account', 'account'],
  assetAccount: ['account', 'account'],
  cogsAccount: ['account', 'account'],
  parent: ['item', 'inventoryItem'],
  taxCode: ['salestaxitem', 'salesTaxItem'],
  terms: ['term', 'term'],
  discountItem: ['item', 'discountItem'],
};

function reference({ account, url }: Rendering, field: string, id: string | number): object {
  const target = targets[field];
  const master = target && account.masters.get(target[0], Number(id));
  if (!master) return { id: String(id), refName: Number(id) === -1 ? 'Custom' : String(id) };
  return {
    links: self(`${url}${base}/${master.record}/${master.id}`),
    id: String(id),
    refName: nameOf(master),
  };
}

function value(rendering: Rendering, field: string, raw: unknown): unknown {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) return raw;
  const { id, externalId } = raw as { id?: string; externalId?: string };
  const target = targets[field];
  if (id === undefined && externalId !== undefined && target) {
    const found = rendering.account.masters.byExternalId(target[0], externalId);
    if (found) return reference(rendering, field, found.id);
  }
  return id === undefined || 'items' in raw ? raw : reference(rendering, field, id);
}

function collection(rendering: Rendering, href: string, lines: readonly (Body & { key: number })[]): object {
  if (!rendering.expand) return { links: self(href) };
  const items = lines.map(({ key, ...line }) => ({ links: self(`${href}/${key}`), ...line }));
  return {
    links: self(href),
    count: items.length,
    hasMore: false,
    items,
    offset: 0,
    totalResults: items.length,
  };
}

/** Sublists of transactions by record. */
export const transactionLists: Readonly<Record<string, readonly string[]>> = {
  itemFulfillment: ['item', 'package'],
  journalEntry: ['line'],
  deposit: ['payment', 'other', 'cashback'],
  customerPayment: ['apply'],
  customerRefund: ['apply'],
  customerDeposit: [],
  inventoryAdjustment: ['inventory'],
  itemReceipt: ['item'],
  creditMemo: ['item', 'apply'],
};

export function renderTransaction(rendering: Rendering, t: Transaction): Body {
  const { account, url } = rendering;
  const money = (minor: number) => toNumber(minor, t.precision);
  const href = `${url}${base}/${t.record}/${t.id}`;
  const ref = (field: string, id: number | undefined) =>
    id === undefined ? undefined : reference(rendering, field, id);
  const lists = transactionLists[t.record] ?? ['item'];
  const result: Body = {
    links: self(href),
    id: String(t.id),
    externalId: t.externalId,
    tranId: t.tranId,
    tranDate: t.tranDate,
  };
  if (t.entity !== undefined) result['entity'] = ref('entity', t.entity);
  Object.assign(result, {
    subsidiary: ref('subsidiary', t.subsidiary),
    currency: ref('currency', t.currency),
    exchangeRate: t.exchangeRate,
    location: ref('location', t.location),
    postingPeriod: ref('postingPeriod', t.period),
    shipMethod: ref('shipMethod', t.shipMethod),
    createdDate: iso(t.createdMs),
    lastModifiedDate: iso(t.modifiedMs),
    status: { id: t.status, refName: statusName(t.type, t.status).split(' : ').at(-1) },
  });
  if (t.createdFrom !== undefined) {
    const from = account.transactions.load(t.createdFrom);
    result['createdFrom'] = {
      ...(from ? { links: self(`${url}${base}/${from.record}/${from.id}`) } : {}),
      id: String(t.createdFrom),
      refName: from ? `${from.record} #${from.tranId}` : '',
    };
  }
  if (t.record === 'salesOrder' || t.record === 'returnAuthorization')
    result['orderStatus'] = result['status'];
  if (t.record === 'itemFulfillment')
    result['shipStatus'] = { id: t.status, refName: { A: 'Picked', B: 'Packed', C: 'Shipped' }[t.status] };
  else {
    const subtotal = t.lines.reduce((sum, line) => sum + line.amount, 0);
    Object.assign(
      result,
      lists.includes('item')
        ? { subtotal: money(subtotal), taxTotal: money(t.tax), total: money(t.total) }
        : { total: money(t.total) },
    );
  }
  if (t.record === 'invoice')
    Object.assign(result, { amountRemaining: money(t.unpaid), amountPaid: money(t.total - t.unpaid) });
  if (t.record === 'creditMemo')
    Object.assign(result, { unapplied: money(t.unpaid), applied: money(t.total - t.unpaid) });
  if (t.record === 'salesOrder') result['linkedTrackingNumbers'] = linkedTracking(account, t.id);
  for (const [field, raw] of Object.entries(t.body)) {
    if (lists.includes(field) || field === 'taxDetails') continue;
    result[field] =
      field === 'shippingAddress' || field === 'billingAddress'
        ? rendering.expand
          ? raw
          : { links: self(`${href}/${field}`) }
        : value(rendering, field, raw);
  }
  for (const list of lists)
    result[list] = collection(rendering, `${href}/${list}`, transactionList(rendering, t, list));
  return Object.fromEntries(Object.entries(result).filter(([, one]) => one !== undefined && one !== null));
}

export function transactionList(
  rendering: Rendering,
  t: Transaction,
  list: string,
): (Body & { key: number })[] {
  if (list === 'item') return t.lines.map((line) => ({ key: line.line, ...renderLine(rendering, t, line) }));
  return ((t.body[list] as { items?: Body[] } | undefined)?.items ?? []).map((line, index) => {
    const shown = Object.fromEntries(
      Object.entries(line).map(([field, raw]) => [field, value(rendering, field, raw)]),
    );
    return {
      ...shown,
      key: index + 1,
      ...(list === 'line' || list === 'inventory' ? { line: index + 1 } : {}),
    };
  });
}

function renderLine(rendering: Rendering, t: Transaction, line: Line): Body {
  const ref = (field: string, id: number | undefined) =>
    id === undefined ? undefined : reference(rendering, field, id);
  const shown: Body = {
    line: line.line,
    lineUniqueKey: line.key,
    item: ref('item', line.item),
    quantity: line.itemType === 'Discount' ? undefined : line.quantity,
    description: line.description,
    location: ref('location', line.location),
    itemType: { id: line.itemType, refName: line.itemType },
  };
  if (t.record === 'itemFulfillment' || t.record === 'itemReceipt')
    Object.assign(shown, {
      orderLine: line.orderLine,
      itemReceive: true,
      kitMemberOf: line.kitMemberOf,
      itemName: rendering.account.masters.item(line.item ?? 0)?.name,
    });
  else
    Object.assign(shown, {
      rate: line.rate,
      amount: toNumber(line.amount, t.precision),
      price:
        line.price === undefined
          ? undefined
          : line.price === -1
            ? { id: '-1', refName: 'Custom' }
            : reference(rendering, 'priceLevel', line.price),
      isClosed: line.closed,
      isOpen: !line.closed && line.shipped < line.quantity,
      orderLine: line.orderLine,
    });
  if (t.record === 'salesOrder')
    Object.assign(shown, {
      quantityFulfilled: line.shipped,
      quantityBilled: line.billed,
      quantityCommitted: line.committed,
      quantityBackOrdered: line.backordered,
      quantityPicked: line.picked,
      quantityPacked: line.packed,
    });
  for (const [field, raw] of Object.entries(line.body)) shown[field] ??= value(rendering, field, raw);
  return Object.fromEntries(Object.entries(shown).filter(([, one]) => one !== undefined && one !== null));
}

function linkedTracking(account: Account, orderId: number): string | undefined {
  const rows = account.db
    .prepare(
      'SELECT DISTINCT n.trackingnumber AS t FROM ns_nexttransactionlinelink l JOIN ns_trackingnumbermap m ON m.[transaction] = l.nextdoc JOIN ns_trackingnumber n ON n.id = m.trackingnumber WHERE l.previousdoc = ? ORDER BY n.id',
    )
    .all(orderId);
  return rows.length === 0 ? undefined : rows.map((row) => String(row['t'])).join('<BR>');
}

export function renderMaster(rendering: Rendering, master: Master): Body {
  const href = `${rendering.url}${base}/${master.record}/${master.id}`;
  const result: Body = {
    links: self(href),
    id: String(master.id),
    externalId: master.externalId,
    refName: nameOf(master),
  };
  for (const [field, raw] of Object.entries(master.body)) {
    const items = (raw as { items?: Body[] } | null)?.items;
    result[field] = items
      ? collection(rendering, `${href}/${field}`, masterList(rendering, items))
      : value(rendering, field, raw);
  }
  if (master.kind === 'item') {
    result['itemType'] = { id: rendering.account.masters.item(master.id)?.itemType };
    const locations = locationLines(rendering, master.id);
    if (locations.length > 0) result['locations'] = collection(rendering, `${href}/locations`, locations);
  }
  result['lastModifiedDate'] = iso(master.modifiedMs);
  return Object.fromEntries(Object.entries(result).filter(([, one]) => one !== undefined && one !== null));
}

export const masterList = (rendering: Rendering, items: readonly Body[]): (Body & { key: number })[] =>
  items.map((line, index) => ({
    ...Object.fromEntries(Object.entries(line).map(([field, raw]) => [field, value(rendering, field, raw)])),
    key: index + 1,
  }));

export function locationLines(rendering: Rendering, item: number): (Body & { key: number })[] {
  return rendering.account.db
    .prepare('SELECT * FROM ns_aggregateitemlocation WHERE item = ? ORDER BY location')
    .all(item)
    .map((row) => ({
      key: Number(row['location']),
      location: reference(rendering, 'location', Number(row['location'])),
      locationId: Number(row['location']),
      quantityOnHand: Number(row['quantityonhand']),
      quantityAvailable: Number(row['quantityavailable']),
      quantityCommitted: Number(row['quantitycommitted']),
      quantityBackOrdered: Number(row['quantitybackordered']),
      quantityOnOrder: Number(row['quantityonorder']),
      quantityInTransit: Number(row['quantityintransit']),
      averageCostMli: Number(row['averagecostmli'] ?? 0),
    }));
}
