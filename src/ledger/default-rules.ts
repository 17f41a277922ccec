// Which words mean which class, as shipped? The vocabulary of features.md 5.2, spapi.md §3.10 and the known triples, as
// data; the owner's rules stand above these. `*` ends a beginning; an empty cell matches anything.
import type { RowClass } from './classes.ts';

export interface Rule {
  readonly transactionType: string;
  readonly amountType: string;
  readonly amountDescription: string;
  readonly marketplace: string;
  readonly channel: string;
  readonly class: RowClass;
}

type Short = readonly [transactionType: string, amountType: string, descriptions: string, rowClass: RowClass];

const refunds = ['Refund', 'Chargeback Refund', 'A-to-z Guarantee Refund'] as const;
const chargebacks = ['Chargeback Refund', 'A-to-z Guarantee Refund'] as const;
const facilitator = 'MarketplaceFacilitatorTax*|MarketplaceFacilitatorVAT*|LowValueGoodsTax*|LowValueGoods*';

const buyerCharges = 'Goodwill|RestockingFee|COD*|ExportCharge|ReturnShipping|Surcharge';

const short: readonly Short[] = [
  // Sales.
  ['', 'ItemPrice', 'Principal', 'sale.principal'],
  ['', 'ItemPrice', 'Shipping|ShippingCharge', 'sale.shipping'],
  ['', 'ItemPrice', 'GiftWrap', 'sale.gift-wrap'],
  ['', 'ItemPrice', 'Tax|ShippingTax|GiftWrapTax|BaseTax|*Tax', 'sale.tax'],
  ['', 'ItemPrice', buyerCharges, 'sale.other'],
  ['', 'ItemPrice', '', 'sale.other'],
  ['', 'Promotion', 'Principal|', 'sale.discount'],
  ['', 'Promotion', 'Shipping', 'sale.shipping-discount'],
  ['', 'Promotion', 'TaxDiscount|*Tax*', 'sale.tax'],
  ['', 'Points', '', 'sale.points'],
  ['', 'ItemWithheldTax', '', 'sale.tax-withheld'],
  ['', '', facilitator, 'sale.tax-withheld'],
  ['', 'ItemWithheldTax', 'TCS*|TDS*', 'tax.collected-at-source'],
  // Fees on orders.
  ['', 'ItemFees', 'Commission|VariableClosingFee|FixedClosingFee|RefundCommission', 'fee.referral'],
  ['', 'ItemFees', 'FBA*', 'fee.fba-fulfilment'],
  ['', 'ItemFees', 'ShippingChargeback|ShippingHB', 'fee.shipping-holdback'],
  ['', 'ItemFees', 'GiftwrapChargeback', 'fee.gift-wrap-holdback'],
  ['', 'ItemFees', '', 'fee.other'],
  ['', 'Order-Fees', '', 'fee.other'],
  // Refunds, chargebacks, claims. Of equally specific rules the first one counts.
  ...chargebacks.flatMap((type): Short[] => [
    [type, '', '', 'chargeback.principal'],
    [type, 'ItemPrice', '', 'chargeback.principal'],
    [type, 'ItemPrice', 'Principal|Shipping|ReturnShipping|GiftWrap|Goodwill', 'chargeback.principal'],
  ]),
  ...refunds.flatMap((type): Short[] => [
    [type, '', '', 'refund.other'],
    [type, 'ItemPrice', 'Principal', 'refund.principal'],
    [type, 'ItemPrice', 'Shipping|ReturnShipping|ShippingCharge', 'refund.shipping'],
    [type, 'ItemPrice', 'GiftWrap', 'refund.gift-wrap'],
    [type, 'ItemPrice', '', 'refund.other'],
    [type, 'ItemPrice', buyerCharges, 'refund.other'],
    [type, 'ItemPrice', 'Tax|ShippingTax|GiftWrapTax|*Tax', 'refund.tax'],
    [type, 'Promotion', '', 'refund.discount'],
    [type, 'Promotion', 'Principal|Shipping', 'refund.discount'],
    [type, 'Promotion', 'TaxDiscount|*Tax*', 'refund.tax'],
    [type, 'ItemWithheldTax', '', 'refund.tax-withheld'],
    [type, '', facilitator, 'refund.tax-withheld'],
    [type, 'ItemWithheldTax', facilitator, 'refund.tax-withheld'],
    [type, 'ItemFees', facilitator, 'refund.tax-withheld'],
    [type, 'ItemWithheldTax', 'TCS*|TDS*', 'refund-fee.tax-at-source'],
    [type, 'ItemFees', '', 'refund-fee.other'],
    [type, 'ItemFees', 'Commission|VariableClosingFee|FixedClosingFee', 'refund-fee.referral'],
    [type, 'ItemFees', 'RefundCommission', 'refund-fee.administration'],
    [type, 'ItemFees', 'FBA*', 'refund-fee.fba-fulfilment'],
    [type, 'ItemFees', 'ShippingChargeback|ShippingHB|GiftwrapChargeback', 'refund-fee.shipping-holdback'],
    [type, 'Points', '', 'refund-fee.other'],
  ]),
  // Tax afterwards.
  ...(['Order_Retrocharge', 'Refund_Retrocharge'] as const).flatMap((type): Short[] => [
    [type, '', '', 'tax.retrocharge'],
    [type, 'ItemPrice', '', 'tax.retrocharge'],
    [type, 'ItemPrice', 'Tax|ShippingTax|GiftWrapTax|BaseTax', 'tax.retrocharge'],
    [type, 'ItemWithheldTax', '', 'tax.retrocharge-withheld'],
    [type, 'ItemWithheldTax', facilitator, 'tax.retrocharge-withheld'],
  ]),
  // Advertising, deals, coupons, Vine.
  ['ServiceFee', 'Cost of Advertising', '', 'other.advertising'],
  ['', 'Cost of Advertising', '', 'other.advertising'],
  ['', 'Refund for Advertiser', '', 'other.advertising-refund'],
  ['', '', 'TransactionTotalAmount', 'other.advertising'],
  ['', 'Deals', '', 'other.promotions'],
  ['', 'PromotionFee', '', 'other.promotions'],
  ['', '', 'Promotion_Fee*|LightningDealFee*|Lightning Deal Fee*|Promotion_Adjustment', 'other.promotions'],
  ['Promotion_Fee', '', '', 'other.promotions'],
  ['CouponRedemptionFee', '', '', 'other.promotions'],
  ['Vine Enrollment Fee', '', '', 'other.promotions'],
  ['Seller Rewards', '', '', 'other.income'],
  // Typed fees: FBAFees and AmazonFees carry the fee's name in amount-type.
  ['FBAFees', '', '', 'other.fulfilment'],
  ['AmazonFees', '', '', 'other.fee'],
  ['', 'FBA Inventory Storage Fee', '', 'other.storage'],
  ['', 'FBA Long*Term Storage Fee', '', 'other.storage'],
  ['', 'AWD Storage Fee|AWD Processing Fee', '', 'other.storage'],
  ['', 'AWD Transportation Fee', '', 'other.inbound'],
  ['', 'Amazon Warehousing & Distribution (AWD)', '', 'other.storage'],
  ['', 'Amazon Warehousing & Distribution (AWD)', 'AWD Transportation Fee', 'other.inbound'],
  ['', 'Capacity Reservation Fee', '', 'other.storage'],
  ['', 'FBA Removal Order*', '', 'other.removal'],
  [
    '',
    'FBA Inbound Placement*|Inbound Transportation*|Inbound Defect Fee|FBA Amazon-Partnered Carrier*',
    '',
    'other.inbound',
  ],
  ['', 'FBA Customer Returns Fee', '', 'other.fulfilment'],
  ['', 'FBA fulfil*ment fee*', '', 'other.fulfilment'],
  ['', 'Vine*|Coupon*|Deal*', '', 'other.promotions'],
  ['', 'Amazon service fee for EPR*|Eco-contribution*', '', 'other.fee'],
  ['', 'Shipment-Fees', '', 'other.fulfilment'],
  // Lines without an order.
  [
    '',
    '',
    'Storage Fee|StorageRenewalBilling|FBA Long*Term Storage Fee|LongTermStorageFee|LowInventoryLevelFee',
    'other.storage',
  ],
  ['', '', 'Subscription Fee', 'other.subscription'],
  [
    '',
    '',
    'FBAInbound*|Inbound Transportation*|FBA Inbound Placement*|Inbound Defect*|AGSGlobalInboundTransportation',
    'other.inbound',
  ],
  ['', '', 'DisposalComplete|RemovalComplete|Manual Processing Fee', 'other.removal'],
  [
    '',
    '',
    'FBACustomerReturn*|FBATransportationFee|FBAPerOrderFulfillmentFee|Multi-Channel Fulfillment*|FBAWeightBasedFee',
    'other.fulfilment',
  ],
  ['', 'FBA Inventory Reimbursement', '', 'other.reimbursement'],
  ['', 'MCF Inventory Reimbursement', '', 'other.reimbursement'],
  [
    '',
    '',
    'FBA Inventory Reimbursement*|Manual Processing Fee Reimbursement|Refund Reimbursal',
    'other.reimbursement',
  ],
  [
    '',
    '',
    'WAREHOUSE_*|REVERSAL_REIMBURSEMENT|FREE_REPLACEMENT_*|MISSING_FROM_INBOUND|CS_ERROR_*|RE_EVALUATION|REMOVAL_ORDER_*|MULTICHANNEL_ORDER_*|INCORRECT_FEES_*',
    'other.reimbursement',
  ],
  ['', '', 'COMPENSATED_CLAWBACK|MISSING_FROM_INBOUND_CLAWBACK', 'other.reimbursement-clawback'],
  [
    '',
    'FBA Inventory Reimbursement',
    'COMPENSATED_CLAWBACK|MISSING_FROM_INBOUND_CLAWBACK',
    'other.reimbursement-clawback',
  ],
  ['', '', 'Inbound Defect Fee', 'other.inbound'],
  ['SAFE-T Reimbursement', '', '', 'other.safe-t'],
  ['', '', 'SAFE-T*|Other concession', 'other.safe-t'],
  ['', '', 'BuyerRecharge|MCF Preferred Pricing*', 'other.income'],
  ['', 'MCF Preferred Pricing Seller Credit', '', 'other.income'],
  [
    '',
    '',
    'BalanceAdjustment|Balance Adjustment|MiscAdjustment|Adjustment|Fee Adjustment|NonSubscriptionFeeAdj|Additional Other Expenses|Merchant Bad Debt',
    'other.adjustment',
  ],
  ['', '', 'Shipping label purchase*|ShippingServices*|Postage*|ReturnPostage*', 'other.postage'],
  ['', '', 'Paid Services Fee', 'other.fee'],
  ['', '', 'Income Tax Charged', 'tax.other'],
  ['COMMINGLING VAT', '', '', 'tax.other'],
  ['', 'other-transaction', 'Tax', 'tax.other'],
  // V1 and some tools place these under other-transaction.
  ['', 'other-transaction', 'ShippingHB', 'fee.shipping-holdback'],
  ['', 'Shipment-Fees', 'Shipping', 'other.fulfilment'],
  // Liquidations.
  ['Liquidations', '', '', 'other.liquidation'],
  ['Liquidations Adjustments', '', '', 'other.liquidation'],
  ...(['Liquidations', 'Liquidations Adjustments'] as const).flatMap((type): Short[] => [
    [type, 'ItemPrice', 'Principal|Shipping', 'other.liquidation'],
    [type, 'ItemPrice', 'Tax|ShippingTax', 'tax.retrocharge'],
    [type, 'ItemWithheldTax', '', 'tax.retrocharge-withheld'],
    [type, 'ItemWithheldTax', facilitator, 'tax.retrocharge-withheld'],
    [type, 'ItemFees', '', 'other.liquidation-fee'],
    [type, 'ItemFees', 'LiquidationsBrokerageFee', 'other.liquidation-fee'],
  ]),
  // Reserves, transfers, debts, loans.
  ['', '', 'Current Reserve Amount', 'reserve.current'],
  ['', '', 'Previous Reserve Amount Balance', 'reserve.previous'],
  ['', '', 'Payable to Amazon', 'balance.payable'],
  ['', '', 'Successful charge', 'balance.charge'],
  ['', '', 'Micro Deposit|Failed Disbursement|Transfer of funds unsuccessful*', 'balance.transfer'],
  ['Transfers', '', '', 'balance.transfer'],
  ['Debt Adjustment', '', '', 'balance.other-account'],
  ['', '', 'Cross-Account Debt Adjustment*', 'balance.other-account'],
  [
    '',
    '',
    'Amazon Capital*|Amazon Lending*|Loan Advance|Loan Payment|Loan Repayment|Loan Disbursement',
    'loan.principal',
  ],
  ['Amazon Capital Services', '', '', 'loan.principal'],
  ['', '', 'Loan Interest*|Loan Servicing*|Amazon Capital*Interest*', 'loan.interest'],
];

/** Alternatives stand between bars in the short form; each becomes a rule. */
export const defaultRules: readonly Rule[] = short.flatMap(
  ([transactionType, types, descriptions, rowClass]) =>
    types.split('|').flatMap((amountType) =>
      descriptions.split('|').map((amountDescription) => ({
        transactionType,
        amountType,
        amountDescription,
        marketplace: '',
        channel: '',
        class: rowClass,
      })),
    ),
);
