// What have channel orders become in NetSuite? Their sales orders, and the invoices and cash sales made of them, with what is
// still unpaid and the lines to credit.
import type { Money } from '../../core/money.ts';
import type { BilledDocument, OrderInBooks } from '../books.ts';
import { mainAccounts } from './booked-documents.ts';
import { minorOf } from './exact-amounts.ts';
import type { NetSuiteParts } from './parts.ts';
import { inLists, marks, type Row, suiteql } from './suiteql.ts';

/** Values in one query: each order id is bound once. */
const ordersPerQuery = 150;

export async function ordersInBooks(
  parts: NetSuiteParts,
  channelOrderIds: readonly string[],
): Promise<ReadonlyMap<string, OrderInBooks>> {
  const found = new Map<string, OrderInBooks>();
  await Promise.all(
    inLists([...new Set(channelOrderIds)], ordersPerQuery).map(async (list) => {
      const documents = await documentsOf(parts, list);
      const billed = documents.filter((row) => row['type'] !== 'SalesOrd');
      const [lines, accounts] = await Promise.all([
        linesOf(
          parts,
          billed.map((row) => row['id'] ?? ''),
        ),
        mainAccounts(
          parts,
          billed.map((row) => row['id'] ?? ''),
        ),
      ]);
      for (const orderId of list) {
        const own = documents.filter((row) => row['channelorder'] === orderId);
        if (own.length === 0) continue;
        const bills = (type: string) =>
          own.filter((row) => row['type'] === type).map((row) => toBilled(row, lines, accounts));
        found.set(orderId, {
          channelOrderId: orderId,
          salesOrders: own
            .filter((row) => row['type'] === 'SalesOrd')
            .map((row) => ({
              id: row['id'] ?? '',
              status: row['status'] ?? '',
              customerId: row['entity'] ?? '',
              // Pending billing, wholly or in part (netsuite.md §2.2).
              unbilledShipped: ['E', 'F'].includes(row['status'] ?? ''),
            })),
          invoices: bills('CustInvc'),
          cashSales: bills('CashSale'),
        });
      }
    }),
  );
  return found;
}

const columns = (order: string) =>
  `t.id, t.tranid, t.type, t.status, BUILTIN.DF(t.status) AS statusname, t.entity, TO_CHAR(t.trandate, 'YYYY-MM-DD') AS day, c.symbol AS currency, t.foreigntotal, t.foreignamountunpaid, ${order} AS channelorder`;

/** By the field that carries the order id; bills of an order count as its own even when they do not carry it. */
async function documentsOf(
  { client, settings }: NetSuiteParts,
  orderIds: readonly string[],
): Promise<readonly Row[]> {
  const field = settings.fields.orderId || 'otherrefnum';
  const rows = await suiteql(
    client,
    `SELECT ${columns(`t.${field}`)} FROM transaction t JOIN currency c ON c.id = t.currency
      WHERE t.type IN ('SalesOrd','CustInvc','CashSale') AND t.${field} IN (${marks(orderIds.length)}) ORDER BY t.id`,
    orderIds,
    'orders in the books',
  );
  const orders = new Map(
    rows.filter((row) => row['type'] === 'SalesOrd').map((row) => [row['id'] ?? '', row['channelorder']]),
  );
  const known = new Set(rows.map((row) => row['id']));
  const linked: Row[] = [];
  for (const list of inLists([...orders.keys()])) {
    const more = await suiteql(
      client,
      `SELECT DISTINCT k.previousdoc, ${columns('NULL')} FROM NextTransactionLineLink k JOIN transaction t ON t.id = k.nextdoc JOIN currency c ON c.id = t.currency
        WHERE t.type IN ('CustInvc','CashSale') AND k.previousdoc IN (${marks(list.length)}) ORDER BY t.id`,
      list,
      'bills of orders',
    );
    for (const row of more)
      if (!known.has(row['id']))
        linked.push({ ...row, channelorder: orders.get(row['previousdoc'] ?? '') ?? '' });
  }
  return [...rows, ...linked];
}

async function linesOf(
  { client, settings }: NetSuiteParts,
  ids: readonly string[],
): Promise<ReadonlyMap<string, readonly Row[]>> {
  const byDocument = new Map<string, Row[]>();
  const { lineId } = settings.fields;
  for (const list of inLists(ids)) {
    const rows = await suiteql(
      client,
      `SELECT l.transaction, l.id, l.item, l.quantity, l.foreignamount, l.location${lineId ? `, l.${lineId} AS linekey` : ''} FROM transactionline l
        WHERE l.mainline = 'F' AND l.taxline = 'F' AND NVL(l.iscogs,'F') = 'F' AND NVL(l.kitcomponent,'F') = 'F' AND l.transaction IN (${marks(list.length)}) ORDER BY l.transaction, l.id`,
      list,
      'lines of bills',
    );
    for (const row of rows) {
      const own = byDocument.get(row['transaction'] ?? '') ?? [];
      own.push(row);
      byDocument.set(row['transaction'] ?? '', own);
    }
  }
  return byDocument;
}

function toBilled(
  row: Row,
  lines: ReadonlyMap<string, readonly Row[]>,
  accounts: ReadonlyMap<string, string>,
): BilledDocument {
  const id = row['id'] ?? '';
  const currency = row['currency'] ?? '';
  const amount = (text: string | undefined): Money => ({ minor: minorOf(text, currency), currency });
  // Letters of cash sales are read in words: accounts and releases do not agree on them.
  const undeposited = row['type'] === 'CashSale' && /not deposited/i.test(row['statusname'] ?? '');
  const total = amount(row['foreigntotal']);
  return {
    id,
    number: row['tranid'] ?? id,
    date: row['day'] ?? '',
    customerId: row['entity'] ?? '',
    total,
    open: row['type'] === 'CustInvc' ? amount(row['foreignamountunpaid']) : undeposited ? total : amount('0'),
    accountId: accounts.get(id) ?? '',
    undeposited,
    lines: (lines.get(id) ?? []).map((line) => ({
      ...(line['linekey'] ? { key: line['linekey'] } : {}),
      itemId: line['item'] ?? '',
      // Lines of sales are negative in SuiteQL (netsuite.md §2.3).
      quantity: -Number(line['quantity'] ?? 0),
      amount: { minor: -minorOf(line['foreignamount'], currency), currency },
      ...(line['location'] ? { locationId: line['location'] } : {}),
    })),
  };
}
