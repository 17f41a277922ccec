// axe finds nothing on any page or state in both themes; every page works by keyboard, at 360 pixels and at 400 % zoom.
import type { Page } from 'playwright-core';
import { axeFindings, openConsole } from './console/browser.ts';
import { full, startWorld, until, verdict } from './harness.ts';

const orders = full ? 300 : 40;
const world = await startWorld({ shipments: true });
const failures: string[] = [];
let looked = 0;

interface State {
  readonly name: string;
  readonly path: string;
  /** What must stand there before one looks. */
  readonly see: string;
  readonly make?: (page: Page) => Promise<void>;
}
const button = (name: string | RegExp) => (page: Page) => page.getByRole('button', { name }).first().click();
const key = (keys: string) => (page: Page) => page.keyboard.press(keys);

const pages = (done: string, parked: string): readonly State[] => [
  { name: 'overview', path: '/', see: '.cd-figure-value' },
  { name: 'records', path: '/records', see: '[data-index="0"]' },
  { name: 'an order, done', path: `/records/${done}`, see: 'tr[data-line="proof"]' },
  { name: 'an order, parked', path: `/records/${parked}?state=parked`, see: '.cd-problem' },
  { name: 'problems', path: '/problems', see: 'main h1' },
  { name: 'import', path: '/import', see: 'main h1' },
  { name: 'flows', path: '/flows', see: 'main h1' },
  { name: 'connections', path: '/connections', see: 'main h1' },
];
const states = (done: string): readonly State[] => [
  { name: 'overview as a table', path: '/', see: '.cd-figure-value', make: button(/Show as table/) },
  { name: 'no record fits', path: '/records?q=000-0', see: '.cd-empty' },
  {
    name: 'filters',
    path: '/records?marketplace=ATVPDKIKX0DER&state=done,parked',
    see: '[data-index="0"]',
    make: button('Filters'),
  },
  { name: 'columns', path: '/records', see: '[data-index="0"]', make: button('Columns') },
  {
    name: 'a selection',
    path: '/records',
    see: '[data-index="0"]',
    make: async (page) => {
      await page.keyboard.press('j');
      await page.keyboard.press('x');
      await page.getByText('1 selected').waitFor();
    },
  },
  {
    name: 'skip asks first',
    path: '/records?state=parked',
    see: '[data-index="0"]',
    make: async (page) => {
      await page.keyboard.press('a');
      await button('Skip')(page);
      await page.getByRole('dialog').waitFor();
    },
  },
  { name: 'save a view', path: '/records?q=1', see: '.cd-records', make: button('Save view') },
  { name: 'palette', path: '/', see: '.cd-figure-value', make: key('Control+k') },
  { name: 'shortcuts', path: '/', see: '.cd-figure-value', make: key('?') },
  { name: 'account menu', path: '/', see: '.cd-figure-value', make: button('Ada Owner') },
  {
    name: 'buyer data asks first',
    path: `/records/${done}`,
    see: 'tr[data-line="proof"]',
    make: button(/Show buyer/),
  },
  {
    name: 'a request opened',
    path: `/records/${done}`,
    see: '.cd-timeline-open',
    make: (page) => page.locator('.cd-timeline-open').first().click(),
  },
  { name: 'an address that does not exist', path: '/nothing', see: 'main h1' },
  {
    name: 'the server is away',
    path: '/',
    see: '.cd-figure-value',
    make: async (page) => {
      await page.route('**/api/v1/records**', (route) => route.abort());
      await page.getByRole('link', { name: 'Records', exact: true }).click();
      await page.getByRole('alert').waitFor();
      await page.unroute('**/api/v1/records**');
    },
  },
  {
    name: 'while it loads',
    path: '/',
    see: '.cd-figure-value',
    make: async (page) => {
      await page.route('**/api/v1/records?**', () => undefined);
      await page.getByRole('link', { name: 'Records', exact: true }).click();
      await page.getByRole('heading', { name: 'Records' }).waitFor();
      await page.waitForTimeout(300);
      await page.unroute('**/api/v1/records?**');
    },
  },
];

