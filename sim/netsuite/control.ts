// How do tests and the demo steer and read the account? Routes under /_sim/, without login, loopback only.
import { type Call, json, type Route, readJson } from '../http.ts';
import type { Account } from './account.ts';
import { toText } from './amounts.ts';
import { fullPermissions, makeRole } from './auth/roles.ts';
import { Refusal } from './errors.ts';
import { nameOf } from './masters.ts';
import { saveTracking } from './records/fulfil.ts';
import { deleteTransaction, updateTransaction } from './records/update.ts';
import { customBodyFields } from './schema.ts';
import type { NetSuiteWorld, Serving } from './server.ts';
import { recordOfType, type Transaction } from './transactions.ts';
import type { ShipRequest } from './warehouse.ts';

export function controlRoutes(world: NetSuiteWorld, serving: Serving): Route[] {
  const { account } = world;
  const route = (method: string, path: string, handle: (call: Call) => unknown): Route => ({
    operation: `_sim ${path}`,
    method,
    path: `/_sim/${path}`,
    handle: (call) => json(200, handle(call)),
  });
  const body = <T>(call: Call): T => (call.body.length === 0 ? ({} as T) : readJson<T>(call));
  return [
    route('POST', 'certificates', (call) => {
      const { pem, clientId, role } = body<{ pem: string; clientId?: string; role?: string }>(call);
      return world.registerCertificate(pem, clientId, role);
    }),
    route('DELETE', 'certificates/:kid', (call) => revoke(world, call.params['kid'] ?? '')),
    route('POST', 'tokens/revoke', () => {
      world.tokens.revokeAll();
      return {};
    }),
    route('GET', 'roles', () =>
      [...world.roles.values()].map(({ name, permissions }) => ({ name, permissions: [...permissions] })),
    ),
    route('POST', 'roles', (call) => changeRole(world, body(call))),
    route('GET', 'governance', () => ({ ...world.governance, latencyMs: serving.latencyMs })),
    route('PUT', 'governance', (call) => {
      const { concurrency, foreignSlots, latencyMs } = body<{
        concurrency?: number;
        foreignSlots?: number;
        latencyMs?: number;
      }>(call);
      if (concurrency !== undefined) world.governance.limit = concurrency;
      if (foreignSlots !== undefined) world.governance.foreign = foreignSlots;
      if (latencyMs !== undefined) serving.latencyMs = latencyMs;
      world.governance.inFlightMax = world.governance.inFlight;
      world.governance.refused = 0;
      return { ...world.governance, latencyMs: serving.latencyMs };
    }),
    route('GET', 'directory', () => directory(account)),
    route('GET', 'aliases', () => account.shop.aliases),
    route('GET', 'trial-balance', (call) => ({
      accounts: account.ledger.trialBalance({
        from: call.query.get('from') ?? undefined,
        to: call.query.get('to') ?? undefined,
        subsidiary: call.query.has('subsidiary') ? Number(call.query.get('subsidiary')) : undefined,
      }),
    })),
    route('GET', 'transactions', (call) => readTransactions(account, call)),
    route('GET', 'transactions/:id', (call) =>
      describe(account, findTransaction(account, call.params['id'] ?? '')),
    ),
    route('GET', 'creations', (call) => creations(account, call)),
    route('GET', 'stock', (call) => readStock(account, call)),
    route('POST', 'stock', (call) => setStock(account, body(call))),
    route('POST', 'items', (call) => addItems(account, body(call))),
    route('POST', 'fulfil', (call) => {
      const { orderId, externalId, ...request } = body<
        { orderId?: string | number; externalId?: string } & ShipRequest
      >(call);
      const order = findTransaction(
        account,
        orderId === undefined ? `eid:${externalId ?? ''}` : String(orderId),
        'SalesOrd',
      );
      return describe(
        account,
        explain(() => world.warehouse.ship(order.id, request)),
      );
    }),
    route('POST', 'warehouse/work', () => ({ shipments: world.warehouse.work() })),
    route('POST', 'fulfilments/:id/tracking', (call) =>
      editTracking(account, call.params['id'] ?? '', body(call)),
    ),
    route('POST', 'orders/:id/:act', (call) =>
      orderAct(world, call.params['id'] ?? '', call.params['act'] ?? '', body(call)),
    ),
    route('POST', 'periods/close', (call) => closePeriods(account, { closed: true, ...body<object>(call) })),
    route('POST', 'items/:id/inactivate', (call) =>
      setInactive(
        account,
        'item',
        call.params['id'] ?? '',
        body<{ inactive?: boolean }>(call).inactive ?? true,
      ),
    ),
    route('POST', 'customers/:id/inactivate', (call) =>
      setInactive(
        account,
        'customer',
        call.params['id'] ?? '',
        body<{ inactive?: boolean }>(call).inactive ?? true,
      ),
    ),
    route('POST', 'locations/:id/inactivate', (call) =>
      setInactive(
        account,
        'location',
        call.params['id'] ?? '',
        body<{ inactive?: boolean }>(call).inactive ?? true,
      ),
    ),
  ];
}

