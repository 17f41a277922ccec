// Which figures follow from what changed? Finds the SKUs concerned and everything that bears on them, then asks
// core/stock.ts. Next: push-stock.ts, which tells the channel.
import { availableToSell, type Reservation } from '../../core/stock.ts';
import type { Offer, ReservedLine, StockBook, StockChanges } from './book.ts';
import type { Recipes } from './recipes.ts';
import { rulesFor, type StockSettings } from './settings.ts';

/** SKUs worked out together; their levels are read in one query. */
const batchSize = 2_000;

export interface WorkOutParts {
  readonly recipes: Recipes;
  readonly settings: StockSettings;
  readonly channelConnectionId: string;
}

type Reader = Parameters<Parameters<StockBook['rework']>[1]>[1];

/** The figures of every SKU that the changes concern, with their reasons. */
export async function workOut(
  { recipes, settings, channelConnectionId }: WorkOutParts,
  changes: StockChanges,
  read: Reader,
): Promise<readonly Offer[]> {
  const reservations = await reservationsOf(recipes, channelConnectionId, await read.reserved(), read);
  const skus = await concernedBy({ recipes, channelConnectionId }, changes, read);
  const offers: Offer[] = [];
  for (let start = 0; start < skus.length; start += batchSize) {
    const batch = skus.slice(start, start + batchSize);
    // A SKU's share of scarce stock depends on all who need one of its items: they are counted with it.
    const group = withSharers(recipes, batch);
    const items = new Set(group.flatMap((sku) => recipes.partsOf(sku).map((part) => part.itemId)));
    const levels = await read.levels([...items], settings.locationIds);
    const answers = availableToSell(
      group.map((sku) => ({
        sku,
        parts: recipes.partsOf(sku),
        locationIds: settings.locationIds,
        rules: rulesFor(settings, recipes.listings.get(sku)?.rules ?? {}),
      })),
      levels,
      reservations.filter((one) => one.parts.some((part) => items.has(part.itemId))),
    );
    for (const sku of batch) {
      const answer = answers.get(sku)!;
      offers.push({ sku, quantity: answer.quantity, why: answer.steps });
    }
  }
  return offers;
}

/** Every SKU that needs a changed item, and every one that shares another item with such a SKU. */
async function concernedBy(
  { recipes, channelConnectionId }: Pick<WorkOutParts, 'recipes' | 'channelConnectionId'>,
  changes: StockChanges,
  read: Reader,
): Promise<readonly string[]> {
  if (changes.everything) return [...recipes.listings.keys()];
  const items = new Set(changes.itemIds);
  const skus = new Set<string>();
  const foreign = new Map<string, string[]>();
  for (const { connectionId, sku } of changes.skus)
    if (connectionId === channelConnectionId) {
      if (recipes.listings.has(sku)) skus.add(sku);
      for (const part of recipes.partsOf(sku)) items.add(part.itemId);
    } else foreign.set(connectionId, [...(foreign.get(connectionId) ?? []), sku]);
  for (const [connectionId, names] of foreign)
    for (const { itemId, units } of (await read.foreignParts(connectionId, names)).values())
      for (const part of recipes.expand(itemId, units)) items.add(part.itemId);
  for (const itemId of items) for (const sku of recipes.skusNeeding(itemId)) skus.add(sku);
  return withSharers(recipes, [...skus]);
}

/** SKUs with all that need one of their items, in the fixed order. */
function withSharers(recipes: Recipes, skus: readonly string[]): readonly string[] {
  const group = new Set(skus);
  for (const sku of skus)
    for (const part of recipes.partsOf(sku))
      for (const other of recipes.skusNeeding(part.itemId)) group.add(other);
  return [...group].sort((a, b) => recipes.placeOf(a) - recipes.placeOf(b));
}

/** Order lines as what they take off the shelf. A SKU that nobody knows takes nothing: its order waits for a person. */
async function reservationsOf(
  recipes: Recipes,
  channelConnectionId: string,
  lines: readonly ReservedLine[],
  read: Reader,
): Promise<readonly Reservation[]> {
  const foreign = new Map<string, string[]>();
  for (const line of lines)
    if (line.connectionId !== channelConnectionId || !recipes.listings.has(line.sku))
      foreign.set(line.connectionId, [...(foreign.get(line.connectionId) ?? []), line.sku]);
  const parts = new Map<string, ReturnType<Recipes['expand']>>();
  for (const [connectionId, skus] of foreign)
    for (const [sku, { itemId, units }] of await read.foreignParts(connectionId, [...new Set(skus)]))
      parts.set(`${connectionId}/${sku}`, recipes.expand(itemId, units));
  return lines.flatMap((line) => {
    const own = line.connectionId === channelConnectionId ? recipes.partsOf(line.sku) : [];
    const taken = own.length > 0 ? own : (parts.get(`${line.connectionId}/${line.sku}`) ?? []);
    return taken.length === 0
      ? []
      : [{ orderId: line.orderId, sku: line.sku, parts: taken, quantity: line.quantity }];
  });
}
