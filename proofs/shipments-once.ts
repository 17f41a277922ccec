// Shipments reach Amazon, each package content at most once, and count only when Amazon's own order shows them.
import { full, type ProofWorld, startWorld, truthDocuments, truthOrders, until, verdict } from './harness.ts';

const count = full ? 600 : 60;
const world = await startWorld({ shipments: true, warehouseAfterSeconds: 5, scale: 20 });
try {
  await world.post(`${world.amazon}/_sim/generate`, {
    count,
    spreadHours: 5,
    mix: { 'mfn-unshipped': 8, sfp: 1, 'fba-shipped': 1, 'easy-ship': 0.5 },
  });
  const rates = {
    '429': 0.03,
    '500-before': 0.02,
    '500-after': 0.03,
    'reset-before': 0.01,
    'reset-after': 0.02,
    truncate: 0.01,
    'html-503': 0.005,
    'expired-token': 0.002,
    late: 0.01,
  };
  await world.post(
    `${world.netsuite}/_sim/faults`,
    { rates: { ...rates, 'record-locked': 0.05 }, slowMs: 10_000 },
    'PUT',
  );
  await world.post(`${world.amazon}/_sim/faults`, { rates, slowMs: 10_000 }, 'PUT');
  let worker = await world.worker();
  for (let kill = 0; kill < (full ? 20 : 4); kill++) {
    await new Promise((resolve) => setTimeout(resolve, 400 + Math.floor(Math.random() * 1_200)));
    const ended = new Promise((resolve) => worker.once('exit', resolve));
    worker.kill('SIGKILL');
    await ended;
    worker = await world.worker();
  }
  await world.post(`${world.netsuite}/_sim/faults`, {}, 'PUT');
  await world.post(`${world.amazon}/_sim/faults`, {}, 'PUT');
  const open = () =>
    world.count(
      "SELECT count(*) FROM sync_records WHERE flow_id LIKE '%shipments%' AND state <> 'done' AND state <> 'skipped' AND state <> 'parked'",
    );
  const shipped = async () =>
    (await truthDocuments(world)).filter(
      (one) => one.type === 'SalesOrd' && ['D', 'F', 'G'].includes(one.status),
    ).length;
  await until(
    'the warehouse has shipped',
    60,
    async () =>
      (await truthDocuments(world)).filter((one) => one.type === 'SalesOrd').length > count * 0.6 &&
      (await shipped()) > count * 0.5,
  );
  await until(
    'every shipment is proved',
    100,
    async () =>
      (await world.count(
        "SELECT count(*) FROM sync_records WHERE flow_id LIKE '%shipments%' AND state = 'done'",
      )) >
        count * 0.4 && (await open()) === 0,
  );
  const { items } = await world.get<{
    items: { id: string; reference: string; content: string; json: string }[];
  }>(`${world.amazon}/_sim/confirmations`);
  const contents = new Map<string, number>();
  for (const one of items) contents.set(one.content, (contents.get(one.content) ?? 0) + 1);
  const repeated = [...contents.values()].filter((times) => times > 1).length;
  const orders = new Map((await truthOrders(world)).map((order) => [order.orderId, order]));
  const hidden = items.filter(
    (one) => !orders.get(one.id)?.packages?.some((parcel) => parcel.packageReferenceId === one.reference),
  );
  // None before the warehouse has shipped (I5): each parcel's tracking number is one of NetSuite's.
  const shippedNumbers = new Set(
    (await shipments(world)).flatMap((one) => JSON.stringify(one).match(/[A-Z0-9]{8,}/g) ?? []),
  );
  const early = items.filter(
    (one) => !shippedNumbers.has((JSON.parse(one.json) as Confirmation).packageDetail.trackingNumber),
  );
  // Every shipped unit is told, none twice: per order item, what was told is what NetSuite has shipped.
  const told = new Map<string, number>();
  for (const one of new Map(items.map((item) => [`${item.id}/${item.reference}`, item])).values())
    for (const line of (JSON.parse(one.json) as Confirmation).packageDetail.orderItems)
      told.set(line.orderItemId, (told.get(line.orderItemId) ?? 0) + line.quantity);
  const over = [...orders.values()].flatMap((order) =>
    order.orderItems.filter((item) => (told.get(item.orderItemId) ?? 0) > item.quantityOrdered),
  );
  const forbidden = items.filter(
    (one) =>
      orders.get(one.id)?.kind === 'sfp' ||
      orders.get(one.id)?.kind === 'easy-ship' ||
      orders.get(one.id)?.fulfillment.fulfilledBy === 'AMAZON',
  );
  const parked = await world.query<{ code: string; n: string }>(
    "SELECT problem->>'code' AS code, count(*) AS n FROM sync_records WHERE flow_id LIKE '%shipments%' AND state = 'parked' GROUP BY 1",
  );
  console.log(
    `orders ${count}, confirmations ${items.length}, packages ${contents.size}, sent more than once ${repeated}, not shown by Amazon ${hidden.length}, of SFP, Easy Ship or FBA ${forbidden.length}, early ${early.length}; parked ${parked.map((row) => `${row.code} ${row.n}`).join(', ') || 'none'}`,
  );
  verdict('shipments-once', [
    ...(items.length === 0 ? ['nothing was confirmed'] : []),
    ...(repeated ? [`${repeated} packages were sent more than once`] : []),
    ...(hidden.length ? [`${hidden.length} confirmations are not on Amazon's orders`] : []),
    ...(early.length ? [`${early.length} confirmations of parcels that NetSuite has not shipped (I5)`] : []),
    ...(over.length ? [`${over.length} order items were told in more units than were ordered`] : []),
    ...(forbidden.length
      ? [`${forbidden.length} confirmations of orders that Amazon ships or labels itself`]
      : []),
    ...parked.map((row) => `${row.n} parked for ${row.code}`),
  ]);
} finally {
  await world.close();
}

interface Confirmation {
  readonly packageDetail: {
    readonly trackingNumber: string;
    readonly orderItems: readonly { readonly orderItemId: string; readonly quantity: number }[];
  };
}

async function shipments(of: ProofWorld): Promise<unknown[]> {
  const { items } = await of.get<{ items: { id: number; type: string }[] }>(
    `${of.netsuite}/_sim/transactions?limit=5000&after=0&type=ItemShip`,
  );
  return Promise.all(
    items
      .filter((one) => one.type === 'ItemShip')
      .map((one) => of.get(`${of.netsuite}/_sim/transactions/${one.id}`)),
  );
}
