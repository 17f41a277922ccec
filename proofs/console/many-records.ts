// What does a database with a great many records look like? Made by SQL alone: four flows of two shops over 120 days, every
// state in the shares of a busy shop, with documents, timelines and requests for the newest thousand.
import type pg from 'pg';

export interface Many {
  readonly records: number;
  readonly insertedMs: number;
}

export async function fillWithRecords(pool: pg.Pool, records: number): Promise<Many> {
  const began = Date.now();
  await pool.query(`INSERT INTO connections (id, side, connector, title, settings, secrets, state, report, checked_at, demo, created_at, updated_at) VALUES
    ('amazon-many', 'channel', 'amazon', 'Amazon', '{"sellerId": "SELLER", "region": "na", "marketplaceIds": ["ATVPDKIKX0DER", "A2EUQ1WTGCTBG2"]}', '\\x00', 'active', NULL, now(), false, now() - interval '120 days', now()),
    ('netsuite-many', 'erp', 'netsuite', 'NetSuite', '{"accountId": "1234567"}', '\\x00', 'active', NULL, now(), false, now() - interval '120 days', now())`);
  await pool.query(`INSERT INTO flows (id, kind, channel_connection_id, erp_connection_id, settings, state, created_at, updated_at)
    SELECT 'amazon-many:' || kind, kind, 'amazon-many', 'netsuite-many', '{}', 'paused', now() - interval '120 days', now()
    FROM unnest(ARRAY['orders.import', 'shipments.export', 'cancellations.export']) kind`);
  await pool.query(`INSERT INTO problems (flow_id, kind, fingerprint, code, message, next_steps, facts, state, seen, first_seen_at, last_seen_at)
    SELECT 'amazon-many:orders.import', 'error', 'many-' || n, CASE WHEN n % 2 = 0 THEN 'ITEM_UNKNOWN' ELSE 'SHIP_METHOD_UNMAPPED' END, 'NetSuite has no item “SKU-' || n || '”.',
      '["Add an alias under Lookups → item-alias."]', jsonb_build_object('lookup', 'item-alias', 'key', 'SKU-' || n), 'open', 10, now() - n * interval '1 hour', now() - n * interval '1 minute'
    FROM generate_series(1, 40) n`);
  // Indexes made once, after the rows: several times as fast, and the same indexes.
  const client = await pool.connect();
  await client.query(`SET maintenance_work_mem = '256MB'; SET synchronous_commit = off`);
  const { rows: indexes } = await client.query<{ indexname: string; indexdef: string }>(
    `SELECT indexname, indexdef FROM pg_indexes WHERE tablename = 'sync_records' AND indexdef NOT LIKE '%UNIQUE%'`,
  );
  for (const { indexname } of indexes) await client.query(`DROP INDEX ${indexname}`);
  // Newest last, as they would have come; one order in twenty has no sale on this channel, every third belongs to shipments.
  await client.query(
    `INSERT INTO sync_records (flow_id, key, version, state, priority, due_at, attempts, external_id, remote_kind, remote_id, problem_id, problem, reason,
      currency, total_minor, marketplace, order_status, fulfilled_by, labels, placed_at, ship_by_at, done_at, created_at, updated_at)
    SELECT CASE WHEN order_of THEN 'amazon-many:orders.import' ELSE 'amazon-many:shipments.export' END, key || CASE WHEN order_of THEN '' ELSE '/' || n END, at, made.state, 1, at, 0,
      CASE WHEN made.state = 'done' AND order_of THEN 'XD-AMAZON-' || key END, CASE WHEN made.state = 'done' AND order_of THEN 'sales-order' END, CASE WHEN made.state = 'done' AND order_of THEN (100000 + n)::text END,
      CASE WHEN made.state = 'parked' THEN p.id END, CASE WHEN made.state = 'parked' THEN jsonb_build_object('code', p.code, 'message', p.message, 'nextSteps', p.next_steps, 'facts', p.facts) END,
      CASE made.state WHEN 'done' THEN 'Created.' WHEN 'skipped' THEN 'Still pending at the marketplace; it is imported as soon as it is released.' END,
      CASE WHEN order_of THEN 'USD' END, CASE WHEN order_of THEN 500 + (n * 7919) % 40000 END, CASE WHEN order_of THEN CASE WHEN n % 5 = 0 THEN 'A2EUQ1WTGCTBG2' ELSE 'ATVPDKIKX0DER' END END,
      CASE WHEN order_of THEN 'unshipped' END, CASE WHEN order_of THEN CASE WHEN n % 3 = 0 THEN 'marketplace' ELSE 'merchant' END END, CASE WHEN n % 50 = 0 THEN ARRAY['business'] WHEN n % 33 = 0 THEN ARRAY['gift'] ELSE '{}' END,
      CASE WHEN order_of THEN at END, CASE WHEN order_of AND made.state <> 'skipped' AND n > $1 - 3000 THEN at + interval '2 days' END, CASE WHEN made.state = 'done' THEN at + (n % 90) * interval '1 second' END, at, at + (n % 90) * interval '1 second'
    FROM (SELECT n, n % 3 <> 0 AS order_of, now() - ($1 - n) * interval '120 days' / $1 AS at, lpad((100 + n % 800)::text, 3, '0') || '-' || lpad(n::text, 7, '0') || '-' || lpad(((n * 6661) % 10000000)::text, 7, '0') AS key,
        CASE WHEN n % 1009 = 0 THEN 'parked' WHEN n > $1 - 40 AND n % 4 = 0 THEN 'waiting' WHEN n % 31 = 0 THEN 'skipped' WHEN n > $1 - 200 AND n % 9 = 0 THEN 'pending' ELSE 'done' END AS state
      FROM generate_series(1, $1::bigint) n) made
    LEFT JOIN LATERAL (SELECT * FROM problems WHERE fingerprint = 'many-' || (1 + n % 40)) p ON made.state = 'parked'`,
    [records],
  );
  for (const { indexdef } of indexes) await client.query(indexdef);
  await client.query('VACUUM ANALYZE sync_records');
  client.release();
  return { records, insertedMs: Date.now() - began };
}
