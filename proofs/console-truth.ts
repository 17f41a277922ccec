// Every figure on an order's page, on the list and on the overview equals what the two simulated worlds say of themselves.
import type { Page } from 'playwright-core';
import { openConsole } from './console/browser.ts';
import {
  full,
  startWorld,
  type TruthDocument,
  type TruthOrder,
  truthDocuments,
  truthOrders,
  until,
  verdict,
} from './harness.ts';

const orders = full ? 400 : 60;
const checked = full ? 100 : 20;
const world = await startWorld({ shipments: true });
const failures: string[] = [];
let figures = 0;
const fail = (text: string) => failures.length < 40 && failures.push(text);

/** A figure as it stands on the page, in cents: “-US$26.97” → -2697. Digits, point and sign only. */
const cents = (text: string): number | undefined => {
  const plain = text.replace(/[^\d.\-−]/g, '').replace('−', '-');
  return /\d/.test(plain) ? Math.round(Number(plain) * 100) : undefined;
};
const exact = (text: string | undefined): number => Math.round(Number(text ?? '0') * 100);
function expectFigure(what: string, shown: string, wanted: number | undefined): void {
  figures++;
  if (cents(shown) !== wanted)
    fail(`${what}: the page says “${shown}”, the world ${wanted === undefined ? 'nothing' : wanted / 100}`);
}
function expectText(what: string, shown: string, wanted: string): void {
  figures++;
  if (shown !== wanted) fail(`${what}: the page says “${shown}”, the world “${wanted}”`);
}

type Part = 'ITEM' | 'SHIPPING' | 'GIFT_WRAP' | 'DISCOUNT' | 'TAX';
type RawItem = Omit<TruthOrder['orderItems'][number], 'proceeds'> & {
  readonly proceeds?: {
    readonly breakdowns: readonly {
      readonly type: string;
      readonly subtotal: { readonly amount: string };
      readonly detailedBreakdowns?: readonly {
        readonly subtype: string;
        readonly value: { readonly amount: string };
      }[];
    }[];
  };
};
const partOf = (item: RawItem, type: Part, subtype?: string): number =>
  (item.proceeds?.breakdowns ?? [])
    .filter((one) => one.type === type)
    .reduce(
      (sum, one) =>
        sum +
        (subtype === undefined
          ? exact(one.subtotal.amount)
          : (one.detailedBreakdowns ?? [])
              .filter((detail) => detail.subtype === subtype)
              .reduce((part, detail) => part + exact(detail.value.amount), 0)),
      0,
    );

/** What Amazon's own document says under each key that the page shows; zero parts have no row. */
function amazonRows(order: TruthOrder): ReadonlyMap<string, number> {
  const items = order.orderItems as readonly RawItem[];
  const rows = new Map<string, number>();
  const put = (key: string, amount: number, always = false) => {
    if (always || amount !== 0) rows.set(key, amount);
  };
  // Where the item's price, its shipping and its discounts make the line's total already, the tax is inside them.
  const inside = order.salesChannel && (order.proceeds?.grandTotal?.currencyCode ?? '') === 'GBP';
  for (const item of items) {
    put(item.orderItemId, partOf(item, 'ITEM'), true);
    put(`${item.orderItemId}:discount`, partOf(item, 'DISCOUNT', 'ITEM'));
    put(`${item.orderItemId}:gift-wrap`, partOf(item, 'GIFT_WRAP'));
    if (!inside) put(`${item.orderItemId}:tax`, partOf(item, 'TAX'));
  }
  put(
    'order:shipping',
    items.reduce((sum, item) => sum + partOf(item, 'SHIPPING'), 0),
  );
  put(
    'order:shipping-discount',
    items.reduce((sum, item) => sum + partOf(item, 'DISCOUNT', 'SHIPPING'), 0),
  );
  return rows;
}

async function rowsOf(page: Page): Promise<ReadonlyMap<string, readonly string[]>> {
  const rows = (await page.evaluate(
    "[...document.querySelectorAll('tr[data-line]')].map((row) => [row.dataset.line, [...row.querySelectorAll('td')].map((cell) => cell.textContent ?? '')])",
  )) as readonly (readonly [string, readonly string[]])[];
  return new Map(rows);
}

