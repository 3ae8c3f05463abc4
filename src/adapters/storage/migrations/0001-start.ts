/**
 * The first shape of the store. Conventions: keys lead with the workspace; ids are text, made by us and time-ordered, or chosen by
 * the caller; instants are timestamptz; money is a whole number of minor units (bigint); answers that must come back
 * byte for byte are text. No foreign keys onto rows that hot writes touch.
 */
export const start = {
  id: 1,
  name: 'start',
  sql: `
create table workspaces (
  id text primary key,
  name text not null,
  currency text not null,
  time_zone text not null,
  language text not null,
  country text,
  tax_included boolean not null,
  secret text not null,                              -- base64; keys the hashes of personal values and request bodies
  catalogue_version bigint not null default 0,       -- raised by every change of a campaign, offer or collection
  created_at timestamptz not null
);

create table api_keys (
  id text primary key,
  workspace_id text not null,
  scope text not null,                               -- secret | publishable | till
  name text not null,
  hash text not null unique,                         -- SHA-256 of the key, hex: keys are random, so a fast hash is enough
  channel text,
  location text,
  created_at timestamptz not null,
  revoked_at timestamptz
);
create index api_keys_by_workspace on api_keys (workspace_id, id);

-- A holder is the atom of identity: one identifier and what belongs to it. Persons are computed from links; person_id is
-- that computation's result, kept up to date in the commit that changes a link.
create table holders (
  workspace_id text not null,
  id text not null,
  type text not null,
  value text not null,                               -- normalised, what is matched
  given text not null,                               -- as it first came in
  person_id text not null,
  revision int not null default 0,                   -- raised when its component, its statistics or its uses change
  orders int not null default 0,                     -- placed and not cancelled
  spend json not null default '{}',                  -- minor units per currency
  first_order_at timestamptz,
  last_order_at timestamptz,
  traits json not null default '{}',                 -- personal
  created_at timestamptz not null,
  primary key (workspace_id, id)
) with (fillfactor = 80);
create unique index holders_by_identifier on holders (workspace_id, type, value);
create index holders_by_person on holders (workspace_id, person_id);

create table links (
  workspace_id text not null,
  a text not null,                                   -- holder ids, a < b
  b text not null,
  verified boolean not null,
  source text not null,                              -- event | order | api
  cause text not null,                               -- message id or order id
  created_at timestamptz not null,
  primary key (workspace_id, a, b, verified)
);
create index links_by_b on links (workspace_id, b);

create table events (
  workspace_id text not null,
  message_id text not null,
  holder_id text not null,
  kind text not null,                                -- track | identify | page | screen | group | alias
  name text not null,
  channel text,
  order_id text,
  occurred_at timestamptz not null,
  received_at timestamptz not null,
  schema_version smallint not null,
  properties json not null,
  personal json not null,
  primary key (workspace_id, message_id)
);
create index events_by_holder on events (workspace_id, holder_id, occurred_at);

create table campaigns (
  workspace_id text not null,
  id text not null,
  name text not null,
  state text not null,                               -- live | paused | ended
  body json not null,
  catalogue_version bigint not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (workspace_id, id)
);
create index campaigns_by_version on campaigns (workspace_id, catalogue_version);

create table members (
  workspace_id text not null,
  holder_id text not null,
  campaign_id text not null,
  added_at timestamptz not null,
  primary key (workspace_id, holder_id, campaign_id)
);
create index members_by_campaign on members (workspace_id, campaign_id, holder_id);

create table offers (
  workspace_id text not null,
  id text not null,
  campaign_id text not null,
  version int not null,
  state text not null,                               -- live | paused | ended
  body json not null,
  catalogue_version bigint not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (workspace_id, id)
);
create index offers_by_version on offers (workspace_id, catalogue_version);
create index offers_by_campaign on offers (workspace_id, campaign_id, id);

create table offer_versions (
  workspace_id text not null,
  offer_id text not null,
  version int not null,
  state text not null,
  body json not null,
  changed_by text not null,                          -- key id
  changed_at timestamptz not null,
  primary key (workspace_id, offer_id, version)
);

-- One row an offer, made with the offer, so that a hot write never has to insert it. Touched only by offers that limit uses or budget.
create table counters (
  workspace_id text not null,
  offer_id text not null,
  used bigint not null default 0,
  held bigint not null default 0,
  budget_used bigint not null default 0,
  budget_held bigint not null default 0,
  primary key (workspace_id, offer_id)
) with (fillfactor = 50);

create table codes (
  workspace_id text not null,
  code text not null,                                -- normalised: upper case, no separators
  offer_id text not null,
  given text not null,                               -- as printed
  shared boolean not null,
  grant_id text,
  job_id text,
  created_at timestamptz not null,
  primary key (workspace_id, code, offer_id)
);
create index codes_by_offer on codes (workspace_id, offer_id, code);

create table grants (
  workspace_id text not null,
  holder_id text not null,
  id text not null,
  offer_id text not null,
  state text not null,                               -- issued | held | redeemed | returned | expired | revoked
  code text,
  order_id text,
  issued_at timestamptz not null,
  expires_at timestamptz,
  primary key (workspace_id, holder_id, id)
);
create unique index grants_by_id on grants (workspace_id, id);
create index grants_by_offer on grants (workspace_id, offer_id, id);

create table collections (
  workspace_id text not null,
  id text not null,
  description text not null,
  size int not null,
  generation int not null,                           -- the items that count; 0: the first are being filled, it is not there yet
  last_generation int not null,                      -- of the import begun last: each fills one of its own, then switches
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (workspace_id, id)
);

create table collection_items (
  workspace_id text not null,
  sku text not null,
  collection_id text not null,
  generation int not null,
  primary key (workspace_id, sku, collection_id, generation)
);
create index collection_items_by_collection on collection_items (workspace_id, collection_id, generation, sku);

create table orders (
  workspace_id text not null,
  id text not null,
  holder_id text,
  state text not null,                               -- open | placed | cancelled
  source text not null,                              -- put | event: an event alone feeds statistics, a PUT is authoritative
  revision int not null,
  touched int not null default 0,                    -- raised by every write: tells a reader without locks that it is stale
  channel text not null,
  location text,
  currency text not null,
  subtotal bigint not null,
  discount bigint not null,
  shipping bigint not null,
  total bigint not null,
  occurred_at timestamptz not null,
  opened_at timestamptz,
  placed_at timestamptz,
  cancelled_at timestamptz,
  held_until timestamptz,
  request_hash text not null,                        -- keyed hash of the last accepted PUT
  basket json not null,                              -- lines, shipping, codes: what a live hold is bound to, and what can be decided again
  decision_id text not null,
  catalogue_version bigint not null,                 -- of the offers it was decided with
  schema_version smallint not null,                  -- of basket and answer
  answer text not null,                              -- what was decided, byte for byte
  primary key (workspace_id, id)
) with (fillfactor = 90);
create index orders_by_holder on orders (workspace_id, holder_id, occurred_at) where holder_id is not null;
create index orders_by_hold on orders (workspace_id, held_until) where held_until is not null;

create table redemptions (
  workspace_id text not null,
  order_id text not null,
  seq int not null,                                  -- counts up within the order, over all its decisions
  id text not null,
  offer_id text not null,
  offer_version int not null,
  campaign_id text not null,
  holder_id text,
  code text,
  use_no int,                                        -- with a limit per code: the use's number; unique, so two processes cannot take one use
  grant_id text,
  channel text not null,
  location text,
  currency text not null,
  amount bigint not null,                            -- discount given
  revenue bigint not null,                           -- total of the order
  state text not null,                               -- held | redeemed | released | expired | cancelled
  held_until timestamptz,
  at timestamptz not null,                           -- of the order: occurredAt or the clock
  changed_at timestamptz not null,
  primary key (workspace_id, order_id, seq)
) with (fillfactor = 90);
-- Unique as far as uses are numbered; over every code, so that looking one up does not walk its offer's redemptions.
create unique index redemptions_by_use on redemptions (workspace_id, code, offer_id, use_no) where code is not null;
-- Ends with the primary key, so that reports walk an offer in chunks.
create index redemptions_by_offer on redemptions (workspace_id, offer_id, holder_id, order_id, seq);
create index redemptions_held on redemptions (workspace_id, offer_id, held_until) where state = 'held';

create table idempotency (
  workspace_id text not null,
  key_hash text not null,
  body_hash text not null,
  status smallint not null,
  answer text not null,
  created_at timestamptz not null,
  primary key (workspace_id, key_hash)
);
create index idempotency_by_age on idempotency (created_at);

create table jobs (
  workspace_id text not null,
  id text not null,
  kind text not null,
  state text not null,                               -- queued | running | done | failed | cancelled
  params json not null,
  done bigint not null default 0,
  total bigint,
  result json,
  error json,
  claimed_by text,
  claimed_until timestamptz,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (workspace_id, id)
);
create index jobs_waiting on jobs (created_at) where state in ('queued', 'running');

create table audit_log (
  workspace_id text not null,
  id text not null,
  at timestamptz not null,
  key_id text not null,
  action text not null,
  subject text not null,
  details json not null,
  primary key (workspace_id, id)
);
`,
}
