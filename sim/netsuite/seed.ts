// What is in a new account? The shop both simulators agree on, with the lists every OneWorld account has.
import type { DatabaseSync } from 'node:sqlite';
import type { Shop, ShopItem } from '../shop.ts';
import type { Body, Masters } from './masters.ts';
import { customBodyFields, customLineFields } from './schema.ts';
import { momentOf } from './suiteql/moments.ts';
import { dayOf } from './zone.ts';

/** Currencies with the day's rate to the base currency and their ISO 4217 decimals. */
const currencies = [
  ['USD', 'US Dollar', 1, 2],
  ['GBP', 'British Pound', 1.27, 2],
  ['EUR', 'Euro', 1.09, 2],
  ['JPY', 'Japanese Yen', 0.0067, 0],
  ['BRL', 'Brazilian Real', 0.18, 2],
  ['TRY', 'Turkish Lira', 0.029, 2],
] as const;

/** Number, name, type; a bank account has a currency and belongs to one subsidiary. */
export const accounts = {
  bank: ['1000', 'Operating Bank', 'Bank', 'us'],
  bankUk: ['1010', 'Operating Bank UK', 'Bank', 'uk'],
  clearing: ['1020', 'Amazon Clearing', 'Bank', 'us'],
  clearingUk: ['1021', 'Amazon Clearing UK', 'Bank', 'uk'],
  receivable: ['1100', 'Accounts Receivable', 'AcctRec'],
  undeposited: ['1150', 'Undeposited Funds', 'OthCurrAsset'],
  inventory: ['1200', 'Inventory Asset', 'OthCurrAsset'],
  reserve: ['1300', 'Amazon Reserve', 'OthCurrAsset'],
  deferred: ['1310', 'Amazon Deferred Receivable', 'OthCurrAsset'],
  suspense: ['1390', 'Amazon Suspense', 'OthCurrAsset'],
  taxPayable: ['2100', 'Marketplace Tax Payable', 'OthCurrLiab'],
  customerDeposits: ['2200', 'Customer Deposits', 'OthCurrLiab'],
  card: ['2300', 'Amazon Charges Card', 'OthCurrLiab'],
  loan: ['2400', 'Amazon Capital Loan', 'OthCurrLiab'],
  sales: ['4000', 'Sales', 'Income'],
  returns: ['4050', 'Sales Returns', 'Income'],
  chargebacks: ['4060', 'Chargebacks and Claims', 'Income'],
  discounts: ['4100', 'Sales Discounts', 'Income'],
  shippingIncome: ['4200', 'Shipping Income', 'Income'],
  giftWrapIncome: ['4210', 'Gift Wrap Income', 'Income'],
  otherIncome: ['4300', 'Other Marketplace Income', 'Income'],
  reimbursements: ['4310', 'FBA Reimbursements', 'OthIncome'],
  cogs: ['5000', 'Cost of Goods Sold', 'COGS'],
  adjustments: ['5020', 'Inventory Adjustments', 'COGS'],
  writeOffs: ['5030', 'Returned Goods Written Off', 'COGS'],
  inbound: ['5100', 'Inbound Freight', 'COGS'],
  fees: ['6010', 'Marketplace Fees', 'Expense'],
  shippingFees: ['6015', 'Shipping Fees of Marketplaces', 'Expense'],
  fulfilmentFees: ['6020', 'FBA Fulfilment Fees', 'Expense'],
  storage: ['6030', 'FBA Storage', 'Expense'],
  advertising: ['6040', 'Marketplace Advertising', 'Expense'],
  subscription: ['6050', 'Marketplace Subscription', 'Expense'],
  promotions: ['6060', 'Coupons and Deals', 'Expense'],
  removal: ['6070', 'Removal and Disposal', 'Expense'],
  postage: ['6080', 'Postage', 'Expense'],
  otherFees: ['6090', 'Other Marketplace Fees', 'Expense'],
  interest: ['7000', 'Loan Interest', 'OthExpense'],
} as const;
export type AccountKey = keyof typeof accounts;

