-- Stock going out: what the ERP has, what is promised already, what each listing should show and what it was told.
-- Quantities are whole units; a figure is only ever replaced by a newer one (versions count up per SKU).

-- The program checks the kinds it knows; the database only keeps their form.
ALTER TABLE flows DROP CONSTRAINT flows_kind_check;
ALTER TABLE flows ADD CONSTRAINT flows_kind_check CHECK (kind ~ '^[a-z][a-z-]*\.(import|export)$');

CREATE TABLE listings (
  connection_id text NOT NULL REFERENCES connections ON DELETE CASCADE,
  sku text NOT NULL,
  fulfilment text NOT NULL CHECK (fulfilment IN ('merchant', 'marketplace')),
  status text NOT NULL CHECK (status IN ('active', 'inactive', 'gone')),
  title text NOT NULL DEFAULT '',
  asin text,
  product_type text,
  channel_quantity integer,
  seen_at timestamptz NOT NULL,
  item_id text,
  item_name text,
  units integer NOT NULL DEFAULT 1 CHECK (units > 0),
  rules jsonb NOT NULL DEFAULT '{}',
  updated_at timestamptz NOT NULL,
  PRIMARY KEY (connection_id, sku)
);
CREATE INDEX listings_by_item ON listings (connection_id, item_id) WHERE item_id IS NOT NULL;
COMMENT ON TABLE listings IS 'Every SKU offered at a channel, the item behind it, and the owner''s rules for its stock.';

CREATE TABLE stock_levels (
  connection_id text NOT NULL REFERENCES connections ON DELETE CASCADE,
  item_id text NOT NULL,
  location_id text NOT NULL,
  available bigint NOT NULL,
  read_at timestamptz NOT NULL,
  PRIMARY KEY (connection_id, item_id, location_id)
);
COMMENT ON TABLE stock_levels IS 'Units available per item and location as the ERP last said (connection_id is the ERP''s).';

CREATE TABLE kit_members (
  connection_id text NOT NULL REFERENCES connections ON DELETE CASCADE,
  kit_id text NOT NULL,
  item_id text NOT NULL,
  quantity integer NOT NULL CHECK (quantity > 0),
  PRIMARY KEY (connection_id, kit_id, item_id)
);
COMMENT ON TABLE kit_members IS 'What a kit is made of, as the ERP last said.';

CREATE TABLE reservations (
  flow_id text NOT NULL REFERENCES flows ON DELETE CASCADE,
  order_key text NOT NULL,
  line_id text NOT NULL,
  sku text NOT NULL,
  quantity integer NOT NULL CHECK (quantity > 0),
  since timestamptz NOT NULL,
  PRIMARY KEY (flow_id, order_key, line_id)
);
COMMENT ON TABLE reservations IS 'Open lines of merchant-fulfilled channel orders that the ERP has not committed yet (flow_id is the orders flow).';

CREATE TABLE stock_changes (
  flow_id text NOT NULL REFERENCES flows ON DELETE CASCADE,
  kind text NOT NULL CHECK (kind IN ('item', 'sku', 'again', 'all')),
  connection_id text NOT NULL DEFAULT '',
  key text NOT NULL DEFAULT '',
  PRIMARY KEY (flow_id, kind, connection_id, key)
);
COMMENT ON TABLE stock_changes IS 'What changed since a stock flow last worked out its figures; written with the change, taken with the new figures.';

CREATE TABLE stock_feeds (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  flow_id text NOT NULL REFERENCES flows ON DELETE CASCADE,
  state text NOT NULL CHECK (state IN ('sending', 'working', 'done', 'lost')),
  ticket text,
  skus integer NOT NULL,
  created_at timestamptz NOT NULL,
  look_at timestamptz NOT NULL,
  looks integer NOT NULL DEFAULT 0,
  done_at timestamptz,
  refused integer
);
CREATE INDEX stock_feeds_open ON stock_feeds (flow_id, look_at) WHERE state IN ('sending', 'working');
COMMENT ON TABLE stock_feeds IS 'Bulk updates under way at the channel, written before they are sent.';

CREATE TABLE stock_offers (
  flow_id text NOT NULL REFERENCES flows ON DELETE CASCADE,
  sku text NOT NULL,
  wanted integer NOT NULL,
  wanted_version bigint NOT NULL DEFAULT 1,
  wanted_at timestamptz NOT NULL,
  why jsonb NOT NULL,
  told integer,
  told_version bigint NOT NULL DEFAULT 0,
  told_at timestamptz,
  told_via text CHECK (told_via IN ('single', 'bulk')),
  sending integer,
  sending_version bigint,
  sending_until timestamptz,
  feed_id bigint REFERENCES stock_feeds,
  due_at timestamptz NOT NULL,
  refusals integer NOT NULL DEFAULT 0,
  problem jsonb,
  PRIMARY KEY (flow_id, sku),
  CHECK ((sending_version IS NULL) = (sending IS NULL)),
  CHECK (told_version <= wanted_version)
);
CREATE INDEX stock_offers_due ON stock_offers (flow_id, due_at) WHERE wanted_version > told_version AND sending_version IS NULL;
CREATE INDEX stock_offers_sending ON stock_offers (flow_id, sending_until) WHERE sending_version IS NOT NULL;
CREATE INDEX stock_offers_by_feed ON stock_offers (feed_id) WHERE feed_id IS NOT NULL;
COMMENT ON TABLE stock_offers IS 'What a listing should show, what the channel was told, and the one update that may be under way for it.';

CREATE TABLE stock_tellings (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  flow_id text NOT NULL REFERENCES flows ON DELETE CASCADE,
  sku text NOT NULL,
  at timestamptz NOT NULL,
  quantity integer NOT NULL,
  version bigint NOT NULL,
  via text NOT NULL CHECK (via IN ('single', 'bulk')),
  outcome text NOT NULL CHECK (outcome IN ('accepted', 'refused', 'lost')),
  message text
);
CREATE INDEX stock_tellings_by_sku ON stock_tellings (flow_id, sku, id DESC);
COMMENT ON TABLE stock_tellings IS 'Every figure that was sent to a channel and how it ended.';