async function checkOrder(
  page: Page,
  origin: string,
  id: string,
  order: TruthOrder,
  document: TruthDocument,
): Promise<void> {
  const at = order.orderId;
  await page.goto(`${origin}/records/${id}`);
  await page.locator('tr[data-line="total"]').waitFor();
  await page.getByText(/NetSuite read/).waitFor();
  const rows = await rowsOf(page);
  const wanted = amazonRows(order);
  const lines = new Map(
    document.lines.map((line) => [line.lineId ?? '', line as typeof line & { readonly amount: string }]),
  );
  for (const [key, amount] of wanted) {
    const row = rows.get(key);
    if (!row) {
      fail(`${at}: no row for ${key}`);
      continue;
    }
    expectFigure(`${at} ${key} at Amazon`, row[0]!, amount);
    const line = lines.get(key);
    if (line) {
      expectFigure(`${at} ${key} in NetSuite`, row[2]!, exact(line.amount));
      expectFigure(`${at} ${key} in Crossdock`, row[1]!, exact(line.amount));
    } else expectFigure(`${at} ${key} in NetSuite`, row[2]!, undefined);
  }
  for (const key of rows.keys())
    if (!wanted.has(key) && !['total', 'kept', 'proof'].includes(key))
      fail(`${at}: a row ${key} that Amazon does not have`);
  const total = rows.get('total')!;
  const kept = order.orderItems.reduce(
    (sum, item) =>
      sum +
      (item.tax?.taxCollections?.length && wanted.has(`${item.orderItemId}:tax`)
        ? partOf(item as RawItem, 'TAX')
        : 0),
    0,
  );
  expectFigure(`${at} total at Amazon`, total[0]!, exact(order.proceeds?.grandTotal?.amount));
  expectFigure(`${at} total in NetSuite`, total[2]!, exact(document.foreigntotal));
  if (kept !== 0) expectFigure(`${at} tax that Amazon keeps`, rows.get('kept')?.[0] ?? '', -kept);
  expectFigure(
    `${at} to be booked`,
    rows.get('proof')![0]!,
    exact(order.proceeds?.grandTotal?.amount) - kept,
  );
  const facts = (await page.evaluate(
    "Object.fromEntries([...document.querySelectorAll('.cd-facts dt')].map((name) => [name.textContent, name.nextElementSibling.textContent]))",
  )) as Readonly<Record<string, string>>;
  expectText(`${at} order id`, facts['Order id'] ?? '', order.orderId);
  expectText(`${at} external id`, facts['externalId'] ?? '', document.externalid ?? '');
  expectText(
    `${at} NetSuite id`,
    facts[{ SalesOrd: 'Sales order', CashSale: 'Cash sale', CustInvc: 'Invoice' }[document.type] ?? ''] ?? '',
    String(document.id),
  );
  expectFigure(
    `${at} total among the facts`,
    facts['Total at Amazon'] ?? '',
    exact(order.proceeds?.grandTotal?.amount),
  );
  expectText(
    `${at} placed`,
    facts['Placed'] ?? '',
    new Intl.DateTimeFormat('en-US', { dateStyle: 'medium', timeStyle: 'short', timeZone: 'UTC' }).format(
      new Date(order.createdTime),
    ),
  );
}

const number = (text: string | null): number => Number((text ?? '').replace(/[^\d]/g, ''));

async function checkLists(
  page: Page,
  origin: string,
  truth: readonly TruthOrder[],
  documents: readonly TruthDocument[],
): Promise<void> {
  await page.goto(`${origin}/records?flow=amazon-proof%3Aorders.import`);
  await page
    .getByText(/^[\d,]+ records?$/)
    .first()
    .waitFor();
  const known = truth.length;
  figures++;
  const counted = number(
    await page
      .getByText(/^[\d,]+ records?$/)
      .first()
      .textContent(),
  );
  if (counted !== known) fail(`the list counts ${counted} records, Amazon has ${known} orders`);
  await page.goto(`${origin}/`);
  await page.locator('.cd-figure-value').first().waitFor();
  const midnight = new Date(world.now());
  midnight.setUTCHours(0, 0, 0, 0);
  const today = truth.filter((order) => new Date(order.createdTime) >= midnight).length;
  figures++;
  const shown = number(await page.locator('.cd-figure-value').first().textContent());
  if (shown !== today) fail(`the overview says ${shown} orders today, Amazon ${today}`);
  const confirmed = number(
    await page
      .getByRole('row', { name: /Orders to NetSuite/ })
      .getByRole('cell')
      .last()
      .textContent(),
  );
  figures++;
  const wanted = new Set(documents.map((document) => document.otherrefnum)).size;
  if (confirmed !== wanted)
    fail(`the overview says ${confirmed} orders done, NetSuite has documents of ${wanted}`);
}

const began = Date.now();
const said = (what: string) => console.log(`  ${((Date.now() - began) / 1000).toFixed(1)} s ${what}`);
try {
  await world.post(`${world.amazon}/_sim/generate`, { count: orders, spreadHours: 20 });
  const worker = await world.worker();
  const moving = () =>
    world.count(
      "SELECT count(*) FROM sync_records WHERE state IN ('queued', 'running', 'waiting', 'verifying')",
    );
  await until(
    'every order came in',
    120,
    async () =>
      (await world.count("SELECT count(*) FROM sync_records WHERE flow_id LIKE '%orders.import'")) >=
        orders && (await moving()) === 0,
  );
  said('every order came in');
  // The worlds stand still while they are compared.
  worker.kill('SIGKILL');
  const [truth, documents] = [await truthOrders(world), await truthDocuments(world)];
  const byOrder = new Map(truth.map((order) => [order.orderId, order]));
  const records = await world.query<{ id: string; key: string }>(
    "SELECT id::text, key FROM sync_records WHERE flow_id LIKE '%orders.import' AND state = 'done' AND remote_id IS NOT NULL ORDER BY md5(key)",
  );
  const app = await openConsole({ env: world.env, dataDir: world.dataDir });
  said('the console is open');
  try {
    const sample = records.slice(0, checked);
    for (const { id, key } of sample) {
      const order = byOrder.get(key);
      const document = documents.find((one) => one.otherrefnum === key);
      if (!order || !document) {
        fail(`${key}: Amazon or NetSuite does not have it`);
        continue;
      }
      await checkOrder(app.page, app.origin, id, order, document);
    }
    await checkLists(app.page, app.origin, truth, documents);
    said('compared');
    console.log(`${sample.length} orders opened, ${figures} figures compared, ${failures.length} differ`);
    if (sample.length < checked) fail(`only ${sample.length} of ${checked} orders could be opened`);
    failures.push(...app.mistakes.map((one) => `error in a page: ${one}`));
  } finally {
    await app.close();
  }
} finally {
  await world.close();
}
verdict('console-truth', failures);