const periodsBack = 36;
const monthsOpen = 24;
const monthsAhead = 18;
const monthNames = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const ref = (id: number) => ({ id: String(id) });

export interface SeedContext {
  readonly db: DatabaseSync;
  readonly masters: Masters;
  readonly shop: Shop;
  readonly zone: string;
  readonly nowMs: number;
}

export function seedAccount(context: SeedContext): void {
  const { masters, shop, db } = context;
  const add = (kind: string, record: string, body: Body, externalId?: string) =>
    masters.save({ kind, record, externalId, body }).id;
  db.exec('BEGIN');
  for (const [symbol, name, exchangeRate, currencyPrecision] of currencies)
    add('currency', 'currency', {
      symbol,
      name,
      displaySymbol: symbol,
      exchangeRate,
      currencyPrecision,
      isBaseCurrency: symbol === 'USD',
    });
  const currency = (symbol: string) => ref(masters.byName('currency', symbol)!.id);
  const subsidiaryIds = new Map<string, number>();
  for (const one of shop.subsidiaries)
    subsidiaryIds.set(
      one.key,
      add('subsidiary', 'subsidiary', {
        name: one.name,
        legalName: one.name,
        currency: currency(one.currency),
        country: { id: one.key === 'uk' ? 'GB' : 'US' },
        isElimination: false,
      }),
    );
  const subsidiary = (key: string) => ref(subsidiaryIds.get(key)!);
  for (const [acctNumber, acctName, acctType, owner] of Object.values<
    readonly [string, string, string, string?]
  >(accounts))
    add('account', 'account', {
      acctNumber,
      acctName,
      acctType: { id: acctType },
      ...(owner === undefined
        ? {}
        : { currency: currency(shop.subsidiaries.find((one) => one.key === owner)!.currency) }),
      subsidiary: {
        items: (owner === undefined ? [...subsidiaryIds.values()] : [subsidiaryIds.get(owner)!]).map(ref),
      },
    });
  const locations = [...shop.locations, { key: 'uk', name: 'UK Warehouse', subsidiary: 'uk' }];
  const locationIds = new Map(
    locations.map(({ key, name, subsidiary: owner }) => [
      key,
      add('location', 'location', {
        name,
        subsidiary: subsidiary(owner),
        makeInventoryAvailable: true,
        useBins: false,
      }),
    ]),
  );
  for (const name of ['Sales', 'Operations']) add('department', 'department', { name });
  for (const name of ['Marketplaces', 'Wholesale']) add('classification', 'classification', { name });
  for (const name of shop.shipMethods) add('shipitem', 'shipItem', { itemId: name, displayName: name });
  for (const name of ['Base Price', 'Online Price', 'Wholesale']) add('pricelevel', 'priceLevel', { name });
  for (const name of ['Cash', 'Amazon Pay', 'Visa']) add('paymentmethod', 'paymentMethod', { name });
  for (const name of ['Direct', 'Amazon', 'Walmart']) add('saleschannel', 'salesChannel', { name });
  for (const [itemId, rate] of [
    ['-Not Taxable-', 0],
    ['CA State', 7.25],
    ['UK VAT 20', 20],
  ] as const)
    add('salestaxitem', 'salesTaxItem', { itemId, name: itemId, rate });
  for (const [name, days] of [
    ['Net 30', 30],
    ['Due on receipt', 0],
  ] as const)
    add('term', 'term', { name, daysUntilNetDue: days });
  seedPeriods(context, add);
  const every = { items: currencies.map(([symbol]) => ({ currency: currency(symbol) })) };
  for (const { name, subsidiary: owner } of shop.customers) {
    const own = currency(shop.subsidiaries.find((one) => one.key === owner)!.currency);
    add('customer', 'customer', {
      entityId: name,
      companyName: name,
      isPerson: false,
      subsidiary: subsidiary(owner),
      currency: own,
      currencyList: { items: [{ currency: own }] },
      emailTransactions: false,
    });
  }
  for (const [name, owner] of [
    ['Amazon Marketplace (other)', 'us'],
    ['Walk-in Customer', 'us'],
  ] as const)
    add('customer', 'customer', {
      entityId: name,
      companyName: name,
      isPerson: false,
      subsidiary: subsidiary(owner),
      currency: currency('USD'),
      currencyList: every,
      emailTransactions: false,
    });
  const both = { items: [...subsidiaryIds.values()].map(ref) };
  seedItems(context, { add, both, currency, locationIds });
  seedCustomFields(context);
  db.prepare("INSERT INTO ns_dual (dummy) VALUES ('X')").run();
  db.exec('COMMIT');
}

