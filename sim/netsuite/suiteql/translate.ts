// How does a SuiteQL query become SQLite? Token by token: Oracle's words are exchanged, what NetSuite does not offer is
// refused in its words.
import { type Role, tablePermissions, typePermissions } from '../auth/roles.ts';
import { Refusal } from '../errors.ts';
import { viewNames } from '../schema.ts';
import { queryError, type Token, tokenize } from './tokens.ts';

export interface Translated {
  readonly sql: string;
  /** FETCH FIRST n ROWS ONLY at the end of the whole query. */
  readonly fetch: number | undefined;
  readonly skip: number;
  readonly ordered: boolean;
  readonly marks: number;
}

/** What BUILTIN.DF shows for a column: the kind of master whose name stands for the id. */
const displayKinds: Readonly<Record<string, string>> = {
  entity: 'customer',
  customer: 'customer',
  item: 'item',
  parentitem: 'item',
  location: 'location',
  subsidiary: 'subsidiary',
  currency: 'currency',
  account: 'account',
  department: 'department',
  class: 'classification',
  postingperiod: 'accountingperiod',
  shipmethod: 'shipitem',
  pricelevel: 'pricelevel',
  price: 'pricelevel',
  type: 'type',
  paymentmethod: 'paymentmethod',
  saleschannel: 'saleschannel',
  parent: 'item',
  createdfrom: 'transaction',
  transaction: 'transaction',
  previousdoc: 'transaction',
  nextdoc: 'transaction',
  itemtype: 'itemtype',
  inventorynumber: 'inventorynumber',
};
const dateColumns = new Set([
  'trandate',
  'createddate',
  'lastmodifieddate',
  'shipdate',
  'startdate',
  'enddate',
  'linelastmodifieddate',
  'lastquantityavailablechange',
  'deleteddate',
  'expirationdate',
  'datecreated',
  'duedate',
  'closedate',
]);
const comparisons = new Set(['=', '<', '>', '<=', '>=', '<>', '!=']);
const renamed: Readonly<Record<string, string>> = {
  nvl: 'ifnull',
  minus: 'EXCEPT',
  listagg: 'group_concat',
  chr: 'char',
  ceil: 'ceil',
  substring: 'substr',
};
const constants: Readonly<Record<string, string>> = {
  sysdate: 'sim_sysdate()',
  systimestamp: 'sim_sysdate()',
  current_date: 'sim_sysdate()',
  current_timestamp: 'sim_sysdate()',
  sessiontimezone: 'sim_sessiontimezone()',
};
/** Words of SQLite that would reach past what SuiteQL offers. */
const forbidden = new Set([
  'pragma',
  'attach',
  'insert',
  'update',
  'delete',
  'drop',
  'create',
  'alter',
  'vacuum',
  'replace_into',
  'explain',
  'rowid',
  'oid',
  '_rowid_',
  'main',
  'temp',
  'json_each',
  'generate_series',
  'load_extension',
]);

/** Words that mean something to SQLite and nothing to SuiteQL: there they may be names. */
const onlySqlite = new Set(
  'transaction nothing abort action after analyze before conflict database deferred detach do each exclusive fail filter following glob ignore immediate indexed initially instead key match materialized no notnull of others plan query raise recursive regexp reindex release rename restrict returning rollback savepoint temporary trigger unique view virtual without index table column check add'.split(
    ' ',
  ),
);
const emit = (token: Token): string => {
  if (token.kind === 'quoted') return `[${token.text.slice(1, -1).replaceAll(']', '')}]`;
  return token.kind === 'name' && onlySqlite.has(token.word) ? `[${token.text}]` : token.text;
};

class Reader {
  readonly tokens: readonly Token[];
  at = 0;
  depth = 0;
  readonly out: string[] = [];
  /** Names of common table expressions. */
  readonly names: ReadonlySet<string>;
  fetch: number | undefined;
  skip = 0;
  ordered = false;
  grouped = false;
  marks = 0;
  rowMax: number | undefined;

  constructor(tokens: readonly Token[]) {
    this.tokens = tokens;
    this.names = new Set(
      tokens
        .filter(
          (token, at) =>
            token.kind === 'name' && tokens[at + 1]?.word === 'as' && tokens[at + 2]?.text === '(',
        )
        .map((token) => token.word),
    );
  }

  peek(ahead = 0): Token | undefined {
    return this.tokens[this.at + ahead];
  }

  isWord(word: string, ahead = 0): boolean {
    return this.peek(ahead)?.kind === 'name' && this.peek(ahead)?.word === word;
  }

  isSign(text: string, ahead = 0): boolean {
    return this.peek(ahead)?.kind === 'sign' && this.peek(ahead)?.text === text;
  }
}

