// What does the address say about the list of records? Filter words as the API knows them, and the columns to show.
import type { UrlValues } from '../../parts/url.ts';

/** Words that choose records; `columns` only chooses what is shown of them. */
export const filterNames = [
  'q',
  'state',
  'flow',
  'marketplace',
  'fulfilledBy',
  'label',
  'placedFrom',
  'placedTo',
  'doneFrom',
  'doneTo',
  'problem',
  'atRisk',
  'overdue',
  'sort',
] as const;
export type FilterName = (typeof filterNames)[number];
export type Filter = Readonly<Partial<Record<FilterName, string>>>;

export const filterOf = (values: UrlValues): Filter =>
  Object.fromEntries(filterNames.flatMap((name) => (values[name] ? [[name, values[name]]] : [])));

/** The address's part after the question mark, in one order whatever was clicked first: two equal views are one. */
export const queryOf = (filter: Filter, columns: string | undefined): string =>
  new URLSearchParams([
    ...filterNames.flatMap((name) => (filter[name] ? [[name, filter[name]] as [string, string]] : [])),
    ...(columns ? [['columns', columns] as [string, string]] : []),
  ]).toString();

/** Every known name emptied: to replace the address's filter by another. */
export const nothing: UrlValues = Object.fromEntries(
  [...filterNames, 'columns'].map((name) => [name, undefined]),
);

export const states = [
  'queued',
  'running',
  'waiting',
  'verifying',
  'pending',
  'parked',
  'done',
  'skipped',
] as const;
export const labels = [
  'business',
  'gift',
  'replacement',
  'seller-fulfilled-prime',
  'cancellation-requested',
] as const;
