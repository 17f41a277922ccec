// From a stock change in NetSuite to the listing at Amazon: median and 99th percentile in simulated time, under load.
import { full, startWorld, until, verdict } from './harness.ts';

const count = full ? 2_000 : 300;
const minutes = full ? 120 : 10;
const scale = full ? 30 : 20;
const warehouse = 'Main Warehouse';

const world = await startWorld({
  scale,
  quotas: 'real',
  netsuiteConcurrency: 15,
  netsuiteLatencyMs: 500,
  warehouseAfterSeconds: 1_000_000,
  reportSeconds: 5,
  notifications: true,
  stock: { levelsEverySeconds: 30 },
});
try {
  const name = (place: number) => `SL-${String(place).padStart(5, '0')}`;
  const places = Array.from({ length: count }, (_, place) => place);
  await world.post(`${world.netsuite}/_sim/items`, {
    items: places.map((place) => ({ itemId: name(place), onHand: { [warehouse]: 500 } })),
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
  await world.worker();
  const figures = async () =>
    new Map(
      (
        await world.get<{ items: { sku: string; quantity: number }[] }>(`${world.amazon}/_sim/listings`)
      ).items.map((item) => [item.sku, item.quantity]),
    );
  await until('every listing shows its first figure', 150, async () => {
    const shown = await figures();
    return places.every((place) => shown.get(name(place)) === 500);
  });
  // Load: orders arrive, stock moves on one item after another; each item changes once, so its answer is unmistakable.
  const changes: { sku: string; at: number; quantity: number }[] = [];
  const began = world.now();
  const gapMs = (minutes * 60_000) / count;
  for (const place of places) {
    await new Promise((resolve) =>
      setTimeout(resolve, Math.max(0, (began + place * gapMs - world.now()) / scale)),
    );
    const quantity = 501 + (place % 97);
    await world.post(`${world.netsuite}/_sim/stock`, {
      item: name(place),
      location: warehouse,
      onHand: quantity,
    });
    changes.push({ sku: name(place), at: world.now(), quantity });
    if (place % 3 === 0)
      await world.post(`${world.amazon}/_sim/orders/place`, { skus: ['CD-1030', 'CD-1031'] });
  }
  await until('every change is shown', 90, async () => {
    const shown = await figures();
    return changes.every((change) => shown.get(change.sku) === change.quantity);
  });
  const log = new Map<string, number>();
  for (let after = 0; ; ) {
    const { items } = await world.get<{
      items: { seq: number; at: number; sku: string; quantity: number; via: string }[];
    }>(`${world.amazon}/_sim/listing-log?after=${after}`);
    for (const row of items)
      if (row.via !== 'order')
        log.set(`${row.sku}/${row.quantity}`, log.get(`${row.sku}/${row.quantity}`) ?? row.at);
    if (items.length < 50_000) break;
    after = items.at(-1)!.seq;
  }
  const seconds = changes
    .map((change) => (log.get(`${change.sku}/${change.quantity}`)! - change.at) / 1000)
    .sort((a, b) => a - b);
  const at = (share: number) => seconds[Math.min(seconds.length - 1, Math.floor(share * seconds.length))]!;
  console.log(
    `${changes.length} changes in ${minutes} simulated minutes: median ${at(0.5).toFixed(0)} s, 99th percentile ${at(0.99).toFixed(0)} s, longest ${seconds.at(-1)!.toFixed(0)} s (all in simulated time; one real second is ${scale})`,
  );
  verdict(
    'stock-latency',
    at(0.99) >= 180 ? [`the 99th percentile is ${at(0.99).toFixed(0)} s, aim 180 s`] : [],
  );
} finally {
  await world.close();
}
