// Writes docs/reference from the sources themselves; with --check only says which page is out of date.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { configurationPage } from './reference/configuration.ts';

const pages: Readonly<Record<string, () => string | Promise<string>>> = {
  'docs/reference/configuration.md': configurationPage,
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
