// What does the list of records say?
import type { Translated, Words } from './catalogue.ts';

export const en = {
  search: 'Search by any id',
  state: 'State',
  order: 'Order',
  total: 'Total',
  document: 'Document',
  updated: 'Updated',
  reason: 'Reason',
  retry: 'Retry',
  skip: 'Skip',
  retryAll: 'Retry all',
} as const satisfies Words;

export const fr: Translated<typeof en> = {
  search: 'Chercher par n’importe quel identifiant',
  state: 'État',
  order: 'Commande',
  total: 'Total',
  document: 'Document',
  updated: 'Mis à jour',
  reason: 'Raison',
  retry: 'Réessayer',
  skip: 'Ignorer',
  retryAll: 'Tout réessayer',
};
