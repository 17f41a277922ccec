-- Keys that sign certificates. Made at the first start; the private half is sealed under the master key.
CREATE TABLE signing_keys (
  id text PRIMARY KEY,
  public_pem text NOT NULL,
  sealed bytea NOT NULL,
  created_at timestamptz NOT NULL
);
COMMENT ON TABLE signing_keys IS 'Ed25519 keys that sign certificates; the private half is sealed. The oldest one is the house''s.';
