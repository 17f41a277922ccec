// What does one unit of each SKU take off the shelf, and which SKUs need an item? Kept in memory while listings and kits
// stay as they are: a hundred thousand SKUs are a few dozen megabytes, reading them anew for every change is not.
import type { Part } from '../../core/stock.ts';
import type { KitMember, KnownListing } from './book.ts';

export interface Recipes {
  /** Merchant-fulfilled listings that exist, in the order in which scarce stock is given to them (smallest pack first). */
  readonly listings: ReadonlyMap<string, KnownListing>;
  partsOf(sku: string): readonly Part[];
  /** What an item and a number of its units stand for: itself, or the members of a kit. */
  expand(itemId: string, units: number): readonly Part[];
  /** SKUs that need an item, in the same order. */
  skusNeeding(itemId: string): readonly string[];
  /** Place in the fixed order. */
  placeOf(sku: string): number;
}

export function makeRecipes(all: readonly KnownListing[], members: readonly KitMember[]): Recipes {
  const kits = new Map<string, KitMember[]>();
  for (const member of members) {
    const known = kits.get(member.kitId);
    if (known) known.push(member);
    else kits.set(member.kitId, [member]);
  }
  const expand = (itemId: string, units: number): readonly Part[] =>
    kits.get(itemId)?.map((member) => ({ itemId: member.itemId, quantity: member.quantity * units })) ?? [
      { itemId, quantity: units },
    ];
  // FBA listings are left out here, so that no later step can give them a quantity.
  const listings = new Map(
    all
      .filter((listing) => listing.fulfilment === 'merchant' && listing.status !== 'gone')
      .map((listing) => [listing.sku, listing]),
  );
  const places = new Map([...listings.keys()].map((sku, place) => [sku, place]));
  const needing = new Map<string, string[]>();
  for (const listing of listings.values()) {
    if (listing.itemId === undefined) continue;
    const items = new Set(expand(listing.itemId, listing.units).map((part) => part.itemId));
    // A changed kit concerns its listing as well as its members do.
    items.add(listing.itemId);
    for (const itemId of items) {
      const known = needing.get(itemId);
      if (known) known.push(listing.sku);
      else needing.set(itemId, [listing.sku]);
    }
  }
  return {
    listings,
    expand,
    partsOf(sku) {
      const listing = listings.get(sku);
      return listing?.itemId === undefined ? [] : expand(listing.itemId, listing.units);
    },
    skusNeeding: (itemId) => needing.get(itemId) ?? [],
    placeOf: (sku) => places.get(sku) ?? Number.MAX_SAFE_INTEGER,
  };
}
