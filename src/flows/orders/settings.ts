// What must the owner decide about orders? Everything with a safe default has it (features.md §10); what has none is required.
import { z } from 'zod';

/** How one marketplace's orders are booked. */
const marketplaceSettings = z.strictObject({
  code: z
    .string()
    .regex(/^[A-Z0-9]{2,6}$/)
    .describe('Short code used in names and ids: US, UK, JP.'),
  customerId: z
    .string()
    .optional()
    .describe('NetSuite customer for all orders of this marketplace. Empty: Crossdock creates one.'),
  subsidiaryId: z.string().optional().describe('NetSuite subsidiary (OneWorld only).'),
  locationId: z.string().optional().describe('Location that ships merchant-fulfilled orders.'),
  marketplaceLocationId: z
    .string()
    .optional()
    .describe('Location that holds the stock the marketplace ships (FBA).'),
  departmentId: z.string().optional().describe('Department on body and lines.'),
  classId: z.string().optional().describe('Class on body and lines.'),
  salesChannelId: z.string().optional().describe('Sales channel on the body.'),
  taxMode: z
    .enum(['marketplace-remits', 'tax-line', 'suitetax-override'])
    .default('marketplace-remits')
    .describe(
      'A: tax remitted by the marketplace stays off the document. B: all tax as an item line. C: amounts override SuiteTax.',
    ),
  taxCodeId: z.string().optional().describe('SuiteTax code for mode C.'),
  taxTypeId: z.string().optional().describe('SuiteTax type for mode C.'),
  timeZone: z
    .string()
    .optional()
    .describe('Time zone that dates the sale; empty: the NetSuite company’s own.'),
  reportTax: z
    .enum(['remitted', 'owed', 'ask'])
    .default('remitted')
    .describe(
      'Order reports do not say who remits tax: take it as remitted by the marketplace, as owed by the seller, or read each such order singly first. The full order corrects it later.',
    ),
});

/** Strict: an unknown name is refused with a sentence rather than ignored. */
export const ordersSettings = z.strictObject({
  goLiveAt: z.iso.datetime({ offset: true }).describe('Orders placed before this moment are never imported.'),
  marketplaces: z
    .record(z.string(), marketplaceSettings)
    .refine((marketplaces) => Object.keys(marketplaces).length > 0, 'Name at least one marketplace.')
    .describe('How the orders of each marketplace are booked, by marketplace id.'),
  items: z
    .strictObject({
      discount: z.string().describe('Item for discounts.'),
      shipping: z.string().describe('Item for shipping charges.'),
      shippingDiscount: z.string().describe('Item for shipping discounts.'),
      giftWrap: z.string().describe('Item for gift wrap.'),
      otherCharge: z.string().describe('Item for other charges (cash-on-delivery fee).'),
      tax: z
        .string()
        .optional()
        .describe('Item for tax lines; needed where the seller owes the tax or in tax mode B.'),
    })
    .describe('NetSuite items, by name/number, that carry what is not a product.'),
  merchantStatus: z
    .enum(['pending-fulfilment', 'pending-approval'])
    .default('pending-fulfilment')
    .describe('Status of new sales orders.'),
  importShippedMerchant: z
    .boolean()
    .default(true)
    .describe('Import merchant orders first seen when already shipped.'),
  marketplaceRecord: z
    .enum(['cash-sale', 'invoice', 'sales-order'])
    .default('cash-sale')
    .describe(
      'Record for orders the marketplace ships. Invoice when settlements are posted, else cash sale.',
    ),
  numbers: z
    .enum(['assign', 'sales-order'])
    .default('assign')
    .describe(
      'Lot and serial numbers of what the marketplace ships: assign the first to expire, else the oldest; or book a sales order.',
    ),
  shipped: z
    .enum(['fulfil', 'leave'])
    .default('fulfil')
    .describe(
      'Sales orders of parcels the marketplace ships or labels itself (FBA, Seller Fulfilled Prime): fulfil them as it shipped them, with its tracking, or leave them.',
    ),
  fulfilShippedMerchant: z
    .boolean()
    .default(false)
    .describe('Fulfil merchant orders that were shipped already when first seen.'),
  autoBill: z
    .enum(['invoice', 'cash-sale', 'off'])
    .default('invoice')
    .describe('Bill fulfilled sales orders of the marketplace by themselves, and as what.'),
  autoBillAt: z
    .enum(['pending-billing', 'pending-fulfilment'])
    .default('pending-billing')
    .describe('When to bill: once fulfilled (recommended), or as soon as the order is approved.'),
  depositAccountId: z.string().optional().describe('Account of cash sales; empty: undeposited funds.'),
  paymentMethodId: z.string().optional().describe('Payment method on cash sales.'),
  replacements: z.enum(['import', 'skip']).default('import').describe('Zero-value replacement orders.'),
  unknownSku: z.enum(['hold', 'placeholder']).default('hold').describe('A SKU that NetSuite does not know.'),
  placeholderItem: z
    .string()
    .optional()
    .describe('Item used for unknown SKUs when the choice is placeholder.'),
  reference: z
    .enum(['order-id', 'purchase-order'])
    .default('order-id')
    .describe(
      'PO number field of the document: the marketplace’s order id, or a business buyer’s own number.',
    ),
  businessCustomers: z
    .enum(['as-others', 'by-vat-number'])
    .default('as-others')
    .describe('Business buyers with a VAT number: as all others, or a customer of their own by that number.'),
  cancellationWishes: z
    .enum(['task', 'hold'])
    .default('task')
    .describe('A buyer asks to cancel before the order is imported: import it with a task, or hold it.'),
  customers: z
    .enum(['per-marketplace', 'per-buyer'])
    .default('per-marketplace')
    .describe('Whose customer record carries the order.'),
  shipMethodMissing: z
    .enum(['leave-empty', 'park'])
    .default('leave-empty')
    .describe('A service level without a row in the lookup ship-method.'),
  laterChanges: z
    .enum(['apply', 'task'])
    .default('apply')
    .describe('Changed address or quantities while NetSuite still allows them.'),
  discounts: z
    .enum(['per-line', 'per-order'])
    .default('per-line')
    .describe('One discount line below each item, or one for the order.'),
  merchantDate: z.enum(['placed', 'imported']).default('placed').describe('Date of sales orders.'),
  sweepEverySeconds: z
    .number()
    .int()
    .min(60)
    .max(86_400)
    .default(300)
    .describe('How often changed orders are searched for.'),
  overlapMinutes: z
    .number()
    .int()
    .min(2)
    .max(1_440)
    .default(10)
    .describe('How far each sweep looks back behind the last.'),
  backlogAfterHours: z
    .number()
    .min(1)
    .max(720)
    .default(6)
    .describe('A gap longer than this may go through the order report.'),
});

export type OrdersSettings = z.infer<typeof ordersSettings>;
export type MarketplaceSettings = z.infer<typeof marketplaceSettings>;