async function show(page: Page, origin: string, state: State): Promise<void> {
  await page.evaluate("localStorage.removeItem('crossdock.hours')");
  await page.goto(origin + state.path);
  await page.locator(state.see).first().waitFor();
  await state.make?.(page);
  await page.waitForTimeout(250);
}

async function look(page: Page, name: string): Promise<void> {
  looked++;
  for (const one of await axeFindings(page)) failures.push(`${name}: ${one}`);
}

/** Nothing may stand beyond the page's edge unless its own box scrolls, and the page itself never scrolls sideways. */
const beyondEdge = `(() => {
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth > width) return ['the page is ' + document.documentElement.scrollWidth + ' px wide'];
  const scrolls = (element) => {
    for (let one = element.parentElement; one; one = one.parentElement)
      if (/auto|scroll|hidden|clip/.test(getComputedStyle(one).overflowX) && one !== document.body && one !== document.documentElement) return true;
    return false;
  };
  return [...document.querySelectorAll('main a, main button, main input, main p, main h1, main h2, main td, main dd')]
    .filter((one) => { const box = one.getBoundingClientRect(); return box.width > 0 && box.right > width + 1 && !scrolls(one); })
    .slice(0, 3).map((one) => one.outerHTML.slice(0, 100));
})()`;

/** Texts and controls of the page that lie on each other, though neither holds the other. */
const overlaps = `(() => {
  // What its own scrolling box hides does not lie on anything.
  const inSight = (element, box) => {
    for (let one = element.parentElement; one && one !== document.body; one = one.parentElement) {
      if (!/auto|scroll|hidden|clip/.test(getComputedStyle(one).overflowY + getComputedStyle(one).overflowX)) continue;
      const outer = one.getBoundingClientRect();
      const x = (box.left + box.right) / 2, y = (box.top + box.bottom) / 2;
      if (x < outer.left || x > outer.right || y < outer.top || y > outer.bottom) return false;
    }
    return true;
  };
  const parts = [...document.querySelectorAll('main button, main a, main input:not([type=checkbox]), main h1, main h2, main dt, main dd')]
    .map((element) => ({ element, box: element.getBoundingClientRect() }))
    .filter(({ element, box }) => box.width > 1 && box.height > 1 && inSight(element, box) && !element.closest('[aria-hidden=true], .cd-bulk, .cd-chart') && getComputedStyle(element).visibility !== 'hidden');
  const found = [];
  for (let a = 0; a < parts.length; a++)
    for (let b = a + 1; b < parts.length; b++) {
      const one = parts[a], two = parts[b];
      if (one.element.contains(two.element) || two.element.contains(one.element)) continue;
      if (one.element.closest('[role=row], label, .mantine-InputWrapper-root, .mantine-TextInput-root') === two.element.closest('[role=row], label, .mantine-InputWrapper-root, .mantine-TextInput-root') && one.element.closest('[role=row], label, .mantine-InputWrapper-root, .mantine-TextInput-root')) continue;
      const wide = Math.min(one.box.right, two.box.right) - Math.max(one.box.left, two.box.left);
      const high = Math.min(one.box.bottom, two.box.bottom) - Math.max(one.box.top, two.box.top);
      if (wide > 3 && high > 3) found.push(one.element.outerHTML.slice(0, 70) + ' on ' + two.element.outerHTML.slice(0, 70));
    }
  return found.slice(0, 3);
})()`;

async function narrow(page: Page, origin: string, state: State, width: number): Promise<void> {
  await page.setViewportSize({ width, height: width === 320 ? 256 : 740 });
  await show(page, origin, state);
  looked++;
  for (const what of (await page.evaluate(beyondEdge)) as string[])
    failures.push(`${state.name} at ${width} px: ${what}`);
  for (const what of (await page.evaluate(overlaps)) as string[])
    failures.push(`${state.name} at ${width} px: ${what}`);
  if (full) await look(page, `${state.name} at ${width} px`);
}

