// What does a transaction do to the books? Posting lines in the base currency; they always sum to zero.
import type { DatabaseSync } from 'node:sqlite';
import { idOf, type Masters } from './masters.ts';
import { type AccountKey, accounts } from './seed.ts';
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
  trialBalance(): { account: string; name: string; debit: string; credit: string; balance: string }[];
}

export function openLedger(db: DatabaseSync, masters: Masters): Ledger {
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
    trialBalance: () =>
      db
        .prepare(
          'SELECT account, sum(CASE WHEN _minor > 0 THEN _minor ELSE 0 END) AS d, sum(CASE WHEN _minor < 0 THEN -_minor ELSE 0 END) AS c FROM ns_transactionaccountingline GROUP BY account ORDER BY account',
        )
        .all()
        .map((row) => {
          const master = masters.get('account', Number(row['account']));
          const text = (minor: number) => (minor / 100).toFixed(2);
          const [debit, credit] = [Number(row['d']), Number(row['c'])];
          return {
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
