// What does the page of flows say?
import type { Translated, Words } from './catalogue.ts';

export const en = {
  pause: 'Pause',
  resume: 'Resume',
  run: 'Run now',
  lastRun: 'Last run',
  nextRun: 'Next',
  task: 'Task',
} as const satisfies Words;

export const fr: Translated<typeof en> = {
  pause: 'Suspendre',
  resume: 'Reprendre',
  run: 'Lancer',
  lastRun: 'Dernier passage',
  nextRun: 'Prochain',
  task: 'Tâche',
};