/** Walks a page with the Tab key: first the skip link, then what stands in the document's order, each seen and named. */
async function walk(page: Page, origin: string, state: State): Promise<number> {
  await show(page, origin, state);
  const seen: string[] = [];
  let place = -1;
  for (let step = 0; step < 60; step++) {
    await page.keyboard.press('Tab');
    const at = (await page.evaluate(`(() => {
      const one = document.activeElement;
      if (!one || one === document.body) return null;
      const all = [...document.querySelectorAll('*')];
      const look = (element) => { const style = getComputedStyle(element); return [style.outlineStyle !== 'none' && style.outlineWidth, style.boxShadow, style.borderColor].join('|'); };
      const near = [one, one.parentElement, one.closest('.mantine-Input-wrapper')].filter(Boolean);
      const on = near.map(look).join();
      one.blur();
      const off = near.map(look).join();
      one.focus();
      const name = one.getAttribute('aria-label') || one.textContent.trim() || one.labels?.[0]?.textContent || one.placeholder || '';
      return { place: all.indexOf(one), shown: on !== off, name, html: one.outerHTML.slice(0, 90), skip: one.classList.contains('cd-skip') };
    })()`)) as { place: number; shown: boolean; name: string; html: string; skip: boolean } | null;
    if (at === null) break;
    if (step === 0 && !at.skip)
      failures.push(`${state.name}: the first stop is not “Skip to content” but ${at.html}`);
    if (at.place < place) break;
    place = at.place;
    if (!at.shown) failures.push(`${state.name}: the focus is not seen on ${at.html}`);
    if (at.name === '') failures.push(`${state.name}: no name: ${at.html}`);
    seen.push(at.name);
  }
  if (seen.length < 8) failures.push(`${state.name}: only ${seen.length} stops by Tab`);
  return seen.length;
}

try {
  // Without its aliases the shop has orders of which NetSuite does not know the item: some are parked for certain.
  await world.query("DELETE FROM lookups WHERE name = 'item-alias'");
  await world.post(`${world.amazon}/_sim/generate`, { count: orders, spreadHours: 20 });
  const worker = await world.worker();
  await until(
    'every order came in',
    120,
    async () =>
      (await world.count("SELECT count(*) FROM sync_records WHERE flow_id LIKE '%orders.import'")) >=
        orders &&
      (await world.count(
        "SELECT count(*) FROM sync_records WHERE state IN ('queued', 'running', 'waiting', 'verifying')",
      )) === 0,
  );
  worker.kill('SIGKILL');
  const idOf = async (state: string) =>
    (
      await world.query<{ id: string }>(
        `SELECT id::text FROM sync_records WHERE flow_id LIKE '%orders.import' AND state = '${state}' ORDER BY id LIMIT 1`,
      )
    )[0]?.id;
  const done = await idOf('done');
  const parked = await idOf('parked');
  if (!done || !parked) throw new Error('The world made no parked or no done order.');
  const app = await openConsole({ env: world.env, dataDir: world.dataDir });
  try {
    const { page, origin } = app;
    const all = pages(done, parked);
    for (const [index, theme] of ['light', 'dark'].entries()) {
      await page.evaluate(`localStorage.setItem('mantine-color-scheme-value', '${theme}')`);
      // The quick form looks at every page in both themes and at each further state in one of them.
      const further = states(done).filter((_, place) => full || place % 2 === index);
      for (const state of [...all, ...further]) {
        await show(page, origin, state);
        await look(page, `${state.name}, ${theme}`);
      }
      console.log(`${theme}: ${all.length + further.length} pages and states looked at`);
    }
    let stops = 0;
    const walked = full ? all : all.slice(0, 4);
    for (const state of walked) stops += await walk(page, origin, state);
    console.log(`keyboard: ${stops} stops on ${walked.length} pages`);
    for (const width of full ? [360, 320] : [320])
      for (const state of all) await narrow(page, origin, state, width);
    console.log(
      `${all.length} pages ${full ? 'at 360 px and ' : ''}at 400 % zoom of 1280 × 1024 (320 × 256)`,
    );
    await page.setViewportSize({ width: 1440, height: 900 });
    await page.goto(origin);
    await button('Ada Owner')(page);
    await button('Sign out')(page);
    await page.getByRole('button', { name: 'Sign in' }).waitFor();
    await look(page, 'the door');
    failures.push(...app.mistakes.map((one) => `error in a page: ${one}`));
  } finally {
    await app.close();
  }
} finally {
  await world.close();
}
console.log(`${looked} looks, ${failures.length} findings`);
verdict('console-access', failures);
