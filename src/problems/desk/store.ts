// What can a person do with a problem? Close it, give it to someone, and find what waits for a lookup row.
import { type Db, sql } from '../../db/pool.ts';

export async function closeProblemRow(
  tx: Db,
  id: string,
  state: 'ignored' | 'resolved',
  reason: string | null,
  by: string,
  now: Date,
): Promise<boolean> {
  const result =
    await sql`UPDATE problems SET state = ${state}, close_reason = ${reason}, closed_by = ${by}, closed_at = ${now}
    WHERE id = ${id}::bigint AND state <> 'resolved'`.execute(tx);
  return (result.numAffectedRows ?? 0n) > 0n;
}

export async function assignProblemRow(tx: Db, id: string, assignee: string | null): Promise<boolean> {
  const result = await sql`UPDATE problems SET assignee = ${assignee} WHERE id = ${id}::bigint`.execute(tx);
  return (result.numAffectedRows ?? 0n) > 0n;
}

/** Parked records whose problem names just this lookup and key: a saved row is their cure. */
export async function reopenableRecords(
  tx: Db,
  connectionId: string,
  lookup: string,
  key: string,
): Promise<readonly string[]> {
  const { rows } = await sql<{ id: bigint }>`
    SELECT r.id FROM sync_records r JOIN flows f ON f.id = r.flow_id
    WHERE f.channel_connection_id = ${connectionId} AND r.state = 'parked' AND r.problem -> 'facts' ->> 'lookup' = ${lookup}
      AND (${key} = '*' OR r.problem -> 'facts' ->> 'key' = ${key})`.execute(tx);
  return rows.map((row) => row.id.toString());
}
