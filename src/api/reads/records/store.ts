// Which records fit a filter, how many are they, and what happened to one? Lists stay instant at any size: every order in
// which one is shown comes from an index, pages begin after the last row seen, counts come from tallies or stop early.
import type { RawBuilder } from 'kysely';
import { type Db, sql } from '../../../db/pool.ts';
import type { RecordFilter, RecordSort } from '../../contract/records.ts';
import { named, type Paging, pack, page, rowNumber, unpack } from '../paging.ts';

const columns =
  sql.raw(`r.id, r.flow_id, r.key, r.state, r.version, r.attempts, r.external_id, r.remote_kind, r.remote_id, r.remote_number, r.reason, r.problem, r.problem_id, r.currency, r.total_minor,
  r.marketplace, r.order_status, r.fulfilled_by, r.labels, r.placed_at, r.ship_by_at, r.done_at, r.due_at, r.created_at, r.updated_at`);
const allStates = ['queued', 'running', 'waiting', 'verifying', 'pending', 'parked', 'done', 'skipped'];
/** A count that is not exact stops here: nobody reads the digits of a larger one. */
export const countedTo = 10_000;
const dayMs = 24 * 3_600_000;

/** What the list is ordered by; ties are broken by id. */
const orders: Readonly<
  Record<RecordSort, { readonly by: RawBuilder<unknown>; readonly type: string; readonly down: boolean }>
> = {
  newest: { by: sql.raw('r.id'), type: 'bigint', down: true },
  oldest: { by: sql.raw('r.id'), type: 'bigint', down: false },
  placed: { by: sql.raw('r.placed_at'), type: 'timestamptz', down: true },
  done: { by: sql.raw('r.done_at'), type: 'timestamptz', down: true },
  'ship-by': { by: sql.raw('r.ship_by_at'), type: 'timestamptz', down: false },
};

/** A filter by time is shown in the order of that time: its index then gives the rows, however far back they are. */
export const sortOf = (filter: RecordFilter): RecordSort =>
  filter.sort ??
  (filter.placedFrom || filter.placedTo
    ? 'placed'
    : filter.doneFrom || filter.doneTo
      ? 'done'
      : filter.atRisk
        ? 'ship-by'
        : 'newest');

const statesOf = (filter: RecordFilter): readonly string[] => filter.state?.split(',').filter(Boolean) ?? [];

/** Everything a filter asks for besides state and flow. */
function conditions(filter: RecordFilter, now: Date): RawBuilder<unknown>[] {
  const list: RawBuilder<unknown>[] = [];
  const given = <Value>(value: Value | undefined, make: (value: Value) => RawBuilder<unknown>) => {
    if (value !== undefined) list.push(make(value));
  };
  given(filter.ids, (ids) => sql`r.id = ANY(${ids.split(',')}::bigint[])`);
  given(filter.problem, (id) => sql`r.problem_id = ${id}::bigint`);
  given(filter.marketplace, (id) => sql`r.marketplace = ${id}`);
  given(filter.fulfilledBy, (who) => sql`r.fulfilled_by = ${who}`);
  given(filter.label, (label) => sql`r.labels @> ARRAY[${label}]::text[] AND r.labels <> '{}'`);
  given(filter.placedFrom, (at) => sql`r.placed_at >= ${new Date(at)}`);
  given(filter.placedTo, (at) => sql`r.placed_at < ${new Date(at)}`);
  given(filter.doneFrom, (at) => sql`r.done_at >= ${new Date(at)}`);
  given(filter.doneTo, (at) => sql`r.done_at < ${new Date(at)}`);
  if (filter.atRisk)
    list.push(sql`r.ship_by_at < ${new Date(now.getTime() + dayMs)} AND r.state <> 'skipped'`);
  if (filter.overdue) list.push(sql`r.ship_by_at < ${now} AND r.state <> 'skipped'`);
  const text = filter.q?.trim();
  if (text) {
    const prefix = `${text.replace(/[\\%_]/g, '\\$&')}%`;
    // Each arm has an index; PostgreSQL joins them bit by bit.
    list.push(
      sql`(r.key LIKE ${prefix} OR r.remote_id = ${text} OR r.remote_number = ${text} OR r.external_id = ${text})`,
    );
  }
  return list;
}

