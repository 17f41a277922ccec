// Which functions of Oracle's dialect does SuiteQL know? They are given to SQLite as functions of its own.
import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import { addDays, addMonths, formatMoment, isMoment, momentOf, parseMoment, truncate } from './moments.ts';
import { queryError } from './tokens.ts';

export interface FunctionContext {
  readonly now: () => number;
  /** Time zone of the session: the integration user's preference, else the company's. */
  readonly zone: string;
  /** Display text of an id by the kind of master it points to. */
  readonly display: (kind: string, id: SQLInputValue) => string | null;
}

type Value = SQLInputValue | undefined;

const text = (value: Value): string => (value === null || value === undefined ? '' : String(value));

function formatNumber(value: number, model: string): string {
  const match = /^(FM)?([\d,9]*?)(?:\.([09]+))?$/i.exec(model);
  if (!match) throw queryError('Search error occurred: ORA-01481: invalid number format model');
  const fixed = Math.abs(value).toFixed(match[3]?.length ?? 0);
  const [whole = '', fraction] = fixed.split('.');
  const grouped = match[2]?.includes(',') ? whole.replace(/\B(?=(\d{3})+$)/g, ',') : whole;
  return `${value < 0 ? '-' : ''}${grouped}${fraction ? `.${fraction}` : ''}`;
}

export function registerFunctions(db: DatabaseSync, context: FunctionContext): void {
  const { zone } = context;
  const define = (name: string, body: (...values: Value[]) => SQLInputValue, deterministic = true) =>
    db.function(
      name,
      { varargs: true, deterministic },
      body as (...values: SQLInputValue[]) => SQLInputValue,
    );
  const toMoment = (value: Value, model: Value): SQLInputValue =>
    value === null || value === undefined
      ? null
      : isMoment(value)
        ? value
        : parseMoment(zone, text(value), text(model));

  define('nvl2', (value, present, absent) => (value === null ? absent : present) ?? null);
  define('decode', (value, ...rest) => {
    for (let i = 0; i + 1 < rest.length; i += 2) {
      const same = rest[i] === value || (rest[i] !== null && value !== null && text(rest[i]) === text(value));
      if (same) return rest[i + 1] ?? null;
    }
    return rest.length % 2 === 1 ? (rest.at(-1) ?? null) : null;
  });
  define('to_char', (value, model) => {
    if (value === null || value === undefined) return null;
    if (isMoment(value)) return formatMoment(zone, value, model === undefined ? 'MM/DD/YYYY' : text(model));
    return typeof value === 'number' && model !== undefined ? formatNumber(value, text(model)) : text(value);
  });
  define('to_date', (value, model) => toMoment(value, model ?? 'MM/DD/YYYY'));
  define('to_timestamp', (value, model) => toMoment(value, model ?? 'YYYY-MM-DD HH24:MI:SS'));
  define('sim_account_date', (value) => toMoment(value, 'MM/DD/YYYY'));
  define('to_number', (value) => {
    if (value === null) return null;
    const number = Number(text(value));
    if (text(value).trim() === '' || Number.isNaN(number))
      throw queryError('Search error occurred: ORA-01722: invalid number');
    return number;
  });
  define('sys_extract_utc', (value) => {
    if (value === null || value === undefined) return null;
    if (!isMoment(value)) throw queryError('Search error occurred: Invalid or unsupported search');
    return `#${value.slice(1)}`;
  });
  define('sim_sysdate', () => momentOf(context.now()), false);
  define('sim_sessiontimezone', () => zone);
  define('sim_days', (value, days) => (isMoment(value) ? addDays(zone, value, Number(days)) : null));
  define('add_months', (value, count) => (isMoment(value) ? addMonths(zone, value, Number(count)) : null));
  define('trunc', (value, unit) => {
    if (value === null || value === undefined) return null;
    if (isMoment(value)) return truncate(zone, value, unit === undefined ? 'DD' : text(unit));
    const factor = 10 ** Number(unit ?? 0);
    return Math.trunc(Number(value) * factor) / factor;
  });
  define('last_day', (value) =>
    isMoment(value) ? addDays(zone, addMonths(zone, truncate(zone, value, 'MM'), 1), -1) : null,
  );
  define('greatest', (...values) =>
    values.includes(null) ? null : (values.reduce((a, b) => ((a ?? 0) > (b ?? 0) ? a : b)) ?? null),
  );
  define('least', (...values) =>
    values.includes(null) ? null : (values.reduce((a, b) => ((a ?? 0) < (b ?? 0) ? a : b)) ?? null),
  );
  define('mod', (value, by) => (value === null || by === null ? null : Number(value) % Number(by)));
  define('regexp_like', (value, pattern, flags) =>
    value === null ? 0 : new RegExp(text(pattern), text(flags)).test(text(value)) ? 1 : 0,
  );
  define('sim_display', (kind, id) =>
    id === null || id === undefined ? null : context.display(text(kind), id),
  );
  define('sim_status', (type, status) =>
    status === null ? null : context.display('status', `${text(type)}/${text(status)}`),
  );
}
