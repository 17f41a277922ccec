// How does today compare with a usual day? Orders by channel and hour, time to the ERP, what is at risk, parked, or unwell.
import { type Db, sql } from '../../../db/pool.ts';
import { named } from '../paging.ts';
import { listQuotas } from '../store.ts';

/** A usual day is the average of the same weekday of so many weeks. */
const weeks = 4;
/** A worker that has said nothing for so long is not counted on (it beats every few seconds). */
const silentMs = 60_000;

export async function readOverview(plain: Db, now: Date, timeZone: string) {
  const db = named(plain);
  const day = await readDay(db, now, timeZone);
  const [states, hours, latency, risk, causes, connections, workers, quotas] = await Promise.all([
    sql`SELECT t.flow_id, f.kind, t.state, sum(t.n)::float8 AS n FROM record_tallies t JOIN flows f ON f.id = t.flow_id GROUP BY 1, 2, 3 HAVING sum(t.n) <> 0 ORDER BY 1, 3`.execute(
      db,
    ),
    readHours(db, day),
    readLatency(db, day),
    sql`SELECT count(*) FILTER (WHERE ship_by_at < ${now})::int AS overdue, count(*)::int AS soon,
        count(*) FILTER (WHERE state <> 'done')::int AS unbooked
      FROM sync_records WHERE ship_by_at < ${new Date(now.getTime() + 24 * 3_600_000)} AND state <> 'skipped'`.execute(
      db,
    ),
    sql`SELECT p.id, p.kind, p.code, p.message, p.facts, p.last_seen_at, (SELECT count(*) FROM sync_records r WHERE r.problem_id = p.id)::int AS n
      FROM problems p WHERE p.state = 'open' ORDER BY n DESC, p.id DESC LIMIT 8`.execute(db),
    sql`SELECT id, side, connector, title, state, state_reason, demo, checked_at, report->>'certificateExpiresAt' AS certificate_expires_at,
        COALESCE(report->'warnings', '[]') AS warnings FROM connections ORDER BY side, id`.execute(db),
    sql<{
      alive: number;
      seenAt: Date | null;
    }>`SELECT count(*) FILTER (WHERE seen_at > ${new Date(now.getTime() - silentMs)})::int AS alive, max(seen_at) AS seen_at FROM workers`.execute(
      db,
    ),
    listQuotas(plain),
  ]);
  return {
    now,
    timeZone,
    dayStart: day.start,
    states: states.rows,
    doneToday: latency.today.n,
    ...hours,
    latency,
    atRisk: risk.rows[0],
    causes: causes.rows,
    connections: connections.rows,
    workers: workers.rows[0],
    quotas,
  };
}

interface Day {
  readonly start: Date;
  readonly now: Date;
  readonly timeZone: string;
}

/** Midnight where the reader is. */
async function readDay(db: Db, now: Date, timeZone: string): Promise<Day> {
  const { rows } = await sql<{
    start: Date;
  }>`SELECT date_trunc('day', ${now}::timestamptz, ${timeZone}) AS start`.execute(db);
  return { start: rows[0]!.start, now, timeZone };
}

/** Orders by channel and hour of the day: today, and on average on the same weekday of the weeks before. */
async function readHours(db: Db, { start, now, timeZone }: Day) {
  const { rows } = await sql<{
    hour: number;
    marketplace: string | null;
    today: number;
    before: number;
    beforeByNow: number;
  }>`
    WITH days AS (SELECT w, (${start}::timestamptz AT TIME ZONE ${timeZone} - w * interval '7 days') AT TIME ZONE ${timeZone} AS begins,
        (${now}::timestamptz AT TIME ZONE ${timeZone} - w * interval '7 days') AT TIME ZONE ${timeZone} AS by_now FROM generate_series(0, ${sql.lit(weeks)}) w)
    SELECT extract(hour FROM r.placed_at AT TIME ZONE ${timeZone})::int AS hour, r.marketplace,
      count(*) FILTER (WHERE w = 0)::int AS today, count(*) FILTER (WHERE w > 0)::int AS before,
      count(*) FILTER (WHERE w > 0 AND r.placed_at < by_now)::int AS before_by_now
    FROM days JOIN LATERAL (SELECT placed_at, marketplace FROM sync_records
      WHERE placed_at >= begins AND placed_at < begins + interval '1 day' AND placed_at IS NOT NULL) r ON true
    GROUP BY 1, 2 ORDER BY 1, 2`.execute(db);
  const known = await sql<{
    first: Date | null;
  }>`SELECT min(placed_at) AS first FROM sync_records WHERE placed_at IS NOT NULL`.execute(db);
  const first = known.rows[0]?.first;
  const weekMs = 7 * 24 * 3_600_000;
  // Only weeks that the records reach back to count: a shop two weeks old is compared with two days, not four.
  const compared = first ? Math.min(weeks, Math.floor((start.getTime() - first.getTime()) / weekMs)) : 0;
  const sum = (name: 'today' | 'before' | 'beforeByNow') => rows.reduce((total, row) => total + row[name], 0);
  const usual = (n: number) => (compared === 0 ? null : n / compared);
  return {
    hours: rows.map(({ hour, marketplace, today, before }) => ({
      hour,
      marketplace,
      today,
      usual: usual(before),
    })),
    comparedWeeks: compared,
    orders: { today: sum('today'), usualByNow: usual(sum('beforeByNow')), usualDay: usual(sum('before')) },
  };
}

interface Times {
  readonly n: number;
  readonly median: number | null;
  readonly p95: number | null;
}

/** From the marketplace's last word on an order (or the flow's first day, if that is later) to the ERP's confirmation. */
async function readLatency(db: Db, { start, now }: Day) {
  const between = async (from: Date, to: Date): Promise<Times> => {
    const { rows } = await sql<Times>`
      SELECT count(*)::int AS n, percentile_cont(0.5) WITHIN GROUP (ORDER BY took) AS median, percentile_cont(0.95) WITHIN GROUP (ORDER BY took) AS p95
      FROM (SELECT extract(epoch FROM r.done_at - greatest(r.version, f.created_at)) * 1000 AS took FROM sync_records r JOIN flows f ON f.id = r.flow_id
        WHERE r.done_at >= ${from} AND r.done_at < ${to} AND f.kind = 'orders.import') times`.execute(db);
    const { n, median, p95 } = rows[0]!;
    return { n, median: median === null ? null : Number(median), p95: p95 === null ? null : Number(p95) };
  };
  const [today, lastWeek] = await Promise.all([
    between(start, new Date(now.getTime() + 1)),
    between(new Date(start.getTime() - 7 * 24 * 3_600_000), start),
  ]);
  return { today, lastWeek };
}
