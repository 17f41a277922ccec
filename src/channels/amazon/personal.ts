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

/** Concrete path → value. */
type Personal = Record<string, unknown>;
type Json = Readonly<Record<string, unknown>> | readonly unknown[];

/** The patterns as a tree: what to cut (`true`) or where to go on, by name. */
interface Branch {
  readonly [name: string]: Branch | true;
}
const tree: Branch = treeOf(personalPaths);

function treeOf(paths: readonly string[]): Branch {
  const root: Record<string, Branch | true> = {};
  for (const path of paths) {
    const names = path.split('.');
    const last = names.pop()!;
    let branch = root;
    for (const name of names) {
      branch[name] ??= {};
      branch = branch[name] as Record<string, Branch | true>;
    }
    branch[last] = true;
  }
  return root;
}

/**
 * Pure: the document without the buyer's data, and that data by path; `personal` is undefined when there is none. Only
 * what changes is copied: both documents share the rest.
 */
export function splitPersonal(raw: unknown): {
  readonly kept: unknown;
  readonly personal: Personal | undefined;
} {
  const personal: Personal = {};
  const kept = cut(raw, tree, '', personal);
  return kept === raw ? { kept, personal: undefined } : { kept, personal };
}

function cut(node: unknown, branch: Branch, at: string, personal: Personal): unknown {
  if (typeof node !== 'object' || node === null) return node;
  const every = branch['*'];
  if (Array.isArray(node)) {
    if (every === undefined || every === true) return node;
    let copy: unknown[] | undefined;
    for (const [index, element] of node.entries()) {
      const without = cut(element, every, `${at}${index}.`, personal);
      if (without === element) continue;
      copy ??= [...node];
      copy[index] = without;
    }
    return copy ?? node;
  }
  const holder = node as Record<string, unknown>;
  let copy: Record<string, unknown> | undefined;
  for (const name in branch) {
    if (!Object.hasOwn(holder, name)) continue;
    const next = branch[name]!;
    if (next === true) {
      personal[at + name] = holder[name];
      copy ??= { ...holder };
      delete copy[name];
      continue;
    }
    const without = cut(holder[name], next, `${at}${name}.`, personal);
    if (without === holder[name]) continue;
    copy ??= { ...holder };
    copy[name] = without;
  }
  return copy ?? node;
}

/** Pure: the inverse of splitPersonal. Without `personal` (expired) the document simply lacks it. */
export function joinPersonal(kept: unknown, personal: unknown): unknown {
  if (typeof personal !== 'object' || personal === null) return kept;
  const copied = new Set<Json>();
  const own = <Node extends Json>(node: Node): Node => {
    if (copied.has(node)) return node;
    const copy = (Array.isArray(node) ? [...node] : { ...node }) as Node;
    copied.add(copy);
    return copy;
  };
  const put = (node: Json, [head = '', ...rest]: readonly string[], value: unknown): Json => {
    const inner = (node as Record<string, unknown>)[head];
    if (rest.length > 0 && (typeof inner !== 'object' || inner === null)) return node;
    const copy = own(node);
    (copy as Record<string, unknown>)[head] = rest.length === 0 ? value : put(inner as Json, rest, value);
    return copy;
  };
  return Object.entries(personal).reduce<Json>(
    (document, [path, value]) => put(document, path.split('.'), value),
    kept as Json,
  );
}
