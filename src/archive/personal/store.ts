// How much of buyers' data is here, when does it go, and who has seen it?
import { type Db, sql } from '../../db/pool.ts';

const viewsShown = 200;
const viewDays = 90;

export async function personalKept(db: Db, now: Date) {
  const [connections, views] = await Promise.all([
    sql<{
      connectionId: string;
      documents: bigint;
      oldest: Date | null;
      nextExpiry: Date | null;
      lastExpiry: Date | null;
    }>`SELECT connection_id AS "connectionId", count(*) AS documents, min(received_at) AS oldest,
        min(personal_expires_at) AS "nextExpiry", max(personal_expires_at) AS "lastExpiry"
      FROM documents WHERE personal IS NOT NULL GROUP BY connection_id ORDER BY connection_id`.execute(db),
    sql<{
      at: Date;
      actor: string;
      subject: string;
    }>`SELECT at, actor, subject FROM audit_log WHERE action = 'personal.seen' AND at > ${new Date(now.getTime() - viewDays * 24 * 3_600_000)}
      ORDER BY id DESC LIMIT ${viewsShown}`.execute(db),
  ]);
  return { connections: connections.rows, views: views.rows };
}

/** Every version of the order, on every connection; the order itself stays explainable without its buyer. */
export async function erasePersonal(tx: Db, orderId: string): Promise<number> {
  const result =
    await sql`UPDATE documents SET personal = NULL, personal_expires_at = NULL WHERE key = ${orderId} AND personal IS NOT NULL`.execute(
      tx,
    );
  return Number(result.numAffectedRows ?? 0n);
}
