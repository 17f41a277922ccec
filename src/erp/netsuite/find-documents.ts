// Which documents are there already? Many order ids in one query: what we wrote, and what other tools or people did.
import { decimalsOf, type Money, parseMoney } from '../../core/money.ts';
import type { DocumentStore, FoundDocument } from '../erp.ts';
import { externalId } from './external-ids.ts';
import type { NetSuiteParts } from './parts.ts';
import { inLists, marks, type Row, suiteql } from './suiteql.ts';
import { kindOfType, statusOf } from './wire.ts';

/** One query finds what we wrote (external id) and what others wrote (order id); documents made from an order are not mistaken for it. */
export async function findDocuments(
  { client, settings }: NetSuiteParts,
  keys: Parameters<DocumentStore['find']>[0],
): Promise<ReadonlyMap<string, FoundDocument>> {
  const found = new Map<string, FoundDocument>();
  const orderField = settings.fields.orderId;
  const lists = inLists(keys, 200);
  await Promise.all(
    lists.map(async (list) => {
      const ids = list.map((key) => externalId(key.externalId));
      const orders = list.map((key) => key.channelOrderId);
      const columns = `t.id, t.tranid, t.type, t.externalid, t.otherrefnum, t.status, t.foreigntotal, c.symbol AS currency${orderField ? `, t.${orderField} AS channelorder` : ''}`;
      const rows = await suiteql(
        client,
        `SELECT ${columns} FROM transaction t LEFT JOIN currency c ON c.id = t.currency WHERE t.type IN ('SalesOrd','CashSale','CustInvc') AND (t.externalid IN (${marks(ids.length)}) OR t.otherrefnum IN (${marks(orders.length)})${orderField ? ` OR t.${orderField} IN (${marks(orders.length)})` : ''}) ORDER BY t.id`,
        [...ids, ...orders, ...(orderField ? orders : [])],
        'documents by external id',
      );
      for (const key of list) {
        const match = bestMatch(rows, key);
        if (match) found.set(key.externalId, match);
      }
    }),
  );
  return found;
}

/** Our own external id first; else the oldest document of the order, a sales order before the invoice made from it. */
function bestMatch(
  rows: readonly Row[],
  key: { readonly externalId: string; readonly channelOrderId: string },
): FoundDocument | undefined {
  const own = rows.find((row) => row['externalid'] === externalId(key.externalId));
  const others = rows.filter(
    (row) =>
      (row['otherrefnum'] === key.channelOrderId || row['channelorder'] === key.channelOrderId) &&
      !(row['externalid'] ?? '').startsWith('XD-'),
  );
  const row = own ?? others.find((other) => other['type'] === 'SalesOrd') ?? others[0];
  const kind = kindOfType(row?.['type']);
  if (!row || !kind) return undefined;
  const currency = row['currency'];
  return {
    id: row['id'] ?? '',
    number: row['tranid'] ?? row['id'] ?? '',
    kind,
    matchedBy: own ? 'external-id' : 'channel-order-id',
    status: statusOf(kind, row['status']),
    ...(row['externalid'] ? { externalId: row['externalid'] } : {}),
    ...(row['foreigntotal'] && currency ? { total: decimalMoney(row['foreigntotal'], currency) } : {}),
  };
}

export async function cancelledSince(
  { client, settings, time }: NetSuiteParts,
  from: Date,
): ReturnType<DocumentStore['cancelledSince']> {
  const orderColumn = settings.fields.orderId || 'otherrefnum';
  const channel = settings.fields.channel
    ? `t.${settings.fields.channel} IS NOT NULL`
    : "t.externalid LIKE 'XD-%'";
  const rows = await suiteql(
    client,
    `SELECT t.id, t.externalid, t.${orderColumn} AS channelorder, t.status, TO_CHAR(SYS_EXTRACT_UTC(t.lastmodifieddate),'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS modified,
      (SELECT SUM(NVL(l.quantityshiprecv,0)) FROM transactionline l WHERE l.transaction = t.id AND l.mainline = 'F' AND l.taxline = 'F') AS shipped
      FROM transaction t WHERE t.type = 'SalesOrd' AND t.status IN ('C','H') AND ${channel} AND t.lastmodifieddate >= TO_TIMESTAMP(?, 'YYYY-MM-DD HH24:MI:SS') ORDER BY t.id`,
    [await time.literal(from)],
    'cancelled orders',
  );
  return rows.flatMap((row) =>
    row['channelorder']
      ? [
          {
            id: row['id'] ?? '',
            channelOrderId: row['channelorder'],
            modifiedAt: new Date(row['modified'] ?? 0),
            status: statusOf('sales-order', row['status']),
            fulfilledQuantity: Math.abs(Number(row['shipped'] ?? 0)),
            ...(row['externalid'] ? { externalId: row['externalid'] } : {}),
          },
        ]
      : [],
  );
}

/** NetSuite may give more decimals than the currency has; only zeros may be cut. */
export function decimalMoney(text: string, currency: string): Money {
  const [whole = '0', fraction = ''] = text.split('.');
  return parseMoney(`${whole}.${fraction.slice(0, decimalsOf(currency)).padEnd(1, '0')}`, currency);
}