export function translate(query: string, role: Role): Translated {
  const reader = new Reader(tokenize(query));
  if (!reader.isWord('select') && !reader.isWord('with'))
    throw queryError('Search error occurred: Invalid or unsupported search');
  while (reader.at < reader.tokens.length) step(reader, role);
  if (reader.depth !== 0)
    throw queryError('Search error occurred: Invalid or unsupported search (missing parenthesis)');
  const sql = reader.out.join(' ').replaceAll(' . ', '.');
  const fetch =
    reader.rowMax === undefined ? reader.fetch : Math.min(reader.rowMax, reader.fetch ?? reader.rowMax);
  return { sql, fetch, skip: reader.skip, ordered: reader.ordered, marks: reader.marks };
}

function step(reader: Reader, role: Role): void {
  const token = reader.peek()!;
  if (token.kind === 'sign') {
    if (token.text === '(') reader.depth++;
    if (token.text === ')') reader.depth--;
    if (token.text === '(' && reader.isSign('+', 1) && reader.isSign(')', 2))
      throw queryError('Search error occurred: Invalid or unsupported search (outer join sign)');
  }
  if (token.kind === 'mark') reader.marks++;
  if (token.kind === 'name' && word(reader, token, role)) return;
  if (token.kind === 'quoted') {
    reader.out.push(`[${token.text.slice(1, -1).replaceAll(']', '')}]`);
    reader.at++;
    return;
  }
  reader.out.push(emit(token));
  reader.at++;
}

/** Handles a name that needs more than being copied; answers whether it did. */
function word(reader: Reader, token: Token, role: Role): boolean {
  const { word: name } = token;
  const dotted = reader.at > 0 && reader.isSign('.', -1);
  if (
    name.startsWith('ns_') ||
    name.startsWith('sim_') ||
    name.startsWith('sqlite_') ||
    name.startsWith('_') ||
    (forbidden.has(name) && !dotted)
  )
    throw queryError(`Search error occurred: Unknown identifier '${name}'`);
  if (dotted) return dateLiteral(reader, token);
  if (name === 'limit')
    throw queryError("Search error occurred: Invalid or unsupported search (unexpected 'LIMIT')");
  if (name === 'order') reader.ordered ||= reader.depth === 0;
  if (name === 'group') reader.grouped ||= reader.depth === 0;
  if (name === 'fetch') return fetchClause(reader);
  if (name === 'offset') return offsetClause(reader);
  if (name === 'rownum') return rowNumber(reader);
  if (name === 'within') return withinGroup(reader);
  if (name === 'builtin') return builtin(reader);
  if ((name === 'from' || name === 'join') && reader.peek(1)?.kind === 'name') {
    reader.out.push(token.text);
    reader.at++;
    return table(reader, role);
  }
  const constant = constants[name];
  if (constant && !reader.isSign('(', 1)) return dateArithmetic(reader, constant);
  const other = renamed[name];
  if (other && (reader.isSign('(', 1) || name === 'minus')) {
    reader.out.push(other);
    reader.at++;
    return true;
  }
  return dateLiteral(reader, token);
}

const afterTable = new Set([
  'where',
  'join',
  'left',
  'right',
  'inner',
  'full',
  'cross',
  'on',
  'order',
  'group',
  'having',
  'union',
  'minus',
  'intersect',
  'fetch',
  'offset',
]);
const hiddenTypes = (role: Role): string[] =>
  Object.entries(typePermissions)
    .filter(([, permission]) => !role.permissions.has(permission))
    .map(([type]) => `'${type}'`);

function table(reader: Reader, role: Role): boolean {
  for (;;) {
    const token = reader.peek();
    if (token?.kind !== 'name') return true;
    const permission = tablePermissions[token.word];
    if (viewNames.has(token.word) && permission && !role.permissions.has(permission))
      throw queryError(`Search error occurred: Record '${token.word}' was not found.`);
    const hidden = token.word === 'transaction' ? hiddenTypes(role) : [];
    const named =
      reader.isWord('as', 1) || (reader.peek(1)?.kind === 'name' && !afterTable.has(reader.peek(1)!.word));
    // Rows of transaction types the role may not see are absent, not refused.
    if (!viewNames.has(token.word) && !reader.names.has(token.word))
      throw queryError(`Search error occurred: Record '${token.word}' was not found.`);
    if (hidden.length === 0) reader.out.push(emit(token));
    else
      reader.out.push(
        `(SELECT * FROM [transaction] WHERE type NOT IN (${hidden.join(', ')}))${named ? '' : ' AS [transaction]'}`,
      );
    reader.at++;
    // FROM a x, b y: follow the commas of old-style joins.
    let ahead = 0;
    if (reader.isWord('as')) ahead = 1;
    if (reader.peek(ahead)?.kind === 'name' && reader.isSign(',', ahead + 1)) ahead++;
    if (!reader.isSign(',', ahead)) return true;
    for (let i = 0; i <= ahead; i++) reader.out.push(emit(reader.tokens[reader.at++]!));
  }
}

