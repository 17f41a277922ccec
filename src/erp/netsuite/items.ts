// Which NetSuite items do names or ids mean? Many in one query; names are compared as NetSuite does, exactly.
import type { ErpItem, InventoryNumber, ItemLookup } from '../erp.ts';
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
    for (const list of inLists([...new Set(missing)])) {
      const rows = await suiteql(
        client,
        `SELECT ${columns} FROM item i WHERE i.${column} IN (${marks(list.length)}) ORDER BY i.id`,
        list,
        'items',
      );
      const members = await trackedMembers(
        client,
        rows.filter((row) => row['itemtype'] === 'Kit').map((row) => row['id'] ?? ''),
      );
      for (const row of rows) {
        const item = toItem(row, members.get(row['id'] ?? ''));
        const key = column === 'id' ? item.id : (row['itemid'] ?? '');
        known.set(`${column}/${key}`, { item, until: now + cachedMs });
        found.set(key, item);
      }
    }
    return found;
  };
  return {
    byNames: (names) => look('itemid', names),
    byIds: (ids) => look('id', ids),
    numbers: (itemIds, locationIds) => numbersAt(client, itemIds, locationIds),
  };
}

/** Names of the members of each kit that need numbers or bins when they leave. */
async function trackedMembers(
  client: NetSuiteClient,
  kitIds: readonly string[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const members = new Map<string, string[]>();
  for (const list of inLists(kitIds))
    for (const row of await suiteql(
      client,
      `SELECT m.parentitem, i.itemid FROM kititemmember m JOIN item i ON i.id = m.item
        WHERE m.parentitem IN (${marks(list.length)}) AND (i.islotitem = 'T' OR i.isserialitem = 'T' OR i.usebins = 'T') ORDER BY m.parentitem, i.id`,
      list,
      'members of kits',
    )) {
      const kit = row['parentitem'] ?? '';
      members.set(kit, [...(members.get(kit) ?? []), row['itemid'] ?? '']);
    }
  return members;
}

async function numbersAt(
  client: NetSuiteClient,
  itemIds: readonly string[],
  locationIds: readonly string[],
): Promise<readonly InventoryNumber[]> {
  if (itemIds.length === 0 || locationIds.length === 0) return [];
  const lists = await Promise.all(
    inLists(itemIds).map((list) =>
      suiteql(
        client,
        `SELECT b.item, b.location, n.id, n.inventorynumber, TO_CHAR(n.expirationdate, 'YYYY-MM-DD') AS expires, b.quantityavailable
          FROM inventorybalance b JOIN inventorynumber n ON n.id = b.inventorynumber
          WHERE b.item IN (${marks(list.length)}) AND b.location IN (${marks(locationIds.length)}) AND b.quantityavailable > 0 ORDER BY n.id, b.location`,
        [...list, ...locationIds],
        'lots and serial numbers',
      ),
    ),
  );
  return lists.flat().map((row) => ({
    itemId: row['item'] ?? '',
    locationId: row['location'] ?? '',
    numberId: row['id'] ?? '',
    name: row['inventorynumber'] ?? row['id'] ?? '',
    quantity: Math.floor(Number(row['quantityavailable'] ?? 0)),
    ...(row['expires'] ? { expiresOn: row['expires'] } : {}),
  }));
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

function toItem(row: Row, members: readonly string[] | undefined): ErpItem {
  return {
    id: row['id'] ?? '',
    name: row['itemid'] ?? '',
    kind: types[row['itemtype'] ?? ''] ?? 'other',
    inactive: row['isinactive'] === 'T',
    lotTracked: row['islotitem'] === 'T',
    serialTracked: row['isserialitem'] === 'T',
    matrixParent: row['matrixtype'] === 'PARENT',
    ...(members ? { trackedMembers: members } : {}),
  };
}
