-- Settlements: their files as they came, what is planned and booked of them, proofs, and what the marketplace has booked
-- that no settlement tells yet. New kinds of flows need no new list here: the program knows its kinds.
ALTER TABLE flows DROP CONSTRAINT IF EXISTS flows_kind_check;
ALTER TABLE flows ADD CONSTRAINT flows_kind_check CHECK (kind ~ '^[a-z][a-z-]*\.(import|export)$');

CREATE TABLE settlement_files (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  connection_id text NOT NULL REFERENCES connections,
  settlement_id text NOT NULL,
  sha256 text NOT NULL,
  header jsonb NOT NULL,
  facts jsonb NOT NULL,
  content bytea NOT NULL,
  via text NOT NULL CHECK (via IN ('channel', 'file')),
  received_at timestamptz NOT NULL,
  UNIQUE (connection_id, settlement_id, sha256)
);
COMMENT ON TABLE settlement_files IS 'Settlement files as they came, compressed; the same settlement with other content is a row of its own.';

CREATE TABLE settlement_reports (
  connection_id text NOT NULL REFERENCES connections,
  report_id text NOT NULL,
  settlement_id text NOT NULL,
  sha256 text NOT NULL,
  seen_at timestamptz NOT NULL,
  PRIMARY KEY (connection_id, report_id)
);
COMMENT ON TABLE settlement_reports IS 'Reports of the marketplace that were read; the same settlement may lie in several.';

CREATE TABLE settlements (
  connection_id text NOT NULL REFERENCES connections,
  settlement_id text NOT NULL,
  file_id bigint NOT NULL REFERENCES settlement_files,
  channel text NOT NULL,
  start_at timestamptz NOT NULL,
  end_at timestamptz NOT NULL,
  deposit_at timestamptz NOT NULL,
  currency char(3) NOT NULL,
  total_minor bigint NOT NULL,
  rows integer NOT NULL,
  sha256 text NOT NULL,
  summary jsonb,
  sought jsonb NOT NULL DEFAULT '{}',
  received_at timestamptz NOT NULL,
  PRIMARY KEY (connection_id, settlement_id)
);
CREATE INDEX settlements_by_end ON settlements (end_at DESC);
COMMENT ON TABLE settlements IS 'One payout in one currency; the file that counts, and what its rows amount to.';

CREATE TABLE settlement_postings (
  flow_id text NOT NULL REFERENCES flows ON DELETE CASCADE,
  settlement_id text NOT NULL,
  key text NOT NULL,
  position integer NOT NULL,
  kind text NOT NULL,
  title text NOT NULL,
  marketplace text NOT NULL,
  booked_on date NOT NULL,
  minor bigint NOT NULL,
  currency char(3) NOT NULL,
  rows integer NOT NULL,
  plan jsonb NOT NULL,
  state text NOT NULL CHECK (state IN ('planned', 'waiting', 'suspended', 'booking', 'refused', 'booked')),
  reason jsonb,
  documents jsonb NOT NULL DEFAULT '[]',
  needs_approval boolean NOT NULL DEFAULT false,
  approved_by text,
  approved_at timestamptz,
  booked_at timestamptz,
  updated_at timestamptz NOT NULL,
  PRIMARY KEY (flow_id, settlement_id, key)
);
CREATE INDEX settlement_postings_by_state ON settlement_postings (flow_id, state);
COMMENT ON TABLE settlement_postings IS 'What a settlement puts into the books, one row per posting; booked ones are never planned again.';

CREATE TABLE settlement_certificates (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  flow_id text NOT NULL REFERENCES flows ON DELETE CASCADE,
  settlement_id text NOT NULL,
  issued boolean NOT NULL,
  document jsonb NOT NULL,
  made_at timestamptz NOT NULL
);
CREATE INDEX settlement_certificates_by_settlement ON settlement_certificates (flow_id, settlement_id, id DESC);
COMMENT ON TABLE settlement_certificates IS 'Every judgement over a settlement; issued ones prove that it ties to the cent.';

CREATE TABLE settlement_rules (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  connection_id text NOT NULL REFERENCES connections ON DELETE CASCADE,
  rule jsonb NOT NULL,
  updated_by text NOT NULL,
  updated_at timestamptz NOT NULL,
  UNIQUE (connection_id, rule)
);
COMMENT ON TABLE settlement_rules IS 'The owner''s own mapping of settlement words to classes; asked before the shipped ones.';

CREATE TABLE finance_transactions (
  connection_id text NOT NULL REFERENCES connections,
  id text NOT NULL,
  status text NOT NULL CHECK (status IN ('deferred', 'released', 'deferred-released')),
  posted_at timestamptz NOT NULL,
  matures_at timestamptz,
  marketplace text NOT NULL DEFAULT '',
  currency char(3) NOT NULL,
  total_minor bigint NOT NULL,
  order_id text,
  settlement_id text,
  release_id text,
  body jsonb NOT NULL,
  seen_at timestamptz NOT NULL,
  PRIMARY KEY (connection_id, id)
);
CREATE INDEX finance_transactions_by_posted ON finance_transactions (connection_id, posted_at);
COMMENT ON TABLE finance_transactions IS 'What the marketplace has booked on the seller''s account, known before a settlement tells it.';
