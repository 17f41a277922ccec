// Makes docs/images from the demo: starts Crossdock, makes the owner's account, and photographs each page.
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { chromium } from 'playwright-core';

const out = process.argv[2] ?? 'docs/images';
const dataDir = mkdtempSync(join(tmpdir(), 'crossdock-shots-'));
mkdirSync(out, { recursive: true });
const app = spawn(process.execPath, ['src/main.ts', 'start', '--data', dataDir, '--port', '0'], {
  stdio: 'inherit',
});
try {
  let setupUrl = '';
  while (setupUrl === '') {
    await wait(300);
    try {
      setupUrl = (JSON.parse(readFileSync(join(dataDir, 'first-run.json'), 'utf8')) as { setupUrl: string })
        .setupUrl;
    } catch {
      // Not started yet.
    }
  }
  const browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
  });
  const page = await browser.newPage({ viewport: { width: 1280, height: 860 }, locale: 'en-GB' });
  page.on('pageerror', (error) => console.log(`page error: ${error.message}`));
  await page.goto(setupUrl);
  await page.getByRole('textbox', { name: 'Name' }).fill('Ada Owner');
  await page.getByRole('textbox', { name: 'E-mail' }).fill('ada@example.com');
  await page.locator('input[type=password]').fill('a long enough password');
  await page.screenshot({ path: join(out, 'setup.png') });
  await page.getByRole('button', { name: /owner/ }).click();
  await page.getByText('Sale to NetSuite').waitFor();
  await wait(15_000);
  await page.screenshot({ path: join(out, 'overview.png') });
  const origin = new URL(setupUrl).origin;
  for (const [name, path] of [
    ['records', '/records'],
    ['problems', '/problems'],
    ['flows', '/flows'],
    ['connections', '/connections'],
    ['import', '/import'],
  ] as const) {
    await page.goto(origin + path);
    await wait(900);
    await page.screenshot({ path: join(out, `${name}.png`) });
  }
  await page.goto(`${origin}/records?state=done&flow=amazon-demo%3Aorders.import`);
  await page.locator('[data-index="3"] a').first().click();
  await page.getByText('to the cent').nth(1).waitFor();
  await wait(900);
  await page.screenshot({ path: join(out, 'order.png'), fullPage: true });
  await page.evaluate(() => localStorage.setItem('crossdock.locale', 'fr'));
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto(origin);
  await wait(900);
  await page.screenshot({ path: join(out, 'overview-fr-phone.png') });
  await browser.close();
} finally {
  const ended = new Promise((resolve) => app.once('exit', resolve));
  app.kill('SIGINT');
  await ended;
  rmSync(dataDir, { recursive: true, force: true });
}
