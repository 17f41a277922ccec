// What does this line mean? A total function: every line gets one class, or `undefined` for words nobody has mapped – and
// then a suggestion from the most similar known words. The owner's rules come first, then the shipped ones; among each the
// most specific (features.md 5.2).
import type { RowKind } from '../core/settlement.ts';
import type { RowClass } from './classes.ts';
import { defaultRules, type Rule } from './default-rules.ts';

/** Case, blanks and underscores differ from file to file: `FBA_Inventory Storage-Fee` and `FBAINVENTORYSTORAGE-FEE` are one. */
export const plainWords = (text: string): string => text.toLowerCase().replace(/[\s_]+/g, '');

export interface Classification {
  readonly class: RowClass;
  readonly rule: Rule;
  readonly by: 'owner' | 'default';
}

export interface Classifier {
  classify(kind: RowKind): Classification | undefined;
  /** The classes of the most similar known words, best first. */
  suggest(
    kind: RowKind,
  ): readonly { readonly class: RowClass; readonly like: string; readonly likeness: number }[];
}

interface Compiled {
  readonly rule: Rule;
  readonly by: 'owner' | 'default';
  readonly cells: readonly RegExp[];
  readonly rank: number;
}

export function makeClassifier(channel: string, ownerRules: readonly Rule[]): Classifier {
  const rules = [
    ...ownerRules.map((rule) => compile(rule, 'owner')),
    ...defaultRules.map((rule) => compile(rule, 'default')),
  ].sort((a, b) => b.rank - a.rank);
  const known = new Map<string, Classification | undefined>();
  const classify = (kind: RowKind): Classification | undefined => {
    const words = [
      plainWords(kind.amountDescription),
      plainWords(kind.amountType),
      plainWords(kind.transactionType),
      plainWords(kind.marketplaceName),
      plainWords(channel),
    ];
    const key = words.join('\t');
    if (known.has(key)) return known.get(key);
    // “x - Reversal” undoes an x and belongs where x belongs.
    const match =
      rules.find(({ cells }) => cells.every((cell, index) => cell.test(words[index]!))) ??
      (words[2]!.endsWith('-reversal')
        ? rules.find(({ cells }) =>
            cells.every((cell, index) =>
              cell.test(index === 2 ? words[2]!.replace(/-reversal$/, '') : words[index]!),
            ),
          )
        : undefined);
    const found = match && { class: match.rule.class, rule: match.rule, by: match.by };
    known.set(key, found);
    return found;
  };
  return { classify, suggest: (kind) => suggest(kind, rules) };
}

/** The owner's before the shipped; then description, amount type, transaction type, marketplace, channel. */
function compile(rule: Rule, by: 'owner' | 'default'): Compiled {
  const cells = [
    rule.amountDescription,
    rule.amountType,
    rule.transactionType,
    rule.marketplace,
    rule.channel,
  ].map(plainWords);
  const weights = [32, 16, 8, 4, 2];
  let rank = by === 'owner' ? 1000 : 0;
  cells.forEach((cell, index) => {
    // A cell with a star says less than the whole words, but more than nothing.
    if (cell !== '')
      rank += cell.includes('*') ? weights[index]! - 1 + Math.min(cell.length, 60) / 100 : weights[index]!;
  });
  return {
    rule,
    by,
    rank,
    cells: cells.map((cell) =>
      cell === '' ? /^/ : new RegExp(`^${cell.split('*').map(escapePattern).join('.*')}$`),
    ),
  };
}

const escapePattern = (text: string): string => text.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&');

function suggest(kind: RowKind, rules: readonly Compiled[]) {
  const ofKind = [kind.amountDescription, kind.amountType, kind.transactionType].map(plainWords);
  const best = new Map<RowClass, { class: RowClass; like: string; likeness: number }>();
  for (const { rule } of rules) {
    const cells = [rule.amountDescription, rule.amountType, rule.transactionType];
    const likeness = cells.reduce((sum, cell, index) => {
      if (cell === '') return sum;
      return sum + [0.7, 0.2, 0.1][index]! * alike(plainWords(cell).replaceAll('*', ''), ofKind[index]!);
    }, 0);
    if (likeness > (best.get(rule.class)?.likeness ?? 0.2))
      best.set(rule.class, { class: rule.class, like: cells.filter(Boolean).join(' / '), likeness });
  }
  return [...best.values()].sort((a, b) => b.likeness - a.likeness).slice(0, 3);
}

/** Dice's coefficient of letter pairs: 1 for equal words, 0 for words without a pair in common. */
function alike(a: string, b: string): number {
  if (a === b) return 1;
  const pairs = (text: string) => {
    const found = new Map<string, number>();
    for (let at = 0; at < text.length - 1; at++) {
      const pair = text.slice(at, at + 2);
      found.set(pair, (found.get(pair) ?? 0) + 1);
    }
    return found;
  };
  const [left, right] = [pairs(a), pairs(b)];
  let common = 0;
  for (const [pair, count] of left) common += Math.min(count, right.get(pair) ?? 0);
  const size = Math.max(0, a.length - 1) + Math.max(0, b.length - 1);
  return size === 0 ? 0 : (2 * common) / size;
}
