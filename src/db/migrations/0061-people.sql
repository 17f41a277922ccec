-- People: invitations, rights beside the role, a second factor, sessions that can be told apart; the house's own settings.

ALTER TABLE users DROP CONSTRAINT users_role_check;
ALTER TABLE users ADD CONSTRAINT users_role_check CHECK (role IN ('owner', 'administrator', 'operator', 'viewer'));
ALTER TABLE users
  ADD COLUMN edits_documents boolean NOT NULL DEFAULT false,
  ADD COLUMN approves_postings boolean NOT NULL DEFAULT false,
  ADD COLUMN totp_sealed bytea,
  ADD COLUMN totp_since timestamptz,
  ADD COLUMN totp_last_step bigint NOT NULL DEFAULT 0,
  ADD COLUMN recovery_hashes bytea[] NOT NULL DEFAULT '{}',
  ADD COLUMN password_changed_at timestamptz;
UPDATE users SET edits_documents = true, approves_postings = true WHERE role = 'owner';
COMMENT ON COLUMN users.totp_since IS 'When the second factor was proved; before that the sealed secret is only an offer.';

ALTER TABLE sessions
  ADD COLUMN id bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
  ADD COLUMN agent text NOT NULL DEFAULT '';

ALTER TABLE one_time_links
  ADD COLUMN user_id bigint REFERENCES users ON DELETE CASCADE,
  ADD COLUMN invited jsonb,
  ADD COLUMN created_by text NOT NULL DEFAULT 'crossdock';
COMMENT ON TABLE one_time_links IS 'Links that work once: owner (the first account), invite, reset (a new password).';

CREATE TABLE house_settings (
  name text PRIMARY KEY,
  value jsonb NOT NULL DEFAULT '{}',
  sealed bytea,
  updated_by text NOT NULL,
  updated_at timestamptz NOT NULL
);
COMMENT ON TABLE house_settings IS 'What the house decides for everybody: second factor, mail server; secrets sealed.';
