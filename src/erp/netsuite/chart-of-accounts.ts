// Which accounts and periods does the company have, and what do the accounts hold? Lists to choose from, and the trial balance.
import type { Account, AccountBalance, AccountingPeriod, AccountType, BookStore } from '../books.ts';
import { minorOf } from './exact-amounts.ts';
import type { NetSuiteParts } from './parts.ts';
import { marks, suiteql } from './suiteql.ts';

/** NetSuite's account types (accttype) in our words. */
const accountTypes: Readonly<Record<string, AccountType>> = {
  Bank: 'bank',
  AcctRec: 'receivable',
  OthCurrAsset: 'other-current-asset',
  FixedAsset: 'fixed-asset',
  OthAsset: 'other-asset',
  AcctPay: 'payable',
  CredCard: 'credit-card',
  OthCurrLiab: 'other-current-liability',
  LongTermLiab: 'long-term-liability',
  Equity: 'equity',
  Income: 'income',
  OthIncome: 'other-income',
  COGS: 'cost-of-goods-sold',
  Expense: 'expense',
  OthExpense: 'other-expense',
};

export async function readAccounts({ client }: NetSuiteParts): Promise<readonly Account[]> {
  const rows = await suiteql(
    client,
    'SELECT a.id, a.acctnumber, a.fullname, a.accttype, a.isinactive, c.symbol AS currency FROM account a LEFT JOIN currency c ON c.id = a.currency ORDER BY a.id',
    [],
    'accounts',
  );
  return rows.map((row) => ({
    id: row['id'] ?? '',
    number: row['acctnumber'] ?? '',
    name: row['fullname'] ?? row['id'] ?? '',
    type: accountTypes[row['accttype'] ?? ''] ?? 'other',
    ...(row['currency'] && ['Bank', 'CredCard'].includes(row['accttype'] ?? '')
      ? { currency: row['currency'] }
      : {}),
    inactive: row['isinactive'] === 'T',
  }));
}

export async function readPeriods({ client }: NetSuiteParts): Promise<readonly AccountingPeriod[]> {
  const rows = await suiteql(
    client,
    `SELECT p.id, p.periodname, TO_CHAR(p.startdate, 'YYYY-MM-DD') AS starts, TO_CHAR(p.enddate, 'YYYY-MM-DD') AS ends, p.closed, p.alllocked, p.arlocked
      FROM accountingperiod p WHERE p.isposting = 'T' AND p.isyear = 'F' AND p.isquarter = 'F' AND NVL(p.isadjust, 'F') = 'F' ORDER BY p.id`,
    [],
    'accounting periods',
  );
  return rows
    .map((row) => ({
      id: row['id'] ?? '',
      name: row['periodname'] ?? '',
      startOn: row['starts'] ?? '',
      endOn: row['ends'] ?? '',
      closed: row['closed'] === 'T' || row['alllocked'] === 'T',
      receivableLocked: row['arlocked'] === 'T',
    }))
    .sort((a, b) => a.startOn.localeCompare(b.startOn));
}

/** Movements of accounts, in the currency of the subsidiary's books. */
export async function readTrialBalance(
  { client }: NetSuiteParts,
  query: Parameters<BookStore['trialBalance']>[0],
): Promise<readonly AccountBalance[]> {
  const { from, to, subsidiaryId, accountIds } = query;
  const [base] = await suiteql(
    client,
    subsidiaryId
      ? 'SELECT c.symbol FROM subsidiary s JOIN currency c ON c.id = s.currency WHERE s.id = ? ORDER BY c.id'
      : "SELECT c.symbol FROM currency c WHERE c.isbasecurrency = 'T' ORDER BY c.id",
    subsidiaryId ? [subsidiaryId] : [],
    'the currency of the books',
  );
  const currency = base?.['symbol'] ?? 'USD';
  const conditions = [
    "a.posting = 'T'",
    "t.trandate <= TO_DATE(?, 'YYYY-MM-DD')",
    ...(from ? ["t.trandate >= TO_DATE(?, 'YYYY-MM-DD')"] : []),
    ...(subsidiaryId ? ["m.mainline = 'T'", 'm.subsidiary = ?'] : []),
    ...(accountIds ? [`a.account IN (${marks(accountIds.length)})`] : []),
  ];
  if (accountIds?.length === 0) return [];
  const rows = await suiteql(
    client,
    `SELECT a.account, SUM(NVL(a.debit, 0) - NVL(a.credit, 0)) AS balance FROM transactionaccountingline a
      JOIN transaction t ON t.id = a.transaction${subsidiaryId ? ' JOIN transactionline m ON m.transaction = t.id' : ''}
      WHERE ${conditions.join(' AND ')} GROUP BY a.account ORDER BY a.account`,
    [to, ...(from ? [from] : []), ...(subsidiaryId ? [subsidiaryId] : []), ...(accountIds ?? [])],
    'the trial balance',
  );
  return rows.map((row) => ({
    accountId: row['account'] ?? '',
    minor: minorOf(row['balance'], currency),
    currency,
  }));
}
