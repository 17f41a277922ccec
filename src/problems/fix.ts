// Which button takes a cause away? Pure: code and facts of a problem → the one act the console offers first.

/** Lists of the ERP that a fix may choose from; the same words as erp.ts. */
type ListKind = 'item' | 'ship-method' | 'location' | 'customer' | 'tax-code' | 'account' | 'payment-method';

export type Fix =
  /** A row of a lookup: its key is known, its value is chosen (from a list of the ERP, or typed). */
  | { readonly kind: 'lookup'; readonly lookup: string; readonly key: string; readonly list: ListKind | null }
  /** One setting of the flow, chosen from a list of the ERP. */
  | { readonly kind: 'setting'; readonly path: string; readonly list: ListKind }
  | { readonly kind: 'open-settings' }
  | { readonly kind: 'open-mapping'; readonly field: string }
  | { readonly kind: 'test-connection'; readonly connectionId: string }
  | { readonly kind: 'edit' }
  | { readonly kind: 'retry' }
  /** A person decides outside; marked as done here. */
  | { readonly kind: 'done' };

export interface FixableProblem {
  readonly code: string;
  readonly class: string;
  readonly kind: string;
  readonly field: string | null;
  readonly flowId: string | null;
  readonly connectionId: string | null;
  readonly facts: Readonly<Record<string, unknown>>;
}

/** What each lookup's values are chosen from; a lookup that is not here takes typed text. */
const listOfLookup: Readonly<Record<string, ListKind>> = {
  'item-alias': 'item',
  'ship-method': 'ship-method',
  'settlement-account': 'account',
};

export function fixOf(problem: FixableProblem): Fix {
  const { facts } = problem;
  if (typeof facts['lookup'] === 'string' && typeof facts['key'] === 'string')
    return {
      kind: 'lookup',
      lookup: facts['lookup'],
      key: facts['key'],
      list: listOfLookup[facts['lookup']] ?? null,
    };
  if (problem.flowId === null && problem.connectionId !== null && problem.class === 'connection')
    return { kind: 'test-connection', connectionId: problem.connectionId };
  if (problem.code === 'CHARGE_ITEM_MISSING' && typeof facts['role'] === 'string')
    return { kind: 'setting', path: `items.${facts['role']}`, list: 'item' };
  if (problem.code === 'TAX_SETUP_INCOMPLETE' && problem.field !== null)
    return { kind: 'setting', path: problem.field, list: 'tax-code' };
  if (
    ['MARKETPLACE_OFF', 'CUSTOMER_MISSING', 'SUBSIDIARY_MISMATCH', 'CURRENCY_REFUSED'].includes(problem.code)
  )
    return { kind: 'open-settings' };
  if (problem.code === 'EXPRESSION_FAILED' || problem.code === 'FIELD_REQUIRED')
    return { kind: 'open-mapping', field: problem.field ?? '' };
  if (problem.kind === 'task') return { kind: 'done' };
  if (problem.class === 'value' && problem.flowId !== null) return { kind: 'edit' };
  return { kind: 'retry' };
}