/**
 * A list that is filtered by state, flow or channel is made of a few short walks down an index, (flow, state, id) or
 * (channel, state, id), instead of one through all records. Each walk names its values, so that PostgreSQL's statistics
 * tell it a rare state from a common one. Undefined when another index gives the list better.
 */
async function walksOf(db: Db, filter: RecordFilter): Promise<readonly RawBuilder<unknown>[] | undefined> {
  const states = statesOf(filter);
  const { flow, marketplace } = filter;
  if (!['newest', 'oldest'].includes(sortOf(filter)) || filter.q || filter.problem || filter.ids)
    return undefined;
  if (states.length === 0 && flow === undefined && marketplace === undefined) return undefined;
  const each = states.length > 0 ? states : allStates;
  if (marketplace !== undefined)
    return each.map(
      (state) =>
        sql`r.marketplace = ${marketplace} AND r.state = ${state}${flow === undefined ? sql`` : sql` AND r.flow_id = ${flow}`}`,
    );
  const flows =
    flow === undefined
      ? (await sql<{ id: string }>`SELECT id FROM flows ORDER BY id`.execute(db)).rows.map((row) => row.id)
      : [flow];
  if (flows.length === 0) return undefined;
  return flows.flatMap((id) => each.map((state) => sql`r.flow_id = ${id} AND r.state = ${state}`));
}

/** The ids that fit, in order, beginning after (or, reversed, before) a place in it. */
function idsOf(
  filter: RecordFilter,
  options: {
    readonly now: Date;
    readonly limit: number;
    readonly after?: readonly [string, string] | undefined;
    readonly reversed?: boolean;
    readonly walks?: readonly RawBuilder<unknown>[] | undefined;
  },
): RawBuilder<{ id: bigint; mark: string }> {
  const { by, type, down } = orders[sortOf(filter)];
  const descending = options.reversed ? !down : down;
  const direction = sql.raw(descending ? 'DESC' : 'ASC');
  const where = conditions(filter, options.now);
  if (type !== 'bigint') where.push(sql`${by} IS NOT NULL`);
  if (options.after) {
    const than = sql.raw(descending ? '<' : '>');
    const [mark, id] = options.after;
    where.push(
      type === 'bigint'
        ? sql`r.id ${than} ${id}::bigint`
        : sql`(${by}, r.id) ${than} (${mark}::timestamptz, ${id}::bigint)`,
    );
  }
  const limit = sql.lit(options.limit);
  const order = type === 'bigint' ? sql`r.id ${direction}` : sql`${by} ${direction}, r.id ${direction}`;
  const states = statesOf(filter);
  if (options.walks) {
    const rest = where.length === 0 ? sql`` : sql` AND ${sql.join(where, sql` AND `)}`;
    const walks = options.walks.map(
      (walk) =>
        sql`(SELECT r.id FROM sync_records r WHERE ${walk}${rest} ORDER BY r.id ${direction} LIMIT ${limit})`,
    );
    return sql`SELECT r.id, r.id::text AS mark FROM (${sql.join(walks, sql` UNION ALL `)}) r ORDER BY r.id ${direction} LIMIT ${limit}`;
  }
  if (states.length > 0) where.push(sql`r.state = ANY(${states}::text[])`);
  if (filter.flow !== undefined) where.push(sql`r.flow_id = ${filter.flow}`);
  const all = where.length === 0 ? sql`true` : sql.join(where, sql` AND `);
  return sql`SELECT r.id, ${by}::text AS mark FROM sync_records r WHERE ${all} ORDER BY ${order} LIMIT ${limit}`;
}

