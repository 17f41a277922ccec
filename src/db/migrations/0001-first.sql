-- The first schema. Money is bigint minor units beside its currency; every state is checked; moments are timestamptz
-- and always given by the program's clock, never by the database's, so that simulated time holds everywhere.

CREATE TABLE connections (
  id text PRIMARY KEY,
  side text NOT NULL CHECK (side IN ('channel', 'erp')),
  connector text NOT NULL,
  title text NOT NULL,
  settings jsonb NOT NULL,
  secrets bytea NOT NULL,
  state text NOT NULL CHECK (state IN ('active', 'paused', 'broken')),
  state_reason jsonb,
  report jsonb,
  checked_at timestamptz,
  demo boolean NOT NULL DEFAULT false,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL
);
COMMENT ON TABLE connections IS 'One account at a channel or ERP; secrets are sealed under the master key, which is not here.';

CREATE TABLE access_tokens (
  connection_id text NOT NULL REFERENCES connections ON DELETE CASCADE,
  name text NOT NULL,
  sealed bytea NOT NULL,
  expires_at timestamptz NOT NULL,
  PRIMARY KEY (connection_id, name)
);
COMMENT ON TABLE access_tokens IS 'Short-lived tokens shared by all workers, sealed.';

CREATE TABLE quotas (
  connection_id text NOT NULL REFERENCES connections ON DELETE CASCADE,
  bucket text NOT NULL,
  kind text NOT NULL CHECK (kind IN ('rate', 'concurrency')),
  tokens double precision NOT NULL,
  per_second double precision NOT NULL,
  burst double precision NOT NULL,
  as_of timestamptz NOT NULL,
  blocked_until timestamptz,
  spent bigint NOT NULL DEFAULT 0,
  refused bigint NOT NULL DEFAULT 0,
  PRIMARY KEY (connection_id, bucket)
);
COMMENT ON TABLE quotas IS 'What a vendor still allows: tokens that refill, or (kind concurrency) calls in flight at once in burst.';

CREATE TABLE workers (
  id text PRIMARY KEY,
  host text NOT NULL,
  started_at timestamptz NOT NULL,
  seen_at timestamptz NOT NULL
);
COMMENT ON TABLE workers IS 'Processes that do work; they share concurrency limits evenly and lose their leases when unseen.';

CREATE TABLE flows (
  id text PRIMARY KEY,
  kind text NOT NULL CHECK (kind IN ('orders.import', 'shipments.export', 'cancellations.export')),
  channel_connection_id text NOT NULL REFERENCES connections,
  erp_connection_id text NOT NULL REFERENCES connections,
  settings jsonb NOT NULL,
  state text NOT NULL CHECK (state IN ('active', 'paused')),
  state_reason text,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  UNIQUE (kind, channel_connection_id, erp_connection_id)
);
COMMENT ON TABLE flows IS 'One kind of document in one direction between two connections.';

CREATE TABLE flow_tasks (
  flow_id text NOT NULL REFERENCES flows ON DELETE CASCADE,
  task text NOT NULL,
  every_seconds integer NOT NULL,
  next_at timestamptz NOT NULL,
  lease_by text,
  lease_until timestamptz,
  last_run_id bigint,
  PRIMARY KEY (flow_id, task)
);
COMMENT ON TABLE flow_tasks IS 'What a flow does by itself and when next; one worker holds a task at a time.';

CREATE TABLE cursors (
  flow_id text NOT NULL REFERENCES flows ON DELETE CASCADE,
  name text NOT NULL,
  value jsonb NOT NULL,
  moved_at timestamptz NOT NULL,
  PRIMARY KEY (flow_id, name)
);
COMMENT ON TABLE cursors IS 'How far a source has been read; moves only in the transaction that stores what was read.';

CREATE TABLE runs (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  flow_id text NOT NULL REFERENCES flows ON DELETE CASCADE,
  task text NOT NULL,
  started_at timestamptz NOT NULL,
  finished_at timestamptz,
  outcome text CHECK (outcome IN ('done', 'waiting', 'failed')),
  counts jsonb NOT NULL DEFAULT '{}',
  error jsonb,
  asked_by text NOT NULL DEFAULT 'schedule'
);
CREATE INDEX runs_by_flow ON runs (flow_id, id DESC);
COMMENT ON TABLE runs IS 'One reading of a source, with what it brought.';

CREATE TABLE documents (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  connection_id text NOT NULL REFERENCES connections,
  kind text NOT NULL,
  key text NOT NULL,
  version timestamptz NOT NULL,
  sha256 bytea NOT NULL,
  kept jsonb NOT NULL,
  personal bytea,
  personal_expires_at timestamptz,
  via text NOT NULL,
  received_at timestamptz NOT NULL,
  UNIQUE (connection_id, kind, key, sha256)
);
CREATE INDEX documents_expiring ON documents (personal_expires_at) WHERE personal IS NOT NULL;
COMMENT ON TABLE documents IS 'Every inbound document as it came; the buyer''s data sealed apart, and expiring.';

