-- Problems get a history, a class to filter by, and a memory of how one like it was cured.

ALTER TABLE problems
  ADD COLUMN class text NOT NULL DEFAULT 'unexpected',
  ADD COLUMN urgent boolean NOT NULL DEFAULT false,
  ADD COLUMN probe_record_id bigint,
  ADD COLUMN probe_at timestamptz,
  ADD COLUMN probes integer NOT NULL DEFAULT 0;
COMMENT ON COLUMN problems.probe_record_id IS 'The one record that is tried again by itself; when it passes, all others follow.';

CREATE INDEX problems_by_state ON problems (state, last_seen_at DESC, id DESC);
CREATE INDEX problems_by_code ON problems (code, closed_at DESC) WHERE state = 'resolved';

CREATE TABLE problem_events (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  problem_id bigint NOT NULL REFERENCES problems ON DELETE CASCADE,
  at timestamptz NOT NULL,
  actor text NOT NULL,
  kind text NOT NULL CHECK (kind IN ('opened', 'retried', 'probed', 'cured', 'edited', 'ignored', 'unignored', 'assigned', 'comment', 'skipped', 'resolved')),
  detail jsonb NOT NULL DEFAULT '{}'
);
CREATE INDEX problem_events_by_problem ON problem_events (problem_id, id);
COMMENT ON TABLE problem_events IS 'What happened to a problem and what people wrote about it; cured says what a person did so that it went away.';

-- Counting a hundred thousand records of one cause, by state, reads this index alone.
CREATE INDEX sync_records_by_problem_state ON sync_records (problem_id, state, id) WHERE problem_id IS NOT NULL;
DROP INDEX sync_records_by_problem;

-- Comments written before now belong to the history too.
INSERT INTO problem_events (problem_id, at, actor, kind, detail)
  SELECT p.id, n.at, n.author, 'comment', jsonb_build_object('text', n.text)
  FROM notes n JOIN problems p ON n.subject = 'problem:' || p.id;
DELETE FROM notes WHERE subject LIKE 'problem:%';
