// Where does chance come from in a simulated world? From a seed, so that the same seed gives the same world.

/** A stream of seeded chance. */
export interface Random {
  /** At least 0 and less than 1. */
  next(): number;
  /** A whole number between both ends, ends included. */
  integer(lowest: number, highest: number): number;
  chance(probability: number): boolean;
  pick<T>(items: readonly T[]): T;
  /** Picks a key in proportion to its weight. */
  weighted<K extends string>(weights: Readonly<Partial<Record<K, number>>>): K;
  shuffle<T>(items: readonly T[]): T[];
  /** A string of decimal digits. */
  digits(length: number): string;
  /** An independent stream that depends only on this stream's seed and the label, not on what was drawn. */
  derive(label: string | number): Random;
}

/** FNV-1a, 32 bits: turns a seed of any text into a number. */
export function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) {
    hash ^= text.charCodeAt(i);
    hash = Math.imul(hash, 0x01000193);
  }
  return hash >>> 0;
}

/** Starts a stream; the generator is Mulberry32, which is small, quick and good enough for a shop. */
export function makeRandom(seed: string | number): Random {
  const name = String(seed);
  let state = hashText(name);
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  const integer = (lowest: number, highest: number) => lowest + Math.floor(next() * (highest - lowest + 1));
  return {
    next,
    integer,
    chance: (probability) => next() < probability,
    pick: (items) => {
      if (items.length === 0) throw new RangeError('Nothing to pick from.');
      return items[Math.floor(next() * items.length)]!;
    },
    weighted: <K extends string>(weights: Readonly<Partial<Record<K, number>>>): K => {
      const entries = Object.entries(weights) as [K, number][];
      let left = next() * entries.reduce((sum, [, weight]) => sum + weight, 0);
      for (const [key, weight] of entries) {
        left -= weight;
        if (left < 0) return key;
      }
      const last = entries.at(-1);
      if (!last) throw new RangeError('Nothing to pick from.');
      return last[0];
    },
    shuffle: (items) => {
      const copy = [...items];
      for (let i = copy.length - 1; i > 0; i--) {
        const j = integer(0, i);
        [copy[i], copy[j]] = [copy[j]!, copy[i]!];
      }
      return copy;
    },
    digits: (length) => {
      let text = '';
      while (text.length < length) text += Math.floor(next() * 10);
      return text;
    },
    derive: (label) => makeRandom(`${name}/${label}`),
  };
}
