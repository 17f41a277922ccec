// How much is on hand, committed and available, per item and location? Orders commit, shipments and sales relieve,
// closing releases; what becomes free is committed to the oldest order that waits.
import type { DatabaseSync } from 'node:sqlite';
import { userError } from './errors.ts';
import { type ItemFacts, idOf, type Masters } from './masters.ts';
import { momentOf } from './suiteql/moments.ts';
import type { Line, Transaction } from './transactions.ts';

export interface Level {
  readonly onHand: number;
  readonly committed: number;
  readonly available: number;
}

export interface Stock {
  level(item: number, location: number): Level;
  /** Reserves stock for the open lines of an approved order; sets committed and backordered of its lines. */
  commit(order: Transaction): void;
  release(order: Transaction, line: Line): void;
  /** Units of a line that committed stock would let a clerk ship now. */
  shippable(order: Transaction, line: Line): number;
  /** Takes units off the shelf; with an order line, off its commitment as well. */
  relieve(
    owner: Transaction,
    line: Line,
    quantity: number,
    commitment?: { order: Transaction; line: Line },
  ): number;
  /** Works out committed and backordered of a line anew, after its shipped quantity changed. */
  show(order: Transaction, line: Line): void;
  receive(line: Line, item: number, location: number, quantity: number): void;
  /** Corrects what is on hand after a count. */
  count(item: number, location: number, difference: number): void;
  /** Gives freed stock to orders that wait; called at the end of each request. */
  settle(): void;
}

interface Part {
  readonly item: ItemFacts;
  readonly per: number;
}

export interface StockOptions {
  readonly db: DatabaseSync;
  readonly masters: Masters;
  readonly now: () => number;
  readonly allowNegative: boolean;
}

const openQuantity = (line: Line) =>
  line.closed || !line.fulfillable ? 0 : Math.max(0, line.quantity - line.shipped);

