// How many units are available where? SuiteQL over aggregateItemLocation: changes since a moment, or everything by item.
import type { StockSource } from '../erp.ts';
import type { NetSuiteParts } from './documents.ts';
import { marks, type Row, suiteql } from './suiteql.ts';

/** Rows of one page of a full reading; below SuiteQL's own page so that each page is one call (netsuite.md §2.1). */
const pageRows = 1_000;

export function stockSource({ client, tools, time }: NetSuiteParts): StockSource {
  const columns = 'a.item, a.location, a.quantityavailable';
  return {
    async changedSince(from, locationIds) {
      // Read before asking: what changes while the answer is made is found again by the next reading.
      const seenUntil = tools.now();
      if (locationIds.length === 0) return { levels: [], seenUntil };
      const rows = await suiteql(
        client,
        `SELECT ${columns} FROM aggregateItemLocation a WHERE a.location IN (${marks(locationIds.length)})
          AND a.lastquantityavailablechange >= TO_TIMESTAMP(?, 'YYYY-MM-DD HH24:MI:SS') ORDER BY a.item, a.location`,
        [...locationIds, await time.literal(from)],
        'changed stock',
      );
      return { levels: rows.map(toLevel), seenUntil };
    },
    async *all(locationIds) {
      if (locationIds.length === 0) return;
      let after = 0;
      for (;;) {
        const rows = await suiteql(
          client,
          `SELECT ${columns} FROM aggregateItemLocation a WHERE a.location IN (${marks(locationIds.length)}) AND a.item > ?
            ORDER BY a.item, a.location FETCH FIRST ${pageRows} ROWS ONLY`,
          [...locationIds, after],
          'stock',
        );
        // A full page may end in the middle of an item: its last item is read again with the next page.
        const last = rows.at(-1)?.['item'];
        const whole = rows.length < pageRows ? rows : rows.filter((row) => row['item'] !== last);
        if (whole.length > 0) yield whole.map(toLevel);
        if (rows.length < pageRows) return;
        after = Number(whole.at(-1)?.['item'] ?? last);
      }
    },
    async kitMembers() {
      const rows = await suiteql(
        client,
        "SELECT m.parentitem, m.item, m.quantity FROM kititemmember m JOIN item i ON i.id = m.parentitem WHERE i.isinactive = 'F' ORDER BY m.parentitem, m.item, m.linenumber",
        [],
        'kit members',
      );
      const members = new Map<string, { kitId: string; itemId: string; quantity: number }>();
      for (const row of rows) {
        const [kitId, itemId] = [row['parentitem'] ?? '', row['item'] ?? ''];
        const known = members.get(`${kitId}/${itemId}`);
        // The same member may stand on two lines of a kit.
        const quantity = Math.max(1, Math.ceil(Number(row['quantity'] ?? 1)));
        members.set(`${kitId}/${itemId}`, { kitId, itemId, quantity: (known?.quantity ?? 0) + quantity });
      }
      return [...members.values()];
    },
  };
}

/** Fractions (metres, kilogrammes) are rounded down: half a unit cannot be promised. */
const toLevel = (row: Row) => ({
  itemId: row['item'] ?? '',
  locationId: row['location'] ?? '',
  available: Math.floor(Number(row['quantityavailable'] ?? 0)),
});
