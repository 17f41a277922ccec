// What stands in NetSuite's books, with its effect on every account? By external id, many in few queries; the certificate
// compares these figures with the plan.
import type { Money } from '../../core/money.ts';
import type { BookedDocument, BookKind } from '../books.ts';
import { kindOfBookType, recordOf } from './book-kinds.ts';
import { inDocumentCurrency, minorOf } from './exact-amounts.ts';
import { externalId } from './external-ids.ts';
import type { NetSuiteParts } from './parts.ts';
import { inLists, marks, type Row, suiteql } from './suiteql.ts';

interface Key {
  readonly kind: BookKind;
  readonly externalId: string;
}

export async function findBooked(
  parts: NetSuiteParts,
  keys: readonly Key[],
): Promise<ReadonlyMap<string, BookedDocument>> {
  const found = new Map<string, BookedDocument>();
  const fees = keys.filter((key) => key.kind === 'order-fees');
  const documents = keys.filter((key) => key.kind !== 'order-fees');
  await Promise.all([
    ...inLists(documents, 200).map(async (list) => {
      const types = [...new Set(list.map((key) => recordOf(key.kind).type))];
      const rows = await suiteql(
        parts.client,
        `SELECT t.id, t.tranid, t.type, t.externalid, TO_CHAR(t.trandate, 'YYYY-MM-DD') AS day, c.symbol AS currency, t.foreigntotal, t.exchangerate
          FROM transaction t JOIN currency c ON c.id = t.currency
          WHERE t.type IN (${marks(types.length)}) AND t.externalid IN (${marks(list.length)}) ORDER BY t.id`,
        [...types, ...list.map((key) => externalId(key.externalId))],
        'booked documents',
      );
      const effects = await effectsOf(parts, rows);
      for (const key of list) {
        const row = rows.find(
          (one) =>
            one['externalid'] === externalId(key.externalId) && kindOfBookType(one['type']) === key.kind,
        );
        if (row) found.set(key.externalId, toBooked(key, row, effects.get(row['id'] ?? '') ?? []));
      }
    }),
    ...fees.map(async (key) => {
      const booked = await findFees(parts, key);
      if (booked) found.set(key.externalId, booked);
    }),
  ]);
  return found;
}

type Effects = BookedDocument['effects'];

function toBooked(key: Key, row: Row, effects: Effects): BookedDocument {
  const currency = row['currency'] ?? '';
  const debits = effects.reduce((sum, { minor }) => sum + (minor > 0n ? minor : 0n), 0n);
  const written = minorOf(row['foreigntotal'], currency);
  const total: Money = {
    // A journal has no total of its own; credits and refunds are shown with either sign.
    minor: key.kind === 'journal' ? debits : written < 0n && key.kind !== 'deposit' ? -written : written,
    currency,
  };
  return {
    kind: key.kind,
    id: row['id'] ?? '',
    number: row['tranid'] ?? row['id'] ?? '',
    externalId: key.externalId,
    date: row['day'] ?? '',
    total,
    effects,
  };
}

/** Sums of the posting lines by account, in the currency of each document; debit positive. */
export async function effectsOf(
  parts: NetSuiteParts,
  documents: readonly Row[],
): Promise<ReadonlyMap<string, Effects>> {
  const byId = new Map(documents.map((row) => [row['id'] ?? '', row]));
  const effects = new Map<string, { accountId: string; minor: bigint }[]>();
  for (const list of inLists([...byId.keys()])) {
    const rows = await suiteql(
      parts.client,
      `SELECT a.transaction, a.account, SUM(NVL(a.debit, 0) - NVL(a.credit, 0)) AS amount
        FROM transactionaccountingline a WHERE a.posting = 'T' AND a.transaction IN (${marks(list.length)})
        GROUP BY a.transaction, a.account ORDER BY a.transaction, a.account`,
      list,
      'effects on accounts',
    );
    for (const row of rows) {
      const document = byId.get(row['transaction'] ?? '');
      const minor = inDocumentCurrency(row['amount'], {
        rate: document?.['exchangerate'],
        currency: document?.['currency'] ?? '',
      });
      if (minor === 0n) continue;
      const own = effects.get(row['transaction'] ?? '') ?? [];
      own.push({ accountId: row['account'] ?? '', minor });
      effects.set(row['transaction'] ?? '', own);
    }
  }
  for (const own of effects.values()) closeGap(own);
  return effects;
}

/** Converting back may leave a cent; it belongs to the largest amount, whose share of it is the smallest. */
function closeGap(effects: { accountId: string; minor: bigint }[]): void {
  const rest = effects.reduce((sum, { minor }) => sum + minor, 0n);
  if (rest === 0n || rest > 2n || rest < -2n) return;
  const size = (minor: bigint) => (minor < 0n ? -minor : minor);
  const largest = effects.reduce((best, one) => (size(one.minor) > size(best.minor) ? one : best));
  largest.minor -= rest;
}

/** Fee lines are known by their keys, which begin with the external id of the fees. */
async function findFees(parts: NetSuiteParts, key: Key): Promise<BookedDocument | undefined> {
  const { lineId } = parts.settings.fields;
  if (lineId === '') return undefined;
  const rows = await suiteql(
    parts.client,
    `SELECT t.id, t.tranid, TO_CHAR(t.trandate, 'YYYY-MM-DD') AS day, c.symbol AS currency, l.id AS line, l.foreignamount, i.incomeaccount
      FROM transactionline l JOIN transaction t ON t.id = l.transaction JOIN currency c ON c.id = t.currency JOIN item i ON i.id = l.item
      WHERE t.type IN ('CustInvc','CashSale') AND l.${lineId} LIKE ? ORDER BY t.id, l.id`,
    [`${key.externalId}:%`],
    'fee lines of orders',
  );
  const [first] = rows;
  if (!first) return undefined;
  const currency = first['currency'] ?? '';
  // Lines of sales are credits, shown as negative amounts.
  const effects = new Map<string, bigint>();
  for (const row of rows) {
    const account = row['incomeaccount'] ?? '';
    effects.set(account, (effects.get(account) ?? 0n) + minorOf(row['foreignamount'], currency));
  }
  const total = [...effects.values()].reduce((sum, minor) => sum - minor, 0n);
  const main = await mainAccounts(parts, [first['id'] ?? '']);
  const mainAccount = main.get(first['id'] ?? '') ?? '';
  return {
    kind: 'order-fees',
    id: first['id'] ?? '',
    number: first['tranid'] ?? '',
    externalId: key.externalId,
    date: first['day'] ?? '',
    total: { minor: total, currency },
    effects: [
      { accountId: mainAccount, minor: total },
      ...[...effects].map(([accountId, minor]) => ({ accountId, minor })),
    ].filter(({ minor }) => minor !== 0n),
  };
}

/** The account a document as a whole was booked to: receivable, clearing, undeposited funds. */
export async function mainAccounts(
  { client }: NetSuiteParts,
  ids: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const accounts = new Map<string, string>();
  for (const list of inLists(ids)) {
    const rows = await suiteql(
      client,
      `SELECT a.transaction, a.account FROM transactionaccountingline a
        JOIN transactionline l ON l.transaction = a.transaction AND l.id = a.transactionline
        WHERE l.mainline = 'T' AND a.transaction IN (${marks(list.length)}) ORDER BY a.transaction`,
      list,
      'accounts of documents',
    );
    for (const row of rows) accounts.set(row['transaction'] ?? '', row['account'] ?? '');
  }
  return accounts;
}