/** A page of the records that fit. */
export async function listRecords(db: Db, filter: RecordFilter, { cursor, limit }: Paging, now: Date) {
  const rows = await rowsAfter(db, filter, { now, limit: limit + 1, after: placeOf(filter, cursor) });
  return cut(page(rows, limit, (row) => markOf(filter, row)));
}

type MarkedRow = Record<string, unknown> & { id: bigint; key: string; mark: string };
async function rowsAfter(
  db: Db,
  filter: RecordFilter,
  options: {
    readonly now: Date;
    readonly limit: number;
    readonly after: readonly [string, string] | undefined;
  },
): Promise<readonly MarkedRow[]> {
  const { by, down } = orders[sortOf(filter)];
  const direction = sql.raw(down ? 'DESC' : 'ASC');
  const { rows } =
    await sql<MarkedRow>`SELECT ${columns}, i.mark FROM (${idsOf(filter, { ...options, walks: await walksOf(db, filter) })}) i
    JOIN sync_records r ON r.id = i.id ORDER BY ${by} ${direction}, r.id ${direction}`.execute(named(db));
  return rows;
}

const plainCursor = (filter: RecordFilter): boolean => ['newest', 'oldest'].includes(sortOf(filter));
const markOf = (filter: RecordFilter, row: MarkedRow): string =>
  plainCursor(filter) ? row.id.toString() : pack(row.mark, row.id.toString());
function placeOf(filter: RecordFilter, cursor: string | undefined): readonly [string, string] | undefined {
  if (cursor === undefined) return undefined;
  if (plainCursor(filter)) return [rowNumber(cursor)!, rowNumber(cursor)!];
  const [mark, id] = unpack(cursor, 2);
  return [mark!, id!];
}
const cut = ({ items, next }: { items: readonly MarkedRow[]; next: string | null }) => ({
  items: items.map(({ mark: _mark, ...row }) => row),
  next,
});

/** All records that fit, in pages, for exports and for what is done to many. */
export async function* eachPage(db: Db, filter: RecordFilter, now: Date, size: number) {
  for (let cursor: string | undefined; ; ) {
    const { items, next } = await listRecords(db, filter, { cursor, limit: size }, now);
    if (items.length > 0) yield items;
    if (next === null) return;
    cursor = next;
  }
}

/** How many fit. States and flows are tallied; anything else is counted, up to a limit unless it must be exact. */
export async function countRecords(db: Db, filter: RecordFilter, now: Date, exact: boolean) {
  const states = statesOf(filter);
  const where = conditions(filter, now);
  if (where.length === 0 && ['newest', 'oldest'].includes(sortOf(filter))) {
    const { rows } = await sql<{ n: number }>`SELECT COALESCE(sum(n), 0)::float8 AS n FROM record_tallies
      WHERE (${states.length === 0} OR state = ANY(${states}::text[])) AND (${filter.flow ?? null}::text IS NULL OR flow_id = ${filter.flow ?? null})`.execute(
      db,
    );
    return { count: rows[0]?.n ?? 0, more: false };
  }
  const all = [
    ...where,
    ...(states.length > 0 ? [sql`r.state = ANY(${states}::text[])`] : []),
    ...(filter.flow === undefined ? [] : [sql`r.flow_id = ${filter.flow}`]),
    ...(orders[sortOf(filter)].type === 'bigint' ? [] : [sql`${orders[sortOf(filter)].by} IS NOT NULL`]),
  ];
  const limit = exact ? sql`` : sql` LIMIT ${sql.lit(countedTo + 1)}`;
  const { rows } = await sql<{
    n: number;
  }>`SELECT count(*)::float8 AS n FROM (SELECT 1 FROM sync_records r WHERE ${all.length === 0 ? sql`true` : sql.join(all, sql` AND `)}${limit}) found`.execute(
    db,
  );
  const n = rows[0]?.n ?? 0;
  return exact || n <= countedTo ? { count: n, more: false } : { count: countedTo, more: true };
}