/** Rules of the account hold for clerks, too; control answers with their text. */
function explain<T>(work: () => T): T {
  try {
    return work();
  } catch (cause) {
    if (cause instanceof Refusal) throw new Error(`${cause.code}: ${cause.message}`);
    throw cause;
  }
}

function revoke(world: NetSuiteWorld, kid: string): object {
  const certificate = world.tokens.certificates.get(kid);
  if (!certificate) throw new Error('There is no such certificate.');
  certificate.revoked = true;
  world.tokens.revokeAll();
  world.account.writeState('certificates', JSON.stringify([...world.tokens.certificates.values()]));
  return { kid, revoked: true };
}

interface RoleChange {
  readonly role?: string;
  readonly drop?: readonly string[];
  readonly add?: readonly string[];
  readonly reset?: boolean;
}

function changeRole(world: NetSuiteWorld, change: RoleChange): object {
  const name = change.role ?? 'integration';
  const permissions = new Set(
    change.reset ? fullPermissions : (world.roles.get(name)?.permissions ?? fullPermissions),
  );
  for (const one of change.drop ?? []) permissions.delete(one);
  for (const one of change.add ?? []) permissions.add(one);
  world.roles.set(name, makeRole(name, permissions));
  world.account.writeState(
    'roles',
    JSON.stringify(
      [...world.roles.values()].map((role) => ({ name: role.name, permissions: [...role.permissions] })),
    ),
  );
  return { name, permissions: [...permissions] };
}

/** Ids by name of everything that settings refer to. */
function directory(account: Account): object {
  const named = (kind: string) =>
    Object.fromEntries(account.masters.all(kind).map((master) => [nameOf(master), String(master.id)]));
  const subsidiaries = named('subsidiary');
  for (const one of account.shop.subsidiaries)
    subsidiaries[one.key.toUpperCase()] = subsidiaries[one.name] ?? '';
  return {
    customers: named('customer'),
    subsidiaries,
    locations: named('location'),
    currencies: named('currency'),
    shipMethods: named('shipitem'),
    items: named('item'),
    accounts: Object.fromEntries(
      account.masters.all('account').map((master) => [String(master.body['acctName']), String(master.id)]),
    ),
    departments: named('department'),
    classes: named('classification'),
    salesChannels: named('saleschannel'),
    paymentMethods: named('paymentmethod'),
    periods: named('accountingperiod'),
    taxCodes: named('salestaxitem'),
  };
}

function findTransaction(account: Account, key: string, type?: string): Transaction {
  const row = key.startsWith('eid:')
    ? account.db
        .prepare('SELECT id FROM ns_transaction WHERE externalid = ? AND (?2 IS NULL OR type = ?2)')
        .get(key.slice(4), type ?? null)
    : { id: Number(key) };
  const found =
    row && Number.isInteger(Number(row['id'])) ? account.transactions.load(Number(row['id'])) : undefined;
  if (!found || (type && found.type !== type)) throw new Error(`There is no transaction ${key}.`);
  return found;
}

