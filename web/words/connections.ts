// What does the page of connections say?
import type { Translated, Words } from './catalogue.ts';

export const en = {
  test: 'Test connection',
  works: 'The connection works.',
  pause: 'Pause',
  resume: 'Resume',
} as const satisfies Words;

export const fr: Translated<typeof en> = {
  test: 'Tester la connexion',
  works: 'La connexion fonctionne.',
  pause: 'Suspendre',
  resume: 'Reprendre',
};
