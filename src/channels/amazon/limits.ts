// How much does Amazon allow? Published default usage plans by operation; the real ones are learnt from answers.
import type { Limit } from '../../http/tools.ts';

export type AmazonBucket =
  | 'orders.search'
  | 'orders.get'
  | 'orders.confirmShipment'
  | 'reports.create'
  | 'reports.list'
  | 'reports.get'
  | 'reports.document'
  | 'feeds.createDocument'
  | 'feeds.create'
  | 'feeds.get'
  | 'feeds.document'
  | 'finances.transactions'
  | 'feeds.list'
  | 'listings.patch'
  | 'notifications.calls'
  | 'sellers.participations';

const rate = (perSecond: number, burst: number): Limit => ({ kind: 'rate', perSecond, burst });

/** Source: usage plan tables of the official models (orders 2026-01-01, orders v0, reports and feeds 2021-06-30, finances 2024-06-19, sellers v1). */
export const amazonLimits: Readonly<Record<AmazonBucket, Limit>> = {
  'orders.search': rate(0.0056, 20),
  'orders.get': rate(0.5, 30),
  'orders.confirmShipment': rate(2, 10),
  'reports.create': rate(0.0167, 15),
  'reports.list': rate(0.0222, 10),
  'reports.get': rate(2, 15),
  'reports.document': rate(0.0167, 15),
  'feeds.createDocument': rate(0.5, 15),
  'feeds.create': rate(0.0083, 15),
  'feeds.get': rate(2, 15),
  'feeds.document': rate(0.0222, 10),
  'finances.transactions': rate(0.5, 10),
  'feeds.list': rate(0.0222, 10),
  'listings.patch': rate(5, 5),
  // Every operation of Notifications v1 has this plan of its own; one bucket for all is the careful reading.
  'notifications.calls': rate(1, 5),
  'sellers.participations': rate(0.016, 15),
};
