// What is the French of an English sentence of the server? Found by its pattern; its values are put into the French one.
import { sentences } from './index.ts';

interface Pattern {
  readonly shape: RegExp;
  readonly names: readonly string[];
  readonly fr: string;
  /** Letters that are not values. */
  readonly words: number;
}

let patterns: ReadonlyMap<string, readonly Pattern[]> | undefined;

/** “NetSuite has no item “{sku}”.” as a pattern that finds the SKU again. */
function patternOf(en: string, fr: string): Pattern {
  const names = [...en.matchAll(/\{(\w+)\}/g)].map((match) => match[1]!);
  const shape = en
    .split(/\{\w+\}/)
    .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
    .join('([\\s\\S]*?)');
  return { shape: new RegExp(`^${shape}$`), names, fr, words: en.replace(/\{\w+\}/g, '').length };
}

/** Patterns by their first word: a sentence is tried against a handful, not all. */
function byFirstWord(): ReadonlyMap<string, readonly Pattern[]> {
  if (patterns) return patterns;
  const made = new Map<string, Pattern[]>();
  for (const [en, fr] of sentences) {
    const word = firstWord(en);
    made.set(word, [...(made.get(word) ?? []), patternOf(en, fr)]);
  }
  // The one with more words of its own is the more exact.
  for (const list of made.values()) list.sort((a, b) => b.words - a.words);
  patterns = made;
  return made;
}
const firstWord = (text: string): string => (/^[^\s{“]+(?=\s|$)/.exec(text)?.[0] ?? '') || '{';

function french(sentence: string): string | undefined {
  const known = byFirstWord();
  for (const pattern of [...(known.get(firstWord(sentence)) ?? []), ...(known.get('{') ?? [])]) {
    const found = pattern.shape.exec(sentence);
    if (!found) continue;
    const values = new Map(pattern.names.map((name, index) => [name, found[index + 1] ?? '']));
    return pattern.fr.replace(/\{(\w+)\}/g, (_all, name: string) => inner(values.get(name) ?? ''));
  }
  return undefined;
}

/** A value may be a sentence of ours itself (“NetSuite says: …” stays as NetSuite said it). */
const inner = (value: string): string =>
  /^[A-Z“]/.test(value) && value.includes(' ') ? (french(value) ?? value) : value;

/** Several sentences in one text are read one by one. */
export function whole(text: string): string | undefined {
  const direct = french(text);
  if (direct !== undefined) return direct;
  const parts = text.split(/(?<=[.!?]) (?=[A-Z“])/);
  if (parts.length < 2) return undefined;
  const said = parts.map(french);
  return said.every((part) => part !== undefined) ? said.join(' ') : undefined;
}
