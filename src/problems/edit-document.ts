// Which single values does a document hold, and what is it with some of them changed? Pure; kinds of values stay what
// they are, so that a number does not become a text by being corrected.
import { RecordError } from '../core/errors.ts';

export interface DocumentValue {
  /** `orderItems[0].product.sellerSku`. */
  readonly path: string;
  readonly value: string;
  readonly kind: 'text' | 'number' | 'truth' | 'nothing';
}

export interface DocumentChange {
  readonly path: string;
  readonly value: string;
}

/** Every single value with its path, in the order of the document. */
export function valuesOf(document: unknown, path = ''): readonly DocumentValue[] {
  if (Array.isArray(document))
    return document.flatMap((element, index) => valuesOf(element, `${path}[${index}]`));
  if (typeof document === 'object' && document !== null)
    return Object.entries(document).flatMap(([name, inner]) =>
      valuesOf(inner, path === '' ? name : `${path}.${name}`),
    );
  return [{ path, value: document === null ? '' : String(document), kind: kindOf(document) }];
}

const kindOf = (value: unknown): DocumentValue['kind'] =>
  typeof value === 'number'
    ? 'number'
    : typeof value === 'boolean'
      ? 'truth'
      : value === null
        ? 'nothing'
        : 'text';

/** A copy with changed values; a path that the document does not have is refused. */
export function changeDocument(document: unknown, changes: readonly DocumentChange[]): unknown {
  const copy: unknown = structuredClone(document);
  for (const { path, value } of changes) {
    const steps = [...path.matchAll(/[^.[\]]+/g)].map(([step]) => step);
    const last = steps.pop() ?? '';
    let holder: unknown = copy;
    for (const step of steps) holder = own(holder, step);
    const before = own(holder, last);
    if (typeof holder !== 'object' || holder === null || before === undefined || typeof before === 'object')
      if (before !== null)
        throw new RecordError('EDIT_PATH_UNKNOWN', `The document has no value at “${path}”.`, {
          field: path,
          nextSteps: ['Choose one of the values listed; a whole document can be imported from a file.'],
          facts: { path },
        });
    (holder as Record<string, unknown>)[last] = toKind(value, before, path);
  }
  return copy;
}

/** Only what the document itself holds, never what JavaScript adds to every object. */
function own(holder: unknown, name: string): unknown {
  return typeof holder === 'object' && holder !== null && Object.hasOwn(holder, name)
    ? (holder as Record<string, unknown>)[name]
    : undefined;
}

function toKind(text: string, before: unknown, path: string): unknown {
  const refuse = (wanted: string) =>
    new RecordError('EDIT_VALUE_INVALID', `“${path}” must stay ${wanted}.`, {
      field: path,
      nextSteps: ['Correct the value.'],
      facts: { path },
    });
  if (typeof before === 'number') {
    if (!/^-?\d+(\.\d+)?$/.test(text)) throw refuse('a number');
    return Number(text);
  }
  if (typeof before === 'boolean') {
    if (text !== 'true' && text !== 'false') throw refuse('true or false');
    return text === 'true';
  }
  return before === null && text === '' ? null : text;
}
