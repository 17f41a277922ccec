// What is one simulated NetSuite account? Its database, lists, transactions, stock and books, opened together.
import type { DatabaseSync } from 'node:sqlite';
import type { SimClock } from '../clock.ts';
import type { Shop } from '../shop.ts';
import { type RecordFields, recordFields } from './fields.ts';
import { type Ledger, openLedger } from './ledger.ts';
import { type Masters, nameOf, openMasters } from './masters.ts';
import { openDatabase } from './schema.ts';
import { seedAccount } from './seed.ts';
import { openStock, type Stock } from './stock.ts';
import { registerFunctions } from './suiteql/functions.ts';
import { makeQueryDesk, type QueryDesk } from './suiteql/run.ts';
import { kinds, openTransactions, recordOfType, type TransactionStore } from './transactions.ts';

export interface AccountOptions {
  readonly clock: SimClock;
  readonly shop: Shop;
  /** Database file; in memory when absent. */
  readonly file?: string | undefined;
  /** Time zone of the company: transaction dates are days in it. */
  readonly zone: string;
  /** Time zone of the integration user's session in SuiteQL; the company's when absent. */
  readonly sessionZone?: string | undefined;
  readonly suiteTax: boolean;
  readonly suiteqlLagMs: number;
  readonly allowNegative: boolean;
  readonly fulfilCommittedOnly: boolean;
}

export interface Account {
  readonly db: DatabaseSync;
  readonly clock: SimClock;
  readonly shop: Shop;
  readonly zone: string;
  readonly suiteTax: boolean;
  readonly fulfilCommittedOnly: boolean;
  readonly masters: Masters;
  readonly transactions: TransactionStore;
  readonly stock: Stock;
  readonly ledger: Ledger;
  readonly query: QueryDesk;
  readonly fields: ReadonlyMap<string, RecordFields>;
  now(): number;
  /** Runs one change of the account: all of it or nothing. */
  change<T>(work: () => T): T;
  /** Tells that a transaction was made: counts it, and hides it from a late index. */
  created(id: number, type: string, keys: readonly (string | undefined)[]): void;
  readState(name: string): string | undefined;
  writeState(name: string, value: string): void;
  close(): void;
}

const statusNames: Readonly<Record<string, string>> = {
  'SalesOrd/A': 'Sales Order : Pending Approval',
  'SalesOrd/B': 'Sales Order : Pending Fulfillment',
  'SalesOrd/C': 'Sales Order : Cancelled',
  'SalesOrd/D': 'Sales Order : Partially Fulfilled',
  'SalesOrd/E': 'Sales Order : Pending Billing/Partially Fulfilled',
  'SalesOrd/F': 'Sales Order : Pending Billing',
  'SalesOrd/G': 'Sales Order : Billed',
  'SalesOrd/H': 'Sales Order : Closed',
  'ItemShip/A': 'Item Fulfillment : Picked',
  'ItemShip/B': 'Item Fulfillment : Packed',
  'ItemShip/C': 'Item Fulfillment : Shipped',
  'CustInvc/A': 'Invoice : Open',
  'CustInvc/B': 'Invoice : Paid In Full',
  'CashSale/C': 'Cash Sale : Not Deposited',
  'CashSale/B': 'Cash Sale : Deposited',
  'RtnAuth/A': 'Return Authorization : Pending Approval',
  'RtnAuth/B': 'Return Authorization : Pending Receipt',
  'RtnAuth/D': 'Return Authorization : Partially Received',
  'RtnAuth/F': 'Return Authorization : Pending Refund',
  'RtnAuth/G': 'Return Authorization : Refunded',
  'RtnAuth/H': 'Return Authorization : Closed',
  'CustCred/A': 'Credit Memo : Open',
  'CustCred/B': 'Credit Memo : Fully Applied',
  'CustPymt/A': 'Payment : Not Deposited',
  'CustPymt/B': 'Payment : Deposited',
  'CustRfnd/A': 'Customer Refund : Issued',
  'Deposit/A': 'Deposit : Deposited',
  'Journal/A': 'Journal : Pending Approval',
  'Journal/B': 'Journal : Approved for Posting',
};
export const statusName = (type: string, status: string): string =>
  statusNames[`${type}/${status}`] ?? status;

