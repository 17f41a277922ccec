// What does the console say? One file per area, English and French side by side; t('area.key', {…}) finds the sentence.
import { createElement, Fragment, type ReactNode } from 'react';
import { formOf, type NamesOf, type Plural, partsOf } from './catalogue.ts';
import * as connections from './connections.ts';
import { count } from './figures.ts';
import * as flows from './flows.ts';
import * as house from './house.ts';
import * as imports from './imports.ts';
import { type Language, language, locale } from './language.ts';
import * as lookups from './lookups.ts';
import * as mappings from './mappings.ts';
import * as overview from './overview.ts';
import * as problems from './problems.ts';
import * as record from './record.ts';
import * as records from './records.ts';
import * as settlements from './settlements.ts';
import * as setup from './setup.ts';
import * as shell from './shell.ts';
import * as states from './states.ts';
import * as stock from './stock.ts';

export * from './figures.ts';
export {
  chooseLanguage,
  type Language,
  language,
  languages,
  locale,
  timeZone,
  useLanguage,
} from './language.ts';

const areas = {
  connections,
  flows,
  house,
  imports,
  lookups,
  mappings,
  overview,
  problems,
  record,
  records,
  settlements,
  setup,
  shell,
  states,
  stock,
};
type Areas = typeof areas;
export type Key = {
  [Area in keyof Areas]: `${Area & string}.${keyof Areas[Area]['en'] & string}`;
}[keyof Areas];
type EntryOf<K extends Key> = K extends `${infer Area extends keyof Areas & string}.${infer Name}`
  ? Areas[Area]['en'][Name & keyof Areas[Area]['en']]
  : never;
type Values<K extends Key, Value> = [NamesOf<EntryOf<K>>] extends [never]
  ? []
  : [values: Readonly<Record<NamesOf<EntryOf<K>>, Value>>];

function entry(key: string, tongue: Language): string | Plural | undefined {
  const [area = '', name = ''] = key.split(/\.(.*)/s);
  return (areas as unknown as Record<string, Record<Language, Record<string, string | Plural>>>)[area]?.[
    tongue
  ]?.[name];
}

function textOf(key: string, values: Readonly<Record<string, unknown>> | undefined): string {
  const found = entry(key, language());
  return found === undefined ? key : formOf(found, values?.['count'], new Intl.PluralRules(locale()));
}

/** The sentence with its values put in; numbers are written as the reader writes them. */
export function t<K extends Key>(key: K, ...[values]: Values<K, string | number>): string {
  const given = values as Readonly<Record<string, string | number>> | undefined;
  const text = textOf(key, given);
  if (!given) return text;
  return partsOf(text)
    .map((part) => (part.name === undefined ? part.text : said(given[part.name])))
    .join('');
}
const said = (value: string | number | undefined): string =>
  typeof value === 'number' ? count(value) : (value ?? '');

/** The same with elements put in: a link or a figure inside a sentence. */
export function rich<K extends Key>(key: K, ...[values]: Values<K, ReactNode>): ReactNode {
  const given = values as Readonly<Record<string, ReactNode>> | undefined;
  return partsOf(textOf(key, given)).map((part, index) => {
    const value = part.name === undefined ? part.text : given?.[part.name];
    return createElement(Fragment, { key: index }, typeof value === 'number' ? count(value) : value);
  });
}

export const isKey = (key: string): key is Key => entry(key, 'en') !== undefined;

/** A state in the reader's language; a word that is not in the catalogue is shown as it came. */
export function tState(state: string): string {
  const key = `states.${state}`;
  return isKey(key) ? textOf(key, undefined) : state;
}

/** Every entry of both languages, for tests. */
export const catalogue: Readonly<
  Record<string, Readonly<Record<Language, Readonly<Record<string, string | Plural>>>>>
> = areas;
