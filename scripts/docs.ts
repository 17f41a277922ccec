// Writes docs/reference from the sources themselves; with --check only says which page is out of date.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { apiPage } from './reference/api.ts';
import { cliPage } from './reference/cli.ts';
import { configurationPage } from './reference/configuration.ts';
import { errorsPage } from './reference/errors.ts';
import { flowsPage } from './reference/flows.ts';

const pages: Readonly<Record<string, () => string | Promise<string>>> = {
  'docs/reference/api.md': apiPage,
  'docs/reference/cli.md': cliPage,
  'docs/reference/configuration.md': configurationPage,
  'docs/reference/errors.md': errorsPage,
  'docs/reference/flows.md': flowsPage,
};

const stale: string[] = [];
for (const [path, make] of Object.entries(pages)) {
  const text = await make();
  if (existsSync(path) && readFileSync(path, 'utf8') === text) continue;
  stale.push(path);
  if (!process.argv.includes('--check')) writeFileSync(path, text);
}
if (process.argv.includes('--check') && stale.length > 0) {
  console.log(`Out of date: ${stale.join(', ')}. Run: npm run docs`);
  process.exit(1);
}
console.log(stale.length === 0 ? 'All reference pages are up to date.' : `Written: ${stale.join(', ')}`);
