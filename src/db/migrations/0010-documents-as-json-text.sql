-- Documents and exchanges are kept as the JSON text they are, not as jsonb: they are written often and read seldom, and
-- text keeps the order of names and the digits of numbers (docs/decisions/0010-what-is-kept-as-text.md). Rows up to
-- 8 kB are stored plainly: compressing every order cost more than the disk it saved. On a large archive this rewrites
-- both tables once: allow for the time.

ALTER TABLE documents ALTER COLUMN kept TYPE json USING kept::text::json;
ALTER TABLE documents SET (toast_tuple_target = 8160);
ALTER TABLE exchanges ALTER COLUMN request TYPE json USING request::text::json,
  ALTER COLUMN response TYPE json USING response::text::json;
ALTER TABLE exchanges SET (toast_tuple_target = 8160);
