// How is the console measured from outside? Crossdock's own server as a process, the owner's account made by its one-time
// link, a real Chromium.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';

const root = fileURLToPath(new URL('../..', import.meta.url));
const chromiumPath = '/usr/bin/chromium';

export interface Console {
  readonly origin: string;
  readonly browser: Browser;
  readonly context: BrowserContext;
  readonly page: Page;
  /** What went wrong inside the pages: uncaught errors. */
  readonly mistakes: string[];
  close(): Promise<void>;
}

export async function openConsole(options: {
  readonly env: NodeJS.ProcessEnv;
  readonly dataDir: string;
  readonly locale?: string;
}): Promise<Console> {
  const file = join(options.dataDir, 'first-run.json');
  rmSync(file, { force: true });
  const server = spawn(process.execPath, [join(root, 'src/main.ts'), 'serve', '--port', '0'], {
    env: options.env,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  for (let tries = 0; !existsSync(file); tries++) {
    if (tries > 900) throw new Error('The console did not start within 90 s.');
    await wait(100);
  }
  const { setupUrl } = JSON.parse(readFileSync(file, 'utf8')) as { setupUrl: string };
  const browser = await chromium.launch({
    executablePath: chromiumPath,
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
  });
  const context = await browser.newContext({
    viewport: { width: 1440, height: 900 },
    bypassCSP: true,
    locale: options.locale ?? 'en-US',
    timezoneId: 'UTC',
    reducedMotion: 'reduce',
  });
  const page = await context.newPage();
  const mistakes: string[] = [];
  page.on('pageerror', (error) => mistakes.push(error.message));
  await page.goto(setupUrl);
  await page.getByRole('textbox', { name: 'Name' }).fill('Ada Owner');
  await page.getByRole('textbox', { name: 'E-mail' }).fill('ada@example.com');
  await page.locator('input[type=password]').fill('a long enough password');
  await page.keyboard.press('Enter');
  await page.getByRole('navigation').first().waitFor();
  return {
    origin: new URL(setupUrl).origin,
    browser,
    context,
    page,
    mistakes,
    async close() {
      await browser.close();
      const ended = new Promise((resolve) => server.once('exit', resolve));
      server.kill('SIGINT');
      await Promise.race([ended, wait(5_000)]);
      server.kill('SIGKILL');
    },
  };
}

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What axe finds on the page as it is now: rule, weight and the first place. */
export async function axeFindings(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe);
  const { violations } = (await page.evaluate('axe.run(document)')) as {
    violations: readonly { id: string; impact: string; nodes: readonly { html: string }[] }[];
  };
  return violations.map((one) => `${one.id} (${one.impact}): ${one.nodes[0]?.html.slice(0, 140)}`);
}
