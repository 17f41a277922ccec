// How is a sentence of the console written down? A text with {names}, or a text per plural form chosen by {count}. English
// is the source; another language that lacks a key, or puts a plain text where a plural stands, does not compile.

export interface Plural {
  readonly one: string;
  readonly other: string;
  /** French has a form for round millions (“1 000 000 de commandes”). */
  readonly many?: string;
}
export type Words = Readonly<Record<string, string | Plural>>;

/** The same keys and the same kinds of entries in another language. */
export type Translated<Source extends Words> = {
  readonly [Key in keyof Source]: Source[Key] extends string ? string : Plural;
};

type NamesIn<Text> = Text extends `${string}{${infer Name}}${infer Rest}` ? Name | NamesIn<Rest> : never;
/** The values that an entry needs: the names in its English text, and `count` for a plural. */
export type NamesOf<Entry> = Entry extends string
  ? NamesIn<Entry>
  : Entry extends Plural
    ? 'count' | NamesIn<Entry['one'] | Entry['other']>
    : never;

/** The text of an entry for a count, in the plural form that the language wants. */
export function formOf(entry: string | Plural, count: unknown, rules: Intl.PluralRules): string {
  if (typeof entry === 'string') return entry;
  const form = rules.select(Number(count));
  return form === 'one' ? entry.one : form === 'many' ? (entry.many ?? entry.other) : entry.other;
}

/** Splits “{count} orders” into its texts and names, in order. */
export const partsOf = (text: string): readonly { readonly text?: string; readonly name?: string }[] =>
  text
    .split(/(\{\w+\})/)
    .filter((part) => part !== '')
    .map((part) => (/^\{\w+\}$/.test(part) ? { name: part.slice(1, -1) } : { text: part }));
