// How does an order become a shipment? All open lines unless the caller says otherwise; only status C takes stock.
import type { Account } from '../account.ts';
import { invalidField, userError } from '../errors.ts';
import type { Body } from '../masters.ts';
import { emptyLine, type Line, type Transaction } from '../transactions.ts';
import { addLine, creationKeys, saveAddress } from './create.ts';
import { checkLocation, itemsOf, newTransaction, resolve } from './drafts.ts';
import { isApproved, orderStatus } from './status.ts';

interface Choice {
  readonly line: Line;
  readonly quantity: number;
  readonly source: Body;
}

export const nothingToFulfil = 'You must have at least one valid line item for this transaction.';

/** Lines a shipment would take: those named, and of the others all that are open and committed. */
function chooseLines(account: Account, order: Transaction, body: Body): Choice[] {
  const named = new Map<number, { source: Body; at: number }>();
  (itemsOf(body, 'item') ?? []).forEach((source, at) => {
    const orderLine = Number(source['orderLine']);
    if (!order.lines.some((line) => line.line === orderLine))
      throw invalidField('orderLine', source['orderLine'], `item.items[${at}].orderLine`);
    named.set(orderLine, { source, at });
  });
  const choices: Choice[] = [];
  for (const line of order.lines) {
    if (!line.fulfillable || line.closed) continue;
    const most = account.fulfilCommittedOnly
      ? account.stock.shippable(order, line)
      : line.quantity - line.picked;
    const wish = named.get(line.line);
    if (wish?.source['itemReceive'] === false) continue;
    const quantity = typeof wish?.source['quantity'] === 'number' ? wish.source['quantity'] : most;
    if (quantity > most)
      throw userError(
        `You can not fulfill ${quantity} of this line: only ${most} are open and committed.`,
        `item.items[${wish?.at ?? 0}].quantity`,
      );
    if (quantity > 0) choices.push({ line, quantity, source: wish?.source ?? {} });
  }
  return choices;
}

export function fulfilOrder(account: Account, order: Transaction, body: Body): Transaction {
  if (!isApproved(order) || order.status === 'H')
    throw userError('This order can not be fulfilled in its present status.');
  const t = newTransaction(account, 'itemFulfillment', { ...body, currency: { id: String(order.currency) } });
  t.createdFrom = order.id;
  t.entity = order.entity;
  t.subsidiary = order.subsidiary;
  t.exchangeRate = order.exchangeRate;
  t.shipMethod = resolve(account, 'shipitem', body['shipMethod'], 'shipMethod')?.id ?? order.shipMethod;
  if (t.body['shippingAddress'] === undefined && order.body['shippingAddress'] !== undefined)
    t.body['shippingAddress'] = order.body['shippingAddress'];
  const wanted = String((body['shipStatus'] as { id?: string } | undefined)?.id ?? 'C');
  if (!['A', 'B', 'C'].includes(wanted)) throw invalidField('shipStatus', wanted);
  const choices = chooseLines(account, order, body);
  if (choices.length === 0) throw userError(nothingToFulfil, 'item');
  const links: { previous: number; next: number }[] = [];
  for (const choice of choices) {
    const parent = fulfilmentLine(account, t, order, choice);
    links.push({ previous: choice.line.line, next: parent.line });
    choice.line.picked += choice.quantity;
  }
  t.status = 'A';
  advance(account, t, order, wanted);
  order.modifiedMs = account.now();
  account.transactions.insert(t);
  account.transactions.update(order);
  account.transactions.link(order, t, links, 'ShipRcpt');
  saveAddress(account, t);
  saveTracking(account, t);
  account.created(t.id, t.type, creationKeys(t));
  return t;
}

