#!/usr/bin/env node
// The command `crossdock`: finds a Node that is new enough and hands over to src/main.ts.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { nodeFlags } from './node-flags.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const brought = join(root, 'node_modules/.bin/node');
const done = spawnSync(
  existsSync(brought) ? brought : process.execPath,
  [...nodeFlags, join(root, 'src/main.ts'), ...process.argv.slice(2)],
  { stdio: 'inherit' },
);
process.exit(done.status ?? 1);
