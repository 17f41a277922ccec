// Which filters did people keep under a name? Their own, and those that somebody shared with everybody.
import { type Db, sql } from '../../../db/pool.ts';

export async function listViews(db: Db, caller: string, pageName: string) {
  const { rows } = await sql<{
    id: bigint;
    owner: string;
  }>`SELECT id, owner, shared, name, query FROM saved_views
    WHERE page = ${pageName} AND (owner = ${caller} OR shared) ORDER BY shared, lower(name), id LIMIT 500`.execute(
    db,
  );
  return rows.map((row) => ({ ...row, mine: row.owner === caller }));
}

/** Saves a view; the same owner's view of the same name is replaced. */
export async function saveView(
  db: Db,
  view: {
    readonly owner: string;
    readonly page: string;
    readonly name: string;
    readonly query: string;
    readonly shared: boolean;
  },
  now: Date,
): Promise<string> {
  const { rows } = await sql<{
    id: bigint;
  }>`INSERT INTO saved_views (owner, shared, name, page, query, created_at)
    VALUES (${view.owner}, ${view.shared}, ${view.name}, ${view.page}, ${view.query}, ${now})
    ON CONFLICT (owner, page, name) DO UPDATE SET query = excluded.query, shared = excluded.shared RETURNING id`.execute(
    db,
  );
  return rows[0]!.id.toString();
}

/** Only whose view it is may remove it; an administrator may remove any that is shared. */
export async function removeView(db: Db, id: string, caller: string, admin: boolean): Promise<boolean> {
  const done =
    await sql`DELETE FROM saved_views WHERE id = ${id}::bigint AND (owner = ${caller} OR (${admin} AND shared))`.execute(
      db,
    );
  return (done.numAffectedRows ?? 0n) > 0n;
}