export function openAccount(options: AccountOptions): Account {
  const { clock, zone, shop } = options;
  const now = () => clock.now();
  const lagging = options.suiteqlLagMs > 0;
  const db = openDatabase(options.file, lagging);
  const masters = openMasters(db, zone, now);
  if (masters.all('currency').length === 0) seedAccount({ db, masters, shop, zone, nowMs: now() });
  const transactions = openTransactions(db, zone);
  const stock = openStock({ db, masters, now, allowNegative: options.allowNegative });
  const ledger = openLedger(db, masters, zone);
  const hide = db.prepare('INSERT OR REPLACE INTO temp.ns_hidden (id, untilms) VALUES (?, ?)');
  const show = db.prepare('DELETE FROM temp.ns_hidden WHERE untilms <= ?');
  const count = db.prepare('INSERT OR IGNORE INTO ns_creation (key, tran, type) VALUES (?, ?, ?)');
  const tranName = db.prepare('SELECT type, tranid FROM ns_transaction WHERE id = ?');
  registerFunctions(db, {
    now,
    zone: options.sessionZone ?? zone,
    display: (kind, id) => {
      if (kind === 'status') {
        const [type = '', status = ''] = String(id).split('/');
        return statusName(type, status);
      }
      if (kind === 'type') return kinds[recordOfType[String(id)] ?? '']?.label ?? String(id);
      if (kind === 'itemtype') return itemTypeNames[String(id)] ?? String(id);
      if (kind === 'transaction') {
        const row = tranName.get(Number(id));
        return row ? `${kinds[recordOfType[String(row['type'])] ?? '']?.label} #${row['tranid']}` : null;
      }
      const first = String(id).split(',')[0];
      const master = masters.get(kind, Number(first));
      return master ? nameOf(master) : null;
    },
  });
  let made = transactions.lastCount();
  let analyseAt = 1000;
  const query = makeQueryDesk({
    db,
    zone: options.sessionZone ?? zone,
    beforeQuery: () => {
      if (lagging) show.run(now());
      if (made < analyseAt) return;
      // Without statistics the engine would walk all orders to find one by its reference.
      db.exec('PRAGMA analysis_limit = 1000; ANALYZE');
      analyseAt = made * 4;
    },
  });
  const begin = db.prepare('BEGIN');
  const commit = db.prepare('COMMIT');
  const rollback = db.prepare('ROLLBACK');
  const readState = db.prepare('SELECT value FROM ns_state WHERE name = ?');
  const writeState = db.prepare('INSERT OR REPLACE INTO ns_state (name, value) VALUES (?, ?)');
  let depth = 0;
  return {
    db,
    clock,
    shop,
    zone,
    masters,
    transactions,
    stock,
    ledger,
    query,
    now,
    suiteTax: options.suiteTax,
    fulfilCommittedOnly: options.fulfilCommittedOnly,
    fields: recordFields(options.suiteTax),
    change: (work) => {
      if (depth > 0) return work();
      begin.run();
      depth++;
      try {
        const result = work();
        stock.settle();
        commit.run();
        return result;
      } catch (cause) {
        rollback.run();
        throw cause;
      } finally {
        depth--;
      }
    },
    created: (id, type, keys) => {
      made++;
      for (const key of keys) if (key) count.run(key, id, type);
      if (lagging) hide.run(id, now() + options.suiteqlLagMs);
    },
    readState: (name) => {
      const value = readState.get(name)?.['value'];
      return value === undefined ? undefined : String(value);
    },
    writeState: (name, value) => void writeState.run(name, value),
    close: () => db.close(),
  };
}

const itemTypeNames: Readonly<Record<string, string>> = {
  InvtPart: 'Inventory Item',
  Kit: 'Kit/Package',
  Assembly: 'Assembly/Bill of Materials',
  NonInvtPart: 'Non-inventory Item',
  Service: 'Service',
  OthCharge: 'Other Charge',
  Discount: 'Discount',
};
