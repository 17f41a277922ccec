// Which NetSuite items do names or ids mean? Many in one query; names are compared as NetSuite does, exactly.
import type { ErpItem, ItemLookup } from '../erp.ts';
import type { NetSuiteClient } from './client.ts';
import { inLists, marks, type Row, suiteql } from './suiteql.ts';

const columns =
  'i.id, i.itemid, i.externalid, i.itemtype, i.isinactive, i.islotitem, i.isserialitem, i.matrixtype';

export function itemLookup(client: NetSuiteClient): ItemLookup {
  // Items change rarely: what was read is used for some minutes, and absent ones are asked again at once.
  const known = new Map<string, { readonly item: ErpItem; readonly until: number }>();
  const look = async (column: 'itemid' | 'id', values: readonly string[]): Promise<Map<string, ErpItem>> => {
    const found = new Map<string, ErpItem>();
    const now = performance.now();
    const missing = values.filter((value) => {
      const cached = known.get(`${column}/${value}`);
      if (!cached || cached.until < now) return true;
      found.set(value, cached.item);
      return false;
    });
    for (const list of inLists([...new Set(missing)]))
      for (const row of await suiteql(
        client,
        `SELECT ${columns} FROM item i WHERE i.${column} IN (${marks(list.length)}) ORDER BY i.id`,
        list,
        'items',
      )) {
        const item = toItem(row);
        const key = column === 'id' ? item.id : (row['itemid'] ?? '');
        known.set(`${column}/${key}`, { item, until: now + cachedMs });
        found.set(key, item);
      }
    return found;
  };
  return { byNames: (names) => look('itemid', names), byIds: (ids) => look('id', ids) };
}

/** An item made inactive is noticed at the latest after this long; NetSuite refuses it before. */
const cachedMs = 5 * 60_000;

const types: Readonly<Record<string, ErpItem['kind']>> = {
  InvtPart: 'inventory',
  Kit: 'kit',
  Assembly: 'assembly',
  NonInvtPart: 'non-inventory',
  Service: 'service',
  OthCharge: 'other-charge',
  Discount: 'discount',
  Group: 'group',
};

function toItem(row: Row): ErpItem {
  return {
    id: row['id'] ?? '',
    name: row['itemid'] ?? '',
    kind: types[row['itemtype'] ?? ''] ?? 'other',
    inactive: row['isinactive'] === 'T',
    lotTracked: row['islotitem'] === 'T',
    serialTracked: row['isserialitem'] === 'T',
    matrixParent: row['matrixtype'] === 'PARENT',
  };
}
