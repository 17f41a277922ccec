-- Lists of records stay instant at any size: counts by flow and state are kept beside the records, and every order in
-- which a list is shown has an index that gives it. An operator need do nothing; on a large database this takes a minute.

CREATE TABLE record_tallies (
  flow_id text NOT NULL,
  state text NOT NULL,
  n bigint NOT NULL
);
COMMENT ON TABLE record_tallies IS 'How many records a flow has in each state: the sum of n. Changes are appended, so that workers never wait for each other, and folded now and then.';

-- Folds what was appended into one row per flow and state. Rows that another transaction folds are left to it.
CREATE FUNCTION fold_record_tallies() RETURNS void LANGUAGE sql AS $$
  WITH gone AS (
    DELETE FROM record_tallies WHERE ctid = ANY (ARRAY(SELECT ctid FROM record_tallies LIMIT 20000 FOR UPDATE SKIP LOCKED))
    RETURNING flow_id, state, n)
  INSERT INTO record_tallies SELECT flow_id, state, sum(n) FROM gone GROUP BY flow_id, state HAVING sum(n) <> 0
$$;

-- One row per flow and state that a statement changed, whatever the number of records; every hundredth time it folds.
CREATE FUNCTION tally_records() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO record_tallies SELECT flow_id, state, count(*) FROM new_records GROUP BY 1, 2;
  ELSIF TG_OP = 'DELETE' THEN
    INSERT INTO record_tallies SELECT flow_id, state, -count(*) FROM old_records GROUP BY 1, 2;
  ELSE
    INSERT INTO record_tallies
    SELECT flow_id, state, sum(d) FROM (
      SELECT flow_id, state, -1 AS d FROM old_records UNION ALL SELECT flow_id, state, 1 FROM new_records) moved
    GROUP BY 1, 2 HAVING sum(d) <> 0;
  END IF;
  IF random() < 0.01 THEN PERFORM fold_record_tallies(); END IF;
  RETURN NULL;
END $$;

CREATE TRIGGER tally_inserted AFTER INSERT ON sync_records REFERENCING NEW TABLE AS new_records
  FOR EACH STATEMENT EXECUTE FUNCTION tally_records();
CREATE TRIGGER tally_updated AFTER UPDATE ON sync_records REFERENCING OLD TABLE AS old_records NEW TABLE AS new_records
  FOR EACH STATEMENT EXECUTE FUNCTION tally_records();
CREATE TRIGGER tally_deleted AFTER DELETE ON sync_records REFERENCING OLD TABLE AS old_records
  FOR EACH STATEMENT EXECUTE FUNCTION tally_records();
INSERT INTO record_tallies SELECT flow_id, state, count(*) FROM sync_records GROUP BY 1, 2;

-- The overview counts by hour and channel and measures times from these indexes alone.
DROP INDEX sync_records_by_placed;
CREATE INDEX sync_records_placed ON sync_records (placed_at, id) INCLUDE (marketplace) WHERE placed_at IS NOT NULL;
CREATE INDEX sync_records_done ON sync_records (done_at, id) INCLUDE (flow_id, version) WHERE done_at IS NOT NULL;
CREATE INDEX sync_records_by_external ON sync_records (external_id) WHERE external_id IS NOT NULL;
CREATE INDEX sync_records_by_marketplace ON sync_records (marketplace, state, id DESC) WHERE marketplace IS NOT NULL;
CREATE INDEX sync_records_labelled ON sync_records USING gin (labels) WHERE labels <> '{}';

-- Who looked at an order's buyer data, told on the order's page.
CREATE INDEX audit_log_by_subject ON audit_log (subject, id);

CREATE TABLE saved_views (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  owner text NOT NULL,
  shared boolean NOT NULL,
  name text NOT NULL,
  page text NOT NULL,
  query text NOT NULL,
  created_at timestamptz NOT NULL,
  UNIQUE (owner, page, name)
);
COMMENT ON TABLE saved_views IS 'Filters and columns of a list under a name, for their owner or for everybody; query is the address''s part after the question mark.';
