-- Who is told what, and an outbox so that a killed process loses no mail.

CREATE TABLE subscriptions (
  user_id bigint PRIMARY KEY REFERENCES users ON DELETE CASCADE,
  digest boolean NOT NULL DEFAULT false,
  urgent boolean NOT NULL DEFAULT false,
  classes text[] NOT NULL DEFAULT '{}',
  flows text[] NOT NULL DEFAULT '{}',
  quiet_from smallint CHECK (quiet_from BETWEEN 0 AND 1439),
  quiet_until smallint CHECK (quiet_until BETWEEN 0 AND 1439),
  urgent_in_quiet boolean NOT NULL DEFAULT true,
  time_zone text NOT NULL DEFAULT 'UTC',
  CHECK ((quiet_from IS NULL) = (quiet_until IS NULL))
);
COMMENT ON TABLE subscriptions IS 'What a person wants to be told by mail; empty lists mean all, quiet times are minutes of the day.';

CREATE TABLE webhooks (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name text NOT NULL,
  url text NOT NULL,
  sealed_secret bytea NOT NULL,
  digest boolean NOT NULL DEFAULT true,
  urgent boolean NOT NULL DEFAULT true,
  created_by text NOT NULL,
  created_at timestamptz NOT NULL,
  disabled_at timestamptz
);
COMMENT ON TABLE webhooks IS 'Addresses of programs that are told the same; each message is signed with the sealed secret.';

CREATE TABLE alert_marks (
  subscriber text PRIMARY KEY,
  digest_at timestamptz NOT NULL
);
COMMENT ON TABLE alert_marks IS 'When a subscriber (user:3, webhook:1) had the last look, whether or not there was something to tell.';

CREATE TABLE alert_told (
  subscriber text NOT NULL,
  problem_id bigint NOT NULL REFERENCES problems ON DELETE CASCADE,
  told_at timestamptz NOT NULL,
  closed_told_at timestamptz,
  PRIMARY KEY (subscriber, problem_id)
);
COMMENT ON TABLE alert_told IS 'Which problems a subscriber knows of, so that each is told once and its end only to those who knew.';

CREATE TABLE deliveries (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at timestamptz NOT NULL,
  kind text NOT NULL CHECK (kind IN ('digest', 'urgent', 'test', 'link')),
  channel text NOT NULL CHECK (channel IN ('mail', 'webhook')),
  target text NOT NULL,
  subject text NOT NULL,
  sealed bytea NOT NULL,
  state text NOT NULL CHECK (state IN ('queued', 'sent', 'failed')),
  attempts integer NOT NULL DEFAULT 0,
  next_at timestamptz NOT NULL,
  sent_at timestamptz,
  error text
);
CREATE INDEX deliveries_due ON deliveries (next_at) WHERE state = 'queued';
COMMENT ON TABLE deliveries IS 'Messages to send, with what became of each; their text is sealed.';