/** The records before and after one in a filtered list: “previous” and “next” on its page. */
export async function neighboursOf(db: Db, id: string, filter: RecordFilter, now: Date) {
  const { by } = orders[sortOf(filter)];
  const { rows } = await sql<{
    mark: string | null;
  }>`SELECT ${by}::text AS mark FROM sync_records r WHERE r.id = ${id}::bigint`.execute(db);
  const mark = rows[0]?.mark;
  if (mark === null || mark === undefined) return { previous: null, next: null };
  const walks = await walksOf(db, filter);
  const one = async (reversed: boolean) => {
    const { rows } = await sql<{
      id: bigint;
    }>`${idsOf(filter, { now, limit: 1, after: [mark, id], reversed, walks })}`.execute(db);
    return rows[0]?.id.toString() ?? null;
  };
  const [previous, next] = await Promise.all([one(true), one(false)]);
  return { previous, next };
}

/** One record with everything that is told of it. */
export async function readRecord(plain: Db, id: string) {
  const db = named(plain);
  const { rows } = await sql<
    Record<string, unknown> & { id: bigint; key: string; flowId: string }
  >`SELECT ${columns}, r.document_id, r.applied, f.kind AS flow_kind, f.channel_connection_id, f.erp_connection_id
    FROM sync_records r JOIN flows f ON f.id = r.flow_id WHERE r.id = ${id}::bigint`.execute(db);
  const record = rows[0];
  if (!record) return undefined;
  const order = record.key.split('/')[0]!;
  const [events, attempts, related, notes, documents, deeds] = await Promise.all([
    sql`SELECT id, at, kind, from_state, to_state, actor, detail FROM record_events WHERE record_id = ${record.id} ORDER BY id LIMIT 500`.execute(
      db,
    ),
    sql`SELECT started_at, finished_at, outcome, code, message FROM attempts WHERE record_id = ${record.id} ORDER BY id DESC LIMIT 100`.execute(
      db,
    ),
    sql`SELECT r.id, r.flow_id, f.kind AS flow_kind, r.key, r.state, r.reason, r.updated_at FROM sync_records r JOIN flows f ON f.id = r.flow_id
      WHERE (r.key = ${order} OR r.key LIKE ${`${order.replace(/[\\%_]/g, '\\$&')}/%`}) AND r.id <> ${record.id} ORDER BY r.id LIMIT 50`.execute(
      db,
    ),
    sql`SELECT at, author, text FROM notes WHERE subject = ${`record:${id}`} ORDER BY id`.execute(db),
    sql`SELECT d.id, d.version, d.via, d.received_at, d.kept, d.personal IS NOT NULL AS has_personal FROM documents d JOIN flows f ON f.id = ${record.flowId} AND d.connection_id = f.channel_connection_id WHERE d.key = ${record.key} ORDER BY d.id DESC LIMIT 20`.execute(
      db,
    ),
    sql`SELECT a.at, a.actor, a.action FROM audit_log a WHERE a.subject = ${`record:${id}`}
      OR a.subject IN (SELECT 'document:' || d.id FROM documents d JOIN flows f ON f.id = ${record.flowId} AND d.connection_id = f.channel_connection_id WHERE d.key = ${record.key})
      ORDER BY a.id DESC LIMIT 100`.execute(db),
  ]);
  return {
    record,
    events: events.rows,
    attempts: attempts.rows,
    related: related.rows,
    notes: notes.rows,
    documents: documents.rows,
    deeds: deeds.rows,
  };
}

export async function readExchanges(db: Db, recordId: string, { cursor, limit }: Paging) {
  const before = rowNumber(cursor);
  const { rows } = await sql<{
    id: bigint;
  }>`SELECT id, connection_id, at, bucket, method, url, request, status, response, duration_ms, failure FROM exchanges
    WHERE record_id = ${recordId}::bigint AND (${before}::bigint IS NULL OR id < ${before}::bigint) ORDER BY id DESC LIMIT ${limit + 1}`.execute(
    named(db),
  );
  return page(rows, limit, (row) => row.id.toString());
}