/** A column compared with text in the account's date format: NetSuite converts the text. */
function dateLiteral(reader: Reader, token: Token): boolean {
  const sign = reader.peek(1);
  const value = reader.peek(2);
  if (!dateColumns.has(token.word) || sign?.kind !== 'sign' || !comparisons.has(sign.text)) return false;
  if (value?.kind !== 'string' && value?.kind !== 'mark') return false;
  if (value.kind === 'mark') reader.marks++;
  reader.out.push(emit(token), sign.text, `sim_account_date(${value.text})`);
  reader.at += 3;
  return true;
}

function dateArithmetic(reader: Reader, constant: string): boolean {
  const sign = reader.peek(1);
  const days = reader.peek(2);
  if (
    sign?.kind === 'sign' &&
    (sign.text === '-' || sign.text === '+') &&
    (days?.kind === 'number' || days?.kind === 'mark')
  ) {
    const slash =
      reader.isSign('/', 3) && reader.peek(4)?.kind === 'number' ? `/ ${reader.peek(4)!.text}.0` : '';
    if (days.kind === 'mark') reader.marks++;
    reader.out.push(`sim_days(${constant}, ${sign.text}(${days.text} * 1.0 ${slash}))`);
    reader.at += slash ? 5 : 3;
  } else {
    reader.out.push(constant);
    reader.at++;
  }
  return true;
}

function builtin(reader: Reader): boolean {
  const name = reader.peek(2)?.word;
  if (!reader.isSign('.', 1) || !reader.isSign('(', 3))
    throw queryError("Search error occurred: Unknown identifier 'builtin'");
  if (name !== 'df')
    throw queryError(
      `Search error occurred: BUILTIN.${String(name).toUpperCase()} is not supported for this query.`,
    );
  let at = 4;
  const path: Token[] = [];
  while (reader.peek(at) && !reader.isSign(')', at)) path.push(reader.peek(at++)!);
  const column = path.at(-1)!;
  const owner = path.length === 3 ? `${emit(path[0]!)}.` : '';
  if (path.length !== 1 && path.length !== 3)
    throw queryError('Search error occurred: Invalid or unsupported search');
  if (reader.grouped)
    throw new Refusal(500, 'UNEXPECTED_ERROR', 'An unexpected error occurred. Error ID: grpbydf0001');
  if (column.word === 'status') reader.out.push(`sim_status(${owner}type, ${owner}status)`);
  else {
    const kind = displayKinds[column.word];
    reader.out.push(kind ? `sim_display('${kind}', ${owner}${emit(column)})` : `${owner}${emit(column)}`);
  }
  reader.at += at + 1;
  return true;
}

function fetchClause(reader: Reader): boolean {
  const count = reader.peek(2);
  const plain = (reader.isWord('first', 1) || reader.isWord('next', 1)) && count?.kind === 'number';
  if (!plain || !(reader.isWord('rows', 3) || reader.isWord('row', 3)) || !reader.isWord('only', 4))
    throw queryError('Search error occurred: Invalid or unsupported search (FETCH)');
  if (reader.depth === 0) reader.fetch = Number(count.text);
  else reader.out.push(`LIMIT ${count.text}`);
  reader.at += 5;
  return true;
}

function offsetClause(reader: Reader): boolean {
  const count = reader.peek(1);
  if (
    reader.depth !== 0 ||
    count?.kind !== 'number' ||
    !(reader.isWord('rows', 2) || reader.isWord('row', 2))
  )
    return false;
  reader.skip = Number(count.text);
  reader.at += 3;
  return true;
}

/** ROWNUM <= n counts rows before they are sorted; without a sort that is a limit. */
function rowNumber(reader: Reader): boolean {
  const sign = reader.peek(1)?.text;
  const count = reader.peek(2);
  if ((sign !== '<=' && sign !== '<' && sign !== '=') || count?.kind !== 'number')
    throw queryError('Search error occurred: Invalid or unsupported search (ROWNUM)');
  const most = Number(count.text) - (sign === '<' ? 1 : 0);
  const sorted = reader.tokens
    .slice(reader.at)
    .some((token) => token.word === 'order' || token.word === 'group');
  if (reader.depth === 0 && !sorted) {
    reader.rowMax = most;
    reader.out.push('1 = 1');
  } else reader.out.push(`sim_rownum(${reader.at}) <= ${most}`);
  reader.at += 3;
  return true;
}

/** LISTAGG(x, ',') WITHIN GROUP (ORDER BY y): SQLite wants the order inside the call. */
function withinGroup(reader: Reader): boolean {
  if (!reader.isWord('group', 1) || !reader.isSign('(', 2)) return false;
  let at = 3;
  for (let depth = 1; depth > 0; at++) {
    if (!reader.peek(at)) throw queryError('Search error occurred: Invalid or unsupported search');
    if (reader.isSign('(', at)) depth++;
    if (reader.isSign(')', at)) depth--;
  }
  const order = reader.tokens
    .slice(reader.at + 3, reader.at + at - 1)
    .map(emit)
    .join(' ')
    .replaceAll(' . ', '.');
  const close = reader.out.pop();
  reader.out.push(order, close ?? ')');
  reader.at += at;
  return true;
}