CREATE TABLE problems (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  flow_id text REFERENCES flows ON DELETE CASCADE,
  connection_id text REFERENCES connections ON DELETE CASCADE,
  kind text NOT NULL CHECK (kind IN ('error', 'task')),
  fingerprint text NOT NULL,
  code text NOT NULL,
  message text NOT NULL,
  field text,
  next_steps jsonb NOT NULL DEFAULT '[]',
  facts jsonb NOT NULL DEFAULT '{}',
  state text NOT NULL CHECK (state IN ('open', 'ignored', 'resolved')),
  seen integer NOT NULL DEFAULT 1,
  first_seen_at timestamptz NOT NULL,
  last_seen_at timestamptz NOT NULL,
  assignee text,
  closed_at timestamptz,
  closed_by text,
  close_reason text
);
CREATE UNIQUE INDEX problems_open ON problems (fingerprint) WHERE state <> 'resolved';
COMMENT ON TABLE problems IS 'Something a person must see and decide, grouped by cause.';

CREATE TABLE sync_records (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  flow_id text NOT NULL REFERENCES flows ON DELETE CASCADE,
  key text NOT NULL,
  version timestamptz NOT NULL,
  document_id bigint REFERENCES documents,
  state text NOT NULL CHECK (state IN ('queued', 'running', 'waiting', 'verifying', 'pending', 'parked', 'done', 'skipped')),
  priority smallint NOT NULL DEFAULT 1 CHECK (priority BETWEEN 0 AND 2),
  due_at timestamptz NOT NULL,
  attempts integer NOT NULL DEFAULT 0,
  lease_by text,
  lease_until timestamptz,
  lease_number integer NOT NULL DEFAULT 0,
  dirty boolean NOT NULL DEFAULT false,
  external_id text,
  remote_kind text,
  remote_id text,
  remote_number text,
  applied jsonb NOT NULL DEFAULT '{}',
  problem_id bigint REFERENCES problems,
  problem jsonb,
  reason text,
  currency char(3),
  total_minor bigint,
  marketplace text,
  order_status text,
  fulfilled_by text,
  labels text[] NOT NULL DEFAULT '{}',
  placed_at timestamptz,
  ship_by_at timestamptz,
  done_at timestamptz,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  UNIQUE (flow_id, key)
);
CREATE INDEX sync_records_due ON sync_records (flow_id, priority, due_at) WHERE state IN ('queued', 'waiting', 'verifying', 'pending');
CREATE INDEX sync_records_leased ON sync_records (lease_until) WHERE state = 'running';
CREATE INDEX sync_records_by_state ON sync_records (flow_id, state, id DESC);
CREATE INDEX sync_records_by_key ON sync_records (key text_pattern_ops);
CREATE INDEX sync_records_by_remote ON sync_records (remote_id) WHERE remote_id IS NOT NULL;
CREATE INDEX sync_records_by_number ON sync_records (remote_number) WHERE remote_number IS NOT NULL;
CREATE INDEX sync_records_by_problem ON sync_records (problem_id) WHERE problem_id IS NOT NULL;
CREATE INDEX sync_records_by_placed ON sync_records (flow_id, placed_at DESC);
CREATE INDEX sync_records_by_ship_by ON sync_records (ship_by_at) WHERE ship_by_at IS NOT NULL;
COMMENT ON TABLE sync_records IS 'One document in one flow, with a life; the row is also its place in the queue (docs/concepts/record-states.md).';

CREATE TABLE record_events (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  record_id bigint NOT NULL REFERENCES sync_records ON DELETE CASCADE,
  at timestamptz NOT NULL,
  kind text NOT NULL,
  from_state text,
  to_state text,
  actor text NOT NULL,
  detail jsonb NOT NULL DEFAULT '{}'
);
CREATE INDEX record_events_by_record ON record_events (record_id, id);
COMMENT ON TABLE record_events IS 'Every move of a record, written in the transaction that made it.';

CREATE TABLE attempts (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  record_id bigint NOT NULL REFERENCES sync_records ON DELETE CASCADE,
  started_at timestamptz NOT NULL,
  finished_at timestamptz NOT NULL,
  outcome text NOT NULL,
  code text,
  message text
);
CREATE INDEX attempts_by_record ON attempts (record_id, id);
COMMENT ON TABLE attempts IS 'One try to deliver a record, and how it ended.';

CREATE TABLE exchanges (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  connection_id text NOT NULL,
  record_id bigint,
  run_id bigint,
  at timestamptz NOT NULL,
  bucket text NOT NULL,
  method text NOT NULL,
  url text NOT NULL,
  request jsonb NOT NULL,
  status integer,
  response jsonb,
  duration_ms integer NOT NULL,
  failure text
);
CREATE INDEX exchanges_by_record ON exchanges (record_id, id) WHERE record_id IS NOT NULL;
CREATE INDEX exchanges_by_run ON exchanges (run_id) WHERE run_id IS NOT NULL;
COMMENT ON TABLE exchanges IS 'Every request to a vendor and its answer, without secrets and without the buyer''s data.';

