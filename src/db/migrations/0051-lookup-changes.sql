-- Lookups with a past: every change with what was before and after, grouped by the act that made it.

CREATE TABLE lookup_changes (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  change_id bigint NOT NULL,
  connection_id text NOT NULL REFERENCES connections ON DELETE CASCADE,
  name text NOT NULL,
  key text NOT NULL,
  before jsonb,
  after jsonb,
  at timestamptz NOT NULL,
  by text NOT NULL,
  via text NOT NULL CHECK (via IN ('edit', 'import', 'undo', 'set-up'))
);
CREATE SEQUENCE lookup_change_ids;
CREATE INDEX lookup_changes_by_table ON lookup_changes (connection_id, name, id DESC);
CREATE INDEX lookup_changes_by_change ON lookup_changes (change_id);
COMMENT ON TABLE lookup_changes IS 'What a lookup row was and became; rows of one act share change_id, and an act can be undone.';
