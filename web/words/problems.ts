// What do the pages of problems say?
import type { Translated, Words } from './catalogue.ts';

export const en = {
  addAlias: 'Item in NetSuite for this SKU',
  save: 'Save and retry',
  ignore: 'Ignore',
  resolve: 'Done',
  seen: 'Records',
  openProblems: 'Open',
  ignored: 'Ignored',
  resolved: 'Resolved',
  units: 'Units',
  retryAll: 'Retry all',
  nothingParked: 'Nothing waits for you.',
  state: 'State',
} as const satisfies Words;

export const fr: Translated<typeof en> = {
  addAlias: 'Article NetSuite pour ce SKU',
  save: 'Enregistrer et réessayer',
  ignore: 'Ignorer',
  resolve: 'Fait',
  seen: 'Enregistrements',
  openProblems: 'Ouverts',
  ignored: 'Ignorés',
  resolved: 'Résolus',
  units: 'Unités',
  retryAll: 'Tout réessayer',
  nothingParked: 'Rien ne vous attend.',
  state: 'État',
};
