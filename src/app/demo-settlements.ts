// How does the demo shop book its settlements? Every account and item is chosen by its name in the simulated NetSuite, as an
// owner would choose it from the list.
interface Directory {
  id(kind: string, name: string): string;
}

/** Kind of account → name of the account in the demo shop's books. */
const accounts = {
  clearing: 'Amazon Clearing',
  bank: 'Operating Bank',
  sales: 'Sales',
  'shipping-income': 'Shipping Income',
  'gift-wrap-income': 'Gift Wrap Income',
  discounts: 'Sales Discounts',
  returns: 'Sales Returns',
  chargebacks: 'Chargebacks and Claims',
  'sales-tax-payable': 'Marketplace Tax Payable',
  'tax-receivable': 'Marketplace Tax Payable',
  'referral-fees': 'Marketplace Fees',
  'fba-fulfilment': 'FBA Fulfilment Fees',
  'shipping-holdback': 'Shipping Fees of Marketplaces',
  'other-fees': 'Other Marketplace Fees',
  storage: 'FBA Storage',
  subscription: 'Marketplace Subscription',
  advertising: 'Marketplace Advertising',
  'inbound-freight': 'Inbound Freight',
  removal: 'Removal and Disposal',
  promotions: 'Coupons and Deals',
  postage: 'Postage',
  reimbursements: 'FBA Reimbursements',
  'other-income': 'Other Marketplace Income',
  liquidations: 'Other Marketplace Income',
  reserve: 'Amazon Reserve',
  'amazon-payable': 'Amazon Charges Card',
  card: 'Amazon Charges Card',
  transfers: 'Amazon Suspense',
  loan: 'Amazon Capital Loan',
  'loan-interest': 'Loan Interest',
  'other-accounts': 'Amazon Suspense',
  suspense: 'Amazon Suspense',
  deferred: 'Amazon Deferred Receivable',
} as const;

const items = {
  refund: 'Amazon Refund',
  'refund-shipping': 'Amazon Refund',
  'refund-other': 'Amazon Refund',
  'refund-discount': 'Amazon Refund',
  'refund-tax': 'Amazon Tax Refund',
  chargeback: 'Amazon Refund',
  'referral-fees': 'Amazon Referral Fee',
  'fba-fulfilment': 'Amazon Fulfilment Fee',
  'shipping-holdback': 'Amazon Shipping Fee',
  'other-fees': 'Amazon Other Fee',
} as const;

export function demoSettlementSettings(directory: Directory): object {
  const all = (kind: string, names: Readonly<Record<string, string>>) =>
    Object.fromEntries(Object.entries(names).map(([role, name]) => [role, directory.id(kind, name)]));
  return {
    timeZone: 'America/Los_Angeles',
    accounts: {
      '*': all('accounts', accounts),
      'Amazon.co.uk': { clearing: directory.id('accounts', 'Amazon Clearing UK') },
    },
    bankAccounts: {
      USD: directory.id('accounts', 'Operating Bank'),
      GBP: directory.id('accounts', 'Operating Bank UK'),
    },
    items: all('items', items),
    settlementCustomerId: directory.id('customers', 'Amazon Marketplace (other)'),
    subsidiaryOfCurrency: {
      USD: directory.id('subsidiaries', 'US'),
      GBP: directory.id('subsidiaries', 'UK'),
    },
    marketplaceOfCurrency: { USD: 'Amazon.com', GBP: 'Amazon.co.uk' },
  };
}
