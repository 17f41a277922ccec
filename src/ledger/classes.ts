// What can a settlement line mean, and to which kind of account does it belong? One class per line, no exceptions
// (features.md 5.2). default-rules.ts says which words mean which class; classify.ts decides.

/** Kinds of accounts the owner points at accounts of the books. Written into settings, so they never change. */
export const accountRoles = {
  clearing: 'Amazon clearing (type bank)',
  bank: 'Bank account that receives the deposit',
  sales: 'Sales',
  'shipping-income': 'Shipping income',
  'gift-wrap-income': 'Gift-wrap income',
  discounts: 'Discounts and promotions granted',
  returns: 'Returns',
  chargebacks: 'Chargebacks and A-to-z claims',
  'sales-tax-payable': 'Sales tax payable',
  'tax-receivable': 'Tax withheld, receivable (TCS, TDS)',
  'referral-fees': 'Referral fees',
  'fba-fulfilment': 'FBA fulfilment fees',
  'shipping-holdback': 'Shipping and gift-wrap held back',
  'other-fees': 'Other Amazon fees',
  storage: 'Storage fees',
  subscription: 'Subscription fee',
  advertising: 'Advertising',
  'inbound-freight': 'Inbound freight and placement',
  removal: 'Removal and disposal',
  promotions: 'Coupons, deals and Vine',
  postage: 'Postage bought from Amazon',
  reimbursements: 'FBA reimbursements',
  'other-income': 'Other income from Amazon',
  liquidations: 'Liquidation sales',
  reserve: 'Amazon reserve (asset)',
  'amazon-payable': 'Payable to Amazon (liability)',
  card: 'Card that Amazon charges',
  transfers: 'Transfers in transit',
  loan: 'Amazon loan (liability)',
  'loan-interest': 'Loan interest and charges',
  'other-accounts': 'Due from or to other seller accounts',
  suspense: 'Suspense',
  deferred: 'Amazon receivable, deferred (month-end accrual)',
} as const;
export type AccountRole = keyof typeof accountRoles;

/**
 * How a class is booked: `payment` and `refund` are the buyer's money on an order; `tax` and `withheld` are netted against
 * each other; fees ride on orders (model B) or go to the journal; `account` belongs to no order; `balance` moves between
 * balance-sheet accounts only.
 */
export type Treatment =
  | 'payment'
  | 'tax'
  | 'withheld'
  | 'refund'
  | 'refund-tax'
  | 'refund-withheld'
  | 'order-fee'
  | 'refund-fee'
  | 'account'
  | 'retro-tax'
  | 'retro-withheld'
  | 'balance';

export interface ClassInfo {
  readonly title: string;
  readonly treatment: Treatment;
  readonly role: AccountRole;
}

const c = (title: string, treatment: Treatment, role: AccountRole): ClassInfo => ({ title, treatment, role });

