// What does a transaction do to the books? Posting lines in the base currency; they always sum to zero.
import type { DatabaseSync } from 'node:sqlite';
import { idOf, type Masters } from './masters.ts';
import { type AccountKey, accounts } from './seed.ts';
import { momentOfDay } from './suiteql/moments.ts';
import type { Transaction } from './transactions.ts';

export interface Posting {
  readonly account: number;
  /** Minor units of the base currency; positive is debit. */
  readonly minor: number;
}

export interface Ledger {
  account(key: AccountKey): number;
  /** Writes the postings of a transaction anew; `main` takes what makes the sum zero. */
  post(transaction: Transaction, main: number, others: readonly Posting[]): void;
  toBase(transaction: Transaction, minor: number): number;
  /** Income, tax and shipping of a sale, as credits; of a refund or credit memo, as debits. */
  saleLines(transaction: Transaction, direction: 1 | -1): Posting[];
  costs(cost: number): Posting[];
  /** What a posted document cost: its cost of goods sold stays when it is posted anew. */
  costOf(transaction: number): number;
  /** Sums by account, in the currency of the books of each subsidiary; by day and subsidiary when asked. */
  trialBalance(query?: {
    readonly from?: string | undefined;
    readonly to?: string | undefined;
    readonly subsidiary?: number | undefined;
  }): {
    id: string;
    account: string;
    name: string;
    debit: string;
    credit: string;
    balance: string;
  }[];
}

const dayAfter = (day: string): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);

export function openLedger(db: DatabaseSync, masters: Masters, zone: string): Ledger {
  const drop = db.prepare('DELETE FROM ns_transactionaccountingline WHERE [transaction] = ?');
  const put = db.prepare(
    "INSERT INTO ns_transactionaccountingline ([transaction], transactionline, account, debit, credit, amount, posting, accountingbook, _minor, _currency) VALUES (?, ?, ?, ?, ?, ?, 'T', 1, ?, ?)",
  );
  const ids = new Map<AccountKey, number>();
  const account = (key: AccountKey) => {
    let id = ids.get(key);
    if (id === undefined) {
      id = masters.byName('account', accounts[key][1])?.id ?? 0;
      ids.set(key, id);
    }
    return id;
  };
  const toBase = (t: Transaction, minor: number) =>
    Math.round(minor * 10 ** (2 - t.precision) * t.exchangeRate);
  return {
    account,
    toBase,
    post: (t, main, others) => {
      drop.run(t.id);
      const rest = others.filter(({ minor }) => minor !== 0);
      const balance = -rest.reduce((sum, { minor }) => sum + minor, 0);
      const all = balance === 0 ? rest : [{ account: main, minor: balance }, ...rest];
      all.forEach(({ account: id, minor }, index) => {
        const amount = minor / 100;
        put.run(
          t.id,
          index,
          id,
          minor > 0 ? amount : null,
          minor < 0 ? -amount : null,
          amount,
          minor,
          t.currency,
        );
      });
    },
    saleLines: (t, direction) => {
      const lines: Posting[] = t.lines.map((line) => ({
        account: line.account ?? masters.item(line.item ?? 0)?.incomeAccount ?? account('sales'),
        minor: -direction * toBase(t, line.amount),
      }));
      lines.push({ account: account('taxPayable'), minor: -direction * toBase(t, t.tax) });
      lines.push({ account: account('shippingIncome'), minor: -direction * toBase(t, t.shipping) });
      const discount = Number(t.body['discountTotal'] ?? 0);
      if (discount !== 0)
        lines.push({
          account: account('discounts'),
          minor: -direction * toBase(t, Math.round(discount * 10 ** t.precision)),
        });
      return lines;
    },
    costs: (cost) =>
      cost === 0
        ? []
        : [
            { account: account('cogs'), minor: cost },
            { account: account('inventory'), minor: -cost },
          ],
    costOf: (transaction) =>
      Number(
        db
          .prepare(
            'SELECT coalesce(sum(_minor), 0) AS cost FROM ns_transactionaccountingline WHERE [transaction] = ? AND account = ?',
          )
          .get(transaction, account('cogs'))?.['cost'] ?? 0,
      ),
    trialBalance: ({ from, to, subsidiary } = {}) =>
      db
        .prepare(
          `SELECT a.account, sum(CASE WHEN a._minor > 0 THEN a._minor ELSE 0 END) AS d, sum(CASE WHEN a._minor < 0 THEN -a._minor ELSE 0 END) AS c
           FROM ns_transactionaccountingline a JOIN ns_transaction t ON t.id = a.[transaction]
           WHERE t.trandate >= ?1 AND t.trandate < ?2 AND (?3 IS NULL OR t._subsidiary = ?3) GROUP BY a.account ORDER BY a.account`,
        )
        .all(
          from === undefined ? '' : momentOfDay(zone, from),
          to === undefined ? '~' : momentOfDay(zone, dayAfter(to)),
          subsidiary ?? null,
        )
        .map((row) => {
          const master = masters.get('account', Number(row['account']));
          const text = (minor: number) => (minor / 100).toFixed(2);
          const [debit, credit] = [Number(row['d']), Number(row['c'])];
          return {
            id: String(row['account']),
            account: String(master?.body['acctNumber'] ?? row['account']),
            name: String(master?.body['acctName'] ?? ''),
            debit: text(debit),
            credit: text(credit),
            balance: text(debit - credit),
          };
        }),
  };
}

/** Where the money of a cash document goes: the account named, else undeposited funds. */
export const cashAccount = (transaction: Transaction, ledger: Ledger): number =>
  idOf(transaction.body['account']) ?? ledger.account('undeposited');