type Add = (kind: string, record: string, body: Body, externalId?: string) => number;

function seedPeriods({ zone, nowMs }: SeedContext, add: Add): void {
  const [year = 0, month = 0] = dayOf(zone, nowMs).split('-').map(Number);
  const day = (offset: number, date: number) => new Date(Date.UTC(year, month - 1 + offset, date));
  const text = (date: Date) => date.toISOString().slice(0, 10);
  for (let back = periodsBack - 1; back >= -monthsAhead; back--) {
    const start = day(-back, 1);
    const closed = back > monthsOpen;
    add('accountingperiod', 'accountingPeriod', {
      periodName: `${monthNames[start.getUTCMonth()]} ${start.getUTCFullYear()}`,
      startDate: text(start),
      endDate: text(day(-back + 1, 0)),
      closed,
      allLocked: closed,
      arLocked: closed,
      apLocked: closed,
      isPosting: true,
      isYear: false,
      isQuarter: false,
      isAdjust: false,
    });
  }
}

interface ItemSeed {
  readonly add: Add;
  readonly both: object;
  readonly currency: (symbol: string) => { id: string };
  readonly locationIds: ReadonlyMap<string, number>;
}

const recordOf: Readonly<Record<ShopItem['kind'], string>> = {
  inventory: 'inventoryItem',
  kit: 'kitItem',
  lot: 'lotNumberedInventoryItem',
  'matrix-child': 'inventoryItem',
  'matrix-parent': 'inventoryItem',
};