/** Every class. Stored with rows and rules, so a name never changes its meaning. */
export const classes = {
  'sale.principal': c('Item price', 'payment', 'sales'),
  'sale.shipping': c('Shipping charged to the buyer', 'payment', 'shipping-income'),
  'sale.gift-wrap': c('Gift wrap charged to the buyer', 'payment', 'gift-wrap-income'),
  'sale.other': c('Other charges to the buyer', 'payment', 'other-income'),
  'sale.discount': c('Promotion on the item price', 'payment', 'discounts'),
  'sale.shipping-discount': c('Promotion on shipping', 'payment', 'discounts'),
  'sale.tax': c('Tax on a sale', 'tax', 'sales-tax-payable'),
  'sale.tax-withheld': c('Tax kept and paid by Amazon', 'withheld', 'sales-tax-payable'),
  'sale.points': c('Points granted to the buyer', 'order-fee', 'discounts'),
  'refund.principal': c('Item price refunded', 'refund', 'returns'),
  'refund.shipping': c('Shipping refunded', 'refund', 'returns'),
  'refund.gift-wrap': c('Gift wrap refunded', 'refund', 'returns'),
  'refund.other': c('Goodwill, restocking and other parts of a refund', 'refund', 'returns'),
  'refund.discount': c('Promotion taken back with a refund', 'refund', 'discounts'),
  'refund.tax': c('Tax on a refund', 'refund-tax', 'sales-tax-payable'),
  'refund.tax-withheld': c('Tax on a refund, given back by Amazon', 'refund-withheld', 'sales-tax-payable'),
  'chargeback.principal': c('Chargeback or A-to-z claim', 'refund', 'chargebacks'),
  'tax.retrocharge': c('Tax charged or given back afterwards', 'retro-tax', 'sales-tax-payable'),
  'tax.retrocharge-withheld': c('Tax afterwards, kept by Amazon', 'retro-withheld', 'sales-tax-payable'),
  'tax.collected-at-source': c('Tax collected at source (TCS, TDS)', 'order-fee', 'tax-receivable'),
  'tax.other': c('Tax charged to the seller', 'account', 'tax-receivable'),
  'fee.referral': c('Referral and closing fees', 'order-fee', 'referral-fees'),
  'fee.fba-fulfilment': c('FBA fulfilment fees', 'order-fee', 'fba-fulfilment'),
  'fee.shipping-holdback': c('Shipping held back', 'order-fee', 'shipping-holdback'),
  'fee.gift-wrap-holdback': c('Gift wrap held back', 'order-fee', 'shipping-holdback'),
  'fee.other': c('Other fees on orders', 'order-fee', 'other-fees'),
  'refund-fee.referral': c('Referral fee given back', 'refund-fee', 'referral-fees'),
  'refund-fee.administration': c('Refund administration fee', 'refund-fee', 'referral-fees'),
  'refund-fee.fba-fulfilment': c('FBA fees on refunds', 'refund-fee', 'fba-fulfilment'),
  'refund-fee.shipping-holdback': c('Shipping held back, given back', 'refund-fee', 'shipping-holdback'),
  'refund-fee.other': c('Other fees on refunds', 'refund-fee', 'other-fees'),
  'refund-fee.tax-at-source': c('Tax collected at source, given back', 'refund-fee', 'tax-receivable'),
  'other.fulfilment': c('Fulfilment fees without an order', 'account', 'fba-fulfilment'),
  'other.storage': c('Storage', 'account', 'storage'),
  'other.subscription': c('Subscription', 'account', 'subscription'),
  'other.advertising': c('Advertising', 'account', 'advertising'),
  'other.advertising-refund': c('Advertising refunded', 'account', 'advertising'),
  'other.inbound': c('Inbound freight and placement', 'account', 'inbound-freight'),
  'other.removal': c('Removal and disposal', 'account', 'removal'),
  'other.promotions': c('Coupons, deals, Vine', 'account', 'promotions'),
  'other.postage': c('Postage', 'account', 'postage'),
  'other.reimbursement': c('FBA reimbursement', 'account', 'reimbursements'),
  'other.reimbursement-clawback': c('FBA reimbursement taken back', 'account', 'reimbursements'),
  'other.safe-t': c('SAFE-T and other concessions', 'account', 'other-income'),
  'other.income': c('Other income', 'account', 'other-income'),
  'other.fee': c('Other fees', 'account', 'other-fees'),
  'other.adjustment': c('Adjustments', 'account', 'other-fees'),
  'other.liquidation': c('Liquidation sale', 'account', 'liquidations'),
  'other.liquidation-fee': c('Liquidation fee', 'account', 'liquidations'),
  'reserve.current': c('Kept as reserve', 'balance', 'reserve'),
  'reserve.previous': c('Previous reserve released', 'balance', 'reserve'),
  'balance.payable': c('Payable to Amazon brought forward', 'balance', 'amazon-payable'),
  'balance.charge': c('Charged to the card', 'balance', 'card'),
  'balance.transfer': c('Transfers, failed or for verification', 'balance', 'transfers'),
  'balance.other-account': c('Debt of or for another account', 'balance', 'other-accounts'),
  'loan.principal': c('Loan advance or repayment', 'balance', 'loan'),
  'loan.interest': c('Loan interest and charges', 'account', 'loan-interest'),
  /** Only by choice: unknown words parked on the suspense account. */
  suspense: c('Unknown, on suspense', 'account', 'suspense'),
} as const satisfies Readonly<Record<string, ClassInfo>>;

export type RowClass = keyof typeof classes;
/** @public */
export const classInfo = (name: RowClass): ClassInfo => classes[name];
/** @public */
export const isRowClass = (name: string): name is RowClass => Object.hasOwn(classes, name);

/** Treatments whose lines belong to one order and its buyer. @public */
export const onOrder: ReadonlySet<Treatment> = new Set(['payment', 'tax', 'withheld', 'order-fee']);
/** @public */
export const onRefund: ReadonlySet<Treatment> = new Set([
  'refund',
  'refund-tax',
  'refund-withheld',
  'refund-fee',
]);