export function openStock({ db, masters, now, allowNegative }: StockOptions): Stock {
  const read = db.prepare(
    'SELECT quantityonhand AS h, quantitycommitted AS c FROM ns_aggregateitemlocation WHERE item = ? AND location = ?',
  );
  const write =
    db.prepare(`INSERT INTO ns_aggregateitemlocation (item, location, quantityonhand, quantitycommitted, quantitybackordered, quantityonorder, quantityintransit, quantityavailable, lastquantityavailablechange)
    VALUES (?1, ?2, ?3, ?4, ?5, 0, 0, ?3 - ?4, ?6)
    ON CONFLICT (item, location) DO UPDATE SET quantityonhand = quantityonhand + ?3, quantitycommitted = quantitycommitted + ?4, quantitybackordered = quantitybackordered + ?5,
      quantityavailable = quantityonhand + ?3 - quantitycommitted - ?4, lastquantityavailablechange = ?6`);
  const putDemand = db.prepare(
    'INSERT OR REPLACE INTO ns_demand (tran, line, item, location, per, needed, committed) VALUES (?, ?, ?, ?, ?, ?, ?)',
  );
  const demandOf = db.prepare('SELECT * FROM ns_demand WHERE tran = ? AND line = ?');
  const dropDemand = db.prepare('DELETE FROM ns_demand WHERE tran = ? AND line = ?');
  const waiting = db.prepare(
    'SELECT * FROM ns_demand WHERE item = ? AND location = ? AND committed < needed ORDER BY tran, line',
  );
  const showLine = db.prepare(
    'UPDATE ns_transactionline SET quantitycommitted = ?, quantitybackordered = ? WHERE [transaction] = ? AND id = ?',
  );
  const lots = db.prepare(
    'SELECT b.rowid AS row, b.quantityonhand AS quantity, b.inventorynumber AS lot FROM ns_inventorybalance b JOIN ns_inventorynumber n ON n.id = b.inventorynumber WHERE b.item = ? AND b.location = ? AND b.quantityonhand > 0 ORDER BY n.expirationdate, n.id',
  );
  const takeLot = db.prepare(
    'UPDATE ns_inventorybalance SET quantityonhand = quantityonhand - ?, quantityavailable = quantityavailable - ? WHERE rowid = ?',
  );
  const freed = new Set<string>();

  const level = (item: number, location: number): Level => {
    const row = read.get(item, location);
    const [onHand, committed] = [Number(row?.['h'] ?? 0), Number(row?.['c'] ?? 0)];
    return { onHand, committed, available: onHand - committed };
  };
  const change = (
    item: number,
    location: number,
    delta: { onHand?: number; committed?: number; backordered?: number },
  ) => {
    const { onHand = 0, committed = 0, backordered = 0 } = delta;
    write.run(item, location, onHand, committed, backordered, momentOf(now()));
    if (onHand > 0 || committed < 0) freed.add(`${item}/${location}`);
  };
  /** A kit stands for its members; everything else that is stocked stands for itself. */
  const partsOf = (itemId: number | undefined): Part[] => {
    const item = itemId === undefined ? undefined : masters.item(itemId);
    if (!item) return [];
    if (item.itemType !== 'Kit') return item.stocked ? [{ item, per: 1 }] : [];
    return item.components.flatMap(({ item: id, quantity }) => {
      const part = masters.item(id);
      return part?.stocked ? [{ item: part, per: quantity }] : [];
    });
  };
  const showCommitted = (line: Line, rows: readonly Record<string, unknown>[]) => {
    const open = openQuantity(line);
    line.committed =
      rows.length === 0
        ? 0
        : Math.min(open, ...rows.map((row) => Math.floor(Number(row['committed']) / Number(row['per']))));
    line.backordered = rows.length === 0 ? 0 : open - line.committed;
  };
  const commitLine = (order: Transaction, line: Line) => {
    const location = line.location ?? order.location;
    const open = openQuantity(line);
    if (open === 0 || location === undefined || idOf(line.body['commitInventory']) === 3) return;
    const parts = partsOf(line.item);
    const rows = parts.map(({ item, per }) => {
      const needed = open * per;
      const committed = Math.max(0, Math.min(needed, level(item.id, location).available));
      putDemand.run(order.id, line.line, item.id, location, per, needed, committed);
      change(item.id, location, { committed, backordered: needed - committed });
      return { committed, per };
    });
    showCommitted(line, rows);
  };
  const release = (order: Transaction, line: Line) => {
    for (const row of demandOf.all(order.id, line.line)) {
      const [needed, committed] = [Number(row['needed']), Number(row['committed'])];
      change(Number(row['item']), Number(row['location']), {
        committed: -committed,
        backordered: committed - needed,
      });
    }
    dropDemand.run(order.id, line.line);
    line.committed = 0;
    line.backordered = 0;
  };
  const takeLots = (owner: Transaction, line: Line, item: ItemFacts, location: number, quantity: number) => {
    const chosen = lotsOf(line);
    if (!chosen)
      throw userError(
        `Please configure the inventory detail for this line. Item ${item.name} needs lot numbers.`,
        `item.items[${owner.lines.indexOf(line)}].inventoryDetail`,
      );
    let left = quantity;
    for (const row of lots.all(item.id, location)) {
      const wanted = chosen ? (chosen.get(Number(row['lot'])) ?? 0) : left;
      const taken = Math.min(left, wanted, Number(row['quantity']));
      if (taken <= 0) continue;
      takeLot.run(taken, taken, Number(row['row']));
      left -= taken;
    }
    if (chosen && left > 0)
      throw userError(`The total inventory detail quantity must be ${quantity}.`, 'item.inventoryDetail');
  };

  return {
    level,
    commit: (order) => {
      for (const line of order.lines)
        if (line.fulfillable && !line.closed) {
          release(order, line);
          commitLine(order, line);
        }
    },
    release,
    shippable: (order, line) => {
      const rows = demandOf.all(order.id, line.line);
      const reserved = line.picked - line.shipped;
      if (rows.length === 0) return partsOf(line.item).length === 0 ? openQuantity(line) : 0;
      return Math.max(
        0,
        Math.min(
          openQuantity(line),
          ...rows.map((row) => Math.floor(Number(row['committed']) / Number(row['per']))),
        ) - reserved,
      );
    },
    relieve: (owner, line, quantity, commitment) => {
      const location = line.location ?? owner.location ?? commitment?.line.location;
      const parts = partsOf(line.item);
      if (location === undefined) {
        if (parts.length > 0) throw userError('Please enter value(s) for: Location.', 'item.location');
        return 0;
      }
      let cost = 0;
      for (const { item, per } of parts) {
        const units = quantity * per;
        const { onHand } = level(item.id, location);
        if (!allowNegative && onHand < units)
          throw userError(
            `The item ${item.name} has only ${onHand} on hand at the location; inventory may not become negative.`,
          );
        if (item.lot) takeLots(owner, line, item, location, units);
        change(item.id, location, { onHand: -units });
        cost += item.costMinor * units;
      }
      if (commitment)
        for (const row of demandOf.all(commitment.order.id, commitment.line.line)) {
          const units = quantity * Number(row['per']);
          const [needed, committed] = [Number(row['needed']), Number(row['committed'])];
          const fromCommitted = Math.min(committed, units);
          const left = Math.max(0, needed - units);
          putDemand.run(
            commitment.order.id,
            commitment.line.line,
            Number(row['item']),
            Number(row['location']),
            Number(row['per']),
            left,
            Math.min(left, committed - fromCommitted),
          );
          change(Number(row['item']), Number(row['location']), {
            committed: -fromCommitted,
            backordered: left - (committed - fromCommitted) - (needed - committed),
          });
        }
      return Math.round(cost);
    },
    show: (order, line) => showCommitted(line, demandOf.all(order.id, line.line)),
    receive: (_line, item, location, quantity) => {
      for (const part of partsOf(item)) change(part.item.id, location, { onHand: quantity * part.per });
    },
    count: (item, location, difference) => change(item, location, { onHand: difference }),
    settle: () => {
      for (const key of freed) {
        const [item = 0, location = 0] = key.split('/').map(Number);
        let { available } = level(item, location);
        for (const row of available > 0 ? waiting.all(item, location) : []) {
          const given = Math.min(available, Number(row['needed']) - Number(row['committed']));
          if (given <= 0) break;
          available -= given;
          const [tran, line] = [Number(row['tran']), Number(row['line'])];
          putDemand.run(
            tran,
            line,
            item,
            location,
            Number(row['per']),
            Number(row['needed']),
            Number(row['committed']) + given,
          );
          write.run(item, location, 0, given, -given, momentOf(now()));
          const rows = demandOf.all(tran, line);
          const committed = Math.min(
            ...rows.map((one) => Math.floor(Number(one['committed']) / Number(one['per']))),
          );
          const needed = Math.max(
            ...rows.map((one) => Math.ceil(Number(one['needed']) / Number(one['per']))),
          );
          showLine.run(committed, needed - committed, tran, line);
        }
      }
      freed.clear();
    },
  };
}

/** Lots a caller chose: quantity by inventory number. */
function lotsOf(line: Line): Map<number, number> | undefined {
  const detail = line.body['inventoryDetail'] as
    | { inventoryAssignment?: { items?: Record<string, unknown>[] } }
    | undefined;
  const items = detail?.inventoryAssignment?.items;
  if (!items) return undefined;
  const chosen = new Map<number, number>();
  for (const one of items) {
    const lot = idOf(one['issueInventoryNumber']);
    if (lot !== undefined) chosen.set(lot, (chosen.get(lot) ?? 0) + Number(one['quantity'] ?? 0));
  }
  return chosen;
}
