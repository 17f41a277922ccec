// What does the page for importing orders by hand say?
import type { Translated, Words } from './catalogue.ts';

export const en = {
  paste: 'Paste an order document (JSON) or drop a file',
  preview: 'Preview',
  importNow: 'Import',
} as const satisfies Words;

export const fr: Translated<typeof en> = {
  paste: 'Collez un document de commande (JSON) ou déposez un fichier',
  preview: 'Aperçu',
  importNow: 'Importer',
};