function describe(account: Account, t: Transaction): object {
  const custom = Object.fromEntries(
    Object.keys(customBodyFields)
      .filter((name) => t.body[name] !== undefined)
      .map((name) => [name, t.body[name]]),
  );
  const tracking = account.db
    .prepare(
      'SELECT n.trackingnumber AS t FROM ns_trackingnumbermap m JOIN ns_trackingnumber n ON n.id = m.trackingnumber WHERE m.[transaction] = ? ORDER BY n.id',
    )
    .all(t.id)
    .map((row) => String(row['t']));
  return {
    id: String(t.id),
    tranId: t.tranId,
    type: t.type,
    record: t.record,
    externalId: t.externalId ?? null,
    externalid: t.externalId ?? null,
    // The names SuiteQL has for the same, for readers that compare rows.
    otherrefnum: t.body['otherRefNum'] ?? null,
    foreigntotal: toText(t.total, t.precision),
    otherRefNum: t.body['otherRefNum'] ?? null,
    memo: t.body['memo'] ?? null,
    status: t.status,
    tranDate: t.tranDate,
    shipDate: t.body['shipDate'] ?? null,
    entity: t.entity === undefined ? null : String(t.entity),
    subsidiary: t.subsidiary === undefined ? null : String(t.subsidiary),
    location: t.location === undefined ? null : String(t.location),
    shipMethod: t.shipMethod === undefined ? null : nameOf(account.masters.get('shipitem', t.shipMethod)!),
    currency: account.masters.currency(t.currency)?.symbol,
    total: toText(t.total, t.precision),
    taxTotal: toText(t.tax, t.precision),
    custom,
    createdFrom: t.createdFrom === undefined ? null : String(t.createdFrom),
    shippingAddress: t.body['shippingAddress'] ?? null,
    trackingNumbers: tracking,
    createdAt: new Date(t.createdMs).toISOString(),
    modifiedAt: new Date(t.modifiedMs).toISOString(),
    lines: t.lines.map((line) => ({
      line: line.line,
      item: line.item === undefined ? null : String(line.item),
      itemName: account.masters.item(line.item ?? 0)?.name ?? null,
      quantity: line.quantity,
      rate: line.rate ?? null,
      amount: toText(line.amount, t.precision),
      closed: line.closed,
      shipped: line.shipped,
      billed: line.billed,
      committed: line.committed,
      backordered: line.backordered,
      lineId: line.body['custcol_mkt_line_id'] ?? null,
      custcol_mkt_line_id: line.body['custcol_mkt_line_id'] ?? null,
      location: line.location === undefined ? null : String(line.location),
      orderLine: line.orderLine ?? null,
      kitMemberOf: line.kitMemberOf ?? null,
      account: line.account === undefined ? null : String(line.account),
      description: line.description ?? null,
    })),
  };
}

/** Pages by id: `?after=<id>&type=SalesOrd&limit=500`. */
function readTransactions(account: Account, call: Call): object {
  const after = Number(call.query.get('after') ?? 0);
  const limit = Math.min(5000, Number(call.query.get('limit') ?? 500));
  const type = call.query.get('type');
  const types = type
    ? type.split(',').map((one) => (recordOfType[one] ? one : ''))
    : Object.keys(recordOfType);
  const rows = account.db
    .prepare(
      `SELECT id FROM ns_transaction WHERE id > ? AND type IN (${types.map(() => '?').join(',')}) ORDER BY id LIMIT ?`,
    )
    .all(after, ...types, limit);
  const items = rows.map((row) => describe(account, account.transactions.load(Number(row['id']))!));
  return { items, next: items.length === limit ? Number(rows.at(-1)?.['id']) : null };
}

/** How often each external id and channel order was created, over all that ever was; `?doubles=true` shows only repeats. */
function creations(account: Account, call: Call): object {
  const least = call.query.get('doubles') === 'true' ? 2 : 1;
  const rows = account.db
    .prepare(
      'SELECT key, type, count(*) AS n FROM ns_creation WHERE type = coalesce(?, type) GROUP BY key, type HAVING n >= ? ORDER BY key',
    )
    .all(call.query.get('type'), least);
  const pick = (prefix: string) =>
    rows
      .filter((row) => String(row['key']).startsWith(prefix))
      .map((row) => ({
        key: String(row['key']).slice(prefix.length),
        type: String(row['type']),
        count: Number(row['n']),
      }));
  return { externalIds: pick('externalId:'), orders: pick('order:') };
}

function readStock(account: Account, call: Call): object {
  const item = call.query.get('item');
  const rows = account.db
    .prepare(
      'SELECT a.*, i.itemid AS name, l.name AS place FROM ns_aggregateitemlocation a JOIN ns_item i ON i.id = a.item JOIN ns_location l ON l.id = a.location WHERE ?1 IS NULL OR i.itemid = ?1 OR i.id = ?1 ORDER BY a.item, a.location',
    )
    .all(item);
  return {
    items: rows.map((row) => ({
      item: String(row['item']),
      itemName: String(row['name']),
      location: String(row['location']),
      locationName: String(row['place']),
      onHand: Number(row['quantityonhand']),
      committed: Number(row['quantitycommitted']),
      available: Number(row['quantityavailable']),
      backordered: Number(row['quantitybackordered']),
    })),
  };
}

/** A stock count: sets what is on hand of an item at a location. */
function setStock(account: Account, change: { item?: string; location?: string; onHand?: number }): object {
  const item =
    account.masters.byName('item', String(change.item)) ?? account.masters.get('item', Number(change.item));
  const location =
    account.masters.byName('location', String(change.location)) ??
    account.masters.get('location', Number(change.location));
  if (!item || !location || typeof change.onHand !== 'number')
    throw new Error('Name item, location and onHand.');
  const { onHand } = account.stock.level(item.id, location.id);
  account.change(() => account.stock.count(item.id, location.id, change.onHand! - onHand));
  return account.stock.level(item.id, location.id);
}

