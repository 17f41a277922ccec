// What are the single values of a document, and which differ between two? Paths as the API names them
// (`item.items[0].rate`). Pure.

export interface Leaf {
  readonly path: string;
  readonly value: unknown;
}

export function leavesOf(value: unknown, path = ''): readonly Leaf[] {
  if (Array.isArray(value))
    return value.length === 0
      ? [{ path, value }]
      : value.flatMap((one, index) => leavesOf(one, `${path}[${index}]`));
  if (value !== null && typeof value === 'object') {
    const entries = Object.entries(value);
    return entries.length === 0
      ? [{ path, value }]
      : entries.flatMap(([name, one]) => leavesOf(one, path === '' ? name : `${path}.${name}`));
  }
  return [{ path, value }];
}

export interface Difference {
  readonly path: string;
  readonly before: unknown;
  readonly after: unknown;
}

/** Values that are not the same on both sides; a path that one side lacks has `undefined` there. */
export function differencesOf(before: unknown, after: unknown): readonly Difference[] {
  const left = new Map(leavesOf(before).map(({ path, value }) => [path, value]));
  const right = new Map(leavesOf(after).map(({ path, value }) => [path, value]));
  return [...new Set([...left.keys(), ...right.keys()])]
    .filter((path) => JSON.stringify(left.get(path)) !== JSON.stringify(right.get(path)))
    .sort()
    .map((path) => ({ path, before: left.get(path), after: right.get(path) }));
}