/** The line of a shipment; below a kit one line for each member. */
function fulfilmentLine(
  account: Account,
  t: Transaction,
  order: Transaction,
  { line, quantity, source }: Choice,
): Line {
  const location =
    resolve(account, 'location', source['location'], 'location')?.id ?? line.location ?? order.location;
  checkLocation(account, t, location, 'item.location');
  const make = (item: number, count: number, more: Partial<Line>) =>
    addLine(t, {
      ...emptyLine(),
      key: account.transactions.nextKey(),
      item,
      itemType: account.masters.item(item)?.itemType ?? '',
      quantity: count,
      location,
      createdFrom: order.id,
      ...more,
    });
  const body = source['inventoryDetail'] === undefined ? {} : { inventoryDetail: source['inventoryDetail'] };
  const parent = make(line.item!, quantity, { orderLine: line.line, body, description: line.description });
  for (const member of account.masters.item(line.item!)?.components ?? [])
    make(member.item, member.quantity * quantity, { kitMemberOf: parent.line });
  return parent;
}

/** Moves a shipment on to packed or shipped; shipped takes the stock and posts its cost. */
export function advance(account: Account, t: Transaction, order: Transaction, wanted: string): void {
  const before = t.status;
  if (wanted < before) throw userError('A fulfillment can not go back to an earlier status.', 'shipStatus');
  let cost = 0;
  for (const line of t.lines) {
    const source =
      line.orderLine === undefined ? undefined : order.lines.find((one) => one.line === line.orderLine);
    if (!source) continue;
    if (wanted >= 'B' && before < 'B') source.packed += line.quantity;
    if (wanted === 'C' && before < 'C') {
      // Stock leaves before the order line counts as shipped, so that its commitment can be matched.
      cost += account.stock.relieve(t, line, line.quantity, { order, line: source });
      source.shipped += line.quantity;
      account.stock.show(order, source);
    }
  }
  t.status = wanted;
  if (wanted === 'C') account.ledger.post(t, account.ledger.account('inventory'), account.ledger.costs(cost));
  order.status = orderStatus(order);
}

/** Undoes a shipment that is deleted. */
export function undoFulfilment(account: Account, t: Transaction): void {
  const order = account.transactions.load(t.createdFrom ?? 0);
  if (!order) return;
  for (const line of t.lines) {
    const source =
      line.orderLine === undefined ? undefined : order.lines.find((one) => one.line === line.orderLine);
    if (!source) continue;
    source.picked -= line.quantity;
    if (t.status >= 'B') source.packed -= line.quantity;
    if (t.status === 'C') {
      source.shipped -= line.quantity;
      account.stock.receive(line, line.item ?? 0, line.location ?? 0, line.quantity);
    }
  }
  account.stock.commit(order);
  order.status = order.status === 'A' ? 'A' : orderStatus({ ...order, status: 'B' });
  order.modifiedMs = account.now();
  account.transactions.update(order);
}

/** Writes the tracking numbers of a shipment's packages to the tables that SuiteQL joins. */
export function saveTracking(account: Account, t: Transaction): void {
  const { db } = account;
  db.prepare(
    'DELETE FROM ns_trackingnumber WHERE id IN (SELECT trackingnumber FROM ns_trackingnumbermap WHERE [transaction] = ?)',
  ).run(t.id);
  db.prepare('DELETE FROM ns_trackingnumbermap WHERE [transaction] = ?').run(t.id);
  for (const list of ['package', 'packageUps', 'packageFedex', 'packageUsps'])
    for (const one of itemsOf(t.body, list) ?? []) {
      const tracking = one['packageTrackingNumber'];
      if (typeof tracking !== 'string' || tracking === '') continue;
      const id = db
        .prepare('INSERT INTO ns_trackingnumber (trackingnumber) VALUES (?)')
        .run(tracking).lastInsertRowid;
      db.prepare('INSERT INTO ns_trackingnumbermap ([transaction], trackingnumber) VALUES (?, ?)').run(
        t.id,
        id,
      );
    }
}

export const shipStatusOf = (body: Body): string | undefined =>
  body['shipStatus'] === undefined ? undefined : String((body['shipStatus'] as { id?: string }).id);