interface NewItem {
  readonly itemId: string;
  readonly onHand?: Readonly<Record<string, number>>;
  readonly members?: readonly { readonly itemId: string; readonly quantity: number }[];
}

/** Items like the shop's first one, in stock at locations by name; kits name their members. */
function addItems(account: Account, { items }: { items: readonly NewItem[] }): object {
  const template = account.masters.all('item').find((master) => master.record === 'inventoryItem')!;
  const kit = account.masters.all('item').find((master) => master.record === 'kitItem')!;
  account.change(() => {
    for (const one of items) {
      const like = one.members ? kit : template;
      const master = account.masters.save({
        kind: like.kind,
        record: like.record,
        externalId: undefined,
        body: {
          ...like.body,
          itemId: one.itemId,
          displayName: one.itemId,
          ...(one.members
            ? {
                member: {
                  items: one.members.map(({ itemId, quantity }) => ({
                    item: { id: String(account.masters.byName('item', itemId)?.id) },
                    quantity,
                  })),
                },
              }
            : {}),
        },
      });
      for (const [place, units] of Object.entries(one.onHand ?? {})) {
        const location = account.masters.byName('location', place);
        if (location) account.stock.count(master.id, location.id, units);
      }
    }
  });
  return { items: items.length };
}

function editTracking(
  account: Account,
  id: string,
  change: { packages?: readonly { trackingNumber: string }[]; trackingNumbers?: readonly string[] },
): object {
  const t = findTransaction(account, id, 'ItemShip');
  const numbers = change.trackingNumbers ?? change.packages?.map((one) => one.trackingNumber) ?? [];
  account.change(() => {
    const before = (t.body['package'] as { items?: readonly object[] } | undefined)?.items ?? [];
    t.body['package'] = {
      items: numbers.map((number, index) => ({
        packageWeight: 1,
        ...before[index],
        packageTrackingNumber: number,
      })),
    };
    t.modifiedMs = account.now();
    account.transactions.update(t);
    saveTracking(account, t);
  });
  return describe(account, t);
}

function orderAct(
  world: NetSuiteWorld,
  id: string,
  act: string,
  change: { lines?: readonly number[] },
): object {
  const { account } = world;
  const order = findTransaction(account, id, 'SalesOrd');
  const role = makeRole('clerk');
  explain(() =>
    account.change(() => {
      if (act === 'delete') return deleteTransaction(account, order);
      if (act === 'approve')
        return updateTransaction(account, order, {
          body: { orderStatus: { id: 'B' } },
          replace: new Set(),
          role,
        });
      if (act === 'close') {
        const lines = order.lines.filter((line) => !change.lines || change.lines.includes(line.line));
        return updateTransaction(account, order, {
          body: { item: { items: lines.map(({ line }) => ({ line, isClosed: true })) } },
          replace: new Set(),
          role,
        });
      }
      if (act !== 'cancel')
        throw new Error(`An order can be closed, cancelled, approved or deleted, not ${act}.`);
      if (order.lines.some((line) => line.picked > 0 || line.billed > 0))
        throw new Error('An order that was shipped or billed can not be cancelled.');
      for (const line of order.lines) account.stock.release(order, line);
      order.status = 'C';
      order.modifiedMs = account.now();
      account.transactions.update(order);
    }),
  );
  return act === 'delete'
    ? { id: String(order.id), deleted: true }
    : describe(account, account.transactions.load(order.id)!);
}

/** Closes or reopens the period of a day, a named one, or all that end before a day. */
function closePeriods(
  account: Account,
  change: { closed?: boolean; receivableOnly?: boolean; name?: string; day?: string; before?: string },
): object {
  const chosen = account.masters.all('accountingperiod').filter(({ body }) => {
    const [start, end] = [String(body['startDate']), String(body['endDate'])];
    return (
      body['periodName'] === change.name ||
      (change.day !== undefined && start <= change.day && change.day <= end) ||
      (change.before !== undefined && end < change.before)
    );
  });
  const closed = change.closed ?? true;
  account.change(() => {
    for (const period of chosen)
      account.masters.save({
        ...period,
        body: change.receivableOnly
          ? { ...period.body, arLocked: closed }
          : { ...period.body, closed, allLocked: closed, arLocked: closed, apLocked: closed },
      });
  });
  return { closed, periods: chosen.map(nameOf) };
}

function setInactive(account: Account, kind: string, key: string, inactive: boolean): object {
  const master = account.masters.byName(kind, key) ?? account.masters.get(kind, Number(key));
  if (!master) throw new Error(`There is no ${kind} ${key}.`);
  account.change(() => account.masters.save({ ...master, body: { ...master.body, isInactive: inactive } }));
  return { id: String(master.id), name: nameOf(master), inactive };
}
