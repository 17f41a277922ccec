-- Setting up a shop: answers kept step by step, authorisations under way, and when secrets were given.

ALTER TABLE connections ADD COLUMN secret_dates jsonb NOT NULL DEFAULT '{}';
ALTER TABLE connections ADD COLUMN pending_secrets bytea;
COMMENT ON COLUMN connections.secret_dates IS 'When each secret was given and, when known, ends: {"privateKeyPem": {"since": …, "expiresAt": …}}.';
COMMENT ON COLUMN connections.pending_secrets IS 'Sealed secrets that take effect once the account accepts them: the key of a certificate being rotated.';

CREATE TABLE setups (
  id text PRIMARY KEY,
  kind text NOT NULL CHECK (kind IN ('real', 'practice')),
  state text NOT NULL CHECK (state IN ('open', 'live', 'paused', 'rolled-back')),
  step text NOT NULL,
  answers jsonb NOT NULL DEFAULT '{}',
  sealed bytea,
  channel_connection_id text REFERENCES connections ON DELETE SET NULL,
  erp_connection_id text REFERENCES connections ON DELETE SET NULL,
  readiness jsonb,
  checked_at timestamptz,
  live_at timestamptz,
  live_by text,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  updated_by text NOT NULL
);
COMMENT ON TABLE setups IS 'One shop being connected: answers so far, where its owner is, and whether it is live. Credentials typed before a connection exists are sealed.';

CREATE TABLE authorisations (
  state_hash bytea PRIMARY KEY,
  setup_id text REFERENCES setups ON DELETE CASCADE,
  connection_id text REFERENCES connections ON DELETE CASCADE,
  actor text NOT NULL,
  redirect_uri text NOT NULL,
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  used_at timestamptz
);
COMMENT ON TABLE authorisations IS 'Consent pages people were sent to: the state they must bring back, once, by the same person.';
