// What does the overview say?
import type { Translated, Words } from './catalogue.ts';

export const en = {
  waiting: 'Waiting',
  moving: 'Moving',
  done: 'Done',
  parked: 'Parked',
  skipped: 'Skipped',
  today: 'today',
  all: 'all',
  saleToErp: 'Sale to NetSuite',
  median: 'median',
  atRisk: 'Shipments at risk',
  atRiskHint: 'to ship within 24 hours',
  causes: 'Parked by cause',
  health: 'Connections',
  ordersPerHour: 'Orders per hour',
  nothingParked: 'Nothing waits for you.',
  demo: 'This is the demo shop: a simulated Amazon and a simulated NetSuite, talking over real HTTP. Orders arrive every few seconds; open one to see every step.',
} as const satisfies Words;

export const fr: Translated<typeof en> = {
  waiting: 'En attente',
  moving: 'En cours',
  done: 'Terminés',
  parked: 'Bloqués',
  skipped: 'Ignorés',
  today: 'aujourd’hui',
  all: 'tous',
  saleToErp: 'De la vente à NetSuite',
  median: 'médiane',
  atRisk: 'Expéditions à risque',
  atRiskHint: 'à expédier sous 24 heures',
  causes: 'Bloqués par cause',
  health: 'Connexions',
  ordersPerHour: 'Commandes par heure',
  nothingParked: 'Rien ne vous attend.',
  demo: 'Ceci est la boutique de démonstration : un Amazon et un NetSuite simulés qui dialoguent en HTTP réel. Des commandes arrivent toutes les quelques secondes ; ouvrez-en une pour voir chaque étape.',
};