function seedItems(
  { db, masters, shop, nowMs }: SeedContext,
  { add, both, currency, locationIds }: ItemSeed,
): void {
  const account = (key: AccountKey) => ref(masters.byName('account', accounts[key][1])!.id);
  const stock = db.prepare(
    'INSERT INTO ns_aggregateitemlocation (item, location, quantityavailable, quantityonhand, quantitycommitted, quantityonorder, quantitybackordered, quantityintransit, averagecostmli, lastquantityavailablechange) VALUES (?, ?, ?, ?, 0, 0, 0, 0, ?, ?)',
  );
  const lotNumber = db.prepare(
    'INSERT INTO ns_inventorynumber (inventorynumber, item, expirationdate) VALUES (?, ?, ?)',
  );
  const balance = db.prepare(
    'INSERT INTO ns_inventorybalance (item, location, inventorynumber, inventorystatus, quantityonhand, quantityavailable) VALUES (?, ?, ?, 1, ?, ?)',
  );
  const ordered = [...shop.items].sort(
    (a, b) => Number(Boolean(a.components ?? a.parent)) - Number(Boolean(b.components ?? b.parent)),
  );
  for (const one of ordered) {
    const record = recordOf[one.kind];
    const cost = Math.round(one.prices.USD * 0.4) / 100;
    const parent = one.parent === undefined ? undefined : masters.byName('item', one.parent);
    const id = add('item', record, {
      itemId: one.itemName,
      displayName: one.title.slice(0, 200),
      salesDescription: one.title,
      upcCode: one.upc,
      weight: one.weightGrams,
      weightUnit: { id: '4' },
      isInactive: !one.active,
      subsidiary: both,
      includeChildren: true,
      incomeAccount: account('sales'),
      assetAccount: account('inventory'),
      cogsAccount: account('cogs'),
      averageCost: cost,
      ...(record === 'lotNumberedInventoryItem' ? { isLotItem: true } : {}),
      ...(one.kind === 'matrix-parent' ? { matrixType: 'PARENT' } : {}),
      ...(parent ? { parent: ref(parent.id), matrixType: 'CHILD' } : {}),
      price: {
        items: (['USD', 'GBP'] as const).map((symbol) => ({
          priceLevel: ref(1),
          priceLevelName: 'Base Price',
          currencyPage: currency(symbol),
          price: one.prices[symbol] / 100,
          quantity: { value: 0 },
        })),
      },
      ...(one.components
        ? {
            member: {
              items: one.components.map(({ itemName, quantity }) => ({
                item: ref(masters.byName('item', itemName)!.id),
                quantity,
              })),
            },
          }
        : {}),
    });
    if (Object.keys(one.onHand).length === 0) continue;
    for (const [key, location] of locationIds) {
      const quantity = key === 'uk' ? (one.onHand['fba-uk'] ?? 0) * 3 : (one.onHand[key] ?? 0);
      stock.run(id, location, quantity, quantity, cost, momentOf(nowMs));
      if (one.kind !== 'lot') continue;
      // The shop names lots of the main warehouse; elsewhere one lot holds everything.
      const lots =
        key === 'main' && one.lots
          ? one.lots
          : [{ lotNumber: `${key.toUpperCase()}-1`, quantity, expiresOn: '2027-12-31' }];
      for (const lot of lots) {
        const number = lotNumber.run(lot.lotNumber, id, lot.expiresOn).lastInsertRowid;
        balance.run(id, location, number, lot.quantity, lot.quantity);
      }
    }
  }
  const special: Readonly<Record<string, readonly [record: string, account: AccountKey]>> = {
    'Amazon Discount': ['discountItem', 'discounts'],
    'Amazon Shipping Discount': ['discountItem', 'discounts'],
    'Amazon Shipping': ['otherChargeSaleItem', 'shippingIncome'],
    'Amazon Gift Wrap': ['otherChargeSaleItem', 'giftWrapIncome'],
    'Amazon Marketplace Tax': ['otherChargeSaleItem', 'taxPayable'],
    'Amazon Other Charge': ['otherChargeSaleItem', 'otherIncome'],
  };
  for (const name of shop.specialItems) {
    const [record, key] = special[name] ?? ['otherChargeSaleItem', 'otherIncome'];
    add('item', record, {
      itemId: name,
      displayName: name,
      isInactive: false,
      subsidiary: both,
      includeChildren: true,
      incomeAccount: account(key),
    });
  }
  // What settlements book on sales documents: refunds of money only, and fees as items.
  for (const [itemId, key] of [
    ['Amazon Refund', 'returns'],
    ['Amazon Tax Refund', 'taxPayable'],
    ['Amazon Referral Fee', 'fees'],
    ['Amazon Fulfilment Fee', 'fulfilmentFees'],
    ['Amazon Shipping Fee', 'shippingFees'],
    ['Amazon Other Fee', 'otherFees'],
  ] as const)
    add('item', 'otherChargeSaleItem', {
      itemId,
      displayName: itemId,
      isInactive: false,
      subsidiary: both,
      includeChildren: true,
      incomeAccount: account(key),
    });
  add('item', 'serviceSaleItem', {
    itemId: 'Engraving',
    displayName: 'Engraving',
    isInactive: false,
    subsidiary: both,
    incomeAccount: account('sales'),
  });
  add('item', 'nonInventorySaleItem', {
    itemId: 'Gift Card Sleeve',
    displayName: 'Gift Card Sleeve',
    isInactive: false,
    subsidiary: both,
    incomeAccount: account('sales'),
  });
}

function seedCustomFields({ db }: SeedContext): void {
  const insert = db.prepare(
    "INSERT INTO ns_customfield (scriptid, name, fieldtype, fieldvaluetype, isinactive) VALUES (?, ?, ?, ?, 'F')",
  );
  const types = { text: 'Free-Form Text', checkbox: 'Check Box', currency: 'Currency' };
  for (const [fields, kind] of [
    [customBodyFields, 'BODY'],
    [customLineFields, 'COLUMN'],
  ] as const)
    for (const [scriptId, { label, type }] of Object.entries(fields))
      insert.run(scriptId.toUpperCase(), label, kind, types[type]);
}
