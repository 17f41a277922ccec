// Does the console show what happens, in both languages, without a mistake a screen reader or keyboard would stumble over?
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { type Browser, chromium, type Page } from 'playwright-core';

const chromiumPath = '/usr/bin/chromium';
const skip =
  process.env['CROSSDOCK_NO_BROWSER'] || !existsSync(chromiumPath)
    ? 'There is no Chromium here.'
    : !existsSync('dist/web/index.html')
      ? 'The console is not built.'
      : false;
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

describe('the console', { skip }, () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'crossdock-browser-'));
  const mistakes: string[] = [];
  let app: ChildProcess;
  let browser: Browser;
  let page: Page;
  let origin = '';

  before(async () => {
    const { DATABASE_URL: _unused, ...env } = process.env;
    app = spawn(process.execPath, ['src/main.ts', 'start', '--data', dataDir, '--port', '0'], {
      env,
      stdio: 'ignore',
    });
    const file = join(dataDir, 'first-run.json');
    for (let tries = 0; !existsSync(file) && tries < 600; tries++) await wait(100);
    const { setupUrl } = JSON.parse(readFileSync(file, 'utf8')) as { setupUrl: string };
    origin = new URL(setupUrl).origin;
    browser = await chromium.launch({
      executablePath: chromiumPath,
      args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
    });
    page = await browser.newPage({
      viewport: { width: 1280, height: 860 },
      bypassCSP: true,
      locale: 'en-GB',
    });
    page.on('pageerror', (error) => mistakes.push(error.message));
    await page.goto(setupUrl);
    await page.getByRole('textbox', { name: 'Name' }).fill('Ada Owner');
    await page.getByRole('textbox', { name: 'E-mail' }).fill('ada@example.com');
    await page.locator('input[type=password]').fill('a long enough password');
    await page.keyboard.press('Enter');
    await page.getByText('Sale to NetSuite').waitFor();
  });
  after(async () => {
    await browser?.close();
    if (app) {
      const ended = new Promise((resolve) => app.once('exit', resolve));
      app.kill('SIGINT');
      await ended;
    }
    rmSync(dataDir, { recursive: true, force: true });
  });

  async function findings(): Promise<string[]> {
    await page.evaluate(axe);
    const result = (await page.evaluate("axe.run(document, { runOnly: ['wcag2a', 'wcag2aa'] })")) as {
      violations: { id: string; impact: string; nodes: { html: string }[] }[];
    };
    return result.violations.map((one) => `${one.id} (${one.impact}): ${one.nodes[0]?.html.slice(0, 160)}`);
  }

  test('orders appear by themselves and one opens with its stations and its sum', async () => {
    await page.goto(`${origin}/records?state=done&flow=amazon-demo%3Aorders.import`);
    await page.getByRole('row').nth(1).getByRole('link').click();
    await page.locator('dt', { hasText: 'externalId' }).waitFor();
    await page.getByRole('list', { name: 'Stations' }).waitFor();
    const proof = page.locator('tr[data-line="proof"]');
    await proof.waitFor();
    await proof.getByText('to the cent').nth(1).waitFor();
    assert.deepEqual(await findings(), []);
  });

  for (const [locale, word] of [
    ['en', 'Problems'],
    ['fr', 'Problèmes'],
  ] as const)
    test(`every page speaks ${locale} and axe finds nothing`, async () => {
      await page.evaluate(`localStorage.setItem('crossdock.locale', '${locale}')`);
      for (const path of ['/', '/records', '/problems', '/flows', '/connections', '/import']) {
        await page.goto(origin + path);
        await page.getByRole('link', { name: word, exact: true }).waitFor();
        await wait(400);
        assert.deepEqual(await findings(), [], `${locale} ${path}`);
      }
    });

  test('it fits a phone of 360 pixels', async () => {
    await page.setViewportSize({ width: 360, height: 740 });
    for (const path of ['/', '/problems']) {
      await page.goto(origin + path);
      await wait(400);
      const wide = await page.evaluate('document.documentElement.scrollWidth');
      assert.ok(Number(wide) <= 360, `${path} is ${wide} px wide`);
    }
    assert.deepEqual(mistakes, []);
  });
});
