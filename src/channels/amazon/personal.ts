// Which parts of an order document are the buyer's? They are cut out by path before the rest is kept, and sealed apart.

/** Amazon's list of restricted fields (spapi.md §2.6), as path patterns; `*` is any element. */
const personalPaths: readonly string[] = [
  'buyer.buyerName',
  'buyer.buyerEmail',
  ...[
    'name',
    'companyName',
    'addressLine1',
    'addressLine2',
    'addressLine3',
    'postalCode',
    'phone',
    'extendedFields',
  ].map((field) => `recipient.deliveryAddress.${field}`),
  'recipient.deliveryPreference',
  'orderItems.*.fulfillment.packing.giftOption.giftMessage',
  'orderItems.*.product.customization.customizedUrl',
  ...['legalName', 'taxRegistrationNumber', 'taxRegistrationAddress'].map(
    (field) => `tax.taxRegistrations.*.${field}`,
  ),
  'reportRows.*.ship-postal-code',
  ...['', 'payload.'].flatMap((root) => [
    `${root}ShippingAddress.Name`,
    `${root}ShippingAddress.AddressLine1`,
    `${root}ShippingAddress.AddressLine2`,
    `${root}ShippingAddress.AddressLine3`,
    `${root}ShippingAddress.PostalCode`,
    `${root}ShippingAddress.Phone`,
    `${root}BuyerInfo.BuyerName`,
    `${root}BuyerInfo.BuyerEmail`,
    `${root}OrderItems.*.BuyerInfo.GiftMessageText`,
  ]),
];

type Json = Record<string, unknown> | unknown[];
/** Concrete path → value. */
type Personal = Record<string, unknown>;

/** Pure: a deep copy without the buyer's data, and that data by path; `personal` is undefined when there is none. */
export function splitPersonal(raw: unknown): {
  readonly kept: unknown;
  readonly personal: Personal | undefined;
} {
  const kept = structuredClone(raw);
  const personal: Personal = {};
  for (const pattern of personalPaths) cut(kept, pattern.split('.'), '', personal);
  return { kept, personal: Object.keys(personal).length === 0 ? undefined : personal };
}

function cut(node: unknown, path: readonly string[], at: string, personal: Personal): void {
  if (typeof node !== 'object' || node === null) return;
  const [head, ...rest] = path;
  if (head === '*') {
    for (const [index, element] of (Array.isArray(node) ? node : []).entries())
      cut(element, rest, `${at}${index}.`, personal);
    return;
  }
  const holder = node as Record<string, unknown>;
  if (head === undefined || !Object.hasOwn(holder, head)) return;
  if (rest.length > 0) {
    cut(holder[head], rest, `${at}${head}.`, personal);
    return;
  }
  personal[at + head] = holder[head];
  delete holder[head];
}

/** Pure: the inverse of splitPersonal. Without `personal` (expired) the document simply lacks it. */
export function joinPersonal(kept: unknown, personal: unknown): unknown {
  if (typeof personal !== 'object' || personal === null) return kept;
  const raw = structuredClone(kept);
  for (const [path, value] of Object.entries(personal)) put(raw as Json, path.split('.'), value);
  return raw;
}

function put(node: Json, path: readonly string[], value: unknown): void {
  const [head = '', ...rest] = path;
  const holder = node as Record<string, unknown>;
  if (rest.length === 0) holder[head] = value;
  else if (typeof holder[head] === 'object' && holder[head] !== null) put(holder[head] as Json, rest, value);
}
