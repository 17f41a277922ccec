// Which fields does each document have, by which rule does each get its value, and where can that be changed? One list
// for the console, the API and the check of overrides.
import type { ChoiceKind, DocumentKind } from '../../erp/erp.ts';

export type Target = DocumentKind | 'shipment';

export interface FieldRule {
  readonly field: string;
  readonly on: 'body' | 'line';
  readonly targets: readonly Target[];
  readonly rule: string;
  /** Where the value is changed: by an override here, by a setting of the flow, by a lookup; or nowhere, and why. */
  readonly by: 'override' | 'setting' | 'lookup' | 'nothing';
  /** The setting or lookup, or why the field cannot be changed. */
  readonly place?: string;
  /** The account's list that a constant is chosen from. */
  readonly choices?: ChoiceKind;
}

const all: readonly Target[] = ['sales-order', 'cash-sale', 'invoice'];
const body = (
  field: string,
  by: FieldRule['by'],
  rule: string,
  more: Partial<FieldRule> = {},
): FieldRule => ({ field, on: 'body', targets: all, by, rule, ...more });
const line = (field: string, by: FieldRule['by'], rule: string, place?: string): FieldRule => ({
  field,
  on: 'line',
  targets: all,
  by,
  rule,
  ...(place ? { place } : {}),
});
const told = (
  field: string,
  on: FieldRule['on'],
  by: FieldRule['by'],
  rule: string,
  place?: string,
): FieldRule => ({ field, on, targets: ['shipment'], by, rule, ...(place ? { place } : {}) });

const exact = 'Amounts and quantities must be the marketplace’s own, to the cent.';
const once = 'It makes sure that an order is written once.';

export const fieldRules: readonly FieldRule[] = [
  body('externalId', 'nothing', 'Made from the channel and the order id, the same for ever.', {
    place: once,
  }),
  body('customerId', 'override', 'The customer of the marketplace, or the one Crossdock created for it.', {
    choices: 'customer',
  }),
  body('subsidiaryId', 'setting', 'The subsidiary of the marketplace settings.', { place: 'marketplaces' }),
  body(
    'date',
    'setting',
    'Sales orders: the day of purchase. Cash sales and invoices: the day of shipment.',
    {
      place: 'merchantDate',
    },
  ),
  body('shipDate', 'nothing', 'The latest ship date promised to the buyer.', {
    targets: ['sales-order'],
    place: 'It is the marketplace’s promise.',
  }),
  body('currency', 'nothing', 'The currency of the order.', { place: exact }),
  body('reference', 'override', 'The marketplace’s order id, or the buyer’s purchase order number.'),
  body('memo', 'override', 'The marketplace’s name and who ships.'),
  body('locationId', 'override', 'The location of the marketplace settings, by who ships.', {
    choices: 'location',
  }),
  body('departmentId', 'override', 'The department of the marketplace settings.', { choices: 'department' }),
  body('classId', 'override', 'The class of the marketplace settings.', { choices: 'class' }),
  body('salesChannelId', 'override', 'The sales channel of the marketplace settings.', {
    choices: 'sales-channel',
  }),
  body('orderStatus', 'setting', 'Pending fulfilment, or pending approval by the setting.', {
    targets: ['sales-order'],
    place: 'merchantStatus',
  }),
  body('shipMethodId', 'override', 'The row of the lookup “ship-method” for the service level.', {
    targets: ['sales-order'],
    choices: 'ship-method',
  }),
  body('paymentMethodId', 'override', 'The payment method of the settings.', {
    targets: ['cash-sale'],
    choices: 'payment-method',
  }),
  body('depositAccountId', 'setting', 'The deposit account of the settings, or undeposited funds.', {
    targets: ['cash-sale'],
    place: 'depositAccountId',
  }),
  body('shipTo', 'nothing', 'The delivery address of the order.', {
    place: 'The parcel goes where the buyer lives.',
  }),
  body(
    'custom',
    'setting',
    'Order id, channel, marketplace, who ships and other facts, in the fields that the NetSuite connection names.',
    {
      place: 'fields',
    },
  ),
  line(
    'itemId',
    'lookup',
    'The row of the lookup “item-alias” for the SKU, or the item whose name is the SKU; charges: the item of the settings.',
    'item-alias',
  ),
  line('quantity', 'lookup', 'The quantity ordered times the units of the alias.', 'item-alias'),
  line('rate', 'nothing', 'The amount divided by the quantity.', exact),
  line(
    'amount',
    'nothing',
    'The price of all units before discounts; discounts, shipping, gift wrap and other charges have lines of their own.',
    exact,
  ),
  line(
    'tax',
    'setting',
    'By the tax mode of the marketplace: off the document, as a line, or over SuiteTax.',
    'marketplaces',
  ),
  told(
    'packageReference',
    'body',
    'nothing',
    'The number of the package within its order, the same for ever.',
    once,
  ),
  told(
    'carrierCode',
    'body',
    'lookup',
    'The row of the lookup “carrier” for the ship method, or the carrier its name says.',
    'carrier',
  ),
  told(
    'shippingMethod',
    'body',
    'lookup',
    'The service in the same lookup row, or the name of the ship method.',
    'carrier',
  ),
  told(
    'trackingNumber',
    'body',
    'nothing',
    'The tracking number of the package in NetSuite.',
    'It is corrected on the fulfilment in NetSuite; the edit is told.',
  ),
  told(
    'shippedAt',
    'body',
    'nothing',
    'The day of the fulfilment, kept after the purchase and before now.',
    'The marketplace refuses any other.',
  ),
  told(
    'lines',
    'line',
    'nothing',
    'The order items and quantities of the fulfilment, in units as they were ordered.',
    exact,
  ),
];

/** Fields that an override may replace, by name. */
export const overridable: ReadonlyMap<string, FieldRule> = new Map(
  fieldRules.filter((one) => one.by === 'override').map((one) => [one.field, one]),
);
