import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { mayMove, type RecordState, transitions } from './states.ts';

const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8');
const states = Object.keys(transitions) as RecordState[];

test('code, database and picture show the same states and moves', () => {
  const check = /sync_records \([\s\S]*?state text NOT NULL CHECK \(state IN \(([^)]*)\)/.exec(
    read('../db/migrations/0001-first.sql'),
  )![1]!;
  assert.deepEqual([...check.matchAll(/'(\w+)'/g)].map(([, state]) => state).sort(), [...states].sort());
  const page = read('../../docs/concepts/record-states.md');
  const drawn = [...page.matchAll(/^ {2}(\w+) --> (\w+)$/gm)].map(([, from, to]) => `${from} ${to}`);
  const listed = states.flatMap((from) => transitions[from].map((to) => `${from} ${to}`));
  assert.deepEqual(drawn.sort(), listed.sort());
  for (const state of states) assert.match(page, new RegExp(`^\\| ${state} *\\|`, 'm'));
});

test('a record leaves every state, and a lost answer is never simply done', () => {
  for (const state of states) assert.ok(transitions[state].length > 0, state);
  assert.ok(!mayMove('verifying', 'done'));
  assert.ok(!mayMove('queued', 'done'));
  assert.ok(mayMove('running', 'verifying'));
});
