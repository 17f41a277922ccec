// Many SKU quantities out: calls and simulated time beside the least that the published quotas and Amazon's own work allow.
import { full, startWorld, until, verdict } from './harness.ts';

const count = full ? 100_000 : 26_000;
const scale = full ? 30 : 60;
const warehouse = 'Main Warehouse';
const perFeed = 25_000;

const world = await startWorld({
  scale,
  quotas: 'real',
  netsuiteConcurrency: 50,
  reportSeconds: 5,
  notifications: true,
  stock: { levelsEverySeconds: 30 },
});
type Calls = Record<string, { count: number; refused: number }>;
const counted = async () => (await world.get<{ operations: Calls }>(`${world.amazon}/_sim/calls`)).operations;
try {
  const name = (place: number) => `FQ-${String(place).padStart(6, '0')}`;
  for (let start = 0; start < count; start += 2_000) {
    const places = Array.from({ length: Math.min(2_000, count - start) }, (_, place) => start + place);
    await world.post(`${world.netsuite}/_sim/items`, {
      items: places.map((place) => ({ itemId: name(place), onHand: { [warehouse]: 1 + (place % 500) } })),
    });
    await world.post(`${world.amazon}/_sim/listings`, {
      items: places.map((place) => ({
        sku: name(place),
        asin: `B0${String(place).padStart(8, '0')}`,
        title: name(place),
        quantity: 0,
        price: 1_000,
      })),
    });
  }
  const listings = await world.get<{ items: { channel: string }[] }>(`${world.amazon}/_sim/listings`);
  const skus = listings.items.filter((listing) => listing.channel === 'DEFAULT').length;
  await world.worker();
  await until(
    'every quantity is told',
    full ? 560 : 160,
    async () =>
      (await world.count('SELECT count(*) FROM stock_offers WHERE told_version = wanted_version')) >= skus,
  );
  // The quotas fill up again; then one rule changes every figure at once, and only that is measured.
  const filledAt = world.now();
  await until('the quotas are full again', 120, async () => world.now() > filledAt + 15 * 60_000);
  const before = await counted();
  const changedAt = world.now();
  await world.query(
    `UPDATE flows SET settings = settings || '{"bufferUnits": 1}', updated_at = now() WHERE kind = 'stock.export'`,
  );
  await until(
    'every quantity is told again',
    full ? 300 : 100,
    async () =>
      (await world.count(`SELECT count(*) FROM stock_offers WHERE wanted_version > told_version`)) === 0 &&
      (await world.count(`SELECT count(*) FROM stock_offers WHERE why::text LIKE '%buffer%'`)) > 0,
  );
  const after = await counted();
  const made = (operation: string) => (after[operation]?.count ?? 0) - (before[operation]?.count ?? 0);
  const { items } = await world.get<{ items: { createdAt: number; doneAt: number }[] }>(
    `${world.amazon}/_sim/feeds`,
  );
  const feeds = items.filter((feed) => feed.createdAt > changedAt);
  const least = Math.ceil((skus - 100) / perFeed);
  const inFeeds = skus - made('listings.patchListingsItem');
  const seconds =
    (Math.max(...feeds.map((feed) => feed.doneAt)) - Math.min(...feeds.map((feed) => feed.createdAt))) / 1000;
  // Simulated Amazon works feeds off one after another, 20 s each and 2 ms a message. No quota adds to that: five feeds
  // may be handed over in five minutes, createFeed has a burst of fifteen.
  const floor = least * 20 + (inFeeds * 2) / 1000;
  const share = floor / seconds;
  const shown = await world.get<{ items: { sku: string; quantity: number }[] }>(
    `${world.amazon}/_sim/listings`,
  );
  const wrong = shown.items.filter(
    ({ sku, quantity }) => sku.startsWith('FQ-') && quantity !== Number(sku.slice(3)) % 500,
  ).length;
  // Single updates are left out: sixty times as fast, one of their tokens is 3 ms, less than the network's own jitter.
  const refused = Object.entries(after)
    .filter(([operation]) => !operation.startsWith('listings.'))
    .reduce((sum, [operation, one]) => sum + one.refused - (before[operation]?.refused ?? 0), 0);
  console.log(
    `${skus} SKUs: ${made('feeds.createFeed')} feeds (least ${least}), ${made('listings.patchListingsItem')} single updates, ${made('feeds.getFeed')} looks, ${made('feeds.getFeedDocument')} reports read, ${refused} calls refused`,
  );
  console.log(
    `from the first feed to the last listing ${seconds.toFixed(0)} simulated s; the least possible ${floor.toFixed(0)} s = ${(share * 100).toFixed(0)} %`,
  );
  verdict('feed-quota', [
    ...(feeds.length !== least ? [`${feeds.length} feeds instead of ${least}`] : []),
    ...(share < 0.95 ? [`${(share * 100).toFixed(0)} % of what is possible, aim 95 %`] : []),
    ...(wrong > 0 ? [`${wrong} listings show a wrong figure`] : []),
    ...(refused > 0 ? [`${refused} calls were refused for their quota`] : []),
  ]);
} finally {
  await world.close();
}