CREATE TABLE fetches (
  flow_id text NOT NULL REFERENCES flows ON DELETE CASCADE,
  key text NOT NULL,
  reason text NOT NULL CHECK (reason IN ('hint', 'asked', 'address', 'read-back')),
  priority smallint NOT NULL,
  due_at timestamptz NOT NULL,
  attempts integer NOT NULL DEFAULT 0,
  wanted_since timestamptz NOT NULL,
  lease_until timestamptz,
  PRIMARY KEY (flow_id, key)
);
CREATE INDEX fetches_due ON fetches (flow_id, priority, due_at);
COMMENT ON TABLE fetches IS 'Orders to be read one by one: a notice came, a person asked, an address is missing, a shipment is to be proved.';

CREATE TABLE package_references (
  connection_id text NOT NULL,
  channel_order_id text NOT NULL,
  package_key text NOT NULL,
  reference integer NOT NULL,
  PRIMARY KEY (connection_id, channel_order_id, package_key),
  UNIQUE (connection_id, channel_order_id, reference)
);
COMMENT ON TABLE package_references IS 'The number under which the channel knows a package of an order; given once, so that a repeat edits.';

CREATE TABLE lookups (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  connection_id text NOT NULL REFERENCES connections ON DELETE CASCADE,
  name text NOT NULL,
  key text NOT NULL,
  value text NOT NULL,
  multiplier integer NOT NULL DEFAULT 1 CHECK (multiplier > 0),
  note text NOT NULL DEFAULT '',
  updated_by text NOT NULL,
  updated_at timestamptz NOT NULL,
  UNIQUE (connection_id, name, key)
);
COMMENT ON TABLE lookups IS 'The owner''s tables used by mappings: item aliases, ship methods, carriers, locations.';

CREATE TABLE overrides (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  flow_id text NOT NULL REFERENCES flows ON DELETE CASCADE,
  field text NOT NULL,
  kind text NOT NULL CHECK (kind IN ('constant', 'lookup', 'expression')),
  value text NOT NULL,
  created_by text NOT NULL,
  created_at timestamptz NOT NULL,
  retired_at timestamptz,
  retired_by text
);
CREATE UNIQUE INDEX overrides_current ON overrides (flow_id, field) WHERE retired_at IS NULL;
COMMENT ON TABLE overrides IS 'The owner''s own rules for single fields; old ones are kept as versions.';

CREATE TABLE notes (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  subject text NOT NULL,
  at timestamptz NOT NULL,
  author text NOT NULL,
  text text NOT NULL
);
CREATE INDEX notes_by_subject ON notes (subject, id);
COMMENT ON TABLE notes IS 'What people wrote beside a record or problem; subject is record:12 or problem:3.';

CREATE TABLE users (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  email text NOT NULL UNIQUE,
  name text NOT NULL,
  role text NOT NULL CHECK (role IN ('owner', 'operator', 'viewer')),
  sees_personal boolean NOT NULL DEFAULT false,
  password_hash text NOT NULL,
  locale text NOT NULL DEFAULT 'en',
  failed_logins integer NOT NULL DEFAULT 0,
  locked_until timestamptz,
  disabled_at timestamptz,
  last_seen_at timestamptz,
  created_at timestamptz NOT NULL
);
COMMENT ON TABLE users IS 'People who may sign in to the console.';

CREATE TABLE sessions (
  id_hash bytea PRIMARY KEY,
  user_id bigint NOT NULL REFERENCES users ON DELETE CASCADE,
  csrf text NOT NULL,
  created_at timestamptz NOT NULL,
  seen_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL
);
COMMENT ON TABLE sessions IS 'Signed-in browsers; only a hash of the cookie is kept.';

CREATE TABLE api_tokens (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name text NOT NULL,
  token_hash bytea NOT NULL UNIQUE,
  scopes text[] NOT NULL,
  created_by text NOT NULL,
  created_at timestamptz NOT NULL,
  expires_at timestamptz,
  last_used_at timestamptz,
  revoked_at timestamptz
);
COMMENT ON TABLE api_tokens IS 'Keys for programs and the CLI, with scopes; only a hash is kept.';

CREATE TABLE one_time_links (
  link_hash bytea PRIMARY KEY,
  purpose text NOT NULL,
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  used_at timestamptz
);
COMMENT ON TABLE one_time_links IS 'Links that work once: the first owner''s account.';

CREATE TABLE idempotency_keys (
  actor text NOT NULL,
  key text NOT NULL,
  request_hash bytea NOT NULL,
  status integer,
  response jsonb,
  at timestamptz NOT NULL,
  PRIMARY KEY (actor, key)
);
COMMENT ON TABLE idempotency_keys IS 'POST answers by the caller''s key, kept 24 hours.';

CREATE TABLE audit_log (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at timestamptz NOT NULL,
  actor text NOT NULL,
  action text NOT NULL,
  subject text NOT NULL,
  detail jsonb NOT NULL DEFAULT '{}',
  prev_hash bytea,
  hash bytea NOT NULL
);
COMMENT ON TABLE audit_log IS 'Who did what, append-only, each row chained to the one before by its hash.';
