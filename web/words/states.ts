// What are the states of records, flows and connections called?
import type { Translated, Words } from './catalogue.ts';

export const en = {
  open: 'open',
  ignored: 'ignored',
  resolved: 'resolved',
  queued: 'queued',
  running: 'running',
  waiting: 'waiting',
  verifying: 'looking it up',
  pending: 'waiting for proof',
  done: 'done',
  parked: 'parked',
  skipped: 'skipped',
  active: 'active',
  paused: 'paused',
  broken: 'broken',
} as const satisfies Words;

export const fr: Translated<typeof en> = {
  open: 'ouvert',
  ignored: 'ignoré',
  resolved: 'résolu',
  queued: 'en file',
  running: 'en cours',
  waiting: 'en attente',
  verifying: 'en vérification',
  pending: 'en attente de preuve',
  done: 'terminé',
  parked: 'bloqué',
  skipped: 'ignoré',
  active: 'active',
  paused: 'suspendue',
  broken: 'en panne',
};
